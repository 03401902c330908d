"""A sheet as rows of filled cells and merged areas, cut into tables."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from parsers.carriers.archive import Problems
from parsers.carriers.lines.frames import without_frame
from parsers.carriers.office.asides import asides
from parsers.document import Table, TableCell
from parsers.grid import MAX_SLOTS


class Range(NamedTuple):
    """A merged area: first and last row and column, from 0."""

    top: int
    left: int
    bottom: int
    right: int


class SheetLayout:
    """What a sheet shows, row by row, with its merged areas."""

    def __init__(self, name: str, cells: dict[tuple[int, int], str], merged: list[Range], hidden: set[int], problems: Problems) -> None:
        self.problems = problems
        self.name = name
        self.hidden = hidden
        self.rows: dict[int, dict[int, str]] = {}
        merged = [_shown(area, cells, hidden) for area in merged]
        for (row, column), text in cells.items():
            if column not in hidden:
                self.rows.setdefault(row, {})[column] = text
        self.starts = {(area.top, area.left): area for area in merged}
        self.covered: set[tuple[int, int]] = set()
        self.bridges: set[int] = set()  # rows that a merged area joins to the row above
        for area in merged:
            if len(self.covered) > 4 * MAX_SLOTS:
                break
            self.covered.update(slots(area))
            self.bridges.update(range(area.top + 1, area.bottom + 1))

    def filled_rows(self) -> list[int]:
        """Rows that show something or lie in a merged area, as far down as something is shown."""
        last = max(self.rows, default=-1)
        return sorted({*self.rows, *(row for row in self.bridges if row <= last)})

    def texts(self, row: int) -> list[str]:
        """What the row shows, from left to right."""
        return [text for _, text in sorted(self.rows.get(row, {}).items())]

    def is_bridged(self, upper: int, lower: int) -> bool:
        """Whether merged areas join the rows from ``upper`` to ``lower``."""
        return all(row in self.bridges for row in range(upper + 1, lower + 1))

    def address_of_first(self, row: int) -> str:
        """Address of the first cell of the row that shows something."""
        return address(self.name, row, min(self.rows[row]))

    def take_asides(self) -> Iterator[Table]:
        """Columns beside all tables of the sheet, as a table of their own; they are taken out of the rows."""
        beside = asides(self.rows, self.covered, whole_sheet=True)
        rows = [row for row, texts in sorted(self.rows.items()) if beside & texts.keys()]
        yield from self._table(rows, sorted(beside))
        for row in rows:
            self.rows[row] = {column: text for column, text in self.rows[row].items() if column not in beside}
        self.rows = {row: texts for row, texts in self.rows.items() if texts}

    def table(self, rows: list[int]) -> Iterator[Table]:
        """The rows as a table, cut to the columns in use, and what stands beside it as another."""
        while rows and rows[-1] not in self.rows:
            rows = rows[:-1]
        texts = {row: self.rows[row] for row in rows if row in self.rows}
        beside = asides(texts, self.covered, whole_sheet=False)
        columns = {column for line in texts.values() for column in line}
        for part in (columns - beside, beside):
            yield from self._table(rows, sorted(part))

    def _table(self, rows: list[int], columns: list[int]) -> Iterator[Table]:
        if not columns:
            return
        shown = [column for column in range(columns[0], columns[-1] + 1) if column not in self.hidden]
        if len(rows) * len(shown) > MAX_SLOTS:
            message = f"a table of sheet {self.name} has more than {MAX_SLOTS:,} cells and was not read"
            self.problems.append(("table_too_large", message))
            return
        table: list[tuple[TableCell, ...]] = []
        addresses: list[tuple[str, ...]] = []
        for row in rows:
            line: list[TableCell] = []
            places: list[str] = []
            for column in shown:
                area = self.starts.get((row, column))
                if area is None and (row, column) in self.covered:
                    continue
                text = self.rows.get(row, {}).get(column, "")
                width = 1 if area is None else sum(area.left <= other <= area.right for other in shown)
                height = 1 if area is None else bisect_right(rows, area.bottom) - bisect_right(rows, row - 1)
                line.append(TableCell(text, max(1, width), max(1, height)))
                places.append(address(self.name, row, column))
            table.append(tuple(line))
            addresses.append(tuple(places))
        yield _without_frame(Table(address(self.name, rows[0], shown[0]), tuple(table), tuple(addresses)))


def _shown(area: Range, cells: dict[tuple[int, int], str], hidden: set[int]) -> Range:
    """The area without its hidden first columns; the text of its first cell is shown in what is left of it."""
    left = next((column for column in range(area.left, area.right + 1) if column not in hidden), area.left)
    text = cells.pop((area.top, area.left), None) if left != area.left else None
    if text is not None:
        cells[area.top, left] = text
    return area._replace(left=left)


def _without_frame(table: Table) -> Table:
    """A table without the running numbers that a data frame adds; those merge no cells."""
    if any(cell.colspan > 1 or cell.rowspan > 1 for row in table.rows for cell in row):
        return table
    return replace(without_frame(replace(table, spans_known=False)), spans_known=True)


def slots(area: Range) -> Iterator[tuple[int, int]]:
    return ((row, col) for row in range(area.top, area.bottom + 1) for col in range(area.left, area.right + 1))


def address(sheet: str, row: int, column: int) -> str:
    """``表1!B7`` for sheet 表1, row 6 and column 1 (from 0)."""
    letters, column = "", column + 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{sheet}!{letters}{row + 1}"
