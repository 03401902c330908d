"""Which printed cells would explain that a table contradicts its own sums."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from parsers.model import Check, Number
from parsers.proof.arithmetic import Arithmetic, Instance, Key, status_of, sum_of

_MAX_SUSPECTS = 3  # cells in an explanation of a contradiction
_MANY_SUSPECTS = 60
_MANY_PAIRS = 40  # more suspects than these are not tried three by three
_LISTED = 4


def explanation(arith: Arithmetic, values: Sequence[Number | None]) -> Check:
    """The smallest set of cells whose change would make every identity hold, if there is exactly one such set of its size."""
    failing = [instance for instance in arith.hard if status_of(instance, values, arith) == "fail"]
    fails = {i: _fails_with(i, failing) for i in sorted({i for f in failing for i in (*f.left, *f.right)})}
    equations = _Equations.of(fails, arith, values)
    for size in range(1, _MAX_SUSPECTS + 1):
        if size > 1 and len(fails) > _MANY_SUSPECTS:
            several = {i: mask for i, mask in fails.items() if mask.bit_count() > 1}
            fails = several or dict(list(fails.items())[:_MANY_SUSPECTS])
        found = [group for group in _covering(fails, (1 << len(failing)) - 1, size) if equations.solved_by(group, values)]
        if found:
            # The totals first: of all cells that would explain a false sum they are the likeliest.
            found.sort(key=lambda group: not any(i in f.left for f in failing for i in group))
            text = "; or ".join(" and ".join(_name(arith.keys[i]) for i in group) for group in found[:_LISTED])
            more = f"; or {len(found) - _LISTED} more" if len(found) > _LISTED else ""
            return _found(f"all sums would hold if this were different: {text}{more}")
        if size == 2 and len(fails) > _MANY_PAIRS:
            break
    return _found(f"{len(failing)} sums fail; no one to {_MAX_SUSPECTS} cells explain it")


def _found(detail: str) -> Check:
    return Check("explanation", "not_assessable", None, None, detail, "I")


def _name(key: Key) -> str:
    return ".".join(part for part in key if part)


def _fails_with(cell: int, failing: Sequence[Instance]) -> int:
    """The failing identities that a cell stands in, as bits."""
    return sum(1 << bit for bit, instance in enumerate(failing) if cell in instance.left or cell in instance.right)


def _covering(fails: dict[int, int], wanted: int, size: int) -> Iterator[tuple[int, ...]]:
    """All sets of cells of that size, in order, that leave no failing identity untouched."""
    most = max((mask.bit_count() for mask in fails.values()), default=0)

    @cache
    def having(missing: int) -> tuple[int, ...]:
        return tuple(i for i, mask in fails.items() if mask & missing == missing)

    def sets(missing: int, size: int, after: int) -> Iterator[tuple[int, ...]]:
        if missing.bit_count() > most * size:
            return
        if size == 1:
            yield from ((i,) for i in having(missing) if i > after)
            return
        for i, mask in fails.items():
            if i > after:
                yield from ((i, *others) for others in sets(missing & ~mask, size - 1, i))

    return sets(wanted, size, -1)


@dataclass(frozen=True, slots=True)
class _Equations:
    """The hard equations that some cells stand in: by cell its sign in each of them, and by how much each is off (None: unknown)."""

    signs: Mapping[int, Mapping[int, int]]
    off: Mapping[int, Number | None]
    tolerance: Mapping[int, float]
    stands_in: Mapping[int, int]  # by cell its equations, as bits
    held: int  # the equations that hold exactly, as bits

    @classmethod
    def of(cls, cells: Iterable[int], arith: Arithmetic, values: Sequence[Number | None]) -> _Equations:
        signs: dict[int, dict[int, int]] = {i: {} for i in cells}
        off: dict[int, Number | None] = {}
        for number, instance in enumerate(arith.hard):
            touched = [(i, sign) for side, sign in ((instance.left, 1), (instance.right, -1)) for i in side if i in signs]
            if instance.op == "=" and touched:
                left, right = sum_of(values, instance.left), sum_of(values, instance.right)
                off[number] = None if left is None or right is None else left - right
                for i, sign in touched:
                    signs[i][number] = sign
        tolerance = {number: arith.tolerance(arith.hard[number]) for number in off}
        stands_in = {i: sum(1 << number for number in signs[i]) for i in signs}
        held = sum(1 << number for number in off if off[number] == tolerance[number] == 0)
        return cls(signs, off, tolerance, stands_in, held)

    def solved_by(self, group: tuple[int, ...], values: Sequence[Number | None]) -> bool:
        """Whether some change of exactly these cells satisfies every equation (linear, solved by substitution)."""
        signs, stands_in = self.signs, self.stands_in
        met = again = 0
        for i in group:
            again |= met & stands_in[i]
            met |= stands_in[i]
        if self.held & met & ~again:  # what holds as it is would not hold when one of its cells changes
            return False
        touched = sorted({number for i in group for number in signs[i]})
        changes: dict[int, Number] = {}
        for _ in group:
            for number in touched:
                unknown = [i for i in group if i not in changes and number in signs[i]]
                if len(unknown) == 1:
                    off = self._off(number, changes)
                    if off is None:
                        return False
                    changes[unknown[0]] = -off * signs[unknown[0]][number]
        if len(changes) < len(group) or any(not change or (values[i] or 0) + change < 0 for i, change in changes.items()):
            return False
        left_over = ((number, self._off(number, changes)) for number in touched)
        return all(off is None or abs(off) <= self.tolerance[number] for number, off in left_over)

    def _off(self, number: int, changes: Mapping[int, Number]) -> Number | None:
        off = self.off[number]
        return off if off is None else off + sum(change * self.signs[i].get(number, 0) for i, change in changes.items())
