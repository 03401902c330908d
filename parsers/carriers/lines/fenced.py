"""Tables between ``|===`` lines (AsciiDoc): a bar before each cell, wherever lines end.

Rows are as wide as ``[cols=",,"]`` says, or the first line.

``2+|`` spans columns, ``.3+|`` rows.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import zip_longest

from parsers.carriers.lines.cell_lines import Numbered
from parsers.document import Table, TableCell

_FENCE = "|==="
_COLUMNS = re.compile(r'cols="([^"]*)"')
_TIMES = re.compile(r"(\d+)\*")
_CELL = re.compile(r"(?:^|(?<=[\s|]))(?:(\d{1,3})?(?:\.(\d{1,3}))?\+)?[.<^>]{0,4}[adehlms]?\|")
_MAX_LINES = 2_000

_Placed = tuple[int, TableCell]  # the number of its line


def is_fence(line: str) -> bool:
    """Whether a line opens or closes such a table."""
    return line.startswith(_FENCE) and not line.strip("|= \t")


def fenced_table(lines: Sequence[Numbered], start: int) -> tuple[Table, int] | None:
    """The table that the fence at ``start`` opens, and the place behind its end; None where it does not end, or its rows are not whole."""
    end = next((i for i in range(start + 1, min(len(lines), start + _MAX_LINES)) if is_fence(lines[i][1])), None)
    if end is None:
        return None
    cells = _cells(lines[start + 1 : end])
    rows = _rows(cells, _declared(lines[start - 1][1] if start else "") or sum(number == cells[0][0] for number, _ in cells))
    if not rows:
        return None
    addresses = tuple(tuple(f"line[{number}]/cell[{place}]" for place, (number, _) in enumerate(row, 1)) for row in rows)
    spanned = any(cell.colspan > 1 or cell.rowspan > 1 for _, cell in cells)
    texts = tuple(tuple(cell for _, cell in row) for row in rows)
    return Table(f"line[{lines[start][0]}]", texts, addresses, spans_known=spanned), end + 1


def _declared(attributes: str) -> int:
    """How many columns the line above a table declares; 0 where it does not."""
    match = _COLUMNS.search(attributes) if attributes.startswith("[") else None
    columns = match[1].split(",") if match else ()
    return sum(int(times[1]) if (times := _TIMES.match(column.strip())) else 1 for column in columns)


def _cells(lines: Sequence[Numbered]) -> list[_Placed]:
    found: list[_Placed] = []
    for number, line in lines:
        marks = list(_CELL.finditer(line))
        before = line[: marks[0].start() if marks else None].strip()
        if found and before:
            at, cell = found[-1]
            found[-1] = at, cell._replace(text=cell.text + before)
        for mark, behind in zip_longest(marks, marks[1:]):
            end = behind.start() if behind else len(line)
            found.append((number, TableCell(line[mark.end() : end].strip(), int(mark[1] or 1), int(mark[2] or 1))))
    return found


def _rows(cells: Sequence[_Placed], width: int) -> list[list[_Placed]]:
    """The cells cut into rows of ``width`` columns; none where the last one is not whole, or a span reaches too far."""
    rows: list[list[_Placed]] = []
    taken = [0] * width  # rows that spans from above take in each column
    at = width
    for placed in cells:
        while at >= width or taken[at]:
            if at >= width:
                rows.append([])
                at = 0
                if width < 1 or len(rows) > len(cells):
                    return []
            else:
                taken[at] -= 1
                at += 1
        cell = placed[1]
        if at + cell.colspan > width or any(taken[at : at + cell.colspan]):
            return []
        taken[at : at + cell.colspan] = [cell.rowspan - 1] * cell.colspan
        rows[-1].append(placed)
        at += cell.colspan
    return rows if all(taken[at:]) else []
