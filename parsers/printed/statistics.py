"""A statistical table in a text that keeps no bars: its cells, or its rows, stand on lines of their own, and its head says what a row has.

A row is a label, maybe with its number in front, its unit, a code, and its values. A row that prints another number of values than there
are columns keeps all that may be theirs, parted by OPEN, and is unreadable; so are all of them where that is so of many.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from parsers.document import BLANK, OPEN, OPEN_END, Block, Table, TableCell, cell_addresses, open_text
from parsers.printed.disputes import in_place
from parsers.printed.lines import PrintedLine
from parsers.statistics.known_labels import UNITS, is_known, unit_in
from parsers.statistics.table_heads import head_role
from parsers.values import is_spoilt, read_value

_ENOUGH = 5  # rows with values under a head
_ENOUGH_BARE = 12  # without a head
_MOST = 200  # rows
_LONGEST = 60  # characters of a label
_LONGEST_UNIT = 8  # characters of a unit in brackets
_OPEN_SHARE = 0.2  # of the rows with values: more of them, and the head does not say what the rows have
_VALUES = frozenset(("year", "named_year", "other_year", "to_date", "cumulative"))
_MOST_HEADS = 8
_LETTERS = re.compile("[甲乙丙丁]")
_OPENS, _CLOSES = re.compile("[(（]"), re.compile("[)）]")
_BEGINS = re.compile(r"[一二三四五六七八九十]{1,3}、|[(（][一二三四五六七八九十\d]{1,2}[)）]|\d{1,2}[.．、]|[①-⑳]|其中")


class _Cell(NamedTuple):
    line: int  # its place among the lines
    text: str
    kind: str  # label, unit, value

    @property
    def is_number(self) -> bool:
        return self.kind == "value" and any(char.isdigit() for char in self.text)


class _Shape(NamedTuple):
    """What a row has, as ``heads`` cells say: besides its label a number in front, a unit, a code, some values, and maybe a remark."""

    heads: int
    serial: bool
    unit: bool
    code: bool
    values: int
    remark: bool = False

    @property
    def width(self) -> int:
        return self.serial + 1 + self.unit + self.code + self.values


class _Row(NamedTuple):
    """A row: its first and last line by their places, its cells, whether it prints anything behind its label, counts something, and
    whether its values are in doubt.
    """

    first: int
    last: int
    cells: tuple[str, ...]
    printed: bool = False
    filled: bool = False
    open: bool = False


_BARE = _Shape(0, serial=False, unit=True, code=False, values=1)


def with_whole_statistics(blocks: list[Block], lines: Sequence[PrintedLine]) -> list[Block]:
    """The blocks with such tables in the place of their lines. Pure; never raises."""
    cells = [cell for at, line in enumerate(lines) for cell in _cells(at, line)]
    heads: set[tuple[str, ...]] = set()
    at = 0
    while at < len(cells):
        shape = _shape(cells, at)
        rows, end = _rows(cells, at + shape.heads, shape) if shape else ([], at + 1)
        head = tuple(cell.text for cell in cells[at : at + shape.heads]) if shape else ()
        # Under a head that comes again the table goes on, with however few rows.
        if shape and sum(row.filled for row in rows) >= (1 if head in heads else _ENOUGH) and len(rows) <= _MOST:
            blocks = _placed(blocks, [_Row(cells[at].line, cells[at + len(head) - 1].line, head), *rows], lines)
            heads.add(head)
            at = end
        else:
            at += 1
    if heads:
        return blocks
    at = 0
    while at + 1 < len(cells):
        if (cells[at].kind, cells[at + 1].kind) != ("label", "unit"):
            at += 1
            continue
        rows, end = _rows(cells, at, _BARE)
        if sum(row.filled for row in rows) >= _ENOUGH_BARE and len(rows) <= _MOST:
            return _placed(blocks, rows, lines)
        at = max(end, at + 1)
    return blocks


def _placed(blocks: list[Block], rows: Sequence[_Row], lines: Sequence[PrintedLine]) -> list[Block]:
    width = max(len(row.cells) for row in rows)
    texts = tuple(tuple(map(TableCell, (*row.cells, *[""] * (width - len(row.cells))))) for row in rows)
    addresses = tuple(cell_addresses(f"line[{lines[row.first].number}]", width) for row in rows)
    table = Table(f"line[{lines[rows[0].first].number}]", texts, addresses, spans_known=False)
    return in_place(blocks, table, lines[rows[0].first].number, lines[rows[-1].last].number)


# ------------------------------------------------------------------ cells and heads


def _cells(at: int, line: PrintedLine) -> Iterator[_Cell]:
    """The cells of a line: labels of one or several pieces, units, values; the heads of a row of heads one by one."""
    pieces: list[str] = []
    end = -1
    for piece in (*line.labels, *line.values):
        if piece.start == end:
            pieces[-1] += piece.text
        else:
            pieces.append(piece.text)
        end = piece.end
    known = [head_role(text, None) or _LETTERS.fullmatch(text) for text in pieces]
    heads = all(known) or ("label" in known and not any(map(_is_value, pieces)))
    label = ""
    for text in pieces:
        kind = "unit" if text in UNITS else "value" if _is_value(text) else "label"
        if kind == "label" and not heads:
            label += text
            continue
        if label:
            yield _Cell(at, label, "label")
            label = ""
        yield _Cell(at, text, kind)
    if label:
        yield _Cell(at, label, "label")


def _is_value(text: str) -> bool:
    if text == BLANK or is_spoilt(text):
        return True
    status = read_value(text).status
    return status == "mark" or (status == "reported" and any(char.isdigit() for char in text))


def _shape(cells: Sequence[_Cell], at: int) -> _Shape | None:
    """What the heads that follow one another from here say of a row; None where they head no such table."""
    roles: list[str] = []
    for cell in cells[at : at + _MOST_HEADS]:
        role = None if cell.kind == "value" else head_role(cell.text, None)
        if role is None and (not roles or cell.kind != "label" or cell.line != cells[at].line):
            break
        roles.append(role or "change")  # an unknown head on the line of the others
    remark = roles[-1:] == ["remark"]
    serial, unit, code = roles[:1] == ["code"], "unit" in roles, roles[1:].count("code") == 1
    front = [*["code"] * serial, "label", *["unit"] * unit, *["code"] * code]
    values = roles[len(front) : len(roles) - remark]
    orderly = roles[: len(front)] == front and _VALUES.intersection(values) and _VALUES.union(("change",)).issuperset(values)
    return _Shape(len(roles), serial, unit, code, len(values), remark) if orderly else None


def _begins(text: str) -> bool:
    """Whether a line begins a label: it bears a number, or is all of a label."""
    return _BEGINS.match(text) is not None or is_known(text)


def _goes_on(label: str, text: str) -> bool:
    """Whether a line is the rest of a label that wrapped."""
    is_open = len(_OPENS.findall(label)) > len(_CLOSES.findall(label))
    if is_open or is_known(label + text):
        return True
    if _begins(text):
        return False
    return text[0] in "(（)）" or not (is_known(label) or unit_in(label[-_LONGEST_UNIT:]))


# ------------------------------------------------------------------ rows


def _rows(cells: Sequence[_Cell], at: int, shape: _Shape) -> tuple[list[_Row], int]:
    """The rows from here to the last one with values, and the place of the first cell behind them."""
    if at < len(cells) and _LETTERS.fullmatch(cells[at].text):  # 甲 乙 丙 1 2
        at += shape.width
    rows: list[_Row] = []
    ends: list[int] = []
    number: int | None = None
    while at < len(cells):
        if shape.serial:
            serial = read_value(cells[at].text).number if cells[at].is_number else None
            if not isinstance(serial, int) or serial != (serial if number is None else number + 1):
                break
            number, at = serial, at + 1
        labels, at = _labels(cells, at, shape)
        if not labels or any(len(label.text) > _LONGEST for label in labels):
            break
        start = at
        while at < len(cells) and cells[at].kind != "label":
            at += 1
        if shape.serial and at < len(cells) and at > start and _is_next(cells[at - 1], number):
            at -= 1
        *above, label = labels
        for heading in above:
            rows.append(_row(heading, [], shape, None, sure=True))
            ends.append(start)
        sure = at == len(cells) or shape.serial or _begins(cells[at].text)
        rows.append(_row(label, cells[start:at], shape, number, sure=sure))
        ends.append(at)
        at += shape.remark and _is_remark(cells, at, number)
    last = max((i for i, row in enumerate(rows) if row.printed), default=-1)
    rows = rows[: last + 1]
    filled = [row for row in rows if row.filled]
    shifted = shape.unit and any(_is_heading_with_number(row, shape) for row in rows)
    many_open = sum(row.open for row in filled) > (_OPEN_SHARE * len(filled) if shape.heads else 0)
    if shifted or many_open or (shape.code and _code_is_elsewhere(filled, shape)):
        rows = [_opened(row, shape) for row in rows]
    return rows, ends[last] if rows else at


def _is_heading_with_number(row: _Row, shape: _Shape) -> bool:
    """Whether a number follows the dashes of a heading: the value of the row below, which stands above its label, as all then do."""
    values = row.cells[-1].removesuffix(OPEN_END).rstrip().split(OPEN)
    marks = [read_value(text).status == "mark" for text in values]
    return row.open and len(marks) == shape.values + 2 and all(marks[:-1]) and not marks[-1]


def _code_is_elsewhere(rows: Sequence[_Row], shape: _Shape) -> bool:
    """Whether running numbers stand behind the values, and none where the head has them."""
    first = shape.width - shape.values - 1
    counted = [_counted([row.cells[at] for row in rows if not row.open]) for at in range(first, shape.width)]
    return not counted[0] and any(counted[1:])


def _counted(texts: Sequence[str]) -> bool:
    """Whether most numbers are by one higher than the one above."""
    numbers = [read_value(text).number for text in texts]
    steps = [one is not None and other == one + 1 for one, other in pairwise(numbers)]
    return 2 * sum(steps) > len(steps)


def _is_next(cell: _Cell, number: int | None) -> bool:
    """Whether a cell is the number of the next row."""
    return cell.is_number and number is not None and read_value(cell.text).number == number + 1


def _is_remark(cells: Sequence[_Cell], at: int, number: int | None) -> bool:
    """Whether a text behind a row is no label: the next row begins behind it."""
    if at + 1 >= len(cells) or cells[at].kind != "label":
        return False
    text, after = cells[at].text, cells[at + 1]
    return _is_next(after, number) or (number is None and after.kind == "label" and not _begins(text) and _begins(after.text))


def _labels(cells: Sequence[_Cell], at: int, shape: _Shape) -> tuple[list[_Cell], int]:
    """The labels up to the next cell that is none, wrapped lines joined, and the place behind them. A number in front is one label's."""
    labels: list[_Cell] = []
    while at < len(cells) and cells[at].kind == "label":
        if (labels or not shape.serial) and _shape(cells, at):
            break
        if labels and (shape.serial or _goes_on(labels[-1].text, cells[at].text)):
            labels[-1] = labels[-1]._replace(text=labels[-1].text + cells[at].text)
        else:
            labels.append(cells[at])
        at += 1
        if len(labels[-1].text) > _LONGEST:
            break
    return labels, at


def _row(label: _Cell, tail: Sequence[_Cell], shape: _Shape, number: int | None, *, sure: bool) -> _Row:
    """A label and the cells behind it as a row. ``sure``: what follows begins the next row, so that nothing more is this one's."""
    texts = [cell.text for cell in tail]
    needed = shape.code + shape.values
    has_unit = shape.unit and bool(tail) and (tail[0].kind == "unit" or (len(tail) == needed + 1 and not tail[0].is_number))
    unit = texts[:has_unit] or [""] * shape.unit
    values, rest = texts[has_unit:], tail[has_unit:]
    front = (*[str(number)] * shape.serial, label.text, *unit)
    lines = label.line, tail[-1].line if tail else label.line
    numbers = any(cell.is_number for cell in tail)
    if len(values) == needed and all(cell.kind == "value" for cell in rest):
        counts = numbers or (has_unit and tail[0].kind == "unit") or (bool(tail) and is_known(label.text))
        return _Row(*lines, (*front, *values), bool(tail), filled=counts)
    if not values and (sure or not has_unit):
        # a label without even its unit: its values stand elsewhere, and are not blank
        lost = not has_unit and (shape.unit or is_known(label.text))
        return _Row(*lines, (*front, *[OPEN_END if lost else ""] * needed), bool(tail))
    if not numbers and not has_unit:  # dashes beside a heading
        return _Row(*lines, (*front, *[""] * shape.code, *[texts[-1]] * shape.values), printed=True)
    return _opened(_Row(*lines, (*front, *values), printed=True, filled=True), shape)


def _opened(row: _Row, shape: _Shape) -> _Row:
    """A row with the values of which nothing tells whose they are."""
    if row.open:
        return row
    at = shape.width - shape.values - shape.code
    values = [text for text in row.cells[at:] if text]
    opened = open_text(values) if values else OPEN_END
    return row._replace(cells=(*row.cells[:at], *[""] * shape.code, *[opened] * shape.values), open=True)
