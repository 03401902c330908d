"""A report for a person at a terminal: head, tables as they are printed, figures, checks, problems."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console, Group, RenderableType
from rich.markup import escape as escape_markup
from rich.table import Table
from rich.text import Text

from data.terminal import printable
from parsers.model import Cell, Report, TableSummary

_STYLES = {
    "proved": "green",
    "proved_blank_as_zero": "green",
    "contradicted": "bold red",
    "unproved": "yellow",
    "absent": "dim",
}
_HEAD = (
    "report_year",
    "form",
    "org_name",
    "publisher",
    "index_no",
    "date_created",
    "date_published",
    "disclosure_method",
    "category",
    "doc_no",
)
_SIGNS = {"blank": "", "unreadable": "?", "absent": "·"}
_APPLICANTS = ("natural_person", "business", "research", "nonprofit", "legal_service", "other_org", "total")
PLAIN_WIDTH = 140  # columns where the output is no terminal


def escape(text: object) -> str:
    """Text of a page as rich markup that means only itself."""
    return escape_markup(printable(text))


def show(report: Report, source: str, console: Console) -> None:
    """Print a report."""
    console.print(Group(*_parts(report, source)), soft_wrap=False)


def _parts(report: Report, source: str) -> Iterator[RenderableType]:
    yield Text(printable(report.title or source), style="bold")
    yield _head(report, source)
    for summary in report.tables:
        yield from _table(summary, [cell for cell in report.cells if cell.table == summary.table])
    if report.sections:
        yield Text("\nsections", style="bold")
        for section in report.sections:
            yield Text(f"  {section.section}  {printable(section.title)}  ({len(section.text):,} characters)")
    if report.figures:
        yield Text("\nfigures stated in prose", style="bold")
        yield _figures(report)
    yield from _checks(report)
    for problem in report.problems:
        yield Text(printable(f"problem  {problem.code}: {problem.message}"), style="red")
    yield Text("")


def _head(report: Report, source: str) -> Table:
    grid = Table.grid(padding=(0, 2))
    values = report.metadata._asdict() | {
        "report_year": report.report_year,
        "form": report.form,
        "org_name": report.org_name,
    }
    for name in _HEAD:
        if values[name] is not None:
            grid.add_row(f"  {name}", escape(values[name]))
    grid.add_row("  source", escape(source))
    grid.add_row("  read as", escape(", ".join(filter(None, (report.kind, report.encoding)))))
    return grid


def _table(summary: TableSummary, cells: list[Cell]) -> Iterator[RenderableType]:
    verdict = Text.assemble((f"\n{summary.table}", "bold"), "  ", (summary.verdict, _STYLES[summary.verdict]))
    if summary.verdict != "absent":
        verdict.append(
            f"  ({summary.n_reported} numbers, {summary.n_blank} blank, {summary.n_mark} marks,"
            f" {summary.n_unreadable} unreadable, {summary.n_absent} absent)"
        )
    yield verdict
    if not cells:
        return
    yield _applications(cells) if summary.table == "applications" else _list(cells)


def _applications(cells: list[Cell]) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 1))
    table.add_column("  indicator")
    for applicant in _APPLICANTS:
        table.add_column(applicant, justify="right")
    rows: dict[str, dict[str | None, Cell]] = {}
    for cell in cells:
        rows.setdefault(cell.indicator, {})[cell.applicant] = cell
    for indicator, row in rows.items():
        table.add_row(f"  {indicator}", *(_value(row.get(applicant)) for applicant in _APPLICANTS))
    return table


def _list(cells: list[Cell]) -> Table:
    table = Table.grid(padding=(0, 2))
    for cell in cells:
        name = cell.indicator or cell.label_raw or "?"
        table.add_row(f"  {escape(name)}", _value(cell), cell.unit or "", cell.period or "", escape(cell.note or ""))
    table.columns[1].justify = "right"
    return table


def _value(cell: Cell | None) -> str:
    if cell is None:
        return ""
    if cell.value is not None:
        return f"{cell.value:,}" if isinstance(cell.value, int) else f"{cell.value:,.10g}"
    return escape(cell.raw or "") if cell.status == "mark" else _SIGNS[cell.status]


def _figures(report: Report) -> Table:
    table = Table.grid(padding=(0, 2))
    for figure in report.figures:
        sentence = figure.text if len(figure.text) <= 60 else f"{figure.text[:60]}…"
        table.add_row(f"  {figure.indicator}", f"{figure.value:,}", figure.unit or "", escape(sentence))
    table.columns[1].justify = "right"
    return table


def _checks(report: Report) -> Iterator[RenderableType]:
    if not report.checks:
        return
    by_status = [sum(1 for check in report.checks if check.status == status) for status in ("pass", "fail", "not_assessable")]
    yield Text.assemble(("\nchecks", "bold"), f"  {by_status[0]} pass, {by_status[1]} fail, {by_status[2]} not assessable")
    for check in report.checks:
        if check.status == "fail":
            yield Text(
                f"  {check.check} fails for {check.detail}: {check.left} against {check.right}",
                style="red" if check.severity == "E" else "yellow",
            )
        elif check.check == "explanation":
            yield Text(printable(f"  {check.detail}"), style="yellow")
