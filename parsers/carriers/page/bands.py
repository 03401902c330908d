"""Rows of an unruled table: which printed lines of labels and values make one row, and how sure that is.

A table sets the cells of a row at its top, its middle or its foot, the same way everywhere. So the lines are cut into
runs (bands), each with a label and at most one value per column, such that label and values stand where one of these three
ways puts them; the cut that fits best is taken. A row is sure where no cut that fits about as well reads its lines otherwise.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from parsers.carriers.page.cuts import ALIKE, NEVER, PITCH, Choice, Cutter, Side, is_item, steps_of
from parsers.carriers.page.texts import Text


@dataclass(slots=True)
class Band:
    """A row: the lines of its label, its values, and whether the print leaves no other reading of its lines."""

    label: list[Text]
    values: list[Text]
    sure: bool


def row_bands(labels: Sequence[Text], values: Sequence[Text], side: Side) -> tuple[list[Band], list[Text]]:
    """The rows, top to bottom, and the lines of groups' labels. ``labels`` are the lines of the rows' own labels, and of some groups'."""
    steps = steps_of(labels, values)
    cutter = Cutter(steps, side)
    choices = cutter.choices()
    cuts = [_cut(choices, len(steps), way) for way in range(3)]
    cost, way = min((cut[0], way) for way, cut in enumerate(cuts))
    rivals = [{choice.holds for choice, _ in rows} for total, rows in cuts if total <= cost + ALIKE]
    bands: list[Band] = []
    outer: list[Text] = []  # what stands between rows
    lost: set[int] = set()
    for choice, sure in cuts[way][1]:
        inside = steps[choice.first : choice.last]
        own = set(map(id, choice.label))
        outer.extend(text for step in inside for text in step.labels if id(text) not in own)
        if not choice.holds:
            continue
        if choice.lost:
            lost.add(len(bands))
        sure = sure and all(choice.holds in rival for rival in rivals)
        bands.append(Band(choice.label, [value for step in inside for value in step.values], sure))
    _doubt_neighbours(bands, lost, bool(labels))
    whole = [_is_whole(bands[i - 1 : i + 2]) and not cutter.is_full(band.label[-1]) for i, band in enumerate(bands)]
    for band, is_whole in zip(bands, whole, strict=True):
        band.sure &= bool(band.values) or is_whole
    return bands, outer


def _doubt_neighbours(bands: Sequence[Band], lost: set[int], labelled: bool) -> None:
    """Values without a label, and what fits into no row, may be a neighbour's."""
    for i, (upper, lower) in enumerate(pairwise(bands)):
        near = not labelled and lower.values[0].base - upper.values[-1].base <= PITCH * lower.values[0].size
        if near or {i, i + 1} & lost or (labelled and bool(upper.label) != bool(lower.label)):
            upper.sure = lower.sure = False


def _is_whole(around: Sequence[Band]) -> bool:
    """Whether the middle one of three rows is certainly a row of its own, though no value stands beside its label: the labels before
    and after it begin with numbers of a list, as it does, so that no line is missing from it."""
    return len(around) == 3 and all(band.sure and band.label and is_item(band.label[0]) for band in around)


def _cut(choices: Sequence[Sequence[Choice]], n: int, way: int) -> tuple[float, list[tuple[Choice, bool]]]:
    """The best cut of all steps into rows, with each row whether it is in all cuts about as good; its cost."""
    before = [0.0] + [NEVER] * n
    best: list[Choice | None] = [None] * (n + 1)
    for found in choices:
        for choice in found:
            cost = before[choice.first] + choice.costs[way]
            if cost < before[choice.last]:
                before[choice.last], best[choice.last] = cost, choice
    after = [NEVER] * n + [0.0]
    for found in reversed(choices):
        for choice in found:
            after[choice.first] = min(after[choice.first], choice.costs[way] + after[choice.last])
    total = before[n]
    if total == NEVER:
        return total, []
    rows: list[Choice] = []
    at = n
    while at:
        last = best[at]
        assert last is not None
        rows.append(last)
        at = last.first
    rows.reverse()
    row_of = {text: i for i, row in enumerate(rows) for text in row.holds}
    sure = [True] * len(rows)
    for found in choices:
        for choice in found:
            if before[choice.first] + choice.costs[way] + after[choice.last] <= total + ALIKE:
                for i in {row_of[text] for text in choice.holds if text in row_of}:
                    sure[i] &= rows[i].holds == choice.holds
    return total, list(zip(rows, sure, strict=True))
