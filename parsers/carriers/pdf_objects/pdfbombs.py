"""PDFs that unpack to more than any report holds, found before pdfium opens them: nothing could stop it once it began."""

from __future__ import annotations

import re
import zlib

MAX_STREAM = 200 << 20  # bytes of one unpacked stream that is a picture
MAX_OTHER = 40 << 20  # of another: no font and no page's drawing is as large
MAX_DRAWN = 20_000  # forms drawn by one page, those inside forms counted each time
_RATIO = 1040  # deflate makes no more out of a byte
_HEAD = 600  # bytes before a stream: its dictionary
_STREAM = re.compile(rb"stream\r?\n")
_FORM = re.compile(rb"(\d{1,8}) \d{1,5} obj\s*(<<(?:(?!endobj).){0,4000}?)stream\r?\n", re.S)
_DRAWS = re.compile(rb"/XObject\s*<<(.{0,2000}?)>>", re.S)
_REFERENCE = re.compile(rb"/([^\s/<>\[\]()]{1,60})\s+(\d{1,8}) \d{1,5} R")


def bomb_in(body: bytes) -> str | None:
    """What makes the PDF a bomb; None for all others."""
    if (limit := _endless_stream(body)) is not None:
        return f"a stream in it unpacks to more than {limit >> 20} MB"
    return "its drawings repeat each other without end" if body.count(b"/Form") > 0 and _repeats(body) else None


def _endless_stream(body: bytes) -> int | None:
    """The limit that a stream exceeds; None where none does."""
    for match in _STREAM.finditer(body):
        start = match.end()
        if start >= 9 and body[match.start() - 3 : match.start()] == b"end":
            continue
        end = body.find(b"endstream", start)
        end = len(body) if end < 0 else end
        if end - start < MAX_OTHER // _RATIO or body[start] & 0x0F != 8 or int.from_bytes(body[start : start + 2], "big") % 31:
            continue
        head = body[max(0, match.start() - _HEAD) : match.start()].rpartition(b" obj")[2]
        limit = MAX_STREAM if b"/Image" in head else MAX_OTHER
        if end - start >= limit // _RATIO and _size(body[start:end], limit) > limit:
            return limit
    return None


def _size(packed: bytes, limit: int) -> int:
    """How much zlib makes of it, counted up to a little over ``limit`` and never kept."""
    unpacker, size, rest = zlib.decompressobj(), 0, packed
    try:
        while rest and size <= limit and not unpacker.eof:
            size += len(unpacker.decompress(rest, 4 << 20))
            rest = unpacker.unconsumed_tail
    except zlib.error:
        pass
    return size


def _repeats(body: bytes) -> bool:
    """Whether forms draw each other in a circle, or more often than any page needs."""
    draws: dict[bytes, list[bytes]] = {}
    for match in _FORM.finditer(body):
        number, head = match.groups()
        inner = _DRAWS.search(head)
        if b"/Form" not in head or inner is None:
            continue
        end = body.find(b"endstream", match.end())
        content = _unpacked(body[match.end() : max(match.end(), end)])
        for name, target in _REFERENCE.findall(inner.group(1)):
            draws.setdefault(number, []).extend([target] * min(MAX_DRAWN, content.count(b"/" + name + b" ")))
    return any(_drawn(number, draws, {}, ()) > MAX_DRAWN for number in draws)


def _unpacked(packed: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(packed, 1 << 20)
    except zlib.error:
        return packed[: 1 << 20]


def _drawn(number: bytes, draws: dict[bytes, list[bytes]], known: dict[bytes, int], above: tuple[bytes, ...]) -> int:
    """How many forms are drawn when this one is."""
    if number in above or len(above) > 60:
        return MAX_DRAWN + 1
    if number not in known:
        total = 1
        for inner in draws.get(number, ()):
            total += _drawn(inner, draws, known, (*above, number))
            if total > MAX_DRAWN:
                break
        known[number] = total
    return known[number]
