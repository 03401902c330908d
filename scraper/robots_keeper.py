"""Keeps the robots.txt of each origin: fetched and archived before the first page, cached for a day, the decision recorded."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable

from scraper.archive import Capture
from scraper.errors import FetchError
from scraper.frontier import Frontier
from scraper.hosts import Host, Hosts
from scraper.http import Fetched, redirect_url
from scraper.options import CrawlOptions, Emit, Event
from scraper.politeness import retry_after
from scraper.request import Job, Request
from scraper.robots import LASTING, LIFETIME, Robots, robots_decision
from scraper.settle import Response, blocked_by, header_map, response_of
from scraper.sites import Site
from scraper.urls import origin

Fetch = Callable[[Host, Job, Site], Awaitable[Fetched]]


class RobotsKeeper:
    """One per crawl. ``fetch`` sends a request, ``pause`` waits unless the crawl is stopping."""

    def __init__(
        self, frontier: Frontier, hosts: Hosts, options: CrawlOptions, emit: Emit, fetch: Fetch, pause: Callable[[float], Awaitable[None]]
    ) -> None:
        self._frontier, self._hosts, self._options, self._emit = frontier, hosts, options, emit
        self._fetch, self._pause = fetch, pause
        self._known: dict[str, Robots] = {}

    def get(self, url: str, host: Host, site: Site) -> Robots | None:
        """What is known for the URL's origin; None if robots.txt has to be asked for."""
        place = origin(url)
        known = self._known.get(place)
        if known is None:
            row = self._frontier.robots(place)
            if row is not None and time.time() - row["fetched_at"] <= LIFETIME and row["decision"] in LASTING:
                known = self._use(place, host, site, row["decision"], row["body"])
        return known

    def _use(self, place: str, host: Host, site: Site, decision: str, body: bytes, failure: tuple[str, str] | None = None) -> Robots:
        agent = site.user_agent or self._options.user_agent
        robots = self._known[place] = Robots(decision, body, agent, failure)
        host.pace.robots = max(host.pace.robots, robots.delay)
        return robots

    async def ask(self, url: str, host: Host, site: Site) -> None:
        """Fetch, archive and decide on the robots.txt of the URL's origin."""
        place = origin(url)
        decision, body, failure = await self._decide_by_asking(place, host, site)
        host.pace.failures = 0
        self._frontier.save_robots(place, time.time(), decision, body if decision == "rules" else b"")
        self._use(place, host, site, decision, body, failure)
        self._emit(Event("robots", site.name, f"{place}/robots.txt", None, decision))
        self._hosts.rest(host, host.pace.interval)

    async def _decide_by_asking(self, place: str, host: Host, site: Site) -> tuple[str, bytes, tuple[str, str] | None]:
        """Ask until there is a decision, redirects followed, failures tried again; each response is archived."""
        url, attempts, hops = f"{place}/robots.txt", 0, 0
        while True:
            job = self._frontier.robots_job(Request(url, site.name, "robots", self._frontier.round))
            failure, fetched = None, None
            try:
                fetched = await self._fetch(host, job, site)
                job = self._frontier.archive(job, fetched)
                target = redirect_url(url, fetched.status, fetched.header("location"))
            except FetchError as error:
                failure, target, wait = (error.code, error.message), None, host.pace.failed() if error.retry else None
            self._frontier.done(job, "robots")
            if target is not None and hops < self._options.max_redirects:
                url, hops = target, hops + 1
                await self._pause(host.pace.interval)
                continue
            if fetched is not None:
                response = Response(fetched.status, header_map(fetched.headers), lambda body=fetched.body: body)  # type: ignore[misc]
                decision, body = self._decide(place, response)
                if decision != "unreachable":
                    return decision, body, None
                wait = host.pace.failed(retry_after(fetched.header("retry-after")))
            attempts += 1
            if wait is None or wait > self._options.max_wait or attempts >= self._options.attempts:
                return "unreachable", b"", failure
            await self._pause(wait)

    def _decide(self, place: str, response: Response) -> tuple[str, bytes]:
        """The decision on a response and its rules; a 304 confirms the earlier ones."""
        old = self._frontier.robots(place)
        if response.status == 304 and old is not None:
            return old["decision"], old["body"]
        body = response.body()
        blocked = blocked_by(body, response.content_type, response.status, response.headers)
        if blocked:
            return blocked[0], b""
        return robots_decision(response.status, response.content_type, body), body

    def replay(self, job: Job, capture: Capture) -> None:
        """Take up a robots.txt that a killed process had archived."""
        place = origin(job.request.url)
        if job.request.url == f"{place}/robots.txt" and capture.status == 200:
            decision, body = self._decide(place, response_of(capture, self._frontier.headers(capture)))
            if decision in LASTING:
                self._frontier.save_robots(place, time.time(), decision, body if decision == "rules" else b"")
        self._frontier.done(job, "robots")
