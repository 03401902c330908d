"""What may be one row of an unruled table: each run of printed lines that label and values can be set as, and what it costs.

Costs are sums over what is unusual in a row: cells that stand off each other, lines that break where there was room, labels
without values.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from parsers.carriers.page.glyphs import Ruling
from parsers.carriers.page.texts import Interval, Text

NUMBER = re.compile(r"\d{1,2}\s*[.、．)）]|[①-⑳]|[（(](?:\d{1,2}|[一二三四五六七八九十]{1,3})[）)]|[一二三四五六七八九十]{1,3}[、.．]|其中")
SUM = re.compile("[总合小]计")
_DIGITS = re.compile(r"[+\-−]?[\d,，.]+")
_MARK = re.compile(r"[/／\-－—–―─*＊]{1,4}|无|不涉及")
_UNIT = re.compile("件|条|次|个|人次|人|元|万元|%|％")
_OPENING = re.compile("[（(]")
_CLOSING = re.compile("[)）]")
_SAME_LINE = 0.25  # ems
_MAX_STEPS = 24  # printed lines of one row, those of labels and of values counted apart
_MAX_LINES = 9  # of one label
PITCH = 2.4  # ems: the most between two lines of a cell
_UNEVEN = 0.35  # ems that the lines of one cell may differ in pitch
_OFF = 0.3  # ems that the cells of one row may stand off each other's middle, top or foot
_ROOM = 2.0  # ems: margins of a cell and one digit more; a number is broken where less is left of its column
_LOST = 8.0  # cost of a line that fits into no row
_NOT_FULL = 3.0  # ems: a line of a label that is shorter than others by more was not broken for want of room
_CUT_OFF = 2.5  # cost of a label without the line that ends its bracket
ALIKE = 0.7  # costs that differ by less do not tell two cuts apart
NEVER = float("inf")


class Step(NamedTuple):
    """What stands at one height: pieces of labels, values."""

    labels: list[Text]
    values: list[Text]


class Choice(NamedTuple):
    """The steps ``first`` to ``last`` (one past) as one row, and its costs: cells at their tops, middles, feet."""

    first: int
    last: int
    costs: tuple[float, float, float]
    label: list[Text]
    holds: frozenset[int]  # its texts
    lost: bool = False


class Side(NamedTuple):
    """The columns of values; how wide something in each is at least; where the inmost labels begin; drawn level lines."""

    columns: Sequence[Interval]
    widths: Sequence[float]
    leaf: float
    levels: Sequence[Ruling]


def steps_of(labels: Sequence[Text], values: Sequence[Text]) -> list[Step]:
    """What stands at one height each, top to bottom."""
    steps: list[Step] = []
    base = -NEVER
    both = [(text, False) for text in labels] + [(text, True) for text in values]
    for text, is_value in sorted(both, key=lambda pair: (pair[0].base, pair[0].box.x0)):
        if text.base - base > _SAME_LINE * text.size:
            steps.append(Step([], []))
            base = text.base
        (steps[-1].values if is_value else steps[-1].labels).append(text)
    return steps


def is_item(text: Text) -> bool:
    """Whether a label begins with a list number or is that of a sum."""
    return NUMBER.match(text.text) is not None or SUM.search(text.text) is not None


class Cutter:
    """What the lines of one table allow."""

    def __init__(self, steps: Sequence[Step], side: Side) -> None:
        self.steps = steps
        self.columns, self.leaf, self.levels = side.columns, side.leaf, sorted(side.levels)
        labels = [text for step in steps for text in step.labels]
        self.labelled = bool(labels)
        self.edge = max((text.box.x1 for text in labels), default=0.0)
        starts = [text for text in labels if NUMBER.match(text.text)]
        self.numbered = len(starts) > 0.3 * len(labels)
        self.fill = list(side.widths)
        pages = [(step.labels or step.values)[0].page for step in steps]
        self.cut = [upper != lower for upper, lower in pairwise([None, *pages, None])]
        self.remarked: set[int] = set()  # numbers with a remark on the next line
        lowest: dict[int, Text] = {}
        for step in steps:
            for text in step.values:
                column = self._column(text)
                self.fill[column] = max(self.fill[column], text.box.x1 - text.box.x0)
                if _OPENING.match(text.text) and column in lowest:
                    self.remarked.add(id(lowest[column]))
                lowest[column] = text

    def choices(self) -> list[list[Choice]]:
        """For each step the rows that may begin with it."""
        return [[*self._from(first), self._lost(first)] for first in range(len(self.steps))]

    def _lost(self, first: int) -> Choice:
        step = self.steps[first]
        return Choice(first, first + 1, (_LOST, _LOST, _LOST), step.labels, frozenset(map(id, (*step.labels, *step.values))), lost=True)

    def is_full(self, text: Text) -> bool:
        """Whether no other character fits behind a line of a label."""
        return text.box.x1 > self.edge - 1.2 * text.size

    def _is_wide(self, text: Text) -> bool:
        return text.box.x0 < self.leaf - text.size

    def _is_above(self, upper: Text, lower: Text) -> bool:
        """Whether an earlier line of a label stands in the same column of labels."""
        return (upper.box.x1 > self.leaf) is (lower.box.x1 > self.leaf) and upper.box.x1 > lower.box.x0

    def _column(self, text: Text) -> int:
        return next((i for i, (_, x1) in enumerate(self.columns) if text.middle < x1), len(self.columns) - 1)

    def _from(self, first: int) -> Iterator[Choice]:
        label: list[Text] = []
        stacks: dict[int, list[Text]] = {}
        strain = 0.0  # numbers that go on below
        previous: Text | None = None
        for last in range(first + 1, min(len(self.steps), first + _MAX_STEPS) + 1):
            step = self.steps[last - 1]
            for text in step.labels:
                if previous is not None and self._parted(previous, text):
                    return
                if len(label) == _MAX_LINES or (NUMBER.match(text.text) and any(self._is_above(other, text) for other in label)):
                    return
                label.append(text)
            for text in step.values:
                column = self._column(text)
                stack = stacks.setdefault(column, [])
                if stack and stack[-1].base < text.base - _SAME_LINE * text.size:
                    if self._parted(stack[-1], text) or not self._goes_on(stack, text, column):
                        return
                    strain = strain if _is_open(stack) else max(strain, 0.1 if fills(stack[-1], column, self.columns) else ALIKE)
                elif not stack and not begins(text):
                    return
                stack.append(text)
            previous = (step.labels or step.values)[-1]
            if any(_is_open(stack) for stack in stacks.values()):
                continue
            yield self._choice(first, last, label, list(stacks.values()), strain)

    def _parted(self, upper: Text, lower: Text) -> bool:
        """Whether a drawn line, or too much white, stands between two lines."""
        if upper.page != lower.page:
            return False
        if lower.base - upper.base > PITCH * lower.size:
            return True
        x = lower.middle
        at = bisect_left(self.levels, Ruling(upper.base - 1, -NEVER, -NEVER))
        for level in self.levels[at:]:
            if level.at >= lower.base - 0.5 * lower.size:
                return False
            if level.start - 3 <= x <= level.end + 3:
                return True
        return False

    def _goes_on(self, stack: Sequence[Text], text: Text, column: int) -> bool:
        """Whether a text can be the next line of a value."""
        if _is_open(stack):
            return True
        said = "".join(piece.text for piece in stack)
        if _OPENING.search(said):
            return False
        if _MARK.fullmatch(said) or (NUMBER.match(text.text) and not text.is_value):
            return False
        if _UNIT.fullmatch(text.text) or _OPENING.match(text.text):
            return _DIGITS.fullmatch(said) is not None or _UNIT.search(said) is not None
        if _DIGITS.fullmatch(stack[-1].text) is None or _DIGITS.match(text.text) is None:
            return False
        # A number with a remark is broken anywhere.
        full = stack[-1].box.x1 - stack[-1].box.x0 > self.fill[column] - 0.6 * text.size
        return full or _DIGITS.fullmatch(text.text) is None or id(text) in self.remarked

    def _choice(self, first: int, last: int, label: Sequence[Text], stacks: Sequence[Sequence[Text]], strain: float) -> Choice:
        own = self._own(label)
        cost = 0.2 + strain + self._label_cost(own, bool(stacks))
        groups = [*([own] if own else []), *stacks]
        over_break = any(group[0].page != group[-1].page for group in groups) or len({group[0].page for group in groups}) > 1
        cost += sum(_unevenness(group) for group in groups)
        if not groups:  # a line of a group's label
            return Choice(first, last, (0.3, 0.3, 0.3), [], frozenset())
        size = groups[0][0].size
        places = (
            [group[0].base for group in groups],
            [(group[0].base + group[-1].base) / 2 for group in groups],
            [group[-1].base for group in groups],
        )
        offs = [(max(place) - min(place)) / size for place in places]
        if self.cut[first] or self.cut[last]:  # a row that a page break may have cut: its parts stand at the top
            offs = [min(offs)] * 3
        costs = [cost + (min(off, 0.4) if over_break else _off_cost(off)) for off in offs]
        holds = frozenset(map(id, (text for group in groups for text in group)))
        return Choice(first, last, (costs[0], costs[1], costs[2]), own, holds)

    def _own(self, label: Sequence[Text]) -> list[Text]:
        """The lines of the row's own label: not those of a group's label that stand between them."""
        inner = [text for text in label if text.box.x1 > self.leaf]
        if inner and not self._is_wide(inner[0]):
            return inner
        first = inner[0] if inner else max((text for text in label if NUMBER.match(text.text)), key=lambda text: text.box.x0, default=None)
        if first is None:
            return [text for text in label if len(text.text) > 1]  # one of a label that is printed downwards is no label
        return [text for text in label if text.overlaps(*first.span)]

    def _label_cost(self, own: Sequence[Text], has_values: bool) -> float:
        if not own:
            return 3.0 if self.labelled else 0.0
        numbered = is_item(own[0])
        cost = 0.5 if self.numbered and not numbered else 0.0
        for text in own[:-1]:
            cost += 2.5 if text.box.x1 < self.edge - _NOT_FULL * text.size else 0.0
        cost += _CUT_OFF if _is_open(own) else 0.0
        return cost if has_values else cost + (0.8 if numbered else 1.2)


def fills(text: Text, column: int, columns: Sequence[Interval]) -> bool:
    """Whether a text leaves no room for more in its column, which ends nowhere in print if it is the first or the last."""
    spans = [x1 - x0 for x0, x1 in columns]
    return min(spans[column], median(spans)) - (text.box.x1 - text.box.x0) < _ROOM * text.size


def begins(text: Text) -> bool:
    """Whether a value can begin with a text: one that only ends a bracket goes on from a line above."""
    said = text.text
    return text.is_value and not (_CLOSING.search(said) and not _OPENING.search(said)) and not _OPENING.match(said)


def _is_open(stack: Sequence[Text]) -> bool:
    """Whether a bracket is open at the end of some lines."""
    said = "".join(text.text for text in stack)
    return len(_OPENING.findall(said)) > len(_CLOSING.findall(said))


def _unevenness(group: Sequence[Text]) -> float:
    """What it costs that the lines of a cell are not set in one pitch."""
    gaps = [(lower.base - upper.base) / lower.size for upper, lower in pairwise(group) if lower.page == upper.page]
    gaps = [gap for gap in gaps if gap > _SAME_LINE]
    return 5.0 * max(0.0, max(gaps) - min(gaps) - _UNEVEN) if len(gaps) > 1 else 0.0


def _off_cost(off: float) -> float:
    return off if off <= _OFF else min(_LOST, _OFF + 5.0 * (off - _OFF))
