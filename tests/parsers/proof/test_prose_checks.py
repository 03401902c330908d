"""Prose against tables: which figures agree, which do not, and which cannot be told."""

from __future__ import annotations

import pytest

from parsers import parse
from parsers.model import Check, Report
from parsers.proof.checks import totals
from parsers.proof.prose_checks import prose_checks
from tests.pagegen import generate
from tests.parsers.proof.reports_by_hand import only, report
from tests.real_pages import REAL_PAGES

Said = tuple[str, float | None, float | None]


def checked(found: Report) -> tuple[Check, ...]:
    return prose_checks(found, totals(found.cells))


def said(check: Check) -> Said:
    return check.status, check.left, check.right


# figure, what the sentence says, what the tables print -> check, its status and sides
STATED: list[tuple[str, float, dict[str, object], str, Said]] = [
    ("new_requests", 12, {"new_requests": 12, "carried_over": 3}, "C-N-01", ("pass", 12, 12)),
    ("requests_received", 15, {"new_requests": 12, "carried_over": 3}, "C-N-01", ("pass", 15, 15)),
    ("requests_received", 14, {"new_requests": 12, "carried_over": 3}, "C-N-01", ("fail", 14, 12)),
    # The blank may hide the three that are missing.
    ("requests_received", 15, {"new_requests": 12, "carried_over": ""}, "C-N-01", ("not_assessable", 15, 12)),
    ("requests_received", 0, {"new_requests": "", "carried_over": ""}, "C-N-01", ("not_assessable", 0, None)),
    ("carried_over", 2, {"carried_over": 2}, "C-N-02", ("pass", 2, 2)),
    ("carried_forward", 2, {"carried_forward": 1}, "C-N-03", ("fail", 2, 1)),
    ("concluded", 20, {"concluded": 21}, "C-N-04", ("fail", 20, 21)),
    ("refused", 5, {"refused_state_secret": 2, "refused_third_party": 3}, "C-N-05", ("pass", 5, 5)),
    ("refused", 0, {"refused_state_secret": ""}, "C-N-05", ("not_assessable", 0, None)),
    ("unavailable", 4, {"unavailable_not_held": 3}, "C-N-05", ("fail", 4, 3)),
    ("other_handled", 4, {"other_no_correction": 1, "other_misc": 3}, "C-N-05", ("pass", 4, 4)),
    ("review_total", 0, {"review_total": 1}, "C-N-06", ("fail", 0, 1)),
    ("suit_total", 3, {"suit_direct_total": 2, "suit_after_review_total": 1}, "C-N-06", ("pass", 3, 3)),
    ("suit_total", 3, {"suit_direct_total": 2, "suit_after_review_total": "/"}, "C-N-06", ("not_assessable", 3, None)),
]


@pytest.mark.parametrize(("indicator", "value", "printed", "check", "expected"), STATED)
def test_figures_against_cells(indicator: str, value: float, printed: dict[str, object], check: str, expected: Said) -> None:
    found = only(checked(report(printed, figures={indicator: (value, "一句话")})), check)
    assert said(found) == expected
    assert (found.severity, found.detail) == ("W", f"{indicator} at 7")


def test_figures_that_no_table_prints_are_left_alone() -> None:
    figures = {"proactive_total": (87, "公开87条"), "complaints": (0, "无"), "staff": (2, "2人")}
    assert checked(report(figures=figures)) == ()


def test_the_form_before_2019_has_its_own_rows() -> None:
    printed = {"requests_received": 9, "requests_completed": 8, "replies_total": 7, "suit_total": 1}
    figures = {"requests_received": (9, ""), "concluded": (7, ""), "suit_total": (2, "")}
    checks = checked(report(printed, form="2014", year=2016, figures=figures))
    assert said(only(checks, "C-N-01")) == ("pass", 9, 9)
    assert said(only(checks, "C-N-04")) == ("pass", 7, 7)  # 答复 as well as 办结
    assert said(only(checks, "C-N-06")) == ("fail", 2, 1)


# 20 concluded of 25 received (22 new, 3 carried over), 5 carried forward; 7 disclosed: 35 %, 28 %, 31.82 %
SHARES: list[tuple[str, Said | None]] = [
    ("予以公开7件，占35%", ("pass", 35, 35)),
    ("予以公开7件，占办结总数的35.0%", ("pass", 35, 35)),
    ("予以公开7件（占比35.1%）", ("pass", 35.1, 35)),
    ("予以公开7件，占答复总数的36%", ("fail", 36, 35)),
    ("予以公开7件，占办结总数的31.8%", ("fail", 31.8, 35)),
    ("予以公开7件，占新收申请的31.8%", ("pass", 31.8, 31.82)),
    ("予以公开7件，占收到申请总数的28%", ("pass", 28, 28)),
    ("予以公开7件，占31.8%", ("pass", 31.8, 31.82)),
    ("予以公开7件，占50%", ("fail", 50, 35)),
    ("予以公开7件，占7.5%", ("fail", 7.5, 28)),
    ("予以公开7件，同比增长20%", None),
    ("收到27件，予以公开7件，占35%", ("pass", 35, 35)),
    ("收到7件，予以公开7件，占35%", None),  # which 7?
]


@pytest.mark.parametrize(("sentence", "expected"), SHARES)
def test_shares(sentence: str, expected: Said | None) -> None:
    printed = {"new_requests": 22, "carried_over": 3, "concluded": 20, "carried_forward": 5, "disclosed": 7}
    checks = checked(report(printed, figures={"disclosed": (7, sentence)}))
    assert said(checks[0]) == ("pass", 7, 7)
    assert [said(check) for check in checks[1:]] == ([expected] if expected else [])


def test_a_share_of_a_blank_is_not_assessable() -> None:
    printed = {"concluded": "", "disclosed": 7}
    checks = checked(report(printed, figures={"disclosed": (7, "予以公开7件，占办结的35%")}))
    assert said(checks[1]) == ("not_assessable", 35, None)


@pytest.mark.parametrize(
    ("six", "figures", "status"),
    [
        ("无。", {}, "fail"),
        ("本年度没有其他需要报告的事项。", {}, "fail"),
        ("本年度收取信息处理费情况：无。", {"processing_fee_yuan": (0, "收取信息处理费情况：无")}, "pass"),
        ("信息处理费另行说明。", {}, "not_assessable"),
    ],
)
def test_section_six_says_whether_fees_were_charged(six: str, figures: dict[str, tuple[float, str]], status: str) -> None:
    found = only(checked(report(figures=figures, sections={6: six})), "C-N-07")
    assert (found.status, found.severity) == (status, "W")
    assert checked(report(form="2019", year=2019, sections={6: six})) == ()  # the duty came with the form of 2021


@pytest.mark.parametrize(
    ("stated", "printed", "expected"),
    [
        (3500, "0.35", ("pass", 3500, 3500)),
        (3450, "0.35", ("pass", 3450, 3500)),
        (3500, "3500", ("fail", 3500, 35_000_000)),
        (0, "", ("not_assessable", 0, None)),
    ],
)
def test_fees_of_the_form_before_2019(stated: float, printed: str, expected: Said) -> None:
    found = report({"request_fees_wan_yuan": printed}, form="2014", year=2016, figures={"processing_fee_yuan": (stated, "")})
    assert said(only(checked(found), "C-N-07")) == expected


@pytest.mark.skipif(not REAL_PAGES.exists(), reason="the shared pages are not here")
def test_real_prose() -> None:
    shanghai = parse((REAL_PAGES / "shanghai-bgt-2019" / "page.html").read_bytes()).checks
    # 859 received, 18 of them carried over, 805 answered, 72 carried forward, 7 reviews: all as in the tables.
    sides = {check.check: said(check) for check in shanghai if check.check in ("C-N-01", "C-N-02", "C-N-03", "C-N-04")}
    assert sides == {
        "C-N-01": ("pass", 859, 859), "C-N-02": ("pass", 18, 18), "C-N-03": ("pass", 72, 72), "C-N-04": ("pass", 805, 805)
    }  # fmt: skip
    # 35 refused, but the totals of those rows are blank.
    assert all(check.status == "not_assessable" for check in shanghai if check.check == "C-N-05")
    # 办结依申请2件，其中公开答复1件，无法提供1件
    bureau = parse((REAL_PAGES / "pingtan-czj-2024" / "page.html").read_bytes()).checks
    assert said(only(bureau, "C-N-04")) == ("pass", 2, 2)
    assert [said(check) for check in bureau if check.check == "C-N-05"] == [("pass", 1, 1), ("pass", 1, 1)]


@pytest.mark.parametrize("form", ["2021", "2019", "2014"])
def test_generated_prose_agrees_with_generated_tables(form: str) -> None:
    """Prose and tables are written from the same numbers: nothing may fail."""
    assessed = 0
    for seed in range(12):
        page = generate(seed, form)
        checks = [check for check in parse(page.body, content_type=page.content_type).checks if check.check.startswith("C-N-0")]
        assert [check for check in checks if check.status == "fail"] == []
        assessed += sum(check.status == "pass" and check.left is not None for check in checks)
    assert assessed >= 12
