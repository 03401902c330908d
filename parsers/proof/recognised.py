"""Cells read by OCR: they count where the sums prove their table, and only there.

OCR may misread any number, and a misread number contradicts the sums like a misprinted one: so a table whose sums do not hold is not called
contradicted, for that would blame its publisher. Its numbers are given up. Two readings that agree prove nothing: both see the same ink.
"""

from __future__ import annotations

from collections.abc import Sequence

from parsers.document import OPEN_END
from parsers.model import Cell, Problem, Verdict
from parsers.proof.identities import Arithmetic

PROVED = ("proved", "proved_blank_as_zero")
NOTE = "ocr"
_UNPROVED = "ocr: the sums do not prove the table"
_UNTESTED = "ocr: no sum tests this cell"


def counted(cells: Sequence[Cell], verdict: Verdict, arith: Arithmetic | None, prefixes: tuple[str, ...]) -> list[Cell]:
    """The cells of a table with those that OCR read marked, and their numbers and marks given up where no sum that holds proves them.

    Blanks hold no ink, and stay; they are given up, too, where the values of several cells ran together: one of them may be there.
    ``cells`` begin in the order of ``arith.keys``; ``prefixes`` are how the locators of recognised cells begin.
    """
    tested = {i for instance in (arith.hard if arith else ()) for i in (*instance.left, *instance.right)}
    merged = verdict not in PROVED and any(OPEN_END in (cell.raw or "") and is_recognised(cell, prefixes) for cell in cells)
    found = []
    for i, cell in enumerate(cells):
        if is_recognised(cell, prefixes):
            why = NOTE if verdict in PROVED and i in tested else _UNPROVED if tested else _UNTESTED
            if why == NOTE or cell.status == "unreadable" or (cell.status == "blank" and not merged):
                cell = cell._replace(note=f"{NOTE}; {cell.note}" if cell.note else NOTE)
            else:
                cell = cell._replace(value=None, status="unreadable", note=why)
        found.append(cell)
    return found


def is_recognised(cell: Cell, prefixes: tuple[str, ...]) -> bool:
    """Whether OCR read the cell."""
    return cell.locator is not None and cell.locator.startswith(prefixes)


def problem_of(table: str, before: Sequence[Cell], after: Sequence[Cell]) -> Problem | None:
    """What was given up of a table; None where nothing was."""
    lost = sum(old.value is not None and new.value is None for old, new in zip(before, after, strict=True))
    if not lost:
        return None
    return Problem("ocr_not_proved", f"{table}: {lost} numbers read by OCR are not given, for no sum that holds proves them")
