"""Tables without drawn lines: heads, columns and rows told by where texts stand."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from parsers.carriers.page.bands import row_bands
from parsers.carriers.page.cuts import Side
from parsers.carriers.page.glyphs import Glyph, Ruling, is_wide
from parsers.carriers.page.lattice import Lattice
from parsers.carriers.page.layout import lines_of
from parsers.carriers.page.seams import seamed_tables
from parsers.carriers.page.texts import Text, text_of
from parsers.carriers.page.unruled import part_tables
from parsers.carriers.page.uprights import upright_tables

Put = tuple[float, float, str]  # x, baseline, text
SIZE = 10.0


def glyphs(puts: Sequence[Put]) -> list[Glyph]:
    """Texts set in 10 points: Chinese characters a full em wide, others half an em."""
    found = []
    for x, base, text in puts:
        for char in text:
            width = SIZE if is_wide(char) else SIZE / 2
            found.append(Glyph(char, x, x + width, base, SIZE))
            x += width
    return found


def read(puts: Sequence[Put]) -> list[list[str]]:
    """The rows of the tables that the texts are, each as what its cells say."""
    rows: list[list[str]] = []
    for part in part_tables(lines_of(glyphs(puts), 1, 842.0), {}):
        if isinstance(part, Lattice):
            rows.extend([cell.text for cell in part.cells if cell.row == row] for row in range(part.n_rows))
    return rows


def row(base: float, label: str, values: Sequence[str], xs: Sequence[float]) -> list[Put]:
    return [(60.0, base, label), *((x, base, value) for x, value in zip(xs, values, strict=True) if value)]


def test_heads_of_neighbouring_columns_that_wrap_with_much_white_are_whole() -> None:
    # The lines of a cell stand 2.1 ems apart, as an office program sets them.
    head = [(200.0, 100.0, "科研机"), (260.0, 100.0, "社会公益"), (200.0, 121.0, "构"), (260.0, 121.0, "组织"), (330.0, 121.0, "总计")]
    body = [*row(150, "一、新收", "123", (210, 270, 335)), *row(170, "二、结转", "456", (210, 270, 335))]
    assert read([*head, *body]) == [["", "科研机构", "社会公益组织", "总计"], ["一、新收", "1", "2", "3"], ["二、结转", "4", "5", "6"]]


def test_lines_of_the_corner_between_those_of_the_heads_belong_to_the_head() -> None:
    head = [(240.0, 100.0, "申请人情况"), (60.0, 126.0, "第一项加第二项"), (200.0, 137.0, "自然人"), (300.0, 137.0, "总计")]
    body = [*row(160, "一、新收", "13", (210, 305)), *row(180, "二、结转", "46", (210, 305))]
    assert read([*head, *body]) == [
        ["申请人情况"],
        ["第一项加第二项", "自然人", "总计"],
        ["一、新收", "1", "3"],
        ["二、结转", "4", "6"],
    ]


def test_a_head_over_the_gap_between_two_columns_heads_neither() -> None:
    heads = [(60.0, "维持"), (110.0, "总计"), (150.0, "结果维持"), (220.0, "总计")]
    head = [(70.0, 100.0, "复议"), (120.0, 100.0, "行政诉讼"), *((x, 120.0, text) for x, text in heads)]
    values = [(x + 5, 140.0, value) for (x, _), value in zip(heads, ("11", "12", "13", "14"), strict=True)]
    assert read([*head, *values])[1:] == [["维持", "总计", "结果维持", "总计"], ["11", "12", "13", "14"]]


def test_numbers_beside_the_middle_of_their_head_are_under_it() -> None:
    """Numbers set to the left, dashes under the middle, a number over both: one column."""
    head = [(60.0, 100.0, "指标"), (200.0, 100.0, "单位"), (281.0, 100.0, "统计数")]
    labels = [("一、情况", "—"), ("（一）收到数", "件"), ("（二）办结数", "件"), ("二、费用", "—"), ("（三）会议", "次")]
    puts = [put for i, (label, unit) in enumerate(labels, 1) for put in row(100 + 25 * i, label, [unit], [205])]
    numbers = [(290.0, 125.0, "—"), (228.0, 150.0, "12345"), (228.0, 175.0, "54321543215432"), (290.0, 200.0, "—"), (228.0, 225.0, "7")]
    found = read([*head, *puts, *numbers])
    assert [cells[2:] for cells in found[1:]] == [["—"], ["12345"], ["54321543215432"], ["—"], ["7"]]


def test_a_label_with_values_of_its_own_is_no_group_of_the_row_above() -> None:
    xs = (250.0, 300.0)
    head = [(245.0, 100.0, "自然人"), (298.0, 100.0, "总计")]
    body = [
        (60.0, 120.0, "（六）其他处理"), (150.0, 120.0, "1.逾期"), (250.0, 120.0, "1"), (300.0, 120.0, "1"),
        (150.0, 132.0, "2.其他"), (250.0, 132.0, "2"), (300.0, 132.0, "2"),
        *row(144, "（七）总计", "33", xs),
        *row(156, "四、结转", "44", xs),
    ]  # fmt: skip
    assert [cells[-3:] for cells in read([*head, *body])[-2:]] == [["（七）总计", "3", "3"], ["四、结转", "4", "4"]]


def test_level_lines_with_heads_and_their_values_between_them_part_no_rows() -> None:
    edges = (60.0, 160.0, 260.0, 360.0)
    levels = [Ruling(y, x0, x1) for y in (100.0, 160.0) for x0, x1 in pairwise(edges)]
    head, values = [(x, 115.0, "维持") for x in edges[:3]], [(x, 140.0, "12") for x in edges[:3]]
    assert list(seamed_tables(levels, (), glyphs([*head, *values]))) == []
    assert len(list(seamed_tables([*levels, *(Ruling(125.0, x, x + 100) for x in edges[:3])], (), glyphs([*head, *values])))) == 1


def test_items_stay_apart_where_only_the_line_at_one_side_begins_anew() -> None:
    tops = (100.0, 120.0, 140.0)
    stems = [Ruling(60.0, 100.0, 160.0), *(Ruling(x, y, y + 20) for x in (200.0, 260.0) for y in tops)]
    labels = [(70.0, y + 13, f"{i}.其他事项") for i, y in enumerate(tops, 1)]
    values = [(220.0, y + 13, str(i)) for i, y in enumerate(tops, 4)]
    ((levels, _),) = upright_tables(stems, glyphs([*labels, *values]))
    assert {level.at for level in levels if level.start == 60.0} == {100.0, 120.0, 140.0, 160.0}


def test_numbers_and_marks_under_one_head_are_one_column() -> None:
    # Numbers are set at the left, marks and the head in the middle of a wide column.
    puts = [(60.0, 100.0, "统计指标"), (260.0, 100.0, "单位"), (322.0, 100.0, "统计数")]
    values = ("—", "621501234", "8", "8532455", "—", "10")
    for i, value in enumerate(values, 1):
        unit, x = ("—", 332.0) if value == "—" else ("件", 292.0)
        puts += [(60.0, 100.0 + 20 * i, f"{i}.主动公开情况"), (265.0, 100.0 + 20 * i, unit), (x, 100.0 + 20 * i, value)]
    assert [cells[-1] for cells in read(puts)] == ["统计数", *values]


def test_a_head_printed_again_below_a_page_break_parts_no_row() -> None:
    head = [(200.0, 100.0, "自然人"), (260.0, 100.0, "总计")]
    upper = [*head, *row(120, "一、新收", ("12", "12"), (205, 262)), *row(140, "二、结转未办的", ("13", "25837"), (205, 262))]
    lower = [*head, *row(115, "申请", ("", "4"), (205, 262)), *row(140, "三、办结", ("9", "9"), (205, 262))]
    lines = [line for page, puts in enumerate((upper, lower), 1) for line in lines_of(glyphs(puts), page, 842.0)]
    (table,) = part_tables(lines, {})
    assert isinstance(table, Lattice)
    labels = [cell.text for cell in table.cells if cell.col == 0 and cell.row > 0]
    assert labels == ["一、新收", "二、结转未办的申请", "三、办结"]


def test_a_line_of_a_groups_label_begins_no_row_of_its_own_for_sure() -> None:
    # Cells set at their feet: beside the first line of two numbers the label of a group begins.
    def texts(puts: Sequence[Put]) -> list[Text]:
        return [text_of(glyphs([put])) for put in puts]

    labels = texts([(60.0, 100.0, "一、新收"), (60.0, 120.0, "三、本"), (100.0, 132.0, "（一）予以"), (100.0, 150.0, "（二）部分")])
    values = [(205.0, 100.0, "12"), (230.0, 100.0, "7"), (205.0, 120.0, "9623"), (205.0, 132.0, "6"), (230.0, 132.0, "7")]
    side = Side([(200.0, 228.0), (228.0, 260.0)], [20.0, 20.0], 170.0, ())
    bands, _ = row_bands(labels, texts([*values, (205.0, 150.0, "5"), (230.0, 150.0, "5")]), side)
    assert not any(band.sure for band in bands if {"9623", "6"} & {value.text for value in band.values})


def test_upright_lines_between_columns_alone_have_columns_at_both_sides() -> None:
    tops = (100.0, 120.0, 140.0)
    stems = [Ruling(x, y, y + 20) for x in (200.0, 260.0) for y in tops]
    puts = [(60.0, 113.0, "项目"), (215.0, 113.0, "自然人"), (275.0, 113.0, "总计")]
    puts += [(60.0, 133.0, "1.新收"), (220.0, 133.0, "7"), (280.0, 133.0, "8"), (60.0, 153.0, "2.结转"), (280.0, 153.0, "9")]
    ((levels, uprights),) = upright_tables(stems, glyphs(puts))
    assert {round(stem.at) for stem in uprights} == {59, 200, 260, 296}
    assert {(round(level.start), round(level.end)) for level in levels} == {(59, 200), (200, 260), (260, 296)}
