"""One payload to one Report, whatever it is: parse() with the conversions that need a program beside it."""

from __future__ import annotations

import dataclasses

from data.convert import ConversionError, NeedsLibreOffice, convert_office, suffix_by_content
from data.pictures import Find, embedded
from parsers import parse
from parsers.carriers.extra import HINT, missing
from parsers.carriers.recognise import recognise
from parsers.decode import looks_binary
from parsers.document import Document
from parsers.model import Problem, Report
from parsers.payload import read_document
from parsers.report import report_of

# Old containers of which LibreOffice is told by the name that they are spreadsheets, where their bytes do not say so.
_SPREADSHEETS = (".xls", ".et", ".ett")
MAX_PICTURES = 20  # of a page
_CONVERTED = ("ole", "rtf", "odf", "xlsb", "sheet_xml")


def read_report(
    body: bytes, *, name: str = "", url: str | None = None, content_type: str | None = None, pictures: Find | None = None
) -> Report:
    """Read a payload as a report; old Office files go through LibreOffice first. Never raises for what the payload holds.

    ``name`` is the file's name or address, used only to tell an old spreadsheet from an old text document. The report's
    payload is the file as it came, not the converted one. ``pictures`` finds the pictures of a page whose tables are pictures.
    """
    if recognise(body) not in _CONVERTED:
        report = parse(body, url=url, content_type=content_type)
        pictured = report.kind == "html" and any(problem.code == "image_only" for problem in report.problems)
        return _with_pictures(report, body, content_type, pictures) if pictured else report
    try:
        report = parse(readable(body, name), url=url)
    except (NeedsLibreOffice, ConversionError) as error:
        report = parse(b"", url=url)
        return dataclasses.replace(report, payload=body, problems=(Problem(error.code, str(error)),))
    return dataclasses.replace(report, payload=body)


def _with_pictures(report: Report, body: bytes, content_type: str | None, find: Find | None) -> Report:
    """A page whose tables are pictures, read again together with those that are found, where the extra for it is installed."""
    if missing():
        problems = (Problem(p.code, f"{p.message}; {HINT}") if p.code == "image_only" else p for p in report.problems)
        return dataclasses.replace(report, problems=tuple(problems))
    document = document_with_pictures(body, content_type, find)
    return report_of(document, body, report.url) if document is not None else report


def document_with_pictures(body: bytes, content_type: str | None, find: Find | None) -> Document | None:
    """A page's Document with what is read on its pictures; None where none of them is found."""
    document = read_document(body, content_type)
    found = ((address, embedded(address) or (find(address) if find else None)) for address in document.images[:MAX_PICTURES])
    pictures = [(address, picture) for address, picture in found if picture and looks_binary(picture) == "image"]
    if not pictures:
        return None
    from parsers.pictures import with_pictures

    return with_pictures(document, pictures)


def readable(body: bytes, name: str = "") -> bytes:
    """The payload, an old Office file converted through LibreOffice. Raises NeedsLibreOffice, ConversionError."""
    if recognise(body) not in _CONVERTED:
        return body
    suffix = suffix_by_content(body) or ".doc"
    if suffix == ".doc":
        suffix = next((s for s in _SPREADSHEETS if name.lower().endswith(s)), suffix)
    return convert_office(body, suffix)
