"""Checks of one report beyond its sums, on reports put together by hand; every expected side is worked out there."""

from __future__ import annotations

from dataclasses import replace

import pytest

from parsers import parse
from parsers.model import Check, Report
from parsers.proof.checks import totals
from parsers.proof.plausibility import plausibility
from tests.parsers.proof.reports_by_hand import only, report
from tests.real_pages import REAL_PAGES


def checked(found: Report) -> tuple[Check, ...]:
    return plausibility(found, totals(found.cells))


def said(check: Check) -> tuple[str, float | None, float | None]:
    return check.status, check.left, check.right


def test_an_ordinary_report_passes_everything() -> None:
    flow = {"new_requests": 3, "disclosed": 3, "concluded": 3, "admin_fees_wan_yuan": "12.5"}
    checks = checked(report(flow, sections={5: "公开内容不够丰富，将继续改进工作。"}))
    assert {check.check for check in checks} == {
        *("C-T2-01", "C-T2-02", "C-T3-04", "C-T3-05", "C-T3-06", "C-T3-07", "C-T3-08", "C-T4-02"),
        *("C-X-01", "C-X-02", "C-X-03", "C-N-08", "C-R-05", "C-R-07"),
    }
    assert {check.status for check in checks} == {"pass"}
    assert len(checks) == 14  # one row for each check


def test_a_page_that_is_no_report_has_no_checks() -> None:
    assert parse("<p>新闻</p>".encode()).checks == ()


@pytest.mark.parametrize(
    ("printed", "check", "faults"),
    [
        ({"disclosed.business": "-2"}, "C-T3-04", "disclosed.business=-2"),
        ({"disclosed.total": "2.5"}, "C-T3-04", "disclosed.total=2.5"),
        ({"review_other": "1.5"}, "C-T4-02", "review_other=1.5"),
        ({"licensing_decisions": "0.5"}, "C-T2-01", "licensing_decisions=0.5"),
        ({"admin_fees_wan_yuan": "-3.2"}, "C-T2-01", "admin_fees_wan_yuan=-3.2"),
    ],
)
def test_counts_are_whole_and_not_below_zero(printed: dict[str, object], check: str, faults: str) -> None:
    found = only(checked(report(printed)), check)
    assert (*said(found), found.severity) == ("fail", 1, 0, "E")
    assert found.detail.endswith(f": {faults}")


def test_changes_may_be_negative_and_money_may_have_decimals() -> None:
    printed = {"licensing_items_prior": 5, "licensing_items_change": "-2", "procurement_amount_yuan": "251000.5"}
    checks = checked(report(printed, form="2019", year=2019))
    assert said(only(checks, "C-T2-01")) == ("pass", 0, 0)
    assert only(checks, "C-T2-05").status == "pass"
    broken = checked(report({**printed, "penalty_items_change": "1.5"}, form="2019", year=2019))
    assert said(only(broken, "C-T2-01")) == ("fail", 1, 0)


def test_a_table_without_numbers_is_not_assessable() -> None:
    checks = checked(report(default=""))
    for name in ("C-T2-01", "C-T3-04", "C-T4-02", "C-X-01", "C-X-02"):
        assert only(checks, name).status == "not_assessable"
    assert said(only(checks, "C-T3-05")) == ("fail", 175, 0)


@pytest.mark.parametrize(("blanks", "severity"), [(1, "W"), (6, "W"), (11, "E")])
def test_blanks_are_counted(blanks: int, severity: str) -> None:
    names = [f"{name}.{who}" for name in ("carried_over", "disclosed") for who in
             ("natural_person", "business", "research", "nonprofit", "legal_service", "other_org")]  # fmt: skip
    printed = {name: "/" if i % 2 else "" for i, name in enumerate(names[:blanks])}
    found = only(checked(report(printed)), "C-T3-05")
    assert (*said(found), found.severity) == ("fail", blanks, 0, severity)
    assert "carried_over.natural_person" in found.detail


def test_missing_cells_are_counted() -> None:
    checks = checked(report({"other_misc": None, "other_misc.business": None, "review_total": None}))
    assert said(only(checks, "C-T3-06")) == ("fail", 3, 0)  # natural_person, business, total
    found = only(checks, "C-T4-02")
    assert (*said(found), found.severity) == ("fail", 1, 0, "E")
    assert "review_total" in found.detail


def test_blank_totals_above_filled_parts() -> None:
    printed = {"disclosed.natural_person": 4, "disclosed.total": "", "carried_over.total": "", "carried_over.natural_person": ""}
    found = only(checked(report(printed, default="")), "C-T3-07")
    assert said(found) == ("fail", 1, 0)
    assert found.detail.endswith(": disclosed")


@pytest.mark.parametrize(
    ("unpaid", "fee", "status"),
    [(0, None, "pass"), (2, 0, "fail"), (2, 120, "pass"), (2, None, "not_assessable"), ("", 0, "not_assessable")],
)
def test_unpaid_fees_against_the_prose(unpaid: object, fee: float | None, status: str) -> None:
    figures = {} if fee is None else {"processing_fee_yuan": (fee, "收取信息处理费")}
    found = only(checked(report({"other_fee_unpaid": unpaid}, figures=figures)), "C-T3-08")
    assert (found.status, found.severity) == (status, "W")


def test_more_issued_than_in_force() -> None:
    found = only(checked(report({"normative_docs_issued": 5, "normative_docs_in_force": 3})), "C-T2-02")
    assert said(found) == ("fail", 5, 3)
    assert found.detail == "normative_docs_issued <= normative_docs_in_force"
    blank = only(checked(report({"normative_docs_issued": "", "rules_issued": ""})), "C-T2-02")
    assert blank.status == "not_assessable"


def test_items_and_their_change_in_the_form_of_2019() -> None:
    below = {"penalty_items_prior": 3, "penalty_items_change": "-4"}
    found = only(checked(report(below, form="2019", year=2020)), "C-T2-05")
    assert said(found) == ("fail", 0, -1)
    level = {"licensing_items_prior": 40, "licensing_items_change": 40}
    found = only(checked(report(level, form="2019", year=2020)), "C-T2-05")
    assert said(found) == ("fail", 40, 40)
    assert "a level, no change" in found.detail


def test_newly_disclosed_against_all_and_against_made() -> None:
    printed = {"rules_newly_made": 1, "rules_newly_disclosed": 4, "rules_disclosed_total": 3}
    checks = checked(report(printed, form="2019", year=2020))
    assert said(only(checks, "C-T2-06", "W")) == ("fail", 4, 3)
    assert said(only(checks, "C-T2-06", "I")) == ("fail", 4, 1)


def test_more_disputes_than_decisions_may_be_about_last_years() -> None:
    more = only(checked(report({"review_total": 2, "suit_direct_total": 3, "concluded": 4})), "C-X-01")
    assert said(more) == ("not_assessable", 5, 4)
    fewer = only(checked(report({"review_total": 2, "suit_direct_total": 2, "concluded": 4})), "C-X-01")
    assert said(fewer) == ("pass", 4, 4)


@pytest.mark.parametrize(("after", "reviews", "status"), [(1, 0, "fail"), (1, 1, "pass"), (0, 0, "pass"), (1, "", "not_assessable")])
def test_suits_after_no_review(after: object, reviews: object, status: str) -> None:
    found = only(checked(report({"suit_after_review_total": after, "review_total": reviews})), "C-X-02")
    assert (found.status, found.severity) == (status, "I")


@pytest.mark.parametrize(("form", "year", "status"), [("2019", 2021, "fail"), ("2019", 2020, "pass"), ("2021", 2020, "fail")])
def test_form_against_year(form: str, year: int, status: str) -> None:
    assert only(checked(report(form=form, year=year)), "C-X-03").status == status


def test_section_five_says_something() -> None:
    assert only(checked(report(sections={5: " 无。\n"})), "C-N-08").status == "fail"
    assert only(checked(report(sections={5: "公开的主动性还有差距，需要改进。"})), "C-N-08").status == "pass"
    assert only(checked(report(sections={1: "概述"})), "C-N-08").status == "not_assessable"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("本报告数据统计期限自2023年1月1日至12月31日止。", ("pass", 2023, 2023)),
        ("所列数据的统计期限自 2022年1月1日\n起至2022年12月31日止。", ("fail", 2022, 2023)),
        ("数据统计时间为2023年1月1日—2023年12月31日。", ("pass", 2023, 2023)),
        ("统计期限为2022年一月一日至十二月三十一日。", ("fail", 2022, 2023)),
    ],
)
def test_the_stated_period(text: str, expected: tuple[str, int, int]) -> None:
    assert said(only(checked(report(text=text)), "C-N-09")) == expected


@pytest.mark.parametrize(
    "text",
    [
        "截至2022年12月31日，累计公开信息。",
        "统计局于2022年3月1日至12月31日开展检查。",
        "统计期限自2021年1月1日至2023年12月31日。",
        "2022年1月1日至12月31日，公园免费开放。",
    ],
)
def test_other_spans_of_time_are_no_stated_period(text: str) -> None:
    assert "C-N-09" not in {check.check for check in checked(report(text=text))}


def test_dates_against_the_year() -> None:
    late = checked(report(date_published="2023-11-02"))
    assert said(only(late, "C-R-05")) == ("fail", 2024, 2023)
    assert said(only(checked(report(date_published="2024-01-20")), "C-R-05")) == ("pass", 2024, 2024)
    assert said(only(checked(report(form="2014", year=1998)), "C-R-05")) == ("fail", 2007, 1998)


def test_year_of_the_index_number() -> None:
    index = "014314799/2024-00002"
    right = checked(report(index_no=index, date_created="2024-01-17"))
    assert said(only(right, "C-R-06")) == ("pass", 2024, 2024)
    wrong = checked(report(index_no=index, date_created="2023-01-17", date_published="2023-02-01"))
    assert said(only(wrong, "C-R-06")) == ("fail", 2024, 2023)


def test_numbers_have_an_address() -> None:
    good = report()
    lost = good.cells[0]._replace(locator=None)
    bad = replace(good, cells=(lost, *good.cells[1:]))
    assert said(only(checked(bad), "C-R-07")) == ("fail", 1, 0)


@pytest.mark.skipif(not REAL_PAGES.exists(), reason="the shared pages are not here")
def test_real_pages() -> None:
    # Blank organisation columns: 25 rows of 5. The page's other faults are in its sums.
    page = parse((REAL_PAGES / "shuyang-fgj-2023" / "page.html").read_bytes())
    found = only(page.checks, "C-T3-05")
    assert (*said(found), found.severity) == ("fail", 125, 0, "W")  # the sums prove that the blanks stand for 0
    assert only(page.checks, "C-T3-07").status == "pass"
    # Contradicted by its sums, which is not for these checks to say.
    page = parse((REAL_PAGES / "pingtan-2020" / "page.html").read_bytes())
    soft = {check.check: check.status for check in page.checks if not check.check.startswith(("C-T3-0", "explanation"))}
    assert "fail" not in {soft[name] for name in ("C-T2-05", "C-T2-06", "C-X-03", "C-N-09", "C-R-05")}
    assert {t.table: t.verdict for t in page.tables}["applications"] == "contradicted"
