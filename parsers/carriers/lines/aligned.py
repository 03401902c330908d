"""Tables of preformatted text, whose cells stand below each other by white space: written again with bars between the cells."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from unicodedata import east_asian_width

_FILLER = "\x01"  # behind a character that is two places wide
_PARTS = re.compile(r"\S+(?:[ \u3000]\S+)*")  # what two places of white part
_VALUE = re.compile(r"[+\-]?\d[\d,.]*|[/—－-]{1,2}|无")
_INK = re.compile(r"\S+")
_FEWEST_LINES = 3
_FEWEST_COLUMNS = 2


def with_bars(lines: Sequence[str]) -> Iterator[str]:
    """The lines, those of aligned tables with ``|`` between their cells; lines of prose and lines that have bars stay as they are."""
    for may_be_row, run in groupby(lines, _may_be_row):
        rows = list(run)
        yield from (_barred(rows) or _barred_in_pieces(rows)) if may_be_row else rows


def _may_be_row(line: str) -> bool:
    return bool(line.strip()) and "|" not in line and "。" not in line


def _has_parts(line: str) -> bool:
    """Whether a line has several parts that white space parts, tabs among it."""
    return "\t" in line.strip() or len(_PARTS.findall(line)) > 1


def _barred_in_pieces(rows: Sequence[str]) -> Iterator[str]:
    """The rows of tables that have no columns in common; lines of one part stand between them."""
    for has_parts, run in groupby(rows, _has_parts):
        piece = list(run)
        yield from (_barred(piece) or map(" | ".join, map(_cells, piece))) if has_parts and _has_values(piece) else piece


def _barred(rows: Sequence[str]) -> list[str] | None:
    """The rows of one table, lines of one part (第二十条第（五）项) among them; None where white space does not tell their columns."""
    told = [row for row in rows if _has_parts(row)]
    if not _has_values(told):
        return list(rows)
    first, last = rows.index(told[0]), len(rows) - rows[::-1].index(told[-1])
    if any("\t" in row for row in told):
        cells = [[*_cells(row), ""] if "\t" not in row else _cells(row) for row in rows[first:last]]
        return [*rows[:first], *map(" | ".join, cells), *rows[last:]]
    columns = _columns(told)
    cells = [_between(row, columns) for row in rows[first:last]]
    if len(columns) < _FEWEST_COLUMNS or any(len(_PARTS.findall(cell)) > 1 for row in cells for cell in row):
        return None
    return [*rows[:first], *map(" | ".join, cells), *rows[last:]]


def _has_values(rows: Sequence[str]) -> bool:
    values = sum(_VALUE.fullmatch(part) is not None for row in rows for part in _cells(row)[1:])
    return len(rows) >= _FEWEST_LINES and values >= _FEWEST_LINES


def _cells(row: str) -> list[str]:
    return [cell.strip() for cell in row.split("\t")] if "\t" in row else _PARTS.findall(row)


def _columns(rows: Sequence[str]) -> list[tuple[int, int]]:
    """The columns [x0, x1) between the places that are white in all rows."""
    wide = list(map(_placed, rows))
    inked = [False] * max(map(len, wide))
    for row in wide:
        for match in _INK.finditer(row):
            inked[match.start() : match.end()] = [True] * (match.end() - match.start())
    return [match.span() for match in _PARTS.finditer("".join("x" if ink else " " for ink in inked))]


def _between(row: str, columns: Sequence[tuple[int, int]]) -> list[str]:
    """The cells of a row by columns, blank ones too; a line of one part is a wide cell at the beginning."""
    if not _has_parts(row):
        return [row.strip(), *[""] * (len(columns) - 1)]
    placed = _placed(row)
    return [placed[x0:x1].replace(_FILLER, "").strip() for x0, x1 in columns]


def _placed(row: str) -> str:
    """A row with as many characters as it is places wide."""
    row = row.rstrip().replace("\u3000", "  ")
    return "".join(char + _FILLER if east_asian_width(char) in "WF" else char for char in row)
