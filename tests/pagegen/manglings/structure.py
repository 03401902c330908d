"""Rows and columns that are not the form's: added, missing, doubled, in another order."""

from __future__ import annotations

from ..declared import APPLICANTS, RESULT
from ..model import Cell, Draft, Table
from .registry import EVERY, mangling

ORGANISATIONS = list(APPLICANTS)[1:-1]


def body(table: Table) -> list[list[Cell]]:
    """The rows that carry facts."""
    return [row for row in table.rows if any(c.key for c in row)]


def insert_subtotal(draft: Draft, before: str | None, after: str | None) -> None:
    """A 小计 of the five organisation columns beside the column named."""
    for table in draft.tables("applications"):
        for row in body(table):
            cells = {c.column: c for c in row if c.key}
            total = sum(cells[w].value or 0 for w in ORGANISATIONS)
            at = next(i for i, c in enumerate(row) if c.key and c.column == (before or after))
            row.insert(at + (after is not None), Cell(str(total), "value", value=total, status="reported"))
        first, second, third = table.rows[:3]
        first[-1].colspan += 1
        word = draft.rng.choice(("小计", "合计"))
        if after == "total":
            second.append(Cell(f"组织{word}", "header", rowspan=2))
            return
        next(c for c in second if c.text == "法人或其他组织").colspan += 1
        third.insert(0 if before else len(third), Cell(word, "header"))


@mangling("structure", group="columns")
def subtotal_column(draft: Draft) -> None:
    """小计 after 其他."""
    insert_subtotal(draft, None, "other_org")


@mangling("structure", group="columns")
def subtotal_first(draft: Draft) -> None:
    """小计 before 商业企业."""
    insert_subtotal(draft, "business", None)


@mangling("structure", group="columns")
def subtotal_last(draft: Draft) -> None:
    """小计 of the organisations after 总计."""
    insert_subtotal(draft, None, "total")


@mangling("structure", group="columns")
def total_first(draft: Draft) -> None:
    """总计 stands before 自然人, in head and body."""
    for table in draft.tables("applications"):
        second = table.rows[1]
        second.insert(0, second.pop())
        for row in body(table):
            at = next(i for i, c in enumerate(row) if c.key)
            row.insert(at, row.pop())


@mangling("structure", EVERY)
def empty_last_column(draft: Draft) -> None:
    """A column of nothing at the right edge."""
    for table in draft.tables():
        for y, row in enumerate(table.rows):
            if table.name == "applications" and y in (1, 2):
                continue
            height = 3 if table.name == "applications" and y == 0 else 1
            row.append(Cell("\u00a0", "filler", rowspan=height))


@mangling("structure", EVERY)
def empty_last_row(draft: Draft) -> None:
    """A last row of borderless blanks."""
    for table in draft.tables():
        table.rows.append([Cell("\u00a0", "filler") for _ in table.grid()[-1]])


@mangling("structure", group="result")
def result_twice(draft: Draft) -> None:
    """三、本年度办理结果 printed twice, each over its share of the rows."""
    for table in draft.tables("applications"):
        y, label = next((y, c) for y, row in enumerate(table.rows) for c in row if c.text == RESULT)
        first = draft.rng.randint(3, label.rowspan - 3)
        while table.rows[y + first][0].text[0] != "（":  # a group is not cut
            first += 1
            if first >= label.rowspan:
                return
        table.rows[y + first].insert(0, Cell(RESULT, rowspan=label.rowspan - first))
        label.rowspan = first


@mangling("structure", group="result")
def result_row(draft: Draft) -> None:
    """三、本年度办理结果 as a row of its own over the whole width."""
    for table in draft.tables("applications"):
        y, label = next((y, c) for y, row in enumerate(table.rows) for c in row if c.text == RESULT)
        table.rows[y].remove(label)
        for row in table.rows[y : y + label.rowspan]:
            next(c for c in row if c.indicator and c.role == "label").colspan += 1
        width = len(table.grid()[y - 1])
        table.rows.insert(y, [Cell(RESULT, colspan=width)])


@mangling("structure", ("2021",))
def one_other_row(draft: Draft) -> None:
    """（六）其他处理 as one row, as in the form before."""
    for table in draft.tables("applications"):
        rows = [
            row for row in body(table) if any(c.key for c in row) and any((c.indicator or "").startswith("other_") for c in row)
        ]
        for cell in rows[0]:
            if cell.key:
                who = cell.key[2]
                cell.value = sum(c.value or 0 for row in rows for c in row if c.key and c.key[2] == who)
                cell.key, cell.text, cell.indicator = (
                    ("applications", "other_handled", who),
                    str(cell.value),
                    "other_handled",
                )
        values = [c for c in rows[0] if c.role == "value"]
        for i, cell in enumerate(values):
            if not cell.key:  # an added column
                cell.value = sum(row[len(row) - len(values) + i].value or 0 for row in rows)
                cell.say(str(cell.value))
        rows[0][:] = [Cell("（六）其他处理", colspan=2, indicator="other_handled"), *values]
        table.rows = [row for row in table.rows if row not in rows[1:]]
        for label in (c for row in table.rows for c in row if c.text == RESULT and c.rowspan > 2):
            label.rowspan -= 2


@mangling("structure")
def group_subtotal_rows(draft: Draft) -> None:
    """Each group of grounds ends in a 小计 row that the form does not have."""
    for table in draft.tables("applications"):
        for group in [c for c in table.cells() if c.role == "label" and c.text[:3] in ("（三）", "（四）", "（五）")]:
            y = next(i for i, row in enumerate(table.rows) if group in row)
            rows = table.rows[y : y + group.rowspan]
            sums = []
            for i in range(-sum(c.role == "value" for c in rows[0]), 0):
                total = sum(row[i].value or 0 for row in rows)
                sums.append(Cell(str(total), "value", value=total, status="reported"))
            fillers = [c.copy() for c in rows[0] if c.role == "filler"]
            table.rows.insert(y + group.rowspan, [Cell("小计"), *sums, *fillers])
            group.rowspan += 1
            for label in [c for c in table.cells() if c.text == RESULT]:
                top = next(i for i, row in enumerate(table.rows) if label in row)
                if top <= y < top + label.rowspan:
                    label.rowspan += 1


@mangling("structure")
def note_row(draft: Draft) -> None:
    """A note over the whole width under the last row."""
    for table in draft.tables("applications"):
        width = len(table.grid()[-1])
        table.rows.append([Cell("注：本表数据含上年度结转数量，单位为件。", colspan=width)])


def drop_row(draft: Draft, table: Table, row: list[Cell]) -> None:
    """Take a row out of a table; labels that reach over it shrink or move down."""
    y = table.rows.index(row)
    for above in table.rows[:y]:
        for cell in above:
            if table.rows.index(above) + cell.rowspan > y:
                cell.rowspan -= 1
    keep = [c for c in row if c.rowspan > 1]
    for cell in keep:
        cell.rowspan -= 1
    if keep:
        table.rows[y + 1][:0] = keep
    draft.lost += [c.key for c in row if c.key]
    table.rows.remove(row)


@mangling("structure")
def missing_rows(draft: Draft) -> None:
    """One to three rows of the outcomes are not printed."""
    for table in draft.tables("applications"):
        for _ in range(draft.rng.randint(1, 3)):
            rows = [r for r in body(table) if not any(c.indicator in ("new_requests", "concluded") for c in r)]
            drop_row(draft, table, draft.rng.choice(rows[2:-1]))


@mangling("structure", ("2014", "pre2014", "local"))
def missing_statistics_rows(draft: Draft) -> None:
    """One to three lines of the long table are not printed."""
    for table in draft.tables("statistics"):
        for _ in range(draft.rng.randint(1, 3)):
            drop_row(draft, table, draft.rng.choice(body(table)[1:]))


@mangling("structure")
def shifted_row(draft: Draft) -> None:
    """One row has a blank cell too many before its numbers."""
    for table in draft.tables("applications"):
        rows = [r for r in body(table) if any(c.value for c in r if c.key)]
        if rows:
            row = draft.rng.choice(rows)
            row.insert(next(i for i, c in enumerate(row) if c.role == "value"), Cell("\u00a0", "filler"))
