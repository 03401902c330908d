"""A ruled table that a page break has cut, put together again.

Two lattices are one table when nothing but page furniture stands between them and their columns line up. The break
may also cut a cell: a group label goes on below (``（四）无`` | ``法提供``), or a whole row does. What went on is known
by its text, which begins like no item of a list, and by the numbering of items beside it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from parsers.carriers.page.areas import nearest
from parsers.carriers.page.glyphs import Box, join_lines
from parsers.carriers.page.halves import ITEM, is_value, may_be_cut, row_is_cut
from parsers.carriers.page.lattice import NEAR, GridCell, Lattice, cluster
from parsers.carriers.page.layout import Line
from parsers.carriers.page.texts import split_line
from parsers.document import OPEN

_NUMBERED = re.compile(r"[（(]?(\d{1,2}|[一二三四五六七八九十])[）)、.．,，]\D")
_CHINESE = "一二三四五六七八九十"
_FRAME = 9.0  # points that a frame may stand off the cells in it
_MANY_EDGES = 6  # of columns: so many do not line up by chance


def join_over_break(upper: Lattice, lower: Lattice) -> Lattice | None:
    """``lower`` appended to ``upper``, cut cells mended; None where the columns say that they are two tables."""
    below = _lined_up(upper, lower)
    if below is None:
        return None
    edges = cluster([*upper.edges, *below], 2 * NEAR)
    top = _on(upper.cells, upper.edges, edges, 0)
    bottom = _on(lower.cells, below, edges, upper.n_rows)
    bottom, n_dropped = _without_repeated_head(top, bottom, upper.n_rows)
    top, shorter = _without_repeated_row(top, bottom, upper.n_rows)
    if shorter is not None:
        bottom, n_dropped = shorter, n_dropped + 1
    n_rows = upper.n_rows + lower.n_rows - n_dropped
    cells, n_rows = _mended(top, bottom, upper.n_rows, n_rows, edges)
    box = Box(upper.box.x0, upper.box.top, upper.box.x1, lower.box.bottom)
    return Lattice(box, tuple(edges), n_rows, tuple(sorted(cells, key=lambda cell: (cell.row, cell.col))))


def _lined_up(upper: Lattice, lower: Lattice) -> list[float] | None:
    """The lower table's edges, moved so that they stand below those of the upper one; None where they are not the same columns.

    A frame that is drawn apart from the cells may be taken for their outer edge on one page only.
    """
    for end in (0, -1, None):
        shift = 0.0 if end is None else upper.edges[end] - lower.edges[end]
        below = [edge + shift for edge in lower.edges]
        few, many = sorted((upper.edges, tuple(below)), key=len)
        inner = all(abs(edge - many[nearest(many, edge)]) <= 2 * NEAR for edge in few[1:-1])
        outer = 2 * NEAR if end is not None or len(few) < _MANY_EDGES else _FRAME
        if inner and all(abs(upper.edges[side] - below[side]) <= outer for side in (0, -1)):
            return [upper.edges[0], *below[1:-1], upper.edges[-1]]
    return None


def with_bare_row(table: Lattice, line: Line) -> Lattice | None:
    """The table with a line that follows on the next page as its last row, though no line is drawn around it.

    None where it is no row: a label and values that stand in the table's columns.
    """
    texts = split_line(line.glyphs, columns=list(pairwise(table.edges)))
    if len(texts) < 2 or texts[0].is_value or not all(text.is_value for text in texts[1:]):
        return None
    columns = [min(max(bisect_right(table.edges, text.middle) - 1, 0), table.n_cols - 1) for text in texts]
    if len(set(columns)) < len(columns) or texts[0].box.x0 < table.edges[0] - 2 or texts[-1].box.x1 > table.edges[-1] + 2:
        return None
    found = dict(zip(columns, texts, strict=True))
    row = [
        GridCell(table.n_rows, c, 1, 1, *((found[c].text, found[c].box.address(line.page)) if c in found else ("", "")))
        for c in range(table.n_cols)
    ]
    return replace(table, n_rows=table.n_rows + 1, cells=(*table.cells, *row))


def _on(cells: Sequence[GridCell], old: Sequence[float], new: Sequence[float], down: int) -> list[GridCell]:
    """The cells on other column edges, moved down by ``down`` rows; blank ones too narrow to lie between two of these left out."""
    column = [nearest(new, edge) for edge in old]
    placed = ((cell, column[cell.col], column[cell.col + cell.colspan]) for cell in cells)
    return [
        replace(cell, row=cell.row + down, col=min(left, len(new) - 2), colspan=max(1, right - left))
        for cell, left, right in placed
        if left < right or cell.text
    ]


def _without_repeated_head(top: list[GridCell], bottom: list[GridCell], seam: int) -> tuple[list[GridCell], int]:
    """The lower cells without the leading rows that only print the table's head again, and how many rows those are."""

    def rows(cells: list[GridCell], first: int) -> dict[int, list[tuple[int, int, int, str]]]:
        found: dict[int, list[tuple[int, int, int, str]]] = {}
        for cell in sorted(cells, key=lambda c: (c.row, c.col)):
            found.setdefault(cell.row - first, []).append((cell.col, cell.colspan, cell.rowspan, cell.text))
        return found

    above, below = rows(top, 0), rows(bottom, seam)
    height = 0
    while above.get(height) and above[height] == below.get(height) and any(text for *_, text in above[height]):
        if all(re.fullmatch(r"[\d.,\s]*", text) for *_, text in above[height]):
            break
        height += 1
    # A span must not reach out of the repeated head.
    if height == 0 or any(row + rowspan > height for row in range(height) for _, _, rowspan, _ in above[row]):
        return bottom, 0
    kept = [replace(cell, row=cell.row - height) for cell in bottom if cell.row - seam >= height]
    return kept, height


def _without_repeated_row(
    top: list[GridCell], bottom: list[GridCell], seam: int
) -> tuple[list[GridCell], list[GridCell] | None]:
    """The row above the break may be printed below it once more, as some programs do with a row that the break cuts: both parts with the
    two as one, or the upper part and None. What is cut off on one page is blank there."""
    above, below = (
        {(cell.col, cell.colspan): cell for cell in cells if cell.row == row and cell.rowspan == 1}
        for cells, row in ((top, seam - 1), (bottom, seam))
    )
    pairs = [(above[place], cell) for place, cell in below.items() if place in above]
    labelled = any(len(upper.text) > 3 and upper.text == lower.text and not is_value(upper.text) for upper, lower in pairs)
    valued = any(text and is_value(text) for upper, lower in pairs for text in (upper.text, lower.text))
    differ = len(pairs) < len(below) or any(upper.text and lower.text and upper.text != lower.text for upper, lower in pairs)
    if not labelled or not valued or differ:
        return top, None
    whole = {id(upper): replace(lower, row=upper.row) for upper, lower in pairs if not upper.text}
    gone = {id(lower) for _, lower in pairs}
    rest = [
        replace(cell, row=cell.row - 1) if cell.row > seam else replace(cell, rowspan=cell.rowspan - 1)
        for cell in bottom
        if id(cell) not in gone
    ]
    return [whole.get(id(cell), cell) for cell in top], rest


def _mended(
    top: list[GridCell], bottom: list[GridCell], seam: int, n_rows: int, edges: Sequence[float]
) -> tuple[list[GridCell], int]:
    """All cells, those that the break at row ``seam`` cut joined; and the number of rows."""
    ends = {(cell.col, cell.colspan): cell for cell in top if cell.row + cell.rowspan == seam}
    starts = {(cell.col, cell.colspan): cell for cell in bottom if cell.row == seam}
    pairs = [(ends[key], starts[key]) for key in ends.keys() & starts.keys()]
    if row_is_cut(pairs, ends, starts, edges):
        return _with_cut_row(top, bottom, pairs, seam), n_rows - 1
    if may_be_cut(pairs, ends, starts):
        top = _left_open(top, pairs)
    head = _head_is_cut(ends, starts)
    joined = [(u, d) for u, d in pairs if head or ((u.rowspan > 1 or d.rowspan > 1) and _goes_on(u, d, bottom, seam))]
    gone = {id(cell) for pair in joined for cell in pair}
    cells = [cell for cell in [*top, *bottom] if id(cell) not in gone]
    cells.extend(_one(u, d) for u, d in joined)
    return cells, n_rows


def _one(upper: GridCell, lower: GridCell) -> GridCell:
    """Two parts of one cell as one, at the place of the upper part."""
    text = join_lines((upper.text, lower.text))
    address = upper.address if upper.text or not lower.text else lower.address
    return replace(upper, rowspan=upper.rowspan + lower.rowspan, text=text, address=address)


def _goes_on(upper: GridCell, lower: GridCell, bottom: list[GridCell], seam: int) -> bool:
    """Whether a spanning cell above the break and the one below it are one cell."""
    if any(text and is_value(text) for text in (upper.text, lower.text)) or _is_blank_value(lower, bottom):
        return False
    if lower.text and (ITEM.match(lower.text) or not upper.text):
        # A label that begins anew is a new group, unless the upper part is empty and the items just count on.
        return not upper.text and _first_number(lower, bottom, seam) > 1
    # The group goes on below, with the rest of its label or with none; items that count from 1 again are another group.
    return bool(lower.text) or _first_number(lower, bottom, seam) != 1 or upper.col == 0


def _is_blank_value(cell: GridCell, bottom: list[GridCell]) -> bool:
    """Whether a blank below the break is a value left blank: values, not labels, stand right of it."""
    if cell.text or cell.rowspan > 1:
        return False
    beside = [other for other in bottom if other.row == cell.row and other.col == cell.col + cell.colspan]
    return bool(beside) and all(is_value(other.text) for other in beside)


def _first_number(cell: GridCell, bottom: list[GridCell], seam: int) -> int:
    """The number of the first item right of ``cell`` below the break; 0 where it has none."""
    for other in sorted(bottom, key=lambda c: c.col):
        if other.row == seam and other.col >= cell.col + cell.colspan and other.text:
            numbered = _NUMBERED.match(other.text)
            if numbered is None:
                return 0
            number = numbered.group(1)
            return _CHINESE.index(number) + 1 if number in _CHINESE else int(number)
    return 0


def _head_is_cut(ends: dict[tuple[int, int], GridCell], starts: dict[tuple[int, int], GridCell]) -> bool:
    """Whether the break runs through the table's head: no number on either side, and a group head above its columns."""
    if any(is_value(cell.text) and cell.text for cell in (*ends.values(), *starts.values())):
        return False
    return any(
        upper.colspan > 1 and sum(col <= lower.col < col + upper.colspan for lower in starts.values()) > 1
        for (col, _), upper in ends.items()
    )


def _left_open(top: list[GridCell], pairs: list[tuple[GridCell, GridCell]]) -> list[GridCell]:
    """The cells above, the numbers that may go on below left open."""
    more = {id(u): d.text for u, d in pairs if u.rowspan == d.rowspan == 1 and d.text}
    return [replace(cell, text=f"{cell.text}{OPEN}{more[id(cell)]}") if id(cell) in more else cell for cell in top]


def _with_cut_row(
    top: list[GridCell], bottom: list[GridCell], pairs: list[tuple[GridCell, GridCell]], seam: int
) -> list[GridCell]:
    """The cells with the two halves of the cut row laid into one."""
    gone = {id(cell) for pair in pairs for cell in pair}
    cells = [cell for cell in top if id(cell) not in gone]
    cells.extend(replace(cell, row=max(seam - 1, cell.row - 1)) for cell in bottom if id(cell) not in gone)
    for upper, lower in pairs:
        whole = _one(upper, lower)
        cells.append(replace(whole, rowspan=upper.rowspan + lower.rowspan - 1))
    return cells
