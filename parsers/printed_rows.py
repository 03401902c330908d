"""Table 三 in a text that keeps no bars between cells: which printed lines, and pieces of lines, make a row of the form.

Such text (a page of a PDF written line by line) prints a number that wrapped in a narrow cell as two, on two lines. A label says
where its row begins; the values on the lines between two labels may go on with those of the row above or below. They are joined where
the form's sums hold for one such reading and no other; else those cells keep all that may be theirs, parted by OPEN, and are unreadable.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from itertools import combinations, groupby, islice, pairwise, product
from math import prod
from typing import NamedTuple

from parsers.carriers.open_values import OPEN
from parsers.document import Block, Document, Table, TableCell
from parsers.forms import Row, load_forms
from parsers.identities import arithmetic, judge
from parsers.labels import label_key
from parsers.printed_lines import Columns, PrintedLine, lines_of
from parsers.recognised import PROVED
from parsers.values import Value, read_value

_ENOUGH = 0.6  # share of the form's rows whose labels must be found
_ITEM = re.compile(r"\d{1,2}[.．、]")
_MAX_READINGS = 256
_MAX_STEPS = 5_000
_HEAD_LINES = 8
_MAX_STACKED = 4  # rows
_MAX_OPTIONS = 200  # of one row

Cells = tuple[str, ...]


class _Place(NamedTuple):
    """A row of the form and the line (by its place in the text) where its label begins."""

    row: int
    line: int


class _FormRows(NamedTuple):
    form_id: str
    collapsed: tuple[str, ...]
    rows: tuple[Row, ...]
    keys: tuple[tuple[str, ...], ...]
    heads: tuple[str, ...]
    applicants: tuple[str | None, ...]


def with_whole_rows(document: Document, text: str) -> Document:
    """The document with each copy of table 三 that stands in its lines as a table of whole rows. Pure; never raises."""
    if any(isinstance(block, Table) for block in document.blocks):
        return document
    lines = lines_of(text)
    blocks: list[Block] = list(document.blocks)
    after = 0
    while (found := _find(lines, after)) is not None:
        kept = _without_heads(lines, found[1][0].line)
        if len(kept) < len(lines):
            lines, found = kept, _find(kept, after) or found
        form, places, end = found
        table = _table(form, places, lines[: end + 1])
        first, last = lines[places[0].line].number, lines[end].number
        numbers = [_number(block) for block in blocks]
        at = next((i for i, number in enumerate(numbers) if number >= first), len(blocks))
        kept = [block for block, number in zip(blocks, numbers, strict=True) if not first <= number <= last]
        blocks = [*kept[:at], table, *kept[at:]]
        after = end + 1
    return replace(document, blocks=tuple(blocks)) if after else document


def _without_heads(lines: Sequence[PrintedLine], first: int) -> list[PrintedLine]:
    """The lines without those that print the head above line ``first`` again, as on a new page."""
    head = {line.said for line in lines[max(0, first - _HEAD_LINES) : first] if not line.values}
    return [line for at, line in enumerate(lines) if at < first or line.values or line.said not in head]


def _number(block: Block) -> int:
    return int(block.locator.split("[")[1].split("]")[0].split("-")[0])


# ------------------------------------------------------------------ where the rows begin


@cache
def _forms() -> tuple[_FormRows, ...]:
    found = []
    for form in load_forms().values():
        table = form.table("applications")
        if table is None:
            continue
        block = table.blocks[0]
        heads = tuple(column.labels[0] for column in block.columns)
        applicants = tuple(column.applicant for column in block.columns)
        for collapsed in ((), *((row,) for row in block.collapsed)):
            rows: list[Row] = []
            for row in block.rows:
                rows.extend(c for c in collapsed if c.replaces[0] == row.indicators[0])
                if not any(row.indicators[0] in c.replaces for c in collapsed):
                    rows.append(row)
            keys = tuple(tuple(label_key(label) for label in row.labels) for row in rows)
            found.append(_FormRows(form.id, tuple(c.indicators[0] for c in collapsed), tuple(rows), keys, heads, applicants))
    return tuple(found)


def _find(lines: Sequence[PrintedLine], after: int) -> tuple[_FormRows, list[_Place], int] | None:
    """The first copy of the table behind a line: its form, the places of its rows, and its last line."""
    best: tuple[int, _FormRows, list[_Place]] | None = None
    for form in _forms():
        places = _places(form, lines, after)
        worth = 2 * len(places) - len(form.rows)
        if len(places) >= _ENOUGH * len(form.rows) and (best is None or worth > best[0]):
            best = worth, form, places
    if best is None:
        return None
    _, form, places = best
    end = places[-1].line
    if places[-1].row == len(form.rows) - 1:
        while end + 1 < len(lines) and lines[end + 1].is_values:
            end += 1
    return form, places, end


def _places(form: _FormRows, lines: Sequence[PrintedLine], after: int) -> list[_Place]:
    """The longest run of labels in the form's order; a label that is printed twice counts where the run ends first."""
    best: list[tuple[int, tuple[_Place, ...]]] = [(0, ())] * (len(form.rows) + 1)  # by the number of rows passed
    complete = False
    for at in range(after, len(lines)):
        # The last row first: one line is the place of one row.
        for row, worth in sorted(_rows_named(form, [piece.text for piece in lines[at].labels]), reverse=True):
            before = best[row]
            if worth + before[0] > best[row + 1][0]:
                for i in range(row + 1, len(best)):
                    if worth + before[0] > best[i][0]:
                        best[i] = (worth + before[0], (*before[1], _Place(row, at)))
                complete = complete or len(before[1]) + 1 == len(form.rows)
        if complete and lines[at].labels and not any(place.line == at for place in best[-1][1]) and at > best[-1][1][-1].line:
            break
    return list(best[-1][1])


def _rows_named(form: _FormRows, labels: Sequence[str]) -> Iterator[tuple[int, int]]:
    for label in labels:
        key = label_key(label)
        if len(key) < (1 if _ITEM.match(label) else 2):
            continue
        for row, keys in enumerate(form.keys):
            if any(known == key or (known.startswith(key) and (len(key) > 2 or len(known) > 4)) for known in keys):
                yield row, len(key)


# ------------------------------------------------------------------ what stands in them


def _table(form: _FormRows, places: Sequence[_Place], lines: Sequence[PrintedLine]) -> Table:
    """One copy of the table: a row for each label found."""
    width = 7
    first = places[0].line
    while first and lines[first - 1].values:
        first -= 1
    columns = Columns(lines[first:], width)
    lines = [columns.cut(line) if at >= first else line for at, line in enumerate(lines)]
    stretches = [_Stretch(place, i, places, lines, columns, first) for i, place in enumerate(places)]
    for one, other in pairwise(stretches):
        one.after_next = other.gap
        one.beside_empty |= not other.own.values
        other.beside_empty |= not one.own.values
    cells = _settled(form, stretches) if len(places) == len(form.rows) else [stretch.open_cells() for stretch in stretches]
    rows = tuple(
        (TableCell(_label(form, place, lines, places, i)), *map(TableCell, row))
        for i, (place, row) in enumerate(zip(places, cells, strict=True))
    )
    addresses = tuple(
        (f"line[{lines[s.place.line].number}]", *(f"{s.address()}/cell[{c}]" for c in range(1, width + 1))) for s in stretches
    )
    locator = f"line[{lines[places[0].line].number}]"
    head = tuple(TableCell(label) for label in ("", *form.heads))
    return Table(locator, (head, *rows), ((locator,) * len(head), *addresses), spans_known=False)


def _label(form: _FormRows, place: _Place, lines: Sequence[PrintedLine], places: Sequence[_Place], i: int) -> str:
    """The label of a row, as far as it is printed on its own and the following lines."""
    keys = form.keys[place.row]
    end = places[i + 1].line if i + 1 < len(places) else len(lines)
    said = ""
    for line in lines[place.line : end]:
        for part in (piece.text for piece in line.labels):
            if any(known.startswith(label_key(said + part)) for known in keys):
                said += part
    return said


class _Stretch:
    """The lines from one row's label to the next one's."""

    def __init__(
        self, place: _Place, i: int, places: Sequence[_Place], lines: Sequence[PrintedLine], columns: Columns, first: int
    ) -> None:
        self.place = place
        self.columns = columns
        self.beside_empty = False
        self._options: dict[tuple[int, int], list[Cells]] = {}
        self.after_next: Sequence[PrintedLine] = ()
        start = place.line
        end = places[i + 1].line if i + 1 < len(places) else len(lines)
        self.own = lines[start]
        self.gap = [line for line in lines[start + 1 : end] if line.values]
        before = places[i - 1].line + 1 if i else first
        self.above = [line for line in lines[before:start] if line.values]

    @property
    def is_certain(self) -> bool:
        """Whether all its values stand beside its label, and nothing else near."""
        if not self.columns.kept:
            lines = [line for line in (self.own, *self.gap) if line.values]
            placed = self.columns.place(lines[0]) if len(lines) == 1 else None
            return placed is not None and (not self.columns.is_torn or _adds_up(tuple(placed.values())))
        placed = self.columns.place(self.own)
        near = self.gap or self.above or self.beside_empty or (self.after_next and placed and len(placed) < self.columns.width)
        return not near and bool(placed)

    def options(self, from_above: int, from_gap: int) -> list[Cells]:
        """What its cells may be, with the last lines of the stretch above and the first ones of its own gap, as far as they add up."""
        key = from_above, from_gap
        if key not in self._options and self.is_certain:
            self._options[key] = [self.open_cells()]
        if key not in self._options:
            own = [self.own] if self.own.values else []
            parts = [*self.above[len(self.above) - from_above :], *own, *self.gap[:from_gap]]
            found = _below(parts, self.columns) if self.columns.kept else _joined(parts, self.columns.width)
            self._options[key] = [cells for cells in found if _adds_up(cells)]
        return self._options[key]

    def open_cells(self) -> Cells:
        """Its cells where they are certain; else each of them is all that may be theirs."""
        width = self.columns.width
        others = [*self.above, *self.gap] if self.columns.kept else self.gap
        lines = [*([self.own] if self.own.values else []), *others]
        if self.is_certain:
            placed = self.columns.place(lines[0]) or {}
            return tuple(placed.get(column, "") for column in range(width))
        said = OPEN.join(value.text for line in lines for value in line.values)
        return (said + OPEN.rstrip(),) * width

    def address(self) -> str:
        """The lines its values stand on."""
        numbers = [self.own.number, *(line.number for line in self.gap)]
        return f"line[{numbers[0]}]"


def _below(lines: Sequence[PrintedLine], columns: Columns) -> list[Cells]:
    """The ways to make a row's cells of what stands below each other."""
    found: list[list[str]] = [[""] * columns.width]
    for line in lines:
        longer: list[list[str]] = []
        for cells, way in product(found, columns.ways(line)):
            if all(not cells[column] or _may_join(cells[column], text) for column, text in way.items()):
                longer.append([_join(text, way.get(column, "")) for column, text in enumerate(cells)])
        found = longer
        if len(found) > _MAX_OPTIONS:
            return []
    return [tuple(cells) for cells in found]


def _may_join(text: str, more: str) -> bool:
    """Whether two pieces can be one number: none begins with 0 (but 0.5), and a mark is none."""
    return text != "0" and read_value(_join(text, more)).status == "reported" and read_value(text).status != "mark"


def _join(text: str, more: str) -> str:
    """Two pieces as one; a unit may be printed on a line above its number."""
    return more + text if text == "件" else text + more


def _joined(lines: Sequence[PrintedLine], width: int) -> list[Cells]:
    """The ways to make a row's cells of pieces in order, the last one of a line and the first one of the next being one or two."""
    pieces = [value.text for line in lines for value in line.values]
    seams: list[int] = []
    at = 0
    for line in lines[:-1]:
        at += len(line.values)
        seams.append(at)
    surplus = len(pieces) - width
    if surplus < 0:
        return []
    found: list[Cells] = []
    for joined in islice(combinations(seams, surplus), _MAX_OPTIONS + 1):
        cells: list[str] = []
        for i, piece in enumerate(pieces):
            if i in joined:
                if not _may_join(cells[-1], piece):
                    break
                cells[-1] = _join(cells[-1], piece)
            else:
                cells.append(piece)
        else:
            found.append(tuple(cells))
    return found if len(found) <= _MAX_OPTIONS else []


# ------------------------------------------------------------------ which reading the sums prove


def _settled(form: _FormRows, stretches: Sequence[_Stretch]) -> list[Cells]:
    """The cells of all rows: what is certain, what the sums of the table prove, or else the sum of the row; the rest is open."""
    runs = [list(run) for _, run in groupby(stretches, key=lambda stretch: stretch.is_certain)]
    readings: list[list[list[Cells]]] = []
    for run in runs:
        left = [_MAX_STEPS]
        found = list(islice(_readings(run, left), _MAX_READINGS + 1))
        readings.append(found if found and len(found) <= _MAX_READINGS and left[0] >= 0 else [])
    count = prod(map(len, readings))
    if 0 < count <= _MAX_READINGS:
        whole = [[cells for part in parts for cells in part] for parts in product(*readings)]
        if proved := [reading for reading in whole if _is_proved(form, stretches, reading)]:
            return [_agreed(rows) for rows in zip(*proved, strict=True)]
    settled: list[Cells] = []
    for run, found in zip(runs, readings, strict=True):
        agreed = [_agreed(rows) for rows in zip(*found, strict=True)] or [()] * len(run)
        settled.extend(
            cells if stretch.is_certain or (cells and read_value(cells[-1]).number) else stretch.open_cells()
            for stretch, cells in zip(run, agreed, strict=True)
        )
    return settled


def _is_proved(form: _FormRows, stretches: Sequence[_Stretch], reading: Sequence[Cells]) -> bool:
    """Whether every sum of the form holds."""
    arith = arithmetic(form.form_id, "applications", form.collapsed)
    names = {key: i for i, key in enumerate(arith.keys)}
    values: list[Value] = [Value("absent")] * len(arith.keys)
    for stretch, cells in zip(stretches, reading, strict=True):
        for applicant, indicator, text in zip(form.applicants, form.rows[stretch.place.row].indicators, cells, strict=True):
            values[names[indicator, applicant, None]] = read_value(text)
    return judge(arith, [value.number for value in values], [value.status for value in values]).verdict in PROVED


def _agreed(readings: Sequence[Cells]) -> Cells:
    """The cells of a row in which all its readings agree; the others are open."""
    said = (tuple(dict.fromkeys(texts)) for texts in zip(*readings, strict=True))
    return tuple(texts[0] if len(texts) == 1 else OPEN.join(texts) + OPEN.rstrip() for texts in said)


def _readings(stretches: Sequence[_Stretch], left: list[int], i: int = 0, above: int | None = None) -> Iterator[list[Cells]]:
    """The readings in which every row's own sum holds; ``above`` lines are left of the stretch above row ``i``, ``left`` says how many
    steps may still be taken.
    """
    if i == len(stretches):
        yield []
        return
    left[0] -= 1
    if left[0] < 0:
        return
    stretch = stretches[i]
    kept = stretch.columns.kept
    above = len(stretch.above) if above is None and kept else above or 0
    last = i + 1 == len(stretches) or not kept
    for taken in [len(stretch.gap)] if last else range(len(stretch.gap) + 1):
        options = stretch.options(above, taken)
        if options:
            for rest in _readings(stretches, left, i + 1, len(stretch.gap) - taken if kept else 0):
                yield from ([cells, *rest] for cells in options)
    if kept and not above:
        for n in range(2, _MAX_STACKED + 1):
            for stacked in _stacked(stretches[i : i + n], n):
                if all(map(_adds_up, stacked)):
                    for rest in _readings(stretches, left, i + n, 0):
                        yield [*stacked, *rest]


def _stacked(stretches: Sequence[_Stretch], n: int) -> Iterator[list[Cells]]:
    """The cells of rows whose labels are printed one after the other, and their values below: line by line, or column by column."""
    if len(stretches) < n or not stretches[-1].gap or any(stretch.gap for stretch in stretches[:-1]):
        return
    columns = stretches[0].columns
    own = [stretch.own for stretch in stretches]
    lines = [line for line in (*own, *stretches[-1].gap) if line.values]
    if len(lines) == n:
        for ways in product(*map(columns.ways, lines)):
            yield [tuple(way.get(column, "") for column in range(columns.width)) for way in ways]
    at_labels = [columns.place(line) for line in own]
    below = [columns.place(line) for line in stretches[-1].gap]
    if None in at_labels or None in below:
        return
    rows: list[list[str]] = [[] for _ in stretches]
    for column in range(columns.width):
        texts = [found[column] if found and column in found else None for found in at_labels]
        further = [found[column] for found in below if found and column in found]
        if texts.count(None) != len(further):
            return
        for row, text in zip(rows, texts, strict=True):
            row.append(further.pop(0) if text is None else text)
    yield [tuple(row) for row in rows]


def _adds_up(cells: Cells) -> bool:
    values = [read_value(text) for text in cells]
    if any(value.status == "unreadable" for value in values):
        return False
    total = values[-1].number
    return total is None or total == sum(value.number or 0 for value in values[:-1])
