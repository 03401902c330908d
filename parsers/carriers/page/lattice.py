"""Tables with drawn lines: rulings -> cells with their spans.

Each group of lines that touch is one table. Its lines cut the plane into elementary boxes; boxes with no line between
them are one cell. That needs no corner to be drawn, so open sides and missing outer borders do no harm.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from parsers.carriers.page.areas import areas_of, drawn
from parsers.carriers.page.glyphs import (
    Box,
    Glyph,
    PageContent,
    Ruling,
    baselines,
    block_text,
    is_wide,
    line_text,
    may_be_two_numbers,
    whole_runs,
)
from parsers.carriers.page.seams import seamed_tables
from parsers.carriers.page.texts import is_row
from parsers.carriers.page.uprights import upright_tables
from parsers.document import OPEN, OPEN_END

NEAR = 3.0  # points: lines nearer than this are one line
_DOUBLE = 7.0  # points: a double line, or the borders of two cells and the space between them, is no wider; no row is as low
MAX_LINES = 1500  # per page and direction, after merging
MAX_BOXES = 20_000
_ON_EDGE = 0.08  # ems: an edge nearer than this to a glyph's side does not cut the glyph


_Group = tuple[list[Ruling], list[Ruling]]  # level and upright lines that belong together


class TooManyLinesError(Exception):
    """More lines than any report's table has."""


@dataclass(frozen=True, slots=True)
class GridCell:
    """A cell of a lattice: its first row and column, its spans, its text and its address."""

    row: int
    col: int
    rowspan: int
    colspan: int
    text: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Lattice:
    """A table on the page: its box, the x of its column edges, its number of rows, its cells in reading order.

    The edges of an unruled table are where its texts begin.
    """

    box: Box
    edges: tuple[float, ...]
    n_rows: int
    cells: tuple[GridCell, ...]

    @property
    def n_cols(self) -> int:
        """Number of elementary columns."""
        return len(self.edges) - 1


def find_lattices(page: PageContent) -> tuple[list[Lattice], list[Glyph]]:
    """The ruled tables of a page, their cells filled; and the glyphs that stand in none of them.

    Raises:
        TooManyLinesError: the page is a drawing, not a report.
    """
    ruled = [shape for shape in _shapes(page) if not _frames_rows(shape, page.glyphs)]
    shapes = _smallest_first([*ruled, *_seamed(page, ruled)])
    outside: list[Glyph] = []
    for run in whole_runs(page.glyphs):
        if not any(shape.take(run) for shape in shapes):
            outside.extend(run)
    filled = [shape.with_text(page.number) for shape in shapes]
    filled.sort(key=lambda lattice: (lattice.box.top, lattice.box.x0))
    return filled, outside


def cell_boxes(page: PageContent) -> list[list[Box]]:
    """The cells that the lines of a page enclose, table by table. Raises TooManyLinesError."""
    return [[shape.box_of(cell) for cell in shape.cells] for shape in _shapes(page)]


def _shapes(page: PageContent) -> list[_Shape]:
    """The ruled tables of a page, the smallest first."""
    horizontal, vertical = merge_rulings(page.horizontal), merge_rulings(page.vertical)
    if len(horizontal) > MAX_LINES or len(vertical) > MAX_LINES:
        raise TooManyLinesError(f"{len(horizontal)} + {len(vertical)} lines")
    shapes = [shape for group in _with_sides(_groups(horizontal, vertical)) if (shape := _shape(*group)) is not None]
    return _smallest_first(shape for shape in shapes if len(shape.cells) > 1)


def _frames_rows(shape: _Shape, glyphs: Sequence[Glyph]) -> bool:
    """Whether a table of one column has values beside each other: its rows are ruled, and framed, but not its columns."""
    if any(cell.colspan < shape.lattice.n_cols for cell in shape.cells):
        return False
    return any(is_row(line) for line in baselines(glyph for glyph in glyphs if shape.lattice.box.holds(*glyph.middle)))


def _smallest_first(shapes: Iterable[_Shape]) -> list[_Shape]:
    """A table in a frame stands before its frame."""
    return sorted(shapes, key=lambda shape: shape.lattice.box.area)


def _seamed(page: PageContent, ruled: Sequence[_Shape]) -> Iterator[_Shape]:
    """Tables drawn without upright lines, or with these alone, outside of those that have both."""
    boxes = [shape.lattice.box for shape in ruled]

    def is_free(x: float, y: float) -> bool:
        return not any(box.holds(x, y, NEAR) for box in boxes)

    levels = [level for level in page.horizontal if is_free((level.start + level.end) / 2, level.at)]
    fills = [fill for fill in page.fills if is_free((fill.x0 + fill.x1) / 2, (fill.top + fill.bottom) / 2)]
    stems = [stem for stem in page.vertical if is_free(stem.at, (stem.start + stem.end) / 2)]
    if not levels and not fills and not stems:
        return
    glyphs = [glyph for glyph in page.glyphs if is_free(*glyph.middle)]
    for group in (*seamed_tables(levels, fills, glyphs), *(upright_tables(stems, glyphs) if not levels else ())):
        shape = _shape(*group)
        if shape is not None and len(shape.cells) > 1:
            yield shape


def merge_rulings(rulings: Iterable[Ruling]) -> list[Ruling]:
    """Lines that continue or cover each other as one line; short strokes (4 points) are dropped after merging."""
    merged: list[Ruling] = []
    band: list[Ruling] = []
    for ruling in sorted(rulings):
        if band and (ruling.at - band[-1].at > 1.0 or ruling.at - band[0].at > 2.0):
            merged.extend(_merge_band(band))
            band = []
        band.append(ruling)
    merged.extend(_merge_band(band))
    return [ruling for ruling in merged if ruling.end - ruling.start >= 4.0]


def _merge_band(band: Sequence[Ruling]) -> list[Ruling]:
    merged: list[Ruling] = []
    for ruling in sorted(band, key=lambda r: r.start):
        if merged and ruling.start - merged[-1].end <= NEAR:
            last = merged[-1]
            merged[-1] = Ruling(last.at, last.start, max(last.end, ruling.end))
        else:
            merged.append(ruling)
    return merged


def _groups(horizontal: list[Ruling], vertical: list[Ruling]) -> list[_Group]:
    """Lines that touch, directly or through others, belong together."""
    parent = list(range(len(horizontal) + len(vertical)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    for i, level in enumerate(horizontal):
        for j, stem in enumerate(vertical):
            if level.start - NEAR <= stem.at <= level.end + NEAR and stem.start - NEAR <= level.at <= stem.end + NEAR:
                parent[root(len(horizontal) + j)] = root(i)
    groups: dict[int, tuple[list[Ruling], list[Ruling]]] = {}
    for i, level in enumerate(horizontal):
        groups.setdefault(root(i), ([], []))[0].append(level)
    for j, stem in enumerate(vertical):
        groups.setdefault(root(len(horizontal) + j), ([], []))[1].append(stem)
    return list(groups.values())


def _with_sides(groups: list[_Group]) -> list[_Group]:
    """The groups, an upright line that touches none added to the one that is as high: the side of a cell taller than the page."""
    alone = [group for group in groups if not group[0]]
    whole = [group for group in groups if group[0] and group[1]]
    for _, (stem, *_) in alone:
        for _, stems in whole:
            top, bottom = min(other.start for other in stems), max(other.end for other in stems)
            if abs(stem.start - top) <= NEAR and abs(stem.end - bottom) <= NEAR:
                stems.append(stem)
                break
    return whole


def cluster(values: Iterable[float], near: float = NEAR) -> list[float]:
    """Sorted distinct positions; values that follow each other within ``near`` count as their mean, double lines too."""
    clusters: list[list[float]] = []
    for value in sorted(values):
        if clusters and value - clusters[-1][-1] <= near and value - clusters[-1][0] <= _DOUBLE:
            clusters[-1].append(value)
        else:
            clusters.append([value])
    return [sum(group) / len(group) for group in clusters]


@dataclass(slots=True)
class _Shape:
    lattice: Lattice
    rows: list[float]
    cells: tuple[GridCell, ...]
    at: dict[tuple[int, int], int]
    glyphs: list[list[Glyph]]
    run_together: list[tuple[str, set[int]]]

    def take(self, run: list[Glyph]) -> bool:
        """Take a run of glyphs into its cell; False where it stands in none.

        A number that overflows its cell stays whole. But where the edge stands between two of its glyphs, it may as well be
        the numbers of two cells: both are left open.
        """
        x, y = (run[0].x0 + run[-1].x1) / 2, run[0].middle[1]
        index = self.cell_at(x, y)
        if index is None:
            return False
        self.glyphs[index].extend(run)
        edges = self.lattice.edges
        if len(run) > 1 and not any(g.x0 + _ON_EDGE * g.size < edge < g.x1 - _ON_EDGE * g.size for edge in edges for g in run):
            held = {cell for g in run if (cell := self.cell_at(g.middle[0], y)) is not None}
            if len(held) > 1:
                self.run_together.append((line_text(run), held))
        return True

    def cell_at(self, x: float, y: float) -> int | None:
        """Index of the cell that holds the point."""
        if not self.lattice.box.holds(x, y, 1.0):
            return None
        row = _interval(self.rows, y)
        col = _interval(self.lattice.edges, x)
        return self.at.get((row, col))

    def box_of(self, cell: GridCell) -> Box:
        """Where the cell stands on the page."""
        edges, rows = self.lattice.edges, self.rows
        return Box(edges[cell.col], rows[cell.row], edges[cell.col + cell.colspan], rows[cell.row + cell.rowspan])

    def with_text(self, page: int) -> Lattice:
        """The table with the texts of its cells."""
        texts = [block_text(glyphs) for glyphs in self.glyphs]
        for i, glyphs in enumerate(self.glyphs):
            if may_be_two_numbers(glyphs):
                texts[i] += OPEN_END
        for run, held in self.run_together:
            if any(is_wide(g.text) for index in held for g in self.glyphs[index]):
                continue  # it reaches over a label
            for index in held:
                text = texts[index]
                texts[index] = f"{run}{OPEN}{text}" if text and run not in text else f"{text or run}{OPEN_END}"
        cells = [
            replace(cell, text=text, address=self.box_of(cell).address(page)) for cell, text in zip(self.cells, texts, strict=True)
        ]
        return replace(self.lattice, cells=tuple(cells))


def _interval(edges: Sequence[float], value: float) -> int:
    """Index of the interval that holds ``value``, the outer ones for values beyond the ends."""
    return min(max(bisect_right(edges, value) - 1, 0), len(edges) - 2)


def _shape(horizontal: list[Ruling], vertical: list[Ruling]) -> _Shape | None:
    """The cells that a group of touching lines encloses; None where it encloses none."""
    if not horizontal or not vertical:
        return None
    xs = cluster(
        [stem.at for stem in vertical]
        + _beyond([stem.at for stem in vertical], [x for level in horizontal for x in (level.start, level.end)])
    )
    ys = cluster(
        [level.at for level in horizontal]
        + _beyond([level.at for level in horizontal], [y for stem in vertical for y in (stem.start, stem.end)])
    )
    n_rows, n_cols = len(ys) - 1, len(xs) - 1
    if n_rows < 1 or n_cols < 1 or n_rows * n_cols > MAX_BOXES:
        return None
    walls = drawn(vertical, xs, ys)  # (edge, row): a line stands on this edge beside this row
    floors = drawn(horizontal, ys, xs)  # (edge, col)
    areas = areas_of(n_rows, n_cols, walls, floors)
    cells = tuple(sorted((GridCell(r, c, rs, cs) for r, c, rs, cs in areas), key=lambda cell: (cell.row, cell.col)))
    at = {(cell.row + i, cell.col + j): index for index, cell in enumerate(cells) for i in range(cell.rowspan) for j in range(cell.colspan)}
    return _Shape(Lattice(Box(xs[0], ys[0], xs[-1], ys[-1]), tuple(xs), n_rows, ()), ys, cells, at, [[] for _ in cells], [])


def _beyond(edges: list[float], ends: list[float]) -> list[float]:
    """The ends of crossing lines that reach beyond the outermost edges: the side of a table drawn open."""
    low, high = min(ends), max(ends)
    return ([low] if low < min(edges) - 2 * NEAR else []) + ([high] if high > max(edges) + 2 * NEAR else [])
