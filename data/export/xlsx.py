"""Excel: one workbook, a sheet a table, a codebook first.

Headers frozen, with notes and filters; texts never formulas.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from data.columns import Column
from data.dataset import Dataset
from data.errors import DataError
from data.export.frames import columns_of, frame_of, table_names
from data.schema import tables

MAX_ROWS, MAX_TEXT = 1_048_576, 32_767
_CUT = " […cut: {} characters]"


def write_xlsx(dataset: Dataset, path: Path, filled: bool) -> None:
    """Write one workbook.

    A table longer than a sheet goes on in further sheets; a text longer than a cell is cut, and says so. Raises
    DataError where XlsxWriter is not installed, OSError, DatasetError.
    """
    try:
        import xlsxwriter
        from xlsxwriter.exceptions import XlsxWriterException
    except ImportError as error:
        raise DataError("writing .xlsx needs XlsxWriter: pip install 'nianbao[xlsx]'") from error
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    try:
        with xlsxwriter.Workbook(str(path), options) as book:
            bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
            _codebook(book, bold, dataset)
            for name in table_names(dataset):
                frame = frame_of(dataset, name, filled)
                columns = columns_of(tables()[name], frame)
                for number, start in enumerate(range(0, max(len(frame), 1), MAX_ROWS - 1), 1):
                    part = frame.iloc[start : start + MAX_ROWS - 1]
                    _sheet(book.add_worksheet(name if number == 1 else f"{name}_{number}"), part, columns, bold)
    except XlsxWriterException as error:
        raise OSError(str(error)) from error


def _codebook(book: Any, bold: Any, dataset: Dataset) -> None:
    sheet = book.add_worksheet("codebook")
    heads = ("table", "column", "label", "unit", "description", "说明", "values")
    sheet.freeze_panes(1, 2)
    sheet.set_column(0, 1, 24)
    sheet.set_column(2, 6, 48)
    sheet.write_row(0, 0, heads, bold)
    place = 1
    for name in table_names(dataset):
        for column in tables()[name].columns:
            facts = (name, column.name, column.label, column.unit, column.en, column.zh, column.values)
            for at, fact in enumerate(facts):
                if fact:
                    sheet.write_string(place, at, fact)
            place += 1
    sheet.autofilter(0, 0, max(place - 1, 1), len(heads) - 1)


def _sheet(sheet: Any, frame: pd.DataFrame, columns: dict[str, Column], bold: Any) -> None:
    sheet.freeze_panes(1, 1)
    sheet.set_column(0, len(columns) - 1, 16)
    for at, column in enumerate(columns.values()):
        sheet.write_string(0, at, column.name, bold)
        unit = f" ({column.unit})" if column.unit else ""
        sheet.write_comment(0, at, f"{column.label or column.zh}{unit}\n{column.en}")
    sheet.autofilter(0, 0, max(len(frame), 1), len(columns) - 1)
    for place, row in enumerate(frame.itertuples(index=False, name=None), 1):
        for at, value in enumerate(row):
            if isinstance(value, str):
                sheet.write_string(place, at, _fitting(value))
            elif isinstance(value, bool):
                sheet.write_boolean(place, at, value)
            elif not pd.isna(value):
                sheet.write_number(place, at, value)


def _fitting(text: str) -> str:
    if len(text) <= MAX_TEXT:
        return text
    note = _CUT.format(len(text))
    return text[: MAX_TEXT - len(note)] + note
