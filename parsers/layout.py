"""Printed tables as lines of tokens: the view in which the table reader works."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, NamedTuple

from parsers.document import OPEN_END, Table, TableCell
from parsers.grid import MAX_SLOTS, Origin, TableTooLarge, form_grid
from parsers.labels import INVISIBLE
from parsers.repetition import continued, within_width
from parsers.values import read_value

Kind = Literal["number", "blank", "mark", "text"]
_SHORT_WORD = 4  # characters


class Token(NamedTuple):
    """A printed cell: its text as one sees it, what it looks like, its place in the source and its grid columns [x0, x1)."""

    text: str
    kind: Kind
    row: int
    cell: int
    x0: int
    x1: int

    @property
    def is_value(self) -> bool:
        """Whether it is a number, a blank or a mark, or open between such."""
        return self.kind != "text" or OPEN_END in self.text


@dataclass(frozen=True, slots=True)
class Line:
    """One row of one printed table; ``table`` is its number in the document, ``sane`` whether its grid can be trusted.

    ``width`` counts its cells where the carrier lost the spans, so that only lines of one width share a grid; else it is 0.
    ``repeats``: the table prints spanned cells in each of their columns.
    """

    table: int
    tokens: tuple[Token, ...]
    sane: bool
    width: int = 0
    repeats: bool = False

    def texts(self) -> list[Token]:
        """The tokens that are neither number, blank nor mark."""
        return [token for token in self.tokens if token.kind == "text"]

    def has_number(self) -> bool:
        """Whether any cell of the line holds a number."""
        return any(token.kind == "number" for token in self.tokens)


class _Kinds(dict[str, Kind]):
    """Kind of a cell text, remembered; bounded by being emptied."""

    def __missing__(self, text: str) -> Kind:
        if len(self) >= 5_000:
            self.clear()
        status = read_value(text).status
        kind: Kind = "number" if status == "reported" else "text" if status == "unreadable" else status  # type: ignore[assignment]
        self[text] = kind
        return kind


KINDS = _Kinds()


class _Shown(dict[str, tuple[str, Kind]]):
    """A cell text as its readers see it, and its kind; bounded by being emptied.

    Characters that nobody sees are left out, and white in short words: 万 元 is 万元.
    """

    def __missing__(self, text: str) -> tuple[str, Kind]:
        if len(self) >= 5_000:
            self.clear()
        kind = KINDS[text]
        seen = text.translate(INVISIBLE)
        apart = "".join(seen.split())
        is_word = kind == "text" and len(apart) <= _SHORT_WORD and OPEN_END not in text
        self[text] = shown = (apart if is_word else seen), kind
        return shown


_SHOWN = _Shown()


def lines_of(table: Table, number: int, *, repeats: bool = False) -> list[Line]:
    """The lines of a printed table; ``repeats``: other tables of its page are known to print spanned cells in each of their columns.

    Raises TableTooLarge.
    """
    if not table.spans_known:
        return _flat_lines(table, number, repeats)
    grid = form_grid(table.rows)
    sane = not grid.overlaps and all(slot is not None for row in grid.slots for slot in row)
    columns = grid.columns()
    return [
        Line(
            number,
            tuple(Token(*_SHOWN[cell.text], y, c, *columns.get((y, c), (0, 0))) for c, cell in enumerate(row)),
            sane,
        )
        for y, row in enumerate(table.rows)
        if row
    ]


def _flat_lines(table: Table, number: int, written_out: bool) -> list[Line]:
    """The lines of a table without spans, where each cell is one column wide; tables may follow each other without a gap."""
    if sum(map(len, table.rows)) > MAX_SLOTS:
        raise TableTooLarge(f"the table has more than {MAX_SLOTS} slots")
    rows = within_width(table.rows, _is_label)
    repeats = any(left.text == right.text and _is_label(left.text) for row in rows for left, right in pairwise(row))
    again = continued(rows, _is_label) if repeats else frozenset()
    widths = [len(row) for row in rows]
    lines = (
        Line(
            number,
            tuple(Token(*_SHOWN[cell.text], y, c, c, c + 1) for c, cell in enumerate(row) if (y, c) not in again),
            widths[y] in (*widths[max(0, y - 1) : y], *widths[y + 1 : y + 2]),
            widths[y],
            repeats or written_out,
        )
        for y, row in enumerate(rows)
    )
    return [line for line in lines if line.tokens]


def _is_label(text: str) -> bool:
    return KINDS[text] == "text" and OPEN_END not in text


def transposed(table: Table) -> tuple[Table, tuple[tuple[Origin, ...], ...]]:
    """The table turned on its side, and for each of its cells the origin in the source. Raises TableTooLarge."""
    grid = form_grid(table.rows)
    rows: list[tuple[TableCell, ...]] = []
    origins: list[tuple[Origin, ...]] = []
    seen: set[Origin] = set()
    for x in range(grid.width):
        cells: list[TableCell] = []
        places: list[Origin] = []
        for origin in _fresh((line[x] for line in grid.slots), seen):
            cell = table.rows[origin.row][origin.cell]
            x0, x1 = grid.columns_of(origin.row, origin.cell)
            cells.append(TableCell(cell.text, min(cell.rowspan, len(grid.slots) - origin.row), x1 - x0))
            places.append(origin)
        rows.append(tuple(cells))
        origins.append(tuple(places))
    return Table(table.locator, tuple(rows), spans_known=table.spans_known), tuple(origins)


def _fresh(column: Iterable[Origin | None], seen: set[Origin]) -> list[Origin]:
    fresh: list[Origin] = []
    for origin in column:
        if origin is not None and origin not in seen:
            seen.add(origin)
            fresh.append(origin)
    return fresh
