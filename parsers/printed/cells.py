"""Cells made of what is printed on several lines: pieces below each other, or one after the other, as one value."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations, product
from math import comb

from parsers.document import open_text
from parsers.printed.lines import Columns, PrintedLine
from parsers.values import read_value

MAX_OPTIONS = 500  # of one row
_MAX_SEAMS = 4_000  # ways to close some seams between lines

Cells = tuple[str, ...]


class TooManyWaysError(ValueError):
    """There are more ways to read some lines than can be weighed: none of them may count as the only one."""


def below(lines: Sequence[PrintedLine], columns: Columns) -> list[Cells]:
    """The ways to make a row's cells of what stands below each other."""
    found: list[list[str]] = [[""] * columns.width]
    for line in lines:
        longer: list[list[str]] = []
        for cells, way in product(found, columns.ways(line)):
            if all(not cells[column] or may_join(cells[column], text) for column, text in way.items()):
                longer.append([join(text, way.get(column, "")) for column, text in enumerate(cells)])
        found = longer
        if len(found) > MAX_OPTIONS:
            raise TooManyWaysError
    return [tuple(cells) for cells in found]


def may_join(text: str, more: str) -> bool:
    """Whether two pieces can be one number: none begins with 0 (but 0.5), and a mark is none."""
    return text != "0" and read_value(join(text, more)).status == "reported" and read_value(text).status != "mark"


def join(text: str, more: str) -> str:
    """Two pieces as one; a unit may be printed on a line above its number."""
    return more + text if text == "件" else text + more


def joined(lines: Sequence[PrintedLine], width: int) -> list[Cells]:
    """The ways to make a row's cells of pieces in order, the last one of a line and the first one of the next being one or two."""
    pieces = [value.text for line in lines for value in line.values]
    seams: list[int] = []
    at = 0
    for line in lines[:-1]:
        at += len(line.values)
        seams.append(at)
    surplus = len(pieces) - width
    if not 0 <= surplus <= len(seams):
        return []
    if comb(len(seams), surplus) > _MAX_SEAMS:
        raise TooManyWaysError
    found: list[Cells] = []
    for closed in combinations(seams, surplus):
        cells: list[str] = []
        for i, piece in enumerate(pieces):
            if i not in closed:
                cells.append(piece)
            elif may_join(cells[-1], piece):
                cells[-1] = join(cells[-1], piece)
            else:
                break
        else:
            found.append(tuple(cells))
    return found


def agreed(readings: Sequence[Cells]) -> Cells:
    """The cells of a row in which all its readings agree; the others are open."""
    said = (tuple(dict.fromkeys(texts)) for texts in zip(*readings, strict=True))
    return tuple(texts[0] if len(texts) == 1 else open_text(texts) for texts in said)


def adds_up(cells: Cells) -> bool:
    """Whether the last of some cells is the sum of the others, blanks and marks counted as 0; a last one that is blank tells nothing."""
    values = [read_value(text) for text in cells]
    if any(value.status == "unreadable" for value in values):
        return False
    total = values[-1].number
    return total is None or total == sum(value.number or 0 for value in values[:-1])
