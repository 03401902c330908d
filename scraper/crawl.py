"""The crawl: sites in, an archive and a summary out."""

from __future__ import annotations

import asyncio
import signal
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from types import FrameType

from scraper.database import ArchiveError
from scraper.engine import Engine
from scraper.frontier import Frontier
from scraper.joblog import run_lock
from scraper.options import CrawlOptions, CrawlSummary, Event, SiteSummary
from scraper.sites import Site, merged, user_agent

__all__ = ["CrawlOptions", "CrawlSummary", "Event", "SiteSummary", "crawl", "last_due_year", "missed_expectations"]

LOCK = "crawl.lock"


def crawl(
    sites: Sequence[Site],
    archive_dir: Path | str,
    options: CrawlOptions | None = None,
    on_event: Callable[[Event], None] | None = None,
    stop: threading.Event | None = None,
) -> CrawlSummary:
    """Crawl ``sites`` into the archive folder, going on where an interrupted crawl stopped.

    SIGTERM and SIGINT (in the main thread) or ``stop`` finish the pages in flight and end within 30 s. Raises
    LockedError while another crawl uses the folder, ArchiveError where it cannot be written, SitesError for a user agent that
    cannot be sent.
    """
    folder, options, sites = Path(archive_dir), options or CrawlOptions(), merged(sites)
    user_agent(options.user_agent, "user agent")
    try:
        with run_lock(folder / LOCK):
            frontier = Frontier(folder)
            try:
                frontier.begin(sites)
                return asyncio.run(_crawl(sites, frontier, options, on_event or (lambda _: None), stop or threading.Event()))
            finally:
                frontier.close()
    except (OSError, sqlite3.Error) as error:
        raise ArchiveError(f"{folder}: {getattr(error, 'strerror', None) or error}") from error


async def _crawl(
    sites: Sequence[Site], frontier: Frontier, options: CrawlOptions, emit: Callable[[Event], None], stop: threading.Event
) -> CrawlSummary:
    started = time.monotonic()
    engine = Engine(sites, frontier, options, emit, stop)
    with _signals(lambda: engine.end("signal")):
        await engine.run()
    if engine.reason is None:
        frontier.finish_sites()
    summaries = tuple(_summary(site, frontier) for site in sites)
    return CrawlSummary(summaries, engine.fetched, time.monotonic() - started, engine.reason is None, engine.reason)


def _summary(site: Site, frontier: Frontier) -> SiteSummary:
    news, by_year = frontier.news(site.name), frontier.reports_by_year(site.name)
    new, changed, unchanged, gone = (news.get(kind, 0) for kind in ("new", "changed", "unchanged", "gone"))
    missed = tuple(missed_expectations(site, by_year))
    return SiteSummary(site.name, new, changed, unchanged, gone, frontier.problem_codes(site.name), by_year, missed)


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


@contextmanager
def _signals(stop: Callable[[], None]) -> Iterator[None]:
    """SIGTERM and SIGINT stop the crawl cleanly, where signals can be caught (the main thread)."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    loop = asyncio.get_running_loop()
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
