"""Checks on one report that need more than its page: the organ's level, its codes and names, legal deadlines.

What the page alone tells is checked by parsers (plausibility, prose_checks). Names as in docs/checks.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from data.columns import Row
from data.organizations import codes_in, same_organ
from data.panel import days_late
from parsers.model import Check, Report
from parsers.proof.checks import judge

_CODE_LIKE = re.compile(r"^[0-9A-Z]{18}(?=/)|^[0-9A-Z]{9}(?=/)")
_RULES = ("rules_issued", "rules_in_force", "rules_newly_made")


def single_checks(report: Report, row: Row) -> list[Check]:
    """The checks on one report; ``row`` is its ``reports`` row (identity and place).

    Deterministic, in a fixed order.
    """
    return [*_proactive(report, row), *_record(report, row)]


def _proactive(report: Report, row: Row) -> Iterator[Check]:
    if row.get("org_level") in ("county", "town"):
        values = [c.value for c in report.cells if c.indicator in _RULES and c.value is not None]
        if values:
            rules = max(values)
            detail = "a county or town reports government rules, which it cannot make"
            yield judge("C-T2-03", "W", rules > 0, detail, rules)


def _record(report: Report, row: Row) -> Iterator[Check]:
    meta = report.metadata
    printed = re.sub(r"\s+", "", meta.index_no or "").upper()
    if _CODE_LIKE.match(printed):
        fault = codes_in(printed).org_code is None
        yield judge("C-R-02", "E", fault, f"check digits of the code in index number {meta.index_no}")
    if report.org_name and meta.publisher:
        fault = not same_organ(report.org_name, meta.publisher)
        yield judge("C-R-04", "W", fault, f"title: {report.org_name}; publisher: {meta.publisher}")
    late = days_late(row) if isinstance(row.get("report_year"), int) else None
    if late is not None:
        yield judge("C-R-05", "I", late > 0, "days after the legal deadline", late)
