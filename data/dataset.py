"""Reading a dataset: typed access to its tables, and one clear error for a folder that is none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import pandas as pd
import pyarrow as pa
import pyarrow.dataset as pads
import pyarrow.parquet as pq

from data.arrow import arrow_schema
from data.errors import DatasetError
from data.package import read_package
from data.publish import last
from data.schema import SCHEMA_VERSION, tables


@dataclass(frozen=True, slots=True)
class Dataset:
    """A dataset folder, opened. ``package`` is its datapackage.json."""

    folder: Path
    package: dict[str, Any]

    @property
    def names(self) -> tuple[str, ...]:
        """The tables that are there."""
        return tuple(resource["name"] for resource in self.package["resources"])

    @property
    def content_hash(self) -> str:
        """Hash of all rows in order: equal for the same archive and the same code."""
        return str(self.package["content_hash"])

    def rows(self, name: str) -> int:
        """Number of rows of a table. Raises DatasetError for an unknown one."""
        return int(self._resource(name)["rows"])

    def files(self, name: str) -> list[Path]:
        """The Parquet files of a table in order. Raises DatasetError for an unknown one."""
        return [self.folder / path for path in self._resource(name)["parquet"]]

    def arrow(self, name: str, columns: Sequence[str] | None = None) -> pa.Table:
        """A table, or some of its columns, as Arrow. Raises DatasetError."""
        try:
            return self._scan(name).to_table(columns=list(columns) if columns is not None else None)
        except (OSError, pa.ArrowException, KeyError) as error:
            raise DatasetError(f"{self.folder}: cannot read table {name}: {error}") from error

    def batches(self, name: str, columns: Sequence[str] | None = None) -> Iterator[pa.RecordBatch]:
        """A table in batches: memory stays flat. Raises DatasetError."""
        try:
            yield from self._scan(name).to_batches(columns=list(columns) if columns is not None else None)
        except (OSError, pa.ArrowException, KeyError) as error:
            raise DatasetError(f"{self.folder}: cannot read table {name}: {error}") from error

    def frame(self, name: str, columns: Sequence[str] | None = None) -> pd.DataFrame:
        """A table as pandas, whole numbers nullable (Int64). Raises DatasetError."""
        nullable = {pa.int64(): pd.Int64Dtype()}
        return cast(pd.DataFrame, self.arrow(name, columns).to_pandas(types_mapper=nullable.get))

    def rows_of(self, name: str, report_id: str) -> list[dict[str, Any]]:
        """The rows of one report in a table that has a column ``report_id``. Raises DatasetError."""
        try:
            found = self._scan(name).to_table(filter=pads.field("report_id") == report_id)
        except (OSError, pa.ArrowException) as error:
            raise DatasetError(f"{self.folder}: cannot read table {name}: {error}") from error
        return cast(list[dict[str, Any]], found.to_pylist())

    def _scan(self, name: str) -> Any:
        paths = [str(path) for path in self.files(name)]
        return pads.dataset(paths, schema=arrow_schema(tables()[name]), format="parquet")

    def _resource(self, name: str) -> dict[str, Any]:
        for resource in self.package["resources"]:
            if resource["name"] == name:
                return resource  # type: ignore[no-any-return]
        raise DatasetError(f"{self.folder}: no table {name!r}; there are {', '.join(self.names)}")


def open_dataset(folder: Path | str) -> Dataset:
    """Open a dataset folder.

    Raises DatasetError where it is missing, no dataset, of another schema version, or where a file is missing, damaged
    or of another length than datapackage.json says.
    """
    folder = Path(folder)
    if not folder.exists() and last(folder).is_dir():  # a build was killed between two renames
        folder = last(folder)
    package = read_package(folder)
    if package["schema_version"] != SCHEMA_VERSION:
        raise DatasetError(
            f"{folder}: schema version {package['schema_version']}, this program reads {SCHEMA_VERSION}; "
            "build the dataset again"
        )
    dataset = Dataset(folder, package)
    for name in dataset.names:
        _check_files(dataset, name)
    return dataset


def _check_files(dataset: Dataset, name: str) -> None:
    if name not in tables():
        raise DatasetError(f"{dataset.folder}: unknown table {name!r} in datapackage.json; build the dataset again")
    rows = 0
    for path in dataset.files(name):
        try:
            with pq.ParquetFile(path) as file:
                rows += file.metadata.num_rows
                if file.schema_arrow.names != list(tables()[name].names):
                    raise DatasetError(f"{path}: other columns than the schema has; build the dataset again")
        except FileNotFoundError as error:
            raise DatasetError(f"{path}: missing; the dataset is incomplete, build it again") from error
        except (OSError, pa.ArrowException) as error:
            raise DatasetError(f"{path}: damaged ({error}); build the dataset again") from error
    if rows != dataset.rows(name):
        raise DatasetError(
            f"{dataset.folder}: table {name} has {rows} rows, datapackage.json says {dataset.rows(name)}; "
            "build the dataset again"
        )
