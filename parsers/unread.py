"""What a page prints and no table took up: a cell that may be among it is not called absent, but unreadable."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from parsers.document import OPEN_END, Document, Table
from parsers.model import Cell, Problem, TableSummary
from parsers.official import Official

_DRAWN = ("pdf", "ofd", "image")
_NUMBER = re.compile(r"[+\-−]?\d[\d,，.]*")


def with_unread(official: Official, document: Document) -> Official:
    """The official tables, what is absent from them unreadable where the document has numbers that were not placed."""
    if official.tables and all(table.n_absent == 0 and table.verdict != "absent" for table in official.tables):
        return official
    unread = [*document.unread, *_left_over(document, official.cells)]
    if not unread:
        return official
    why = f"not found, but numbers were left unread: {len(unread)} places, first {unread[0]}"
    cells = tuple(
        cell._replace(status="unreadable", raw=OPEN_END, note=why, locator=unread[0]) if cell.status == "absent" and not cell.note else cell
        for cell in official.cells
    )
    named = {problem.message.partition(":")[0] for problem in official.problems}  # as lost already
    lost = [table.table for table in official.tables if table.verdict == "absent" and table.table not in named]
    found = [Problem("table_not_read", f"{table}: {why}") for table in (lost if official.tables else ("any table",))]
    return official._replace(
        cells=cells, tables=tuple(_counted(table, cells) for table in official.tables), problems=(*official.problems, *found)
    )


def _left_over(document: Document, cells: Iterable[Cell]) -> Iterator[str]:
    """The addresses of printed cells that no cell of the form has: whose value the print leaves open; and, where rows were told by where
    texts stand, the numbers of rows of which nothing was placed, in tables of which something was, or that follow on such a one."""
    placed = {cell.locator for cell in cells}
    told: Table | None = None
    before = dict(zip(map(id, document.blocks[1:]), document.blocks, strict=False))
    for table in document.tables():
        if document.kind not in _DRAWN and not any(OPEN_END in cell.text for row in table.rows for cell in row):
            continue
        rows = [[(cell.text, table.address(y, x)) for x, cell in enumerate(row)] for y, row in enumerate(table.rows)]
        goes_on = told is not None and before.get(id(table)) is told
        is_told = document.kind in _DRAWN and (goes_on or any(address in placed for row in rows for _, address in row))
        told = table if is_told else None
        for row in rows:
            is_left = is_told and not any(address in placed for _, address in row)
            for text, address in row:
                if address not in placed and text != OPEN_END and (OPEN_END in text or (is_left and _NUMBER.fullmatch(text))):
                    yield address


def _counted(table: TableSummary, cells: Iterable[Cell]) -> TableSummary:
    return TableSummary.of(*table[:3], (cell for cell in cells if cell.table == table.table))
