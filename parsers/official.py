"""The official tables of a page: which form, which cells, which verdict.

What a page's labels and spans say about its cells (the plan) does not depend on its numbers; it is remembered, for a publisher's
pages are alike year after year.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from parsers.document import Block, Paragraph, Table
from parsers.forms import Form, load_forms
from parsers.grid import TableTooLarge
from parsers.identities import Arithmetic, arithmetic, judge
from parsers.labels import label_key
from parsers.layout import KINDS
from parsers.model import Cell, Check, Number, Problem, Status, TableSummary
from parsers.placement import Candidate, Placement, Slot
from parsers.reread import other_readings
from parsers.tables import Plan, plan_form
from parsers.values import Value, convert, read_value
from parsers.vocabulary import vocabulary

ANNUAL_TABLES = ("proactive", "applications", "disputes")
_PROVED = ("proved", "proved_blank_as_zero")
_CLEARLY_BETTER = 4.0  # one whole row label more
_COVERAGE = 0.2  # share of an official table's cells that must be there for a page to be of a form at all
_PLANS_KEPT = 256
_CAPTION = 40  # characters: longer lines are prose


class Reading(NamedTuple):
    """One official table as read: its form, its slots in form order, and what was given up on the way."""

    table_id: str
    form_id: str
    arithmetic: Arithmetic
    slots: tuple[Slot, ...]
    dropped: tuple[str, ...]
    score: float
    open_rows: tuple[tuple[tuple[Slot, ...], ...], ...] = ()


class PagePlan(NamedTuple):
    """The form of a page's annual tables (None: it has none) and all readings of each table."""

    form_id: str | None
    readings: tuple[tuple[Reading, ...], ...]
    problems: tuple[Problem, ...]


class Official(NamedTuple):
    """What the official tables of a page say."""

    form_id: str | None
    cells: tuple[Cell, ...]
    tables: tuple[TableSummary, ...]
    checks: tuple[Check, ...]
    problems: tuple[Problem, ...]


_plans: dict[tuple[object, ...], PagePlan] = {}


def read_annual(blocks: Sequence[Block], report_year: int | None) -> Official:
    """Read tables 二, 三 and 四 of the forms since 2019. ``form_id`` is None where the page holds none of them."""
    tables = [block for block in blocks if isinstance(block, Table)]
    plan = page_plan(tables, _captions(blocks), report_year)
    foreign = _of_other_years(blocks, report_year)
    if plan.form_id is None:
        return Official(None, (), (), (), plan.problems)
    cells: list[Cell] = []
    summaries: list[TableSummary] = []
    checks: list[Check] = []
    problems = list(plan.problems)
    for readings, table_id in zip(plan.readings, ANNUAL_TABLES, strict=True):
        found = [evaluate(reading, tables) for reading in readings]
        chosen, problem = choose(found, table_id, foreign)
        if problem:
            problems.append(problem)
        if chosen is None:
            summaries.append(TableSummary(table_id, plan.form_id, "absent", 0, 0, 0, 0, 0))
            continue
        cells.extend(chosen.cells)
        checks.extend(chosen.checks)
        summaries.append(chosen.summary)
        problems.extend(Problem("row_not_read", f"{table_id}: {text}") for text in chosen.reading.dropped)
    return Official(plan.form_id, tuple(cells), tuple(summaries), tuple(checks), tuple(problems))


def placed_slots(blocks: Sequence[Block], report_year: int | None) -> tuple[tuple[str, Slot], ...]:
    """(table id, slot) of every printed cell that a reading of the page's annual tables places, all readings one after the other."""
    tables = [block for block in blocks if isinstance(block, Table)]
    readings = [reading for found in page_plan(tables, _captions(blocks), report_year).readings for reading in found]
    return tuple(
        (reading.table_id, slot)
        for reading in readings
        for slot in (*reading.slots, *(slot for row in reading.open_rows for option in row for slot in option))
        if slot.place is not None
    )


# ------------------------------------------------------------------ the plan


def _captions(blocks: Sequence[Block]) -> tuple[str, ...]:
    """The short line of text just above each table, "" where there is none."""
    above = ("", *(block.text if isinstance(block, Paragraph) and len(block.text) <= _CAPTION else "" for block in blocks))
    return tuple(text for text, block in zip(above, blocks, strict=False) if isinstance(block, Table))


_YEAR = re.compile(r"(20\d\d)\s*年")
_FOR_COMPARISON = re.compile(r"上一?年度?|对照|对比|数据|附表|统计表|年度报告|年报")
_OFFICIAL_HEADING = re.compile(r"主动公开政府信息|政府信息公开申请|行政复议")


def _of_other_years(blocks: Sequence[Block], report_year: int | None) -> frozenset[int]:
    """Numbers of the tables that stand under a line naming another year only (last year's tables, for comparison)."""
    found: list[int] = []
    foreign = False
    number = 0
    for block in blocks:
        if isinstance(block, Table):
            if foreign:
                found.append(number)
            number += 1
        elif len(text := block.text) <= 2 * _CAPTION:
            if "年" in text and report_year is not None and (years := {int(year) for year in _YEAR.findall(text)}):
                foreign = report_year not in years and _FOR_COMPARISON.search(text) is not None
            elif foreign and _OFFICIAL_HEADING.search(text):
                foreign = False
    return frozenset(found)


def page_plan(tables: Sequence[Table], captions: tuple[str, ...], report_year: int | None) -> PagePlan:
    """The plan for a page's tables, remembered by their labels, spans, captions and kinds of values."""
    signature = (report_year, captions, *(_signature(table) for table in tables))
    plan = _plans.get(signature)
    if plan is None:
        if len(_plans) >= _PLANS_KEPT:
            _plans.pop(next(iter(_plans)))
        plan = _plans[signature] = _make_plan(tables, captions, report_year)
    return plan


def _signature(table: Table) -> tuple[object, ...]:
    kinds = KINDS
    return (
        table.locator,
        table.spans_known,
        table.addresses,
        tuple(
            tuple(
                cell if (kind := kinds[cell.text]) == "text" else (kind, cell.colspan, cell.rowspan) for cell in row
            )
            for row in table.rows
        ),
    )


def _make_plan(tables: Sequence[Table], captions: Sequence[str], report_year: int | None) -> PagePlan:
    problems: list[Problem] = []
    usable: list[Table] = []
    for table in tables:
        usable.append(table if _readable(table, problems) else Table(table.locator, ()))
    plans = {
        form.id: plan_form(usable, captions, vocabulary(form.id))
        for form in load_forms().values()
        if form.table("applications") is not None
    }
    form_id = _choose_form(plans, usable, report_year)
    if form_id is None:
        return PagePlan(None, (), tuple(problems))
    readings = tuple(_readings(table_id, form_id, plans, usable) for table_id in ANNUAL_TABLES)
    for table_id, found in zip(ANNUAL_TABLES, readings, strict=True):
        if not found and (printed := plans[form_id].printed[table_id]):
            where = ", ".join(usable[number].locator for number in printed)
            problems.append(Problem("table_not_read", f"{table_id}: {where} seems to be this table, but its values could not be placed"))
    return PagePlan(form_id, readings, tuple(problems))


def _readable(table: Table, problems: list[Problem]) -> bool:
    from parsers.grid import form_grid

    try:
        form_grid(table.rows)
    except TableTooLarge as error:
        problems.append(Problem("table_too_large", f"{table.locator}: {error}; it was not read"))
        return False
    return True


def _choose_form(plans: dict[str, Plan], tables: Sequence[Table], report_year: int | None) -> str | None:
    """The form by its markers, then by how well the tables fit, then by the year reported on (DOMAIN 1.5)."""
    fits = {form_id: sum(plan.score(table_id) for table_id in ANNUAL_TABLES) for form_id, plan in plans.items()}
    if not any(plan.covers(table_id, _COVERAGE) for plan in plans.values() for table_id in ANNUAL_TABLES):
        return None
    keys = {label_key(cell.text) for table in tables for row in table.rows for cell in row if KINDS[cell.text] == "text"}
    text = "\n".join(keys)
    marks = {form_id: sum(1 for mark in plan.form.markers if label_key(mark) in text) for form_id, plan in plans.items()}

    def rank(form_id: str) -> tuple[float, float, bool, int]:
        form = plans[form_id].form
        in_force = report_year is not None and form.years[0] <= report_year <= form.years[1]
        return (fits[form_id] + 3.0 * marks[form_id], marks[form_id], in_force, form.years[0])

    return max(plans, key=rank)


def _readings(table_id: str, form_id: str, plans: dict[str, Plan], tables: Sequence[Table]) -> tuple[Reading, ...]:
    """The table's readings by the page's form, or by another form that fits this one table clearly better."""
    best = max(plans, key=lambda other: plans[other].score(table_id) + (_CLEARLY_BETTER if other == form_id else 0.0))
    plan = plans[best]
    return tuple(_reading(plan.form, candidate, tables) for candidate in plan.candidates[table_id])


def _reading(form: Form, candidate: Candidate, tables: Sequence[Table]) -> Reading:
    placed = {placement.key: placement for placement in candidate.placements}
    optional = [placement for row in candidate.open_rows for option in row for placement in option]
    printed = {key[0] for key in (*placed, *(placement.key for placement in optional))}
    table = form.table(candidate.table_id)
    assert table is not None
    collapsed = tuple(
        row.indicators[0] for block in table.blocks for row in block.collapsed if row.indicators[0] in printed
    )
    arith = arithmetic(form.id, candidate.table_id, collapsed)
    units = dict(zip(arith.keys, arith.units, strict=True))

    def slot(placement: Placement) -> Slot:
        address = tables[placement.table].address(placement.row, placement.cell)
        return Slot(*placement.key, units[placement.key], placement, address)

    slots = tuple(slot(placed[key]) if key in placed else Slot(*key, unit, None, None) for key, unit in units.items())
    open_rows = tuple(tuple(tuple(map(slot, option)) for option in row) for row in candidate.open_rows)
    return Reading(candidate.table_id, form.id, arith, slots, candidate.dropped, candidate.score, open_rows)


# ------------------------------------------------------------------ the numbers


class Evaluated(NamedTuple):
    """A reading with its numbers, checks and verdict."""

    reading: Reading
    cells: tuple[Cell, ...]
    summary: TableSummary
    checks: tuple[Check, ...]


def evaluate(reading: Reading, tables: Sequence[Table]) -> Evaluated:
    """Read the numbers of a reading and judge them; where they contradict the sums, look for the one other reading that does not."""
    plain = _evaluate(reading, reading.slots, tables)
    if reading.open_rows or plain.summary.verdict == "contradicted":
        other = _reread(reading, plain, tables)
        if other is not None:
            return other
    if reading.open_rows:
        dropped = [f"the row of {row[0][0].indicator} has blank cells too many, and the sums do not tell which" for row in reading.open_rows]
        plain = plain._replace(reading=reading._replace(dropped=(*reading.dropped, *dropped)))
    return plain


def _evaluate(reading: Reading, slots: Sequence[Slot], tables: Sequence[Table]) -> Evaluated:
    cells = [_cell(reading.table_id, slot, tables) for slot in slots]
    outcome = judge(reading.arithmetic, [cell.value for cell in cells], [cell.status for cell in cells])
    tentative = {i for i, slot in enumerate(slots) if slot.place and slot.place.tentative}
    if tentative and outcome.verdict in _PROVED:
        cells = [_noted(cell, "reread: placed by order, proved by the sums") if i in tentative else cell for i, cell in enumerate(cells)]
    doubtful = {} if outcome.verdict in _PROVED else dict.fromkeys(tentative, "the row has no label and the sums do not prove its place")
    if outcome.verdict == "contradicted":
        inferred = (i for i, slot in enumerate(slots) if slot.place and slot.place.inferred)
        doubtful |= dict.fromkeys(inferred, "the row has more or fewer cells than the head, and the sums contradict the reading")
    if doubtful:
        cells = [_untrusted(cell, doubtful[i]) if i in doubtful else cell for i, cell in enumerate(cells)]
        outcome = judge(reading.arithmetic, [cell.value for cell in cells], [cell.status for cell in cells])
    return Evaluated(reading, tuple(cells), summarise(reading, cells, outcome.verdict), outcome.checks)


def _reread(reading: Reading, plain: Evaluated, tables: Sequence[Table]) -> Evaluated | None:
    """The one other reading of the same printed cells under which every sum holds; None where there is none or more than one."""
    proved: dict[tuple[Number | None, ...], Evaluated] = {}
    for slots in other_readings(reading.slots, reading.open_rows, plain.cells):
        found = _evaluate(reading, slots, tables)
        if found.summary.verdict in _PROVED:
            proved.setdefault(tuple(cell.value for cell in found.cells), found)
            if len(proved) > 1:
                return None
    for found in proved.values():
        before = {cell[:3]: cell.raw for cell in plain.cells}
        cells = tuple(_noted(cell, "reread") if before[cell[:3]] != cell.raw else cell for cell in found.cells)
        return found._replace(cells=cells)
    return None


def _noted(cell: Cell, note: str) -> Cell:
    return cell._replace(note=f"{note}; {cell.note}" if cell.note else note)


def summarise(reading: Reading, cells: Sequence[Cell], verdict: str) -> TableSummary:
    """The summary row of a table."""
    count = dict.fromkeys(("reported", "blank", "mark", "unreadable", "absent"), 0)
    for cell in cells:
        count[cell.status] += 1
    return TableSummary(reading.table_id, reading.form_id, verdict, *count.values())  # type: ignore[arg-type]


def _cell(table_id: str, slot: Slot, tables: Sequence[Table]) -> Cell:
    indicator, applicant, period, unit, place, locator = slot
    if place is None:
        return Cell(table_id, indicator, applicant, None, "absent", None, None, unit, None, None, period)
    raw = tables[place.table].rows[place.row][place.cell].text
    status, number, note, printed = read_value(raw)
    if status == "reported":
        if printed is None and place.head_unit is None and place.unit_stated:
            return Cell(table_id, indicator, applicant, number, status, raw, note, unit, locator, None, period)
        return _with_unit(table_id, slot, place, raw, read_value(raw))
    return Cell(table_id, indicator, applicant, None, status, raw, note, unit, locator, None, period)


_MONEY = ("元", "万元", "亿元")


def _with_unit(table_id: str, slot: Slot, place: Placement, raw: str, value: Value) -> Cell:
    """A number whose unit is not simply the form's: printed in the cell or its head, or stated nowhere."""
    indicator, applicant, period, unit, _, locator = slot
    printed = value.unit or place.head_unit
    number: Number | None = value.number
    status: Status = "reported"
    note = value.note
    if printed is None:
        unit = unit if place.unit_stated else None
    elif unit in _MONEY or printed in _MONEY or printed == "%":
        number = convert(number, printed, unit) if number is not None and unit else None
        if number is None:
            status, note = "unreadable", f"{printed} where the form has {unit}"
    return Cell(table_id, indicator, applicant, number, status, raw, note, unit, locator, None, period)


def _untrusted(cell: Cell, why: str) -> Cell:
    return cell if cell.value is None else cell._replace(value=None, status="unreadable", note=why)


def choose(
    found: Sequence[Evaluated], table_id: str, foreign: frozenset[int] = frozenset()
) -> tuple[Evaluated | None, Problem | None]:
    """The copy of a table that is meant: an unfilled one and one under another year's heading give way, equal ones are one.

    Two that still differ leave no choice.
    """
    own = [item for item in found if not {slot.place.table for slot in item.reading.slots if slot.place} <= foreign]
    if not own:
        message = "only another year's copy of this table is on the page, for comparison"
        return None, Problem("other_year", f"{table_id}: {message}") if found else None
    filled = [item for item in own if item.summary.n_reported] or own
    best = max(item.reading.score for item in filled)
    near = [item for item in filled if item.reading.score > 0.7 * best]
    distinct = {tuple((cell.indicator, cell.applicant, cell.value) for cell in item.cells): item for item in reversed(near)}
    if len(distinct) == 1:
        return next(iter(distinct.values())), None
    message = f"the page prints {len(distinct)} different copies of this table, and nothing tells which is the report's"
    return None, Problem("several_tables", f"{table_id}: {message}")
