"""The values of an unruled table, cell by cell; where the print leaves open whose a value is, no cell gets it as its own.

Without lines it may be open which row a value is of, and values that run together, or reach over a neighbour, may be of either
column. Such cells hold all that may be theirs, marked with ``OPEN``, which no number has: they are unreadable, not blank and
not the part of a number.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import inf
from statistics import median

from parsers.carriers.page.cuts import fills
from parsers.carriers.page.glyphs import join_lines
from parsers.carriers.page.heads import Texts
from parsers.carriers.page.texts import Interval, Text, address_of
from parsers.document import OPEN, OPEN_END

_OVER = 0.5  # ems that a value reaches over another column
_SAME_LINE = 0.4  # ems


def value_cells(
    values: Texts, place: Texts, columns: Sequence[Interval], usual: Sequence[Interval], *, sure: bool
) -> list[tuple[str, str]]:
    """Text and address of a row's cells, left to right. ``usual``: see ``usual_spans``; ``place`` is what tells where the row stands
    when it has no values; where it is not ``sure`` that the values are its own, all its cells are open."""
    cells = _cells(values, place, columns, usual)
    return cells if sure else [(opened(text), address) for text, address in cells]


def opened(text: str) -> str:
    """The text of a cell whose place is open."""
    return text if OPEN_END in text else text + OPEN_END


def _cells(values: Texts, place: Texts, columns: Sequence[Interval], usual: Sequence[Interval]) -> list[tuple[str, str]]:
    own = [[text for text in values if x0 <= text.middle < x1] for x0, x1 in columns]
    may_be = [list(texts) for texts in own]
    is_open = [_run_together(texts) for texts in own]
    may_be_two = [_may_be_two(texts, i, columns) for i, texts in enumerate(own)]
    for i, texts in enumerate(own):
        beside = _blanks_beside(own, i) if is_open[i] else []
        # A blank may be of all that stands in its column; beside a value it must stand where the column's values usually do.
        over = [k for k in range(len(columns)) if k != i and any(_reaches(text, usual[k] if own[k] else columns[k]) for text in texts)]
        for k in {*beside, *over}:
            may_be[k].extend(texts)
            is_open[k] = is_open[i] = True
    return [_cell(texts, values or place, any(doubts)) for texts, *doubts in zip(may_be, is_open, may_be_two, strict=True)]


def usual_spans(values: Texts, columns: Sequence[Interval]) -> list[Interval]:
    """Where the values of each column usually begin and end."""
    own = [[text for text in values if x0 <= text.middle < x1] for x0, x1 in columns]
    return [(median(t.box.x0 for t in texts), median(t.box.x1 for t in texts)) if texts else (inf, inf) for texts in own]


def _run_together(texts: Texts) -> bool:
    """Whether two values of a column stand side by side, not as the lines of one."""
    ordered = sorted(texts, key=lambda text: text.base)
    return any(lower.base - upper.base < _SAME_LINE * lower.size for upper, lower in pairwise(ordered))


def _may_be_two(texts: Texts, column: int, columns: Sequence[Interval]) -> bool:
    """Whether one number stands below another that had room to go on: they may be of two rows."""
    ordered = sorted(texts, key=lambda text: text.base)
    return any(
        upper.text.isdecimal() and lower.text.isdecimal() and not fills(upper, column, columns) for upper, lower in pairwise(ordered)
    )


def _cell(texts: Texts, place: Texts, is_open: bool) -> tuple[str, str]:
    said = [text.text for text in sorted(texts, key=lambda text: (text.base, text.box.x0))]
    # A blank has the address of its row.
    return opened(OPEN.join(said)) if is_open else join_lines(said), address_of(texts or place)


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
