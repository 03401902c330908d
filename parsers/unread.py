"""What a page prints and no table took up: a cell that may be among it is not called absent, but unreadable."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import groupby

from parsers.document import OPEN_END, Document, Paragraph, Table
from parsers.forms import FormTable, load_forms
from parsers.labels import label_key
from parsers.model import Cell, Official, Problem, TableSummary
from parsers.unread_labels import PrintedLabels, unplaced

_ROWS_TOLD = ("pdf", "ofd", "image", "text")  # where rows were told by where texts stand, or lines end
_NUMBER = re.compile(r"[+\-−]?\d[\d,，.]*")
_NUMBERS = re.compile(rf"(?:{_NUMBER.pattern}|[/／\-－—]|\s)*\d(?:{_NUMBER.pattern}|[/／\-－—]|\s)*")
_IN_A_ROW = 3  # numbers on one line, or lines of numbers, that are no page numbers or dates
_NOT_PLACED = "its labels are printed, but no table of its values could be made out"


def with_unread(official: Official, document: Document) -> Official:
    """The official tables, what is absent from them unreadable where the document has numbers that were not placed."""
    if official.tables and all(table.n_absent == 0 and table.verdict != "absent" for table in official.tables):
        return official
    if document.kind == "text" or (document.kind == "html" and not official.tables):
        official = _with_labels(official, PrintedLabels(document.blocks))
    unread = [*document.unread, *_left_over(document, official.cells)]
    if document.kind == "text" and official.tables:
        unread += _lines_of_numbers(document)
    if not unread:
        return official
    why = f"not found, but numbers were left unread: {len(unread)} places, first {unread[0]}"
    cells = tuple(
        unplaced(cell, why, unread[0]) if cell.status == "absent" and not cell.note else cell
        for cell in official.cells
    )
    named = {problem.message.partition(":")[0] for problem in official.problems}  # as lost already
    lost = [table.table for table in official.tables if table.verdict == "absent" and table.table not in named]
    found = [Problem("table_not_read", f"{table}: {why}") for table in (lost if official.tables else ("any table",))]
    return official._replace(
        cells=cells, tables=tuple(_counted(table, cells) for table in official.tables), problems=(*official.problems, *found)
    )


def _with_labels(official: Official, labels: PrintedLabels) -> Official:
    """The tables of a text: what is absent from them unreadable where its label is printed, tables of which only labels are read named."""
    cells: list[Cell] = []
    tables: list[TableSummary] = []
    problems: list[Problem] = []
    for table in official.tables:
        own = tuple(cell for cell in official.cells if cell.table == table.table)
        form = load_forms().get(table.form)
        form_table = form.table(table.table) if form else None
        if form_table is not None and table.verdict == "absent":
            problems += _named(form_table, labels, official.problems)
        elif form_table is not None:
            own = labels.opened(own, form_table)
        cells += own
        tables.append(table if table.verdict == "absent" else _counted(table, own))
    if not official.tables:
        found = {table.id: table for form in reversed([*load_forms().values()]) for table in form.tables}
        problems += (problem for table in found.values() for problem in _named(table, labels, official.problems))
    return official._replace(cells=tuple(cells), tables=tuple(tables), problems=(*official.problems, *problems))


def _named(table: FormTable, labels: PrintedLabels, known: Iterable[Problem]) -> list[Problem]:
    """The problem that a table could not be read, where its labels are printed and no other problem speaks of it."""
    if any(problem.message.startswith(table.id) for problem in known) or not labels.names(table):
        return []
    return [Problem("table_not_read", f"{table.id}: {_NOT_PLACED}")]


def _lines_of_numbers(document: Document) -> list[str]:
    """Where numbers stand in lines that are no prose: several on one line, or lines of nothing else below each other."""
    found: list[str] = []
    run: list[str] = []
    for block in (*document.blocks, None):
        text = block.text if isinstance(block, Paragraph) and "。" not in block.text else ""
        if _NUMBERS.fullmatch(text) and block is not None:
            run.append(block.locator)
        else:
            found += run[:1] if len(run) >= _IN_A_ROW else []
            run = []
        if block is not None and _several(text.split() if " " in text else text.split(",")):
            found.append(block.locator)
    return found


def _several(words: Iterable[str]) -> bool:
    """Whether several numbers follow each other."""
    runs = (sum(1 for _ in run) for is_number, run in groupby(words, lambda word: _NUMBER.fullmatch(word) is not None) if is_number)
    return max(runs, default=0) >= _IN_A_ROW


@cache
def _groups() -> frozenset[str]:
    """The labels of groups of rows, whose subtotals some publishers print: no cells of the form."""
    rows = (row for form in load_forms().values() for table in form.tables for block in table.blocks for row in block.rows)
    return frozenset(label_key(label) for row in rows for label in row.path) | {"小计"}


def _left_over(document: Document, cells: Iterable[Cell]) -> Iterator[str]:
    """The addresses of printed cells that no cell of the form has: whose value the print leaves open; and, where rows were told by where
    texts stand, the numbers of rows of which nothing was placed, in tables of which something was, or that follow on such a one."""
    placed = {cell.locator for cell in cells}
    told: Table | None = None
    before = dict(zip(map(id, document.blocks[1:]), document.blocks, strict=False))
    for table in document.tables():
        if document.kind not in _ROWS_TOLD and not any(OPEN_END in cell.text for row in table.rows for cell in row):
            continue
        rows = [[(cell.text, table.address(y, x)) for x, cell in enumerate(row)] for y, row in enumerate(table.rows)]
        goes_on = told is not None and before.get(id(table)) is told
        is_told = document.kind in _ROWS_TOLD and (goes_on or any(address in placed for row in rows for _, address in row))
        told = table if is_told and document.kind != "text" else None  # in a text the next table may be any other
        for row in rows:
            is_left = is_told and not any(address in placed for _, address in row) and _may_be_a_row(row)
            for text, address in row:
                if address not in placed and text != OPEN_END and (OPEN_END in text or (is_left and _NUMBER.fullmatch(text))):
                    yield address


def _may_be_a_row(row: Sequence[tuple[str, str]]) -> bool:
    """Whether cells with their addresses hold values: a number behind a label that is no group's, or several numbers without a label."""
    is_number = [_NUMBER.fullmatch(text) is not None for text, _ in row]
    labels = [i for i, (text, _) in enumerate(row) if not is_number[i] and label_key(text)]
    if not labels:
        return sum(is_number) > 1
    if row[labels[0]][0] == "甲":  # 甲 乙 丙 1 2 number the columns
        return False
    return any(is_number[labels[0] :]) and not _groups().issuperset(label_key(row[i][0]) for i in labels)


def _counted(table: TableSummary, cells: Iterable[Cell]) -> TableSummary:
    return TableSummary.of(*table[:3], (cell for cell in cells if cell.table == table.table))
