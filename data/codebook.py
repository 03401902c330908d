"""The codebook as text: CODEBOOK.md of a dataset, and what `nianbao codebook` prints.

All of it from the metadata model.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from data.columns import Table
from data.errors import DataError
from data.indicators import Indicator, codebook, indicators
from data.schema import SCHEMA_VERSION, tables, value_lists
from parsers.forms import load_forms

_WIDE = ("panel", "panel_2014")


class UnknownIndicatorError(DataError):
    """No indicator of that name."""


def codebook_markdown() -> str:
    """CODEBOOK.md: tables, value lists, forms, and one entry an indicator, in English and Chinese."""
    return "\n".join([*_head(), *_tables(), *_values(), *_forms(), *_derived(), *_entries()]) + "\n"


def entry(name: str) -> str:
    """One indicator's entry. Raises UnknownIndicatorError, naming the closest ones."""
    known = indicators()
    if name not in known:
        close = difflib.get_close_matches(name, known, 3)
        hint = f"; did you mean {', '.join(close)}?" if close else "; `nianbao codebook` lists all"
        raise UnknownIndicatorError(f"no indicator {name!r}{hint}")
    return "\n".join(_entry(known[name])).strip() + "\n"


def listing() -> str:
    """One line an indicator: name, label, unit, forms."""
    lines = []
    for indicator in indicators().values():
        forms = " ".join(place.form for place in indicator.places) or ("derived" if indicator.derived else "prose")
        lines.append(f"{indicator.name:32} {forms:22} {indicator.unit or '':4} {indicator.label}")
    return "\n".join(lines) + "\n"


def _notes(at: str) -> Iterator[str]:
    for note in codebook()["notes"]:
        if note["at"] == at:
            yield f"{note['en']} {note['zh']}"
            yield ""


def _head() -> Iterator[str]:
    yield f"# Codebook / 数据词典 (schema version {SCHEMA_VERSION})"
    yield ""
    yield from _notes("head")


def _tables() -> Iterator[str]:
    yield "## Tables / 数据表"
    for table in tables().values():
        yield ""
        yield f"### {table.name}"
        yield ""
        yield f"{table.en} {table.zh}" + (
            f" Key / 主键: {', '.join(f'`{k}`' for k in table.key)}." if table.key else ""
        )
        yield ""
        yield "| column | type | description | 说明 |"
        yield "|---|---|---|---|"
        yield from _columns(table)


def _columns(table: Table) -> Iterator[str]:
    names = set(indicators())
    for column in table.columns:
        base = column.name.removesuffix("_s")
        if table.name in _WIDE and any(base == n or base.startswith(f"{n}_") for n in names):
            continue
        kind = column.type + (f" ({column.unit})" if column.unit else "")
        text = column.en + (f" Values: {column.values}." if column.values else "")
        yield f"| `{column.name}` | {kind} | {text} | {column.zh} |"
    if table.name in _WIDE:
        text = "Value of the indicator (for an applicant: suffix _np _biz _res _npo _law _oth; the total has none)."
        yield f"| *indicator[_applicant]* | number | {text} | 指标值（申请人类别加后缀）。 |"
        yield "| *…*`_s` | string | Status of that value. | 该值的状态。 |"


def _values() -> Iterator[str]:
    yield ""
    yield "## Values / 取值"
    for name, values in value_lists().items():
        yield ""
        yield f"**{name}**: " + "; ".join(f"`{value}` {en} ({zh})" for value, (en, zh) in values.items())


def _forms() -> Iterator[str]:
    yield ""
    yield "## Forms and comparability / 表式与可比性"
    yield ""
    for form in load_forms().values():
        last = "on" if form.years[1] == 9999 else f"to {form.years[1]}"
        yield f"- `{form.id}`: {form.name_en}, {form.years[0]} {last} ({form.basis}). {form.name_zh}。"
    yield ""
    yield from _notes("forms")


def _derived() -> Iterator[str]:
    yield ""
    yield "## Derived columns / 派生指标"
    yield ""
    yield from _notes("derived")
    for panel, rates in codebook()["rates"].items():
        yield f"In `{panel}`:"
        yield ""
        for name, rate in rates.items():
            yield f"- `{name}`: {rate['en']} / {rate['zh']} = ({rate['num']}) / ({rate['den']})"
        yield ""
    yield "In `series` (approximate / 近似):"
    yield ""
    for name, series in codebook()["series"].items():
        yield f"- `{name}`: {series['en']} / {series['zh']}: 2014-2018 {series['old']}; 2019 on {series['new']}"


def _entries() -> Iterator[str]:
    yield ""
    yield "## Indicators / 指标"
    for indicator in indicators().values():
        yield from _entry(indicator)


def _entry(indicator: Indicator) -> Iterator[str]:
    yield ""
    yield f"### {indicator.name}"
    yield ""
    yield f"**{indicator.en}** · {indicator.label}"
    yield ""
    yield f"- {indicator.definition_en}"
    yield f"- {indicator.definition_zh}"
    for place in indicator.places:
        first, last = indicator.years(place.form)
        years = f"{first}-{last}" if last else f"{first} on"
        others = [form for form in indicator.comparable(place.form) if form != place.form]
        same = f"; comparable with {', '.join(others)}" if others else ""
        unit = f", unit {place.unit}" if place.unit else ""
        yield f"- Form {place.form} ({years}), table `{place.table}`: {place.label}{unit}{same}"
    if not indicator.places:
        where = "Not printed on any form: a sum of printed rows." if indicator.derived else "Stated in prose only."
        yield f"- {where}" + (f" Unit {indicator.unit}." if indicator.unit else "")
    if indicator.applicants:
        yield "- For each applicant and in total / 按申请人分列并有总计"
    if indicator.basis:
        flag = " (in part unconfirmed / 部分待证实)" if indicator.unconfirmed else ""
        yield f"- Legal basis / 依据: {'；'.join(indicator.basis)}{flag}"
    if indicator.identities:
        yield f"- Identities / 勾稽关系: {', '.join(indicator.identities)}"
    for en, zh in indicator.warnings:
        yield f"- Note / 注意: {en} {zh}"
