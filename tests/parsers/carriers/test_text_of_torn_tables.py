"""Text of programs that cut a PDF's tables by white: several values in a cell, heads torn to pieces, rows in tables of their own."""

from __future__ import annotations

import pytest

from parsers import parse
from parsers.carriers.text import read_text
from parsers.model import Cell

HEAD = "示例市样例局2022年政府信息公开工作年度报告\n三、收到和处理政府信息公开申请情况\n"
COLUMNS = "|  | 自然人 | 商业企业 | 科研机构 | 社会公益组织 | 法律服务机构 | 其他 | 总计 |\n|---|---|---|---|---|---|---|---|\n"
NEW, OVER = "一、本年新收政府信息公开申请数量", "二、上年结转政府信息公开申请数量"
LAST = ("1.信访举报投诉类申请", "2.重复申请", "3.要求提供公开出版物", "4.无正当理由大量反复申请", "（七）总计")
TAIL = "\n六、其他\n\n" + COLUMNS + "".join(f"| {label} | 1 | 1 | 1 | 1 | 1 | 1 | 6 |\n" for label in LAST)


def rows_of(text: str) -> dict[str, list[Cell]]:
    """The cells of table 三 by row."""
    found: dict[str, list[Cell]] = {}
    for cell in parse((text + TAIL).encode()).cells:
        if cell.table == "applications":
            found.setdefault(cell.indicator, []).append(cell)
    return found


def test_a_row_with_a_cell_of_several_values_is_left_open() -> None:
    rows = rows_of(HEAD + COLUMNS + f"| {NEW} | 68 | 0 | 0 0 | 81 | | | 0 149 |\n| {OVER} | 1 | 2 | 3 | 4 | 5 | 6 | 21 |\n")
    assert [(cell.status, cell.raw) for cell in rows["new_requests"]] == [("unreadable", "68 ¦ 0 ¦ 0 ¦ 0 ¦ 81 ¦ 0 ¦ 149 ¦")] * 7
    assert [cell.value for cell in rows["carried_over"]] == [1, 2, 3, 4, 5, 6, 21]


def test_beside_such_cells_a_blank_between_digits_parts_numbers() -> None:
    text = HEAD + COLUMNS + f"| {NEW} | 6 111 | 0 | 0 | 0 | 0 | 0 | 111 |\n| {OVER} | 68 | 0 | 0 0 | 0 | 0 | 1 | 69 |\n"
    assert {cell.status for cell in rows_of(text)["new_requests"]} == {"unreadable"}


@pytest.mark.parametrize("spaced", ["6 111", "1 0", "- 1 8", "— —", "0 1"])
def test_digits_printed_apart_are_no_pile(spaced: str) -> None:
    (table,) = read_text(f"甲 | 乙 | 丙\n子 | {spaced} | 2\n丑 | 3 | 4", "utf-8").tables()
    assert table.rows[1][1].text == spaced


def test_a_blank_in_a_row_apart_from_its_head_is_not_placed() -> None:
    row = "| | | 1.属于国家秘密 | | 29 | | | 27 | | | 56 |\n" + "|---" * 11 + "|\n"  # which of the eight cells is no column?
    rows = rows_of(HEAD + COLUMNS + f"| {NEW} | 1 | 2 | 3 | 4 | 5 | 6 | 21 |\n（三）不\n{row}予公开\n")
    assert [cell.value for cell in rows["new_requests"]] == [1, 2, 3, 4, 5, 6, 21]
    assert {(cell.status, cell.raw) for cell in rows["refused_state_secret"]} == {("unreadable", "29 ¦ 27 ¦ 56")}


def test_rows_apart_from_their_head_are_read_where_their_columns_are_filled_at_both_ends() -> None:
    rest = ["| | （三）不予公开 | 1.属于国家秘密 | 5 | | 2 | | | | 7 |", "|---|---|---|---|---|---|---|---|---|---|"]
    rest += ["| | | 2.其他法律行政法规禁止公开 | | 3 | | | | | 3 |", "| | | 4.保护第三方合法权益 | 1 | | | | | | 1 |"]
    rows = rows_of(HEAD + COLUMNS + f"| {NEW} | 1 | 2 | 3 | 4 | 5 | 6 | 21 |\n\n五、问题\n\n" + "\n".join(rest))
    assert [cell.value for cell in rows["refused_state_secret"]] == [5, None, 2, None, None, None, 7]
    assert [cell.status for cell in rows["refused_law_prohibited"]] == ["blank", "reported", *["blank"] * 4, "reported"]


def test_a_head_with_blanks_for_columns_of_the_form_places_nothing() -> None:
    head = "|  | 自然 |  |  | 总 |\n|---|---|---|---|---|\n"
    rows = rows_of(f"{HEAD}{head}| {NEW} | 0 | 0 | 0 | 0 |\n| {OVER} | 0 | 0 | 0 | 0 |")
    assert {cell.status for cell in rows["new_requests"]} == {"unreadable"}


def test_blanks_under_the_torn_heads_of_table_four_are_not_placed() -> None:
    heads = ["结果维 结果纠", "其他结", "尚未审", "总", *["结果维", "结果纠", "其他结", "尚未审", "总"] * 2]
    rows = ["| 行政复议 | | | | 行政诉讼" + " |" * 10, "|---" * 14 + "|", "| | | | | 未经复议直接起诉 | | | | | 复议后起诉" + " |" * 5]
    rows += ["| " + " | ".join(heads) + " |", "| 5 | | | 5 | 1 | 2 | | | 3 | | | | | |"]
    report = parse((HEAD + COLUMNS + f"| {NEW} | 1 | 2 | 3 | 4 | 5 | 6 | 21 |\n\n四、复议\n\n" + "\n".join(rows) + TAIL).encode())
    assert {cell.status for cell in report.cells if cell.table == "disputes"} == {"unreadable"}


@pytest.mark.parametrize("word", ["None", "NaN", "<NA>"])
def test_a_program_s_word_for_nothing_is_blank(word: str) -> None:
    rows = rows_of(HEAD + COLUMNS + f"| {NEW} | 4 | {word} | {word} | 2 | 1 | {word} | 7 |\n")
    expected = ["reported", "blank", "blank", "reported", "reported", "blank", "reported"]
    assert [cell.status for cell in rows["new_requests"]] == expected


def test_line_breaks_in_markdown_make_it_no_html() -> None:
    text = HEAD + COLUMNS.replace("商业企业", "商业<br>企业") + f"| {NEW} | 1 | 2 | 3 | 4 | 5 | 6 | 21 |\n"
    report = parse((text + TAIL).encode())
    assert report.kind == "text"
    assert [cell.value for cell in report.cells if cell.indicator == "new_requests"] == [1, 2, 3, 4, 5, 6, 21]
