"""Statistical tables as rows of label, unit and values: which cell plays which part.

This does not depend on the numbers, so it is remembered: a publisher's pages are alike year after year.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from parsers.document import Table
from parsers.forms import Form, load_forms
from parsers.grid import TableTooLarge
from parsers.labels import label_key
from parsers.layout import KINDS, Line, Token, lines_of
from parsers.model import Problem

_DATA = tomllib.loads(Path(__file__).with_name("statistics.toml").read_text(encoding="utf-8"))
_HEADS: dict[str, str] = {label_key(head): role for role, heads in _DATA["heads"].items() for head in heads}
_UNITS = frozenset(_DATA["units"]["known"])
_WORDS = tuple(_DATA["local"]["words"])
_LABELS_NEEDED: int = _DATA["local"]["labels_needed"]
_YEAR_HEAD = re.compile(r"(?:19|20)\d\d年?度?(?:数|数量|统计数)?")
_COLUMN_LETTERS = frozenset("甲乙丙丁戊")
_LAYOUTS_KEPT = 128


class Entry(NamedTuple):
    """One row of a statistical table: label and unit as printed, and its value tokens by period.

    A token says where the value is printed; its text is that of the page met first (see Layout).
    """

    table: int
    label: str
    unit: str | None
    values: tuple[tuple[str, Token], ...]


class Layout(NamedTuple):
    """The statistical rows of a page: the declared form they are of, or None; whether without one they count disclosure at all."""

    form: Form | None
    local: bool
    entries: tuple[Entry, ...]
    problems: tuple[Problem, ...]


_layouts: dict[tuple[object, ...], Layout] = {}


def read_layout(tables: Sequence[Table]) -> Layout:
    """The statistical rows of a page, remembered by labels, spans and kinds of values."""
    signature = tuple(_signature(table) for table in tables)
    layout = _layouts.get(signature)
    if layout is None:
        if len(_layouts) >= _LAYOUTS_KEPT:
            _layouts.pop(next(iter(_layouts)))
        layout = _layouts[signature] = _read_layout(tables)
    return layout


def _signature(table: Table) -> tuple[object, ...]:
    cells = [cell for row in table.rows for cell in row]
    texts, colspans, rowspans = zip(*cells, strict=True) if cells else ((), (), ())
    shapes = tuple(map(_shapes.__getitem__, texts))
    return table.locator, table.spans_known, tuple(map(len, table.rows)), shapes, colspans, rowspans


class _Shapes(dict[str, str]):
    """What of a cell's text matters here: all of a label, a year or a unit, else the kind of a value. Bounded by being emptied."""

    def __missing__(self, text: str) -> str:
        if len(self) >= 5_000:
            self.clear()
        kind = KINDS[text]
        whole = kind == "text" or text in _UNITS or (text and kind == "blank") or _YEAR_HEAD.fullmatch(label_key(text))
        shape = self[text] = f"={text}" if whole else kind
        return shape


_shapes = _Shapes()


def _read_layout(tables: Sequence[Table]) -> Layout:
    found: list[Problem] = []
    entries: list[Entry] = []
    roles: list[str | None] = []
    counting = 0
    for number, table in enumerate(tables):
        try:
            lines = lines_of(table, number)
        except TableTooLarge:
            continue
        # A piece after a page break stands under the head of the piece before it.
        read, roles = _entries(lines, roles, found, table.locator)
        entries.extend(read)
        if 2 * sum(entry.unit is not None for entry in read) >= len(read):
            counting += sum(map(_counts_disclosure, read))
    return Layout(_form_of(tables), counting >= _LABELS_NEEDED, tuple(entries), tuple(found))


def _form_of(tables: Sequence[Table]) -> Form | None:
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


def _counts_disclosure(entry: Entry) -> bool:
    return speaks(entry.label) and any(token.kind == "number" for _, token in entry.values)


def speaks(label: str) -> bool:
    """Whether a label speaks of information disclosure."""
    return any(word in label for word in _WORDS)


def _entries(lines: Sequence[Line], roles: list[str | None], problems: list[Problem], locator: str) -> tuple[list[Entry], list[str | None]]:
    entries: list[Entry] = []
    for line in lines:
        header = _header_roles(line)
        if header:
            roles = header
            if roles.count("value") > 1:
                problems.append(Problem("ambiguous_columns", f"{locator}: several value columns, and no head says which is the year's"))
                roles = [role if role != "value" else None for role in roles]
            continue
        entry = _entry(line, roles)
        if entry is not None:
            entries.append(entry)
    return entries, roles


def _header_roles(line: Line) -> list[str | None] | None:
    """The roles of a header line's columns, None for any other line. An unknown head is a ``value`` if it is the only one."""
    if line.has_number() and not any(_YEAR_HEAD.fullmatch(label_key(t.text)) for t in line.tokens):
        return None
    roles: list[str | None] = [_role(token.text) for token in line.tokens]
    if sum(role is not None for role in roles) < 2 or not {"label", "unit"} & set(roles):
        return None
    # 本年累计 is the year's own figure where it stands alone, and the running sum beside 本期实际.
    roles = [("cumulative" if "year" in roles else "year") if role == "to_date" else role for role in roles]
    if "year" not in roles and "cumulative" not in roles:
        roles = ["value" if role is None and token.text else role for role, token in zip(roles, line.tokens, strict=True)]
        if roles.count("value") == 1:
            roles = ["year" if role == "value" else role for role in roles]
    return roles


def _role(text: str) -> str | None:
    key = re.sub(r"[甲乙丙丁]$", "", label_key(text))
    return "year" if _YEAR_HEAD.fullmatch(key) else _HEADS.get(key)


def _entry(line: Line, roles: list[str | None]) -> Entry | None:
    tokens = line.tokens
    while roles and len(tokens) > len(roles) and tokens[-1].kind == "blank":
        tokens = tokens[:-1]
    if len(tokens) == len(roles) and "label" in roles:
        by_role = [(role, token) for role, token in zip(roles, tokens, strict=True) if role]
    else:
        by_role = list(_roles_by_kind(tokens, roles))
    labels = [token.text for role, token in by_role if role == "label" and token.kind == "text"]
    if not labels or set(label_key(labels[0])) <= _COLUMN_LETTERS:
        return None
    unit = next((token.text for role, token in by_role if role == "unit" and token.text in _UNITS), None)
    values = tuple((role, token) for role, token in by_role if role in ("year", "cumulative"))
    return Entry(line.table, labels[0], unit, values)


def _roles_by_kind(tokens: Sequence[Token], roles: Sequence[str | None]) -> Iterable[tuple[str, Token]]:
    """Without a header that fits: the first text is the label, a unit is a unit, what follows are the values in order."""
    periods = [role for role in roles if role in ("year", "cumulative")] or ["year"]
    label_seen = False
    values: list[Token] = []
    for token in tokens:
        if token.text in _UNITS and label_seen and not values:
            yield "unit", token
        elif token.kind == "text" and not label_seen:
            label_seen = True
            yield "label", token
        elif label_seen:
            values.append(token)
    if len(values) == len(periods) + 1 and values[0].kind in ("mark", "blank"):
        values = values[1:]  # a dash in the place of the unit
    if len(values) == len(periods):
        yield from zip(periods, values, strict=True)
