"""What a build reads: archives, folders of saved pages, WARC files, single files, each told by its content."""

from __future__ import annotations

import hashlib
import re
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Literal

from data.errors import InputError
from data.organizations import site_of
from data.rows import source_name
from parsers.carriers.archive import open_zip
from parsers.carriers.recognise import recognise as recognise_bytes
from scraper.archive import DATABASE, Archive, Capture, read_warc
from scraper.database import ArchiveError
from scraper.urls import DOCUMENT_SUFFIXES, suffix

MAX_BYTES = 64 << 20
MEMBER = "!/"  # between the address of a zip and the name of a file in it
InputKind = Literal["archive", "folder", "warc", "file"]
# Beside saved pages lie their style sheets and pictures, and other programs' files.
_NOT_PAGES = re.compile(
    r"\.(bmp|css|csv|db|dta|eot|gif|ico|jpe?g|js|json|lock|log|map|mp[34]|parquet|png|py|sqlite(-shm|-wal)?|svg|tiff?"
    r"|toml|ttf|webp|woff2?|ya?ml)$",
    re.IGNORECASE,
)
_SAVED_FROM = re.compile(rb"<!-- saved from url=\(\d+\)(https?://[^\s<>]+) -->")


@dataclass(frozen=True, slots=True)
class Item:
    """One payload of an input.

    ``role`` is ``page`` or ``attachment``; ``body`` reads the bytes (raises OSError, ArchiveError). ``stamp`` tells
    an unchanged file without reading it; ``cursor`` orders the captures of an archive.
    """

    source: str
    sha256: str
    body: Callable[[], bytes]
    url: str | None = None
    requested_url: str | None = None
    site: str | None = None
    role: str = "page"
    parent_url: str | None = None
    link_title: str | None = None
    content_type: str | None = None
    fetched_at: str | None = None
    archive: str | None = None
    offset: int | None = None
    length: int | None = None
    tls_profile: str | None = None
    stamp: str | None = None
    cursor: int = 0


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A payload that could not even be loaded."""

    source: str
    code: str
    message: str


def recognise(path: Path) -> InputKind:
    """What an input is, by its content. Raises InputError for a path that is missing or cannot be read."""
    try:
        if path.is_dir():
            return "archive" if (path / DATABASE).is_file() else "folder"
        if not path.exists():
            raise InputError(f"{path}: no such file or folder")
        if not path.is_file():
            raise InputError(f"{path}: neither a file nor a folder")
        return "warc" if is_warc(path) else "file"
    except OSError as error:
        raise InputError(f"{path}: {error.strerror or error}") from error


def is_warc(path: Path) -> bool:
    """Whether a file begins as a WARC file, gzipped or not. Raises OSError."""
    with path.open("rb") as handle:
        head = handle.read(512)
    if head[:2] == b"\x1f\x8b":
        try:
            head = zlib.decompressobj(31).decompress(head, 16)
        except zlib.error:
            return False
    return head.startswith(b"WARC/")


def archive_items(folder: Path, after: int) -> Iterator[Item]:
    """Report and attachment captures of an archive above the cursor ``after``. Raises InputError."""
    try:
        with Archive(folder) as archive:
            for capture in archive.captures(after):
                if capture.role in ("report", "attachment") and capture.sha256 and capture.status in (200, 304):
                    yield _captured(capture)
                else:
                    # The cursor must move past what is no report, or every build would read it again.
                    yield Item("", "", bytes, cursor=capture.cursor)
    except ArchiveError as error:
        raise InputError(str(error)) from error


def _captured(capture: Capture) -> Item:
    return Item(
        source=capture.url,
        sha256=capture.sha256 or "",
        body=capture.body,
        url=capture.url,
        requested_url=capture.requested_url,
        site=capture.site,
        role="attachment" if capture.role == "attachment" else "page",
        parent_url=capture.parent_url,
        link_title=capture.link_title,
        content_type=capture.content_type,
        fetched_at=capture.fetched_at,
        archive=capture.warc,
        offset=capture.offset,
        length=capture.length,
        tls_profile=capture.tls_profile,
        cursor=capture.cursor,
    )


def warc_items(path: Path) -> Iterator[Item]:
    """Response records of a WARC file of any origin. Raises InputError."""
    try:
        for response in read_warc(path):
            if response.status == 200 and response.url and not response.url.endswith("/robots.txt"):
                yield Item(
                    source=response.url,
                    sha256=response.sha256,
                    body=response.body,
                    url=response.url,
                    site=site_of(response.url),
                    content_type=response.content_type,
                    fetched_at=response.fetched_at,
                    archive=path.name,
                    offset=response.offset,
                )
    except ArchiveError as error:
        raise InputError(str(error)) from error


def with_members(item: Item) -> Iterator[Item]:
    """The payload, and behind it the files that it holds if it is a zip: ``附件.zip!/报告.docx``. Raises OSError, ArchiveError."""
    yield item
    if _may_be_zip(item):
        for name, member in open_zip(body, []) if recognise_bytes(body := item.body()) == "zip" else ():
            inner = f"{MEMBER}{name}"
            url = item.url and item.url + inner
            yield replace(
                item, source=item.source + inner, url=url, requested_url=url, sha256=hashlib.sha256(member).hexdigest(),
                body=partial(bytes, member), content_type=None,
            )  # fmt: skip


def _may_be_zip(item: Item) -> bool:
    """Told without reading it: a file's bytes are at hand, a capture has its address and Content-Type."""
    if item.url is None or item.stamp is not None:
        return True
    ending = suffix(item.url)
    return ending == "zip" or "zip" in (item.content_type or "") or (item.role == "attachment" and ending not in DOCUMENT_SUFFIXES)


def member_of(body: bytes, source: str) -> bytes:
    """The payload of ``source``, where the bytes may be those of the zip that holds it."""
    _, inside, name = source.partition(MEMBER)
    return dict(open_zip(body, [])).get(name, body) if inside and recognise_bytes(body) == "zip" else body


def page_files(folder: Path) -> Iterator[Path]:
    """Files of a folder that may be pages or WARC files, sorted; hidden ones, datasets and style files left out."""
    try:
        entries = sorted(folder.iterdir())
    except OSError as error:
        raise InputError(f"{folder}: {error.strerror or error}") from error
    if any(entry.name == "datapackage.json" for entry in entries):
        return
    for entry in entries:
        if entry.name.startswith(".") or (entry.is_symlink() and entry.is_dir()):
            continue
        if entry.is_dir():
            yield from page_files(entry)
        elif entry.is_file() and not _NOT_PAGES.search(entry.name):
            yield entry


def file_stamp(path: Path) -> str:
    """Size and modification time: what tells an unchanged file. Raises OSError."""
    stat = path.stat()
    return f"{stat.st_size}-{stat.st_mtime_ns}"


def file_item(path: Path) -> Item | Unreadable:
    """A saved page or document. Its source is the path as given."""
    source = source_name(path)
    try:
        stamp = file_stamp(path)
        if path.stat().st_size > MAX_BYTES:
            return Unreadable(source, "too_large", f"larger than {MAX_BYTES >> 20} MB")
        body = path.read_bytes()
    except OSError as error:
        return Unreadable(source, "unreadable_file", error.strerror or str(error))
    saved = _SAVED_FROM.search(body[:4096])
    url = saved[1].decode("ascii", "ignore") if saved else None
    return Item(source, hashlib.sha256(body).hexdigest(), lambda: body, url=url, site=site_of(url), stamp=stamp)
