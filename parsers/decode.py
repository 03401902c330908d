"""Bytes to text: which character set a page is written in, decided by its bytes first and by what it declares last.

Chinese government pages declare wrongly as a matter of course (``gb2312`` over GB 18030 bytes, ``utf-8`` in a GBK
page, two declarations in one head, none at all), so what decodes strictly wins over what is declared.
"""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

HEAD = 4096  # bytes looked at for declarations and magic numbers


class Decoded(NamedTuple):
    """``text``, the Python codec name it was read by, and how many characters had to be replaced by U+FFFD."""

    text: str
    encoding: str
    replaced: int


_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_DECLARED = re.compile(
    rb"""<\?xml[^>]{0,200}?\bencoding\s*=\s*["']?\s*([\w.:-]{2,40})|\bcharset\s*=\s*["']?\s*([\w.:-]{2,40})""", re.I
)
# Declared by servers and editors that know no better: they decode anything and so prove nothing.
_MEANINGLESS = frozenset({"iso8859-1", "ascii", "cp1252", "latin-1"})
_CONTROLS = bytes(set(range(32)) - {9, 10, 12, 13, 27})
_MAGIC = (
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
    (b"\x89PNG\r\n", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF87a", "image"),
    (b"GIF89a", "image"),
    (b"II*\x00", "image"),
    (b"MM\x00*", "image"),
    (b"Rar!\x1a\x07", "rar"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"\x1f\x8b\x08", "gzip"),
    (b"{\\rtf", "rtf"),
)


def looks_binary(body: bytes) -> str | None:
    """The kind of a body that is no text, by its content: ``pdf zip ole image rar 7z gzip rtf unknown-binary``; None
    for text.

    ``zip`` covers DOCX, XLSX and OFD, ``ole`` the DOC and XLS of before 2007. An empty body is (empty) text.
    """
    head = body[:HEAD]
    for magic, kind in _MAGIC:  # first, for an archive may hold a PDF as it is
        if head.startswith(magic):
            return kind
    if b"%PDF-" in head[:1024] and head.lstrip()[:1] != b"<":
        return "pdf"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image"
    if head[:2] == b"BM" and head[6:10] == b"\x00\x00\x00\x00":
        return "image"
    controls = len(head) - len(head.translate(None, _CONTROLS))
    if controls * 50 <= len(head) or head.startswith((b"\xff\xfe", b"\xfe\xff")) or _utf16_without_bom(head):
        return None
    return "unknown-binary"


def decode(body: bytes, content_type: str | None = None) -> Decoded:
    """Decode a text body: byte order mark, strict UTF-8, what is declared, GB 18030 with replacement. Never raises.

    Declarations are tried in the order HTTP header (``content_type``), ``<meta>``, XML declaration; every ``gb*``
    name means GB 18030, the superset. UTF-8 with a cut last character or a few damaged ones stays UTF-8. The byte
    order mark is not part of the text.
    """
    for bom, encoding in _BOMS:
        if body.startswith(bom):
            return _replacing(body[len(bom) :], encoding)
    utf16 = _utf16_without_bom(body[:HEAD])
    if utf16 is not None:
        return _replacing(body, utf16)
    try:
        return Decoded(body.decode("utf-8"), "utf-8", 0)
    except UnicodeDecodeError as error:
        # A body cut by a size limit ends inside a character.
        if len(body) - error.start <= 3 and error.reason == "unexpected end of data":
            return _replacing(body, "utf-8")
    for encoding in _declared(body, content_type):
        try:
            return Decoded(body.decode(encoding), encoding, 0)
        except UnicodeDecodeError:
            continue
    damaged = _replacing(body, "utf-8")
    # In a GBK page read as UTF-8 nearly every character fails; in a damaged UTF-8 page few do.
    if damaged.replaced * 20 < sum(map(damaged.text.count, "的一年公开信息政府")):
        return damaged
    return _replacing(body, "gb18030")


def _replacing(body: bytes, encoding: str) -> Decoded:
    text = body.decode(encoding, "replace")
    return Decoded(text, encoding, text.count("\ufffd") - body.count(_encoded_replacement(encoding)))


def _encoded_replacement(encoding: str) -> bytes:
    """U+FFFD as it stands in the body itself: a page may print it, and that is no loss of ours."""
    return "\ufffd".encode(encoding)


def _declared(body: bytes, content_type: str | None) -> list[str]:
    """Python codec names declared by header, <meta> and XML declaration, in this order, each once."""
    names = [match[2] or b"" for match in _DECLARED.finditer((content_type or "").encode("latin-1", "replace"))]
    found = list(_DECLARED.finditer(body[:HEAD]))
    names += [match[2] for match in found if match[2]] + [match[1] for match in found if match[1]]
    codecs_found: list[str] = []
    for raw in names:
        name = raw.decode("ascii", "replace").lower()
        if name.startswith(("gb", "x-gb", "cp936", "hz-gb")):
            name = "gb18030"
        elif name.startswith("big5") or name == "x-x-big5":
            name = "big5hkscs"
        try:
            codec = codecs.lookup(name)
        except (LookupError, ValueError):
            continue
        # bytes-to-bytes codecs ("hex", "zip") are no character sets
        is_charset = getattr(codec, "_is_text_encoding", True) and codec.name not in _MEANINGLESS
        if is_charset and codec.name not in codecs_found:
            codecs_found.append(codec.name)
    return codecs_found


def _utf16_without_bom(head: bytes) -> str | None:
    """UTF-16 betrays itself by the zero bytes of its ASCII characters (markup, digits), all on one side."""
    zeros = head.count(b"\x00")
    if zeros * 10 < len(head) or not zeros:
        return None
    even, odd = head[::2].count(b"\x00"), head[1::2].count(b"\x00")
    if min(even, odd) * 4 > max(even, odd):
        return None
    encoding = "utf-16-le" if odd > even else "utf-16-be"
    text = head[: len(head) // 2 * 2].decode(encoding, "ignore")
    return encoding if any(mark in text for mark in ("<", "的", "年")) else None
