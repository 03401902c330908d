"""What is printed on a PDF page and is no part of it: what was filled into a form's fields, typed or stamped on the page."""

from __future__ import annotations

import ctypes
from typing import Any

from parsers.carriers.page.drawn import RawGlyph
from parsers.carriers.page.glyphs import UNREAD

_MAX_NOTES = 2000  # of a page
_TEXTS = (b"V", b"Contents")
_HIDDEN = 0b100010  # PDF 32000-1, 12.5.3: Hidden, NoView
_EMPTY = 2  # bytes of an empty string: its end


def draw_notes(pdfium: Any, page: Any) -> tuple[bool, list[RawGlyph]]:
    """Make the page's notes part of it. Whether it must be loaded anew, and a mark for each text that no drawing shows."""
    has_drawn, undrawn = False, []
    for i in range(min(_MAX_NOTES, pdfium.FPDFPage_GetAnnotCount(page))):
        note = pdfium.FPDFPage_GetAnnot(page, i)
        kind = pdfium.FPDFAnnot_GetSubtype(note)
        if kind in (pdfium.FPDF_ANNOT_WIDGET, pdfium.FPDF_ANNOT_FREETEXT, pdfium.FPDF_ANNOT_STAMP):
            if pdfium.FPDFAnnot_GetAP(note, pdfium.FPDF_ANNOT_APPEARANCEMODE_NORMAL, None, 0) > _EMPTY:
                has_drawn = True
            elif kind != pdfium.FPDF_ANNOT_STAMP and not pdfium.FPDFAnnot_GetFlags(note) & _HIDDEN and _says(pdfium, note):
                undrawn.append(_mark(pdfium, note))
        pdfium.FPDFPage_CloseAnnot(note)
    is_changed = has_drawn and pdfium.FPDFPage_Flatten(page, pdfium.FLAT_NORMALDISPLAY) == pdfium.FLATTEN_SUCCESS
    return is_changed, undrawn


def _says(pdfium: Any, note: Any) -> bool:
    return any(pdfium.FPDFAnnot_GetStringValue(note, key, None, 0) > _EMPTY for key in _TEXTS)


def _mark(pdfium: Any, note: Any) -> RawGlyph:
    """A character without a meaning in the middle of a note: how its text looks, the file leaves to the reader."""
    box = pdfium.FS_RECTF()
    pdfium.FPDFAnnot_GetRect(note, ctypes.byref(box))
    size = min(10.0, max(1.0, abs(box.top - box.bottom)))
    x, y = (box.left + box.right) / 2, (box.top + box.bottom) / 2
    return RawGlyph(UNREAD, x - size / 2, y - size / 2, x + size / 2, y + size / 2, x - size / 2, y - 0.35 * size, size, 0)
