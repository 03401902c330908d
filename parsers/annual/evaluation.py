"""The numbers of an official table as planned: its cells, its checks, its verdict, and which of several copies is meant."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import NamedTuple

from parsers.annual.cells import read_cell
from parsers.annual.placement import Slot
from parsers.annual.planning import Reading
from parsers.annual.reread import other_readings
from parsers.document import one_of
from parsers.foreign import NOT_FOREIGN, Foreign
from parsers.model import Cell, Check, Number, Problem, TableSummary, Verdict
from parsers.proof.identities import Outcome, broken_sums, judge
from parsers.proof.recognised import PROVED, counted, problem_of

_SEVERAL = 3  # columns, that of the totals among them
_LARGE = 10


class Evaluated(NamedTuple):
    """A reading with its numbers, checks and verdict."""

    reading: Reading
    cells: tuple[Cell, ...]
    summary: TableSummary
    checks: tuple[Check, ...]


def evaluate(reading: Reading, texts: Sequence[str | None]) -> Evaluated:
    """Read the numbers of a reading and judge them; where they contradict the sums, look for the one other reading that does not.

    ``texts`` are those of the page's Print.
    """
    cells = _cells(reading, texts)
    plain = _judged(reading, cells, reading.tentative, reading.inferred)
    if plain.summary.verdict in PROVED:
        return plain
    contradicted = plain.summary.verdict == "contradicted"
    if contradicted or reading.open_rows or reading.totals_first:
        other = _reread(reading, plain, cells, texts)
        if other is not None:
            return other
        if reading.open_rows and (contradicted or not _has_plain(reading)):
            return _in_common(reading, plain, cells, texts)
    return _without_head(reading, plain, cells, texts)


def _without_head(reading: Reading, plain: Evaluated, read: Sequence[Cell], texts: Sequence[str | None]) -> Evaluated:
    """Numbers under no head: given up where the reading with the totals first meets as many sums."""
    turned = reading.totals_first
    if turned is None:
        return plain
    found = _outcome(reading, _read_as(reading, turned, read, texts))
    if _failures(found.checks) > _failures(plain.checks):
        return plain
    why = "no head is printed, and the sums do not tell whether the totals stand first or last"
    moved = [new is not old for new, old in zip(turned, reading.slots, strict=True)]
    cells = [_untrusted(cell, why) if lost else cell for cell, lost in zip(plain.cells, moved, strict=True)]
    outcome = _outcome(reading, cells)
    verdict = "contradicted" if plain.summary.verdict == found.verdict == "contradicted" else outcome.verdict
    return Evaluated(reading, tuple(cells), summarise(reading, cells, verdict), outcome.checks)


def _failures(checks: Sequence[Check]) -> int:
    return sum(check.status == "fail" and check.severity == "E" for check in checks)


def _has_plain(reading: Reading) -> bool:
    """Whether one of several readings of its open rows is meant unless the sums contradict it."""
    placed = {slot[:3] for slot in reading.slots if slot.place is not None}
    return all(slot[:3] in placed for row in reading.open_rows for option in row for slot in option)


def _in_common(reading: Reading, plain: Evaluated, read: Sequence[Cell], texts: Sequence[str | None]) -> Evaluated:
    """Of rows that can be read in several ways only what all readings say under which the sums hold, or all there are if there is none.

    A table that all readings contradict is contradicted.
    """
    why = "the row has more cells than the form, and the sums do not tell which are surplus"
    trials = [_read_as(reading, slots, read, texts) for slots in other_readings(reading.slots, reading.open_rows, plain.cells)]
    judged = [_outcome(reading, trial).verdict for trial in trials]
    proved = [trial for trial, verdict in zip(trials, judged, strict=True) if verdict in PROVED]
    cells = list(plain.cells)
    places = {slot[:3]: i for i, slot in enumerate(reading.slots)}
    for row in reading.open_rows:
        options = [{slot[:3]: slot for slot in option} for option in row]
        for key in {key for option in options for key in option}:
            i = places[key]
            raws = {trial[i].raw for trial in proved} or {reading.raw(o[key], texts) if key in o else None for o in options}
            first = next(option[key] for option in options if key in option)
            if len(raws) == 1:
                cells[i] = read_cell(reading.table_id, first, raws.pop())
            else:
                lost = read_cell(reading.table_id, first, None)
                cells[i] = lost._replace(status="unreadable", raw=one_of(sorted(raws, key=str)), note=why, locator=first.locator)
    outcome = _outcome(reading, cells)
    verdict, checks = outcome.verdict, outcome.checks
    if verdict != "contradicted" and judged and all(found == "contradicted" for found in judged):
        verdict = "contradicted"
        checks = (*checks, Check("explanation", "not_assessable", None, None, f"{len(judged)} readings, and sums fail in each", "I"))
    dropped = [f"the row of {row[0][0].indicator} has more cells than the form, sums do not tell which" for row in reading.open_rows]
    found = replace(reading, dropped=(*reading.dropped, *dropped))
    return Evaluated(found, tuple(cells), summarise(reading, cells, verdict), checks)


def _read_as(reading: Reading, slots: Sequence[Slot], read: Sequence[Cell], texts: Sequence[str | None]) -> list[Cell]:
    """The cells of a reading with other slots; ``read`` are those of its own."""
    return [
        cell if slot is old else read_cell(reading.table_id, slot, reading.raw(slot, texts))
        for slot, old, cell in zip(slots, reading.slots, read, strict=True)
    ]


def _judged(
    reading: Reading, cells: Sequence[Cell], tentative: Collection[int], inferred: Collection[int]
) -> Evaluated:
    """Cells with their verdict; those that only the sums could prove are given up where the sums do not."""
    outcome = _outcome(reading, cells)
    proved = outcome.verdict in PROVED
    if tentative and proved:
        cells = [_noted(cell, "reread: placed by order, proved by the sums") if i in tentative else cell for i, cell in enumerate(cells)]
    doubtful = {} if proved else dict.fromkeys(tentative, "only order says where these values belong, and the sums do not prove it")
    if outcome.verdict == "contradicted":
        doubtful |= dict.fromkeys(inferred, "the row has more or fewer cells than the head, and the sums contradict the reading")
    if doubtful:
        cells = [_untrusted(cell, doubtful[i]) if i in doubtful else cell for i, cell in enumerate(cells)]
        outcome = _outcome(reading, cells)
    return Evaluated(reading, tuple(cells), summarise(reading, cells, outcome.verdict), outcome.checks)


def _outcome(reading: Reading, cells: Sequence[Cell]) -> Outcome:
    return judge(reading.arithmetic, [cell.value for cell in cells], [cell.status for cell in cells])


def _reread(
    reading: Reading, plain: Evaluated, read: Sequence[Cell], texts: Sequence[str | None]
) -> Evaluated | None:
    """The one other reading of the same printed cells under which every sum holds; None where there is none or more than one."""
    proved: dict[tuple[Number | None, ...], Evaluated] = {}
    for slots in other_readings(reading.slots, reading.open_rows, plain.cells):
        cells = _read_as(reading, slots, read, texts)
        tentative = [i for i, slot in enumerate(slots) if slot.place and slot.place.tentative]
        inferred = [i for i, slot in enumerate(slots) if slot.place and slot.place.inferred]
        found = _judged(reading, cells, tentative, inferred)
        if found.summary.verdict in PROVED:
            proved.setdefault(tuple(cell.value for cell in found.cells), found)
            if len(proved) > 1:
                return None
    for found in proved.values():
        if not reading.open_rows and not _is_told(reading, read, found.cells):
            return None
        before = {cell[:3]: cell.raw for cell in plain.cells}
        noted = tuple(_noted(cell, "reread") if before[cell[:3]] != cell.raw else cell for cell in found.cells)
        return found._replace(cells=noted)
    return None


def _is_told(reading: Reading, read: Sequence[Cell], shifted: Sequence[Cell]) -> bool:
    """Whether rows that were moved make sums hold as nothing but a slip of rows would: sums of large numbers, or in several columns.

    A page that is wrong in one small number may be made right by many moves.
    """
    broken = broken_sums(reading.arithmetic, [cell.value for cell in read], [cell.status for cell in read])
    mended = {instance.where: total for instance in broken if (total := shifted[instance.left[0]].value)}
    return len(mended) >= _SEVERAL or max(mended.values(), default=0) >= _LARGE


def _noted(cell: Cell, note: str) -> Cell:
    return cell._replace(note=f"{note}; {cell.note}" if cell.note else note)


def summarise(reading: Reading, cells: Sequence[Cell], verdict: Verdict) -> TableSummary:
    """The summary row of a table."""
    return TableSummary.of(reading.table_id, reading.form_id, verdict, cells)


def _cells(reading: Reading, texts: Sequence[str | None]) -> list[Cell]:
    table_id = reading.table_id
    raws = reading.raws(texts)
    blanks = reading.blanks if "" in raws else reading.zeros
    cells = [
        zero if raw == "0" or raw is None else blank if not raw else read_cell(table_id, slot, raw)
        for zero, blank, slot, raw in zip(reading.zeros, blanks, reading.slots, raws, strict=False)
    ]
    for unplaced in reading.unplaced:
        raw = one_of(texts[place] for place in unplaced.cells)
        for i in unplaced.slots:
            cells[i] = cells[i]._replace(status="unreadable", raw=raw, note=unplaced.why, locator=unplaced.locator)
    return cells


def _untrusted(cell: Cell, why: str) -> Cell:
    """A cell of which nothing is known: neither its number nor that it is blank."""
    return cell if cell.status in ("absent", "unreadable") else cell._replace(value=None, status="unreadable", note=why)


def only_proved(found: Evaluated, recognised: tuple[str, ...]) -> tuple[Evaluated, Problem | None]:
    """A table with the numbers that OCR read given up where the sums do not prove them."""
    cells = counted(found.cells, found.summary.verdict, found.reading.arithmetic, recognised)
    problem = problem_of(found.reading.table_id, found.cells, cells)
    outcome = _outcome(found.reading, cells)
    summary = summarise(found.reading, cells, outcome.verdict)
    return found._replace(cells=tuple(cells), summary=summary, checks=outcome.checks), problem


def choose(
    found: Sequence[Evaluated], table_id: str, foreign: Foreign = NOT_FOREIGN
) -> tuple[Evaluated | None, Problem | None]:
    """The copy of a table that is meant: an unfilled one and one of another year or organ give way, equal ones are one.

    Two that still differ leave no choice; nor does one that may be another's beside one that says less, but is not.
    """
    own = [item for item in found if not item.reading.tables or not item.reading.tables <= foreign.surely]
    if not own:
        message = "only another year's or another organ's copy of this table is on the page"
        return None, Problem("other_year", f"{table_id}: {message}") if found else None
    filled = [item for item in own if item.summary.n_reported] or [item for item in own if item.summary.n_mark] or own
    best = max(item.reading.score for item in filled)
    near = [item for item in filled if item.reading.score > 0.7 * best]
    if len(own) > 1:
        certain = [item for item in own if not item.reading.tables <= foreign.maybe]
        near = [item for item in near if item in certain] or [*certain, *near]
    if len(near) == 1:
        return near[0], None
    distinct = {tuple((cell.indicator, cell.applicant, cell.value) for cell in item.cells): item for item in reversed(near)}
    if len(distinct) == 1:
        return next(iter(distinct.values())), None
    message = f"the page prints {len(distinct)} different copies of this table, and nothing tells which is the report's"
    return None, Problem("several_tables", f"{table_id}: {message}")
