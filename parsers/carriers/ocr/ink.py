"""What is printed on a picture before anybody reads it: its darkness, its lean, its ruling lines, its lines of text.

Arrays are rows of pixels; boxes count pixels.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from parsers.carriers.page.glyphs import Ruling

FAINT = 45  # darkness (0-255, against the paper around it) from which something is printed
_LINE = 25  # of a ruling line, which may be grey: its length makes it sure
_BLOCK = 16  # pixels: over which the paper has one colour
_THICK = 0.008  # of the picture's width: what is thicker is no line
_SHORT, _LONG = 0.016, 0.15  # of the picture's width: lines are no shorter; lines as long need no other line at their ends
_NEAR = 0.004  # of the picture's width: how near a line ends to another that it touches
_FULL = 0.9  # share of a line that is dark
_MAX_LEAN = 3.0  # degrees

Gray = NDArray[np.uint8]
Dark = NDArray[np.int16]
Mask = NDArray[np.bool_]


class Span(NamedTuple):
    """A box of pixels: rows ``top`` up to ``bottom``, columns ``left`` up to ``right`` (both exclusive)."""

    left: int
    top: int
    right: int
    bottom: int


def darkness(gray: Gray) -> Dark:
    """How much darker each pixel is than the paper around it."""
    height, width = gray.shape
    padded = np.pad(gray, ((0, -height % _BLOCK), (0, -width % _BLOCK)), mode="edge")
    blocks = padded.reshape(padded.shape[0] // _BLOCK, _BLOCK, padded.shape[1] // _BLOCK, _BLOCK).max(axis=(1, 3))
    paper = np.repeat(np.repeat(blocks, _BLOCK, axis=0), _BLOCK, axis=1)[:height, :width]
    return paper.astype(np.int16) - gray


def lean(dark: Dark) -> float:
    """By how many degrees the picture leans (counter-clockwise): so much that level lines fall on the fewest rows."""
    step = max(1, max(dark.shape) // 1200)
    ys, xs = np.nonzero(dark[::step, ::step] > FAINT)
    if len(ys) < 50:
        return 0.0
    if len(ys) > 200_000:
        chosen = np.linspace(0, len(ys) - 1, 200_000).astype(np.int64)
        ys, xs = ys[chosen], xs[chosen]

    def sharpness(degrees: float) -> float:
        rows = np.round(ys + xs * np.tan(np.radians(degrees))).astype(np.int64)
        counts = np.bincount(rows - rows.min())
        return float((counts.astype(np.float64) ** 2).sum())

    coarse = max(np.arange(-_MAX_LEAN, _MAX_LEAN + 0.01, 0.25), key=sharpness)
    fine = max(np.arange(coarse - 0.25, coarse + 0.26, 0.05), key=sharpness)
    return float(fine) if sharpness(fine) > 1.02 * sharpness(0.0) else 0.0


def rulings(dark: Dark) -> tuple[list[Ruling], list[Ruling], int]:
    """The horizontal and vertical lines that are drawn, in pixels, and how thick they are at most.

    A short line counts only between two others: strokes of characters touch no line at both ends.
    """
    width = dark.shape[1]
    least, thick = max(12, round(_SHORT * width)), max(4, round(_THICK * width))
    found = [list(_lines(dark > _LINE, least, thick)), list(_lines((dark > _LINE).T, least, thick))]
    kept = [[line for line in lines if line[0].end - line[0].start >= _LONG * width] for lines in found]
    near = max(4, round(_NEAR * width))
    for _ in range(4):
        for these, those in ((0, 1), (1, 0)):
            have = set(kept[these])
            crossing = [line for line, _ in kept[those]]
            kept[these] += [line for line in found[these] if line not in have and _stands_between(line[0], crossing, near)]
    widest = max((thickness for lines in kept for _, thickness in lines), default=1)
    return [line for line, _ in kept[0]], [line for line, _ in kept[1]], widest


def _stands_between(line: Ruling, crossing: Iterable[Ruling], near: int) -> bool:
    ends = [False, False]
    for other in crossing:
        if other.start - near <= line.at <= other.end + near:
            ends = [ends[0] or abs(other.at - line.start) <= near, ends[1] or abs(other.at - line.end) <= near]
    return all(ends)


def _lines(mask: Mask, least: int, thick: int) -> Iterator[tuple[Ruling, int]]:
    """Runs along the rows that are dark for ``least`` pixels or more, those of neighbouring rows as one line; with its thickness."""
    height, width = mask.shape
    if width <= least:
        return
    sums = np.zeros((height, width + 1), np.int32)
    np.cumsum(mask, axis=1, out=sums[:, 1:])
    full = sums[:, least:] - sums[:, :-least] >= _FULL * least
    open_lines: list[list[float]] = []  # first row, last row, start, end, sum of rows by length, length
    for y in np.nonzero(full.any(axis=1))[0].tolist():
        for first, last in runs(full[y]):
            inked = np.nonzero(mask[y, first : last + least - 1])[0]
            start, end = first + int(inked[0]), first + int(inked[-1]) + 1
            same = next((line for line in open_lines if line[1] >= y - 2 and line[2] <= end and start <= line[3]), None)
            if same is None:
                open_lines.append([y, y, start, end, y * (end - start), end - start])
            else:
                same[1], same[2], same[3] = y, min(same[2], start), max(same[3], end)
                same[4] += y * (end - start)
                same[5] += end - start
        done = [line for line in open_lines if line[1] < y - 2]
        open_lines = [line for line in open_lines if line[1] >= y - 2]
        yield from _closed(done, thick)
    yield from _closed(open_lines, thick)


def _closed(lines: Iterable[list[float]], thick: int) -> Iterator[tuple[Ruling, int]]:
    for first, last, start, end, weighted, length in lines:
        if last - first < thick:
            yield Ruling(weighted / length + 0.5, start, end), int(last - first + 1)


def ink(dark: Dark) -> Mask:
    """Where something is printed; single pixels are dust."""
    mask = dark > FAINT
    padded = np.pad(mask, 1).astype(np.int8)
    beside = sum(padded[1 + dy : padded.shape[0] - 1 + dy, 1 + dx : padded.shape[1] - 1 + dx] for dy in (-1, 0, 1) for dx in (-1, 0, 1))
    kept: Mask = mask & (beside > 1)
    return kept


def runs(profile: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """The runs of true values, as first and one past last."""
    edges = np.diff(np.concatenate(([0], profile.astype(np.int8), [0])))
    return list(zip(np.nonzero(edges == 1)[0].tolist(), np.nonzero(edges == -1)[0].tolist(), strict=True))


def text_lines(mask: Mask, em: float) -> list[Span]:
    """The printed lines of a cell or a page, top to bottom; ``em`` is how tall characters are, 0 where that is not known.

    The strokes of 二 are one line, lines that touch are parted.
    """
    rows = runs(np.asarray(mask.any(axis=1)))
    if em:
        rows = [piece for row in _joined(rows, em) for piece in _parted(mask, row, em)]
    found = []
    for top, bottom in rows:
        columns = np.nonzero(mask[top:bottom].any(axis=0))[0]
        if len(columns):
            found.append(Span(int(columns[0]), top, int(columns[-1]) + 1, bottom))
    return found


def _joined(rows: list[tuple[int, int]], em: float) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for top, bottom in rows:
        if joined and bottom - joined[-1][0] <= 1.15 * em and top - joined[-1][1] < 0.75 * em:
            joined[-1] = (joined[-1][0], bottom)
        else:
            joined.append((top, bottom))
    return joined


def _parted(mask: Mask, row: tuple[int, int], em: float) -> list[tuple[int, int]]:
    top, bottom = row
    count = round((bottom - top) / (1.25 * em))
    if bottom - top <= 1.7 * em or count < 2:
        return [row]
    profile = mask[top:bottom].sum(axis=1)
    cuts = [top]
    for k in range(1, count):
        middle, reach = round(k * (bottom - top) / count), max(1, round(0.3 * em))
        low = max(middle - reach, 0)
        cuts.append(top + low + int(profile[low : middle + reach].argmin()))
    return [(a, b) for a, b in zip(cuts, [*cuts[1:], bottom], strict=True) if b > a]


def em_of(lines: Iterable[Span]) -> float:
    """How tall characters are, by the lines that are several characters long (some are strokes of 二); 0 where there is none."""
    heights = sorted(line.bottom - line.top for line in lines if line.right - line.left > 2.5 * (line.bottom - line.top))
    return float(heights[3 * len(heights) // 4]) if heights else 0.0
