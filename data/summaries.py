"""What build, check and export say of their work, as lines of text."""

from __future__ import annotations

from collections.abc import Iterator

from rich.table import Table as TextTable

from data.build import BuildSummary
from data.checks import CheckSummary

VERDICTS = ("proved", "proved_blank_as_zero", "contradicted", "unproved", "absent")
# Faults of reading, unlike pages that are what they are (blocked, no report, a picture).
FAILURES = ("internal_error", "crashed", "timeout", "out_of_memory", "unreadable_file", "too_large")


def build_table(summary: BuildSummary) -> TextTable:
    """Reports by year and verdict."""
    table = TextTable(title=f"{summary.reports:,} reports", title_justify="left")
    table.add_column("year")
    for verdict in (*VERDICTS, "all"):
        table.add_column(verdict.replace("_", " "), justify="right")
    for year, counts in sorted(summary.by_year.items(), key=lambda pair: pair[0] or 0):
        cells = [f"{counts[verdict]:,}" if counts[verdict] else "" for verdict in VERDICTS]
        table.add_row(str(year or "unknown"), *cells, f"{counts.total():,}")
    return table


def build_lines(summary: BuildSummary) -> Iterator[str]:
    """What changed, what was not read, where the dataset is."""
    changes = f"{summary.new:,} new, {summary.changed:,} changed, {summary.unchanged:,} unchanged"
    yield changes + (f", {summary.removed:,} gone" if summary.removed else "")
    if summary.stale:
        yield (
            f"{summary.stale:,} payloads of inputs of earlier builds are as an earlier version of the program read them, "
            "or left out: give those inputs again"
        )
    if summary.problems:
        listed = ", ".join(f"{code} {count:,}" for code, count in summary.problems.most_common())
        yield f"not read, or not wholly (table problems): {listed}"
    yield f"dataset: {summary.out}"


def failures(summary: BuildSummary) -> int:
    """Payloads that could not be read because reading failed."""
    return sum(summary.problems[code] for code in FAILURES)


def check_table(summary: CheckSummary) -> TextTable:
    """The checks that fail somewhere, the heaviest first."""
    table = TextTable(title="checks that fail", title_justify="left")
    for name in ("check", "severity"):
        table.add_column(name)
    for name in ("failed", "passed", "not assessable"):
        table.add_column(name, justify="right")
    for check, severity, *counts in summary.by_check:
        if counts[0]:
            table.add_row(check, severity, *(f"{count:,}" for count in counts))
    return table


def check_lines(summary: CheckSummary, limit: int) -> Iterator[str]:
    """Gaps in coverage, then the worst reports with what fails in them, ``limit`` reports and five failures each."""
    for site, year, status, expected, found in summary.gaps:
        yield f"{site} {year}: {found:,} of {expected:,} expected reports ({status})"
    for report in summary.reports[:limit]:
        name = report.org_name or report.source
        yield f"{report.report_id}  {name}  {report.count('E')} errors, {report.count('W')} warnings"
        for failure in report.failures[:5]:
            yield f"    {failure.line()}"
        if len(report.failures) > 5:
            yield f"    and {len(report.failures) - 5} more (table checks)"
    if len(summary.reports) > limit:
        yield f"and {len(summary.reports) - limit:,} more reports with failed checks (--limit shows more)"
