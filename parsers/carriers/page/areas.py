"""The boxes between drawn lines, those with no line between them as one cell."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from parsers.carriers.page.glyphs import Ruling


def nearest(places: Sequence[float], value: float) -> int:
    """The index of the place nearest to a value; ``places`` are sorted, at least one."""
    after = bisect_left(places, value)
    return min(range(max(0, after - 1), min(len(places), after + 1)), key=lambda i: abs(places[i] - value))


def drawn(lines: list[Ruling], edges: list[float], cuts: list[float]) -> set[tuple[int, int]]:
    """Pairs (edge, interval of cuts) where lines cover more than half of the interval."""
    covered: dict[tuple[int, int], float] = {}
    for line in lines:
        edge = nearest(edges, line.at)
        for k in range(max(0, bisect_right(cuts, line.start) - 1), min(len(cuts) - 1, bisect_left(cuts, line.end))):
            overlap = min(line.end, cuts[k + 1]) - max(line.start, cuts[k])
            if overlap > 0:
                covered[edge, k] = covered.get((edge, k), 0.0) + overlap / (cuts[k + 1] - cuts[k])
    return {key for key, share in covered.items() if share > 0.5}


def areas_of(n_rows: int, n_cols: int, walls: set[tuple[int, int]], floors: set[tuple[int, int]]) -> list[tuple[int, int, int, int]]:
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
