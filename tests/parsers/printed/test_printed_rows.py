"""Text without bars between cells, as programs print the pages of a PDF: rows on several lines, numbers that wrapped."""

from __future__ import annotations

import pytest

from parsers import parse
from parsers.model import Cell, Report
from parsers.printed.cells import below, joined
from parsers.printed.lines import Columns, lines_of

LABELS = (
    "一、本年新收政府信息公开申请数量", "二、上年结转政府信息公开申请数量", "（一）予以公开", "（二）部分公开",
    "1.属于国家秘密", "2.其他法律行政法规禁止公开", "3.危及“三安全一稳定”", "4.保护第三方合法权益", "5.属于三类内部事务信息",
    "6.属于四类过程性信息", "7.属于行政执法案卷", "8.属于行政查询事项", "1.本机关不掌握相关政府信息", "2.没有现成信息需要另行制作",
    "3.补正后申请内容仍不明确", "1.信访举报投诉类申请", "2.重复申请", "3.要求提供公开出版物", "4.无正当理由大量反复申请",
    "5.要求行政机关确认或重新出具已获取信息", "1.申请人无正当理由逾期不补正", "2.申请人逾期未按收费通知要求缴纳费用", "3.其他",
    "（七）总计", "四、结转下年度继续办理",
)  # fmt: skip
NEW, DISCLOSED, HELD, MADE, TOTAL = 0, 2, 12, 13, 23
HEAD = "示例市财政局2023年政府信息公开工作年度报告\n三、收到和处理政府信息公开申请情况\n"
FULL = {NEW: (1234, 5), DISCLOSED: (1230, 0), HELD: (4, 5), TOTAL: (1234, 5)}


def spaced(label: str, values: list[str]) -> str:
    """A line that keeps its columns: values end 40, 50, ... places behind the line's begin."""
    return label.ljust(32) + "".join(value.rjust(10) for value in values)


def page(changed: dict[int, list[str]] | None = None, *, columns: bool = True, blank_totals: bool = False) -> bytes:
    """Table 三 line by line, ``changed`` rows as the lines given."""
    lines = []
    for row, label in enumerate(LABELS):
        first, second = FULL.get(row, (0, 0))
        values = [str(first), str(second), "0", "0", "0", "0", str(first + second)]
        if blank_totals and row not in (0, 1, 23, 24):
            values.pop()
        plain = spaced(label, values) if columns else " ".join([label, *values])
        lines += (changed or {}).get(row, [plain])
    return (HEAD + "\n".join(lines) + "\n四、政府信息公开行政复议、行政诉讼情况\n").encode()


def row_of(report: Report, indicator: str) -> list[object]:
    return [cell.value for cell in report.cells if cell.indicator == indicator]


def verdict(report: Report) -> str:
    return next(table.verdict for table in report.tables if table.table == "applications")


def unreadable(report: Report) -> list[Cell]:
    return [cell for cell in report.cells if cell.status == "unreadable"]


WRAPPED = [spaced(LABELS[NEW], ["12", "5", "0", "0", "0", "0", "12"]), spaced("", ["34", "", "", "", "", "", "39"])]
WRAPPED_RAW = [f"{LABELS[NEW]} 12", "34 5 0 0 0 0 12", "39"]


@pytest.mark.parametrize("columns", [True, False])
def test_a_number_on_two_lines_is_one_where_the_sums_prove_it(columns: bool) -> None:
    report = parse(page({NEW: WRAPPED if columns else WRAPPED_RAW}, columns=columns))
    assert row_of(report, "new_requests") == [1234, 5, 0, 0, 0, 0, 1239]
    assert verdict(report) == "proved"


@pytest.mark.parametrize("columns", [True, False])
def test_a_number_on_two_lines_is_unreadable_where_the_sums_fail(columns: bool) -> None:
    lines = [line.replace("39", "38") for line in (WRAPPED if columns else WRAPPED_RAW)]
    report = parse(page({NEW: lines}, columns=columns))
    assert row_of(report, "new_requests") == [None] * 7
    assert {cell.indicator for cell in unreadable(report)} >= {"new_requests"}
    assert row_of(report, "unavailable_not_held") == [4, 5, 0, 0, 0, 0, 9]


FIRST, SECOND = spaced("", ["4", "5", "0", "0", "0", "0", "9"]), spaced("", ["0"] * 7)


def test_values_of_two_rows_below_both_labels_stand_in_order() -> None:
    report = parse(page({HELD: [LABELS[HELD]], MADE: [LABELS[MADE], FIRST, SECOND]}))
    assert row_of(report, "unavailable_not_held") == [4, 5, 0, 0, 0, 0, 9]
    assert row_of(report, "unavailable_needs_creation") == [0] * 7


def test_values_of_two_rows_that_the_sums_do_not_tell_apart_are_unreadable() -> None:
    report = parse(page({HELD: [LABELS[HELD]], MADE: [LABELS[MADE] + FIRST[len(LABELS[MADE]) :], SECOND]}))
    assert row_of(report, "unavailable_not_held") == [None, None, 0, 0, 0, 0, None]
    assert row_of(report, "unavailable_needs_creation") == [None, None, 0, 0, 0, 0, None]
    assert len(unreadable(report)) == 6


@pytest.mark.parametrize("columns", [True, False])
def test_totals_that_most_rows_lack_stay_blank(columns: bool) -> None:
    report = parse(page(columns=columns, blank_totals=True))
    assert row_of(report, "disclosed") == [1230, 0, 0, 0, 0, 0, None]
    assert verdict(report) == "proved_blank_as_zero"


def test_page_numbers_and_heads_of_a_new_page_are_no_pieces() -> None:
    lines = [spaced(LABELS[DISCLOSED], ["1230", *["0"] * 5, "1230"]), "— 2 —", "\f示例市财政局 2023 年政府信息公开工作年度报告"]
    report = parse(page({DISCLOSED: lines}))
    assert verdict(report) == "proved"


def test_a_wrapped_number_in_table_four_is_never_cut() -> None:
    values = ["0"] * 10 + ["8720", "0", "0", "0", "8720"]
    text = page() + (" ".join(values) + "\n043\n043\n").encode()
    cells = {cell.indicator: cell.value for cell in parse(text).cells if cell.table == "disputes"}
    assert cells.get("suit_after_review_total") in (None, 8720043)


def test_pieces_that_begin_with_zero_and_marks_join_nothing() -> None:
    assert joined(lines_of("a 5 0\n1 2\n"), 3) == []
    assert joined(lines_of("a 5 /\n1 2\n"), 3) == []
    assert joined(lines_of("a 12 1\n0 1\n"), 3) == [("12", "10", "1")]
    spaced_lines = lines_of("x   12      7\n    34\n")
    assert below(spaced_lines, Columns(spaced_lines, 2)) == [("1234", "7")]


def test_a_row_of_table_two_that_lacks_values_is_not_read_by_order() -> None:
    text = (
        "示例市财政局2020年政府信息公开工作年度报告\n二、主动公开政府信息情况\n"
        "信息内容  上一年项目数量  本年增/减  处理决定数量\n行政许可  1\n行政处罚  3  0  4\n行政强制  0  0  2\n"
    )
    cells = {cell.indicator: cell.value for cell in parse(text.encode()).cells}
    assert cells.get("licensing_decisions") is None
    assert cells.get("penalty_decisions") == 4
