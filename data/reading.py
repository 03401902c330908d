"""One payload to one Report, whatever it is: parse() with the conversions that need a program beside it."""

from __future__ import annotations

import dataclasses
import hashlib

from data.convert import ConversionError, NeedsLibreOffice, convert_office
from parsers import parse
from parsers.carriers.recognise import recognise
from parsers.model import Problem, Report

# What an old container holds is told by its name; the bytes of DOC and XLS begin alike.
_SPREADSHEETS = (".xls", ".et", ".ett")
_CONVERTED = {"ole": ".doc", "rtf": ".rtf", "odf": ".odt"}


def read_report(body: bytes, *, name: str = "", url: str | None = None, content_type: str | None = None) -> Report:
    """Read a payload as a report; old Office files go through LibreOffice first. Never raises for what the payload holds.

    ``name`` is the file's name or address, used only to tell an old spreadsheet from an old text document. ``sha256`` is that of
    the payload as it came, not of the converted file.
    """
    if recognise(body) not in _CONVERTED:
        return parse(body, url=url, content_type=content_type)
    sha256 = hashlib.sha256(body).hexdigest()
    try:
        report = parse(readable(body, name), url=url)
    except (NeedsLibreOffice, ConversionError) as error:
        report = parse(b"", url=url)
        return dataclasses.replace(report, sha256=sha256, problems=(Problem(error.code, str(error)),))
    return dataclasses.replace(report, sha256=sha256)


def readable(body: bytes, name: str = "") -> bytes:
    """The payload, an old Office file converted through LibreOffice. Raises NeedsLibreOffice, ConversionError."""
    kind = recognise(body)
    if kind not in _CONVERTED:
        return body
    return convert_office(body, next((s for s in _SPREADSHEETS if name.lower().endswith(s)), _CONVERTED[kind]))
