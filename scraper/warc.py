"""WARC 1.1 (ISO 28500:2017) records, written so that a kill at any instant leaves a readable file.

warcio reads foreign files (see scraper.archive). Records are serialised here because an exchange must reach the file in one
write and warcio's writer, at gzip level 9, costs more than the fetch itself.
"""

from __future__ import annotations

import hashlib
import json
import os
import uuid
import zlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

GZIP_LEVEL = 3
CONTEXT = "Nianbao-Context"
Headers = Sequence[tuple[str, str]]


class Record(NamedTuple):
    """One record read back: WARC headers (names in lower case), HTTP status and headers, payload as it came over the wire."""

    kind: str
    headers: Mapping[str, str]
    status: int
    http: Headers
    payload: bytes
    offset: int
    length: int

    @property
    def context(self) -> dict[str, Any]:
        """What the crawl knew of the request, {} in foreign records."""
        return json.loads(self.headers.get(CONTEXT.lower(), "{}"))  # type: ignore[no-any-return]


def warc_date(moment: float) -> str:
    """Seconds since the epoch as a WARC date (UTC, microseconds)."""
    return datetime.fromtimestamp(moment, UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def digest(payload: bytes) -> str:
    """A WARC payload digest: SHA-256 in hexadecimal, the same number that the index and the dataset carry."""
    return "sha256:" + hashlib.sha256(payload).hexdigest()


def _record(kind: str, fields: Sequence[tuple[str, str]], block: bytes) -> bytes:
    head = [f"WARC/1.1\r\nWARC-Type: {kind}\r\n"]
    head += [f"{name}: {value}\r\n" for name, value in fields]
    head.append(f"Content-Length: {len(block)}\r\n\r\n")
    return zlib.compress("".join(head).encode("utf-8", "surrogateescape") + block + b"\r\n\r\n", GZIP_LEVEL, 31)


def _http_head(first: str, headers: Headers) -> bytes:
    lines = [first, *(f"{name}: {value}" for name, value in headers), "", ""]
    return "\r\n".join(lines).encode("utf-8", "surrogateescape")


def exchange(
    url: str,
    moment: float,
    request: tuple[str, Headers, bytes],
    response: tuple[str, Headers, bytes],
    *,
    context: Mapping[str, Any],
    revisit: tuple[str, str] | None = None,
    payload_digest: str,
    truncated: str | None = None,
) -> tuple[bytes, bytes]:
    """The response (or revisit) record and the request record of one exchange, each a gzip member.

    ``request`` and ``response`` are (first line, headers, body); ``revisit`` is (profile, refers-to date): the body is
    then left out. ``context`` is what the frontier must know to take the record up again after a crash.
    """
    ident, date = f"<urn:uuid:{uuid.uuid4()}>", warc_date(moment)
    # The transfer coding is undone before archiving; its header under another name keeps readers from undoing it again.
    headers = [(f"X-Archive-Orig-{name}" if name.lower() == "transfer-encoding" else name, value) for name, value in response[1]]
    fields = [("WARC-Record-ID", ident), ("WARC-Date", date), ("WARC-Target-URI", url)]
    if revisit:
        fields += [
            ("WARC-Profile", revisit[0]),
            ("WARC-Refers-To-Target-URI", url),
            ("WARC-Refers-To-Date", revisit[1]),
            ("WARC-Payload-Digest", payload_digest),
        ]
    else:
        fields.append(("WARC-Payload-Digest", payload_digest))
    if truncated:
        fields.append(("WARC-Truncated", truncated))
    fields += [(CONTEXT, json.dumps(context)), ("Content-Type", "application/http; msgtype=response")]
    block = _http_head(response[0], headers) + (b"" if revisit else response[2])
    answer = _record("revisit" if revisit else "response", fields, block)
    asked = _record(
        "request",
        [
            ("WARC-Record-ID", f"<urn:uuid:{uuid.uuid4()}>"),
            ("WARC-Date", date),
            ("WARC-Target-URI", url),
            ("WARC-Concurrent-To", ident),
            ("Content-Type", "application/http; msgtype=request"),
        ],
        _http_head(request[0], request[1]) + request[2],
    )
    return answer, asked


def warcinfo(name: str, software: str) -> bytes:
    """The record that opens a file."""
    fields = [
        ("WARC-Record-ID", f"<urn:uuid:{uuid.uuid4()}>"),
        ("WARC-Date", warc_date(datetime.now(UTC).timestamp())),
        ("WARC-Filename", name),
        ("Content-Type", "application/warc-fields"),
    ]
    return _record("warcinfo", fields, f"software: {software}\r\nformat: WARC File Format 1.1\r\n".encode())


def parse_record(data: bytes, offset: int = 0, length: int = 0) -> Record:
    """A decompressed record. Raises ValueError for anything else."""
    head, gap, rest = data.partition(b"\r\n\r\n")
    lines = head.decode("utf-8", "surrogateescape").split("\r\n")
    if not gap or not lines[0].startswith("WARC/"):
        raise ValueError("no WARC record")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
    block = rest[: int(headers["content-length"])]
    kind, status, http, payload = headers.get("warc-type", ""), 0, [], block
    if kind in ("response", "revisit"):
        top, _, payload = block.partition(b"\r\n\r\n")
        first, *fields = top.decode("utf-8", "surrogateescape").split("\r\n")
        status = int(first.split(" ", 2)[1])
        http = [(name, value.strip()) for name, _, value in (field.partition(":") for field in fields)]
    return Record(kind, headers, status, http, payload, offset, length)


def scan(handle: BinaryIO, start: int) -> Iterator[tuple[int, int, bytes]]:
    """(offset, length, decompressed bytes) of each complete gzip member from ``start`` on; ends before a torn one."""
    handle.seek(start)
    offset, pending, at_end = start, b"", False
    while True:
        inflater, parts, used = zlib.decompressobj(31), [], 0
        while not inflater.eof:
            if not pending:
                pending = handle.read(1 << 16)
                if not pending:
                    at_end = True
                    break
            try:
                parts.append(inflater.decompress(pending))
            except zlib.error:
                return
            used += len(pending) - len(inflater.unused_data)
            pending = inflater.unused_data
        if at_end:
            return
        yield offset, used, b"".join(parts)
        offset += used


def read_member(path: Path, offset: int, length: int) -> Record:
    """The record at ``offset``. Raises OSError, ValueError."""
    with path.open("rb") as handle:
        handle.seek(offset)
        packed = handle.read(length)
    try:
        return parse_record(zlib.decompress(packed, 31), offset, length)
    except zlib.error as error:
        raise ValueError(f"{path.name} at {offset}: {error}") from error


class WarcWriter:
    """Appends records to the newest file of a folder, beginning another at about ``limit`` bytes.

    Each append is one unbuffered write: after it, a kill of the process loses nothing.
    """

    def __init__(self, folder: Path, software: str, limit: int = 1_000_000_000) -> None:
        self._folder, self._software, self._limit = folder, software, limit
        self._handle: BinaryIO | None = None
        self.name, self.size = "", 0

    def resume(self, name: str, size: int) -> None:
        """Go on at the end of an existing file, of which ``size`` bytes are whole records: a torn tail is cut off."""
        self._handle = (self._folder / name).open("r+b", buffering=0)
        self._handle.truncate(size)
        self._handle.seek(size)
        self.name, self.size = name, size

    def append(self, *members: bytes) -> int:
        """Write the members in one go; gives the offset of the first."""
        if self._handle is None or self.size >= self._limit:
            self._begin()
        assert self._handle is not None
        data, start = b"".join(members), self.size
        view = memoryview(data)
        try:
            while view:
                view = view[self._handle.write(view) or 0 :]
        except OSError:
            self._handle.truncate(start)  # a full disk must not leave half a record in the middle of the file
            self._handle.seek(start)
            raise
        self.size += len(data)
        return start

    def sync(self) -> None:
        """Force the file to the disk."""
        if self._handle is not None:
            os.fsync(self._handle.fileno())

    def close(self) -> None:
        """Close the file; safe to call twice."""
        if self._handle is not None:
            self.sync()
            self._handle.close()
            self._handle = None

    def _begin(self) -> None:
        self.close()
        stamp = datetime.now(UTC).strftime("%Y%m%d%H%M%S%f")
        self.name = f"nianbao-{stamp}.warc.gz"
        self._handle = (self._folder / self.name).open("xb", buffering=0)
        self.size = 0
        head = warcinfo(self.name, self._software)
        self._handle.write(head)
        self.size = len(head)
