"""The head of an unruled table: which texts head one column, which several, and where its columns part."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise
from math import inf

from parsers.carriers.page.glyphs import join_lines
from parsers.carriers.page.lattice import GridCell
from parsers.carriers.page.texts import Interval, Text, address_of, value_columns

_MAX_PATHS = 200
_SAME_LINE = 0.4  # ems
_ABOVE = 0.75  # ems
Texts = list[Text]


def _stacks(head: Sequence[Texts], values: Texts) -> tuple[list[Texts], Texts]:
    """The head's texts that stand above each other, left to right, and those that reach over several such stacks, or stand between two."""
    stacks: list[Texts] = []
    over: Texts = []
    for text in sorted((text for texts in head for text in texts), key=lambda text: -text.base):  # the columns' own heads stand lowest
        hits = [stack for stack in stacks if any(text.overlaps(*other.span) for other in stack)]
        if not hits:
            stacks.append([text])
        elif len(hits) == 1:
            hits[0].append(text)
        else:
            over.append(text)
    stacks.sort(key=lambda stack: min(text.box.x0 for text in stack))
    for stack in stacks:
        stack.sort(key=lambda text: text.base)
    far = [_far_above(stack) for stack in stacks]
    for number, (stack, above) in enumerate(zip(stacks, far, strict=True)):
        # A text far above the rest of its column heads several columns, unless its neighbour has one at that height, too.
        beside = [text for other in far[max(0, number - 1) : number + 2] if other is not above for text in other]
        if above and not any(abs(text.base - above[-1].base) < _SAME_LINE * text.size for text in beside):
            over.extend(above)
            del stack[: len(above)]
    lowest = [-inf, *(stack[-1].base for stack in stacks), -inf]
    own: list[Texts] = []
    for left, stack, right in zip(lowest, stacks, lowest[2:], strict=False):
        is_higher = stack[-1].base < min(left, right) - _ABOVE * stack[-1].size
        if is_higher and not any(value.overlaps(*text.span) for text in stack for value in values):
            over.extend(stack)
        else:
            own.append(stack)
    return own, over


def _far_above(stack: Texts) -> Texts:
    """The texts of a column's head that stand far above its last ones."""
    cuts = [k for k, (upper, lower) in enumerate(pairwise(stack), 1) if lower.base - upper.base > 1.75 * lower.size]
    return stack[: cuts[-1]] if cuts else []


def under_heads(head: Sequence[Texts], values: Texts, labels: Texts) -> list[Interval] | None:
    """The columns as the heads part them; None where the values do not stand under heads, each column under its own."""
    stacks, _ = _stacks(head, values)
    spans = [(min(t.box.x0 for t in stack), max(t.box.x1 for t in stack)) for stack in stacks]
    if not spans:
        return None
    cuts = [(a[1] + b[0]) / 2 for a, b in pairwise(spans)]
    end = max(spans[-1][1] + 150.0, max(value.box.x1 for value in values) + 1.0)
    zones = list(zip([spans[0][0] - 150.0, *cuts], [*cuts, end], strict=True))
    starts = [low for low, _ in zones]
    hits = [(bisect_right(starts, value.middle) - 1, value.base) for value in values]
    used = {zone for zone, _ in hits}
    # Two values of one row under one head: these heads do not part the columns.
    if len(set(hits)) < len(hits):
        return _in_order(spans, [min(stack, key=lambda text: text.box.x1 - text.box.x0).span for stack in stacks], values)
    if not used or min(used) < 0:
        return None
    first = min(used)
    under = [label for label in labels if not first or label.overlaps(*spans[first])]  # left of the first head there is nothing else
    if _heads_labels(spans[first], under, [value for value, (zone, _) in zip(values, hits, strict=True) if zone == first]):
        return None
    return zones[first:]


def _in_order(heads: Sequence[Interval], own: Sequence[Interval], values: Texts) -> list[Interval] | None:
    """The columns where some values stand nearer to another column's head than to their own: what stands below each other has one head,
    heads and values have the same order, and no row has two values under one head.

    ``own``: where the narrowest line of each head stands; the widest may be that of a group of columns."""
    found = value_columns(values)
    rows = [{round(value.base) for value in values if value.overlaps(*column)} for column in found]
    best: dict[tuple[int, ...], float] = {(): 0.0}
    for number, (x0, x1) in enumerate(found):
        longer: dict[tuple[int, ...], float] = {}
        for path, cost in best.items():
            for head in range(path[-1] if path else 0, len(heads)):
                if any(rows[other] & rows[number] for other, its in enumerate(path) if its == head):
                    continue
                away = max(0.0, heads[head][0] - x1, x0 - heads[head][1])
                longer[(*path, head)] = cost + away
        best = dict(sorted(longer.items(), key=lambda item: item[1])[:_MAX_PATHS])
    if not best:
        return None
    path = next(iter(best))
    used = sorted(set(path))
    hulls = []
    for head in used:
        spans = [own[head], *(found[i] for i, its in enumerate(path) if its == head)]
        hulls.append((min(x0 for x0, _ in spans), max(x1 for _, x1 in spans)))
    if any(left[1] > right[0] for left, right in pairwise(hulls)) or used != list(range(used[0], len(heads))):
        return None
    return zones_of(hulls)


def _heads_labels(head: Interval, labels: Texts, values: Texts) -> bool:
    """Whether a head is that of the labels; the values right of it stand at a side of their column, far from their own head."""
    return any(label.box.x0 < head[1] for label in labels) and all(head[1] <= value.box.x0 for value in values)


def head_cells(head: Sequence[Texts], columns: Sequence[Interval], values: Texts, n_labels: int) -> list[GridCell]:
    """Rows of the head: texts over several columns first, as printed; then one row of the columns' own heads."""
    stacks, over = _stacks(head, values)
    left = min(value.box.x0 for value in values)
    own: list[Texts] = [[] for _ in columns]
    corner: Texts = []
    for stack in stacks:
        middle = (min(t.box.x0 for t in stack) + max(t.box.x1 for t in stack)) / 2
        column = next((i for i, (x0, x1) in enumerate(columns) if x0 <= middle < x1), None)
        if column is not None:
            own[column].extend(stack)
        elif middle < left:
            corner.extend(stack)
        else:
            over.extend(stack)
    printed: list[Texts] = []
    for text in sorted(over, key=lambda text: (text.base, text.box.x0)):
        if printed and text.base - printed[-1][0].base < 0.4 * text.size:
            printed[-1].append(text)
        else:
            printed.append([text])
    cells = [GridCell(row, i, 1, 1, text.text, address_of([text])) for row, texts in enumerate(printed) for i, text in enumerate(texts)]
    if any(own):
        row = len(printed)
        if n_labels:
            corner.sort(key=lambda text: (text.base, text.box.x0))
            cells.append(_head_cell(row, 0, n_labels, corner))
        cells.extend(_head_cell(row, n_labels + i, 1, stack) for i, stack in enumerate(own))
    return cells


def _head_cell(row: int, column: int, colspan: int, stack: Texts) -> GridCell:
    return GridCell(row, column, 1, colspan, join_lines(text.text for text in stack), address_of(stack))


def zones_of(columns: Sequence[Interval]) -> list[Interval]:
    """The columns widened to the middle between neighbours."""
    cuts = [(a[1] + b[0]) / 2 for a, b in pairwise(columns)]
    return list(zip([columns[0][0] - 1, *cuts], [*cuts, columns[-1][1] + 1], strict=True))


def heads_part(head: Sequence[Texts], columns: Sequence[Interval], values: Texts) -> bool:
    """Whether the heads tell the columns apart: no column has two side by side, and none lacks one where a head reaches over two."""
    stacks, _ = _stacks(head, values)
    is_band = len(head) > 1 and len(head[0]) == 1 < len(head[1]) and head[0] in stacks
    if is_band and any(low <= head[0][0].middle < high for low, high in columns):
        return False  # a head of several columns that stands over the gap between two
    spans = [(min(t.box.x0 for t in stack), max(t.box.x1 for t in stack)) for stack in stacks]
    own = [sum(low <= (x0 + x1) / 2 < high for x0, x1 in spans) for low, high in columns]
    over_two = any(
        sum(min(text.box.x1, high) - max(text.box.x0, low) > text.size for low, high in columns) > 1 for stack in stacks for text in stack
    )
    said = {"".join(text.text for text in stack) for stack in stacks}
    two_in_one = any(name[:cut] in said and name[cut:] in said for name in said for cut in range(2, len(name) - 1))
    return max(own) < 2 and not (0 in own and over_two) and not two_in_one
