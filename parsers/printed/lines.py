"""The lines of a text without bars, cut into the pieces that white parts: labels first, then values, with their places."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import accumulate
from math import comb
from typing import NamedTuple
from unicodedata import east_asian_width

from parsers.carriers.lines.frames import is_count
from parsers.document import BLANK
from parsers.values import is_spoilt

_VALUE = re.compile(
    r"(?:[+\-−]|[增减](?=\d))?\d[\d,，]*(?:\.\d*)?(?:件|[项个次条]|万?元)?(?:[（(].*)?|[/／\-－—–⸺⸻]{1,4}|无|不涉及|"
    + BLANK
)
_PIECE = re.compile(r"\S+")
_PAGE_NUMBER = re.compile(r"[-—–－―_·•~]+\s*\d{1,4}\s*[-—–－―_·•~]+|第\s*\d{1,4}\s*页.{0,12}|\d{1,4}\s*[/／]\s*\d{1,4}")
_WORDS_AFTER = re.compile(r"(?![(（]#)[^#]+#.*[\u4e00-\u9fff]{4}")  # not a label with its number in brackets
# A label that runs into the next one (息2.没有现成信息) or into its value (其他-).
_PART = re.compile(r".+?(?=(?<=[^\d\W])\d[.．、]|(?<=[\u4e00-\u9fff）)])(?:\d+|[-—/]{1,2})$|$)")
_UNIT = "件"
_UNIT_AWAY = 8  # places between a number and its unit
_NEAR = 3  # lines that tell where the columns stand
_CLEARLY = 4  # places by which a value must be nearer to its column than to the next one
_MAX_WAYS = 40
_MAX_FREE = 21


class Piece(NamedTuple):
    """A run of characters without a blank, and where it begins and ends in its line."""

    text: str
    start: int
    end: int

    @property
    def middle(self) -> float:
        """The place of its middle."""
        return (self.start + self.end) / 2


class PrintedLine(NamedTuple):
    """A line that is not blank: its number from 1, its page, its labels and the values behind them.

    ``spaced``: it has more than one blank somewhere inside.
    """

    number: int
    page: int
    labels: tuple[Piece, ...]
    values: tuple[Piece, ...]
    spaced: bool = False

    @property
    def said(self) -> str:
        """All of it without blanks."""
        return "".join(piece.text for piece in (*self.labels, *self.values))

    @property
    def is_values(self) -> bool:
        """Whether there is nothing but values."""
        return not self.labels and bool(self.values)


def _is_value(text: str) -> bool:
    return _VALUE.fullmatch(text) is not None or is_spoilt(text)


def lines_of(text: str) -> list[PrintedLine]:
    """The lines that are not blank, without page numbers and running heads.

    A Chinese character takes one place, or two where more values then stand below each other: programs count either way.
    """
    lines, wide = _lines_of(text, wide=False), _lines_of(text, wide=True)
    return wide if _n_columns(wide) < _n_columns(lines) else lines


def _n_columns(lines: Sequence[PrintedLine]) -> int:
    """The number of places where values begin, or end, in lines that keep the white between them."""
    values = [value for line in lines if line.spaced for value in line.values]
    return min(len({value.start for value in values}), len({value.end for value in values}))


def _lines_of(text: str, *, wide: bool) -> list[PrintedLine]:
    found: list[PrintedLine] = []
    heads = _printed_again(text)
    number = 1
    for page, body in enumerate(text.split("\f"), 1):
        lines = body.split("\n")
        filled = [i for i, line in enumerate(lines) if line.strip()]
        for i in filled:
            said = lines[i].strip()
            alone = "\f" in text and i in (filled[0], filled[-1]) and said == str(page)
            if not alone and not is_count(said) and not _PAGE_NUMBER.fullmatch(said) and _masked(said) not in heads:
                found.append(_line(number + i, page, lines[i], wide=wide))
        number += len(lines)
    return found


def _printed_again(text: str) -> set[str]:
    """Lines that stand more than once in a text and hold words behind a number, as no row of a table does."""
    counts = Counter(map(_masked, text.splitlines()))
    return {line for line, count in counts.items() if count > 1 and _WORDS_AFTER.match(line)}


def _masked(line: str) -> str:
    return re.sub(r"\d+", "#", "".join(line.split()))


def _line(at: int, page: int, line: str, *, wide: bool) -> PrintedLine:
    places = list(accumulate((1 + (wide and east_asian_width(char) in "WF") for char in line), initial=0))
    pieces = [
        Piece(part[0], places[match.start() + part.start()], places[match.start() + part.end()])
        for match in _PIECE.finditer(line)
        for part in re.finditer(_PART, match[0])
    ]
    for i in reversed([i for i, piece in enumerate(pieces) if piece.text == _UNIT]):
        before = pieces[i - 1]
        if i and before.text.isdecimal() and pieces[i].start - before.end < _UNIT_AWAY:
            pieces[i - 1 : i + 1] = [Piece(before.text + _UNIT, before.start, before.end + 1)]
    for i in reversed(range(1, len(pieces))):
        before, piece = pieces[i - 1 : i + 1]
        if piece.start == before.end + 1 and is_spoilt(f"{before.text} {piece.text}"):
            pieces[i - 1 : i + 1] = [Piece(f"{before.text} {piece.text}", before.start, piece.end)]
    n_labels = next((i for i, piece in enumerate(pieces) if _is_value(piece.text)), len(pieces))
    return PrintedLine(at, page, tuple(pieces[:n_labels]), tuple(pieces[n_labels:]), "  " in line.strip())


class Columns:
    """The value columns of a run of lines: ``width`` of them, where lines that fill all of them have theirs.

    ``kept``: the text keeps the white between them, so that a line that fills some of them tells which. ``is_torn``: some line holds
    fewer values.
    """

    def __init__(self, lines: Sequence[PrintedLine], width: int) -> None:
        self.width = width
        self.kept = any(line.spaced for line in lines)
        self._full: dict[int, list[PrintedLine]] = {}  # by page
        for line in lines:
            if self._fills(line):
                self._full.setdefault(line.page, []).append(line)
        self.is_torn = any(0 < len(line.values) < width for line in lines)
        self._loose: dict[int, list[Piece]] = {}  # columns of pages without a full line, told by what stands below each other
        for page in {line.page for line in lines} - set(self._full):
            columns = _below_each_other([value for line in lines if line.page == page for value in line.values])
            if len(columns) == width:
                self._loose[page] = columns

    def _fills(self, line: PrintedLine) -> bool:
        """Whether it has a value for each column."""
        return len(line.values) == self.width and all(_is_value(value.text) for value in line.values)

    def cut(self, line: PrintedLine) -> PrintedLine:
        """The line with what stands in the value columns but is no value (the words of a note) counted as one."""
        near = self._near(line)
        if not self.kept or not near or not line.labels:
            return line
        edge = min(full.values[0].start for full in near)
        labels = tuple(piece for piece in line.labels if piece.start < edge)
        return line._replace(labels=labels, values=(*line.labels[len(labels) :], *line.values))

    def _near(self, line: PrintedLine) -> list[PrintedLine]:
        return sorted(self._full.get(line.page, ()), key=lambda full: abs(full.number - line.number))[:_NEAR]

    def is_aligned(self, line: PrintedLine, adds_up: Callable[[tuple[str, ...]], bool]) -> bool:
        """Whether the values of a line that fills all columns stand below those of the nearest other one that adds up."""
        others = [full for full in self._full.get(line.page, ()) if adds_up(tuple(value.text for value in full.values))]
        other = min(others, key=lambda full: abs(full.number - line.number), default=None)
        return other is not None and all(i in _nearest(value, other.values) for i, value in enumerate(line.values))

    def place(self, line: PrintedLine) -> dict[int, str] | None:
        """The texts of a line by column; None where it is not certain."""
        if self._fills(line):
            return {i: value.text for i, value in enumerate(line.values)}
        may_be = self._may_be(line, [full.values for full in self._near(line)])
        if any(len(columns) != 1 for columns in may_be) or not may_be:
            return None
        ways = _ways(line, may_be)
        return ways[0] if ways else None

    def ways(self, line: PrintedLine) -> list[dict[int, str]]:
        """All that the texts of a line by column may be."""
        if self._fills(line):
            return [{i: value.text for i, value in enumerate(line.values)}]
        columns: list[Sequence[Piece]] = [full.values for full in self._near(line)]
        if not columns and line.page in self._loose:
            columns = [self._loose[line.page]]
        may_be = self._may_be(line, columns)
        if not may_be or (any(len(columns) != 1 for columns in may_be) and comb(self.width, len(line.values)) <= _MAX_FREE):
            # Pushed aside by its label, or no telling at all.
            may_be = [set(range(self.width))] * len(line.values) if self.kept and len(line.values) <= self.width else []
        return _ways(line, may_be)

    def _may_be(self, line: PrintedLine, columns: Sequence[Sequence[Piece]]) -> list[set[int]]:
        """For each value the columns that it may stand in; nothing where none can be told."""
        if not self.kept or not columns or len(line.values) > self.width:
            return []
        return [{column for places in columns for column in _nearest(value, places)} for value in line.values]


def _ways(line: PrintedLine, may_be: Sequence[set[int]]) -> list[dict[int, str]]:
    """The values of a line in columns that they may stand in, from left to right."""
    found: list[dict[int, str]] = [{}] if may_be else []
    for value, columns in zip(line.values, may_be, strict=False):
        found = [{**way, column: value.text} for way in found for column in columns if column > max(way, default=-1)]
        if len(found) > _MAX_WAYS:
            return []
    return found


def _nearest(value: Piece, columns: Sequence[Piece]) -> list[int]:
    """The columns a value may stand in: two where they are about as near; none where it reaches over two, as two values run together do."""
    if sum(value.start <= column.middle < value.end for column in columns) > 1:
        return []
    by_distance = sorted((abs(column.middle - value.middle), i) for i, column in enumerate(columns))
    (nearest, found), (next_one, other) = by_distance[:2]
    column = columns[found]
    below = nearest <= 1 or value.start == column.start or value.end == column.end
    return [found] if below and next_one - nearest >= _CLEARLY else [found, other]


def _below_each_other(values: Sequence[Piece]) -> list[Piece]:
    """Where values overlap from line to line, as pieces."""
    columns: list[tuple[int, int]] = []
    for value in sorted(values, key=lambda value: value.start):
        if columns and value.start < columns[-1][1]:
            columns[-1] = (columns[-1][0], max(columns[-1][1], value.end))
        else:
            columns.append((value.start, value.end))
    return [Piece("", start, end) for start, end in columns]
