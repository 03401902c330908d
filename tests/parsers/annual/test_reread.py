"""Second readings of the same printed cells: taken only where exactly one of them satisfies every sum, and then marked."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parsers import parse
from parsers.model import Cell, Report
from tests.parsers.pages_by_hand import APPLICANTS, ROWS, applications, disputes, numbers, page

N = numbers()
NAMES = [name for name, _, _ in ROWS]


def three(report: Report) -> dict[tuple[str, str | None], Cell]:
    """The cells of table 三."""
    return {(c.indicator, c.applicant): c for c in report.cells if c.table == "applications"}


def verdict(report: Report, table: str = "applications") -> str:
    """Its verdict."""
    return next(t.verdict for t in report.tables if t.table == table)


def nothing_left_over() -> dict[tuple[str, str], object]:
    """The same table with nothing carried forward: of 12 + 3 persons' requests 4 more are disclosed."""
    cells = dict(N)
    for who in ("natural_person", "total"):
        for name in ("disclosed", "concluded"):
            cells[name, who] = int(str(N[name, who])) + 4
        cells["carried_forward", who] = 0
    return cells


def total_one_row_too_low() -> dict[tuple[str, str], object]:
    """（七）总计 is blank and its values stand beside 四, whose zeros they overprint."""
    cells = nothing_left_over()
    return (
        cells | {("carried_forward", who): cells["concluded", who] for who in APPLICANTS} | {("concluded", who): "" for who in APPLICANTS}
    )


def test_a_row_printed_one_too_low_is_read_where_the_sums_put_it() -> None:
    """As printed 15 + 0 requests would be no outcomes and 15 left open; only one shift makes every sum hold."""
    true = nothing_left_over()
    report = parse(page(three=applications(total_one_row_too_low())))
    cells = three(report)
    assert verdict(report) == "proved_blank_as_zero"
    read = {k: c.value for k, c in cells.items() if c.value is not None}
    assert read == {k: v for k, v in true.items() if k[0] != "carried_forward"}
    assert {c.status for k, c in cells.items() if k[0] == "carried_forward"} == {"blank"}, "no 0 is made up for it"
    assert "reread" in (cells["concluded", "natural_person"].note or "")
    assert cells["new_requests", "natural_person"].note is None, "a row that was right is not marked"


def test_a_reread_cell_points_at_the_text_it_was_read_from() -> None:
    """（七）总计 is read from beside 四."""
    plain = parse(page(three=applications(nothing_left_over())))
    moved = parse(page(three=applications(total_one_row_too_low())))
    cell = three(moved)["concluded", "natural_person"]
    assert (cell.value, cell.raw) == (15, "15")
    assert cell.locator == three(plain)["carried_forward", "natural_person"].locator


def test_a_shift_among_the_outcomes_alone_is_never_undone() -> None:
    """Which outcome a number belongs to no sum can tell: a blank row among them moves nothing."""
    cells = dict(N)
    for above, name in (("partially_disclosed", "disclosed"), ("refused_state_secret", "partially_disclosed")):
        cells |= {(above, who): N[name, who] for who in APPLICANTS}
    cells |= {("disclosed", who): "" for who in APPLICANTS}
    report = parse(page(three=applications(cells)))
    assert {k: c.value for k, c in three(report).items()} == {k: None if v == "" else v for k, v in cells.items()}
    assert not [c for c in report.cells if c.note]


def test_a_shift_that_two_readings_would_mend_is_left_as_printed() -> None:
    """Two blank rows and one false row: either could be its place, so nothing is moved."""
    cells: dict[tuple[str, str], object] = dict(N)
    for who in APPLICANTS:
        cells["disclosed", who] = ""
        cells["refused_law_prohibited", who] = ""
        cells["partially_disclosed", who] = N["partially_disclosed", who]
        cells["refused_state_secret", who] = N["disclosed", who]
    report = parse(page(three=applications(cells)))
    assert {k: c.value for k, c in three(report).items()} == {k: v if v != "" else None for k, v in cells.items()}
    assert not [c for c in report.cells if c.note]


def test_a_page_that_is_wrong_in_itself_keeps_its_numbers() -> None:
    cells = N | {("disclosed", "natural_person"): 55}
    report = parse(page(three=applications(cells)))
    assert verdict(report) == "contradicted"
    assert {k: c.value for k, c in three(report).items()} == cells
    assert not [c for c in report.cells if c.note]


@pytest.mark.parametrize(
    "printed",
    [
        {"carried_over": 1, "other_misc": "", "concluded": 1, "carried_forward": 1},
        {"carried_over": 1, "partially_disclosed": 1, "other_misc": "", "carried_forward": 1},
        {"new_requests": 2, "disclosed": 1, "other_misc": 1, "concluded": 1, "carried_forward": ""},
        {"new_requests": 20, "carried_over": 10, "concluded": 30, "carried_forward": ""},
    ],
)
def test_a_small_false_number_moves_no_rows(printed: dict[str, object]) -> None:
    """One shift makes every sum hold, but so does one other number, or outcomes that were not filled in: nothing is moved."""
    cells: dict[tuple[str, str], object] = dict.fromkeys(N, 0)
    for name, value in printed.items():
        cells |= {(name, who): value if who in ("natural_person", "total") or value == "" else 0 for who in APPLICANTS}
    report = parse(page(three=applications(cells)))
    assert verdict(report) == "contradicted"
    assert {k: c.value for k, c in three(report).items()} == {k: None if v == "" else v for k, v in cells.items()}


def surplus(row: str, at: int) -> str:
    """Table 三 with one blank cell too many in a row, before the value number ``at``."""
    label = next(label for name, label, _ in ROWS if name == row)
    table = applications()
    start = table.index(label)
    end = table.index("</tr>", start)
    values = re.findall(r"<td>\d+</td>", table[start:end])
    new = "".join([*values[:at], "<td>&nbsp;</td>", *values[at:]])
    return table[:start] + table[start:end].replace("".join(values), new) + table[end:]


def test_a_surplus_blank_cell_in_a_row_moves_no_number() -> None:
    for at in range(8):
        report = parse(page(three=surplus("new_requests", at)))
        assert {k: c.value for k, c in three(report).items()} == N, at
        assert verdict(report) == "proved"


def test_surplus_blanks_in_table_four() -> None:
    for at in range(16):
        values = [1, 2, 0, 4, 7, 5, 0, 0, 0, 5, 0, 1, 0, 2, 3]
        four = disputes([*values[:at], "&nbsp;", *values[at:]])
        report = parse(page(four=four))
        read = [c.value for c in report.cells if c.table == "disputes" and c.value is not None]
        assert read in (values, []), at


@given(st.data())
@settings(max_examples=30, deadline=None)
def test_no_printed_number_is_changed_added_or_dropped(data: st.DataObject) -> None:
    """Whatever is blank and whatever is false: each value is the number of the text it points at, each text is read once."""
    cells: dict[tuple[str, str], object] = dict(N)
    for name in data.draw(st.lists(st.sampled_from(NAMES), max_size=3, unique=True)):
        cells |= {(name, who): "" for who in APPLICANTS}
    for key in data.draw(st.lists(st.sampled_from(sorted(N)), max_size=2, unique=True)):
        cells[key] = data.draw(st.integers(0, 30))
    report = parse(page(three=applications(cells)))
    read = three(report).values()
    assert sorted(c.raw or "" for c in read) == sorted(str(v) for v in cells.values())
    assert all(str(c.value if c.value is not None else "") == c.raw for c in read)
    assert len({c.locator for c in read}) == 175
    if all(c.note is None for c in read):
        assert {k: c.raw for k, c in three(report).items()} == {k: str(v) for k, v in cells.items()}


def without_head(cells: dict[tuple[str, str], object], *, totals_first: bool) -> Report:
    """Table three without a head; ``applications`` prints the columns in the form's order."""
    order = [APPLICANTS[-1], *APPLICANTS[:-1]] if totals_first else list(APPLICANTS)
    printed = {(name, place): cells[name, who] for name in NAMES for place, who in zip(APPLICANTS, order, strict=True)}
    return parse(page(three=applications(printed, head="")))


def test_totals_that_stand_first_under_no_head() -> None:
    for first in (True, False):
        report = without_head(N, totals_first=first)
        assert verdict(report) == "proved"
        assert {key: cell.value for key, cell in three(report).items()} == N


def test_under_no_head_a_false_sum_leaves_the_order_of_the_columns_open_only_where_totals_may_stand_first() -> None:
    false = N | {("carried_forward", "natural_person"): 1 + int(str(N["carried_forward", "natural_person"]))}
    report = without_head(false, totals_first=False)
    assert verdict(report) == "contradicted"
    assert {key: cell.value for key, cell in three(report).items()} == false
    report = without_head(false, totals_first=True)
    assert verdict(report) == "contradicted"
    assert {cell.status for cell in three(report).values()} == {"unreadable"}
