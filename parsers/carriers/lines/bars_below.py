"""Rows that begin with a bar and have the bar of each cell on a line below it, brought to one line each:

``| 规章``, ``|``, ``0``, ``|``, ``0``, ``|``, and bare bars (``|||``) below where the row is padded. So tools write a page whose cells
hold paragraphs. Such text tells rows: each becomes the line with bars that other tools write (``| 规章 | 0 | 0 |``).
"""

from __future__ import annotations

from collections.abc import Sequence

_ENOUGH = 4  # rows: fewer lines have bars for other reasons
_WHITE = " \t\r\u3000\xa0"


def with_rows_in_lines(text: str) -> str:
    """The text with such rows in lines of their own, the lines keeping their numbers; unchanged where some row is of
    another kind. Pure; never raises.
    """
    if "\n|" not in text:
        return text
    lines = text.split("\n")
    stripped = [line.strip(_WHITE) for line in lines]
    heads = [at for at, line in enumerate(stripped) if line[:1] == "|" and line.strip(f"|{_WHITE}")]
    if len(heads) < _ENOUGH or any(stripped[at].count("|") > 1 for at in heads):
        return text
    rows = [_row(stripped, at) for at in heads]
    if not all(map(len, rows)):
        return text
    for row in rows:
        for at in row:
            lines[at] = ""
        lines[row[0]] = " ".join(stripped[at] for at in row if stripped[at])
    return "\n".join(lines)


def _row(lines: Sequence[str], head: int) -> range:
    """The lines of the row that begins at a place: to the last line of bare bars before the next row; none without such a line."""
    end = head
    at = head + 1
    while at < len(lines) and not (lines[at][:1] == "|" and lines[at].strip(f"|{_WHITE}")):
        if lines[at] and not lines[at].strip(f"|{_WHITE}"):
            end = at + 1
        at += 1
    return range(head, end)
