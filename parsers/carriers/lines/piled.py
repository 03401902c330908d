"""Cells that hold the values of several columns (``| 68 | 0 0 | 81 | 0 149 |``), as programs write them that cut a PDF's tables by white.

Where a text has such cells, a blank between digits may part two numbers, and nothing says to which columns the other cells of the row
belong: each of them keeps all values of the row, parted by OPEN. Only in a row that has a filled cell for each column, as most rows have,
it is a gap within one number, and that cell alone is unreadable.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from parsers.document import Block, Table, TableCell, open_text
from parsers.values import is_spoilt, read_value

_VALUE = r"(?:[+\-−]?\d[\d,，]*(?:\.\d+)?(?:件|条)?|[/／\-－—–―]{1,4})"
_PILE = re.compile(rf"{_VALUE}(?: {_VALUE})+")
_ROW_CODE = re.compile("0 [1-9]")  # the number of a row, its digits printed apart
_SINGLE = re.compile(rf"(?:{_VALUE}|无)?")


def open_piles(blocks: Sequence[Block]) -> Sequence[Block]:
    """The blocks of a text with the rows that hold piled values left open, where some cell can be nothing else. Pure."""
    tables = [block for block in blocks if isinstance(block, Table)]
    if not any(_is_certain(cell.text) for table in tables for row in table.rows for cell in row if " " in cell.text):
        return blocks
    return [_with_open_rows(block) if isinstance(block, Table) else block for block in blocks]


def _with_open_rows(table: Table) -> Table:
    usual = _usual_width(table)
    rows = (row if _is_full(row, usual) and 2 * sum(map(_is_pile, row)) < usual else _opened(row) for row in table.rows)
    return replace(table, rows=tuple(rows))


def _usual_width(table: Table) -> int:
    """The number of values in most of the rows, which have neither piles nor blanks; 0 where there are few such rows."""
    filled = [row for row in table.rows if _n_values(row)]
    widths = Counter(_n_values(row) for row in filled if not any(map(_is_pile, row)) and all(cell.text for cell in row))
    ((width, count),) = widths.most_common(1) or ((0, 0),)
    return width if 2 * count > len(filled) else 0


def _is_full(row: Sequence[TableCell], width: int) -> bool:
    """Whether a row has a filled cell for each column, so that what is parted by a blank in it is one number with a gap."""
    return width > 1 and _n_values(row) == width and all(cell.text for cell in row[-width:])


def _n_values(row: Sequence[TableCell]) -> int:
    """The number of cells behind the last one that is no value."""
    return next((n for n, cell in enumerate(reversed(row)) if not (_is_pile(cell) or _is_single(cell))), len(row))


def _is_pile(cell: TableCell) -> bool:
    return _PILE.fullmatch(cell.text) is not None


def _is_single(cell: TableCell) -> bool:
    return _SINGLE.fullmatch(cell.text) is not None or is_spoilt(cell.text)


def _is_certain(text: str) -> bool:
    """Whether a cell holds several values, and is no number whose digits are printed apart."""
    piled = _PILE.fullmatch(text) is not None and any(map(str.isdigit, text)) and not _ROW_CODE.fullmatch(text)
    return piled and read_value(text).status != "reported"


def _opened(row: tuple[TableCell, ...]) -> tuple[TableCell, ...]:
    piled = list(map(_is_pile, row))
    if not any(piled):
        return row
    is_value = [pile or _is_single(cell) for pile, cell in zip(piled, row, strict=True)]
    first = 1 + max((i for i in range(piled.index(True)) if not is_value[i]), default=-1)
    text = open_text(piece for cell, value in zip(row[first:], is_value[first:], strict=True) if value for piece in cell.text.split())
    return tuple(cell._replace(text=text) if i >= first and is_value[i] else cell for i, cell in enumerate(row))
