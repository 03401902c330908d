"""An explanation for a person at a terminal: the cell, its place in the page's table, the sums it takes part in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.text import Text

from data.explain import Explained
from data.terminal import printable, safe
from parsers.document import Table
from parsers.explain import ExplainedCell, ExplainedTable, Explanation, Place, Sum
from parsers.model import Cell, Number

_STYLES = {"pass": "green", "fail": "bold red", "not_assessable": "yellow", "proved": "green", "contradicted": "bold red"}
_ROWS = 40  # longer tables are shown around the cell
_HEAD, _AROUND = 4, 8
_LABEL = 24  # characters of a printed cell
_SENTENCE = 120


def show_explained(found: Explained, console: Console) -> None:
    """Print an explanation: an overview where no indicator was asked for."""
    e = found.explanation
    console.print(safe(e.title or found.source, style="bold"))
    year, form = e.report_year or "unknown", e.form or "none"
    console.print(safe(f"  {found.source}\n  report year {year}, form {form}"), soft_wrap=True)
    lines = _overview(e) if found.indicator is None else _answer(found, found.indicator)
    for line in lines:
        console.print(line, soft_wrap=True)


# ------------------------------------------------------------------ overview


def _overview(e: Explanation) -> Iterator[Text]:
    for table in e.tables():
        yield from _table(table)
    figures = [figure.indicator for figure in e.figures]
    if figures:
        yield Text.assemble(("\nfigures stated in prose", "bold"))
        yield from _wrapped(figures)
    for problem in e.problems:
        yield safe(f"problem  {problem.code}: {problem.message}", style="red")


def _table(table: ExplainedTable) -> Iterator[Text]:
    summary = table.summary
    yield Text.assemble(
        (f"\n{summary.table}", "bold"), "  ", (summary.verdict, _STYLES.get(summary.verdict, "yellow")), f"  (form {summary.form})"
    )
    for failing in table.failing:
        yield _sum(failing, None)
    if table.suspects:
        yield safe(f"  {table.suspects}", style="yellow")
    yield from _wrapped(list(dict.fromkeys(cell.indicator or cell.label_raw or "?" for cell in table.cells)))
    applicants = list(dict.fromkeys(cell.applicant for cell in table.cells if cell.applicant))
    if applicants:
        yield safe(f"  --applicant  {' '.join(applicants)}", style="dim")


def _wrapped(names: Sequence[str], width: int = 110) -> Iterator[Text]:
    line = " "
    for name in names:
        if len(line) + len(name) > width:
            yield safe(line)
            line = " "
        line += f" {name}"
    if line.strip():
        yield safe(line)


# ------------------------------------------------------------------ one indicator


def _answer(found: Explained, indicator: str) -> Iterator[Text]:
    for cell in found.cells:
        yield from _cell(found.explanation.cell(cell), found.explanation)
    for figure in found.explanation.figures:
        if figure.indicator == indicator:
            sentence = figure.text if len(figure.text) <= _SENTENCE else f"{figure.text[:_SENTENCE]}..."
            yield Text.assemble(("\nprose  ", "bold"), f"{figure.indicator} = {_number(figure.value)} {figure.unit or ''}".rstrip())
            yield safe(f"  characters {figure.start}-{figure.end}: {sentence}")
    for check in found.explanation.checks:
        if check.check.startswith("C-N-") and check.detail.startswith(f"{indicator} at "):
            sides = f"prose {_number(check.left)}, table {_number(check.right)}"
            yield Text.assemble("  ", (check.status, _STYLES[check.status]), f"  {check.check}: {sides}")
    for note in found.notes:
        yield safe(f"note  {note}", style="yellow")


def _cell(explained: ExplainedCell, e: Explanation) -> Iterator[Text]:
    cell = explained.cell
    yield Text.assemble("\n", (f"{_name(cell)} = {_printed(cell)}", "bold"), f"  ({cell.table})")
    facts = {
        "status": cell.status,
        "printed": None if cell.raw is None else f'"{cell.raw}"',
        "note": cell.note,
        "unit": cell.unit or "not stated",
        "period": cell.period,
        "locator": cell.locator or "none: the page does not print this cell",
        "matched by": " > ".join(explained.labels) or None,
    }
    for name, value in facts.items():
        if value is not None:
            yield Text.assemble((f"  {name:11}", "dim"), value)
    if explained.place is not None:
        yield from _place(e.printed[explained.place.table], explained.place)
    if explained.sums:
        yield safe("  sums it takes part in:")
        for found in explained.sums:
            yield _sum(found, cell)
    elif cell.status != "absent":
        yield safe("  it takes part in no sum of the form")


def _place(table: Table, place: Place) -> Iterator[Text]:
    yield safe(f"  in {table.locator}, as printed:")
    everything = len(table.rows) <= _ROWS
    skipped = False
    for number, row in enumerate(table.rows):
        if not everything and number >= _HEAD and abs(number - place.row) > _AROUND:
            skipped = True
            continue
        if skipped:
            yield safe("        ...", style="dim")
            skipped = False
        here = number == place.row
        line = safe(f"  {'>' if here else ' '}{number + 1:4} | ")
        for x, printed in enumerate(row):
            text = printable(printed.text if len(printed.text) <= _LABEL else f"{printed.text[: _LABEL - 1]}…")
            marked = here and x == place.cell
            line.append(f">>{text}<<" if marked else text, style="reverse bold" if marked else "")
            line.append(" | " if x + 1 < len(row) else "")
        yield line
    if skipped:
        yield safe("        ...", style="dim")


def _sum(found: Sum, cell: Cell | None) -> Text:
    left, right = (_side(side, found.where, cell) for side in (found.left, found.right))
    sides = f"{_number(found.left_sum)} {found.op} {_number(found.right_sum)}"
    if found.status == "fail":
        sides = f"{_number(found.left_sum)} is not {found.op} {_number(found.right_sum)}"
    return Text.assemble(
        "  ",
        (f"{found.status:14}", _STYLES[found.status]),
        f" {found.check} {found.where}: {left} {found.op} {right}",
        f"   ({sides})" if found.status != "not_assessable" else "   (an operand is no number)",
    )


def _side(cells: Sequence[Cell], where: str, wanted: Cell | None) -> str:
    """The operands without what ``where`` says of all of them; zeros of a long sum are only counted."""
    shown = [cell for cell in cells if len(cells) <= 4 or cell.value != 0 or cell == wanted]
    names = (_name(cell).removeprefix(f"{where}.").removesuffix(f".{where}") for cell in shown)
    terms = [f"{name} {_printed(cell)}" for name, cell in zip(names, shown, strict=True)]
    zeros = len(cells) - len(shown)
    return " + ".join([*terms, f"{zeros} that are 0"] if zeros else terms)


def _name(cell: Cell) -> str:
    name = cell.indicator or cell.label_raw or "?"
    return name if cell.applicant is None else f"{name}.{cell.applicant}"


def _printed(cell: Cell) -> str:
    return _number(cell.value) if cell.value is not None else f"[{cell.status}]"


def _number(value: Number | None) -> str:
    if value is None:
        return "?"
    return f"{value:,}" if isinstance(value, int) else f"{value:,.10g}"
