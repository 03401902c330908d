"""The official tables of a page since 2019: read as planned (planning), judged by their own sums (evaluation)."""

from __future__ import annotations

from collections.abc import Sequence

from parsers.annual.evaluation import choose, evaluate, only_proved
from parsers.annual.placement import Slot
from parsers.annual.planning import ANNUAL_TABLES, PagePlan, Print, hollow, page_plan, printed
from parsers.document import Block, Paragraph, Table
from parsers.foreign import foreign_tables, with_years_apart, without_other_years
from parsers.model import Cell, Check, Official, Problem, TableSummary

_CAPTION = 40  # characters: longer lines are prose


def read_annual(
    blocks: Sequence[Block], report_year: int | None, org: str | None = None, recognised: tuple[str, ...] = ()
) -> Official:
    """Read tables 二, 三 and 四 of the forms since 2019. ``form_id`` is None where the page holds none of them.

    ``org`` is the organ that the page's title names, ``recognised`` how the locators begin of what OCR read.
    """
    blocks = with_years_apart(blocks)
    page, plan = _planned(blocks, report_year)
    official = {number for readings in plan.readings for reading in readings for number in reading.tables}
    foreign = foreign_tables(blocks, report_year, org, min(official, default=0))
    if not official.isdisjoint(foreign.surely):
        plan = _without(foreign.surely, plan, blocks, report_year)
    if plan.form_id is None:
        return Official(None, (), (), (), plan.problems)
    cells: list[Cell] = []
    summaries: list[TableSummary] = []
    checks: list[Check] = []
    problems = list(plan.problems)
    for readings, table_id in zip(plan.readings, ANNUAL_TABLES, strict=True):
        found = [evaluate(reading, page.texts) for reading in readings]
        chosen, problem = choose(found, table_id, foreign)
        if problem:
            problems.append(problem)
        if chosen is None:
            summaries.append(TableSummary.of(table_id, plan.form_id, "absent"))
            continue
        if recognised:
            chosen, problem = only_proved(chosen, recognised)
            problems.extend((problem,) if problem else ())
        cells.extend(chosen.cells)
        checks.extend(chosen.checks)
        summaries.append(chosen.summary)
        problems.extend(Problem("row_not_read", f"{table_id}: {text}") for text in chosen.reading.dropped)
    return Official(plan.form_id, tuple(cells), tuple(summaries), tuple(checks), tuple(problems))


def placed_slots(blocks: Sequence[Block], report_year: int | None) -> tuple[tuple[str, Slot], ...]:
    """(table id, slot) of every printed cell that a reading of the page's annual tables places, all readings one after the other."""
    _, plan = _planned(with_years_apart(blocks), report_year)
    return tuple(
        (reading.table_id, slot)
        for readings in plan.readings
        for reading in readings
        for slot in (*reading.slots, *(slot for row in reading.open_rows for option in row for slot in option))
        if slot.place is not None
    )


def _planned(
    blocks: Sequence[Block], report_year: int | None, foreign: frozenset[int] = frozenset()
) -> tuple[Print, PagePlan]:
    """What the page's tables print, and how they are read, rows of other years and ``foreign`` tables left out."""
    places = [place for place, block in enumerate(blocks) if isinstance(block, Table)]
    tables = [without_other_years(block, report_year) for block in blocks if isinstance(block, Table)]
    tables = [hollow(table) if number in foreign else table for number, table in enumerate(tables)]
    page = printed(tables)
    return page, page_plan(tables, page, _captions(blocks, places), report_year)


def _without(foreign: frozenset[int], plan: PagePlan, blocks: Sequence[Block], report_year: int | None) -> PagePlan:
    """The plan without another year's or organ's tables: beside theirs the report's own rows may seem printed twice, or not be looked for.

    A table of which the page has no copy but theirs stays as it was planned.
    """
    _, own = _planned(blocks, report_year, foreign)
    if own.form_id is None:
        return plan
    return own._replace(readings=tuple(mine or theirs for mine, theirs in zip(own.readings, plan.readings, strict=True)))


def _captions(blocks: Sequence[Block], places: Sequence[int]) -> tuple[str, ...]:
    """The short line of text just above each table, "" where there is none."""
    above = (blocks[place - 1] if place else None for place in places)
    return tuple(
        block.text if isinstance(block, Paragraph) and len(block.text) <= _CAPTION else "" for block in above
    )
