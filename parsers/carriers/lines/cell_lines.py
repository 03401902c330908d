"""Other ways of writing bars around cells, brought to rows of cells with one bar between them.

- ``规章 |`` and ``12 |`` on lines of their own, where the cells of a page hold line breaks. Such text does not say where a row ends, but
  shorter rows are padded with bare bars to the width of the table (``5 | ||``). So every row has the same number of bars, and the lines
  are cut where it is reached. Where the padded ends do not agree on one width, the lines stay as they are;
- ``规章 |``, ``|``, ``|`` below rows on one line each: the bars of blank cells stand alone. They belong to the row above where that gives
  it as many as the heads have;
- ``|规章||12||5|``, each cell between bars of its own.

Cells on lines of their own without padding: parsers.carriers.lines.lone_cells.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import accumulate, groupby, pairwise

Numbered = tuple[int, str]
_BARS = re.compile(r"(?<![^|]\\)\|")
_PADDED_END = re.compile(r"(?:^|\s)\|{2,}$")
_OWN_BARS = re.compile(r"\|[^|]*(?:\|\|[^|]*)*\|")
_NUMBER = re.compile(r"\|\s*[-+]?\d")
_MIN_WIDTH = 2  # bars of a row
_HEADS = 3  # bars of a row of heads
_MIN_PADDED = 2  # padded rows that agree


def rows_of_cells(lines: Sequence[Numbered]) -> Iterator[Numbered]:
    """Numbered lines with such rows put together, each numbered like its first line. Pure; never raises."""
    for closed, run in groupby(lines, lambda item: item[1].rstrip().endswith("|")):
        found = list(run)
        if closed:
            yield from _own_bars(found) if all(_OWN_BARS.fullmatch(line.strip()) for _, line in found) else _whole(found)
        else:
            yield from found


def _own_bars(run: Sequence[Numbered]) -> Iterator[Numbered]:
    doubled = any("||" in line for _, line in run)
    return ((number, line.strip().replace("||", " | ") if doubled else line) for number, line in run)


def _whole(run: Sequence[Numbered]) -> Iterator[Numbered]:
    """The rows of a run of lines that end with bars; the lines themselves where they are rows, or no width fits."""
    counts = [len(_BARS.findall(line)) for _, line in run]
    ends = list(accumulate(counts))
    width = _width([end for end, (_, line) in zip(ends, run, strict=True) if _PADDED_END.search(line.rstrip())])
    are_rows = counts[0] > 1 and len(set(counts)) == 1
    if not width or are_rows or not set(range(width, ends[-1] + 1, width)) <= set(ends):
        yield from _with_blanks_below(run)
        return
    row: list[str] = []
    number = 0
    for (at, line), end in zip(run, ends, strict=True):
        number = number if row else at
        row.append(line.strip())
        if end % width == 0:
            yield number, " ".join(row)
            row = []
    if row:
        yield number, " ".join(row)


def _with_blanks_below(run: Sequence[Numbered]) -> Iterator[Numbered]:
    """The lines, with the bars of blank cells that stand alone below a row put to it, where it has as many as the row of heads then."""
    heads = at = 0  # bars of the last row of several cells
    while at < len(run):
        number, line = run[at]
        below = 0
        while at + 1 + below < len(run) and run[at + 1 + below][1].strip() == "|":
            below += 1
        own = len(_BARS.findall(line))
        whole = heads >= _HEADS and own + below == heads and line.strip() != "|"
        yield number, line.rstrip() + " |" * below if whole and below else line
        if own >= _HEADS and not below and not _PADDED_END.search(line.rstrip()) and not _NUMBER.search(line):
            heads = own
        at += 1 + (below if whole else 0)


def _width(padded: Sequence[int]) -> int:
    """The number of bars that each row has, by the places of the padded ends; 0 where they do not agree on one."""
    if len(padded) < _MIN_PADDED:
        return 0
    width = min(right - left for left, right in pairwise((0, *padded)))
    return width if width >= _MIN_WIDTH and all(place % width == 0 for place in padded) else 0
