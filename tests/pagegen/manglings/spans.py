"""Spans in the markup that are not the cells' true extents."""

from __future__ import annotations

from ..model import Cell, Draft, Table
from .registry import EVERY, mangling


def _groups(draft: Draft) -> list[Cell]:
    """Label cells that reach over several rows."""
    return [c for t in draft.tables() for c in t.cells() if c.role == "label" and c.rowspan > 1]


@mangling("spans", group="spans")
def lying_header_colspans(draft: Draft) -> None:
    """自然人 is two columns wide, 商业企业 starts in its second half, the data have yet another division."""
    for table in draft.tables("applications"):
        if table.header < 3:
            continue
        first, second, third = table.rows[table.header - 3 : table.header]
        first[-1].attrs["colspan"] = str(first[-1].colspan + 1)
        person = next(c for c in second if c.column == "natural_person")
        person.attrs |= {"colspan": "2", "rowspan": "-"}
        third.insert(0, Cell("\u00a0", "filler"))
        for row in table.rows:
            for cell in row:
                if cell.column == "business":
                    cell.attrs["colspan"] = "2"


@mangling("spans", group="spans_of_two")
def lying_spans_of_two(draft: Draft) -> None:
    """Table 二: the header divides the width 1,1,2,1, the rows 1,2,1,1."""
    for table in draft.tables("proactive"):
        for row in table.rows:
            if len(row) < 3:
                continue
            wide = 2 if row[0].text.strip().startswith("信息内容") else 1
            for i, cell in enumerate(row):
                cell.attrs["colspan"] = "2" if i == wide else "1"


@mangling("spans", EVERY, "spans")
def empty_rowspans(draft: Draft) -> None:
    """rowspan=\"\"."""
    for cell in _groups(draft):
        if draft.rng.random() < 0.7:
            cell.attrs["rowspan"] = ""


@mangling("spans", EVERY, "spans")
def percent_spans(draft: Draft) -> None:
    """colspan=\"3%\", rowspan=\"100%\" and words where a number belongs."""
    for table in draft.tables():
        for cell in table.cells():
            if cell.colspan > 1 and draft.rng.random() < 0.5:
                cell.attrs["colspan"] = f"{cell.colspan}%"
            elif cell.colspan == 1 and draft.rng.random() < 0.1:
                cell.attrs["colspan"] = draft.rng.choice(("", "0", "-1", "auto", "1.5"))


@mangling("spans", EVERY, "spans")
def long_group_rowspan(draft: Draft) -> None:
    """A group label reaches one row too far."""
    groups = _groups(draft)
    if groups:
        cell = draft.rng.choice(groups)
        cell.attrs["rowspan"] = str(cell.rowspan + 1)


@mangling("spans", EVERY, "spans")
def short_group_rowspan(draft: Draft) -> None:
    """A group label ends one row too early."""
    groups = [c for c in _groups(draft) if c.rowspan > 2]
    if groups:
        cell = draft.rng.choice(groups)
        cell.attrs["rowspan"] = str(cell.rowspan - 1)


@mangling("spans", group="spans")
def long_header_rowspan(draft: Draft) -> None:
    """A cell of the header reaches into the body."""
    for name in ("applications", "disputes"):
        for table in draft.tables(name):
            tall = [c for row in table.rows[: table.header] for c in row if c.rowspan > 1]
            if tall:
                cell = draft.rng.choice(tall)
                cell.attrs["rowspan"] = str(cell.rowspan + 1)


@mangling("spans", EVERY, "spans")
def spans_past_the_end(draft: Draft) -> None:
    """Spans that point beyond the table."""
    for table in draft.tables():
        if not table.rows:
            continue
        table.rows[-1][0].attrs["rowspan"] = str(draft.rng.choice((2, 5, 65534)))
        last = draft.rng.choice(table.rows)[-1]
        last.attrs["colspan"] = str(draft.rng.choice((3, 9, 1000)))


@mangling("spans", EVERY, "spans")
def zero_rowspan(draft: Draft) -> None:
    """rowspan=\"0\": to the end of the table, as browsers read it, on the last label that reaches down."""
    for cell in _groups(draft)[-1:]:
        cell.attrs["rowspan"] = "0"


@mangling("spans", EVERY, "spans")
def spans_dropped(draft: Draft) -> None:
    """Every cell printed once, without any span."""
    for table in draft.tables():
        for cell in table.cells():
            cell.attrs |= {"rowspan": "-", "colspan": "-"}


@mangling("spans", EVERY, "spans")
def labels_repeated(draft: Draft) -> None:
    """No spans: labels stand in every row and column they cover."""
    for table in draft.tables():
        _unspan(table)


def _unspan(table: Table) -> None:
    rows = []
    seen: set[int] = set()
    for line in table.grid():
        row = []
        for cell in line:
            if cell is None:
                row.append(Cell("", "filler"))
            elif cell.role == "value" and id(cell) in seen:
                continue  # a number is printed once
            else:
                first = id(cell) not in seen
                seen.add(id(cell))
                row.append(cell if first else cell.copy())
        rows.append(row)
    for cell in (c for row in rows for c in row if c.role != "value"):
        cell.colspan = cell.rowspan = 1
        cell.attrs = {}
    table.rows = rows


@mangling("spans", group="spans")
def header_without_rowspans(draft: Draft) -> None:
    """Blank cells stand under 自然人 and 总计 instead of spans."""
    for table in draft.tables("applications"):
        if table.header < 3:
            continue
        second, third = table.rows[table.header - 2 : table.header]
        front = True
        for cell in second:
            if cell.rowspan == 2:
                cell.rowspan = 1
                third.insert(0 if front else len(third), Cell("\u00a0", "filler"))
            else:
                front = False
