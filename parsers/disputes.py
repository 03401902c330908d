"""Tables without row labels (table 四): one line of values under a head, upright, in pieces, or turned on its side."""

from __future__ import annotations

from collections.abc import Sequence

from parsers.columns import Header, Leaf, match_leaves, read_header
from parsers.document import Table
from parsers.forms import Block, Column, FormTable
from parsers.grid import form_grid
from parsers.labels import likeness
from parsers.layout import Line, Token, labels_above
from parsers.placement import Candidate, Placement, make_placement
from parsers.vocabulary import FIT, Vocabulary


def read_unlabelled(
    form_table: FormTable, lines: Sequence[Line], tables: Sequence[Table], vocabulary: Vocabulary
) -> Candidate:
    """Read one copy of a table that has columns only."""
    block = form_table.blocks[0]
    if _crossed(lines, form_table, vocabulary):
        return _read_crossed(form_table, block, lines, tables, vocabulary)
    pairs, dropped = _pairs(lines, block, form_table, vocabulary)
    leaves = [leaf for leaf, _, _ in pairs]
    columns = match_leaves(leaves, block.columns) if leaves else ()
    if len(leaves) != len(columns) or not leaves:
        return Candidate.of(form_table, (), dropped, 0.0)
    header = Header(tuple(leaves), columns)
    placements = [
        make_placement(line, token, block, block.rows[0], column, (), header)
        for (_, token, line), column in zip(pairs, columns, strict=True)
        if column is not None
    ]
    return Candidate.of(form_table, placements, dropped, 10.0 * header.matched)


def _pairs(
    lines: Sequence[Line], block: Block, form_table: FormTable, vocabulary: Vocabulary
) -> tuple[list[tuple[Leaf, Token, Line]], list[str]]:
    """Header leaf and value token, piece by piece (a table split in three gives three pieces of five)."""
    pairs: list[tuple[Leaf, Token, Line]] = []
    dropped: list[str] = []
    head: list[Line] = []
    values: list[Line] = []
    for line in (*lines, None):
        is_head = line is not None and _is_head(line, form_table, vocabulary)
        if (line is None or is_head) and values:
            found = _pair_piece(head, values, block)
            if found is None:
                dropped.append(f"a piece of the table has {len(values)} lines of values that do not fit its head")
            pairs.extend(found or ())
            head, values = [], []
        if line is None:
            break
        if is_head:
            head.append(line)
        elif any(token.kind != "text" for token in line.tokens):
            values.append(line)
    return pairs, dropped


def _is_head(line: Line, form_table: FormTable, vocabulary: Vocabulary) -> bool:
    return not line.has_number() and any(vocabulary.fit(token.text, form_table.id).as_column for token in line.texts())


def _pair_piece(head: list[Line], values: list[Line], block: Block) -> list[tuple[Leaf, Token, Line]] | None:
    line = _the_line(values)
    if line is None:
        return None
    tokens = _values_of(line)
    header = read_header(head, block.columns) if head else None
    if header is None:
        if len(tokens) != len(block.columns):
            return None
        return [
            (Leaf(token._replace(text=column.labels[0]), column.path), token, line)
            for token, column in zip(tokens, block.columns, strict=True)
        ]
    named = [leaf for leaf in header.leaves if leaf.token.text]
    for leaves in (named, list(header.leaves)):
        if len(leaves) == len(tokens):
            return [(leaf, token, line) for leaf, token in zip(leaves, tokens, strict=True)]
    if len(tokens) > len(named) and all(token.kind == "blank" for token in tokens[len(named) :]):
        return [(leaf, token, line) for leaf, token in zip(named, tokens, strict=False)]
    blanks = len(tokens) - len(named)
    if blanks > 0 and all(token.kind == "blank" for token in tokens[:blanks]) and line.sane:
        return [(leaf, token, line) for leaf, token in zip(named, tokens[blanks:], strict=True)]
    return None


def _the_line(values: list[Line]) -> Line | None:
    """The one line that holds the values: layout lines of blanks do not count; two lines of numbers leave no choice."""
    numbers = [line for line in values if line.has_number()]
    if len(numbers) == 1:
        return numbers[0]
    return values[0] if not numbers else None


def _values_of(line: Line) -> tuple[Token, ...]:
    """The tokens after a label at the front (件数, 合计), if there is one."""
    start = 0
    while start < len(line.tokens) and line.tokens[start].kind == "text":
        start += 1
    return line.tokens[start:]


# ------------------------------------------------------------------ turned on its side


def _crossed(lines: Sequence[Line], form_table: FormTable, vocabulary: Vocabulary) -> bool:
    """Column labels in front of values: the table stands on its side or is a matrix of outcomes and ways."""
    hits = sum(
        1
        for line in lines
        if any(token.kind != "text" for token in line.tokens[1:])
        and any(vocabulary.fit(token.text, form_table.id).column for token in line.texts())
        and (line.has_number() or not _is_full_head(line, form_table, vocabulary))
    )
    return hits >= 3


def _is_full_head(line: Line, form_table: FormTable, vocabulary: Vocabulary) -> bool:
    return sum(1 for token in line.texts() if vocabulary.fit(token.text, form_table.id).as_column) > 2


def _read_crossed(
    form_table: FormTable, block: Block, lines: Sequence[Line], tables: Sequence[Table], vocabulary: Vocabulary
) -> Candidate:
    """A value's meaning is the union of the labels before it and above it."""
    grids = {line.table: form_grid(tables[line.table].rows) for line in lines}
    placements: list[Placement] = []
    dropped: list[str] = []
    group: str | None = None
    for line in lines:
        texts = [token for token in line.texts() if vocabulary.fit(token.text, form_table.id).as_column]
        group = next((t.text for t in reversed(texts) if _is_group(t.text, form_table, vocabulary)), group)
        if not texts:
            continue
        for token in line.tokens:
            if token.kind == "text":
                continue
            before = [t.text for t in texts if t.cell < token.cell]
            above = [
                text
                for text in labels_above(grids[line.table], tables[line.table], token)
                if vocabulary.fit(text, form_table.id).as_column
            ]
            if not before:
                continue
            labels = [*above, *([group] if group else []), *before]
            column = _column_of(labels, block.columns)
            if column is not None:
                placements.append(make_placement(line, token, block, block.rows[0], column, tuple(labels), None))
            elif token.kind == "number":
                dropped.append(f"the labels {labels} do not name one cell")
    return Candidate.of(form_table, placements, dropped, 10.0 * len({p.key for p in placements}))


def _is_group(text: str, form_table: FormTable, vocabulary: Vocabulary) -> bool:
    fit = vocabulary.fit(text, form_table.id)
    return fit.head > fit.column


def _column_of(labels: Sequence[str], columns: Sequence[Column]) -> int | None:
    """The one column whose label and nearest group are both among the labels."""
    hits = [
        i
        for i, column in enumerate(columns)
        if any(likeness(label, column.labels) >= FIT for label in labels)
        and (not column.path or any(likeness(label, (column.path[-1],)) >= FIT for label in labels))
    ]
    return hits[0] if len(hits) == 1 else None
