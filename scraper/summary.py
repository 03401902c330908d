"""A crawl for people: progress on a terminal, one table, one line for each thing that went wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from scraper.crawl import CrawlSummary, Event, SiteSummary

MAX_ROWS = 40


def crawl_table(summary: CrawlSummary) -> Table:
    """Reports by news and site, with years covered and problems; at most MAX_ROWS sites, the troubled ones first."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("site", "new", "changed", "unchanged", "gone", "years", "problems"):
        table.add_column(name, justify="right" if name in ("new", "changed", "unchanged", "gone") else "left", overflow="fold")
    sites = sorted(summary.sites, key=lambda site: (not (site.problems or site.missed), site.name))
    for site in sites[:MAX_ROWS]:
        problems = ", ".join(f"{code} {count}" for code, count in sorted(site.problems.items()))
        table.add_row(
            site.name,
            str(site.new),
            str(site.changed),
            str(site.unchanged),
            str(site.gone),
            years(site),
            problems or "-",
        )
    if len(sites) > MAX_ROWS:
        table.add_row(f"… and {len(sites) - MAX_ROWS} more sites")
    return table


def years(site: SiteSummary) -> str:
    """The report years found, runs of years joined: ``2008-2014 2016 2018-2024``."""
    runs: list[list[int]] = []
    for year in sorted(site.by_year):
        if runs and runs[-1][-1] == year - 1:
            runs[-1].append(year)
        else:
            runs.append([year])
    return " ".join(str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs) or "-"


def crawl_lines(summary: CrawlSummary) -> list[str]:
    """What a person must know beside the table: what was missed, and why the crawl ended early."""
    lines = [f"{site.name}: {missed}" for site in summary.sites for missed in site.missed]
    reasons = {
        "signal": "stopped on request",
        "max_pages": "stopped at --max-pages",
        "max_time": "stopped at --max-time",
    }
    if summary.stopped:
        lines.append(f"{reasons.get(summary.stopped, summary.stopped)}; the next crawl of this archive goes on from here")
    return lines


@contextmanager
def crawl_progress(console: Console) -> Iterator[Callable[[Event], None]]:
    """Pages, reports and problems so far on a terminal; elsewhere the events go nowhere."""
    if not console.is_terminal:
        yield lambda _event: None
        return
    with Progress(SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn(), console=console, transient=True) as bar:
        task, counts = bar.add_task("starting", total=None), Counter[str]()

        def show(event: Event) -> None:
            counts[event.kind] += 1
            if event.kind == "stopping":
                bar.update(task, description="finishing the pages in flight")
            elif event.kind in ("fetched", "problem"):
                said = f"{counts['fetched']:,} pages, {counts['report']:,} reports, {counts['problem']:,} problems  {event.site}"
                bar.update(task, description=said)

        yield show
