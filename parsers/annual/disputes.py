"""Tables without row labels (table 四): one line of values under a head, whole or in pieces."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from parsers.annual.columns import Header, heads_in_order, read_header
from parsers.annual.crossed import is_crossed, read_crossed
from parsers.annual.division import silent_columns
from parsers.annual.leaves import Leaf, match_leaves, repeated_at
from parsers.annual.pairing import evenly, without_blanks, without_repetitions
from parsers.annual.placement import Candidate, Placement, lost_row, make_placement
from parsers.annual.row_values import without_heads
from parsers.document import OPEN_END
from parsers.forms import Block, FormTable
from parsers.forms.vocabulary import Vocabulary
from parsers.layout import Line, Token


def read_unlabelled(form_table: FormTable, lines: Sequence[Line], vocabulary: Vocabulary) -> Candidate:
    """Read one copy of a table that has columns only."""
    block = form_table.blocks[0]
    if is_crossed(lines, form_table, vocabulary):
        return read_crossed(form_table, block, lines, vocabulary)
    pieces = _pieces(lines, form_table, vocabulary)
    read = [_readings(head, values, block) for head, values in pieces]
    if any(map(_has_blank, read)) and sum(len(ways.pairings[0]) for ways in read if ways.pairings) < len(block.columns):
        read = [_Ways([], plain=False)] * len(read)  # heads are lost, or hold two columns: no telling whose the blanks are
    why = "the values of the table do not fit its heads"
    lost = [
        lost_row([(line, [t for t in line.tokens if t.kind != "blank"]) for line in values], block, block.rows[0], why)
        for (_, values), ways in zip(pieces, read, strict=True)
        if not ways.pairings
    ]
    dropped = [
        f"a piece of the table has {len(values)} lines of values that do not fit its head"
        for (_, values), ways in zip(pieces, read, strict=True)
        if not ways.pairings
    ]
    compares = any(map(_may_repeat, pieces, read))
    read = [ways for ways in read if ways.pairings]
    if not read:
        return Candidate.of(form_table.id, (), dropped, 0.0)._replace(compares=compares, lost=tuple(lost))
    if len(read) > 1 and all(ways.plain for ways in read):
        read = [_Ways([[pair for ways in read for pair in ways.pairings[0]]], plain=True)]
    if len(read) > 1:
        return Candidate.of(form_table.id, (), [*dropped, "pieces of the table have blank cells too many"], 0.0)._replace(compares=compares)
    headless = any(not head for head, _ in pieces)
    options = [_placed(reading, block, tentative=headless) for reading in read[0].pairings]
    matched = max(len(option) for option in options)
    plain = options[0] if read[0].plain else ()
    candidate = Candidate.of(form_table.id, plain, dropped, 10.0 * matched, [tuple(options)] if len(options) > 1 else ())
    return candidate._replace(compares=compares, lost=(*candidate.lost, *lost))


_Pair = tuple[Leaf, Token, Line]


def _has_blank(ways: _Ways) -> bool:
    """Whether a line without spans has blank cells."""
    return any(token.kind == "blank" and line.width for pairs in ways.pairings for _, token, line in pairs)


def _may_repeat(piece: tuple[list[Line], list[Line]], ways: _Ways) -> bool:
    """Whether a line without spans has cells too many: equal ones may be one value."""
    wanted = len(ways.pairings[0]) if ways.pairings else 0
    return any(line.width and len(line.tokens) > wanted for line in piece[1])


def _placed(pairs: Sequence[_Pair], block: Block, *, tentative: bool) -> tuple[Placement, ...]:
    leaves = [leaf for leaf, _, _ in pairs]
    columns = match_leaves(leaves, block.columns)
    header = Header(tuple(leaves), columns)
    return tuple(
        make_placement(line, token, block, block.rows[0], column, (), header, tentative=tentative)
        for (_, token, line), column in zip(pairs, columns, strict=True)
        if column is not None
    )


def _pieces(
    lines: Sequence[Line], form_table: FormTable, vocabulary: Vocabulary
) -> list[tuple[list[Line], list[Line]]]:
    """Head lines and value lines, piece by piece (a table split in three gives three pieces of five)."""
    pieces: list[tuple[list[Line], list[Line]]] = []
    head: list[Line] = []
    values: list[Line] = []
    for line in lines:
        if _is_head(line, form_table, vocabulary):
            if head and values:
                pieces.append((head, values))
                head = []
            elif any(value.has_number() for value in values):
                pieces.append((head, values))
            values = []
            if not any(_repeats(line, above) for above in head):
                head.append(line)
        elif holds_values(line):
            values.append(line)
    if values:
        pieces.append((head, values))
    return pieces


def _repeats(line: Line, above: Line) -> bool:
    """Whether a head line is printed again."""
    return [token.text for token in line.tokens] == [token.text for token in above.tokens]


def holds_values(line: Line) -> bool:
    """Mostly values, and several of them: a caption or a footer is neither."""
    count = sum(1 for token in line.tokens if token.is_value)
    return count >= 3 and count * 2 > len(line.tokens)


def _is_head(line: Line, form_table: FormTable, vocabulary: Vocabulary) -> bool:
    return not line.has_number() and any(vocabulary.fit(token.text, form_table.id).as_column for token in line.texts())


class _Ways(NamedTuple):
    """The ways to pair the heads of a piece with its values; ``plain``: the first one is meant unless the sums contradict it."""

    pairings: list[list[_Pair]]
    plain: bool


def _readings(head: list[Line], values: list[Line], block: Block) -> _Ways:
    """The ways to read a piece: one where nothing is surplus."""
    line = _the_line(values)
    if line is None:
        return _Ways([], plain=False)
    line = _without_empty_edges(line, head)
    found = _pairings(head, line, block, on_grid=True)
    if not line.width or len(found) != 1 or len(line.tokens) == len(found[0]):
        return _Ways(found, plain=len(found) == 1)
    # A grid whose spans are lost may lie.
    others = [pairs for pairs in _pairings(head, line, block, on_grid=False) if _said(pairs) != _said(found[0])]
    return _Ways([*found, *others], plain=True)


def _without_empty_edges(line: Line, head: Sequence[Line]) -> Line:
    """The line without first and last cells that are blank as those of all heads are: an empty column is none of the table's."""
    if not line.width or not head or any(other.width != line.width for other in head):
        return line
    lines = [line, *head]
    tokens = list(line.tokens)
    while tokens and all(_blank_at(tokens[-1].x0, other) for other in lines):
        tokens.pop()
    while tokens and all(_blank_at(tokens[0].x0, other) for other in lines):
        tokens.pop(0)
    return replace(line, tokens=tuple(tokens))


def _blank_at(x: int, line: Line) -> bool:
    return not any(token.text for token in line.tokens if token.x0 == x)


def _said(pairs: Sequence[_Pair]) -> list[str]:
    return [token.text for _, token, _ in pairs]


def _pairings(head: list[Line], line: Line, block: Block, *, on_grid: bool) -> list[list[_Pair]]:
    """The same, by the grid of the head where that tells which cells are surplus, or else by order alone."""
    header = read_header(head, block.columns) if head else None
    if header is None:
        return [
            [(Leaf(token._replace(text=c.labels[0]), c.path), token, line) for token, c in zip(tokens, block.columns, strict=True)]
            for tokens in _choices(line, len(block.columns))
        ]
    named = [leaf for leaf in header.leaves if leaf.token.text]
    if line.repeats:
        line = replace(line, tokens=without_heads(line.tokens, head))
        if on_grid and (honest := _printed_alike(line, head, header)):
            return [[(leaf, token, line) for leaf, token in honest]]
        named = [leaf for i, leaf in enumerate(named) if not i or repeated_at(leaf, named[i - 1]) is None]
    if not heads_in_order(head, block.columns) and not all(leaf.path for leaf in named):
        return []
    if len(line.tokens) > len(named):
        line = _behind_the_front(line, head, header, len(named))
    if on_grid and len(line.tokens) > len(named):
        line = _under_heads(line, head)
        line = _behind_the_front(line, head, header, len(named))
    choices = _choices(line, len(named))
    if line.width and header.front and len(line.tokens) > len(named):  # the first cells may be those under 序号
        choices += _choices(replace(line, tokens=line.tokens[header.front :]), len(named))
    return [[(leaf, token, line) for leaf, token in zip(named, tokens, strict=True)] for tokens in choices]


def _printed_alike(line: Line, head: Sequence[Line], header: Header) -> list[tuple[Leaf, Token]]:
    """Heads and values that are printed once or several times alike: one value for each head, the spans of both being honest."""
    named = [leaf for leaf in header.leaves if leaf.token.text]
    starts = [leaf.token.x0 for leaf in named]
    if starts != [token.x0 for token in line.tokens] or any(other.width != line.width for other in head):
        return []
    found: list[tuple[Leaf, Token]] = []
    for i, (leaf, token) in enumerate(zip(named, line.tokens, strict=True)):
        if not i or repeated_at(leaf, named[i - 1]) is None:
            found.append((leaf, token))
        elif token.text != found[-1][1].text:
            return []
    return found


def _behind_the_front(line: Line, head: Sequence[Line], header: Header, named: int) -> Line:
    """The line without the cells under heads before the first column of the form (序号 above 1), where it has cells for those, too."""
    front, tokens = header.front, line.tokens
    if not front or len(tokens) < front + named:
        return line
    on_grid = line.sane and not line.width and tokens[front - 1].x1 <= header.leaves[0].token.x0
    behind = tokens[front + named :]
    ends = all(token.kind == "blank" for token in behind) and all(other.tokens[-1].kind == "blank" for other in head)
    return replace(line, tokens=tokens[front:]) if on_grid or not behind or ends else line


def _under_heads(line: Line, head: Sequence[Line]) -> Line:
    """The line without cells that stand under no head and say nothing."""
    if line.width:  # the carrier lost the spans: only lines of one width share a grid
        silent = silent_columns([line.tokens], head) if all(other.width == line.width for other in head) else set()
    elif line.sane:
        heads = [token for other in head for token in other.tokens if token.text]
        silent = {t.x0 for t in line.tokens if t.kind == "blank" and not any(h.x0 < t.x1 and t.x0 < h.x1 for h in heads)}
    else:
        silent = set()
    return replace(line, tokens=tuple(token for token in line.tokens if token.x0 not in silent))


def _choices(line: Line, wanted: int) -> list[tuple[Token, ...]]:
    """The ``wanted`` values of a line: what is too many must be a label at the front (件数) or blanks."""
    tokens = line.tokens
    while len(tokens) > wanted and tokens[0].kind == "text":
        tokens = tokens[1:]
    if len(tokens) == wanted:
        return [tokens]
    repeats = line.repeats or (line.width and evenly(tokens, wanted))
    return without_repetitions(tokens, wanted) if repeats else without_blanks(tokens, wanted)


def _the_line(values: list[Line]) -> Line | None:
    """The one line that holds the values: layout lines of blanks do not count; two lines of numbers leave no choice."""
    numbers = [line for line in values if line.has_number() or any(OPEN_END in token.text for token in line.texts())]
    if len(numbers) > 1:
        numbers = [line for line in numbers if not _is_footer(line)]
    if len(numbers) == 1:
        names = {line.tokens[0].text for line in values if line.tokens[0].kind == "text" and not _is_footer(line)}
        return numbers[0] if len(names) < 2 else None  # 上年 beside 本年, which is not filled in
    return values[0] if not numbers else None


def _is_footer(line: Line) -> bool:
    """Labels also behind values (填报人：某某 | 联系电话 | 12345678): who filled in the table, not what."""
    first = next((place for place, token in enumerate(line.tokens) if token.kind != "text"), 0)
    return any(token.kind == "text" for token in line.tokens[first:]) and sum(1 for _ in line.texts()) > 1
