"""The indicators: what the forms declare joined with the definitions of codebook.toml. The codebook as objects."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, NamedTuple

from parsers.forms import Form, load_forms

# Forms whose indicators of the same name may be compared with one another (chapter on comparability in CODEBOOK.md).
_COMPARABLE = (("2021", "2019"), ("2014",), ("pre2014",))
SUFFIXES = {
    "natural_person": "_np",
    "business": "_biz",
    "research": "_res",
    "nonprofit": "_npo",
    "legal_service": "_law",
    "other_org": "_oth",
    "total": "",
}


class Place(NamedTuple):
    """Where a form prints an indicator: table, official label with the labels above it, unit."""

    form: str
    table: str
    label: str
    unit: str | None


@dataclass(frozen=True, slots=True)
class Indicator:
    """An indicator: its definition and the places where the forms print it, newest form first.

    ``applicants`` says whether it exists for each applicant (table three). ``identities`` are the checks it takes part
    in. ``derived`` marks a sum that no form prints. ``basis`` and ``warnings`` are texts, ``unconfirmed`` says that
    part of the basis or the form itself rests on no confirmed source.
    """

    name: str
    en: str
    definition_en: str
    definition_zh: str
    places: tuple[Place, ...]
    applicants: bool
    identities: tuple[str, ...]
    basis: tuple[str, ...]
    unconfirmed: bool
    warnings: tuple[tuple[str, str], ...]
    derived: bool = False

    @property
    def label(self) -> str:
        """The official Chinese label of the newest form, the Chinese definition where no form prints one."""
        return self.places[0].label if self.places else self.definition_zh.rstrip("。")

    @property
    def unit(self) -> str | None:
        """The unit of the newest form."""
        return self.places[0].unit if self.places else ("元" if self.name.endswith("_yuan") else "件")

    def comparable(self, form: str) -> tuple[str, ...]:
        """The forms in which this name means the same as in ``form``."""
        group = next((g for g in _COMPARABLE if form in g), (form,))
        return tuple(f for f in group if any(p.form == f for p in self.places))

    def years(self, form: str) -> tuple[int, int | None]:
        """First and last report year of a form that prints it; None: still in force."""
        first, last = load_forms()[form].years
        return first, None if last == 9999 else last


class Term(NamedTuple):
    """A signed operand of a formula."""

    sign: int
    name: str


Formula = tuple[Term, ...]


@cache
def formula(text: str) -> Formula:
    """``a + b - c`` as terms."""
    terms, sign = [], 1
    for token in text.split():
        if token in "+-":
            sign = 1 if token == "+" else -1
        else:
            terms.append(Term(sign, token))
    return tuple(terms)


def evaluate(terms: Formula, values: Mapping[str, Any]) -> float | None:
    """The formula on values; None where an operand is None or not there: a blank never counts as 0."""
    total = 0.0
    for sign, name in terms:
        value = values.get(name)
        if value is None:
            return None
        total += sign * value
    return total


@cache
def codebook() -> Mapping[str, Any]:
    """codebook.toml as read."""
    return tomllib.loads((resources.files(__package__) / "codebook.toml").read_text(encoding="utf-8"))


@cache
def indicators() -> Mapping[str, Indicator]:
    """Every indicator by name, in the order of the forms (newest first), then what only prose states."""
    places: dict[str, list[Place]] = {}
    applicants: set[str] = set()
    identities: dict[str, list[str]] = {}
    for form in load_forms().values():
        _gather(form, places, applicants, identities)
    declared: Mapping[str, Any] = codebook()["indicators"]
    unknown = [name for name in places if name not in declared]
    if unknown:
        raise ValueError(f"codebook.toml has no definition of {unknown}")
    names = [*places, *(name for name in declared if name not in places)]
    return {name: _indicator(name, declared[name], places, applicants, identities) for name in names}


def sums(form: Form) -> Mapping[str, tuple[str, ...]]:
    """{sum that the form does not print: the rows below its group label} of table three."""
    table = form.table("applications")
    if table is None:
        return {}
    found: dict[str, tuple[str, ...]] = {}
    for name, group in codebook()["sums"].items():
        rows = [r for block in table.blocks for r in block.rows if r.path and r.path[-1] == group]
        if rows:
            found[name] = tuple(row.indicators[0] for row in rows)
    return found


def _gather(form: Form, places: dict[str, list[Place]], applicants: set[str], identities: dict[str, list[str]]) -> None:
    for table in form.tables:
        for block in table.blocks:
            for row in (*block.rows, *block.collapsed):
                for name, column in zip(row.indicators, block.columns, strict=True):
                    label = [*row.path, *row.labels[:1]]
                    if column.applicant:
                        applicants.add(name)
                    elif table.id != "statistics":
                        label += [*column.path, *column.labels[:1]]
                    known = places.setdefault(name, [])
                    if not any(place.form == form.id for place in known):
                        known.append(Place(form.id, table.id, " · ".join(label), block.unit_of(row, column)))
    for identity in form.identities:
        rows_of = form.table(identity.table)
        everywhere = {cell[0] for cell in rows_of.cells()} if rows_of and identity.total_applicant else set()
        for name in {*identity.left, *identity.right, *everywhere}:
            known_checks = identities.setdefault(name, [])
            if identity.check not in known_checks:
                known_checks.append(identity.check)


_FORM_BASIS = {"2021": "form2021", "2019": "form2019", "2014": "form2014", "pre2014": "formlocal"}


def _indicator(
    name: str,
    declared: Mapping[str, Any],
    places: Mapping[str, list[Place]],
    applicants: set[str],
    identities: Mapping[str, list[str]],
) -> Indicator:
    texts: Mapping[str, Any] = codebook()["basis"]
    printed = tuple(places.get(name, ()))
    basis = [*(_FORM_BASIS[place.form] for place in printed), *declared.get("basis", ())]
    derived = name in codebook()["sums"] and not printed
    return Indicator(
        name=name,
        en=declared["en"],
        definition_en=declared["d"],
        definition_zh=declared["zh"],
        places=printed,
        applicants=name in applicants or derived,
        identities=tuple(sorted(identities.get(name, ()))),
        basis=tuple(texts[key]["text"] for key in basis),
        unconfirmed=any(texts[key].get("unconfirmed", False) for key in basis),
        warnings=tuple((w["en"], w["zh"]) for w in (codebook()["warnings"][key] for key in declared.get("warn", ()))),
        derived=derived,
    )
