"""Other readings of the same printed cells, for tables whose plain reading contradicts the form's sums.

Two slips of publishers are known: a line with a blank cell too many, and values that stand one row above or below their labels from
some row on. Where no head is printed, the totals may stand first. No reading here changes, adds or drops a printed number.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

from parsers.annual.placement import Slot
from parsers.model import Cell

_MAX_PRODUCT = 256
TOTAL = "total"

OpenRows = Sequence[Sequence[Sequence[Slot]]]


def other_readings(slots: Sequence[Slot], open_rows: OpenRows, cells: Sequence[Cell]) -> Iterator[list[Slot]]:
    """Candidate readings as slots in form order; ``cells`` are those of the plain reading."""
    if open_rows:
        yield from _with_open_rows(slots, open_rows)
        return
    turned = totals_first(slots)
    if turned is not None:
        yield turned
    yield from _shifted(slots, cells)


def totals_first(slots: Sequence[Slot]) -> list[Slot] | None:
    """The reading in which the first number of each row that stands under no head is its total; None where there is no such row."""
    trial = list(slots)
    for row in _rows(slots):
        if slots[row[-1]].applicant == TOTAL and all((place := slots[i].place) and place.headless for i in row):
            _move(trial, slots, row, [row[-1], *row[:-1]])
    return trial if trial != list(slots) else None


def _with_open_rows(slots: Sequence[Slot], open_rows: OpenRows) -> Iterator[list[Slot]]:
    choices = 1
    for row in open_rows:
        choices *= len(row)
    if choices > _MAX_PRODUCT:
        return
    for chosen in product(*open_rows):
        placed = {slot[:3]: slot for option in chosen for slot in option}
        yield [placed.get(slot[:3], slot) for slot in slots]


def _shifted(slots: Sequence[Slot], cells: Sequence[Cell]) -> Iterator[list[Slot]]:
    """Rows between a blank row and any other row moved by one towards the blank one."""
    rows = _rows(slots)
    blank = [r for r, row in enumerate(rows) if all(cells[i].status in ("blank", "absent") for i in row)]
    filled = [r for r, row in enumerate(rows) if any(cells[i].value for i in row)]
    for hole in blank:
        for end in filled:
            moved = range(hole + 1, end + 1) if end > hole else range(end, hole)
            if any(len(rows[r]) != len(rows[hole]) for r in moved):
                continue
            step = -1 if end > hole else 1
            trial = list(slots)
            for r in moved:
                _move(trial, slots, rows[r], rows[r + step])
            _move(trial, slots, rows[hole], rows[end])
            yield trial


def _rows(slots: Sequence[Slot]) -> list[list[int]]:
    """Indices of the slots of each row, rows in form order."""
    rows: dict[str, list[int]] = {}
    for i, slot in enumerate(slots):
        rows.setdefault(slot.indicator, []).append(i)
    return list(rows.values())


def _move(trial: list[Slot], slots: Sequence[Slot], source: list[int], target: list[int]) -> None:
    for old, new in zip(source, target, strict=True):
        trial[new] = slots[new]._replace(place=slots[old].place, locator=slots[old].locator)
