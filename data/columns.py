"""What a table and a column are: the metadata model that everything about the dataset's shape is made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

ColumnType = Literal["string", "integer", "number", "boolean", "date", "datetime"]
Row = dict[str, object]


@dataclass(frozen=True, slots=True)
class Column:
    """A column: ``en``/``zh`` say what it holds, ``values`` names its value list, ``ref`` the table it points to.

    ``unit`` is the unit of a numeric column, ``label`` the official Chinese label where there is one.
    ``date`` and ``datetime`` are ISO 8601 text, so that no program can damage them.
    """

    name: str
    type: ColumnType
    en: str
    zh: str
    required: bool = False
    values: str | None = None
    ref: str | None = None
    unit: str | None = None
    label: str | None = None


@dataclass(frozen=True)
class Table:
    """A table of the dataset: its columns in order, its primary key (empty: none), what a row is."""

    name: str
    columns: tuple[Column, ...]
    en: str
    zh: str
    key: tuple[str, ...] = ()

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The column names in order."""
        return tuple(column.name for column in self.columns)

    def column(self, name: str) -> Column:
        """The column of that name. Raises KeyError."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"table {self.name} has no column {name!r}")

    def row(self, values: Mapping[str, object]) -> Row:
        """``values`` as a row of this table: every column, in order, None where not given.

        Raises KeyError for a foreign name.
        """
        row: Row = dict.fromkeys(self.names)
        for name, value in values.items():
            if name not in row:
                raise KeyError(f"table {self.name} has no column {name!r}")
            row[name] = value
        return row
