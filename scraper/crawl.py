"""The crawl: sites in, an archive and a summary out. One event loop; at most one request at a time per host."""

from __future__ import annotations

import asyncio
import heapq
import itertools
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from types import FrameType
from typing import NamedTuple

from scraper.addresses import AddressRules
from scraper.client import DEFAULT_USER_AGENT, Client, Fetched, FetchError, Limits, redirect_target
from scraper.frontier import Frontier, Job, Request
from scraper.interpret import MAX_DEPTH, Outcome, interpret, redirected
from scraper.joblog import run_lock
from scraper.politeness import ROBOTS_LIFETIME, Pace, Robots, host_key, retry_after, robots_decision
from scraper.sites import Site
from scraper.urls import origin

LOCK = "crawl.lock"
LEASE = 32
# Seconds that pages in flight have to finish after a stop.
GRACE = 20.0
# A host that answers only with a firewall's page is left alone after this many.
BLOCKED_LIMIT = 3
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
    options = options or CrawlOptions()
    with run_lock(folder / LOCK):
        frontier = Frontier(folder)
        try:
            frontier.begin(sites)
            return asyncio.run(
                _Crawl(sites, frontier, options, on_event or (lambda _: None), stop or threading.Event()).run()
            )
        finally:
            frontier.close()


@dataclass(slots=True)
class _Host:
    key: str
    pace: Pace
    next_at: float
    jobs: deque[Job] = field(default_factory=deque)
    busy: bool = False
    waiting: bool = False
    tls_profile: str | None = None
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
        self.loop, self.idle, started = asyncio.get_running_loop(), asyncio.Event(), time.monotonic()
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
        while self.heap and not self.reason and len(self.running) < self.options.concurrency and self.heap[0][0] <= now:
            host = heapq.heappop(self.heap)[2]
            host.waiting, host.busy = False, True
            task = self.loop.create_task(self._visit(host))
            self.running.add(task)
            task.add_done_callback(self._visited)
        if self.timer:
            self.timer.cancel()
            self.timer = None
        if self.heap and not self.reason and len(self.running) < self.options.concurrency:
            self.timer = self.loop.call_later(max(self.heap[0][0] - now, 0), self._pump)
        if not self.running and (self.reason or not self.heap):
            self.idle.set()

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
            next_allowed, delay, profile = self.frontier.host(key)
            wait = min(max(next_allowed - time.time(), 0.0), 86400.0)
            host = self.hosts[key] = _Host(
                key,
                Pace(self.options.delay, delay, retry_base=self.options.retry_base),
                time.monotonic() + wait,
                tls_profile=profile,
            )
        if not host.busy and not host.waiting:
            host.waiting = True
            heapq.heappush(self.heap, (host.next_at, next(self.order), host))

    # -- one visit -----------------------------------------------------------------------------------------------------

    async def _visit(self, host: _Host) -> None:
        """One request to one host."""
        try:
            if not host.jobs:
                host.jobs.extend(self.frontier.lease(host.key, LEASE))
            while host.jobs:
                job = host.jobs.popleft()
                if await self._handle(host, job):
                    break
                if not host.jobs:
                    host.jobs.extend(self.frontier.lease(host.key, LEASE))
        finally:
            host.busy = False
            if host.jobs or self.frontier.has_queued(host.key):
                self._wake(host.key)

    async def _handle(self, host: _Host, job: Job) -> bool:
        """Deal with one job; gives whether a request was sent, so that the host's delay is due."""
        site = self.sites[job.request.site]
        if host.blocked >= BLOCKED_LIMIT and host.block_code:
            self._problem(job, *host.block_code)
            return False
        robots = self.robots.get(origin(job.request.url)) or self._cached_robots(job.request.url, host)
        if robots is None:
            host.jobs.appendleft(job)
            await self._fetch_robots(host, job, site)
            return True
        if not robots.allows(job.request.url):
            unreachable = robots.decision == "unreachable"
            self._problem(
                job,
                "robots_unreachable" if unreachable else "robots",
                "robots.txt cannot be read, so nothing may be fetched"
                if unreachable
                else "robots.txt disallows this address",
            )
            return False
        host.pace.ours = self.options.delay if site.delay is None else site.delay
        try:
            fetched = await self._fetch(host, job, site)
        except asyncio.CancelledError:
            host.jobs.appendleft(job)
            raise
        except FetchError as error:
            self._failed(host, job, error)
            return error.code != "refused_address"
        self._take(host, job, fetched)
        return True

    async def _fetch(self, host: _Host, job: Job, site: Site) -> Fetched:
        request = job.request
        headers = job.conditional_headers()
        if request.parent_url:
            headers["Referer"] = request.parent_url
        if request.method == "POST":
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            headers["X-Requested-With"] = "XMLHttpRequest"
        if site.user_agent:
            headers["User-Agent"] = site.user_agent
        fetched = await self.client.fetch(
            request.url,
            method=request.method,
            body=request.body.encode(),
            headers=headers,
            tls_profile=site.tls_profile or host.tls_profile,
            allow_bad_certificate=site.allow_bad_certificate,
        )
        self.fetched += 1
        if fetched.tls_profile:
            host.tls_profile = fetched.tls_profile.removesuffix("+unverified")
        return fetched

    def _rest(self, host: _Host, seconds: float) -> None:
        host.next_at = time.monotonic() + seconds
        self.frontier.save_host(host.key, time.time() + seconds, host.pace.robots, host.tls_profile)

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
        fields = dict(headers)
        if status == 304 or (status == 200 and job.final_role == "report" and job.sha256 and self._unchanged(job)):
            if job.final_role == "report":
                self.frontier.done(job, "report", year=job.year, news="unchanged")
                self.emit(Event("report", job.request.site, job.request.url, status, "unchanged"))
                return
            body, status = (lambda: self.frontier.body(job)), 200
        if status == 200:
            outcome = interpret(job.request, body(), content_type, status, fields, max_depth=self.options.max_depth)
            self._apply(job, outcome, host)
            if truncated:
                self.frontier.site_problem(
                    job.request.site, job.request.url, "truncated", "the connection ended before the page did"
                )
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
        elif status in (404, 410):
            self._problem(job, "gone", f"HTTP {status}", role="error")
        else:
            self._problem(job, f"http_{status}", f"HTTP {status}", role="error")

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
            target = redirect_target(
                Fetched(request.url, status, "", tuple(fields.items()), b"", b"", "", (), b"", None, 0.0, 0.0)
            )
        except FetchError as error:
            self._problem(job, error.code, error.message, role="redirect")
            return
        if target is None:
            self._problem(job, "bad_redirect", f"HTTP {status} without a Location", role="redirect")
            return
        follow = redirected(request, target)
        if follow.hops > self.options.max_redirects:
            self._problem(
                job, "too_many_redirects", f"more than {self.options.max_redirects} redirects", role="redirect"
            )
        elif follow.key == request.key and follow.url == request.url:
            self._problem(job, "redirect_loop", "the page redirects to itself", role="redirect")
        elif follow.key == request.key:
            # http -> https of the same page: the same request under its other scheme.
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
        if row is None or time.time() - row["fetched_at"] > ROBOTS_LIFETIME or row["decision"] == "unreachable":
            return None
        return self._use_robots(url, host, row["decision"], row["body"])

    def _use_robots(self, url: str, host: _Host, decision: str, body: bytes) -> Robots:
        robots = self.robots[origin(url)] = Robots(decision, body, self.options.user_agent)
        host.pace.robots = max(host.pace.robots, robots.delay)
        return robots

    async def _fetch_robots(self, host: _Host, job: Job, site: Site) -> None:
        """Fetch, archive and decide on the robots.txt of the job's origin, redirects followed."""
        url, old = origin(job.request.url) + "/robots.txt", self.frontier.robots(origin(job.request.url))
        asked = self.frontier.robots_job(Request(url, site.name, "robots", self.frontier.round))
        decision, body, fetched = "unreachable", b"", None
        for _ in range(self.options.max_redirects):
            try:
                fetched = await self._fetch(host, asked, site)
            except FetchError as error:
                if error.retry and asked.attempts + 1 < self.options.attempts:
                    asked = replace(asked, attempts=asked.attempts + 1)
                    await asyncio.sleep(host.pace.failed())
                    continue
                self.frontier.problem(asked, error.code, error.message)
                break
            asked = self.frontier.archive(asked, fetched)
            self.frontier.done(asked, "robots")
            body, decision = fetched.body, robots_decision(fetched.status, fetched.header("content-type"), fetched.body)
            with suppress(FetchError):
                target = redirect_target(fetched)
                if target is not None:
                    asked = self.frontier.robots_job(replace(asked.request, url=target))
                    decision = "none"
                    await asyncio.sleep(host.pace.interval)
                    continue
            if fetched.status in (429, 503) and asked.attempts + 1 < self.options.attempts:
                asked = replace(asked, attempts=asked.attempts + 1)
                await asyncio.sleep(
                    min(host.pace.failed(retry_after(fetched.header("retry-after"))), self.options.max_wait)
                )
                continue
            break
        if fetched is not None and fetched.status == 304 and old is not None:
            decision, body = old["decision"], old["body"]
        self.frontier.save_robots(
            origin(job.request.url), time.time(), decision, body if decision == "rules" else b"", None, None
        )
        self._use_robots(job.request.url, host, decision, body)
        self.emit(Event("robots", site.name, url, fetched.status if fetched else None, decision))
        host.pace.ours = self.options.delay if site.delay is None else site.delay
        self._rest(host, host.pace.interval)

    # -- after a kill --------------------------------------------------------------------------------------------------

    def _replay(self) -> None:
        """Read the responses that were archived and not yet read when an earlier process died."""
        for job, capture in self.frontier.archived():
            if job.request.role == "robots":
                self.frontier.done(job, "robots")
                continue
            headers = self.frontier.headers(capture)
            status = 304 if capture["unchanged"] else capture["status"]
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
