"""What a PDF page (or a recognised picture) is made of before anybody reads it: glyphs and rulings.

Coordinates are points from the top left corner of the page, y downwards, turned so that its text stands upright.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

UNREAD = "\ufffd"  # stands where something is printed that was not read for sure
_DIGITS = frozenset("0123456789")


class Box(NamedTuple):
    """A rectangle in points, ``x0 <= x1`` and ``top <= bottom``."""

    x0: float
    top: float
    x1: float
    bottom: float

    @property
    def area(self) -> float:
        """Area in square points."""
        return (self.x1 - self.x0) * (self.bottom - self.top)

    def holds(self, x: float, y: float, margin: float = 0.0) -> bool:
        """Whether the point lies in the box, grown by ``margin`` points on each side."""
        return self.x0 - margin <= x <= self.x1 + margin and self.top - margin <= y <= self.bottom + margin

    def address(self, page: int) -> str:
        """``page[2]/box[x0,y0,x1,y1]`` in whole points; ``page`` counts from 1."""
        return f"page[{page}]/box[{round(self.x0)},{round(self.top)},{round(self.x1)},{round(self.bottom)}]"


class Glyph(NamedTuple):
    """One printed character. ``base`` is its baseline, ``size`` its em in points, ``turn`` its quarter turns (ccw)."""

    text: str
    x0: float
    x1: float
    base: float
    size: float
    turn: int = 0

    @property
    def middle(self) -> tuple[float, float]:
        """Centre of the glyph's em box."""
        return (self.x0 + self.x1) / 2, self.base - 0.35 * self.size


class Ruling(NamedTuple):
    """A drawn line, horizontal (at y = ``at``) or vertical (at x = ``at``), from ``start`` to ``end``."""

    at: float
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class PageContent:
    """The glyphs, rulings and filled boxes of one page; ``number`` from 1; ``pictures`` is the share of it that images cover.

    ``layer``: the text is not what is seen, but what somebody's program read on the picture.
    """

    number: int
    width: float
    height: float
    glyphs: tuple[Glyph, ...]
    horizontal: tuple[Ruling, ...]
    vertical: tuple[Ruling, ...]
    fills: tuple[Box, ...] = ()
    pictures: float = 0.0
    layer: bool = False


def is_wide(char: str) -> bool:
    """Whether the character is set in a full em (Chinese characters and full-width punctuation)."""
    return unicodedata.east_asian_width(char) in "WF"


# Fonts that share one glyph between a radical and its character make PDFs name the radical. Unicode decomposes the
# Kangxi radicals; of the supplement (EquivalentUnifiedIdeograph.txt) those are listed that are whole modern characters.
_SUPPLEMENT = str.maketrans(
    "⺟⺠⺩⻁⻄⻅⻆⻉⻋⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻧⻨⻩⻪⻬⻮⻰⻳",
    "母民王虎西见角贝车长门青韦页风飞食马骨鬼鱼鸟卤麦黄黾齐齿龙龟",
)


def plain_character(char: str) -> str:
    """The character that is meant where the PDF names a radical or a compatibility form of it."""
    if "\u2e80" <= char <= "\u2eff":
        return char.translate(_SUPPLEMENT)
    if "\u2f00" <= char <= "\u2fdf" or "\uf900" <= char <= "\ufaff":
        return unicodedata.normalize("NFKC", char)
    return char


def baselines(glyphs: Iterable[Glyph]) -> Iterator[list[Glyph]]:
    """The glyphs grouped into printed lines, top to bottom, each from left to right."""
    line: list[Glyph] = []
    for glyph in sorted(glyphs, key=lambda g: g.base):
        if line and glyph.base - line[0].base > 0.4 * min(glyph.size, line[0].size):
            yield sorted(line, key=lambda g: g.x0)
            line = []
        line.append(glyph)
    if line:
        yield sorted(line, key=lambda g: g.x0)


def gap_is_blank(left: Glyph, right: Glyph) -> bool:
    """Whether the white between two neighbours on a line is wide enough to part words.

    Numbers must not run together (``12  5`` is not 125), so Latin text parts early; Chinese text is often justified.
    """
    size = min(left.size, right.size)
    wide = is_wide(left.text) or is_wide(right.text)
    return right.x0 - left.x1 > (0.8 if wide else 0.3) * size


def line_text(line: Sequence[Glyph]) -> str:
    """The text of one printed line, white space collapsed."""
    parts: list[str] = []
    for left, right in zip((None, *line), line, strict=False):
        if left is not None and gap_is_blank(left, right):
            parts.append(" ")
        parts.append(right.text)
    return " ".join("".join(parts).split())


def may_be_two_numbers(glyphs: Sequence[Glyph]) -> bool:
    """Whether digits of a cell's line are of two sizes (a note's number beside a count), or printed over each other (a watermark's)."""
    digits = [glyph for glyph in glyphs if glyph.text in _DIGITS]
    if len({(glyph.size, glyph.base) for glyph in digits}) < 2:
        return False
    sizes = [glyph.size for glyph in digits]
    if max(sizes) > 1.02 * min(sizes) and not any(is_wide(glyph.text) for glyph in glyphs):
        return True
    return any(_are_two(left, right) for line in baselines(upright(digits)) for left, right in pairwise(line))


def _are_two(left: Glyph, right: Glyph) -> bool:
    large, small = max(left.size, right.size), min(left.size, right.size)
    if large > 1.15 * small:
        return not gap_is_blank(left, right)
    # Boxes of a font without widths overlap, too, but on one baseline.
    return right.x0 < left.x1 - 0.25 * small and (large > 1.02 * small or abs(left.base - right.base) > 0.05 * small)


def join_lines(lines: Iterable[str]) -> str:
    """Lines of one cell or paragraph as one text: no blank between Chinese, one between Latin words."""
    text = ""
    for line in lines:
        if text and line and text[-1].isascii() and line[0].isascii() and text[-1].isalpha() and line[0].isalpha():
            text += " "
        text += line
    return text


def upright(glyphs: Sequence[Glyph]) -> Sequence[Glyph]:
    """The glyphs turned so that a run that stands on its side reads from left to right; others unchanged."""
    turns = [glyph.turn for glyph in glyphs]
    if not turns or (turn := max(set(turns), key=turns.count)) == 0:
        return glyphs
    turned = []
    for glyph in glyphs:
        x, y = glyph.middle
        across, down = {1: (-y, x), 2: (-x, -y), 3: (y, -x)}.get(turn, (x, y))
        half = glyph.size / 2
        turned.append(Glyph(glyph.text, across - half, across + half, down + 0.35 * glyph.size, glyph.size))
    return turned


def block_text(glyphs: Sequence[Glyph]) -> str:
    """The text of one cell: its lines from top to bottom, joined without line breaks."""
    return join_lines(line_text(line) for line in baselines(upright(glyphs)))


def whole_runs(glyphs: Iterable[Glyph]) -> list[list[Glyph]]:
    """Glyphs that may not be torn apart: a number that overflows its cell still belongs to one cell.

    Latin glyphs that touch make a run; a Chinese character is a run of its own.
    """
    runs: list[list[Glyph]] = []
    order = sorted(glyphs, key=lambda g: (round(g.base), g.x0))
    for glyph in order:
        last = runs[-1][-1] if runs else None
        if (
            last is not None
            and not is_wide(last.text)
            and not is_wide(glyph.text)
            and not last.text.isspace()
            and not glyph.text.isspace()
            and last.turn == glyph.turn == 0
            and abs(last.base - glyph.base) < 0.2 * glyph.size
            and -0.5 * glyph.size < glyph.x0 - last.x1 < 0.15 * glyph.size
        ):
            runs[-1].append(glyph)
        else:
            runs.append([glyph])
    return runs
