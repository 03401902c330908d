"""Where a number comes from: its printed cell, the labels it was matched by, and the sums it takes part in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import NamedTuple

from parsers.annual.official import placed_slots
from parsers.document import Document, Table
from parsers.forms import load_forms
from parsers.labels import label_key
from parsers.model import Cell, Check, CheckStatus, Figure, Number, Problem, Status, TableSummary
from parsers.payload import read_document
from parsers.proof.identities import Arithmetic, Key, arithmetic, assessed, judge
from parsers.report import report_of

TOTAL = "total"


class UnknownCellError(ValueError):
    """Nothing of that name on the page; the message names what is near."""


class Place(NamedTuple):
    """A printed cell: the number of its table among the page's tables, of its row, and of its cell there, all from 0."""

    table: int
    row: int
    cell: int


class Sum(NamedTuple):
    """One identity at one place, with the cells on both sides and their sums (None: an operand is no number)."""

    check: str
    severity: str
    status: CheckStatus
    where: str
    op: str
    left: tuple[Cell, ...]
    right: tuple[Cell, ...]
    left_sum: Number | None
    right_sum: Number | None


class ExplainedCell(NamedTuple):
    """A cell with all that is known of it; ``place`` None where the page is not at hand or does not print it."""

    cell: Cell
    labels: tuple[str, ...]
    place: Place | None
    sums: tuple[Sum, ...]


class ExplainedTable(NamedTuple):
    """An official table: its summary, its cells, the sums that fail, and which cells would explain that."""

    summary: TableSummary
    cells: tuple[Cell, ...]
    failing: tuple[Sum, ...]
    suspects: str | None


@dataclass(frozen=True, slots=True)
class Explanation:
    """A report laid open. ``printed`` are the page's tables and ``labels`` the label paths by (table, key, locator).

    Both are empty where only the report's rows are known, and not the page.
    """

    title: str | None
    report_year: int | None
    form: str | None
    cells: tuple[Cell, ...]
    summaries: tuple[TableSummary, ...]
    figures: tuple[Figure, ...] = ()
    checks: tuple[Check, ...] = ()
    problems: tuple[Problem, ...] = ()
    printed: tuple[Table, ...] = ()
    labels: Mapping[tuple[str, Key, str], tuple[str, ...]] = field(default_factory=dict)

    @property
    def indicators(self) -> tuple[str, ...]:
        """What can be asked for: indicators of the tables in printed order (labels where they have none), then of the prose."""
        return tuple(dict.fromkeys([*map(_title, self.cells), *(figure.indicator for figure in self.figures)]))

    def find(self, indicator: str, applicant: str | None = None) -> tuple[Cell, ...]:
        """The cells of an indicator (or row label): the applicant's where the row has several, the total's by default.

        Empty where only the prose states it. Raises UnknownCellError.
        """
        key = label_key(indicator)
        named = [c for c in self.cells if c.indicator == indicator]
        named = named or [c for c in self.cells if c.label_raw is not None and label_key(c.label_raw) == key]
        if not named:
            if applicant is None and any(figure.indicator == indicator for figure in self.figures):
                return ()
            raise UnknownCellError(f"no {indicator!r} here{_near(indicator, self.indicators)}")
        applicants = [c.applicant for c in named if c.applicant is not None]
        if not applicants:
            if applicant is not None:
                raise UnknownCellError(f"{indicator} is not divided by applicant")
            return tuple(named)
        wanted = applicant or TOTAL
        found = tuple(c for c in named if c.applicant == wanted)
        if not found:
            raise UnknownCellError(f"no applicant {wanted!r} for {indicator}{_near(wanted, applicants)}")
        return found

    def cell(self, cell: Cell) -> ExplainedCell:
        """Everything known of one of ``cells``."""
        summary = next((s for s in self.summaries if s.table == cell.table), None)
        sums = tuple(s for s in self._sums(summary) if cell in s.left or cell in s.right) if summary else ()
        return ExplainedCell(cell, self._labels(cell), self._place(cell.locator), sums)

    def tables(self) -> tuple[ExplainedTable, ...]:
        """The official tables, absent ones too."""
        return tuple(self._table(summary) for summary in self.summaries)

    def _table(self, summary: TableSummary) -> ExplainedTable:
        cells = tuple(cell for cell in self.cells if cell.table == summary.table)
        failing = tuple(s for s in self._sums(summary) if s.status == "fail" and s.severity == "E")
        found = _arithmetic(summary, cells)
        outcome = judge(found, *_facts(found, cells)) if found and summary.verdict == "contradicted" else None
        checks = outcome.checks if outcome else ()
        return ExplainedTable(summary, cells, failing, next((c.detail for c in checks if c.check == "explanation"), None))

    def _sums(self, summary: TableSummary) -> Iterable[Sum]:
        cells = [cell for cell in self.cells if cell.table == summary.table]
        found = _arithmetic(summary, cells)
        if found is None:
            return
        by_key = {_key(cell): cell for cell in cells}
        for instance, check in assessed(found, *_facts(found, cells)):
            left, right = ([by_key[found.keys[i]] for i in side if found.keys[i] in by_key] for side in instance[3:5])
            yield Sum(
                check.check, check.severity, check.status, instance.where, instance.op, tuple(left), tuple(right), check.left, check.right
            )

    def _labels(self, cell: Cell) -> tuple[str, ...]:
        own = [(locator, labels) for (table, key, locator), labels in self.labels.items() if (table, key) == (cell.table, _key(cell))]
        # A reread cell stands elsewhere than its row's plain reading has it; its labels are those of the row.
        exact = next((labels for locator, labels in own if locator == cell.locator), own[0][1] if own else ())
        return exact or ((cell.label_raw,) if cell.label_raw else ())

    def _place(self, locator: str | None) -> Place | None:
        if locator is None:
            return None
        for number, table in enumerate(self.printed):
            for y, row in enumerate(table.rows):
                for x in range(len(row)):
                    if table.address(y, x) == locator:
                        return Place(number, y, x)
        return None


def explain(body: bytes, *, url: str | None = None, content_type: str | None = None) -> Explanation:
    """Read a payload as ``parse`` does, and keep what the cells were read from. Never raises."""
    return explain_document(read_document(body, content_type), body, url)


def explain_document(document: Document, payload: bytes, url: str | None = None) -> Explanation:
    """Explain the Document of a payload, as ``report_of`` reads it."""
    report = report_of(document, payload, url)
    labels: dict[tuple[str, Key, str], tuple[str, ...]] = {}
    for table_id, slot in placed_slots(document.blocks, report.report_year):
        if slot.place is not None and slot.locator is not None:
            labels.setdefault((table_id, slot.place.key, slot.locator), slot.place.labels)
    return Explanation(
        title=report.title,
        report_year=report.report_year,
        form=report.form,
        cells=report.cells,
        summaries=report.tables,
        figures=report.figures,
        checks=report.checks,
        problems=report.problems,
        printed=tuple(document.tables()),
        labels=labels,
    )


def _key(cell: Cell) -> Key:
    return cell.indicator, cell.applicant, cell.period


def _title(cell: Cell) -> str:
    return cell.indicator or cell.label_raw or "?"


def _near(name: str, known: Iterable[str]) -> str:
    near = get_close_matches(name, list(dict.fromkeys(known)), n=3, cutoff=0.5)
    return f"; did you mean {', '.join(near)}?" if near else "; leave the indicator out for a list of what there is"


def _arithmetic(summary: TableSummary, cells: Sequence[Cell]) -> Arithmetic | None:
    """The sums of a table as printed; None for a local table, which declares none."""
    form = load_forms().get(summary.form)
    table = form.table(summary.table) if form else None
    if form is None or table is None:
        return None
    printed = {cell.indicator for cell in cells}
    rows = [row.indicators[0] for block in table.blocks for row in block.collapsed]
    return arithmetic(form.id, summary.table, tuple(name for name in rows if name in printed))


def _facts(found: Arithmetic, cells: Iterable[Cell]) -> tuple[list[Number | None], list[Status]]:
    by_key = {_key(cell): cell for cell in cells}
    here = [by_key.get(key) for key in found.keys]
    return [cell.value if cell else None for cell in here], [cell.status if cell else "absent" for cell in here]
