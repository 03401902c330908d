"""Pages saved as text: lines of prose, and lines with ``|`` (or tabs) between cells, which are the rows of tables.

Tools write such rows in three ways, and what a trailing pipe means depends on the way:

- joined:   ``规章 | 0 |  | ``     a pipe stands between cells, so a last pipe opens a blank cell;
- closed:   ``规章 | 0 | 3 | ||``  every cell is followed by a pipe, and rows are padded with bare pipes to one width;
- markdown: ``| 规章 | 0 | 3 |``   pipes on both sides, ``|---|---|`` under the head.

The way is told by the table as a whole. Spans are lost in all of them, and some tools that pad rows leave blank cells out: where no
blank cell is printed between others and the rows of a wide table differ in their numbers, one at the end of a row is padding.
Rows on several lines: parsers.carriers.lines.wrapped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import dropwhile
from typing import Literal

from parsers.carriers.lines.frames import is_count, is_path, without_frame
from parsers.carriers.lines.piled import open_piles
from parsers.carriers.lines.wrapped import whole_rows
from parsers.document import Block, Document, Paragraph, Table, TableCell, cell_addresses
from parsers.labels import INVISIBLE
from parsers.values import read_value

LONG_CELL = 200  # characters: no cell of a form is longer, so a line with such a cell is prose in a layout table
SHORT_LINE = 40  # characters: a longer line with one cell is prose

_INVISIBLE = re.compile(f"[{''.join(map(chr, INVISIBLE))}\0]+")
_PIPES = re.compile(r"(?<![^|]\\)\|")  # a bar behind a backslash is text, unless the backslash is all of a cell: 0|\|0
_TOUCHED_BAR = re.compile(r"\d\||\|\d")
_PADDING = re.compile(r"(?<=\s)\|{2,}$")
# "a | ||": the cell's own pipe stands before the padding; in "a |||" it is the first of it
_CLOSED_BEFORE = re.compile(r"\|\s$")
# not "| ||", which is padding; a blank cell has white on both sides of nothing
_BLANK_BETWEEN = re.compile(r"\|[ \t\u3000\xa0]+\|(?:\s*[^\s|]|\s+\|)|\|[ \t\u3000\xa0]{2,}\|")
_BLANK_END = re.compile(r"\|[ \t\u3000\xa0]{2,}\|\s*$")
_NUMBER = re.compile(r"\|\s*[\d.,]+(?=\s*\|)")
Dropped = Literal["nowhere", "where padded", "everywhere"]  # rows without their blank cells
_SUMMED = 7  # values of the narrowest row that holds its sum
_WIDE = 8  # bars: the rows of narrower tables do not have one number of cells
_RULE = re.compile(r"\|?(?:\s*:?-{3,}:?\s*(?:\||$))+")
_MARKUP = re.compile(r"[\\*_<&\[]")
_LINK = re.compile(r"!?\[([^\[\]]*)\]\((?:[^()\s]|\([^()\s]*\))*(?:\s+\"[^\"]*\")?\)")
_BREAK = re.compile(r"<br\s*/?>|&nbsp;")
_FACE = re.compile(r"(?<![*_\\])(\*{1,3}|_{1,3})(?=[^\s*_])([^*_]*[^\s*_\\])\1(?![*_])")
_WHOLE_FACE = re.compile(r"(\*{1,3}|_{1,3})(?=[^*_])(\s+|[^*_]*[^\\*_])\1")  # a whole cell may have white beside the marks
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_NOTHING = frozenset(("None", "NaN", "nan", "NaT", "<NA>", "null"))  # how programs write a cell that is not there, or blank
_HEADING_MARK = re.compile(r"^#{1,6}\s+")


class _Line:
    """A line that may be a row: its number (from 1), its raw text and its cells between pipes, outer ones included."""

    __slots__ = ("cells", "number", "padded", "raw")

    def __init__(self, number: int, raw: str) -> None:
        self.number = number
        self.raw = raw
        # "a | b | ||": bare pipes after a spaced one pad the row. In "a||b||" pipes are never spaced: all are cells.
        padding = _PADDING.search(raw)
        self.padded = padding is not None
        body = raw
        if padding is not None:
            body = raw[: padding.start()]
            body += "" if _CLOSED_BEFORE.search(body) else "|"
        cells = _PIPES.split(body) if "|" in body else body.split("\t")
        self.cells = [_clean(cell) for cell in cells]

    @property
    def filled(self) -> int:
        return sum(map(bool, self.cells))


def read_text(text: str, encoding: str | None) -> Document:
    """A saved text page as a Document of kind ``text``. Locators are line numbers (``line[17]``,
    ``line[17]/cell[2]``). Never raises.
    """
    blocks: list[Block] = []
    rows: list[_Line] = []
    items = list(whole_rows(_INVISIBLE.sub("", text)))
    misread = _misread_bars([item for item in items if not isinstance(item, Table)])
    dropped = _drops_blanks([item[1] for item in items if not isinstance(item, Table)])
    for item in items:
        if isinstance(item, Table):
            _flush(rows, blocks, dropped)
            cells = (tuple(cell._replace(text=_clean(cell.text)) for cell in row) for row in item.rows)
            blocks.append(without_frame(replace(item, rows=tuple(cells))))
            continue
        number, raw = item
        line = raw.strip(" \t\u3000\xa0")
        if not line:
            if rows and raw.count("\t") > 1:
                rows.append(_Line(number, raw))
        elif _RULE.fullmatch(line):
            if len(rows) > 1 and (is_count(rows[-1].raw) or any(map(is_path, rows[-1].cells))):  # the head of another frame
                head = rows.pop()
                _flush(rows, blocks, dropped)
                rows.append(head)
        elif "|" not in line and "\t" not in line and is_count(line):
            continue
        elif ("|" not in line and "\t" not in raw.lstrip()) or number in misread:
            _flush(rows, blocks, dropped)
            blocks.append(Paragraph(_clean(_HEADING_MARK.sub("", line)).replace("**", ""), f"line[{number}]"))
        elif not line.strip("| \t"):
            # Bare pipes pad the page; spaced ones after a row are a row of blank cells.
            if rows and " " in line:
                rows.append(_Line(number, raw))
        else:
            rows.append(_Line(number, raw))
    _flush(rows, blocks, dropped)
    printed = (block for block in open_piles(blocks) if not isinstance(block, Paragraph) or block.text)
    return Document("text", tuple(printed), encoding)


def _misread_bars(lines: list[tuple[int, str]]) -> set[int]:
    """The numbers of lines whose one bar is a digit that was misread: it touches another one, and the lines around have no bars."""
    filled = [(number, line) for number, line in lines if line.strip()]
    around = zip(["", *(line for _, line in filled)], filled, [*(line for _, line in filled[1:]), ""], strict=False)
    return {
        number
        for above, (number, line), below in around
        if line.count("|") == 1 and _TOUCHED_BAR.search(line) and "|" not in above and "|" not in below
    }


def _drops_blanks(lines: list[str]) -> Dropped:
    """Whether blank cells are left out of padded rows: none is printed between others, and rows of one width differ in their numbers.

    Where they differ by one, the last numbers of the shorter rows tell: if none of them is the sum of the others, the totals are blank.
    """
    if _sums_end_early([line for line in lines if "|" in line]):
        return "everywhere"
    if any(map(_BLANK_BETWEEN.search, lines)):
        return "nowhere"
    rows: dict[int, list[list[int]]] = {}  # by number of bars
    for line in lines:
        numbers = [int("0" + re.sub(r"\D", "", text)) for text in _NUMBER.findall(line)]
        if numbers and line.count("|") >= _WIDE:
            rows.setdefault(line.count("|"), []).append(numbers)
    return "where padded" if any(map(_lack_numbers, rows.values())) else "nowhere"


def _sums_end_early(lines: list[str]) -> bool:
    """Whether the numbers in front of blank cells end with the sum of the others: their total, which is not in the column where it stands.

    A blank cell printed between others says that none is left out.
    """
    closed = all(line.rstrip().endswith("|") for line in lines)
    rows: dict[int, list[list[int]]] = {}  # by width
    for line in lines:
        if not any(map(str.isdecimal, line)) or _PADDING.search(line):
            continue
        body = line.strip().removeprefix("|")
        cells = [_clean(cell) for cell in _PIPES.split(body.removesuffix("|") if closed else body)]
        width = len(cells)
        while cells and not cells[-1]:
            cells.pop()
        if not all(cells):
            return False
        if width >= _WIDE:
            rows.setdefault(width, []).append([int(cell) for cell in cells if cell.isdecimal()])
    longest = {width: max(_SUMMED, *map(len, group)) for width, group in rows.items()}
    short = [numbers for width, group in rows.items() for numbers in group if 2 < len(numbers) < longest[width] and any(numbers)]
    return 2 * sum(numbers[-1] == sum(numbers[:-1]) for numbers in short) > len(short)


def _lack_numbers(rows: list[list[int]]) -> bool:
    """Whether some of the rows lack numbers that others have, totals left aside."""
    short, long = min(map(len, rows)), max(map(len, rows))
    told = [numbers for numbers in rows if len(numbers) == short and any(numbers)]
    without_totals = len(told) > 1 and all(numbers[-1] != sum(numbers[:-1]) for numbers in told)
    return long > short + 1 or (long > short and not without_totals)


def _clean(text: str) -> str:
    """A text without Markdown's markup: escapes, type faces, links, breaks. A word of programs for nothing is blank."""
    if text.strip() in _NOTHING:
        return ""
    if _MARKUP.search(text):
        text = _LINK.sub(r"\1", _BREAK.sub("", text))
        text = _ESCAPED.sub(r"\1", _FACE.sub(r"\2", _without_face(text.strip())))
    return " ".join(text.split())


def _without_face(text: str) -> str:
    match = _WHOLE_FACE.fullmatch(text)
    return match[2].strip() if match else text


def _flush(lines: list[_Line], blocks: list[Block], dropped: Dropped) -> None:
    """Turn the collected lines into tables and the prose that stands between them."""
    run: list[_Line] = []
    for line, is_row in _rows(lines):
        if is_row:
            run.append(line)
            continue
        _table(run, blocks, dropped)
        run = []
        blocks += [Paragraph(cell, f"line[{line.number}]") for cell in line.cells if cell]
    _table(run, blocks, dropped)
    lines.clear()


def _rows(lines: list[_Line]) -> Iterator[tuple[_Line, bool]]:
    """Tell rows from prose that merely ends in a pipe."""
    # "text |" may be prose; two texts, or a blank cell before or beside the text, make a row
    many = [line.filled > 1 or len(line.cells) > 2 or (not line.cells[0] and line.filled == 1) for line in lines]
    joined = any(many[index] and line.cells[-1] for index, line in enumerate(lines))
    for index, line in enumerate(lines):
        if any(len(cell) > LONG_CELL and not is_path(cell) for cell in line.cells):
            yield line, False
        elif many[index]:
            yield line, True
        else:
            before = index > 0 and many[index - 1]
            after = index + 1 < len(lines) and many[index + 1]
            if line.filled == 0:
                yield line, before
                continue
            short = len(line.raw) - line.raw.count("|") <= SHORT_LINE
            # joined: "行政许可 | " has a blank cell; closed: one cell is a row between rows, or where it is padded to
            # their width
            yield line, short and ((joined and (before or after)) or (after and (before or line.padded)))


def _n_values(cells: list[str]) -> int:
    """The number of cells of a row behind its labels."""
    return len(list(dropwhile(lambda cell: cell != "" and read_value(cell).status == "unreadable", cells)))


def _table(lines: list[_Line], blocks: list[Block], dropped: Dropped) -> None:
    while lines and not lines[-1].filled and len(lines[-1].cells) < 2:
        lines.pop()
    if not lines:
        return
    outer = all(len(line.cells) > 1 for line in lines)
    closed = outer and all(line.cells[-1] == "" for line in lines)
    # " | x": a joined row that begins with a blank cell begins with a blank; markdown begins with the pipe
    opened = closed and all(line.cells[0] == "" and not line.raw.startswith(" |") for line in lines)
    drops_blanks = dropped == "everywhere" or (dropped == "where padded" and closed and any(line.padded for line in lines))
    printed = [line.cells[1 if opened else 0 : -1 if closed else None] for line in lines]
    # "| 0 | |" may end with a blank cell, or be padded by one: then it has a cell more than rows that are surely padded.
    widths = {_n_values(cells) for line, cells in zip(lines, printed, strict=True) if line.padded}
    widest = max(widths, default=0) if closed else 0
    rows = []
    addresses = []
    for line, cells in zip(lines, printed, strict=True):
        padded_by_one = widest > 1 and not line.padded and not _BLANK_END.search(line.raw) and _n_values(cells) == widest + 1
        while (drops_blanks or padded_by_one) and len(cells) > 1 and not cells[-1]:
            cells.pop()
            padded_by_one = False
        rows.append(tuple(TableCell(cell) for cell in cells))
        addresses.append(cell_addresses(f"line[{line.number}]", len(cells)))
    blocks.append(without_frame(Table(f"line[{lines[0].number}]", tuple(rows), tuple(addresses), spans_known=False)))
