"""Rows whose labels are known: which of their values stands in which column of the form.

Cells follow the head of their row by order (parsers.annual.pairing); what one row leaves open, all rows of its head decide together
(parsers.annual.division).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import takewhile
from typing import NamedTuple

from parsers.annual.columns import Header
from parsers.annual.division import divisions
from parsers.annual.pairing import Option, distinct_columns, place_values, repetitions_agree, under_heads
from parsers.annual.placement import Lost, Placement, lost_row, make_placement
from parsers.document import OPEN_END
from parsers.forms import Block, Row
from parsers.layout import Line, Token

_TORN = "the row does not stand in the grid of its head, and nothing tells which columns its cells are"
_FEW = 3  # rows that tell where the columns of a grid without a head begin and end
_MANY = 5  # rows that leave one way to divide them all alike: then a sum that fails is the page's fault, not the reading's


class DataLine(NamedTuple):
    """A printed row with values: its labels, the header lines above it, and its place among such rows, from 1."""

    line: Line
    labels: tuple[str, ...]
    values: tuple[Token, ...]
    header: tuple[Line, ...]
    position: int

    @property
    def name(self) -> str:
        """Its labels, as messages name it."""
        return repr(" ".join(self.labels))


def without_heads(values: tuple[Token, ...], head: Sequence[Line]) -> tuple[Token, ...]:
    """The values of a line without heads that a span which reaches too far printed among them."""
    texts = {token.text for token in values if token.kind == "text"}
    heads = texts and {token.text for line in head for token in line.tokens} & texts
    return tuple(token for token in values if token.text not in heads) if heads else values


class MatchedRow(NamedTuple):
    """A printed row, the row of the form that it is, and its head. ``on_trust``: its blank cells count only if the sums prove the table."""

    item: DataLine
    block: Block
    row: Row
    header: Header | None
    on_trust: bool = False


class Placed(NamedTuple):
    """What was placed of some rows: single placements, rows open to several readings, and what was given up.

    ``compares`` is whether this rests on the values, too: a cell may be the row's running number, or repeat another.
    """

    placements: list[Placement]
    open_rows: list[tuple[tuple[Placement, ...], ...]]
    dropped: list[str]
    compares: bool
    lost: list[Lost]


def place_rows(matched: list[MatchedRow]) -> Placed:
    """Place the values of rows whose labels are known, each row under its head and all rows of one head alike."""
    matched, torn = _without_torn(_without_empty_column(matched))
    placed = Placed([], [], [], any(map(_may_be_numbered, matched)) or any(map(_may_repeat, matched)), [])
    for match in torn:
        placed.dropped.append(f"{match.item.name}: the row does not stand in the grid of its head")
        placed.lost.append(lost_row([(match.item.line, match.item.values)], match.block, match.row, _TORN))
    trusted = _trusted_grids(matched)
    numbered = _numbered(matched)
    uneven = {id(match.header) for match in matched if len(match.item.values) != len(match.block.columns)}
    read = [
        _options(
            match,
            use_grid=match.item.line.table in trusted and _on_grid(match.item),
            whole=id(match.header) not in uneven,
            numbered=match.item.line.table in numbered,
        )
        for match in matched
    ]
    placed.open_rows.extend(_settled_together(matched, read))
    for match, options in zip(matched, read, strict=True):
        if len(options) == 1:
            placed.placements.extend(options[0])
        elif options:
            placed.open_rows.append(tuple(options))
        else:
            item, block, row = match[:3]
            counts = f"values in the row: {len(item.values)}, columns: {len(block.columns)}"
            placed.dropped.append(f"{item.name}: which value is whose is not told ({counts})")
            placed.lost.append(lost_row([(item.line, item.values)], block, row, counts))
    return placed


def _without_empty_column(matched: list[MatchedRow]) -> list[MatchedRow]:
    """Lines without a last column that no head names and that is blank in all of them, as no other column at the edge is."""
    edges: dict[int, list[tuple[bool, bool, bool]]] = {}
    wider: set[tuple[int, int]] = set()  # tables and heads with a line that is wider than the head
    for item, _, _, header, _ in matched:
        named = header.named if header else 0
        values = item.values[sum(1 for _ in takewhile(lambda token: token.kind == "text", item.values)) :]
        first, last = (bool(values) and values[at].kind == "blank" for at in (0, -1))
        surplus = 0 < named < len(values)
        edges.setdefault(item.line.table, []).append((surplus, first, last))
        if surplus or not named:
            wider.add((item.line.table, id(header)))
    empty = set()
    for table, lines in edges.items():
        many, first_blank, last_blank = map(sum, zip(*lines, strict=True))
        if 2 * many > len(lines) == last_blank > first_blank:
            empty.add(table)

    def cut(match: MatchedRow) -> MatchedRow:
        item = match.item
        if item.line.table not in empty or (item.line.table, id(match.header)) not in wider:
            return match
        return match._replace(item=item._replace(values=item.values[:-1]))

    return [cut(match) for match in matched] if empty else matched


def _without_torn(matched: list[MatchedRow]) -> tuple[list[MatchedRow], list[MatchedRow]]:
    """The rows that can be placed, and those whose blank cells cannot: there is no telling which of them are surplus.

    Without spans, order alone says nothing where rows stand in another table than their head, or cells hold the values of several columns.
    """
    flat = [match for match in matched if match.item.line.width]
    if not flat:
        return matched, []
    piled = any(OPEN_END in token.text for match in flat for token in match.item.values)
    edges = _filled_edges(flat)
    short = _short_heads(flat)
    kept: list[MatchedRow] = []
    torn: list[MatchedRow] = []
    for match in matched:
        x0, x1 = edges.get((match.item.line.table, match.item.line.width), (0, 0))
        within = tuple(token for token in match.item.values if x0 <= token.x0 < x1)
        filled = tuple(token for token in match.item.values if token.kind != "blank")
        if not _is_off_grid(match, piled=piled) or (len(filled) == len(match.item.values) and not _lost_heads(match)):
            (torn if id(match.header) in short or _is_under_other_heads(match) else kept).append(match)
        elif match.header is not None and len(filled) == match.header.named == len(match.block.columns):
            kept.append(match._replace(item=match.item._replace(values=filled)))
        elif not piled and len(within) == x1 - x0 == len(match.block.columns):
            kept.append(match._replace(item=match.item._replace(values=within)))
        elif match.header is not None and len(match.item.values) == match.header.named and not piled:
            kept.append(match._replace(on_trust=True))
        else:
            torn.append(match)
    return kept, torn


def _lost_heads(match: MatchedRow) -> bool:
    """Whether a head has blank cells where the form has columns; one column may be left out by the publisher."""
    header = match.header
    return header is not None and header.named < min(len(match.block.columns) - 1, len(header.leaves))


def _is_under_other_heads(match: MatchedRow) -> bool:
    """Whether a row with one value stands under several heads, though its block has one column: it may be of any, as in another form."""
    header = match.header
    is_one = len(match.item.values) == len(match.block.columns) == 1
    return is_one and header is not None and header.lead > 1 and len(match.item.line.tokens) <= header.lead + header.named


def _short_heads(flat: Sequence[MatchedRow]) -> set[int]:
    """The heads that lost columns: some row prints more numbers than they name, though not more than the form has columns, its running
    number left aside.
    """
    found = set()
    for item, block, _, header, _ in flat:
        numbers = [token.text for token in item.values if token.kind == "number"]
        if header is not None and header.named < len(numbers) - (numbers[:1] == [str(item.position)]) <= len(block.columns):
            found.add(id(header))
    return found


def _filled_edges(flat: Sequence[MatchedRow]) -> dict[tuple[int, int], tuple[int, int]]:
    """By printed table and width the first column that holds a value in some row, and one past the last."""
    found: dict[tuple[int, int], list[int]] = {}
    rows = Counter((match.item.line.table, match.item.line.width) for match in flat)
    for line, values in ((match.item.line, match.item.values) for match in flat):
        if rows[line.table, line.width] >= _FEW:
            found.setdefault((line.table, line.width), []).extend(token.x0 for token in values if token.kind != "blank")
    return {grid: (min(filled), max(filled) + 1) for grid, filled in found.items() if filled}


def _is_off_grid(match: MatchedRow, *, piled: bool) -> bool:
    """Whether blank cells of a line without spans are of another grid than its head's."""
    (line, _, values, head, _), header = match.item, match.header
    if not line.width or not head:
        return False
    if _lost_heads(match):
        return True  # the head lost labels, or holds two in one cell, and so may the line
    if piled and (header is None or len(values) != len(header.leaves) or header.named < len(values)):
        return True
    return all(above.table != line.table and above.width != line.width for above in head)


def _trusted_grids(matched: Sequence[MatchedRow]) -> set[int]:
    """The printed tables whose grid is right for every line that needs it: one line that it would tear makes it a lie."""
    tables = {match.item.line.table for match in matched if _on_grid(match.item)}
    for match in matched:
        header, values = match.header, match.item.values
        if header is not None and _on_grid(match.item) and len(values) != header.named and under_heads(values, header) is None:
            tables.discard(match.item.line.table)
    return tables


def _on_grid(item: DataLine) -> bool:
    """Whether the grid of a line can be trusted, and is that of its head."""
    return item.line.sane and all(head.width == item.line.width for head in item.header)


def _may_be_numbered(match: MatchedRow) -> bool:
    """Whether a line may bear its running number between its labels and its values: a head stands there, and it has a cell more."""
    header, values = match.header, match.item.values
    return header is not None and header.lead > 0 and len(values) > header.named > 0 and values[0].kind == "number"


def _may_repeat(match: MatchedRow) -> bool:
    """Whether equal values of a line may be one: a head is printed twice, or the line has several cells for each head.

    Without spans each cell too many may be a value printed again, or a subtotal.
    """
    header, n_values = match.header, len(match.item.values)
    named = header.named if header else len(match.block.columns)
    if header is not None and len(distinct_columns(header)) < named:
        return True
    return named > 0 and (n_values != named if match.item.line.width else n_values >= 2 * named and n_values % named == 0)


def _numbered(matched: Sequence[MatchedRow]) -> set[int]:
    """The printed tables most of whose lines bear their running number: one that does may hold that very count."""
    agree: dict[int, list[bool]] = {}
    for match in matched:
        if match.header is not None and match.header.lead > 0:
            first = next(iter(match.item.values), None)
            agree.setdefault(match.item.line.table, []).append(first is not None and first.text.strip() == str(match.item.position))
    return {table for table, lines in agree.items() if 2 * sum(lines) > len(lines)}


def _options(match: MatchedRow, *, use_grid: bool, whole: bool, numbered: bool) -> list[tuple[Placement, ...]]:
    item, header = match.item, match.header
    if item.header and header is None:
        return []
    shifts = item.line.width > 0 and _on_grid(item)
    n_columns = len(match.block.columns)
    # A running number may stand before the labels, too.
    position = item.position if numbered and item.line.tokens[0].kind in ("text", "blank") else 0
    options = place_values(
        item.values, header, n_columns, use_grid=use_grid, position=position, whole=whole, shifts=shifts, repeats=item.line.repeats
    )
    return [_placed(match, option) for option in options]


def _settled_together(matched: Sequence[MatchedRow], read: list[list[tuple[Placement, ...]]]) -> list[tuple[tuple[Placement, ...], ...]]:
    """Settle in ``read`` what lines without spans leave open but all lines of one head together do not; else the readings of such lines."""
    heads: dict[int, list[int]] = {}
    for i, match in enumerate(matched):
        if match.item.line.width and match.header is not None and match.item.labels:
            heads.setdefault(id(match.header), []).append(i)
    still_open: list[tuple[tuple[Placement, ...], ...]] = []
    for group in heads.values():
        first = matched[group[0]]
        assert first.header is not None
        unlike = _divided_unlike([matched[i].item.values for i in group], first.header)
        if all(map(_settled, (read[i] for i in group))) and not unlike:
            continue
        line = first.item.line
        siblings = [m.item.values for m in matched if (m.item.line.table, m.item.line.width) == (line.table, line.width)]
        on_grid = all(_on_grid(matched[i].item) for i in group)
        ways = divisions(
            [matched[i].item.values for i in group], first.header, first.item.header, siblings, repeats=line.repeats, on_grid=on_grid
        )
        # a column that few rows could fill is blank by chance: one row that is blank there only says that it is none
        certain = len(ways) == 1 and len(group) >= _MANY
        certain = certain and (line.repeats or any(_shows_surplus(matched[i]) for i in group))
        placed = [[_placed(matched[i], option, certain=certain) for i, option in zip(group, way, strict=True)] for way in ways]
        if placed:
            for place, i in enumerate(group):
                read[i] = [placed[0][place]] if len(placed) == 1 else [()]
        elif unlike:  # each row by itself, if the sums prove it
            for i in group:
                read[i] = [tuple(placement._replace(tentative=True) for placement in option) for option in read[i]]
        if len(placed) > 1:
            still_open.append(tuple(tuple(p for row in way for p in row) for way in placed))
    return still_open


def _divided_unlike(rows: Sequence[Sequence[Token]], header: Header) -> bool:
    """Whether some rows repeat their value under a head that is printed twice and others do not: then the first do so by chance."""
    return len({repetitions_agree(row, header) for row in rows if len(row) == header.named}) > 1


def _settled(options: Sequence[tuple[Placement, ...]]) -> bool:
    return len(options) == 1 and not any(placement.inferred for placement in options[0])


def _shows_surplus(match: MatchedRow) -> bool:
    """Whether a line has just as many blanks as it has cells too many."""
    named = match.header.named if match.header else 0
    return sum(token.kind == "blank" for token in match.item.values) <= len(match.item.values) - named


def _placed(match: MatchedRow, option: Option, *, certain: bool = False) -> tuple[Placement, ...]:
    item, block, row, header, on_trust = match
    tentative = on_trust or not item.labels
    inferred = not certain and header is not None and bool(option) and _inferred(item.values, option, header)
    return tuple(
        make_placement(item.line, token, block, row, column, item.labels, header, tentative=tentative, inferred=inferred)
        for token, column in option
    )


def _inferred(values: Sequence[Token], option: Option, header: Header) -> bool:
    """Whether a line has not one value for each head, and is not simply one run of values between blanks."""
    columns = [column for leaf, column in zip(header.leaves, header.columns, strict=True) if leaf.token.text]
    surplus = len(values) - len(columns)
    if not surplus or len(values) == len(distinct_columns(header)):
        return False
    cells = [token.cell for token, _ in option]
    placed = [i for i, column in enumerate(columns) if column is not None]
    start = cells[0] - placed[0]
    run = cells == [start + i for i in placed]
    if run and 0 < surplus <= header.lead and start == values[surplus].cell:
        return False  # the first cells are units or running numbers
    return not run or any(token.kind != "blank" for token in values if not start <= token.cell < start + len(columns))
