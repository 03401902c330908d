"""Statistical tables as rows of label, unit and values: which cell plays which part.

This does not depend on the numbers, so it is remembered: a publisher's pages are alike year after year.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from parsers.document import Table
from parsers.forms import Form, load_forms
from parsers.grid import TableTooLarge
from parsers.labels import label_key, similarity
from parsers.layout import KINDS, Line, Token, lines_of
from parsers.model import Problem

_DATA = tomllib.loads(Path(__file__).with_name("statistics.toml").read_text(encoding="utf-8"))
_HEADS: dict[str, str] = {label_key(head): role for role, heads in _DATA["heads"].items() for head in heads}
_UNITS = frozenset(_DATA["units"]["known"])
_WORDS = tuple(_DATA["local"]["words"])
_LABELS_NEEDED: int = _DATA["local"]["labels_needed"]
_YEAR_HEAD = re.compile(r"(?:19|20)\d\d年?度?(?:数|数量|统计数)?")
_COLUMN_LETTERS = frozenset("甲乙丙丁戊")
_BRACKETED_UNIT = re.compile(rf"[(（](?:单位[:：]?)?({'|'.join(sorted(_UNITS, key=len, reverse=True))})[)）]")
_LONG_UNIT = 4  # characters
_SHORTEST_DAMAGED = 3  # characters
_DAMAGED_FIT = 0.8
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
    """The statistical rows of a page, copy by copy: the declared form they are of, or None; whether without one they count disclosure."""

    form: Form | None
    local: bool
    copies: tuple[tuple[Entry, ...], ...]
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
    return Layout(_form_of(tables), counting >= _LABELS_NEEDED, copies_of(entries), tuple(found))


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
    return speaks(entry.label) and any(token.kind != "text" for _, token in entry.values)


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
    last = max((i for i, token in enumerate(line.tokens) if token.kind != "blank"), default=-1)
    roles: list[str | None] = [_role(token.text) for token in line.tokens[: last + 1]]
    if sum(role is not None for role in roles) < 2 or not {"label", "unit"} & set(roles):
        return None
    # 本年累计 is the year's own figure where it stands alone, and the running sum beside 本期实际.
    roles = [("cumulative" if "year" in roles else "year") if role == "to_date" else role for role in roles]
    if "year" not in roles and "cumulative" not in roles:
        roles = ["value" if role is None and token.text else role for role, token in zip(roles, line.tokens, strict=False)]
        if roles.count("value") == 1:
            roles = ["year" if role == "value" else role for role in roles]
    return roles


@lru_cache(maxsize=4096)
def _role(text: str) -> str | None:
    key = re.sub(r"[甲乙丙丁]$", "", label_key(text))
    if _YEAR_HEAD.fullmatch(key):
        return "year"
    return _HEADS.get(key) or _damaged_role(key)


def _damaged_role(key: str) -> str | None:
    """The role of a head that lost a character, where only one is possible."""
    fits = {head: similarity(key, head) for head in _HEADS if len(key) >= _SHORTEST_DAMAGED and abs(len(key) - len(head)) == 1}
    best = max(fits.values(), default=0.0)
    roles = {_HEADS[head] for head, fit in fits.items() if fit == best}
    return roles.pop() if best > _DAMAGED_FIT and len(roles) == 1 else None


def _entry(line: Line, roles: list[str | None]) -> Entry | None:
    by_role = _by_head(line.tokens, roles) or list(_roles_by_kind(line.tokens, roles))
    labels = [token.text for role, token in by_role if role == "label" and token.kind == "text"]
    if not labels or set(label_key(labels[-1])) <= _COLUMN_LETTERS:
        return None
    label = labels[-1]  # before it stand the groups it belongs to
    unit = next((token.text for role, token in by_role if role == "unit" and token.text in _UNITS), None) or _unit_in(label)
    values = tuple((role, token) for role, token in by_role if role in ("year", "cumulative"))
    return Entry(line.table, label, unit, values)


def _unit_in(label: str) -> str | None:
    """The unit that a label states in brackets: 收取的费用（元）."""
    match = _BRACKETED_UNIT.search("".join(label.split()))
    return match[1] if match else None


def _by_head(tokens: Sequence[Token], roles: Sequence[str | None]) -> list[tuple[str, Token]]:
    """The cells of a line that stand under the heads one by one, nothing where they do not; blanks behind the last head do not count."""
    while len(tokens) > len(roles) and tokens[-1].kind == "blank":
        tokens = tokens[:-1]
    if len(tokens) != len(roles) or "label" not in roles:
        return []
    first = next((i for i, role in enumerate(roles) if role in ("year", "cumulative")), len(roles))
    found = [
        (role, token) for i, (role, token) in enumerate(zip(roles, tokens, strict=True)) if role and (role != "label" or i < first)
    ]
    # A group in front of the label puts the label under the head of the units.
    strange = any(role == "unit" and token.kind == "text" and len(token.text) > _LONG_UNIT for role, token in found)
    return [] if strange else found


def _roles_by_kind(tokens: Sequence[Token], roles: Sequence[str | None]) -> Iterable[tuple[str, Token]]:
    """Without a header that fits: a text is the label, a unit is a unit, what follows are the values in order."""
    periods = [role for role in roles if role in ("year", "cumulative")] or ["year"]
    texts = [i for i, token in enumerate(tokens) if token.kind == "text" and token.text not in _UNITS]
    if not texts:
        return
    at = texts[0]
    if len(tokens) == len(roles) + 1 and texts[1:2] == [at + 1]:
        at += 1  # one cell more than heads: the first is the group of the second
    yield "label", tokens[at]
    values = list(tokens[at + 1 :])
    if values and values[0].text in _UNITS:
        yield "unit", values.pop(0)
    printed = any(token.kind != "blank" for token in values)  # a row of blanks only may be a caption
    while printed and len(values) > len(periods) and values[-1].kind == "blank":
        values.pop()
    if len(values) == len(periods) + 1 and values[0].kind in ("mark", "blank"):
        values = values[1:]  # a dash in the place of the unit
    if len(values) == len(periods):
        yield from zip(periods, values, strict=True)


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
