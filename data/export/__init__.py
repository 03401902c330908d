"""A dataset in other programs' formats: Stata, Excel, SQLite, CSV."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

from data.dataset import Dataset
from data.errors import DataError, OutputError
from data.export.csv import write_csv, write_excel_csv
from data.export.sqlite import write_sqlite
from data.export.stata import write_stata
from data.export.xlsx import write_xlsx

Writer = Callable[[Dataset, Path, bool], None]
# Formats by name: suffix of the one file they write, or "" for a folder of files.
FORMATS: Mapping[str, tuple[str, Writer]] = {
    "stata": ("", write_stata),
    "xlsx": (".xlsx", write_xlsx),
    "sqlite": (".sqlite", write_sqlite),
    "csv": ("", write_csv),
    "excel-csv": ("", write_excel_csv),
}


def export(dataset: Dataset, to: str, out: Path | str | None = None, *, filled: bool = False) -> Path:
    """Write a dataset as ``stata xlsx sqlite csv`` or ``excel-csv``; gives the file or folder written.

    ``out`` defaults to ``DATASET-FORMAT`` beside the dataset. ``filled`` adds ``*_filled`` columns to the panels: 0
    for a blank only where the table's verdict is ``proved_blank_as_zero``. Nothing half-written is left. Raises
    OutputError, DataError (unknown format, a package that is not installed), DatasetError.
    """
    if to not in FORMATS:
        raise DataError(f"unknown format {to!r}; there are {', '.join(FORMATS)}")
    suffix, writer = FORMATS[to]
    folder = dataset.folder.resolve()
    out = Path(out) if out is not None else folder.with_name(f"{folder.name}-{to}{suffix}")
    beside = out.with_name(f".{out.name}.{os.getpid()}.tmp")
    try:
        _check_target(out, suffix)
        out.parent.mkdir(parents=True, exist_ok=True)
        if not suffix:
            beside.mkdir()
        writer(dataset, beside, filled)
        if out.is_dir():
            _replace_files(beside, out)
        else:
            beside.rename(out)
    except OSError as error:
        raise OutputError(f"{out}: cannot write: {error.strerror or error}") from error
    finally:
        if beside.is_dir():
            shutil.rmtree(beside, ignore_errors=True)
        with contextlib.suppress(OSError):
            beside.unlink(missing_ok=True)
    return out


def _check_target(out: Path, suffix: str) -> None:
    if suffix and out.is_dir():
        raise OutputError(f"{out}: is a folder; give a file name ending in {suffix}")
    if not suffix and out.exists() and not out.is_dir():
        raise OutputError(f"{out}: is a file; give a folder")
    if (out / "datapackage.json").exists():
        raise OutputError(f"{out}: is a dataset; give another folder")


def _replace_files(source: Path, target: Path) -> None:
    for file in sorted(source.iterdir()):
        file.replace(target / file.name)
