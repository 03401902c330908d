"""Rows of tables that are drawn with upright lines alone: seen where the pieces of these lines meet.

Such lines are drawn cell by cell or row by row. Between two cells that stand below each other, the lines at both sides begin anew; lines
drawn row by row do so inside a label over several rows, too. Which rows a label reaches over is told by its text, which stands in
the middle of them (or at their top). Values are never laid together: a blank beside a value is a blank value.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from parsers.carriers.page.areas import nearest
from parsers.carriers.page.cuts import is_item
from parsers.carriers.page.glyphs import Glyph, Ruling, baselines
from parsers.carriers.page.seams import distinct
from parsers.carriers.page.texts import Text, text_of

_MEET = 3.0  # points: pieces nearer than this meet
_SAME = 2.0  # points: places nearer than this are one
_OFF = 2.5  # points that a label may stand off the middle of its rows
_PITCH = 2.0  # ems between the lines of one label
_HEAD = 5  # rows: no head has more
_CUT = 0.3  # ems that a line may reach out of its cell
_BARE, _LOOSE, _JOINED = 100.0, 5.0, 0.01  # costs: a label cell without text; a text off its place; boxes taken for one cell
_MOST = 0.5  # of the rows
MAX_PIECES = 20_000
_LARGE = 2.5  # times the usual size: a watermark's character
_NEVER = float("inf")


class _UnclearError(Exception):
    """Heads stand so that their rows cannot be told."""


class _Box(NamedTuple):
    """One row of one column, as far as no upright line parts it: its row, its sides (indices of places)."""

    row: int
    left: int
    right: int


class _Drawn:
    """The uprights of one table on a grid of all places where they stand and end."""

    def __init__(self, stems: Sequence[Ruling]) -> None:
        self.xs = distinct(stem.at for stem in stems)
        self.ys = distinct(y for stem in stems for y in (stem.start, stem.end))
        self.walls: set[tuple[int, int]] = set()  # (place, row)
        self.breaks: set[tuple[int, int]] = set()  # (place, height)
        for stem in stems:
            x = nearest(self.xs, stem.at)
            top, bottom = nearest(self.ys, stem.start), nearest(self.ys, stem.end)
            self.walls.update((x, row) for row in range(top, bottom))
            self.breaks.update(((x, top), (x, bottom)))

    def boxes(self, row: int) -> list[_Box]:
        """The boxes of a row, left to right."""
        walls = [x for x in range(len(self.xs)) if (x, row) in self.walls]
        return [_Box(row, left, right) for left, right in pairwise(walls)]


def upright_tables(stems: Iterable[Ruling], glyphs: Sequence[Glyph]) -> Iterator[tuple[list[Ruling], list[Ruling]]]:
    """Tables as level and upright lines, the level ones supplied where the pieces of ``stems`` meet."""
    pieces = sorted((stem for stem in stems if stem.end - stem.start > _SAME), key=lambda stem: stem.start)
    if not 4 <= len(pieces) <= MAX_PIECES:
        return
    tables: list[list[Ruling]] = []
    bottom = -_NEVER
    for piece in pieces:
        if piece.start > bottom + _MEET:
            tables.append([])
        tables[-1].append(piece)
        bottom = max(bottom, piece.end)
    for table in tables:
        table.extend(_open_sides(_Drawn(table), glyphs))
        drawn = _Drawn(table)
        if len(drawn.xs) < 3 or len(drawn.ys) < 2:
            continue
        texts = _texts(drawn, glyphs)
        if not texts or _holds_rows(drawn, texts):
            continue
        with suppress(_UnclearError):
            yield list(_levels(drawn, texts)), table


def _open_sides(drawn: _Drawn, glyphs: Sequence[Glyph]) -> Iterator[Ruling]:
    """The sides of a table drawn without them: where the texts beside its outermost lines begin and end, if most rows have some."""
    rows = list(pairwise(drawn.ys))
    inside = [glyph for glyph in glyphs if not glyph.text.isspace() and drawn.ys[0] < glyph.middle[1] < drawn.ys[-1]]
    for beyond in (
        [glyph for glyph in inside if glyph.middle[0] < drawn.xs[0]],
        [glyph for glyph in inside if glyph.middle[0] > drawn.xs[-1]],
    ):
        filled = {bisect_right(drawn.ys, glyph.middle[1]) - 1 for glyph in beyond}
        if len(filled) <= _MOST * len(rows):
            continue
        is_left = beyond[0].middle[0] < drawn.xs[0]
        at = min(glyph.x0 for glyph in beyond) - 1.0 if is_left else max(glyph.x1 for glyph in beyond) + 1.0
        yield from (Ruling(at, top, bottom) for top, bottom in rows)


def _texts(drawn: _Drawn, glyphs: Sequence[Glyph]) -> dict[_Box, list[Text]]:
    """The printed lines of each box that has any."""
    rows = [drawn.boxes(row) for row in range(len(drawn.ys) - 1)]
    held: dict[_Box, list[Glyph]] = {}
    large = _LARGE * median(glyph.size for glyph in glyphs) if glyphs else 0.0
    for glyph in glyphs:
        x, y = glyph.middle
        row = bisect_right(drawn.ys, y) - 1
        if glyph.text.isspace() or glyph.size > large or not 0 <= row < len(rows):
            continue
        box = next((box for box in rows[row] if drawn.xs[box.left] <= x < drawn.xs[box.right]), None)
        if box is not None:
            held.setdefault(box, []).append(glyph)
    return {box: [text_of(line) for line in baselines(found)] for box, found in held.items()}


def _holds_rows(drawn: _Drawn, texts: dict[_Box, list[Text]]) -> bool:
    """Whether values stand below each other in one box: the lines do not part the rows, then.

    A number too long for its cell goes on below, too; but it fills the cell's width.
    """
    for box, lines in texts.items():
        width = drawn.xs[box.right] - drawn.xs[box.left]
        for upper, lower in pairwise(lines):
            if upper.is_value and lower.is_value:
                filled = upper.box.x1 - upper.box.x0
                if filled < 0.6 * width or lower.box.x1 - lower.box.x0 > filled + 1:
                    return True
    return False


def _levels(drawn: _Drawn, texts: dict[_Box, list[Text]]) -> Iterator[Ruling]:
    """The level lines above and below each cell."""
    rows = [drawn.boxes(row) for row in range(len(drawn.ys) - 1)]
    values = [box for box, lines in texts.items() if any(text.is_value for text in lines)]
    body = min((box.row for box in values), default=0)
    body = body if body <= _HEAD else 0
    labels = min((box.left for box in values), default=len(drawn.xs))  # what ends here or before is a label
    inset = _inset(drawn, {box: texts[box] for box in values})
    for sides in sorted({(box.left, box.right) for row in rows for box in row}):
        for run in _columns(sides, rows):
            yield _floor(drawn, run[0]._replace(row=run[0].row - 1))
            yield _floor(drawn, run[-1])
            for part in _parts(run, body):
                yield _floor(drawn, part[-1])
                may_join = part[0].row < body or sides[1] <= labels
                found = _seams(drawn, part, texts, inset if may_join else None, part[0].row < body)
                yield from (_floor(drawn, box) for box in found)


def _inset(drawn: _Drawn, values: dict[_Box, list[Text]]) -> float:
    """How far below a cell's top texts begin, where they do not stand in its middle; infinite where they do, or where nothing tells."""
    gaps = [(lines[0].box.top - drawn.ys[box.row], drawn.ys[box.row + 1] - lines[-1].box.bottom) for box, lines in values.items()]
    at_top = [above for above, below in gaps if below - above > 2 * _OFF]
    least = min((above for above, _ in gaps), default=0.0)
    in_middle = sum(abs(above - below) <= 2 * _OFF and above > least + _OFF for above, below in gaps)
    return median(at_top) if len(at_top) > in_middle else _NEVER


def _floor(drawn: _Drawn, box: _Box) -> Ruling:
    return Ruling(drawn.ys[box.row + 1], drawn.xs[box.left], drawn.xs[box.right])


def _columns(sides: tuple[int, int], rows: Sequence[Sequence[_Box]]) -> Iterator[list[_Box]]:
    """The runs of boxes with the same sides, top to bottom."""
    run: list[_Box] = []
    for number, row in enumerate(rows):
        box = _Box(number, *sides)
        if box in row:
            run.append(box)
        elif run:
            yield run
            run = []
    if run:
        yield run


def _parts(run: Sequence[_Box], body: int) -> Iterator[list[_Box]]:
    """The boxes of a run in the table's head and in its body."""
    for part in ([box for box in run if box.row < body], [box for box in run if box.row >= body]):
        if part:
            yield part


def _seams(drawn: _Drawn, run: Sequence[_Box], texts: dict[_Box, list[Text]], inset: float | None, is_head: bool) -> Iterator[_Box]:
    """The boxes of a run with a cell's end below them; the last one is not told.

    ``inset``: see ``_inset``; None where no boxes are laid together for their text. Raises _UnclearError.
    """
    atoms: list[list[_Box]] = [[run[0]]]
    for upper, lower in pairwise(run):
        broken = {(upper.left, lower.row), (upper.right, lower.row)} & drawn.breaks
        if len(broken) == 2 or (broken and lower in texts and is_item(texts[lower][0])):
            atoms.append([])
        atoms[-1].append(lower)
    cuts = range(1, len(atoms)) if inset is None else _cells(drawn, atoms, texts, inset, is_head)
    yield from (atoms[cut - 1][-1] for cut in cuts)


def _cells(drawn: _Drawn, atoms: Sequence[Sequence[_Box]], texts: dict[_Box, list[Text]], inset: float, is_head: bool) -> list[int]:
    """Where a column of labels is cut into cells, so that the least are blank and the texts stand in the middle.

    Raises:
        _UnclearError: a head does not stand as in a cell; it would name a column by half of its name.
    """
    lines = [[text for box in atom for text in texts.get(box, ())] for atom in atoms]
    best: list[tuple[float, int]] = [(0.0, 0)]
    for end in range(1, len(atoms) + 1):
        costs = ((best[start][0] + _cost(drawn, atoms[start:end], lines[start:end], inset), -start) for start in range(end))
        cost, start = min(costs)
        best.append((cost, -start))
    if is_head and best[-1][0] % _BARE >= _LOOSE and len(atoms) > 1:
        raise _UnclearError
    cuts = []
    end = best[-1][1]
    while end:
        cuts.append(end)
        end = best[end][1]
    return cuts[::-1]


def _cost(drawn: _Drawn, atoms: Sequence[Sequence[_Box]], lines: Sequence[Sequence[Text]], inset: float) -> float:
    """What it costs to take these boxes for one cell."""
    top, bottom = drawn.ys[atoms[0][0].row], drawn.ys[atoms[-1][-1].row + 1]
    found = [text for atom in lines for text in atom]
    if not found:
        return _BARE * len(atoms)
    first, last = found[0].box.top, found[-1].box.bottom
    if first < top - _CUT * found[0].size or last > bottom + _CUT * found[0].size:
        return _NEVER  # a line of text is cut
    is_placed = abs((first + last) / 2 - (top + bottom) / 2) <= _OFF or abs(first - top - inset) <= _OFF
    is_cut = atoms[0][0].row == 0 or atoms[-1][-1].row == len(drawn.ys) - 2  # by the page break: it may stand anywhere
    if len(atoms) == 1:
        return 0.0 if is_placed or is_cut else _LOOSE
    if any(lower.base - upper.base >= _PITCH * lower.size for upper, lower in pairwise(found)):
        return _NEVER
    return _JOINED if is_placed else 2 * _JOINED if is_cut else _NEVER
