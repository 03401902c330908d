"""Texts without spans: rows of one head are divided alike, and labels printed again are no cells of their own."""

from __future__ import annotations

from parsers.document import TableCell
from parsers.repetition import continued, within_width
from parsers.report import parse
from parsers.values import read_value

HEAD = "示例市人民政府2020年政府信息公开工作年度报告\n二、主动公开政府信息情况\n"


def read(*lines: str) -> dict[str, float | int | None]:
    """Table 二 of a text page, by indicator."""
    report = parse((HEAD + "\n".join(lines)).encode(), content_type="text/plain; charset=utf-8")
    return {cell.indicator: cell.value for cell in report.cells if cell.table == "proactive"}


FIRST = (
    "第二十条第（一）项 | 第二十条第（一）项 | 第二十条第（一）项 | 第二十条第（一）项 | ",
    "信息内容 | 本年新制作数量 | 本年新公开数量 | 本年新公开数量 | 对外公开总数量",
)


def test_a_column_that_repeats_the_one_before_in_every_row_is_none_of_its_own() -> None:
    """The head is divided 1,1,2,1, the rows are divided 1,2,1,1: one row alone could be read in two ways."""
    read_cells = read(*FIRST, "规章 | 3 | 3 | 0 | 0", "规范性文件 | 7 | 7 | 10 | 172")
    assert [read_cells[f"rules_{name}"] for name in ("newly_made", "newly_disclosed", "disclosed_total")] == [3, 0, 0]
    names = ("newly_made", "newly_disclosed", "disclosed_total")
    assert [read_cells[f"normative_docs_{name}"] for name in names] == [7, 10, 172]


def test_what_no_row_can_tell_is_not_read() -> None:
    """Both divisions fit both rows, and this table has no sums."""
    read_cells = read(*FIRST, "规章 | 3 | 3 | 0 | 0", "规范性文件 | 7 | 7 | 5 | 5")
    assert read_cells["rules_newly_disclosed"] is None
    assert read_cells["normative_docs_newly_disclosed"] is None


def rows(*lines: str) -> list[list[TableCell]]:
    return [[TableCell(text) for text in line.split("|")] for line in lines]


def is_label(text: str) -> bool:
    return read_value(text).status == "unreadable"


def test_groups_and_heads_that_reach_down_are_no_cells_of_the_lower_row() -> None:
    table = rows("角|角|自然人|总计", "角|角|自然人|总计", "不予公开|国家秘密|1|1", "不予公开|其他|2|2")
    assert continued(table, is_label) == {(1, 0), (1, 1), (1, 2), (1, 3), (3, 0)}


def test_a_row_of_numbers_keeps_its_own_label() -> None:
    """The same row twice; units that are the same in every row."""
    assert continued(rows("规章|规章|1", "规章|规章|1"), is_label) == frozenset()
    assert continued(rows("收到申请|件|5", "答复申请|件|4"), is_label) == frozenset()


def test_a_span_that_reaches_too_far_moves_the_cells_of_the_row_below() -> None:
    """不予公开 and 无法提供 meet in one row, which is wider; in the row after it 无法提供 stands behind the label."""
    table = rows("不予公开|国家秘密|1", "不予公开|无法提供|不掌握|2", "另行制作|无法提供|3")
    assert continued(table, is_label) == {(1, 0), (2, 1)}


def test_a_span_past_the_end_of_the_table_prints_no_columns() -> None:
    table = rows("指标|单位|数||||", "收到申请|件|5||||", "答复申请|件|4|4|4|4|4")
    assert [[cell.text for cell in row] for row in within_width(table, is_label)][2] == ["答复申请", "件", "4"]


def test_equal_zeros_at_the_end_of_a_row_are_its_own() -> None:
    table = rows("行政复议|行政诉讼|||||", "0|0|0|0|0|0|0")
    assert within_width(table, is_label) == table


def test_of_written_out_spans_only_a_repetition_is_surplus() -> None:
    """The blank in front of 57 stands alone, so the last one is printed twice."""
    read_cells = read(
        "第二十条第（一）项 | 第二十条第（一）项 | 第二十条第（一）项 | 第二十条第（一）项",
        "信息内容 | 本年新制作数量 | 本年新公开数量 | 对外公开总数量",
        "规章 |  |  |  | ",
        "规范性文件 |  | 57 |  | ",
    )
    assert (read_cells["normative_docs_newly_made"], read_cells["normative_docs_newly_disclosed"]) == (None, 57)


TWICE = (
    "第二十条第（一）项 | 第二十条第（一）项 | 第二十条第（一）项 | 第二十条第（一）项 | 第二十条第（一）项",
    "信息内容 | 本年新制作数量 | 本年新制作数量 | 本年新公开数量 | 对外公开总数量",
)
FIFTH = (
    "第二十条第（五）项 | 第二十条第（五）项 | 第二十条第（五）项 | 第二十条第（五）项",
    "信息内容 | 上一年项目数量 | 本年增/减 | 处理决定数量",
    "行政许可 |  |  |  |  | 5 | 5",
    "其他对外管理服务事项 |  |  |  |  | 8 | 8",
)
NAMES = ("newly_made", "newly_disclosed", "disclosed_total")


def test_a_row_that_fits_a_doubled_head_by_chance_is_divided_like_the_others() -> None:
    """The first row shows that the rows print the total twice, so the two zeros of the second are two values."""
    read_cells = read(*TWICE, "规章 | 3 | 4 | 9 | 9", "规范性文件 | 0 | 0 | 7 | 7")
    assert [read_cells[f"rules_{name}"] for name in NAMES] == [3, 4, 9]
    assert [read_cells[f"normative_docs_{name}"] for name in NAMES] == [0, 0, 7]


def test_rows_that_nothing_divides_alike_are_not_read() -> None:
    """The rows under another head are."""
    read_cells = read(*TWICE, "规章 | 3 | 4 | 9 | 9", "规范性文件 | 0 | 0 | 7 | 8", *FIFTH)
    assert [read_cells[f"{row}_{name}"] for row in ("rules", "normative_docs") for name in NAMES] == [None] * 6
    assert read_cells["licensing_decisions"] == 5


def test_a_column_that_is_blank_in_one_row_may_hold_the_values_of_its_siblings() -> None:
    """The row of 第（八）项 prints every value twice, so the second 2 may be the first one again."""
    read_cells = read(
        *FIFTH,
        "第二十条第（八）项 | 第二十条第（八）项 | 第二十条第（八）项 | 第二十条第（八）项",
        "信息内容 | 上一年项目数量 | 本年增/减 | ",
        "行政事业性收费 | 6 | 6 | -1 | -1 | ",
        "第二十条第（九）项 | 第二十条第（九）项 | 第二十条第（九）项 | 第二十条第（九）项",
        "信息内容 | 采购项目数量 | 采购总金额 | ",
        "政府集中采购 | 2 | 2 |  |  | ",
    )
    assert (read_cells["procurement_projects"], read_cells["procurement_amount_yuan"]) == (2, None)
