"""Tables whose cells commas part (CSV), as lines of a saved text."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence

from parsers.carriers.lines.cell_lines import Numbered
from parsers.document import Table, TableCell, cell_addresses

_FEWEST_ROWS = 3
_FEWEST_CELLS = 3
_MAX_LINES = 60  # of one row, whose cells may hold line breaks
_NUMBERS = re.compile(r"\d\s+\S|\S\s+\d(?![^\W\d_])")  # a line whose commas stand in its numbers


def comma_table(lines: Sequence[Numbered], start: int) -> tuple[Table, int] | None:
    """The table whose first line is the one at ``start``, and the place behind its last one; None where none begins there."""
    first = lines[start][1]
    if first.count(",") < _FEWEST_CELLS - 1 or "|" in first or "\t" in first:
        return None
    rows: list[tuple[int, list[str]]] = []
    end = start
    for row, behind in _records(lines, start):
        if rows and len(row) != len(rows[0][1]):
            break
        if len(row) < _FEWEST_CELLS or any(map(_NUMBERS.search, row)):
            break
        rows.append((lines[end][0], row))
        end = behind
    if len(rows) < _FEWEST_ROWS:
        return None
    cells = tuple(tuple(TableCell("".join(cell.split("\n"))) for cell in row) for _, row in rows)
    addresses = tuple(cell_addresses(f"line[{number}]", len(row)) for number, row in rows)
    return Table(f"line[{lines[start][0]}]", cells, addresses, spans_known=False), end


def _records(lines: Sequence[Numbered], start: int) -> Iterator[tuple[list[str], int]]:
    """The rows from a line on, each with the place behind its last line."""
    at = start
    while at < len(lines) and ("," in lines[at][1] or lines[at][1].startswith('"')):
        height, quotes = 0, 1
        while quotes % 2 and height < _MAX_LINES and at + height < len(lines):
            quotes = quotes * bool(height) + lines[at + height][1].count('"')
            height += 1
        try:
            yield next(csv.reader(["\n".join(line for _, line in lines[at : at + height])])), at + height
        except (csv.Error, StopIteration):
            return
        at += height
