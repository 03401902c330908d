"""What a text prints of the official tables without its values having been placed: rows whose labels stand in it, tables named only."""

from __future__ import annotations

import re
from bisect import bisect
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import accumulate

from parsers.document import OPEN_END, Block, Paragraph
from parsers.forms import FormTable
from parsers.labels import label_key
from parsers.model import Cell

_LINE = 60  # characters: longer lines are prose
_TELLING = 6  # characters of a label that is told among others; shorter ones must be all of a cell or line
_VALUES = re.compile(r"[\d\s,.，/／\-－—–―¦]+")
_PARTED = re.compile(r"[\s:：]+")
_FEWEST = 3  # labels that make a table
_WHY = "its label is printed, but no values could be placed beside it"


class PrintedLabels:
    """The labels that stand in the lines and cells of a text, its prose left out; gathered when they are first asked for."""

    def __init__(self, blocks: Iterable[Block]) -> None:
        self._blocks = blocks

    @cached_property
    def _texts(self) -> list[tuple[str, str]]:
        return [(label_key(_VALUES.sub("", text)), locator) for text, locator in _short_texts(self._blocks)]

    @cached_property
    def _parts(self) -> dict[str, str]:
        return dict(reversed([*self._texts, *((label_key(word), locator) for word, locator in _words(self._blocks))]))

    @cached_property
    def _whole(self) -> str:
        return "".join(key for key, _ in self._texts)

    @cached_property
    def _starts(self) -> list[int]:
        return list(accumulate((len(key) for key, _ in self._texts), initial=0))

    def find(self, labels: Iterable[str]) -> str | None:
        """Where one of the variants of a label is printed, None where none is."""
        for key in map(label_key, labels):
            if key in self._parts:
                return self._parts[key]
            if len(key) >= _TELLING and (at := self._whole.find(key)) >= 0:
                return self._texts[bisect(self._starts, at) - 1][1]
        return None

    def names(self, table: FormTable) -> bool:
        """Whether enough labels of a table are printed for it to be on the page."""
        rows = [row.labels for block in table.blocks for row in block.rows if row.labels]
        columns = [column for block in table.blocks for column in block.columns]
        heads = dict.fromkeys([*(tuple(column.labels) for column in columns), *((head,) for column in columns for head in column.path)])
        return sum(self.find(labels) is not None for labels in rows or heads) >= _FEWEST

    def opened(self, cells: Sequence[Cell], table: FormTable) -> tuple[Cell, ...]:
        """The cells of a table, those of rows that are absent as a whole though their labels are printed as unreadable."""
        rows = [row for block in table.blocks for row in block.rows]
        common = {label for block in table.blocks for column in block.columns for label in column.labels}  # 总计 is a row and a column
        common |= {label for label, n in Counter(label for row in rows for label in row.labels).items() if n > 1}
        there = {cell.indicator for cell in cells if cell.status != "absent"}
        lost: dict[str, str] = {}
        for row in rows:
            if row.labels and not common.intersection(row.labels) and not there.intersection(row.indicators):
                place = self.find(row.labels)
                lost |= dict.fromkeys(row.indicators, place) if place is not None else {}
        return tuple(
            unplaced(cell, _WHY, lost[cell.indicator]) if cell.indicator in lost else cell
            for cell in cells
        )


def unplaced(cell: Cell, why: str, place: str) -> Cell:
    """A cell that is not absent, though its value was not found: it may be printed at a place."""
    return cell._replace(status="unreadable", raw=OPEN_END, note=why, locator=place)


def _words(blocks: Iterable[Block]) -> Iterator[tuple[str, str]]:
    """What white or a colon parts in cells and lines that are no prose, with their addresses."""
    for text, locator, _ in _all_texts(blocks):
        if "。" not in text and len(words := _PARTED.split(text)) > 1:
            yield from ((word, locator) for word in words)


def _short_texts(blocks: Iterable[Block]) -> Iterator[tuple[str, str]]:
    """Cells and lines that are no prose, with their addresses."""
    for text, locator, is_cell in _all_texts(blocks):
        if is_cell or (len(text) <= _LINE and "。" not in text):
            yield text, locator


def _all_texts(blocks: Iterable[Block]) -> Iterator[tuple[str, str, bool]]:
    """Cells and lines with their addresses, and whether they are cells."""
    for block in blocks:
        if isinstance(block, Paragraph):
            yield block.text, block.locator, False
        else:
            cells = ((cell.text, block.address(y, x)) for y, row in enumerate(block.rows) for x, cell in enumerate(row))
            yield from ((text, locator, True) for text, locator in cells if text)
