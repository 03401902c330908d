"""CSV: plain UTF-8 for programs, and a profile for Excel."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from data.dataset import Dataset
from data.export.frames import frame_of, table_names
from data.files import guarded
from data.panel import PANELS
from data.schema import tables

# What Excel would turn into a number or a date: digits with nothing but signs, points and the like between them.
_NUMBER_LIKE = r"^[0-9][0-9.,:/ Ee%-]*$"


def write_csv(dataset: Dataset, folder: Path, filled: bool) -> None:
    """One ``TABLE.csv`` a table: UTF-8 without BOM, texts guarded against spreadsheets.

    Raises OSError, DatasetError.
    """
    for name in table_names(dataset):
        _write(dataset, name, folder, filled, excel=False)


def write_excel_csv(dataset: Dataset, folder: Path, filled: bool) -> None:
    """The same for Excel: with a BOM.

    Codes and other digits in text columns carry an apostrophe, so they stay text.
    """
    for name in table_names(dataset):
        _write(dataset, name, folder, filled, excel=True)


def _write(dataset: Dataset, name: str, folder: Path, filled: bool, excel: bool) -> None:
    texts = {c.name for c in tables()[name].columns if c.type == "string"}
    options = pa_csv.WriteOptions(include_header=False)
    with (folder / f"{name}.csv").open("wb") as out:
        if excel:
            out.write(b"\xef\xbb\xbf")
        if filled and name in PANELS:
            batches = [pa.Table.from_pandas(frame_of(dataset, name, filled), preserve_index=False)]
        else:
            batches = [pa.Table.from_batches([batch]) for batch in dataset.batches(name)] or [dataset.arrow(name)]
        out.write((",".join(batches[0].column_names) + "\n").encode())
        for batch in batches:
            columns = [_text(batch[c], excel and c in texts) for c in batch.column_names]
            pa_csv.write_csv(pa.Table.from_arrays(columns, names=batch.column_names), out, options)


def _text(column: pa.ChunkedArray, keep_text: bool) -> pa.ChunkedArray:
    if pa.types.is_large_string(column.type):
        column = column.cast(pa.string())
    if not pa.types.is_string(column.type):
        return column
    safe = guarded(column)
    if not keep_text:
        return safe
    return pc.if_else(pc.match_substring_regex(safe, _NUMBER_LIKE), pc.binary_join_element_wise("'", safe, ""), safe)
