"""The tables of reports in parts: each part is a run of reports, written once and reused while none of them changes.

Up to SINGLE reports a dataset is one part, ordered by year and identifier. Beyond, a part holds up to PART reports
of one year in the order in which they were first seen: new pages of a growing archive then touch the last part of a
year only.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from data.assemble import Bundle
from data.columns import Row
from data.panel import PANELS, panel_rows, series_row
from data.payloads import Body
from data.schema import tables

SINGLE, PART = 2000, 500
PART_TABLES = (
    "reports", "cells", "tables", "sections", "figures", "checks", "panel", "panel_2014", "series"
)  # fmt: skip
Columns = dict[str, list[Any]]


@dataclass(frozen=True, slots=True)
class Part:
    """A run of reports under a name (``""`` for the only part, else ``2023-000``)."""

    name: str
    bundles: tuple[Bundle, ...]

    def signature(self, version: str, extra: Callable[[Bundle], object]) -> str:
        """Hash of all that the part's rows are made from; ``extra`` gives what other reports add to a report."""
        digest = hashlib.sha256(version.encode())
        for bundle in self.bundles:
            digest.update(f"{bundle.content()}{extra(bundle)}".encode())
        return digest.hexdigest()


def cut(bundles: Sequence[Bundle]) -> list[Part]:
    """The parts of a dataset, in order."""

    def by_id(bundle: Bundle) -> tuple[int, str, int]:
        return (bundle.year or 0, bundle.org_id, int(bundle.report_id.rsplit("-", 1)[1]))

    if len(bundles) <= SINGLE:
        return [Part("", tuple(sorted(bundles, key=by_id)))]
    years: dict[int | None, list[Bundle]] = defaultdict(list)
    for bundle in bundles:
        years[bundle.year].append(bundle)
    parts = []
    for year in sorted(years, key=lambda y: y or 0):
        run = sorted(years[year], key=lambda b: (min(s.fetched_at or "" for _, s in b.sources()), b.unit.page.source))
        for number, start in enumerate(range(0, len(run), PART)):
            name = f"{year if year is not None else 'undated'}-{number:03d}"
            parts.append(Part(name, tuple(sorted(run[start : start + PART], key=by_id))))
    return parts


def part_columns(part: Part, load: Callable[[str], Body], across: Callable[[Bundle], Sequence[Row]]) -> dict[str, Columns]:
    """All rows of a part, column by column.

    ``load`` gives the rows of a payload by key, ``across`` the checks across reports.
    """
    found: dict[str, Columns] = {name: {column: [] for column in tables()[name].names} for name in PART_TABLES}
    for bundle in part.bundles:
        first = len(found["cells"]["report_id"])
        summaries = _add_children(found, bundle, load)
        for check in across(bundle):
            _append(found["checks"], check)
        report = tables()["reports"].row(_full_row(bundle, load) | _counts(found, bundle, summaries))
        _append(found["reports"], report)
        _add_panels(found, report, summaries, first)
    return found


def _full_row(bundle: Bundle, load: Callable[[str], Body]) -> Row:
    row = dict(load(bundle.unit.page.key)["row"])
    if bundle.unit.carrier is not None:
        other = load(bundle.unit.carrier.key)["row"]
        row.update({name: value for name, value in other.items() if row.get(name) is None})
    return row | bundle.row


def _add_panels(found: dict[str, Columns], report: Row, summaries: Sequence[Row], first: int) -> None:
    cells = {name: values[first:] for name, values in found["cells"].items()}
    forms = {str(s["table"]): str(s["form"]) for s in summaries}
    verdicts = {f"verdict_{s['table']}": s["verdict"] for s in summaries}
    for panel in PANELS:
        row = panel_rows(panel, report | verdicts, cells, forms)
        if row is not None:
            _append(found[panel], row)
            _append(found["series"], series_row(report, row, panel))


def _add_children(found: dict[str, Columns], bundle: Bundle, load: Callable[[str], Body]) -> list[Row]:
    read_from = bundle.unit.read_from()
    bodies = {seen.key: load(seen.key)["columns"] for seen in (bundle.unit.page, *read_from.values())}
    page = bundle.unit.page
    summaries: list[Row] = []
    prose = False
    for seen in bundle.unit.payloads:
        columns = bodies.pop(seen.key, None)
        if columns is None:
            continue
        mine = {table for table, source in read_from.items() if source.key == seen.key}
        if seen is page:  # a table that no payload has is told absent by the page
            mine |= {"proactive", "applications", "disputes"} - set(read_from)
        _extend(found["cells"], columns.get("cells"), bundle.report_id, mine)
        summaries += _rows(columns.get("tables"), mine)
        if seen is page or not prose:
            _extend(found["sections"], columns.get("sections"), bundle.report_id)
            _extend(found["figures"], columns.get("figures"), bundle.report_id)
            prose = bool(columns.get("sections"))
        _extend(found["checks"], columns.get("checks"), bundle.report_id)
    for summary in summaries:
        _append(found["tables"], {**summary, "report_id": bundle.report_id})
    return summaries


def _counts(found: dict[str, Columns], bundle: Bundle, summaries: list[Row]) -> Row:
    checks = found["checks"]
    failed = []
    for i in range(len(checks["report_id"]) - 1, -1, -1):
        if checks["report_id"][i] != bundle.report_id:
            break
        if checks["status"][i] == "fail":
            failed.append(checks["severity"][i])
    totals: Row = {name: sum(int(str(s[name])) for s in summaries) for name in ("n_reported", "n_blank", "n_unreadable")}
    return totals | {"errors_failed": failed.count("E"), "warnings_failed": failed.count("W")}


def _append(columns: Columns, row: Row) -> None:
    for name, values in columns.items():
        values.append(row[name])


def _rows(columns: Columns | None, tables_taken: set[str]) -> list[Row]:
    if not columns:
        return []
    rows = [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]
    return [row for row in rows if row["table"] in tables_taken]


def _extend(target: Columns, columns: Columns | None, report_id: str, tables_taken: set[str] | None = None) -> None:
    if not columns:
        return
    kept = list(range(len(columns["report_id"])))
    if tables_taken is not None:
        kept = [i for i in kept if columns["table"][i] in tables_taken]
    whole = len(kept) == len(columns["report_id"])
    for name, values in target.items():
        if name == "report_id":
            values.extend([report_id] * len(kept))
        else:
            values.extend(columns[name] if whole else [columns[name][i] for i in kept])
