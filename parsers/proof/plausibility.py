"""Checks on one report beyond the sums of its form: plausible numbers, completeness, form and year, dates.

Names, severities (E error, W warning, I information) and bounds are those of docs/checks.md. One row for each check,
passed ones too; the sides of a row are those of its one comparison, or the number of faults against 0. None of them
decides a verdict: that is for the sums alone (parsers.proof.identities).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from parsers.forms import load_forms
from parsers.model import Cell, Check, Metadata, Number, Report, TableSummary
from parsers.proof.checks import Totals, compare, judge, total

_ENOUGH_BLANKS = 10  # more of them are an error
_SHORT_SECTION = 10  # characters
_FIRST_REPORTS = 2007
_LISTED = 5  # cells that a detail names
_MONEY = frozenset(("admin_fees_wan_yuan", "procurement_amount_yuan"))
_KINDS = ("rules", "normative_docs")
_ITEMS = ("licensing_items", "other_services_items", "penalty_items", "coercion_items", "fee_items")

_PERIOD_START = re.compile(r"(20\d\d)年0?1月0?1日?起?(?:至|到|—{1,2}|-{1,2}|－|~|～)+(?:(20\d\d)年|同年|当年|本年)?$")
_PERIOD_WORDS = ("统计", "期限", "时限", "数据", "周期", "期间", "时段")
_BEFORE = 60  # characters looked at before the end of a period
_INDEX_YEAR = re.compile(r"/((?:19|20)\d\d)-\d")


def plausibility(report: Report, numbers: Totals) -> tuple[Check, ...]:
    """The checks on a report; ``numbers`` are the totals of its cells (parsers.proof.checks).

    Never raises; the same report gives the same rows.
    """
    if report.form is None:
        return ()
    counted = _count(report.cells)
    found: list[Check] = []
    for table in report.tables:
        if table.verdict == "absent":
            continue
        if table.table == "proactive":
            found += _proactive(table, counted[table.table], numbers)
        elif table.table == "applications":
            found += _applications(table, counted[table.table], numbers, report)
        elif table.table == "disputes":
            found += _disputes(table, counted[table.table])
    found += _across(numbers)
    found += _form_and_text(report)
    found += _dates(report.metadata, report.report_year)
    if report.cells:
        lost = [name for table in counted.values() for name in table.unaddressed]
        found.append(judge("C-R-07", "E", bool(lost), _listed("numbers without raw text or address", lost), len(lost)))
    return tuple(found)


# ------------------------------------------------------------------ cells


@dataclass(slots=True)
class _Counted:
    """What one pass over the cells finds in a table, by name."""

    not_counts: list[str] = field(default_factory=list)  # numbers below 0 or with a fraction, where neither can be
    absent: list[str] = field(default_factory=list)
    empty: list[str] = field(default_factory=list)  # blank or a mark
    empty_totals: list[str] = field(default_factory=list)
    unaddressed: list[str] = field(default_factory=list)


def _count(cells: Sequence[Cell]) -> defaultdict[str, _Counted]:
    found: defaultdict[str, _Counted] = defaultdict(_Counted)
    for cell in cells:
        value = cell[3]
        if value is not None:
            if cell[5] is None or cell[8] is None:
                found[cell.table].unaddressed.append(_name(cell))
            if value.__class__ is int and value >= 0:
                continue
            signed, money = cell.indicator.endswith("_change"), cell.indicator in _MONEY
            if (value < 0 and not signed) or (isinstance(value, float) and not money):
                found[cell.table].not_counts.append(f"{_name(cell)}={cell.raw}")
        elif cell.status == "absent":
            found[cell.table].absent.append(_name(cell))
        elif cell.status != "unreadable":
            found[cell.table].empty.append(_name(cell))
            if cell.applicant == "total":
                found[cell.table].empty_totals.append(cell.indicator)
    return found


def _name(cell: Cell) -> str:
    name = cell.indicator or cell.label_raw or "?"
    return name if cell.applicant is None else f"{name}.{cell.applicant}"


def _listed(what: str, names: Sequence[str]) -> str:
    if not names:
        return what
    more = f" and {len(names) - _LISTED} more" if len(names) > _LISTED else ""
    return f"{what}: {', '.join(names[:_LISTED])}{more}"


# ------------------------------------------------------------------ tables


def _whole(check: str, table: TableSummary, counted: _Counted) -> Check:
    what = "counts are whole numbers, none below 0"
    if not table.n_reported:
        return Check(check, "not_assessable", None, None, f"{what}: no number is printed", "E")
    return judge(check, "E", bool(counted.not_counts), _listed(what, counted.not_counts), len(counted.not_counts))


def _applications(table: TableSummary, counted: _Counted, numbers: Totals, report: Report) -> Iterator[Check]:
    yield _whole("C-T3-04", table, counted)
    empty = len(counted.empty)
    # Many blanks are an error of filling in, unless the sums prove that they stand for 0.
    severity = "E" if empty > _ENOUGH_BLANKS and table.verdict != "proved_blank_as_zero" else "W"
    yield judge("C-T3-05", severity, empty > 0, _listed("blank or marked cells", counted.empty), empty)
    absent = counted.absent
    yield judge("C-T3-06", "W", bool(absent), _listed("cells of the form that are not printed", absent), len(absent))
    headless = _headless(counted, report.cells)
    yield judge("C-T3-07", "W", bool(headless), _listed("rows with numbers whose total is blank", headless), len(headless))
    if "other_fee_unpaid" in numbers:
        yield _unpaid(numbers["other_fee_unpaid"], report)


def _headless(counted: _Counted, cells: Sequence[Cell]) -> list[str]:
    if not counted.empty_totals:
        return []
    parts = {cell.indicator for cell in cells if cell.value is not None and cell.applicant not in (None, "total")}
    return [name for name in counted.empty_totals if name in parts]


def _unpaid(unpaid: Number | None, report: Report) -> Check:
    detail = "requests ended for an unpaid fee, while the prose says that no fee was charged"
    fee = next((figure.value for figure in report.figures if figure.indicator == "processing_fee_yuan"), None)
    if unpaid is None or (unpaid and fee is None):
        return Check("C-T3-08", "not_assessable", unpaid, fee, detail, "W")
    return Check("C-T3-08", "fail" if unpaid > 0 and fee == 0 else "pass", unpaid, fee, detail, "W")


def _disputes(table: TableSummary, counted: _Counted) -> Iterator[Check]:
    whole = _whole("C-T4-02", table, counted)
    if not counted.absent:
        yield whole
        return
    missing = _listed("cells of the form that are not printed", counted.absent)
    detail = f"{whole.detail}; {missing}" if whole.status == "fail" else missing
    yield judge("C-T4-02", "E", True, detail, len(counted.absent) + len(counted.not_counts))


def _proactive(table: TableSummary, counted: _Counted, numbers: Totals) -> Iterator[Check]:
    yield _whole("C-T2-01", table, counted)
    yield from _ordered("C-T2-02", "W", numbers, [(f"{kind}_issued", f"{kind}_in_force") for kind in _KINDS])
    yield from _items(numbers)
    pairs = [(f"{kind}_newly_disclosed", f"{kind}_disclosed_total") for kind in _KINDS]
    yield from _ordered("C-T2-06", "W", numbers, pairs)
    pairs = [(f"{kind}_newly_disclosed", f"{kind}_newly_made") for kind in _KINDS]
    yield from _ordered("C-T2-06", "I", numbers, pairs)


def _ordered(check: str, severity: str, numbers: Totals, pairs: Sequence[tuple[str, str]]) -> Iterator[Check]:
    """``left <= right`` for each pair that the form has, as one row."""
    rows = [
        compare(check, severity, numbers[left], numbers[right], "<=", f"{left} <= {right}")
        for left, right in pairs
        if left in numbers and right in numbers
    ]
    if rows:
        yield _one(rows)


def _items(numbers: Totals) -> Iterator[Check]:
    """Items of last year and their change (form of 2019): no fewer items than none, and a change is no level."""
    rows = []
    for kind in _ITEMS:
        prior, change = f"{kind}_prior", f"{kind}_change"
        if prior in numbers and change in numbers:
            row = compare("C-T2-05", "W", 0, total(numbers, prior, change), "<=", f"{prior} + {change} is not below 0")
            level = numbers[prior]
            if row.status == "pass" and level and level == numbers[change]:
                row = judge("C-T2-05", "W", True, f"{change} repeats {prior}: a level, no change")._replace(left=level, right=level)
            rows.append(row)
    if rows:
        yield _one(rows)


_WORST = {"fail": 0, "pass": 1, "not_assessable": 2}


def _one(rows: Sequence[Check]) -> Check:
    """Rows of one check as one: the first that fails, else the first that can be assessed; the others' details behind it."""
    ordered = sorted(rows, key=lambda row: _WORST[row.status])
    first = ordered[0]
    return first._replace(detail="; ".join(row.detail for row in ordered if row.status == first.status))


# ------------------------------------------------------------------ across tables, form, text, dates


def _across(numbers: Totals) -> Iterator[Check]:
    if "suit_after_review_total" not in numbers:
        return
    if "concluded" in numbers:
        # Cases may be about decisions of the year before, which only that year's report knows.
        sides = total(numbers, "review_total", "suit_direct_total"), numbers["concluded"]
        row = compare("C-X-01", "W", *sides, "<=", "reviews and direct suits <= requests concluded")
        yield row._replace(status="not_assessable", detail=f"{row.detail} this year and last") if row.status == "fail" else row
    after, reviews = numbers["suit_after_review_total"], numbers.get("review_total")
    row = Check("C-X-02", "not_assessable", after, reviews, "suits after review, but no review", "I")
    if after is not None and reviews is not None:
        row = row._replace(status="fail" if after > 0 and reviews == 0 else "pass")
    yield row


def _form_and_text(report: Report) -> Iterator[Check]:
    forms, year = load_forms(), report.report_year
    read = list(dict.fromkeys(table.form for table in report.tables if table.verdict != "absent" and table.form in forms))
    if year is not None and read:
        strange = [form for form in read if not forms[form].years[0] <= year <= forms[form].years[1]]
        detail = f"form {', '.join(strange or read)} for report year {year}"
        yield judge("C-X-03", "W", bool(strange), detail)
    five = next((section.text for section in report.sections if section.section == 5), None)
    if five is not None:
        length = len("".join(five[:200].split()))
        yield judge("C-N-08", "W", length < _SHORT_SECTION, "section 5 (problems and improvements) has something to say")
    elif report.sections:
        yield Check("C-N-08", "not_assessable", None, None, "section 5 (problems and improvements) was not found", "W")
    stated = _stated_years(report.text)
    if stated and year is not None:
        wrong = next((found for found in stated if found != year), stated[0])
        yield compare("C-N-09", "W", wrong, year, "=", "the stated period of the statistics is the report year")


def _stated_years(text: str) -> list[int]:
    """Years of the statistical periods (1 January to 31 December) that a text states, in order."""
    found: list[int] = []
    for end in ("12月31日", "十二月三十一日"):
        at = text.find(end)
        while at >= 0 and len(found) < 4:
            before = "".join(text[max(0, at - _BEFORE) : at].replace("一月一日", "1月1日").split())
            match = _PERIOD_START.search(before)
            if match and any(word in before for word in _PERIOD_WORDS) and match[2] in (None, match[1]):
                found.append(int(match[1]))
            at = text.find(end, at + 1)
    return found


def _dates(metadata: Metadata, year: int | None) -> Iterator[Check]:
    created, published = _year(metadata.date_created), _year(metadata.date_published)
    if year is not None:
        if year < _FIRST_REPORTS:
            yield compare("C-R-05", "W", _FIRST_REPORTS, year, "<=", "report year is not before the first reports")
        elif published is not None:
            what = f"published {metadata.date_published}, after the end of report year {year}"
            yield compare("C-R-05", "W", year + 1, published, "<=", what)
        else:
            yield compare("C-R-05", "W", _FIRST_REPORTS, year, "<=", "report year is not before the first reports")
    posted = _INDEX_YEAR.search("".join((metadata.index_no or "").split()))
    dated = [found for found in (created, published) if found is not None]
    if posted and dated:
        stated = int(posted[1])
        right = stated if stated in dated else dated[0]
        yield compare("C-R-06", "W", stated, right, "=", f"year in index number {metadata.index_no} is that of creation or publication")


def _year(date: str | None) -> int | None:
    return int(date[:4]) if date and date[:4].isdigit() else None
