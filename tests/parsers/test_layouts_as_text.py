"""The layouts of ``layouts_by_hand`` saved as text, in the ways tools write tables: nothing wrong, and most of it read."""

from __future__ import annotations

from itertools import product

import pytest

from parsers import parse
from parsers.carriers.html import read_html
from parsers.document import Paragraph, Table
from parsers.grid import Origin, form_grid
from parsers.model import Report
from tests.parsers.layouts_by_hand import (
    FOUR,
    FOUR_LAYOUTS,
    NAMES_FOUR,
    THREE,
    THREE_AND_A_COLUMN,
    THREE_REORDERED,
    TWO,
    N,
)
from tests.parsers.pages_by_hand import page

# cells in source order, spans lost: joined by pipes or tabs, closed by pipes, as Markdown;
# by grid column: a spanned cell once (grid), or once for each column and row (repeated)
STYLES = ("joined", "tabs", "closed", "markdown", "grid", "repeated")
TRUTH: dict[tuple[str, str, str | None], object] = {
    **{("applications", name, who): value for (name, who), value in N.items()},
    **{("disputes", name, None): value for name, value in zip(NAMES_FOUR, FOUR, strict=True)},
}
PROACTIVE = [0, 0, 0, 3, 1, 8, 9487, 2776, 84, 96171.6]
LAYOUTS = {
    **{f"two {name}": {"two": table} for name, table in TWO.items()},
    **{f"three {name}": {"three": table} for name, table in {**THREE, **THREE_AND_A_COLUMN, **THREE_REORDERED}.items()},
    **{f"four {name}": {"four": table} for name, table in FOUR_LAYOUTS.items()},
}


def rows_of(table: Table, style: str) -> list[list[str]]:
    """The texts of a table as a tool writes them."""
    if style not in ("grid", "repeated"):
        return [[cell.text for cell in row] for row in table.rows]
    seen: set[Origin | None] = {None}
    rows = []
    for line in form_grid(table.rows).slots:
        row = []
        for origin in line:
            text = "" if origin is None else table.rows[origin.row][origin.cell].text
            row.append("" if style == "grid" and origin in seen else text)
            seen.add(origin)
        rows.append(row)
    return rows


def as_text(body: bytes, style: str) -> bytes:
    """The page as text."""
    lines: list[str] = []
    for block in read_html(body, "utf-8").blocks:
        if isinstance(block, Paragraph):
            lines.append(block.text)
            continue
        rows = rows_of(block, style)
        if style == "markdown":
            width = max(map(len, rows))
            rows = [[*row, *[""] * (width - len(row))] for row in rows]
            table = [f"| {' | '.join(row)} |" for row in rows]
            lines += [table[0], "|" + "---|" * width, *table[1:]]
        elif style == "closed":
            lines += ["".join(f"{text} |" for text in row) for row in rows]
        else:
            lines += [("\t" if style == "tabs" else " | ").join(row) for row in rows]
    return "\n".join(lines).encode()


def wrong(report: Report) -> list[tuple[str, str, str | None, object]]:
    """Values that are not the page's."""
    two = [c for c in report.cells if c.table == "proactive"]
    names = {**TRUTH, **{(c.table, c.indicator, None): v for c, v in zip(two, PROACTIVE, strict=False)}}
    return [(*c[:3], c.value) for c in report.cells if c.value is not None and names.get(c[:3]) != c.value]


@pytest.mark.parametrize(("layout", "style"), product(LAYOUTS, STYLES))
def test_a_layout_saved_as_text_has_no_wrong_number(layout: str, style: str) -> None:
    report = parse(as_text(page(**LAYOUTS[layout]), style))
    assert (report.kind, report.form, report.report_year) == ("text", "2021", 2023)
    assert wrong(report) == []


@pytest.mark.parametrize("style", STYLES)
def test_the_plain_page_saved_as_text_is_read_whole(style: str) -> None:
    report = parse(as_text(page(), style))
    assert {c[:3]: c.value for c in report.cells if c.table != "proactive"} == TRUTH
    assert [c.value for c in report.cells if c.table == "proactive"] == PROACTIVE
    assert [t.verdict for t in report.tables] == ["unproved", "proved", "proved"]


@pytest.mark.parametrize("style", STYLES)
def test_a_false_sum_saved_as_text_is_contradicted(style: str) -> None:
    body = page().replace(b"<td>5</td><td>1</td>", b"<td>9</td><td>1</td>", 1)
    report = parse(as_text(body, style))
    assert [t.verdict for t in report.tables] == ["unproved", "contradicted", "proved"]
    assert wrong(report) == [("applications", "disclosed", "natural_person", 9)]


@pytest.mark.parametrize("style", STYLES)
def test_blank_zeros_saved_as_text_stay_blank(style: str) -> None:
    """Rows that end in blanks, rows of nothing but blanks: no number moves into a blank."""
    body = page().replace(b"<td>0</td>", b"<td>&nbsp;</td>")
    report = parse(as_text(body, style))
    assert wrong(report) == []
    cells = {c[:3]: c for c in report.cells if c.table == "applications"}
    read = {key: c.value for key, c in cells.items() if c.value is not None}
    assert set(read) <= {key for key, value in TRUTH.items() if value}
    assert {c.status for key, c in cells.items() if TRUTH[key] == 0} <= {"blank", "absent"}
