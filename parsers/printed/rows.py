"""Table 三 in a text that keeps no bars between cells: which printed lines, and pieces of lines, make a row of the form.

Such text (a page of a PDF written line by line) prints a number that wrapped in a narrow cell as two, on two lines. A label says
where its row begins; the values on the lines between two labels may go on with those of the row above or below. They are joined where
the form's sums hold for one such reading and no other; else those cells keep all that may be theirs, parted by OPEN, and are unreadable.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations, groupby, islice, pairwise, product
from math import prod

from parsers.document import Block, Document, Table, TableCell, cell_addresses, open_text
from parsers.printed.cells import MAX_OPTIONS, Cells, TooManyWaysError, adds_up, agreed, below, joined
from parsers.printed.disputes import MAX_COPIES, in_place, with_whole_disputes
from parsers.printed.labels import FormRows, Place, find_rows
from parsers.printed.lines import Columns, PrintedLine, lines_of
from parsers.printed.proactive import with_whole_proactive
from parsers.printed.statistics import with_whole_statistics
from parsers.proof.identities import arithmetic, judge
from parsers.proof.recognised import PROVED
from parsers.values import Value, read_value

_MAX_READINGS = 256
_MAX_STEPS = 5_000
_HEAD_LINES = 8
_MAX_STACKED = 4  # rows


def with_whole_rows(document: Document, text: str) -> Document:
    """The document with each copy of table 三 that stands in its lines as a table of whole rows. Pure; never raises."""
    if any(isinstance(block, Table) for block in document.blocks):
        return document
    lines = lines_of(text)
    blocks: list[Block] = list(document.blocks)
    after = 0
    for _ in range(MAX_COPIES):
        found = find_rows(lines, after)
        if found is None:
            break
        if len(once := _without_heads(lines, found[1][0].line)) < len(lines):
            lines, found = once, find_rows(once, after) or found
        form, places, end = found
        table = _table(form, places, lines[: end + 1])
        blocks = in_place(blocks, table, lines[places[0].line].number, lines[end].number)
        after = end + 1
    blocks = with_whole_proactive(blocks, lines)
    if not any(isinstance(block, Table) for block in blocks):  # no line is a row of two tables
        blocks = with_whole_statistics(blocks, lines)
    return replace(document, blocks=tuple(with_whole_disputes(blocks, lines)))


def _without_heads(lines: Sequence[PrintedLine], first: int) -> list[PrintedLine]:
    """The lines without those that print the head above line ``first`` again, as on a new page."""
    head = {line.said for line in lines[max(0, first - _HEAD_LINES) : first] if not line.values}
    return [line for at, line in enumerate(lines) if at < first or line.values or line.said not in head]


# ------------------------------------------------------------------ what stands in them


def _table(form: FormRows, places: Sequence[Place], lines: Sequence[PrintedLine]) -> Table:
    """One copy of the table: a row for each label found."""
    width = len(form.heads)
    first = places[0].line
    while first and lines[first - 1].values:
        first -= 1
    columns = Columns(lines[first:], width)
    lines = [columns.cut(line) if at >= first else line for at, line in enumerate(lines)]
    if lead := _lead(lines, places, width):
        lines, places = _turned(lines, places, lead)
        columns = Columns(lines[lead:], width)
    stretches = [_Stretch(place, i, places, lines, columns, first) for i, place in enumerate(places)]
    for one, other in pairwise(stretches):
        one.after_next = other.gap
        one.beside_empty |= not other.own.values
        other.beside_empty |= not one.own.values
    cells = _settled(form, stretches) if len(places) == len(form.rows) else [stretch.open_cells() for stretch in stretches]
    rows = tuple(
        (TableCell(form.rows[place.row].labels[0]), *map(TableCell, row)) for place, row in zip(places, cells, strict=True)
    )
    addresses = tuple(
        (f"line[{lines[s.place.line].number}]", *cell_addresses(s.address(), width)) for s in stretches
    )
    locator = f"line[{lines[places[0].line].number}]"
    head = tuple(TableCell(label) for label in ("", *form.heads))
    return Table(locator, (head, *rows), ((locator,) * len(head), *addresses), spans_known=False)


def _lead(lines: Sequence[PrintedLine], places: Sequence[Place], width: int) -> int:
    """The line of values above the first label, where each row's values stand above its label: none stand beside labels, or below the
    last; else 0.
    """
    above = places[0].line - 1
    if above < 0 or not lines[above].is_values or len(lines[above].values) != width:
        return 0
    is_first = all(not line.values or line.is_values for line in lines[above:])
    return above if is_first and not any(line.values for line in lines[places[-1].line :]) else 0


def _turned(lines: Sequence[PrintedLine], places: Sequence[Place], lead: int) -> tuple[list[PrintedLine], list[Place]]:
    """The lines with the values of each row behind its label, and where the labels stand then."""
    found, moved = list(lines[:lead]), []
    begin = lead
    for place, end in zip(places, (*(other.line for other in places[1:]), len(lines)), strict=True):
        own = [line for line in lines[begin : place.line] if line.values]
        moved.append(place._replace(line=len(found)))
        rest = [line for line in lines[place.line : end] if not line.values]
        found += [*rest, *own]
        begin = place.line
    return found, moved


class _Stretch:
    """The lines from one row's label to the next one's."""

    def __init__(self, place: Place, i: int, places: Sequence[Place], lines: Sequence[PrintedLine], columns: Columns, first: int) -> None:
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
            return placed is not None and (not self.columns.is_torn or adds_up(tuple(placed.values())))
        placed = self.columns.place(self.own)
        if placed and len(placed) == self.columns.width and self.columns.is_torn and not adds_up(tuple(placed.values())):
            return not self.gap and not self.above and self.columns.is_aligned(self.own, adds_up)
        near = self.gap or self.above or self.beside_empty or (self.after_next and placed and len(placed) < self.columns.width)
        return not near and bool(placed)

    @property
    def lines(self) -> list[PrintedLine]:
        """The lines that may hold its values."""
        return [line for line in (*(self.above if self.columns.kept else ()), self.own, *self.gap) if line.values]

    @property
    def in_columns(self) -> bool:
        """Whether it is certain in which columns its values stand, and those near."""
        return all(map(self.columns.place, self.lines)) or not self.columns.kept

    def options(self, from_above: int, from_gap: int) -> list[Cells]:
        """What its cells may be, with the last lines of the stretch above and the first ones of its own gap, as far as they add up."""
        key = from_above, from_gap
        if key not in self._options and self.is_certain:
            self._options[key] = [self.open_cells()]
        if key not in self._options:
            own = [self.own] if self.own.values else []
            parts = [*self.above[len(self.above) - from_above :], *own, *self.gap[:from_gap]]
            found = below(parts, self.columns) if self.columns.kept else joined(parts, self.columns.width)
            self._options[key] = [cells for cells in found if adds_up(cells)]
        return self._options[key]

    def open_cells(self) -> Cells:
        """Its cells where they are certain; else each of them is all that may be theirs."""
        width = self.columns.width
        if self.is_certain:
            placed = self.columns.place(self.lines[0]) or {}
            return tuple(placed.get(column, "") for column in range(width))
        return (open_text(value.text for line in self.lines for value in line.values),) * width

    def address(self) -> str:
        """The line its values stand on, the first one of several."""
        return f"line[{next(iter(self.lines), self.own).number}]"


# ------------------------------------------------------------------ which reading the sums prove


def _settled(form: FormRows, stretches: Sequence[_Stretch]) -> list[Cells]:
    """The cells of all rows: what is certain, what the sums of the table prove, or else the sum of the row; the rest is open."""
    runs = [list(run) for _, run in groupby(stretches, key=lambda stretch: stretch.is_certain)]
    readings: list[list[list[Cells]]] = []
    for run in runs:
        try:
            found = list(islice(_readings(run, [_MAX_STEPS]), _MAX_READINGS + 1))
        except TooManyWaysError:
            found = []
        readings.append(found if len(found) <= _MAX_READINGS else [])
    count = prod(map(len, readings))
    if 0 < count <= _MAX_READINGS:
        whole = [[cells for part in parts for cells in part] for parts in product(*readings)]
        if proved := [reading for reading in whole if _is_proved(form, stretches, reading)]:
            return [agreed(rows) for rows in zip(*proved, strict=True)]
    if (alike := _with_blanks_alike(form, stretches)) is not None:
        return alike
    settled: list[Cells] = []
    for run, found in zip(runs, readings, strict=True):
        sure = [agreed(rows) for rows in zip(*found, strict=True)] or [()] * len(run)
        settled.extend(
            cells if stretch.is_certain or (cells and read_value(cells[-1]).number and stretch.in_columns) else stretch.open_cells()
            for stretch, cells in zip(run, sure, strict=True)
        )
    return settled


def _with_blanks_alike(form: FormRows, stretches: Sequence[_Stretch]) -> list[Cells] | None:
    """The one proved reading under which all rows with too few values leave the same columns blank (the totals of most rows)."""
    short = [stretch.lines for stretch in stretches if not stretch.is_certain]
    counts = {len(lines[0].values) if len(lines) == 1 else 0 for lines in short}
    if len(counts) != 1 or 0 in counts:
        return None
    n_values, width = counts.pop(), stretches[0].columns.width
    proved: list[list[Cells]] = []
    for filled in combinations(range(width), n_values):
        reading: list[Cells] = []
        for stretch in stretches:
            texts = dict(zip(filled, (value.text for value in stretch.lines[0].values), strict=False))
            reading.append(stretch.open_cells() if stretch.is_certain else tuple(texts.get(column, "") for column in range(width)))
        if all(map(adds_up, reading)) and _is_proved(form, stretches, reading):
            proved.append(reading)
    return proved[0] if len(proved) == 1 else None


def _is_proved(form: FormRows, stretches: Sequence[_Stretch], reading: Sequence[Cells]) -> bool:
    """Whether every sum of the form holds."""
    arith = arithmetic(form.form_id, "applications", form.collapsed)
    names = {key: i for i, key in enumerate(arith.keys)}
    values: list[Value] = [Value("absent")] * len(arith.keys)
    for stretch, cells in zip(stretches, reading, strict=True):
        for applicant, indicator, text in zip(form.applicants, form.rows[stretch.place.row].indicators, cells, strict=True):
            values[names[indicator, applicant, None]] = read_value(text)
    return judge(arith, [value.number for value in values], [value.status for value in values]).verdict in PROVED


def _readings(stretches: Sequence[_Stretch], left: list[int], i: int = 0, above: int | None = None) -> Iterator[list[Cells]]:
    """The readings in which every row's own sum holds; ``above`` lines are left of the stretch above row ``i``, ``left`` says how many
    steps may still be taken.
    """
    if i == len(stretches):
        yield []
        return
    left[0] -= 1
    if left[0] < 0:
        raise TooManyWaysError
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
                if all(map(adds_up, stacked)):
                    for rest in _readings(stretches, left, i + n, 0):
                        yield [*stacked, *rest]


def _stacked(stretches: Sequence[_Stretch], n: int) -> Iterator[list[Cells]]:
    """The cells of rows whose labels are printed one after the other, and their values below: line by line, or column by column, with
    what stands beside a label as its own or as the first of its column.
    """
    if len(stretches) < n or not stretches[-1].gap or any(stretch.gap for stretch in stretches[:-1]):
        return
    columns = stretches[0].columns
    own = [stretch.own for stretch in stretches]
    lines = [line for line in (*own, *stretches[-1].gap) if line.values]
    ways_of = [columns.ways(line) for line in lines]
    if prod(map(len, ways_of)) > MAX_OPTIONS:
        raise TooManyWaysError
    if len(lines) == n:
        for ways in product(*ways_of):
            yield [tuple(way.get(column, "") for column in range(columns.width)) for way in ways]
    for placed in product(*ways_of):
        texts = [[way[column] for way in placed if column in way] for column in range(columns.width)]
        if all(len(found) == n for found in texts):
            yield [tuple(row) for row in zip(*texts, strict=True)]
    at_labels = [columns.place(line) if line.values else {} for line in own]
    below = [columns.place(line) for line in stretches[-1].gap]
    if None in at_labels or None in below:
        return
    rows: list[list[str]] = [[] for _ in stretches]
    for column in range(columns.width):
        further = [found[column] for found in below if found and column in found]
        lacking = [found for found in at_labels if found is not None and column not in found]
        if len(lacking) != len(further):
            return
        for row, found in zip(rows, at_labels, strict=True):
            row.append(found[column] if found and column in found else further.pop(0))
    yield [tuple(row) for row in rows]
