"""What extract prints: text for people, one JSON object of all tables, or one table as CSV."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable, Iterable
from typing import NamedTuple, Protocol, TextIO

from rich.console import Console

from data.errors import DataError
from data.extract import Extracted
from data.rows import rows
from data.schema import REPORT_TABLES, tables
from data.show import PLAIN_WIDTH, show


class Counts(NamedTuple):
    """Payloads met, those that gave no report, and those that could not be read at all."""

    total: int
    failed: int
    unreadable: int


def write_extracted(found: Iterable[Extracted], format: str, stream: TextIO, table: str, say: Callable[[str], None]) -> Counts:
    """Write reports as they come; ``say`` gets one line for each payload that gave none. Raises DataError for an unknown table."""
    if table not in REPORT_TABLES:
        raise DataError(f"there is no table {table!r}; choose one of {' '.join(REPORT_TABLES)}")
    writers: dict[str, Callable[[TextIO, str], _Writer]] = {"text": _Text, "json": _Json, "csv": _Csv}
    writer = writers[format](stream, table)
    total = failed = unreadable = 0
    for item in found:
        total += 1
        if item.failures:
            failed += 1
            unreadable += item.unreadable
            for code, message in item.failures:
                say(f"{item.source}: {code}: {message}")
        writer.add(item)
    writer.close()
    return Counts(total, failed, unreadable)


class _Writer(Protocol):
    def add(self, item: Extracted) -> None:
        """Take one payload."""

    def close(self) -> None:
        """Write what is left."""


class _Text:
    def __init__(self, stream: TextIO, table: str) -> None:
        del table
        on_terminal = stream is sys.stdout and stream.isatty()
        self._console = Console(file=stream, width=None if on_terminal else PLAIN_WIDTH, highlight=False)

    def add(self, item: Extracted) -> None:
        if item.report is not None and item.report.is_report:
            show(item.report, item.source, self._console)

    def close(self) -> None:
        """Nothing is left to write."""


class _Json:
    def __init__(self, stream: TextIO, table: str) -> None:
        del table
        self._stream = stream
        self._rows: dict[str, list[dict[str, object]]] = {name: [] for name in REPORT_TABLES}

    def add(self, item: Extracted) -> None:
        for name, found in _rows(item).items():
            self._rows[name].extend(found)

    def close(self) -> None:
        json.dump(self._rows, self._stream, ensure_ascii=False, indent=1)
        self._stream.write("\n")


class _Csv:
    def __init__(self, stream: TextIO, table: str) -> None:
        self._table = table
        self._writer = csv.DictWriter(stream, [column.name for column in tables()[table].columns], lineterminator="\n")
        self._writer.writeheader()

    def add(self, item: Extracted) -> None:
        self._writer.writerows(_rows(item)[self._table])

    def close(self) -> None:
        """Nothing is left to write."""


def _rows(item: Extracted) -> dict[str, list[dict[str, object]]]:
    if item.report is not None:
        return rows(item.report, source=item.source)
    found: dict[str, list[dict[str, object]]] = {name: [] for name in REPORT_TABLES}
    found["problems"] = [tables()["problems"].row({"source": item.source, "code": item.code, "message": item.message})]
    return found
