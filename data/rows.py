"""A Report as rows of the dataset's tables: what `extract` prints and what `build` stores."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from data.columns import Row
from data.divisions import CENTRAL, located, place, standard
from data.organizations import identify, is_town, org_kind, scope_of, site_of
from data.schema import REPORT_TABLES, tables
from data.single import single_checks
from parsers.forms import load_forms
from parsers.model import Report, TableSummary

_METADATA = (
    "index_no", "category", "topic", "genre", "audience", "publisher", "date_created", "date_published",
    "disclosure_method", "disclosure_scope", "disclosure_term", "doc_no", "unified_no", "validity", "keywords",
    "summary", "site_name", "site_id_code", "column_name",
)  # fmt: skip


def rows(report: Report, *, source: str, report_id: str | None = None) -> dict[str, list[Row]]:
    """The rows of one report by table name (`reports cells tables sections figures checks problems`), all columns.

    ``source`` is the address of the page or the path as given. ``report_id`` defaults to the identifier that the report
    has when it stands alone. A page that is no report has problems only.
    """
    found: dict[str, list[Row]] = {name: [] for name in REPORT_TABLES}
    site = site_of(report.url or source)
    if report.is_report:
        row = report_row(report, source)
        row["report_id"] = report_id or report_key(str(row["org_id"]), report.report_year, 1)
        children = child_rows(report, source, row)
        row |= counts(report.tables, children["checks"])
        row["n_sources"] = 1
        row["verdict"] = weakest((t.table, t.form, t.verdict) for t in report.tables)
        found["reports"].append(tables()["reports"].row(row))
        for name, values in children.items():
            found[name] = [{**value, "report_id": row["report_id"]} for value in values]
    problem = tables()["problems"]
    found["problems"] = [
        problem.row(
            {
                "source": source,
                "code": p.code,
                "message": p.message,
                "report_id": found["reports"][0]["report_id"] if found["reports"] else None,
                "site": site,
            }
        )
        for p in report.problems
    ]
    return found


def weakest(tables_read: Iterable[tuple[str, str, str]]) -> str:
    """The verdict of a whole report from (table, form, verdict): the weakest of its tables that are there.

    A table without identities of its own (table two) can never be proved: it does not count against the others.
    """
    read = [(table, form, verdict) for table, form, verdict in tables_read if verdict != "absent"]
    tested = {verdict for table, form, verdict in read if has_identities(form, table)}
    order = ("contradicted", "unproved", "proved_blank_as_zero", "proved")
    return next((verdict for verdict in order if verdict in tested), "unproved" if read else "absent")


def has_identities(form: str, table: str) -> bool:
    """Whether the form declares arithmetic that decides this table's verdict."""
    declared = load_forms().get(form)
    return declared is not None and any(i.table == table and i.severity == "E" for i in declared.identities)


def report_key(org_id: str, year: int | None, number: int) -> str:
    """Identifier of a report: ``793373850-2022-1``.

    ``number`` counts an organ's reports on one year, undated where unknown.
    """
    return f"{org_id}-{year if year is not None else 'undated'}-{number}"


def child_rows(report: Report, source: str, row: Row) -> dict[str, list[Row]]:
    """Rows of the tables below ``reports``, given its row; their ``report_id`` is None still."""
    return {
        "cells": _named("cells", report.cells),
        "tables": [{**row, "source": source, "sha256": report.sha256} for row in _named("tables", report.tables)],
        "sections": _named("sections", report.sections),
        "figures": _named("figures", report.figures),
        "checks": _named("checks", [*report.checks, *single_checks(report, row)]),
    }


def report_row(report: Report, source: str) -> Row:
    """What one payload says of its report, without identifier and without what only other reports can tell."""
    meta = report.metadata
    site = site_of(report.url or source)
    # An organ that the title does not name is named by the publisher: as printed, never repaired.
    name = report.org_name or meta.publisher
    identity = identify(meta.index_no, report.org_name, meta.publisher, site, report.sha256)
    kind = org_kind(name, identity.codes.uscc)
    scope, scope_basis = scope_of(kind, name, report.text)
    values: Row = {
        "source": source,
        "url": report.url,
        "org_id": identity.org_id,
        "org_id_basis": identity.basis,
        "uscc": identity.codes.uscc if identity.basis == "uscc" else None,
        "org_code": identity.codes.org_code if identity.basis in ("uscc", "org_code") else None,
        "org_name": name,
        "org_kind": kind,
        "scope": scope,
        "scope_basis": scope_basis,
        "report_year": report.report_year,
        "form": report.form,
        "title": report.title or meta.title,
        "site": site,
        "kind": report.kind,
        "encoding": report.encoding,
        "sha256": report.sha256,
    }
    values.update({name: getattr(meta, name) for name in _METADATA})
    code = identity.codes.division if identity.basis == "uscc" else None
    values.update(location(code, name, site_division(meta.site_id_code)))
    return values


def location(code: str | None, name: str | None, site: str | None) -> Row:
    """Division columns of a report from the organ's own code, else its name, else the division of the site.

    The site's division narrows names that several divisions share.
    """
    basis = "uscc" if code else None
    if code is None:
        code = located(name, standard(site))
        basis = "name" if code else None
    if code is None and site:
        code, basis = site, "site"
    where = place(code)
    return {
        "division_code": code,
        "division_basis": basis,
        "division_code_std": where.code,
        "org_level": "town" if is_town(name) else where.level,
        "province": where.province,
        "prefecture": where.prefecture,
        "county": where.county,
    }


def site_division(site_id_code: str | None) -> str | None:
    """Division of a site from its SiteIDCode (State Council site rules of 2017).

    Local sites: the first six of ten digits; ministries (``bm`` and eight digits): central.
    """
    code = (site_id_code or "").strip().lower()
    if len(code) == 10 and code.startswith("bm") and code[2:].isdigit():
        return CENTRAL
    return code[:6] if len(code) == 10 and code.isdigit() else None


def counts(summaries: Sequence[TableSummary], checks: Sequence[Row]) -> Row:
    """The counted columns of ``reports``."""
    failed = [check["severity"] for check in checks if check["status"] == "fail"]
    return {
        "n_reported": sum(t.n_reported for t in summaries),
        "n_blank": sum(t.n_blank for t in summaries),
        "n_unreadable": sum(t.n_unreadable for t in summaries),
        "errors_failed": failed.count("E"),
        "warnings_failed": failed.count("W"),
    }


def _named(table: str, records: Sequence[Any]) -> list[Row]:
    return [tables()[table].row(record._asdict()) for record in records]


def source_name(path: Path) -> str:
    """The source of a file: its path as given, with forward slashes; bytes that are no UTF-8 become U+FFFD."""
    return path.as_posix().encode("utf-8", "surrogateescape").decode("utf-8", "replace")
