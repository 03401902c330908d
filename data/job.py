"""The nightly job: crawl, build, check, under one lock and with one log."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from data.build import BuildSummary, build
from data.build import Event as BuildEvent
from data.checks import CheckSummary, check
from data.dataset import open_dataset
from scraper.crawl import CrawlOptions, CrawlSummary
from scraper.crawl import Event as CrawlEvent
from scraper.job import crawl_job
from scraper.joblog import job_log, run_lock
from scraper.sites import Site

LOCK = "run.lock"


@dataclass(frozen=True, slots=True)
class RunSummary:
    """What a run did; ``built`` and ``checked`` are None where it was stopped before, or where there was no report to build."""

    crawled: CrawlSummary
    built: BuildSummary | None = None
    checked: CheckSummary | None = None

    @property
    def failed(self) -> bool:
        """Whether something needs a look: a site, a page that could not be read, an expectation missed."""
        return self.crawled.failed or self.built is None or not self.built.reports


def run_job(
    sites: Sequence[Site],
    archive: Path,
    dataset: Path,
    options: CrawlOptions,
    log_path: Path,
    on_crawl: Callable[[CrawlEvent], None],
    on_build: Callable[[BuildEvent], None],
) -> RunSummary:
    """Crawl the sites into the archive, bring the dataset up to date, check it.

    A crawl that was stopped by a signal builds nothing: the next run goes on. Raises LockedError while another run uses the
    archive, and what crawl and build raise.
    """
    with run_lock(archive / LOCK):
        crawled = crawl_job(sites, archive, options, on_crawl, log_path)
        if crawled.stopped == "signal":
            return RunSummary(crawled)
        built = build([archive], dataset, on_event=on_build)
        checked = check(open_dataset(dataset)) if built.reports else None
        with job_log(log_path) as log:
            log.info(
                "run_finished",
                reports=built.reports,
                new=built.new,
                changed=built.changed,
                problems=dict(built.problems),
                failed_checks=sum(row[2] for row in checked.by_check) if checked else None,
            )
        return RunSummary(crawled, built, checked)
