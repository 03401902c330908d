"""Printed tables + a declared form -> which printed cell is which cell of the form.

Here printed lines are sorted to official tables and copies of them; parsers.annual.labelled and parsers.annual.disputes read one copy.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from parsers.annual.broken_heads import with_whole_heads
from parsers.annual.disputes import holds_values, read_unlabelled
from parsers.annual.labelled import read_labelled
from parsers.annual.placement import Candidate, Placement
from parsers.document import Table
from parsers.forms import Form, FormTable
from parsers.forms.vocabulary import Vocabulary
from parsers.labels import label_key
from parsers.layout import Line, Token, lines_of, transposed

_SURE_ROWS = 5  # rows with labels of the form whose values are printed, but cannot be placed
_LOST_ROWS = 2  # of which another table may share one with the form
_LOST = 0.1  # score of a table without a cell that could be placed: less than that of any other
RELEVANT = 1.0  # votes a printed table needs to be read at all


@dataclass(frozen=True, slots=True)
class Plan:
    """All readings of a page's tables by one form: candidates by official table, in page order."""

    form: Form
    candidates: dict[str, tuple[Candidate, ...]]
    printed: dict[str, tuple[int, ...]]  # numbers of the printed tables that speak of each official table
    compares: bool  # whether some reading, kept or not, rests on the values, too

    def score(self, table_id: str) -> float:
        """Worth of the best candidate for a table."""
        return max((candidate.score for candidate in self.candidates[table_id]), default=0.0)

    def covers(self, table_id: str, share: float) -> bool:
        """Whether some candidate places at least that share of the table's cells."""
        table = self.form.table(table_id)
        cells = table.n_cells if table else 0
        return any(candidate.n_cells >= share * cells > 0 or len(candidate.lost) >= _SURE_ROWS for candidate in self.candidates[table_id])


def plan_form(
    tables: Sequence[Table],
    captions: Sequence[str],
    vocabulary: Vocabulary,
    lines: Sequence[Sequence[Line]] | None = None,
) -> Plan:
    """Read the printed tables by one form; ``captions`` are the lines of text just above them.

    ``lines`` are those of the tables, where the caller has them. Raises TableTooLarge.
    """
    form = vocabulary.form
    pieces: dict[str, list[list[Line]]] = {table.id: [] for table in form.tables}
    lines = [lines_of(table, number) for number, table in enumerate(tables)] if lines is None else lines
    for number, (printed_lines, caption) in enumerate(zip(lines, captions, strict=True)):
        for table_id, piece in _segments(with_whole_heads(printed_lines, form), vocabulary):
            pieces[table_id].append([*_head_of(caption, number, table_id, vocabulary), *piece])
    candidates: dict[str, tuple[Candidate, ...]] = {}
    compares = False
    for form_table in form.tables:
        reader = _Reader(form_table, vocabulary)
        instances = _instances(pieces[form_table.id], reader)
        read = [_read_instance(instance, tables, reader) for instance in instances]
        compares = compares or reader.compares or any(candidate.compares for candidate in read)
        candidates[form_table.id] = tuple(candidate for candidate in read if candidate.n_cells and candidate.score > 0) or _all_lost(read)
    printed = {table_id: tuple(dict.fromkeys(line.table for piece in found for line in piece)) for table_id, found in pieces.items()}
    return Plan(form, candidates, printed, compares)


def _all_lost(read: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """The one copy of a table whose rows are known, but none of their values could be placed."""
    known = [candidate for candidate in read if candidate.n_lost]
    if not known:
        return ()
    return (max(known, key=lambda candidate: candidate.n_lost)._replace(placements=(), open_rows=(), score=_LOST),)


# ------------------------------------------------------------------ which lines belong to which official table


class _Segment(NamedTuple):
    table_id: str
    lines: list[Line]


def _segments(lines: Sequence[Line], vocabulary: Vocabulary) -> list[_Segment]:
    """Cut a printed table into runs of lines of one official table; lines without a vote go with the line before."""
    if speaks_for(vocabulary, {token.text for line in lines for token in line.texts()}) < RELEVANT:
        return _orphans(lines, vocabulary)
    votes = [_vote(line, vocabulary) for line in lines]
    first = next((table_id for table_id, _ in votes if table_id), None)
    if first is None:
        return []
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
    if not vocabulary.fit(caption, table_id).head:
        return []
    return [Line(number, (Token(caption, "text", -1, 0, 0, 1),), sane=False)]


def _orphans(lines: Sequence[Line], vocabulary: Vocabulary) -> list[_Segment]:
    """A printed table of nothing but values can only be the lower piece of the one official table that has no row labels."""
    for form_table in vocabulary.form.tables:
        width = len(form_table.blocks[0].columns)
        if _unlabelled(form_table) and any(len(line.tokens) == width and not line.texts() and line.has_number() for line in lines):
            return [_Segment(form_table.id, list(lines))]
    return []


def _unlabelled(form_table: FormTable) -> bool:
    """Whether the table has columns only, as table 四 has."""
    return all(not row.labels for block in form_table.blocks for row in block.rows)


def speaks_for(vocabulary: Vocabulary, texts: Iterable[str]) -> float:
    """How strongly the texts of a printed table speak for the form, each once: any table may say 其他 in row after row."""
    return sum(max((vote for _, vote in vocabulary.votes(text)), default=0.0) for text in set(texts))


def _vote(line: Line, vocabulary: Vocabulary) -> tuple[str | None, float]:
    """The official table a line's labels speak for, and how strongly."""
    votes: dict[str, float] = {}
    for token in line.texts():
        for table_id, vote in vocabulary.votes(token.text):
            votes[table_id] = votes.get(table_id, 0.0) + vote
    if not votes:
        return None, 0.0
    best = max(votes, key=lambda table_id: votes[table_id])
    if sum(1 for vote in votes.values() if vote == votes[best]) > 1:
        return None, 0.0
    return best, votes[best]


class _Reader:
    """Reads lines as a copy of one official table with row labels, the same lines only once."""

    def __init__(self, form_table: FormTable, vocabulary: Vocabulary) -> None:
        self.form_table = form_table
        self.vocabulary = vocabulary
        self.labelled = not _unlabelled(form_table)
        self._read: dict[tuple[int, ...], Candidate] = {}
        self.compares = False  # whether anything that was read rests on the values, too

    def read(self, lines: list[Line]) -> Candidate:
        """What the lines say; they must live as long as the reader."""
        key = tuple(map(id, lines))
        if key not in self._read:
            self._read[key] = read_labelled(self.form_table, lines, self.vocabulary)
            self.compares = self.compares or self._read[key].compares
        return self._read[key]


def _instances(pieces: list[list[Line]], reader: _Reader) -> list[list[Line]]:
    """Pieces of one official table joined; a piece that prints the same labels again begins another copy of the table."""
    instances: list[list[Line]] = []
    seen: set[str] = set()
    for piece in pieces:
        labels = _row_labels(piece, reader)
        again = labels & seen
        begins = not instances or len(again) > 1 or (len(again) == 1 and len(labels) == 1)
        if labels and reader.labelled and not _fits(piece, [] if begins else instances[-1], reader):
            continue
        if begins:
            instances.append([])
            seen = set()
        instances[-1].extend(piece)
        seen |= labels
    return instances


def _fits(piece: list[Line], before: list[Line], reader: _Reader) -> bool:
    """Whether values of a piece can be placed, under its own head or the one before it: another table may share a label with the form."""
    alone = reader.read(piece)
    if alone.n_cells or len(alone.lost) >= _LOST_ROWS or _on_its_side(piece, reader):
        return True
    return reader.read([*before, *piece]).n_cells > reader.read(before).n_cells


def _row_labels(piece: list[Line], reader: _Reader) -> set[str]:
    """What tells one copy of a table from another: its exact row labels, or, without row labels, its columns or groups of columns."""
    found: set[str] = set()
    vocabulary, table_id = reader.vocabulary, reader.form_table.id
    if not reader.labelled:
        if not any(holds_values(line) or line.has_number() for line in piece):
            return found
        heads = (token.text for line in piece for token in line.texts())
        return {label_key(text) for text in heads if vocabulary.fit(text, table_id).head}
    for line in piece:
        if not any(token.kind != "text" for token in line.tokens):
            continue
        for token in line.texts():
            fit = vocabulary.fit(token.text, table_id)
            if fit.row > 0.99 and fit.column < 0.99:
                found.add(label_key(token.text))
    if found or not _on_its_side(piece, reader):
        return found
    heads = (token.text for line in piece if line.has_number() for token in line.texts())
    return {label_key(text) for text in heads if vocabulary.fit(text, table_id).column}


# ------------------------------------------------------------------ one copy of an official table


def _read_instance(lines: list[Line], tables: Sequence[Table], reader: _Reader) -> Candidate:
    if not reader.labelled:
        return read_unlabelled(reader.form_table, lines, reader.vocabulary)
    upright = reader.read(lines)
    if not _on_its_side(lines, reader):
        return upright
    turned = _read_turned(lines, tables, reader)
    return turned if turned.score > upright.score else upright


def _on_its_side(lines: Iterable[Line], reader: _Reader) -> bool:
    """Column labels at the front of lines of numbers."""
    hits = 0
    for line in lines:
        fits = [reader.vocabulary.fit(token.text, reader.form_table.id) for token in line.texts()]
        if line.has_number() and any(fit.column > fit.as_row for fit in fits):
            hits += 1
    return hits >= 2


def _read_turned(lines: Sequence[Line], tables: Sequence[Table], reader: _Reader) -> Candidate:
    numbers = list(dict.fromkeys(line.table for line in lines))
    turned: list[Line] = []
    origins = {}
    for number in numbers:
        table, places = transposed(tables[number])
        origins[number] = places
        turned.extend(lines_of(table, number))
    candidate = read_labelled(reader.form_table, turned, reader.vocabulary)

    def origin(place: tuple[int, int, int]) -> tuple[int, int, int]:
        table, row, cell = place
        return table, *origins[table][row][cell]

    def back(placement: Placement) -> Placement:
        _, row, cell = origin((placement.table, placement.row, placement.cell))
        return placement._replace(row=row, cell=cell)

    return candidate._replace(
        placements=tuple(map(back, candidate.placements)),
        lost=tuple(item._replace(places=tuple(map(origin, item.places))) for item in candidate.lost),
        open_rows=tuple(tuple(tuple(map(back, option)) for option in row) for row in candidate.open_rows),
    )
