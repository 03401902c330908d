"""Division codes through time: what a code stood for, what took its place, and where a named organ lies.

The table is ours (docs/divisions.md); codes are resolved to those in force at the end of BASE_YEAR.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources
from typing import NamedTuple

BASE_YEAR = 2024
CENTRAL = "100000"
_LATE = 2008  # names of organs are looked up among the divisions there were since the first reports


class Division(NamedTuple):
    """A row of the table: a code under one name; years are those at whose end it was in force (None: BASE_YEAR)."""

    code: str
    name: str
    level: str
    parent: str | None
    valid_from: int
    valid_to: int | None
    successor: str | None
    successor_basis: str | None


class Place(NamedTuple):
    """Where a code lies: its present code (None where the code itself is not in the table) and the names above it."""

    code: str | None
    level: str | None
    province: str | None
    prefecture: str | None
    county: str | None


@cache
def division_table() -> Mapping[str, tuple[Division, ...]]:
    """{code: its rows, oldest first}."""
    found: dict[str, list[Division]] = defaultdict(list)
    text = (resources.files(__package__) / "divisions.csv").read_text(encoding="utf-8")
    for row in csv.DictReader(text.splitlines()):
        found[row["code"]].append(
            Division(
                row["code"], row["name"], row["level"], row["parent"] or None, int(row["valid_from"]),
                int(row["valid_to"]) if row["valid_to"] else None, row["successor"] or None,
                row["successor_basis"] or None,
            )
        )  # fmt: skip
    return {code: tuple(sorted(rows, key=lambda d: d.valid_from)) for code, rows in found.items()}


def lineage(code: str) -> tuple[Division, ...]:
    """The last meaning of a code, then what took its place; empty for a code that never was."""
    steps: list[Division] = []
    current: str | None = code
    while current and current in division_table() and current not in {step.code for step in steps}:
        steps.append(division_table()[current][-1])
        current = steps[-1].successor if steps[-1].valid_to is not None else None
    return tuple(steps)


def standard(code: str | None) -> str | None:
    """The code in force at the end of BASE_YEAR for any code of the past; None where unknown or without successor."""
    if code == CENTRAL:
        return CENTRAL
    steps = lineage(code) if code else ()
    return steps[-1].code if steps and steps[-1].valid_to is None else None


def place(code: str | None) -> Place:
    """Present code and names of a division; a code of none (a development zone) lies in the divisions above it."""
    if code == CENTRAL:
        return Place(CENTRAL, "central", None, None, None)
    known = standard(code)
    if known is None and code:
        above = next((c for c in (standard(f"{code[:4]}00"), standard(f"{code[:2]}0000")) if c), None)
        return place(above)._replace(code=None, level=None) if above else Place(None, None, None, None, None)
    names: dict[str, str] = {}
    current = known
    while current:
        division = division_table()[current][-1]
        names[division.level] = division.name
        current = division.parent
    level = division_table()[known][-1].level if known else None
    return Place(known, level, names.get("province"), names.get("prefecture"), names.get("county"))


def inside(code: str | None, other: str | None) -> bool:
    """Whether a present code is that of the other division or of one below it."""
    return bool(code) and (other in (CENTRAL, code) or other in above(str(code)))


def above(code: str) -> tuple[str, ...]:
    """The codes of the divisions above a code, nearest first."""
    found: list[str] = []
    rows = division_table().get(code)
    while rows and rows[-1].parent:
        found.append(str(rows[-1].parent))
        rows = division_table().get(found[-1])
    return tuple(found)


def located(name: str | None, within: str | None = None) -> str | None:
    """Present code of the division that an organ's name begins with (浙江省舟山市定海区…), None where it is unclear.

    ``within`` (a present code) narrows names that several divisions share.
    """
    rest, found = name or "", None
    while True:
        step = _longest(rest, found, within)
        if step is None:
            return found
        length, codes = step
        if len(codes) != 1:
            return found
        (found,) = codes
        rest = rest[length:]


def _longest(text: str, parent: str | None, within: str | None) -> tuple[int, set[str]] | None:
    for length in range(min(len(text), 15), 1, -1):
        codes = _scoped(_names().get(text[:length], ()), parent, within)
        # 城区, 郊区 and 矿区 are names and words: alone they say nothing.
        if codes and (text[1:length] != "区" or parent or within):
            return length, codes
    return None


def _scoped(codes: Iterable[str], parent: str | None, within: str | None) -> set[str]:
    found = {code for code in codes if parent is None or parent in above(code)}
    if len(found) > 1 and within:
        found = {code for code in found if inside(code, within)} or found
    return found


@cache
def _names() -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for rows in division_table().values():
        for row in rows:
            present = standard(row.code)
            if present and (row.valid_to is None or row.valid_to >= _LATE):
                found[row.name].add(present)
    return {name: frozenset(codes) for name, codes in found.items()}
