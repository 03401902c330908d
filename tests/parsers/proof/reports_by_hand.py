"""Reports put together cell by cell, for tests of what is said about them."""

from __future__ import annotations

from collections.abc import Mapping

from parsers.forms import load_forms
from parsers.model import STATUSES, Cell, Check, Figure, Metadata, Report, Section, TableSummary
from parsers.values import read_value

Printed = Mapping[str, object]  # "indicator" or "indicator.applicant" -> what is printed; None: not printed at all


def cells_of(form: str, printed: Printed, default: object = 0) -> tuple[Cell, ...]:
    """Every cell of a form's tables. An indicator without applicant is printed for natural persons and in the total."""
    cells = []
    for table in load_forms()[form].tables:
        for indicator, applicant, period, unit in table.cells():
            short = indicator if applicant in (None, "natural_person", "total") else ""
            raw = printed.get(f"{indicator}.{applicant}", printed.get(short, default))
            if raw is None:
                cells.append(Cell(table.id, indicator, applicant, None, "absent", None, None, unit, None, None, period))
                continue
            value = read_value(str(raw))
            place = f"table[1]/tr[{len(cells) + 1}]/td[1]"
            facts = (value.number, value.status, str(raw), None, unit, place, None, period)
            cells.append(Cell(table.id, indicator, applicant, *facts))
    return tuple(cells)


def report(
    printed: Printed | None = None,
    *,
    form: str = "2021",
    year: int | None = 2023,
    default: object = 0,
    figures: Mapping[str, tuple[float, str]] | None = None,
    sections: Mapping[int, str] | None = None,
    text: str = "",
    **metadata: str,
) -> Report:
    """A report of a form; ``figures`` are {indicator: (number, sentence)}."""
    cells = cells_of(form, printed or {}, default)
    summaries = []
    for table in dict.fromkeys(cell.table for cell in cells):
        statuses = [cell.status for cell in cells if cell.table == table]
        summaries.append(TableSummary(table, form, "unproved", *(statuses.count(status) for status in STATUSES)))
    stated = [Figure(name, value, "件", said, 7, 7 + len(said)) for name, (value, said) in (figures or {}).items()]
    return Report(
        url=None,
        kind="html",
        encoding="utf-8",
        payload=b"",
        title=None,
        org_name="示例市示例局",
        report_year=year,
        form=form,
        metadata=Metadata(**metadata),
        cells=cells,
        tables=tuple(summaries),
        sections=tuple(Section(number, f"第{number}部分", said) for number, said in (sections or {}).items()),
        figures=tuple(stated),
        checks=(),
        problems=(),
        text=text,
    )


def only(checks: tuple[Check, ...], name: str, severity: str | None = None) -> Check:
    """The one check of that name (and severity)."""
    (found,) = [check for check in checks if check.check == name and severity in (None, check.severity)]
    return found
