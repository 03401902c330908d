"""Printed lines outside of tables: page furniture is dropped, the rest becomes paragraphs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from parsers.carriers.page.glyphs import Box, Glyph, baselines, join_lines, line_text
from parsers.document import Paragraph

MARGIN = 0.12  # share of the page height at top and bottom where page numbers and running heads stand
PAGE_NUMBER = re.compile(r"[-—–－―_·•~\s]*第?\s*(\d{1,4})\s*页?(\s*[/／,，共]+\s*\d{1,4}\s*页?)?[-—–－―_·•~\s]*")
_DASHED_NUMBER = re.compile(r"[-—–－]+\s*\d{1,4}\s*[-—–－]+")  # stands nowhere else, so it is one in mid-page too
_WORD = re.compile(r"[\u4e00-\u9fff]")
_HEAD_WORDS = 8  # Chinese characters


@dataclass(frozen=True, slots=True)
class Line:
    """One printed line. ``page`` from 1; ``height`` is the page's height in points."""

    page: int
    text: str
    box: Box
    size: float
    height: float
    glyphs: tuple[Glyph, ...] = ()

    @property
    def in_margin(self) -> bool:
        """Whether the line stands where page numbers stand."""
        return self.box.bottom < MARGIN * self.height or self.box.top > (1 - MARGIN) * self.height


def lines_of(glyphs: Iterable[Glyph], page: int, height: float) -> list[Line]:
    """The printed lines of a page, top to bottom; blank ones left out."""
    lines = []
    for group in baselines(glyphs):
        inked = [glyph for glyph in group if not glyph.text.isspace()]
        if not inked:
            continue
        size = sorted(glyph.size for glyph in inked)[len(inked) // 2]
        base = inked[0].base
        box = Box(inked[0].x0, base - 0.85 * size, max(glyph.x1 for glyph in inked), base + 0.15 * size)
        lines.append(Line(page, line_text(group), box, size, height, tuple(group)))
    return lines


def without_furniture(pages: Sequence[list[Line]]) -> list[list[Line]]:
    """The pages' lines without page numbers and running heads and feet.

    A bare number counts as a page number when it stands alone in the margin and keeps its distance to the page's
    own number on another page too (or is that number on a single page); dashes or 第…页 around it are enough alone.
    """
    offsets: Counter[int] = Counter()
    heads: Counter[tuple[str, int]] = Counter()
    edges = [_edge_lines(lines) for lines in pages]
    for outer in edges:
        for line in outer:
            if (number := _page_number(line)) is not None:
                offsets[number - line.page] += 1
            heads[_head_key(line)] += 1
    enough = max(3, (len(pages) * 3 + 4) // 5)

    def is_furniture(line: Line) -> bool:
        number = _page_number(line)
        if number is not None:
            # A bare number, or two with a comma, may be a table's.
            framed = not re.fullmatch(r"[\d\s,，/／]+", line.text)
            return framed or offsets[number - line.page] > 1 or (len(pages) == 1 and number == 1)
        # A long line is no row of numbers: printed at the same height of two pages out of three it heads or foots them.
        return heads[_head_key(line)] >= (2 if len(pages) <= 3 and len(_WORD.findall(line.text)) >= _HEAD_WORDS else enough)

    return [
        [
            line
            for line in lines
            if not _DASHED_NUMBER.fullmatch(line.text) and not (any(line is edge for edge in outer) and is_furniture(line))
        ]
        for lines, outer in zip(pages, edges, strict=True)
    ]


def _edge_lines(lines: list[Line]) -> list[Line]:
    """The first two and last two lines of a page, as far as they stand in the margins."""
    return [line for line in dict.fromkeys([*lines[:2], *lines[-2:]]) if line.in_margin]


def _page_number(line: Line) -> int | None:
    match = PAGE_NUMBER.fullmatch(line.text)
    return int(match.group(1)) if match else None


def _head_key(line: Line) -> tuple[str, int]:
    return re.sub(r"\d+", "#", line.text), round(line.box.top / 4)


Margins = dict[float, tuple[float, float]]


def margins_of(lines: Iterable[Line]) -> Margins:
    """Where lines begin and end at most, for each page height: pages of one height share their margins."""
    margins: Margins = {}
    for line in lines:
        left, right = margins.get(line.height, (line.box.x0, line.box.x1))
        margins[line.height] = (min(left, line.box.x0), max(right, line.box.x1))
    return margins


def paragraphs(lines: Sequence[Line], margins: Margins) -> list[Paragraph]:
    """Lines that follow each other, over page breaks too, as paragraphs.

    A paragraph goes on while its last line is full and the next one is not indented, in the same size and pitch; a title
    of centred lines goes on with a centred one.
    """
    found: list[list[Line]] = []
    for line in lines:
        if found and _continues(found[-1], line, margins):
            found[-1].append(line)
        else:
            found.append([line])
    return [Paragraph(join_lines(line.text for line in group), _address(group)) for group in found]


def _continues(group: Sequence[Line], line: Line, margins: Margins) -> bool:
    last = group[-1]
    size = max(last.size, line.size)
    if abs(last.size - line.size) > 0.15 * size:
        return False
    if last.page == line.page and not 0 < line.box.top - last.box.top < 3.2 * size:
        return False
    full = last.box.x1 > margins[last.height][1] - 2.0 * size
    indented = line.box.x0 > margins[line.height][0] + 0.8 * size
    return full and (not indented or all(_is_centred(each, margins) for each in (*group, line)))


def _is_centred(line: Line, margins: Margins) -> bool:
    """Whether a line has as much white before as after it; the first line of prose is indented on one side only."""
    left, right = margins[line.height]
    return abs((line.box.x0 - left) - (right - line.box.x1)) < line.size


def _address(group: list[Line]) -> str:
    first = group[0]
    boxes = [line.box for line in group if line.page == first.page]
    return Box(min(box.x0 for box in boxes), boxes[0].top, max(box.x1 for box in boxes), boxes[-1].bottom).address(first.page)
