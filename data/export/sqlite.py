"""SQLite with keys, indices and descriptions: opens in any browser of databases, Datasette among them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from data.columns import Table
from data.dataset import Dataset
from data.export.frames import columns_of, frame_of, table_names
from data.panel import PANELS
from data.schema import tables

_TYPES = {"integer": "INTEGER", "number": "REAL", "boolean": "INTEGER"}
_INDEXED = {
    "reports": ("org_id", "report_year", "division_code_std"),
    "cells": ("report_id", "indicator"),
    "checks": ("report_id", "check", "status"),
    "sources": ("report_id", "source"),
    "sections": ("report_id",),
    "figures": ("report_id", "indicator"),
    "revisions": ("report_id",),
    "problems": ("code", "report_id"),
    "panel": ("org_id", "report_year"),
    "panel_2014": ("org_id", "report_year"),
    "series": ("org_id", "report_year"),
}


def write_sqlite(dataset: Dataset, path: Path, filled: bool) -> None:
    """Write one database file; descriptions stand in its table ``columns_described``. Raises OSError, DatasetError."""
    try:
        with closing(sqlite3.connect(path)) as db:
            db.execute("PRAGMA journal_mode = OFF")
            db.execute("PRAGMA synchronous = OFF")
            described: list[tuple[str, str, str | None, str, str]] = []
            for name in table_names(dataset):
                described += _write_table(db, dataset, name, filled)
            db.execute('CREATE TABLE columns_described ("table" TEXT, "column" TEXT, unit TEXT, en TEXT, zh TEXT)')
            db.executemany("INSERT INTO columns_described VALUES (?, ?, ?, ?, ?)", described)
            db.commit()
    except sqlite3.Error as error:
        raise OSError(str(error)) from error


def _write_table(
    db: sqlite3.Connection, dataset: Dataset, name: str, filled: bool
) -> Iterator[tuple[str, str, str | None, str, str]]:
    table = tables()[name]
    whole = frame_of(dataset, name, filled) if filled and name in PANELS else None
    names = [str(column) for column in whole.columns] if whole is not None else list(table.names)
    columns = columns_of(table, whole) if whole is not None else {c.name: c for c in table.columns}
    fields = [f'"{n}" {_TYPES.get(columns[n].type, "TEXT")}{" NOT NULL" if columns[n].required else ""}' for n in names]
    db.execute(f'CREATE TABLE "{name}" ({", ".join([*fields, *_constraints(table)])})')
    insert = f'INSERT INTO "{name}" VALUES ({", ".join("?" * len(names))})'
    if whole is not None:
        rows = whole.astype(object).where(whole.notna(), None)
        db.executemany(insert, rows.itertuples(index=False, name=None))
    else:
        for batch in dataset.batches(name):
            db.executemany(insert, zip(*(column.to_pylist() for column in batch.columns), strict=True))
    for column in _INDEXED.get(name, ()):
        db.execute(f'CREATE INDEX "{name}_{column}" ON "{name}" ("{column}")')
    return ((name, n, columns[n].unit, columns[n].en, columns[n].zh) for n in names)


def _constraints(table: Table) -> Iterator[str]:
    if table.key:
        quoted = ", ".join(f'"{name}"' for name in table.key)
        yield f"PRIMARY KEY ({quoted})"
    for column in table.columns:
        if column.ref:
            yield f'FOREIGN KEY ("{column.name}") REFERENCES "{column.ref}" ("{tables()[column.ref].key[0]}")'
