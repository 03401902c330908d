"""MHTML (RFC 2557): a page saved by a browser, Word or Excel with all its parts in one file -> its main HTML part and its frames'."""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Iterable
from email.message import Message

MAX_PARTS = 2_000
MAX_FRAMES = 60
Page = tuple[bytes, str | None]  # the bytes of an HTML part and its content type with the charset

_FRAME = re.compile(rb"<i?frame\b[^>]*?\bsrc\s*=\s*[\"']?([^\"'\s>]+)", re.I)
_TAB = re.compile(rb"<a\b[^>]*?\bhref\s*=\s*[\"']?([^\"'\s>#]+)[^>]*\btarget\s*=", re.I)  # Excel's tabs: each shows a sheet in a frame
_SHEET = re.compile(rb"<x:ExcelWorksheet>.*?</x:ExcelWorksheet>", re.I | re.S)
_SOURCE = re.compile(rb"<x:WorksheetSource\s+HRef=[\"']([^\"']+)", re.I)


def saved_pages(body: bytes) -> list[Page]:
    """The main page of a saved one and, in their order, the parts that its frames show; empty where there is no HTML inside.

    The main part is the one that the ``start`` parameter names, else the first HTML part that is not a frame's. Never
    raises.
    """
    try:
        message = email.message_from_bytes(body.lstrip(), policy=email.policy.compat32)
        parts: list[Message] = []
        for part in message.walk():
            if part.get_content_type() in ("text/html", "application/xhtml+xml"):
                parts.append(part)
            if len(parts) > MAX_PARTS:
                break
        start = message.get_param("start")
        named = [part for part in parts if start and part.get("Content-ID", "").strip() == str(start).strip()]
        main = next((part for part in named or parts if _content(part).strip()), None)
        shown = [] if main is None else [main, *_shown_in(main, parts)]
        return [(_content(part), str(part.get("Content-Type", "")) or None) for part in shown]
    except (ValueError, LookupError, UnicodeError, RecursionError, AttributeError, TypeError, IndexError):
        return []  # the standard library's parser has its limits on hostile headers


def _content(part: Message) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _shown_in(main: Message, parts: Iterable[Message]) -> list[Message]:
    """The parts that the frames of a page show, those within frames and behind the tabs of a workbook too; hidden sheets left out."""
    page = _content(main)
    hidden = {_name(source[1]) for sheet in _SHEET.findall(page) if b"SheetHidden" in sheet and (source := _SOURCE.search(sheet))}
    by_name: dict[str, Message] = {}
    for part in parts:
        for header in ("Content-Location", "Content-ID"):
            if name := _name(part.get(header, "").strip().strip("<>").encode()):
                by_name.setdefault(name, part)
    shown: list[Message] = []
    waiting = [page]
    while waiting and len(shown) < MAX_FRAMES:
        holder = waiting.pop(0)
        is_frame = holder is not page
        for reference in [*_FRAME.findall(holder), *(_TAB.findall(holder) if is_frame and b"<frameset" in page else ())]:
            name = _name(reference)
            found = by_name.get(name)
            if found is not None and found is not main and found not in shown and name not in hidden:
                shown.append(found)
                waiting.append(_content(found))
    return shown


def _name(address: bytes) -> str:
    """The last piece of an address, by which a frame and its part are told: ``sheet001.htm``, ``frame-1@mhtml.blink``."""
    return re.split(rb"[/\\]", address.strip())[-1].removeprefix(b"cid:").decode("latin-1").lower()
