"""PDF -> Document: ruled tables by their lines, unruled ones by alignment, the rest as paragraphs."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from parsers.carriers import pdfium
from parsers.carriers.drawing import PageTooComplexError
from parsers.carriers.glyphs import PageContent, Ruling
from parsers.carriers.joining import join_over_break, with_bare_row
from parsers.carriers.lattice import Lattice, TooManyLinesError, find_lattices, merge_rulings
from parsers.carriers.layout import Line, lines_of, margins_of, paragraphs, without_furniture
from parsers.carriers.overprint import without_overprint
from parsers.carriers.pdfbombs import bomb_in
from parsers.carriers.unruled import part_tables
from parsers.document import Block, Document, Paragraph, Table, TableCell

MAX_PAGES = 600
MAX_SECONDS = 60.0
PICTURE_PAGE = 0.5  # share of a page that a picture must cover to make it a scan


@dataclass(frozen=True, slots=True)
class _Page:
    """One page read: its tables and its lines outside of them."""

    number: int
    lattices: list[Lattice]
    lines: list[Line]


def read_pdf(body: bytes, *, max_pages: int = MAX_PAGES, max_seconds: float = MAX_SECONDS) -> Document:
    """Read a PDF.

    Never raises for what the bytes hold; ``Document.problems`` says what was not read: ``needs_extra`` (pypdfium2 is
    missing), ``broken_pdf``, ``encrypted``, ``too_large``, ``too_many_pages``, ``timeout``, ``page_too_complex``, ``image_only``
    (pages without a text layer), ``unmapped_text`` (glyphs without a meaning).
    """
    if (bomb := bomb_in(body)) is not None:
        return _failed("too_large", f"the PDF was not opened: {bomb}")
    with pdfium.LOCK:
        try:
            document = pdfium.open_pdf(body)
        except ImportError:
            return _failed("needs_extra", "reading PDF needs an extra: pip install nianbao[pdf]")
        except pdfium.PdfError as error:
            return _failed(error.code, str(error))
        deadline = time.monotonic() + max_seconds
        try:
            contents, problems = _contents(document, max_pages, deadline)
        finally:
            document.close()
    return document_of(contents, problems, "pdf", deadline)


def _failed(code: str, message: str) -> Document:
    return Document(kind="pdf", blocks=(), problems=((code, message),))


def _contents(document: object, max_pages: int, deadline: float) -> tuple[list[PageContent], list[tuple[str, str]]]:
    """The readable pages and what was left out."""
    contents: list[PageContent] = []
    problems: list[tuple[str, str]] = []
    count = len(document)  # type: ignore[arg-type]
    if count > max_pages:
        problems.append(("too_many_pages", f"the PDF has {count} pages; the first {max_pages} were read"))
    for index in range(min(count, max_pages)):
        if time.monotonic() > deadline:
            problems.append(("timeout", f"time ran out: {index} of {count} pages were read"))
            break
        try:
            contents.append(pdfium.read_page(document, index))
        except PageTooComplexError as error:
            problems.append(("page_too_complex", f"page {index + 1} was left out: {error}"))
        except pdfium.PdfError as error:
            problems.append((error.code, str(error)))
    if count == 0:
        problems.append(("broken_pdf", "the PDF has no pages"))
    return contents, problems


def document_of(contents: Sequence[PageContent], problems: list[tuple[str, str]], kind: str, deadline: float) -> Document:
    """Pages of glyphs and rulings as a Document: the part that PDFs and recognised pictures share."""
    pages: list[_Page] = []
    contents = [without_overprint(content) for content in contents]
    for content in contents:
        if time.monotonic() > deadline:
            problems.append(("timeout", f"time ran out: {len(pages)} of {len(contents)} pages were laid out"))
            contents = contents[: len(pages)]
            break
        try:
            lattices, outside = find_lattices(content)
        except TooManyLinesError as error:
            problems.append(("page_too_complex", f"the tables of page {content.number} were not read: {error}"))
            lattices, outside = [], list(content.glyphs)
        pages.append(_Page(content.number, lattices, lines_of(outside, content.number, content.height)))
    cleared = without_furniture([page.lines for page in pages])
    pages = [_Page(page.number, page.lattices, lines) for page, lines in zip(pages, cleared, strict=True)]
    levels = {content.number: merge_rulings(content.horizontal) for content in contents}
    problems.extend(_text_problems(contents))
    return Document(kind=kind, blocks=tuple(_blocks(pages, levels)), problems=tuple(problems))


def _text_problems(contents: Sequence[PageContent]) -> list[tuple[str, str]]:
    """Pages whose text layer is missing or means nothing."""
    problems = []
    scans = [page.number for page in contents if page.pictures > PICTURE_PAGE and len(page.glyphs) < 20]
    if scans:
        listed = ", ".join(map(str, scans[:10])) + (" ..." if len(scans) > 10 else "")
        message = f"{len(scans)} of {len(contents)} pages are pictures without text (page {listed})"
        problems.append(("image_only", message))
    elif contents and not any(page.glyphs for page in contents):
        problems.append(("image_only", f"no text on any of {len(contents)} pages"))
    total = sum(len(page.glyphs) for page in contents)
    unmapped = sum(_means_nothing(glyph.text) for page in contents for glyph in page.glyphs)
    if unmapped > 0.1 * total and unmapped > 20:
        problems.append(("unmapped_text", f"{unmapped} of {total} characters have no meaning in the PDF's fonts"))
    return problems


def _means_nothing(char: str) -> bool:
    return char == "\ufffd" or "\ue000" <= char <= "\uf8ff" or ord(char) >= 0xF0000


def _blocks(pages: Sequence[_Page], levels: Mapping[int, Sequence[Ruling]]) -> list[Block]:
    """Tables and paragraphs in reading order; what a page break cut is joined."""
    blocks: list[Block] = []
    prose: list[Line] = []
    table: tuple[int, Lattice] | None = None  # the last thing read, while it is a table
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
            else:
                flush_prose()
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
