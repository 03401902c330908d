"""One picture of a page -> glyphs and rulings, which then go the way of PDF pages.

The ruling lines are found first: they say where the cells are, and each cell is read by itself, enlarged. A cell without any ink is
blank; one with ink that is not read twice the same is no number.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from parsers.carriers.ocr.engine import Reading, Recogniser
from parsers.carriers.ocr.ink import Dark, Gray, Mask, Span, darkness, em_of, ink, lean, rulings, runs, text_lines
from parsers.carriers.page.glyphs import UNREAD, Box, Glyph, PageContent, Ruling
from parsers.carriers.page.lattice import TooManyLinesError, cell_boxes

_SURE = 0.6  # certainty of the least certain character of a number
_MAX_LINES = 1500  # of text in the cells of a page
_MAX_LINES_OUTSIDE = 200  # a photograph has no end of what may be text
_GAP = 1.2  # of a line's height: as much white parts two texts
_HEAD = 8  # lines: where the title stands
_PROSE = 0.6  # share of the picture's width
_DUST = 3  # pixels: less ink is none
_PADDINGS = ((0.7, 0.25), (0.25, 0.25), (0.4, 0.2), (1.0, 0.15))  # of a line's height, across and down: one for each reading
_LEAST_LEAN = 0.1  # degrees


class _Line(NamedTuple):
    """A printed line: where it is on the page, and its picture, dark on white."""

    span: Span
    crop: Gray


def read_scan(gray: Gray, recogniser: Recogniser, number: int, width: float, deadline: float = math.inf) -> PageContent:
    """The content of a page's picture, its lengths so that the page is ``width`` wide.

    Raises:
        TooManyLinesError: the picture is a drawing, not a report.
        TimeoutError: the monotonic clock has passed ``deadline``.
    """
    gray, dark = _level(gray)
    unit = width / gray.shape[1]
    horizontal, vertical, thickness = rulings(dark)
    page = PageContent(number, width, gray.shape[0] * unit, (), _scaled(horizontal, unit), _scaled(vertical, unit))
    boxes = [_span(box, unit, thickness) for cells in cell_boxes(page) for box in cells]
    inside = [(box, text_lines(ink(_cut(dark, box)), 0.0)) for box in boxes]
    em = em_of(span for _, lines in inside for span in lines)
    cells = []
    left = dark.copy()
    for box in boxes:  # those of the smallest table first: what stands in a table inside another is not read again
        cells.append(_lines_in(left, box, em))
        _cut(left, _grown(box, thickness + 2))[:] = 0  # with its lines
    lines = [line for cell in cells for line in cell]
    if len(lines) > _MAX_LINES:
        raise TooManyLinesError(f"{len(lines)} lines of text")
    lines += _lines_outside(dark, boxes, horizontal, vertical, thickness)[:_MAX_LINES_OUTSIDE]
    texts = _one_number_a_cell(cells, _texts(lines, recogniser, deadline))
    glyphs = [glyph for line, text in zip(lines, texts, strict=True) for glyph in _glyphs(line.span, text, unit)]
    return replace(page, glyphs=tuple(glyphs))


def _level(gray: Gray) -> tuple[Gray, Dark]:
    """The picture turned upright, and its darkness."""
    dark = darkness(gray)
    degrees = lean(dark)
    if abs(degrees) < _LEAST_LEAN:
        return gray, dark
    from PIL import Image

    turned = Image.fromarray(gray).rotate(-degrees, Image.Resampling.BICUBIC, fillcolor=int(np.median(gray)))
    gray = np.asarray(turned)
    return gray, darkness(gray)


def _scaled(lines: Sequence[Ruling], unit: float) -> tuple[Ruling, ...]:
    return tuple(Ruling(line.at * unit, line.start * unit, line.end * unit) for line in lines)


def _span(box: Box, unit: float, thickness: int) -> Span:
    """The inside of a cell, in pixels, clear of its lines."""
    inset = thickness / 2 + 1.5
    edges = (box.x0 / unit + inset, box.top / unit + inset, box.x1 / unit - inset, box.bottom / unit - inset)
    return Span(*(max(0, round(edge)) for edge in edges))


def _grown(box: Span, margin: int) -> Span:
    return Span(max(0, box.left - margin), max(0, box.top - margin), box.right + margin, box.bottom + margin)


def _cut(dark: Dark, box: Span) -> Dark:
    return dark[box.top : box.bottom, box.left : box.right]


def _lines_in(dark: Dark, box: Span, em: float) -> list[_Line]:
    """The printed lines of a box, parted where much white stands."""
    part = _cut(dark, box)
    if part.size == 0:
        return []
    mask = ink(part)
    if mask.sum() < _DUST:
        return []
    white: Gray = (255 - part.clip(0, 255)).astype(np.uint8)
    found = []
    for span in text_lines(mask, em):
        for left, right in _pieces(mask[span.top : span.bottom, span.left : span.right]):
            if mask[span.top : span.bottom, span.left + left : span.left + right].sum() >= _DUST:
                here = Span(span.left + left, span.top, span.left + right, span.bottom)
                place = Span(box.left + here.left, box.top + here.top, box.left + here.right, box.top + here.bottom)
                found.append(_Line(place, white[here.top : here.bottom, here.left : here.right]))
    return found


def _pieces(mask: Mask) -> list[tuple[int, int]]:
    """A line parted where much white stands: two numbers are never read as one."""
    height, width = mask.shape
    gaps = [gap for gap in runs(np.asarray(~mask.any(axis=0))) if gap[1] - gap[0] > _GAP * height]
    edges = [0, *(edge for gap in gaps for edge in gap), width]
    return [(left, right) for left, right in zip(edges[::2], edges[1::2], strict=True) if right > left]


def _lines_outside(
    dark: Dark, boxes: Sequence[Span], horizontal: Sequence[Ruling], vertical: Sequence[Ruling], thickness: int
) -> list[_Line]:
    """The printed lines outside of tables.

    Below the head of the page, full lines are prose: they are left out, for what recognised prose says is not kept.
    """
    rest = dark.copy()
    margin = thickness + 3
    for box in boxes:
        _cut(rest, _grown(box, margin))[:] = 0
    for level in horizontal:
        rest[max(0, round(level.at) - margin) : round(level.at) + margin, round(level.start) : round(level.end)] = 0
    for stem in vertical:
        rest[round(stem.start) : round(stem.end), max(0, round(stem.at) - margin) : round(stem.at) + margin] = 0
    whole = Span(0, 0, dark.shape[1], dark.shape[0])
    em = em_of(text_lines(ink(rest), 0.0))
    found: list[_Line] = []
    row = 0
    for line in _lines_in(rest, whole, em):
        row += not found or line.span.top != found[-1].span.top
        height, width = line.crop.shape
        if em and not 0.3 * em < height < 4 * em:
            continue  # a rule or a picture
        if row <= _HEAD or width <= _PROSE * dark.shape[1]:
            found.append(line)
    return found


def _texts(lines: Sequence[_Line], recogniser: Recogniser, deadline: float) -> list[str]:
    """What the lines say: labels as read once, numbers as two readings say and none denies."""
    readings = [[reading] for reading in recogniser.read([_padded(line.crop, 0) for line in lines], deadline)]
    for attempt in range(1, len(_PADDINGS)):
        again = [i for i, found in enumerate(readings) if _may_be_number(found[0]) and not _number(found)]
        for i, reading in zip(again, recogniser.read([_padded(lines[i].crop, attempt) for i in again], deadline), strict=True):
            readings[i].append(reading)
    return [(_number(found) or UNREAD) if _may_be_number(found[0]) else found[0].text for found in readings]


def _one_number_a_cell(cells: Sequence[Sequence[_Line]], texts: list[str]) -> list[str]:
    """The texts, those of a cell that holds nothing but several numbers given up: a line between cells may have been missed."""
    at = 0
    for cell in cells:
        if len(cell) > 1 and not any(_is_word(text) for text in texts[at : at + len(cell)]):
            texts[at : at + len(cell)] = [UNREAD] * len(cell)
        at += len(cell)
    return texts


def _is_word(text: str) -> bool:
    return any(char.isalpha() for char in text)


def _may_be_number(reading: Reading) -> bool:
    return bool(reading.number) or not reading.text


def _number(readings: Sequence[Reading]) -> str:
    """The number that two sure readings give and no sure one denies; "" where there is none."""
    sure = [reading.number for reading in readings if reading.number_certainty >= _SURE]
    return sure[0] if len(sure) > 1 and len(set(sure)) == 1 else ""


def _padded(crop: Gray, reading: int) -> Gray:
    across, down = (max(1, round(share * crop.shape[0])) for share in _PADDINGS[reading])
    return np.pad(crop, ((down, down), (across, across)), constant_values=255)


def _glyphs(span: Span, text: str, unit: float) -> list[Glyph]:
    """The characters of a line, evenly spread over it: what stands in a cell is told by its middle."""
    pitch = (span.right - span.left) * unit / max(1, len(text))
    size = 1.1 * (span.bottom - span.top) * unit
    base = span.bottom * unit - 0.06 * size
    x0 = span.left * unit
    return [Glyph(char, x0 + i * pitch, x0 + (i + 1) * pitch, base, size) for i, char in enumerate(text)]
