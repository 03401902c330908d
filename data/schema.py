"""The dataset's schema: every table and column, from schema.toml and, for the panels, from the forms."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

from data.columns import Column, Table
from data.panel import panel_tables

SCHEMA_VERSION = "1"
# The tables of one report alone: what `extract --format json` prints, and what every dataset has at least.
REPORT_TABLES = ("reports", "cells", "tables", "sections", "figures", "checks", "problems")


@cache
def tables() -> Mapping[str, Table]:
    """Every table of a dataset by name, in the order of the codebook."""
    declared = {name: _table(name, table) for name, table in _declared()["tables"].items()}
    return declared | {table.name: table for table in panel_tables(declared["reports"])}


@cache
def value_lists() -> Mapping[str, Mapping[str, tuple[str, str]]]:
    """Allowed values by list name: value -> (English, Chinese)."""
    return {
        name: {value: (texts["en"], texts["zh"]) for value, texts in values.items()}
        for name, values in _declared()["values"].items()
    }


def _declared() -> dict[str, Any]:
    return tomllib.loads((resources.files(__package__) / "schema.toml").read_text(encoding="utf-8"))


def _table(name: str, declared: Mapping[str, Any]) -> Table:
    return Table(
        name=name,
        columns=tuple(Column(**column) for column in declared["columns"]),
        en=declared["en"],
        zh=declared["zh"],
        key=tuple(declared.get("key", ())),
    )
