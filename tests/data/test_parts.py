"""A dataset too large for one file: parts by year, unchanged parts taken over, the same rows as in a build from scratch."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import duckdb
import pandas as pd
import polars as pl
import pytest

from data.build import build
from data.dataset import open_dataset

Page = Callable[..., bytes]


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("data.parts.SINGLE", 4)
    monkeypatch.setattr("data.parts.PART", 2)


def files(out: Path, table: str) -> dict[str, int]:
    return {p.name: p.stat().st_ino for p in sorted((out / f"{table}.parquet").iterdir())}


def test_growth_touches_the_last_parts_only(page: Page, tmp_path: Path) -> None:
    pages, out = tmp_path / "pages", tmp_path / "out"
    pages.mkdir()

    def add(number: int, year: int) -> None:
        (pages / f"{number}.html").write_bytes(page(f"样本{number}县教育局", year, {"new_requests": number}))

    for number in range(3):
        add(number, 2021)
    build([pages], out, jobs=1)
    assert (out / "cells.parquet").is_file()
    for number in range(3, 8):
        add(number, 2021 + number % 2)
    build([pages], out, jobs=1)
    before = files(out, "cells")
    assert list(before) == ["2021-000.parquet", "2021-001.parquet", "2021-002.parquet", "2022-000.parquet", "2022-001.parquet"]
    add(9, 2022)
    summary = build([pages], out, jobs=1)
    after = files(out, "cells")
    changed = {name for name in after if before.get(name) != after[name]}
    assert changed == {"2022-001.parquet"}
    assert (summary.new, summary.unchanged, summary.parsed) == (1, 8, 1)

    fresh = build([pages], tmp_path / "fresh", jobs=1)
    assert fresh.content_hash == summary.content_hash
    for table in ("reports", "cells", "panel", "checks"):
        for name in after:
            one, other = (hashlib.sha256((o / f"{table}.parquet" / name).read_bytes()) for o in (out, tmp_path / "fresh"))
            assert one.hexdigest() == other.hexdigest(), (table, name)
        assert (out / f"{table}.csv").read_bytes() == (tmp_path / "fresh" / f"{table}.csv").read_bytes()


def test_every_program_reads_the_parts(page: Page, tmp_path: Path) -> None:
    import frictionless

    pages, out = tmp_path / "pages", tmp_path / "out"
    pages.mkdir()
    for number in range(6):
        (pages / f"{number}.html").write_bytes(page(f"样本{number}县教育局", 2021 + number % 2, tables=number > 2))
    build([pages], out, jobs=1)
    dataset = open_dataset(out)
    for name in dataset.names:
        path, rows = out / f"{name}.parquet", dataset.rows(name)
        assert len(dataset.frame(name)) == rows
        assert len(pd.read_parquet(path)) == rows
        assert pl.read_parquet(path).height == rows
        source = f"{path}/*.parquet" if path.is_dir() else path
        assert duckdb.sql(f"SELECT count(*) FROM '{source}'").fetchall() == [(rows,)]
        assert len(pd.read_csv(out / f"{name}.csv")) == rows
    assert list(dataset.frame("reports")["report_year"]) == sorted(dataset.frame("reports")["report_year"])
    assert frictionless.validate(str(out / "datapackage.json")).valid
