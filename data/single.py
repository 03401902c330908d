"""Checks on one report beyond the form's own sums: plausible values, prose against tables, dates and codes.

A blank never counts as 0: a check with an operand that is no number is not assessable. Names as in docs/checks.md.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from data.columns import Row
from data.organizations import codes_in, same_organ
from data.panel import days_late
from parsers.forms import load_forms
from parsers.model import Cell, Check, Report

Values = Mapping[tuple[str, str], float]
_PERIOD = re.compile(r"统计(?:期限|时限|时间)?[^。；]{0,12}?(20[0-9]{2})年")
_CODE_LIKE = re.compile(r"^[0-9A-Z]{18}(?=/)|^[0-9A-Z]{9}(?=/)")
_FEW_BLANKS, _SHORT_SECTION = 10, 10


def single_checks(report: Report, row: Row) -> list[Check]:
    """The checks on one report; ``row`` is its ``reports`` row (identity and place).

    Deterministic, in a fixed order.
    """
    values = {(c.indicator, c.applicant or ""): float(c.value) for c in report.cells if c.value is not None}
    read = {t.table: t.form for t in report.tables if t.verdict != "absent"}
    found: list[Check] = []
    if "applications" in read:
        found += _applications(report, values)
    if "disputes" in read:
        found += _disputes(report)
    if "proactive" in read:
        found += _proactive(report, values, row)
    if read:
        found += _form(report, read)
        found += _prose(report, values)
    found += _sections(report, row)
    found += _record(report, row)
    return found


def compare(check: str, severity: str, left: float | None, right: float | None, relation: str, detail: str) -> Check:
    """``left = right`` or ``left <= right`` as a Check; not assessable where a side is None."""
    if left is None or right is None:
        return Check(check, "not_assessable", left, right, detail, severity)
    holds = left == right if relation == "=" else left <= right
    return Check(check, "pass" if holds else "fail", left, right, detail, severity)


def judge(check: str, severity: str, fault: bool, detail: str, count: float | None = None) -> Check:
    """A yes-or-no finding as a Check; ``count`` goes to the left side."""
    return Check(check, "fail" if fault else "pass", count, 0 if count is not None else None, detail, severity)


def total(values: Values, *names: str) -> float | None:
    """Sum of the printed totals of indicators, None where one is no number."""
    found = [values.get((name, "total"), values.get((name, ""))) for name in names]
    return sum(v for v in found if v is not None) if all(v is not None for v in found) else None


def _whole(check: str, cells: Iterable[Cell], skip: Callable[[Cell], bool] = lambda _cell: False) -> Check:
    bad = [c for c in cells if c.value is not None and not skip(c) and (c.value < 0 or c.value != int(c.value))]
    listed = ", ".join(f"{c.indicator}{'@' + c.applicant if c.applicant else ''}={c.raw}" for c in bad[:5])
    return judge(
        check, "E", bool(bad), f"not a count: {listed}" if bad else "all counts are whole and not negative", len(bad)
    )


def _applications(report: Report, values: Values) -> Iterator[Check]:
    cells = [c for c in report.cells if c.table == "applications"]
    yield _whole("C-T3-04", cells)
    empty = sum(1 for c in cells if c.status in ("blank", "mark"))
    yield judge(
        "C-T3-05", "E" if empty > _FEW_BLANKS else "W", empty > 0, "blank or marked cells in table three", empty
    )
    absent = sum(1 for c in cells if c.status == "absent")
    yield judge("C-T3-06", "W", absent > 0, "cells of the form that table three lacks", absent)
    filled = {c.indicator for c in cells if c.value is not None and c.applicant != "total"}
    headless = [c for c in cells if c.applicant == "total" and c.status in ("blank", "mark") and c.indicator in filled]
    yield judge("C-T3-07", "W", bool(headless), "rows whose total is blank while parts are filled", len(headless))
    unpaid = total(values, "other_fee_unpaid")
    fees = [f.value for f in report.figures if f.indicator == "processing_fee_yuan"]
    if unpaid and fees:
        yield judge(
            "C-T3-08",
            "W",
            not any(fees),
            "requests ended for an unpaid fee while the prose says none was charged",
            unpaid,
        )


def _disputes(report: Report) -> Iterator[Check]:
    cells = [c for c in report.cells if c.table == "disputes"]
    yield _whole("C-T4-02", cells)
    absent = sum(1 for c in cells if c.status == "absent")
    yield judge("C-T4-02", "E", absent > 0, "cells of the form that table four lacks", absent)


def _proactive(report: Report, values: Values, row: Row) -> Iterator[Check]:
    cells = [c for c in report.cells if c.table == "proactive"]
    money = {"admin_fees_wan_yuan", "procurement_amount_yuan"}
    yield _whole("C-T2-01", cells, lambda c: c.indicator in money or c.indicator.endswith("_change"))
    for name in sorted(money):
        if (amount := total(values, name)) is not None:
            yield compare("C-T2-01", "E", 0, amount, "<=", f"{name} is not negative")
    for kind in ("rules", "normative_docs"):
        issued, in_force = total(values, f"{kind}_issued"), total(values, f"{kind}_in_force")
        if issued is not None or in_force is not None:
            yield compare("C-T2-02", "W", issued, in_force, "<=", f"{kind}_issued <= {kind}_in_force")
        new, everything = total(values, f"{kind}_newly_disclosed"), total(values, f"{kind}_disclosed_total")
        if new is not None or everything is not None:
            yield compare("C-T2-06", "W", new, everything, "<=", f"{kind}_newly_disclosed <= {kind}_disclosed_total")
            made = total(values, f"{kind}_newly_made")
            yield compare("C-T2-06", "I", new, made, "<=", f"{kind}_newly_disclosed <= {kind}_newly_made")
    rules = max(
        (v for n in ("rules_issued", "rules_in_force", "rules_newly_made") if (v := total(values, n))), default=0
    )
    if row.get("org_level") in ("county", "town"):
        yield judge("C-T2-03", "W", rules > 0, "a county or town reports government rules, which it cannot make", rules)
    for kind in ("licensing_items", "other_services_items", "penalty_items", "coercion_items", "fee_items"):
        prior, change = total(values, f"{kind}_prior"), total(values, f"{kind}_change")
        if prior is not None and change is not None:
            yield compare("C-T2-05", "W", 0, prior + change, "<=", f"{kind}_prior + {kind}_change is not negative")
            yield judge(
                "C-T2-05", "W", prior > 0 and prior == change, f"{kind}_change repeats {kind}_prior: a level, no change"
            )


def _form(report: Report, read: Mapping[str, str]) -> Iterator[Check]:
    year = report.report_year
    expected = [f.id for f in load_forms().values() if year is not None and f.years[0] <= year <= f.years[1]]
    if expected and report.form in load_forms():
        text = f"form {report.form} for report year {year}, whose form is {expected[0]}"
        yield judge("C-X-03", "W", report.form != expected[0], text)
    values = {c.indicator: c.value for c in report.cells if c.table == "disputes"}
    after, reviews = values.get("suit_after_review_total"), values.get("review_total")
    if "disputes" in read and after is not None and reviews is not None:
        yield judge("C-X-02", "I", after > 0 and reviews == 0, "suits after review, but no review", after)


# The figure that prose states: what it may equal in the tables.
_STATED: Mapping[str, tuple[str, tuple[tuple[str, ...], ...]]] = {
    "new_requests": ("C-N-01", (("new_requests",), ("new_requests", "carried_over"))),
    "requests_received": ("C-N-01", (("new_requests",), ("new_requests", "carried_over"), ("requests_received",))),
    "carried_over": ("C-N-02", (("carried_over",),)),
    "carried_forward": ("C-N-03", (("carried_forward",),)),
    "concluded": ("C-N-04", (("concluded",),)),
    "disclosed": ("C-N-05", (("disclosed",),)),
    "partially_disclosed": ("C-N-05", (("partially_disclosed",),)),
    "review_total": ("C-N-06", (("review_total",),)),
    "suit_total": ("C-N-06", (("suit_direct_total", "suit_after_review_total"), ("suit_total",))),
    "suit_direct_total": ("C-N-06", (("suit_direct_total",),)),
    "suit_after_review_total": ("C-N-06", (("suit_after_review_total",),)),
}


def _prose(report: Report, values: Values) -> Iterator[Check]:
    stated: dict[str, list[Any]] = {}
    for figure in report.figures:
        if figure.indicator in _STATED:
            stated.setdefault(figure.indicator, []).append(figure)
    for name, figures in stated.items():
        check, alternatives = _STATED[name]
        allowed = [v for names in alternatives if (v := total(values, *names)) is not None]
        if not allowed:
            continue
        figure = next((f for f in figures if f.value in allowed), figures[0])
        detail = f"prose: {figure.text} (characters {figure.start}-{figure.end}); table: {name} {allowed[0]:g}"
        status = "pass" if figure.value in allowed else "fail"
        yield Check(check, status, figure.value, allowed[0], detail, "W")  # type: ignore[arg-type]


def _sections(report: Report, row: Row) -> Iterator[Check]:
    texts = {s.section: s.text.strip() for s in report.sections}
    if report.form == "2021" and 6 in texts:
        stated = any(f.indicator == "processing_fee_yuan" for f in report.figures)
        yield judge("C-N-07", "W", not stated, "section six must say whether information-processing fees were charged")
    if 5 in texts:
        yield judge("C-N-08", "W", len(texts[5]) < _SHORT_SECTION, "section five is empty or nearly so", len(texts[5]))
    period = _PERIOD.search(report.text)
    year = row.get("report_year")
    if period and isinstance(year, int):
        yield compare("C-N-09", "W", int(period[1]), year, "=", f"stated period: {period[0]}")


def _record(report: Report, row: Row) -> Iterator[Check]:
    meta = report.metadata
    printed = re.sub(r"\s+", "", meta.index_no or "").upper()
    if _CODE_LIKE.match(printed):
        fault = codes_in(printed).org_code is None
        yield judge("C-R-02", "E", fault, f"check digits of the code in index number {meta.index_no}")
    if report.org_name and meta.publisher:
        fault = not same_organ(report.org_name, meta.publisher)
        yield judge("C-R-04", "W", fault, f"title: {report.org_name}; publisher: {meta.publisher}")
    year, published = row.get("report_year"), _day(meta.date_published)
    if isinstance(year, int):
        yield compare("C-R-05", "W", 2007, year, "<=", "report year is not before the first reports")
        if published:
            fault = published <= date(year, 12, 31)
            yield judge("C-R-05", "W", fault, f"published {published} after the end of report year {year}")
            late = days_late(row)
            if late is not None:
                yield judge("C-R-05", "I", late > 0, "days after the legal deadline", late)
    posted = re.search(r"/((?:19|20)\d\d)-\d", printed)
    years = {day.year for day in (_day(meta.date_created), published) if day}
    if posted and years:
        detail = f"year in index number {meta.index_no} is that of creation or publication"
        yield judge("C-R-06", "W", int(posted[1]) not in years, detail)
    nowhere = sum(1 for c in report.cells if c.value is not None and (not c.locator or c.raw is None))
    yield judge("C-R-07", "E", nowhere > 0, "numbers without raw text or address", nowhere)


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None
