"""Text made from PDFs by others: rows that were torn out of their tables are brought back to them, in order.

Such text prints some rows as tables of their own without labels (``| 0 | 0 | ... |``), some as lines (``行政许可 97``), and the
labels of others as stray lines. Rows are moved next to the rows around them; nothing is matched, completed or guessed:
a row without a label stays without one, and counts only where the table's own arithmetic proves its place.
"""

from __future__ import annotations

import re
from dataclasses import replace

from parsers.document import BLANK, Block, Document, Paragraph, Table, TableCell, cell_addresses
from parsers.forms import CORNER

_VALUE = rf"(?:[+\-−]?\d[\d,，]*(?:\.\d+)?|[/／\-－—]|无|{BLANK})"
_ROW = re.compile(rf"(?P<label>(?:\d{{1,2}}[.．、)）]\s*)?[^\d\s，。；：,;:][^，。；;]*?)(?P<values>(?:\s+{_VALUE})+)")
_VALUES = re.compile(rf"{_VALUE}(?:\s+{_VALUE}){{4,}}")
_PIECE = re.compile(rf"{_VALUE}(?:\s+{_VALUE}){{0,3}}")
_HEADING = re.compile(r"[一二三四五六七八九十]{1,3}、|第[一二三四五六七八九十]{1,3}部分|表[一二三四五六七八九十\d]|附[件表]")
_GOES_ON = re.compile(r"[件条项次个篇人元万场页份家]|[，。；、）)]")  # how prose goes on after a number at a line's end
_WHOLE_HEAD = 4  # characters; shorter words are ends of heads that wrapped
_SHORT = 45  # characters of a label's line


def mend_torn(document: Document) -> Document:
    """The document with torn rows joined to the tables around them; unchanged where nothing is torn.

    Tables and rows between two lines of prose or headings become one table where at least one of them is torn; lines
    that are no rows keep their order before it. Pure; locators stay those of the printed lines.
    """
    blocks: list[Block] = []
    run: list[Block] = []
    following = (*document.blocks[1:], None)[: len(document.blocks)]
    before: Block | None = None
    n_heads = 0
    for block, after in zip(document.blocks, following, strict=True):
        rows = _rows_of(block, after)
        n_heads = _heads_in(block, n_heads) if rows is None else n_heads
        if rows is not None and (_is_piece(before) or _is_piece(after) or len(rows.rows[0]) < n_heads):
            rows = None  # parts of its numbers stand on another line, or a blank somewhere between them
        before = block
        if rows is None and isinstance(block, Paragraph) and _is_prose(block.text):
            blocks.extend(_mended(run))
            run = []
            n_heads = 0
            blocks.append(block)
        else:
            run.append(rows or block)
    blocks.extend(_mended(run))
    return replace(document, blocks=tuple(blocks))


def _is_piece(block: Block | None) -> bool:
    """Whether a line holds a few values and nothing else."""
    return isinstance(block, Paragraph) and _PIECE.fullmatch(block.text) is not None


def _heads_in(block: Block, above: int) -> int:
    """How many columns of table 二 the lines of its heads name, that of the labels included, with this line; ``above`` are named so far."""
    if not isinstance(block, Paragraph):
        return above
    words = block.text.split()
    if words[:1] == [CORNER]:
        return len(words)
    return above + sum(len(word) >= _WHOLE_HEAD for word in words) if above and len(words) > 1 and not _is_prose(block.text) else above


def _is_prose(text: str) -> bool:
    return len(text) > _SHORT or text[-1:] in "。；：" or _HEADING.match(text) is not None


def _rows_of(block: Block, after: Block | None) -> Table | None:
    """A line that is a row, as a table of one row; None for other lines."""
    if not isinstance(block, Paragraph):
        return None
    text = block.text
    if _VALUES.fullmatch(text):
        cells = text.split()
    else:
        match = _ROW.fullmatch(text)
        if match is None or len(match["label"]) > _SHORT:
            return None
        cells = [match["label"].strip(), *match["values"].split()]
        if len(cells) == 2 and isinstance(after, Paragraph) and _GOES_ON.match(after.text):
            return None
    row, addresses = tuple(map(TableCell, cells)), cell_addresses(block.locator, len(cells))
    return Table(block.locator, (row,), (addresses,), spans_known=False)


def _mended(run: list[Block]) -> list[Block]:
    """A run between prose: its lines, then its rows as one table, where some are torn."""
    tables = [block for block in run if isinstance(block, Table)]
    if not any(_is_torn(table) for table in tables) or any(map(_has_columns_of_its_own, tables)):
        return run
    rows = tuple(row for table in tables for row in table.rows)
    addresses = tuple(tuple(table.address(r, c) for c in range(len(row))) for table in tables for r, row in enumerate(table.rows))
    whole = Table(tables[0].locator, rows, addresses, spans_known=False)
    return [*(block for block in run if isinstance(block, Paragraph)), whole]


def _has_columns_of_its_own(table: Table) -> bool:
    """One row with several blank cells, whose columns are no other table's."""
    return len(table.rows) == 1 and sum(not cell.text for cell in table.rows[0]) > 1


def _is_torn(table: Table) -> bool:
    """A row that was a line, or rows of values alone; the one row of a page's foot holds none."""
    is_value = [re.fullmatch(_VALUE, cell.text) is not None for row in table.rows for cell in row if cell.text]
    return any(is_value) if len(table.rows) == 1 else all(is_value)
