"""The labels of an unruled table: which printed lines make one label, and which rows it stands for.

Which lines are a row's own label is told with its values (parsers.carriers.page.bands). A label with other labels right of it at
its height is a group's: it stands for the run of items beside it that counts from 1.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from parsers.carriers.page.bands import Band, row_bands
from parsers.carriers.page.cuts import NUMBER, Side
from parsers.carriers.page.glyphs import Ruling, join_lines
from parsers.carriers.page.texts import Interval, Text, columns_of

_FIRST = re.compile(r"(?:1\s*[.、．)）]|①|[（(]1[）)])\D")
_ITEM = re.compile(r"\d{1,2}\s*[.、．)）]|[①-⑳]|[（(]\d{1,2}[）)]")


@dataclass(slots=True)
class Stub:
    """A label: its pieces from top to bottom, the label column it begins in, and the rows (from 0) it stands for."""

    pieces: list[Text]
    column: int
    rows: list[int]

    @property
    def text(self) -> str:
        """The label, its lines joined."""
        return join_lines(piece.text for piece in self.pieces)

    @property
    def middle(self) -> float:
        """Height of its middle."""
        return (self.pieces[0].base + self.pieces[-1].base) / 2


def place_stubs(
    lines: Sequence[Sequence[Text]], values: Sequence[Text], columns: Sequence[Interval], widths: Sequence[float], levels: Sequence[Ruling]
) -> tuple[list[Interval], list[Stub], list[Band]]:
    """The label columns (intervals of x), the labels with their rows, and the rows.

    ``lines`` are the label-side texts of each printed line, ``values`` what stands in the ``columns`` right of them; something in each
    of these is as wide as ``widths`` says.
    """
    labels = [text for texts in lines for text in texts]
    label_columns = columns_of(text for texts in lines if len(texts) > 1 for text in texts)
    if labels and not label_columns:
        label_columns = [(min(text.box.x0 for text in labels), max(text.box.x1 for text in labels))]
    valued = {round(value.base) for value in values}
    beside = [text for text in labels if not text.is_value and _has_right_neighbour(text, labels, valued)]
    alone = [text for text in labels if not any(text is other for other in beside)]
    leaf = label_columns[-1][0] if label_columns else 0.0
    bands, between = row_bands(alone, values, Side(columns, widths, leaf, levels))

    def column_of(text: Text) -> int:
        return next((i for i, (x0, x1) in enumerate(label_columns) if text.overlaps(x0, x1)), 0)

    leaves = [Stub(band.label, column_of(band.label[0]), [row]) for row, band in enumerate(bands) if band.label]
    groups: list[Stub] = []
    outer = sorted((*beside, *between), key=lambda text: text.base)
    for column in range(len(label_columns)):
        groups.extend(_stacked([text for text in outer if column_of(text) == column], column, levels))
    for group in groups:
        group.rows = _group_rows(group, leaves, bands)
    stubs = [stub for stub in (*leaves, *groups) if stub.rows]
    return label_columns, sorted(stubs, key=lambda stub: (-stub.column, stub.rows)), bands


def _has_right_neighbour(text: Text, labels: Sequence[Text], valued: set[int]) -> bool:
    """Whether another label stands right of this text at its height; ``valued`` are the heights where values stand.

    What has values beside it is no neighbour of what has others: these are two rows.
    """
    return any(
        other.box.x0 >= text.box.x1 - 1
        and abs(other.base - text.base) < 0.75 * (text.size + other.size)
        and not (abs(other.base - text.base) > 0.75 * text.size and {round(text.base), round(other.base)} <= valued)
        for other in labels
        if other is not text
    )


def _level_between(upper: Text, lower: Text, levels: Sequence[Ruling]) -> bool:
    x = (lower.box.x0 + lower.box.x1) / 2
    return any(upper.base - 1 < level.at < lower.base - 0.5 * lower.size and level.start - 3 <= x <= level.end + 3 for level in levels)


def _stacked(texts: Sequence[Text], column: int, levels: Sequence[Ruling]) -> list[Stub]:
    """Texts of groups as labels: a new one at a list number, a drawn line or a wide gap."""
    stubs: list[Stub] = []
    for text in texts:
        last = stubs[-1].pieces[-1] if stubs else None
        if last is None or NUMBER.match(text.text) or _level_between(last, text, levels) or _far(last, text):
            stubs.append(Stub([text], column, []))
        else:
            stubs[-1].pieces.append(text)
    return stubs


def _far(upper: Text, lower: Text) -> bool:
    # The characters of a vertical label may be spread over its rows, and some stand beside no other label.
    both_single = len(upper.text) == len(lower.text) == 1
    return lower.base - upper.base > (6.0 if both_single else 1.8) * lower.size


def _group_rows(group: Stub, leaves: Sequence[Stub], bands: Sequence[Band]) -> list[int]:
    """The rows a group stands for: the run of items beside its middle; a vertical one: all rows of inner labels."""
    inner = sorted((leaf for leaf in leaves if leaf.column > group.column), key=lambda leaf: leaf.rows[0])
    vertical = len(group.pieces) > 3 and all(len(piece.text) == 1 for piece in group.pieces)
    runs: list[list[Stub]] = []
    for leaf in inner:
        follows = bool(runs) and leaf.rows[0] == runs[-1][-1].rows[0] + 1
        begins = not vertical and (_FIRST.match(leaf.text) or not _ITEM.match(leaf.text))
        if not follows or begins:
            runs.append([])
        runs[-1].append(leaf)
    for run in runs:
        top = min(text.base for text in (run[0].pieces[0], *bands[run[0].rows[0]].values))
        bottom = max(text.base for text in (run[-1].pieces[-1], *bands[run[-1].rows[0]].values))
        if top - group.pieces[0].size <= group.middle <= bottom + group.pieces[0].size:
            return list(range(run[0].rows[0], run[-1].rows[0] + 1))
    return []
