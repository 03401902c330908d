"""The hosts of a running crawl: each with its pace, its jobs and its turn."""

from __future__ import annotations

import heapq
import itertools
import time
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from scraper.frontier import Frontier
from scraper.options import CrawlOptions
from scraper.politeness import Pace
from scraper.request import Job
from scraper.urls import registrable

LEASE = 32
# A host that answers only with a firewall's page, or fails again and again, is left alone for the rest of the crawl.
BLOCKED_LIMIT, FAILURE_LIMIT = 3, 8


@dataclass(slots=True)
class Host:
    """A unit of politeness: one host name, or several of one site that share an address.

    ``closed``: code and words of why it is asked no more in this crawl. ``rested``: whether it had its delay since this
    process began (an earlier one may have died a moment after asking it).
    """

    keys: list[str]
    pace: Pace
    next_at: float
    tls_profile: str | None
    rested: bool
    jobs: deque[Job] = field(default_factory=deque)
    cookies: dict[str, dict[str, str]] = field(default_factory=dict)
    busy: bool = False
    waiting: bool = False
    blocked: int = 0
    closed: tuple[str, str] | None = None

    def was_blocked(self, code: str, message: str) -> None:
        """Count a firewall's answer."""
        self.blocked += 1
        if self.blocked >= BLOCKED_LIMIT:
            self.closed = code, message

    def failed(self, code: str, message: str, wait: float | None = None) -> float:
        """Count a refusal or a breakdown; gives the seconds to wait."""
        seconds = self.pace.failed(wait)
        if self.pace.failures >= FAILURE_LIMIT:
            self.closed = code, f"{message}; the host failed {self.pace.failures} times in a row and is left for the next crawl"
        return seconds


class Hosts:
    """Who may be asked next: a queue of hosts by the time at which their delay is over."""

    def __init__(self, frontier: Frontier, options: CrawlOptions, resolve: Callable[[str], Awaitable[tuple[str, ...]]]) -> None:
        self._frontier, self._options, self._resolve = frontier, options, resolve
        self._hosts: dict[str, Host] = {}
        self._queue: list[tuple[float, int, Host]] = []
        self._order = itertools.count()
        self._settled: set[str] = set()
        self._domains: dict[str, list[Host]] = {}

    def wake(self, key: str) -> None:
        """Queue a host that has work, unless it is being asked or queued already."""
        host = self._hosts.get(key) or self._new(key)
        if not host.busy and not host.waiting:
            host.waiting = True
            heapq.heappush(self._queue, (host.next_at, next(self._order), host))

    def _new(self, key: str) -> Host:
        next_allowed, profile = self._frontier.host(key)
        wait = max(next_allowed - time.time(), 0.0)
        pace = Pace(self._options.delay, retry_base=self._options.retry_base)
        host = self._hosts[key] = Host([key], pace, time.monotonic() + wait, profile, self._frontier.clean)
        self._close_if_long(host, wait)
        return host

    def __bool__(self) -> bool:
        return bool(self._queue)

    @property
    def next_at(self) -> float:
        """When the first host's turn comes, on the monotonic clock."""
        return self._queue[0][0]

    def pop(self) -> Host:
        """The host whose turn it is."""
        host = heapq.heappop(self._queue)[2]
        host.waiting, host.busy = False, True
        return host

    def give_back(self, host: Host) -> None:
        """The visit is over; the host waits for its next turn if it has work."""
        host.busy = False
        if self.lease(host):
            self.wake(host.keys[0])

    def lease(self, host: Host) -> bool:
        """Whether the host has jobs, after taking more from the frontier."""
        for key in host.keys if not host.jobs else ():
            host.jobs.extend(self._frontier.lease(key, LEASE))
        return bool(host.jobs)

    def rest(self, host: Host, seconds: float) -> None:
        """Let the host be for some time, across restarts."""
        host.next_at = time.monotonic() + seconds
        for key in host.keys:
            self._frontier.save_host(key, time.time() + seconds, host.tls_profile)
        self._close_if_long(host, seconds)

    def _close_if_long(self, host: Host, wait: float) -> None:
        if wait > self._options.max_wait:
            host.closed = "retry_later", "the host asks to be left alone for longer than this crawl may wait"
            host.next_at = time.monotonic()

    async def neighbours(self, host: Host) -> None:
        """Names of one site that share an address are asked as one: a later name joins the earlier one's host."""
        name = host.keys[0]
        if name in self._settled or ":" in name:
            return
        self._settled.add(name)
        others = self._domains.setdefault(registrable(name), [])
        addresses = set(await self._resolve(name)) if others else set()
        for other in others:
            if addresses & set(await self._resolve(other.keys[0])):
                self._join(host, other)
                return
        others.append(host)

    def _join(self, host: Host, other: Host) -> None:
        other.keys += host.keys
        other.jobs.extend(host.jobs)
        other.next_at = max(host.next_at, other.next_at)
        for key in host.keys:
            self._hosts[key] = other
        host.jobs.clear()
        host.keys = []
        self.wake(other.keys[0])

    def release(self) -> None:
        """Give all leased jobs back."""
        for host in self._hosts.values():
            self._frontier.release(host.jobs)
