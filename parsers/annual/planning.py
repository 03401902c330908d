"""What a page's labels and spans say about its annual tables: its form, and where the cells of each official table stand.

None of this depends on the numbers, so it is remembered: a publisher's pages are alike year after year.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import accumulate, pairwise
from operator import itemgetter
from typing import NamedTuple

from parsers.annual.cells import read_cell
from parsers.annual.placement import Candidate, Placement, Slot
from parsers.annual.reread import totals_first
from parsers.annual.tables import RELEVANT, Plan, plan_form, speaks_for
from parsers.document import Table, TableCell
from parsers.forms import Form, load_forms
from parsers.forms.vocabulary import vocabulary
from parsers.grid import TableTooLarge
from parsers.labels import label_key
from parsers.layout import KINDS, Line, lines_of
from parsers.model import Cell, Problem
from parsers.proof.identities import Arithmetic, arithmetic
from parsers.statistics.entries import form_of

ANNUAL_TABLES = ("proactive", "applications", "disputes")
_CLEARLY_BETTER = 4.0  # one whole row label more
_COVERAGE = 0.2  # share of an official table's cells that must be there for a page to be of a form at all
_PLANS_KEPT = 128
_WIDE = 4  # columns of the narrowest official table
_SHAPES_KEPT = 5_000
_NOTHING = TableCell("")


class Print(NamedTuple):
    """The cells of a page's tables one after the other: their texts (behind the last a None, for what is not printed) and spans."""

    texts: tuple[str | None, ...]
    colspans: tuple[int, ...]
    rowspans: tuple[int, ...]


def printed(tables: Sequence[Table]) -> Print:
    """The cells of some tables."""
    cells = [cell for table in tables for row in table.rows for cell in row]
    if not cells:
        return Print((None,), (), ())
    texts, colspans, rowspans = zip(*cells, strict=True)
    return Print((*texts, None), colspans, rowspans)


class Unplaced(NamedTuple):
    """Slots whose printed cells cannot be told apart: the places in a Print of all that may be theirs, where this begins, and why."""

    slots: tuple[int, ...]
    cells: tuple[int, ...]
    locator: str
    why: str


@dataclass(frozen=True, eq=False)
class Reading:
    """One official table as read: its form, its slots in form order, and what was given up on the way.

    ``starts[t][r]`` is the place in a Print of the first cell of row ``r`` of table ``t``.
    """

    table_id: str
    form_id: str
    arithmetic: Arithmetic
    slots: tuple[Slot, ...]
    dropped: tuple[str, ...]
    score: float
    open_rows: tuple[tuple[tuple[Slot, ...], ...], ...]
    starts: tuple[tuple[int, ...], ...]
    unplaced: tuple[Unplaced, ...]

    @cached_property
    def tables(self) -> frozenset[int]:
        """Numbers of the printed tables that it stands in."""
        return frozenset(slot.place.table for slot in self.slots if slot.place)

    @cached_property
    def tentative(self) -> frozenset[int]:
        """Places of the slots that rest on order alone."""
        return frozenset(i for i, slot in enumerate(self.slots) if slot.place and slot.place.tentative)

    @cached_property
    def inferred(self) -> frozenset[int]:
        """Places of the slots whose line did not match its head."""
        return frozenset(i for i, slot in enumerate(self.slots) if slot.place and slot.place.inferred)

    @cached_property
    def _pick(self) -> Callable[[Sequence[str | None]], tuple[str | None, ...]]:
        return itemgetter(*(self._place(slot) for slot in self.slots), -1)

    @cached_property
    def totals_first(self) -> list[Slot] | None:
        """The slots where the first number of each row that stands under no head is its total; None where there is no such row."""
        return totals_first(self.slots)

    def raws(self, texts: Sequence[str | None]) -> Sequence[str | None]:
        """The texts of the slots from those of a Print, None where the page does not print the cell; one None more at the end."""
        return self._pick(texts)

    @cached_property
    def zeros(self) -> tuple[Cell, ...]:
        """Each cell as it is if it prints 0, or if the page does not print it: most cells do one or the other."""
        return tuple(read_cell(self.table_id, slot, "0" if slot.place else None) for slot in self.slots)

    @cached_property
    def blanks(self) -> tuple[Cell, ...]:
        """Each cell as it is if it is blank."""
        return tuple(read_cell(self.table_id, slot, "") for slot in self.slots)

    def raw(self, slot: Slot, texts: Sequence[str | None]) -> str | None:
        """The text of one slot."""
        return texts[self._place(slot)]

    def _place(self, slot: Slot) -> int:
        place = slot.place
        return -1 if place is None else self.starts[place.table][place.row] + place.cell


class PagePlan(NamedTuple):
    """The form of a page's annual tables (None: it has none) and all readings of each table.

    ``compares`` is whether it rests on the values, too: where heads or rows are printed twice, equal values may be one.
    """

    form_id: str | None
    readings: tuple[tuple[Reading, ...], ...]
    problems: tuple[Problem, ...]
    compares: bool = False


_plans: dict[tuple[object, ...], PagePlan] = {}


_VALUES = {"number": 1, "blank": 2, "mark": 3}


class _Shapes(dict[str | None, object]):
    """What of a cell's text matters to a plan: a label, or the kind of a value. Bounded by being emptied."""

    def __missing__(self, text: str | None) -> object:
        if len(self) >= _SHAPES_KEPT:
            self.clear()
        shape = self[text] = None if text is None else _VALUES.get(KINDS[text], text)
        return shape


_shapes = _Shapes()


def page_plan(tables: Sequence[Table], cells: Print, captions: tuple[str, ...], report_year: int | None) -> PagePlan:
    """The plan for a page's tables, remembered by their labels, spans, captions and kinds of values."""
    first = next((number for number, table in enumerate(tables) if _may_be_official(table)), 0)
    if first:
        tables = [*map(hollow, tables[:first]), *tables[first:]]
        cells = printed(tables)
    captions = tuple(caption if _may_head(caption) else "" for caption in captions)
    signature: tuple[object, ...] = (
        forms_in_force(report_year),
        captions,
        *((table.locator, table.spans_known, table.addresses, *map(len, table.rows)) for table in tables),
        tuple(map(_shapes.__getitem__, cells.texts)),
        cells.colspans,
        cells.rowspans,
    )
    plan = _plans.get(signature)
    if plan is not None and not plan.compares:
        return plan
    whole = (*signature, cells.texts)
    plan = _plans.get(whole) if plan else None
    if plan is None:
        plan = _make_plan(tables, captions, forms_in_force(report_year))
        for key in (signature, whole) if plan.compares else (signature,):
            _plans[key] = plan
        while len(_plans) > _PLANS_KEPT:
            _plans.pop(next(iter(_plans)))
    return plan


def _may_be_official(table: Table) -> bool:
    """Whether a table holds a number, or labels enough to be an official one: the metadata at the head of a page do not.

    These differ from page to page where all else is alike, and would make each page one that was never met.
    """
    texts = {cell.text for row in table.rows for cell in row}
    return any(KINDS[text] == "number" for text in texts) or any(
        speaks_for(vocabulary(form.id), texts) >= RELEVANT for form in _annual_forms()
    )


def hollow(table: Table) -> Table:
    """A table of the same rows and cells that says nothing."""
    return Table(table.locator, tuple((_NOTHING,) * len(row) for row in table.rows))


def _may_head(caption: str) -> bool:
    """Whether a line of text above a table may be a group head of it."""
    return any(vocabulary(form.id).heads(caption) for form in _annual_forms())


def forget_plans() -> None:
    """Forget all plans, as if no page had been read."""
    _plans.clear()


@cache
def forms_in_force(report_year: int | None) -> frozenset[str]:
    """Ids of the bundled forms that were in force for a report year; none for an unknown one."""
    if report_year is None:
        return frozenset()
    return frozenset(form.id for form in load_forms().values() if form.years[0] <= report_year <= form.years[1])


def _make_plan(tables: Sequence[Table], captions: Sequence[str], in_force: frozenset[str]) -> PagePlan:
    problems: list[Problem] = []
    # One table may be the publisher's own, who repeated its labels; the program that wrote the text did so with most.
    flat = [_repeats_labels(table) for table in tables if not table.spans_known and max(map(len, table.rows), default=0) >= _WIDE]
    repeats = 2 * sum(flat) > len(flat)
    lines = [_lines(table, number, problems, repeats) for number, table in enumerate(tables)]
    usable = [table if found else Table(table.locator, ()) for table, found in zip(tables, lines, strict=True)]
    marks = _marks(usable)
    plans: dict[str, Plan] = {}
    for form in sorted(_annual_forms(), key=lambda form: (marks[form.id], form.id in in_force), reverse=True):
        plan = plans[form.id] = plan_form(usable, captions, vocabulary(form.id), lines)
        if all(plan.covers(table_id, 1.0) for table_id in ANNUAL_TABLES) and not any(marks[other] for other in marks if other != form.id):
            break  # every cell of this form is there, and nothing speaks for another
    form_id = _choose_form(plans, marks, in_force)
    if form_id is None or (not any(marks.values()) and _places_nothing(plans) and form_of(usable) is not None):
        return PagePlan(None, (), tuple(problems))
    starts = _row_starts(tables)
    readings = tuple(_readings(table_id, form_id, plans, usable, tables, starts) for table_id in ANNUAL_TABLES)
    for table_id, found in zip(ANNUAL_TABLES, readings, strict=True):
        if not found and (printed := plans[form_id].printed[table_id]):
            where = ", ".join(usable[number].locator for number in printed)
            problems.append(Problem("table_not_read", f"{table_id}: {where} seems to be this table, but its values could not be placed"))
    compares = any(plan.compares for plan in plans.values()) or any(map(_repeats_labels, usable))
    return PagePlan(form_id, readings, tuple(problems), compares)


def _repeats_labels(table: Table) -> bool:
    """Whether some label stands twice side by side."""
    return any(
        left.text == right.text and KINDS[left.text] == "text" for row in table.rows for left, right in pairwise(row)
    )


def _lines(table: Table, number: int, problems: list[Problem], repeats: bool) -> list[Line]:
    """The lines of a table; none, and a problem, where it is too large."""
    try:
        return lines_of(table, number, repeats=repeats)
    except TableTooLarge as error:
        problems.append(Problem("table_too_large", f"{table.locator}: {error}; it was not read"))
        return []


@cache
def _annual_forms() -> tuple[Form, ...]:
    return tuple(form for form in load_forms().values() if form.table("applications") is not None)


def _marks(tables: Sequence[Table]) -> dict[str, int]:
    """How many markers of each annual form the tables bear."""
    keys = {label_key(cell.text) for table in tables for row in table.rows for cell in row if KINDS[cell.text] == "text"}
    text = "\n".join(keys)
    return {form.id: sum(1 for mark in form.markers if label_key(mark) in text) for form in _annual_forms()}


def _choose_form(plans: dict[str, Plan], marks: dict[str, int], in_force: frozenset[str]) -> str | None:
    """The form by its markers, then by how well the tables fit, then by the year reported on (DOMAIN 1.5)."""
    fits = {form_id: sum(plan.score(table_id) for table_id in ANNUAL_TABLES) for form_id, plan in plans.items()}
    if not any(plan.covers(table_id, _COVERAGE) for plan in plans.values() for table_id in ANNUAL_TABLES):
        return None

    def rank(form_id: str) -> tuple[float, float, bool, int]:
        form = plans[form_id].form
        return (fits[form_id] + 3.0 * marks[form_id], marks[form_id], form_id in in_force, form.years[0])

    return max(plans, key=rank)


def _places_nothing(plans: dict[str, Plan]) -> bool:
    """Whether all readings are rows without a value: a statistical table has rows of numbers, too."""
    return not any(candidate.n_cells for plan in plans.values() for found in plan.candidates.values() for candidate in found)


def _readings(
    table_id: str,
    form_id: str,
    plans: dict[str, Plan],
    usable: Sequence[Table],
    tables: Sequence[Table],
    starts: tuple[tuple[int, ...], ...],
) -> tuple[Reading, ...]:
    """The table's readings by the page's form, or by another form that fits this one table clearly better and whose markers it bears."""

    def worth(other: str) -> float:
        return plans[other].score(table_id) + (_CLEARLY_BETTER if other == form_id else 0.0)

    best = max(plans, key=worth)
    if best != form_id:
        stands_in = {placement.table for found in plans[best].candidates[table_id] for placement in found.placements}
        marks = _marks([usable[number] for number in sorted(stands_in)])
        best = best if marks[best] >= marks[form_id] else form_id
    plan = plans[best]
    return tuple(_reading(plan.form, candidate, tables, starts) for candidate in plan.candidates[table_id])


def _reading(
    form: Form, candidate: Candidate, tables: Sequence[Table], starts: tuple[tuple[int, ...], ...]
) -> Reading:
    placed = {placement.key: placement for placement in candidate.placements}
    optional = [placement for row in candidate.open_rows for option in row for placement in option]
    names = {key[0] for key in (*placed, *(placement.key for placement in optional))}
    table = form.table(candidate.table_id)
    assert table is not None
    collapsed = tuple(
        row.indicators[0] for block in table.blocks for row in block.collapsed if row.indicators[0] in names
    )
    arith = arithmetic(form.id, candidate.table_id, collapsed)
    units = dict(zip(arith.keys, arith.units, strict=True))

    def slot(placement: Placement) -> Slot:
        address = tables[placement.table].address(placement.row, placement.cell)
        return Slot(*placement.key, units[placement.key], placement, address)

    slots = tuple(slot(placed[key]) if key in placed else Slot(*key, unit, None, None) for key, unit in units.items())
    open_rows = tuple(tuple(tuple(map(slot, option)) for option in row) for row in candidate.open_rows)
    taken = {slot[:3] for slot in slots if slot.place} | {placement.key for placement in optional}
    at = {key: i for i, key in enumerate(units) if key not in taken}
    unplaced = tuple(
        Unplaced(
            tuple(at[key] for key in lost.keys if key in at),
            tuple(starts[table][row] + cell for table, row, cell in lost.places),
            tables[lost.places[0][0]].address(*lost.places[0][1:]),
            lost.why,
        )
        for lost in candidate.lost
        if lost.places
    )
    return Reading(candidate.table_id, form.id, arith, slots, candidate.dropped, candidate.score, open_rows, starts, unplaced)


def _row_starts(tables: Sequence[Table]) -> tuple[tuple[int, ...], ...]:
    """Place in a Print of the first cell of each row of each table."""
    starts = []
    at = 0
    for table in tables:
        ends = list(accumulate(map(len, table.rows), initial=at))
        starts.append(tuple(ends[:-1]))
        at = ends[-1]
    return tuple(starts)
