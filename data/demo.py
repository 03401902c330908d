"""The demo: the bundled sample sites served on loopback, crawled, built into a dataset, and what came of it printed."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table as TextTable

from data.build import BuildSummary, build
from data.errors import OutputError
from data.samples import serve_samples
from data.samples.server import Served
from data.summaries import build_table
from parsers.forms import load_forms
from scraper.crawl import CrawlOptions, CrawlSummary, crawl
from scraper.sites import Site

MARK = ".nianbao-demo"  # a folder that holds it was made by a demo and may be made anew
SHOWN = 5  # contradicted checks printed


def run_demo(out: Path, console: Console | None = None) -> int:
    """Serve the sample sites, crawl them into ``out/archive``, build ``out/dataset``, print what was found.

    A folder of an earlier demo is made anew. Returns 0, or 1 when the samples were not all read. Raises OutputError for
    a folder that holds something else or cannot be written, OSError when no loopback port can be had.
    """
    console = console or Console(soft_wrap=True)
    _prepare(out)
    with serve_samples() as served:
        console.print(f"{len(served)} sample sites on 127.0.0.1: invented organs, real list pages and obstacles")
        sites = [Site(name=one.site.name, start_urls=(one.start_url,)) for one in served]
        crawled = crawl(sites, out / "archive", CrawlOptions(delay=0.0, retry_base=0.05))
        built = build([out / "archive"], out / "dataset", jobs=1)
        console.print(_crawl_table(served, crawled), build_table(built))
    _tell(console, out, built)
    listed = sum(report.form != "attachment" for one in served for report in one.site.reports)
    return 0 if crawled.complete and built.reports == listed else 1


def _prepare(out: Path) -> None:
    try:
        if out.exists() and any(out.iterdir()) and not (out / MARK).exists():
            raise OutputError(f"{out}: holds something else than a demo; give another folder with --out")
        for name in ("archive", "dataset"):
            shutil.rmtree(out / name, ignore_errors=True)
        out.mkdir(parents=True, exist_ok=True)
        (out / MARK).touch()
    except OSError as error:
        raise OutputError(f"{out}: cannot be written: {error.strerror or error}") from error


def _crawl_table(served: Sequence[Served], summary: CrawlSummary) -> TextTable:
    table = TextTable(title=f"crawled: {summary.fetched} responses in the archive", title_justify="left")
    for heading in ("site", "publishing system", "listed", "fetched as reports", "problems"):
        table.add_column(heading, justify="right" if heading in ("listed", "fetched as reports") else "left")
    for one, site in zip(served, summary.sites, strict=True):
        problems = ", ".join(f"{code} {count}" for code, count in site.problems.items())
        table.add_row(site.name, one.site.family, str(len(one.site.listed)), str(site.new), problems)
    return table


def _tell(console: Console, out: Path, built: BuildSummary) -> None:
    dataset = out / "dataset"

    def heading(text: str, remark: str = "") -> None:
        console.print(f"\n[bold]{text}[/bold]{remark}")

    def line(text: str) -> None:
        console.print(f"  {text}", markup=False, highlight=False)

    heading("sums that do not hold on the page itself", " (numbers kept as printed, verdict contradicted)")
    for row in _contradictions(dataset):
        line(f"{row['report_id']}  {row['check']}  {row['detail']}: {row['left']} is not {row['right']}")
    heading("not read, and why", " (problems.csv)")
    for row in _rows(dataset, "problems"):
        line(f"{row['code']}  {row['source']}")
        line(f"  {row['message']}")
    heading("where it is", f" ({built.new} new reports)")
    line(f"{dataset}  reports cells tables sections figures checks problems, as .csv and .parquet")
    line(f"{out / 'archive'}  every response as it came, in WARC files")
    heading("next")
    line(f"nianbao check {out / 'dataset'}")
    line(f"nianbao extract {out / 'archive'}")
    line("nianbao extract ADDRESS-OF-A-REPORT")


def _contradictions(dataset: Path) -> Iterator[dict[str, str]]:
    sums = {identity.check for form in load_forms().values() for identity in form.identities if identity.severity == "E"}
    failed = (row for row in _rows(dataset, "checks") if row["status"] == "fail" and row["check"] in sums)
    for _, row in zip(range(SHOWN), failed, strict=False):
        yield row


def _rows(dataset: Path, table: str) -> Iterator[dict[str, str]]:
    with (dataset / f"{table}.csv").open(encoding="utf-8", newline="") as handle:
        yield from csv.DictReader(handle)
