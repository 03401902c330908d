"""From header lines to value columns: the lowest heads of several lines, and which of them name columns of the form."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import combinations, dropwhile, pairwise, takewhile

from parsers.annual.leaves import Leaf, heads_in, match_leaves, repeated_at
from parsers.forms import Column
from parsers.forms.vocabulary import FIT
from parsers.labels import label_key, likeness, similarity
from parsers.layout import Line, Token
from parsers.traditional import simplified

_MAX_AGAIN = 6  # heads
_MONEY_UNIT = re.compile(r"亿元|万元|元")


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
    match = _MONEY_UNIT.search(simplified("".join(text.split())))
    return match.group() if match else None


def read_header(lines: Sequence[Line], columns: Sequence[Column]) -> Header | None:
    """The best reading of some header lines against the columns of a block; None where they name none of them."""
    lines = _printed_once(lines)
    flat = any(line.width for line in lines)
    if flat:
        lines = [_without_groups(line, columns) for line in lines]
    found = [_flatten(lines, columns), *(_alone(line) for line in lines)]
    best = _best_reading(found, columns, flat=flat)
    if best and best[0] < 2 * len(columns):
        found = [_flatten(others, columns) for others in _without_spans_from_above(lines)]
        best = max(best, _best_reading(found, columns, flat=flat) or best, key=lambda reading: reading[0])
    return best[1] if best else None


def _without_groups(line: Line, columns: Sequence[Column]) -> Line:
    """A line without the group heads that a cell holds together with a head below them (法人或其他组织商业企业)."""
    whole = _with_groups(tuple(columns))
    if not any(label_key(token.text) in whole for token in line.texts()):
        return line
    return replace(line, tokens=tuple(token._replace(text=whole.get(label_key(token.text), token.text)) for token in line.tokens))


@lru_cache(maxsize=64)
def _with_groups(columns: tuple[Column, ...]) -> dict[str, str]:
    """The labels of columns by their keys with all, or the lowest, of the group heads above them in front."""
    return {
        label_key("".join((*column.path[i:], label))): label
        for column in columns
        for i in range(len(column.path))
        for label in column.labels
    }


def _printed_once(lines: Sequence[Line]) -> Sequence[Line]:
    """The lines of a head without a second print of all of them right below: at the top of a page, a program repeats what it began."""
    half = len(lines) // 2
    texts = [[token.text for token in line.tokens] for line in lines]
    return lines[half:] if half and texts[:half] == texts[half:] else lines


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
    """Whether every header line prints its group heads in the form's order, up to the last: else order says nothing of columns
    without a known head.
    """
    order = tuple(dict.fromkeys(head for column in columns for head in column.path))
    for line in lines:
        texts = [token.text for token in line.texts() if max(likeness(token.text, column.labels) for column in columns) < FIT]
        places = [_place_of(text, order) for text in texts]
        known = [place for place in places if place is not None]
        if known != sorted(known) or (known and places[-1] is not None and order[known[-1]] not in columns[-1].path):
            return False
    return True


def _place_of(text: str, heads: Sequence[str]) -> int | None:
    """Which of some group heads a text is, maybe damaged or among other words; the innermost of several."""
    for key in reversed(heads_in(text)):
        said = [i for i, head in enumerate(heads) if label_key(head) in key]
        fits = [similarity(key, label_key(head)) for head in heads]
        if said or max(fits) >= FIT:
            return said[-1] if said else fits.index(max(fits))
    return None


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
