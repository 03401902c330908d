"""Statistical tables of the reports before 2019: label, unit, value, read by a declared form or as they are printed.

Labels decide. Rows of a declared form are aligned to it in order; other tables give one cell per printed value under
their own label (``label_raw``), with a canonical name only where the label stands in a declared form and means one thing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from parsers.align import align
from parsers.document import Block, Table, one_of
from parsers.foreign import foreign_tables, with_years_apart
from parsers.forms import Form, Row, load_forms
from parsers.labels import likeness, misread
from parsers.layout import Kind, Token
from parsers.model import Cell, Check, Number, Official, Problem, Status, TableSummary, Verdict
from parsers.proof.identities import arithmetic, judge
from parsers.proof.recognised import counted, problem_of
from parsers.statistics.entries import Entry, read_layout, speaks
from parsers.statistics.known_labels import UNITS, row_of
from parsers.values import convert, is_multiple, read_value

_ROW_FIT = 0.7
_EXACT = 0.99
_HEADING = re.compile(r"\s[—–-]{1,2}$")  # with a dash for its unit
_NOT_COUNTS = frozenset(("元", "万元", "亿元", "%"))


def read_statistics(
    blocks: Sequence[Block], report_year: int | None, org: str | None, problems: Iterable[Problem], recognised: tuple[str, ...] = ()
) -> Official:
    """Read the statistical table of a report before 2019; ``form_id`` is None where the page holds none.

    ``org`` is the organ that the page's title names, ``recognised`` how the locators begin of what OCR read.
    """
    blocks = with_years_apart(blocks)
    tables = [block for block in blocks if isinstance(block, Table)]
    layout = read_layout(tables, report_year)
    found = (*problems, *layout.problems)
    if layout.form is None and not layout.local:
        return Official(None, (), (), (), found)
    foreign = foreign_tables(blocks, report_year, org, _first_table(layout.copies))
    copies = [tuple(entry for entry in copy if entry.table not in foreign.surely) for copy in layout.copies]
    copies = [copy for copy in copies if copy] if layout.copies else [()]
    own = _filled(copies)
    if len(copies) > 1:
        certain = [copy for copy in copies if not foreign.maybe.issuperset(entry.table for entry in copy)]
        own = [copy for copy in own if copy in certain] or [*certain, *own]
    read: list[Official] = []
    for entries in own:
        if layout.form:
            read.append(_by_form(layout.form, entries, tables, found, recognised))
        else:
            read.append(_as_printed(entries, tables, found, recognised))
    if len({tuple((cell.indicator, cell.label_raw, cell.period, cell.value) for cell in one.cells) for one in read}) == 1:
        return read[0]
    form_id = layout.form.id if layout.form else "local"
    if read:
        message = f"the page prints {len(read)} different copies of this table, and nothing tells which is the report's"
        found = (*found, Problem("several_tables", f"statistics: {message}"))
    elif layout.copies:
        found = (*found, Problem("other_year", "statistics: only another year's or another organ's copy of this table is on the page"))
    return Official(form_id, (), (_summary(form_id, "absent"),), (), found)


def _first_table(copies: Sequence[tuple[Entry, ...]]) -> int:
    """Number of the first table with a row that holds a number: menus and metadata may stand in tables above it."""
    return next((entry.table for copy in copies for entry in copy if any(token.kind == "number" for _, token in entry.values)), 0)


def _filled(copies: Sequence[tuple[Entry, ...]]) -> Sequence[tuple[Entry, ...]]:
    """Without the unfilled copies of a form beside filled ones."""
    return [copy for copy in copies if _holds(copy, "number")] or [copy for copy in copies if _holds(copy, "mark")] or copies[:1]


def _holds(copy: Sequence[Entry], kind: Kind) -> bool:
    return any(token.kind == kind for entry in copy for _, token in entry.values)


def _by_form(
    form: Form, entries: Sequence[Entry], tables: Sequence[Table], problems: tuple[Problem, ...], recognised: tuple[str, ...]
) -> Official:
    placed: dict[tuple[str, str | None], Cell] = {}
    extra: list[Cell] = []
    rows = _aligned(tuple(entry.label for entry in entries), form.id) if entries else ()
    within = _within(entries, rows)
    for i, (entry, row) in enumerate(zip(entries, rows, strict=True)):
        if row is not None and entry.open:
            placed[row.indicators[0], "year"] = _open_cell(entry, row, tables)
        for cell in _cells(entry, row, tables):
            if row is not None:
                placed[cell.indicator, cell.period] = cell
            elif (entry.unit in UNITS or cell.status == "reported") and (speaks(entry.label) or i in within):
                extra.append(cell)
    arith = arithmetic(form.id, "statistics", ())
    printed_periods = {period for _, period in placed}
    cells = [
        placed.get((name, period)) or Cell("statistics", name, None, None, "absent", None, None, unit, None, None, period)
        for (name, _, period), unit in zip(arith.keys, arith.units, strict=True)
    ]
    outcome = judge(arith, [cell.value for cell in cells], [cell.status for cell in cells])
    if recognised:
        proved, extra = counted(cells, outcome.verdict, arith, recognised), counted(extra, "unproved", None, recognised)
        lost = problem_of("statistics", cells, proved)
        problems = (*problems, lost) if lost else problems
        cells = proved
        outcome = judge(arith, [cell.value for cell in cells], [cell.status for cell in cells])
    kept = [cell for cell in cells if cell.period in printed_periods or cell.period == "year"]
    return Official(form.id, (*kept, *extra), (_summary(form.id, outcome.verdict, (*kept, *extra)),), outcome.checks, problems)


def _within(entries: Sequence[Entry], rows: Sequence[Row | None]) -> set[int]:
    """The places of the rows that a publisher added to a table of the form: those between rows of the form, and those with a unit.

    What stands above and below it, like a counter of visits, may be a row of the same table in a saved text.
    """
    places: dict[int, list[int]] = {}
    for i, entry in enumerate(entries):
        if entry.values:
            places.setdefault(entry.table, []).append(i)
    found: set[int] = set()
    for own in places.values():
        of_form = [i for i in own if rows[i] is not None]
        if 2 * len(of_form) > len(own):
            found.update(i for i in own if entries[i].unit in UNITS or of_form[0] < i < of_form[-1])
    return found


@lru_cache(maxsize=256)
def _aligned(labels: tuple[str, ...], form_id: str) -> tuple[Row | None, ...]:
    """For each label its row of a bundled statistical form, None where that is not sure. Remembered: pages are alike year after year."""
    table = load_forms()[form_id].table("statistics")
    rows = [row for block in table.blocks for row in block.rows] if table else []
    worths = [_worths(label, rows) for label in labels]
    alignment = align(worths)
    sure = {i: j for i, j in alignment.pairs if i not in alignment.ambiguous}
    # A row may stand in another place than on the form if its label means no other.
    placed = dict(alignment.pairs)
    for i in (i for i in range(len(labels)) if i not in placed):
        exact = [j for j, worth in enumerate(worths[i]) if worth is not None and worth > 10 * _EXACT]
        if len(exact) == 1 and exact[0] not in placed.values():
            sure[i] = placed[i] = exact[0]
    return tuple(rows[sure[i]] if i in sure else None for i in range(len(labels)))


def _worths(label: str, rows: Sequence[Row]) -> list[float | None]:
    """How well a label fits each row. One that is a row's to the letter is no other's, whatever the order; nor is one of which fewer
    characters must be misread to be that row's.
    """
    if _HEADING.search(label):
        return [None] * len(rows)
    fits = [likeness(label, row.labels) for row in rows]
    if max(fits, default=0.0) >= _EXACT:
        return [10 * fit if fit >= _EXACT else None for fit in fits]
    damage = [min(misread(label, known) for known in row.labels) if fit >= _ROW_FIT else 2 for row, fit in zip(rows, fits, strict=True)]
    least = min(damage, default=2)
    return [10 * fit if lost == least < 2 else None for fit, lost in zip(fits, damage, strict=True)]


def _as_printed(entries: Sequence[Entry], tables: Sequence[Table], problems: tuple[Problem, ...], recognised: tuple[str, ...]) -> Official:
    entries = [entry for entry in entries if entry.values]
    cells = [cell for entry in entries for cell in _cells(entry, row_of(entry.label), tables)]
    checks = tuple(_group_checks(entries, tables))
    if recognised:
        proved = counted(cells, "unproved", None, recognised)
        lost = problem_of("statistics", cells, proved)
        cells, checks, problems = proved, () if lost else checks, (*problems, lost) if lost else problems
    return Official("local", tuple(cells), (_summary("local", "unproved", cells),), checks, problems)


def _cells(entry: Entry, row: Row | None, tables: Sequence[Table]) -> Iterable[Cell]:
    for period, token in entry.values:
        raw = _text(tables, entry, token)
        value = read_value(raw)
        number: Number | None = value.number
        status: Status = value.status
        declared = row.unit if row else None
        printed = value.unit or entry.unit
        unit, note = printed or declared, value.note
        wanted = declared or entry.unit
        if status == "reported" and wanted and printed and printed != wanted and _differ(printed, wanted):
            number = convert(number, printed, wanted) if number is not None else None
            unit = wanted
            if number is None:
                status, note = "unreadable", f"{printed} where the form has {wanted}"
        locator = tables[entry.table].address(token.row, token.cell)
        name = row.indicators[0] if row else ""
        yield Cell("statistics", name, None, number, status, raw, note, unit, locator, entry.label, period)


def _open_cell(entry: Entry, row: Row, tables: Sequence[Table]) -> Cell:
    """The cell of a row whose value is one of several numbers."""
    raw = one_of(_text(tables, entry, token) for token in entry.open)
    note = f"no head tells which number is the value (numbers in the row: {len(entry.open)})"
    locator = tables[entry.table].address(entry.open[0].row, entry.open[0].cell)
    return Cell("statistics", row.indicators[0], None, None, "unreadable", raw, note, row.unit, locator, entry.label, "year")


def _differ(one: str, other: str) -> bool:
    """Whether a number in one of two units says something else in the other: 条 and 件 both count, 元 and 万元 do not."""
    return bool({one, other} & _NOT_COUNTS) or is_multiple(one) or is_multiple(other)


def _text(tables: Sequence[Table], entry: Entry, token: Token) -> str:
    return tables[entry.table].rows[token.row][token.cell].text


def _summary(form_id: str, verdict: Verdict, cells: Sequence[Cell] = ()) -> TableSummary:
    return TableSummary.of("statistics", form_id, verdict, cells)


# ------------------------------------------------------------------ 其中: what a local table says about its own sums

_FIRST_CHILD = re.compile(r"^\s*其中")
_NUMBERED = re.compile(r"^\s*(?:其中[:：]?)?\s*[(（]?(\d{1,2})\s*[、.．)）]")


def _group_checks(entries: Sequence[Entry], tables: Sequence[Table]) -> Iterable[Check]:
    """其中 followed by 2, 3 ...: the parts add up to the row above, or the table has parts it does not print."""
    i = 0
    while i < len(entries):
        if not (_FIRST_CHILD.match(entries[i].label) and i):
            i += 1
            continue
        parent, children, expected = entries[i - 1], [entries[i]], 2
        i += 1
        while i < len(entries) and (match := _NUMBERED.match(entries[i].label)) and int(match[1]) == expected:
            children.append(entries[i])
            expected, i = expected + 1, i + 1
        yield from _group_check(parent, children, tables)


def _group_check(parent: Entry, children: Sequence[Entry], tables: Sequence[Table]) -> Iterable[Check]:
    for period, token in parent.values:
        left = read_value(_text(tables, parent, token)).number
        parts = [
            read_value(_text(tables, child, other)).number for child in children for p, other in child.values if p == period
        ]
        numbers = [part for part in parts if part is not None]
        right = sum(numbers) if len(numbers) == len(parts) else None
        status = "not_assessable" if left is None or right is None else "pass" if left == right else "fail"
        yield Check("parts", status, left, right, f"{parent.label} {period}", "W")  # type: ignore[arg-type]
