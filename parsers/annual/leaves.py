"""Which column of the form a head names: by its label and the group heads above it, alike or in order."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from parsers.align import align
from parsers.forms import Column, load_forms
from parsers.forms.vocabulary import FIT
from parsers.labels import label_key, likeness, similarity
from parsers.layout import Token

_COLUMN_FIT = 0.6
_RESEMBLES = 0.2
_BRACKETS = re.compile(r"[()（）]")


class Leaf(NamedTuple):
    """The lowest header cell above a value column, with the group heads it stands under (as far as they are certain)."""

    token: Token
    path: tuple[str, ...] = ()


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
    keys = [key for head in printed for key in heads_in(head)]
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


def heads_in(text: str) -> list[str]:
    """The keys of the heads that a text names: 行政诉讼（复议后起诉） names two."""
    return [key for part in _BRACKETS.split(text) if (key := label_key(part))]


def _damaged(key: str, head: str) -> bool:
    """Whether a printed head is a damaged ``head``, not a longer text over which its characters happen to be scattered."""
    return len(key) < 2 * len(head) and similarity(key, head) >= FIT


def _by_elimination(
    matched: list[int | None], leaves: Sequence[Leaf], columns: Sequence[Column]
) -> list[int | None]:
    """A damaged label between two known neighbours is the one column that is left between them, if it resembles it, and no other more."""
    lost = sum(column is None for column in matched)
    if len(leaves) != len(columns) or 3 * lost > len(columns) or any(c not in (None, i) for i, c in enumerate(matched)):
        return matched
    return [i if column is None and _resembles(leaves[i].token.text, i, columns) else column for i, column in enumerate(matched)]


def _resembles(text: str, i: int, columns: Sequence[Column]) -> bool:
    fits = [likeness(text, column.labels) for column in columns]
    return bool(text) and fits[i] == max(fits) > _RESEMBLES
