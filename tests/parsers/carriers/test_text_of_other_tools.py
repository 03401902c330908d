"""Text as other programs write it of a page: drawn grids with spans, data frames, CSV, one cell a line, tables without bars."""

from __future__ import annotations

from parsers import parse
from parsers.carriers.text import read_text
from parsers.document import Paragraph, Table, TableCell

HEAD = "示例市样例局2022年政府信息公开工作年度报告\n二、主动公开政府信息情况\n"


def tables(text: str) -> list[Table]:
    """The tables of a text."""
    return list(read_text(text, "utf-8").tables())


def texts(table: Table) -> list[list[str]]:
    """Its cells' texts."""
    return [[cell.text for cell in row] for row in table.rows]


def proactive(text: str) -> dict[str, tuple[object, str]]:
    """Value and status of the cells of table 二."""
    return {cell.indicator: (cell.value, cell.status) for cell in parse(text.encode()).cells if cell.table == "proactive"}


def test_a_drawn_grid_keeps_its_spans() -> None:
    (table,) = tables("┌──┬────┐\n│项│复议│\n│  ├──┬─┤\n│目│甲│b│\n├──┼──┼─┤\n│数│3 │4│\n└──┴──┴─┘")
    assert table.spans_known
    assert table.rows == (
        (TableCell("项目", 1, 2), TableCell("复议", 2)),
        (TableCell("甲"), TableCell("b")),
        (TableCell("数"), TableCell("3"), TableCell("4")),
    )
    assert table.address(2, 1) == "line[6]/cell[2]"


def test_a_number_that_wrapped_in_a_grid_ruled_after_each_row_is_one() -> None:
    rule = "+----+----+"
    (table,) = tables("\n".join([rule, "| a  | b  |", rule, "| x  | 1  |", "|    | 20 |", rule, "| y  | 3  |", rule]))
    assert texts(table) == [["a", "b"], ["x", "120"], ["y", "3"]]


def test_a_grid_in_a_frame_of_one_column() -> None:
    (table,) = tables("+-----------+\n| +---+---+ |\n| | a | 1 | |\n| +---+---+ |\n| | b | 2 | |\n| +---+---+ |\n+-----------+")
    assert texts(table) == [["a", "1"], ["b", "2"]]


def test_frames_in_frames_without_end_are_read_all_the_same() -> None:
    depth = 400
    lines = ["| " * i + "+" + "-" * (4 * (depth - i)) + "+" + " |" * i for i in range(depth)]
    assert read_text("\n".join([*lines, *reversed(lines)]), "utf-8").kind == "text"


def test_the_numbers_of_a_data_frame_are_no_cells() -> None:
    (table,) = tables("|   | 甲 | 乙 |\n|---:|---|---|\n| 0 | 规章 | 7 |\n| 1 | 许可 | 8 |")
    assert texts(table) == [["甲", "乙"], ["规章", "7"], ["许可", "8"]]
    assert table.address(1, 1) == "line[3]/cell[3]"
    (table,) = tables("| 0 | 1 | 2 | 3 |\n|---|---|---|---|\n| 甲 | 乙 | 丙 | 丁 |\n| 规章 | 0 | 1 | 2 |")
    assert texts(table) == [["甲", "乙", "丙", "丁"], ["规章", "0", "1", "2"]]


def test_the_heads_of_a_data_frame_stand_on_their_lines_again() -> None:
    (table,) = tables("| ('项目', '项目') | ('行政复议', '维持') | ('行政复议', '纠正.1') |\n|---|---|---|\n| 数 | 3 | 4 |")
    assert texts(table) == [["项目", "行政复议", "行政复议"], ["项目", "维持", "纠正"], ["数", "3", "4"]]


def test_commas_part_cells_where_several_lines_have_as_many() -> None:
    (table,) = tables('信息内容,本年制发件数,现行有效件数\n规章,"1,056",\n"行政规范性\n文件",3,4\n')
    assert texts(table) == [["信息内容", "本年制发件数", "现行有效件数"], ["规章", "1,056", ""], ["行政规范性文件", "3", "4"]]
    assert all(isinstance(block, Paragraph) for block in read_text("甲 1,056 2,000\n乙 3,000 4,500\n丙 5,000 6,700", "utf-8").blocks)


def test_table_two_without_bars_is_read_under_its_own_heads() -> None:
    rows = ["信息内容 本年制发件数 本年废止件数 现行有效件数", "规章 0 1 2", "行政规范性文件 7 3 215"]
    rows += ["第二十条第（五）项", "信息内容 本年处理决定数量", "行政许可 155 155 155"]  # printed once for each column it spans
    rows += ["第二十条第（六）项", "信息内容 本年处理决定数量", "行政处罚 4", "行政强制 5"]
    rows += ["第二十条第（八）项", "信息内容 本年收费金额（单位：万元）", "行政事业性收费 1.5", "三、其他"]
    read = proactive(HEAD + "\n".join(rows))
    assert read["normative_docs_in_force"] == (215, "reported")
    assert read["licensing_decisions"] == (155, "reported")
    assert read["admin_fees_wan_yuan"] == (1.5, "reported")
    assert "licensing_items_prior" not in read


def test_two_like_numbers_under_a_head_printed_twice_may_be_one_and_a_blank() -> None:
    rows = ["信息内容 本年新制作数量 本年新公开数量 对外公开总数量", "规章 0 1 2", "规范性文件 7 3 215"]
    rows += ["信息内容 上一年项目数量 本年增/减 处理决定数量", "行政许可 1 2 3", "其他对外管理服务事项 1 2 3"]
    rows += ["行政处罚 4 5 6", "行政强制 4 5 6"]
    rows += ["信息内容 上一年项目数量 本年增/减 本年增/减", "行政事业性收费 3 3"]
    rows += ["信息内容 采购项目数量 采购总金额 采购总金额", "政府集中采购 5 9", "三、其他"]
    text = "示例市示例局2020年政府信息公开工作年度报告\n二、主动公开政府信息情况\n" + "\n".join(rows)
    read = proactive(text)
    assert read["licensing_items_prior"] == (1, "reported")
    assert read["fee_items_prior"] == (None, "unreadable")
    assert read["fee_items_change"] == (None, "unreadable")


def test_a_number_of_table_two_that_wrapped_is_unreadable() -> None:
    rows = ["信息内容 本年制发件数 本年废止件数 现行有效件数", "规章 0 1 2", "行政规范性文件 7 3 215"]
    rows += ["信息内容 本年处理决定数量", "行政许可 8", "信息内容 本年处理决定数量", "行政处罚 138", "459", "行政强制 5"]
    read = proactive(HEAD + "\n".join([*rows, "信息内容 本年收费金额", "行政事业性收费 9", "三、其他"]))
    assert read["licensing_decisions"] == (8, "reported")
    assert read["penalty_decisions"] == (None, "unreadable")
    assert read["admin_fees_wan_yuan"] == (9, "reported")


def test_a_table_between_fences_is_as_wide_as_it_declares() -> None:
    (table,) = tables('[cols=",,",]\n|===\n|信息内容 |本年制发件数\n|现行有效件数\n\n|规章 | |2\n\n|行政\n规范性文件 |3 |\n|===\n')
    assert texts(table) == [["信息内容", "本年制发件数", "现行有效件数"], ["规章", "", "2"], ["行政规范性文件", "3", ""]]
    (table,) = tables("|===\n|项目 |数 |计\n2+|行政复议 .2+|总计\n|维持 |纠正\n\n|1 |2 |3\n|===\n")
    assert table.spans_known
    assert table.rows[1:3] == ((TableCell("行政复议", 2), TableCell("总计", 1, 2)), (TableCell("维持"), TableCell("纠正")))


WIKI = """= 示例市示例局2022年政府信息公开工作年度报告 =

<span id="二主动公开政府信息情况"></span>
== 二、主动公开政府信息情况 ==

{| class="wikitable"
|+ 表二
! 信息内容 !! 本年制发件数
! 本年废止件数
! 现行有效件数
|-
| 规章 || 3
|
| style="text-align: right" | 12
|-
| 行政规范性文件
| 4 || 0
| 17
|-
| 第二十条第（五）项
|-
| 信息内容
| colspan="3" | 本年处理决定数量
|-
| 行政许可
| colspan="3" | 21
|}
"""


def test_tables_of_wiki_text() -> None:
    report = parse(WIKI.encode())
    assert report.kind == "text"
    said = {cell.indicator: (cell.value, cell.status) for cell in report.cells if cell.table == "proactive"}
    assert said["rules_issued"] == (3, "reported")
    assert said["rules_repealed"] == (None, "blank")
    assert said["rules_in_force"] == (12, "reported")
    assert said["normative_docs_issued"] == (4, "reported")
    assert said["normative_docs_in_force"] == (17, "reported")
    assert said["licensing_decisions"] == (21, "reported")
    (table,) = tables(WIKI)
    assert table.address(1, 1) == "line[12]/cell[2]"
    assert table.address(1, 3) == "line[14]/cell[4]"


def test_a_page_with_bars_in_it_is_html_all_the_same() -> None:
    lines = "\n".join(f"| {n} | {n} |" for n in range(30))
    assert parse(f"<!DOCTYPE html><html><body><pre>\n{lines}\n</pre></body></html>".encode()).kind == "html"
    assert parse(f"<div>\n{lines}\n</div>".encode()).kind == "text"
    assert parse("\n".join(f"<tr><td>\n| {n}</td></tr>" for n in range(30)).encode()).kind == "html"


def test_wiki_tables_without_an_end_or_in_each_other_stay_lines() -> None:
    assert [cell.text for row in tables("{|\n| 规章\n| 3\n")[0].rows for cell in row if cell.text] == ["{", "规章", "3"]
    assert all("||" not in cell.text for table in tables("{|\n|\n{|\n| 规章 || 3\n|}\n|}\n") for row in table.rows for cell in row)
