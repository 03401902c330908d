"""Where the rows of table 三 begin among printed lines: their labels, or the first line of them, in the form's order."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from parsers.forms import Row, load_forms
from parsers.labels import label_key, similarity
from parsers.printed.lines import PrintedLine

_ENOUGH = 0.6  # share of the form's rows whose labels must be found
_LABELS_SEEN = 4  # times the rows of a form: no table has as many lines with labels
_LONG = 8  # characters of a label that may be worded otherwise
_OTHER_LENGTH = 3
_ALIKE = 0.85
_ITEM = re.compile(r"\d{1,2}[.．、]")


class Place(NamedTuple):
    """A row of the form and the line (by its place in the text) where its label begins."""

    row: int
    line: int


class FormRows(NamedTuple):
    """The rows of a form's table 三 as a page prints them: their labels as keys, and the heads and applicants of its columns."""

    form_id: str
    collapsed: tuple[str, ...]
    rows: tuple[Row, ...]
    keys: tuple[tuple[str, ...], ...]
    heads: tuple[str, ...]
    applicants: tuple[str | None, ...]


@cache
def _forms() -> tuple[FormRows, ...]:
    found = []
    for form in load_forms().values():
        table = form.table("applications")
        if table is None:
            continue
        block = table.blocks[0]
        heads = tuple(column.labels[0] for column in block.columns)
        applicants = tuple(column.applicant for column in block.columns)
        for collapsed in ((), *((row,) for row in block.collapsed)):
            replaced = {name for row in collapsed for name in row.replaces}
            rows = tuple(row for row in block.rows_with(collapsed) if row.indicators[0] not in replaced)
            keys = tuple(tuple(label_key(label) for label in row.labels) for row in rows)
            found.append(FormRows(form.id, tuple(c.indicators[0] for c in collapsed), rows, keys, heads, applicants))
    return tuple(found)


def find_rows(lines: Sequence[PrintedLine], after: int) -> tuple[FormRows, list[Place], int] | None:
    """The first copy of the table behind a line: its form, the places of its rows, and its last line."""
    best: tuple[int, FormRows, list[Place]] | None = None
    for number, form in enumerate(_forms()):
        places = _places(number, lines, after)
        worth = 2 * len(places) - len(form.rows)
        if len(places) >= _ENOUGH * len(form.rows) and (best is None or worth > best[0]):
            best = worth, form, places
    if best is None:
        return None
    _, form, places = best
    end = places[-1].line
    if places[-1].row == len(form.rows) - 1:
        while end + 1 < len(lines) and lines[end + 1].is_values:
            end += 1
    return form, places, end


def _places(number: int, lines: Sequence[PrintedLine], after: int) -> list[Place]:
    """The longest run of labels in a form's order; a label that is printed twice counts where the run ends first."""
    form = _forms()[number]
    best: list[tuple[int, tuple[Place, ...]]] = [(0, ())] * (len(form.rows) + 1)  # by the number of rows passed
    complete = False
    left = _LABELS_SEEN * len(form.rows)
    for at in range(after, len(lines)):
        labels = lines[at].labels
        said = [piece.text for piece in labels] + (["".join(piece.text for piece in labels)] if len(labels) > 1 else [])
        named = [found for text in said for found in _rows_named(number, text)]
        left -= bool(named)
        if left < 0:
            break
        # The last row first: one line is the place of one row.
        for row, worth in sorted(named, reverse=True):
            before = best[row]
            if worth + before[0] > best[row + 1][0]:
                for i in range(row + 1, len(best)):
                    if worth + before[0] > best[i][0]:
                        best[i] = (worth + before[0], (*before[1], Place(row, at)))
                complete = complete or len(before[1]) + 1 == len(form.rows)
        if complete and lines[at].labels and not any(place.line == at for place in best[-1][1]) and at > best[-1][1][-1].line:
            break
    return list(best[-1][1])


@lru_cache(maxsize=4096)
def _rows_named(number: int, label: str) -> tuple[tuple[int, int], ...]:
    """The rows of a form whose labels a text is or begins, each with the length of what it says."""
    key = label_key(label)
    if len(key) < (1 if _ITEM.match(label) else 2):
        return ()
    return tuple(
        (row, len(key))
        for row, keys in enumerate(_forms()[number].keys)
        if any(_is_named(known, key) for known in keys)
    )


def _is_named(known: str, key: str) -> bool:
    """Whether a text is a label, or its beginning, or another wording of it."""
    if known == key or (known.startswith(key) and (len(key) > 2 or len(known) > 4)):
        return True
    return abs(len(known) - len(key)) <= _OTHER_LENGTH and len(key) >= _LONG and similarity(known, key) > _ALIKE
