"""Ruled PDF tables that a page break cuts in the ways of office programs and browsers: no row is lost, doubled or left blank."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import pytest

pytest.importorskip("pypdfium2", reason="reading PDF needs the extra nianbao[pdf]")
pytest.importorskip("reportlab", reason="these tests print their PDFs with reportlab")

from parsers.carriers.page.glyphs import Box
from parsers.carriers.page.joining import join_over_break
from parsers.carriers.page.lattice import GridCell, Lattice
from parsers.carriers.pdf import read_pdf
from parsers.document import Table

EDGES = (60.0, 100.0, 260.0, 320.0, 380.0)
BREAK, TOP, HEIGHT = 780.0, 60.0, 30.0  # the last row of a page ends at BREAK, the first of the next begins at TOP
Row = tuple[str, ...]
HEAD: Row = ("", "项目", "自然人", "总计")


def _read(upper: Sequence[Row], lower: Sequence[Row], group: str = "") -> list[list[str]]:
    """The table of two pages as slots; with ``group`` the first column of both pages is one cell, open where the break cuts it."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfgen.canvas import Canvas

    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    buffer = io.BytesIO()
    canvas: Any = Canvas(buffer, pagesize=(595, 842), invariant=1)
    for rows, top in ((upper, BREAK - HEIGHT * len(upper)), (lower, TOP)):
        bottom = top + HEIGHT * len(rows)
        for x in EDGES:
            canvas.line(x, 842 - top, x, 842 - bottom)
        for i in range(len(rows) + 1):
            at_break = (rows is upper and i == len(rows)) or (rows is lower and i == 0)
            if not (group and at_break):
                canvas.line(EDGES[1 if group else 0], 842 - top - i * HEIGHT, EDGES[-1], 842 - top - i * HEIGHT)
        for i, row in enumerate(rows):
            for text, x0, x1 in zip(row, EDGES, EDGES[1:], strict=False):
                for j, line in enumerate(text.split("\n")):
                    canvas.setFont("Helvetica" if line.isascii() else "STSong-Light", 9)
                    canvas.drawCentredString((x0 + x1) / 2, 842 - top - i * HEIGHT - 12 - 11 * j, line)
        if group and rows is upper:
            canvas.setFont("STSong-Light", 9)
            canvas.drawCentredString(80, 842 - (top + bottom) / 2, group)
        canvas.showPage()
    canvas.save()
    (table,) = [block for block in read_pdf(buffer.getvalue()).blocks if isinstance(block, Table)]
    return [[cell.text for cell in row] for row in table.rows]


def test_a_head_is_not_joined_to_values_with_units_or_notes() -> None:
    rows = _read([HEAD, ("1", "一、新收", "6件", "7件")], [("2", "二、结转", "82（注80）", "9件"), ("3", "三、办结", "0件", "16件")])
    assert rows[1:3] == [["1", "一、新收", "6件", "7件"], ["2", "二、结转", "82（注80）", "9件"]]


def test_a_cut_row_may_hold_numbers_on_both_pages() -> None:
    rows = _read([HEAD, ("", "3.其他", "", "—")], [("", "", "9（注8）", ""), ("", "四、结转", "1", "2")])
    assert rows[1:] == [["", "3.其他", "9（注8）", "—"], ["", "四、结转", "1", "2"]]


def test_the_label_of_a_cut_row_may_stand_on_the_next_page() -> None:
    rows = _read([HEAD, ("", "", "2（含\n失效", "")], [("", "四、结转", "1件）", "25"), ("", "五、其他", "0", "0")])
    assert rows[1:] == [["", "四、结转", "2（含失效1件）", "25"], ["", "五、其他", "0", "0"]]


def test_two_rows_with_numbers_in_the_same_column_stay_two() -> None:
    rows = _read([HEAD, ("", "3.其他", "1", "1")], [("", "", "9", ""), ("", "四、结转", "1", "2")])
    assert rows[1:3] == [["", "3.其他", "1", "1"], ["", "", "9", ""]]


def test_numbers_that_fill_their_columns_go_on_below_the_break() -> None:
    rows = _read([HEAD, ("", "3.其他", "5830", "25837")], [("", "", "4", ""), ("", "四、结转", "1", "2")])
    assert rows[1:3] == [["", "3.其他", "5830 ¦ 4", "25837"], ["", "", "4", ""]]  # the longer number goes not on: are these two rows?
    rows = _read([HEAD, ("", "3.其他", "58304123", "25837123")], [("", "", "1", "77"), ("", "四、结转", "1", "2")])
    assert rows[1:] == [["", "3.其他", "583041231", "2583712377"], ["", "四、结转", "1", "2"]]


def test_numbers_below_another_label_do_not_go_on() -> None:
    rows = _read([HEAD, ("", "其中：国家秘密", "12", "12")], [("", "商业秘密", "15", "15"), ("", "四、结转", "1", "2")])
    assert rows[1:3] == [["", "其中：国家秘密", "12", "12"], ["", "商业秘密", "15", "15"]]


def test_a_frame_that_stands_off_the_cells_is_their_edge_on_both_pages() -> None:
    edges, framed = (70.0, 100.0, 260.0, 300.0, 340.0, 380.0, 530.0), (66.0, 100.0, 260.0, 300.0, 340.0, 380.0, 535.0)
    upper, lower = (
        Lattice(Box(xs[0], 0, xs[-1], 30), xs, 1, tuple(GridCell(0, i, 1, 1, f"{number}{i}") for i in range(6)))
        for xs, number in ((framed, 1), (edges, 2))
    )
    joined = join_over_break(upper, lower)
    assert joined is not None
    assert (joined.n_rows, joined.n_cols) == (2, 6)


def test_columns_narrower_than_a_line_are_none() -> None:
    """A thick line at the side, seen as a column of its own, ends where the next page's table does."""
    wide, narrow = (60.0, 100.0, 598.0, 780.0, 784.0), (60.0, 100.0, 598.0, 784.0)
    upper = Lattice(Box(60, 0, 784, 30), wide, 1, tuple(GridCell(0, i, 1, 1, "3" if i < 3 else "") for i in range(4)))
    lower = Lattice(Box(60, 0, 784, 30), narrow, 1, tuple(GridCell(0, i, 1, 1, "4") for i in range(3)))
    joined = join_over_break(upper, lower)
    assert joined is not None
    assert [cell.text for cell in joined.cells] == ["3", "3", "3", "4", "4", "4"]


def test_a_row_printed_on_both_pages_counts_once() -> None:
    row = ("1", "收到申请数", "20", "4")
    assert _read([HEAD, row], [row, ("2", "办结数", "3", "3")])[1:] == [list(row), ["2", "办结数", "3", "3"]]


def test_a_row_printed_on_both_pages_may_lack_on_one_what_the_break_cuts_off() -> None:
    whole, cut, after = ("1", "收到申请数", "20", "4"), ("1", "收到申请数", "", ""), ("2", "办结数", "3", "3")
    assert _read([HEAD, whole], [cut, after])[1:] == [list(whole), list(after)]
    assert _read([HEAD, cut], [whole, after])[1:] == [list(whole), list(after)]


def test_the_side_of_a_cell_taller_than_the_page_belongs_to_the_table() -> None:
    upper, lower = [("", "1.甲", "1", "1"), ("", "2.乙", "2", "2")], [("", "3.丙", "3", "3"), ("", "4.丁", "4", "4")]
    rows = _read(upper, lower, group="办理")
    assert [row[-3:] for row in rows] == [list(row[-3:]) for row in (*upper, *lower)]
    assert rows[0][0] == "办理"
