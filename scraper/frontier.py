"""The durable frontier: every request's state in SQLite, every response in a WARC file before that state moves on.

    queued -> leased -> archived -> done | problem

The order on disk is fixed: the WARC record is written (one write, so a kill loses it whole or not at all), and only a
later transaction, preceded by an fsync of the WARC file, tells the database. Transactions hold many pages. After a kill the database
is at most one batch behind the WARC file; opening the frontier reads that tail back, from the context that each record carries, so that
nothing is lost and nothing is fetched again that had been archived. A lease ends with its process: the folder is locked while one runs.
"""

from __future__ import annotations

import email.utils
import json
import sqlite3
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from scraper import contentcoding, warc
from scraper.archive import DATABASE, WARC_FOLDER, read_body
from scraper.client import Fetched
from scraper.database import ArchiveError, open_database
from scraper.politeness import host_key
from scraper.sites import Site
from scraper.urls import canonical, request_key

SOFTWARE = "nianbao"
IDENTICAL = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
# Problems by which a server says that a page is no more.
GONE = frozenset({"http_404", "http_410", "soft_404"})
BATCH_SECONDS, BATCH_CHANGES = 0.5, 2000


class Request(NamedTuple):
    """Something to fetch, and why.

    ``role``: ``start`` (a site's entrance), ``listing``, ``candidate`` (a vague title: the page decides), ``report``, ``attachment``,
    ``robots``. ``family`` and ``memo`` (JSON) belong to the listing family that will read the answer; ``hops`` counts redirects behind it.
    """

    url: str
    site: str
    role: str
    round: int
    method: str = "GET"
    body: str = ""
    parent_url: str | None = None
    title: str | None = None
    depth: int = 0
    family: str | None = None
    memo: str | None = None
    hops: int = 0
    requested_url: str | None = None

    @property
    def key(self) -> str:
        """What makes two requests one."""
        return request_key(self.method, self.url, self.body)


class Job(NamedTuple):
    """A leased request with what earlier fetches left: validators, the digest and place of the last full payload."""

    id: int
    request: Request
    attempts: int = 0
    etag: str | None = None
    last_modified: str | None = None
    sha256: str | None = None
    capture: int | None = None
    final_role: str | None = None
    year: int | None = None

    def conditional_headers(self) -> dict[str, str]:
        """If-None-Match and If-Modified-Since for a request that was answered before (RFC 9110, 13.1)."""
        headers = {}
        if self.capture is not None:
            if self.etag:
                headers["If-None-Match"] = self.etag
            if self.last_modified:
                headers["If-Modified-Since"] = self.last_modified
        return headers


_REQUEST = list(Request._fields)
_JOB = [name for name in Job._fields if name != "request"]
_SELECT = f"SELECT {', '.join(_JOB + _REQUEST)} FROM requests"
_INSERT = f"""INSERT INTO requests (key, host, state, {", ".join(_REQUEST)}) VALUES (?, ?, 'queued', {", ".join("?" * len(_REQUEST))})
ON CONFLICT (key) DO UPDATE SET state = 'queued', round = excluded.round, attempts = 0, role = excluded.role, parent_url = excluded.parent_url,
    title = coalesce(excluded.title, title), depth = excluded.depth, family = excluded.family, memo = excluded.memo, hops = excluded.hops,
    site = CASE WHEN site IN (SELECT site FROM active) THEN site ELSE excluded.site END,
    code = NULL, message = NULL, news = NULL
WHERE requests.round < excluded.round"""


def _job(row: sqlite3.Row) -> Job:
    values = tuple(row)
    return Job(values[0], Request(*values[len(_JOB) :]), *values[1 : len(_JOB)])


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


class Frontier:
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
        row = self._db.execute(f"{_SELECT} WHERE key = ?", (request.key,)).fetchone()
        coding = next((value for key, value in record.http if key.lower() == "content-encoding"), "")
        body = contentcoding.decode(record.payload, coding)
        moment = datetime.fromisoformat(record.headers["warc-date"].replace("Z", "+00:00")).timestamp()
        fetched = Fetched(request.url, record.status, "", tuple(record.http), body, record.payload, "", (), b"", profile, moment, 0.0)
        self._index(_job(row), fetched, (name, record.offset, record.length), revisit=record.kind == "revisit")
        self.save_host(host_key(request.url), moment, profile)
        return 1

    # -- rounds and sites ----------------------------------------------------------------------------------------------

    def begin(self, sites: Iterable[Site]) -> None:
        """Go on with the round that an earlier process left open for any of ``sites``, or begin a new one for all of them."""
        sites = list(sites)
        last = self._db.execute("SELECT coalesce(max(round), 0) FROM sites").fetchone()[0]
        state = {row["name"]: (row["round"], row["open"]) for row in self._db.execute("SELECT name, round, open FROM sites")}
        resumed = any(state.get(site.name, (0, 0))[1] for site in sites)
        self.round = last if resumed else last + 1
        self._db.execute("DELETE FROM active")
        for site in sites:
            self._db.execute("INSERT INTO active VALUES (?)", (site.name,))
            if state.get(site.name, (0, 0))[0] < self.round:
                self._begin_site(site)
        self.commit()

    def _begin_site(self, site: Site) -> None:
        first, last = site.years or (None, None)
        self._write(
            """INSERT OR REPLACE INTO sites (name, organ, division_code, start_urls, min_reports_per_year, first_year, last_year, round, open)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1)""",
            (
                site.name,
                site.organ,
                site.division_code,
                json.dumps(site.start_urls),
                site.min_reports_per_year,
                first,
                last,
                self.round,
            ),
        )
        self._write("DELETE FROM site_problems WHERE site = ?", (site.name,))
        for url in site.start_urls:
            start = canonical(url)
            if start is not None:
                fragment = urlsplit(url).fragment
                self.add(
                    Request(
                        start,
                        site.name,
                        "start",
                        self.round,
                        memo=json.dumps({"fragment": fragment}) if fragment else None,
                    )
                )
        # Known reports and everything that failed are asked again, whether or not a list still links them.
        self._write(
            """UPDATE requests SET state = 'queued', round = ?, attempts = 0, news = NULL WHERE site = ? AND round < ?
            AND (state = 'problem' OR (state = 'done' AND final_role = 'report'))""",
            (self.round, site.name, self.round),
        )

    def finish_sites(self) -> None:
        """Close the round: nothing is left to fetch for the active sites."""
        self._write("UPDATE sites SET open = 0, finished_at = ? WHERE name IN (SELECT site FROM active)", (_now(),))
        self.commit()

    def site_problem(self, site: str, source: str, code: str, message: str) -> None:
        """Note something about a site that is no single page's problem."""
        self._write("INSERT OR REPLACE INTO site_problems VALUES (?, ?, ?, ?, ?)", (site, source, code, message, _now()))

    # -- requests ------------------------------------------------------------------------------------------------------

    def add(self, request: Request) -> bool:
        """Queue a request unless this round knows it already; gives whether it was queued."""
        return self._insert(request).rowcount > 0

    def _insert(self, request: Request) -> sqlite3.Cursor:
        return self._write(_INSERT, (request.key, host_key(request.url), *request))

    def hosts(self) -> list[str]:
        """Hosts with something queued for the active sites."""
        rows = self._db.execute("SELECT DISTINCT host FROM requests WHERE state = 'queued' AND site IN (SELECT site FROM active)")
        return [row["host"] for row in rows]

    def lease(self, host: str, count: int) -> list[Job]:
        """Take up to ``count`` queued requests of a host, oldest first, reports before lists."""
        rows = self._db.execute(
            f"{_SELECT} WHERE state = 'queued' AND host = ? AND site IN (SELECT site FROM active) ORDER BY id LIMIT ?",
            (host, count),
        ).fetchall()
        if rows:
            self._write(f"UPDATE requests SET state = 'leased' WHERE id IN ({','.join(str(row['id']) for row in rows)})")
        return [_job(row) for row in rows]

    def has_queued(self, host: str) -> bool:
        """Whether the host has something to fetch for the active sites."""
        query = "SELECT 1 FROM requests WHERE state = 'queued' AND host = ? AND site IN (SELECT site FROM active) LIMIT 1"
        return self._db.execute(query, (host,)).fetchone() is not None

    def robots_job(self, request: Request) -> Job:
        """The job of a robots.txt, which is fetched on demand and never queued."""
        self._insert(request)
        self._write("UPDATE requests SET state = 'leased' WHERE key = ?", (request.key,))
        return _job(self._db.execute(f"{_SELECT} WHERE key = ?", (request.key,)).fetchone())

    def rename(self, job: Job, url: str, hops: int) -> None:
        """Queue a request again under its other scheme (http redirects to https)."""
        self._set_role(job, "redirect")
        self._write("UPDATE requests SET state = 'queued', url = ?, hops = ? WHERE id = ?", (url, hops, job.id))

    def last_unchanged(self, job: Job) -> bool:
        """Whether the newest capture of a job had the payload that was known before."""
        row = self._db.execute("SELECT unchanged FROM captures WHERE request = ? ORDER BY cursor DESC LIMIT 1", (job.id,)).fetchone()
        return bool(row and row["unchanged"])

    def headers(self, capture: sqlite3.Row) -> list[tuple[str, str]]:
        """The response headers of a capture, from its record."""
        return list(warc.read_member(self._warcs / capture["warc"], capture["offset"], capture["length"]).http)

    def archived(self) -> Iterator[tuple[Job, sqlite3.Row]]:
        """Requests whose response is archived but not yet read, each with its capture (after a kill)."""
        rows = self._db.execute(f"{_SELECT} WHERE state = 'archived' ORDER BY id").fetchall()
        for row in rows:
            capture = self._db.execute("SELECT * FROM captures WHERE request = ? ORDER BY cursor DESC LIMIT 1", (row["id"],)).fetchone()
            yield _job(row), capture

    # -- responses -----------------------------------------------------------------------------------------------------

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
            """INSERT INTO captures (request, url, requested_url, site, parent_url, role, link_title, status, content_type, fetched_at, sha256,
            warc, offset, length, tls_profile, unchanged) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
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
                (job.etag, modified, sha256, cursor, _now(), job.id),
            )
        else:
            self._write("UPDATE requests SET state = 'archived', at = ? WHERE id = ?", (_now(), job.id))
        return job

    def body(self, job: Job) -> bytes:
        """The last full payload of a job (for a 304: the earlier one). Raises ArchiveError."""
        row = self._db.execute("SELECT warc, offset, length FROM captures WHERE cursor = ?", (job.capture,)).fetchone()
        if row is None:
            raise ArchiveError(f"no payload is archived for {job.request.url}")
        return read_body(self._warcs / row["warc"], row["offset"], row["length"])

    def done(self, job: Job, role: str, *, year: int | None = None, news: str | None = None) -> None:
        """The response is read: what it turned out to be, for reports the year and ``new changed unchanged``."""
        self._write(
            "UPDATE requests SET state = 'done', final_role = ?, year = ?, news = ?, code = NULL, message = NULL WHERE id = ?",
            (role, year, news, job.id),
        )
        self._set_role(job, role)

    def problem(self, job: Job, code: str, message: str, *, role: str | None = None) -> None:
        """The request ended without a usable page. A report that was known before is thereby gone, if the server says so."""
        news = "gone" if job.final_role == "report" and code in GONE else None
        self._write(
            """UPDATE requests SET state = 'problem', code = ?, message = ?, news = ?, at = ?,
            final_role = CASE ? WHEN 'gone' THEN NULL ELSE final_role END WHERE id = ?""",
            (code, message[:500], news, _now(), news, job.id),
        )
        if role:
            self._set_role(job, role)

    def retry(self, job: Job) -> Job:
        """Back to the queue, one attempt spent; the job stays leased by this process."""
        self._write("UPDATE requests SET state = 'leased', attempts = attempts + 1 WHERE id = ?", (job.id,))
        self._set_role(job, "error")
        return job._replace(attempts=job.attempts + 1)

    def release(self, jobs: Iterable[Job]) -> None:
        """Give leased requests back unfetched."""
        for job in jobs:
            self._write("UPDATE requests SET state = 'queued' WHERE id = ?", (job.id,))

    def _set_role(self, job: Job, role: str) -> None:
        if role != job.request.role:
            self._write(
                "UPDATE captures SET role = ? WHERE cursor = (SELECT max(cursor) FROM captures WHERE request = ?)",
                (role, job.id),
            )

    # -- hosts ---------------------------------------------------------------------------------------------------------

    def host(self, host: str) -> tuple[float, str | None]:
        """(next allowed time in seconds since the epoch, TLS profile) of a host; (0, None) for a new one."""
        row = self._db.execute("SELECT * FROM hosts WHERE host = ?", (host,)).fetchone()
        return (row["next_allowed"], row["tls_profile"]) if row else (0.0, None)

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

    def robots(self, origin: str) -> sqlite3.Row | None:
        """The cached robots.txt of an origin."""
        row: sqlite3.Row | None = self._db.execute("SELECT * FROM robots WHERE origin = ?", (origin,)).fetchone()
        return row

    def save_robots(self, origin: str, moment: float, decision: str, body: bytes) -> None:
        """Cache a robots.txt and the decision on it."""
        self._write("INSERT OR REPLACE INTO robots VALUES (?, ?, ?, ?)", (origin, moment, decision, body))

    # -- summary -------------------------------------------------------------------------------------------------------

    def news(self, site: str) -> dict[str, int]:
        """Reports of the site in this round by ``new changed unchanged gone``."""
        rows = self._db.execute(
            "SELECT news, count(*) AS n FROM requests WHERE site = ? AND round = ? AND news IS NOT NULL GROUP BY news",
            (site, self.round),
        )
        return {row["news"]: row["n"] for row in rows}

    def problem_codes(self, site: str) -> dict[str, int]:
        """Problems of the site in this round by code."""
        rows = self._db.execute("SELECT code, count(*) AS n FROM requests WHERE site = ? AND state = 'problem' GROUP BY code", (site,))
        codes = {row["code"]: row["n"] for row in rows}
        for row in self._db.execute("SELECT code, count(*) AS n FROM site_problems WHERE site = ? GROUP BY code", (site,)):
            codes[row["code"]] = codes.get(row["code"], 0) + row["n"]
        return codes

    def reports_by_year(self, site: str) -> dict[int, int]:
        """Reports of the site by report year, where the title names one."""
        rows = self._db.execute(
            "SELECT year, count(*) AS n FROM requests WHERE site = ? AND state = 'done' AND final_role = 'report' AND year IS NOT NULL GROUP BY year",
            (site,),
        )
        return {row["year"]: row["n"] for row in rows}


def http_date(moment: float) -> str:
    """Seconds since the epoch as an HTTP date (RFC 9110, 5.6.7)."""
    return email.utils.formatdate(moment, usegmt=True)
