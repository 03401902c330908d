"""The result of reading printed tables by a form: placements of cells, gathered into candidates."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from parsers.columns import Header
from parsers.forms import Block, FormTable, Row
from parsers.layout import Line, Token

CellKey = tuple[str, str | None, str | None]  # indicator, applicant, period

_MONEY_UNIT = re.compile(r"亿元|万元|元")


class Placement(NamedTuple):
    """One printed cell placed into the form. ``table``, ``row``, ``cell`` are its place in the document, from 0.

    ``unit`` is the form's unit; ``head_unit`` a money unit that the printed head states instead. ``labels`` are the texts it was
    matched by. A ``tentative`` placement rests on order alone and counts only if the identities prove it.
    """

    indicator: str
    applicant: str | None
    period: str | None
    unit: str | None
    unit_stated: bool
    table: int
    row: int
    cell: int
    labels: tuple[str, ...]
    head_unit: str | None = None
    tentative: bool = False
    label_raw: str | None = None

    @property
    def key(self) -> CellKey:
        """Which cell of the form this is."""
        return self.indicator, self.applicant, self.period


class Candidate(NamedTuple):
    """One copy of an official table as read: its placements, what the form has and the page does not, and what was given up."""

    table_id: str
    placements: tuple[Placement, ...]
    missing: tuple[tuple[str, str | None, str | None, str | None], ...]
    dropped: tuple[str, ...]
    score: float

    @classmethod
    def empty(cls, form_table: FormTable) -> Candidate:
        """The candidate of a table that is not there."""
        return cls(form_table.id, (), form_table.cells(), (), 0.0)

    @classmethod
    def of(
        cls, form_table: FormTable, placements: Iterable[Placement], dropped: Sequence[str], score: float
    ) -> Candidate:
        """Gather placements; a cell placed twice is given up, for there is no telling which print is meant."""
        by_key: dict[CellKey, list[Placement]] = {}
        for placement in placements:
            by_key.setdefault(placement.key, []).append(placement)
        twice = [f"the cell {key} is printed {len(found)} times" for key, found in by_key.items() if len(found) > 1]
        kept = tuple(found[0] for found in by_key.values() if len(found) == 1)
        have = {placement.key for placement in kept}
        missing = tuple(cell for cell in form_table.cells() if cell[:3] not in have)
        return cls(form_table.id, kept, missing, (*dropped, *twice), score)


def make_placement(
    line: Line,
    token: Token,
    block: Block,
    row: Row,
    column: int,
    labels: tuple[str, ...],
    header: Header | None,
    *,
    tentative: bool = False,
) -> Placement:
    """The placement of a token at a row and column of a block."""
    declared = block.columns[column]
    head = _head_text(header, column)
    unit = block.unit_of(row, declared)
    printed = _MONEY_UNIT.search(head) if unit and "元" in unit else None
    return Placement(
        row.indicators[column],
        declared.applicant,
        declared.period,
        unit,
        declared.unit_stated,
        line.table,
        token.row,
        token.cell,
        (*labels, head) if head else labels,
        printed.group() if printed else None,
        tentative,
    )


def _head_text(header: Header | None, column: int) -> str:
    if header is not None:
        for leaf, matched in zip(*header, strict=True):
            if matched == column:
                return " / ".join((*leaf.path, leaf.token.text))
    return ""
