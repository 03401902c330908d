"""Printed lines of labels and values are cut into rows; a row that other cuts read otherwise is not sure."""

from __future__ import annotations

from collections.abc import Sequence

from parsers.carriers.page.bands import row_bands
from parsers.carriers.page.cuts import Side, fills
from parsers.carriers.page.glyphs import Box
from parsers.carriers.page.texts import Text

SIZE = 10.0
COLUMNS = ((100.0, 140.0), (140.0, 180.0))


def _text(text: str, x: float, base: float, page: int = 1) -> Text:
    width = sum(SIZE if ord(char) > 127 else SIZE / 2 for char in text)
    return Text(text, Box(x, base - 8.5, x + width, base + 1.5), base, SIZE, text.isdecimal(), page)


def _rows(labels: Sequence[Text], values: Sequence[Text]) -> list[tuple[str, list[str], bool]]:
    bands, _ = row_bands(labels, values, Side(COLUMNS, (20.0, 20.0), 10.0, ()))
    return [("".join(t.text for t in band.label), [t.text for t in band.values], band.sure) for band in bands]


def _values(base: float, *said: str, page: int = 1) -> list[Text]:
    return [_text(text, 110.0 + 40 * i, base, page) for i, text in enumerate(said)]


def test_labels_of_two_lines_with_values_at_their_middle_top_or_foot() -> None:
    for down in (0.0, 6.0, 12.0):
        labels = [_text(text, 10, base) for text, base in (("1.甲甲甲甲甲", 100), ("乙乙", 112), ("2.丙丙丙丙丙", 130), ("丁丁", 142))]
        values = [*_values(100 + down, "5", "6"), *_values(130 + down, "7", "8")]
        assert _rows(labels, values) == [("1.甲甲甲甲甲乙乙", ["5", "6"], True), ("2.丙丙丙丙丙丁丁", ["7", "8"], True)]


def test_a_label_with_an_open_bracket_has_the_next_line_too() -> None:
    labels = [_text("1.甲甲甲（乙乙", 10, 100), _text("乙乙）", 10, 112), _text("2.丙丙", 10, 130)]
    first, second = _rows(labels, [*_values(100, "5", "6"), *_values(130, "7", "8")])
    assert first == ("1.甲甲甲（乙乙乙乙）", ["5", "6"], True)
    assert second[:2] == ("2.丙丙", ["7", "8"])


def test_a_label_goes_on_after_a_page_break() -> None:
    labels = [_text("1.甲甲甲甲甲", 10, 100), _text("乙乙", 10, 115, page=2), _text("2.丙丙", 10, 130, page=2)]
    rows = _rows(labels, [*_values(100, "5", "6"), *_values(130, "7", "8", page=2)])
    assert [row[:2] for row in rows] == [("1.甲甲甲甲甲乙乙", ["5", "6"]), ("2.丙丙", ["7", "8"])]


def test_values_without_a_label_leave_the_rows_around_them_unsure() -> None:
    labels = [_text("1.甲甲", 10, 100), _text("3.丙丙", 10, 160), _text("4.丁丁", 10, 190)]
    values = [value for base, said in ((100, "1"), (130, "2"), (160, "3"), (190, "4")) for value in _values(base, said, said)]
    assert [sure for _, _, sure in _rows(labels, values)] == [False, False, False, True]


def test_a_number_fills_its_column_where_no_other_digit_fits() -> None:
    assert fills(_text("12345", 110, 100), 0, COLUMNS)
    assert not fills(_text("123", 110, 100), 0, COLUMNS)
