"""Checks of a report against the same organ's other years (C-Y). Names as in docs/checks.md."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence

from data.assemble import Bundle
from data.columns import Row
from data.indicators import SUFFIXES
from data.schema import tables
from parsers.model import Check
from parsers.proof.checks import compare, judge

_SIMILAR, _SHINGLE, _ENOUGH = 0.95, 5, 5
_GROWTH, _SLIP = 3.0, 3.5
Prose = Callable[[Bundle], str]


def year_checks(reports: Sequence[Bundle], prose: Prose) -> dict[str, list[Row]]:
    """{report_id: rows of ``checks``} over all reports of one organ; ``prose`` gives a report's text."""
    dated = sorted((b for b in reports if b.year is not None), key=lambda b: (b.year or 0, b.report_id))
    found: dict[str, list[Row]] = {b.report_id: [] for b in reports}
    last: dict[tuple[int, str], Bundle] = {}
    for bundle in dated:
        year, scope = bundle.year or 0, str(bundle.row.get("scope"))
        before = last.get((year - 1, scope)) or next((b for (y, _), b in last.items() if y == year - 1), None)
        earlier = [b for (y, _), b in last.items() if y < year]
        found[bundle.report_id] += list(_record(bundle, [b for b in dated if b.year == year], earlier))
        if before is not None:
            checks = _pair(bundle, before, prose)
            found[bundle.report_id] += [row(bundle, check, before.report_id) for check in checks]
        last[year, scope] = bundle
    return found


def row(bundle: Bundle, check: Check, other: str | None = None) -> Row:
    """A row of ``checks``."""
    values = check._asdict() | {"report_id": bundle.report_id, "other_report_id": other}
    return tables()["checks"].row(values)


def _record(bundle: Bundle, same_year: Sequence[Bundle], earlier: Sequence[Bundle]) -> Iterator[Row]:
    rivals = [b for b in same_year if b is not bundle and b.row.get("scope") == bundle.row.get("scope")]
    if rivals:
        detail = f"the organ has {len(rivals) + 1} reports on {bundle.year} of the same scope"
        yield row(bundle, judge("C-R-01", "E", True, detail, len(rivals) + 1), rivals[0].report_id)
    if not earlier:
        return
    latest = max(earlier, key=lambda b: b.year or 0)
    gap = (bundle.year or 0) - (latest.year or 0) - 1
    if gap:
        yield row(
            bundle,
            judge("C-Y-07", "I", True, f"no report between {latest.year} and {bundle.year}", gap),
            latest.report_id,
        )
    if latest.row.get("org_name") != bundle.row.get("org_name"):
        detail = f"another name than before: {latest.row.get('org_name')} -> {bundle.row.get('org_name')}"
        yield row(bundle, judge("C-Y-07", "I", True, detail), latest.report_id)


def _pair(now: Bundle, before: Bundle, prose: Prose) -> Iterator[Check]:
    this, last = now.totals(), before.totals()

    def stated(*names: str) -> bool:
        return all(name in this or name in last for name in names)

    for suffix in SUFFIXES.values():
        over, forward = f"carried_over{suffix}", f"carried_forward{suffix}"
        if over in this and forward in last:
            yield compare("C-Y-01", "E", this[over], last[forward], "=", f"{over} = last year's {forward}")
    yield from _levels(now.year or 0, this, last)
    yield from _copied(now, before)
    yield from _prose(now, before, prose)
    if "new_requests" in this and "new_requests" in last:
        growth = abs(math.log(this["new_requests"] + 1) - math.log(last["new_requests"] + 1))
        detail = f"new_requests {last['new_requests']:g} -> {this['new_requests']:g}"
        yield judge("C-Y-06", "W", growth > _GROWTH, detail, this["new_requests"])
    if stated("review_pending", "review_total"):
        detail = "last year's review_pending <= review_total"
        yield compare("C-Y-08", "W", last.get("review_pending"), this.get("review_total"), "<=", detail)
    disputes = [this.get("review_total"), this.get("suit_direct_total")]
    decided = [this.get("concluded"), last.get("concluded")]
    if None not in (*disputes, *decided):
        detail = "reviews and direct suits <= requests concluded this year and last"
        yield compare("C-X-01", "W", sum(v or 0 for v in disputes), sum(v or 0 for v in decided), "<=", detail)


def _levels(year: int, this: dict[str, float], last: dict[str, float]) -> Iterator[Check]:
    for kind in ("rules", "normative_docs"):
        stock, issued, gone = (f"{kind}_in_force", f"{kind}_issued", f"{kind}_repealed")
        if year >= 2022 and stock in last and all(name in this for name in (stock, issued, gone)):
            due = last[stock] + this[issued] - this[gone]
            yield compare("C-Y-02", "W", this[stock], due, "=", f"{stock} = last year's + {issued} - {gone}")
            detail = f"{gone} <= last year's {stock} + {issued}"
            yield compare("C-T2-02", "W", this[gone], last[stock] + this[issued], "<=", detail)
        everything, new = f"{kind}_disclosed_total", f"{kind}_newly_disclosed"
        if everything in last and everything in this and new in this:
            due = last[everything] + this[new]
            yield compare("C-Y-03", "W", this[everything], due, "=", f"{everything} = last year's + {new}")
    for kind in ("licensing", "other_services", "penalty", "coercion"):
        prior, change = f"{kind}_items_prior", f"{kind}_items_change"
        if prior in this and prior in last and change in last:
            due = last[prior] + last[change]
            yield compare("C-Y-03", "W", this[prior], due, "=", f"{prior} = last year's {prior} + {change}")
    fees = "admin_fees_wan_yuan"
    if this.get(fees, 0) > 0 and last.get(fees, 0) > 0:
        slip = abs(math.log10(this[fees] / last[fees])) >= _SLIP
        yield judge("C-T2-04", "W", slip, f"{fees} {last[fees]:g} -> {this[fees]:g}: yuan for 10,000 yuan?", this[fees])


def _copied(now: Bundle, before: Bundle) -> Iterator[Check]:
    ours, theirs = _signatures(now), _signatures(before)
    for table in sorted(set(ours) & set(theirs)):
        (signature, numbers), (other, _) = ours[table], theirs[table]
        if numbers >= _ENOUGH:
            yield judge("C-Y-04", "W", signature == other, f"table {table}: the same numbers as last year", numbers)


def _signatures(bundle: Bundle) -> dict[str, tuple[str, int]]:
    read = bundle.unit.read_from()
    return {table: (s.head["table_sigs"][table][0], s.head["table_sigs"][table][1]) for table, s in read.items()}


def _prose(now: Bundle, before: Bundle, prose: Prose) -> Iterator[Check]:
    ours, theirs = prose(now), prose(before)
    one, other = ({text[i : i + _SHINGLE] for i in range(len(text) - _SHINGLE + 1)} for text in (ours, theirs))
    if len(one) < 100 or len(other) < 100:
        return
    share = len(one & other) / len(one | other)
    yield judge("C-Y-05", "W", share > _SIMILAR, f"prose: {share:.2f} of its five-character runs are last year's")
    stale = f"{before.year}年" in ours and f"{now.year}年" not in ours
    yield judge(
        "C-Y-05",
        "W",
        stale,
        f"prose speaks of {before.year} and never of {now.year}" if stale else "prose names its year",
    )
