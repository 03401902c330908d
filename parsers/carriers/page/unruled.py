"""Tables without drawn lines: found among a page's lines, and cut into heads and bodies.

A line with values (numbers or marks beside other texts) is the anchor of a row; values that stand below each other make
a column; what stands left of them is labels (parsers.carriers.page.stubs). What the print does not tell, such as how far a
head reaches over several columns, is not made up: such texts come as rows of their own above the columns' heads.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from parsers.carriers.page.cuts import begins
from parsers.carriers.page.glyphs import Ruling
from parsers.carriers.page.heads import Texts, head_cells, heads_part, under_heads, zones_of
from parsers.carriers.page.lattice import GridCell, Lattice
from parsers.carriers.page.layout import Line
from parsers.carriers.page.open_values import usual_spans, value_cells
from parsers.carriers.page.stubs import Stub, place_stubs
from parsers.carriers.page.texts import (
    UNIT,
    Interval,
    Text,
    address_of,
    around,
    columns_of,
    is_short,
    split_head,
    split_line,
    value_columns,
    with_notes,
)

_HEADING = re.compile(r"[一二三四五六七八九十]{1,3}、")
_SENTENCE = re.compile(r"[。；;：:]$|^注[：:]")
_WIDE = 0.62  # share of the text's width from which a lone text is prose
MAX_LINES = 300  # of one region: no official table has as many, and what follows is read as a piece of its own
_BRACKETED = re.compile("[（(][一二三四五六七八九十][）)]")  # two of them are the labels of two rows run together


def part_tables(lines: Sequence[Line], levels: Mapping[int, Sequence[Ruling]]) -> Iterator[Lattice | list[Line]]:
    """The lines in order, parted into unruled tables and runs of other lines.

    ``lines`` may run over pages: they are read as one long page, so that a table goes on below a page break. ``levels``
    are the horizontal lines of each page: where a table has them, they part its rows.
    """
    if not lines:
        return
    shifts = _shifts(lines)
    split = [split_line(line.glyphs, line.page, shifts[line.page]) for line in lines]
    long_levels = [Ruling(level.at + shift, level.start, level.end) for page, shift in shifts.items() for level in levels.get(page, ())]
    rest: list[Line] = []
    for first, last, may_be_table in _regions(lines, split):
        parts = _read_region(lines[first:last], shifts, long_levels) if may_be_table else [lines[first:last]]
        for part in parts:
            if not isinstance(part, Lattice):
                rest.extend(part)
                continue
            if rest:
                yield rest
                rest = []
            yield part
    if rest:
        yield rest


def _shifts(lines: Sequence[Line]) -> dict[int, float]:
    """For each page what to add to its heights so that its first line follows the last one of the page before."""
    shifts: dict[int, float] = {}
    bottom: float | None = None
    for line in lines:
        if line.page not in shifts:
            shifts[line.page] = 0.0 if bottom is None else bottom + 0.7 * line.size - line.box.top
        bottom = line.box.bottom + shifts[line.page]
    return shifts


def _regions(lines: Sequence[Line], split: Sequence[Texts]) -> Iterator[tuple[int, int, bool]]:
    """Runs of lines between prose, as first and one past last; the third item says whether one can hold a table."""
    width = max(line.box.x1 for line in lines) - min(line.box.x0 for line in lines)
    anchors = [texts for texts in split if is_anchor(texts)]
    values = sorted((text for texts in anchors for text in texts if text.is_value), key=lambda text: text.base)
    bases = [value.base for value in values]
    start = 0
    for i, (line, texts) in enumerate(zip(lines, split, strict=True)):
        if start < i and i - start >= MAX_LINES:
            yield start, i, any(is_anchor(texts) for texts in split[start:i])
            start = i
        reach = 1.35 * texts[0].size
        near = values[bisect_left(bases, texts[0].base - reach) : bisect_right(bases, texts[0].base + reach)]
        if not anchors or _is_prose(line, texts, width, near):
            if start < i:
                yield start, i, any(is_anchor(texts) for texts in split[start:i])
            yield i, i + 1, False
            start = i + 1
    if start < len(lines):
        yield start, len(lines), any(is_anchor(texts) for texts in split[start:])


def is_anchor(texts: Sequence[Text]) -> bool:
    """Whether the texts of a line can be a row of a table: several, a value among them."""
    return len(texts) > 1 and any(text.is_value for text in texts)


def _is_prose(line: Line, texts: Texts, width: float, near: Texts) -> bool:
    """Whether a line is no part of a table; ``near`` are the values at its height."""
    if len(texts) != 1 or texts[0].is_value:
        return False
    # A label that runs over several lines has its values beside one of them, or between two.
    text = texts[0]
    if any(value.box.x0 >= text.box.x1 - 1 for value in near):
        return False
    wide = line.box.x1 - line.box.x0 > _WIDE * width
    return wide or bool(_SENTENCE.search(line.text)) or (bool(_HEADING.match(line.text)) and len(line.text) > 5)


def _read_region(lines: Sequence[Line], shifts: Mapping[int, float], levels: Sequence[Ruling]) -> list[Lattice | Sequence[Line]]:
    """The tables of a region, and the lines whose values make no columns (prose with numbers, columns that run together)."""
    split = _with_units(with_notes([split_line(line.glyphs) for line in lines]))
    columns = columns_of(text for texts in split if is_anchor(texts) for text in texts if text.is_value)
    split = _with_units(with_notes([_split(line, shifts[line.page], columns) for line in lines]))
    anchors = [texts for texts in split if is_anchor(texts)]
    start = _value_start(anchors)
    if start is None or not _stands_in_columns(split, anchors):
        return [lines]
    levels = [level for level in levels if split[0][0].box.top < level.at < split[-1][0].box.bottom]
    edges = sorted(max((text.box.x1 for text in texts if not text.is_value), default=0.0) for texts in anchors)
    label_edge = edges[int(0.9 * (len(edges) - 1))]
    blocks: list[tuple[list[Texts], list[Texts]]] = [([], [])]
    printed: list[list[Line]] = [[]]
    for line, texts in zip(lines, split, strict=True):
        has_value = any(text.is_value and text.box.x1 > start for text in texts)
        is_head = not has_value and any(text.box.x1 > start + 1 or text.box.x0 > label_edge for text in texts)
        head, body = blocks[-1]
        if not has_value and any(_same(texts, other) for other in head):
            printed[-1].append(line)
            continue  # the head printed again after a page break
        if is_head and head and body and not any(text.is_value for texts in body for text in texts):
            head.extend(body)  # the corner's lines stand between those of the heads
            body.clear()
        if is_head and body:
            head, body = [], []
            blocks.append((head, body))
            printed.append([])
        printed[-1].append(line)
        in_corner = bool(head) and not body and not has_value and texts[0].base - head[-1][0].base < texts[0].size
        (head if is_head or in_corner else body).append(texts)
    return [_read_block(head, body, start, levels) or own for (head, body), own in zip(blocks, printed, strict=True)]


def _split(line: Line, shift: float, columns: Sequence[Interval]) -> list[Text]:
    texts = split_line(line.glyphs, line.page, shift, columns)
    return texts if any(text.is_value for text in texts) else split_head(line.glyphs, line.page, shift, columns)


def _same(texts: Texts, others: Texts) -> bool:
    return texts[0].page != others[0].page and [t.text for t in texts] == [t.text for t in others]


def _with_units(split: Sequence[Texts]) -> list[Texts]:
    """The lines with the texts of unit columns (件, 万元) counted as values: short, below each other, in most rows."""
    anchors = [texts for texts in split if is_anchor(texts)]
    short = [text for texts in anchors for text in texts[1:] if is_short(text)]
    units = [
        (x0, x1)
        for x0, x1 in columns_of(short)
        if sum(any(is_short(t) and t.overlaps(x0, x1) for t in texts[1:]) for texts in anchors) > 0.6 * len(anchors)
    ]
    return [
        [
            replace(text, is_value=True)
            if i and len(text.text) <= UNIT and any(_is_within(text, *unit) for unit in units) and (is_anchor(texts) or len(texts) == 2)
            else text
            for i, text in enumerate(texts)
        ]
        for texts in split
    ]


def _value_start(anchors: Sequence[Texts]) -> float | None:
    """Where the value columns begin: the first column of values that stands right of most labels."""
    if not anchors:
        return None
    edges = sorted(max((text.box.x1 for text in texts if not text.is_value), default=0.0) for texts in anchors)
    middle = edges[len(edges) // 2]
    for x0, x1 in value_columns(text for texts in anchors for text in texts if text.is_value):
        support = sum(any(text.is_value and text.overlaps(x0, x1) for text in texts) for texts in anchors)
        if x0 >= middle - 1 and support >= 0.3 * len(anchors):
            return x0 - 1
    return None


def _stands_in_columns(split: Sequence[Texts], anchors: Sequence[Texts]) -> bool:
    """A table has values below each other, or values under heads."""
    values = [text for texts in anchors for text in texts if text.is_value]
    if any(sum(text.is_value for text in texts) >= 5 for texts in anchors):
        return True
    below = sum(any(other is not value and other.overlaps(*value.span) for other in values) for value in values)
    heads = [text for texts in split if not is_anchor(texts) and len(texts) > 1 for text in texts]
    under = sum(any(head.overlaps(*value.span) for head in heads) for value in values)
    return max(below, under) >= 0.7 * len(values) and (len(anchors) > 1 or under > 0)


def _read_block(head: list[Texts], body: list[Texts], start: float, levels: Sequence[Ruling]) -> Lattice | None:
    """One head and the rows below it as cells; None where it has no rows, or where its heads do not tell its columns apart."""
    rows = [texts for texts in body if any(text.is_value and text.box.x1 > start for text in texts)]
    values = [text for texts in rows for text in texts if text.is_value and text.box.x1 > start]
    if not values:
        return None
    left = min(text.box.x0 for text in values)
    labels = [[text for text in texts if text.box.x1 <= left + 1] for texts in body]
    columns = under_heads(head, values, [text for texts in labels for text in texts]) or _as_headed(value_columns(values), head, values)
    if not heads_part(head, columns, values) or (not head and _may_be_one(columns, values)):
        return None
    inside = [text for texts in _right_of(body, left) for text in texts]
    heads = [text for texts in head for text in texts]
    widths = [max((t.box.x1 - t.box.x0 for t in heads if _is_within(t, *column)), default=0.0) for column in columns]
    label_columns, stubs, bands = place_stubs(labels, inside, columns, widths, levels)
    n_labels = len(label_columns)
    cells = head_cells(head, columns, values, n_labels)
    first = 1 + max((cell.row for cell in cells), default=-1)
    cells.extend(_stub_cells(stubs, n_labels, len(bands), first))
    unclear = {row for stub in stubs if len(_BRACKETED.findall(stub.text)) > 1 for row in stub.rows}
    usual = usual_spans(inside, columns)
    for number, band in enumerate(bands):
        row = value_cells(band.values, band.label, columns, usual, sure=band.sure and number not in unclear)
        cells.extend(GridCell(first + number, n_labels + i, 1, 1, *cell) for i, cell in enumerate(row))
    everything = [text for texts in (*head, *body) for text in texts]
    edges = (*(x0 for x0, _ in label_columns), *(x0 for x0, _ in columns), columns[-1][1])
    cells.sort(key=lambda cell: (cell.row, cell.col))
    return Lattice(around(everything), edges, first + len(bands), tuple(cells))


def _as_headed(columns: Sequence[Interval], head: Sequence[Texts], values: Texts) -> list[Interval]:
    """The columns widened to the middle between neighbours; one without a head, or with marks alone, is that of its neighbour where they
    share no row.

    So numbers set left under a head, and marks set under its middle, are one column.
    """
    heads = [text for texts in head for text in texts]
    found: list[Interval] = []
    for column in columns:
        left = found[-1] if found else column
        mine, yours = ([text for text in heads if text.overlaps(*each)] for each in (left, column))
        numbered = [any(x0 <= v.middle <= x1 and any(map(str.isdigit, v.text)) for v in values) for x0, x1 in (left, column)]
        may_be_one = bool(mine) is not bool(yours) or (mine == yours and not all(numbered))
        if found and may_be_one and not _share_a_row(left, column, values):
            found[-1] = (left[0], column[1])
        else:
            found.append(column)
    return zones_of(found)


def _share_a_row(left: Interval, right: Interval, values: Texts) -> bool:
    """Whether some row has a value in either column. What reaches over both, or ends a bracket, tells nothing."""
    beside = [(value.overlaps(*left), value.overlaps(*right), round(value.base)) for value in values if begins(value)]
    return not {base for is_left, is_right, base in beside if is_left and not is_right}.isdisjoint(
        base for is_left, is_right, base in beside if is_right and not is_left
    )


def _may_be_one(columns: Sequence[Interval], values: Texts) -> bool:
    """Whether two neighbouring columns never have values in one row: without a head nothing tells that they are two."""
    rows = [{round(value.base) for value in values if value.overlaps(*column)} for column in columns]
    return any(not left & right for left, right in pairwise(rows))


def _is_within(text: Text, x0: float, x1: float) -> bool:
    return x0 - 1 <= text.box.x0 and text.box.x1 <= x1 + 1


def _right_of(rows: Sequence[Texts], left: float) -> list[Texts]:
    return [[text for text in texts if text.box.x1 > left + 1] for texts in rows]


def _stub_cells(stubs: Iterable[Stub], n_columns: int, n_rows: int, first: int) -> list[GridCell]:
    """Labels as cells, and blank cells where no label reaches. A label ends where the next one in its rows begins."""
    stubs = list(stubs)
    begins = {(row, stub.column) for stub in stubs for row in stub.rows}
    cells: list[GridCell] = []
    taken: set[tuple[int, int]] = set()
    for stub in stubs:
        end = stub.column + 1
        while end < n_columns and not any((row, end) in begins for row in stub.rows):
            end += 1
        slots = {(row, column) for row in stub.rows for column in range(stub.column, end)}
        if taken & slots:
            continue
        taken |= slots
        place = first + stub.rows[0], stub.column, len(stub.rows), end - stub.column
        cells.append(GridCell(*place, stub.text, address_of(stub.pieces)))
    free = ((row, column) for row in range(n_rows) for column in range(n_columns) if (row, column) not in taken)
    cells.extend(GridCell(first + row, column, 1, 1) for row, column in free)
    return cells
