"""The crawl's event loop: at most one request at a time per host, concurrency only across hosts."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from urllib.parse import urlsplit

from scraper.addresses import AddressRules
from scraper.client import Client
from scraper.errors import FetchError
from scraper.frontier import Frontier
from scraper.hosts import Host, Hosts
from scraper.http import Fetched, remember_cookies
from scraper.options import CrawlOptions, Emit, Event
from scraper.politeness import retry_after
from scraper.request import Job
from scraper.robots_keeper import RobotsKeeper
from scraper.settle import RETRY_STATUS, Response, Settler, header_map, response_of
from scraper.sites import Site

# Seconds that pages in flight have to finish after a stop.
GRACE = 20.0
TICK = 0.25


class Engine:
    """One running crawl. Everything happens in one event loop, so nothing is locked."""

    def __init__(self, sites: Sequence[Site], frontier: Frontier, options: CrawlOptions, emit: Emit, stop: threading.Event) -> None:
        self.fetched = 0
        self.reason: str | None = None
        self._sites = {site.name: site for site in sites}
        self._frontier, self._options, self._emit, self._stop = frontier, options, emit, stop
        rules = AddressRules(url for site in sites for url in site.start_urls)
        self._client = Client(rules, options.user_agent, options.limits())
        self._hosts = Hosts(frontier, options, self._client.resolve)
        self._settler = Settler(frontier, options, emit, self._hosts.wake)
        self._robots = RobotsKeeper(frontier, self._hosts, options, emit, self._fetch, self._pause)
        self._running: set[asyncio.Task[None]] = set()
        self._cut: dict[int, str] = {}
        self._failure: BaseException | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._idle, self._stopping = asyncio.Event(), asyncio.Event()
        self._started = time.monotonic()

    async def run(self) -> None:
        """Crawl until nothing is left or something ends it (``reason`` then says what)."""
        self._loop = asyncio.get_running_loop()
        async with self._client:
            self._replay()
            for key in self._frontier.hosts():
                self._hosts.wake(key)
            ticker = asyncio.create_task(self._tick())
            self._pump()
            await self._idle.wait()
            if self._running:
                await asyncio.gather(*self._running, return_exceptions=True)
            ticker.cancel()
            with suppress(asyncio.CancelledError):
                await ticker
        self._hosts.release()
        if self._failure is not None:
            raise self._failure

    def end(self, reason: str) -> None:
        """Start nothing more; what is in flight may finish."""
        if self.reason is None:
            self.reason = reason
            self._stopping.set()
            self._emit(Event("stopping", "", "", detail=reason))
            self._pump()
            if self._running:
                self._loop.call_later(GRACE, lambda: [task.cancel() for task in self._running])

    def _replay(self) -> None:
        """Read the responses that an earlier process archived and died before reading."""
        for job, capture in self._frontier.archived():
            if job.request.role == "robots":
                self._robots.replay(job, capture)
            else:
                self._settler.settle(job, response_of(capture, self._frontier.headers(capture)))

    # -- turns ---------------------------------------------------------------------------------------------------------

    def _pump(self) -> None:
        """Start what may start now; arrange to be called again; say when nothing is left."""
        now = time.monotonic()
        while self._hosts and self._may_start() and self._hosts.next_at <= now:
            task = self._loop.create_task(self._visit(self._hosts.pop()))
            self._running.add(task)
            task.add_done_callback(self._visited)
        if self._timer:
            self._timer.cancel()
            self._timer = None
        if self._hosts and self._may_start():
            self._timer = self._loop.call_later(max(self._hosts.next_at - now, 0), self._pump)
        if not self._running and (self.reason or not self._hosts):
            self._idle.set()

    def _may_start(self) -> bool:
        room = self._options.max_pages is None or self.fetched + len(self._running) < self._options.max_pages
        return self.reason is None and room and len(self._running) < self._options.concurrency

    def _visited(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        if not task.cancelled() and task.exception():
            self._failure = self._failure or task.exception()
            self.end("failure")
        self._frontier.commit_if_due()
        if self._options.max_pages and self.fetched >= self._options.max_pages:
            self.end("max_pages")
        self._pump()

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(TICK)
            self._frontier.commit_if_due()
            if self._stop.is_set():
                self.end("signal")
            if self._options.max_time and time.monotonic() - self._started >= self._options.max_time:
                self.end("max_time")

    async def _pause(self, seconds: float) -> None:
        """Wait, but not longer than the crawl goes on."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), seconds)

    # -- one visit -----------------------------------------------------------------------------------------------------

    async def _visit(self, host: Host) -> None:
        """One request to one host; what needs no request is dealt with on the way."""
        try:
            await self._hosts.neighbours(host)
            while self.reason is None and self._hosts.lease(host):
                asked = await self._handle(host, host.jobs.popleft())
                if asked and not self._may_go_on(host):
                    break
                if not asked:
                    await asyncio.sleep(0)
        finally:
            self._hosts.give_back(host)

    def _may_go_on(self, host: Host) -> bool:
        """Whether the host may be asked again at once while no other host waits for a turn."""
        if self._hosts or host.next_at > time.monotonic() or self._options.max_pages is not None:
            return False
        self._frontier.commit_if_due()
        return True

    async def _handle(self, host: Host, job: Job) -> bool:
        """Deal with one job; gives whether the host's delay is due before the next one."""
        site, url = self._sites[job.request.site], job.request.url
        if host.closed:
            self._settler.problem(job, *host.closed)
            return False
        host.pace.ours = self._options.delay if site.delay is None else site.delay
        robots = self._robots.get(url, host, site)
        if not host.rested:
            host.rested = True
            host.next_at = max(host.next_at, self._started + host.pace.interval)
            host.jobs.appendleft(job)
            return True
        if robots is not None and not robots.allows(url):
            self._settler.problem(job, *robots.refusal)
            return False
        try:
            if robots is None:
                await self._robots.ask(url, host, site)
                host.jobs.appendleft(job)
            else:
                self._take(host, job, await self._fetch_whole(host, job, site))
        except asyncio.CancelledError:
            host.jobs.appendleft(job)
            raise
        except FetchError as error:
            self._failed(host, job, error)
        return True

    async def _fetch_whole(self, host: Host, job: Job, site: Site) -> Fetched:
        """A response; one whose connection ended early is asked for again until it ends at the same place twice."""
        fetched = await self._fetch(host, job, site)
        if fetched.truncated and job.attempts + 1 < self._options.attempts and self._cut.get(job.id) != fetched.sha256:
            self._cut[job.id] = fetched.sha256
            raise FetchError("connection", "the connection ended before the page did", retry=True)
        self._cut.pop(job.id, None)
        return fetched

    async def _fetch(self, host: Host, job: Job, site: Site) -> Fetched:
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
        fetched = await self._client.fetch(
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

    def _take(self, host: Host, job: Job, fetched: Fetched) -> None:
        """Archive a response before anything else is done with it; then let the host rest, then read it."""
        known = job.sha256
        job = self._frontier.archive(job, fetched)
        self._emit(Event("fetched", job.request.site, job.request.url, fetched.status))
        if fetched.status in RETRY_STATUS:
            wait = retry_after(fetched.header("retry-after")) if fetched.status in (429, 503) else None
            self._hosts.rest(host, host.failed(f"http_{fetched.status}", f"HTTP {fetched.status}", wait))
        else:
            self._hosts.rest(host, host.pace.succeeded(fetched.elapsed))
        unchanged = fetched.status == 304 or (fetched.status == 200 and known == fetched.sha256)
        response = Response(fetched.status, header_map(fetched.headers), lambda: fetched.body, unchanged, fetched.truncated is not None)
        self._settler.settle(job, response, host)

    def _failed(self, host: Host, job: Job, error: FetchError) -> None:
        self._hosts.rest(host, host.failed(error.code, error.message) if error.retry else host.pace.interval)
        if not error.retry or not self._settler.again(job, host):
            self._settler.problem(job, error.code, error.message)
