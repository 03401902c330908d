"""The values of an unruled table, cell by cell; where the print leaves open whose a value is, no cell gets it as its own.

Two things are open without lines. A row of values that no label stands beside may go on with the cells of the row above or
below (numbers wrapped in narrow cells). And values that run together, or reach over a neighbour that is blank, may be
of either column. Such cells hold all that may be theirs, parted by ``OPEN``, which no number has: they are unreadable,
not blank and not the part of a number.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from math import inf
from typing import NamedTuple

from parsers.carriers.heads import Interval, Texts
from parsers.carriers.texts import Text, address_of
from parsers.document import OPEN, OPEN_END

_REACH = 1.9  # ems between the lines of one cell
_OVER = 0.5  # ems that a value reaches over another column


class ValueRow(NamedTuple):
    """The values of one printed line, and the height where they stand."""

    base: float
    size: float
    values: Texts


def value_cells(
    rows: Sequence[ValueRow], labelled: Collection[int], further: Collection[int], columns: Sequence[Interval]
) -> list[list[tuple[str, str]]]:
    """Text and address of each row's cells. ``labelled`` are the rows (from 0) that a label of their own stands beside,
    ``further`` those beside what may be a further line of a label; a row in neither belongs to its neighbours, however far.
    """
    shared: list[Texts] = [[] for _ in rows]
    of_others: dict[int, int] = {}
    for i in range(len(rows)):
        if labelled and i not in labelled:
            near = _neighbours(rows, i, labelled, _REACH)
            for neighbour in near if near or i in further else _neighbours(rows, i, labelled, inf):
                shared[neighbour].extend(rows[i].values)
                of_others.setdefault(i, neighbour)
    cells = [_cells(row, others, columns) for row, others in zip(rows, shared, strict=True)]
    for i, neighbour in of_others.items():
        cells[i] = [(opened(text), address) for text, address in cells[neighbour]]
    return cells


def opened(text: str) -> str:
    """The text of a cell whose place is open."""
    return text if OPEN_END in text else text + OPEN_END


def _neighbours(rows: Sequence[ValueRow], i: int, labelled: Collection[int], reach: float) -> list[int]:
    """The labelled rows above and below, as far as lines follow each other within ``reach`` ems."""
    found = []
    for step in (-1, 1):
        k = i
        while 0 <= k + step < len(rows) and abs(rows[k + step].base - rows[k].base) <= reach * rows[i].size:
            k += step
            if k in labelled:
                found.append(k)
                break
    return found


def _cells(row: ValueRow, others: Texts, columns: Sequence[Interval]) -> list[tuple[str, str]]:
    own = [[text for text in row.values if x0 <= text.middle < x1] for x0, x1 in columns]
    may_be = [list(texts) for texts in own]
    for i, texts in enumerate(own):
        if len(texts) > 1:
            for k in _blanks_beside(own, i):
                may_be[k].extend(texts)
        for text in texts:
            for k in _blanks_beside(own, i):
                if _reaches(text, columns[k]):
                    may_be[k].append(text)
    is_open = [may_be[i] != texts or len(texts) > 1 for i, texts in enumerate(own)]
    for i, texts in enumerate(own):
        is_open[i] |= any(text in may_be[k] for text in texts for k in range(len(columns)) if k != i)
    for i, (x0, x1) in enumerate(columns):
        further = [text for text in others if x0 <= text.middle < x1 or _reaches(text, (x0, x1))]
        may_be[i].extend(further)
        is_open[i] |= bool(further)
    # A blank has the address of its row.
    return [_cell(texts or row.values, texts, open_) for texts, open_ in zip(may_be, is_open, strict=True)]


def _cell(place: Texts, texts: Texts, is_open: bool) -> tuple[str, str]:
    said = [text.text for text in sorted(texts, key=lambda text: (text.base, text.box.x0))]
    return OPEN.join(said) + (OPEN_END if is_open and len(said) == 1 else ""), address_of(place)


def _blanks_beside(own: Sequence[Texts], i: int) -> list[int]:
    """The blank columns that follow column ``i`` to either side without another between."""
    found = []
    for step in (-1, 1):
        k = i + step
        while 0 <= k < len(own) and not own[k]:
            found.append(k)
            k += step
    return found


def _reaches(text: Text, column: Interval) -> bool:
    return min(text.box.x1, column[1]) - max(text.box.x0, column[0]) > _OVER * text.size
