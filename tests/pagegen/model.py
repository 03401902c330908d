"""What the generator works on: a draft of a page whose every printed cell knows what it says.

Manglings change a draft; ``truth`` is read off the cells that are left, so it is always what the page prints.
Nothing here knows the program under test.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from .head import Head

Number = int | float
Key = tuple[str, str, str | None]  # table, indicator, applicant (statistics: period)
Fact = tuple[Number | None, str]  # value, status


@dataclass
class Cell:
    """One printed cell. ``colspan``/``rowspan`` are its true extent; ``attrs`` what the markup says instead."""

    text: str
    role: str = "label"  # label | header | value | filler
    key: Key | None = None
    value: Number | None = None
    status: str | None = None
    colspan: int = 1
    rowspan: int = 1
    attrs: dict[str, str] = field(default_factory=dict)
    paragraphs: list[list[str]] | None = None  # paragraphs of runs; None: one paragraph, one run
    tag: str = "td"
    column: str | None = None  # the applicant (or other column) a header or value stands in
    indicator: str | None = None  # the row's indicator, for labels: the last one of the path

    def copy(self, **changes: object) -> Cell:
        """The same cell with some fields changed."""
        return replace(self, attrs=dict(self.attrs), **changes)  # type: ignore[arg-type]

    def layout(self) -> list[list[str]]:
        """Paragraphs of runs."""
        return self.paragraphs if self.paragraphs is not None else [[self.text]]

    def spans(self, below: int) -> tuple[int, int]:
        """(colspan, rowspan) as a browser takes the markup: digits at its head, else 1; rowspan 0 to the last row."""
        true = {"colspan": self.colspan, "rowspan": self.rowspan}
        found = {k: re.match(r"\d+", self.attrs.get(k, str(n))) for k, n in true.items()}
        width, height = (int(m[0]) if (m := found[k]) else 1 for k in ("colspan", "rowspan"))
        return min(max(width, 1), 40), min(height or below, below)

    def say(self, text: str) -> None:
        """Print another text (the fact stays)."""
        self.text, self.paragraphs = text, None


@dataclass
class Table:
    """A table or a piece of one. ``header`` rows come first."""

    name: str
    rows: list[list[Cell]]
    header: int = 0
    sections: bool = False  # thead, tbody, tfoot

    def cells(self) -> Iterator[Cell]:
        """All cells in reading order."""
        for row in self.rows:
            yield from row

    def values(self) -> list[Cell]:
        """The cells that carry a fact."""
        return [cell for cell in self.cells() if cell.key is not None]

    def grid(self, printed: bool = False) -> list[list[Cell | None]]:
        """Slots by true extents, or by the spans in the markup as browsers form them: the cell that covers each."""
        slots: dict[tuple[int, int], Cell] = {}
        for y, row in enumerate(self.rows):
            x = 0
            for cell in row:
                while (y, x) in slots:
                    x += 1
                width, height = cell.spans(len(self.rows) - y) if printed else (cell.colspan, cell.rowspan)
                for dy in range(height):
                    for dx in range(width):
                        slots.setdefault((y + dy, x + dx), cell)
                x += width
        width = max((x for _, x in slots), default=-1) + 1
        return [[slots.get((y, x)) for x in range(width)] for y in range(len(self.rows))]


@dataclass
class Raw:
    """Markup that carries no fact; ``text`` is what a text copy of the page keeps of it (None: nothing)."""

    html: str
    text: str | None = None


Block = str | Table | Raw


@dataclass
class Section:
    """A section with its heading as printed."""

    number: int
    heading: str
    blocks: list[Block]


@dataclass
class Draft:
    """A page before it is written down."""

    rng: random.Random
    form: str
    year: int
    organ: str
    head: Head
    sections: list[Section]
    preamble: list[Block] = field(default_factory=list)
    closing: list[Block] = field(default_factory=list)
    markup: set[str] = field(default_factory=set)  # rendering options, by name
    declared: str = "utf-8"
    encoding: str = "utf-8"
    content_type: str = "text/html"
    finish: list[Callable[[str], str]] = field(default_factory=list)  # changes of the written markup
    lost: list[Key] = field(default_factory=list)  # cells of the form that the page does not print

    def tables(self, name: str | None = None) -> list[Table]:
        """The official tables (or pieces) in reading order."""
        return [b for s in self.sections for b in s.blocks if isinstance(b, Table) and (name is None or b.name == name)]

    def replace_table(self, table: Table, blocks: list[Block]) -> None:
        """Put blocks where a table stood."""
        for section in self.sections:
            for i, block in enumerate(section.blocks):
                if block is table:
                    section.blocks[i : i + 1] = blocks
                    return

    def names(self) -> list[str]:
        """Names of the official tables of this form."""
        return (
            ["statistics"] if self.form in ("2014", "pre2014", "local") else ["proactive", "applications", "disputes"]
        )

    def facts(self) -> dict[Key, Fact]:
        """What the page prints."""
        return {c.key: (c.value, c.status or "") for t in self.tables() for c in t.values() if c.key is not None}


@dataclass(frozen=True)
class Page:
    """A generated page and what a careful reader finds on it."""

    seed: int
    form: str
    year: int
    body: bytes
    content_type: str
    truth: dict[Key, Fact]
    expected: dict[str, str]
    metadata: dict[str, str]
    manglings: tuple[str, ...]
    carrier: str = "html"
