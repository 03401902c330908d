"""Rows of spanned cells -> a rectangular grid: the WHATWG algorithm for forming a table (HTML Standard 4.9.12.1).

Each slot knows the cell it came from. Differences from the standard: spans are already sane (see ``span``), and an
oversized table is refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from parsers.document import TableCell

MAX_SLOTS = 100_000
MAX_SPAN = 1000


class TableTooLarge(ValueError):
    """The table has more than MAX_SLOTS slots."""


class Origin(NamedTuple):
    """Where a slot's cell is printed: row and cell number in the source, both from 0."""

    row: int
    cell: int


@dataclass(frozen=True, slots=True)
class Grid:
    """``slots[y][x]`` is the origin of the cell there, None where no cell reaches; all rows are ``width`` long.

    ``overlaps`` is true where two cells claim one slot (the earlier one keeps it).
    """

    slots: tuple[tuple[Origin | None, ...], ...]
    width: int
    overlaps: bool

    def columns(self) -> dict[tuple[int, int], tuple[int, int]]:
        """First and one-past-last grid column of every cell in its own row; cells that got no slot are left out."""
        found: dict[tuple[int, int], tuple[int, int]] = {}
        for y, line in enumerate(self.slots):
            for x, origin in enumerate(line):
                if origin is not None and origin.row == y:
                    found[origin] = (found[origin][0] if origin in found else x, x + 1)
        return found

    def columns_of(self, row: int, cell: int) -> tuple[int, int]:
        """First and one-past-last grid column of a cell in its own row; (0, 0) where it got no slot."""
        wanted = Origin(row, cell)
        hits = [x for x, origin in enumerate(self.slots[row]) if origin == wanted]
        return (hits[0], hits[-1] + 1) if hits else (0, 0)


def span(printed: str | None, limit: int = MAX_SPAN) -> int:
    """A span attribute as a number: digits at the front count (``3%`` is 3), anything else and 0 is 1, capped.

    The standard gives ``rowspan="0"`` the meaning "to the end of the row group"; as publishers who write it mean nothing, it is 1.
    """
    if not printed:
        return 1
    digits = ""
    for char in printed.strip().removeprefix("+"):
        if not ("0" <= char <= "9") or len(digits) > 5:
            break
        digits += char
    return min(max(int(digits or 1), 1), limit)


def form_grid(rows: Sequence[Sequence[TableCell]]) -> Grid:
    """Lay the cells out. Raises TableTooLarge above MAX_SLOTS slots."""
    height = len(rows)
    slots: list[list[Origin | None]] = [[] for _ in range(height)]
    overlaps = False
    used = 0
    for y, row in enumerate(rows):
        x = 0
        for number, cell in enumerate(row):
            line = slots[y]
            while x < len(line) and line[x] is not None:
                x += 1
            used += cell.colspan * min(cell.rowspan, height - y)
            if used > MAX_SLOTS:
                raise TableTooLarge(f"the table has more than {MAX_SLOTS} slots")
            origin = Origin(y, number)
            if cell.colspan == cell.rowspan == 1:
                line[x : x + 1] = (origin,)
            else:
                overlaps |= _place(slots, origin, x, cell)
            x += cell.colspan
    width = max((len(line) for line in slots), default=0)
    if width * height > MAX_SLOTS:
        raise TableTooLarge(f"the table has more than {MAX_SLOTS} slots")
    return Grid(tuple((*line, *(None,) * (width - len(line))) for line in slots), width, overlaps)


def _place(slots: list[list[Origin | None]], origin: Origin, x: int, cell: TableCell) -> bool:
    """Write a cell into its slots; tells whether it met an occupied one (a later cell never evicts an earlier one)."""
    overlap = False
    for y in range(origin.row, min(origin.row + cell.rowspan, len(slots))):
        line = slots[y]
        while len(line) < x + cell.colspan:
            line.append(None)
        for column in range(x, x + cell.colspan):
            if line[column] is None:
                line[column] = origin
            else:
                overlap = True
    return overlap
