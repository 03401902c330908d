"""Pages saved as text: rows, padding, prose, in all the ways tools write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.carriers.text import read_text
from parsers.document import OPEN_END, Paragraph, Table
from tests.real_pages import REAL_PAGES


def shape(text: str) -> list[str | list[list[str]]]:
    """Paragraphs as strings, tables as lists of rows."""
    blocks = read_text(text, "utf-8").blocks
    return [
        block.text if isinstance(block, Paragraph) else [[cell.text for cell in row] for row in block.rows]
        for block in blocks
    ]


def test_joined_rows_keep_their_blank_cells() -> None:
    assert shape("信息内容 | 本年 | 废止 | 有效\n规章 | 0 |  | \n行政规范性文件 | 8 | 0 | 18") == [
        [["信息内容", "本年", "废止", "有效"], ["规章", "0", "", ""], ["行政规范性文件", "8", "0", "18"]]
    ]


def test_a_row_of_two_cells_with_a_blank_one_stays_a_row() -> None:
    assert shape("信息内容 | 本年处理决定数量\n行政处罚 | 3\n行政强制 | ") == [
        [["信息内容", "本年处理决定数量"], ["行政处罚", "3"], ["行政强制", ""]]
    ]


def test_closed_and_padded_rows_get_no_cells_from_their_padding() -> None:
    assert shape(
        "索引号 | X/2024-1 | ||\n组配分类 | 年报 | 发布机构 | 示例局 |\n标题 |\n||||||||||||\n正文一句话。 |"
    ) == [
        [["索引号", "X/2024-1"], ["组配分类", "年报", "发布机构", "示例局"]],
        "标题",
        "正文一句话。",
    ]
    assert shape("第二十条 ||||\n信息内容 | 本年 | 废止 | 有效 |\n规章 | 0 |  | 0 |\n行政许可 | 3 |||") == [
        [["第二十条"], ["信息内容", "本年", "废止", "有效"], ["规章", "0", "", "0"], ["行政许可", "3"]]
    ]


def test_cells_on_lines_of_their_own_are_rows_of_the_width_that_padding_tells() -> None:
    head = "第二十条第（一）项 | |||\n信息内容 |\n本年制发件数 |\n本年废止件数 |\n现行有效件数 |\n"
    assert shape(head + "规章 |\n|\n1 |\n9 |\n第二十条第（五）项 |\n|||\n行政许可 |\n5 | ||\n正文。") == [
        [
            ["第二十条第（一）项"],
            ["信息内容", "本年制发件数", "本年废止件数", "现行有效件数"],
            ["规章", "", "1", "9"],
            ["第二十条第（五）项"],
            ["行政许可", "5"],
        ],
        "正文。",
    ]


def test_cells_on_lines_of_their_own_stay_apart_where_padding_does_not_tell_one_width() -> None:
    assert [len(row) for row in shape("规章 |\n1 | ||\n行政许可 |\n5 |\n2 | |||\n行政处罚 |\n7 | ||\n")[0]] != [4, 4, 4]


def test_a_blank_at_the_end_is_padding_where_blank_cells_are_left_out() -> None:
    wide = "一 | 1 | 2 | 3 | 4 | 5 | 6 | 21 | ||\n二 | 4 | 4 | |||||||\n正文。\n"
    padded = "第一项 | |||\n规章 | 7 | 11 | |\n行政许可 | 5 | ||"
    assert shape(wide + padded)[-1] == [["第一项"], ["规章", "7", "11"], ["行政许可", "5"]]
    assert shape(padded) == [[["第一项"], ["规章", "7", "11", ""], ["行政许可", "5"]]]
    kept = "\n行政处罚 | | 3 | |"  # this text prints a blank cell between others
    assert shape(wide + padded + kept)[-1] == [["第一项"], ["规章", "7", "11", ""], ["行政许可", "5"], ["行政处罚", "", "3", ""]]


def test_a_blank_left_out_of_one_row_is_told_by_its_fewer_numbers() -> None:
    wide = "一 | 1 | 2 | 3 | 4 | 5 | 6 | 21 | ||\n二 | 1 | 2 | 3 | 4 | 5 | 6 | |||\n正文。\n"
    assert shape(wide + "第一项 | |||\n规章 | 7 | 11 | |")[-1] == [["第一项"], ["规章", "7", "11"]]


def test_one_cell_more_than_padded_rows_have_is_padding() -> None:
    row = "（二）部分公开 | | 1 | | 1 | ||\n三、办理结果 | （三）不予公开 | | 2 | | 2 | |\n合计 | 1 | | 3 | |||"
    assert shape(row)[0][1] == ["三、办理结果", "（三）不予公开", "", "2", "", "2"]
    assert shape("规章 | 1 | 2 | |\n行政收费 | 3 | ||")[0][0] == ["规章", "1", "2", ""]  # two cells more: a blank one


def test_a_cell_with_white_on_both_sides_of_nothing_is_a_blank_one() -> None:
    assert shape("规章 | 1 | 2 |  |\n行政收费 | 3 | 4 ||\n合计 | 5 | ||")[0][0] == ["规章", "1", "2", ""]
    wide = "一 | 1 | 2 | 3 | 4 | 5 | 6 | 21 | ||\n二 | 4 | 4 | |||||||\n正文。\n"
    assert shape(wide + "第一项 | |||\n规章 | 7 | 11 |  |")[-1] == [["第一项"], ["规章", "7", "11", ""]]
    totals = [f"{n} | 8 | 0 | 0 | 0 | 5 | 0 |  ||" for n in range(3)]  # no row with numbers shows its total
    table = shape("\n".join(["一 | 68 | 4 | 24 | 30 | 17 | 1 | 144 ||", "三 | 甲 | 4 | 5 | 0 | 0 | 0 | 0 |  |", *totals]))[0]
    assert [len(row) for row in table] == [8, 9, 8, 8, 8]


def test_lines_of_one_width_are_rows_however_few_of_them_are_padded() -> None:
    lines = ["信息内容 | 本年 | 废止 |", "规章 | 7 | 9 |", "行政许可 | 2 ||"]
    lines += ["信息内容 | 本年 | 本年 |", "行政处罚 | 5 | 6 |", "行政收费 | 3 ||"]
    assert len(shape("\n".join(lines))[0]) == 6


def test_cells_between_bars_of_their_own() -> None:
    assert shape("|信息内容||本年制发件数||现行有效件数|\n|规章||||477|\n|第二十条|") == [
        [["信息内容", "本年制发件数", "现行有效件数"], ["规章", "", "477"], ["第二十条"]]
    ]


def test_markdown_tables() -> None:
    assert shape("## 表二\n| 信息内容 | 本年 |\n|---|:---:|\n| 规章 | |\n|  | 3 |") == [
        "表二",
        [["信息内容", "本年"], ["规章", ""], ["", "3"]],
    ]


def test_blank_first_cells_of_joined_rows_stay() -> None:
    assert shape(" | 申请人情况\n一、新收 | 3 |  | 3\n | （二）部分公开 |  | \n |  |  | ") == [
        [["", "申请人情况"], ["一、新收", "3", "", "3"], ["", "（二）部分公开", "", ""], ["", "", "", ""]]
    ]


def test_tabs_part_cells_too() -> None:
    assert shape("结果维持\t结果纠正\t总计\n0\t\t1") == [[["结果维持", "结果纠正", "总计"], ["0", "", "1"]]]
    assert shape("\t一、总体情况") == ["一、总体情况"]


def test_blank_cells_at_the_ends_of_rows_between_tabs_stay() -> None:
    assert shape("甲\t乙\t丙\n规章\t3\t\n\t5\t\n\t\t\n行政许可\t\t") == [
        [["甲", "乙", "丙"], ["规章", "3", ""], ["", "5", ""], ["", "", ""], ["行政许可", "", ""]]
    ]


def test_markup_of_markdown_is_no_text() -> None:
    assert shape("**标题**\n\n---\n| **信息内容** | [本年](/a_(b).html) |\n|---|---|\n| 1\\.规章<br>数 | \\-3 |\n| *其他* | ** |") == [
        "标题",
        [["信息内容", "本年"], ["1.规章数", "-3"], ["其他", "**"]],
    ]


def test_cells_in_quotes_between_tabs_may_hold_line_breaks() -> None:
    assert shape('"商业\n企业"\t"科研\n机构"\t总计\n3\t4\t"危及""三安全"""') == [
        [["商业企业", "科研机构", "总计"], ["3", "4", '危及"三安全"']]
    ]
    assert shape('"放管服\n改革" 是重点。') == ['"放管服', '改革" 是重点。']


def test_rows_between_bars_may_hold_line_breaks() -> None:
    assert shape("| 商业\n企业 | 科研\n机构 |\n| 3 | 4 |\n一句话。") == [[["商业企业", "科研机构"], ["3", "4"]], "一句话。"]


def test_a_bar_at_a_line_s_front_alone_joins_no_lines() -> None:
    assert shape("| 甲 | 1\n| 乙 | 2") == [[["", "甲", "1"], ["", "乙", "2"]]]


def test_drawn_grids() -> None:
    rule = "+------+------+"
    assert shape("\n".join([rule, "| 商业 | 本年 |", "| 企业 |      |", rule.replace("-", "="), "| 规章 | 3    |", rule])) == [
        [["商业企业", "本年"], ["规章", "3"]]
    ]
    assert shape("┌──┬──┐\n│甲│1 │\n├──┼──┤\n│乙│2 │\n└──┴──┘") == [[["甲", "1"], ["乙", "2"]]]


def test_rows_of_a_grid_that_is_not_ruled_between_them_stay_apart() -> None:
    rule = "+----+----+"
    assert shape("\n".join([rule, "| 甲 | 乙 |", rule, "| 1  | 2  |", "| 3  | 4  |", rule])) == [[["甲", "乙"], ["1", "2"], ["3", "4"]]]


def test_two_lines_under_the_one_head_of_a_grid_that_are_one_label_are_one_row() -> None:
    rule = "+----------+------+"
    grid = [rule, "| 信息内   | 本年 |", "| 容       | 收费 |", rule, "| 行政事   | 16   |", "| 业性收费 |      |", rule]
    assert shape("\n".join(grid)) == [[["信息内容", "本年收费"], ["行政事业性收费", "16"]]]
    rule = "+----+----------+-----+"
    grid = [rule, "| 23 | 1.当     | 216 |", "|    | 面申请数 |     |", rule]
    assert shape("\n".join(grid)) == [[["23", "1.当面申请数", "216"]]]
    grid = [rule, "| 23 | 当面     | 216 |", "| 24 | 申请数   | 3   |", rule]
    assert len(shape("\n".join(grid))[0]) == 2


def test_prose_between_tables_keeps_its_place() -> None:
    assert shape("规章 | 0\n三、收到和处理情况\n甲 | 1") == [[["规章", "0"]], "三、收到和处理情况", [["甲", "1"]]]


def test_a_line_with_a_very_long_cell_is_prose() -> None:
    long = "公开" * 150
    assert shape(f"菜单 | {long} |") == ["菜单", long]


def test_every_cell_has_the_address_of_its_line() -> None:
    (paragraph, table) = read_text("标题\n\n甲 | 1\n乙 | 2", None).blocks
    assert isinstance(table, Table)
    assert paragraph.locator == "line[1]"
    assert table.locator == "line[3]"
    assert table.address(1, 1) == "line[4]/cell[2]"
    assert table.spans_known is False


@pytest.mark.skipif(not REAL_PAGES.exists(), reason="the shared pages are not here")
def test_the_flattened_page_the_project_started_from() -> None:
    text = (REAL_PAGES / "dinghai-2022-text" / "page.txt").read_text(encoding="utf-8")
    blocks = read_text(text, "utf-8").blocks
    assert isinstance(blocks[0], Table)
    assert [[cell.text for cell in row] for row in blocks[0].rows] == [
        ["索引号", "12330902793373850F/2024-00535"],
        ["组配分类", "信息公开年报", "发布机构", "区机关事务管理中心"],
        ["生成日期", "2024-01-18", "公开方式", "主动公开"],
    ]
    assert [block.text[:12] for block in blocks[1:] if isinstance(block, Paragraph)] == [
        "2022年定海区机关事务",
        "根据《舟山市定海区人民政",
        "三、收到和处理政府信息公",
        "四、政府信息公开行政复议",
        "五、存在的主要问题及改进",
        "【返回顶部】 【打印本页",
    ]


@given(st.text(alphabet=st.sampled_from("甲1| \t\n-:|\\\u3000。"), max_size=400))
def test_nothing_that_is_printed_gets_lost(text: str) -> None:
    document = read_text(text, None)
    printed = "".join(
        block.text if isinstance(block, Paragraph) else "".join(cell.text for row in block.rows for cell in row)
        for block in document.blocks
    )
    for char in "甲1。":  # cells of which one text holds several values keep all of them
        assert printed.count(char) == text.count(char) or (OPEN_END in printed and printed.count(char) > text.count(char))


@given(st.text(max_size=500))
def test_read_text_never_raises(text: str) -> None:
    document = read_text(text, None)
    for table in document.tables():
        assert table.addresses is not None
        assert [len(row) for row in table.rows] == [len(row) for row in table.addresses]


def test_rows_whose_blank_edges_were_cut_off_stay_rows_of_their_own() -> None:
    """A bar at the beginning and one at the end of a later line are blank cells at the edges, not the sides of one row."""
    assert shape("| 申请人情况\n自然人 | 总计\n一、新收 | 3 |  | 3\n二、结转 | 0 |  |\n（七）总计 | 3 |  | 3") == [
        [["", "申请人情况"], ["自然人", "总计"], ["一、新收", "3", "", "3"], ["二、结转", "0", "", ""], ["（七）总计", "3", "", "3"]]
    ]
    assert shape("规章 | 0 |  |\n| 本年处理决定数量\n行政许可 | 3\n行政强制 |\n| 本年收费金额\n收费 | 5") == [
        [["规章", "0", "", ""], ["", "本年处理决定数量"], ["行政许可", "3"], ["行政强制", ""], ["", "本年收费金额"], ["收费", "5"]]
    ]
    assert shape("| 一、新收 | 3 |\n| 二、上年\n结转 | 0 |\n| 三、办理 | 3 |") == [
        [["一、新收", "3"], ["二、上年结转", "0"], ["三、办理", "3"]]
    ]


def rows_read(text: str) -> list[list[str]]:
    return [[cell.text for cell in row] for table in read_text(text, None).tables() for row in table.rows]


def test_a_backslash_alone_in_its_cell_is_a_mark_and_no_escape() -> None:
    assert rows_read("规章|0|\\|3\n行政规范性文件|\\|0|\\\n") == [["规章", "0", "\\", "3"], ["行政规范性文件", "\\", "0", "\\"]]
    assert rows_read("规章|a\\|b|3\n行政许可|1|2\n") == [["规章", "a|b", "3"], ["行政许可", "1", "2"]]


def test_rows_whose_labels_hold_line_breaks() -> None:
    text = "信息内容|本年\n制发件数|本年废\n止件数|现行有效件数\n规\n章|0|1|2\n行政规范性\n文件|3|4|5\n"
    assert rows_read(text) == [
        ["信息内容", "本年制发件数", "本年废止件数", "现行有效件数"],
        ["规章", "0", "1", "2"],
        ["行政规范性文件", "3", "4", "5"],
    ]


def test_a_label_and_its_number_on_several_lines() -> None:
    text = "三\n、本年度办理结果 | （一）\n予以公开 | 0 | 0\n（三）不予公开 | 1.属于国\n家秘\n密 | 1 | 0\n"
    text += "2.其他法律行政法规禁止公开 | 2 | 0\n"
    assert rows_read(text) == [
        ["三、本年度办理结果", "（一）予以公开", "0", "0"],
        ["（三）不予公开", "1.属于国家秘密", "1", "0"],
        ["2.其他法律行政法规禁止公开", "2", "0"],
    ]


def test_a_remark_below_its_number_is_no_row() -> None:
    text = "一、本年新收政府信息公开申请数量|0|107\n（其中网上申请81件）|107|\n二、上年结转政府信息公开申请数量|5\n（四）无法提供|1|2|\n"
    row = ["一、本年新收政府信息公开申请数量", "0", "107（其中网上申请81件）", "107"]
    assert [[cell for cell in found if cell] for found in rows_read(text)] == [
        row,
        ["二、上年结转政府信息公开申请数量", "5"],
        ["（四）无法提供", "1", "2"],
    ]


def test_a_head_in_brackets_below_a_number_is_no_remark() -> None:
    text = "行政事业性收费 | 96171.6\n（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和） | 申请人情况\n自然人 | 总计\n"
    assert len(rows_read(text)) == 3


def test_a_number_in_chinese_digits_is_no_numbering_of_the_label_below() -> None:
    text = "二、上年结转政府信息公开申请数量 | 零 | 六十\n三、本年度办理结果 | （一）予以公开 | 四\n"
    assert [row[-1] for row in rows_read(text)] == ["六十", "四"]
    assert rows_read("三、本年度办理结果 | （\n一）予以公开 | 4\n")[0] == ["三、本年度办理结果", "（一）予以公开", "4"]


def test_heads_of_one_character_a_line() -> None:
    text = "结\n果\n维\n持|其\n他\n结\n果|总\n计\n1|2|3\n"
    assert rows_read(text) == [["结果维持", "其他结果", "总计"], ["1", "2", "3"]]


def test_whole_rows_are_never_put_together() -> None:
    text = "（七）总计 | 5 | 三\n四、结转下年度继续办理 | 0 | 0\n申请人情况 | 自然人 | 其他\n总计 | 1 | 2\n"
    assert len(rows_read(text)) == 4
    for mark in ("\\", "/", "*", "~", "0"):
        assert len(rows_read(f"结果维持 | 合计\n{mark} | 9\n")) == 2
