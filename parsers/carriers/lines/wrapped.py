"""Lines of a saved text that belong together: rows of tables whose cells hold line breaks are put on one line again.

Three ways of writing such a row are known: cells in quotes between tabs (spreadsheets), rows that open and close with a bar,
and drawn grids with a rule after each row. Where it is not certain that lines are one row, they stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import zip_longest

from parsers.carriers.lines.broken_labels import is_one_label, with_whole_labels
from parsers.carriers.lines.cell_lines import Numbered, rows_of_cells
from parsers.carriers.lines.commas import comma_table
from parsers.carriers.lines.drawn_text import drawn_table
from parsers.carriers.lines.fenced import fenced_table, is_fence
from parsers.carriers.lines.wiki import is_wiki, wiki_table
from parsers.document import Table

_MAX_LINES = 60  # of one row: as many cells, each broken several times
_RULE = re.compile(r"\+(?:[-=:]+\+)+")
_HEAD_AND_BODY = 2  # parts between rules, where no rule follows every row
_MAX_DEPTH = 4  # of frames in frames
_FRAME = 2  # corners of a rule over one column
_QUOTED = re.compile(r'(?:^|(?<=\t))"((?:[^"]|"")*)"(?=\t|$)')
_OPENS_QUOTE = re.compile(r'(?:^|\t)"(?:[^"]|"")*$')
_NUMBER = re.compile(r"[+\-]?[\d,]+(?:\.\d+)?")
_BOXES = str.maketrans("│┃║┆┊┌┬┐├┼┤└┴┘┏┳┓┣╋┫┗┻┛╔╦╗╠╬╣╚╩╝╒╤╕╞╪╡╘╧╛╓╥╖╟╫╢╙╨╜╭╮╰╯─━═", "|||||" + "+" * 49 + "---")


def whole_rows(text: str) -> Iterator[Numbered | Table]:
    """The lines of a text with their numbers from 1, its drawn grids, and its tables whose cells commas part.

    A row on several lines has the number of its first one.
    """
    if not text.isascii() and any(bar in text for bar in "│┃║"):
        text = text.translate(_BOXES)
    lines: list[Numbered] = list(enumerate(text.splitlines(), 1))
    if "|" in text or "\t" in text:
        lines = list(with_whole_labels(lines))
    yield from _whole(list(rows_of_cells(lines)))


def _whole(lines: Sequence[Numbered], depth: int = 0) -> Iterator[Numbered | Table]:
    i = 0
    opened = True  # whether the rows above, if any, begin with a bar
    while i < len(lines):
        number, line = lines[i]
        if line.lstrip().startswith("+") and _RULE.fullmatch(line.strip()):
            end = _end_of_grid(lines, i)
            framed = line.count("+") == _FRAME and depth < _MAX_DEPTH
            yield from _framed(lines[i:end], depth + 1) if framed else _drawn(lines[i:end])
            i = end
            continue
        if is_fence(line) and (fenced := fenced_table(lines, i)) is not None:
            table, i = fenced
            yield table
            continue
        if is_wiki(line) and (wiki := wiki_table(lines, i)) is not None:
            table, i = wiki
            yield table
            continue
        if "," in line and (parted := comma_table(lines, i)) is not None:
            table, i = parted
            yield table
            continue
        quoted = ("\t" in line and '"' in line) or line.startswith('"')
        height = _quoted_height(lines, i) if quoted else _barred_height(lines, i) if opened else 1
        opened = "|" not in line or (opened and line.startswith("|"))
        yield number, _joined([line for _, line in lines[i : i + height]])
        i += height


def _joined(lines: Sequence[str]) -> str:
    if len(lines) == 1 and '"' not in lines[0]:
        return lines[0]
    whole = "\n".join(lines)
    if "\t" in whole and '"' in whole:
        whole = _QUOTED.sub(lambda match: match[1].replace('""', '"'), whole)
    return "".join(part.strip(" \u3000\xa0") if i else part for i, part in enumerate(whole.split("\n")))


def _quoted_height(lines: Sequence[Numbered], start: int) -> int:
    """How many lines a row of cells between tabs takes: until no quote is open."""
    whole = ""
    for height, (_, line) in enumerate(lines[start : start + _MAX_LINES], 1):
        whole += line
        if not _OPENS_QUOTE.search(whole):
            return height if "\t" in whole else 1
        whole += "\n"
    return 1


def _barred_height(lines: Sequence[Numbered], start: int) -> int:
    """How many lines a row between bars takes: until one ends with a bar, none of them beginning with one but the first.

    A line of cells behind it must begin with a bar, too: else bars only stand between cells, and blank ones were cut off at the edges.
    """
    first = lines[start][1].rstrip()
    if not first.startswith("|") or first.endswith("|"):
        return 1
    for height, (_, line) in enumerate(lines[start + 1 : start + _MAX_LINES], 2):
        if not line.strip() or line.startswith("|"):
            return 1
        if line.rstrip().endswith("|"):
            behind = lines[start + height][1] if start + height < len(lines) else ""
            return height if "|" not in behind or behind.startswith("|") else 1
    return 1


def _end_of_grid(lines: Sequence[Numbered], start: int) -> int:
    end = start
    while end < len(lines) and lines[end][1].lstrip()[:1] in ("+", "|"):
        end += 1
    return end


def _framed(lines: Sequence[Numbered], depth: int) -> Iterator[Numbered | Table]:
    """What stands in a frame of one column, as a table for layout has: its lines, and the grids in it."""
    if any(line.strip()[0] != line.strip()[-1] for _, line in lines):
        yield from _drawn(lines)
        return
    within = [(number, line.strip()) for number, line in lines]
    yield from _whole([(number, "" if line.startswith("+") else line[1:-1]) for number, line in within], depth)


def _drawn(lines: Sequence[Numbered]) -> Iterator[Numbered | Table]:
    """A drawn grid as a table, or its rows: the lines between two rules are one row, unless a rule does not follow every row."""
    groups: list[list[Numbered]] = [[]]
    for number, line in lines:
        if _RULE.fullmatch(line.strip()):
            groups.append([])
        else:
            groups[-1].append((number, line))
    groups = [group for group in groups if group]
    if not groups:
        return
    cells = [[line.strip().strip("|").split("|") for _, line in group] for group in groups]
    several = len(groups) <= _HEAD_AND_BODY and len(groups[-1]) > 1 and not _is_one_row(cells[-1])
    if not several and (table := drawn_table(lines)) is not None:
        yield table
        return
    by_row = not several and not any(map(_holds_rows, cells)) and all(len({len(row) for row in rows}) == 1 for rows in cells)
    for group, rows in zip(groups, cells, strict=True):
        if by_row:
            yield group[0][0], "| " + " | ".join("".join(part.strip() for part in column) for column in zip(*rows, strict=True)) + " |"
        else:
            yield from group


def _is_one_row(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the lines between two rules are one row: what stands below each other in some column is one label."""
    columns = ([part.strip() for part in column if part.strip()] for column in zip_longest(*rows, fillvalue=""))
    return not _holds_rows(rows) and any(map(is_one_label, columns))


def _holds_rows(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the lines between two rules are several rows: numbers stand below each other."""
    return any(sum(_NUMBER.fullmatch(part.strip()) is not None for part in column) > 1 for column in zip_longest(*rows, fillvalue=""))
