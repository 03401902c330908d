"""Cells made of what is printed on several lines: pieces below each other, or one after the other, as one value."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations, islice, product

from parsers.carriers.open_values import OPEN
from parsers.printed_lines import Columns, PrintedLine
from parsers.values import read_value

MAX_OPTIONS = 200  # of one row

Cells = tuple[str, ...]


def below(lines: Sequence[PrintedLine], columns: Columns) -> list[Cells]:
    """The ways to make a row's cells of what stands below each other."""
    found: list[list[str]] = [[""] * columns.width]
    for line in lines:
        longer: list[list[str]] = []
        for cells, way in product(found, columns.ways(line)):
            if all(not cells[column] or mayjoin(cells[column], text) for column, text in way.items()):
                longer.append([join(text, way.get(column, "")) for column, text in enumerate(cells)])
        found = longer
        if len(found) > MAX_OPTIONS:
            return []
    return [tuple(cells) for cells in found]


def mayjoin(text: str, more: str) -> bool:
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
    if surplus < 0:
        return []
    found: list[Cells] = []
    for joined in islice(combinations(seams, surplus), MAX_OPTIONS + 1):
        cells: list[str] = []
        for i, piece in enumerate(pieces):
            if i in joined:
                if not mayjoin(cells[-1], piece):
                    break
                cells[-1] = join(cells[-1], piece)
            else:
                cells.append(piece)
        else:
            found.append(tuple(cells))
    return found if len(found) <= MAX_OPTIONS else []


def agreed(readings: Sequence[Cells]) -> Cells:
    """The cells of a row in which all its readings agree; the others are open."""
    said = (tuple(dict.fromkeys(texts)) for texts in zip(*readings, strict=True))
    return tuple(texts[0] if len(texts) == 1 else OPEN.join(texts) + OPEN.rstrip() for texts in said)


def adds_up(cells: Cells) -> bool:
    values = [read_value(text) for text in cells]
    if any(value.status == "unreadable" for value in values):
        return False
    total = values[-1].number
    return total is None or total == sum(value.number or 0 for value in values[:-1])
