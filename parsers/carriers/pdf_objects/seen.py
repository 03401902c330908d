"""Which characters of a PDF page can be seen: the page is drawn, and where it is one even surface nothing is printed.

Clipping paths, layers that are switched off, boxes and pictures laid over a text, no colour or the ground's: whatever hides a character
shows in the drawing, and this way none of it needs to be known.
"""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from itertools import groupby, pairwise
from typing import Any

from parsers.carriers.page.drawn import RawGlyph
from parsers.carriers.page.glyphs import UNREAD

SCALE, MAX_DOTS = 2.0, 3000  # dots a point; across all of a page
_EVEN = 4  # of 255: surfaces differ by less
_BELOW, _ABOVE, _ASIDE = 0.15, 0.8, 0.1  # of the em, and of the width: where a character has its ink and its neighbours have none
_PILED = 0.15  # of the em: no two digits are printed so close
_PLACES = 24  # across a character, and down: so often the drawing is looked at
_AT_ONCE = 2000  # characters looked at together: each takes some ten kilobytes
_MOST = 0.6  # share of a page's characters: where more cannot be seen, the drawing is at fault
_Line = tuple[float, float, float]  # a, b, c of ax + by + c


def seen(pdfium: Any, page: Any, found: Sequence[RawGlyph], numbers: Sequence[int]) -> list[RawGlyph]:
    """The glyphs that can be seen; ``page`` is pypdfium2's, ``numbers`` are pdfium's of the glyphs.

    Letters and digits that are missing of a text seen in part are ``UNREAD``: what is seen is not the number that was meant.
    What a font outside of the file lacks here is drawn, too (``box_font``), as a bar.
    """
    found = _one_each(found)
    inked = _inked(page, found)
    unseen = {i for i, glyph in enumerate(found) if not inked[i] and not glyph.text.isspace()}
    if not unseen or len(unseen) > _MOST * len(found):
        return list(found)
    textpage = pdfium.FPDFText_LoadPage(page.raw)
    try:
        items = [ctypes.cast(pdfium.FPDFText_GetTextObject(textpage, number), ctypes.c_void_p).value for number in numbers]
    finally:
        pdfium.FPDFText_ClosePage(textpage)
    kept: list[RawGlyph] = []
    for _, run in groupby(range(len(found)), key=items.__getitem__):
        kept.extend(_shown([(found[i], i in unseen) for i in run]))
    return kept


def _one_each(found: Sequence[RawGlyph]) -> list[RawGlyph]:
    """The glyphs; where two digits stand in one place, one hides the other, and the drawing does not tell which."""
    piled: set[int] = set()
    digits = sorted((i for i, glyph in enumerate(found) if glyph.text.isdecimal()), key=lambda i: (round(found[i].base_y), found[i].base_x))
    for i, j in pairwise(digits):
        one, other = found[i], found[j]
        near = _PILED * min(one.size, other.size)
        if abs(one.base_x - other.base_x) < near and abs(one.base_y - other.base_y) < near:
            piled |= {i, j}
    return [glyph._replace(text=UNREAD) if i in piled else glyph for i, glyph in enumerate(found)]


def _shown(run: Sequence[tuple[RawGlyph, bool]]) -> list[RawGlyph]:
    """What is left of a run of text whose glyphs are unseen or not."""
    if all(unseen or glyph.text.isspace() for glyph, unseen in run):
        return []
    return [glyph._replace(text=UNREAD) if unseen and glyph.text.isalnum() else glyph for glyph, unseen in run]


def _inked(page: Any, found: Sequence[RawGlyph]) -> list[bool]:
    """Whether the page, drawn, is uneven where each glyph stands."""
    if not found:
        return []
    picture = page.render(scale=min(SCALE, MAX_DOTS / max(1.0, *page.get_size())), grayscale=True, draw_annots=False).to_numpy().squeeze()
    to_dots = _to_dots(page, picture.shape[1], picture.shape[0])
    runs = (found[at : at + _AT_ONCE] for at in range(0, len(found), _AT_ONCE))
    return [inked for run in runs for inked in _uneven(picture, run, to_dots)]


def _uneven(picture: Any, run: Sequence[RawGlyph], to_dots: tuple[_Line, _Line]) -> list[bool]:
    """Whether a picture of the page is uneven where each of some glyphs stands."""
    import numpy as np

    corners = np.array([_ink_box(glyph) for glyph in run])
    places = (np.arange(_PLACES) + 0.5) / _PLACES
    x = corners[:, :1] + (corners[:, 2:3] - corners[:, :1]) * places
    y = corners[:, 1:2] + (corners[:, 3:] - corners[:, 1:2]) * places
    (a, b, c), (d, e, f) = to_dots
    column = (a * x[:, None, :] + b * y[:, :, None] + c).astype(np.intp)
    row = (d * x[:, None, :] + e * y[:, :, None] + f).astype(np.intp)
    dots = picture[row.clip(0, picture.shape[0] - 1), column.clip(0, picture.shape[1] - 1)]
    across, along = ((dots.max(way) - dots.min(way)).max(1) > _EVEN for way in (2, 1))
    # A line of the table that crosses the place is uneven one way only; so may be a dash, or the bar of a box font.
    has_two = np.array([glyph.text.isdecimal() for glyph in run])
    return [bool(one) for one in (across & along) | ((across | along) & ~has_two)]


def _ink_box(glyph: RawGlyph) -> tuple[float, float, float, float]:
    """x, y and x, y of opposite corners, in page space."""
    below, above = -_BELOW * glyph.size, _ABOVE * glyph.size
    aside = _ASIDE * (glyph.x1 - glyph.x0) if glyph.text.isascii() else 0.0
    if glyph.quarter == 0:
        return glyph.x0 + aside, glyph.base_y + below, glyph.x1 - aside, glyph.base_y + above
    if glyph.quarter == 2:
        return glyph.x0 + aside, glyph.base_y - above, glyph.x1 - aside, glyph.base_y - below
    return glyph.x0, glyph.y0, glyph.x1, glyph.y1


def _to_dots(page: Any, width: int, height: int) -> tuple[_Line, _Line]:
    """Page space to the dots of the page's picture, across and down; its crop box and its turn are pdfium's to know."""
    import pypdfium2.raw as pdfium

    points = []
    x, y = ctypes.c_double(), ctypes.c_double()
    for dot in ((0, 0), (width, 0), (0, height)):
        pdfium.FPDF_DeviceToPage(page.raw, 0, 0, width, height, 0, *dot, x, y)
        points.append((x.value, y.value))
    (x0, y0), (x1, y1), (x2, y2) = points
    p, q, r, s = (x1 - x0) / width, (x2 - x0) / height, (y1 - y0) / width, (y2 - y0) / height
    det = p * s - q * r
    return (s / det, -q / det, (q * y0 - s * x0) / det), (-r / det, p / det, (r * x0 - p * y0) / det)
