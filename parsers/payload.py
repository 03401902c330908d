"""A payload of any kind -> Document: recognised by its content, then given to its carrier."""

from __future__ import annotations

from dataclasses import replace

from parsers.carriers.archive import ZipError, open_package
from parsers.carriers.html import read_html
from parsers.carriers.lines.bars_below import with_rows_in_lines
from parsers.carriers.lines.lone_cells import with_blank_cells, with_cells_in_lines
from parsers.carriers.lines.torn import mend_torn
from parsers.carriers.recognise import recognise
from parsers.carriers.text import read_text
from parsers.decode import decode
from parsers.document import Document
from parsers.obstacles import detect_obstacle
from parsers.printed.rows import with_whole_rows

_UNREAD = {
    "ole": (
        "needs_libreoffice",
        "an old Office file (DOC, XLS, WPS, ET): convert it with LibreOffice to DOCX, XLSX or PDF first",
    ),
    "rtf": ("needs_libreoffice", "an RTF file: convert it with LibreOffice to DOCX or PDF first"),
    "odf": ("needs_libreoffice", "an OpenDocument file: convert it with LibreOffice to DOCX or XLSX first"),
    "xlsb": ("needs_libreoffice", "a binary workbook (XLSB): save it as XLSX, or convert it with LibreOffice first"),
    "sheet_xml": ("needs_libreoffice", "an XML workbook of Excel 2003: save it as XLSX, or convert it with LibreOffice first"),
    "zip": ("zip_archive", "a zip archive: its members are read one by one by extract and build"),
    "archive": ("unsupported_archive", "a RAR, 7z or gzip archive: unpack it first"),
    "pptx": ("unsupported_kind", "a presentation, which holds no report tables that could be read"),
    "unknown": ("unknown_kind", "neither HTML, text, PDF, DOCX nor XLSX: the bytes have no known form"),
}


# Freed once, a large block teaches glibc to keep that much memory: else the tree of each page is given back to the system and paged in
# anew. Elsewhere this does nothing.
bytes(8 << 20)


def read_document(body: bytes, content_type: str | None = None) -> Document:
    """Read any payload. Never raises; what could not be read is said in ``Document.problems``."""
    if not body.strip():
        return Document("unknown", (), problems=(("empty", "the payload is empty"),))
    kind = recognise(body)
    if kind in ("html", "text"):
        return _read_textual(kind, body, content_type)
    if kind == "pdf":
        from parsers.carriers.pdf import read_pdf

        return read_pdf(body)
    if kind == "ofd":
        from parsers.carriers.ofd import read_ofd

        return read_ofd(body)
    if kind in ("docx", "word_xml"):
        return _read_word(kind, body)
    if kind == "xlsx":
        from parsers.carriers.xlsx import read_xlsx

        return read_xlsx(body)
    if kind == "mhtml":
        return _read_saved(body)
    if kind == "image":
        from parsers.carriers.picture import read_picture

        return read_picture(body)
    return Document("unknown", (), problems=(_broken_zip(body) if kind == "zip" else None) or (_UNREAD[kind],))


def _read_saved(body: bytes) -> Document:
    """A page saved with all its parts; what its frames show follows it."""
    from parsers.carriers.mhtml import saved_pages

    pages = saved_pages(body)
    if not pages:
        return Document("unknown", (), problems=(("broken_mhtml", "no HTML part inside"),))
    document = read_document(*pages[0])
    frames = [(number, frame) for number, page in enumerate(pages[1:], 1) if (frame := read_document(*page)).blocks]
    if not frames:
        return document
    blocks = [block.moved(f"frame[{number}]/".__add__) for number, frame in frames for block in frame.blocks]
    problems = (*(document.problems if document.blocks else ()), *(problem for _, frame in frames for problem in frame.problems))
    return replace(document, blocks=(*document.blocks, *blocks), problems=problems)


def _read_word(kind: str, body: bytes) -> Document:
    from parsers.carriers.docx import read_docx
    from parsers.carriers.office.word_xml import docx_of

    try:
        return read_docx(docx_of(body) if kind == "word_xml" else body)
    except ZipError as error:
        return Document("docx", (), problems=(("broken_docx" if error.code == "broken_zip" else error.code, str(error)),))


def _broken_zip(body: bytes) -> tuple[tuple[str, str]] | None:
    try:
        open_package(body)
    except ZipError as error:
        return ((error.code, str(error)),)
    return None


def _read_textual(kind: str, body: bytes, content_type: str | None) -> Document:
    decoded = decode(body, content_type)
    obstacle = detect_obstacle(body, decoded.text)
    if obstacle is not None:
        return Document(kind, (), decoded.encoding, problems=((obstacle.code, obstacle.message),))
    if kind == "text":
        text = with_cells_in_lines(with_rows_in_lines(decoded.text))
        document = with_blank_cells(mend_torn(with_whole_rows(read_text(text, decoded.encoding), text)))
    else:
        # Bytes that are UTF-8 already are parsed as they are: lexbor would only encode the text again.
        plain = decoded.encoding == "utf-8" and not decoded.replaced and body[:3] != b"\xef\xbb\xbf"
        document = read_html(body if plain else decoded.text, decoded.encoding)
    if decoded.replaced:
        message = f"{decoded.replaced} characters could not be decoded as {decoded.encoding} and were replaced"
        return replace(document, problems=(*document.problems, ("undecodable_characters", message)))
    return document
