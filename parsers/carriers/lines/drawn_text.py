"""Grids drawn with characters: lines of ``+---+`` and ``|``, in which a wall that is left out joins cells, as a span does.

Rows and columns are where rules and bars stand, by the places of the characters on a screen, where a Chinese one takes two.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from unicodedata import east_asian_width

from parsers.carriers.lines.cell_lines import Numbered
from parsers.document import Table, TableCell, cell_addresses

_WALL = "|+"
_RULE = "-="
_FILLER = "\0"  # the second place of a wide character
_MAX_PLACES = 4_000_000


def drawn_table(lines: Sequence[Numbered]) -> Table | None:
    """The lines of a grid as a table with its spans; None where bars and rules do not stand below each other."""
    for places in (_wide, list):
        drawing = [places(line.strip()) for _, line in lines]
        if len({len(line) for line in drawing}) == 1 and len(drawing) * len(drawing[0]) <= _MAX_PLACES:
            return _Grid([number for number, _ in lines], drawing).table()
    return None


def _wide(line: str) -> list[str]:
    found: list[str] = []
    for char in line:
        found.append(char)
        if not char.isascii() and east_asian_width(char) in "WF":
            found.append(_FILLER)
    return found


class _Grid:
    """A drawing: its walls at the places ``xs``, its rules on the lines ``ys``."""

    def __init__(self, numbers: Sequence[int], drawing: Sequence[Sequence[str]]) -> None:
        self.numbers = numbers
        self.drawing = drawing
        self.xs = sorted({x for line in drawing for x, char in enumerate(line) if char == "+" and _beside_rule(line, x)})
        self.ys = [y for y, line in enumerate(drawing) if any(_has_rule(line, x0, x1) for x0, x1 in pairwise(self.xs))]

    def table(self) -> Table | None:
        """The drawing as a table; None where it is none, or has an open edge."""
        edges = (0, len(self.drawing[0]) - 1)
        closed = all(line[x] in _WALL for line in self.drawing for x in edges)
        if not closed or len(self.xs) < 2 or len(self.ys) < 2 or self.ys[0] != 0 or self.ys[-1] != len(self.drawing) - 1:
            return None
        taken: set[tuple[int, int]] = set()
        rows: list[tuple[TableCell, ...]] = []
        addresses: list[tuple[str, ...]] = []
        for r in range(len(self.ys) - 1):
            cells: list[TableCell] = []
            for c in range(len(self.xs) - 1):
                if (r, c) not in taken:
                    below, right = self._reach(r, c)
                    taken |= {(y, x) for y in range(r, below) for x in range(c, right)}
                    cells.append(TableCell(self._text(r, below, c, right), right - c, below - r))
            line = f"line[{self.numbers[min(self.ys[r] + 1, self.ys[r + 1])]}]"
            rows.append(tuple(cells))
            addresses.append(cell_addresses(line, len(cells)))
        # Without any span they were lost: spanned cells are left blank or written out.
        spanned = len(taken) > sum(map(len, rows))
        return Table(f"line[{self.numbers[0]}]", tuple(rows), tuple(addresses), spans_known=spanned)

    def _reach(self, r: int, c: int) -> tuple[int, int]:
        """The row below and the column right of the cell that begins in a row and a column."""
        right = c + 1
        while right < len(self.xs) - 1 and not self._wall(r, right):
            right += 1
        below = r + 1
        while below < len(self.ys) - 1 and not any(self._rule(below, x) for x in range(c, right)):
            below += 1
        return below, right

    def _wall(self, r: int, x: int) -> bool:
        """Whether a wall parts the columns at the ``x``-th place in row ``r``."""
        between = self.drawing[self.ys[r] + 1 : self.ys[r + 1]]
        return all(line[self.xs[x]] in _WALL for line in between)

    def _rule(self, y: int, c: int) -> bool:
        """Whether a rule parts the rows at the ``y``-th line in column ``c``."""
        return _has_rule(self.drawing[self.ys[y]], self.xs[c], self.xs[c + 1])

    def _text(self, top: int, bottom: int, left: int, right: int) -> str:
        lines = self.drawing[self.ys[top] + 1 : self.ys[bottom]]
        parts = ("".join(line[self.xs[left] + 1 : self.xs[right]]).replace(_FILLER, "").strip() for line in lines)
        return "".join(parts)


def _has_rule(line: Sequence[str], x0: int, x1: int) -> bool:
    return x1 - x0 > 1 and all(char in _RULE or char == ":" for char in line[x0 + 1 : x1])


def _beside_rule(line: Sequence[str], x: int) -> bool:
    return any(char in _RULE for char in (*line[max(0, x - 1) : x], *line[x + 1 : x + 2]))
