"""The command line of nianbao. Every command is a thin function over scraper and data."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated, TextIO

import typer
from rich.console import Console

# Packages that take long to import are imported inside the commands that need them.

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    help="Annual reports on government-information disclosure of Chinese organs: crawl them, read them, check them, build datasets.",
)
errors = Console(stderr=True, highlight=False, soft_wrap=True)


class Fail(Exception):
    """Ends a command: one line on stderr and an exit code (1: something failed; 2: wrong usage or unreadable input)."""

    def __init__(self, message: str, code: int = 2) -> None:
        super().__init__(message)
        self.code = code


def say(message: str) -> None:
    """One line on stderr."""
    from data.terminal import printable

    errors.print(printable(message), markup=False)


class ExtractFormat(StrEnum):
    """Output formats of extract."""

    text = "text"
    json = "json"
    csv = "csv"


@contextmanager
def output(path: Path | None) -> Iterator[TextIO]:
    """Standard output, or a file that appears whole or not at all. Raises Fail where it cannot be written."""
    if path is None:
        yield sys.stdout
        return
    beside = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with beside.open("w", encoding="utf-8", newline="") as handle:
            yield handle
        beside.replace(path)
    except OSError as error:
        raise Fail(f"{path}: cannot be written: {error.strerror or error}") from error
    finally:
        beside.unlink(missing_ok=True)


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"nianbao {version('nianbao')}")
        raise typer.Exit


@app.callback()
def _program(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")] = False,
) -> None:
    del version


@app.command()
def extract(
    sources: Annotated[
        list[str],
        typer.Argument(metavar="SOURCE...", help="Address, file, folder, WARC file, or - for standard input."),
    ],
    format: Annotated[
        ExtractFormat,
        typer.Option("--format", "-f", help="Readable text, one JSON object of all tables, or one table as CSV."),
    ] = ExtractFormat.text,
    table: Annotated[
        str,
        typer.Option(help="The table that --format csv prints: reports cells tables sections figures checks problems."),
    ] = "cells",
    out: Annotated[Path | None, typer.Option("--output", "-o", help="Write to this file instead of standard output.")] = None,
    user_agent: Annotated[str | None, typer.Option(help="How to introduce yourself to the server; give a contact.")] = None,
) -> None:
    """Read single reports and print what they say, with the checks of the form.

    Examples:

      nianbao extract page.html

      nianbao extract https://www.example.gov.cn/art/2024/1/18/art_1_1.html --format json

      cat page.html | nianbao extract - --format csv -o cells.csv
    """
    from data.extract import extract as extracted
    from data.output import write_extracted

    found = extracted(sources, user_agent=user_agent) if user_agent else extracted(sources)
    with output(out) as stream:
        counts = write_extracted(found, format.value, stream, table, say)
    if counts.failed:
        raise typer.Exit(2 if counts.unreadable == counts.total else 1)


# ---- crawl, diagnose: scraper


@app.command()
def crawl(
    where: Annotated[
        list[str],
        typer.Argument(
            metavar="[SITES.toml] [URL]...",
            help="Lists of sites, and start pages: a column, a disclosure home, or a report.",
        ),
    ],
    archive: Annotated[
        Path,
        typer.Option("--archive", "-a", help="Folder of the archive; made if it is not there, gone on with if it is."),
    ],
    delay: Annotated[
        float,
        typer.Option(min=0, max=86400, help="Seconds between two requests to a host; robots.txt and slowness may ask for more."),
    ] = 3.0,
    max_pages: Annotated[int | None, typer.Option(min=1, help="Stop after this many responses.")] = None,
    max_time: Annotated[float | None, typer.Option(min=1, help="Stop after this many seconds.")] = None,
    concurrency: Annotated[
        int,
        typer.Option(min=1, max=1000, help="Hosts asked at the same time; one host is never asked twice at a time."),
    ] = 16,
    user_agent: Annotated[
        str | None,
        typer.Option(help="How to introduce yourself; give a contact: 'name/1.0 (+mailto:you@example.org)'."),
    ] = None,
    log: Annotated[Path | None, typer.Option(help="Append one JSON object a line for every page, report and problem.")] = None,
) -> None:
    """Find the annual reports of the sites and archive every response; a second crawl asks only for what is new or changed.

    An interrupted crawl goes on where it stopped.

    Examples:

      nianbao crawl https://www.example.gov.cn/zfxxgknb/ --archive archive

      nianbao crawl sites.toml --archive archive --user-agent 'mylab/1.0 (+mailto:me@example.org)'
    """
    from scraper.crawl import CrawlOptions
    from scraper.job import crawl_job
    from scraper.sites import gather_sites
    from scraper.summary import crawl_lines, crawl_progress, crawl_table

    options = CrawlOptions(delay=delay, max_pages=max_pages, max_time=max_time, concurrency=concurrency)
    if user_agent:
        options = replace(options, user_agent=user_agent)
    with crawl_progress(errors) as on_event:
        summary = crawl_job(gather_sites(where), archive, options, on_event, log)
    Console().print(crawl_table(summary))
    for line in crawl_lines(summary):
        say(line)
    if summary.stopped == "signal":
        raise Fail("interrupted", 130)
    if summary.failed:
        raise Fail(f"finished, but not everything could be had; `nianbao build {archive}` lists each problem", 1)


@app.command()
def diagnose(
    url: Annotated[str, typer.Argument(help="A start page, a list or a report.")],
    user_agent: Annotated[str | None, typer.Option(help="How to introduce yourself to the server; give a contact.")] = None,
) -> None:
    """Look at an address as a crawl would, and say in plain words what it finds or what stands in the way.

    Examples:

      nianbao diagnose https://www.example.gov.cn/zfxxgknb/
    """
    from scraper.client import DEFAULT_USER_AGENT
    from scraper.diagnose import diagnose as diagnosed

    found = diagnosed(url, user_agent=user_agent or DEFAULT_USER_AGENT)
    for line in found.lines:
        typer.echo(line)
    if not found.ok:
        raise Fail(f"{url}: a crawl would find nothing here ({found.code})", 2 if found.code == "bad_url" else 1)


@app.command()
def run(
    sites: Annotated[list[str], typer.Argument(metavar="SITES.toml", help="Lists of sites (start pages work too).")],
    archive: Annotated[Path, typer.Option("--archive", "-a", help="Folder of the archive.")] = Path("archive"),
    dataset: Annotated[Path, typer.Option("--out", help="Folder of the dataset.")] = Path("dataset"),
    log: Annotated[Path, typer.Option(help="Log to append to: one JSON object a line.")] = Path("log.jsonl"),
    delay: Annotated[float, typer.Option(min=0, max=86400, help="Seconds between two requests to a host.")] = 3.0,
    max_time: Annotated[float | None, typer.Option(min=1, help="Stop the crawl after this many seconds; the rest comes next time.")] = None,
    user_agent: Annotated[str | None, typer.Option(help="How to introduce yourself; give a contact.")] = None,
) -> None:
    """Crawl, build and check under one lock: the command for cron and systemd (docs/scheduling.md).

    Examples:

      nianbao run sites.toml

      nianbao run sites.toml --archive /data/archive --out /data/dataset --log /data/log.jsonl
    """
    from data.job import run_job
    from data.progress import progress
    from data.summaries import build_lines, build_table, check_table
    from scraper.crawl import CrawlOptions
    from scraper.sites import gather_sites
    from scraper.summary import crawl_lines, crawl_progress, crawl_table

    options = CrawlOptions(delay=delay, max_time=max_time)
    if user_agent:
        options = replace(options, user_agent=user_agent)
    with crawl_progress(errors) as on_crawl, progress(errors) as on_build:
        summary = run_job(gather_sites(sites), archive, dataset, options, log, on_crawl, on_build)
    screen = Console()
    screen.print(crawl_table(summary.crawled))
    for line in crawl_lines(summary.crawled):
        say(line)
    if summary.crawled.stopped == "signal":
        raise Fail("interrupted", 130)
    if summary.built is not None:
        screen.print(build_table(summary.built))
        for line in build_lines(summary.built):
            typer.echo(line)
    if summary.checked is not None:
        screen.print(check_table(summary.checked))
    if summary.failed:
        raise Fail("finished, but not everything is well; see the lines above and the table problems", 1)


# ---- build, check, export, codebook: data


@app.command()
def build(
    inputs: Annotated[
        list[Path],
        typer.Argument(metavar="ARCHIVE-or-DIR...", help="Archives, folders of saved pages, WARC files, single files."),
    ],
    out: Annotated[Path, typer.Option("--out", help="Folder of the dataset; made if it is not there, brought up to date if it is.")],
    jobs: Annotated[int | None, typer.Option(min=1, help="Worker processes (default: one a core).")] = None,
) -> None:
    """Extract every report that is new or changed and write the dataset (Parquet and CSV).

    Examples:

      nianbao build archive --out dataset

      nianbao build saved-pages old.warc.gz --out dataset --jobs 4
    """
    from data.build import build as built
    from data.progress import progress
    from data.summaries import build_lines, build_table, failures

    with progress(errors) as on_event:
        summary = built(inputs, out, jobs=jobs, on_event=on_event)
    Console().print(build_table(summary))
    for line in build_lines(summary):
        typer.echo(line)
    if not summary.reports:
        raise Fail(f"no report was found in {', '.join(map(str, inputs))}; {out}/problems.csv says why")
    if failed := failures(summary):
        raise Fail(f"{failed:,} pages could not be read; {out}/problems.csv says why", 1)


class FailOn(StrEnum):
    """From which severity on failed checks make `check` end with 1."""

    error = "error"
    warning = "warning"
    never = "never"


@app.command()
def check(
    dataset: Annotated[Path, typer.Argument(help="Folder of the dataset.")],
    limit: Annotated[int, typer.Option(min=0, help="Reports to show, the worst first.")] = 20,
    fail_on: Annotated[FailOn, typer.Option(help="End with exit code 1 if a check of this severity fails.")] = FailOn.error,
) -> None:
    """Say what the checks of a dataset found: sums, years, parents and children, coverage; the worst first.

    Examples:

      nianbao check dataset

      nianbao check dataset --limit 100 --fail-on warning
    """
    from data.checks import check as checked
    from data.dataset import open_dataset
    from data.summaries import check_lines, check_table

    summary = checked(open_dataset(dataset))
    Console().print(check_table(summary))
    for line in check_lines(summary, limit):
        typer.echo(line)
    heavy = {FailOn.error: ("E",), FailOn.warning: ("E", "W"), FailOn.never: ()}[fail_on]
    if summary.worst in heavy or (summary.gaps and heavy):
        failed = sum(count for _, severity, count, _, _ in summary.by_check if severity in heavy)
        raise Fail(f"{failed:,} failed checks, {len(summary.gaps):,} gaps in coverage", 1)


class ExportFormat(StrEnum):
    """Formats of export."""

    stata = "stata"
    xlsx = "xlsx"
    sqlite = "sqlite"
    csv = "csv"
    excel_csv = "excel-csv"


@app.command()
def export(
    dataset: Annotated[Path, typer.Argument(help="Folder of the dataset.")],
    to: Annotated[ExportFormat, typer.Option("--to", help="Format; excel-csv is CSV that Excel opens with codes kept as text.")],
    out: Annotated[Path | None, typer.Option("--out", "-o", help="File or folder to write (default: beside the dataset).")] = None,
    filled: Annotated[
        bool,
        typer.Option("--filled", help="Add *_filled columns to the panels: 0 for a blank, only where the sums prove it."),
    ] = False,
) -> None:
    """Write a dataset for Stata, Excel, SQLite (Datasette) or as CSV.

    Examples:

      nianbao export dataset --to stata

      nianbao export dataset --to xlsx -o reports.xlsx --filled
    """
    from data.dataset import open_dataset
    from data.export import export as exported

    typer.echo(exported(open_dataset(dataset), to.value, out, filled=filled))


@app.command()
def codebook(
    indicator: Annotated[str | None, typer.Argument(help="An indicator, as in the column of that name; none: list all.")] = None,
) -> None:
    """Say what an indicator means: definition, legal basis, forms, units, identities, warnings.

    Examples:

      nianbao codebook

      nianbao codebook refused_third_party
    """
    from data.codebook import entry, listing

    typer.echo(entry(indicator) if indicator else listing(), nl=False)


@app.command()
def explain(
    source: Annotated[
        str,
        typer.Argument(
            metavar="SOURCE-or-DATASET",
            help="A page (address, file, - for standard input), or the folder of a dataset.",
        ),
    ],
    what: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[REPORT_ID] [INDICATOR]",
            help="For a dataset the report; then the indicator. Without it: what can be asked for, which sums fail.",
        ),
    ] = None,
    applicant: Annotated[
        str | None,
        typer.Option(help="Column of table three: natural_person business research nonprofit legal_service other_org."),
    ] = None,
    archive: Annotated[
        list[Path] | None,
        typer.Option(help="Where else to look for a report's payload: an archive, a WARC file, a folder."),
    ] = None,
    user_agent: Annotated[str | None, typer.Option(help="How to introduce yourself to the server; give a contact.")] = None,
) -> None:
    """Show where a number comes from: the printed cell, the labels it was matched by, the sums it takes part in.

    Examples:

      nianbao explain page.html

      nianbao explain page.html disclosed --applicant natural_person

      nianbao explain dataset 793373850-2022-1 new_requests
    """
    from data.explain import explain_source
    from data.show import PLAIN_WIDTH
    from data.show_cell import show_explained
    from scraper.client import DEFAULT_USER_AGENT

    found = explain_source(source, what or (), applicant=applicant, archives=archive or (), user_agent=user_agent or DEFAULT_USER_AGENT)
    console = Console() if sys.stdout.isatty() else Console(width=PLAIN_WIDTH)
    show_explained(found, console)
    if found.failure:
        raise Fail(*found.failure)


# ---- demo


@app.command()
def demo(
    out: Annotated[Path, typer.Option("--out", help="Folder to make; an earlier demo's is made anew.")] = Path("demo-out"),
) -> None:
    """Serve the bundled sample sites on loopback, crawl them, build a dataset and print what was found.

    Examples:

      nianbao demo

      nianbao demo --out somewhere/else
    """
    from data.demo import run_demo

    if code := run_demo(out):
        raise Fail("the sample sites were not read as expected; see above", code)


def main() -> None:
    """Entry of the console script: every failure is one line on stderr and an exit code, never a traceback."""
    try:
        # Not standalone, typer hands the exit code back instead of raising.
        code = app(standalone_mode=False)
        sys.exit(code if isinstance(code, int) else 0)
    except (KeyboardInterrupt, typer.Abort):
        say("nianbao: interrupted")
        sys.exit(130)
    except Fail as failure:
        say(f"nianbao: {failure}")
        sys.exit(failure.code)
    except BrokenPipeError:
        # The reader of our output has gone (head, less): not a failure of ours, and nothing more can be said.
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115, PTH123
        sys.exit(0)
    except Exception as error:
        if os.environ.get("NIANBAO_DEBUG"):
            raise
        sys.exit(report_error(error))


def report_error(error: Exception) -> int:
    """Say an error in one line; the exit code it means."""
    # Typer carries its own copy of click: its usage errors are told by what they can do.
    if hasattr(error, "format_message") and hasattr(error, "exit_code"):
        context = getattr(error, "ctx", None)
        hint = f" (see {context.command_path} --help)" if context else ""
        if message := error.format_message():  # none where the help was printed instead
            say(f"nianbao: {message}{hint}")
        return int(error.exit_code)
    named = type(error).__module__.split(".")[0] in ("data", "scraper", "parsers")
    if named or isinstance(error, OSError):
        say(f"nianbao: {error}")
        return 2
    say(f"nianbao: internal error: {type(error).__name__}: {error} (set NIANBAO_DEBUG=1 for details, and please report it)")
    return 1


if __name__ == "__main__":
    main()
