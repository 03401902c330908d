"""Every format is read back by the programs that it is for, with the same counts and the same values."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import duckdb
import openpyxl
import pandas as pd
import polars as pl
import pytest

from data.build import build
from data.dataset import Dataset, open_dataset
from data.errors import DataError, DatasetError, OutputError
from data.export import FORMATS, export
from data.export.stata import stata_name
from data.schema import tables

EVIL = '=HYPERLINK("http://x","y")'
Page = Callable[..., bytes]


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory, make: Page) -> Dataset:
    base = tmp_path_factory.mktemp("export")
    pages = base / "pages"
    pages.mkdir()
    code = "014314799/2024-00001"
    flow = {"new_requests": 5, "carried_over": "", "disclosed": 5, "concluded": 5, "carried_forward": ""}
    (pages / "a.html").write_bytes(make("示例县财政局", 2023, flow, default="", index_no=code, published="2024-01-18"))
    (pages / "b.html").write_bytes(make("样例县财政局", 2023, {"new_requests": EVIL, "carried_over": "-"}))
    (pages / "c.html").write_bytes(make("样例县财政局", 2020, {"licensing_items_change": -18}, form="2019"))
    build([pages], base / "out", jobs=1)
    return open_dataset(base / "out")


def test_parquet_and_csv_are_read_alike_by_all(dataset: Dataset) -> None:
    for name in dataset.names:
        rows = dataset.rows(name)
        path, text = dataset.folder / f"{name}.parquet", dataset.folder / f"{name}.csv"
        assert len(pd.read_parquet(path)) == rows
        assert pl.read_parquet(path).height == rows
        assert pl.read_csv(text, infer_schema_length=None).height == rows
        assert len(pd.read_csv(text)) == rows
        for file, reader in ((path, "read_parquet"), (text, "read_csv")):
            assert duckdb.sql(f"SELECT count(*) FROM {reader}('{file}')").fetchall() == [(rows,)]


def test_the_package_is_valid(dataset: Dataset) -> None:
    import frictionless

    report = frictionless.validate(str(dataset.folder / "datapackage.json"))
    assert report.valid, report.flatten(["title", "message"])
    assert len(report.tasks) == len(tables())


def test_types_do_not_depend_on_the_rows(dataset: Dataset, tmp_path: Path, make: Page) -> None:
    pages = tmp_path / "pages"
    pages.mkdir()
    (pages / "prose.html").write_bytes(make("样本县财政局", 2022, tables=False))
    build([pages], tmp_path / "out", jobs=1)
    other = open_dataset(tmp_path / "out")
    for name in dataset.names:
        assert other.arrow(name).schema.equals(dataset.arrow(name).schema), name


def test_blank_is_never_zero_in_a_panel_but_where_asked_for_and_proved(dataset: Dataset) -> None:
    from data.panel import fill

    frame = fill(dataset.frame("panel")).set_index("org_name")
    a = frame.loc["示例县财政局"]
    assert a["verdict_applications"] == "proved_blank_as_zero"
    assert (a["new_requests"], a["new_requests_s"]) == (5, "reported")
    assert pd.isna(a["carried_over"])
    assert a["carried_over_s"] == "blank"
    assert a["carried_over_filled"] == 0
    assert a["new_requests_filled"] == 5
    b = frame[(frame.index == "样例县财政局") & (frame["report_year"] == 2023)].iloc[0]
    assert pd.isna(b["new_requests"])
    assert pd.isna(b["new_requests_filled"])
    assert (b["new_requests_s"], b["carried_over_s"]) == ("unreadable", "mark")
    assert pd.isna(b["carried_over_filled"])
    assert pd.isna(a["backlog_ratio"])
    assert pd.isna(b["disclosure_rate"])
    assert b["disclosure_rate_den"] == 0
    assert a["days_late"] == -13


def test_stata(dataset: Dataset, tmp_path: Path) -> None:
    import pyreadstat

    out = export(dataset, "stata", tmp_path / "dta", filled=True)
    for name in dataset.names:
        frame, meta = pyreadstat.read_dta(str(out / f"{name}.dta"))
        assert len(frame) == dataset.rows(name)
        assert all(len(column) <= 32 for column in frame.columns)
        assert all(0 < len(label) <= 80 for label in meta.column_labels)
        assert (out / f"{name}.dta").read_bytes()[:66].startswith(b"<stata_dta><header><release>118")
    panel, meta = pyreadstat.read_dta(str(out / "panel.dta"))
    row = panel[panel["org_name"] == "示例县财政局"].iloc[0]
    assert (row["new_requests"], row[stata_name("carried_over_filled")]) == (5, 0)
    assert meta.variable_value_labels["carried_over_s"][row["carried_over_s"]] == "blank"
    assert pd.isna(row["carried_over"])
    cells, _ = pyreadstat.read_dta(str(out / "cells.dta"))
    assert EVIL in set(cells["raw"])


def test_xlsx(dataset: Dataset, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(export(dataset, "xlsx", tmp_path / "d.xlsx"))
    assert book.sheetnames == ["codebook", *dataset.names]
    for name in dataset.names:
        sheet = book[name]
        assert sheet.max_row == dataset.rows(name) + 1
        assert sheet.freeze_panes == "B2"
        assert sheet.auto_filter.ref is not None
        assert sheet["A1"].comment is not None
    raw = [row for row in book["cells"].iter_rows(min_row=2) if row[6].value == EVIL]
    assert raw
    assert all(cell.data_type == "s" for cell in (row[6] for row in raw))
    ids = {row[3].value for row in book["reports"].iter_rows(min_row=2)}
    assert "014314799" in ids
    assert book["codebook"].max_row > 900


def test_sqlite(dataset: Dataset, tmp_path: Path) -> None:
    path = export(dataset, "sqlite", tmp_path / "d.sqlite", filled=True)
    db = sqlite3.connect(path)
    for name in dataset.names:
        assert db.execute(f'SELECT count(*) FROM "{name}"').fetchone() == (dataset.rows(name),)
    assert db.execute("PRAGMA foreign_key_check").fetchall() == []
    assert db.execute("PRAGMA foreign_key_list(cells)").fetchall()
    assert db.execute("PRAGMA index_list(cells)").fetchall()
    query = "SELECT carried_over, carried_over_s, carried_over_filled FROM panel WHERE org_name = '示例县财政局'"
    assert db.execute(query).fetchall() == [(None, "blank", 0)]
    assert db.execute("SELECT zh FROM columns_described WHERE \"column\" = 'new_requests'").fetchone()
    db.close()


def test_csv_for_programs_and_for_excel(dataset: Dataset, tmp_path: Path) -> None:
    plain = export(dataset, "csv", tmp_path / "csv")
    excel = export(dataset, "excel-csv", tmp_path / "excel")
    for name in dataset.names:
        assert (plain / f"{name}.csv").read_bytes() == (dataset.folder / f"{name}.csv").read_bytes()
        assert (excel / f"{name}.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    reports = pd.read_csv(excel / "reports.csv", dtype=str)
    assert "'014314799" in set(reports["org_id"])
    assert "2024-01-18" in set(reports["date_published"])
    assert set(reports["report_year"]) == {"2023", "2020"}
    cells = pd.read_csv(excel / "cells.csv", dtype=str)
    assert f"'{EVIL}" in set(cells["raw"])
    assert "'-" in set(cells["raw"])
    change = cells[cells["indicator"] == "licensing_items_change"]
    assert set(change["value"].dropna()) == {"-18"}


def test_wrong_requests_are_named_and_leave_nothing(dataset: Dataset, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="unknown format"):
        export(dataset, "sas")
    (tmp_path / "file").write_text("mine")
    with pytest.raises(OutputError, match="is a file"):
        export(dataset, "stata", tmp_path / "file")
    with pytest.raises(OutputError, match="is a folder"):
        export(dataset, "sqlite", tmp_path)
    with pytest.raises(OutputError, match="is a dataset"):
        export(dataset, "csv", dataset.folder)
    with pytest.raises(OutputError, match="cannot write"):
        export(dataset, "sqlite", tmp_path / "file" / "d.sqlite")
    assert [p.name for p in tmp_path.iterdir()] == ["file"]
    assert set(FORMATS) == {"stata", "xlsx", "sqlite", "csv", "excel-csv"}


def test_wrong_missing_and_half_written_datasets(dataset: Dataset, tmp_path: Path) -> None:
    import shutil

    with pytest.raises(DatasetError, match="no such folder"):
        open_dataset(tmp_path / "nowhere")
    with pytest.raises(DatasetError, match="not a dataset"):
        open_dataset(tmp_path)
    copy = tmp_path / "copy"
    shutil.copytree(dataset.folder, copy)
    whole = (copy / "cells.parquet").read_bytes()
    (copy / "cells.parquet").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(DatasetError, match="damaged"):
        open_dataset(copy)
    (copy / "cells.parquet").unlink()
    with pytest.raises(DatasetError, match="missing"):
        open_dataset(copy)
    shutil.copyfile(copy / "tables.parquet", copy / "cells.parquet")
    with pytest.raises(DatasetError, match="other columns"):
        open_dataset(copy)
    (copy / "datapackage.json").write_text("{")
    with pytest.raises(DatasetError, match="damaged descriptor"):
        open_dataset(copy)
