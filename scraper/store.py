"""What the frontier stands on: batches of changes, WARC records written before them, and recovery after a kill.

The order on disk is fixed: the WARC record is written (one write, so a kill loses it whole or not at all), and only a
later transaction, preceded by an fsync of the WARC file, tells the database. Transactions hold many pages. After a kill
the database is at most one batch behind the WARC file; opening the store reads that tail back, from the context that
each record carries, so that nothing is lost and nothing is fetched again that had been archived.
"""

from __future__ import annotations

import email.utils
import sqlite3
import time
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from scraper import contentcoding, warc
from scraper.archive import DATABASE, WARC_FOLDER, Capture, read_body
from scraper.database import ArchiveError, open_database
from scraper.http import Fetched
from scraper.politeness import host_key
from scraper.request import Job, Request

SOFTWARE = "nianbao"
IDENTICAL = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
BATCH_SECONDS, BATCH_CHANGES = 0.5, 2000

_REQUEST = list(Request._fields)
_JOB = [name for name in Job._fields if name != "request"]
SELECT = f"SELECT {', '.join(_JOB + _REQUEST)} FROM requests"
_INSERT = f"""INSERT INTO requests (key, host, state, {", ".join(_REQUEST)}) VALUES (?, ?, 'queued', {", ".join("?" * len(_REQUEST))})
ON CONFLICT (key) DO UPDATE SET state = 'queued', round = excluded.round, attempts = 0, role = excluded.role,
    parent_url = excluded.parent_url, title = coalesce(excluded.title, title),
    depth = excluded.depth, family = excluded.family, memo = excluded.memo, hops = excluded.hops,
    site = CASE WHEN site IN (SELECT site FROM active) THEN site ELSE excluded.site END,
    code = NULL, message = NULL, news = NULL
WHERE requests.round < excluded.round"""


def read_job(row: sqlite3.Row) -> Job:
    values = tuple(row)
    return Job(values[0], Request(*values[len(_JOB) :]), *values[1 : len(_JOB)])


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


class Store:
    """The writing side of an archive folder. Lock the folder first (scraper.joblog.run_lock): one process at a time."""

    def __init__(self, folder: Path) -> None:
        self.folder, self._warcs = folder, folder / WARC_FOLDER
        try:
            self._warcs.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ArchiveError(f"{folder}: cannot be written: {error.strerror or error}") from error
        self._db = open_database(folder / DATABASE, write=True)
        self._writer = warc.WarcWriter(self._warcs, SOFTWARE)
        self._changes, self._since, self._in_batch = 0, 0.0, False
        self._resting: dict[str, tuple[float, str | None]] = {}
        self.round = 0
        self._db.execute("CREATE TEMP TABLE active (site TEXT PRIMARY KEY)")
        # A process that died may have asked any host a moment ago: the crawl lets each rest first.
        self.clean = self._db.execute("SELECT count(*) FROM process").fetchone()[0] == 0
        self._db.execute("INSERT INTO process VALUES (1)")
        self.recovered = self._recover()

    # -- batches -------------------------------------------------------------------------------------------------------

    def _write(self, sql: str, values: Sequence[object] = ()) -> sqlite3.Cursor:
        if not self._in_batch:
            self._db.execute("BEGIN IMMEDIATE")
            self._in_batch, self._since = True, time.monotonic()
        self._changes += 1
        return self._db.execute(sql, values)

    def commit(self) -> None:
        """Make everything so far durable: WARC file first, then the database."""
        if self._in_batch:
            self._write_hosts()
            if self._writer.name:
                self._writer.sync()
                self._db.execute("INSERT OR REPLACE INTO warcs VALUES (?, ?)", (self._writer.name, self._writer.size))
            self._db.execute("COMMIT")
            self._in_batch, self._changes = False, 0

    def commit_if_due(self) -> None:
        """Commit when the batch is large or old."""
        if self._in_batch and (self._changes >= BATCH_CHANGES or time.monotonic() - self._since >= BATCH_SECONDS):
            self.commit()

    def close(self) -> None:
        """Commit and close."""
        self._write("DELETE FROM process")
        self.commit()
        self._writer.close()
        with suppress(sqlite3.Error):
            self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self._db.close()

    # -- recovery ------------------------------------------------------------------------------------------------------

    def _recover(self) -> int:
        """Take up what a killed process left: its leases, and the records that the database does not know yet."""
        known = {row["name"]: row["indexed_end"] for row in self._db.execute("SELECT * FROM warcs")}
        files = sorted(path for path in self._warcs.glob("nianbao-*.warc.gz"))
        taken = 0
        for path in files:
            end = known.get(path.name, 0)
            if path.stat().st_size != end:
                with path.open("rb") as handle:
                    for offset, length, data in warc.scan(handle, end):
                        end = offset + length
                        with suppress(ValueError, KeyError):
                            taken += self._adopt(path.name, warc.parse_record(data, offset, length))
                self._write("INSERT OR REPLACE INTO warcs VALUES (?, ?)", (path.name, end))
                if path != files[-1]:
                    with path.open("r+b") as tail:
                        tail.truncate(end)
            if path == files[-1]:
                self._writer.resume(path.name, end)
        self._write("UPDATE requests SET state = CASE role WHEN 'robots' THEN 'done' ELSE 'queued' END WHERE state = 'leased'")
        self.commit()
        return taken

    def _adopt(self, name: str, record: warc.Record) -> int:
        if record.kind not in ("response", "revisit") or not record.context:
            return 0
        context = record.context
        profile = context.pop("tls_profile", None)
        request = Request(**context)
        self._insert(request)
        row = self._db.execute(f"{SELECT} WHERE key = ?", (request.key,)).fetchone()
        coding = next((value for key, value in record.http if key.lower() == "content-encoding"), "")
        body = contentcoding.decode(record.payload, coding)
        moment = datetime.fromisoformat(record.headers["warc-date"].replace("Z", "+00:00")).timestamp()
        fetched = Fetched(request.url, record.status, "", tuple(record.http), body, record.payload, "", (), b"", profile, moment, 0.0)
        self._index(read_job(row), fetched, (name, record.offset, record.length), revisit=record.kind == "revisit")
        self.save_host(host_key(request.url), moment, profile)
        return 1

    # -- responses -----------------------------------------------------------------------------------------------------

    def _insert(self, request: Request) -> sqlite3.Cursor:
        return self._write(_INSERT, (request.key, host_key(request.url), *request))

    def archive(self, job: Job, fetched: Fetched) -> Job:
        """Write the WARC records of an exchange and index them; gives the job as it now stands. Raises OSError when the disk is full."""
        request, profile, date = job.request, None, ""
        if fetched.status == 304:
            profile = NOT_MODIFIED
        elif fetched.status == 200 and job.sha256 == fetched.sha256:
            profile = IDENTICAL
        if profile and job.capture is not None:
            row = self._db.execute("SELECT fetched_at FROM captures WHERE cursor = ?", (job.capture,)).fetchone()
            date = row["fetched_at"] if row else ""
        context: dict[str, Any] = {name: value for name in _REQUEST if (value := getattr(request, name)) not in (None, "")}
        if fetched.tls_profile:
            context["tls_profile"] = fetched.tls_profile
        # Of a body without a content coding the payload is what the index calls sha256.
        payload = f"sha256:{fetched.sha256}" if fetched.wire is fetched.body else warc.digest(fetched.wire)
        if fetched.status == 304 and job.sha256:
            payload = f"sha256:{job.sha256}"
        answer, asked = warc.exchange(
            request.url,
            fetched.moment,
            (fetched.request_line, fetched.request_headers, fetched.request_body),
            (f"HTTP/1.1 {fetched.status} {fetched.reason}", fetched.headers, fetched.wire),
            context=context,
            revisit=(profile, date) if profile else None,
            payload_digest=payload,
            truncated=fetched.truncated,
        )
        offset = self._writer.append(answer, asked)
        return self._index(job, fetched, (self._writer.name, offset, len(answer)), revisit=profile is not None)

    def _index(self, job: Job, fetched: Fetched, place: tuple[str, int, int], *, revisit: bool) -> Job:
        request, sha256 = job.request, None
        role = request.role if fetched.status in (200, 304) else "redirect" if 300 <= fetched.status < 400 else "error"
        if revisit and job.capture is not None:
            row = self._db.execute("SELECT warc, offset, length, sha256 FROM captures WHERE cursor = ?", (job.capture,)).fetchone()
            place, sha256 = (row["warc"], row["offset"], row["length"]), row["sha256"]
        elif not revisit:
            sha256 = fetched.sha256
        cursor = self._write(
            """INSERT INTO captures (request, url, requested_url, site, parent_url, role, link_title, status, content_type, fetched_at,
            sha256, warc, offset, length, tls_profile, unchanged) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
            (
                job.id,
                request.url,
                request.requested_url or request.url,
                request.site,
                request.parent_url,
                role,
                request.title,
                fetched.status,
                fetched.header("content-type"),
                warc.warc_date(fetched.moment),
                sha256,
                *place,
                fetched.tls_profile,
                int(revisit),
            ),
        ).lastrowid
        if fetched.status == 200 and not revisit:
            # Without Last-Modified the server's (or our) date of the answer serves, as RFC 9110, 13.1.3 advises.
            modified = fetched.header("last-modified") or fetched.header("date") or http_date(fetched.moment)
            job = job._replace(etag=fetched.header("etag"), last_modified=modified, sha256=sha256, capture=cursor)
            self._write(
                "UPDATE requests SET state = 'archived', etag = ?, last_modified = ?, sha256 = ?, capture = ?, at = ? WHERE id = ?",
                (job.etag, modified, sha256, cursor, now(), job.id),
            )
        else:
            self._write("UPDATE requests SET state = 'archived', at = ? WHERE id = ?", (now(), job.id))
        return job

    def body(self, job: Job) -> bytes:
        """The last full payload of a job (for a 304: the earlier one). Raises ArchiveError."""
        row = self._db.execute("SELECT warc, offset, length FROM captures WHERE cursor = ?", (job.capture,)).fetchone()
        if row is None:
            raise ArchiveError(f"no payload is archived for {job.request.url}")
        return read_body(self._warcs / row["warc"], row["offset"], row["length"])

    def headers(self, capture: Capture) -> list[tuple[str, str]]:
        """The response headers of a capture, from its record."""
        return list(warc.read_member(self._warcs / capture.warc, capture.offset, capture.length).http)

    def forget(self, job: Job) -> Job:
        """Drop what earlier fetches left of a job, so that it is asked for unconditionally."""
        self._write("UPDATE requests SET etag = NULL, last_modified = NULL, sha256 = NULL, capture = NULL WHERE id = ?", (job.id,))
        return job._replace(etag=None, last_modified=None, sha256=None, capture=None)

    def _set_role(self, job: Job, role: str) -> None:
        if role != job.request.role:
            self._write(
                "UPDATE captures SET role = ? WHERE cursor = (SELECT max(cursor) FROM captures WHERE request = ?)",
                (role, job.id),
            )

    def save_host(self, host: str, next_allowed: float, tls_profile: str | None) -> None:
        """Remember a host across restarts, from the next commit on."""
        self._resting[host] = next_allowed, tls_profile

    def _write_hosts(self) -> None:
        self._db.executemany(
            """INSERT INTO hosts VALUES (?, ?, ?) ON CONFLICT (host) DO UPDATE SET
            next_allowed = max(next_allowed, excluded.next_allowed), tls_profile = coalesce(excluded.tls_profile, tls_profile)""",
            [(host, *values) for host, values in self._resting.items()],
        )
        self._resting.clear()


def http_date(moment: float) -> str:
    """Seconds since the epoch as an HTTP date (RFC 9110, 5.6.7)."""
    return email.utils.formatdate(moment, usegmt=True)
