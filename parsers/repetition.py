"""Spans written out: in many texts a cell that covers several rows is printed again in each of them.

A label that only repeats the one above it is then no cell of its own; without it the row is as its publisher wrote it, even
where a span reached too far.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby

from parsers.document import TableCell

_PAST_THE_END = 3  # cells: fewer may be surplus ones from anywhere in the row

_Run = tuple[int, int, str]  # first and one-past-last cell, the text that they all print


def continued(rows: Sequence[Sequence[TableCell]], is_label: Callable[[str], bool]) -> frozenset[tuple[int, int]]:
    """(row, cell) of the labels that repeat the label above, for a table that prints spanned cells in each of their places."""
    runs = [_runs(row, is_label) for row in rows]
    found: set[tuple[int, int]] = set()
    for y in range(1, len(rows)):
        # A row that is not as wide as the one above may be moved, or widened by a span that reaches into it.
        if len(rows[y]) == len(rows[y - 1]) or _holds_values(rows[y], is_label):
            again = _again(y, rows, runs, found, is_label)
            found.update((y, x) for x0, x1, _ in again for x in range(x0, x1))
    return frozenset(found)


def within_width(rows: Sequence[Sequence[TableCell]], is_label: Callable[[str], bool]) -> Sequence[Sequence[TableCell]]:
    """The rows without what spans that reach past the end of their table print there: last cells again, and blanks to fill the other rows.

    How wide the table is its rows must tell together, a head among them. As a row of numbers may well end in equal ones, another must
    be blank where it goes on, or the number must be none that is printed everywhere.
    """
    if not rows or _holds_values(rows[0], is_label) or any(len(row) != len(rows[0]) for row in rows):
        return rows
    width = max(map(_own_width, rows))
    if len(rows[0]) - width < _PAST_THE_END or all(row[width].text for row in rows) or not any(row[width].text for row in rows):
        return rows
    values = [row for row in rows if _holds_values(row, is_label)]
    starts = {next(x for x, cell in enumerate(row) if not is_label(cell.text)) for row in values if row[width].text == "0"}
    within = {next(x for x, cell in enumerate(row) if not is_label(cell.text)) for row in values if not row[width].text}
    return [row[:width] for row in rows] if starts <= within else rows


def _own_width(row: Sequence[TableCell]) -> int:
    """How many cells a row has when the blanks at its end, and the repetitions of the cell before these, are no cells of its own."""
    end = len(row)
    while end and not row[end - 1].text:
        end -= 1
    while end > 1 and row[end - 2].text == row[end - 1].text:
        end -= 1
    return end


def _runs(row: Sequence[TableCell], is_label: Callable[[str], bool]) -> list[_Run]:
    """The labels of a row, those printed side by side as one."""
    runs: list[_Run] = []
    x = 0
    for text, cells in groupby(cell.text for cell in row):
        width = sum(1 for _ in cells)
        if is_label(text):
            runs.append((x, x + width, text))
        x += width
    return runs


def _again(
    y: int,
    rows: Sequence[Sequence[TableCell]],
    runs: Sequence[Sequence[_Run]],
    found: set[tuple[int, int]],
    is_label: Callable[[str], bool],
) -> list[_Run]:
    """The labels of row ``y`` that a span above reaches: groups, nested from the left, and what reaches into the rows below out of place.

    Out of place stand heads among values, and a group behind the label of its row: in the row above it stood before that row's label.
    """
    same = [run for run in runs[y] if run in runs[y - 1]]
    if not same:
        return []
    holds_values = _holds_values(rows[y], is_label)
    under_heads = not _holds_values(rows[y - 1], is_label)
    left = 0
    groups: list[_Run] = []
    heads: list[_Run] = []
    for run in same:
        if run[0] == left:
            groups.append(run)
            left = run[1]
        elif under_heads or (y - 1, run[0]) in found or any(run[1] == other[0] for other in runs[y - 1]):
            heads.append(run)
    if holds_values and groups and len(groups) + len(heads) == len(runs[y]):
        # A row of numbers has a label of its own, unless it is the row under the heads of a table without row labels.
        if under_heads and len(runs[y - 1]) > 2:
            return [*groups, *heads]
        groups.pop()
    return [*groups, *heads]


def _holds_values(row: Sequence[TableCell], is_label: Callable[[str], bool]) -> bool:
    return any(cell.text and not is_label(cell.text) for cell in row)
