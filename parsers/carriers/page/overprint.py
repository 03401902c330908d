"""What a page prints over its text: lines that strike it out or underline it, watermarks of large characters, and specks of tiny ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from statistics import median

from parsers.carriers.page.glyphs import Glyph, PageContent, Ruling

_SMALL = 3.0  # points
_LARGE = 2.5  # times the usual size: so large a character over others is a watermark's
_TINY = 0.3  # times the usual size: nobody reads it
_LONGEST = 200.0  # points: no number or word that is struck out is longer
_APART = 3.0  # points
_MANY = 200  # a page of links has fewer
_BAND = 4.0  # points: glyphs are looked up by bands of their baselines


def without_overprint(page: PageContent) -> PageContent:
    """The page without characters that are struck out (deletions of tracked changes), without watermarks, specks and underlines."""
    alone = list(_alone(page))
    gone = {*_struck(page.glyphs, page.horizontal), *_watermark(page.glyphs), *_tiny(page.glyphs)}
    underlines = {line for line in alone if _is_underline(line, page.glyphs)} if len(alone) <= _MANY else set()
    if gone:
        page = replace(page, glyphs=tuple(glyph for i, glyph in enumerate(page.glyphs) if i not in gone))
    if underlines:
        page = replace(page, horizontal=tuple(line for line in page.horizontal if line not in underlines))
    return page


def _alone(page: PageContent) -> Iterator[Ruling]:
    """Short level lines that touch no other line: no table has such."""
    near: dict[int, list[Ruling]] = {}
    for line in page.horizontal:
        near.setdefault(round(line.at / _APART), []).append(line)
    for line in page.horizontal:
        if not 2.0 < line.end - line.start < _LONGEST:
            continue
        band = round(line.at / _APART)
        beside = (other for i in (band - 1, band, band + 1) for other in near.get(i, ()) if other is not line)
        if any(other.start - _APART < line.end and line.start - _APART < other.end for other in beside):
            continue
        start, end = line.start - _APART, line.end + _APART
        if not any(start < stem.at < end and stem.start - _APART < line.at < stem.end + _APART for stem in page.vertical):
            yield line


def _is_underline(line: Ruling, glyphs: Sequence[Glyph]) -> bool:
    """Whether a line stands close below characters and is as long as they are together."""
    over = [
        glyph
        for glyph in glyphs
        if -0.05 < (line.at - glyph.base) / glyph.size < 0.3 and line.start - 1.0 <= glyph.x0 and glyph.x1 <= line.end + 1.0
    ]
    return bool(over) and min(glyph.x0 for glyph in over) < line.start + 1.5 and max(glyph.x1 for glyph in over) > line.end - 1.5


def _bands(glyphs: Sequence[Glyph]) -> dict[int, list[int]]:
    bands: dict[int, list[int]] = {}
    for i, glyph in enumerate(glyphs):
        if not glyph.text.isspace():
            bands.setdefault(round(glyph.base / _BAND), []).append(i)
    return bands


def _struck(glyphs: Sequence[Glyph], levels: Sequence[Ruling]) -> Iterator[int]:
    """Indices of glyphs with a line through their middle that is as long as they are together; no line of a table is."""
    lines = [level for level in levels if 2.0 < level.end - level.start < _LONGEST]
    bands = _bands(glyphs) if lines else {}
    for line in lines:
        first, last = round(line.at / _BAND), round((line.at + 16.0) / _BAND)
        under = [
            i
            for band in range(first, last + 1)
            for i in bands.get(band, ())
            if 0.15 < (glyphs[i].base - line.at) / glyphs[i].size < 0.5
            and line.start - 1.0 <= glyphs[i].x0
            and glyphs[i].x1 <= line.end + 1.0
        ]
        if under and min(glyphs[i].x0 for i in under) < line.start + 1.5 and max(glyphs[i].x1 for i in under) > line.end - 1.5:
            yield from under


def _tiny(glyphs: Sequence[Glyph]) -> Iterator[int]:
    """Indices of glyphs far smaller than the page's others, across too: a recognised dash is as low as its ink."""
    if glyphs and min(glyph.size for glyph in glyphs) < _SMALL:
        least = min(_SMALL, _TINY * median(glyph.size for glyph in glyphs))
        yield from (i for i, glyph in enumerate(glyphs) if max(glyph.size, (glyph.x1 - glyph.x0) / 1.5) < least)


def _watermark(glyphs: Sequence[Glyph]) -> Iterator[int]:
    """Indices of glyphs far larger than the page's others that have others printed over them, and of the rest of their line."""
    if not glyphs or max(glyph.size for glyph in glyphs) <= _LARGE * (usual := median(glyph.size for glyph in glyphs)):
        return
    small = [glyph.middle for glyph in glyphs if glyph.size <= _LARGE * usual and not glyph.text.isspace()]
    large = [i for i, glyph in enumerate(glyphs) if glyph.size > _LARGE * usual and not glyph.text.isspace()]
    if len(large) > 200:
        return
    under = set()
    for i in large:
        glyph = glyphs[i]
        top, bottom = glyph.base - 0.85 * glyph.size, glyph.base + 0.15 * glyph.size
        if any(glyph.x0 < x < glyph.x1 and top < y < bottom for x, y in small):
            under.add((round(glyph.base), round(glyph.size)))
    yield from (i for i in large if (round(glyphs[i].base), round(glyphs[i].size)) in under)
