"""Name -> mangling, with the phase it runs in and the manglings it cannot be combined with."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from ..model import Draft

PHASES = (
    "structure",
    "pieces",
    "blanks",
    "falsify",
    "formats",
    "money",
    "labels",
    "spans",
    "markup",
    "page",
    "charset",
)
STANDARD = ("2021", "2019")
EVERY = ("2021", "2019", "2014", "pre2014", "local")

Apply = Callable[[Draft], None]


class Mangling(NamedTuple):
    """One mangling: ``group`` names what it claims; two of the same group exclude each other."""

    name: str
    phase: str
    forms: tuple[str, ...]
    group: str | None
    apply: Apply


MANGLINGS: dict[str, Mangling] = {}


def mangling(phase: str, forms: tuple[str, ...] = STANDARD, group: str | None = None) -> Callable[[Apply], Apply]:
    """Register a function of a draft under its own name."""

    def register(apply: Apply) -> Apply:
        name = apply.__name__
        MANGLINGS[name] = Mangling(name, phase, forms, group, apply)
        return apply

    return register


def compatible(names: Iterable[str]) -> bool:
    """Whether these can stand on one page: no two claim the same thing."""
    groups = [MANGLINGS[n].group for n in names if MANGLINGS[n].group]
    return len(groups) == len(set(groups))
