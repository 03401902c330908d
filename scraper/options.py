"""What a crawl is told, and what it tells: options, events, summaries."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from scraper.http import DEFAULT_USER_AGENT, Limits
from scraper.interpret import MAX_DEPTH


@dataclass(frozen=True, slots=True)
class CrawlOptions:
    """How to crawl.

    ``delay``: seconds between two requests to a host. ``max_pages`` responses or ``max_time`` seconds after which the crawl
    stops, to be gone on with by the next one. ``concurrency``: hosts asked at the same time. ``max_body``: bytes after
    decompression. ``attempts`` for each page; ``retry_base``: seconds before the first retry, doubled for each further
    one. ``max_wait``: the longest a host may ask us to wait (Retry-After) before its pages are left for the next crawl.
    """

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


Emit = Callable[[Event], None]


@dataclass(frozen=True, slots=True)
class SiteSummary:
    """Reports of one site in this round.

    ``problems`` by code; ``by_year``: all reports known, by report year; ``missed``: expectations in words.
    """

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
    """``complete``: nothing was left to fetch; ``stopped``: why not (``signal max_pages max_time``).

    ``fetched`` counts the responses of this process alone.
    """

    sites: tuple[SiteSummary, ...]
    fetched: int
    seconds: float
    complete: bool
    stopped: str | None = None

    @property
    def failed(self) -> bool:
        """Whether the crawl has something to report with exit code 1."""
        return any(site.problems or site.missed for site in self.sites)
