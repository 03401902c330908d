"""Rows to Arrow by the declared schema: an all-null column keeps its type.

A value of the wrong type is an error here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pyarrow as pa

from data.columns import Table
from data.schema import SCHEMA_VERSION

_ARROW = {
    "string": pa.string(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "boolean": pa.bool_(),
    "date": pa.string(),
    "datetime": pa.string(),
}


def arrow_schema(table: Table) -> pa.Schema:
    """The Arrow schema of a table; the schema version stands in its metadata."""
    fields = [pa.field(c.name, _ARROW[c.type], nullable=not c.required) for c in table.columns]
    return pa.schema(fields, metadata={"nianbao.schema": SCHEMA_VERSION, "nianbao.table": table.name})


def arrow_table(table: Table, columns: Mapping[str, Sequence[object]]) -> pa.Table:
    """Columns of Python values as an Arrow table of exactly the declared types."""
    schema = arrow_schema(table)
    return pa.Table.from_arrays([pa.array(columns[f.name], type=f.type) for f in schema], schema=schema)
