"""A draft written down as text with its tables kept: what copying and converting programs make of a page."""

from __future__ import annotations

from .head import head_lines
from .model import Block, Cell, Draft, Raw, Table

STYLES = ("lost", "repeat", "padded", "markdown", "grid")


def _say(cell: Cell, joiner: str) -> str:
    """A cell's text on one line: runs touch, paragraphs are joined as the converter does."""
    paragraphs = ["".join(runs) for runs in cell.layout()]
    return " ".join(joiner.join(paragraphs).replace("\u00a0", " ").split()).replace("|", "/")


def table_text(table: Table, style: str, joiner: str) -> list[str]:
    """One line a row. ``lost``: a spanned cell once, nothing in its place below; ``repeat``: its text in every slot;
    ``padded``: once, then bars to the width of the table; ``markdown``: repeated, with bars outside; ``grid``: once,
    blanks in its other slots, with bars outside."""
    if style in ("lost", "padded"):
        rows = [[_say(c, joiner) for c in row] for row in table.rows]
    else:
        rows = _slots(table, joiner, once=style == "grid")
    width = max((len(row) for row in rows), default=0)
    if style == "padded":
        return [" | ".join(row) + " |" + "|" * (width - len(row)) for row in rows]
    if style in ("lost", "repeat"):
        return [" | ".join(row) for row in rows]
    lines = [f"| {' | '.join(row)} |" for row in rows]
    return [lines[0], "|" + "---|" * width, *lines[1:]] if style == "markdown" else lines


def _slots(table: Table, joiner: str, once: bool) -> list[list[str]]:
    seen: set[int] = set()
    rows = []
    for line in table.grid(printed=True):
        row = []
        for cell in line:
            row.append("" if cell is None or (once and id(cell) in seen) else _say(cell, joiner))
            seen.add(id(cell))
        rows.append(row)
    return rows


def _block(block: Block, style: str, joiner: str) -> tuple[bool, list[str]]:
    """Whether it is prose, and its lines."""
    if isinstance(block, Table):
        return False, table_text(block, style, joiner)
    if isinstance(block, Raw):
        return False, [block.text] if block.text else []
    return True, [" ".join(block.replace("\u00a0", " ").split())]


def document_text(draft: Draft, style: str) -> str:
    """The whole page as text; some copies keep paragraphs and headings apart, some run them together."""
    joiner = draft.rng.choice(("", " "))
    inline = draft.rng.random() < 0.3
    blocks = list(draft.preamble)
    for section in draft.sections:
        blocks += [section.heading, *section.blocks]
    lines: list[str] = []
    prose = False
    for block in [*blocks, *draft.closing]:
        after_prose, (prose, texts) = prose, _block(block, style, joiner)
        if inline and prose and after_prose:
            lines[-1] += " " + texts[0]
        else:
            lines += texts
    return "\n".join([*head_lines(draft.head), *draft.head.title_lines, *lines]) + "\n"
