"""How lines without spans divide their cells among the heads above them, told by all lines of one head together.

A text prints a spanned cell once or in each of its columns, and pads short rows. What one line leaves open, its neighbours
tell: a column that repeats the one before it in every line is no column of its own, and padding stands on one side.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise
from math import comb

from parsers.annual.columns import Header
from parsers.annual.leaves import repeated_at
from parsers.annual.pairing import FEWEST_EVEN, Option, distinct_columns, evenly
from parsers.layout import Line, Token
from parsers.values import read_value

_MAX_COMBINATIONS = 200

Values = Sequence[Token]


def divisions(
    rows: Sequence[Values], header: Header, heads: Sequence[Line], siblings: Sequence[Values], *, repeats: bool, on_grid: bool
) -> list[list[Option]]:
    """The different ways in which all ``rows`` under one head can be divided alike, each an Option for each row.

    ``heads`` are the lines of the head, ``siblings`` all lines of values of the printed table that are as wide as these, ``rows``
    among them. ``repeats``: whether the table prints spanned cells in each of their columns; ``on_grid``: whether head and rows share
    a grid.
    """
    columns = distinct_columns(header)
    if on_grid and (honest := _all_under_wide_heads(rows, header)):
        return [honest]
    found: dict[tuple[tuple[str, ...], ...], list[Values]] = {}
    for kept in _kept(rows, columns, heads, siblings, repeats):
        said = tuple(tuple(t.text for t, column in zip(row, columns, strict=True) if column is not None) for row in kept)
        found.setdefault(said, kept)
    return [
        [[(token, column) for token, column in zip(row, columns, strict=True) if column is not None] for row in kept]
        for kept in found.values()
    ]


def _all_under_wide_heads(rows: Sequence[Values], header: Header) -> list[Option]:
    """All rows under heads that each take one or more columns; none where one of them does not fit.

    If the other rows tell that nothing stands behind the last head, a span that reaches too far may have printed its value there again.
    """
    if all(_under_wide_heads(row, header) is None for row in rows):
        return []
    found = [option for row in rows if (option := _under_wide_heads(_without_tail(row, header), header)) is not None]
    return found if len(found) == len(rows) else []


def _without_tail(row: Values, header: Header) -> Values:
    """A row without what stands behind the last head and only repeats the value under it, unless a blank in front may have moved it."""
    if row[0].kind == "blank":
        return row
    last = max((leaf.token.x0 for leaf in header.leaves if leaf.token.text), default=-1)
    tail = {token.text for token in row if token.x0 >= last}
    return [token for token in row if token.x0 <= last] if len(tail) == 1 else row


def _under_wide_heads(row: Values, header: Header) -> Option | None:
    """A row under heads that each take one or more columns: one value under each head, printed once or in each of its columns."""
    starts = [leaf.token.x0 for leaf in header.leaves if leaf.token.text]
    if any(left >= right for left, right in pairwise(starts)):
        return None
    option: Option = []
    spent: set[int] = set()
    at = {token.x0: token for token in row}
    for i, (leaf, column) in enumerate(zip(header.leaves, header.columns, strict=True)):
        token = at.get(leaf.token.x0)
        if not leaf.token.text or token is None:
            continue
        again = i > 0 and repeated_at(leaf, header.leaves[i - 1]) is not None
        if again and (not option or token.text not in ("", option[-1][0].text)):
            return None
        spent.add(token.x0)
        if not again and column is not None:
            option.append((token, column))
    complete = len(option) == header.matched and all(token.kind == "blank" for token in row if token.x0 not in spent)
    return option if complete else None


def silent_columns(rows: Sequence[Values], heads: Sequence[Line]) -> set[int]:
    """Columns that stand under no head at all and are blank in all ``rows``."""
    headed = {token.x0 for line in heads for token in line.tokens if token.text}
    found: dict[int, list[bool]] = {}
    for row in rows:
        for token in row:
            if token.x0 not in headed:
                found.setdefault(token.x0, []).append(token.kind == "blank")
    return {x for x, silent in found.items() if all(silent)}


def _kept(
    rows: Sequence[Values], columns: Sequence[int | None], heads: Sequence[Line], siblings: Sequence[Values], repeats: bool
) -> Iterator[list[Values]]:
    """For each way to divide the rows, the values of each row, one for each of the ``columns``."""
    wanted = len(columns)
    if sum(len(row) > wanted for row in siblings) < 2 or any(len(row) < wanted for row in rows):
        return
    if repeats or wanted >= FEWEST_EVEN:
        even = [evenly(row, wanted) for row in rows]
        whole = [row for row in even if row is not None]
        if len(whole) == len(rows):
            yield list(whole)
            return
    aligned = _from(rows)
    # a head of its own (小计) takes a subtotal
    if None not in columns and (subtotal := _subtotal(aligned, wanted)) is not None:
        yield [[*row[:subtotal], *row[subtotal + 1 :]] for row in aligned]
        return
    for base in (rows, [row[:-1] if row[-1].kind == "blank" else row for row in rows]):
        # Where spans are written out, a blank in front of every row is a value printed twice.
        behind = not repeats or any(len(row) == wanted for row in base)
        for left, right in ((0, wanted), (-wanted, None)) if behind else ((0, wanted),):
            kept = [row[left:right] for row in base]
            if all(len(part) == wanted and _blanks(row) - _blanks(part) == len(row) - wanted for row, part in zip(base, kept, strict=True)):
                yield kept
    rows, siblings = _from(rows), _from(siblings)
    silent = silent_columns(siblings, heads)
    rows, siblings = ([[t for t in row if t.x0 not in silent] if len(row) > wanted else row for row in some] for some in (rows, siblings))
    spans = {_places(row) for row in rows}
    if len(spans) != 1:
        return
    places = spans.pop()
    alike = [row for row in siblings if _places(row) == places]
    spare = _spare(alike, len(places), repeats) or _spare(rows, len(places), repeats)
    surplus = len(places) - wanted
    if len(spare) >= surplus >= 0 and comb(len(spare), surplus) <= _MAX_COMBINATIONS:
        for left_out in combinations(spare, surplus):
            yield [[token for i, token in enumerate(row) if i not in left_out] for row in rows]


def _subtotal(rows: Sequence[Values], wanted: int) -> int | None:
    """The place of the one cell too many if it is in every row the sum of the cells from the second on, and a total follows."""
    if any(len(row) != wanted + 1 for row in rows) or all(row[-1].kind == "blank" for row in rows):
        return None
    numbers = [[read_value(token.text).number or 0 for token in row] for row in rows]
    tested = sum(1 for row in numbers if row[-2])
    return wanted - 1 if tested > 1 and wanted > 3 and all(row[-2] == sum(row[1:-2]) for row in numbers) else None


def _from(rows: Sequence[Values]) -> list[Values]:
    """The rows from the column on where all of them have begun, if labels of different width leave only blanks before it."""
    start = max(row[0].x0 for row in rows)
    cut: list[Values] = [[token for token in row if token.x0 >= start] for row in rows]
    blank = all(_blanks(row) - _blanks(part) == len(row) - len(part) for row, part in zip(rows, cut, strict=True))
    return cut if blank else list(rows)


def _blanks(row: Values) -> int:
    return sum(token.kind == "blank" for token in row)


def _places(row: Values) -> tuple[int, ...]:
    return tuple(token.x0 for token in row)


def _spare(rows: Sequence[Values], width: int, repeats: bool) -> list[int]:
    """The places that are blank in every row; where spans are written out, those that repeat in every row the place before, or pad it."""
    if repeats:
        return [
            i
            for i in range(1, width)
            if all(row[i].text == row[i - 1].text for row in rows) or (i == width - 1 and all(row[i].kind == "blank" for row in rows))
        ]
    return [i for i in range(width) if all(row[i].kind == "blank" for row in rows)]
