"""What a text prints of the official tables without its values having been placed: rows whose labels stand in it, tables named only."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from parsers.document import Block, Paragraph
from parsers.forms import FormTable
from parsers.labels import label_key
from parsers.model import Cell

_LINE = 60  # characters: longer lines are prose
_TELLING = 6  # characters of a label that is told among others; shorter ones must be all of a cell or line
_VALUES = re.compile(r"[\d\s,.，/／\-－—–―¦]+")
_FEWEST = 3  # labels that make a table
_WHY = "its label is printed, but no values could be placed beside it"


class PrintedLabels:
    """The labels that stand in the lines and cells of a text, its prose left out."""

    def __init__(self, blocks: Iterable[Block]) -> None:
        parts = [label_key(_VALUES.sub("", text)) for text in _short_texts(blocks)]
        self._parts = frozenset(parts)
        self._whole = "".join(parts)

    def __contains__(self, labels: Sequence[str]) -> bool:
        """Whether one of the variants of a label is printed."""
        return any(key in self._parts or (len(key) >= _TELLING and key in self._whole) for key in map(label_key, labels))

    def names(self, table: FormTable) -> bool:
        """Whether enough labels of a table are printed for it to be on the page."""
        rows = [row.labels for block in table.blocks for row in block.rows if row.labels]
        columns = dict.fromkeys(tuple(column.labels) for block in table.blocks for column in block.columns)
        return sum(labels in self for labels in rows or columns) >= _FEWEST

    def opened(self, cells: Sequence[Cell], table: FormTable) -> tuple[Cell, ...]:
        """The cells of a table, those of rows that are absent as a whole though their labels are printed as unreadable."""
        heads = {label for block in table.blocks for column in block.columns for label in column.labels}  # 总计 is a row and a column
        there = {cell.indicator for cell in cells if cell.status != "absent"}
        lost: set[str] = set()
        for row in (row for block in table.blocks for row in block.rows):
            if row.labels and not heads.intersection(row.labels) and not there.intersection(row.indicators) and row.labels in self:
                lost.update(row.indicators)
        return tuple(
            cell._replace(status="unreadable", raw="", note=_WHY) if cell.indicator in lost else cell
            for cell in cells
        )


def _short_texts(blocks: Iterable[Block]) -> Iterator[str]:
    for block in blocks:
        if isinstance(block, Paragraph):
            if len(block.text) <= _LINE and "。" not in block.text:
                yield block.text
        else:
            yield from (cell.text for row in block.rows for cell in row if cell.text)
