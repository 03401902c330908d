"""Printed tables + a declared form -> which printed cell is which cell of the form.

A cell gets its meaning from its row label, the group labels before it and the order of the columns, matched to the form;
never from a fixed position. What cannot be placed with certainty is not placed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from parsers.align import align
from parsers.columns import Header, Option, place_values, read_header, under_heads
from parsers.disputes import read_unlabelled
from parsers.document import Table
from parsers.forms import Block, Form, FormTable, Row
from parsers.labels import label_key, likeness
from parsers.layout import Line, Token, lines_of, transposed
from parsers.placement import Candidate, Placement, make_placement
from parsers.vocabulary import Vocabulary

_EXACT = 0.99
_ROW_FIT = 0.6  # a row label may be damaged more than others: order protects it
_RELEVANT = 1.0  # votes a printed table needs to be read at all


@dataclass(frozen=True, slots=True)
class Plan:
    """All readings of a page's tables by one form: candidates by official table, in page order."""

    form: Form
    candidates: dict[str, tuple[Candidate, ...]]
    printed: dict[str, tuple[int, ...]]  # numbers of the printed tables that speak of each official table

    def score(self, table_id: str) -> float:
        """Worth of the best candidate for a table."""
        return max((candidate.score for candidate in self.candidates[table_id]), default=0.0)


    def covers(self, table_id: str, share: float) -> bool:
        """Whether some candidate places at least that share of the table's cells."""
        table = self.form.table(table_id)
        cells = len(table.cells()) if table else 0
        return any(candidate.n_cells >= share * cells > 0 for candidate in self.candidates[table_id])


def plan_form(tables: Sequence[Table], captions: Sequence[str], vocabulary: Vocabulary) -> Plan:
    """Read the printed tables by one form; ``captions`` are the lines of text just above them. Raises TableTooLarge."""
    form = vocabulary.form
    pieces: dict[str, list[list[Line]]] = {table.id: [] for table in form.tables}
    for number, (table, caption) in enumerate(zip(tables, captions, strict=True)):
        for table_id, lines in _segments(table, number, vocabulary):
            pieces[table_id].append([*_head_of(caption, number, table_id, vocabulary), *lines])
    candidates: dict[str, tuple[Candidate, ...]] = {}
    for form_table in form.tables:
        instances = _instances(pieces[form_table.id], form_table, vocabulary)
        read = (_read_instance(form_table, instance, tables, vocabulary) for instance in instances)
        candidates[form_table.id] = tuple(candidate for candidate in read if candidate.n_cells and candidate.score > 0)
    printed = {table_id: tuple(dict.fromkeys(line.table for piece in found for line in piece)) for table_id, found in pieces.items()}
    return Plan(form, candidates, printed)


# ------------------------------------------------------------------ which lines belong to which official table


class _Segment(NamedTuple):
    table_id: str
    lines: list[Line]


def _segments(table: Table, number: int, vocabulary: Vocabulary) -> list[_Segment]:
    """Cut a printed table into runs of lines of one official table; lines without a vote go with the line before."""
    lines = lines_of(table, number)
    votes = [_vote(line, vocabulary) for line in lines]
    if sum(vote for _, vote in votes) < _RELEVANT:
        return _orphans(lines, vocabulary)
    first = next(table_id for table_id, _ in votes if table_id)
    segments: list[_Segment] = []
    current = first
    for line, (table_id, _) in zip(lines, votes, strict=True):
        current = table_id or current
        if not segments or segments[-1].table_id != current:
            segments.append(_Segment(current, []))
        segments[-1].lines.append(line)
    return segments


def _head_of(caption: str, number: int, table_id: str, vocabulary: Vocabulary) -> list[Line]:
    """A group head that the carrier prints as a line of text above the table, as a line of the table."""
    if not caption or not vocabulary.fit(caption, table_id).head:
        return []
    return [Line(number, (Token(caption, "text", -1, 0, 0, 1),), sane=False)]


def _orphans(lines: list[Line], vocabulary: Vocabulary) -> list[_Segment]:
    """A printed table of nothing but values can only be the lower piece of the one official table that has no row labels."""
    for form_table in vocabulary.form.tables:
        width = len(form_table.blocks[0].columns)
        if _unlabelled(form_table) and any(len(line.tokens) == width and not line.texts() and line.has_number() for line in lines):
            return [_Segment(form_table.id, lines)]
    return []


def _unlabelled(form_table: FormTable) -> bool:
    """Whether the table has columns only, as table 四 has."""
    return all(not row.labels for block in form_table.blocks for row in block.rows)


def _vote(line: Line, vocabulary: Vocabulary) -> tuple[str | None, float]:
    """The official table a line's labels speak for, and how strongly; a label of several tables speaks softly."""
    votes: dict[str, float] = {}
    for token in line.texts():
        fits = {table.id: vocabulary.fit(token.text, table.id) for table in vocabulary.form.tables}
        speaking = {table_id: fit.best for table_id, fit in fits.items() if fit.best}
        for table_id, fit in speaking.items():
            # 其他 and 总计 stand everywhere: what is a row and a column, or in several tables, says little.
            both = fits[table_id].row and fits[table_id].column
            weight = 0.25 if len(speaking) > 1 else 0.4 if both else 1.0
            if fit >= max(speaking.values()):
                votes[table_id] = votes.get(table_id, 0.0) + weight * fit
    if not votes:
        return None, 0.0
    best = max(votes, key=lambda table_id: votes[table_id])
    if sum(1 for vote in votes.values() if vote == votes[best]) > 1:
        return None, 0.0
    return best, votes[best]


def _instances(pieces: list[list[Line]], form_table: FormTable, vocabulary: Vocabulary) -> list[list[Line]]:
    """Pieces of one official table joined; a piece that prints the same labels again begins another copy of the table."""
    instances: list[list[Line]] = []
    seen: set[str] = set()
    for piece in pieces:
        labels = _row_labels(piece, form_table, vocabulary)
        again = labels & seen
        begins = not instances or len(again) > 1 or (len(again) == 1 and len(labels) == 1)
        if labels and not _unlabelled(form_table) and not _fits(piece, [] if begins else instances[-1], form_table, vocabulary):
            continue
        if begins:
            instances.append([])
            seen = set()
        instances[-1].extend(piece)
        seen |= labels
    return instances


def _fits(piece: list[Line], before: list[Line], form_table: FormTable, vocabulary: Vocabulary) -> bool:
    """Whether values of a piece can be placed, under its own head or the one before it: another table may share a label with the form."""
    if _read_labelled(form_table, piece, vocabulary).n_cells or _on_its_side(piece, form_table, vocabulary):
        return True
    joined = _read_labelled(form_table, [*before, *piece], vocabulary).n_cells
    return joined > _read_labelled(form_table, before, vocabulary).n_cells


def _row_labels(piece: list[Line], form_table: FormTable, vocabulary: Vocabulary) -> set[str]:
    """What tells one copy of a table from another: its exact row labels, or, without row labels, its groups of columns."""
    found: set[str] = set()
    if _unlabelled(form_table):
        if not any(len(line.tokens) >= 3 and not line.texts() for line in piece):
            return found
        heads = (token.text for line in piece for token in line.texts())
        return {label_key(text) for text in heads if vocabulary.fit(text, form_table.id).head}
    for line in piece:
        if not any(token.kind != "text" for token in line.tokens):
            continue
        for token in line.texts():
            fit = vocabulary.fit(token.text, form_table.id)
            if fit.row > 0.99 and fit.column < 0.99:
                found.add(label_key(token.text))
    return found


# ------------------------------------------------------------------ one copy of an official table


def _read_instance(
    form_table: FormTable, lines: list[Line], tables: Sequence[Table], vocabulary: Vocabulary
) -> Candidate:
    if _unlabelled(form_table):
        return read_unlabelled(form_table, lines, vocabulary)
    upright = _read_labelled(form_table, lines, vocabulary)
    if not _on_its_side(lines, form_table, vocabulary):
        return upright
    turned = _read_turned(form_table, lines, tables, vocabulary)
    return turned if turned.score > upright.score else upright


def _on_its_side(lines: Iterable[Line], form_table: FormTable, vocabulary: Vocabulary) -> bool:
    """Column labels at the front of lines of numbers."""
    hits = 0
    for line in lines:
        fits = [vocabulary.fit(token.text, form_table.id) for token in line.texts()]
        if line.has_number() and any(fit.column > fit.as_row for fit in fits):
            hits += 1
    return hits >= 2


def _read_turned(
    form_table: FormTable, lines: Sequence[Line], tables: Sequence[Table], vocabulary: Vocabulary
) -> Candidate:
    numbers = list(dict.fromkeys(line.table for line in lines))
    turned: list[Line] = []
    origins = {}
    for number in numbers:
        table, places = transposed(tables[number])
        origins[number] = places
        turned.extend(lines_of(table, number))
    candidate = _read_labelled(form_table, turned, vocabulary)

    def back(placement: Placement) -> Placement:
        origin = origins[placement.table][placement.row][placement.cell]
        return placement._replace(row=origin.row, cell=origin.cell)

    return candidate._replace(
        placements=tuple(map(back, candidate.placements)),
        open_rows=tuple(tuple(tuple(map(back, option)) for option in row) for row in candidate.open_rows),
    )


class _DataLine(NamedTuple):
    line: Line
    labels: tuple[str, ...]
    values: tuple[Token, ...]
    header: tuple[Line, ...]
    position: int


def _read_labelled(form_table: FormTable, lines: Sequence[Line], vocabulary: Vocabulary) -> Candidate:
    data = _data_lines(lines, form_table, vocabulary)
    rows = [(block, row) for block in form_table.blocks for row in _rows_in_order(block)]
    if not data:
        return Candidate.of(form_table.id, (), (), 0.0)
    alignment = align([[_row_worth(item, row, form_table, vocabulary) for _, row in rows] for item in data])
    dropped = [f"the row {_name(data[i])} fits several rows of the form" for i in sorted(alignment.ambiguous)]
    matched: list[_Matched] = []
    headers: dict[tuple[int, int], Header | None] = {}
    pairs = (*alignment.pairs, *_out_of_order(data, rows, alignment.pairs))
    for i, j in _without_subtotals(pairs, rows):
        if i not in alignment.ambiguous:
            item, (block, row) = data[i], rows[j]
            key = (id(item.header), id(block))
            if key not in headers:
                headers[key] = read_header(item.header, block.columns)
            matched.append(_Matched(item, block, row, headers[key]))
    placements: list[Placement] = []
    open_rows: list[tuple[tuple[Placement, ...], ...]] = []
    trusted = _trusted_grids(matched)
    for match in matched:
        options = _options(match, use_grid=match.item.line.table in trusted)
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
    return Candidate.of(form_table.id, placements, dropped, score, open_rows)


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


class _Matched(NamedTuple):
    item: _DataLine
    block: Block
    row: Row
    header: Header | None


def _name(item: _DataLine) -> str:
    return repr(" ".join(item.labels))


def _trusted_grids(matched: Sequence[_Matched]) -> set[int]:
    """The printed tables whose grid is right for every line that needs it: one line that it would tear makes it a lie."""
    tables = {match.item.line.table for match in matched if match.item.line.sane}
    for match in matched:
        if match.header is not None and match.item.line.sane:
            named = sum(1 for leaf in match.header.leaves if leaf.token.text)
            if len(match.item.values) != named and under_heads(match.item.values, match.header) is None:
                tables.discard(match.item.line.table)
    return tables


def _options(match: _Matched, *, use_grid: bool) -> list[tuple[Placement, ...]]:
    item, block, row, header = match
    if item.header and header is None:
        return []
    options = place_values(item.values, header, len(block.columns), use_grid=use_grid, position=item.position)
    return [
        tuple(
            make_placement(
                item.line,
                token,
                block,
                row,
                column,
                item.labels,
                header,
                tentative=not item.labels,
                inferred=header is not None and _inferred(item.values, option, header),
            )
            for token, column in option
        )
        for option in options
    ]


def _inferred(values: Sequence[Token], option: Option, header: Header) -> bool:
    """Whether a line has not one value for each head, and is not simply one run of values between blanks."""
    wanted = sum(1 for leaf in header.leaves if leaf.token.text)
    if len(values) in (wanted, wanted + header.lead):
        return False
    cells = [token.cell for token, _ in option]
    run = cells == list(range(cells[0], cells[0] + len(cells)))
    return not run or any(token.kind != "blank" for token in values if token.cell not in cells)


def _rows_in_order(block: Block) -> list[Row]:
    """The block's rows, each collapsed row just before the rows it may stand for."""
    ordered: list[Row] = []
    for row in block.rows:
        ordered.extend(c for c in block.collapsed if c.replaces and c.replaces[0] == row.indicators[0])
        ordered.append(row)
    return ordered


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
        if values and any(token.kind != "text" for token in values):
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
    labels = tuple(token.text for token in line.tokens[:end] if token.kind == "text")
    return labels, line.tokens[end:]


def _row_worth(item: _DataLine, row: Row, form_table: FormTable, vocabulary: Vocabulary) -> float | None:
    """Worth of reading a data line as a row of the form; None where its label forbids it."""
    if not item.labels:
        return 0.1 if not row.replaces and any(token.kind == "number" for token in item.values) else None
    leaf = item.labels[-1]
    fit = max(likeness(leaf, row.labels), likeness("".join(item.labels[-2:]), row.labels), _with_group(leaf, row))
    known = vocabulary.fit(leaf, form_table.id)
    if fit < _ROW_FIT or (known.row > _EXACT >= fit):
        return None  # an exact label is never a damaged other one
    if known.group > max(known.row, fit) and not row.replaces:
        return None  # a subtotal of the group, printed by the publisher
    return 10 * fit + _path_worth(item.labels[:-1], leaf, row, form_table, vocabulary) - (0.2 if row.replaces else 0.0)


def _with_group(leaf: str, row: Row) -> float:
    """Fit of a label that is printed together with its groups: （六）其他处理 3.其他."""
    groups = {row.path[-1], "".join(row.path)} if row.path else ()
    return max((likeness(leaf, tuple(group + label for label in row.labels)) for group in groups), default=0.0)


def _path_worth(groups: Sequence[str], leaf: str, row: Row, form_table: FormTable, vocabulary: Vocabulary) -> float:
    worth = 0.0
    for group in groups:
        if group != leaf and vocabulary.fit(group, form_table.id).group:
            worth += 1.0 if any(likeness(group, (label,)) > 0.7 for label in row.path) else -3.0
    return worth
