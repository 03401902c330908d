"""Values in tables without lines whose place the print leaves open are given up; the others are read."""

from __future__ import annotations

from collections.abc import Sequence

from parsers.carriers.page.glyphs import Glyph
from parsers.carriers.page.lattice import Lattice
from parsers.carriers.page.layout import lines_of
from parsers.carriers.page.unruled import part_tables
from parsers.document import OPEN
from parsers.values import read_value

SIZE = 10.0
HEADS = ((20, "内容"), (120, "甲数"), (180, "乙数"), (240, "丙数"))
Print = Sequence[tuple[float, Sequence[tuple[float, str]]]]  # height of the line; x and text of its pieces


def _rows(printed: Print) -> dict[str, list[str]]:
    """The values of each labelled row of the one table; {} where none is found."""
    glyphs = []
    for base, pieces in printed:
        for x, text in pieces:
            for char in text:
                width = SIZE if ord(char) > 127 else SIZE / 2
                glyphs.append(Glyph(char, x, x + width, base, SIZE))
                x += width
    tables = [part for part in part_tables(lines_of(glyphs, 1, 842.0), {}) if isinstance(part, Lattice)]
    found: dict[str, list[str]] = {}
    for table in tables:
        for row in range(table.n_rows):
            cells = [cell.text for cell in table.cells if cell.row == row]
            if cells[0]:
                found[cells[0]] = cells[1:]
    return found


def _given_up(text: str) -> bool:
    return OPEN.strip() in text and read_value(text).status == "unreadable"


def test_values_under_their_heads_are_read() -> None:
    full, with_blank = ((20, "1.甲类"), (120, "12"), (180, "3"), (240, "4")), ((20, "2.乙类"), (120, "5"), (240, "7"))
    rows = _rows([(100, HEADS), (120, full), (140, with_blank)])
    assert rows["1.甲类"] == ["12", "3", "4"]
    assert rows["2.乙类"] == ["5", "", "7"]


def test_a_number_that_may_go_on_below_is_no_number() -> None:
    rows = _rows(
        [
            (100, HEADS),
            (120, ((20, "1.甲类"), (120, "1071"), (180, "3"), (240, "6222"))),
            (132, ((120, "7"), (240, "8"))),
            (160, ((20, "2.乙类"), (120, "5"), (180, "6"), (240, "7"))),
        ]
    )
    first, _, last = rows["1.甲类"]
    assert _given_up(first)
    assert "1071" in first
    assert "7" in first
    assert _given_up(last)
    assert rows["1.甲类"][1] == "3"
    assert rows["2.乙类"] == ["5", "6", "7"]


def test_a_row_beside_the_second_line_of_a_label_is_no_row() -> None:
    label = "1.要求行政机关确认"
    rows = _rows(
        [
            (100, HEADS),
            (120, ((20, label), (120, "1071"), (180, "3"), (240, "622"))),
            (132, ((20, "或出具"), (120, "7"), (240, "8"))),
            (160, ((20, "2.乙类"), (120, "5"), (180, "6"), (240, "7"))),
        ]
    )
    values = [value for name, row in rows.items() if name.startswith("1.") or name == "或出具" for value in row if read_value(value).number]
    assert values in ([], ["3"])
    assert rows["2.乙类"] == ["5", "6", "7"]


def test_a_number_over_a_blank_neighbour_may_be_of_either() -> None:
    rows = _rows(
        [
            (100, HEADS),
            (120, ((20, "1.甲类"), (120, "12"), (180, "3"), (240, "4"))),
            (140, ((20, "2.乙类"), (120, "123456789012"), (240, "7"))),
            (160, ((20, "3.丙类"), (120, "1"), (180, "2"), (240, "3"))),
        ]
    )
    assert [_given_up(text) for text in rows["2.乙类"]] == [True, True, False]
    assert rows["3.丙类"] == ["1", "2", "3"]


def test_heads_that_run_together_do_not_name_columns() -> None:
    heads = (20, "内容"), (120, "甲数"), (180, "乙某某某某丙数"), (330, "丁数")
    rows = [(base, ((20, name), (120, "1"), (185, "2"), (235, "3"), (335, "4"))) for base, name in ((120, "1.甲类"), (140, "2.乙类"))]
    assert _rows([(100, heads), *rows]) == {}


def test_a_row_without_a_label_leaves_the_rows_around_it_open() -> None:
    rows = _rows(
        [
            (100, HEADS),
            (120, ((20, "1.甲类"), (120, "12"), (180, "3"), (240, "4"))),
            (150, ((120, "5"), (180, "6"), (240, "7"))),
            (180, ((20, "3.丙类"), (120, "1"), (180, "2"), (240, "3"))),
            (210, ((20, "4.丁类"), (120, "8"), (180, "9"), (240, "0"))),
        ]
    )
    assert all(_given_up(text) for name in ("1.甲类", "3.丙类") for text in rows[name])
    assert rows["4.丁类"] == ["8", "9", "0"]


def test_a_value_far_from_the_only_head_is_not_lost() -> None:
    heads = ((20, "内容"), (120, "甲数"))
    rows = _rows([(100, heads), (120, ((20, "1.甲类"), (420, "1633"))), (140, ((20, "2.乙类"), (425, "228")))])
    assert [rows["1.甲类"], rows["2.乙类"]] == [["1633"], ["228"]]


def test_values_at_the_left_of_their_column_do_not_take_the_head_of_the_labels() -> None:
    heads = ((60, "内容"), (300, "甲数"))
    rows = _rows([(100, heads), (120, ((20, "1.甲类"), (140, "1633"))), (140, ((20, "2.乙类"), (140, "228")))])
    assert all("" not in values for values in rows.values())


def test_a_head_of_several_columns_over_a_gap_is_no_column() -> None:
    heads = ((20, "内容"), (100, "甲数"), (240, "乙数"))
    body = [(120, ((20, "1.甲类"), (100, "16"), (215, "8"))), (140, ((20, "2.乙类"), (100, "2"), (215, "3")))]
    assert all("" not in values for values in _rows([(90, ((150, "第一项"),)), (100, heads), *body]).values())


def test_a_label_that_holds_two_numbered_labels_gives_its_row_up() -> None:
    first = ((20, "（一）甲（二）乙"), (120, "12"), (180, "3"), (240, "4"))
    rows = _rows([(100, HEADS), (120, first), (140, ((20, "（三）丙"), (120, "5"), (180, "6"), (240, "7")))])
    assert all(map(_given_up, rows["（一）甲（二）乙"]))
    assert rows["（三）丙"] == ["5", "6", "7"]
