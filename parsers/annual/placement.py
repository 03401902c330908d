"""The result of reading printed tables by a form: placements of cells, gathered into candidates."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from parsers.annual.columns import Header, money_unit
from parsers.forms import Block, Row
from parsers.layout import Line, Token

CellKey = tuple[str, str | None, str | None]  # indicator, applicant, period


class Placement(NamedTuple):
    """One printed cell placed into the form. ``table``, ``row``, ``cell`` are its place in the document, from 0.

    ``unit`` is the form's unit; ``head_unit`` a money unit that the printed head or row label states instead. ``labels`` are the texts
    it was matched by. A ``tentative`` placement rests on order alone and counts only if the identities prove it; an ``inferred`` one
    stands in a line that had more or fewer cells than the head, and is given up where the identities contradict the table; a ``headless``
    one stands under no head, so that its column is that of the form's order.
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
    inferred: bool = False
    headless: bool = False

    @property
    def key(self) -> CellKey:
        """Which cell of the form this is."""
        return self.indicator, self.applicant, self.period


class Slot(NamedTuple):
    """One cell of the form and where the page prints it (``place`` None: not at all)."""

    indicator: str
    applicant: str | None
    period: str | None
    unit: str | None
    place: Placement | None
    locator: str | None


class Lost(NamedTuple):
    """Cells of the form that are printed but could not be told apart: where what may be their values stands, and why."""

    keys: tuple[CellKey, ...]
    places: tuple[tuple[int, int, int], ...]  # table, row and cell in the document
    why: str


class Candidate(NamedTuple):
    """One copy of an official table as read: its placements and what was given up.

    ``open_rows`` are rows that can be read in several ways, each a tuple of readings; only the sums can choose among them.
    ``compares`` is whether the reading rests on the values, too; ``lost`` are printed cells without a place.
    """

    table_id: str
    placements: tuple[Placement, ...]
    dropped: tuple[str, ...]
    score: float
    open_rows: tuple[tuple[tuple[Placement, ...], ...], ...] = ()
    compares: bool = False
    lost: tuple[Lost, ...] = ()

    @property
    def n_cells(self) -> int:
        """How many cells it places, rows with a choice included."""
        return len(self.placements) + sum(len(row[0]) for row in self.open_rows)

    @property
    def n_lost(self) -> int:
        """How many cells are printed that it could not place."""
        return len({key for lost in self.lost for key in lost.keys})

    @classmethod
    def of(
        cls,
        table_id: str,
        placements: Iterable[Placement],
        dropped: Sequence[str],
        score: float,
        open_rows: Sequence[tuple[tuple[Placement, ...], ...]] = (),
    ) -> Candidate:
        """Gather placements; a cell placed twice is given up, for there is no telling which print is meant."""
        by_key: dict[CellKey, list[Placement]] = {}
        for placement in placements:
            by_key.setdefault(placement.key, []).append(placement)
        twice = {key: found for key, found in by_key.items() if len(found) > 1}
        said = [f"the cell {key} is printed {len(found)} times" for key, found in twice.items()]
        lost = [
            Lost((key,), tuple((p.table, p.row, p.cell) for p in found), f"the cell is printed {len(found)} times")
            for key, found in twice.items()
        ]
        kept = tuple(found[0] for found in by_key.values() if len(found) == 1)
        return cls(table_id, kept, (*dropped, *said), score, tuple(open_rows), lost=tuple(lost))


def lost_row(lines: Iterable[tuple[Line, Iterable[Token]]], block: Block, row: Row, why: str) -> Lost:
    """The cells of a row of the form whose values, on one or several lines, cannot be told apart."""
    keys = tuple((name, column.applicant, column.period) for name, column in zip(row.indicators, block.columns, strict=True))
    return Lost(keys, tuple((line.table, token.row, token.cell) for line, values in lines for token in values), why)


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
    inferred: bool = False,
) -> Placement:
    """The placement of a token at a row and column of a block."""
    declared = block.columns[column]
    head = header.texts.get(column) if header else None
    unit = block.unit_of(row, declared)
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
        _money(labels, header, column) if unit and "元" in unit else None,
        tentative,
        None,
        inferred,
        header is None,
    )


def _money(labels: tuple[str, ...], header: Header | None, column: int) -> str | None:
    """The money unit that the head or the row label states; both where they differ, which is no unit."""
    stated = (header.money.get(column) if header else None, money_unit(labels[-1]) if labels else None)
    return " / ".join(dict.fromkeys(filter(None, stated))) or None
