"""What a payload is, by its content alone: names and declared types are wrong too often to be asked."""

from __future__ import annotations

import re
from typing import Literal

from parsers.carriers.archive import ZipError, names_before_break, open_package
from parsers.decode import looks_binary

Kind = Literal[
    "html", "text", "mhtml", "pdf", "docx", "xlsx", "xlsb", "pptx", "odf", "ofd", "ole", "rtf", "word_xml", "sheet_xml", "zip", "image",
    "archive", "unknown",
]  # fmt: skip

HEAD = 4096
_TAG = re.compile(
    rb"<(?:!doctype\s+html|html|head|body|meta|title|table|tr|td|div|p|span|script|style|link|a)\b", re.I
)  # not <br>: it stands in cells of Markdown, too
_PAGE = re.compile(rb"<(?:!doctype|html|head|body|meta)\b", re.I)
_BARRED = 10  # lines that begin with a bar
_MAIL = re.compile(rb"\A\s*(?:[A-Za-z][A-Za-z0-9-]{0,60}:[^\n]{0,998}\r?\n(?:[ \t][^\n]{0,998}\r?\n)*)+\r?\n")
# Office documents in one XML file: flat OpenDocument, flat packages of Word, and those of Word and Excel 2003, whose names end in .doc,
# .xls or .xml.
_OFFICE_XML = re.compile(
    rb"\A\s*(?:\xef\xbb\xbf)?(?:<\?[^<>]*\?>\s*|<!--.*?-->\s*)*<(w:wordDocument|pkg:package|(?:ss:)?Workbook|office:document)[\s>]", re.S
)
_XML_KINDS: dict[bytes, Kind] = {b"office:document": "odf", b"w:wordDocument": "word_xml", b"pkg:package": "word_xml"}
_PARTS: tuple[tuple[str, Kind], ...] = (
    ("word/document.xml", "docx"),
    ("xl/workbook.xml", "xlsx"),
    ("xl/workbook.bin", "xlsb"),
    ("ppt/presentation.xml", "pptx"),
    ("OFD.xml", "ofd"),
)
_FOLDERS: tuple[tuple[str, Kind], ...] = (("word/", "docx"), ("xl/", "xlsx"), ("ppt/", "pptx"), ("ofd.xml", "ofd"), ("doc_0/", "ofd"))


def recognise(body: bytes) -> Kind:
    """The kind of a payload. Costs a few microseconds for HTML and text; a zip's table of contents is read once.

    ``ole`` is the container of DOC, XLS, WPS and ET; ``archive`` is RAR, 7z or gzip, which nobody here opens.
    """
    binary = looks_binary(body)
    if binary is None:
        return _text_kind(body)
    if binary == "zip":
        return _zip_kind(body)
    if binary in ("rar", "7z", "gzip"):
        return "archive"
    if binary in ("pdf", "ole", "rtf", "image"):
        return binary  # type: ignore[return-value]
    return "unknown"


def _text_kind(body: bytes) -> Kind:
    head = body[:HEAD]
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        head = head[2:].replace(b"\0", b"")
    if b"MIME-Version:" in head and (headers := _MAIL.match(head)) and b"multipart/" in headers.group().lower():
        return "mhtml"
    if office := _OFFICE_XML.match(head):
        return _XML_KINDS.get(office[1], "sheet_xml")
    # A page may begin with kilobytes of comments or white space.
    tagged = _TAG.search(head) or _TAG.search(body, HEAD, 64 * HEAD)
    return "html" if tagged and not _is_text_with_tags(body) else "text"


def _is_text_with_tags(body: bytes) -> bool:
    """Whether a text of bars holds a tag here and there, as Markdown and wiki text may."""
    if _PAGE.search(body, 0, HEAD) or body.count(b"\n|", 0, 16 * HEAD) < _BARRED:  # counting all takes a tenth of lxml's time
        return False
    lines = [line for line in body.splitlines() if line.strip()]
    barred = sum(line.startswith(b"|") for line in lines)
    tagged = sum(_TAG.search(line) is not None for line in lines)
    return len(lines) <= 3 * barred and 5 * tagged <= len(lines)


def _zip_kind(body: bytes) -> Kind:
    try:
        package = open_package(body)
    except ZipError:
        return _broken_kind(body)
    names = {name.lstrip("/").lower() for name in package.namelist()}
    for part, kind in _PARTS:
        if part.lower() in names:
            return kind
    if "[content_types].xml" in names and any(name.startswith("word/document") for name in names):
        return "docx"
    if "content.xml" in names and "mimetype" in names:
        return "odf"
    return "zip"


def _broken_kind(body: bytes) -> Kind:
    """The kind of a zip that cannot be opened, such as a document cut off while it was fetched: its carrier says what is wrong."""
    for name in names_before_break(body):
        for folder, kind in _FOLDERS:
            if name.startswith(folder):
                return kind
    return "zip"
