"""Tables in another number of pieces: cut by page breaks, one per article, split or turned."""

from __future__ import annotations

import itertools

from ..declared import DISPUTES, OUTCOMES
from ..model import Block, Cell, Draft, Raw, Table
from .registry import EVERY, mangling


def cut(table: Table, at: int, continued: str) -> tuple[list[list[Cell]], list[list[Cell]]]:
    """The rows above and below; a label that reaches over the cut is ``repeated``, ``blank`` or ``missing`` below."""
    grid = table.grid()
    top = [list(row) for row in table.rows[:at]]
    bottom = [list(row) for row in table.rows[at:]]
    crossing = {id(c): c for c in grid[at - 1] if c is not None and any(c is d for d in grid[at])}
    for position, cell in enumerate(crossing.values()):
        y = next(i for i, row in enumerate(top) if any(c is cell for c in row))
        below = cell.rowspan - (at - y)
        cell.rowspan = at - y
        if continued != "missing":
            text = cell.text if continued == "repeated" else ""
            bottom[0].insert(position, Cell(text, cell.role, colspan=cell.colspan, rowspan=below))
    return top, bottom


def places(draft: Draft, table: Table, n: int) -> list[int]:
    """Where to cut: n different rows of the body, some rows apart from its ends."""
    rows = range(table.header + 3, len(table.rows) - 1)
    return sorted(draft.rng.sample(rows, n))


def break_table(draft: Draft, n: int, header: bool, continued: str) -> None:
    """Cut the longest table of the page ``n`` times."""
    table = max(draft.tables(), key=lambda t: len(t.rows))
    blocks: list[Block] = []
    rest = table
    offset = 0
    for at in places(draft, table, n):
        top, bottom = cut(rest, at - offset, continued)
        blocks += [
            Table(table.name, top, rest.header),
            draft.rng.choice((Raw("<p>&nbsp;</p>"), "— 4 —", Raw("<br />"))),
        ]
        head = [[c.copy() for c in row] for row in table.rows[: table.header]] if header else []
        rest = Table(table.name, head + bottom, len(head))
        offset = at - len(head)
    draft.replace_table(table, [*blocks, rest])


@mangling("pieces", EVERY, "pieces")
def cut_in_two(draft: Draft) -> None:
    """Two tables; the second has no header, its group label is not repeated."""
    break_table(draft, 1, False, "missing")


@mangling("pieces", EVERY, "pieces")
def cut_in_two_blank_labels(draft: Draft) -> None:
    """Two tables; in the second, blank cells stand for the labels that go on."""
    break_table(draft, 1, False, "blank")


@mangling("pieces", EVERY, "pieces")
def cut_in_two_with_header(draft: Draft) -> None:
    """Two tables, each with the header and the labels."""
    break_table(draft, 1, True, "repeated")


@mangling("pieces", EVERY, "pieces")
def cut_in_three(draft: Draft) -> None:
    """Three tables without header after the first."""
    break_table(draft, 2, draft.rng.random() < 0.3, draft.rng.choice(("repeated", "blank", "missing")))


@mangling("pieces", EVERY, "pieces")
def repeated_header(draft: Draft) -> None:
    """The header comes again in the middle of the table."""
    table = max(draft.tables(), key=lambda t: len(t.rows))
    (at,) = places(draft, table, 1)
    top, bottom = cut(table, at, "repeated")
    table.rows = top + [[c.copy() for c in row] for row in table.rows[: table.header]] + bottom


@mangling("pieces", group="pieces_of_two")
def articles_apart(draft: Draft) -> None:
    """One table for each article of table 二."""
    for table in draft.tables("proactive"):
        starts = [y for y, row in enumerate(table.rows) if row[0].text.startswith("第二十条")] + [len(table.rows)]
        parts = [Table("proactive", table.rows[a:b]) for a, b in itertools.pairwise(starts)]
        if draft.rng.random() < 0.5:  # the article is a line of text above its table
            blocks: list[Block] = []
            for part in parts:
                blocks += [part.rows.pop(0)[0].text, part]
            draft.replace_table(table, blocks)
        else:
            draft.replace_table(table, list(parts))


@mangling("pieces", group="disputes")
def disputes_in_three(draft: Draft) -> None:
    """Table 四 as three tables, one for each kind of dispute."""
    for table in draft.tables("disputes"):
        values = {c.key[1]: c for c in table.values() if c.key}
        parts: list[Block] = []
        for stem, label in DISPUTES.items():
            above = label if stem == "review" else f"行政诉讼（{label}）"
            head = [Cell(text, "header", column=f"{stem}_{o}") for o, text in OUTCOMES.items()]
            row = [values[f"{stem}_{o}"] for o in OUTCOMES]
            parts.append(Table("disputes", [[Cell(above, "header", colspan=5)], head, row], header=2))
        draft.replace_table(table, parts)


@mangling("pieces", group="disputes")
def disputes_sideways(draft: Draft) -> None:
    """Table 四 turned: one line for each outcome."""
    for table in draft.tables("disputes"):
        values = {c.key[1]: c for c in table.values() if c.key}
        rows = []
        for stem, label in DISPUTES.items():
            for i, (outcome, text) in enumerate(OUTCOMES.items()):
                row = [Cell(text, indicator=f"{stem}_{outcome}"), values[f"{stem}_{outcome}"]]
                if i == 0 and stem == "review":
                    row.insert(0, Cell(label, colspan=2, rowspan=5))
                elif i == 0:
                    row.insert(0, Cell(label, rowspan=5))
                if i == 0 and stem == "suit_direct":
                    row.insert(0, Cell("行政诉讼", rowspan=10))
                rows.append(row)
        draft.replace_table(table, [Table("disputes", rows)])


@mangling("pieces", group="disputes")
def disputes_rows(draft: Draft) -> None:
    """Table 四 as three lines under one header of outcomes."""
    for table in draft.tables("disputes"):
        values = {c.key[1]: c for c in table.values() if c.key}
        rows = [[Cell("类别", "header", colspan=2), *(Cell(t, "header", column=o) for o, t in OUTCOMES.items())]]
        for stem, label in DISPUTES.items():
            labels = [Cell(label, colspan=2)] if stem == "review" else [Cell(label)]
            if stem == "suit_direct":
                labels.insert(0, Cell("行政诉讼", rowspan=2))
            rows.append([*labels, *(values[f"{stem}_{o}"] for o in OUTCOMES)])
        draft.replace_table(table, [Table("disputes", rows, header=1)])


@mangling("pieces", EVERY)
def caption_row(draft: Draft) -> None:
    """The caption is the first row of each table."""
    captions = {
        "proactive": "二、主动公开政府信息情况",
        "applications": "三、收到和处理政府信息公开申请情况（单位：件）",
        "disputes": "四、政府信息公开行政复议、行政诉讼情况",
        "statistics": f"政府信息公开情况统计表（{draft.year}年度）",
    }
    for name, text in captions.items():
        for table in draft.tables(name)[:1]:
            width = len(table.grid()[0])
            table.rows.insert(0, [Cell(text, "header", colspan=width)])
            table.header += 1
