"""The tables as the forms print them, filled with numbers."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping

from .declared import APPLICANTS, DISPUTES, OUTCOMES, PROACTIVE, RELATION, application_rows
from .declared_statistics import FORM_2014, FORM_LOCAL, FORM_PRE2014
from .model import Cell, Key, Number, Table

Numbers = Mapping[Key, Number]


def value(numbers: Numbers, key: Key, colspan: int = 1) -> Cell:
    """The cell of one number, printed plainly."""
    number = numbers[key]
    text = str(number) if isinstance(number, int) else f"{number:.6f}".rstrip("0").rstrip(".")
    column = key[2] or key[1]
    return Cell(text, "value", key, number, "reported", colspan=colspan, column=column, indicator=key[1])


def _head(text: str, colspan: int = 1, rowspan: int = 1, column: str | None = None) -> Cell:
    return Cell(text, "header", colspan=colspan, rowspan=rowspan, column=column)


def proactive(numbers: Numbers, form: str) -> Table:
    """Table 二."""
    rows: list[list[Cell]] = []
    for article, columns, lines in PROACTIVE[form]:
        rows.append([_head(article, 4)])
        last = 4 - len(columns)  # the last column takes the rest of the width
        spans = [1] * (len(columns) - 1) + [last]
        rows.append([_head("信息内容"), *(_head(c, s) for c, s in zip(columns, spans, strict=True))])
        for label, names in lines.items():
            cells = [value(numbers, ("proactive", n, None), s) for n, s in zip(names, spans, strict=True)]
            rows.append([Cell(label, indicator=names[0]), *cells])
    return Table("proactive", rows)


def labelled(paths: Mapping[str, tuple[str, ...]], depth: int) -> list[list[Cell]]:
    """Label cells of each row: a label covers the rows that share it, the last one of a path the rest of the width."""
    names = list(paths)
    rows: list[list[Cell]] = []
    for i, name in enumerate(names):
        path = paths[name]
        cells = []
        for level, label in enumerate(path):
            prefix = path[: level + 1]
            if level < len(path) - 1 and i and paths[names[i - 1]][: level + 1] == prefix:
                continue
            height = sum(1 for n in names if paths[n][: level + 1] == prefix)
            width = depth - level if level == len(path) - 1 else 1
            cells.append(Cell(label, colspan=width, rowspan=height, indicator=name if level == len(path) - 1 else None))
        rows.append(cells)
    return rows


def applications(numbers: Numbers) -> Table:
    """Table 三."""
    paths = application_rows(one_other_row=("applications", "other_handled", "total") in numbers)
    who = list(APPLICANTS)
    header = [
        [_head(RELATION, 3, 3), _head("申请人情况", 7)],
        [
            _head(APPLICANTS["natural_person"], 1, 2, "natural_person"),
            _head("法人或其他组织", 5),
            _head(APPLICANTS["total"], 1, 2, "total"),
        ],
        [_head(APPLICANTS[w], column=w) for w in who[1:-1]],
    ]
    rows = [
        cells + [value(numbers, ("applications", name, w)) for w in who]
        for name, cells in zip(paths, labelled(paths, 3), strict=True)
    ]
    return Table("applications", header + rows, header=3)


def disputes(numbers: Numbers) -> Table:
    """Table 四."""
    outcomes = list(OUTCOMES.items())
    header = [
        [_head(DISPUTES["review"], 5), _head("行政诉讼", 10)],
        [_head(t, 1, 2, f"review_{o}") for o, t in outcomes]
        + [_head(DISPUTES[s], 5) for s in ("suit_direct", "suit_after_review")],
        [_head(t, column=f"{s}_{o}") for s in ("suit_direct", "suit_after_review") for o, t in outcomes],
    ]
    row = [value(numbers, ("disputes", f"{s}_{o}", None)) for s in DISPUTES for o, _ in outcomes]
    return Table("disputes", [*header, row], header=3)


def statistics(numbers: Numbers, form: str, year: int, rng: random.Random) -> Table:
    """The one long table before 2019."""
    if form == "local":
        rows = [[_head(t) for t in ("指标名称", "计量单位", f"{year}年度", "历年累计")]]
        for _, label, unit, depth in FORM_LOCAL:
            pair = [value(numbers, ("statistics", label, p)) for p in ("year", "cumulative")]
            rows.append([Cell("　" * depth + label), Cell(unit), *pair])
        return Table("statistics", rows, header=1)
    if form == "pre2014":
        rows = [[_head(t) for t in ("指标名称", "计量单位", "代码", rng.choice(("本年累计", "本期实际")))]]
        for i, (name, label, unit, depth) in enumerate(FORM_PRE2014):
            cell = value(numbers, ("statistics", name or "", "year"))
            rows.append([Cell("　" * depth + label), Cell(unit), Cell(f"{i + 1:02d}"), cell])
        return Table("statistics", rows, header=1)
    mark = rng.choice(("——", "—", "", "－－"))
    rows = [[_head(t) for t in ("统计指标", "单位", "统计数")]]
    for name, label, unit, depth in FORM_2014:
        last = value(numbers, ("statistics", name, "year")) if name else Cell(mark, "filler")
        rows.append([Cell("　" * depth + label), Cell(unit or mark), last])
    if rng.random() < 0.3:  # a column of running numbers first
        rows = [[_head("序号") if i == 0 else Cell(str(i)), *row] for i, row in enumerate(rows)]
    return Table("statistics", rows, header=1)


def official_tables(numbers: Numbers, form: str, year: int, rng: random.Random) -> Iterable[Table]:
    """All tables of a form, in order."""
    if form in ("2014", "pre2014", "local"):
        return [statistics(numbers, form, year, rng)]
    return [proactive(numbers, form), applications(numbers), disputes(numbers)]
