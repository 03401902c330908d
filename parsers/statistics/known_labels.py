"""The labels that the declared statistical forms have, and the row that each of them means wherever it stands."""

from __future__ import annotations

import re
import tomllib
from functools import cache, lru_cache
from pathlib import Path

from parsers.forms import FormTable, Row, load_forms
from parsers.labels import label_key

# How statistical tables head their columns, name their units, and speak of disclosure.
STATISTICS = tomllib.loads(Path(__file__).with_name("statistics.toml").read_text(encoding="utf-8"))
UNITS = frozenset(STATISTICS["units"]["known"])
_BRACKETED_UNIT = re.compile(rf"[(（](?:单位[:：]?)?({'|'.join(sorted(UNITS, key=len, reverse=True))})[)）]")


def unit_in(label: str) -> str | None:
    """The unit that a label states in brackets: 收取的费用（元）."""
    match = _BRACKETED_UNIT.search("".join(label.split()))
    return match[1] if match else None


@lru_cache(maxsize=4096)
def row_of(label: str) -> Row | None:
    """The row of a declared form that a label means in whatever table it stands, None where it means no row or several."""
    names = _names()
    return next((row for key in _keys(label) if (row := names.get(key))), None)


@lru_cache(maxsize=4096)
def is_known(label: str) -> bool:
    """Whether a declared form has a row of that label."""
    return not _names().keys().isdisjoint(_keys(label))


def _keys(label: str) -> tuple[str, str]:
    """The keys of a label as it is printed, and without the unit that it states."""
    return label_key(label), label_key(_BRACKETED_UNIT.sub("", label))


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
