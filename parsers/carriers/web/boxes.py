"""Tables that a page lays out without <table>: boxes in boxes (div, ul, dl), bars or white space between the cells of a line, <pre>.

Only pages that hold next to no table cells are looked at, so others cost nothing. What is found becomes a Table without spans, as from a
page saved as text; everything else stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby, islice

from selectolax.lexbor import LexborNode

from parsers.carriers.lines.aligned import with_bars
from parsers.carriers.lines.torn import mend_torn
from parsers.carriers.text import read_text
from parsers.document import Block, Document, Paragraph, Table, TableCell

_TEXT = 2  # lexbor's tag number of text
_CELLS = frozenset(("div", "li", "p", "dd", "section"))
_VALUE = re.compile(r"\W?\d[\d,，.．]*\s?[件条项个次人元万篇]{0,2}|[/／—－\-]*|无")
_VALUES = re.compile(r".*\D(?:\s(?:[+\-]?\d[\d,.]*|[/—－-]|无)){3,}")
_LINE = re.compile(r"line\[(\d+)\]")
_LONG_CELL = 80  # characters: what is longer is no cell of a form
_PROSE = 1000  # characters: no cell of a form is as long
_MOST_CELLS = 40  # of a row
_MOST_BOXES = 3  # that a cell may be wrapped in
_MOST_NODES = 60  # of a cell
_MOST_LAYOUT_TABLES = 100  # that are looked at
_FEW_VALUES = 5  # a table of boxes holds as many at least, and a table in lines as many lines

_Row = tuple[TableCell, ...]


def break_preformatted(body: LexborNode, line_break: str) -> None:
    """Make each line of preformatted text a line of its own, with bars between cells that stand below each other by white space."""
    for node in reversed(body.css("pre")):  # what stands inside another first: it is freed with it
        text = node.text_lexbor()
        if "\n" in text:
            node.replace_with(line_break + line_break.join(with_bars(text.splitlines())) + line_break)


def layout_tables(body: LexborNode) -> set[int]:
    """The tables with a cell that holds a page's prose, or nothing but long cells."""
    tables = body.css("table")[:_MOST_LAYOUT_TABLES]
    return {table.mem_id for table in tables if _are_long([len(cell.text_lexbor()) for cell in table.css("td")])}


def lays_out(table: Table) -> bool:
    """The same for a table that was read."""
    return _are_long([len(cell.text) for row in table.rows for cell in row])


def _are_long(lengths: Sequence[int]) -> bool:
    return bool(lengths) and (max(lengths) > _PROSE or min(lengths) > _LONG_CELL)


def find_boxes(body: LexborNode) -> list[tuple[list[LexborNode], Table]]:
    """Tables of boxes, each with the nodes that it stands in. The tree is left as it is."""
    found: list[tuple[list[LexborNode], Table]] = []
    inside: set[int] = set()
    for parent in body.css("div, ul, ol, dl, section, article"):
        if parent.mem_id in inside:
            continue
        for nodes, rows in _runs(parent):
            values = [cell.text for row in rows for cell in row if _VALUE.fullmatch(cell.text)]
            if len(values) < _FEW_VALUES or not any(values):
                continue
            found.append((nodes, Table(f"box[{len(found) + 1}]", tuple(rows), spans_known=False)))
            inside.update(part.mem_id for node in nodes for part in node.traverse())
    return found


def _runs(parent: LexborNode) -> list[tuple[list[LexborNode], list[_Row]]]:
    """Runs of three and more children that are rows, one of them of three cells at least."""
    children = [node for node in _children(parent) if node.tag_id != _TEXT]
    if {node.tag for node in children} == {"dt", "dd"}:
        return [] if any(map(_is_large, children)) else [(children, _listed(children))]
    if len(children) < 3:
        return []
    rows = [(node, _row(node)) for node in children]
    runs = [list(run) for is_row, run in groupby(rows, lambda pair: pair[1] is not None) if is_row]
    found = [([node for node, _ in run], [row for _, row in run if row is not None]) for run in runs]
    return [(nodes, said) for nodes, said in found if len(said) >= 3 and max(map(len, said)) >= 3]


def _row(node: LexborNode) -> _Row | None:
    """The cells of a box that holds nothing but short boxes; the spans of a line of prose are none."""
    cells: list[TableCell] = []
    for child in _children(node):
        if child.tag_id == _TEXT:
            if not child.is_empty_text_node:
                return None
            continue
        if child.tag not in _CELLS or len(cells) == _MOST_CELLS or _is_large(child):
            return None
        text = _said(child)
        if len(text) > _LONG_CELL or len(child.css("div, p, li")) > _MOST_BOXES:
            return None
        cells.append(TableCell(text))
    return tuple(cells) or None


def _listed(nodes: Sequence[LexborNode]) -> list[_Row]:
    """The rows of a list of definitions: each term begins one."""
    rows: list[list[TableCell]] = []
    for node in nodes:
        if node.tag == "dt" or not rows:
            rows.append([])
        rows[-1].append(TableCell(_said(node)))
    return [tuple(row) for row in rows]


def _is_large(node: LexborNode) -> bool:
    """Whether a box holds more than a cell does. Told without a look at all of it: boxes may stand in boxes by the thousand."""
    return next(islice(node.traverse(include_text=True), _MOST_NODES, None), None) is not None


def _children(node: LexborNode) -> Iterator[LexborNode]:
    child = node.first_child
    while child is not None:
        yield child
        child = child.next


def _said(node: LexborNode) -> str:
    return " ".join(node.text_lexbor().split())


def tables_in_lines(document: Document) -> Document:
    """The document with its lines of cells as tables: bars between the cells, or white space between a label and its values."""
    texts = [block.text for block in document.paragraphs()]
    if sum("|" in text for text in texts) >= _FEW_VALUES:
        runs = groupby(document.blocks, lambda block: isinstance(block, Paragraph) and "|" in block.text)
        return replace(document, blocks=tuple(block for barred, run in runs for block in (_barred(run) if barred else run)))
    return mend_torn(document) if sum(_VALUES.fullmatch(text) is not None for text in texts) >= _FEW_VALUES else document


def _barred(run: Iterable[Block]) -> Iterator[Block]:
    """Lines with bars, as a saved text reads them, under the addresses that they have on the page."""
    lines = [block for block in run if isinstance(block, Paragraph)]

    def here(locator: str) -> str:
        return _LINE.sub(lambda match: lines[int(match[1]) - 1].locator, locator)

    for block in read_text("\n".join(line.text for line in lines), None).blocks:
        yield block.moved(here)
