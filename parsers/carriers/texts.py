"""Pieces of printed lines, parted by white: what unruled tables are read from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from parsers.carriers.glyphs import Box, Glyph, line_text

_VALUE = re.compile(r"[+\-−]?\d[\d,，.\s]*(?:件|条|次|个|人次|人|元|万元|%|％)?|[/／\-－—–―─*＊]{1,4}|无|不涉及")
_NUMBER = re.compile(r"\d[.、．)）]\D|[①-⑳]")  # a list number begins a text after less white
_GAP = 0.75  # ems of white that part two texts
_APART = 0.3  # that part two numbers
_DIGITS = frozenset("0123456789,-－—–―")


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


def split_glyphs(glyphs: Sequence[Glyph], columns: Sequence[tuple[float, float]] = ()) -> list[list[Glyph]]:
    """The glyphs of one printed line, parted where ``split_line`` parts texts."""
    groups: list[list[Glyph]] = []
    inked = [glyph for glyph in glyphs if not glyph.text.isspace()]
    for i, glyph in enumerate(inked):
        last = groups[-1][-1] if groups else None
        white = glyph.x0 - last.x1 if last is not None else 0.0
        em = min(last.size, glyph.size) if last is not None else glyph.size
        begins = white > 0.25 * em and (
            _NUMBER.match("".join(other.text for other in inked[i : i + 3])) is not None
            or any(last is not None and last.x1 <= x0 + 1 and x0 - 1 <= glyph.x0 < x1 for x0, x1 in columns)
        )
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


def address_of(texts: Sequence[Text]) -> str:
    """Page and box of the texts, as far as they stand on the page of the first; "" for none."""
    if not texts:
        return ""
    box = around([text for text in texts if text.page == texts[0].page])
    shift = texts[0].shift
    return Box(box.x0, box.top - shift, box.x1, box.bottom - shift).address(texts[0].page)
