"""A crawl as a job: its events go to the screen and, one JSON object a line, to a log."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from scraper.crawl import CrawlOptions, CrawlSummary, Event, crawl
from scraper.joblog import Logger, job_log
from scraper.sites import Site


def crawl_job(
    sites: Sequence[Site],
    archive_dir: Path,
    options: CrawlOptions,
    on_event: Callable[[Event], None],
    log_path: Path | None = None,
) -> CrawlSummary:
    """Crawl with a log beside the events. Raises what crawl raises, and OSError where the log cannot be written."""
    if log_path is None:
        return crawl(sites, archive_dir, options, on_event)
    with job_log(log_path) as log:

        def both(event: Event) -> None:
            log_event(log, event)
            on_event(event)

        log.info("crawl_started", sites=len(sites), archive=str(archive_dir))
        summary = crawl(sites, archive_dir, options, both)
        log_summary(log, summary)
        return summary


def log_event(log: Logger, event: Event) -> None:
    """One line for one event of a crawl."""
    detail = {name: value for name, value in event._asdict().items() if name != "kind" and value not in (None, "")}
    (log.warning if event.kind == "problem" else log.info)(event.kind, **detail)


def log_summary(log: Logger, summary: CrawlSummary) -> None:
    """One line for each site and one for the whole crawl."""
    for site in summary.sites:
        log.info(
            "site_finished",
            site=site.name,
            new=site.new,
            changed=site.changed,
            unchanged=site.unchanged,
            gone=site.gone,
            problems=dict(site.problems),
            by_year={str(year): count for year, count in site.by_year.items()},
            missed=list(site.missed),
        )
    log.info(
        "crawl_finished",
        fetched=summary.fetched,
        seconds=round(summary.seconds, 1),
        complete=summary.complete,
        stopped=summary.stopped,
    )
