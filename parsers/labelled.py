"""Tables whose rows bear labels (二, 三): lines aligned to the rows of the form, values to its columns.

A cell gets its meaning from its row label, the group labels before it and the order of the columns, matched to the form;
never from a fixed position. What cannot be placed with certainty is not placed.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import takewhile
from typing import NamedTuple

from parsers.align import align
from parsers.columns import Header, read_header
from parsers.division import divisions
from parsers.forms import Block, FormTable, Row
from parsers.labels import likeness
from parsers.layout import Line, Token
from parsers.pairing import Option, place_values, under_heads
from parsers.placement import Candidate, Placement, make_placement
from parsers.vocabulary import Vocabulary

_EXACT = 0.99
_MANY = 5  # lines that leave one way to divide them all alike: then a sum that fails is the page's fault, not the reading's
_ROW_FIT = 0.6  # a row label may be damaged more than others: order protects it


class _DataLine(NamedTuple):
    line: Line
    labels: tuple[str, ...]
    values: tuple[Token, ...]
    header: tuple[Line, ...]
    position: int


def read_labelled(form_table: FormTable, lines: Sequence[Line], vocabulary: Vocabulary) -> Candidate:
    """Read one copy of an official table whose rows bear labels."""
    data = _data_lines(lines, form_table, vocabulary)
    if not data:
        return Candidate.of(form_table.id, (), (), 0.0)
    rows = _rows(form_table.id, vocabulary)
    alignment = align([_worths(item, form_table.id, vocabulary) for item in data])
    dropped = [f"the row {_name(data[i])} fits several rows of the form" for i in sorted(alignment.ambiguous)]
    matched: list[_Matched] = []
    headers: dict[tuple[int, int], Header | None] = {}
    pairs = (*alignment.pairs, *_out_of_order(data, rows, alignment.pairs))
    again = _printed_again(data, pairs)
    contested = {j for i, j in pairs if any(_texts(data[other]) != _texts(data[i]) for other in again.get(j, ()))}
    dropped.extend(f"the row {_name(data[i])} is printed again with other values" for i, j in pairs if j in contested)
    for i, j in _without_subtotals(pairs, rows):
        if i not in alignment.ambiguous and j not in contested:
            item, (block, row) = data[i], rows[j]
            key = (id(item.header), id(block))
            if key not in headers:
                headers[key] = read_header(item.header, block.columns)
            matched.append(_Matched(item, block, row, headers[key]))
    matched = _without_empty_column(matched)
    placements: list[Placement] = []
    open_rows: list[tuple[tuple[Placement, ...], ...]] = []
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
    open_rows.extend(_settled_together(matched, read))
    for match, options in zip(matched, read, strict=True):
        if len(options) == 1:
            placements.extend(options[0])
        elif options:
            open_rows.append(tuple(options))
        else:
            dropped.append(
                f"the {len(match.item.values)} values of the row {_name(match.item)} do not fit the {len(match.block.columns)} columns"
            )
    header_score = sum(header.matched for header in headers.values() if header)
    # A row that is known but cannot be placed speaks against the form as loudly as its label speaks for it.
    score = alignment.score + header_score - 10.0 * len(dropped)
    compares = bool(again) or any(map(_may_be_numbered, matched))
    return Candidate.of(form_table.id, placements, dropped, score, open_rows)._replace(compares=compares)


def _out_of_order(
    data: Sequence[_DataLine], rows: Sequence[tuple[Block, Row]], pairs: Sequence[tuple[int, int]]
) -> list[tuple[int, int]]:
    """Lines that stand in another place than on the form, but bear the exact label of one row of it and of no other."""
    lines, taken = {i for i, _ in pairs}, {j for _, j in pairs}
    found: list[tuple[int, int]] = []
    for i, item in enumerate(data):
        if i in lines or not item.labels:
            continue
        exact = [j for j, (_, row) in enumerate(rows) if likeness(item.labels[-1], row.labels) > 0.99]
        if len(exact) == 1 and exact[0] not in taken:
            found.append((i, exact[0]))
            taken.add(exact[0])
    return found


def _printed_again(data: Sequence[_DataLine], pairs: Sequence[tuple[int, int]]) -> dict[int, list[int]]:
    """By row of the form the other lines with numbers that bear the same label; there is no telling which one is meant."""
    rows = dict(pairs)
    if len(rows) == len(data):
        return {}
    numbers = [i for i, item in enumerate(data) if item.labels and any(token.kind == "number" for token in item.values)]
    by_label = {data[i].labels[-1]: rows[i] for i in numbers if i in rows}
    found: dict[int, list[int]] = {}
    for i in numbers:
        if i not in rows and data[i].labels[-1] in by_label:
            found.setdefault(by_label[data[i].labels[-1]], []).append(i)
    return found


def _texts(item: _DataLine) -> list[str]:
    return [token.text for token in item.values]


class _Matched(NamedTuple):
    item: _DataLine
    block: Block
    row: Row
    header: Header | None


def _without_empty_column(matched: list[_Matched]) -> list[_Matched]:
    """Lines without a last column that no head names and that is blank in all of them, as no other column at the edge is."""
    edges: dict[int, list[tuple[bool, bool, bool]]] = {}
    for item, _, _, header in matched:
        named = header.named if header else 0
        values = item.values[sum(1 for _ in takewhile(lambda token: token.kind == "text", item.values)) :]
        first, last = (bool(values) and values[at].kind == "blank" for at in (0, -1))
        edges.setdefault(item.line.table, []).append((0 < named < len(values), first, last))
    empty = set()
    for table, lines in edges.items():
        surplus, first_blank, last_blank = map(sum, zip(*lines, strict=True))
        if 2 * surplus > len(lines) == last_blank > first_blank:
            empty.add(table)

    def cut(match: _Matched) -> _Matched:
        item = match.item
        return match._replace(item=item._replace(values=item.values[:-1])) if item.line.table in empty else match

    return [cut(match) for match in matched] if empty else matched


def _name(item: _DataLine) -> str:
    return repr(" ".join(item.labels))


def _trusted_grids(matched: Sequence[_Matched]) -> set[int]:
    """The printed tables whose grid is right for every line that needs it: one line that it would tear makes it a lie."""
    tables = {match.item.line.table for match in matched if _on_grid(match.item)}
    for match in matched:
        header, values = match.header, match.item.values
        if header is not None and _on_grid(match.item) and len(values) != header.named and under_heads(values, header) is None:
            tables.discard(match.item.line.table)
    return tables


def _on_grid(item: _DataLine) -> bool:
    """Whether the grid of a line can be trusted, and is that of its head."""
    return item.line.sane and all(head.width == item.line.width for head in item.header)


def _may_be_numbered(match: _Matched) -> bool:
    """Whether a line may bear its running number between its labels and its values: a head stands there, and it has a cell more."""
    header, values = match.header, match.item.values
    return header is not None and header.lead > 0 and len(values) > header.named > 0 and values[0].kind == "number"


def _numbered(matched: Sequence[_Matched]) -> set[int]:
    """The printed tables most of whose lines bear their running number: one that does may hold that very count."""
    agree: dict[int, list[bool]] = {}
    for match in matched:
        if match.header is not None and match.header.lead > 0:
            first = next(iter(match.item.values), None)
            agree.setdefault(match.item.line.table, []).append(first is not None and first.text.strip() == str(match.item.position))
    return {table for table, lines in agree.items() if 2 * sum(lines) > len(lines)}


def _options(match: _Matched, *, use_grid: bool, whole: bool, numbered: bool) -> list[tuple[Placement, ...]]:
    item, header = match.item, match.header
    if item.header and header is None:
        return []
    shifts = item.line.width > 0 and _on_grid(item)
    n_columns = len(match.block.columns)
    # A running number may stand before the labels, too.
    position = item.position if numbered and item.line.tokens[0].kind in ("text", "blank") else 0
    options = place_values(item.values, header, n_columns, use_grid=use_grid, position=position, whole=whole, shifts=shifts)
    return [_placed(match, option) for option in options]


def _settled_together(matched: Sequence[_Matched], read: list[list[tuple[Placement, ...]]]) -> list[tuple[tuple[Placement, ...], ...]]:
    """Settle in ``read`` what lines without spans leave open but all lines of one head together do not; else the readings of such lines."""
    heads: dict[int, list[int]] = {}
    for i, match in enumerate(matched):
        if match.item.line.width and match.header is not None and match.item.labels:
            heads.setdefault(id(match.header), []).append(i)
    still_open: list[tuple[tuple[Placement, ...], ...]] = []
    for group in heads.values():
        if all(map(_settled, (read[i] for i in group))):
            continue
        first = matched[group[0]]
        assert first.header is not None
        line = first.item.line
        siblings = [m.item.values for m in matched if (m.item.line.table, m.item.line.width) == (line.table, line.width)]
        on_grid = all(_on_grid(matched[i].item) for i in group)
        ways = divisions(
            [matched[i].item.values for i in group], first.header, first.item.header, siblings, repeats=line.repeats, on_grid=on_grid
        )
        certain = len(ways) == 1 and len(group) >= _MANY
        placed = [[_placed(matched[i], option, certain=certain) for i, option in zip(group, way, strict=True)] for way in ways]
        if placed:
            for place, i in enumerate(group):
                read[i] = [placed[0][place]] if len(placed) == 1 else [()]
        if len(placed) > 1:
            still_open.append(tuple(tuple(p for row in way for p in row) for way in placed))
    return still_open


def _settled(options: Sequence[tuple[Placement, ...]]) -> bool:
    return len(options) == 1 and not any(placement.inferred for placement in options[0])


def _placed(match: _Matched, option: Option, *, certain: bool = False) -> tuple[Placement, ...]:
    item, block, row, header = match
    tentative = not item.labels
    inferred = not certain and header is not None and bool(option) and _inferred(item.values, option, header)
    return tuple(
        make_placement(item.line, token, block, row, column, item.labels, header, tentative=tentative, inferred=inferred)
        for token, column in option
    )


def _inferred(values: Sequence[Token], option: Option, header: Header) -> bool:
    """Whether a line has not one value for each head, and is not simply one run of values between blanks."""
    columns = [column for leaf, column in zip(header.leaves, header.columns, strict=True) if leaf.token.text]
    if len(columns) <= len(values) <= len(columns) + header.lead:
        return False
    cells = [token.cell for token, _ in option]
    placed = [i for i, column in enumerate(columns) if column is not None]
    start = cells[0] - placed[0]
    run = cells == [start + i for i in placed]
    return not run or any(token.kind != "blank" for token in values if not start <= token.cell < start + len(columns))


@lru_cache(maxsize=1000)
def _rows(table_id: str, vocabulary: Vocabulary) -> tuple[tuple[Block, Row], ...]:
    """The rows of an official table with their blocks, each collapsed row just before the rows it may stand for."""
    form_table = vocabulary.form.table(table_id)
    ordered: list[tuple[Block, Row]] = []
    for block in form_table.blocks if form_table else ():
        for row in block.rows:
            ordered.extend((block, c) for c in block.collapsed if c.replaces and c.replaces[0] == row.indicators[0])
            ordered.append((block, row))
    return tuple(ordered)


def _without_subtotals(
    pairs: Sequence[tuple[int, int]], rows: Sequence[tuple[Block, Row]]
) -> list[tuple[int, int]]:
    """A collapsed row beside the rows it would replace is a subtotal added by the publisher: not a cell of the form."""
    present = {name for _, j in pairs for name in rows[j][1].indicators}
    return [(i, j) for i, j in pairs if not present & set(rows[j][1].replaces)]


def _data_lines(lines: Sequence[Line], form_table: FormTable, vocabulary: Vocabulary) -> list[_DataLine]:
    data: list[_DataLine] = []
    header: tuple[Line, ...] = ()
    open_header = False
    for line in lines:
        if _is_header(line, form_table, vocabulary):
            header = (*header, line) if open_header else (line,)
            open_header = True
            continue
        if _is_foreign_head(line, form_table, vocabulary):
            header, open_header = (line,), True
            continue
        labels, values = _split(line, form_table, vocabulary)
        if values and (any(token.kind != "text" for token in values) or _unreadable(labels, values, form_table, vocabulary)):
            data.append(_DataLine(line, labels, values, header, len(data) + 1))
            open_header = False
    return data


def _is_header(line: Line, form_table: FormTable, vocabulary: Vocabulary) -> bool:
    if line.has_number():
        return False
    fits = [vocabulary.fit(token.text, form_table.id) for token in line.texts()]
    if len(fits) == len(line.tokens) > 1 and not fits[0].as_row and fits[-1].column:
        return True  # 项目 | 总计: nothing but heads
    return any(fit.as_column > fit.as_row for fit in fits) and not any(fit.row > max(fit.as_column, fit.article) for fit in fits)


def _is_foreign_head(line: Line, form_table: FormTable, vocabulary: Vocabulary) -> bool:
    """Nothing but texts that this form does not know: the head of another form's table, under which order proves nothing."""
    return len(line.tokens) > 1 and all(
        token.kind == "text" and not vocabulary.fit(token.text, form_table.id).best for token in line.tokens
    )


def _split(line: Line, form_table: FormTable, vocabulary: Vocabulary) -> tuple[tuple[str, ...], tuple[Token, ...]]:
    """Labels at the front, values behind: the last cell that the form knows as a row or group ends the labels."""
    end = 0
    for i, token in enumerate(line.tokens):
        if token.kind == "text" and vocabulary.fit(token.text, form_table.id).as_row:
            end = i + 1
    if not end:
        end = next((i for i, token in enumerate(line.tokens) if token.kind != "text"), len(line.tokens))
    labels = [token.text for token in line.tokens[:end] if token.kind == "text"]
    if line.width and len(labels) > 1:  # a span that reaches too far pushes a group behind the label that it is printed with
        labels.sort(key=lambda text: not _is_group(text, form_table, vocabulary))
    return tuple(labels), line.tokens[end:]


def _is_group(text: str, form_table: FormTable, vocabulary: Vocabulary) -> bool:
    fit = vocabulary.fit(text, form_table.id)
    return fit.group > fit.row


def _unreadable(labels: Sequence[str], values: Sequence[Token], form_table: FormTable, vocabulary: Vocabulary) -> bool:
    """Whether a row of the form holds nothing but texts that are no heads: its values cannot be read, but they are printed."""
    return (
        bool(labels)
        and vocabulary.fit(labels[-1], form_table.id).row > _EXACT
        and not any(vocabulary.fit(token.text, form_table.id).best for token in values)
    )


def _worths(item: _DataLine, table_id: str, vocabulary: Vocabulary) -> Sequence[float | None]:
    """Worth of reading a data line as each row of the form; None where its label forbids it."""
    if item.labels:
        return _label_worths(item.labels, table_id, vocabulary)
    number = any(token.kind == "number" for token in item.values)
    return [0.1 if number and not row.replaces else None for _, row in _rows(table_id, vocabulary)]


@lru_cache(maxsize=4096)
def _label_worths(labels: tuple[str, ...], table_id: str, vocabulary: Vocabulary) -> tuple[float | None, ...]:
    """The same for a line's labels, remembered: most pages print the same ones."""
    return tuple(_row_worth(labels, row, table_id, vocabulary) for _, row in _rows(table_id, vocabulary))


def _row_worth(labels: tuple[str, ...], row: Row, table_id: str, vocabulary: Vocabulary) -> float | None:
    leaf = labels[-1]
    fit = max(likeness(leaf, row.labels), likeness("".join(labels[-2:]), row.labels), _with_group(leaf, row))
    known = vocabulary.fit(leaf, table_id)
    if fit < _ROW_FIT or (known.row > _EXACT >= fit):
        return None  # an exact label is never a damaged other one
    if known.group > max(known.row, fit) and not row.replaces:
        return None  # a subtotal of the group, printed by the publisher
    return 10 * fit + _path_worth(labels[:-1], leaf, row, table_id, vocabulary) - (0.2 if row.replaces else 0.0)


def _with_group(leaf: str, row: Row) -> float:
    """Fit of a label that is printed together with its groups: （六）其他处理 3.其他."""
    groups = {row.path[-1], "".join(row.path)} if row.path else ()
    return max((likeness(leaf, tuple(group + label for label in row.labels)) for group in groups), default=0.0)


def _path_worth(groups: Sequence[str], leaf: str, row: Row, table_id: str, vocabulary: Vocabulary) -> float:
    worth = 0.0
    for group in groups:
        if group != leaf and vocabulary.fit(group, table_id).group:
            worth += 1.0 if any(likeness(group, (label,)) > 0.7 for label in row.path) else -3.0
    return worth
