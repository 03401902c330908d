"""PDF -> Document."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from parsers.carriers.extra import missing
from parsers.carriers.page.drawn import PageTooComplexError
from parsers.carriers.page.glyphs import PageContent
from parsers.carriers.page.pages import PICTURE_PAGE, document_of, is_scan, is_unmapped
from parsers.carriers.pdf_objects import pdfium
from parsers.carriers.pdf_objects.pdfbombs import bomb_in
from parsers.document import Document

if TYPE_CHECKING:
    from parsers.carriers.ocr.ink import Gray

MAX_PAGES = 600
MAX_SCANS = 40
MAX_SECONDS = 60.0
PAGES_AT_ONCE = 20  # pdfium keeps what it unpacked for a page (its fonts above all) until the file is closed


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
            contents, unread, problems = _contents(body, max_pages, time.monotonic() + max_seconds / 2)
            pictures = [page for page in contents if is_scan(page) or is_unmapped(page)]
            scans = [] if missing() else pictures[:MAX_SCANS]
        except ImportError:
            return _failed("needs_extra", "reading PDF needs an extra: pip install nianbao[pdf]")
        except pdfium.PdfError as error:
            return _failed(error.code, str(error))
    recognised: dict[int, PageContent] = {}
    if scans:
        from parsers.carriers.picture import MAX_SECONDS as PICTURE_SECONDS
        from parsers.carriers.picture import recognised_pages

        found = recognised_pages(_pictures(body, scans), len(scans), problems, time.monotonic() + PICTURE_SECONDS)
        recognised = {page.number: replace(page, pictures=1.0) for page in found}
    deadline = time.monotonic() + max_seconds / 2  # what was read in the first half of the time is laid out in the second
    contents = [recognised.get(page.number, page) for page in contents]
    layers = {page.number for page in contents if page.layer and page.pictures > PICTURE_PAGE}
    document = document_of(contents, problems, "pdf", deadline, sorted(layers.union(recognised)))
    if document.blocks:
        unread += [page.number for page in pictures if page.number not in recognised]
        document = replace(document, unread=(*document.unread, *(f"page[{number}]" for number in sorted(unread))))
    return document


def _pictures(body: bytes, scans: Sequence[PageContent]) -> Iterator[tuple[int, Gray, float]]:
    """The pages without text, or without its meaning, as pictures: number, picture, width in points.

    Each is drawn when it is asked for, for all of them together are large.
    """
    for page in scans:
        with pdfium.LOCK:
            document = pdfium.open_pdf(body)
            try:
                picture = pdfium.picture_of(document, page.number - 1)
            finally:
                document.close()
        yield page.number, picture, page.width


def _failed(code: str, message: str) -> Document:
    return Document(kind="pdf", blocks=(), problems=((code, message),))


def _contents(body: bytes, max_pages: int, deadline: float) -> tuple[list[PageContent], list[int], list[tuple[str, str]]]:
    """The readable pages, the numbers of others, and what was left out. Raises what ``pdfium.open_pdf`` does."""
    contents: list[PageContent] = []
    problems: list[tuple[str, str]] = []
    document = pdfium.open_pdf(body)
    try:
        count = len(document)
        if count > max_pages:
            problems.append(("too_many_pages", f"the PDF has {count} pages; the first {max_pages} were read"))
        for index in range(min(count, max_pages)):
            if time.monotonic() > deadline:
                problems.append(("timeout", f"time ran out: {index} of {count} pages were read"))
                break
            if index and index % PAGES_AT_ONCE == 0:
                document.close()
                document = pdfium.open_pdf(body)
            try:
                contents.append(pdfium.read_page(document, index))
            except PageTooComplexError as error:
                problems.append(("page_too_complex", f"page {index + 1} was left out: {error}"))
            except pdfium.PdfError as error:
                problems.append((error.code, str(error)))
    finally:
        document.close()
    if count == 0:
        problems.append(("broken_pdf", "the PDF has no pages"))
    read = {page.number for page in contents}
    return contents, [number for number in range(1, min(count, max_pages + 1) + 1) if number not in read], problems
