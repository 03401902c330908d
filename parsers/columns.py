"""From header lines to value columns: which head names which column of the form."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property, lru_cache
from itertools import combinations, dropwhile, pairwise, takewhile
from typing import NamedTuple

from parsers.align import align
from parsers.forms import Column, load_forms
from parsers.labels import label_key, likeness, similarity
from parsers.layout import Line, Token
from parsers.vocabulary import FIT

_COLUMN_FIT = 0.6
_MAX_AGAIN = 6  # heads
_BRACKETS = re.compile(r"[()（）]")
_MONEY_UNIT = re.compile(r"亿元|万元|元")


class Leaf(NamedTuple):
    """The lowest header cell above a value column, with the group heads it stands under (as far as they are certain)."""

    token: Token
    path: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Header:
    """``leaves`` are all lowest header cells in order (blank ones too); ``columns[i]`` is the form column of ``leaves[i]`` or None.

    ``front`` counts the heads before the first column of the form (where spans are known: 0 if one of them is blank),
    ``lead`` the named ones of them that may hold no labels (单位, 行次).
    """

    leaves: tuple[Leaf, ...]
    columns: tuple[int | None, ...]
    lead: int = 0
    front: int = 0

    @cached_property
    def matched(self) -> int:
        """How many different form columns the header names."""
        return len({column for column in self.columns if column is not None})

    @cached_property
    def named(self) -> int:
        """How many heads bear a text."""
        return sum(1 for leaf in self.leaves if leaf.token.text)

    @cached_property
    def texts(self) -> dict[int, str]:
        """The text over each form column that is named, the heads above it included."""
        found: dict[int, str] = {}
        for leaf, column in zip(self.leaves, self.columns, strict=True):
            if column is not None:
                found.setdefault(column, " / ".join((*leaf.path, leaf.token.text)))
        return found

    @cached_property
    def money(self) -> dict[int, str]:
        """The unit of money that the text over a form column states, for those that do."""
        return {column: unit for column, text in self.texts.items() if (unit := money_unit(text))}


def money_unit(text: str) -> str | None:
    """The unit of money that a head or a label states."""
    match = _MONEY_UNIT.search("".join(text.split()))
    return match.group() if match else None


def read_header(lines: Sequence[Line], columns: Sequence[Column]) -> Header | None:
    """The best reading of some header lines against the columns of a block; None where they name none of them."""
    flat = any(line.width for line in lines)
    found = [_flatten(lines, columns), *(_alone(line) for line in lines)]
    best = _best_reading(found, columns, flat=flat)
    if best and best[0] < 2 * len(columns):
        found = [_flatten(others, columns) for others in _without_spans_from_above(lines)]
        best = max(best, _best_reading(found, columns, flat=flat) or best, key=lambda reading: reading[0])
    return best[1] if best else None


def _best_reading(found: Sequence[list[Leaf]], columns: Sequence[Column], *, flat: bool) -> tuple[int, Header] | None:
    """Of several readings of a head the first that names most columns of the form and least else, and its worth."""
    readings = []
    for leaves in found:
        leaves, lead, front = _without_corner(leaves, columns, flat=flat)
        if leaves:
            header = Header(tuple(leaves), match_leaves(leaves, columns), lead, front)
            if flat:
                header = _without_strays(header, columns)
            if header.matched:
                extra = sum(1 for leaf, column in zip(header.leaves, header.columns, strict=True) if column is None and leaf.token.text)
                readings.append((2 * header.matched - extra, header))
    return max(readings, key=lambda reading: reading[0]) if readings else None


def _without_spans_from_above(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """Where a span that ends too early moves a line of heads under others: the ways in which a span above may have printed some again."""
    for i, (above, line) in enumerate(pairwise(lines), 1):
        if not line.repeats or line.width >= above.width:
            continue
        over = {(token.x0, token.text) for token in above.tokens}
        again = [token for token in line.tokens if token.text and (token.x0, token.text) in over][:_MAX_AGAIN]
        for n in range(len(again), 0, -1):
            for some in combinations(again, n):
                moved = replace(line, tokens=tuple(token for token in line.tokens if token not in some))
                yield [*lines[:i], moved, *lines[i + 1 :]]


def _without_strays(header: Header, columns: Sequence[Column]) -> Header:
    """Without heads that bear the text of another head, which names a column: a span that reaches too far printed them once more.

    A value that stands under one belongs to another column; it must not vanish with the head.
    """
    if header.matched < len(columns):
        return header
    kept = [
        (leaf, column)
        for i, (leaf, column) in enumerate(zip(header.leaves, header.columns, strict=True))
        if column is not None or not _names_taken(i, header)
    ]
    if len(kept) == len(header.leaves):
        return header
    return Header(tuple(leaf for leaf, _ in kept), tuple(column for _, column in kept), header.lead, header.front)


def _names_taken(i: int, header: Header) -> bool:
    leaf = header.leaves[i]
    if i and repeated_at(leaf, header.leaves[i - 1]) is not None:
        return False  # printed once for each of its grid columns
    named = {other.token.text for other, column in zip(header.leaves, header.columns, strict=True) if column is not None}
    return leaf.token.text in named


def heads_in_order(lines: Sequence[Line], columns: Sequence[Column]) -> bool:
    """Whether every header line prints its group heads in the form's order: else order says nothing of columns without a known head."""
    order = list(dict.fromkeys(label_key(head) for column in columns for head in column.path))
    for line in lines:
        places = [order.index(key) for token in line.tokens if (key := label_key(token.text)) in order]
        if places != sorted(places):
            return False
    return True


def _alone(line: Line) -> list[Leaf]:
    return [Leaf(token) for token in line.tokens]


def _flatten(lines: Sequence[Line], columns: Sequence[Column]) -> list[Leaf]:
    """Replace group heads, from the top line down, by the cells of the next line."""
    heads = tuple(dict.fromkeys(label for column in columns for label in column.path))
    leaves: list[Leaf] = []
    open_heads: list[int] = []  # places in ``leaves`` that are group heads
    corner: set[str] = set()
    above = 0
    for line in lines:
        cells = [Leaf(token) for token in line.tokens if token.text not in corner]
        if line is lines[0] or (line.width and not open_heads):  # a caption may stand above the head
            corner |= _corner(line, heads, columns)
        if open_heads:
            filled = [cell for cell in cells if cell.token.text]
            if line.repeats:
                filled = _not_printed_again(filled, leaves, open_heads, slid=line.width < above)
            heads_above = [leaves[i] for i in open_heads]
            filled = [Leaf(cell.token, _path_of(cell.token, heads_above, sane=line.sane)) for cell in filled]
            first = open_heads[0]
            leaves = leaves[:first] + filled + [leaf for i, leaf in enumerate(leaves) if i > first and i not in open_heads]
        else:
            leaves = leaves + cells if not leaves or not _same(leaves, cells) else leaves
        above = line.width
        open_heads = [i for i, leaf in enumerate(leaves) if _is_head(leaf.token.text, heads, columns)]
    return leaves


def _not_printed_again(filled: list[Leaf], leaves: list[Leaf], open_heads: list[int], *, slid: bool) -> list[Leaf]:
    """The cells of a line without the heads beside the open groups above, which a line without spans may print once more.

    ``slid``: the line lacks cells, so that only order tells which heads they are.
    """
    before = leaves[open_heads[0] - 1].token.text if open_heads[0] else None
    filled = list(dropwhile(lambda cell: cell.token.text == before, filled))
    if slid:
        return filled
    beside = {(leaf.token.text, leaf.token.x0) for i, leaf in enumerate(leaves) if i not in open_heads}
    return [cell for cell in filled if (cell.token.text, cell.token.x0) not in beside]


def _corner(line: Line, heads: Sequence[str], columns: Sequence[Column]) -> set[str]:
    """The texts of the corner, which lines without spans may print again in the lines below: all before the first head of the form."""
    if len(line.tokens) < 2:
        return set()
    corner = {line.tokens[0].text}
    if line.width:
        before = takewhile(lambda token: max(likeness(token.text, (label,)) for label in _labels(heads, columns)) < FIT, line.tokens)
        corner.update(token.text for token in before if token.text)
    return corner


def _labels(heads: Sequence[str], columns: Sequence[Column]) -> list[str]:
    return [*heads, *(label for column in columns for label in column.labels)]


def _same(left: list[Leaf], right: list[Leaf]) -> bool:
    return [leaf.token.text for leaf in left] == [leaf.token.text for leaf in right]


def _path_of(token: Token, heads: list[Leaf], *, sane: bool) -> tuple[str, ...]:
    """The heads a cell is certainly under: those above it in a grid that can be trusted, else what all open heads share."""
    if sane:
        above = [head for head in heads if head.token.x0 <= token.x0 and token.x1 <= head.token.x1]
        if len(above) == 1:
            return (*above[0].path, above[0].token.text)
        if token.x1 <= min(head.token.x0 for head in heads):
            return ()
    if len({head.token.text for head in heads}) == 1:
        return (*heads[0].path, heads[0].token.text)
    return ()


def _is_head(text: str, heads: Sequence[str], columns: Sequence[Column]) -> bool:
    as_head = max((likeness(text, (head,)) for head in heads), default=0.0)
    return as_head >= FIT and as_head > max(likeness(text, column.labels) for column in columns)


def _without_corner(leaves: list[Leaf], columns: Sequence[Column], *, flat: bool) -> tuple[list[Leaf], int, int]:
    """Drop what stands before the first named column: the corner, its repetitions, blanks, named columns that are not the form's."""
    for i, leaf in enumerate(leaves):
        if leaf.token.text and any(likeness(leaf.token.text, column.labels) >= FIT for column in columns):
            lead = len({other.token.text for other in leaves[1:i]} - {"", leaves[0].token.text})
            named = [other for other in leaves[:i] if other.token.text]
            if flat:  # printed once for each of its grid columns, a head still has one number below it
                return leaves[i:], lead, sum(1 for j, other in enumerate(named) if not j or repeated_at(other, named[j - 1]) is None)
            return leaves[i:], lead, i if len(named) == i else 0
    return [], 0, 0


def match_leaves(leaves: Sequence[Leaf], columns: Sequence[Column]) -> tuple[int | None, ...]:
    """The form column of each leaf: by its exact label where labels are unique (columns may be reordered), else by order.

    A head that is repeated side by side (a spanned one printed once per grid column) names its column once.
    """
    return _match(tuple((leaf.token.text, leaf.path) for leaf in leaves), tuple(columns))


@lru_cache(maxsize=512)
def _match(heads: tuple[tuple[str, tuple[str, ...]], ...], columns: tuple[Column, ...]) -> tuple[int | None, ...]:
    """The same for the texts and paths of heads, remembered: most pages print the same ones."""
    leaves = [Leaf(Token(text, "text", 0, 0, 0, 0), path) for text, path in heads]
    firsts = [i for i, leaf in enumerate(leaves) if not i or leaf != repeated_at(leaf, leaves[i - 1])]
    distinct = [leaves[i] for i in firsts]
    matched: list[int | None] = [None] * len(leaves)
    for i, column in zip(firsts, _match_distinct(distinct, columns), strict=True):
        matched[i] = column
    return tuple(matched)


def repeated_at(leaf: Leaf, other: Leaf) -> Leaf | None:
    """``leaf`` itself if ``other`` is its repetition: the same text under the same heads."""
    return leaf if leaf.token.text and leaf.token.text == other.token.text and leaf.path == other.path else None


def _match_distinct(leaves: Sequence[Leaf], columns: Sequence[Column]) -> Sequence[int | None]:
    exact = [_exact(leaf, columns) for leaf in leaves]
    by_label = _by_label(exact, columns) or _by_label(_in_groups(leaves, exact, columns), columns)
    if by_label:
        return by_label
    alignment = align([[_worth(leaf, j, hits, columns) for j in range(len(columns))] for leaf, hits in zip(leaves, exact, strict=True)])
    pairs = {i: j for i, j in alignment.pairs if i not in alignment.ambiguous}
    return _by_elimination([pairs.get(i) for i in range(len(leaves))], leaves, columns)


def _exact(leaf: Leaf, columns: Sequence[Column]) -> list[int]:
    """The columns whose label a leaf bears exactly, under heads that do not contradict it."""
    if not leaf.token.text:
        return []
    hits = [j for j, column in enumerate(columns) if likeness(leaf.token.text, column.labels) > 0.99]
    return [j for j in hits if _path_worth(leaf.path, columns[j], columns) is not None]


def _by_label(exact: Sequence[list[int]], columns: Sequence[Column]) -> list[int | None] | None:
    """Where every column is named by one exact label, the labels decide and the order is free."""
    named = [hits[0] for hits in exact if len(hits) == 1]
    if len(named) == len(columns) == len(set(named)) and all(len(hits) <= 1 for hits in exact):
        return [hits[0] if hits else None for hits in exact]
    return None


def _in_groups(leaves: Sequence[Leaf], exact: Sequence[list[int]], columns: Sequence[Column]) -> list[list[int]]:
    """Leaves without a known head, taken group by group in the form's order: within a group the labels decide."""
    if len(leaves) != len(columns) or any(leaf.path for leaf in leaves):
        return []
    return [[j for j in hits if columns[j].path == columns[i].path] for i, hits in enumerate(exact)]


def _worth(leaf: Leaf, j: int, exact: Sequence[int], columns: Sequence[Column]) -> float | None:
    if not leaf.token.text or (exact and j not in exact) or (not exact and label_key(leaf.token.text) in _labels_elsewhere(columns)):
        return None
    fit = likeness(leaf.token.text, columns[j].labels)
    path = _path_worth(leaf.path, columns[j], columns)
    return None if fit < _COLUMN_FIT or path is None else 10 * fit + path


def _labels_elsewhere(columns: Sequence[Column]) -> frozenset[str]:
    """Column labels of any form that are none of these columns': 本年制发件数 is not a damaged 本年新制作数量."""
    here = {label_key(label) for column in columns for label in column.labels}
    return _all_column_labels() - here


@cache
def _all_column_labels() -> frozenset[str]:
    return frozenset(
        label_key(label)
        for form in load_forms().values()
        for table in form.tables
        for block in table.blocks
        for column in block.columns
        for label in column.labels
    )


def _path_worth(printed: tuple[str, ...], column: Column, columns: Sequence[Column]) -> float | None:
    """Whether the printed group heads are the column's: its nearest one counts, wherever it is printed; None if they are another's."""
    if not printed or not column.path:
        return 0.0
    keys = [key for head in printed for part in _BRACKETS.split(head) if (key := label_key(part))]  # 行政诉讼（复议后起诉）: two heads
    if not keys:
        return 0.0  # a head without a text contradicts nothing
    nearest = {other.path[-1] for other in columns if other.path}
    for key in reversed(keys):
        named = {head for head in nearest if label_key(head) in key}
        named = named or {head for head in nearest if _damaged(key, label_key(head))}
        if named:
            return 2.0 if column.path[-1] in named else None
    # A head further up is right but leaves the choice open.
    return 0.0 if any(similarity(key, label_key(up)) >= FIT for key in keys for up in column.path[:-1]) else None


def _damaged(key: str, head: str) -> bool:
    """Whether a printed head is a damaged ``head``, not a longer text over which its characters happen to be scattered."""
    return len(key) < 2 * len(head) and similarity(key, head) >= FIT


def _by_elimination(
    matched: list[int | None], leaves: Sequence[Leaf], columns: Sequence[Column]
) -> list[int | None]:
    """A damaged label between two known neighbours is the one column that is left between them, if it resembles it at all."""
    lost = sum(column is None for column in matched)
    if len(leaves) != len(columns) or 3 * lost > len(columns) or any(c not in (None, i) for i, c in enumerate(matched)):
        return matched
    return [
        i if column is None and leaves[i].token.text and likeness(leaves[i].token.text, columns[i].labels) > 0.2 else column
        for i, column in enumerate(matched)
    ]
