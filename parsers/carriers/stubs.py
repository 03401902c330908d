"""The labels of an unruled table: which printed lines make one label, and which rows it stands for.

A label of one row surrounds its row's values or begins at their height; labels and rows are matched in order, at the
least distance, and a list number (``1.`` ``（一）`` ``一、``) says that a label begins. A label with other labels right
of it at its height is a group's: it stands for the run of items beside it that counts from 1.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from parsers.carriers.glyphs import Ruling, join_lines
from parsers.carriers.texts import Text, columns_of

_NUMBER = re.compile(
    r"\d{1,2}\s*[.、．)）]|[①-⑳]|[（(](?:\d{1,2}|[一二三四五六七八九十]{1,3})[）)]|[一二三四五六七八九十]{1,3}[、.．]|其中"
)
_SUM = re.compile("[总合小]计")
_FIRST = re.compile(r"(?:1\s*[.、．)）]|①|[（(]1[）)])\D")
_ITEM = re.compile(r"\d{1,2}\s*[.、．)）]|[①-⑳]|[（(]\d{1,2}[）)]")
_MAX_LINES = 9  # of one label
_LOOSE = 1.5  # ems: what it costs to leave a line without a row
_NEVER = float("inf")


@dataclass(slots=True)
class Stub:
    """A label: its pieces from top to bottom, the label column it begins in, and the rows (from 0) it stands for."""

    pieces: list[Text]
    column: int
    rows: list[int]

    @property
    def text(self) -> str:
        """The label, its lines joined."""
        return join_lines(piece.text for piece in self.pieces)

    @property
    def middle(self) -> float:
        """Height of its middle."""
        return (self.pieces[0].base + self.pieces[-1].base) / 2


def place_stubs(
    lines: Sequence[Sequence[Text]], anchors: Sequence[tuple[float, float]], levels: Sequence[Ruling]
) -> tuple[list[tuple[float, float]], list[Stub], list[Text]]:
    """The label columns (intervals of x), the labels with their rows, and lines that belong to no row.

    ``lines`` are the label-side texts of each printed line, ``anchors`` baseline and size of each row's values.
    """
    labels = [text for texts in lines for text in texts]
    if not labels:
        return [], [], []
    columns = columns_of(text for texts in lines if len(texts) > 1 for text in texts)
    if not columns:
        columns = [(min(text.box.x0 for text in labels), max(text.box.x1 for text in labels))]
    by_column: dict[int, list[Text]] = {}
    for text in sorted(labels, key=lambda text: text.base):
        hits = [i for i, (x0, x1) in enumerate(columns) if text.overlaps(x0, x1)]
        by_column.setdefault(hits[0] if hits else 0, []).append(text)
    leaves: list[Stub] = []
    groups: list[Stub] = []
    loose: list[Text] = []
    for column, texts in by_column.items():
        beside = [text for text in texts if not text.is_value and _has_right_neighbour(text, labels)]
        groups.extend(_stacked(beside, column, levels))
        alone = [text for text in texts if not any(text is other for other in beside)]
        matched, unmatched = _matched(alone, column, anchors, levels)
        leaves.extend(matched)
        loose.extend(unmatched)
    for group in groups:
        group.rows = _group_rows(group, leaves, anchors)
    stubs = [stub for stub in (*leaves, *groups) if stub.rows]
    return columns, sorted(stubs, key=lambda stub: (-stub.column, stub.rows)), loose


def labelled_rows(stubs: Iterable[Stub]) -> tuple[set[int], set[int]]:
    """The rows that a label of their own stands beside, and those beside what may be a further line of a numbered label above."""
    leaves = sorted((stub for stub in stubs if len(stub.rows) == 1), key=lambda stub: stub.rows)
    edge = max((piece.box.x1 for leaf in leaves for piece in leaf.pieces), default=0.0)
    found: set[int] = set()
    further: set[int] = set()
    open_end = False
    for leaf in leaves:
        numbered = _NUMBER.match(leaf.text) is not None
        if numbered or not open_end or _SUM.match(leaf.text):
            found.add(leaf.rows[0])
            open_end = numbered
        else:
            further.add(leaf.rows[0])
        last = leaf.pieces[-1]
        open_end = open_end and last.box.x1 > edge - 1.5 * last.size
    return found, further


def _has_right_neighbour(text: Text, labels: Sequence[Text]) -> bool:
    """Whether another label stands right of this text at its height."""
    return any(
        other.box.x0 >= text.box.x1 - 1 and abs(other.base - text.base) < 0.75 * (text.size + other.size)
        for other in labels
        if other is not text
    )


def _level_between(upper: Text, lower: Text, levels: Sequence[Ruling]) -> bool:
    x = (lower.box.x0 + lower.box.x1) / 2
    return any(
        upper.base - 1 < level.at < lower.base - 0.5 * lower.size and level.start - 3 <= x <= level.end + 3
        for level in levels
    )


def _stacked(texts: Sequence[Text], column: int, levels: Sequence[Ruling]) -> list[Stub]:
    """Texts of groups as labels: a new one at a list number, a drawn line or a wide gap."""
    stubs: list[Stub] = []
    for text in texts:
        last = stubs[-1].pieces[-1] if stubs else None
        if last is None or _NUMBER.match(text.text) or _level_between(last, text, levels) or _far(last, text):
            stubs.append(Stub([text], column, []))
        else:
            stubs[-1].pieces.append(text)
    return stubs


def _far(upper: Text, lower: Text) -> bool:
    # The characters of a vertical label may be spread over its rows, and some stand beside no other label.
    both_single = len(upper.text) == len(lower.text) == 1
    return lower.base - upper.base > (6.0 if both_single else 1.8) * lower.size


def _matched(
    texts: Sequence[Text], column: int, anchors: Sequence[tuple[float, float]], levels: Sequence[Ruling]
) -> tuple[list[Stub], list[Text]]:
    """The lines of a label column, cut into labels, given to rows in order at the least cost; and lines left over."""
    n, m = len(texts), len(anchors)
    # best[i][j]: least cost of the first i lines with the first j rows, and the step (lines, rows) that led there.
    best: list[list[tuple[float, int, int]]] = [[(0.0, 0, 0)] * (m + 1)]
    for i in range(1, n + 1):
        line = [(best[i - 1][0][0] + _LOOSE, i - 1, 0)]
        for j in range(1, m + 1):
            least = min((line[j - 1][0], i, j - 1), (best[i - 1][j][0] + _LOOSE, i - 1, j))
            inner = 0.0
            for k in range(i - 1, max(-1, i - 1 - _MAX_LINES), -1):
                if k < i - 1:
                    inner += _break_cost(texts[k], texts[k + 1], levels)
                if inner > 20:
                    break
                cost = best[k][j - 1][0] + inner + _distance(texts[k:i], anchors[j - 1])
                least = min(least, (cost, k, j - 1))
            line.append(least)
        best.append(line)
    stubs: list[Stub] = []
    loose: list[Text] = []
    i, j = n, m
    while i > 0:
        _, k, before = best[i][j]
        if k < i and before < j:
            stubs.append(Stub(list(texts[k:i]), column, [j - 1]))
        elif k < i:
            loose.append(texts[k])
        i, j = k, before
    return stubs[::-1], loose[::-1]


def _break_cost(upper: Text, lower: Text, levels: Sequence[Ruling]) -> float:
    """Cost in ems of taking two lines for one label."""
    if _level_between(upper, lower, levels):
        return _NEVER
    cost = 6.0 if _NUMBER.match(lower.text) else 0.0
    return cost + max(0.0, (lower.base - upper.base) / lower.size - 1.6) * 3.0


def _distance(block: Sequence[Text], anchor: tuple[float, float]) -> float:
    """How far, in ems, a label stands from where its row's values say: around them, or beginning at their height."""
    base, size = anchor
    middle = (block[0].base + block[-1].base) / 2
    return min(abs(middle - base), abs(block[0].base - base) + 0.1 * size) / size


def _group_rows(group: Stub, leaves: Sequence[Stub], anchors: Sequence[tuple[float, float]]) -> list[int]:
    """The rows a group stands for: the run of items beside its middle; a vertical one: all rows of inner labels."""
    inner = sorted((leaf for leaf in leaves if leaf.column > group.column), key=lambda leaf: leaf.rows[0])
    vertical = len(group.pieces) > 3 and all(len(piece.text) == 1 for piece in group.pieces)
    runs: list[list[Stub]] = []
    for leaf in inner:
        follows = bool(runs) and leaf.rows[0] == runs[-1][-1].rows[0] + 1
        begins = not vertical and (_FIRST.match(leaf.text) or not _ITEM.match(leaf.text))
        if not follows or begins:
            runs.append([])
        runs[-1].append(leaf)
    for run in runs:
        top = min(run[0].pieces[0].base, anchors[run[0].rows[0]][0])
        bottom = max(run[-1].pieces[-1].base, anchors[run[-1].rows[0]][0])
        if top - group.pieces[0].size <= group.middle <= bottom + group.pieces[0].size:
            return list(range(run[0].rows[0], run[-1].rows[0] + 1))
    return []
