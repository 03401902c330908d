"""One payload to what the build keeps of it: a small head for grouping, a packed body of rows for the tables."""

from __future__ import annotations

import hashlib
import json
import zlib
from pathlib import Path
from typing import Any, NamedTuple, NotRequired, TypedDict

from data.columns import Row
from data.indicators import SUFFIXES
from data.pictures import Remembering, beside
from data.reading import read_report
from data.rows import child_rows, report_row
from parsers.carriers.archive import open_zip
from parsers.carriers.recognise import recognise
from parsers.model import Cell, Report

_CARRIED = ("carried_over", "carried_forward")


# Columns of ``reports`` that grouping and checks across reports look at: kept in memory, one set a payload.
GROUPING = (
    "source", "org_id", "org_id_basis", "uscc", "org_code", "org_name", "org_kind", "org_level", "division_code",
    "division_basis", "division_code_std", "province", "prefecture", "county", "scope", "scope_basis", "report_year",
    "form", "title", "date_published", "site", "site_id_code", "kind", "sha256",
)  # fmt: skip


class Head(TypedDict):
    """What grouping needs to know of a payload. ``tables`` counts the numbers of each table that was read.

    ``pictures`` are those looked for beside a saved page: {address: SHA-256, None where there was none}.
    """

    row: Row
    is_report: bool
    tables: dict[str, int]
    verdicts: dict[str, tuple[str, str]]
    cells_sig: str | None
    table_sigs: dict[str, tuple[str, int]]
    attachments: list[tuple[str, str]]
    problems: list[tuple[str, str]]
    pictures: NotRequired[dict[str, str | None]]


class Body(TypedDict):
    """All that a payload gave: its ``reports`` row.

    And the tables below column by column (``{table: {column: []}}``).
    """

    row: Row
    columns: dict[str, dict[str, list[Any]]]


class Parsed(NamedTuple):
    """What the build keeps of a payload: head and totals as JSON text, the body packed."""

    head: str
    totals: str
    packed: bytes


def read_payload(body: bytes, source: str, url: str | None, content_type: str | None) -> Parsed:
    """Parse a payload. Raises nothing but MemoryError for what the payload holds."""
    if recognise(body) == "zip":
        return _zip(body, source)
    try:
        # The pictures of a saved page lie beside it; those of an archived one are payloads of their own.
        pictures = None if source.startswith(("http://", "https://")) else Remembering(beside(Path(source)))
        report = read_report(body, name=url or source, url=url, content_type=content_type, pictures=pictures)
        row = report_row(report, source)
        packed = _pack(row, child_rows(report, source, row))
    except MemoryError:
        raise
    except Exception as error:  # a fault of ours in one page must not cost the others
        return failed(source, hashlib.sha256(body).hexdigest(), "internal_error", f"{type(error).__name__}: {error}")
    head = _head(report, row)
    if pictures is not None and pictures.seen:
        head["pictures"] = pictures.seen
    return Parsed(_dump(head), _dump(_totals(report.cells)), packed)


def _zip(body: bytes, source: str) -> Parsed:
    """A zip, whose files are payloads of their own: what of it was refused."""
    problems: list[tuple[str, str]] = []
    if sum(1 for _ in open_zip(body, problems)) == 0 and not problems:
        problems.append(("empty", "the zip holds no files"))
    return _nothing(source, hashlib.sha256(body).hexdigest(), "zip", problems)


def failed(source: str, sha256: str, code: str, message: str) -> Parsed:
    """What is kept of a payload that gave nothing: the reason."""
    return _nothing(source, sha256, "unknown", [(code, message)])


def _nothing(source: str, sha256: str, kind: str, problems: list[tuple[str, str]]) -> Parsed:
    row: Row = {"source": source, "sha256": sha256, "kind": kind, "org_id": "", "org_id_basis": "payload"}
    head = Head(
        row=row,
        is_report=False,
        tables={},
        verdicts={},
        cells_sig=None,
        table_sigs={},
        attachments=[],
        problems=problems,
    )
    return Parsed(_dump(head), "{}", _pack(row, {}))


def unpack(packed: bytes) -> Body:
    """The body that `read_payload` packed."""
    body: Body = json.loads(zlib.decompress(packed))
    return body


def _dump(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    # Half a surrogate pair (&#xD800;) is no character and cannot be written: U+FFFD takes its place.
    return text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")


def _pack(row: Row, rows: dict[str, list[Row]]) -> bytes:
    columns = {table: {name: [row[name] for row in found] for name in found[0]} for table, found in rows.items() if found}
    return zlib.compress(_dump({"row": row, "columns": columns}).encode(), 3)


def _head(report: Report, row: Row) -> Head:
    read = {t.table: t.n_reported for t in report.tables if t.verdict != "absent"}
    return {
        "row": {name: row[name] for name in GROUPING if row.get(name) is not None},
        "is_report": report.is_report,
        "tables": read,
        "verdicts": {t.table: (t.form, t.verdict) for t in report.tables},
        "cells_sig": _cells_signature(report.cells) if any(read.values()) else None,
        "table_sigs": {t: _table_signature([c for c in report.cells if c.table == t]) for t in read},
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
