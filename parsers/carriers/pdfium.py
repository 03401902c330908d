"""The one door to pdfium: a PDF's bytes -> its pages' glyphs and rulings.

Glyphs and lines of a report of five pages take 0.03 s of CPU here and 0.2 s by pdfplumber (pdfminer), and memory stays
flat page by page. pdfium is not safe for threads, so one lock covers every call.
"""

from __future__ import annotations

import ctypes
import math
import threading
from collections import Counter
from typing import Any

from parsers.carriers import box_font
from parsers.carriers.drawing import PageTooComplexError, Place, read_drawing
from parsers.carriers.glyphs import Glyph, PageContent, plain_character

MAX_GLYPHS = 60_000

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
    except pypdfium2.PdfiumError as error:
        raise PdfError("broken_pdf", f"page {index + 1} of the PDF cannot be read ({error})") from error
    try:
        left, bottom, right, top = page.get_cropbox()  # without the page's own /Rotate
        found = _glyphs(pdfium, page.raw)
        turn = Counter(quarter for *_, quarter in found).most_common(1)[0][0] if found else 0
        place, width, height = _upright_frame(turn, (left, bottom, right, top))
        drawing = read_drawing(pdfium, page.raw, place, (width, height))
    finally:
        page.close()
    glyphs = []
    for char, x0, y0, x1, y1, base_x, base_y, size, quarter in found:
        (ax, ay), (bx, by) = place(x0, y0), place(x1, y1)
        relative = (quarter - turn) % 4
        # A glyph on its side has its baseline across the page: take the middle of its box instead.
        base = place(base_x, base_y)[1] if relative == 0 else (ay + by) / 2 + 0.35 * size
        glyphs.append(Glyph(plain_character(char), min(ax, bx), max(ax, bx), base, size, relative))
    share = drawing.pictures / max(1.0, width * height)
    lines = tuple(drawing.horizontal), tuple(drawing.vertical)
    return PageContent(index + 1, width, height, tuple(glyphs), *lines, tuple(drawing.fills), min(1.0, share))


_RawGlyph = tuple[str, float, float, float, float, float, float, float, int]


def _glyphs(pdfium: Any, page: Any) -> list[_RawGlyph]:
    """Printed characters in page space: text, box, origin, em size, quarter turns. Leaning watermarks are left out."""
    textpage = pdfium.FPDFText_LoadPage(page)
    if not textpage:
        return []
    try:
        count = pdfium.FPDFText_CountChars(textpage)
        if count > MAX_GLYPHS:
            raise PageTooComplexError(f"{count} characters")
        box, matrix = pdfium.FS_RECTF(), pdfium.FS_MATRIX()
        x, y = ctypes.c_double(), ctypes.c_double()
        glyphs: list[_RawGlyph] = []
        seen: set[tuple[int, int, int, int]] = set()
        for i in range(count):
            code = pdfium.FPDFText_GetUnicode(textpage, i)
            if pdfium.FPDFText_IsGenerated(textpage, i) == 1 or code < 32 or code > 0x10FFFF or 0xD800 <= code < 0xE000:
                continue
            pdfium.FPDFText_GetLooseCharBox(textpage, i, box)
            pdfium.FPDFText_GetCharOrigin(textpage, i, x, y)
            pdfium.FPDFText_GetMatrix(textpage, i, matrix)
            em = pdfium.FPDFText_GetFontSize(textpage, i)
            size = em * math.hypot(matrix.c, matrix.d)
            angle = math.degrees(math.atan2(matrix.b, matrix.a)) / 90
            if not math.isfinite(size + x.value + y.value) or size < 1 or abs(angle - round(angle)) > 0.1:
                continue
            # Bold by printing twice, a little beside: one character, not two.
            across, down = round(x.value / (0.1 * size)), round(y.value / (0.1 * size))
            place = (code, round(4 * size), across, down)
            if not seen.isdisjoint((*place[:2], across + dx, down + dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1)):
                continue
            seen.add(place)
            x0, y0, x1, y1 = box.left, box.bottom, box.right, box.top
            if max(x1 - x0, y1 - y0) > 2 * size:  # vertical writing and damaged fonts: the ink is the better box
                edges = [ctypes.c_double() for _ in range(4)]
                pdfium.FPDFText_GetCharBox(textpage, i, *edges)
                middle_x, middle_y = (edges[0].value + edges[1].value) / 2, (edges[2].value + edges[3].value) / 2
                x0, x1 = middle_x - size / 2, middle_x + size / 2
                y0, y1 = middle_y - size / 2, middle_y + size / 2
            glyphs.append((chr(code), x0, y0, x1, y1, x.value, y.value, size, round(angle) % 4))
        return glyphs
    finally:
        pdfium.FPDFText_ClosePage(textpage)


def _upright_frame(turn: int, page: tuple[float, float, float, float]) -> tuple[Place, float, float]:
    """The mapping from page space to upright points (y downwards), with the upright width and height."""
    left, bottom, right, top = page
    cos, sin = ((1, 0), (0, 1), (-1, 0), (0, -1))[turn]

    def turned(x: float, y: float) -> tuple[float, float]:
        return x * cos + y * sin, x * sin - y * cos

    corners = [turned(x, y) for x in (left, right) for y in (bottom, top)]
    x_min, y_min = min(x for x, _ in corners), min(y for _, y in corners)
    x_max, y_max = max(x for x, _ in corners), max(y for _, y in corners)

    def place(x: float, y: float) -> tuple[float, float]:
        across, down = turned(x, y)
        return across - x_min, down - y_min

    return place, x_max - x_min, y_max - y_min
