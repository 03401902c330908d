"""The grid of a table: the WHATWG algorithm for forming a table, worked out by hand and on random tables."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parsers.document import TableCell
from parsers.grid import MAX_SLOTS, Grid, Origin, TableTooLarge, form_grid, span


def picture(*rows: str) -> Grid:
    """A grid from rows of cells like ``a b:2x1``: text, then colspan x rowspan."""
    return form_grid([[_cell(word) for word in row.split()] for row in rows])


def _cell(word: str) -> TableCell:
    text, _, spans = word.partition(":")
    across, _, down = spans.partition("x")
    return TableCell(text, int(across or 1), int(down or 1))


def drawn(grid: Grid, *rows: str) -> list[str]:
    """The grid as one word a row, a letter a slot, ``.`` where no cell reaches."""
    letters = [[word.partition(":")[0] for word in row.split()] for row in rows]
    return ["".join("." if o is None else letters[o.row][o.cell] for o in line) for line in grid.slots]


def test_rows_without_spans_are_their_own_grid() -> None:
    rows = ("a b c", "d e f")
    grid = picture(*rows)
    assert drawn(grid, *rows) == ["abc", "def"]
    assert grid.width == 3
    assert not grid.overlaps


def test_a_rowspan_pushes_the_cells_of_the_rows_below_to_the_right() -> None:
    rows = ("a:1x3 b", "c", "d")
    assert drawn(picture(*rows), *rows) == ["ab", "ac", "ad"]


def test_the_head_of_the_form() -> None:
    """A corner of 3 x 3, 申请人情况 over all, 自然人 and 总计 over two rows, five organisations between."""
    rows = ("k:3x3 s:7x1", "n:1x2 f:5x1 t:1x2", "b r p l o")
    assert drawn(picture(*rows), *rows) == ["kkksssssss", "kkknffffft", "kkknbrplot"]


def test_cells_flow_around_a_span_in_the_middle() -> None:
    rows = ("a b:1x2 c", "d e", "f g h")
    assert drawn(picture(*rows), *rows) == ["abc", "dbe", "fgh"]


def test_a_short_row_is_filled_with_nothing() -> None:
    rows = ("a b c", "d")
    assert drawn(picture(*rows), *rows) == ["abc", "d.."]


def test_a_long_row_widens_the_whole_table() -> None:
    rows = ("a", "b c d", "e f")
    grid = picture(*rows)
    assert drawn(grid, *rows) == ["a..", "bcd", "ef."]
    assert {len(line) for line in grid.slots} == {grid.width} == {3}


def test_a_rowspan_past_the_last_row_adds_no_row() -> None:
    rows = ("a:1x9 b", "c")
    assert drawn(picture(*rows), *rows) == ["ab", "ac"]


def test_a_rowspan_one_too_long_moves_the_next_row() -> None:
    rows = ("a:1x3 b", "c", "d e")
    assert drawn(picture(*rows), *rows) == ["ab.", "ac.", "ade"]


def test_overlapping_cells_are_told_and_the_first_keeps_the_slot() -> None:
    """``c`` begins in column 0 of row 1 and is two wide; column 1 is taken by the rowspan of ``b``."""
    rows = ("a b:1x2", "c:2x1")
    grid = picture(*rows)
    assert grid.overlaps
    assert drawn(grid, *rows) == ["ab", "cb"]


def test_an_empty_table_and_empty_rows() -> None:
    assert form_grid([]).slots == ()
    assert form_grid([]).width == 0
    grid = form_grid([[], [TableCell("a")], []])
    assert grid.slots == ((None,), (Origin(1, 0),), (None,))


def test_an_empty_row_is_still_reached_by_the_spans_above() -> None:
    grid = form_grid([[TableCell("a", 1, 2)], []])
    assert grid.slots == ((Origin(0, 0),), (Origin(0, 0),))


def test_columns_of_a_cell() -> None:
    grid = picture("a:1x2 b:3x1", "c:2x1 d")
    assert grid.columns_of(0, 0) == (0, 1)
    assert grid.columns_of(0, 1) == (1, 4)
    assert grid.columns_of(1, 0) == (1, 3)
    assert grid.columns_of(1, 1) == (3, 4)


@pytest.mark.parametrize(
    ("printed", "number"),
    [
        (None, 1),
        ("", 1),
        ("1", 1),
        ("3", 3),
        (" 3", 3),
        ("3 ", 3),
        ("3%", 3),
        ("3px", 3),
        ("2.9", 2),
        ("0", 1),
        ("00", 1),
        ("-2", 1),
        ("two", 1),
        ("％", 1),
        ("二", 1),
        ("２", 1),
        ("&nbsp;", 1),
        ("007", 7),
        ("+3", 3),
    ],
)
def test_span_attributes_as_browsers_read_them(printed: str | None, number: int) -> None:
    """HTML Standard 2.3.4.2, rules for parsing non-negative integers; an error, and 0, count as 1."""
    assert span(printed) == number


@pytest.mark.parametrize("printed", ["1001", "99999", "999999", "1000000", "9" * 40])
def test_spans_are_capped(printed: str) -> None:
    assert span(printed) == 1000


def test_a_table_of_a_hundred_thousand_slots_is_read_and_one_more_is_refused() -> None:
    row = [TableCell("", 1000)]
    assert form_grid([row] * 100).width == 1000
    assert MAX_SLOTS == 100_000
    with pytest.raises(TableTooLarge, match="100000"):
        form_grid([row] * 101)


def test_a_few_cells_with_huge_spans_are_refused_before_they_cost_memory() -> None:
    with pytest.raises(TableTooLarge):
        form_grid([[TableCell("", 1000, 1000)] * 2] * 500)


def test_padding_counts_as_slots() -> None:
    """One wide row makes all the others wide: 1,001 rows of 1,000 columns, nearly all of them empty."""
    with pytest.raises(TableTooLarge):
        form_grid([[TableCell("", 1000)], *([TableCell("x")] for _ in range(1000))])


_CELLS = st.builds(TableCell, st.just("x"), st.integers(1, 4), st.integers(1, 4))
_TABLES = st.lists(st.lists(_CELLS, max_size=5), max_size=7)


@given(_TABLES)
@settings(max_examples=200, deadline=None)
def test_every_cell_has_its_place_and_every_row_the_same_width(rows: list[list[TableCell]]) -> None:
    grid = form_grid(rows)
    assert len(grid.slots) == len(rows)
    assert {len(line) for line in grid.slots} <= {grid.width}
    for y, row in enumerate(rows):
        for c, _ in enumerate(row):
            x0, x1 = grid.columns_of(y, c)
            assert x1 > x0, "a cell always gets the slot it begins in"


@given(_TABLES)
@settings(max_examples=200, deadline=None)
def test_slots_are_as_the_standard_says(rows: list[list[TableCell]]) -> None:
    """Against the standard's steps written down as plainly as can be, over a set of coordinates."""
    covers: dict[tuple[int, int], list[Origin]] = {}
    for y, row in enumerate(rows):
        x = 0
        for c, cell in enumerate(row):
            while (x, y) in covers:
                x += 1
            for dx in range(cell.colspan):
                for dy in range(min(cell.rowspan, len(rows) - y)):
                    covers.setdefault((x + dx, y + dy), []).append(Origin(y, c))
            x += cell.colspan
    grid = form_grid(rows)
    found = {(x, y): o for y, line in enumerate(grid.slots) for x, o in enumerate(line) if o is not None}
    assert set(found) == set(covers), "no slot lost, none added"
    assert all(found[place] == origins[0] for place, origins in covers.items())
    assert grid.overlaps == any(len(origins) > 1 for origins in covers.values())


@given(_TABLES)
@settings(max_examples=100, deadline=None)
def test_cells_of_a_row_keep_their_order(rows: list[list[TableCell]]) -> None:
    grid = form_grid(rows)
    for y, row in enumerate(rows):
        starts = [grid.columns_of(y, c)[0] for c in range(len(row))]
        assert starts == sorted(set(starts))


@given(st.text(max_size=12))
def test_a_span_attribute_is_always_a_sane_number(printed: str) -> None:
    assert 1 <= span(printed) <= 1000
