"""Which pages are measured: each mangling alone, and random combinations of two to four, on every form it touches."""

from __future__ import annotations

import random
from collections.abc import Iterator

from .generate import FORMS, generate
from .manglings import MANGLINGS, compatible
from .model import Page
from .render_text import STYLES

SHARES = {"2021": 8, "2019": 6, "2014": 2, "pre2014": 1, "local": 1}


def alone(name: str | None, seeds: range, carrier: str = "html") -> Iterator[Page]:
    """One mangling (None: none at all) on each form it touches."""
    for form in MANGLINGS[name].forms if name else FORMS:
        for seed in seeds:
            yield generate(seed, form, [name] if name else [], carrier)


def combination(seed: int) -> tuple[str, list[str]]:
    """A form and two to four manglings that go together on it."""
    rng = random.Random(f"combination {seed}")
    form = rng.choices(list(SHARES), list(SHARES.values()))[0]
    usable = [name for name, m in MANGLINGS.items() if form in m.forms]
    while True:
        names = rng.sample(usable, rng.randint(2, 4))
        if compatible(names):
            return form, names


def combined(seeds: range, carrier: str = "html") -> Iterator[Page]:
    """Random combinations, one a seed; carrier ``text`` takes the styles in turn."""
    for seed in seeds:
        form, names = combination(seed)
        style = f"text:{tuple(STYLES)[seed % len(STYLES)]}" if carrier == "text" else carrier
        yield generate(seed, form, names, style)
