"""HTTP content codings (RFC 9110, 8.4.1) undone within a limit: a decompression bomb costs no more than the limit."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zlib import _Decompress

STEP = 1 << 16


class TooLargeError(ValueError):
    """More bytes than the limit allows."""


class Decoder:
    """Takes a body piece by piece and gives its decoded form, at most ``limit`` bytes.

    Servers lie about codings: a body that does not begin as declared is taken as it is, and a broken or cut end
    keeps what came before it (``damaged`` is then true).
    """

    def __init__(self, coding: str, limit: int) -> None:
        names = [name.strip().lower() for name in coding.split(",") if name.strip().lower() not in ("", "identity")]
        # Nobody honest codes twice; an unknown coding is kept as bytes and left to the reader.
        self._coding = names[0] if len(names) == 1 and names[0] in ("gzip", "x-gzip", "deflate") else ""
        self._inflater: _Decompress | None = None
        self._limit = limit
        self._parts: list[bytes] = []
        self.size = 0
        self.damaged = False

    def feed(self, data: bytes) -> None:
        """Add wire bytes. Raises TooLargeError once the decoded body passes the limit."""
        if not self._coding:
            self._keep(data)
            return
        if self._inflater is None:
            self._inflater = _inflater(self._coding, data)
            if self._inflater is None:
                self._coding, self.damaged = "", True
                self._keep(data)
                return
        while data and not self._inflater.eof and not self.damaged:
            try:
                self._keep(self._inflater.decompress(data, STEP))
            except zlib.error:
                self.damaged = True
            data = self._inflater.unconsumed_tail

    def _keep(self, data: bytes) -> None:
        self.size += len(data)
        if self.size > self._limit:
            raise TooLargeError(f"more than {self._limit} bytes")
        self._parts.append(data)

    @property
    def cut(self) -> bool:
        """Whether a coded body ended, or broke, before its own end."""
        return self._inflater is not None and (self.damaged or not self._inflater.eof)

    def body(self) -> bytes:
        """All that has been decoded."""
        if self._inflater is not None and not self._inflater.eof:
            self.damaged = True
        return self._parts[0] if len(self._parts) == 1 else b"".join(self._parts)


def _inflater(coding: str, start: bytes) -> _Decompress | None:
    """A decompressor that fits the first bytes, None if they are not compressed at all."""
    if coding != "deflate":
        return zlib.decompressobj(31) if start[:2] == b"\x1f\x8b"[: len(start)] else None
    # RFC 9110 says zlib, many servers send raw deflate.
    return (
        zlib.decompressobj(15)
        if len(start) > 1 and start[0] & 15 == 8 and (start[0] << 8 | start[1]) % 31 == 0
        else zlib.decompressobj(-15)
    )


def decode(data: bytes, coding: str, limit: int = 1 << 30) -> bytes:
    """The whole of ``data`` decoded. Raises TooLargeError."""
    if not coding:
        return data
    decoder = Decoder(coding, limit)
    decoder.feed(data)
    return decoder.body()
