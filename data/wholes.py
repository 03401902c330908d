"""The tables that are always one file: indicators, organizations, divisions, coverage, revisions."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from data.assemble import Bundle
from data.columns import Row
from data.divisions import division_table, lineage
from data.indicators import Indicator, indicators
from data.organizations import BASES, hashed_id, name_key
from data.payloads import Body
from data.schema import tables
from data.state import Seen

# Problems of a page by the reason that coverage gives for it.
_REASONS = {
    "blocked": "blocked", "captcha": "blocked", "robots": "blocked", "login": "blocked",
    "attachment_only": "attachment_only", "needs_libreoffice": "attachment_only",
}  # fmt: skip
_NO_REASON = ("not_a_report",)
_CELL = ("table", "indicator", "applicant", "period")


def indicator_rows() -> list[Row]:
    """The codebook as rows."""
    return [row for indicator in indicators().values() for row in _indicator(indicator)]


def _indicator(indicator: Indicator) -> Iterator[Row]:
    common = {
        "indicator": indicator.name,
        "by_applicant": indicator.applicants,
        "name_en": indicator.en,
        "definition_en": indicator.definition_en,
        "definition_zh": indicator.definition_zh,
        "legal_basis": "；".join(indicator.basis) or None,
        "unconfirmed": indicator.unconfirmed,
        "identities": " ".join(indicator.identities) or None,
        "warnings": " ".join(en for en, _zh in indicator.warnings) or None,
    }
    table = tables()["indicators"]
    for place in indicator.places:
        first, last = indicator.years(place.form)
        comparable = " ".join(indicator.comparable(place.form))
        facts = {"form": place.form, "table": place.table, "label": place.label, "unit": place.unit}
        years = {"first_year": first, "last_year": last, "comparable_forms": comparable}
        yield table.row(common | facts | years)
    if not indicator.places:
        form = "derived" if indicator.derived else "prose"
        yield table.row(common | {"form": form, "unit": indicator.unit})


def organization_rows(bundles: Sequence[Bundle]) -> list[Row]:
    """One row an organ, by identifier."""
    groups: dict[str, list[Bundle]] = defaultdict(list)
    for bundle in bundles:
        groups[bundle.org_id].append(bundle)
    return [_organization(groups[org_id]) for org_id in sorted(groups)]


def _organization(group: Sequence[Bundle]) -> Row:
    latest_first = sorted(group, key=lambda b: (-(b.year or 0), b.report_id))
    rows = [bundle.row for bundle in latest_first]
    known = {
        name: next((row[name] for row in rows if row.get(name) is not None), None)
        for name in tables()["organizations"].names
        if name in tables()["reports"].names
    }
    years = sorted({b.year for b in group if b.year is not None})
    missing = [str(y) for y in range(years[0], years[-1]) if y not in years] if years else []
    names = dict.fromkeys(str(row["org_name"]) for row in rows if row.get("org_name"))
    sites = sorted({str(row["site"]) for row in rows if row.get("site")})
    hashed = {hashed_id(site, name_key(name)) for site in sites for name in names}
    return tables()["organizations"].row(
        known
        | {
            "org_id_basis": min((str(row["org_id_basis"]) for row in rows), key=BASES.index),
            "names": "|".join(names) or None,
            "sites": "|".join(sites) or None,
            "former_ids": "|".join(sorted(hashed - {group[0].org_id})) or None,
            "first_year": years[0] if years else None,
            "last_year": years[-1] if years else None,
            "n_reports": len(group),
            "missing_years": "|".join(missing) or None,
        }
    )


def source_rows(bundles: Sequence[Bundle]) -> list[Row]:
    """One row a payload at an address, by report, the page itself first."""
    return [_source(bundle.report_id, role, seen) for bundle in bundles for role, seen in bundle.sources()]


def _source(report_id: str, role: str, seen: Seen) -> Row:
    row: Row = {name: getattr(seen, name, None) for name in tables()["sources"].names}
    head = seen.head["row"]
    return row | {"report_id": report_id, "role": role, "kind": head.get("kind"), "title": head.get("title")}


def division_rows(bundles: Sequence[Bundle]) -> list[Row]:
    """History of every code that the reports' codes run through, and of the divisions above."""
    codes: set[str] = set()
    for code in {str(b.row[name]) for b in bundles for name in ("division_code", "division_code_std") if b.row.get(name)}:
        codes |= {code, f"{code[:4]}00", f"{code[:2]}0000"} | {step.code for step in lineage(code)}
    rows = [division for code in sorted(codes) for division in division_table().get(code, ())]
    return [tables()["divisions"].row(division._asdict()) for division in rows]


def coverage_rows(
    bundles: Sequence[Bundle],
    rest: Sequence[Seen],
    problems: Sequence[Row],
    expectations: Mapping[str, Mapping[str, Any]],
) -> list[Row]:
    """One row a site and year: every year expected, every year found, and (year null) problems of unknown year."""
    found: dict[tuple[str, int | None], list[Bundle]] = defaultdict(list)
    for bundle in bundles:
        found[str(bundle.row.get("site") or ""), bundle.year].append(bundle)
    reasons: dict[tuple[str, int | None], Counter[str]] = defaultdict(Counter)
    years = {seen.source: seen.head["row"].get("report_year") for seen in rest}
    years |= {seen.source: bundle.year for bundle in bundles for _, seen in bundle.sources()}
    for problem in problems:
        if problem["code"] not in _NO_REASON:
            year = years.get(str(problem["source"]))
            reasons[str(problem["site"] or ""), year if isinstance(year, int) else None][_reason(str(problem["code"]))] += 1
    wanted: dict[tuple[str, int | None], int] = {}
    for site, facts in expectations.items():
        if facts.get("years"):
            first, last = facts["years"]
            wanted |= {(site, year): int(facts.get("min_reports_per_year") or 1) for year in range(first, last + 1)}
        elif facts.get("min_reports_per_year"):
            wanted |= {key: int(facts["min_reports_per_year"]) for key in found if key[0] == site and key[1] is not None}
    # A site that gave neither a report nor a problem must not go unseen.
    seen = {site for site, _ in (*found, *reasons, *wanted)}
    silent: dict[tuple[str, int | None], list[Bundle]] = {(site, None): [] for site in expectations if site not in seen}
    keys = sorted({*found, *reasons, *wanted, *silent}, key=lambda k: (k[0], k[1] or 0))
    return [_coverage(key, found.get(key, []), reasons.get(key, Counter()), wanted.get(key)) for key in keys]


def _reason(code: str) -> str:
    return _REASONS.get(code.split(":")[0], "unreadable")


def _coverage(key: tuple[str, int | None], bundles: Sequence[Bundle], reasons: Counter[str], expected: int | None) -> Row:
    site, year = key
    missing = max(expected - len(bundles), 0) if expected is not None else None
    status = "found"
    if missing or not bundles:
        status = max(reasons, key=lambda r: (reasons[r], r)) if reasons else "missing"
    counts: Row = {name: reasons[name] for name in ("blocked", "attachment_only", "unreadable")}
    return tables()["coverage"].row(
        {
            "site": site or "(files)",
            "report_year": year,
            "status": status,
            "expected": expected,
            "found": len(bundles),
            "with_tables": sum(1 for b in bundles if b.unit.read_from()),
            "missing": missing,
        }
        | counts
    )


def revision_rows(bundles: Sequence[Bundle], load: Callable[[str], Body]) -> list[Row]:
    """Every cell that two consecutive versions of a report print differently."""
    return [row for bundle in bundles for row in _revisions(bundle, load)]


def _revisions(bundle: Bundle, load: Callable[[str], Body]) -> Iterator[Row]:
    versions = _versions(bundle)
    for old, new in pairwise(versions):
        before, after = _cells(old, load), _cells(new, load)
        for key in dict.fromkeys((*before, *after)):
            one, other = before.get(key, (None, "absent")), after.get(key, (None, "absent"))
            if one != other:
                yield tables()["revisions"].row(
                    {
                        "report_id": bundle.report_id,
                        "table": key[0],
                        "indicator": key[1],
                        "applicant": key[2],
                        "old_value": one[0],
                        "old_status": one[1],
                        "new_value": other[0],
                        "new_status": other[1],
                        "old_source": old[0].source,
                        "old_fetched_at": old[0].last_fetched_at,
                        "old_sha256": old[0].sha256,
                        "new_source": new[0].source,
                        "new_fetched_at": new[0].fetched_at,
                        "new_sha256": new[0].sha256,
                    }
                )


def _versions(bundle: Bundle) -> list[list[Seen]]:
    """Payloads that tables are read from, version by version, oldest first; a version like the one before left out."""
    units = (*bundle.earlier, bundle.unit)
    dated = [(seen.last_fetched_at or "", 0, [seen]) for unit in units for seen in unit.earlier if seen.head["cells_sig"]]
    for place, unit in enumerate(units, 1):
        if unit.signature:
            dated.append((unit.page.last_fetched_at or "", place, list(unit.read_from().values())))
    # The version that speaks for the report comes last, whatever the clock says.
    dated.sort(key=lambda version: (version[1] == len(units), version[:2]))
    found: list[list[Seen]] = []
    for _, _, version in dated:
        signature = {seen.head["cells_sig"] for seen in version}
        if not found or signature != {seen.head["cells_sig"] for seen in found[-1]}:
            found.append(version)
    return found


def _cells(version: Sequence[Seen], load: Callable[[str], Body]) -> dict[tuple[Any, ...], tuple[Any, str]]:
    found: dict[tuple[Any, ...], tuple[Any, str]] = {}
    for seen in version:
        columns = load(seen.key)["columns"].get("cells") or {name: [] for name in (*_CELL, "value", "status")}
        keys = zip(*(columns[name] for name in _CELL), strict=True)
        for key, value, status in zip(keys, columns["value"], columns["status"], strict=True):
            if key[1]:
                found.setdefault(key, (value, status))
    return found
