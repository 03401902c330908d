"""Pages of glyphs and rulings -> Document: ruled tables by their lines, unruled ones by alignment, the rest as paragraphs.

What PDF, OFD and recognised pictures share.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from parsers.carriers.extra import HINT, missing
from parsers.carriers.page.glyphs import PageContent, Ruling
from parsers.carriers.page.joining import join_over_break, with_bare_row
from parsers.carriers.page.lattice import Lattice, TooManyLinesError, find_lattices, merge_rulings
from parsers.carriers.page.layout import Line, lines_of, margins_of, paragraphs, without_furniture
from parsers.carriers.page.overprint import without_overprint
from parsers.carriers.page.spreads import single_pages
from parsers.carriers.page.texts import is_row
from parsers.carriers.page.unruled import part_tables
from parsers.document import Block, Document, Paragraph, Table, TableCell

PICTURE_PAGE = 0.5  # share of a page that a picture must cover to make it a scan
_FOREIGN, _CHINESE = re.compile("[\xa1-\u024f]"), re.compile("[\u4e00-\u9fff]")
_NO_MEANING = re.compile("[\u3400-\u4dbf\ufffd\ue000-\uf8ff\U000f0000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class _Page:
    """One page read: its tables and its lines outside of them."""

    number: int
    lattices: list[Lattice]
    lines: list[Line]


def document_of(
    contents: Sequence[PageContent], problems: list[tuple[str, str]], kind: str, deadline: float, recognised: Iterable[int] = ()
) -> Document:
    """Pages of glyphs and rulings as a Document; what was not read is added to ``problems``; ``recognised`` pages were read by OCR."""
    pages: list[_Page] = []
    problems_of_text = _text_problems(contents)
    unread: list[str] = []
    contents, places = single_pages([without_overprint(content) for content in contents])
    for content in contents:
        if time.monotonic() > deadline:
            problems.append(("timeout", f"time ran out: {len(pages)} of {len(contents)} pages were laid out"))
            unread += (f"page[{left.number}]" for left in contents[len(pages) :])
            contents = contents[: len(pages)]
            break
        try:
            lattices, outside = find_lattices(content)
        except TooManyLinesError as error:
            problems.append(("page_too_complex", f"the tables of page {places.sheet(content.number)} were not read: {error}"))
            lattices, outside = [], list(content.glyphs)
            unread.append(f"page[{content.number}]")
        pages.append(_Page(content.number, lattices, lines_of(outside, content.number, content.height)))
    cleared = without_furniture([page.lines for page in pages])
    pages = [_Page(page.number, page.lattices, lines) for page, lines in zip(pages, cleared, strict=True)]
    levels = {content.number: merge_rulings(content.horizontal) for content in contents}
    problems.extend(problems_of_text)
    prefixes = tuple(f"page[{number}]/" for number in recognised)
    blocks = tuple(map(places.block, _blocks(pages, levels, unread)))
    return Document(kind, blocks, problems=tuple(problems), recognised=prefixes, unread=tuple(map(places.on_sheet, unread)))


def _text_problems(contents: Sequence[PageContent]) -> list[tuple[str, str]]:
    """Pages whose text layer is missing or means nothing."""
    problems = []
    scans = [page.number for page in contents if is_scan(page)]
    if scans:
        listed = ", ".join(map(str, scans[:10])) + (" ..." if len(scans) > 10 else "")
        message = f"{len(scans)} of {len(contents)} pages are pictures without text (page {listed})"
        problems.append(("image_only", f"{message}; {HINT}" if missing() else message))
    elif contents and not any(page.glyphs for page in contents):
        problems.append(("image_only", f"no text on any of {len(contents)} pages"))
    total = sum(len(page.glyphs) for page in contents)
    unmapped = sum(map(_unmapped, contents))
    if _is_much(unmapped, total):
        problems.append(("unmapped_text", f"{unmapped} of {total} characters have no meaning in the file's fonts"))
    return problems


def is_scan(page: PageContent) -> bool:
    """Whether a page is a picture without a text layer."""
    return page.pictures > PICTURE_PAGE and len(page.glyphs) < 20


def is_unmapped(page: PageContent) -> bool:
    """Whether the file does not say what much of the page's text means."""
    return _is_much(_unmapped(page), len(page.glyphs))


def _unmapped(page: PageContent) -> int:
    """The number of characters without a meaning, or with one that no Chinese page is written in."""
    text = "".join(glyph.text for glyph in page.glyphs)
    foreign = 0 if text.isascii() else len(_FOREIGN.findall(text))
    return len(_NO_MEANING.findall(text)) + (foreign if foreign > len(_CHINESE.findall(text)) else 0)


def _is_much(unmapped: int, total: int) -> bool:
    return unmapped > 0.1 * total and unmapped > 20


def _blocks(pages: Sequence[_Page], levels: Mapping[int, Sequence[Ruling]], unread: list[str]) -> list[Block]:
    """Tables and paragraphs in reading order; what a page break cut is joined. Lines of values in no table are noted in ``unread``."""
    blocks: list[Block] = []
    prose: list[Line] = []
    table: tuple[int, Lattice] | None = None  # the last thing read, while it is a table
    head: Lattice | None = None  # the last ruled table
    n_tables = 0
    margins = margins_of(line for page in pages for line in page.lines)

    def add_table(page: int, lattice: Lattice) -> None:
        nonlocal n_tables
        n_tables += 1
        blocks.extend(_table_blocks(lattice, f"page[{page}]/table[{n_tables}]"))

    def flush_prose() -> None:
        for part in part_tables(prose, levels):
            if isinstance(part, Lattice):
                add_table(prose[0].page, part)
            else:
                blocks.extend(paragraphs(part, margins))
                unread.extend(line.box.address(line.page) for line in part if is_row(line.glyphs))
        prose.clear()

    def flush_table() -> None:
        nonlocal table
        if table is not None:
            add_table(*table)
            table = None

    for page in pages:
        items: list[Line | Lattice] = [*page.lattices, *page.lines]
        first = True
        for item in sorted(items, key=lambda item: item.box.top):
            if isinstance(item, Line):
                longer = with_bare_row(table[1], item) if table is not None and first else None
                if longer is not None and table is not None:
                    table = (table[0], longer)
                    continue
                flush_table()
                prose.append(item)
            elif first and prose and head is not None and _is_same(head, item):
                continue  # the head printed again, of a table whose rows stand between no lines
            else:
                flush_prose()
                head = item
                joined = join_over_break(table[1], item) if table is not None and first else None
                if joined is not None and table is not None:
                    table = (table[0], joined)
                else:
                    flush_table()
                    table = (page.number, item)
            first = False
    flush_prose()
    flush_table()
    return blocks


def _is_same(table: Lattice, other: Lattice) -> bool:
    """Whether two tables say the same, and no number."""
    said, again = ([(cell.row, cell.col, cell.text) for cell in each.cells] for each in (table, other))
    return said == again and not any(char.isdecimal() for *_, text in said for char in text)


def _table_blocks(lattice: Lattice, locator: str) -> list[Block]:
    """The lattice as a Table; a frame of one column holds prose."""
    if all(cell.colspan == lattice.n_cols for cell in lattice.cells):
        return [Paragraph(cell.text, cell.address) for cell in lattice.cells if cell.text]
    rows: list[list[TableCell]] = [[] for _ in range(lattice.n_rows)]
    addresses: list[list[str]] = [[] for _ in range(lattice.n_rows)]
    for cell in lattice.cells:
        rows[cell.row].append(TableCell(cell.text, cell.colspan, cell.rowspan))
        addresses[cell.row].append(cell.address)
    return [Table(locator, tuple(map(tuple, rows)), tuple(map(tuple, addresses)))]
