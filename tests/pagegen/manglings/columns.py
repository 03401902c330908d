"""Columns that the form does not have, or has elsewhere."""

from __future__ import annotations

from ..declared import APPLICANTS, RESULT
from ..model import Cell, Draft, Table
from .registry import mangling
from .structure import body


def _first_value(row: list[Cell]) -> int:
    return next(i for i, c in enumerate(row) if c.role == "value")


@mangling("structure", group="left")
def running_numbers(draft: Draft) -> None:
    """A first column 序号 with 1, 2, 3 ..."""
    for table in draft.tables("applications"):
        table.rows[0].insert(0, Cell("序号", "header", rowspan=table.header))
        for n, row in enumerate(table.rows[table.header :], 1):
            row.insert(0, Cell(str(n)))


@mangling("structure", group="right")
def remarks_column(draft: Draft) -> None:
    """A last column 备注, empty but for a word or two."""
    for table in draft.tables("applications"):
        table.rows[0].append(Cell("备注", "header", rowspan=table.header))
        for row in table.rows[table.header :]:
            row.append(Cell(draft.rng.choice(("", "", "", "", "含上年结转", "2件转办")), "filler"))


@mangling("structure", group="columns")
def columns_swapped(draft: Draft) -> None:
    """科研机构 and 社会公益组织 have changed places, in head and body."""
    for table in draft.tables("applications"):
        for row in [table.rows[2], *body(table)]:
            one, two = (next((i for i, c in enumerate(row) if c.column == w), -1) for w in ("research", "nonprofit"))
            if one >= 0 and two >= 0:
                row[one], row[two] = row[two], row[one]


@mangling("structure", group="columns")
def missing_column(draft: Draft) -> None:
    """One kind of organisation is not printed at all."""
    gone = draft.rng.choice(list(APPLICANTS)[1:-1])
    for table in draft.tables("applications"):
        table.rows[0][-1].colspan -= 1
        next(c for c in table.rows[1] if c.text == "法人或其他组织").colspan -= 1
        for row in table.rows[2:]:
            draft.lost += [c.key for c in row if c.key and c.column == gone]
            row[:] = [c for c in row if c.column != gone]


@mangling("structure", group="labels_of_two")
def articles_as_column(draft: Draft) -> None:
    """第二十条第（一）项 stands in a first column beside its rows."""
    for table in draft.tables("proactive"):
        starts = [y for y, row in enumerate(table.rows) if row[0].text.startswith("第二十条")]
        for start, end in reversed(list(zip(starts, [*starts[1:], len(table.rows)], strict=True))):
            article = table.rows[start][0]
            article.colspan, article.rowspan = 1, end - start - 1
            table.rows[start + 1].insert(0, article)
            del table.rows[start]


@mangling("structure", group="disputes_left")
def disputes_label_column(draft: Draft) -> None:
    """Table 四 with a first column: 类别 above, 数量（件） before the numbers."""
    for table in draft.tables("disputes"):
        table.rows[0].insert(0, Cell("类别", "header", rowspan=table.header))
        table.rows[table.header].insert(0, Cell(draft.rng.choice(("数量（件）", "件数", "2023年度"))))


@mangling("pieces", group="result")
def joined_labels(draft: Draft) -> None:
    """One label cell a row with the whole path in it."""
    for table in draft.tables("applications"):
        path: dict[int, str] = {}
        for y, row in enumerate(table.rows[table.header :], table.header):
            labels = [c for c in row if c.role == "label"]
            for cell in labels[:-1]:
                path |= dict.fromkeys(range(y, y + cell.rowspan), "")
            _extend(path, labels, y)
            text = path.get(y, "") + labels[-1].text
            row[:] = [Cell(text, colspan=3, indicator=labels[-1].indicator), *(c for c in row if c.role != "label")]


def _extend(path: dict[int, str], labels: list[Cell], y: int) -> None:
    for cell in labels[:-1]:
        if cell.text.startswith("三、"):
            continue  # nobody repeats the long heading
        for at in range(y, y + cell.rowspan):
            path[at] = path.get(at, "") + cell.text


@mangling("pieces", group="result")
def group_rows(draft: Draft) -> None:
    """（三）不予公开 and the like on a line of their own, their items below."""
    for table in draft.tables("applications"):
        rows: list[list[Cell]] = []
        for row in table.rows:
            groups = [c for c in row if c.role == "label" and c.rowspan > 1 and c.text.startswith("（")]
            if groups:
                width = sum(c.colspan for c in row if c.role != "label")
                parents = [c for c in row if c.text == RESULT]
                blanks = [Cell("", "filler") for _ in range(width)]
                rows.append([*parents, Cell(groups[0].text, colspan=2), *blanks])
                row = [c for c in row if c not in groups and c not in parents]
            for cell in row:
                if cell.role == "label" and cell.text[0].isdigit():
                    cell.colspan = 2
            rows.append(row)
        added = len(rows) - len(table.rows)
        table.rows = rows
        for cell in table.cells():
            if cell.text == RESULT:
                cell.rowspan += added


def copy_row(row: list[Cell]) -> list[Cell]:
    """The same print again, without the facts."""
    return [c.copy(key=None, rowspan=1) for c in row if c.rowspan == 1]


@mangling("pieces", group="repeats")
def row_repeated(draft: Draft) -> None:
    """A row printed twice, as at the foot of a page and the head of the next."""
    for table in draft.tables("applications"):
        plain = [r for r in body(table) if all(c.rowspan == 1 for c in r)]
        if plain:
            row = draft.rng.choice(plain)
            _insert(table, table.rows.index(row) + 1, copy_row(row))


def _insert(table: Table, at: int, row: list[Cell]) -> None:
    for y, above in enumerate(table.rows[:at]):
        for cell in above:
            if y + cell.rowspan > at - 1 and cell.rowspan > 1:
                cell.rowspan += 1
    table.rows.insert(at, row)


@mangling("structure", group="order")
def rows_swapped(draft: Draft) -> None:
    """Two grounds of refusal have changed places, labels and all."""
    for table in draft.tables("applications"):
        rows = [i for i, r in enumerate(table.rows) if r[0].text[:2] in ("3.", "4.", "5.", "6.") and r[0].rowspan == 1]
        if len(rows) > 1:
            table.rows[rows[0]], table.rows[rows[1]] = table.rows[rows[1]], table.rows[rows[0]]
