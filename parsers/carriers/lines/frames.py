"""Data frames written as text (pandas and its like): what they add to a page's tables is taken out again.

They number rows and columns from 0 where the page has no heads, and write heads of several lines as one: ``('申请人情况', '自然人')``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from parsers.document import Table, TableCell

_COUNT = re.compile(r"[|\s,]*0[|\s,]+1[|\s,]+2[|\s,]+3\b")
_CUTS = re.compile(r"[|\s,]+")
_HEADS = re.compile(r"\((?:'[^']*'|\"[^\"]*\")(?:, (?:'[^']*'|\"[^\"]*\"))*,?\)")
_HEAD = re.compile(r"'([^']*)'|\"([^\"]*)\"")
_TWICE = re.compile(r"\.\d+$|^Unnamed: \d+(?:_?level_?\d+)?$")  # how a frame tells heads of the same name apart


def is_count(line: str) -> bool:
    """Whether a line counts the columns of a table from 0."""
    if not _COUNT.match(line):
        return False
    numbers = _CUTS.split(line.strip(" |\t,"))
    return numbers == [str(i) for i in range(len(numbers))]


def is_path(cell: str) -> bool:
    """Whether a cell holds a head with those above it."""
    return cell.startswith("(") and _HEADS.fullmatch(cell) is not None


def without_frame(table: Table) -> Table:
    """A table without the running numbers of its columns and rows, and with its heads on several lines again."""
    if not table.rows or table.spans_known:
        return table
    rows = [[cell.text for cell in row] for row in table.rows]
    places = [[(r, c) for c in range(len(row))] for r, row in enumerate(rows)]
    first = next((r for r, row in enumerate(rows) if row and row[0] == "0"), 0)
    counted = first > 0 and all(row[:1] == [str(i)] for i, row in enumerate(rows[first:])) and any(all(row[1:]) for row in rows[:first])
    if counted and all(len(row) == len(rows[0]) > 1 for row in rows) and not any(row[0] for row in rows[:first]):
        rows, places = [row[1:] for row in rows], [row[1:] for row in places]
    if len(rows) > 1 and (is_count(" ".join(rows[0])) or (counted and rows[0] == [str(i) for i in range(len(rows[0]))])):
        rows, places = rows[1:], places[1:]
    elif any(map(_HEADS.fullmatch, rows[0])) and all(not text or _HEADS.fullmatch(text) for text in rows[0]):
        lines = _lines_of(rows[0])
        rows, places = [*lines, *rows[1:]], [places[0]] * len(lines) + places[1:]
    elif not counted:
        return table
    addresses = tuple(tuple(table.address(r, c) for r, c in row) for row in places)
    return replace(table, rows=tuple(tuple(map(TableCell, row)) for row in rows), addresses=addresses)


def _lines_of(head: Sequence[str]) -> list[list[str]]:
    paths = [[_TWICE.sub("", one or other) for one, other in _HEAD.findall(text)] for text in head]
    return [[path[line] if line < len(path) else "" for path in paths] for line in range(max(map(len, paths)))]
