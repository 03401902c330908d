"""Tables without row labels (table 四) that are turned on their side, or are a matrix of outcomes and ways: labels before each value."""

from __future__ import annotations

from collections.abc import Sequence

from parsers.annual.placement import Candidate, Placement, make_placement
from parsers.forms import Block, Column, FormTable
from parsers.forms.vocabulary import FIT, Vocabulary
from parsers.labels import likeness
from parsers.layout import Line, Token

_MAX_FRONT = 3  # labels in front of a value: two groups and an outcome


def is_crossed(lines: Sequence[Line], form_table: FormTable, vocabulary: Vocabulary) -> bool:
    """Labels of columns in front of values: the table stands on its side or is a matrix of outcomes and ways."""
    return sum(1 for line in lines if _labels_values(line, form_table, vocabulary)) >= 2


def _labels_values(line: Line, form_table: FormTable, vocabulary: Vocabulary) -> bool:
    named = [token for token in line.texts() if vocabulary.fit(token.text, form_table.id).as_column]
    values = [token for token in line.tokens if token.kind != "text"]
    return bool(named and values) and (line.has_number() or (len(named) <= _MAX_FRONT and values[-1].kind == "mark"))


def read_crossed(
    form_table: FormTable, block: Block, lines: Sequence[Line], vocabulary: Vocabulary
) -> Candidate:
    """A value's meaning is the union of the labels before it, of the group above them, and of its head by order."""
    placements: list[Placement] = []
    dropped: list[str] = []
    heads: list[Line] = []
    group: list[str] = []
    open_head = False
    for line in lines:
        named = [token.text for token in line.texts() if vocabulary.fit(token.text, form_table.id).as_column]
        if not named or len(named) > _MAX_FRONT or line.tokens[-1].kind == "text":
            if len(named) > 1:
                heads = [*heads, line] if open_head else [line]
                open_head = True
            continue
        open_head = False
        # A group label stands for the lines below it until the next one.
        group = [text for text in named if _is_group(text, form_table, vocabulary)] or group
        last = max(token.cell for token in line.texts())
        values = [token for token in line.tokens if token.cell > last]
        for token, head in _under(values, heads, form_table, vocabulary, repeats=line.repeats):
            labels = list(dict.fromkeys((*group, *named, *head)))
            column = _column_of(labels, block.columns)
            if column is not None:
                placements.append(make_placement(line, token, block, block.rows[0], column, tuple(labels), None))
            elif token.kind == "number":
                dropped.append(f"the labels {labels} do not name one cell")
    return Candidate.of(form_table.id, placements, dropped, 10.0 * len({p.key for p in placements}))


def _under(
    values: Sequence[Token], head_lines: Sequence[Line], form_table: FormTable, vocabulary: Vocabulary, *, repeats: bool
) -> list[tuple[Token, list[str]]]:
    """Each value with its heads: as many values as the last line has heads follow them in order, others the grid; one value needs none."""
    lines = [[token for token in line.texts() if vocabulary.fit(token.text, form_table.id).as_column] for line in head_lines]
    heads = list(dict.fromkeys(token.text for token in lines[-1])) if lines else []
    if len(values) == len(heads):
        return [(token, [head]) for token, head in zip(values, heads, strict=True)]
    if lines and all(line.sane for line in head_lines):
        by_grid = [
            (value, [head.text for line in lines for head in line if head.x0 <= value.x0 and value.x1 <= head.x1]) for value in values
        ]
        if all(above for value, above in by_grid if value.kind == "number"):  # a number under no head: the line is not on the grid
            return by_grid
    while len(values) > max(len(heads), 1) and values[-1].kind == "blank":
        values = values[:-1]
    while len(values) > max(len(heads), 1) and values[0].kind == "blank":
        values = values[1:]
    if len(values) == len(heads):
        return [(token, [head]) for token, head in zip(values, heads, strict=True)]
    one = values and (len(values) == 1 or (repeats and not heads and len({token.text for token in values}) == 1))
    return [(values[0], [])] if one else []


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
