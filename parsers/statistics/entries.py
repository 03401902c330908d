"""Statistical tables as rows of label, unit and values: which cell plays which part.

This does not depend on the numbers, but for which are printed twice side by side, so it is remembered: pages are alike year after year.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import groupby, pairwise
from typing import NamedTuple

from parsers.document import Table
from parsers.forms import Form, load_forms
from parsers.grid import TableTooLarge
from parsers.labels import label_key
from parsers.layout import KINDS, Line, Token, lines_of
from parsers.model import Problem
from parsers.statistics.known_labels import STATISTICS, UNITS, is_known, unit_in
from parsers.statistics.table_heads import NO_HEAD, Column, Head, is_year, read_head

_WORDS = tuple(STATISTICS["local"]["words"])
_LABELS_NEEDED: int = STATISTICS["local"]["labels_needed"]
_VALUES = ("year", "cumulative", "other_year")  # roles of columns of numbers
_COLUMN_LETTERS = frozenset("甲乙丙丁戊")
_CODE = re.compile("0[1-9]")  # of a row: no number is printed like this
_LONG_UNIT = 4  # characters
_LAYOUTS_KEPT = 128


class Entry(NamedTuple):
    """One row of a statistical table: label and unit as printed, and its value tokens by period; ``open``: its numbers where no head and
    no order tells which is the value.

    A token says where the value is printed; its text is that of the page met first (see Layout).
    """

    table: int
    label: str
    unit: str | None
    values: tuple[tuple[str, Token], ...]
    open: tuple[Token, ...] = ()


class Layout(NamedTuple):
    """The statistical rows of a page, copy by copy: the declared form they are of, or None; whether without one they count disclosure."""

    form: Form | None
    local: bool
    copies: tuple[tuple[Entry, ...], ...]
    problems: tuple[Problem, ...]


_layouts: dict[tuple[object, ...], Layout] = {}


def read_layout(tables: Sequence[Table], report_year: int | None) -> Layout:
    """The statistical rows of a page, remembered by labels, spans and kinds of values. ``report_year`` tells its column from another's."""
    signature = (report_year, *map(_signature, tables))
    layout = _layouts.get(signature)
    if layout is None:
        if len(_layouts) >= _LAYOUTS_KEPT:
            _layouts.pop(next(iter(_layouts)))
        layout = _layouts[signature] = _read_layout(tables, report_year)
    return layout


def _signature(table: Table) -> tuple[object, ...]:
    cells = [cell for row in table.rows for cell in row]
    texts, colspans, rowspans = zip(*cells, strict=True) if cells else ((), (), ())
    shapes = tuple(map(_shapes.__getitem__, texts))
    # what is printed twice side by side may be one value: see _only_value
    again = () if table.spans_known else tuple(left == right for left, right in pairwise(texts))
    return table.locator, table.spans_known, tuple(map(len, table.rows)), shapes, colspans, rowspans, again


class _Shapes(dict[str, str]):
    """What of a cell's text matters here: all of a label, a year or a unit, else the kind of a value. Bounded by being emptied."""

    def __missing__(self, text: str) -> str:
        if len(self) >= 5_000:
            self.clear()
        kind = KINDS[text]
        whole = bool(kind == "text" or text in UNITS or _CODE.fullmatch(text)) or (text and kind == "blank") or is_year(text)
        shape = self[text] = f"={text}" if whole else kind
        return shape


_shapes = _Shapes()


def _read_layout(tables: Sequence[Table], report_year: int | None) -> Layout:
    found: list[Problem] = []
    entries: list[Entry] = []
    head = NO_HEAD
    counting = 0
    for number, table in enumerate(tables):
        try:
            lines = lines_of(table, number)
        except TableTooLarge:
            continue
        # A piece after a page break stands under the head of the piece before it.
        read, head = _entries(lines, head, report_year, found, table.locator)
        entries.extend(read)
        with_units = 2 * sum(entry.unit is not None for entry in read) >= len(read)
        counting += sum(_counts_disclosure(entry, with_units=with_units) for entry in read)
    return Layout(form_of(tables), counting >= _LABELS_NEEDED, copies_of(entries), tuple(found))


def form_of(tables: Sequence[Table]) -> Form | None:
    """The declared statistical form whose markers the tables bear, the one with most of them."""
    texts = {cell.text for table in tables for row in table.rows for cell in row if KINDS[cell.text] == "text"}
    keys = "\n".join(map(label_key, texts))
    best: tuple[int, Form] | None = None
    for form in load_forms().values():
        if form.table("statistics") is None:
            continue
        marks = sum(1 for mark in form.markers if label_key(mark) in keys)
        if marks >= form.markers_needed and (best is None or marks > best[0]):
            best = (marks, form)
    return best[1] if best else None


def _counts_disclosure(entry: Entry, *, with_units: bool) -> bool:
    """Whether a row counts disclosure: its label is one of a declared form, or speaks of it in a table with units."""
    return (is_known(entry.label) or (with_units and speaks(entry.label))) and any(token.is_value for _, token in entry.values)


def speaks(label: str) -> bool:
    """Whether a label speaks of information disclosure."""
    return any(word in label for word in _WORDS)


def _entries(
    lines: Sequence[Line], head: Head, report_year: int | None, problems: list[Problem], locator: str
) -> tuple[list[Entry], Head]:
    """The entries of a table in the order of its form: what stands on the left side comes before all that stands on the right."""
    entries: list[Entry] = []
    beside: list[list[Entry]] = [[] for _ in head.sides]
    filled = max((token.x1 for line in lines for token in line.tokens if token.kind != "blank"), default=0)
    coded = any(_CODE.fullmatch(token.text) for line in lines for token in line.tokens[1:])
    above: Head | None = None
    unlike = False
    for line in lines:
        above = read_head(line, above, report_year, problems, locator)
        if above:
            head = above
            entries += [entry for side in beside for entry in side]
            beside = [[] for _ in head.sides]
            continue
        for side, columns, tokens in zip(beside, head.sides, head.parts(line), strict=False):
            entry = _entry(line, tokens, columns, filled, coded=coded)
            if entry is not None:
                side.append(entry)
            unlike = unlike or (line.has_number() and not (entry and entry.values) and any(column.role == "spread" for column in columns))
    if unlike:
        problems.append(Problem("ambiguous_columns", f"{locator}: several values under one head, and no telling which is the year's"))
    return entries + [entry for side in beside for entry in side], head


def _entry(line: Line, tokens: Sequence[Token], columns: Sequence[Column], filled: int, *, coded: bool) -> Entry | None:
    """The entry of a line or of one side of it; from the grid column ``filled`` on, the table is blank. ``coded``: its rows bear codes."""
    while tokens and tokens[-1].kind == "blank" and tokens[-1].x0 >= filled:
        tokens = tokens[:-1]
    by_role = (
        _by_column(line, tokens, columns)
        or _only_value(line, tokens, columns)
        or _by_head(tokens, columns)
        or list(_roles_by_kind(tokens, columns, coded=coded))
    )
    labels = [token.text for role, token in by_role if role == "label" and token.kind == "text"]
    if not labels or set(label_key(labels[-1])) <= _COLUMN_LETTERS:
        return None
    label = labels[-1]  # before it stand the groups it belongs to
    # under the head of the units any word is one: the form's unit would be wrong beside a number in 千元
    unit = next((token.text for role, token in by_role if role == "unit" and token.kind == "text"), None)
    values = tuple((role, token) for role, token in by_role if role in ("year", "cumulative"))
    told = any(role in _VALUES for role, _ in by_role)
    return Entry(line.table, label, unit or unit_in(label), values, () if told else tuple(t for t in tokens if t.kind == "number"))


def _by_column(line: Line, tokens: Sequence[Token], columns: Sequence[Column]) -> list[tuple[str, Token]]:
    """The cells of a line by the heads over them, nothing where spans are not known or a number stands under several heads."""
    if line.width or not line.sane:
        return []
    found: list[tuple[str, Token]] = []
    for token in tokens:
        column = next((column for column in columns if column.x0 <= token.x0 < column.x1), None)
        if column is None or column.role is None:
            continue
        if token.x1 > column.x1 and token.kind == "number":
            return []
        # a unit that a lying span put under the head of the labels
        found.append(("unit" if token.text in UNITS and found else column.role, token))
    return _with_label_first(found)


def _by_head(tokens: Sequence[Token], columns: Sequence[Column]) -> list[tuple[str, Token]]:
    """The cells of a line that stand under the heads one by one, nothing where they do not: no number stands under that of the units."""
    if len(tokens) != len(columns):
        return []
    if any(column.role == "unit" and token.kind == "number" for column, token in zip(columns, tokens, strict=True)):
        return []
    return _with_label_first([(column.role, token) for column, token in zip(columns, tokens, strict=True) if column.role])


def _only_value(line: Line, tokens: Sequence[Token], columns: Sequence[Column]) -> list[tuple[str, Token]]:
    """Label, unit and value of a line whose spans are lost: in a table with one column of values that prints spanned cells in each of their
    columns, or blanks beside them, the one text behind the label that is neither label nor unit, or that behind the row's code. Nothing
    where there are several.
    """
    roles = _roles_from_label(columns)
    at = next((i for i, token in enumerate(tokens) if token.kind == "text" and token.text not in UNITS), None)
    spread = roles.count("spread")
    if not line.width or at is None or roles.count("year") + (spread > 1) != 1:
        return []
    codes = roles.count("code")
    of_values = next((i for i, role in enumerate(roles) if role in ("year", "spread")), 0)
    if not {"label", "unit", "code", "year", "spread", "blank"}.issuperset(roles) or codes > 1 or "code" in roles[of_values:]:
        return []
    if spread and "blank" in {token.kind for token in tokens[at:]}:
        return []
    behind = [token for token in tokens[at + 1 :] if token.kind != "blank" and token.text != tokens[at].text]
    units = [("unit", token) for token in behind if token.text in UNITS]
    values = [token for token in behind if token.text not in UNITS]
    runs = [text for text, _ in groupby(token.text for token in values)]
    if len(units) + len(values) <= 1 or len(values) <= codes or any(token.kind == "text" for token in values):
        return []
    if len(runs) not in (1, 1 + codes):
        return []
    return [("label", tokens[at]), *units[:1], ("year", values[-1])]


def _roles_from_label(columns: Sequence[Column]) -> list[str | None]:
    """The roles of the first column of labels and of those behind it: a code before the labels is the row's running number."""
    first = next((i for i, column in enumerate(columns) if column.role == "label"), len(columns))
    return [column.role for column in columns[first:]]


def _with_label_first(found: list[tuple[str, Token]]) -> list[tuple[str, Token]]:
    """A line whose label stands before its values, without later texts; else nothing."""
    first = next((i for i, (role, _) in enumerate(found) if role in _VALUES), len(found))
    found = [(role, token) for i, (role, token) in enumerate(found) if role != "label" or i < first]
    labelled = any(role == "label" and token.kind == "text" for role, token in found)
    # A group in front of the label puts the label under the head of the units.
    strange = any(role == "unit" and token.kind == "text" and len(token.text) > _LONG_UNIT for role, token in found)
    return found if labelled and not strange else []


def _roles_by_kind(tokens: Sequence[Token], columns: Sequence[Column], *, coded: bool) -> Iterable[tuple[str, Token]]:
    """Without a head that fits: a text is the label, a unit is a unit, what follows are the row's code and the values in order."""
    periods = [column.role for column in columns if column.role in _VALUES] or ["year"]
    codes = _roles_from_label(columns).count("code")
    texts = [i for i, token in enumerate(tokens) if token.kind == "text" and token.text not in UNITS]
    if not texts:
        return
    at = texts[0]
    if len(tokens) == len(columns) + 1 and texts[1:2] == [at + 1]:
        at += 1  # one cell more than heads: the first is the group of the second
    yield "label", tokens[at]
    values = list(tokens[at + 1 :])
    if values and values[0].text in UNITS:
        yield "unit", values.pop(0)
    elif len(values) == len(periods) + 1 and values[0].kind in ("mark", "blank"):
        values = values[1:]  # a dash in the place of the unit
    if len(values) == codes + len(periods) and (codes or not coded):  # else the one number there is may be the code
        yield from zip(periods, values[codes:], strict=True)


# ------------------------------------------------------------------ copies of the table on one page


def copies_of(entries: Sequence[Entry]) -> tuple[tuple[Entry, ...], ...]:
    """The rows cut where the table begins again: last year's for comparison, another organ's, an unfilled form."""
    copies: list[list[Entry]] = []
    for i, entry in enumerate(entries):
        if not copies or _begins_again(entries, i, copies[-1]):
            copies.append([])
        copies[-1].append(entry)
    return tuple(map(tuple, copies))


def _begins_again(entries: Sequence[Entry], i: int, copy: Sequence[Entry]) -> bool:
    """Whether the first labels of a copy come again, or a printed table repeats most of its labels."""
    if [label_key(entry.label) for entry in entries[i : i + 2]] == [label_key(entry.label) for entry in copy[:2]]:
        return True
    table = entries[i].table
    if table == entries[i - 1].table:
        return False
    labels = {label_key(entry.label) for entry in entries[i:] if entry.table == table}
    again = labels & {label_key(entry.label) for entry in copy}
    return len(again) > 2 and 2 * len(again) > len(labels)
