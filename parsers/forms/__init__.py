"""The official forms as data: one TOML file per generation in this folder, loaded into immutable objects.

Adding a generation is adding a file. See 2021.toml for how to read one.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

CORNER = "信息内容"  # heads the labels of table 二, in every generation


@dataclass(frozen=True, slots=True)
class Column:
    """A value column: its official label and variants, the group heads above it, and what it stands for.

    ``applicant`` in table 三, ``indicator`` where the column alone names the cell (table 四), ``period`` in statistics.
    """

    labels: tuple[str, ...]
    path: tuple[str, ...] = ()
    applicant: str | None = None
    indicator: str | None = None
    period: str | None = None
    unit: str | None = None
    unit_stated: bool = True
    signed: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A row: its official label and variants, the group labels above it, and its indicators.

    ``indicators`` holds one name for every column of the block; an ``indicator`` in the file stands for all columns.
    ``replaces`` (collapsed rows only) names the rows that this one stands for.
    """

    labels: tuple[str, ...]
    indicators: tuple[str, ...]
    path: tuple[str, ...] = ()
    unit: str | None = None
    replaces: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Block:
    """A run of rows under one set of column heads; ``article`` is the heading row above it, if the form prints one."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    article: str | None = None
    unit: str | None = None
    collapsed: tuple[Row, ...] = ()

    def unit_of(self, row: Row, column: Column) -> str | None:
        """Unit the form prints for this cell, the closest declaration winning."""
        return column.unit or row.unit or self.unit

    def rows_with(self, collapsed: Iterable[Row]) -> Iterator[Row]:
        """The rows in printed order, each of some collapsed rows just before the first one that it may stand for."""
        before: dict[str, list[Row]] = {}
        for row in collapsed:
            if row.replaces:
                before.setdefault(row.replaces[0], []).append(row)
        for row in self.rows:
            yield from before.get(row.indicators[0], ())
            yield row


@dataclass(frozen=True, slots=True)
class FormTable:
    """An official table: ``id`` as in the dataset (``proactive`` ...), ``section`` 1-6 (0: no fixed section)."""

    id: str
    section: int
    blocks: tuple[Block, ...]

    @property
    def n_cells(self) -> int:
        """How many cells the form has, collapsed rows left out."""
        return sum(len(block.rows) * len(block.columns) for block in self.blocks)

    def cells(self) -> tuple[tuple[str, str | None, str | None, str | None], ...]:
        """(indicator, applicant, period, unit) of every cell of the form in printed order, collapsed rows left out."""
        return tuple(
            (row.indicators[i], column.applicant, column.period, block.unit_of(row, column))
            for block in self.blocks
            for row in block.rows
            for i, column in enumerate(block.columns)
        )


@dataclass(frozen=True, slots=True)
class Identity:
    """A 勾稽关系 of the form: ``sum(left) op sum(right)``, tolerance 0 for counts, 0.01 for amounts in 万元.

    In table 三 it holds for each applicant. ``total_applicant`` instead states that, in every row, that applicant's
    cell is the sum of the others. ``op`` is ``=`` or ``<=``; ``severity`` E identities decide the verdict.
    """

    check: str
    table: str
    left: tuple[str, ...] = ()
    right: tuple[str, ...] = ()
    total_applicant: str | None = None
    op: str = "="
    severity: str = "E"


@dataclass(frozen=True, slots=True)
class Form:
    """One generation of the form. ``years`` is the first and last report year in force (9999: still in force)."""

    id: str
    name_zh: str
    name_en: str
    basis: str
    years: tuple[int, int]
    markers: tuple[str, ...]
    markers_needed: int
    tables: tuple[FormTable, ...]
    identities: tuple[Identity, ...]

    def table(self, table_id: str) -> FormTable | None:
        """The table of that id, or None."""
        return next((table for table in self.tables if table.id == table_id), None)


class FormError(ValueError):
    """A form file is not well formed: the message names the file and the place."""


def form_from_toml(text: str, name: str) -> Form:
    """Read one form file. Raises FormError naming ``name`` and the fault."""
    try:
        return _form(tomllib.loads(text))
    except (tomllib.TOMLDecodeError, AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        raise FormError(f"form file {name}: {type(error).__name__}: {error}") from error


@cache
def load_forms() -> Mapping[str, Form]:
    """All bundled forms by id, newest first. Raises FormError for a bad file."""
    folder = resources.files(__package__)
    files = sorted((f for f in folder.iterdir() if f.name.endswith(".toml")), key=lambda f: f.name)
    forms = [form_from_toml(f.read_text(encoding="utf-8"), f.name) for f in files]
    return {form.id: form for form in sorted(forms, key=lambda form: -form.years[0])}


def _form(data: Mapping[str, Any]) -> Form:
    form = Form(
        id=data["id"],
        name_zh=data["name_zh"],
        name_en=data["name_en"],
        basis=data["basis"],
        years=(int(data["years"][0]), int(data["years"][1])),
        markers=tuple(data["markers"]),
        markers_needed=int(data.get("markers_needed", 1)),
        tables=tuple(_table(t) for t in data["tables"]),
        identities=tuple(_identity(i) for i in data.get("identities", ())),
    )
    _check_identities(form)
    return form


def _table(data: Mapping[str, Any]) -> FormTable:
    return FormTable(data["id"], int(data["section"]), tuple(_block(b) for b in data["blocks"]))


def _block(data: Mapping[str, Any]) -> Block:
    columns = tuple(_column(column) for column in data["columns"])
    return Block(
        columns=columns,
        rows=tuple(_row(row, columns) for row in data["rows"]),
        article=data.get("article"),
        unit=data.get("unit"),
        collapsed=tuple(_row(row, columns) for row in data.get("collapsed", ())),
    )


def _column(data: Mapping[str, Any]) -> Column:
    return Column(**_frozen(data))


def _frozen(data: Mapping[str, Any]) -> dict[str, Any]:
    """Lists become tuples; an unknown key is a TypeError of the dataclass that takes it."""
    return {key: tuple(value) if isinstance(value, list) else value for key, value in data.items()}


def _row(data: Mapping[str, Any], columns: tuple[Column, ...]) -> Row:
    if "indicator" in data:
        indicators = (data["indicator"],) * len(columns)
    elif "indicators" in data:
        indicators = tuple(data["indicators"])
    else:
        indicators = tuple(column.indicator or "" for column in columns)
    if len(indicators) != len(columns) or not all(indicators):
        raise ValueError(f"row {data['labels']} must name an indicator for each of its {len(columns)} columns")
    return Row(
        labels=tuple(data["labels"]),
        indicators=indicators,
        path=tuple(data.get("path", ())),
        unit=data.get("unit"),
        replaces=tuple(data.get("replaces", ())),
    )


def _identity(data: Mapping[str, Any]) -> Identity:
    return Identity(**_frozen(data))


def _check_identities(form: Form) -> None:
    for identity in form.identities:
        table = form.table(identity.table)
        if table is None:
            raise ValueError(f"identity {identity.check} names the unknown table {identity.table!r}")
        known = {cell[0] for cell in table.cells()}
        unknown = [name for name in (*identity.left, *identity.right) if name not in known]
        if unknown:
            raise ValueError(f"identity {identity.check} names unknown indicators {unknown}")
