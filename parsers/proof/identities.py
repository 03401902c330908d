"""Judging a table by the form's own arithmetic (勾稽关系): its checks and its verdict.

A blank or a mark is never a 0 in a check as printed. A second look counts them as 0. A blank *total* above parts that
are not all 0 is an unstated number, not a 0: it stands for the sum of its parts, and only to test the other identities.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache, partial
from typing import NamedTuple

from parsers.model import Check, Number, Status, Verdict
from parsers.proof.arithmetic import Arithmetic, Instance, Key, arithmetic, build_arithmetic, compare_sides, status_of, sum_of
from parsers.proof.suspects import explanation

__all__ = ["Arithmetic", "Instance", "Key", "Outcome", "arithmetic", "assessed", "broken_sums", "build_arithmetic", "judge"]


class Outcome(NamedTuple):
    """Verdict of a table and its checks."""

    verdict: Verdict
    checks: tuple[Check, ...]


def judge(arith: Arithmetic, values: Sequence[Number | None], statuses: Sequence[Status]) -> Outcome:
    """Checks and verdict of a table; ``values`` and ``statuses`` in the order of ``arith.keys``."""
    if statuses.count("absent") == len(statuses):
        return Outcome("absent", ())
    arith = _applicable(arith, statuses)
    checks = _checks(arith, values)
    hard = [check.status for check in checks if check.severity == "E"]
    if not hard or "fail" in hard:
        verdict: Verdict = "contradicted" if hard else "unproved"
    elif "not_assessable" not in hard:
        verdict = "proved"
    else:
        verdict = _with_blanks_as_zero(arith, values, statuses)
    if verdict == "contradicted":
        checks += (explanation(arith, _fill(arith, values, statuses)[0]),)
    return Outcome(verdict, checks)


def assessed(
    arith: Arithmetic, values: Sequence[Number | None], statuses: Sequence[Status]
) -> tuple[tuple[Instance, Check], ...]:
    """Every identity that applies to a table as printed, with its check."""
    arith = _applicable(arith, statuses)
    return tuple(zip(arith.instances, _checks(arith, values), strict=True))


def _applicable(arith: Arithmetic, statuses: Sequence[Status]) -> Arithmetic:
    """Statistical tables print as many rows as they like: an identity all of whose parts, or whose total, are not printed says nothing."""
    if arith.complete:
        return arith
    return _without(arith, frozenset(i for i, status in enumerate(statuses) if status == "absent"))


@lru_cache(maxsize=256)
def _without(arith: Arithmetic, absent: frozenset[int]) -> Arithmetic:
    touched = (i for i in arith.instances if not absent.issuperset(i.left) and not absent.issuperset(i.right))
    return replace(arith, instances=tuple(touched))


def _checks(arith: Arithmetic, values: Sequence[Number | None]) -> tuple[Check, ...]:
    """Every identity with the sums of its sides; most are of nothing but zeros."""
    checks: list[Check] = []
    for instance, left_of, right_of, zero in arith.sides:
        try:
            left, right = left_of(values), right_of(values)
        except TypeError:
            left, right = sum_of(values, instance.left), sum_of(values, instance.right)
        if left == 0 == right:
            checks.append(zero)
        else:
            equal = left == right and left is not None
            status = "pass" if equal else compare_sides(left, right, instance, arith)
            checks.append(_new_check((instance.check, status, left, right, instance.where, instance.severity)))
    return tuple(checks)


_new_check = partial(tuple.__new__, Check)  # half the time of Check(...): a page has a hundred


def _with_blanks_as_zero(arith: Arithmetic, values: Sequence[Number | None], statuses: Sequence[Status]) -> Verdict:
    filled, unstated = _fill(arith, values, statuses)
    results = [status_of(instance, filled, arith) for instance in arith.hard]
    if "fail" in results:
        return "contradicted"
    if "not_assessable" in results or not any(status == "reported" for status in statuses):
        return "unproved"
    # A sum whose total is unstated tests nothing: every number that stands in one must stand in another, too.
    hollow = {i for instance in arith.hard if instance.left[0] in unstated for i in instance.right}
    tested = {i for instance in arith.hard if instance.left[0] not in unstated for i in (*instance.left, *instance.right)}
    if any(values[i] for i in hollow - tested) or _kinds_untested(arith, filled, unstated):
        return "unproved"
    return "proved_blank_as_zero"


def broken_sums(arith: Arithmetic, values: Sequence[Number | None], statuses: Sequence[Status]) -> list[Instance]:
    """The hard identities that fail even where blanks and marks count as 0."""
    filled = _fill(arith, values, statuses)[0]
    return [instance for instance in arith.hard if status_of(instance, filled, arith) == "fail"]


def _kinds_untested(arith: Arithmetic, filled: Sequence[Number | None], unstated: set[int]) -> bool:
    """Whether some identity of the form was met only with unstated totals: values in the wrong columns would pass all others."""
    stated: dict[str, bool] = {}
    for instance in arith.hard:
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
        for instance in arith.totals_first:
            total = instance.left[0]
            if total not in empty or total in unstated:
                continue
            parts = sum_of(filled, instance.right)
            if parts:
                unstated.add(total)
            if parts or any(filled[i] for i in instance.right):
                filled[total] = parts  # None where a part is unknown, too
    return filled, unstated
