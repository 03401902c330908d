"""Tables with drawn lines: rulings -> cells with their spans.

Each group of lines that touch is one table. Its lines cut the plane into elementary boxes; boxes with no line between
them are one cell. That needs no corner to be drawn, so open sides and missing outer borders do no harm.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from parsers.carriers.glyphs import Box, Glyph, PageContent, Ruling, block_text, is_wide
from parsers.carriers.seams import seamed_tables

NEAR = 3.0  # points: lines nearer than this are one line
_DOUBLE = 7.0  # points: a double line, or the borders of two cells and the space between them, is no wider; no row is as low
MAX_LINES = 1500  # per page and direction, after merging
MAX_BOXES = 20_000


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
    ruled = _shapes(page)
    shapes = _smallest_first([*ruled, *_seamed(page, ruled)])
    texts: list[list[list[Glyph]]] = [[[] for _ in shape.cells] for shape in shapes]
    outside: list[Glyph] = []
    for run in _runs(page.glyphs):
        x = (run[0].x0 + run[-1].x1) / 2
        y = run[0].middle[1]
        for shape, cells in zip(shapes, texts, strict=True):
            if (index := shape.cell_at(x, y)) is not None:
                cells[index].extend(run)
                break
        else:
            outside.extend(run)
    filled = [shape.with_text(cells, page.number) for shape, cells in zip(shapes, texts, strict=True)]
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
    shapes = [shape for group in _groups(horizontal, vertical) if (shape := _shape(*group)) is not None]
    return _smallest_first(shape for shape in shapes if len(shape.cells) > 1)


def _smallest_first(shapes: Iterable[_Shape]) -> list[_Shape]:
    """A table in a frame stands before its frame."""
    return sorted(shapes, key=lambda shape: shape.lattice.box.area)


def _seamed(page: PageContent, ruled: Sequence[_Shape]) -> Iterator[_Shape]:
    """Tables drawn without upright lines, outside of those that have them."""
    boxes = [shape.lattice.box for shape in ruled]

    def is_free(x: float, y: float) -> bool:
        return not any(box.holds(x, y, NEAR) for box in boxes)

    levels = [level for level in page.horizontal if is_free((level.start + level.end) / 2, level.at)]
    fills = [fill for fill in page.fills if is_free((fill.x0 + fill.x1) / 2, (fill.top + fill.bottom) / 2)]
    if not levels and not fills:
        return
    glyphs = [glyph for glyph in page.glyphs if is_free(*glyph.middle)]
    for group in seamed_tables(levels, fills, glyphs):
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


def _groups(horizontal: list[Ruling], vertical: list[Ruling]) -> list[tuple[list[Ruling], list[Ruling]]]:
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

    def with_text(self, texts: Sequence[Sequence[Glyph]], page: int) -> Lattice:
        cells = []
        for cell, glyphs in zip(self.cells, texts, strict=True):
            cells.append(replace(cell, text=block_text(glyphs), address=self.box_of(cell).address(page)))
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
    walls = _drawn(vertical, xs, ys)  # (edge, row): a line stands on this edge beside this row
    floors = _drawn(horizontal, ys, xs)  # (edge, col)
    areas = _areas(n_rows, n_cols, walls, floors)
    cells = tuple(sorted((GridCell(r, c, rs, cs) for r, c, rs, cs in areas), key=lambda cell: (cell.row, cell.col)))
    at = {(cell.row + i, cell.col + j): index for index, cell in enumerate(cells) for i in range(cell.rowspan) for j in range(cell.colspan)}
    return _Shape(Lattice(Box(xs[0], ys[0], xs[-1], ys[-1]), tuple(xs), n_rows, ()), ys, cells, at)


def _beyond(edges: list[float], ends: list[float]) -> list[float]:
    """The ends of crossing lines that reach beyond the outermost edges: the side of a table drawn open."""
    low, high = min(ends), max(ends)
    return ([low] if low < min(edges) - 2 * NEAR else []) + ([high] if high > max(edges) + 2 * NEAR else [])


def _drawn(lines: list[Ruling], edges: list[float], cuts: list[float]) -> set[tuple[int, int]]:
    """Pairs (edge, interval of cuts) where lines cover more than half of the interval."""
    covered: dict[tuple[int, int], float] = {}
    for line in lines:
        after = bisect_left(edges, line.at)
        edge = min(range(max(0, after - 1), min(len(edges), after + 1)), key=lambda i: abs(edges[i] - line.at))
        for k in range(max(0, bisect_right(cuts, line.start) - 1), min(len(cuts) - 1, bisect_left(cuts, line.end))):
            overlap = min(line.end, cuts[k + 1]) - max(line.start, cuts[k])
            if overlap > 0:
                covered[edge, k] = covered.get((edge, k), 0.0) + overlap / (cuts[k + 1] - cuts[k])
    return {key for key, share in covered.items() if share > 0.5}


def _areas(n_rows: int, n_cols: int, walls: set[tuple[int, int]], floors: set[tuple[int, int]]) -> list[tuple[int, int, int, int]]:
    """Cells as (row, col, rowspan, colspan): boxes with no line between them, cut back to rectangles."""
    label: dict[tuple[int, int], int] = {}
    areas: list[list[tuple[int, int]]] = []
    for start in ((r, c) for r in range(n_rows) for c in range(n_cols)):
        if start in label:
            continue
        area, stack = [], [start]
        label[start] = len(areas)
        while stack:
            r, c = stack.pop()
            area.append((r, c))
            for box, open_ in (
                ((r, c + 1), (c + 1, r) not in walls),
                ((r, c - 1), (c, r) not in walls),
                ((r + 1, c), (r + 1, c) not in floors),
                ((r - 1, c), (r, c) not in floors),
            ):
                if open_ and 0 <= box[0] < n_rows and 0 <= box[1] < n_cols and box not in label:
                    label[box] = len(areas)
                    stack.append(box)
        areas.append(area)
    return [rectangle for area in areas for rectangle in _rectangles(area)]


def _rectangles(area: list[tuple[int, int]]) -> list[tuple[int, int, int, int]]:
    """An area as rectangles: itself where it is one, else its level runs, equal neighbours joined."""
    runs: list[tuple[int, int, int, int]] = []
    for r, c in sorted(area):
        if runs and runs[-1][0] == r and runs[-1][1] + runs[-1][3] == c:
            row, col, rowspan, colspan = runs[-1]
            runs[-1] = (row, col, rowspan, colspan + 1)
        else:
            runs.append((r, c, 1, 1))
    joined: list[tuple[int, int, int, int]] = []
    lowest: dict[tuple[int, int], int] = {}  # (col, colspan) -> the last rectangle there
    for row, col, _, colspan in runs:
        above = lowest.get((col, colspan))
        if above is not None and joined[above][0] + joined[above][2] == row:
            r, c, rs, cs = joined[above]
            joined[above] = (r, c, rs + 1, cs)
        else:
            lowest[col, colspan] = len(joined)
            joined.append((row, col, 1, colspan))
    return joined


def _runs(glyphs: Iterable[Glyph]) -> list[list[Glyph]]:
    """Glyphs that may not be torn apart: a number that overflows its cell still belongs to one cell.

    Latin glyphs that touch make a run; a Chinese character is a run of its own.
    """
    runs: list[list[Glyph]] = []
    order = sorted(glyphs, key=lambda g: (round(g.base), g.x0))
    for glyph in order:
        last = runs[-1][-1] if runs else None
        if (
            last is not None
            and not is_wide(last.text)
            and not is_wide(glyph.text)
            and not last.text.isspace()
            and not glyph.text.isspace()
            and last.turn == glyph.turn == 0
            and abs(last.base - glyph.base) < 0.2 * glyph.size
            and -0.5 * glyph.size < glyph.x0 - last.x1 < 0.15 * glyph.size
        ):
            runs[-1].append(glyph)
        else:
            runs.append([glyph])
    return runs
