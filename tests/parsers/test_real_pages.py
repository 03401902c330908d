"""The real pages of ../shared: every printed cell right, nothing else, and the verdicts that their own sums demand."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import pytest

from parsers import parse
from parsers.model import Report
from tests.real_pages import REAL_PAGES

pytestmark = pytest.mark.skipif(not REAL_PAGES.is_dir(), reason="the shared pages are not there")

TABLES = ("proactive", "applications", "disputes")
# What the sums listed in truth.json say. Table 二 has no identity of its own and is never proved.
VERDICTS = {
    # every row, column and flow sum holds on printed numbers; so do the three sums of table 四
    "hongze-2024-pdf": ("unproved", "proved", "proved"),
    "pingtan-2019": ("unproved", "proved", "proved"),
    "pingtan-2021": ("unproved", "proved", "proved"),
    "pingtan-czj-2024": ("unproved", "proved", "proved"),
    # the outcomes add up to 26 where （七）总计 says 20: the page contradicts itself; table 四 is all zeros and right
    "pingtan-2020": ("unproved", "contradicted", "proved"),
    # organisation columns blank for zero; table 四 is fully printed: 1 = 1, 0 = 0, 0 = 0
    "shuyang-fgj-2023": ("unproved", "proved_blank_as_zero", "proved"),
    # totals stated in rows 一, 二, （七） and 四 only; all that is stated holds. 复议后起诉 blank throughout in table 四
    "shanghai-bgt-2019": ("unproved", "proved_blank_as_zero", "proved_blank_as_zero"),
}
# The part that was kept of these two begins with section 二: no title, no period, so no year is stated on them.
WITHOUT_YEAR = {"pingtan-2019", "pingtan-2021"}
BODIES = ("page.html", "report.pdf", "report.docx", "text.md", "page.txt")


@cache
def report_of(folder: str) -> Report:
    """The report of a folder's page."""
    body = next(path for name in BODIES if (path := REAL_PAGES / folder / name).exists())
    return parse(body.read_bytes())


def truth_of(folder: str) -> dict[str, Any]:
    """What a careful reader finds on it."""
    found: dict[str, Any] = json.loads((REAL_PAGES / folder / "truth.json").read_text(encoding="utf-8"))
    return found


def printed(folder: str) -> dict[tuple[str, str, str | None], float | None]:
    """Printed cells in the report's names: the truth calls the amount of procurement by its name without the unit."""
    names = {"procurement_amount": "procurement_amount_yuan"}
    return {(table, names.get(name, name), who): value for table, name, who, value, *_ in truth_of(folder)["cells"]}


@pytest.mark.parametrize("folder", sorted(VERDICTS))
def test_every_printed_cell_is_right_and_blanks_stay_blank(folder: str) -> None:
    read = {(c.table, c.indicator, c.applicant): c for c in report_of(folder).cells}
    expected = printed(folder)
    assert len(expected) >= 186
    assert {key: read[key].value for key in expected if key in read} == expected
    assert {key: read[key].status for key in expected} == {key: "blank" if value is None else "reported" for key, value in expected.items()}


@pytest.mark.parametrize("folder", sorted(VERDICTS))
def test_nothing_is_read_that_is_not_printed(folder: str) -> None:
    others = [c for c in report_of(folder).cells if (c.table, c.indicator, c.applicant) not in printed(folder)]
    assert {(c.status, c.value, c.raw, c.locator) for c in others} <= {("absent", None, None, None)}


@pytest.mark.parametrize("folder", sorted(VERDICTS))
def test_verdicts_are_what_the_sums_say(folder: str) -> None:
    assert [(t.table, t.verdict) for t in report_of(folder).tables] == [*zip(TABLES, VERDICTS[folder], strict=True)]


@pytest.mark.parametrize("folder", sorted(VERDICTS))
def test_form_and_year(folder: str) -> None:
    report, truth = report_of(folder), truth_of(folder)
    assert report.form == truth["form"]
    assert report.report_year == (None if folder in WITHOUT_YEAR else truth["report_year"])


@pytest.mark.parametrize("folder", sorted(VERDICTS))
def test_summaries_count_their_cells(folder: str) -> None:
    report = report_of(folder)
    for table in report.tables:
        counts = [sum(c.table == table.table and c.status == s for c in report.cells) for s in ("reported", "blank")]
        assert [table.n_reported, table.n_blank] == counts


def test_the_page_that_contradicts_itself_keeps_its_numbers_and_says_where() -> None:
    """Pingtan 2020: outcomes of natural persons 26, of all 27, where （七）总计 says 20 and 21; the row of 6 is 部分公开."""
    failed = {(c.check, c.detail): (c.left, c.right) for c in report_of("pingtan-2020").checks if c.status == "fail"}
    assert failed == {("C-T3-02", "natural_person"): (20, 26), ("C-T3-02", "total"): (21, 27)}
    (why,) = [c.detail for c in report_of("pingtan-2020").checks if c.check == "explanation"]
    assert "partially_disclosed.natural_person and partially_disclosed.total" in why
    assert {c.value for c in report_of("pingtan-2020").cells if c.indicator == "partially_disclosed"} == {0, 6}


def test_signs_units_and_notes_are_kept() -> None:
    cells = {c.indicator: c for c in report_of("pingtan-2020").cells if c.table == "proactive"}
    assert (cells["penalty_items_change"].value, cells["penalty_items_change"].raw) == (-18, "-18")
    amount = cells["procurement_amount_yuan"]
    assert (amount.value, amount.unit, amount.raw) == (73802895.9, "元", "73802895.90元")
    fees = next(c for c in report_of("pingtan-2021").cells if c.indicator == "admin_fees_wan_yuan")
    assert (fees.value, fees.unit) == (24252.311082, "万元")


def test_one_printed_row_stands_for_three() -> None:
    """Hongze prints （六）其他处理 as one row of the 2021 form: the row is there, its three items are absent."""
    cells = [c for c in report_of("hongze-2024-pdf").cells if c.table == "applications"]
    status = {c.indicator: c.status for c in cells if c.applicant == "total"}
    assert status["other_handled"] == "reported"
    assert {status[name] for name in ("other_no_correction", "other_fee_unpaid", "other_misc")} == {"absent"}


# ------------------------------------------------------------------ before 2019


@pytest.mark.parametrize(("folder", "year", "rows"), [("pingtan-2014", 2014, 16), ("pingtan-2018", 2018, 15)])
def test_year_of_a_statistical_report(folder: str, year: int, rows: int) -> None:
    assert report_of(folder).report_year == year
    assert len({c.label_raw for c in report_of(folder).cells}) == rows


@pytest.mark.parametrize("folder", ["pingtan-2014", "pingtan-2017", "pingtan-2018"])
def test_every_row_of_a_local_statistical_table(folder: str) -> None:
    report, table = report_of(folder), truth_of(folder)["table"]
    expected = {
        (label, period): (unit, value)
        for label, (unit, *values) in table["rows"].items()
        for period, value in zip(("year", "cumulative"), values, strict=True)
    }
    assert {(c.label_raw, c.period): (c.unit, c.value) for c in report.cells} == expected
    assert [c.label_raw for c in report.cells if c.period == "year"] == list(table["rows"]), "in printed order"
    assert {c.status for c in report.cells} == {"reported"}
    assert report.form == "local"
    assert [(t.table, t.form) for t in report.tables] == [("statistics", "local")]


@pytest.mark.parametrize("folder", ["pingtan-2014", "pingtan-2017", "pingtan-2018"])
def test_canonical_names_only_where_a_label_is_known(folder: str) -> None:
    names = {c.label_raw: c.indicator for c in report_of(folder).cells}
    assert names["行政复议数"] == "review_total"
    assert names["行政诉讼数"] == "suit_total"
    assert names["主动公开文件数"] == "", "documents are not the items of information that the forms count"
    assert names["接受行政诉讼、举报数"] == "", "suits and complaints in one number have no name"


# ------------------------------------------------------------------ without tables


def test_the_flattened_page_the_project_started_from() -> None:
    report = report_of("dinghai-2022-text")
    assert (report.form, report.report_year, report.kind) == ("prose", 2022, "text")
    m = report.metadata
    assert (m.index_no, m.publisher) == ("12330902793373850F/2024-00535", "区机关事务管理中心")
    assert (m.date_created, m.disclosure_method, m.category) == ("2024-01-18", "主动公开", "信息公开年报")
    assert [section.section for section in report.sections] == [1, 2, 3, 4, 5, 6]
    assert [(t.table, t.form, t.verdict) for t in report.tables] == [(name, "2021", "absent") for name in TABLES]
    assert report.cells == ()


def test_figures_of_the_flattened_page() -> None:
    """87 items, no request, review, suit or complaint; one office, two members; "不存在…收取情况" of the fee is a 0."""
    assert {f.indicator: f.value for f in report_of("dinghai-2022-text").figures} == {
        "proactive_total": 87,
        "requests_received": 0,
        "review_total": 0,
        "suit_total": 0,
        "complaints": 0,
        "dedicated_offices": 1,
        "staff": 2,
        "staff_full_time": 1,
        "staff_part_time": 1,
        "processing_fee_yuan": 0,
    }


def test_figures_stand_where_they_say() -> None:
    report = report_of("dinghai-2022-text")
    assert all(report.text[f.start : f.end].strip() for f in report.figures)
    assert all(f.text in report.text for f in report.figures)


def test_the_empty_official_form_in_word() -> None:
    """Every cell of the form is there and blank; nothing is proved by a form that nobody filled in."""
    report = report_of("template-docx")
    assert (report.form, report.kind) == ("2021", "docx")
    assert [(t.table, t.verdict, t.n_blank) for t in report.tables] == [
        ("proactive", "unproved", 10),
        ("applications", "unproved", 175),
        ("disputes", "unproved", 15),
    ]
    assert all(c.value is None and c.status == "blank" for c in report.cells)


def test_text_made_from_a_pdf_says_nothing_false() -> None:
    """Rows and labels torn apart: what is read must be right; what cannot be read is missing."""
    expected = printed("kewei-2024-md")
    wrong = [c for c in report_of("kewei-2024-md").cells if c.value is not None and
             expected.get((c.table, c.indicator, c.applicant)) != c.value]  # fmt: skip
    assert wrong == []


@pytest.mark.parametrize("folder", ["ordos-egb-listing", "pingtan-district-listing"])
def test_a_list_of_reports_is_no_report(folder: str) -> None:
    report = parse((REAL_PAGES / folder / "list.html").read_bytes())
    assert report.form is None
    assert report.cells == ()
    assert [p.code for p in report.problems] == ["not_a_report"]
