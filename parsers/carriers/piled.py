"""Cells that hold the values of several columns (``| 68 | 0 0 | 81 | 0 149 |``), as programs write them that cut a PDF's tables by white.

Where a text has such cells, a blank between digits may part two numbers, and nothing says to which columns the other cells of the row
belong: each of them keeps all values of the row, parted by OPEN.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from parsers.document import Block, Table, TableCell, open_text
from parsers.values import read_value

_VALUE = r"(?:[+\-−]?\d[\d,，]*(?:\.\d+)?(?:件|条)?|[/／\-－—–―]{1,4})"
_PILE = re.compile(rf"{_VALUE}(?: {_VALUE})+")
_ROW_CODE = re.compile("0 [1-9]")  # the number of a row, its digits printed apart
_SINGLE = re.compile(rf"(?:{_VALUE}|无)?")


def open_piles(blocks: Sequence[Block]) -> Sequence[Block]:
    """The blocks of a text with the rows that hold piled values left open, where some cell can be nothing else. Pure."""
    tables = [block for block in blocks if isinstance(block, Table)]
    if not any(_is_certain(cell.text) for table in tables for row in table.rows for cell in row if " " in cell.text):
        return blocks
    return [replace(block, rows=tuple(map(_opened, block.rows))) if isinstance(block, Table) else block for block in blocks]


def _is_certain(text: str) -> bool:
    """Whether a cell holds several values, and is no number whose digits are printed apart."""
    piled = _PILE.fullmatch(text) is not None and any(map(str.isdigit, text)) and not _ROW_CODE.fullmatch(text)
    return piled and read_value(text).status != "reported"


def _opened(row: tuple[TableCell, ...]) -> tuple[TableCell, ...]:
    piled = [_PILE.fullmatch(cell.text) is not None for cell in row]
    if not any(piled):
        return row
    is_value = [pile or _SINGLE.fullmatch(cell.text) is not None for pile, cell in zip(piled, row, strict=True)]
    first = 1 + max((i for i in range(piled.index(True)) if not is_value[i]), default=-1)
    text = open_text(piece for cell, value in zip(row[first:], is_value[first:], strict=True) if value for piece in cell.text.split())
    return tuple(cell._replace(text=text) if i >= first and is_value[i] else cell for i, cell in enumerate(row))
