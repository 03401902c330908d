"""A printed text in its place of the form -> a cell of the dataset."""

from __future__ import annotations

from functools import partial

from parsers.annual.placement import Placement, Slot
from parsers.model import Cell, Number, Status
from parsers.values import Value, convert, read_value

_MONEY = ("元", "万元", "亿元")
_new = partial(tuple.__new__, Cell)  # half the time of Cell(...): a page has hundreds


def read_cell(table_id: str, slot: Slot, raw: str | None) -> Cell:
    """The cell of a slot whose printed text is ``raw`` (None: the page does not print it)."""
    indicator, applicant, period, unit, place, locator = slot
    if place is None or raw is None:
        return Cell(table_id, indicator, applicant, None, "absent", None, None, unit, None, None, period)
    value = read_value(raw)
    status, number, note, printed = value
    if status == "reported" and (printed is not None or place.head_unit is not None or not place.unit_stated):
        return _with_unit(table_id, slot, place, raw, value)
    return _new((table_id, indicator, applicant, number, status, raw, note, unit, locator, None, period))


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
