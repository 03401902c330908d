"""Values under heads: which cell of a line stands in which column of the form.

Cells follow the head by order, not by grid column; the grid decides only where the counts differ.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations, pairwise
from math import comb

from parsers.annual.columns import Header
from parsers.annual.leaves import repeated_at
from parsers.layout import Token

Option = list[tuple[Token, int]]
_MAX_OPTIONS = 12
FEWEST_EVEN = 3  # values: fewer may be printed in pairs by chance
_MAX_SHIFT = 3  # cells: the labels of the deepest rows


def _is_lead(tokens: Sequence[Token], position: int) -> bool:
    """Units and running numbers stand between labels and values, counts do not.

    ``position`` is the line's place among its like, from 1, or 0 where it cannot bear its number here.
    """
    return all(token.kind == "text" or (position > 0 and token.text.strip() == str(position)) for token in tokens)


def place_values(
    values: Sequence[Token],
    header: Header | None,
    n_columns: int,
    *,
    use_grid: bool,
    position: int = 0,
    whole: bool = True,
    shifts: bool = False,
    repeats: bool = False,
) -> list[Option]:
    """All ways to pair the value tokens of a line with form columns: one where the line leaves no choice, none where nothing fits.

    Where a line has more cells than the head, the surplus must be blanks; which ones is certain only where their number says so or
    where the grid does. ``whole``: every line of the head has a value for each column, so that a shorter head has lost labels.
    ``shifts``: the line shares a grid with its head, but spans may be lost, so that it stands some cells further left or right.
    ``repeats``: the table prints a spanned cell in each of its columns, so that a value beside its like may be no value of its own.
    """
    if header is None:
        if any(token.kind == "text" for token in values):
            return []
        named: list[int | None] = list(range(n_columns))
    else:
        named = [column for leaf, column in zip(header.leaves, header.columns, strict=True) if leaf.token.text]
        surplus = len(values) - len(named)
        if 0 < surplus <= header.lead and _is_lead(values[:surplus], position):
            values = values[surplus:]
        if len(values) != len(named) and (paired := _by_all_heads(values, header)):
            return [paired]
        if use_grid and len(values) != len(named) and (by_grid := under_heads(values, header)):
            return [by_grid]
    if len(values) == len(named) and (header is None or repetitions_agree(values, header)):
        return [_paired(values, named)]
    distinct = named if header is None else distinct_columns(header)
    if len(values) == len(distinct) < len(named):
        return [_paired(values, distinct)]
    if header is not None and whole and len(values) == n_columns and len(named) < n_columns and header.matched == len(named):
        return [_paired(values, range(n_columns))]  # the head lost labels, the line lost nothing
    if len(distinct) < len(named):
        return [_paired(kept, distinct) for kept in without_repetitions(values, len(distinct))]
    if repeats and len(values) > len(named):
        return [_paired(kept, named) for kept in without_repetitions(values, len(named))]
    if header is not None and shifts and (shifted := _shifted_under_heads(values, header)):
        return shifted
    if len(named) >= FEWEST_EVEN and (even := evenly(values, len(named))):
        return [_paired(even, named)]
    return [_paired(kept, named) for kept in without_blanks(values, len(named))]


def _by_all_heads(values: Sequence[Token], header: Header) -> Option | None:
    """Values under all heads, blank ones included; what stands under a blank head must be blank."""
    if len(values) != len(header.leaves):
        return None
    if any(not leaf.token.text and token.kind != "blank" for leaf, token in zip(header.leaves, values, strict=True)):
        return None
    named = [token for leaf, token in zip(header.leaves, values, strict=True) if leaf.token.text]
    if not repetitions_agree(named, header):
        return None
    return _paired(values, header.columns)


def repetitions_agree(values: Sequence[Token], header: Header) -> bool:
    """Whether the values under a head that is repeated side by side are one value repeated."""
    named = [leaf for leaf in header.leaves if leaf.token.text]
    return all(values[i].text == values[i - 1].text for i, leaf in enumerate(named) if i and repeated_at(leaf, named[i - 1]) is not None)


def evenly(values: Sequence[Token], wanted: int) -> tuple[Token, ...] | None:
    """The ``wanted`` values if each of them is printed the same number of times, more than once."""
    times = len(values) // wanted if wanted else 0
    if times < 2 or len(values) != times * wanted:
        return None
    firsts = tuple(values[::times])
    return firsts if all(token.text == firsts[i // times].text for i, token in enumerate(values)) else None


def without_repetitions(values: Sequence[Token], wanted: int) -> list[tuple[Token, ...]]:
    """Where spanned cells are printed once per grid column: the different ways to leave out repetitions and blanks."""
    surplus = len(values) - wanted
    if even := evenly(values, wanted):
        return [even]
    spare = [i for i, token in enumerate(values) if token.kind == "blank" or (i and token.text == values[i - 1].text)]
    return _leaving_out(values, spare, surplus)


def distinct_columns(header: Header) -> list[int | None]:
    """The columns of the named heads, a head that is repeated side by side counted once."""
    named = [(leaf, column) for leaf, column in zip(header.leaves, header.columns, strict=True) if leaf.token.text]
    return [column for i, (leaf, column) in enumerate(named) if not i or repeated_at(leaf, named[i - 1][0]) is None]


def _paired(values: Sequence[Token], columns: Sequence[int | None]) -> Option:
    return [(token, column) for token, column in zip(values, columns, strict=True) if column is not None]


def without_blanks(values: Sequence[Token], wanted: int) -> list[tuple[Token, ...]]:
    """The different ways to leave out surplus blanks; readings that give the same texts in the same places count once."""
    blanks = [i for i, token in enumerate(values) if token.kind == "blank"]
    return _leaving_out(values, blanks, len(values) - wanted)


def _leaving_out(values: Sequence[Token], spare: Sequence[int], surplus: int) -> list[tuple[Token, ...]]:
    if surplus <= 0 or len(spare) < surplus or comb(len(spare), surplus) > 2000:
        return []
    found: dict[tuple[str, ...], tuple[Token, ...]] = {}
    for left_out in combinations(spare, surplus):
        kept = tuple(token for i, token in enumerate(values) if i not in left_out)
        found.setdefault(tuple(token.text for token in kept), kept)
    return list(found.values()) if len(found) <= _MAX_OPTIONS else []


def _shifted_under_heads(values: Sequence[Token], header: Header) -> list[Option]:
    """By the grid, but with the line moved by a few cells: a value or blank under each head, nothing but blanks elsewhere."""
    places = [(leaf.token.x0, column) for leaf, column in zip(header.leaves, header.columns, strict=True) if leaf.token.text]
    if any(left >= right for (left, _), (right, _) in pairwise(places)):
        return []
    found: dict[tuple[str, ...], Option] = {}
    at = {token.x0: token for token in values}
    for shift in sorted(range(-_MAX_SHIFT, _MAX_SHIFT + 1), key=abs):
        under = [at.get(x + shift) for x, _ in places]
        taken = {id(token) for token in under}
        if None not in under and all(token.kind == "blank" for token in values if id(token) not in taken):
            option = [(token, column) for token, (_, column) in zip(under, places, strict=True) if token and column is not None]
            found.setdefault(tuple(token.text for token, _ in option), option)
    return list(found.values())


def under_heads(values: Sequence[Token], header: Header) -> Option | None:
    """By the grid: one token under each named column and nothing but blanks elsewhere; None where that is not so.

    What stands under a head that is repeated side by side must be repeated, too.
    """
    starts = [leaf.token.x0 for leaf in header.leaves if leaf.token.text]
    if any(left >= right for left, right in pairwise(starts)):
        return None  # heads that do not stand side by side in reading order are no grid
    placed: Option = []
    for i, (leaf, column) in enumerate(zip(header.leaves, header.columns, strict=True)):
        if column is None:
            again = placed and i and repeated_at(leaf, header.leaves[i - 1]) is not None
            if again and any(t.x0 == leaf.token.x0 and t.text not in ("", placed[-1][0].text) for t in values):
                return None
            continue
        under = [token for token in values if token.x0 < leaf.token.x1 and leaf.token.x0 < token.x1]
        if len(under) != 1 or any(token is under[0] for token, _ in placed):
            return None
        placed.append((under[0], column))
    used = {id(token) for token, _ in placed}
    heads = [leaf.token for leaf, column in zip(header.leaves, header.columns, strict=True) if column is None and leaf.token.text]
    for token in values:
        covered = any(token.x0 < head.x1 and head.x0 < token.x1 for head in heads)
        if id(token) not in used and token.kind != "blank" and not covered:
            return None
    return placed
