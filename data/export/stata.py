"""Stata: one .dta a table, format 118 (Unicode), with variable labels and value labels."""

from __future__ import annotations

import textwrap
import warnings
from pathlib import Path

import pandas as pd

from data.columns import Column
from data.dataset import Dataset
from data.export.frames import columns_of, frame_of, table_names
from data.panel import FILLED
from data.schema import tables, value_lists

NAME_LENGTH, LABEL_LENGTH = 32, 80
_SHORT_FILLED, _RESERVED = "_f", ("end", "if", "in", "using", "with")
_STRING_LIMIT = 2045  # bytes; a longer text becomes a strL


def write_stata(dataset: Dataset, folder: Path, filled: bool) -> None:
    """Write ``TABLE.dta`` files. Null numbers are missing, null texts empty. Raises OSError, DatasetError.

    Columns with a list of values become labelled numbers in the order of that list; ``*_filled`` is shortened to
    ``*_f`` (names have at most 32 characters).
    """
    for name in table_names(dataset):
        frame = frame_of(dataset, name, filled)
        columns = columns_of(tables()[name], frame)
        ready = pd.DataFrame({stata_name(n): _series(frame[n], columns[n]) for n in columns}, copy=False)
        long = [n for n in ready.columns if ready[n].dtype == object and _longest(ready[n]) > _STRING_LIMIT]
        with warnings.catch_warnings():
            warnings.simplefilter("error", pd.errors.InvalidColumnName)
            ready.to_stata(
                folder / f"{name}.dta",
                version=118,
                write_index=False,
                variable_labels={stata_name(n): label(c.en) for n, c in columns.items()},
                data_label=label(tables()[name].en),
                convert_strl=long,
            )


def stata_name(name: str) -> str:
    """A column's name in Stata: at most 32 characters, no word of the language."""
    name = name.removesuffix(FILLED) + _SHORT_FILLED if name.endswith(FILLED) else name
    return f"{name}_" if name in _RESERVED else name


def label(text: str) -> str:
    """A description as a label of at most 80 characters, cut at the end of a word."""
    return textwrap.shorten(text.rstrip("."), LABEL_LENGTH, placeholder="...")


def _series(series: pd.Series, column: Column) -> pd.Series:
    if column.values and len(series):  # pandas cannot write value labels of an empty table
        known = list(value_lists()[column.values])
        return pd.Series(pd.Categorical(series, categories=known, ordered=False), index=series.index)
    if column.type in ("integer", "number"):
        return series.astype("float64")
    if column.type == "boolean":
        return series.astype("float64")
    return series.astype(object).where(series.notna(), "")


def _longest(series: pd.Series) -> int:
    return max((len(text.encode()) for text in series), default=0)
