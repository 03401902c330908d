"""A draft written down as text with its tables kept: what copying and converting programs make of a page."""

from __future__ import annotations

import re
from collections.abc import Callable

from .head import head_lines
from .model import Block, Cell, Draft, Raw, Table

Rows = list[list[str]]


def _say(cell: Cell, joiner: str) -> str:
    """A cell's text on one line: runs touch, paragraphs are joined as the converter does."""
    paragraphs = ["".join(runs) for runs in cell.layout()]
    return " ".join(joiner.join(paragraphs).replace("\u00a0", " ").split()).replace("|", "/")


def table_text(table: Table, style: str, joiner: str) -> list[str]:
    """The lines of a table in one of the STYLES."""
    return STYLES[style](table, joiner)


def _cells(table: Table, joiner: str) -> Rows:
    """Each cell once, in source order: a span leaves nothing in the rows below."""
    return [[_say(c, joiner) for c in row] for row in table.rows]


def _joined(table: Table, joiner: str) -> list[str]:
    return [" | ".join(row) for row in _cells(table, joiner)]


def _repeated(table: Table, joiner: str) -> list[str]:
    """A cell's text in every slot."""
    return [" | ".join(row) for row in _slots(table, joiner, once=False)]


def _padded(table: Table, joiner: str) -> list[str]:
    """Each cell once, then bars to the width of the table."""
    rows = _cells(table, joiner)
    width = max(map(len, rows), default=0)
    return [" | ".join(row) + " |" + "|" * (width - len(row)) for row in rows]


def _outer(rows: Rows) -> list[str]:
    return [f"| {' | '.join(row)} |" for row in rows]


def _ruled(lines: list[str], width: int) -> list[str]:
    return [lines[0], "|" + "---|" * width, *lines[1:]] if lines else []


def _markdown(table: Table, joiner: str) -> list[str]:
    rows = _slots(table, joiner, once=False)
    return _ruled(_outer(rows), max(map(len, rows), default=0))


def _grid(table: Table, joiner: str) -> list[str]:
    """Each cell once, blanks in its other slots."""
    return _outer(_slots(table, joiner, once=True))


def _tabs(table: Table, joiner: str) -> list[str]:
    """As a browser copies a table."""
    return ["\t".join(row) for row in _cells(table, joiner)]


def _sheet(table: Table, joiner: str) -> list[str]:
    """As a spreadsheet copies it: tabs, blanks in the other slots of a span, cells with line breaks in quotes."""
    return ["\t".join(f'"{_broken(text)}"' if _broken(text) != text else text for text in row) for row in _slots(table, joiner, once=True)]


def _wide(table: Table, joiner: str) -> list[str]:
    """Markdown whose converter keeps the width of a cell but not its height; what could be markup is escaped."""
    rows = [[part for c in row for part in (_escaped(_say(c, joiner)), *[""] * (c.spans(1)[0] - 1))] for row in table.rows]
    return ["", *_ruled(_outer(rows), max(map(len, rows), default=0)), ""]


def _open(table: Table, joiner: str) -> list[str]:
    """Markdown without bars outside: two blanks at the end of a line, the first row in bold type."""
    rows = [[_escaped(text) for text in row] for row in _cells(table, joiner)]
    if not rows:
        return []
    head = [f"**{text}**" if text else "" for text in rows[0]]
    lines = [" | ".join(row) + "  " for row in (head, *rows[1:])]
    return ["", lines[0], "|".join(["---"] * len(head)) + "  ", *lines[1:], ""]


def _breaking(table: Table, joiner: str) -> list[str]:
    """Bars outside, and line breaks inside of cells kept."""
    return [line for text in _outer([[_broken(text) for text in row] for row in _cells(table, joiner)]) for line in text.split("\n")]


def _drawn(table: Table, joiner: str) -> list[str]:
    """A drawn grid: rules between the rows, cells on several lines."""
    rows = [[_broken(text).split("\n") for text in row] for row in _slots(table, joiner, once=True)]
    widths = [max(2, *(len(line) for cell in column for line in cell)) for column in zip(*rows, strict=True)]
    rule = "+" + "+".join("-" * (2 * width + 2) for width in widths) + "+"
    lines = [rule]
    for row in rows:
        for i in range(max(map(len, row), default=0)):
            cells = [(cell[i] if i < len(cell) else "", 2 * width) for cell, width in zip(row, widths, strict=True)]
            lines.append("|" + "|".join(f" {text}{' ' * (width - len(text))} " for text, width in cells) + "|")
        lines.append(rule)
    return lines if rows else []


def _escaped(text: str) -> str:
    """Text with a backslash before what Markdown would take for markup."""
    return re.sub(r"^(\d+)\.(?!\d)|^([-+*])(?=\d)|([*_`])", lambda m: f"{m[1]}\\." if m[1] else f"\\{m[0]}", text)


def _broken(text: str) -> str:
    """Some texts, broken after their third character."""
    return f"{text[:3]}\n{text[3:]}" if len(text) > 3 and len(text) % 3 == 1 and not re.search(r"\d{2}|^\S*\s", text) else text


STYLES: dict[str, Callable[[Table, str], list[str]]] = {
    "lost": _joined,
    "repeat": _repeated,
    "padded": _padded,
    "markdown": _markdown,
    "grid": _grid,
    "tabs": _tabs,
    "sheet": _sheet,
    "wide": _wide,
    "open": _open,
    "breaking": _breaking,
    "drawn": _drawn,
}


def _slots(table: Table, joiner: str, once: bool) -> Rows:
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
