"""From header lines to value columns: which printed cell of a data line belongs to which column of the form.

Cells follow the header by order, not by grid column: publishers' spans lie. The grid decides only where the counts differ.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations, pairwise
from math import comb
from typing import NamedTuple

from parsers.align import align
from parsers.forms import Column
from parsers.labels import label_key, likeness, similarity
from parsers.layout import Line, Token
from parsers.vocabulary import FIT


class Leaf(NamedTuple):
    """The lowest header cell above a value column, with the group heads it stands under (as far as they are certain)."""

    token: Token
    path: tuple[str, ...] = ()


class Header(NamedTuple):
    """``leaves`` are all lowest header cells in order (blank ones too); ``columns[i]`` is the form column of ``leaves[i]`` or None."""

    leaves: tuple[Leaf, ...]
    columns: tuple[int | None, ...]

    @property
    def matched(self) -> int:
        """How many different form columns the header names."""
        return len({column for column in self.columns if column is not None})


def read_header(lines: Sequence[Line], columns: Sequence[Column]) -> Header | None:
    """The best reading of some header lines against the columns of a block; None where they name none of them."""
    readings = []
    for leaves in (_flatten(lines, columns), *(_alone(line) for line in lines)):
        leaves = _without_corner(leaves, columns)
        if leaves:
            header = Header(tuple(leaves), match_leaves(leaves, columns))
            if header.matched:
                extra = sum(1 for leaf, column in zip(*header, strict=True) if column is None and leaf.token.text)
                readings.append((2 * header.matched - extra, header))
    return max(readings, key=lambda reading: reading[0])[1] if readings else None


def _alone(line: Line) -> list[Leaf]:
    return [Leaf(token) for token in line.tokens]


def _flatten(lines: Sequence[Line], columns: Sequence[Column]) -> list[Leaf]:
    """Replace group heads, from the top line down, by the cells of the next line."""
    heads = tuple(dict.fromkeys(label for column in columns for label in column.path))
    leaves: list[Leaf] = []
    open_heads: list[int] = []  # places in ``leaves`` that are group heads
    corner = lines[0].tokens[0].text if lines and len(lines[0].tokens) > 1 else None
    for line in lines:
        cells = [Leaf(token) for token in line.tokens if token.text != corner or line is lines[0]]
        if open_heads:
            filled = [cell for cell in cells if cell.token.text]
            path = _common_path([leaves[i] for i in open_heads])
            filled = [Leaf(cell.token, path) for cell in filled]
            first = open_heads[0]
            leaves = leaves[:first] + filled + [leaf for i, leaf in enumerate(leaves) if i > first and i not in open_heads]
        else:
            leaves = leaves + cells if not leaves or not _same(leaves, cells) else leaves
        open_heads = [i for i, leaf in enumerate(leaves) if _is_head(leaf.token.text, heads, columns)]
    return leaves


def _same(left: list[Leaf], right: list[Leaf]) -> bool:
    return [leaf.token.text for leaf in left] == [leaf.token.text for leaf in right]


def _common_path(heads: list[Leaf]) -> tuple[str, ...]:
    """The heads a cell is certainly under: all of one head's path; with several heads only what they share."""
    if len({head.token.text for head in heads}) == 1:
        return (*heads[0].path, heads[0].token.text)
    return ()


def _is_head(text: str, heads: Sequence[str], columns: Sequence[Column]) -> bool:
    as_head = max((likeness(text, (head,)) for head in heads), default=0.0)
    return as_head >= FIT and as_head > max(likeness(text, column.labels) for column in columns)


def _without_corner(leaves: list[Leaf], columns: Sequence[Column]) -> list[Leaf]:
    """Drop what stands before the first column that is named: the corner, its repetitions and blanks."""
    for i, leaf in enumerate(leaves):
        if leaf.token.text and any(likeness(leaf.token.text, column.labels) >= FIT for column in columns):
            return leaves[i:]
    return []


def match_leaves(leaves: Sequence[Leaf], columns: Sequence[Column]) -> tuple[int | None, ...]:
    """The form column of each leaf: by its exact label where labels are unique (columns may be reordered), else by order.

    A head that is repeated side by side (a spanned one printed once per grid column) names its column once.
    """
    firsts = [i for i, leaf in enumerate(leaves) if not i or leaf != _at(leaf, leaves[i - 1])]
    distinct = [leaves[i] for i in firsts]
    matched: list[int | None] = [None] * len(leaves)
    for i, column in zip(firsts, _match_distinct(distinct, columns), strict=True):
        matched[i] = column
    return tuple(matched)


def _at(leaf: Leaf, other: Leaf) -> Leaf | None:
    """``leaf`` itself if ``other`` is its repetition: the same text under the same heads."""
    return leaf if leaf.token.text and leaf.token.text == other.token.text and leaf.path == other.path else None


def _match_distinct(leaves: Sequence[Leaf], columns: Sequence[Column]) -> Sequence[int | None]:
    exact = [
        [j for j, column in enumerate(columns) if leaf.token.text and likeness(leaf.token.text, column.labels) > 0.99]
        for leaf in leaves
    ]
    named = [hits[0] for hits in exact if len(hits) == 1]
    if len(named) == len(columns) == len(set(named)) and all(len(hits) <= 1 for hits in exact):
        return [hits[0] if hits else None for hits in exact]
    alignment = align([[_worth(leaf, column, columns) for column in columns] for leaf in leaves])
    pairs = {i: j for i, j in alignment.pairs if i not in alignment.ambiguous}
    return _by_elimination([pairs.get(i) for i in range(len(leaves))], leaves, columns)


def _worth(leaf: Leaf, column: Column, columns: Sequence[Column]) -> float | None:
    fit = likeness(leaf.token.text, column.labels) if leaf.token.text else 0.0
    return None if fit < 0.5 else 10 * fit + _path_worth(leaf.path, column, columns)


def _path_worth(printed: tuple[str, ...], column: Column, columns: Sequence[Column]) -> float:
    """Whether the printed group heads are those of the column: its nearest one counts, wherever it is printed."""
    if not printed or not column.path:
        return 0.0
    keys = [label_key(head) for head in printed]
    nearest = {other.path[-1] for other in columns if other.path}
    named = {head for head in nearest if any(label_key(head) in key for key in keys)}
    named = named or {head for head in nearest if any(similarity(key, label_key(head)) >= FIT for key in keys)}
    if named:
        return 2.0 if column.path[-1] in named else -4.0
    # A head further up is right but leaves the choice open.
    return 0.0 if any(similarity(key, label_key(up)) >= FIT for key in keys for up in column.path[:-1]) else -4.0


def _by_elimination(
    matched: list[int | None], leaves: Sequence[Leaf], columns: Sequence[Column]
) -> list[int | None]:
    """A damaged label between two known neighbours is the one column that is left between them, if it resembles it at all."""
    if len(leaves) != len(columns) or any(column not in (None, i) for i, column in enumerate(matched)):
        return matched
    return [
        i if column is None and leaves[i].token.text and likeness(leaves[i].token.text, columns[i].labels) > 0.2 else column
        for i, column in enumerate(matched)
    ]


Option = list[tuple[Token, int]]
_MAX_OPTIONS = 12


def place_values(values: Sequence[Token], header: Header | None, n_columns: int, *, use_grid: bool) -> list[Option]:
    """All ways to pair the value tokens of a line with form columns: one where the line leaves no choice, none where nothing fits.

    Where a line has more cells than the head, the surplus must be blanks; which ones is certain only where their number says so or
    where the grid does.
    """
    if header is None:
        if any(token.kind == "text" for token in values):
            return []
        named: list[int | None] = list(range(n_columns))
    else:
        named = [column for leaf, column in zip(*header, strict=True) if leaf.token.text]
        if len(values) != len(named) and (paired := _by_all_heads(values, header)):
            return [paired]
        if use_grid and len(values) != len(named) and (by_grid := under_heads(values, header)):
            return [by_grid]
    if len(values) == len(named) and (header is None or _repetitions_agree(values, header)):
        return [_paired(values, named)]
    distinct = [column for column in named if column is not None]
    if len(values) == len(distinct) and header is not None and _repeats_only(header):
        return [_paired(values, distinct)]
    if header is not None and len(values) == n_columns and len(named) < n_columns and header.matched == len(named):
        return [_paired(values, range(n_columns))]  # the head lost labels, the line lost nothing
    if header is not None and len(distinct) < len(named):
        return [_paired(kept, distinct) for kept in _without_repetitions(values, len(distinct))]
    return [_paired(kept, named) for kept in without_blanks(values, len(named))]


def _by_all_heads(values: Sequence[Token], header: Header) -> Option | None:
    """Values under all heads, blank ones included; what stands under a blank head must be blank."""
    if len(values) != len(header.leaves):
        return None
    if any(not leaf.token.text and token.kind != "blank" for leaf, token in zip(header.leaves, values, strict=True)):
        return None
    return _paired(values, header.columns)


def _repetitions_agree(values: Sequence[Token], header: Header) -> bool:
    """Whether the values under a head that is repeated side by side are one value repeated."""
    named = [leaf for leaf in header.leaves if leaf.token.text]
    return all(
        values[i].text == values[i - 1].text
        for i, leaf in enumerate(named)
        if i and _at(leaf, named[i - 1]) is not None
    )


def _without_repetitions(values: Sequence[Token], wanted: int) -> list[tuple[Token, ...]]:
    """Where spanned cells are printed once per grid column: the different ways to leave out repetitions and blanks."""
    surplus = len(values) - wanted
    spare = [i for i, token in enumerate(values) if token.kind == "blank" or (i and token.text == values[i - 1].text)]
    return _leaving_out(values, spare, surplus)


def _repeats_only(header: Header) -> bool:
    """Whether every head without a column repeats the one before it."""
    leaves = header.leaves
    return all(
        column is not None or (i and _at(leaf, leaves[i - 1]) is not None)
        for i, (leaf, column) in enumerate(zip(*header, strict=True))
        if leaf.token.text
    )


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


def under_heads(values: Sequence[Token], header: Header) -> Option | None:
    """By the grid: one token under each named column and nothing but blanks elsewhere; None where that is not so."""
    starts = [leaf.token.x0 for leaf in header.leaves if leaf.token.text]
    if any(left >= right for left, right in pairwise(starts)):
        return None  # heads that do not stand side by side in reading order are no grid
    placed: Option = []
    for leaf, column in zip(*header, strict=True):
        if column is None:
            continue
        under = [token for token in values if token.x0 < leaf.token.x1 and leaf.token.x0 < token.x1]
        if len(under) != 1 or any(token is under[0] for token, _ in placed):
            return None
        placed.append((under[0], column))
    used = {id(token) for token, _ in placed}
    heads = [leaf.token for leaf, column in zip(*header, strict=True) if column is None and leaf.token.text]
    for token in values:
        covered = any(token.x0 < head.x1 and head.x0 < token.x1 for head in heads)
        if id(token) not in used and token.kind != "blank" and not covered:
            return None
    return placed
