"""What a PDF's text says and shows: characters that the file's fonts do not name, text that nobody sees."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable
from typing import Any

import pytest

pytest.importorskip("pypdfium2", reason="reading PDF needs the extra nianbao[pdf]")
pytest.importorskip("reportlab", reason="these tests print their PDFs with reportlab")

from parsers.carriers import pdf
from parsers.carriers.page import pages
from parsers.carriers.page.glyphs import Glyph, PageContent
from parsers.carriers.page.pages import document_of
from parsers.carriers.pdf import read_pdf
from parsers.document import Document
from parsers.values import read_value

XS, BOTTOM, TOP = (100, 200, 300), 600, 620
Draw = Callable[[Any], None]


@pytest.fixture(autouse=True)
def _without_ocr(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "missing", lambda: ["ocr"])
    monkeypatch.setattr(pages, "missing", lambda: ["ocr"])


def _printed(*draw: Draw, values: tuple[str, str] = ("1", ""), change: Callable[[bytes], bytes] = bytes) -> Document:
    """A ruled row of two values under two heads, and what ``draw`` adds; ``change`` is made to the file."""
    from reportlab.pdfgen.canvas import Canvas

    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(595, 842), invariant=1)
    for x0, x1, head, value in zip(XS, XS[1:], ("A", "B"), values, strict=False):
        for low, text in ((BOTTOM, value), (TOP, head)):
            canvas.rect(x0, low, x1 - x0, 20, stroke=1, fill=0)
            canvas.setFont("Helvetica", 9)
            canvas.drawString(x0 + 20, low + 6, text)
    for add in draw:
        add(canvas)
    canvas.save()
    return read_pdf(change(buffer.getvalue()))


def _values(document: Document) -> list[str]:
    (table,) = document.tables()
    return [cell.text for cell in table.rows[1]]


def _text(x: float, text: str, *, mode: int = 0, gray: float = 0.0) -> Draw:
    def draw(canvas: Any) -> None:
        line = canvas.beginText()
        line.setTextOrigin(x, BOTTOM + 6)
        line.setFont("Helvetica", 9)
        line.setTextRenderMode(mode)
        line.setFillGray(gray)
        line.textOut(text)
        line.setTextRenderMode(0)
        canvas.drawText(line)

    return draw


def _box(canvas: Any) -> None:
    canvas.setFillGray(0.2)
    canvas.rect(200.5, BOTTOM + 0.5, 99, 19, stroke=0, fill=1)


@pytest.mark.parametrize("style", [{"mode": 3}, {"gray": 1.0}], ids=["no colour", "white"])
@pytest.mark.parametrize("x", [126, 220])
def test_text_that_nobody_sees_is_no_number(style: dict[str, Any], x: float) -> None:
    assert _values(_printed(_text(x, "7", **style))) == ["1", ""]


@pytest.mark.parametrize("mode", [0, 1, 2])
def test_filled_and_outlined_text_is_seen(mode: int) -> None:
    assert _values(_printed(_text(220, "7", mode=mode))) == ["1", "7"]


def test_outlined_white_text_is_seen() -> None:
    assert _values(_printed(_text(220, "7", mode=2, gray=1.0))) == ["1", "7"]


def test_white_text_on_a_dark_cell_is_seen() -> None:
    assert _values(_printed(_box, _text(220, "7", gray=1.0))) == ["1", "7"]


def _cover(canvas: Any) -> None:
    canvas.setFillGray(1.0)
    canvas.rect(215, BOTTOM + 1, 40, 18, stroke=0, fill=1)


def _clip(canvas: Any, x0: float, x1: float) -> None:
    path = canvas.beginPath()
    path.rect(x0, BOTTOM, x1 - x0, 20)
    canvas.clipPath(path, stroke=0, fill=0)


def test_text_outside_of_its_clip_is_no_number() -> None:
    assert _values(_printed(lambda canvas: _clip(canvas, 280, 290), _text(220, "7"))) == ["1", ""]


def test_text_under_a_box_is_no_number() -> None:
    assert _values(_printed(_text(220, "7"), _cover)) == ["1", ""]
    assert _values(_printed(_text(220, "7"), _cover, _text(240, "8"))) == ["1", "8"]


def test_of_two_digits_in_one_place_none_is_read() -> None:
    assert read_value(_values(_printed(_text(220, "7"), _cover, _text(220.5, "8")))[1]).status == "unreadable"


def test_a_number_seen_in_part_is_not_the_part() -> None:
    cut = _values(_printed(lambda canvas: _clip(canvas, 200, 230.2), _text(220, "1234")))
    assert cut == ["1", "12\ufffd\ufffd"]
    assert read_value(cut[1]).status == "unreadable"


def test_text_in_a_layer_that_is_off_is_no_number() -> None:
    def hidden(canvas: Any) -> None:
        canvas._code.append("/OC /Off BDC")
        _text(220, "7")(canvas)
        canvas._code.append("EMC")

    assert _values(_printed(hidden, change=_switched_off)) == ["1", ""]


def _switched_off(body: bytes) -> bytes:
    """The file with the layer that its page names, off."""
    body = body.replace(b"/Type /Catalog", b"/Type /Catalog /OCProperties << /OCGs [ 90 0 R ] /D << /OFF [ 90 0 R ] >> >>", 1)
    body = body.replace(b"/Resources <<", b"/Resources << /Properties << /Off 90 0 R >>", 1)
    at = body.rindex(b"xref\n", 0, body.rindex(b"startxref"))
    return body[:at] + b"90 0 obj\n<< /Type /OCG /Name (Off) >>\nendobj\n" + body[at:]  # readers look for its objects


@pytest.mark.parametrize("kind", ["text field", "typed on the page"])
def test_what_is_filled_in_is_read(kind: str) -> None:
    def fill(canvas: Any) -> None:
        if kind == "text field":
            canvas.acroForm.textfield(name="b", value="7", x=215, y=BOTTOM + 2, width=40, height=16, borderWidth=0, fontSize=9)
        else:
            canvas.freeTextAnnotation("7", "/Helv 9 Tf", Rect=[215, BOTTOM + 2, 255, BOTTOM + 18], relative=0)

    assert _values(_printed(fill))[1] == ("7" if kind == "text field" else "\ufffd")  # nothing in the file draws the latter


def test_the_text_layer_of_a_scan_is_read_as_ocr() -> None:
    def scan(canvas: Any) -> None:
        from PIL import Image
        from reportlab.lib.utils import ImageReader

        canvas.drawImage(ImageReader(Image.new("L", (60, 80), 255)), 0, 0, 595, 842)

    def layer(canvas: Any) -> None:
        for i in range(30):
            _text(60 + 12 * i, "7", mode=3)(canvas)

    document = _printed(scan, layer, values=("", ""))
    assert any("7" in cell.text for table in document.tables() for row in table.rows for cell in row)
    assert document.recognised == ("page[1]/",)


# ------------------------------------------------------------------ fonts that do not say what their glyphs mean


def _unnamed(codes: bytes) -> Document:
    """A ruled row of one cell printed in a Type 3 font whose two glyphs, boxes, have no names that mean anything."""
    box = b"600 0 0 0 600 700 d1 0 0 600 700 re f"
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F 5 0 R/H 7 0 R>>>>>>",
        b"",
        b"<</Type/Font/Subtype/Type3/FontBBox[0 0 600 700]/FontMatrix[.001 0 0 .001 0 0]/CharProcs<</g19 6 0 R/g50 6 0 R>>"
        b"/Encoding<</Type/Encoding/Differences[19/g19 50/g50]>>/FirstChar 19/LastChar 50/Widths[" + b"600 " * 32 + b"]>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(box), box),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    drawing = b"100 600 100 20 re S 200 600 100 20 re S BT /H 9 Tf 110 606 Td (A) Tj ET BT /F 9 Tf 220 606 Td <%s> Tj ET" % codes
    packed = zlib.compress(drawing)
    objects[3] = b"<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream" % (len(packed), packed)
    body, offsets = b"%PDF-1.5\n", []
    for number, content in enumerate(objects, 1):
        offsets.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    count, start = len(objects) + 1, len(body)
    body += b"xref\n0 %d\n0000000000 65535 f \n%strailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (count, table, count, start)
    return read_pdf(body)


@pytest.mark.parametrize("codes", [b"13", b"32", b"3232"], ids=["a control code", "the code of a digit", "two"])
def test_a_glyph_without_a_meaning_is_neither_blank_nor_a_digit(codes: bytes) -> None:
    (table,) = _unnamed(codes).tables()
    label, value = (cell.text for cell in table.rows[0])
    assert label == "A"
    read = read_value(value)
    assert (read.status, read.number) == ("unreadable", None)
    assert read.note is not None
    assert "file does not say" in read.note


def test_a_page_without_meaning_is_named() -> None:
    assert [code for code, _ in _unnamed(b"13" * 40).problems] == ["unmapped_text"]


@pytest.mark.parametrize("garbled", ["Ï^ó\\2020~Þïo}_~þç^òþÿÿÿuy_vÿß", "示鐉㨋䡎騬㡄㩾䅍㪦认真贯㮆落㞢㬊䍱㼎"])
def test_text_that_no_chinese_page_is_written_in_has_no_meaning(garbled: str) -> None:
    """A font's table of characters may be damaged, or made up by a program that rewrote the file."""

    def problems(text: str) -> list[str]:
        glyphs = tuple(Glyph(char, 10.0 * i, 10.0 * i + 10, 100.0, 10.0) for i, char in enumerate(text))
        return [code for code, _ in document_of([PageContent(1, 600.0, 800.0, glyphs, (), ())], [], "pdf", float("inf")).problems]

    assert problems(garbled * 3) == ["unmapped_text"]
    assert problems("示例市café街道政府信息公开条例×3·éèêëàâäîïôöùûüÿçñæœ" + "加强组织领导健全工作机制") == []
