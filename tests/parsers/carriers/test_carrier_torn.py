"""Rows torn out of their tables by tools that turn PDFs into text."""

from __future__ import annotations

from pathlib import Path

import pytest

from parsers.carriers.lines.torn import mend_torn
from parsers.carriers.text import read_text
from parsers.document import Document

KEWEI = Path("../shared/pages/kewei-2024-md/text.md")


def rows(document: Document) -> list[list[list[str]]]:
    return [[[cell.text for cell in row] for row in table.rows] for table in document.tables()]


def test_rows_without_labels_come_back_in_order_and_stay_without_labels() -> None:
    text = (
        "二、收到和处理情况\n"
        "| 一、本年新收 | 32 | 2 | 34 |\n|---|---|---|---|\n\n"
        "（二）部分公开（只\n计这一情形）\n"
        "| 0 | 0 | 0 |\n|---|---|---|\n\n"
        "| 1.属于国家秘密 | 1 | 0 | 1 |\n|---|---|---|---|\n"
        "三、复议情况\n"
        "| 维持 | 纠正 |\n|---|---|\n| 1 | 0 |\n"
    )
    document = mend_torn(read_text(text, None))
    assert rows(document) == [
        [["一、本年新收", "32", "2", "34"], ["0", "0", "0"], ["1.属于国家秘密", "1", "0", "1"]],
        [["维持", "纠正"], ["1", "0"]],
    ]
    assert [p.text for p in document.paragraphs()] == [
        "二、收到和处理情况",
        "（二）部分公开（只",
        "计这一情形）",
        "三、复议情况",
    ]
    table = next(iter(document.tables()))
    assert table.address(1, 0) == "line[7]/cell[1]"


def test_lines_of_a_label_and_values_are_rows() -> None:
    text = "二、主动公开情况\n信息内容本年处理决定数量\n行政处罚 2776\n行政强制 0\n1 0 0 0 1 0 0 3\n"
    assert rows(mend_torn(read_text(text, None))) == [[["行政处罚", "2776"], ["行政强制", "0"], ["1", "0", "0", "0", "1", "0", "0", "3"]]]


@pytest.mark.parametrize(
    "text",
    [
        "共编发文章 1640 篇，其中原创文章 294\n篇，微信公众号关注人数达 1016823 人。",
        "全年办理行政许可 97\n件。",
        "截至 2024 年 12 月\n31 日，公开信息 393 件。",
        "一、总体情况\n2024 年度报告\n",
    ],
)
def test_prose_with_numbers_stays_prose(text: str) -> None:
    document = read_text(text, None)
    assert mend_torn(document) == document


def test_whole_tables_are_left_alone() -> None:
    text = "一、情况\n| 规章 | 0 | 3 |\n|---|---|---|\n| 规范 | 1 | 2 |\n\n说明\n| 许可 | 7 |\n|---|---|\n| 处罚 | 8 |\n"
    document = read_text(text, None)
    assert mend_torn(document) == document


@pytest.mark.skipif(not KEWEI.is_file(), reason="the shared pages are not here")
def test_real_text_has_all_its_rows_together() -> None:
    document = mend_torn(read_text(KEWEI.read_text(encoding="utf-8"), "utf-8"))
    tables = [table for table in document.tables() if any("新收" in c.text for row in table.rows for c in row)]
    assert len(tables) == 1
    values = [[c.text for c in row if c.text and (c.text.isdigit())] for row in tables[0].rows]
    full = [row for row in values if len(row) >= 6]
    assert len(full) == 25
    assert [row[0] for row in full] == [
        "32", "2", "9", "0", "0", "0", "0", "0", "1", "1", "0", "0", "4", "6", "0", "0", "0", "0", "0", "0", "8", "0",
        "4", "33", "1",
    ]  # fmt: skip


def test_the_foot_of_a_page_is_no_torn_row() -> None:
    text = (
        "2016年政府信息公开情况统计表\n统计指标 | 单位 | 统计数\n（一）收到申请数 | 件 | 3\n1.当面申请数 | 件 | 3\n"
        "上一篇：示例市统计局2015年政府信息公开工作年度报告\n主办：示例市人民政府办公室 | 网站标识码：0000000001\n"
    )
    document = mend_torn(read_text(text, None))
    before, table, *_ = document.blocks
    assert before.text == "2016年政府信息公开情况统计表"  # type: ignore[union-attr]
    assert rows(document) == [
        [["统计指标", "单位", "统计数"], ["（一）收到申请数", "件", "3"], ["1.当面申请数", "件", "3"]],
        [["主办：示例市人民政府办公室", "网站标识码：0000000001"]],
    ]
    assert table == next(iter(document.tables()))
