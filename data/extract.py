"""One-off extraction: files, folders, WARC files, addresses or standard input -> reports, one after the other."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from data.errors import InputError
from data.inputs import MAX_BYTES, Unreadable, archive_items, file_item, page_files, recognise, warc_items
from data.pictures import Find, beside, online
from data.reading import read_report
from data.rows import source_name
from data.workers import APART, Apart, WorkerError
from parsers.carriers.archive import open_zip
from parsers.carriers.recognise import recognise as recognise_bytes
from parsers.model import Report
from scraper.client import DEFAULT_USER_AGENT, FetchError, fetch_one

# Problems that mean: nothing of this payload could be read at all.
UNREADABLE = frozenset(
    {"empty", "unknown_kind", "too_large", "unreadable_file", "unreachable", "image_only", "unsupported_archive",
     "unsupported_kind", "broken_zip", "unsafe_name", "too_deep", "too_many_files", "broken_pdf", "broken_ofd", "broken_docx",
     "broken_xlsx", "broken_image", "encrypted",
     "needs_libreoffice", "conversion_failed", "broken_mhtml", "crashed", "timeout", "out_of_memory"}
)  # fmt: skip


class Extracted(NamedTuple):
    """A payload's report, or (``report`` None) why there is none: ``code`` and ``message``."""

    source: str
    report: Report | None
    code: str = ""
    message: str = ""

    @property
    def failures(self) -> list[tuple[str, str]]:
        """(code, message) of what kept the payload from being a report; empty for a report."""
        if self.report is None:
            return [(self.code, self.message)]
        return [] if self.report.is_report else [(p.code, p.message) for p in self.report.problems]

    @property
    def unreadable(self) -> bool:
        """Whether the payload gave nothing at all (exit code 2 where it is the only source)."""
        return bool(self.failures) and all(code in UNREADABLE for code, _ in self.failures)


def extract(sources: Iterable[str], *, user_agent: str = DEFAULT_USER_AGENT) -> Iterator[Extracted]:
    """Extract every payload of every source. A source that cannot be used at all is an Extracted without report."""
    with Apart() as apart:
        for source in sources:
            try:
                yield from _extract(source, user_agent, apart)
            except InputError as error:
                yield Extracted(source, None, "unreadable_file", str(error).removeprefix(f"{source}: "))


def _extract(source: str, user_agent: str, apart: Apart) -> Iterator[Extracted]:
    if source == "-":
        body = sys.stdin.buffer.read(MAX_BYTES + 1)
        yield from _payload("-", body, None, None, apart)
    elif source.startswith(("http://", "https://")):
        yield from _address(source, user_agent, apart)
    else:
        yield from _path(Path(source), apart)


def _address(url: str, user_agent: str, apart: Apart) -> Iterator[Extracted]:
    try:
        fetched = fetch_one(url, user_agent=user_agent)
    except FetchError as error:
        yield Extracted(url, None, "unreachable", f"{error.code}: {error.message}")
        return
    if fetched.status >= 400:
        yield Extracted(url, None, "unreachable", f"the server answered {fetched.status} {fetched.reason}".rstrip())
        return
    pictures = online(fetched.url, user_agent)
    yield from _payload(url, fetched.body, fetched.url, fetched.header("content-type"), apart, pictures)


def _path(path: Path, apart: Apart) -> Iterator[Extracted]:
    kind = recognise(path)
    if kind == "file":
        yield from _file(path, apart)
        return
    if kind == "folder":
        files = list(page_files(path))
        if not files:
            raise InputError(f"{path}: the folder holds no saved pages")
        for file in files:
            yield from _path(file, apart)
        return
    found = False
    for item in archive_items(path, 0) if kind == "archive" else warc_items(path):
        if item.sha256:
            found = True
            yield from _payload(item.source, item.body(), item.url, item.content_type, apart)
    if not found:
        raise InputError(f"{path}: the archive holds no report pages")


def _file(path: Path, apart: Apart) -> Iterator[Extracted]:
    item = file_item(path)
    if isinstance(item, Unreadable):
        yield Extracted(item.source, None, item.code, item.message)
    else:
        yield from _payload(source_name(path), item.body(), item.url, None, apart, beside(path))


def _payload(
    source: str, body: bytes, url: str | None, content_type: str | None, apart: Apart, pictures: Find | None = None
) -> Iterator[Extracted]:
    if len(body) > MAX_BYTES:
        yield Extracted(source, None, "too_large", f"larger than {MAX_BYTES >> 20} MB")
    elif recognise_bytes(body) == "zip":
        problems: list[tuple[str, str]] = []
        held = False
        for name, member in open_zip(body, problems):
            held = True
            yield _read(f"{source}!/{name}", member, name, url, None, apart)
        if not held and not problems:
            problems.append(("empty", "the zip holds no files"))
        for code, message in problems:
            yield Extracted(source, None, code, message)
    else:
        yield _read(source, body, source, url, content_type, apart, pictures)


def _read(
    source: str, body: bytes, name: str, url: str | None, content_type: str | None, apart: Apart, pictures: Find | None = None
) -> Extracted:
    if recognise_bytes(body) not in APART:
        return Extracted(source, read_report(body, name=name, url=url, content_type=content_type, pictures=pictures))
    try:
        return Extracted(source, apart.read(body, name=name, url=url, content_type=content_type))
    except WorkerError as error:
        return Extracted(source, None, error.code, str(error))
