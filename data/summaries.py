"""What build, check and export say of their work, as lines of text."""

from __future__ import annotations

from collections.abc import Iterator

from rich.table import Table as TextTable

from data.build import BuildSummary

VERDICTS = ("proved", "proved_blank_as_zero", "contradicted", "unproved", "absent")
# Faults of reading, unlike pages that are what they are (blocked, no report, a picture).
FAILURES = ("internal_error", "crashed", "timeout", "unreadable_file", "too_large")


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
    if summary.problems:
        listed = ", ".join(f"{code} {count:,}" for code, count in summary.problems.most_common())
        yield f"not read, or not wholly (table problems): {listed}"
    yield f"dataset: {summary.out}"


def failures(summary: BuildSummary) -> int:
    """Payloads that could not be read because reading failed."""
    return sum(summary.problems[code] for code in FAILURES)
