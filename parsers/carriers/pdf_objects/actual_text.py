"""What a PDF says that a piece of its text stands for (PDF 32000-1, 14.9.4), instead of what it prints.

pdfium takes the replacement for the text, and puts all its characters where the replaced piece begins.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from parsers.carriers.page.drawn import RawGlyph
from parsers.carriers.page.glyphs import is_wide

_KEY = b"ActualText"
_DEEPEST = 8
_ONE_CHARACTER = 4  # bytes, the end of the string with it: nothing can be piled up


def without_actual_text(pdfium: Any, page: Any) -> int:
    """Forget the replacements of several characters on an open page, forms and all; how many. Its text must be loaded anew."""
    length = ctypes.c_ulong()
    removed = 0
    for item in _texts(pdfium, [pdfium.FPDFPage_GetObject(page, i) for i in range(pdfium.FPDFPage_CountObjects(page))]):
        for i in reversed(range(pdfium.FPDFPageObj_CountMarks(item))):
            mark = pdfium.FPDFPageObj_GetMark(item, i)
            if pdfium.FPDFPageObjMark_GetParamStringValue(mark, _KEY, None, 0, length) and length.value > _ONE_CHARACTER:
                removed += bool(pdfium.FPDFPageObj_RemoveMark(item, mark))
    return removed


def _texts(pdfium: Any, items: Iterable[Any], depth: int = 0) -> Iterator[Any]:
    for item in items:
        kind = pdfium.FPDFPageObj_GetType(item)
        if kind == pdfium.FPDF_PAGEOBJ_TEXT:
            yield item
        elif kind == pdfium.FPDF_PAGEOBJ_FORM and depth < _DEEPEST:
            count = pdfium.FPDFFormObj_CountObjects(item)
            yield from _texts(pdfium, [pdfium.FPDFFormObj_GetObject(item, i) for i in range(count)], depth + 1)


def spread(glyphs: Iterable[RawGlyph]) -> list[RawGlyph]:
    """The glyphs, those piled up in one place side by side in the box that they share."""
    placed: list[RawGlyph] = []
    for _, run in groupby(glyphs, key=lambda glyph: glyph[1:]):
        pile = list(run)
        placed.extend(pile if len(pile) == 1 or pile[0].quarter else _side_by_side(pile))
    return placed


def _side_by_side(pile: list[RawGlyph]) -> Iterator[RawGlyph]:
    widths = [1.0 if is_wide(glyph.text) else 0.5 for glyph in pile]
    unit = (pile[0].x1 - pile[0].x0) / sum(widths)
    at = pile[0].x0
    for glyph, width in zip(pile, widths, strict=True):
        yield glyph._replace(x0=at, x1=at + width * unit, base_x=at)
        at += width * unit
