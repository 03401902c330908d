"""The archive: a folder of WARC files with an index. This is its reading side, for ``data`` and for re-reading listings.

folder/warc/*.warc.gz     every response, request and revisit record
folder/frontier.sqlite    the index and the crawl's state (it can be rebuilt from the WARC files)
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, fields
from pathlib import Path
from types import TracebackType
from typing import NamedTuple
from urllib.parse import urlsplit

from scraper import contentcoding
from scraper.database import ArchiveError, open_database
from scraper.warc import read_member

WARC_FOLDER, DATABASE = "warc", "frontier.sqlite"


@dataclass(frozen=True, slots=True)
class Capture:
    """One archived response.

    ``cursor`` grows with every capture; ``url`` is the final address, ``requested_url`` the one that was linked; ``role`` is
    ``report attachment listing page robots redirect obstacle error``; ``sha256`` is that of the decoded payload; ``warc``,
    ``offset`` and ``length`` say where the payload lies (for an ``unchanged`` one: where the earlier payload lies).
    """

    cursor: int
    url: str
    requested_url: str
    site: str
    parent_url: str | None
    role: str
    link_title: str | None
    status: int
    content_type: str | None
    fetched_at: str
    sha256: str | None
    warc: str
    offset: int
    length: int
    tls_profile: str | None
    unchanged: bool
    folder: Path = field(default=Path(), repr=False, compare=False)

    def body(self) -> bytes:
        """The decoded payload, read from the WARC file. Raises ArchiveError."""
        return read_body(self.folder / WARC_FOLDER / self.warc, self.offset, self.length)


class ArchiveProblem(NamedTuple):
    """Something that could not be archived as a report, and why; ``at`` is an ISO time (UTC)."""

    source: str
    site: str
    code: str
    message: str
    at: str


class SiteExpectation(NamedTuple):
    """What the crawl was told of a site: ``years`` (first, last) bound ``min_reports_per_year``."""

    name: str
    organ: str | None
    division_code: str | None
    start_urls: tuple[str, ...]
    min_reports_per_year: int | None
    years: tuple[int, int] | None
    finished_at: str | None


def read_body(path: Path, offset: int, length: int) -> bytes:
    """The decoded payload of the record at ``offset``. Raises ArchiveError."""
    try:
        record = read_member(path, offset, length)
    except (OSError, ValueError) as error:
        raise ArchiveError(f"{path}: cannot read the record at {offset}: {error}") from error
    coding = next((value for name, value in record.http if name.lower() == "content-encoding"), "")
    return contentcoding.decode(record.payload, coding)


COLUMNS = [column.name for column in fields(Capture) if column.name != "folder"]


def read_capture(row: sqlite3.Row, folder: Path) -> Capture:
    """A row of the index as a Capture."""
    values = {name: row[name] for name in COLUMNS}
    return Capture(**{**values, "unchanged": bool(row["unchanged"])}, folder=folder)


class Archive(AbstractContextManager["Archive"]):
    """Reads an archive folder, also while a crawl writes to it. Raises ArchiveError where it is none."""

    def __init__(self, folder: Path | str) -> None:
        self.folder = Path(folder)
        if not (self.folder / DATABASE).is_file():
            raise ArchiveError(f"{self.folder}: no archive ({DATABASE} is missing)")
        self._db = open_database(self.folder / DATABASE, write=False)

    def captures(self, after: int = 0) -> Iterator[Capture]:
        """Captures with a cursor above ``after``, in order of cursor."""
        query = f"SELECT {', '.join(COLUMNS)} FROM captures WHERE cursor > ? ORDER BY cursor LIMIT 1000"
        while True:
            rows = self._query(query, (after,))
            for row in rows:
                yield read_capture(row, self.folder)
            if not rows:
                return
            after = rows[-1]["cursor"]

    def body(self, capture: Capture) -> bytes:
        """The decoded payload of a capture. Raises ArchiveError."""
        return read_body(self.folder / WARC_FOLDER / capture.warc, capture.offset, capture.length)

    def problems(self) -> Iterator[ArchiveProblem]:
        """What stands as a problem after the last crawl, by source."""
        query = """SELECT coalesce(requested_url, url) AS source, site, code, message, coalesce(at, '') AS at
                   FROM requests WHERE state = 'problem'
                   UNION ALL SELECT source, site, code, message, at FROM site_problems ORDER BY source, code"""
        return (ArchiveProblem(*row) for row in self._query(query, ()))

    def sites(self) -> list[SiteExpectation]:
        """The sites crawled into this archive, with what was expected of them."""
        rows = self._query("SELECT * FROM sites ORDER BY name", ())
        return [
            SiteExpectation(
                row["name"],
                row["organ"],
                row["division_code"],
                tuple(json.loads(row["start_urls"])),
                row["min_reports_per_year"],
                (row["first_year"], row["last_year"]) if row["first_year"] is not None else None,
                row["finished_at"],
            )
            for row in rows
        ]

    def _query(self, sql: str, values: tuple[object, ...]) -> list[sqlite3.Row]:
        try:
            return self._db.execute(sql, values).fetchall()
        except sqlite3.Error as error:
            raise ArchiveError(f"{self.folder / DATABASE}: {error}") from error

    def close(self) -> None:
        """Close the index; safe to call twice."""
        self._db.close()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


@dataclass(frozen=True, slots=True)
class WarcResponse:
    """A response record of any WARC file; the fields are those of Capture, the payload is at hand."""

    cursor: int
    url: str
    site: str
    status: int
    content_type: str | None
    fetched_at: str
    sha256: str
    warc: str
    offset: int
    payload: bytes = field(repr=False)
    role: str = "report"
    link_title: str | None = None

    def body(self) -> bytes:
        """The decoded payload."""
        return self.payload


MAX_RECORD = 64 << 20


def read_warc(path: Path | str) -> Iterator[WarcResponse]:
    """Response (and resource) records of a foreign .warc or .warc.gz file. Raises ArchiveError for a file that is none.

    Payloads above 64 MB are left out; a torn end ends the iteration.
    """
    from warcio.archiveiterator import ArchiveIterator
    from warcio.exceptions import ArchiveLoadFailed

    path, number = Path(path), 0
    try:
        with path.open("rb") as handle:
            records = ArchiveIterator(handle)
            for record in records:
                if record.rec_type not in ("response", "resource"):
                    continue
                http = record.http_headers
                payload = record.content_stream().read(MAX_RECORD + 1)
                if len(payload) > MAX_RECORD:
                    continue
                number += 1
                url = record.rec_headers.get_header("WARC-Target-URI", "")
                status = int(http.get_statuscode()) if http and (http.get_statuscode() or "").isdigit() else 200
                kind = http.get_header("Content-Type") if http else record.rec_headers.get_header("Content-Type")
                yield WarcResponse(
                    number,
                    url,
                    urlsplit(url).netloc,
                    status,
                    kind,
                    record.rec_headers.get_header("WARC-Date", ""),
                    hashlib.sha256(payload).hexdigest(),
                    path.name,
                    records.get_record_offset(),
                    payload,
                )
    except (ArchiveLoadFailed, EOFError) as error:
        if number == 0:
            raise ArchiveError(f"{path}: not a WARC file: {error}") from error
    except OSError as error:
        raise ArchiveError(f"{path}: {error}") from error
