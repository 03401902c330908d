"""The crawl: sites in, an archive and a summary out. One event loop; at most one request at a time per host."""

from __future__ import annotations

import asyncio
import heapq
import itertools
import signal
import sqlite3
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from types import FrameType
from typing import NamedTuple
from urllib.parse import urlsplit

from scraper.addresses import AddressRules
from scraper.client import DEFAULT_USER_AGENT, Client, Fetched, FetchError, Limits, redirect_target, remember_cookies
from scraper.database import ArchiveError
from scraper.frontier import Frontier, Job, Request
from scraper.interpret import MAX_DEPTH, Outcome, interpret, redirected
from scraper.joblog import run_lock
from scraper.politeness import ROBOTS_LIFETIME, Pace, Robots, host_key, retry_after, robots_decision
from scraper.sites import Site, merged
from scraper.urls import origin, registrable

LOCK = "crawl.lock"
LEASE = 32
# Seconds that pages in flight have to finish after a stop.
GRACE = 20.0
# A host that answers only with a firewall's page is left alone after this many.
BLOCKED_LIMIT = 3
# Decisions on a robots.txt that are kept for its lifetime.
LASTING = frozenset({"rules", "none", "html"})
RETRY_STATUS = frozenset({408, 429, 500, 502, 503, 504})


@dataclass(frozen=True, slots=True)
class CrawlOptions:
    """``delay`` seconds between two requests to a host; ``max_pages`` responses and ``max_time`` seconds after which the crawl stops and can be
    resumed; ``concurrency`` hosts asked at a time; ``attempts`` per page; ``retry_base`` seconds before the first retry, doubling;
    ``max_wait`` the longest a host may ask us to wait (Retry-After) before its pages are left for the next run."""

    delay: float = 3.0
    max_pages: int | None = None
    max_time: float | None = None
    concurrency: int = 16
    user_agent: str = DEFAULT_USER_AGENT
    max_depth: int = MAX_DEPTH
    max_body: int = 32 << 20
    max_redirects: int = 8
    connect_timeout: float = 20.0
    read_timeout: float = 30.0
    total_timeout: float = 180.0
    attempts: int = 4
    retry_base: float = 1.0
    max_wait: float = 600.0

    def limits(self) -> Limits:
        """The client's share of the options."""
        return Limits(self.max_body, self.connect_timeout, self.read_timeout, self.total_timeout, self.max_redirects)


class Event(NamedTuple):
    """Something that happened: ``kind`` is ``fetched report problem robots stopping``."""

    kind: str
    site: str
    url: str
    status: int | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class SiteSummary:
    """Reports of one site in this round; ``problems`` by code; ``by_year`` all reports known by report year;
    ``missed`` expectations in words."""

    name: str
    new: int
    changed: int
    unchanged: int
    gone: int
    problems: Mapping[str, int]
    by_year: Mapping[int, int]
    missed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CrawlSummary:
    """``complete``: nothing was left to fetch; ``stopped``: why not (``signal max_pages max_time``); ``fetched`` responses of this process."""

    sites: tuple[SiteSummary, ...]
    fetched: int
    seconds: float
    complete: bool
    stopped: str | None = None

    @property
    def failed(self) -> bool:
        """Whether the run has something to report with exit code 1."""
        return any(site.problems or site.missed for site in self.sites)


def crawl(
    sites: Sequence[Site],
    archive_dir: Path | str,
    options: CrawlOptions | None = None,
    on_event: Callable[[Event], None] | None = None,
    stop: threading.Event | None = None,
) -> CrawlSummary:
    """Crawl ``sites`` into the archive folder, going on where an interrupted crawl stopped.

    SIGTERM and SIGINT (in the main thread) or ``stop`` finish the pages in flight and end within 30 s. Raises
    LockedError while another crawl uses the folder, ArchiveError where it cannot be written.
    """
    folder = Path(archive_dir)
    options, sites = options or CrawlOptions(), merged(sites)
    try:
        with run_lock(folder / LOCK):
            frontier = Frontier(folder)
            try:
                frontier.begin(sites)
                return asyncio.run(_Crawl(sites, frontier, options, on_event or (lambda _: None), stop or threading.Event()).run())
            finally:
                frontier.close()
    except (OSError, sqlite3.Error) as error:
        raise ArchiveError(f"{folder}: {getattr(error, 'strerror', None) or error}") from error


@dataclass(slots=True)
class _Host:
    """A unit of politeness: one host name, or several of one site that share an address."""

    keys: list[str]
    pace: Pace
    next_at: float
    tls_profile: str | None
    jobs: deque[Job] = field(default_factory=deque)
    cookies: dict[str, dict[str, str]] = field(default_factory=dict)
    busy: bool = False
    waiting: bool = False
    rested: bool = True
    parked: bool = False
    blocked: int = 0
    block_code: tuple[str, str] | None = None


class _Crawl:
    """State of one running crawl. Everything happens in one event loop: no locks."""

    def __init__(
        self,
        sites: Sequence[Site],
        frontier: Frontier,
        options: CrawlOptions,
        on_event: Callable[[Event], None],
        stop: threading.Event,
    ) -> None:
        self.sites = {site.name: site for site in sites}
        self.frontier, self.options, self.emit, self.stop = frontier, options, on_event, stop
        self.hosts: dict[str, _Host] = {}
        self.settled: set[str] = set()
        self.domains: dict[str, list[_Host]] = {}
        self.robots: dict[str, Robots] = {}
        self.heap: list[tuple[float, int, _Host]] = []
        self.order = itertools.count()
        self.running: set[asyncio.Task[None]] = set()
        self.fetched = 0
        self.reason: str | None = None
        self.failure: BaseException | None = None
        self.timer: asyncio.TimerHandle | None = None

    # -- the loop ------------------------------------------------------------------------------------------------------

    async def run(self) -> CrawlSummary:
        self.loop, self.idle = asyncio.get_running_loop(), asyncio.Event()
        self.started = started = time.monotonic()
        rules = AddressRules(url for site in self.sites.values() for url in site.start_urls)
        async with Client(rules, self.options.user_agent, self.options.limits()) as self.client:
            with _signals(self.loop, self._stop_by_signal):
                self._replay()
                for key in self.frontier.hosts():
                    self._wake(key)
                ticker = asyncio.create_task(self._tick(started))
                self._pump()
                await self.idle.wait()
                await self._drain()
                ticker.cancel()
                with suppress(asyncio.CancelledError):
                    await ticker
        for host in self.hosts.values():
            self.frontier.release(host.jobs)
        if self.failure is not None:
            raise self.failure
        complete = self.reason is None
        if complete:
            self.frontier.finish_sites()
        summaries = tuple(self._summary(site) for site in self.sites.values())
        return CrawlSummary(summaries, self.fetched, time.monotonic() - started, complete, self.reason)

    def _pump(self) -> None:
        """Start what may start now; arrange to be called again; say when nothing is left."""
        now = time.monotonic()
        while self.heap and self._may_start() and self.heap[0][0] <= now:
            host = heapq.heappop(self.heap)[2]
            host.waiting, host.busy = False, True
            task = self.loop.create_task(self._visit(host))
            self.running.add(task)
            task.add_done_callback(self._visited)
        if self.timer:
            self.timer.cancel()
            self.timer = None
        if self.heap and self._may_start():
            self.timer = self.loop.call_later(max(self.heap[0][0] - now, 0), self._pump)
        if not self.running and (self.reason or not self.heap):
            self.idle.set()

    def _may_start(self) -> bool:
        room = self.options.max_pages is None or self.fetched + len(self.running) < self.options.max_pages
        return self.reason is None and room and len(self.running) < self.options.concurrency

    def _visited(self, task: asyncio.Task[None]) -> None:
        self.running.discard(task)
        if not task.cancelled() and task.exception():
            self.failure, self.reason = self.failure or task.exception(), self.reason or "failure"
        self.frontier.commit_if_due()
        if self.options.max_pages and self.fetched >= self.options.max_pages:
            self._end("max_pages")
        self._pump()

    async def _tick(self, started: float) -> None:
        while True:
            await asyncio.sleep(0.25)
            self.frontier.commit_if_due()
            if self.stop.is_set():
                self._stop_by_signal()
            if self.options.max_time and time.monotonic() - started >= self.options.max_time:
                self._end("max_time")

    def _stop_by_signal(self) -> None:
        self._end("signal")

    def _end(self, reason: str) -> None:
        if self.reason is None:
            self.reason = reason
            self.emit(Event("stopping", "", "", detail=reason))
            self._pump()
            if self.running:
                self.loop.call_later(GRACE, self._cancel)

    def _cancel(self) -> None:
        for task in self.running:
            task.cancel()

    async def _drain(self) -> None:
        if self.running:
            await asyncio.gather(*self.running, return_exceptions=True)

    def _wake(self, key: str) -> None:
        """Put a host with work into the queue of hosts."""
        host = self.hosts.get(key)
        if host is None:
            next_allowed, profile = self.frontier.host(key)
            wait = max(next_allowed - time.time(), 0.0)
            host = self.hosts[key] = _Host(
                [key], Pace(self.options.delay, retry_base=self.options.retry_base), time.monotonic() + wait, profile
            )
            host.rested = self.frontier.clean
            self._park_if_long(host, wait)
        if not host.busy and not host.waiting:
            host.waiting = True
            heapq.heappush(self.heap, (host.next_at, next(self.order), host))

    def _park_if_long(self, host: _Host, wait: float) -> None:
        if wait > self.options.max_wait:
            host.parked, host.next_at = True, time.monotonic()

    # -- one visit -----------------------------------------------------------------------------------------------------

    async def _visit(self, host: _Host) -> None:
        """One request to one host; what needs no request is dealt with on the way."""
        try:
            host = await self._neighbour(host)
            while self.reason is None and self._lease(host):
                asked = await self._handle(host, host.jobs.popleft())
                if asked and not self._may_go_on(host):
                    break
                if not asked:
                    await asyncio.sleep(0)
        finally:
            host.busy = False
            if self._lease(host):
                self._wake(host.keys[0])

    def _may_go_on(self, host: _Host) -> bool:
        """Whether the host may be asked again at once and no other host waits for a turn."""
        if self.heap or host.next_at > time.monotonic() or self.options.max_pages is not None:
            return False
        self.frontier.commit_if_due()
        return True

    def _lease(self, host: _Host) -> bool:
        """Whether the host has jobs, after fetching more from the frontier."""
        for key in host.keys if not host.jobs else ():
            host.jobs.extend(self.frontier.lease(key, LEASE))
        return bool(host.jobs)

    async def _neighbour(self, host: _Host) -> _Host:
        """The host to ask in place of ``host``: names of one site that share an address are asked as one."""
        name = host.keys[0]
        if name in self.settled or ":" in name:
            return host
        self.settled.add(name)
        others = self.domains.setdefault(registrable(name), [])
        others.append(host)
        if len(others) > 1:
            addresses = set(await self.client.resolve(name))
            for other in others[:-1]:
                if addresses & set(await self.client.resolve(other.keys[0])):
                    return self._merge(host, other)
        return host

    def _merge(self, host: _Host, other: _Host) -> _Host:
        other.keys += host.keys
        other.jobs.extend(host.jobs)
        host.jobs.clear()
        for key in host.keys:
            self.hosts[key] = other
        self.domains[registrable(host.keys[0])].remove(host)
        other.next_at = max(host.next_at, other.next_at)
        self._wake(other.keys[0])
        host.keys = []
        return host

    async def _handle(self, host: _Host, job: Job) -> bool:
        """Deal with one job; gives whether the host's delay is due before the next one."""
        site, url = self.sites[job.request.site], job.request.url
        if host.blocked >= BLOCKED_LIMIT and host.block_code:
            self._problem(job, *host.block_code)
            return False
        if host.parked:
            self._problem(job, "retry_later", "the host asks to be left alone for longer than this run may wait")
            return False
        host.pace.ours = self.options.delay if site.delay is None else site.delay
        robots = self.robots.get(origin(url)) or self._cached_robots(url, host)
        if not host.rested:
            host.rested = True
            host.next_at = max(host.next_at, self.started + host.pace.interval)
            host.jobs.appendleft(job)
            return True
        try:
            if robots is None:
                host.jobs.appendleft(job)
                await self._fetch_robots(host, job, site)
                return True
            if not robots.allows(url):
                self._problem(job, *robots.refusal)
                return False
            self._take(host, job, await self._fetch(host, job, site))
        except asyncio.CancelledError:
            if robots is not None:
                host.jobs.appendleft(job)
            raise
        except FetchError as error:
            self._failed(host, job, error)
            return error.code != "refused_address"
        return True

    async def _fetch(self, host: _Host, job: Job, site: Site) -> Fetched:
        request, name = job.request, urlsplit(job.request.url).hostname or ""
        headers = job.conditional_headers()
        if request.parent_url:
            headers["Referer"] = request.parent_url
        if request.method == "POST":
            headers["Content-Type"] = "application/x-www-form-urlencoded; charset=UTF-8"
        if request.family:
            headers["X-Requested-With"] = "XMLHttpRequest"
        if site.user_agent:
            headers["User-Agent"] = site.user_agent
        if host.cookies.get(name):
            headers["Cookie"] = "; ".join(f"{key}={value}" for key, value in host.cookies[name].items())
        fetched = await self.client.fetch(
            request.url,
            method=request.method,
            body=request.body.encode(),
            headers=headers,
            tls_profile=site.tls_profile or host.tls_profile,
            allow_bad_certificate=site.allow_bad_certificate,
        )
        self.fetched += 1
        remember_cookies(host.cookies.setdefault(name, {}), fetched)
        if fetched.tls_profile:
            host.tls_profile = fetched.tls_profile.removesuffix("+unverified")
        return fetched

    def _rest(self, host: _Host, seconds: float) -> None:
        host.next_at = time.monotonic() + seconds
        for key in host.keys:
            self.frontier.save_host(key, time.time() + seconds, host.tls_profile)
        self._park_if_long(host, seconds)

    def _take(self, host: _Host, job: Job, fetched: Fetched) -> None:
        """Archive a response, then read it."""
        status = fetched.status
        job = self.frontier.archive(job, fetched)
        self.emit(Event("fetched", job.request.site, job.request.url, status))
        wait = retry_after(fetched.header("retry-after"))
        if status in RETRY_STATUS and not (status == 500 and job.attempts):
            self._rest(host, host.pace.failed(wait if status in (429, 503) else None))
        else:
            self._rest(host, host.pace.succeeded(fetched.elapsed))
        self._settle(
            job,
            status,
            fetched.headers,
            fetched.header("content-type"),
            lambda: fetched.body,
            host,
            truncated=fetched.truncated,
        )

    def _settle(
        self,
        job: Job,
        status: int,
        headers: Sequence[tuple[str, str]],
        content_type: str | None,
        body: Callable[[], bytes],
        host: _Host | None,
        *,
        truncated: str | None = None,
    ) -> None:
        """Move an archived job on: done, problem, retry, and what it leads to."""
        fields = {name.title(): value for name, value in headers}
        if status == 304 or (status == 200 and job.final_role == "report" and job.sha256 and self._unchanged(job)):
            if job.final_role == "report":
                self.frontier.done(job, "report", year=job.year, news="unchanged")
                self.emit(Event("report", job.request.site, job.request.url, status, "unchanged"))
                return
            body, status = (lambda: self.frontier.body(job)), 200
        if status == 200:
            self._apply(job, self._read(job, body(), content_type, fields), host)
            if truncated:
                self.frontier.site_problem(job.request.site, job.request.url, "truncated", "the connection ended before the page did")
            return
        if status in (301, 302, 303, 307, 308):
            self._redirect(job, status, fields)
            return
        payload = body()
        obstacle = _obstacle(payload, content_type, status, fields)
        if obstacle:
            self._block(host, job, *obstacle)
        elif status in RETRY_STATUS and job.attempts + 1 < self.options.attempts and host is not None:
            job = self.frontier.retry(job)
            host.jobs.appendleft(job)
        else:
            self._problem(job, f"http_{status}", f"HTTP {status}", role="error")

    def _read(self, job: Job, body: bytes, content_type: str | None, fields: Mapping[str, str]) -> Outcome:
        try:
            return interpret(job.request, body, content_type, 200, fields, max_depth=self.options.max_depth)
        except Exception as error:  # whatever hostile markup brings about must not end the crawl; the payload is archived
            return Outcome("obstacle", problem=("unreadable", f"cannot be read: {type(error).__name__}: {error}"))

    def _unchanged(self, job: Job) -> bool:
        return self.frontier.last_unchanged(job)

    def _apply(self, job: Job, outcome: Outcome, host: _Host | None) -> None:
        if outcome.problem:
            code, message = outcome.problem
            if code.startswith("blocked") and host is not None:
                self._block(host, job, code, message)
            else:
                self._problem(job, code, message, role=outcome.role)
            return
        if host is not None:
            host.blocked = 0
        news = None
        if outcome.role == "report":
            news = "changed" if job.final_role == "report" else "new"
            self.emit(Event("report", job.request.site, job.request.url, 200, news))
        self.frontier.done(job, outcome.role, year=outcome.year, news=news)
        for code, message in outcome.notes:
            self.frontier.site_problem(job.request.site, job.request.url, code, message)
        for request in outcome.requests:
            if self.frontier.add(request):
                self._wake(host_key(request.url))

    def _redirect(self, job: Job, status: int, fields: Mapping[str, str]) -> None:
        request = job.request
        try:
            target = redirect_target(Fetched(request.url, status, "", tuple(fields.items()), b"", b"", "", (), b"", None, 0.0, 0.0))
        except FetchError as error:
            self._problem(job, error.code, error.message, role="redirect")
            return
        if target is None:
            self._problem(job, "bad_redirect", f"HTTP {status} without a Location", role="redirect")
            return
        follow = redirected(request, target)
        if follow.hops > self.options.max_redirects:
            self._problem(job, "too_many_redirects", f"more than {self.options.max_redirects} redirects", role="redirect")
        elif follow.key == request.key and follow.url == request.url and not ("Set-Cookie" in fields and request.hops == 0):
            self._problem(job, "redirect_loop", "the page redirects to itself", role="redirect")
        elif follow.key == request.key:
            # The same page under its other scheme (http -> https), or once more now that a cookie is set.
            self.frontier.rename(job, follow.url, follow.hops)
            self._wake(host_key(follow.url))
        else:
            self.frontier.done(job, "redirect")
            if self.frontier.add(follow):
                self._wake(host_key(follow.url))

    def _failed(self, host: _Host, job: Job, error: FetchError) -> None:
        self._rest(host, host.pace.failed() if error.retry else host.pace.interval)
        if error.retry and job.attempts + 1 < self.options.attempts:
            host.jobs.appendleft(self.frontier.retry(job))
        else:
            self._problem(job, error.code, error.message)

    def _problem(self, job: Job, code: str, message: str, *, role: str | None = None) -> None:
        self.frontier.problem(job, code, message, role=role)
        self.emit(Event("problem", job.request.site, job.request.url, None, f"{code}: {message}"))

    def _block(self, host: _Host | None, job: Job, code: str, message: str) -> None:
        if host is not None:
            host.blocked, host.block_code = host.blocked + 1, (code, message)
        self._problem(job, code, message, role="obstacle")

    # -- robots.txt ----------------------------------------------------------------------------------------------------

    def _cached_robots(self, url: str, host: _Host) -> Robots | None:
        row = self.frontier.robots(origin(url))
        if row is None or time.time() - row["fetched_at"] > ROBOTS_LIFETIME or row["decision"] not in LASTING:
            return None
        return self._use_robots(url, host, row["decision"], row["body"])

    def _use_robots(self, url: str, host: _Host, decision: str, body: bytes, failure: tuple[str, str] | None = None) -> Robots:
        robots = self.robots[origin(url)] = Robots(decision, body, self.options.user_agent, failure)
        host.pace.robots = max(host.pace.robots, robots.delay)
        return robots

    async def _fetch_robots(self, host: _Host, job: Job, site: Site) -> None:
        """Fetch, archive and decide on the robots.txt of the job's origin, redirects followed."""
        place = origin(job.request.url)
        asked = self.frontier.robots_job(Request(f"{place}/robots.txt", site.name, "robots", self.frontier.round))
        decision, body, attempts, failure = "unreachable", b"", 0, None
        for _ in range(self.options.max_redirects + self.options.attempts):
            wait, fetched, failure = host.pace.interval, None, None
            try:
                fetched = await self._fetch(host, asked, site)
                asked = self.frontier.archive(asked, fetched)
                self.frontier.done(asked, "robots")
                decision, body = self._decide(place, fetched)
                target = redirect_target(fetched)
                if target is not None:
                    asked = self.frontier.robots_job(asked.request._replace(url=target))
                    await asyncio.sleep(wait)
                    continue
                wait = host.pace.failed(retry_after(fetched.header("retry-after"))) if decision == "unreachable" else wait
            except FetchError as error:
                self.frontier.done(asked, "robots")
                failure = (error.code, error.message)
                decision = "unreachable"
                wait = host.pace.failed() if error.retry else self.options.max_wait + 1
            attempts += 1
            if decision != "unreachable" or attempts >= self.options.attempts or wait > self.options.max_wait:
                break
            await asyncio.sleep(wait)
        host.pace.failures = 0
        self.frontier.save_robots(place, time.time(), decision, body if decision == "rules" else b"")
        self._use_robots(job.request.url, host, decision, body, failure)
        self.emit(Event("robots", site.name, f"{place}/robots.txt", fetched.status if fetched else None, decision))
        self._rest(host, host.pace.interval)

    def _decide(self, place: str, fetched: Fetched) -> tuple[str, bytes]:
        """The decision on a robots.txt response and its rules; a 304 confirms the earlier ones."""
        old = self.frontier.robots(place)
        if fetched.status == 304 and old is not None:
            return old["decision"], old["body"]
        obstacle = _obstacle(fetched.body, fetched.header("content-type"), fetched.status, dict(fetched.headers))
        if obstacle:
            return obstacle[0], b""
        return robots_decision(fetched.status, fetched.header("content-type"), fetched.body), fetched.body

    # -- after a kill --------------------------------------------------------------------------------------------------

    def _replay(self) -> None:
        """Read the responses that were archived and not yet read when an earlier process died."""
        for job, capture in self.frontier.archived():
            headers = tuple(self.frontier.headers(capture))
            status = 304 if capture["unchanged"] else capture["status"]
            if job.request.role == "robots":
                place = origin(job.request.url)
                body = self.frontier.body(job) if capture["status"] == 200 else b""
                decision, rules = self._decide(place, Fetched(job.request.url, status, "", headers, body, b"", "", (), b"", None, 0.0, 0.0))
                if job.request.url == f"{place}/robots.txt" and decision in LASTING and not 300 <= capture["status"] < 400:
                    self.frontier.save_robots(place, time.time(), decision, rules if decision == "rules" else b"")
                self.frontier.done(job, "robots")
                continue
            self._settle(job, status, headers, capture["content_type"], lambda job=job: self.frontier.body(job), None)  # type: ignore[misc]

    # -- summary -------------------------------------------------------------------------------------------------------

    def _summary(self, site: Site) -> SiteSummary:
        news, by_year = self.frontier.news(site.name), self.frontier.reports_by_year(site.name)
        return SiteSummary(
            site.name,
            news.get("new", 0),
            news.get("changed", 0),
            news.get("unchanged", 0),
            news.get("gone", 0),
            self.frontier.problem_codes(site.name),
            by_year,
            tuple(missed_expectations(site, by_year)),
        )


def last_due_year(today: date) -> int:
    """The latest report year whose reports must be published: by 31 March (regulations of 2019, articles 49 and 50)."""
    return today.year - 1 if today.month >= 4 else today.year - 2


def missed_expectations(site: Site, by_year: Mapping[int, int], today: date | None = None) -> Iterator[str]:
    """In words, the years of which fewer reports were found than the site's entry says."""
    least = site.min_reports_per_year
    if not least:
        return
    due = last_due_year(today or date.today())
    first, last = site.years or (min(by_year, default=due), due)
    for year in range(first, min(last, due) + 1):
        if by_year.get(year, 0) < least:
            yield f"report year {year}: {by_year.get(year, 0)} of at least {least} reports"


def _obstacle(body: bytes, content_type: str | None, status: int, fields: Mapping[str, str]) -> tuple[str, str] | None:
    from parsers.decode import decode
    from parsers.obstacles import detect_obstacle

    found = detect_obstacle(body, decode(body, content_type).text, status, fields)
    return (found.code, found.message) if found and found.code.startswith("blocked") else None


@contextmanager
def _signals(loop: asyncio.AbstractEventLoop, stop: Callable[[], None]) -> Iterator[None]:
    """SIGTERM and SIGINT stop the crawl cleanly, where signals can be caught (the main thread)."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before: dict[signal.Signals, Callable[[int, FrameType | None], object] | int | None] = {}
    for number in (signal.SIGTERM, signal.SIGINT):
        before[number] = signal.getsignal(number)
        loop.add_signal_handler(number, stop)
    try:
        yield
    finally:
        for number, handler in before.items():
            loop.remove_signal_handler(number)
            signal.signal(number, handler)
