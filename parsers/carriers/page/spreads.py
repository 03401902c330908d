"""Sheets that show two pages, or two columns of text, side by side: each half is read as a page of its own, the left one first."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import inf

from parsers.carriers.page.glyphs import Glyph, PageContent, baselines, is_wide, line_text
from parsers.carriers.page.layout import PAGE_NUMBER
from parsers.carriers.page.texts import Interval
from parsers.document import Block

_GUTTER = 12.0  # points: the least white between two columns
_MIDDLE = (0.42, 0.58)  # of the sheet's width: where the gutter may stand
_EDGE = 0.08  # of the sheet's height: where page numbers stand, between the columns too
_PROSE = 10  # Chinese characters of a line of prose
_FEW = 3  # lines that show what a half holds
_ADDRESS = re.compile(r"page\[(\d+)\](?:/box\[(-?\d+),(-?\d+),(-?\d+),(-?\d+)\])?")


@dataclass(frozen=True, slots=True)
class Places:
    """For each page that was read, by its number: the number of its sheet, and how far right on it the page begins."""

    of: dict[int, tuple[int, float]]

    def sheet(self, page: int) -> int:
        """The number of the sheet that holds a page."""
        return self.of.get(page, (page, 0.0))[0]

    def on_sheet(self, address: str) -> str:
        """An address on a page as one on its sheet."""

        def moved(match: re.Match[str]) -> str:
            sheet, right = self.of[int(match[1])]
            if match[2] is None:
                return f"page[{sheet}]"
            return f"page[{sheet}]/box[{int(match[2]) + round(right)},{match[3]},{int(match[4]) + round(right)},{match[5]}]"

        return _ADDRESS.sub(moved, address) if self.of else address

    def block(self, block: Block) -> Block:
        """A block with its addresses on the sheet."""
        return block.moved(self.on_sheet) if self.of else block


def single_pages(sheets: Sequence[PageContent]) -> tuple[list[PageContent], Places]:
    """The pages that the sheets show, numbered from 1, and where they stand; the sheets themselves where none shows two."""
    gutters = [_gutter(sheet) for sheet in sheets]
    sure = {round(sheet.width) for sheet, gutter in zip(sheets, gutters, strict=True) if gutter is not None and _is_spread(sheet, gutter)}
    if not sure:
        return list(sheets), Places({})
    parted = [
        _halves(sheet, gutter) if gutter is not None and round(sheet.width) in sure else (sheet,)
        for sheet, gutter in zip(sheets, gutters, strict=True)
    ]
    begins: dict[int, list[float]] = {}  # width of sheet -> where print begins on its left and right pages
    for parts in parted:
        if len(parts) > 1:
            least = begins.setdefault(round(parts[0].width), [inf, inf])
            least[:] = map(min, least, map(_left, parts))
    pages: list[PageContent] = []
    places: dict[int, tuple[int, float]] = {}
    for parts in parted:
        left, right = begins.get(round(parts[0].width), (0.0, 0.0))
        for part, across in zip(parts, (0.0, right - left), strict=False):  # a table that goes on has its columns at the same x
            pages.append(replace(_moved(part, -across) if across else part, number=len(pages) + 1))
            places[len(pages)] = part.number, across
    return pages, Places(places)


def _left(page: PageContent) -> float:
    """Where a page's print begins; infinite for none."""
    return min([*(glyph.x0 for glyph in page.glyphs if not glyph.text.isspace()), *(level.start for level in page.horizontal)], default=inf)


def _moved(page: PageContent, across: float) -> PageContent:
    """The page with all that it prints moved to the right."""
    return replace(
        page,
        glyphs=tuple(glyph._replace(x0=glyph.x0 + across, x1=glyph.x1 + across) for glyph in page.glyphs),
        horizontal=tuple(level._replace(start=level.start + across, end=level.end + across) for level in page.horizontal),
        vertical=tuple(stem._replace(at=stem.at + across) for stem in page.vertical),
        fills=tuple(fill._replace(x0=fill.x0 + across, x1=fill.x1 + across) for fill in page.fills),
    )


def _gutter(sheet: PageContent) -> Interval | None:
    """The white that parts the sheet from top to bottom, near its middle; None where there is none, or nothing beside it."""
    low, high = (share * sheet.width for share in _MIDDLE)
    body = [glyph for glyph in sheet.glyphs if not glyph.text.isspace() and not _in_edge(glyph, sheet)]
    spans = [(glyph.x0, glyph.x1) for glyph in body]
    spans += [(level.start, level.end) for level in sheet.horizontal]
    spans += [(fill.x0, fill.x1) for fill in sheet.fills if fill.x1 - fill.x0 < 0.9 * sheet.width]
    if not any(x1 <= high for _, x1 in spans) or not any(x0 >= low for x0, _ in spans):
        return None
    reach = low
    best = (low, low)
    for x0, x1 in [*sorted(span for span in spans if span[1] > low and span[0] < high), (high, high)]:
        if x0 - reach > best[1] - best[0]:
            best = reach, x0
        reach = max(reach, x1)
    return best if best[1] - best[0] >= _GUTTER else None


def _in_edge(glyph: Glyph, sheet: PageContent) -> bool:
    return not _EDGE * sheet.height < glyph.base < (1 - _EDGE) * sheet.height


def _is_spread(sheet: PageContent, gutter: Interval) -> bool:
    """Whether either side of the gutter holds lines of prose or, on a sheet laid across, a ruled table.

    Labels with their values beside them are neither; small tables may stand beside each other on one page.
    """
    for half in _halves(sheet, gutter):
        levels = {round(level.at) for level in half.horizontal if level.end - level.start > 0.25 * gutter[0]}
        prose = sum(_longest(line) >= _PROSE for line in baselines(half.glyphs))
        if max(len(levels) if sheet.width > sheet.height else 0, prose) < _FEW:
            return False
    return True


def _longest(line: Sequence[Glyph]) -> int:
    """The number of Chinese characters in the longest run of a line that stand close together."""
    best = run = 0
    for left, right in pairwise(line):
        run = run + 1 if is_wide(right.text) and right.x0 - left.x1 < 0.5 * right.size else 0
        best = max(best, run)
    return best


def _halves(sheet: PageContent, gutter: Interval) -> tuple[PageContent, PageContent]:
    """What stands at either side of the gutter; a page's number between the two is left out."""
    edge = [line for line in baselines(glyph for glyph in sheet.glyphs if _in_edge(glyph, sheet)) if PAGE_NUMBER.fullmatch(line_text(line))]
    numbers = {id(glyph) for line in edge if line[0].x0 < gutter[1] and gutter[0] < line[-1].x1 for glyph in line}
    middle = sum(gutter) / 2

    def side(is_left: bool) -> PageContent:
        return replace(
            sheet,
            glyphs=tuple(glyph for glyph in sheet.glyphs if (glyph.middle[0] < middle) is is_left and id(glyph) not in numbers),
            horizontal=tuple(level for level in sheet.horizontal if ((level.start + level.end) / 2 < middle) is is_left),
            vertical=tuple(stem for stem in sheet.vertical if (stem.at < middle) is is_left),
            fills=tuple(fill for fill in sheet.fills if ((fill.x0 + fill.x1) / 2 < middle) is is_left),
        )

    return side(True), side(False)
