"""The one door to pdfium: a PDF's bytes -> its pages' glyphs and rulings.

Glyphs and lines of a report of five pages take 0.03 s of CPU here and 0.2 s by pdfplumber (pdfminer), and memory stays
flat page by page. pdfium is not safe for threads, so one lock covers every call.
"""

from __future__ import annotations

import ctypes
import math
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

from parsers.carriers import box_font
from parsers.carriers.glyphs import Glyph, PageContent, Ruling, plain_character

MAX_GLYPHS = 60_000
MAX_SEGMENTS = 60_000
THIN = 3.0  # points: a filled box this thin is a drawn line
SKEW = 0.6  # points a line may lean and still count as level

LOCK = threading.RLock()

Matrix = tuple[float, float, float, float, float, float]
IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


class PdfError(Exception):
    """The file cannot be opened; ``code`` is the name of the problem."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class PageTooComplexError(Exception):
    """The page holds more glyphs or lines than any report does."""


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
        horizontal, vertical, pictures = _rulings(pdfium, page.raw, place)
    finally:
        page.close()
    glyphs = []
    for char, x0, y0, x1, y1, base_x, base_y, size, quarter in found:
        (ax, ay), (bx, by) = place(x0, y0), place(x1, y1)
        relative = (quarter - turn) % 4
        # A glyph on its side has its baseline across the page: take the middle of its box instead.
        base = place(base_x, base_y)[1] if relative == 0 else (ay + by) / 2 + 0.35 * size
        glyphs.append(Glyph(plain_character(char), min(ax, bx), max(ax, bx), base, size, relative))
    share = pictures / max(1.0, width * height)
    return PageContent(index + 1, width, height, tuple(glyphs), tuple(horizontal), tuple(vertical), min(1.0, share))


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


_Place = Callable[[float, float], tuple[float, float]]


def _upright_frame(turn: int, page: tuple[float, float, float, float]) -> tuple[_Place, float, float]:
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


def _rulings(pdfium: Any, page: Any, place: _Place) -> tuple[list[Ruling], list[Ruling], float]:
    """Level and upright lines of the page in upright points, and the area covered by pictures."""
    horizontal: list[Ruling] = []
    vertical: list[Ruling] = []
    pictures = 0.0
    budget = MAX_SEGMENTS
    for item, matrix in _objects(pdfium, page):
        kind = pdfium.FPDFPageObj_GetType(item)
        if kind == pdfium.FPDF_PAGEOBJ_IMAGE:
            strokes = [_corners(matrix, _object_matrix(pdfium, item))]
            width, height = _extent(strokes[0], place)
            pictures += width * height
            if min(width, height) > THIN:
                continue
            stroked = False
        elif kind == pdfium.FPDF_PAGEOBJ_PATH:
            count = pdfium.FPDFPath_CountSegments(item)
            budget -= max(0, count)
            if budget < 0:
                raise PageTooComplexError(f"more than {MAX_SEGMENTS} drawn segments")
            fill, stroke = ctypes.c_int(), ctypes.c_int()
            pdfium.FPDFPath_GetDrawMode(item, fill, stroke)
            if not fill.value and not stroke.value:
                continue
            stroked = bool(stroke.value)
            strokes = _subpaths(pdfium, item, count, _times(_object_matrix(pdfium, item), matrix))
        else:
            continue
        for points in strokes:
            for ruling, level in _lines(points, stroked, place):
                (horizontal if level else vertical).append(ruling)
    return horizontal, vertical, pictures


def _lines(points: list[tuple[float, float]], stroked: bool, place: _Place) -> Iterator[tuple[Ruling, bool]]:
    """The lines that a subpath draws: (line, whether it is level). A thin filled box is one line, a fill is none."""
    placed = [place(x, y) for x, y in points]
    xs, ys = [x for x, _ in placed], [y for _, y in placed]
    x0, x1, y0, y1 = min(xs), max(xs), min(ys), max(ys)
    if not all(map(math.isfinite, (x0, x1, y0, y1))):
        return
    if min(x1 - x0, y1 - y0) <= THIN:
        if max(x1 - x0, y1 - y0) > 0:
            level = x1 - x0 >= y1 - y0
            yield (Ruling((y0 + y1) / 2, x0, x1) if level else Ruling((x0 + x1) / 2, y0, y1)), level
    elif stroked:
        for (ax, ay), (bx, by) in pairwise(placed):
            if abs(ay - by) <= SKEW and ax != bx:
                yield Ruling((ay + by) / 2, min(ax, bx), max(ax, bx)), True
            elif abs(ax - bx) <= SKEW and ay != by:
                yield Ruling((ax + bx) / 2, min(ay, by), max(ay, by)), False


def _objects(pdfium: Any, page: Any) -> Iterator[tuple[Any, Matrix]]:
    """Paths and images of the page, those inside form XObjects too, each with the matrix of its form."""
    stack: list[tuple[Any, Matrix, int]] = []
    for i in range(pdfium.FPDFPage_CountObjects(page)):
        stack.append((pdfium.FPDFPage_GetObject(page, i), IDENTITY, 0))
        while stack:
            item, matrix, depth = stack.pop()
            if pdfium.FPDFPageObj_GetType(item) != pdfium.FPDF_PAGEOBJ_FORM:
                yield item, matrix
            elif depth < 8:
                inner = _times(_object_matrix(pdfium, item), matrix)
                for j in range(pdfium.FPDFFormObj_CountObjects(item)):
                    stack.append((pdfium.FPDFFormObj_GetObject(item, j), inner, depth + 1))


def _object_matrix(pdfium: Any, item: Any) -> Matrix:
    matrix = pdfium.FS_MATRIX()
    if not pdfium.FPDFPageObj_GetMatrix(item, matrix):
        return IDENTITY
    return (matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f)


def _times(inner: Matrix, outer: Matrix) -> Matrix:
    """``inner`` applied first, then ``outer`` (PDF 32000-1, 8.3.4)."""
    a, b, c, d, e, f = inner
    p, q, r, s, t, u = outer
    return (a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u)


def _apply(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def _corners(outer: Matrix, own: Matrix) -> list[tuple[float, float]]:
    """Where an image (the unit square) is drawn."""
    matrix = _times(own, outer)
    return [_apply(matrix, x, y) for x, y in ((0, 0), (1, 0), (1, 1), (0, 1), (0, 0))]


def _extent(points: list[tuple[float, float]], place: _Place) -> tuple[float, float]:
    placed = [place(x, y) for x, y in points]
    xs, ys = [x for x, _ in placed], [y for _, y in placed]
    return max(xs) - min(xs), max(ys) - min(ys)


def _subpaths(pdfium: Any, path: Any, count: int, matrix: Matrix) -> list[list[tuple[float, float]]]:
    """The straight subpaths of a path, closed where the path says so; a curve ends one, for no table has curves."""
    x, y = ctypes.c_float(), ctypes.c_float()
    subpaths: list[list[tuple[float, float]]] = []
    for i in range(count):
        segment = pdfium.FPDFPath_GetPathSegment(path, i)
        pdfium.FPDFPathSegment_GetPoint(segment, x, y)
        point = _apply(matrix, x.value, y.value)
        if pdfium.FPDFPathSegment_GetType(segment) == pdfium.FPDF_SEGMENT_LINETO and subpaths:
            subpaths[-1].append(point)
        else:
            subpaths.append([point])
        if pdfium.FPDFPathSegment_GetClose(segment) and subpaths:
            subpaths[-1].append(subpaths[-1][0])
    return [points for points in subpaths if len(points) > 1]
