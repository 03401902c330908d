"""What stands beside a sheet's table and is none of it: columns of running numbers, of checks, of remarks.

A sheet has no frame that says where a table ends. Its heads do: a column of the table has one, or a merged area over it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass

_LABELS = 2  # a row whose numbers are blank begins with no more
_VALUE = re.compile(r"[-+]?[\d,，.]+%?|[/\-—－]+")


@dataclass(slots=True)
class _Column:
    texts: dict[int, str]  # by row
    merged: bool

    @property
    def is_bare(self) -> bool:
        """Whether it holds numbers and nothing over them."""
        return not self.merged and bool(self.texts) and all(map(_VALUE.fullmatch, self.texts.values()))

    @property
    def is_headed(self) -> bool:
        """Whether it holds numbers and something over them."""
        numbers = [row for row, text in self.texts.items() if _VALUE.fullmatch(text)]
        return bool(numbers) and (self.merged or min(self.texts) < min(numbers))

    @property
    def is_remarks(self) -> bool:
        return not self.merged and not any(map(_VALUE.fullmatch, self.texts.values()))


def asides(rows: Mapping[int, Mapping[int, str]], merged: Collection[tuple[int, int]], *, whole_sheet: bool) -> set[int]:
    """The columns beside the table that ``rows`` (texts by row and column) hold; none where no column of numbers has a head.

    ``merged`` are the slots of merged areas. Of a ``whole_sheet``, whose tables may be of several widths, remarks count only where an
    empty column parts them from the rest.
    """
    joined = {column for row, column in merged if row in rows}
    used = sorted(joined | {column for texts in rows.values() for column in texts})
    columns = {c: _Column({row: texts[c] for row, texts in sorted(rows.items()) if c in texts}, c in joined) for c in used}
    headed = [c for c in used if columns[c].is_headed]
    if not headed:
        return set()
    found: set[int] = set()
    for edge in (used, used[::-1]):
        for c in edge:
            if not columns[c].is_bare:
                break
            found.add(c)
    right = [c for c in used if c > headed[-1] and c not in found]
    if right and all(columns[c].is_remarks for c in right):
        apart = next((c for c in right if c - 1 not in columns), None)
        if apart is not None:
            found.update(c for c in right if c >= apart)
        elif not whole_sheet:
            found.update(_sparse(right, columns, headed))
    return found


def _sparse(right: list[int], columns: Mapping[int, _Column], headed: list[int]) -> list[int]:
    """Columns of remarks next to the table: beside few of its rows of numbers, and beside no row of heads."""
    numbered = {row for c in headed for row, text in columns[c].texts.items() if _VALUE.fullmatch(text)}
    noted = {row for c in right for row in columns[c].texts}
    labels = Counter(row for c, column in columns.items() if c < right[0] for row in column.texts)
    beside_heads = any(row < min(numbered) or (row not in numbered and labels[row] > _LABELS) for row in noted)
    return right if not beside_heads and (2 * len(noted) < len(numbered) or len(numbered) == 1) else []
