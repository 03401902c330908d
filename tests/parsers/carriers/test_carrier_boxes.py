"""Pages that lay their tables out without <table>: boxes, lists, preformatted text, lines of cells."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Sequence

import pytest

from parsers import parse
from parsers.carriers.html import read_html
from parsers.document import Table
from tests.parsers.annual.layouts_by_hand import N
from tests.parsers.annual.test_columns import cells_of, is_whole
from tests.parsers.pages_by_hand import page

Rows = Sequence[Sequence[str]]


def boxes(rows: Rows) -> str:
    return "".join(f"<div class=r>{''.join(f'<div>{cell}</div>' for cell in row)}</div>" for row in rows)


def lists(rows: Rows) -> str:
    return "".join(f"<ul>{''.join(f'<li>{cell}</li>' for cell in row)}</ul>" for row in rows)


def definitions(rows: Rows) -> str:
    return f"<dl>{''.join(f'<dt>{row[0]}</dt>' + ''.join(f'<dd>{cell}</dd>' for cell in row[1:]) for row in rows)}</dl>"


def preformatted(rows: Rows) -> str:
    return "<pre>" + "\n".join(" | ".join(row) for row in rows) + "</pre>"


def _wide(text: str) -> int:
    return sum(2 if ord(char) > 0x2000 else 1 for char in text)


def aligned(rows: Rows) -> str:
    """Cells below each other, three blanks between them; without spans, each row begins at the left."""
    widths = [max((_wide(row[i]) for row in rows if len(row) > i), default=0) + 3 for i in range(max(map(len, rows)))]
    lines = ["".join(cell + " " * (width - _wide(cell)) for cell, width in zip(row, widths, strict=False)) for row in rows]
    return "<pre>" + "\n".join(line.rstrip() for line in lines) + "</pre>"


def tabbed(rows: Rows) -> str:
    return "<pre>" + "\n".join("\t".join(row) for row in rows) + "</pre>"


def barred(rows: Rows) -> str:
    return "".join(f"<p>{' | '.join(row)}</p>" for row in rows)


LAYOUTS: dict[str, Callable[[Rows], str]] = {f.__name__: f for f in (boxes, lists, definitions, preformatted, aligned, tabbed, barred)}


def without_tables(html: str, layout: Callable[[Rows], str]) -> str:
    """A page with each of its tables in another layout."""

    def other(match: re.Match[str]) -> str:
        rows = [re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row) for row in re.findall(r"<tr>(.*?)</tr>", match[0], re.S)]
        return f"<div>{layout(rows)}</div>"

    return re.sub(r"<table.*?</table>", other, html, flags=re.S)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_tables_without_table_elements_are_read_whole(layout: str) -> None:
    html = without_tables(page().decode(), LAYOUTS[layout])
    assert "<table" not in html
    is_whole(parse(html.encode()))


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_table_that_lays_out_the_page_hides_none(layout: str) -> None:
    html = without_tables(page().decode(), LAYOUTS[layout])
    is_whole(parse(html.replace("<body>", "<body><table><tr><td>").replace("</body>", "</td></tr></table></body>").encode()))


@pytest.mark.parametrize("layout", [preformatted, aligned])
def test_preformatted_tables_beside_many_cells(layout: Callable[[Rows], str]) -> None:
    """Tables of other kinds on the page are no reason to leave out those of preformatted text."""
    others = "<table>" + "<tr><td>信息类别</td><td>公开数量</td></tr>" * 40 + "</table>"
    html = without_tables(page().decode(), layout)
    is_whole(parse(html.replace("<h2>五、", others + "<h2>五、").encode()))


def test_blank_cells_of_preformatted_text_stay_blank() -> None:
    """What stands below a head is under it, though cells before it are blank."""
    rows = (
        ("统计指标", "单位", "2016年度", "备注"),
        ("（一）收到申请数", "件", "9", ""),
        ("1.当面申请数", "件", "", "含街道"),
        ("2.传真申请数", "件", "", ""),
        ("3.网络申请数", "件", "9", ""),
        ("（二）申请办结数", "件", "9", "见网站"),
        ("主动公开政府信息数", "条", "87", ""),
    )
    report = parse(f"<h1>示例市示例局2016年政府信息公开工作年度报告</h1><p>一、概述</p>{aligned(rows)}".encode())
    read = {cell.indicator: (cell.status, cell.value) for cell in report.cells if cell.status != "absent"}
    assert (read["received_in_person"], read["received_fax"]) == (("blank", None), ("blank", None))
    assert (read["requests_received"], read["received_online"]) == (("reported", 9), ("reported", 9))


def test_prose_that_is_preformatted_stays_prose() -> None:
    html = "<pre>示例局  2023年\n公开信息  12条。\n联系电话  0571-1234\n传真  0571-1235\n邮编  316000</pre>"
    assert not list(read_html(html, None).tables())


def test_cells_in_boxes_have_addresses() -> None:
    html = without_tables(page().decode(), boxes)
    cell = next(c for c in parse(html.encode()).cells if (c.indicator, c.applicant) == ("new_requests", "total"))
    assert cell.value == N["new_requests", "total"]
    table = next(t for t in read_html(html, None).tables() if str(cell.locator).startswith(f"{t.locator}/"))
    places = {table.address(r, c): text.text for r, row in enumerate(table.rows) for c, text in enumerate(row)}
    assert places[str(cell.locator)] == cell.raw


def test_barred_lines_keep_the_addresses_of_their_paragraphs() -> None:
    tables = list(read_html("<h1>题</h1>" + barred([["规章", "0", "1", "2"]] * 5), None).tables())
    assert [(t.locator, t.address(4, 3)) for t in tables] == [("p[2]", "p[6]/cell[4]")]


def test_prose_lists_and_menus_are_no_tables() -> None:
    menu = "".join(f"<li><a>{name}</a></li>" for name in ("首页", "政务公开", "办事服务", "互动交流"))
    pairs = (("索引号", "2024-1"), ("发布日期", "2024-01-02"), ("文号", "无"))
    head = "".join(f"<div><div>{label}</div><div>{text}</div></div>" for label, text in pairs)
    words = "<p><span>2023</span><span>年</span><span>公开</span><span>3</span><span>条</span></p>" * 10
    blocks = read_html(f"<ul>{menu}</ul><div>{head}</div><div>{words}</div>", None).blocks
    assert not any(isinstance(block, Table) for block in blocks)
    assert len(blocks) == 4 + 6 + 10


def test_a_false_sum_in_boxes_contradicts_the_table() -> None:
    html = without_tables(page().decode(), boxes)
    total = str(N["concluded", "total"])
    wrong = re.sub(rf"(（七）总计</div>.*?<div>){total}(</div></div>)", rf"\g<1>{N['concluded', 'total'] + 1}\2", html, count=1, flags=re.S)
    assert wrong != html
    report = parse(wrong.encode())
    assert [t.verdict for t in report.tables] == ["unproved", "contradicted", "proved"]
    assert cells_of(report, "applications")["concluded", "total"] == N["concluded", "total"] + 1


def test_boxes_in_boxes_by_the_thousand_cost_no_second() -> None:
    """A box is looked at no further than a cell goes: nested ones hold the whole page each."""
    body = "<html><body>" + ("<div><div>" + "字" * 50 + "</div><div>3</div>") * 3_000
    times = []
    for _ in range(2):
        start = time.thread_time()
        read_html(body, "utf-8")
        times.append(time.thread_time() - start)
    assert min(times) < 1.5  # 3.5 s where each box is read whole


def test_boxes_inside_a_table_of_boxes_are_no_tables_of_their_own() -> None:
    cell = "<div><ul><li>1</li><li>2</li><li>3</li></ul></div>"
    rows = "".join(f"<div><div>本年新收{i}</div><div>{i}</div><div>0</div><div>7</div></div>" for i in range(1, 6))
    document = read_html(f"<html><body><div>{rows}<div>{cell}</div></div><p>完</p></body></html>", "utf-8")
    tables = list(document.tables())
    assert [len(table.rows) for table in tables] == [5]
    assert [cell.text for cell in tables[0].rows[0]] == ["本年新收1", "1", "0", "7"]
    assert [paragraph.text for paragraph in document.paragraphs()] == ["1", "2", "3", "完"]
