"""Table 二 in a text that keeps no bars between cells: its rows under the heads of the form whose heads are printed there.

No sum proves what stands in it, so a row is read only where each of its cells has one piece of text and no piece is left over next to
it; else its cells keep all that may be theirs, parted by OPEN, and are unreadable.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from parsers.document import Block, Table, TableCell, cell_addresses, open_text
from parsers.forms import CORNER, Row, load_forms
from parsers.forms import Block as FormBlock
from parsers.labels import label_key
from parsers.printed.disputes import MAX_COPIES, in_place
from parsers.printed.lines import PrintedLine

_HEAD_LINES = 12  # above the first row
_REACH = 100  # lines from the first row to the last one
_BEGIN = 4  # characters that tell a head, which may have wrapped behind them
_SHORTEST = 3  # characters of a row's label that wrapped
_ENOUGH = 0.7  # share of the form's rows


class _FormRow(NamedTuple):
    block: FormBlock
    row: Row
    keys: tuple[str, ...]


class _Found(NamedTuple):
    """A row of the form and the line where its label begins, by its place."""

    of: _FormRow
    line: int


@cache
def _forms() -> tuple[tuple[tuple[_FormRow, ...], frozenset[str]], ...]:
    """The rows of each form's table 二, and how its heads begin."""
    found = []
    for form in load_forms().values():
        table = form.table("proactive")
        if table is None:
            continue
        rows = tuple(_FormRow(block, row, tuple(map(label_key, row.labels))) for block in table.blocks for row in block.rows)
        heads = frozenset(label_key(label)[:_BEGIN] for block in table.blocks for column in block.columns for label in column.labels)
        found.append((rows, heads))
    return tuple(found)


def with_whole_proactive(blocks: list[Block], lines: Sequence[PrintedLine]) -> list[Block]:
    """The blocks with each copy of table 二 that stands in the lines as a table of whole rows."""
    after = 0
    for _ in range(MAX_COPIES):
        found = _find(lines, after)
        if not found:
            break
        stretches = _stretches(found, lines)
        last = max(stretches[-1].lines, default=found[-1].line)
        if any(stretch.values for stretch in stretches):
            table = _table(stretches, lines)
            blocks = in_place(blocks, table, lines[found[0].line].number, lines[last].number)
        after = last + 1
    return blocks


def _find(lines: Sequence[PrintedLine], after: int) -> list[_Found]:
    """The rows of the first copy of the table behind a line, by the form whose heads are printed among them."""
    first_keys = {key for rows, _ in _forms() for key in rows[0].keys}
    for start in range(after, len(lines)):
        if label_key(_words(lines[start])) not in first_keys:
            continue
        best: tuple[int, list[_Found]] = (0, [])
        for rows, heads in _forms():
            found = _rows_from(rows, lines, start)
            said = label_key("".join(line.said for line in lines[max(0, start - _HEAD_LINES) : found[-1].line + 1]))
            named = sum(head in said for head in heads - _common())
            if named > best[0] and len(found) >= _ENOUGH * len(rows):
                best = named, found
        if best[1]:
            return best[1]
    return []


@cache
def _common() -> frozenset[str]:
    """The heads that several forms share."""
    heads = [heads for _, heads in _forms()]
    return frozenset(head for i, own in enumerate(heads) for other in heads[:i] for head in own & other)


def _words(line: PrintedLine) -> str:
    return "".join(piece.text for piece in line.labels)


def _rows_from(rows: Sequence[_FormRow], lines: Sequence[PrintedLine], start: int) -> list[_Found]:
    """The rows of a form whose labels begin on lines from ``start`` on, in the form's order."""
    found: list[_Found] = []
    nxt = 0
    for at in range(start, min(start + _REACH, len(lines))):
        key = label_key(_words(lines[at]))
        for i in range(nxt, min(nxt + 2, len(rows))):
            whole = key in rows[i].keys
            if whole or (len(key) >= _SHORTEST and any(known.startswith(key) for known in rows[i].keys)):
                found.append(_Found(rows[i], at))
                nxt = i + 1
                break
        if nxt == len(rows):
            break
    return found


class _Stretch:
    """A row with the values that may be its own: on the lines of its label, or between these and the next line of words.

    ``strays``: further lines with values that no row claims, behind words that are no label.
    """

    def __init__(
        self,
        found: _Found,
        lead: Sequence[int],
        beside: Sequence[int],
        below: Sequence[int],
        strays: Sequence[int],
        lines: Sequence[PrintedLine],
    ) -> None:
        self.of, self.line = found
        self.width = len(self.of.block.columns)
        self.lead = lead  # lines of values between a head and the label
        self.beside = [at for at in beside if lines[at].values]
        self.below = below
        self.strays = strays
        self.lines = sorted({*lead, *beside, *below, *strays})
        self.values = {at: [value.text for value in lines[at].values] for at in self.lines}

    def whole(self, *, is_below: bool) -> list[str] | None:
        """Its cells, if the text leaves no doubt of them: [] where it has none."""
        used, left = (self.below, self.beside) if is_below else (self.beside, self.below)
        parts = [self.values[at] for at in used]
        texts = [text for part in parts for text in part]
        if self.lead or left or (self.strays and not texts) or (len(parts) > 1 and any(len(part) > 1 for part in parts)):
            return None
        if self.width == 1 and len(texts) > 1 and len(set(texts)) == 1 and len(parts) == 1:
            return texts[:1]  # printed once for each column that its cell spans
        one_piece_each = len(parts) in (0, 1) or is_below
        return texts if len(texts) in (0, self.width) and one_piece_each else None


def _stretches(found: Sequence[_Found], lines: Sequence[PrintedLine]) -> list[_Stretch]:
    stretches: list[_Stretch] = []
    for i, one in enumerate(found):
        start, keys = one.line, one.of.keys
        end = found[i + 1].line if i + 1 < len(found) else min(len(lines), start + _HEAD_LINES)
        last = start  # line of the label
        said = ""
        for at in range(start, end):
            words = _words(lines[at])
            if words and not any(key.startswith(label_key(said + words)) for key in keys):
                end = at
                break
            said += words
            last = at if words else last
        lead: list[int] = []
        for at in range(start - 1, max(found[i - 1].line if i else 0, start - _HEAD_LINES), -1):
            if lines[at].labels:
                break
            lead.insert(0, at)
        if stretches and lead and set(lead) <= set(stretches[-1].lines):
            lead = []  # they follow the row above
        until = found[i + 1].line if i + 1 < len(found) else min(end + 1, len(lines))
        strays = [at for at in range(end, until) if lines[at].values and lines[at].labels]
        stretches.append(_Stretch(one, lead, range(start, last + 1), range(last + 1, end), strays, lines))
    return stretches


def _table(stretches: Sequence[_Stretch], lines: Sequence[PrintedLine]) -> Table:
    """The rows under the heads of the form."""
    is_below = not any(stretch.beside for stretch in stretches)
    read = [stretch.whole(is_below=is_below) for stretch in stretches]
    torn = None in read or (is_below and [] in read)  # then a row without values may have lost them
    # where a spanned cell is printed in each of its columns, two like numbers may be one, and the other cell blank
    heads = lines[max(0, stretches[0].line - _HEAD_LINES) : stretches[-1].line]
    spread = any(left.text == right.text for line in heads for left, right in pairwise(line.labels))
    widest = max(stretch.width for stretch in stretches)
    rows: list[tuple[TableCell, ...]] = []
    addresses: list[tuple[str, ...]] = []
    block: FormBlock | None = None
    above: _Stretch | None = None
    for stretch in stretches:
        address = f"line[{lines[stretch.line].number}]"
        if stretch.of.block is not block:
            block = stretch.of.block
            rows.append(tuple(map(TableCell, (CORNER, *(column.labels[0] for column in block.columns)))))
            addresses.append((address,) * len(rows[-1]))
            if block.article:
                rows.insert(-1, (TableCell(block.article),))
                addresses.insert(-1, (address,))
        cells = stretch.whole(is_below=is_below)
        if spread and cells and len(set(cells)) < stretch.width < widest:
            cells = None
        near = above is not None and stretch.line <= max(above.lines, default=0) + 1 and above.whole(is_below=is_below) is None
        if cells is None or near or (torn and (is_below or not cells)):
            parts = [*(above.values[at] for at in above.below)] if above is not None and near else []
            texts = [text for part in (*parts, *stretch.values.values()) for text in part]
            cells = [open_text(texts).strip()] * stretch.width
        cells = cells or [""] * stretch.width
        rows.append(tuple(map(TableCell, (stretch.of.row.labels[0], *cells))))
        at = lines[min(stretch.values, default=stretch.line)].number
        addresses.append((address, *cell_addresses(f"line[{at}]", stretch.width)))
        above = stretch
    return Table(addresses[0][0], tuple(rows), tuple(addresses), spans_known=False)
