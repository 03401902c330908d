"""Rows of a saved text whose labels or heads hold line breaks: ``（三）不予公开 | 1.属于国``, and on the next line ``家秘密 | 0 | 0``.

Where bars or tabs only stand between cells, nothing but the label says that the row goes on. So lines are put together where the end of
one and the beginning of the next are a label of an official form, or a number and a remark on it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from parsers.carriers.lines.cell_lines import Numbered
from parsers.forms import CORNER, load_forms
from parsers.labels import label_key, short_key

_BAR = re.compile(r"(?<![^|]\\)\||\t")
_VALUE = re.compile(r"[+\-−]?[\d０-９][\d０-９.,，．]*|[/／\-－—–]{1,4}|无")
_NUMBER = re.compile(r"[（(]?\s*(?:[一二三四五六七八九十]{0,3}|\d{1,2}(?=.))\s*[)）、.．]?")  # of an item, without its words
_OWN_NUMBER = re.compile(r"[（(]?\s*(?:[一二三四五六七八九十]{1,3}|\d{1,2})\s*[)）、.．]")
_REMARK = re.compile(r"[（(][^（()）]{3,}[）)]")  # （其中网上申请81件）; a shorter one numbers a label
_MOST_LINES = 12  # of one label: as many characters
_LONGEST = 60  # characters of a piece


def with_whole_labels(lines: Sequence[Numbered]) -> Iterator[Numbered]:
    """Numbered lines, those that only together hold a label put together and numbered like the first. Pure; never raises."""
    i = 0
    while i < len(lines):
        number, line = lines[i]
        i += 1
        while height := _goes_on(line, [below for _, below in lines[i : i + _MOST_LINES]]):
            line = line.rstrip() + "".join(below.strip() for _, below in lines[i : i + height])
            i += height
        yield number, line


def _goes_on(line: str, below: Sequence[str]) -> int:
    """How many of the lines below belong to the label that ends a line; 0 where it is whole, or its row has values."""
    *before, end = (cell.strip() for cell in _BAR.split(line))
    if before and below and _VALUE.fullmatch(end):
        first, *rest = (cell.strip() for cell in _BAR.split(below[0]))
        is_remark = _REMARK.fullmatch(first) is not None and not _is_label(first)
        return int(is_remark and bool(rest) and all(not cell or _VALUE.fullmatch(cell) for cell in rest))
    if not end or len(end) > _LONGEST or any(map(_VALUE.fullmatch, (*before, end))):
        return 0
    said, is_row, found = end, bool(before), 0
    for height, other in enumerate(below, 1):
        first, *rest = (cell.strip() for cell in _BAR.split(other))
        if not label_key(first) or len(first) > _LONGEST or _VALUE.fullmatch(first):  # a mark goes on no label
            break
        is_whole = _is_label(end) or (_is_label(first) and not _may_number(said, first))
        said += first
        is_row = is_row or bool(rest)
        # 本年 and 制发件数 are labels, too: they make one only where that is a form's to the letter
        is_one = label_key(said) in _labels() and label_key(said) != label_key(first) if is_whole else _is_label(said)
        if is_one and (is_row or (height < len(below) and _BAR.search(below[height]))):
            found = height  # 其他 may go on: 其他结果
        if rest:
            break
    return found


def _may_number(said: str, label: str) -> bool:
    """Whether what stands above a label may be its number: a label with one of its own needs none, so 六十 above 三、… is a value."""
    return _NUMBER.fullmatch(said) is not None and (_OWN_NUMBER.match(label) is None or said in "（(")


def is_one_label(pieces: Sequence[str]) -> bool:
    """Whether pieces of text that stand below each other are one label of an official form, and not labels each."""
    return len(pieces) > 1 and _is_label("".join(pieces)) and not all(map(_is_label, pieces))


def _is_label(text: str) -> bool:
    return label_key(text) in _labels() or short_key(text) in _labels()


@cache
def _labels() -> frozenset[str]:
    tables = [table for form in load_forms().values() for table in form.tables]
    blocks = [block for table in tables for block in table.blocks]
    said = [label for block in blocks for row in (*block.rows, *block.collapsed) for label in (*row.labels, *row.path)]
    said += [label for block in blocks for column in block.columns for label in (*column.labels, *column.path)]
    said += [block.article for block in blocks if block.article] + [CORNER]
    return frozenset(key for label in said for key in (label_key(label), short_key(label)) if key)
