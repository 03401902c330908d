"""The form's own arithmetic (勾稽关系): checks and the verdict of a table.

A blank or a mark is never a 0 in a check as printed. A second look counts them as 0. A blank *total* above parts that
are not all 0 is an unstated number, not a 0: it stands for the sum of its parts, and only to test the other identities.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from typing import NamedTuple

from parsers.forms import Form, FormTable, Identity, load_forms
from parsers.model import Check, CheckStatus, Number, Status, Verdict

Key = tuple[str, str | None, str | None]  # indicator, applicant, period
_MONEY_TOLERANCE = 0.01
_MAX_SUSPECTS = 3  # cells in an explanation of a contradiction


class Instance(NamedTuple):
    """One identity at one place: indices of its cells on both sides, in the order of ``Arithmetic.keys``."""

    check: str
    severity: str
    op: str
    left: tuple[int, ...]
    right: tuple[int, ...]
    where: str


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """The identities of one official table as it is printed: ``keys`` are its cells in order, ``units`` their units."""

    keys: tuple[Key, ...]
    units: tuple[str | None, ...]
    instances: tuple[Instance, ...]
    complete: bool = True  # whether a page must print every row of the form

    def hard(self) -> list[Instance]:
        """The identities that decide the verdict."""
        return [instance for instance in self.instances if instance.severity == "E"]


class Outcome(NamedTuple):
    """Verdict of a table and its checks."""

    verdict: Verdict
    checks: tuple[Check, ...]


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
            instances.extend(_instances(identity, table, index, stands_for))
    return Arithmetic(keys, tuple(cell[1] for cell in cells), tuple(instances), complete=table.section > 0)


def _stands_for(table: FormTable, collapsed: tuple[str, ...]) -> dict[str, str]:
    rows = [row for block in table.blocks for row in block.collapsed if row.indicators[0] in collapsed]
    return {name: row.indicators[0] for row in rows for name in row.replaces}


def _cells(table: FormTable, collapsed: tuple[str, ...]) -> Iterable[tuple[Key, str | None]]:
    for block in table.blocks:
        extra = [row for row in block.collapsed if row.indicators[0] in collapsed]
        for row in block.rows:
            here = [c for c in extra if c.replaces[0] == row.indicators[0]]
            for line in (*here, row):
                for i, column in enumerate(block.columns):
                    yield (line.indicators[i], column.applicant, column.period), block.unit_of(line, column)


def _instances(
    identity: Identity, table: FormTable, index: dict[Key, int], stands_for: dict[str, str]
) -> Iterable[Instance]:
    if identity.total_applicant:
        yield from _row_sums(identity, table, index, stands_for)
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
    identity: Identity, table: FormTable, index: dict[Key, int], stands_for: dict[str, str]
) -> Iterable[Instance]:
    rows = dict.fromkeys(name for name, _, _ in index if name not in stands_for)
    for name in rows:
        total = index.get((name, identity.total_applicant, None))
        if total is not None:
            parts = tuple(i for (other, _, _), i in index.items() if other == name and i != total)
            yield Instance(identity.check, identity.severity, identity.op, (total,), parts, name)


# ------------------------------------------------------------------ judging


def judge(arith: Arithmetic, values: Sequence[Number | None], statuses: Sequence[Status]) -> Outcome:
    """Checks and verdict of a table; ``values`` and ``statuses`` in the order of ``arith.keys``."""
    if all(status == "absent" for status in statuses):
        return Outcome("absent", ())
    arith = _applicable(arith, statuses)
    checks = tuple(_check(instance, values, arith) for instance in arith.instances)
    hard = [check.status for check, i in zip(checks, arith.instances, strict=True) if i.severity == "E"]
    if not hard or "fail" in hard:
        verdict: Verdict = "contradicted" if hard else "unproved"
    elif "not_assessable" not in hard:
        verdict = "proved"
    else:
        verdict = _with_blanks_as_zero(arith, values, statuses)
    if verdict == "contradicted":
        checks += (_explanation(arith, _fill(arith, values, statuses)[0]),)
    return Outcome(verdict, checks)


def assessed(
    arith: Arithmetic, values: Sequence[Number | None], statuses: Sequence[Status]
) -> tuple[tuple[Instance, Check], ...]:
    """Every identity that applies to a table as printed, with its check."""
    arith = _applicable(arith, statuses)
    return tuple((instance, _check(instance, values, arith)) for instance in arith.instances)


def _applicable(arith: Arithmetic, statuses: Sequence[Status]) -> Arithmetic:
    """Statistical tables print as many rows as they like: an identity all of whose parts, or whose total, are not printed says nothing."""
    if arith.complete:
        return arith
    absent = {i for i, status in enumerate(statuses) if status == "absent"}
    touched = (i for i in arith.instances if not absent.issuperset(i.left) and not absent.issuperset(i.right))
    return Arithmetic(arith.keys, arith.units, tuple(touched), arith.complete)


def _check(instance: Instance, values: Sequence[Number | None], arith: Arithmetic) -> Check:
    left, right = _sum(values, instance.left), _sum(values, instance.right)
    return Check(instance.check, _compare(left, right, instance, arith), left, right, instance.where, instance.severity)


def _sum(values: Sequence[Number | None], indices: tuple[int, ...]) -> Number | None:
    total: Number = 0
    for i in indices:
        value = values[i]
        if value is None:
            return None
        total += value
    return total


def _compare(left: Number | None, right: Number | None, instance: Instance, arith: Arithmetic) -> CheckStatus:
    if left is None or right is None:
        return "not_assessable"
    if left == right:
        return "pass"
    tolerance = _MONEY_TOLERANCE if "元" in (arith.units[instance.left[0]] or "") else 0
    good = left <= right + tolerance if instance.op == "<=" else abs(left - right) <= tolerance
    return "pass" if good else "fail"


def _status(instance: Instance, values: Sequence[Number | None], arith: Arithmetic) -> CheckStatus:
    return _compare(_sum(values, instance.left), _sum(values, instance.right), instance, arith)


def _with_blanks_as_zero(arith: Arithmetic, values: Sequence[Number | None], statuses: Sequence[Status]) -> Verdict:
    filled, unstated = _fill(arith, values, statuses)
    results = [_status(instance, filled, arith) for instance in arith.hard()]
    if "fail" in results:
        return "contradicted"
    if "not_assessable" in results or not any(status == "reported" for status in statuses):
        return "unproved"
    # A sum whose total is unstated tests nothing: every number that stands in one must stand in another, too.
    hollow = {i for instance in arith.hard() if instance.left[0] in unstated for i in instance.right}
    tested = {i for instance in arith.hard() if instance.left[0] not in unstated for i in (*instance.left, *instance.right)}
    if any(values[i] for i in hollow - tested) or _kinds_untested(arith, filled, unstated):
        return "unproved"
    return "proved_blank_as_zero"


def _kinds_untested(arith: Arithmetic, filled: Sequence[Number | None], unstated: set[int]) -> bool:
    """Whether some identity of the form was met only with unstated totals: values in the wrong columns would pass all others."""
    stated: dict[str, bool] = {}
    for instance in arith.hard():
        if any(filled[i] for i in (*instance.left, *instance.right)):
            stated[instance.check] = stated.get(instance.check, False) or instance.left[0] not in unstated
    return not all(stated.values())


def _fill(
    arith: Arithmetic, values: Sequence[Number | None], statuses: Sequence[Status]
) -> tuple[list[Number | None], set[int]]:
    """Values with blanks and marks as 0, but blank totals as the sum of their parts where these are not all 0; and which these are."""
    empty = {i for i, status in enumerate(statuses) if status in ("blank", "mark")}
    filled: list[Number | None] = list(values)
    for i in empty:
        filled[i] = 0
    unstated: set[int] = set()
    if empty:
        # Totals of rows first, then totals of totals.
        for instance in sorted(arith.hard(), key=lambda instance: len(instance.right)):
            total = instance.left[0]
            if len(instance.left) == 1 and total in empty - unstated and instance.op == "=" and _sum(filled, instance.right):
                filled[total] = _sum(filled, instance.right)
                unstated.add(total)
    return filled, unstated


# ------------------------------------------------------------------ explaining a contradiction


def _explanation(arith: Arithmetic, values: Sequence[Number | None]) -> Check:
    """The smallest set of cells whose change would make every identity hold, if there is exactly one such set of its size."""
    failing = [instance for instance in arith.hard() if _status(instance, values, arith) == "fail"]
    suspects = sorted({i for instance in failing for i in (*instance.left, *instance.right)})
    for size in range(1, _MAX_SUSPECTS + 1):
        if size > 1 and len(suspects) > 60:
            suspects = [i for i in suspects if sum(i in (*f.left, *f.right) for f in failing) > 1] or suspects[:60]
        found = [group for group in combinations(suspects, size) if _explains(group, arith, values, failing)]
        if found:
            text = "; or ".join(" and ".join(_name(arith.keys[i]) for i in group) for group in found[:4])
            more = f"; or {len(found) - 4} more" if len(found) > 4 else ""
            return Check("explanation", "not_assessable", None, None, f"all sums would hold if this were different: {text}{more}", "I")
        if size == 2 and len(suspects) > 40:
            break
    return Check("explanation", "not_assessable", None, None, f"{len(failing)} sums fail; no one to {_MAX_SUSPECTS} cells explain it", "I")


def _name(key: Key) -> str:
    return ".".join(part for part in key if part)


def _explains(
    group: tuple[int, ...], arith: Arithmetic, values: Sequence[Number | None], failing: Sequence[Instance]
) -> bool:
    """Whether some change of exactly these cells satisfies every hard identity (linear, solved by substitution)."""
    unknown = set(group)
    if any(unknown.isdisjoint(i.left) and unknown.isdisjoint(i.right) for i in failing):
        return False
    solved: dict[int, Number] = {}
    touched = [i for i in arith.hard() if i.op == "=" and unknown & {*i.left, *i.right}]
    trial = list(values)
    for _ in group:
        for instance in touched:
            left_open = [i for i in (*instance.left, *instance.right) if i in unknown and i not in solved]
            if len(left_open) == 1:
                value = _solve(instance, left_open[0], trial)
                if value is None:
                    return False
                solved[left_open[0]] = trial[left_open[0]] = value
    if len(solved) < len(group) or any(solved[i] == values[i] or solved[i] < 0 for i in group):
        return False
    return all(_status(instance, trial, arith) != "fail" for instance in touched)


def _solve(instance: Instance, wanted: int, values: Sequence[Number | None]) -> Number | None:
    side: Callable[[tuple[int, ...]], Number | None] = lambda indices: _sum(  # noqa: E731
        values, tuple(i for i in indices if i != wanted)
    )
    left, right = side(instance.left), side(instance.right)
    if left is None or right is None:
        return None
    return right - left if wanted in instance.left else left - right
