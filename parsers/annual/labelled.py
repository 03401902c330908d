"""Tables whose rows bear labels (二, 三): lines aligned to the rows of the form, values to its columns.

A cell gets its meaning from its row label, the group labels before it and the order of the columns, matched to the form;
never from a fixed position. What cannot be placed with certainty is not placed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from parsers.align import align
from parsers.annual.columns import Header, read_header
from parsers.annual.placement import Candidate, Lost, lost_row
from parsers.annual.row_values import DataLine, MatchedRow, place_rows, without_heads
from parsers.forms import Block, FormTable, Row
from parsers.forms.vocabulary import ANYWHERE, Vocabulary
from parsers.labels import label_key, likeness
from parsers.layout import Line, Token
from parsers.statistics.known_labels import UNITS

_EXACT = 0.99
_ITEM = re.compile(r"\d{1,2}\s?[.．、]\s?[\u4e00-\u9fff]{4}")  # how the label of an item of a group begins
_NUMBER_WITHIN = re.compile(r"(?<=[^\s\d])\s?[(（]?\d{1,2}\s?[)）.．、]\s?(?=\D)")
_NEARER = 0.1  # by how much a label may be more like another row's
_ROW_FIT = 0.6  # a row label may be damaged more than others: order protects it


def read_labelled(form_table: FormTable, lines: Sequence[Line], vocabulary: Vocabulary) -> Candidate:
    """Read one copy of an official table whose rows bear labels."""
    data = _data_lines(lines, form_table, vocabulary)
    if not data:
        return Candidate.of(form_table.id, (), (), 0.0)
    rows = _rows(form_table.id, vocabulary)
    alignment = align([_worths(item, form_table.id, vocabulary) for item in data])
    dropped = [f"the row {data[i].name} fits several rows of the form" for i in sorted(alignment.ambiguous)]
    matched: list[MatchedRow] = []
    lost: list[Lost] = []
    headers: dict[tuple[int, int], Header | None] = {}
    pairs = (*alignment.pairs, *_out_of_order(data, rows, alignment.pairs))
    again = _printed_again(data, pairs)
    contested = {j for i, j in pairs if any(_texts(data[other]) != _texts(data[i]) for other in again.get(j, ()))}
    dropped.extend(f"the row {data[i].name} is printed again with other values" for i, j in pairs if j in contested)
    for i, j in _without_subtotals(pairs, rows):
        if j in contested:
            prints = [(data[at].line, data[at].values) for at in (i, *again[j])]
            lost.append(lost_row(prints, *rows[j], "the row is printed again with other values"))
        if i not in alignment.ambiguous and j not in contested:
            item, (block, row) = data[i], rows[j]
            key = (id(item.header), id(block))
            if key not in headers:
                headers[key] = read_header(item.header, block.columns)
            matched.append(MatchedRow(item, block, row, headers[key]))
    placed = place_rows(matched)
    dropped.extend(placed.dropped)
    header_score = sum(header.matched for header in headers.values() if header)
    # A row that is known but cannot be placed speaks against the form as loudly as its label speaks for it.
    score = alignment.score + header_score - 10.0 * len(dropped)
    candidate = Candidate.of(form_table.id, placed.placements, dropped, score, placed.open_rows)
    lost += placed.lost
    return candidate._replace(compares=bool(again) or placed.compares, lost=(*candidate.lost, *lost))


def _out_of_order(
    data: Sequence[DataLine], rows: Sequence[tuple[Block, Row]], pairs: Sequence[tuple[int, int]]
) -> list[tuple[int, int]]:
    """Lines that stand in another place than on the form, but bear the exact label of one row of it and of no other.

    What any group may have (其他) tells nothing out of its place.
    """
    lines, taken = {i for i, _ in pairs}, {j for _, j in pairs}
    found: list[tuple[int, int]] = []
    for i, item in enumerate(data):
        if i in lines or not item.labels or label_key(item.labels[-1]) in ANYWHERE:
            continue
        label = item.labels[-1]
        exact = [j for j, (_, row) in enumerate(rows) if max(likeness(label, row.labels), _with_group(label, row)) > _EXACT]
        if len(exact) == 1 and exact[0] not in taken:
            found.append((i, exact[0]))
            taken.add(exact[0])
    return found


def _printed_again(data: Sequence[DataLine], pairs: Sequence[tuple[int, int]]) -> dict[int, list[int]]:
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


def _texts(item: DataLine) -> list[str]:
    return [token.text for token in item.values]


@lru_cache(maxsize=1000)
def _rows(table_id: str, vocabulary: Vocabulary) -> tuple[tuple[Block, Row], ...]:
    """The rows of an official table with their blocks, each collapsed row just before the rows it may stand for."""
    form_table = vocabulary.form.table(table_id)
    blocks = form_table.blocks if form_table else ()
    return tuple((block, row) for block in blocks for row in block.rows_with(block.collapsed))


def _without_subtotals(
    pairs: Sequence[tuple[int, int]], rows: Sequence[tuple[Block, Row]]
) -> list[tuple[int, int]]:
    """A collapsed row beside the rows it would replace is a subtotal added by the publisher: not a cell of the form."""
    present = {name for _, j in pairs for name in rows[j][1].indicators}
    return [(i, j) for i, j in pairs if not present & set(rows[j][1].replaces)]


def _data_lines(lines: Sequence[Line], form_table: FormTable, vocabulary: Vocabulary) -> list[DataLine]:
    data: list[DataLine] = []
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
        values = without_heads(values, header) if line.repeats else values
        if values and (any(token.kind != "text" for token in values) or _unreadable(labels, values, form_table, vocabulary)):
            data.append(DataLine(line, labels, values, header, len(data) + 1))
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
    while 0 < end < len(line.tokens) and line.tokens[end].kind == "text" and _ITEM.match(line.tokens[end].text):
        end += 1  # an item that only another form has
    if not end:
        end = next((i for i, token in enumerate(line.tokens) if token.kind != "text"), len(line.tokens))
    labels = [token.text for token in line.tokens[:end] if token.kind == "text"]
    if line.width and len(labels) > 1:  # a span that reaches too far pushes a group behind the label that it is printed with
        labels.sort(key=lambda text: not _is_group(text, form_table, vocabulary))
    return tuple(labels), _without_unit(line.tokens[end:])


def _without_unit(values: tuple[Token, ...]) -> tuple[Token, ...]:
    """The values behind the row's unit, which may have a column of its own behind the cells that a wide label leaves blank."""
    at = next((i for i, token in enumerate(values) if token.kind != "blank"), len(values))
    is_unit = at + 1 < len(values) and values[at].text in UNITS and values[at + 1].kind != "text"
    return values[at + 1 :] if is_unit else values


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


def _worths(item: DataLine, table_id: str, vocabulary: Vocabulary) -> Sequence[float | None]:
    """Worth of reading a data line as each row of the form; None where its label forbids it."""
    if item.labels:
        return _label_worths(item.labels, table_id, vocabulary)
    number = any(token.kind == "number" for token in item.values)
    return [0.1 if number and not row.replaces else None for _, row in _rows(table_id, vocabulary)]


@lru_cache(maxsize=4096)
def _label_worths(labels: tuple[str, ...], table_id: str, vocabulary: Vocabulary) -> tuple[float | None, ...]:
    """The same for a line's labels, remembered: most pages print the same ones."""
    rows = [row for _, row in _rows(table_id, vocabulary)]
    leaf = labels[-1]
    exact = vocabulary.fit(leaf, table_id).row > _EXACT or any(_with_group(leaf, row) > _EXACT for row in rows)
    return tuple(_row_worth(labels, row, table_id, vocabulary, exact=exact) for row in rows)


def _row_worth(labels: tuple[str, ...], row: Row, table_id: str, vocabulary: Vocabulary, *, exact: bool) -> float | None:
    leaf = labels[-1]
    fit = max(likeness(leaf, row.labels), likeness("".join(labels[-2:]), row.labels), _with_group(leaf, row))
    known = vocabulary.fit(leaf, table_id)
    if fit < max(_ROW_FIT, known.row - _NEARER) or (exact and fit <= _EXACT):
        return None  # an exact label is never a damaged other one, nor one that is much more like another
    if known.group > max(known.row, fit) and not row.replaces:
        return None  # a subtotal of the group, printed by the publisher
    return 10 * fit + _path_worth(labels[:-1], leaf, row, table_id, vocabulary) - (0.2 if row.replaces else 0.0)


def _with_group(leaf: str, row: Row) -> float:
    """Fit of a label that is printed together with its groups: （六）其他处理 3.其他."""
    groups = {row.path[-1], "".join(row.path)} if row.path else ()
    bare = _NUMBER_WITHIN.sub("", leaf)
    return max((likeness(bare, tuple(group + label for label in row.labels)) for group in groups), default=0.0)


def _path_worth(groups: Sequence[str], leaf: str, row: Row, table_id: str, vocabulary: Vocabulary) -> float:
    worth = 0.0
    for group in groups:
        if group != leaf and vocabulary.fit(group, table_id).group:
            worth += 1.0 if any(likeness(group, (label,)) > 0.7 for label in row.path) else -3.0
    return worth
