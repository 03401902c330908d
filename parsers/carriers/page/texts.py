"""Pieces of printed lines, parted by white: what unruled tables are read from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import inf
from statistics import median

from parsers.carriers.page.glyphs import Box, Glyph, is_wide, line_text

_VALUE = re.compile(r"[+\-−]?\d[\d,，.\s]*(?:件|条|次|个|人次|人|元|万元|%|％)?|[/／\-－—–―─*＊]{1,4}|无|不涉及")
_NUMBER = re.compile(r"\d[.、．)）]\D|[①-⑳]")  # a list number begins a text after less white
_GAP = 0.75  # ems of white that part two texts
_APART = 0.3  # that part two numbers
_HEADS_APART = 0.15  # that part the heads of two columns, more than their characters
_BESIDE = 0.5  # that part a number from what stands before it
UNIT = 3  # characters: a longer text in a column of its own is a label
_DIGITS = frozenset("0123456789,-－—–―/")

Interval = tuple[float, float]  # from left to right


@dataclass(frozen=True, slots=True)
class Text:
    """A piece of a line. ``is_value``: it can be a table's value, that is a number, with or without unit, or a mark.

    ``box`` and ``base`` count from the top of a run of pages; ``shift`` is how far below it the text's ``page`` begins.
    """

    text: str
    box: Box
    base: float
    size: float
    is_value: bool
    page: int = 1
    shift: float = 0.0

    @property
    def span(self) -> tuple[float, float]:
        """Where it stands between left and right."""
        return self.box.x0, self.box.x1

    @property
    def middle(self) -> float:
        """The x of its middle."""
        return (self.box.x0 + self.box.x1) / 2

    def overlaps(self, x0: float, x1: float) -> bool:
        """Whether it stands above or below the interval."""
        return self.box.x0 < x1 and x0 < self.box.x1


def split_line(glyphs: Sequence[Glyph], page: int = 1, shift: float = 0.0, columns: Sequence[tuple[float, float]] = ()) -> list[Text]:
    """The texts of one printed line, left to right; ``shift`` is added to all heights.

    Where a list number or one of the ``columns`` begins, less white than elsewhere parts two texts.
    """
    return [text_of(group, page, shift) for group in split_glyphs(glyphs, columns)]


def split_head(glyphs: Sequence[Glyph], page: int, shift: float, columns: Sequence[tuple[float, float]]) -> list[Text]:
    """The texts of a line without values. Heads of neighbouring columns may nearly touch: less white parts them between two columns."""
    parts: list[list[Glyph]] = []
    for group in split_glyphs(glyphs, columns):
        usual = min((right.x0 - left.x1 for left, right in pairwise(group)), default=0.0)
        under = [column for column in columns if group[0].x0 < column[1] and column[0] < group[-1].x1]
        parts.append([group[0]])
        for left, right in pairwise(group):
            em = min(left.size, right.size)
            # A head that stands over one column is that column's.
            is_over = len(under) > 1 or (bool(under) and under[0] == columns[0] and group[0].x0 < under[0][0] - em)
            if is_over and right.x0 - left.x1 > max(usual, 0.0) + _HEADS_APART * em and _between((left.x1 + right.x0) / 2, columns, em):
                parts.append([])
            parts[-1].append(right)
    return [text_of(part, page, shift) for part in parts]


def _between(x: float, columns: Sequence[tuple[float, float]], em: float) -> bool:
    """Whether one column ends, and the next begins, near a place."""
    edges = [-inf, *(x for column in columns for x in column), inf]
    return any(edges[i] - em <= x <= edges[i + 1] + em for i in range(0, len(edges) - 2, 2))


def split_glyphs(glyphs: Sequence[Glyph], columns: Sequence[tuple[float, float]] = ()) -> list[list[Glyph]]:
    """The glyphs of one printed line, parted where ``split_line`` parts texts."""
    groups: list[list[Glyph]] = []
    inked = [glyph for glyph in glyphs if not glyph.text.isspace()]
    for i, glyph in enumerate(inked):
        last = groups[-1][-1] if groups else None
        white = glyph.x0 - last.x1 if last is not None else 0.0
        em = min(last.size, glyph.size) if last is not None else glyph.size
        after = inked[i + 1] if i + 1 < len(inked) else None
        in_words = after is not None and is_wide(after.text) and after.x0 - glyph.x1 < 0.25 * em and not glyph.text.isdecimal()
        touches = last is not None and glyph.text in _DIGITS and last.text not in _DIGITS and not in_words
        begins = white > (-0.1 if touches else 0.25) * em and (
            (white > 0.25 * em and _NUMBER.match("".join(other.text for other in inked[i : i + 3])) is not None)
            or any(last is not None and last.x1 <= x0 + 1 and x0 - 1 <= glyph.x0 < x1 for x0, x1 in columns)
        )
        begins = begins or (touches and white > _BESIDE * em)
        begins = begins or (last is not None and white > _APART * em and last.text in _DIGITS and glyph.text in _DIGITS)
        if last is not None and white <= _GAP * em and not begins:
            groups[-1].append(glyph)
        else:
            groups.append([glyph])
    return groups


def text_of(glyphs: Sequence[Glyph], page: int = 1, shift: float = 0.0) -> Text:
    """Glyphs of one line as a text."""
    size, base = median(glyph.size for glyph in glyphs), glyphs[0].base + shift
    box = Box(glyphs[0].x0, base - 0.85 * size, max(glyph.x1 for glyph in glyphs), base + 0.15 * size)
    said = line_text(glyphs)
    return Text(said, box, base, size, _VALUE.fullmatch(said) is not None, page, shift)


def is_short(text: Text) -> bool:
    """Whether a text that is no value can be a unit."""
    return not text.is_value and len(text.text) <= UNIT


def is_row(glyphs: Sequence[Glyph]) -> bool:
    """Whether a line alone looks like a row: two values beside each other, or one behind a unit."""
    texts = split_line(glyphs)
    values = sum(text.is_value for text in texts)
    return values > 1 or (values == 1 and len(texts) > 2 and any(is_short(text) and text.text.isalpha() for text in texts[1:]))


_NOTED = re.compile(r"[+\-−]?\d[\d,，.]*(?:件|条|次|个|人次|人|元|万元)?[（(][^()（）]*([)）]?)")
_NOTE = re.compile(r"[（(](?![一二三四五六七八九十\d]{1,3}[)）])[^()（）]*([)）]?)")
_NEXT_LINE = 2.4  # ems


def with_notes(lines: Sequence[list[Text]]) -> list[list[Text]]:
    """The lines with remarks in brackets behind numbers (``22（其中修订16件）``), wrapped ones line by line, counted as values."""
    above: list[Text] = []  # numbers and open remarks, the lowest of each column
    is_open: list[bool] = []
    found: list[list[Text]] = []
    for texts in lines:
        line: list[Text] = []
        lowest = list(zip(above, is_open, strict=True))
        for text in texts:
            near = next((i for i, (other, _) in enumerate(lowest) if _is_below(text, other)), None)
            match = _NOTED.fullmatch(text.text) or (_NOTE.fullmatch(text.text) if near is not None else None)
            goes_on = near is not None and lowest[near][1]
            if match or goes_on:
                text = replace(text, is_value=True)
            if text.is_value:
                above.append(text)
                is_open.append(not match[1] if match else goes_on and not re.search("[)）]", text.text))
            line.append(text)
        kept = [i for i, text in enumerate(above) if not any(_is_below(other, text) for other in above[i + 1 :])]
        above, is_open = [above[i] for i in kept][-40:], [is_open[i] for i in kept][-40:]
        found.append(line)
    return found


def _is_below(text: Text, other: Text) -> bool:
    is_near = 0 < text.base - other.base <= _NEXT_LINE * text.size and text.overlaps(*other.span)
    return is_near and text.box.x0 > other.box.x0 - 3 * text.size


def columns_of(texts: Iterable[Text]) -> list[tuple[float, float]]:
    """Where texts stand below each other: intervals of x, left to right."""
    columns: list[tuple[float, float]] = []
    for text in sorted(texts, key=lambda text: text.box.x0):
        if columns and text.box.x0 < columns[-1][1]:
            columns[-1] = (columns[-1][0], max(columns[-1][1], text.box.x1))
        else:
            columns.append(text.span)
    return columns


def value_columns(values: Iterable[Text]) -> list[tuple[float, float]]:
    """Where values stand below each other. One that runs over two columns, as numbers that touch do, does not make them one."""
    columns: list[tuple[float, float]] = []
    for text in sorted(values, key=lambda text: text.box.x1 - text.box.x0):
        hits = [i for i, (x0, x1) in enumerate(columns) if text.overlaps(x0, x1)]
        if not hits:
            columns.append(text.span)
        elif len(hits) == 1:
            i = hits[0]
            columns[i] = (min(columns[i][0], text.box.x0), max(columns[i][1], text.box.x1))
    return sorted(columns)


def around(texts: Sequence[Text]) -> Box:
    """The box around texts (at least one)."""
    return Box(
        min(text.box.x0 for text in texts),
        min(text.box.top for text in texts),
        max(text.box.x1 for text in texts),
        max(text.box.bottom for text in texts),
    )


def address_of(texts: Sequence[Text]) -> str:
    """Page and box of the texts, as far as they stand on the page of the first; "" for none."""
    if not texts:
        return ""
    box = around([text for text in texts if text.page == texts[0].page])
    shift = texts[0].shift
    return Box(box.x0, box.top - shift, box.x1, box.bottom - shift).address(texts[0].page)
