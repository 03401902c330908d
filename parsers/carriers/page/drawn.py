"""What page descriptions (PDF, OFD) share: matrices, pages turned upright, drawn paths as rulings.

Page space has its y upwards, as in PDF.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from parsers.carriers.page.glyphs import Box, Glyph, Ruling, plain_character

MAX_GLYPHS = 60_000  # of a page
MAX_SEGMENTS = 60_000
THIN = 3.0  # points: a filled box this thin is a drawn line
_THICK, _LONG = 6.5, 2.5  # points, and times its width: so is one this thick that is so long
SKEW = 0.6  # points a line may lean and still count as level

Matrix = tuple[float, float, float, float, float, float]
Place = Callable[[float, float], tuple[float, float]]
IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


class PageTooComplexError(Exception):
    """The page holds more glyphs or lines than any report does."""


class RawGlyph(NamedTuple):
    """A printed character in page space: text, box, origin, em size, quarter turns (counter-clockwise)."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    base_x: float
    base_y: float
    size: float
    quarter: int


class Overprints:
    """Bold by printing twice, a little beside: one character, not two."""

    def __init__(self) -> None:
        self._seen: dict[tuple[int, int, int], set[int]] = {}  # (code, size, place down) -> places across

    def again(self, code: int, x: float, y: float, size: float) -> bool:
        """Whether the character stands there already; notes it where it does not."""
        across, down, points = round(x / (0.1 * size)), round(y / (0.1 * size)), round(4 * size)
        for near in (down - 1, down, down + 1):
            row = self._seen.get((code, points, near))
            if row is not None and (across in row or across - 1 in row or across + 1 in row):
                return True
        self._seen.setdefault((code, points, down), set()).add(across)
        return False


def times(inner: Matrix, outer: Matrix) -> Matrix:
    """``inner`` applied first, then ``outer`` (PDF 32000-1, 8.3.4)."""
    a, b, c, d, e, f = inner
    p, q, r, s, t, u = outer
    return (a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u)


def apply(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    """Where the matrix takes a point."""
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def upright_frame(found: Sequence[RawGlyph], page: tuple[float, float, float, float]) -> tuple[int, Place, float, float]:
    """How most glyphs are turned; the mapping from page space to upright points (y downwards); the upright width and height.

    ``page`` is its left, bottom, right and top.
    """
    turn = Counter(glyph.quarter for glyph in found).most_common(1)[0][0] if found else 0
    left, bottom, right, top = page
    cos, sin = ((1, 0), (0, 1), (-1, 0), (0, -1))[turn]

    def turned(x: float, y: float) -> tuple[float, float]:
        return x * cos + y * sin, x * sin - y * cos

    corners = [turned(x, y) for x in (left, right) for y in (bottom, top)]
    x_min, y_min = min(x for x, _ in corners), min(y for _, y in corners)
    x_max, y_max = max(x for x, _ in corners), max(y for _, y in corners)

    def place(x: float, y: float) -> tuple[float, float]:
        return x * cos + y * sin - x_min, x * sin - y * cos - y_min

    return turn, place, x_max - x_min, y_max - y_min


def upright_glyphs(found: Sequence[RawGlyph], turn: int, place: Place) -> tuple[Glyph, ...]:
    """The glyphs in upright points."""
    glyphs = []
    for char, x0, y0, x1, y1, base_x, base_y, size, quarter in found:
        (ax, ay), (bx, by) = place(x0, y0), place(x1, y1)
        relative = (quarter - turn) % 4
        # A glyph on its side has its baseline across the page: take the middle of its box instead.
        base = place(base_x, base_y)[1] if relative == 0 else (ay + by) / 2 + 0.35 * size
        left, right = (ax, bx) if ax <= bx else (bx, ax)
        glyphs.append(Glyph(plain_character(char), left, right, base, size, relative))
    return tuple(glyphs)


def lines_of_path(placed: Sequence[tuple[float, float]], stroked: bool) -> Iterable[tuple[Ruling, bool]]:
    """The lines that a subpath (in upright points) draws: (line, whether it is level). A thin filled box is one line, a fill is none."""
    box = box_around(placed)
    if is_thin(box):
        return lines_of_box(box)
    return _strokes(placed) if stroked and all(map(math.isfinite, box)) else ()


def on_page(lines: Iterable[Ruling], across: float, along: float) -> tuple[Ruling, ...]:
    """What is seen of lines on a page that is ``along`` points long their way and ``across`` the other way."""
    near = (Ruling(line.at, max(line.start, 0.0), min(line.end, along)) for line in lines if -THIN <= line.at <= across + THIN)
    return tuple(line for line in near if line.start <= line.end)


def box_around(placed: Sequence[tuple[float, float]]) -> Box:
    """The box around points."""
    xs, ys = [x for x, _ in placed], [y for _, y in placed]
    return Box(min(xs), min(ys), max(xs), max(ys))


def is_thin(box: Box) -> bool:
    """Whether a filled box is a drawn line."""
    thin, long = sorted((box.x1 - box.x0, box.bottom - box.top))
    return thin <= THIN or (thin <= _THICK and long >= _LONG * thin)


def lines_of_box(box: Box) -> Iterator[tuple[Ruling, bool]]:
    """The line that a thin box is; a dot of a dotted line, which may run either way, is two."""
    if not all(map(math.isfinite, box)):
        return
    x0, top, x1, bottom = box
    width, height = x1 - x0, bottom - top
    longer, shorter = (width, height) if width >= height else (height, width)
    is_dot = longer <= THIN and shorter > 0.6 * longer
    if longer > 0 and (width >= height or is_dot):
        yield Ruling((top + bottom) / 2, x0, x1), True
    if longer > 0 and (height > width or is_dot):
        yield Ruling((x0 + x1) / 2, top, bottom), False


def lines_of_rings(boxes: Sequence[Box]) -> Iterator[tuple[Ruling, bool]]:
    """The sides of frames (one, or one in the other), each filled between two of the boxes; none where these are no thin frames."""
    nested = sorted(boxes, key=lambda box: -box.area)
    frames = list(zip(nested[::2], nested[1::2], strict=True))
    if all(_is_thin_frame(outer, inner) for outer, inner in frames):
        for outer, inner in frames:
            yield from lines_of_box(Box(outer.x0, outer.top, outer.x1, inner.top))
            yield from lines_of_box(Box(outer.x0, inner.bottom, outer.x1, outer.bottom))
            yield from lines_of_box(Box(outer.x0, outer.top, inner.x0, outer.bottom))
            yield from lines_of_box(Box(inner.x1, outer.top, outer.x1, outer.bottom))


def _is_thin_frame(outer: Box, inner: Box) -> bool:
    widths = (inner.x0 - outer.x0, inner.top - outer.top, outer.x1 - inner.x1, outer.bottom - inner.bottom)
    return all(0 <= width <= THIN for width in widths) and any(widths)


def _strokes(placed: Sequence[tuple[float, float]]) -> Iterator[tuple[Ruling, bool]]:
    for (ax, ay), (bx, by) in pairwise(placed):
        if abs(ay - by) <= SKEW and ax != bx:
            yield Ruling((ay + by) / 2, min(ax, bx), max(ax, bx)), True
        elif abs(ax - bx) <= SKEW and ay != by:
            yield Ruling((ax + bx) / 2, min(ay, by), max(ay, by)), False


def filled_box(placed: Sequence[tuple[float, float]], size: tuple[float, float]) -> Box | None:
    """The box that a subpath (in upright points) fills; None for other shapes and the paper's own white. ``size``: the page's."""
    box = box_around(placed)
    if not all(map(math.isfinite, box)) or not 4 <= len(placed) <= 6:
        return None
    corners = all(min(abs(x - box.x0), abs(x - box.x1)) < 0.1 and min(abs(y - box.top), abs(y - box.bottom)) < 0.1 for x, y in placed)
    paper = box.x1 - box.x0 >= 0.9 * size[0] and box.bottom - box.top >= 0.9 * size[1]
    return box if corners and not paper else None
