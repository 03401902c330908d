"""Tables between ``{|`` and ``|}`` (MediaWiki): ``|-`` opens a row, a bar each cell, ``||`` or ``!!`` the next one on its line.

Attributes before a cell's text (``colspan="2"|``) tell its spans.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from parsers.carriers.lines.cell_lines import Numbered
from parsers.document import Table, TableCell, cell_addresses

_MAX_LINES = 3_000
_NEXT = re.compile(r"\|\||!!")
_ATTRIBUTES = re.compile(r'((?:\s*[a-zA-Z-]+\s*=\s*(?:"[^"]*"|[^\s|"]+))+)\s*\|(?!\|)')
_SPAN = re.compile(r'(col|row)span\s*=\s*"?(\d{1,3})')

_Placed = tuple[int, TableCell]  # the number of its line


def is_wiki(line: str) -> bool:
    """Whether a line opens such a table."""
    return line.lstrip().startswith("{|")


def wiki_table(lines: Sequence[Numbered], start: int) -> tuple[Table, int] | None:
    """The table that the line at ``start`` opens, and the place behind its end; None where it does not end or another one is in it."""
    end = next((i for i in range(start + 1, min(len(lines), start + _MAX_LINES)) if lines[i][1].lstrip()[:2] in ("|}", "{|")), None)
    if end is None or is_wiki(lines[end][1]):
        return None
    rows = [row for row in _rows(lines[start + 1 : end]) if row]
    if not rows:
        return None
    addresses = tuple(
        tuple(cell_addresses(f"line[{number}]", place + 1)[place] for place, (number, _) in enumerate(row)) for row in rows
    )
    texts = tuple(tuple(cell for _, cell in row) for row in rows)
    spanned = any(cell.colspan > 1 or cell.rowspan > 1 for row in texts for cell in row)
    return Table(f"line[{lines[start][0]}]", texts, addresses, spans_known=spanned), end + 1


def _rows(lines: Sequence[Numbered]) -> Iterator[list[_Placed]]:
    row: list[_Placed] = []
    for number, line in lines:
        text = line.strip()
        if text.startswith("|-"):
            yield row
            row = []
        elif text.startswith("|+"):
            continue  # a caption
        elif text[:1] in ("|", "!"):
            row += ((number, _cell(part)) for part in _NEXT.split(text[1:]))
        elif row and text:  # a cell goes on
            at, cell = row[-1]
            row[-1] = at, cell._replace(text=cell.text + text)
    yield row


def _cell(text: str) -> TableCell:
    match = _ATTRIBUTES.match(text)
    spans = {side: int(count) for side, count in _SPAN.findall(match[1])} if match else {}
    return TableCell(text[match.end() if match else 0 :].strip(), spans.get("col", 1), spans.get("row", 1))
