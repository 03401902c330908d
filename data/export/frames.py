"""Tables of a dataset as pandas, for the formats that are written from it."""

from __future__ import annotations

import pandas as pd

from data.columns import Column, Table
from data.dataset import Dataset
from data.panel import FILLED, PANELS, fill
from data.schema import tables


def frame_of(dataset: Dataset, name: str, filled: bool) -> pd.DataFrame:
    """A table, panels with their ``*_filled`` columns if asked for. Raises DatasetError."""
    frame = dataset.frame(name)
    return fill(frame, name) if filled and name in PANELS else frame


def columns_of(table: Table, frame: pd.DataFrame) -> dict[str, Column]:
    """{column of the frame: what it is}, the filled ones included."""
    found = {}
    for name in frame.columns:
        column = table.column(str(name).removesuffix(FILLED))
        if str(name).endswith(FILLED):
            text = f"{column.en}; blanks proved to be 0 filled in"
            column = Column(str(name), "number", text, column.zh, unit=column.unit, label=column.label)
        found[str(name)] = column
    return found


def table_names(dataset: Dataset) -> list[str]:
    """The tables of a dataset in the order of the codebook."""
    return [name for name in tables() if name in dataset.names]
