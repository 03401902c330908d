"""Text that a PDF holds but does not show: drawn in no colour (the text layer of a scan), or white on white."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from typing import Any

INVISIBLE = 3  # PDF 32000-1, 9.3.6: neither filled nor stroked
_FILLED = (0, 4)  # shown by the fill colour alone
_WHITE = 250  # of 255: no darker is no colour on paper
_LAYER = 0.5  # share of a page's characters from which hidden ones are its text layer


def may_hide(pdfium: Any, item: Any) -> bool:
    """Whether a text object cannot be seen on white paper."""
    mode = pdfium.FPDFTextObj_GetTextRenderMode(item)
    return mode == INVISIBLE or (mode in _FILLED and _is_white(pdfium, item))


def _is_white(pdfium: Any, item: Any) -> bool:
    red, green, blue, alpha = ctypes.c_uint(), ctypes.c_uint(), ctypes.c_uint(), ctypes.c_uint()
    if not pdfium.FPDFPageObj_GetFillColor(item, red, green, blue, alpha):
        return False
    return min(red.value, green.value, blue.value) >= _WHITE or alpha.value == 0


def unseen_text(pdfium: Any, page: Any) -> tuple[frozenset[int], bool]:
    """The indices of characters nobody sees; and whether the page's text is a layer nobody sees, as under a scan: none is unseen, then.

    White text on a filled box or a picture is seen.
    """
    textpage = pdfium.FPDFText_LoadPage(page)
    if not textpage:
        return frozenset(), False
    try:
        count = pdfium.FPDFText_CountChars(textpage)
        unseen, invisible, printed = set(), 0, 0
        grounds: list[tuple[float, float, float, float]] | None = None
        for i in range(count):
            item = pdfium.FPDFText_GetTextObject(textpage, i)
            if not item:
                continue  # made up by pdfium
            printed += 1
            mode = pdfium.FPDFTextObj_GetTextRenderMode(item)
            if mode == INVISIBLE:
                invisible += 1
                unseen.add(i)
            elif mode in _FILLED and _is_white(pdfium, item):
                grounds = list(_grounds(pdfium, page)) if grounds is None else grounds
                if not _stands_on(pdfium, textpage, i, grounds):
                    unseen.add(i)
        is_layer = invisible > _LAYER * printed
        return (frozenset() if is_layer else frozenset(unseen)), is_layer
    finally:
        pdfium.FPDFText_ClosePage(textpage)


def _grounds(pdfium: Any, page: Any) -> Iterator[tuple[float, float, float, float]]:
    """Where something is drawn that white text can be seen on: left, bottom, right, top."""
    for i in range(pdfium.FPDFPage_CountObjects(page)):
        item = pdfium.FPDFPage_GetObject(page, i)
        kind = pdfium.FPDFPageObj_GetType(item)
        if kind == pdfium.FPDF_PAGEOBJ_TEXT or (kind == pdfium.FPDF_PAGEOBJ_PATH and not _colours(pdfium, item)):
            continue
        left, bottom, right, top = (ctypes.c_float() for _ in range(4))
        if pdfium.FPDFPageObj_GetBounds(item, left, bottom, right, top):
            yield left.value, bottom.value, right.value, top.value


def _colours(pdfium: Any, path: Any) -> bool:
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(path, fill, stroke)
    return bool(fill.value) and not _is_white(pdfium, path)


def _stands_on(pdfium: Any, textpage: Any, i: int, grounds: list[tuple[float, float, float, float]]) -> bool:
    edges = [ctypes.c_double() for _ in range(4)]
    pdfium.FPDFText_GetCharBox(textpage, i, *edges)
    x, y = (edges[0].value + edges[1].value) / 2, (edges[2].value + edges[3].value) / 2
    return any(left <= x <= right and bottom <= y <= top for left, bottom, right, top in grounds)
