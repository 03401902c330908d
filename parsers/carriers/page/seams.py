"""Columns of tables that are drawn without upright lines: seen where the pieces of level lines, or filled boxes, meet.

A browser or an office program draws the borders of a table cell by cell. Where only level borders are wanted (or only
shaded cells), the columns are still printed: as the places where one piece ends and the next begins. Which cells of a
row reach over several columns is told by the text that stands across such a place, or in the middle of several.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from parsers.carriers.page.glyphs import Box, Glyph, Ruling, baselines
from parsers.carriers.page.texts import Text, split_glyphs, text_of

_MEET = 3.0  # points: pieces nearer than this meet
_SAME = 2.0  # points: places nearer than this are one
_WIDE = 0.7  # share of a table's width that no text of a row fills
_LOWEST = 4.0  # points: two lines nearer than this are one double line
_NEXT_LINE = 2.5  # ems: a line farther from the one before is not in its row
_ONE_ROW = 60.0  # points: two rules farther from each other enclose more than a row
MAX_PIECES = 20_000


class _Rule(NamedTuple):
    """A level line over the whole width of the table: its height and the x where its pieces begin and end."""

    at: float
    places: tuple[float, ...]

    @property
    def start(self) -> float:
        return self.places[0]

    @property
    def end(self) -> float:
        return self.places[-1]


def seamed_tables(levels: Iterable[Ruling], fills: Iterable[Box], glyphs: Sequence[Glyph]) -> Iterator[tuple[list[Ruling], list[Ruling]]]:
    """Tables as level and upright lines, the upright ones supplied where pieces of ``levels`` or ``fills`` meet."""
    pieces = list(levels)
    for box in fills:
        pieces.append(Ruling(box.top, box.x0, box.x1))
        pieces.append(Ruling(box.bottom, box.x0, box.x1))
    if not 4 <= len(pieces) <= MAX_PIECES:
        return
    groups = [group for line in baselines(glyphs) for group in split_glyphs(line)]
    tables = list(_tables(_rules(pieces), groups))
    for number, rules in enumerate(tables):
        edges = _edges(rules)
        if len(edges) < 3:
            continue
        # Where a page break cuts a row, its lower or upper line is not drawn.
        above = _cut_row(groups, edges, rules[0], -1) if number == 0 else None
        below = _cut_row(groups, edges, rules[-1], 1) if number == len(tables) - 1 else None
        whole = [*([above] if above else []), *rules, *([below] if below else [])]
        few = 2 + (len(whole) == len(rules))
        if len(whole) < 2 or (len(whole) == 2 and (len(edges) <= few or whole[1].at - whole[0].at > _ONE_ROW)):
            continue
        texts = _texts(groups, edges, whole[0].at, whole[-1].at)
        if not _has_bare_rows(whole, edges, texts):
            level = [Ruling(rule.at, *span) for rule in whole for span in _unbroken(pieces, rule)]
            yield level, list(_stems(whole, edges, texts))


def _texts(groups: Iterable[list[Glyph]], edges: Sequence[float], top: float, bottom: float) -> list[Text]:
    inside = (group for group in groups if top < group[0].base - 0.3 * group[0].size < bottom)
    return [text_of(part) for group in inside for part in _cut(group, edges)]


def _cut_row(groups: Sequence[list[Glyph]], edges: Sequence[float], rule: _Rule, way: int) -> _Rule | None:
    """The far side of a row beyond the table's first or last rule, with ``way`` -1 above and 1 below it; None for no row."""
    lines = sorted((group for group in groups if (group[0].base - rule.at) * way > 0), key=lambda group: group[0].base * way)
    row: list[list[Glyph]] = []
    reach = rule.at
    for group in lines:
        if abs(group[0].base - reach) > _NEXT_LINE * group[0].size:
            break
        row.append(group)
        reach = group[0].base
    texts = [text_of(part) for group in row for part in _cut(group, edges)]
    values = [_column(edges, text.middle) for text in texts if text.is_value]
    fits = all(edges[0] - _SAME < text.box.x0 and text.box.x1 < edges[-1] + _SAME for text in texts)
    labelled = len(values) == 1 and any(text.box.x1 < edges[values[0]] + 1 for text in texts)
    if not fits or not (labelled or len(values) > 1) or len(set(values)) < len(values):
        return None
    size = row[-1][0].size
    return _Rule(reach + (0.4 if way > 0 else -1.1) * size, (edges[0], edges[-1]))


def _cut(glyphs: list[Glyph], edges: Sequence[float]) -> Iterator[list[Glyph]]:
    """A text cut at column edges, where texts of neighbouring cells nearly touch: the edges it crosses stand between glyphs."""
    parts: list[list[Glyph]] = [[glyphs[0]]]
    crossed: list[float] = []
    is_parted = True
    usual = median(right.x0 - left.x1 for left, right in pairwise(glyphs)) if len(glyphs) > 1 else 0.0
    for left, right in pairwise(glyphs):
        em = min(left.size, right.size)
        low, high = left.x1 - 0.12 * em, right.x0 + 0.12 * em
        at = next((edge for edge in edges if low <= edge <= high), None)
        if at is not None:
            crossed.append(at)
            is_parted &= right.x0 - left.x1 > usual + 0.15 * em
            parts.append([])
        parts[-1].append(right)
    within = sum(glyphs[0].x0 + 1 < edge < glyphs[-1].x1 - 1 for edge in edges)
    if (
        crossed
        and len(crossed) == within
        and (is_parted or any(text_of(part).is_value for part in parts) or (len(crossed) > 1 and _fill(parts, edges)))
    ):
        yield from parts
    else:
        yield glyphs  # a gap between two characters that stands on an edge by chance


def _fill(parts: Sequence[Sequence[Glyph]], edges: Sequence[float]) -> bool:
    """Whether each part fills its column, as texts that nearly touch do."""
    columns = [_column(edges, (part[0].x0 + part[-1].x1) / 2) for part in parts]
    widths = zip(parts, columns, strict=True)
    return all(part[-1].x1 - part[0].x0 > 0.78 * (edges[column + 1] - edges[column]) for part, column in widths)


def _has_bare_rows(rules: Sequence[_Rule], edges: Sequence[float], texts: Sequence[Text]) -> bool:
    """Whether values stand below each other with no rule between them, or beside each other with no place: no cells, then.

    A number too long for its cell goes on below, too; but it fills the cell's width.
    """
    above: dict[tuple[int, int], Text] = {}
    inside = [text for text in texts if edges[0] < text.middle < edges[-1] and rules[0].at < text.base < rules[-1].at]
    boxes = [_box_of(text, rules, edges) for text in inside]
    if _values_stand_under_heads(inside, boxes):
        return True
    for text, box in zip(inside, boxes, strict=True):
        if text.is_value:
            column = box[1]
            upper = above.get(box)
            if upper is not None and text.base - upper.base <= 0.6 * text.size:
                return True
            if upper is not None:
                width = upper.box.x1 - upper.box.x0
                if width < 0.6 * (edges[column + 1] - edges[column]) or text.box.x1 - text.box.x0 > width + 1:
                    return True
            above[box] = text
    return False


def _box_of(text: Text, rules: Sequence[_Rule], edges: Sequence[float]) -> tuple[int, int]:
    """The box that a text stands in: the last rule drawn above it, its column."""
    column = _column(edges, text.middle)
    middle = (edges[column] + edges[column + 1]) / 2
    y = text.base - 0.3 * text.size
    return max((i for i, rule in enumerate(rules) if rule.at <= y and rule.start <= middle <= rule.end), default=0), column


def _values_stand_under_heads(texts: Sequence[Text], boxes: Sequence[tuple[int, int]]) -> bool:
    """Whether several boxes side by side hold words and, all on one line, numbers below them."""
    words: set[tuple[int, int]] = set()
    under: Counter[tuple[int, int]] = Counter()
    for text, box in zip(texts, boxes, strict=True):  # top to bottom
        if not text.is_value:
            words.add(box)
        elif box in words:
            under[box[0], round(text.base)] += 1
    return max(under.values(), default=0) > 1


def _rules(pieces: list[Ruling]) -> list[_Rule]:
    """The pieces that stand at one height as rules, top to bottom; a wide gap in a rule ends it."""
    found: list[_Rule] = []
    band: list[Ruling] = []

    def close() -> None:
        run: list[Ruling] = []
        for piece in sorted(band, key=lambda piece: piece.start):
            if run and piece.start - max(other.end for other in run) > _MEET:
                found.append(_rule(run))
                run = []
            run.append(piece)
        if run:
            found.append(_rule(run))

    for piece in sorted(pieces):
        if band and piece.at - band[0].at > _LOWEST:
            close()
            band = []
        band.append(piece)
    close()
    return found


def _rule(run: list[Ruling]) -> _Rule:
    places = distinct(x for piece in run for x in (piece.start, piece.end))
    return _Rule(sum(piece.at for piece in run) / len(run), tuple(places))


def distinct(values: Iterable[float]) -> list[float]:
    """Sorted places, those nearer than 2 points as one."""
    kept: list[list[float]] = []
    for value in sorted(values):
        if kept and value - kept[-1][-1] <= _SAME:
            kept[-1].append(value)
        else:
            kept.append([value])
    return [sum(group) / len(group) for group in kept]


def _tables(rules: list[_Rule], lines: Sequence[list[Glyph]]) -> Iterator[list[_Rule]]:
    """Runs of rules that can be one table: their places agree, and no prose stands between them."""
    table: list[_Rule] = []
    for rule in rules:
        if rule.end - rule.start < 20:
            continue
        if table and (not _agree(whole := _whole(table), rule) or _prose_between(whole, rule, lines)):
            yield table
            table = []
        table.append(rule)
    if table:
        yield table


def _whole(rules: Sequence[_Rule]) -> _Rule:
    return _Rule(rules[-1].at, tuple(_edges(rules)))


def _edges(rules: Sequence[_Rule]) -> list[float]:
    return distinct(x for rule in rules for x in rule.places)


def _agree(rule: _Rule, other: _Rule) -> bool:
    """Whether one of the rules has all the places that the other has inside the width they share."""
    low, high = max(rule.start, other.start), min(rule.end, other.end)
    if high - low < 20:
        return False
    mine = [x for x in rule.places if low + _SAME < x < high - _SAME]
    yours = [x for x in other.places if low + _SAME < x < high - _SAME]
    return _within(mine, yours) or _within(yours, mine)


def _within(few: list[float], many: list[float]) -> bool:
    return all(any(abs(x - other) <= _SAME for other in many) for x in few)


def _prose_between(upper: _Rule, lower: _Rule, lines: Sequence[list[Glyph]]) -> bool:
    most = _WIDE * (max(upper.end, lower.end) - min(upper.start, lower.start))
    places = distinct((*upper.places, *lower.places))
    between = (line for line in lines if line[-1].x1 - line[0].x0 > most and upper.at < line[0].base - 0.3 * line[0].size < lower.at)
    return any(part[-1].x1 - part[0].x0 > most for line in between for part in _cut(line, places))


def _unbroken(pieces: Iterable[Ruling], rule: _Rule) -> Iterator[tuple[float, float]]:
    """The parts of a rule that are drawn."""
    near = (piece for piece in pieces if abs(piece.at - rule.at) <= _LOWEST)
    spans = sorted((piece.start, piece.end) for piece in near if rule.start - 1 <= piece.start and piece.end <= rule.end + 1)
    if not spans:  # the side of a row that a page break cut
        spans = [(rule.start, rule.end)]
    start, end = spans[0]
    for low, high in spans[1:]:
        if low - end > _MEET:
            yield start, end
            start = low
        end = max(end, high)
    yield start, end


class _Block(NamedTuple):
    """Boxes of one column below each other with no level line between them."""

    column: int
    first: int
    last: int  # row, inclusive


def _stems(rules: Sequence[_Rule], edges: Sequence[float], texts: Sequence[Text]) -> Iterator[Ruling]:
    """The upright lines between blocks that are two cells, and at the sides."""
    heights = [rule.at for rule in rules]
    blocks = _blocks(rules, edges)
    for row in range(len(heights) - 1):
        yield Ruling(edges[0], heights[row], heights[row + 1])
        yield Ruling(edges[-1], heights[row], heights[row + 1])
    for left, right in pairwise(range(len(edges) - 1)):
        for block in blocks[left]:
            twin = _Block(right, block.first, block.last) in blocks[right]
            if not twin:
                yield Ruling(edges[right], heights[block.first], heights[block.last + 1])
    for first, last in sorted({(block.first, block.last) for column in blocks for block in column}):
        columns = [c for c, column in enumerate(blocks) if _Block(c, first, last) in column]
        here = [text for text in texts if heights[first] < text.base - 0.3 * text.size < heights[last + 1]]
        spans = _spans(columns, edges, here)
        for column in columns:
            if column + 1 in columns and not any(low <= column < high for low, high in spans):
                yield Ruling(edges[column + 1], heights[first], heights[last + 1])


def _blocks(rules: Sequence[_Rule], edges: Sequence[float]) -> list[list[_Block]]:
    """For each column its blocks, top to bottom."""
    found: list[list[_Block]] = []
    for column, (low, high) in enumerate(pairwise(edges)):
        middle = (low + high) / 2
        cuts = [0, *(i for i, rule in enumerate(rules) if 0 < i < len(rules) - 1 and rule.start <= middle <= rule.end), len(rules) - 1]
        found.append([_Block(column, first, last - 1) for first, last in pairwise(cuts) if first < last])
    return found


def _spans(columns: Sequence[int], edges: Sequence[float], texts: Sequence[Text]) -> list[tuple[int, int]]:
    """The runs (first, last) of columns that are one cell: a text stands across them, or in their middle."""
    spans = []
    filled: dict[int, list[Text]] = {}
    for text in texts:
        low, high = _column(edges, text.box.x0 + 1), _column(edges, text.box.x1 - 1)
        if low < high:
            spans.append((low, high))
        for column in range(low, high + 1):
            filled.setdefault(column, []).append(text)
    values = [_column(edges, text.middle) for text in texts if text.is_value]
    end = min(values, default=len(edges))  # of the labels: a blank beside a value is a blank value
    for text in texts:
        low, high = _column(edges, text.box.x0 + 1), _column(edges, text.box.x1 - 1)
        if high >= end:
            continue
        before, after = low, high
        while before - 1 in columns and before - 1 not in filled:
            before -= 1
        while after + 1 in columns and after + 1 < end and after + 1 not in filled:
            after += 1
        fits = [
            (b - a, a, b)
            for a in range(before, low + 1)
            for b in range(high, after + 1)
            if abs((edges[a] + edges[b + 1]) / 2 - text.middle) <= _SAME
        ]
        if fits:
            spans.append(max(fits)[1:])  # a head is not blank: the blanks beside it are its own
    return spans


def _column(edges: Sequence[float], x: float) -> int:
    return min(max(bisect_right(edges, x) - 1, 0), len(edges) - 2)
