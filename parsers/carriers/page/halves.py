"""Whether what stands right above and right below a page break is one row, which the break has cut."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from parsers.carriers.page.lattice import GridCell

ITEM = re.compile(r"[（(]?[一二三四五六七八九十百\d]{1,3}[）)、.．,，]|[①-⑳⑴-⒇⒈-⒛㈠-㈩]|其中|总计|合计|小计")
_VALUE = re.compile(
    r"[\d.,，+\-−—–―/／*＊\s%％]*|无|不涉及|[+\-−]?\d[\d.,，\s]*(?:件|条|项|个|份|次|人|人次|元|万元)?\s*(?:[（(\[【].*)?"
)
_DIGITS = re.compile(r"[+\-−]?[\d,，.]+")
_DIGIT, _PADDING = 6.0, 12.0  # points: the widest digit, white at both sides of a cell
_MANY_CUT = 3  # numbers below a label that is no item: two rows of a table with few columns may look like halves of one

Cells = Mapping[tuple[int, int], GridCell]  # by column and colspan
Pair = tuple[GridCell, GridCell]  # above and below the break


def row_is_cut(pairs: Sequence[Pair], ends: Cells, starts: Cells, edges: Sequence[float]) -> bool:
    """Whether the last row above and the first row below are halves of one row.

    They are when all columns agree, no number stands in both, and the lower label begins like no item although the upper
    one does, or when one half is wholly empty. A number's note, or its last digits, may go on below. ``edges`` are those
    of the columns, in points.
    """
    if len(pairs) < 3 or len(pairs) < max(len(ends), len(starts)):
        return False
    single = [(u.text, d.text) for u, d in pairs if u.rowspan == d.rowspan == 1]
    if len(single) < 3:
        return False
    if not any(d for _, d in single) or not any(u for u, _ in single):
        return True
    values = [pair for pair in single if any(text and is_value(text) for text in pair)]
    labels = [pair for pair in single if pair not in values and any(pair)]
    if not values:
        return False
    if any(u and d and not _is_open(u) for u, d in values):
        return _digits_go_on([pair for pair in pairs if pair[0].rowspan == pair[1].rowspan == 1], edges)
    if not any(u for u, _ in labels):  # the label stands in the lower half, numbers in both
        return any(d for _, d in labels) and any(u for u, _ in values)
    return all(bool(u) and bool(ITEM.match(u)) and not ITEM.match(d) for u, d in labels if d)


def may_be_cut(pairs: Sequence[Pair], ends: Cells, starts: Cells) -> bool:
    """Whether the first row below the break has no label, and numbers only where the last one above has some with several digits."""
    if not len(pairs) == len(ends) == len(starts):
        return False
    single = [(u.text, d.text) for u, d in pairs if u.rowspan == d.rowspan == 1]
    below = [(u, d) for u, d in single if d]
    labelled = any(u and not d and not is_value(u) for u, d in single)
    return labelled and bool(below) and all(len(u) > 1 and _DIGITS.fullmatch(u) and _DIGITS.fullmatch(d) for u, d in below)


def _digits_go_on(single: Sequence[Pair], edges: Sequence[float]) -> bool:
    """Whether below the break stands only the rest of a row's numbers, and perhaps of its label.

    A number is broken where its column is full. So those that go on are as long as any of the row that does not.
    """
    numbers = [(u, d.text) for u, d in single if _DIGITS.fullmatch(u.text)]
    cut = [(u, d) for u, d in numbers if d]
    rest = [d.text for u, d in single if d.text and not _DIGITS.fullmatch(u.text)]
    if not all(_DIGITS.fullmatch(d) for _, d in cut) or any(map(is_value, rest)) or all(is_value(u.text) for u, _ in single):
        return False
    if not cut or (rest and (len(cut) < _MANY_CUT or any(map(ITEM.match, rest)))):
        return False
    longest = max(len(u.text) for u, _ in numbers)
    return all(len(u.text) == longest and len(d) <= longest and _is_full(u, edges) for u, d in cut)


def _is_full(cell: GridCell, edges: Sequence[float]) -> bool:
    """Whether the column has no room for one digit more, as large as digits are in tables."""
    return len(cell.text) > 1 and edges[cell.col + cell.colspan] - edges[cell.col] < _DIGIT * (len(cell.text) + 1) + _PADDING


def is_value(text: str) -> bool:
    """Whether the text can be a number cell: digits, with a unit or a note, marks or nothing."""
    return _VALUE.fullmatch(text) is not None


def _is_open(text: str) -> bool:
    """Whether a bracket is opened in the text and not closed."""
    return sum(map(text.count, "（([【")) > sum(map(text.count, "）)]】"))
