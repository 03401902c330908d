"""What the checks on a report share: comparing two sides, and the numbers a report prints.

A blank, a mark or an unreadable cell is never 0: a check with such an operand is not assessable.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from parsers.model import Cell, Check, Number

Totals = Mapping[str, Number | None]


def compare(check: str, severity: str, left: Number | None, right: Number | None, relation: str, detail: str) -> Check:
    """``left = right`` or ``left <= right`` as a Check; not assessable where a side is None."""
    if left is None or right is None:
        return Check(check, "not_assessable", left, right, detail, severity)
    holds = left == right if relation == "=" else left <= right
    return Check(check, "pass" if holds else "fail", left, right, detail, severity)


def judge(check: str, severity: str, fault: bool, detail: str, count: Number | None = None) -> Check:
    """A yes-or-no finding as a Check; ``count`` (of faults) goes to the left side."""
    return Check(check, "fail" if fault else "pass", count, 0 if count is not None else None, detail, severity)


def totals(cells: Iterable[Cell]) -> dict[str, Number | None]:
    """{indicator: the year's number for all applicants}, None where the cell holds none.

    An indicator that stands there twice with different numbers (statistics of a local form) is None too.
    """
    found: dict[str, Number | None] = {}
    for cell in cells:
        if (cell.applicant is None or cell.applicant == "total") and cell.indicator and cell.period != "cumulative":
            known = found.setdefault(cell.indicator, cell.value)
            if known != cell.value:
                found[cell.indicator] = None
    return found


def total(numbers: Totals, *names: str) -> Number | None:
    """Sum of indicators, None where one is not there or no number."""
    result: Number = 0
    for name in names:
        value = numbers.get(name)
        if value is None:
            return None
        result += value
    return result
