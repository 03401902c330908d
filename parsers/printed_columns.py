"""Statistical tables with more columns than label, unit and value, in a text that prints each cell, or each row, on a line without bars.

The printed head says which columns there are. A table with a row that prints fewer values than there are columns stays lines: nothing
tells which they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from parsers.document import Block, Table, TableCell, cell_addresses
from parsers.entries import UNITS
from parsers.printed_disputes import in_place
from parsers.printed_lines import PrintedLine
from parsers.table_heads import head_role

_ENOUGH = 4  # rows under a head
_MOST = 200  # rows
_LONGEST = 60  # characters of a label
_NARROWEST, _WIDEST = 4, 6  # columns
_VALUES = frozenset(("year", "named_year", "other_year", "to_date", "cumulative"))
_LETTERS = re.compile("[甲乙丙丁]")
_BEGINS = re.compile(r"[一二三四五六七八九十]{1,3}、|[(（][一二三四五六七八九十\d]{1,2}[)）]|\d{1,2}[.．、]|[①-⑳]|其中")


class _Cell(NamedTuple):
    line: int  # its place among the lines
    text: str
    is_value: bool


def with_columns(blocks: list[Block], lines: Sequence[PrintedLine]) -> list[Block]:
    """The blocks with such tables in the place of their lines. Pure; never raises."""
    cells = [cell for at, line in enumerate(lines) for cell in _cells(at, line)]
    at = 0
    while at < len(cells):
        roles = _head(cells, at)
        if not roles:
            at += 1
            continue
        rows, at = _rows(cells, at, roles)
        if _ENOUGH < len(rows) <= _MOST:
            blocks = in_place(blocks, _table(rows, lines, len(roles)), lines[rows[0][0].line].number, lines[rows[-1][-1].line].number)
    return blocks


def _cells(at: int, line: PrintedLine) -> Iterator[_Cell]:
    """The cells of a line: a label of one or several pieces, a unit, values; the heads of a row of heads one by one."""
    labels = [piece.text for piece in line.labels]
    if all(head_role(text, None) or _LETTERS.fullmatch(text) for text in labels):
        yield from (_Cell(at, text, is_value=False) for text in labels)
    else:
        unit = labels.pop() if labels and labels[-1] in UNITS else None
        if labels:
            yield _Cell(at, "".join(labels), is_value=False)
        if unit:
            yield _Cell(at, unit, is_value=False)
    yield from (_Cell(at, piece.text, is_value=True) for piece in line.values)


def _head(cells: Sequence[_Cell], at: int) -> list[str]:
    """The roles of the heads that follow one another from here; none where they head no such table."""
    roles: list[str] = []
    for cell in cells[at : at + _WIDEST + 1]:
        role = None if cell.is_value else head_role(cell.text, None)
        if role is None:
            break
        roles.append(role)
    orderly = roles[:2] == ["label", "unit"] and set(roles[2:]) <= _VALUES | {"code"} and bool(_VALUES.intersection(roles[-1:]))
    return roles if orderly and _NARROWEST <= len(roles) <= _WIDEST and roles[3:].count("code") == 0 else []


def _rows(cells: Sequence[_Cell], at: int, roles: Sequence[str]) -> tuple[list[list[_Cell]], int]:
    """The head and the rows below it, none where one of them is in doubt, and the place of the first cell behind them."""
    width = len(roles)
    rows = [list(cells[at : at + width])]
    at += width
    if _LETTERS.fullmatch(cells[at].text) if at < len(cells) else False:  # 甲 乙 丙 1 2
        at += width
    end = at
    while at < len(cells) and not cells[at].is_value and not _head(cells, at):
        label, at = _label(cells, at)
        if len(label.text) > _LONGEST:
            break
        row = [label]
        if at < len(cells) and cells[at].text in UNITS:
            row.append(cells[at])
            at += 1
            values = at
            while at < len(cells) and cells[at].is_value:
                at += 1
            if at - values != width - 2:
                return [], at
            row += cells[values:at]
            end = at
        rows.append(row)
    full = [i for i, row in enumerate(rows) if len(row) == width]
    return rows[: full[-1] + 1], end


def _label(cells: Sequence[_Cell], at: int) -> tuple[_Cell, int]:
    """The label that begins here, its wrapped lines joined, and the place behind it."""
    label = cells[at]
    at += 1
    while at < len(cells) and not cells[at].is_value and cells[at].text not in UNITS and not _BEGINS.match(cells[at].text):
        joined = label.text + cells[at].text
        if len(joined) > _LONGEST or _head(cells, at):
            break
        label = label._replace(text=joined)
        at += 1
    return label, at


def _table(rows: Sequence[Sequence[_Cell]], lines: Sequence[PrintedLine], width: int) -> Table:
    texts = [tuple(TableCell(cell.text) for cell in row) + (TableCell(""),) * (width - len(row)) for row in rows]
    addresses = tuple(cell_addresses(f"line[{lines[row[0].line].number}]", width) for row in rows)
    return Table(addresses[0][0].split("/")[0], tuple(texts), addresses, spans_known=False)
