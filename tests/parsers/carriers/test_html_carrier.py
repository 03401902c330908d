"""HTML to blocks: which tables are data, what their cells say, and markup that is broken or hostile."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parsers.carriers.html import read_html
from parsers.document import Document, Paragraph

SLOW = pytest.mark.xfail(reason="known to take time in the square of its depth")


def read(html: str) -> Document:
    """A page without an encoding of its own."""
    return read_html(html, "utf-8")


def texts(html: str) -> list[list[list[str]]]:
    """Tables as rows of texts."""
    return [[[cell.text for cell in row] for row in table.rows] for table in read(html).tables()]


def lines(html: str) -> list[str]:
    """Paragraphs as texts."""
    return [block.text for block in read(html).blocks if isinstance(block, Paragraph)]


def test_blocks_come_in_reading_order() -> None:
    html = "<p>一</p><table><tr><td>1</table><p>二</p><table><tr><td>2</table>三"
    blocks = read(html).blocks
    assert [b.text if isinstance(b, Paragraph) else b.rows[0][0].text for b in blocks] == ["一", "1", "二", "2", "三"]


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("商业<br>企业", "商业 企业"),
        ("商业<br/>企业", "商业 企业"),
        ("<p>商业</p><p>企业</p>", "商业 企业"),
        ("10</span><span>037", "10037"),
        ("<span><font>&nbsp;</font><font>0</font></span>", "0"),
        ("<o:p> </o:p>", ""),
        ('<input type="text" value="12">', "12"),
        ('<p><input value="12"></p>', "12"),
        ('<input type="hidden" value="9">', ""),
        ("<textarea>12</textarea>", "12"),
        ("12<textarea>copy</textarea>", "12"),
        ("<o:p></o:p>", ""),
        ("&nbsp;&nbsp;&nbsp;", ""),
        ("0<span>&nbsp;&nbsp;&nbsp;&nbsp;&nbsp;&nbsp;&nbsp;</span>", "0"),
        ("\n   1\n  2 \n", "1 2"),
        ("<b>7</b><!-- 8 -->", "7"),
        ("<sup>注</sup>3", "注3"),
        ("5<sup>1</sup>", "5[1]"),
        ("5<sup><a href=#n>[2]</a></sup>", "5[2]"),
        ("<p>12</p><p>3</p>", "12 | 3"),
        ("1<br>2", "1 | 2"),
        ("<p>12</p><p>&nbsp;</p>", "12"),
        ("<p>22</p><p>（其中修订16件）</p>", "22（其中修订16件）"),
        ("&#49;&#x32;", "12"),
        ("<img src=a.png alt=5>", "\ufffc"),  # what it shows is not known: no blank
        ("<input value=5>6", "6"),
    ],
)
def test_the_text_of_a_cell(cell: str, text: str) -> None:
    """A line break inside a cell counts for nothing or for a blank; spans and comments for nothing."""
    (((found,),),) = texts(f"<table><tr><td>{cell}</td></tr></table>")
    assert found.replace(" ", "") == text.replace(" ", "")
    if text.replace(" ", "").isdigit():
        assert found == text


@pytest.mark.parametrize("tag", ["script", "style", "template", "noscript", "iframe", "object", "svg", "title"])
def test_what_no_reader_sees_is_not_in_the_text(tag: str) -> None:
    html = f"<div>前<{tag}>99</{tag}>后</div><table><tr><td>1<{tag}>8</{tag}></td></tr></table>"
    assert "99" not in "".join(lines(html))
    assert texts(html) == [[["1"]]]


@pytest.mark.parametrize(
    "style",
    [
        "style='display:none'",
        "style='display: none;'",
        'style="color:red;DISPLAY:none"',
        "hidden",
        "style='display:none !important'",
        "style=display:none",
    ],
)
def test_hidden_tables_rows_and_cells_are_not_read(style: str) -> None:
    html = (
        f"<table {style}><tr><td>9</td></tr></table><div {style}><table><tr><td>8</td></tr></table></div>"
        f"<table><tr {style}><td>7</td></tr><tr><td {style}>6</td><td>5</td></tr></table>"
    )
    assert [[cell for row in table for cell in row] for table in texts(html)] == [["5"]]


def test_hidden_elements_can_be_kept() -> None:
    html = "<div style='display:none'><table><tr><td>8</td></tr></table></div>"
    assert [table.rows[0][0].text for table in read_html(html, None, keep_hidden=True).tables()] == ["8"]


@pytest.mark.parametrize(
    "style", ["style='display:block'", "style='display:table'", "class=hidden", "data-hidden=1", "title='display:none'"]
)
def test_what_only_looks_hidden_is_read(style: str) -> None:
    assert texts(f"<table {style}><tr><td>5</td></tr></table>") == [[["5"]]]


def test_a_hidden_body_is_a_page_that_scripts_will_show() -> None:
    assert texts("<body style='display:none'><table><tr><td>5</td></tr></table></body>") == [[["5"]]]


def test_layout_tables_are_unwrapped() -> None:
    inner = "<table><tr><td>1</td><td>2</td></tr></table>"
    html = f"<table><tr><td>菜单</td><td><p>一、总体情况</p>{inner}<p>完</p></td></tr></table>"
    assert texts(html) == [[["1", "2"]]]
    assert lines(html) == ["菜单", "一、总体情况", "完"]
    assert texts(f"<table><tr><td><table><tr><td>{inner}{inner}</td></tr></table></td></tr></table>") == [[["1", "2"]]] * 2


def test_a_number_in_a_table_of_its_own_is_part_of_its_cell() -> None:
    html = "<table><tr><td>规章</td><td><table><tr><td>7</td></tr></table></td><td>8</td></tr></table>"
    assert texts(html) == [[["规章", "7", "8"]]]


def test_a_caption_is_the_first_row() -> None:
    assert texts("<table><caption>四、行政复议</caption><tr><td>1</td></tr></table>") == [[["四、行政复议"], ["1"]]]


def test_unclosed_cells_rows_and_tables() -> None:
    assert texts("<table><tr><td>a<td>b<tr><td>c<td>d") == [[["a", "b"], ["c", "d"]]]
    assert texts("<table><tr><td>a</table></table></div></td><table><td>b") == [[["a"]], [["b"]]]


def test_text_between_rows_stands_before_the_table() -> None:
    """Foster parenting (HTML Standard 13.2.6.1): browsers show stray text in a table above it."""
    html = "<p>上</p><table><tr><td>1</td></tr>漂<tr><td>2</td></tr></table>"
    assert texts(html) == [[["1"], ["2"]]]
    assert lines(html) == ["上", "漂"]


def test_spans() -> None:
    (table,) = read("<table><tr><td colspan=3 rowspan='2'>a</td><td colspan='' rowspan=x>b</td><td colspan='5%'>c").tables()
    assert [(c.colspan, c.rowspan) for c in table.rows[0]] == [(3, 2), (1, 1), (5, 1)]


def test_addresses_are_those_of_the_source() -> None:
    """The second table of the page, its second row, its third cell: counted over all tables, layout ones included."""
    html = "<table><tr><td>x</table><table><tr><td>a<td>b<td>c<tr><td>d<td>e<td>f</table>"
    _, table = read(html).tables()
    assert table.address(1, 2) == "table[2]/tr[2]/td[3]"
    inner = f"<table><tr><td>{html}</td></tr></table>"
    assert [t.locator for t in read(inner).tables()] == ["table[2]", "table[3]"]


def test_title_and_meta_tags() -> None:
    html = (
        "<title> 示例局 \n 2023年报 </title><meta name=PubDate content='2024-01-18'><meta name='pubdate' content='later'>"
        "<meta name=Empty content=''><meta property=x content=y><p>a"
    )
    document = read(html)
    assert document.title == "示例局 2023年报"
    assert document.meta["pubdate"] == "2024-01-18", "the first one counts"
    with pytest.raises(TypeError):
        document.meta["pubdate"] = "no"  # type: ignore[index]


def test_a_table_of_a_hundred_thousand_cells_is_refused_by_name() -> None:
    row = "<tr>" + "<td>1</td>" * 1000 + "</tr>"
    small, large = read(f"<table>{row * 100}</table>"), read(f"<p>a</p><table>{row * 101}</table>")
    assert small.problems == ()
    ((code, message),) = large.problems
    assert code == "table_too_large"
    assert "table[1]" in message
    assert [len(table.rows) for table in large.tables()] == [0]


@pytest.mark.parametrize(
    "html",
    [
        pytest.param("<div>" * 60_000, marks=SLOW),
        "<table><tr><td>" * 3_000 + "1",
        "<b><i>" * 20_000 + "<table><tr><td>1</table>",
        "<table>" * 20_000,
        "<td>" * 50_000,
        "<p style='" + "x" * 2_000_000 + "'>a</p>",
        "<table><tr><td " + "a=1 " * 200_000 + ">1</td></tr></table>",
        "<table><tr><td colspan=" + "9" * 100_000 + ">1</td></tr></table>",
        "<table" * 30_000,
        "<!--" * 100_000,
        "&#" * 200_000,
        "&nbsp;" * 200_000,
        "\x00" * 100_000 + "<table><tr><td>\x001\x00</table>",
        "<svg><table><tr><td>1</svg><math><table><tr><td>2",
        "<frameset><frame src=a></frameset>",
        "<plaintext><table><tr><td>1",
        "<textarea><table><tr><td>1</table>",
        "<style>" + "a{}" * 100_000,
        "<html><head></head></html>",
        "<p hidden>" * 5_000 + "x",
        "<table style='display:none'>" * 3_000,
    ],
    ids=lambda html: html[:24],
)
def test_hostile_markup_is_read_in_no_time(html: str) -> None:
    """A second per megabyte and a bit, best of three: no deep recursion, no quadratic walk."""
    times = []
    for _ in range(3):
        start = time.thread_time()
        document = read(html)
        times.append(time.thread_time() - start)
        assert document.kind == "html"
        if times[-1] < 0.3:
            break
    assert min(times) < 1.0 + len(html) / 1e6


SOUP = """<table> </table> <tr> </tr> <td> </td> <p> </p> </div> <caption> 1 件 <tbody> <b> </b> <select> <form> <!-- -->"""


@given(st.lists(st.sampled_from([*SOUP.split(), "<div hidden>", " ", "<td colspan=2 rowspan=9>"]), max_size=40))
@settings(max_examples=300, deadline=None)
def test_any_soup_of_tags_is_read_and_no_number_is_made_up(parts: list[str]) -> None:
    html = "".join(parts)
    document = read(html)
    shown = "".join(b.text if isinstance(b, Paragraph) else "".join(c.text for r in b.rows for c in r) for b in document.blocks)
    assert shown.count("1") <= html.count("1")


@given(st.binary(max_size=300))
@settings(deadline=None)
def test_any_bytes_are_read(data: bytes) -> None:
    read_html(data, None)
    read_html(data.decode("latin-1"), None)


def test_struck_text_is_not_read() -> None:
    """What an editor struck out stands beside what is meant: 9 struck and 12 are not 912. A tag without an end strikes out nothing."""
    assert texts("<table><tr><td><s>9</s>12</td><td><del>3</del>4</td><td>5<strike>6</strike></td></tr></table>") == [[["12", "4", "5"]]]
    styled = '<span style="font-size: 12px; text-decoration: line-through;">9</span>12'
    row = f'<td>{styled}</td><td style="text-decoration:line-through">3</td><td>4</td>'
    assert texts(f"<table><tr>{row}</tr></table>") == [[["12", "3", "4"]]]
    kept = "没有结束标记的删除线不能让整页的文字都消失。" * 3
    assert lines(f"<p><del>{kept}</p>") == [kept]


@pytest.mark.parametrize(
    "drawn", ['<input type="checkbox" value="7">', "<select><option>7</select>", "<svg><text>7</text></svg>", "<canvas></canvas>"]
)
def test_what_a_field_or_a_drawing_in_a_cell_shows_is_not_a_blank(drawn: str) -> None:
    row = f'<td>{drawn}</td><td><input type="Hidden" value="3"></td><td>8{drawn}</td>'
    assert texts(f"<table><tr>{row}</tr></table>") == [[["\ufffc", "", "8"]]]


def test_a_picture_in_a_cell_is_not_a_blank() -> None:
    """A number may be a picture; a spacer only keeps a place, and beside text the text counts."""
    row = '<td><img src="1.png"></td><td><p><img src="s.gif" width="1" height="1">&nbsp;</p></td><td>7<img src="2.png"></td><td></td>'
    assert texts(f"<table><tr>{row}</tr></table>") == [[["\ufffc", "", "7", ""]]]
