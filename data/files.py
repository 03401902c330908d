"""Table files: Parquet and CSV of a part, and whole CSV files put together from the parts' own bytes."""

from __future__ import annotations

import hashlib
import io
import os
import shutil
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from data.arrow import arrow_table
from data.columns import Table

# A text field that a spreadsheet would take for a formula gets one leading apostrophe, and so does a text that begins
# with
# an apostrophe: dropping one leading apostrophe gives every text back. A plain number (-18) is no formula and stays.
_FORMULA = r"^['=+\-@\t\r＝＋－＠]"
_NUMBER = r"^[+-]?[0-9]+(\.[0-9]+)?$"


class Piece(NamedTuple):
    """Where a part stands in a CSV file, and the hash of those bytes."""

    offset: int
    length: int
    sha256: str
    rows: int


def guarded(array: pa.ChunkedArray) -> pa.ChunkedArray:
    """Text safe to open in a spreadsheet (see above); nulls stay null."""
    danger = pc.and_(pc.match_substring_regex(array, _FORMULA), pc.invert(pc.match_substring_regex(array, _NUMBER)))
    return pc.if_else(danger, pc.binary_join_element_wise("'", array, ""), array)


def csv_bytes(table: pa.Table, closed: Collection[str] = ()) -> bytes:
    """A table as CSV without header (RFC 4180, UTF-8, lines end with LF): null is nothing, an empty text two quotes.

    ``closed`` names text columns with a list of values, which need no guard.
    """
    columns = [
        guarded(table[name]) if pa.types.is_string(table[name].type) and name not in closed else table[name] for name in table.column_names
    ]
    out = io.BytesIO()
    options = pa_csv.WriteOptions(include_header=False)
    pa_csv.write_csv(pa.Table.from_arrays(columns, names=table.column_names), out, options)
    return out.getvalue()


def closed_columns(table: Table) -> frozenset[str]:
    """The columns with a list of values."""
    return frozenset(column.name for column in table.columns if column.values)


def csv_header(table: Table) -> bytes:
    """The header line."""
    return (",".join(table.names) + "\n").encode()


def parquet_path(folder: Path, table: str, part: str) -> Path:
    """``reports.parquet``, or a part in the folder of that name."""
    return folder / f"{table}.parquet" / f"{part}.parquet" if part else folder / f"{table}.parquet"


def write_parquet(path: Path, table: pa.Table) -> None:
    """Write one Parquet file, zstd. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(table, path, compression="zstd")


class CsvWriter:
    """One CSV file of a table, from new parts and from byte ranges of the last dataset's file."""

    def __init__(self, path: Path, table: Table, last: Path | None) -> None:
        """``last`` is the file that unchanged pieces are copied from."""
        self._out = path.open("wb")
        self._last = last.open("rb") if last is not None and last.is_file() else None
        self._out.write(csv_header(table))
        self.pieces: list[Piece] = []

    def write(self, data: bytes, rows: int) -> None:
        """Append a new part."""
        self.pieces.append(Piece(self._out.tell(), len(data), hashlib.sha256(data).hexdigest(), rows))
        self._out.write(data)

    def copy(self, piece: Piece) -> None:
        """Append an unchanged part from the last file. Raises OSError where it is too short."""
        assert self._last is not None
        self.pieces.append(Piece(self._out.tell(), piece.length, piece.sha256, piece.rows))
        self._out.flush()
        self._last.seek(piece.offset)
        left = piece.length
        while left:
            data = self._last.read(min(left, 1 << 20))
            if not data:
                raise OSError("the last dataset's CSV file is shorter than it says")
            self._out.write(data)
            left -= len(data)

    def close(self) -> None:
        """Close both files."""
        self._out.close()
        if self._last is not None:
            self._last.close()


def write_whole(folder: Path, table: Table, rows: Sequence[Mapping[str, Any]]) -> Piece:
    """A table that is always one file, both formats. Raises OSError."""
    arrow = arrow_table(table, {name: [row[name] for row in rows] for name in table.names})
    write_parquet(parquet_path(folder, table.name, ""), arrow)
    data = csv_bytes(arrow)
    with (folder / f"{table.name}.csv").open("wb") as out:
        out.write(csv_header(table))
        out.write(data)
    return Piece(len(csv_header(table)), len(data), hashlib.sha256(data).hexdigest(), len(rows))


def link(source: Path, target: Path) -> None:
    """The same file under another name, without copying where the file system allows. Raises OSError."""
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)
