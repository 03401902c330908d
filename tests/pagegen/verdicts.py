"""What the forms' own sums say about the printed numbers: the verdict a careful reader reaches.

A blank or a mark counts as 0, unless it stands where a sum of filled-in numbers belongs: then it is a number that was
not printed, and no identity it takes part in can be judged. Numbers that are absent or unreadable are never guessed.
"""

from __future__ import annotations

from collections.abc import Iterator

from .declared import APPLICANTS, DISPUTES, OUTCOMES
from .declared_statistics import SUMS_2014, SUMS_PRE2014
from .model import Fact, Key, Number
from .numbers import ENDS

Identity = tuple[list[Key], list[Key]]  # sum of the left = sum of the right; a single left side is a total


def identities(table: str, form: str, facts: dict[Key, Fact]) -> Iterator[Identity]:
    """All hard identities of one table."""
    if table == "disputes":
        for stem in DISPUTES:
            keys: list[Key] = [("disputes", f"{stem}_{name}", None) for name in OUTCOMES]
            yield [keys[-1]], keys[:-1]
    elif table == "applications":
        names = list(dict.fromkeys(k[1] for k in facts if k[0] == "applications"))
        parts = [n for n in names if n not in ENDS]
        for who in APPLICANTS:
            column = {n: ("applications", n, who) for n in [*names, *ENDS]}
            yield [column["new_requests"], column["carried_over"]], [column["concluded"], column["carried_forward"]]
            yield [column["concluded"]], [column[n] for n in parts]
        for name in names:
            row: list[Key] = [("applications", name, who) for who in APPLICANTS]
            yield [row[-1]], row[:-1]
    elif table == "statistics":
        for whole, names in {"2014": SUMS_2014, "pre2014": SUMS_PRE2014}.get(form, {}).items():
            yield [("statistics", whole, "year")], [("statistics", n, "year") for n in names]


def verdict(table: str, form: str, facts: dict[Key, Fact]) -> str:
    """``proved``, ``proved_blank_as_zero``, ``contradicted``, ``unproved`` or ``absent``."""
    own = {k: v for k, v in facts.items() if k[0] == table}
    if not any(status != "absent" for _, status in own.values()):
        return "absent"
    every = list(identities(table, form, own))
    unfilled = {left[0] for left, right in every if len(left) == 1 and _unfilled(own, left[0], right)}
    results = {_judge(own, left, right, unfilled) for left, right in every}
    if "fails" in results:
        return "contradicted"
    printed = any(status == "reported" for _, status in own.values())
    if not results or "unknown" in results or not printed:
        return "unproved"
    return "proved_blank_as_zero" if "holds_with_blanks" in results else "proved"


def _number(facts: dict[Key, Fact], key: Key) -> Number | None:
    value, status = facts.get(key, (None, "absent"))
    return 0 if status in ("blank", "mark") else value


def _unfilled(facts: dict[Key, Fact], total: Key, parts: list[Key]) -> bool:
    blank = facts.get(total, (None, "absent"))[1] in ("blank", "mark")
    return blank and any(_number(facts, part) for part in parts)


def _judge(facts: dict[Key, Fact], left: list[Key], right: list[Key], unfilled: set[Key]) -> str:
    operands = [_number(facts, key) for key in left + right]
    if any(n is None for n in operands) or unfilled.intersection(left + right):
        return "unknown"
    if sum(n or 0 for n in operands[: len(left)]) != sum(n or 0 for n in operands[len(left) :]):
        return "fails"
    return "holds" if all(facts[key][1] == "reported" for key in left + right) else "holds_with_blanks"
