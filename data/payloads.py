"""One payload to what the build keeps of it: a small head for grouping, a packed body of rows for the tables."""

from __future__ import annotations

import hashlib
import json
import zlib
from typing import Any, TypedDict

from data.columns import Row
from data.indicators import SUFFIXES
from data.rows import child_rows, report_row
from parsers import parse
from parsers.model import Cell, Report

_CARRIED = ("carried_over", "carried_forward")


class Head(TypedDict):
    """What grouping needs to know of a payload. ``tables`` counts the numbers of each table that was read."""

    row: Row
    is_report: bool
    tables: dict[str, int]
    verdicts: dict[str, tuple[str, str]]
    cells_sig: str | None
    table_sigs: dict[str, tuple[str, int]]
    totals: dict[str, float]
    attachments: list[tuple[str, str]]
    problems: list[tuple[str, str]]


class Body(TypedDict):
    """Rows of the tables below ``reports``, column by column: ``{table: {column: [values]}}``."""

    columns: dict[str, dict[str, list[Any]]]


def read_payload(body: bytes, source: str, url: str | None, content_type: str | None) -> tuple[str, bytes]:
    """Parse a payload; gives the head as JSON and the packed body. Never raises for what the payload holds."""
    try:
        report = parse(body, url=url, content_type=content_type)
    except Exception as error:  # a fault of ours in one page must not cost the others
        return failed_head(
            source, hashlib.sha256(body).hexdigest(), "internal_error", f"{type(error).__name__}: {error}"
        )
    return json.dumps(_head(report, source), ensure_ascii=False), _pack(
        child_rows(report, source, report_row(report, source))
    )


def failed_head(source: str, sha256: str, code: str, message: str) -> tuple[str, bytes]:
    """Head and body of a payload that gave nothing, with the reason."""
    row: Row = {
        "source": source,
        "sha256": sha256,
        "kind": "unknown",
        "org_id": "",
        "org_id_basis": "payload",
        "report_year": None,
    }
    head = Head(
        row=row,
        is_report=False,
        tables={},
        verdicts={},
        cells_sig=None,
        table_sigs={},
        totals={},
        attachments=[],
        problems=[(code, message)],
    )
    return json.dumps(head, ensure_ascii=False), _pack({})


def unpack(packed: bytes) -> Body:
    """The body that `read_payload` packed."""
    body: Body = json.loads(zlib.decompress(packed))
    return body


def _pack(rows: dict[str, list[Row]]) -> bytes:
    columns = {
        table: {name: [row[name] for row in found] for name in found[0]} for table, found in rows.items() if found
    }
    return zlib.compress(json.dumps({"columns": columns}, ensure_ascii=False).encode(), 3)


def _head(report: Report, source: str) -> Head:
    read = {t.table: t.n_reported for t in report.tables if t.verdict != "absent"}
    return {
        "row": report_row(report, source),
        "is_report": report.is_report,
        "tables": read,
        "verdicts": {t.table: (t.form, t.verdict) for t in report.tables},
        "cells_sig": _cells_signature(report.cells) if any(read.values()) else None,
        "table_sigs": {t: _table_signature([c for c in report.cells if c.table == t]) for t in read},
        "totals": _totals(report.cells),
        "attachments": [(link.href, link.text) for link in report.attachments],
        "problems": [(p.code, p.message) for p in report.problems],
    }


def _cells_signature(cells: tuple[Cell, ...]) -> str:
    printed = [(c.table, c.indicator, c.applicant, c.period, c.value, c.status) for c in cells if c.status != "absent"]
    return hashlib.sha256(json.dumps(printed).encode()).hexdigest()[:16]


def _table_signature(cells: list[Cell]) -> tuple[str, int]:
    """(hash of the numbers printed, how many of them are not zero): tells a table copied from last year's."""
    printed = [(c.indicator, c.applicant, c.value) for c in cells if c.value]
    return hashlib.sha256(json.dumps(printed).encode()).hexdigest()[:16], len(printed)


def _totals(cells: tuple[Cell, ...]) -> dict[str, float]:
    """The numbers that checks across reports compare, by panel column: totals.

    And the carried requests of each applicant.
    """
    found: dict[str, float] = {}
    for cell in cells:
        if cell.value is None or not cell.indicator or cell.period not in (None, "year"):
            continue
        if cell.applicant in (None, "total") or cell.indicator in _CARRIED:
            found.setdefault(cell.indicator + SUFFIXES[cell.applicant or "total"], cell.value)
    return found
