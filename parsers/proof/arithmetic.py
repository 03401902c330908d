"""The form's own arithmetic (勾稽关系) as sums over the cells of a table as it is printed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from operator import itemgetter
from typing import NamedTuple

from parsers.forms import Form, FormTable, Identity, load_forms
from parsers.model import Check, CheckStatus, Number

Key = tuple[str, str | None, str | None]  # indicator, applicant, period
Adder = Callable[[Sequence[Number | None]], Number | None]
_MONEY_TOLERANCE = 0.01


class Instance(NamedTuple):
    """One identity at one place: indices of its cells on both sides, in the order of ``Arithmetic.keys``."""

    check: str
    severity: str
    op: str
    left: tuple[int, ...]
    right: tuple[int, ...]
    where: str


@dataclass(frozen=True, eq=False)
class Arithmetic:
    """The identities of one official table as it is printed: ``keys`` are its cells in order, ``units`` their units."""

    keys: tuple[Key, ...]
    units: tuple[str | None, ...]
    instances: tuple[Instance, ...]
    complete: bool = True  # whether a page must print every row of the form

    @cached_property
    def hard(self) -> tuple[Instance, ...]:
        """The identities that decide the verdict."""
        return tuple(instance for instance in self.instances if instance.severity == "E")

    @cached_property
    def totals_first(self) -> tuple[Instance, ...]:
        """Hard equations with one total, those of rows first, then totals of totals."""
        single = [instance for instance in self.hard if len(instance.left) == 1 and instance.op == "="]
        return tuple(sorted(single, key=lambda instance: len(instance.right)))

    @cached_property
    def sides(self) -> tuple[tuple[Instance, Adder, Adder, Check], ...]:
        """Each identity with the sums of its two sides, and its check where both are 0."""
        return tuple(
            (i, _adder(i.left), _adder(i.right), Check(i.check, "pass", 0, 0, i.where, i.severity)) for i in self.instances
        )

    def tolerance(self, instance: Instance) -> float:
        """By how much the sides may differ: 0 for counts, 0.01 for amounts of money."""
        return _MONEY_TOLERANCE if "元" in (self.units[instance.left[0]] or "") else 0


def _adder(indices: tuple[int, ...]) -> Adder:
    """The sum of some values; raises TypeError where one of several is None."""
    if len(indices) == 1:
        return itemgetter(indices[0])
    if not indices:
        return lambda _: 0
    pick = itemgetter(*indices)
    return lambda values: sum(pick(values))


@cache
def arithmetic(form_id: str, table_id: str, collapsed: tuple[str, ...]) -> Arithmetic:
    """Identities of a bundled form's table; ``collapsed`` names the indicators of collapsed rows that the page prints."""
    return build_arithmetic(load_forms()[form_id], table_id, collapsed)


def build_arithmetic(form: Form, table_id: str, collapsed: tuple[str, ...] = ()) -> Arithmetic:
    """Identities of a form's table. Raises KeyError for an unknown table."""
    table = form.table(table_id)
    if table is None:
        raise KeyError(table_id)
    stands_for = _stands_for(table, collapsed)
    cells = list(_cells(table, collapsed))
    keys = tuple(cell[0] for cell in cells)
    index = {key: i for i, key in enumerate(keys)}
    instances: list[Instance] = []
    for identity in form.identities:
        if identity.table == table_id:
            instances.extend(_instances(identity, index, stands_for))
    return Arithmetic(keys, tuple(cell[1] for cell in cells), tuple(instances), complete=table.section > 0)


def _stands_for(table: FormTable, collapsed: tuple[str, ...]) -> dict[str, str]:
    rows = [row for block in table.blocks for row in block.collapsed if row.indicators[0] in collapsed]
    return {name: row.indicators[0] for row in rows for name in row.replaces}


def _cells(table: FormTable, collapsed: tuple[str, ...]) -> Iterable[tuple[Key, str | None]]:
    for block in table.blocks:
        extra = [row for row in block.collapsed if row.indicators[0] in collapsed]
        for row in block.rows_with(extra):
            for i, column in enumerate(block.columns):
                yield (row.indicators[i], column.applicant, column.period), block.unit_of(row, column)


def _instances(
    identity: Identity, index: dict[Key, int], stands_for: dict[str, str]
) -> Iterable[Instance]:
    if identity.total_applicant:
        yield from _row_sums(identity, index, stands_for)
        return
    left, right = _names(identity.left, stands_for), _names(identity.right, stands_for)
    places = dict.fromkeys((applicant, period) for name, applicant, period in index if name == left[0])
    for applicant, period in places:
        sides = [tuple(index[name, applicant, period] for name in names) for names in (left, right)]
        where = applicant or period or left[0]
        yield Instance(identity.check, identity.severity, identity.op, sides[0], sides[1], where)


def _names(names: Sequence[str], stands_for: dict[str, str]) -> list[str]:
    return list(dict.fromkeys(stands_for.get(name, name) for name in names))


def _row_sums(
    identity: Identity, index: dict[Key, int], stands_for: dict[str, str]
) -> Iterable[Instance]:
    rows = dict.fromkeys(name for name, _, _ in index if name not in stands_for)
    for name in rows:
        total = index.get((name, identity.total_applicant, None))
        if total is not None:
            parts = tuple(i for (other, _, _), i in index.items() if other == name and i != total)
            yield Instance(identity.check, identity.severity, identity.op, (total,), parts, name)


def sum_of(values: Sequence[Number | None], indices: Iterable[int]) -> Number | None:
    """The sum of some values, None where one of them is None."""
    total: Number = 0
    for i in indices:
        value = values[i]
        if value is None:
            return None
        total += value
    return total


def compare_sides(left: Number | None, right: Number | None, instance: Instance, arith: Arithmetic) -> CheckStatus:
    """Whether the sums of an identity's two sides agree."""
    if left is None or right is None:
        return "not_assessable"
    if left == right:
        return "pass"
    tolerance = arith.tolerance(instance)
    good = left <= right + tolerance if instance.op == "<=" else abs(left - right) <= tolerance
    return "pass" if good else "fail"


def status_of(instance: Instance, values: Sequence[Number | None], arith: Arithmetic) -> CheckStatus:
    """Whether an identity holds for some values."""
    return compare_sides(sum_of(values, instance.left), sum_of(values, instance.right), instance, arith)
