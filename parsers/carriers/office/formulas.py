"""Whether the results that a workbook keeps of its formulas are those of its cells.

Programs that cannot work formulas out write 0 for each, or what stood there before, and ask for a new calculation when the file is opened.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping

Place = tuple[int, int]  # row and column from 0
_REFERENCE = r"\$?[A-Z]{1,3}\$?\d{1,7}"
_TERM = re.compile(rf"([+-]?)(?:SUM\(([^()]*)\)|({_REFERENCE})|(\d+(?:\.\d+)?))", re.I)
_RANGE = re.compile(rf"({_REFERENCE})(?::({_REFERENCE}))?", re.I)
_MAX_CELLS = 10_000  # of a sum
_MAX_DEPTH = 50  # formulas on formulas


def place(reference: str) -> Place | None:
    """``B7`` -> (6, 1)."""
    match = re.fullmatch(r"\$?([A-Za-z]{1,3})\$?(\d{1,7})", reference)
    if match is None or int(match.group(2)) == 0:
        return None
    column = 0
    for letter in match.group(1).upper():
        column = column * 26 + ord(letter) - 64
    return int(match.group(2)) - 1, column - 1


class Results:
    """The results that a sheet keeps: ``formulas`` by cell, and the ``numbers`` of all cells, results among them."""

    def __init__(self, formulas: Mapping[Place, str], numbers: Mapping[Place, float]) -> None:
        self._formulas = formulas
        self._numbers = numbers
        self._known: dict[Place, bool] = {}

    def hold(self, cell: Place, depth: int = 0) -> bool:
        """Whether a cell's number is no result, or one that sums and differences of numbers that hold come to."""
        if cell not in self._formulas:
            return True
        if cell not in self._known:
            self._known[cell] = False  # a formula that needs its own result
            self._known[cell] = depth < _MAX_DEPTH and self._holds(cell, depth)
        return self._known[cell]

    def _holds(self, cell: Place, depth: int) -> bool:
        total, formula, at = 0.0, re.sub(r"\s", "", self._formulas[cell]), 0
        while at < len(formula):
            match = _TERM.match(formula, at)
            if match is None or (at and not match[1]):
                return False
            used = list(_cells(match[2] or match[3] or ""))
            if not used and match[4] is None:
                return False
            if (match[3] and used[0] not in self._numbers) or not all(self.hold(other, depth + 1) for other in used):
                return False
            amount = float(match[4] or 0) + sum(self._numbers.get(other, 0.0) for other in used)
            total += -amount if match[1] == "-" else amount
            at = match.end()
        return bool(formula) and math.isclose(total, self._numbers.get(cell, math.nan), rel_tol=1e-12, abs_tol=1e-9)


def _cells(ranges: str) -> Iterator[Place]:
    """The cells of ``A1:B2,C3``; none where it is anything else or too much."""
    found: list[Place] = []
    for part in ranges.split(","):
        match = _RANGE.fullmatch(part)
        first, last = (place(match[1]), place(match[2] or match[1])) if match else (None, None)
        if first is None or last is None:
            return
        rows, columns = range(first[0], last[0] + 1), range(first[1], last[1] + 1)
        if len(found) + len(rows) * len(columns) > _MAX_CELLS:
            return
        found.extend((row, column) for row in rows for column in columns)
    yield from found
