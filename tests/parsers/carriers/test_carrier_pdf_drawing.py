"""PDF tables drawn in other ways than by full lines: what is drawn is read, what is printed over the text is not."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable
from typing import Any

import pytest

pytest.importorskip("pypdfium2", reason="reading PDF needs the extra nianbao[pdf]")
pytest.importorskip("reportlab", reason="these tests print their PDFs with reportlab")

from parsers.carriers.page.drawn import on_page
from parsers.carriers.page.glyphs import Glyph, PageContent, Ruling
from parsers.carriers.page.overprint import without_overprint
from parsers.carriers.pdf import read_pdf
from parsers.document import Document, Table
from parsers.grid import form_grid
from parsers.values import read_value

# A head over two columns, a group over two rows, a blank value, values that fill their cells.
ROWS = [
    [("项目", 2, 1), ("办理情况", 2, 1)],
    [("甲组", 1, 2), ("第一事项", 1, 1), ("12345678", 1, 1), ("87654321", 1, 1)],
    [("第二事项", 1, 1), ("", 1, 1), ("4", 1, 1)],
    [("合计", 2, 1), ("15", 1, 1), ("9", 1, 1)],
]
EDGES = (60.0, 120.0, 200.0, 250.0, 300.0)
TOP, HEIGHT, PAGE = 100.0, 22.0, 842.0

Draw = Callable[[Any, float, float, float, float], None]  # canvas, x0, top, x1, bottom (y downwards)


def _cells() -> list[tuple[str, int, int, int, int]]:
    """Text, row, column and spans of each cell."""
    taken: set[tuple[int, int]] = set()
    cells = []
    for r, row in enumerate(ROWS):
        c = 0
        for text, across, down in row:
            while (r, c) in taken:
                c += 1
            taken |= {(r + i, c + j) for i in range(down) for j in range(across)}
            cells.append((text, r, c, across, down))
            c += across
    return cells


def _page(draw: Callable[[Any], None]) -> Document:
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfgen.canvas import Canvas

    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(595.0, PAGE), invariant=1)
    draw(canvas)
    canvas.save()
    return read_pdf(buffer.getvalue())


def _printed(draw: Draw, then: Callable[[Any], None] = lambda _: None) -> Document:
    def table(canvas: Any) -> None:
        for text, r, c, across, down in _cells():
            x0, x1, top, bottom = EDGES[c], EDGES[c + across], TOP + r * HEIGHT, TOP + (r + down) * HEIGHT
            draw(canvas, x0, top, x1, bottom)
            canvas.setFillGray(0)
            canvas.setFont("Helvetica" if text.isascii() else "STSong-Light", 9)
            canvas.drawCentredString((x0 + x1) / 2, PAGE - (top + bottom) / 2 - 3, text)
        then(canvas)

    return _page(table)


def _slots(document: Document) -> list[list[str]]:
    (table,) = document.tables()
    grid = form_grid(table.rows)
    return [["".join(table.rows[o.row][o.cell].text.split()) if o else "" for o in row] for row in grid.slots]


EXPECTED = [
    ["项目", "项目", "办理情况", "办理情况"],
    ["甲组", "第一事项", "12345678", "87654321"],
    ["甲组", "第二事项", "", "4"],
    ["合计", "合计", "15", "9"],
]


def _levels(canvas: Any, x0: float, top: float, x1: float, bottom: float) -> None:
    for y in (top, bottom):
        canvas.line(x0, PAGE - y, x1, PAGE - y)


def _uprights(canvas: Any, x0: float, top: float, x1: float, bottom: float) -> None:
    for x in (x0, x1):
        canvas.line(x, PAGE - top, x, PAGE - bottom)


def _uprights_by_row(canvas: Any, x0: float, top: float, x1: float, bottom: float) -> None:
    """The sides of a cell over several rows are drawn row by row."""
    while top < bottom:
        _uprights(canvas, x0, top, x1, top + HEIGHT)
        top += HEIGHT


def _shade(canvas: Any, x0: float, top: float, x1: float, bottom: float) -> None:
    canvas.setFillGray(0.9)
    canvas.rect(x0, PAGE - bottom, x1 - x0, bottom - top, stroke=0, fill=1)


def _dots(canvas: Any, x0: float, top: float, x1: float, bottom: float) -> None:
    canvas.setFillGray(0)
    for i in range(int((x1 - x0) / 1.5)):
        for y in (top, bottom):
            canvas.rect(x0 + 1.5 * i, PAGE - y, 0.75, 0.75, stroke=0, fill=1)
    for i in range(int((bottom - top) / 1.5)):
        for x in (x0, x1):
            canvas.rect(x, PAGE - top - 1.5 * i, 0.75, 0.75, stroke=0, fill=1)


def _doubled(canvas: Any, x0: float, top: float, x1: float, bottom: float) -> None:
    """Each cell has a double border of its own, with a space to the next cell's."""
    for inset in (0.75, 2.25):
        canvas.rect(x0 + inset, PAGE - bottom + inset, x1 - x0 - 2 * inset, bottom - top - 2 * inset, stroke=1, fill=0)


def _grid(canvas: Any, x0: float, top: float, x1: float, bottom: float) -> None:
    canvas.rect(x0, PAGE - bottom, x1 - x0, bottom - top, stroke=1, fill=0)


def _thick(canvas: Any, x0: float, top: float, x1: float, bottom: float) -> None:
    """Lines that are boxes of 4.5 points, each as long as the cell's side."""
    across, down = x1 - x0, bottom - top
    for x, y, width, height in ((x0, bottom, across, 0), (x0, top, across, 0), (x0, bottom, 0, down), (x1, bottom, 0, down)):
        canvas.rect(x - 2.25, PAGE - y - 2.25, width + 4.5, height + 4.5, stroke=0, fill=1)


@pytest.mark.parametrize("draw", [_thick, _levels, _uprights, _uprights_by_row, _shade, _dots, _doubled, _grid])
def test_cells_are_as_drawn(draw: Draw) -> None:
    assert _slots(_printed(draw)) == EXPECTED


def test_shaded_cells_have_their_own_boxes() -> None:
    (table,) = _printed(_shade).tables()
    assert table.address(1, 2) == "page[1]/box[200,122,250,144]"


def test_values_of_framed_rows_without_columns_do_not_run_together() -> None:
    """A frame, and lines over its whole width: the columns are told by where the values stand."""

    def draw(canvas: Any) -> None:
        canvas.rect(60, PAGE - 190, 300, 90)
        for row, texts in enumerate((("项目", "自然人", "总计"), ("一、新收", "7", "7"), ("二、结转", "5", "5"))):
            canvas.line(60, PAGE - 100 - 30 * row, 360, PAGE - 100 - 30 * row)
            for x, text in zip((70, 200, 300), texts, strict=True):
                canvas.setFont("Helvetica" if text.isascii() else "STSong-Light", 9)
                canvas.drawString(x, PAGE - 118 - 30 * row, text)

    (table,) = _page(draw).tables()
    assert [[cell.text for cell in row][-2:] for row in table.rows] == [["自然人", "总计"], ["7", "7"], ["5", "5"]]


def test_underlines_of_links_above_a_table_are_none_of_its_lines() -> None:
    def links(canvas: Any) -> None:
        _shade(canvas, 40, 30, 555, 60)
        canvas.setFillGray(0)
        canvas.setFont("STSong-Light", 9)
        for x in (50, 110, 170, 230):
            canvas.drawString(x, PAGE - 48, "政务公开")
            canvas.line(x, PAGE - 49.5, x + 36, PAGE - 49.5)

    document = _printed(_grid, links)
    assert _slots(document) == EXPECTED
    assert [block.text for block in document.blocks if not isinstance(block, Table)] == ["政务公开 政务公开 政务公开 政务公开"]


def test_level_lines_without_places_are_no_cells() -> None:
    """Lines over the whole width tell no columns: values side by side must not run into one cell."""

    def draw(canvas: Any, _x0: float, _top: float, _x1: float, bottom: float) -> None:
        canvas.line(EDGES[0], PAGE - bottom, EDGES[-1], PAGE - bottom)

    for table in _printed(draw).tables():
        assert all("12345678" not in cell.text or cell.text == "12345678" for row in table.rows for cell in row)


def test_numbers_of_two_cells_that_touch_are_neither_one_number_nor_a_blank() -> None:
    def add(canvas: Any) -> None:
        canvas.setFont("Helvetica", 9)
        canvas.drawRightString(EDGES[3], PAGE - (TOP + 2.5 * HEIGHT) - 3, "1494")
        canvas.drawString(EDGES[3], PAGE - (TOP + 2.5 * HEIGHT) - 3, "1288")

    left, right = _slots(_printed(_shade, add))[2][2:]
    for text in (left, right):
        value = read_value(text)
        assert (value.status, value.number) == ("unreadable", None)
        assert value.note
        assert "1494" in text


def test_upright_lines_without_places_are_no_rows() -> None:
    """Lines over the whole height tell no rows: values below each other must not run into one cell."""

    def draw(canvas: Any, x0: float, _top: float, x1: float, _bottom: float) -> None:
        _uprights(canvas, x0, TOP, x1, TOP + len(ROWS) * HEIGHT)

    for table in _printed(draw).tables():
        assert all(sum(value in cell.text for value in ("12345678", "15")) < 2 for row in table.rows for cell in row)


def test_a_label_in_two_lines_over_two_rows_is_one_cell() -> None:
    """Each of its lines stands in a row of its own, as two labels would."""
    edges, base = (60.0, 120.0, 180.0, 240.0), PAGE - TOP
    heads = [(90, 27, "结果"), (90, 37, "维持"), (150, 23, "甲类"), (150, 43, "件数"), (210, 33, "总计")]
    texts = [*heads, (90, 67, "7"), (150, 67, "3"), (210, 67, "4")]

    def draw(canvas: Any) -> None:
        for i in range(3):
            for x in edges:
                canvas.line(x, base - 10 - 20 * i, x, base - 30 - 20 * i)
        for x, down, text in texts:
            canvas.setFont("Helvetica" if text.isascii() else "STSong-Light", 9)
            canvas.drawCentredString(x, base - down, text)

    (table,) = _page(draw).tables()
    found = [[(cell.text, cell.rowspan) for cell in row] for row in table.rows]
    assert found[0][0] == ("结果维持", 2)
    assert found[0][-1] == ("总计", 2)
    assert [text for text, _ in found[2]] == ["7", "3", "4"]


def test_struck_digits_are_deletions() -> None:
    def strike(canvas: Any) -> None:
        y = PAGE - (TOP + 3.5 * HEIGHT) - 3
        canvas.setFont("Helvetica", 9)
        canvas.drawString(281.0, y, "77")
        canvas.setLineWidth(0.5)
        canvas.line(281.0, y + 2.6, 291.0, y + 2.6)

    assert _slots(_printed(_grid, strike)) == EXPECTED


def test_a_line_under_or_longer_than_a_number_strikes_nothing() -> None:
    def line(canvas: Any) -> None:
        y = PAGE - (TOP + 3.5 * HEIGHT) - 3
        canvas.line(272.0, y - 1.5, 278.0, y - 1.5)
        canvas.line(252.0, y + 2.6, 298.0, y + 2.6)

    texts = [cell.text for table in _printed(_grid, line).tables() for row in table.rows for cell in row]
    assert "9" in texts
    assert "15" in texts


def test_watermark_over_the_table_is_left_out() -> None:
    def mark(canvas: Any) -> None:
        canvas.setFillGray(0.8)
        canvas.setFont("STSong-Light", 60)
        canvas.drawString(180.0, PAGE - TOP - 3.2 * HEIGHT, "样张")

    assert _slots(_printed(_grid, mark)) == EXPECTED


@pytest.mark.parametrize(
    ("x", "y", "size", "text", "expected"),
    [(277.6, 149, 6, "2", ""), (270, 151, 9, "35", ""), (262, 151, 10.5, "0315", ""), (270, 151, 1, "7", "4")],
)
def test_digits_over_a_number_or_of_another_size_leave_it_open(x: float, y: float, size: float, text: str, expected: str) -> None:
    """A note's number, a watermark over the count, one beside it; specks that nobody sees do not."""

    def more(canvas: Any) -> None:
        canvas.setFont("Helvetica", size)
        canvas.drawString(x, PAGE - y - 6, text)

    value = read_value(_slots(_printed(_grid, more))[2][3])
    assert (value.status, value.number) == (("reported", 4) if expected else ("unreadable", None))


def test_a_dash_is_no_speck() -> None:
    """What is recognised on a picture is as low as its ink."""
    text = [Glyph("无", 10.0 * i, 10.0 * i + 10, 100.0, 10.0) for i in range(9)]
    dash, speck = Glyph("一", 120.0, 127.0, 100.0, 0.4), Glyph("7", 140.0, 140.5, 100.0, 1.0)
    page = PageContent(1, 600.0, 800.0, (*text, dash, speck), (), ())
    assert without_overprint(page).glyphs == (*text, dash)


def test_a_blank_value_below_the_break_stays_a_cell() -> None:
    """A head that ends at the page break does not swallow the blank value on the next page."""
    from parsers.carriers.page.glyphs import Box
    from parsers.carriers.page.joining import join_over_break
    from parsers.carriers.page.lattice import GridCell, Lattice

    edges = (0.0, 50.0, 100.0, 150.0)
    head = tuple(GridCell(0, c, 2, 1, text) for c, text in enumerate(("结果维持", "结果纠正", "总计")))
    values = tuple(GridCell(0, c, 1, 1, text) for c, text in enumerate(("", "无", "3")))
    joined = join_over_break(Lattice(Box(0, 0, 150, 40), edges, 2, head), Lattice(Box(0, 0, 150, 20), edges, 1, values))
    assert joined is not None
    assert [cell.text for cell in joined.cells if cell.row == 2] == ["", "无", "3"]


# ------------------------------------------------------------------ hostile files


def _pdf(objects: dict[int, bytes]) -> bytes:
    body = b"%PDF-1.5\n"
    offsets = {}
    for number, content in objects.items():
        offsets[number] = len(body)
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(body)
    body += b"xref\n0 %d\n0000000000 65535 f \n" % (max(offsets) + 1)
    body += b"".join(b"%010d 00000 n \n" % offsets.get(number, 0) for number in range(1, max(offsets) + 1))
    return body + b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (max(offsets) + 1, start)


def _stream(content: bytes, entries: bytes = b"") -> bytes:
    packed = zlib.compress(content, 9)
    return b"<</Length %d/Filter/FlateDecode%s>>stream\n%s\nendstream" % (len(packed), entries, packed)


def _one_page(content: bytes, resources: bytes = b"", more: dict[int, bytes] | None = None) -> bytes:
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<<%s>>>>" % resources
    objects = {1: b"<</Type/Catalog/Pages 2 0 R>>", 2: b"<</Type/Pages/Kids[3 0 R]/Count 1>>", 3: page, 4: content}
    return _pdf(objects | (more or {}))


def _form(inner: int, times: int) -> bytes:
    entries = b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X %d 0 R>>>>" % inner
    return _stream(b"/X Do " * times, entries)


@pytest.mark.parametrize(
    "body",
    [
        _one_page(_stream(b"/X Do "), b"/XObject<</X 10 0 R>>", {10: _form(10, 2)}),
        _one_page(_stream(b"/X Do "), b"/XObject<</X 10 0 R>>", {n: _form(n + 1, 4) for n in range(10, 30)}),
        _one_page(_stream(b"q Q " * (11 << 20))),
        _one_page(_stream(bytes(210 << 20), b"/Subtype/Image")),
    ],
    ids=["circle", "powers", "stream", "picture"],
)
def test_bombs_are_named_and_not_opened(body: bytes) -> None:
    document = read_pdf(body)
    assert [code for code, _ in document.problems] == ["too_large"]
    assert document.blocks == ()


def test_a_large_picture_is_no_bomb() -> None:
    picture = _stream(bytes(50 << 20), b"/Type/XObject/Subtype/Image/Width 10240/Height 5120/BitsPerComponent 8/ColorSpace/DeviceGray")
    assert "too_large" not in [code for code, _ in read_pdf(_one_page(_stream(b"0 0 m 9 9 l S"), more={10: picture})).problems]


def test_forms_that_draw_forms_are_no_bombs() -> None:
    line = _stream(b"0 0 m 9 9 l S", b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]")
    body = _one_page(_stream(b"/X Do " * 50), b"/XObject<</X 10 0 R>>", {10: _form(11, 50), 11: line})
    assert "too_large" not in [code for code, _ in read_pdf(body).problems]


def test_a_page_of_dots_is_too_complex() -> None:
    dots = b"".join(b"%d %d .5 .5 re f " % (i % 590, i // 590) for i in range(160_000))
    assert "page_too_complex" in [code for code, _ in read_pdf(_one_page(_stream(dots))).problems]


def test_no_table_is_made_of_a_highlighted_line() -> None:
    def draw(canvas: Any, _x0: float, top: float, _x1: float, bottom: float) -> None:
        if top == TOP:
            _shade(canvas, EDGES[0], top, EDGES[-1], bottom)

    assert not any(isinstance(block, Table) and len(block.rows) == 1 for block in _printed(draw).blocks)


def test_frames_filled_between_two_edges_are_lines() -> None:
    def frame(canvas: Any, x0: float, top: float, x1: float, bottom: float) -> None:
        path = canvas.beginPath()
        path.rect(x0, PAGE - bottom, x1 - x0, bottom - top)
        path.rect(x0 + 1, PAGE - bottom + 1, x1 - x0 - 2, bottom - top - 2)
        canvas.drawPath(path, stroke=0, fill=1, fillMode=0)

    assert _slots(_printed(frame)) == _slots(_printed(_grid))


def test_what_is_printed_counts_and_not_what_the_file_says_instead() -> None:
    def marked(canvas: Any) -> None:
        canvas.setFont("Helvetica", 9)
        for x, printed, said in ((70.0, "1109", b"1109"), (130.0, "44", b"45")):
            canvas.rect(x - 10, 690, 60, 20)
            canvas._code.append(f"/Span <</ActualText <{said.hex()}>>> BDC")
            canvas.drawString(x, 696, printed)
            canvas._code.append("EMC")

    (table,) = _page(marked).tables()
    assert [cell.text for cell in table.rows[0]] == ["1109", "44"]


def test_lines_beyond_the_page_are_not_seen() -> None:
    lines = [Ruling(-20.0, 0.0, 100.0), Ruling(50.0, -30.0, 900.0), Ruling(90.0, 120.0, 130.0), Ruling(700.0, 0.0, 100.0)]
    assert on_page(lines, 600.0, 100.0) == (Ruling(50.0, 0.0, 100.0),)
