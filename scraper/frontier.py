"""The durable frontier: every request's state.

    queued -> leased -> archived -> done | problem

A request is leased to this process, archived when its response is in the WARC file (scraper.store), done or a problem when
that response has been read. A lease ends with its process: the folder is locked while one runs. A round is one
crawl of a site from its start URLs to its last page, however many processes it takes.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from scraper.archive import Capture, read_capture
from scraper.request import Job, Request
from scraper.sites import Site
from scraper.store import SELECT, Store, now, read_job
from scraper.urls import canonical

# Problems by which a server says that a page is no more.
GONE = frozenset({"http_404", "http_410", "soft_404"})


class Frontier(Store):
    """Rounds, leases and outcomes."""

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
            """INSERT OR REPLACE INTO sites
            (name, organ, division_code, start_urls, min_reports_per_year, first_year, last_year, round, open)
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
        self._write("UPDATE sites SET open = 0, finished_at = ? WHERE name IN (SELECT site FROM active)", (now(),))
        self.commit()

    def site_problem(self, site: str, source: str, code: str, message: str) -> None:
        """Note something about a site that is no single page's problem."""
        self._write("INSERT OR REPLACE INTO site_problems VALUES (?, ?, ?, ?, ?)", (site, source, code, message, now()))

    # -- requests ------------------------------------------------------------------------------------------------------

    def add(self, request: Request) -> bool:
        """Queue a request unless this round knows it already; gives whether it was queued."""
        return self._insert(request).rowcount > 0

    def hosts(self) -> list[str]:
        """Hosts with something queued for the active sites."""
        rows = self._db.execute("SELECT DISTINCT host FROM requests WHERE state = 'queued' AND site IN (SELECT site FROM active)")
        return [row["host"] for row in rows]

    def lease(self, host: str, count: int) -> list[Job]:
        """Take up to ``count`` queued requests of a host, oldest first, reports before lists."""
        rows = self._db.execute(
            f"{SELECT} WHERE state = 'queued' AND host = ? AND site IN (SELECT site FROM active) ORDER BY id LIMIT ?",
            (host, count),
        ).fetchall()
        if rows:
            self._write(f"UPDATE requests SET state = 'leased' WHERE id IN ({','.join(str(row['id']) for row in rows)})")
        return [read_job(row) for row in rows]

    def has_queued(self, host: str) -> bool:
        """Whether the host has something to fetch for the active sites."""
        query = "SELECT 1 FROM requests WHERE state = 'queued' AND host = ? AND site IN (SELECT site FROM active) LIMIT 1"
        return self._db.execute(query, (host,)).fetchone() is not None

    def robots_job(self, request: Request) -> Job:
        """The job of a robots.txt, which is fetched on demand and never queued."""
        self._insert(request)
        self._write("UPDATE requests SET state = 'leased' WHERE key = ?", (request.key,))
        return read_job(self._db.execute(f"{SELECT} WHERE key = ?", (request.key,)).fetchone())

    def rename(self, job: Job, url: str, hops: int) -> None:
        """Queue a request again under its other scheme (http redirects to https)."""
        self._set_role(job, "redirect")
        self._write("UPDATE requests SET state = 'queued', url = ?, hops = ? WHERE id = ?", (url, hops, job.id))

    def archived(self) -> Iterator[tuple[Job, Capture]]:
        """Requests whose response is archived but not yet read, each with its newest capture (after a kill)."""
        for row in self._db.execute(f"{SELECT} WHERE state = 'archived' ORDER BY id").fetchall():
            capture = self._db.execute("SELECT * FROM captures WHERE request = ? ORDER BY cursor DESC LIMIT 1", (row["id"],)).fetchone()
            yield read_job(row), read_capture(capture, self.folder)

    # -- outcomes ------------------------------------------------------------------------------------------------------

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
            (code, message[:500], news, now(), news, job.id),
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

    # -- hosts ---------------------------------------------------------------------------------------------------------

    def host(self, host: str) -> tuple[float, str | None]:
        """(next allowed time in seconds since the epoch, TLS profile) of a host; (0, None) for a new one."""
        row = self._db.execute("SELECT * FROM hosts WHERE host = ?", (host,)).fetchone()
        return (row["next_allowed"], row["tls_profile"]) if row else (0.0, None)

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
            """SELECT year, count(*) AS n FROM requests
            WHERE site = ? AND state = 'done' AND final_role = 'report' AND year IS NOT NULL GROUP BY year""",
            (site,),
        )
        return {row["year"]: row["n"] for row in rows}
