"""datapackage.json: the dataset's description (Frictionless Data Package), its file hashes.

And where its parts stand.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from data.columns import Column, Table
from data.errors import DatasetError
from data.files import Piece
from data.publish import MARK
from data.schema import SCHEMA_VERSION, tables, value_lists

_TYPES = {"date": "date", "datetime": "string"}


def describe(
    pieces: Mapping[str, Sequence[Piece]], parts: Sequence[tuple[str, str]], facts: Mapping[str, Any]
) -> dict[str, Any]:
    """The package descriptor.

    ``pieces`` are each table's runs in its CSV file, ``parts`` (name, signature), ``facts`` the rest.
    """
    resources = [_resource(tables()[name], runs, [part for part, _ in parts]) for name, runs in _in_order(pieces)]
    return {
        "name": "nianbao-dataset",
        "title": "Annual reports on government-information disclosure (政府信息公开工作年度报告)",
        "profile": "tabular-data-package",
        "schema_version": SCHEMA_VERSION,
        **facts,
        "content_hash": hashlib.sha256("".join(r["content_hash"] for r in resources).encode()).hexdigest(),
        "resources": resources,
        "parts": [{"name": name, "signature": signature} for name, signature in parts],
    }


def _in_order(pieces: Mapping[str, Sequence[Piece]]) -> list[tuple[str, Sequence[Piece]]]:
    return [(name, pieces[name]) for name in tables() if name in pieces]


def read_package(folder: Path) -> dict[str, Any]:
    """The descriptor of a dataset. Raises DatasetError where the folder is none or its descriptor is damaged."""
    if not folder.is_dir():
        raise DatasetError(f"{folder}: no such folder; `nianbao build` makes a dataset")
    try:
        package = json.loads((folder / MARK).read_text(encoding="utf-8"))
        {resource["name"]: resource["pieces"] for resource in package["resources"]}
        package["schema_version"], package["parts"]
    except FileNotFoundError as error:
        raise DatasetError(
            f"{folder}: not a dataset ({MARK} is missing); `nianbao build ... --out {folder}` makes one"
        ) from error
    except OSError as error:
        raise DatasetError(f"{folder / MARK}: {error.strerror or error}") from error
    except (ValueError, KeyError, TypeError) as error:
        raise DatasetError(
            f"{folder / MARK}: damaged descriptor ({type(error).__name__}: {error}); build the dataset again"
        ) from error
    return package  # type: ignore[no-any-return]


def _resource(table: Table, runs: Sequence[Piece], parts: Sequence[str]) -> dict[str, Any]:
    parquet = (
        [f"{table.name}.parquet/{part}.parquet" for part in parts] if len(runs) == len(parts) and parts[0] else None
    )
    return {
        "name": table.name,
        "title": table.zh,
        "description": table.en,
        "profile": "tabular-data-resource",
        "path": f"{table.name}.csv",
        "parquet": parquet or [f"{table.name}.parquet"],
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {"delimiter": ",", "lineTerminator": "\n", "quoteChar": '"', "doubleQuote": True},
        "rows": sum(run.rows for run in runs),
        "content_hash": hashlib.sha256("".join(run.sha256 for run in runs).encode()).hexdigest(),
        "pieces": [run._asdict() for run in runs],
        "schema": _schema(table),
    }


def _schema(table: Table) -> dict[str, Any]:
    schema: dict[str, Any] = {"fields": [_field(column) for column in table.columns], "missingValues": [""]}
    if table.key:
        schema["primaryKey"] = list(table.key)
    references = [c for c in table.columns if c.ref]
    if references:
        schema["foreignKeys"] = [
            {"fields": c.name, "reference": {"resource": c.ref, "fields": tables()[str(c.ref)].key[0]}}
            for c in references
        ]
    return schema


def _field(column: Column) -> dict[str, Any]:
    field: dict[str, Any] = {
        "name": column.name,
        "type": _TYPES.get(column.type, column.type),
        "title": column.label or column.zh,
        "description": column.en,
    }
    # An empty text is written "" and read as missing by most programs, so only what can never be empty is required.
    constraints: dict[str, Any] = {"required": True} if column.required and not _may_be_empty(column) else {}
    if column.values:
        constraints["enum"] = list(value_lists()[column.values])
    if constraints:
        field["constraints"] = constraints
    if column.unit:
        field["unit"] = column.unit
    return field


def _may_be_empty(column: Column) -> bool:
    return (
        column.type == "string"
        and column.values is None
        and column.name not in ("report_id", "org_id", "sha256", "source")
    )
