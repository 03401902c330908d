"""The one door to pdfium: a PDF's bytes -> its pages' glyphs and rulings.

Glyphs and lines of a report of five pages take 0.03 s of CPU here and 0.2 s by pdfplumber (pdfminer), and memory stays
flat page by page. pdfium is not safe for threads, so one lock covers every call.
"""

from __future__ import annotations

import ctypes
import math
import threading
from itertools import pairwise
from typing import Any

from parsers.carriers.page.drawn import MAX_GLYPHS, Overprints, PageTooComplexError, RawGlyph, on_page, upright_frame, upright_glyphs
from parsers.carriers.page.glyphs import PageContent
from parsers.carriers.pdf_objects import box_font
from parsers.carriers.pdf_objects.actual_text import spread, without_actual_text
from parsers.carriers.pdf_objects.drawing import read_drawing
from parsers.carriers.pdf_objects.notes import draw_notes
from parsers.carriers.pdf_objects.seen import seen
from parsers.carriers.pdf_objects.unseen import unseen_text

DOTS, MAX_DOTS = 200, 6000  # an inch of a page drawn; across all of it

UNMAPPED = 0xFFFD
_ODD = 0xFFFE  # what pdfium names so, and all beyond, is looked at twice
_HYPHEN = 2  # pdfium's code of a hyphen at a line's end

LOCK = threading.RLock()


class PdfError(Exception):
    """The file cannot be opened; ``code`` is the name of the problem."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def open_pdf(body: bytes) -> Any:
    """Open a PDF (the caller holds LOCK and closes it).

    Raises:
        ImportError: pypdfium2 is not installed.
        PdfError: ``encrypted`` or ``broken_pdf``.
    """
    import pypdfium2

    box_font.install()
    try:
        return pypdfium2.PdfDocument(body)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower() or "security" in str(error).lower():
            raise PdfError("encrypted", "the PDF asks for a password: save an open copy of it and try again") from error
        raise PdfError("broken_pdf", f"the PDF cannot be opened ({error}): fetch it again") from error


def read_page(document: Any, index: int) -> PageContent:
    """The content of page ``index`` (from 0).

    Raises:
        PdfError: ``broken_pdf``, the page cannot be loaded.
        PageTooComplexError: more glyphs or segments than the limits.
    """
    import pypdfium2
    import pypdfium2.raw as pdfium

    try:
        page = document[index]
        is_changed, undrawn = draw_notes(pdfium, page.raw)
        if is_changed:
            page.close()
            page = document[index]
    except pypdfium2.PdfiumError as error:
        raise PdfError("broken_pdf", f"page {index + 1} of the PDF cannot be read ({error})") from error
    try:
        left, bottom, right, top = page.get_cropbox()  # without the page's own /Rotate
        found, numbers = _printed(pdfium, page.raw)
        turn, place, width, height = upright_frame(found, (left, bottom, right, top))
        drawing = read_drawing(pdfium, page.raw, place, (width, height))
        layer = False
        if drawing.may_hide_text:
            unseen, layer = unseen_text(pdfium, page.raw)
            found, numbers = _glyphs(pdfium, page.raw, unseen) if unseen else (found, numbers)
        found = [*(found if layer else seen(pdfium, page, found, numbers)), *undrawn]
    finally:
        page.close()
    share = drawing.pictures / max(1.0, width * height)
    lines = on_page(drawing.horizontal, height, width), on_page(drawing.vertical, width, height)
    glyphs = upright_glyphs(found, turn, place)
    return PageContent(index + 1, width, height, glyphs, *lines, tuple(drawing.fills), min(1.0, share), layer)


def picture_of(document: Any, index: int) -> Any:
    """Page ``index`` drawn in grey at 200 dots an inch, as an array of pixels."""
    page = document[index]
    try:
        scale = min(DOTS / 72, MAX_DOTS / max(1.0, *page.get_size()))
        return page.render(scale=scale, grayscale=True, draw_annots=False).to_numpy().squeeze().copy()
    finally:
        page.close()


def _printed(pdfium: Any, page: Any) -> tuple[list[RawGlyph], list[int]]:
    """What is printed, not what an /ActualText says instead (pdfium piles its characters up in one place), unless the fonts do not tell."""
    found, numbers = _glyphs(pdfium, page)
    if any(one[5:7] == other[5:7] for one, other in pairwise(found)) and without_actual_text(pdfium, page):
        shown, again = _glyphs(pdfium, page)
        if not any(glyph.text == chr(UNMAPPED) for glyph in shown):
            return shown, again
    return found, numbers


def _glyphs(pdfium: Any, page: Any, unseen: frozenset[int] = frozenset()) -> tuple[list[RawGlyph], list[int]]:
    """Printed characters in page space: text, box, origin, em size, quarter turns; and pdfium's number of each.

    Leaning watermarks and the ``unseen`` (indices of characters) are left out.
    """
    textpage = pdfium.FPDFText_LoadPage(page)
    if not textpage:
        return [], []
    try:
        count = pdfium.FPDFText_CountChars(textpage)
        if count > MAX_GLYPHS:
            raise PageTooComplexError(f"{count} characters")
        box, matrix = pdfium.FS_RECTF(), pdfium.FS_MATRIX()
        x, y = ctypes.c_double(), ctypes.c_double()
        glyphs: list[RawGlyph] = []
        numbers: list[int] = []
        overprints = Overprints()
        place, is_again = (math.nan, math.nan), False
        for i in range(count):
            if i in unseen:
                continue
            code = pdfium.FPDFText_GetUnicode(textpage, i)
            if code <= 32 and pdfium.FPDFText_IsGenerated(textpage, i) == 1:  # pdfium makes up blanks and ends of lines
                continue
            # Without a mapping pdfium gives the number of the glyph in its font: a digit by chance.
            if code < 32 or code >= _ODD or pdfium.FPDFText_HasUnicodeMapError(textpage, i) == 1:
                code = _meant(pdfium, textpage, i, code)
                if not code:
                    continue
            pdfium.FPDFText_GetLooseCharBox(textpage, i, box)
            pdfium.FPDFText_GetCharOrigin(textpage, i, x, y)
            pdfium.FPDFText_GetMatrix(textpage, i, matrix)
            em = pdfium.FPDFText_GetFontSize(textpage, i)
            size = em * math.hypot(matrix.c, matrix.d)
            angle = math.degrees(math.atan2(matrix.b, matrix.a)) / 90
            base_x, base_y, quarter = x.value, y.value, round(angle)
            if not math.isfinite(size + base_x + base_y) or size < 1 or abs(angle - quarter) > 0.1:
                continue
            if place != (base_x, base_y):  # a piece of an /ActualText stands where the one before it does
                place, is_again = (base_x, base_y), overprints.again(code, base_x, base_y, size)
            if is_again:
                continue
            x0, y0, x1, y1 = box.left, box.bottom, box.right, box.top
            if max(x1 - x0, y1 - y0) > 2 * size:  # vertical writing and damaged fonts: the ink is the better box
                edges = [ctypes.c_double() for _ in range(4)]
                pdfium.FPDFText_GetCharBox(textpage, i, *edges)
                middle_x, middle_y = (edges[0].value + edges[1].value) / 2, (edges[2].value + edges[3].value) / 2
                x0, x1 = middle_x - size / 2, middle_x + size / 2
                y0, y1 = middle_y - size / 2, middle_y + size / 2
            numbers.append(i)
            glyphs.append(RawGlyph(chr(code), x0, y0, x1, y1, base_x, base_y, size, quarter % 4))
        return spread(glyphs), numbers
    finally:
        pdfium.FPDFText_ClosePage(textpage)


def _meant(pdfium: Any, textpage: Any, i: int, code: int) -> int:
    """The code of a character that the font does not map, or oddly: U+FFFD where there is ink; 0 for no character."""
    if code == _HYPHEN and pdfium.FPDFText_IsHyphen(textpage, i) == 1:
        return ord("-")
    if pdfium.FPDFText_HasUnicodeMapError(textpage, i) != 1 and (0x10000 <= code <= 0x10FFFF or code in (9, 10, 13)):
        return code if code >= 32 else 0
    edges = [ctypes.c_double() for _ in range(4)]
    pdfium.FPDFText_GetCharBox(textpage, i, *edges)
    left, right, bottom, top = (edge.value for edge in edges)
    return UNMAPPED if right - left > 0.01 and top - bottom > 0.01 else 0
