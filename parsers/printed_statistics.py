"""A statistical table in a text that prints each cell on a line of its own: label, unit, value, and again."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from parsers.document import Block, Table, TableCell, cell_addresses
from parsers.forms import load_forms
from parsers.printed_columns import with_columns
from parsers.printed_disputes import in_place
from parsers.printed_lines import PrintedLine

_ENOUGH = 12  # rows with unit and value
_MOST = 200  # rows
_LONGEST = 60  # characters of a label
_BEGINS = re.compile(r"[一二三四五六七八九十]{1,3}、|[(（][一二三四五六七八九十\d]{1,2}[)）]|\d{1,2}[.．、]|[①-⑳]|其中")
_WORD = re.compile(r"[\u4e00-\u9fff]")
_MARKS = re.compile(r"[-—–－]{1,4}")


@cache
def _units() -> frozenset[str]:
    tables = [table for form in load_forms().values() if (table := form.table("statistics"))]
    return frozenset(unit for table in tables for _, _, _, unit in table.cells() if unit)


def with_whole_statistics(blocks: list[Block], lines: Sequence[PrintedLine]) -> list[Block]:
    """The blocks with the tables of more columns, else with the first run of such lines as a table; unchanged where that is in doubt."""
    wide = with_columns(blocks, lines)
    if wide is not blocks:
        return wide
    rows: list[tuple[int, list[str]]] = []  # the place of the label, and label, unit and value
    last = -1
    for at, line in enumerate(lines):
        said = line.said
        row = rows[-1][1] if rows else []
        if said in _units() or (_MARKS.fullmatch(said) and len(row) == 1):
            if len(row) == 1:
                row.append(said)
        elif line.is_values and len(line.values) == 1 and rows and at == last + 1:
            if len(row) > 2:
                return blocks  # two values one after the other
            if len(row) > 1:
                row.append(said)
        elif len(row) == len(("label", "unit")) and at == last + 1 and not _WORD.search(said):
            row.append(said)  # no number that these lines know
        elif len(row) == 1 and at == last + 1 and not _BEGINS.match(said) and len(row[0] + said) <= _LONGEST:
            row[0] += said  # a label that wrapped
        elif len(said) <= _LONGEST and not line.values:
            rows.append((at, [said]))
        elif line.values and line.labels and len(_run(rows, 1)) > 1:
            return blocks  # some rows stand on one line, and some do not
        elif len(_run(rows)) >= _ENOUGH:
            break
        else:
            rows = []
        last = at
    whole = _run(rows)
    if len(whole) < _ENOUGH or len(whole) > _MOST:
        return blocks
    width = 3
    cells = [tuple(map(TableCell, (*texts, *[""] * (width - len(texts))))) for _, texts in whole]
    addresses = tuple(cell_addresses(f"line[{lines[at].number}]", width) for at, _ in whole)
    table = Table(addresses[0][0].split("/")[0], tuple(cells), addresses, spans_known=False)
    return in_place(blocks, table, lines[whole[0][0]].number, lines[whole[-1][0] + width - 1].number)


def _run(rows: Sequence[tuple[int, list[str]]], enough: int = _ENOUGH) -> list[tuple[int, list[str]]]:
    """The rows from the first to the last one that has all its cells."""
    full = [i for i, (_, row) in enumerate(rows) if len(row) > 2]
    return list(rows[full[0] : full[-1] + 1]) if len(full) >= enough else []
