"""Statistical tables of the reports before 2019: label, unit, value, read by a declared form or as they are printed.

Labels decide. Rows of a declared form are aligned to it in order; other tables give one cell per printed value under
their own label (``label_raw``), with a canonical name only where the label stands in a declared form and means one thing.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

from parsers.align import align
from parsers.document import Table
from parsers.forms import Form, FormTable, Row, load_forms
from parsers.grid import TableTooLarge
from parsers.identities import arithmetic, judge
from parsers.labels import label_key, likeness
from parsers.layout import KINDS, Line, Token, lines_of
from parsers.model import STATUSES, Cell, Check, Number, Problem, Status, TableSummary
from parsers.official import Official
from parsers.values import convert, read_value

_DATA = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
_HEADS: dict[str, str] = {label_key(head): role for role, heads in _DATA["heads"].items() for head in heads}
_UNITS = frozenset(_DATA["units"]["known"])
_WORDS = tuple(_DATA["local"]["words"])
_LABELS_NEEDED: int = _DATA["local"]["labels_needed"]
_YEAR_HEAD = re.compile(r"(?:19|20)\d\d年?度?(?:数|数量|统计数)?")
_COLUMN_LETTERS = frozenset("甲乙丙丁戊")
_ROW_FIT = 0.7
_MONEY = ("元", "万元", "亿元")


class Entry(NamedTuple):
    """One row of a statistical table: label and unit as printed, and its value tokens by period."""

    table: int
    label: str
    unit: str | None
    values: tuple[tuple[str, Token], ...]
    code: str | None


def read_statistics(tables: Sequence[Table], problems: Iterable[Problem]) -> Official:
    """Read the statistical table of a report before 2019; ``form_id`` is None where the page holds none."""
    found = list(problems)
    entries: list[Entry] = []
    roles: list[str | None] = []
    for number, table in enumerate(tables):
        try:
            lines = lines_of(table, number)
        except TableTooLarge:
            continue
        # A piece after a page break stands under the head of the piece before it.
        read, roles = _entries(lines, roles, found, table.locator)
        entries.extend(read)
    form = _form_of(tables)
    if form is not None:
        return _by_form(form, entries, tables, tuple(found))
    with_unit = sum(entry.unit is not None for entry in entries)
    if sum(_counts_disclosure(entry) for entry in entries) >= _LABELS_NEEDED and 2 * with_unit >= len(entries):
        return _as_printed([entry for entry in entries if entry.values], tables, tuple(found))
    return Official(None, (), (), (), tuple(found))


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
    return _speaks(entry.label) and any(token.kind == "number" for _, token in entry.values)


def _speaks(label: str) -> bool:
    return any(word in label for word in _WORDS)


# ------------------------------------------------------------------ lines -> entries


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
    if len(tokens) == len(roles) and "label" in roles:
        by_role = [(role, token) for role, token in zip(roles, tokens, strict=True) if role]
    else:
        by_role = list(_roles_by_kind(tokens, roles))
    labels = [token.text for role, token in by_role if role == "label" and token.kind == "text"]
    if not labels or set(label_key(labels[0])) <= _COLUMN_LETTERS:
        return None
    unit = next((token.text for role, token in by_role if role == "unit" and token.text in _UNITS), None)
    code = next((token.text for role, token in by_role if role == "code" and token.text), None)
    values = tuple((role, token) for role, token in by_role if role in ("year", "cumulative"))
    return Entry(line.table, labels[0], unit, values, code)


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


# ------------------------------------------------------------------ entries -> cells


def _by_form(form: Form, entries: Sequence[Entry], tables: Sequence[Table], problems: tuple[Problem, ...]) -> Official:
    placed: dict[tuple[str, str | None], Cell] = {}
    extra: list[Cell] = []
    rows = _aligned(tuple(entry.label for entry in entries), form.id) if entries else ()
    for entry, row in zip(entries, rows, strict=True):
        for cell in _cells(entry, row, tables):
            if row is not None:
                placed[cell.indicator, cell.period] = cell
            elif _speaks(entry.label) and cell.status == "reported":
                extra.append(cell)
    arith = arithmetic(form.id, "statistics", ())
    printed_periods = {period for _, period in placed}
    cells = [
        placed.get((name, period)) or Cell("statistics", name, None, None, "absent", None, None, unit, None, None, period)
        for (name, _, period), unit in zip(arith.keys, arith.units, strict=True)
    ]
    outcome = judge(arith, [cell.value for cell in cells], [cell.status for cell in cells])
    kept = [cell for cell in cells if cell.period in printed_periods or cell.period == "year"]
    return Official(form.id, (*kept, *extra), (_summary(form.id, (*kept, *extra), outcome.verdict),), outcome.checks, problems)


@lru_cache(maxsize=256)
def _aligned(labels: tuple[str, ...], form_id: str) -> tuple[Row | None, ...]:
    """For each label its row of a bundled statistical form, None where that is not sure. Remembered: pages are alike year after year."""
    table = load_forms()[form_id].table("statistics")
    rows = [row for block in table.blocks for row in block.rows] if table else []
    alignment = align([[_worth(label, row) for row in rows] for label in labels])
    sure = {i: rows[j] for i, j in alignment.pairs if i not in alignment.ambiguous}
    return tuple(sure.get(i) for i in range(len(labels)))


def _worth(label: str, row: Row) -> float | None:
    fit = likeness(label, row.labels)
    return 10 * fit if fit >= _ROW_FIT else None


def _as_printed(entries: Sequence[Entry], tables: Sequence[Table], problems: tuple[Problem, ...]) -> Official:
    cells = [cell for entry in entries for cell in _cells(entry, _canonical(entry.label), tables)]
    return Official("local", tuple(cells), (_summary("local", cells, "unproved"),), tuple(_group_checks(entries, tables)), problems)


def _cells(entry: Entry, row: Row | None, tables: Sequence[Table]) -> Iterable[Cell]:
    for period, token in entry.values:
        value = read_value(token.text)
        number: Number | None = value.number
        status: Status = value.status
        declared = row.unit if row else None
        printed = value.unit or entry.unit
        unit, note = printed or declared, value.note
        if status == "reported" and declared in _MONEY and printed and printed != declared:
            number = convert(number, printed, declared) if number is not None else None
            unit = declared
            if number is None:
                status, note = "unreadable", f"{printed} where the form has {declared}"
        locator = tables[entry.table].address(token.row, token.cell)
        name = row.indicators[0] if row else ""
        yield Cell("statistics", name, None, number, status, token.text, note, unit, locator, entry.label, period)


@cache
def _names() -> dict[str, Row | None]:
    """Label key -> row, over all declared statistical forms; None where a label means different things."""
    names: dict[str, Row | None] = {}
    for form in load_forms().values():
        table: FormTable | None = form.table("statistics")
        for row in (row for block in table.blocks for row in block.rows) if table else ():
            for key in {label_key(label) for label in row.labels}:
                known = names.get(key, row)
                names[key] = known if known is not None and known.indicators[0] == row.indicators[0] else None
    return names


def _canonical(label: str) -> Row | None:
    return _names().get(label_key(label))


def _summary(form_id: str, cells: Sequence[Cell], verdict: str) -> TableSummary:
    counts = [sum(1 for cell in cells if cell.status == status) for status in STATUSES]
    return TableSummary("statistics", form_id, verdict, *counts)  # type: ignore[arg-type]


# ------------------------------------------------------------------ 其中: what a local table says about its own sums

_FIRST_CHILD = re.compile(r"^\s*其中")
_NUMBERED = re.compile(r"^\s*(?:其中[:：]?)?\s*[(（]?(\d{1,2})\s*[、.．)）]")


def _group_checks(entries: Sequence[Entry], tables: Sequence[Table]) -> Iterable[Check]:
    """其中 followed by 2, 3 ...: the parts add up to the row above, or the table has parts it does not print."""
    del tables
    i = 0
    while i < len(entries):
        if not (_FIRST_CHILD.match(entries[i].label) and i):
            i += 1
            continue
        parent, children, expected = entries[i - 1], [entries[i]], 2
        i += 1
        while i < len(entries) and (match := _NUMBERED.match(entries[i].label)) and int(match[1]) == expected:
            children.append(entries[i])
            expected, i = expected + 1, i + 1
        yield from _group_check(parent, children)


def _group_check(parent: Entry, children: Sequence[Entry]) -> Iterable[Check]:
    for period, token in parent.values:
        left = read_value(token.text).number
        parts = [read_value(other.text).number for child in children for p, other in child.values if p == period]
        numbers = [part for part in parts if part is not None]
        right = sum(numbers) if len(numbers) == len(parts) else None
        status = "not_assessable" if left is None or right is None else "pass" if left == right else "fail"
        yield Check("parts", status, left, right, f"{parent.label} {period}", "W")  # type: ignore[arg-type]
