"""Pieces of printed lines, parted by white: what unruled tables are read from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from parsers.carriers.glyphs import Box, Glyph, line_text

_VALUE = re.compile(r"[+\-−]?\d[\d,，.\s]*(?:件|条|次|个|人次|人|元|万元|%|％)?|[/／\-－—–―─*＊]{1,4}|无|不涉及")
_GAP = 0.75  # ems of white that part two texts


@dataclass(frozen=True, slots=True)
class Text:
    """A piece of a line. ``is_value``: it can be a table's value, that is a number, with or without unit, or a mark."""

    text: str
    box: Box
    base: float
    size: float
    is_value: bool

    @property
    def span(self) -> tuple[float, float]:
        """Where it stands between left and right."""
        return self.box.x0, self.box.x1

    def overlaps(self, x0: float, x1: float) -> bool:
        """Whether it stands above or below the interval."""
        return self.box.x0 < x1 and x0 < self.box.x1


def split_line(glyphs: Sequence[Glyph]) -> list[Text]:
    """The texts of one printed line, left to right."""
    groups: list[list[Glyph]] = []
    for glyph in glyphs:
        if glyph.text.isspace():
            continue
        last = groups[-1][-1] if groups else None
        if last is not None and glyph.x0 - last.x1 <= _GAP * min(last.size, glyph.size):
            groups[-1].append(glyph)
        else:
            groups.append([glyph])
    return [_text_of(group) for group in groups]


def _text_of(glyphs: list[Glyph]) -> Text:
    size, base = median(glyph.size for glyph in glyphs), glyphs[0].base
    box = Box(glyphs[0].x0, base - 0.85 * size, max(glyph.x1 for glyph in glyphs), base + 0.15 * size)
    said = line_text(glyphs)
    return Text(said, box, base, size, _VALUE.fullmatch(said) is not None)


def columns_of(texts: Iterable[Text]) -> list[tuple[float, float]]:
    """Where texts stand below each other: intervals of x, left to right."""
    columns: list[tuple[float, float]] = []
    for text in sorted(texts, key=lambda text: text.box.x0):
        if columns and text.box.x0 < columns[-1][1]:
            columns[-1] = (columns[-1][0], max(columns[-1][1], text.box.x1))
        else:
            columns.append(text.span)
    return columns


def around(texts: Sequence[Text]) -> Box:
    """The box around texts (at least one)."""
    return Box(
        min(text.box.x0 for text in texts),
        min(text.box.top for text in texts),
        max(text.box.x1 for text in texts),
        max(text.box.bottom for text in texts),
    )
