"""Cell texts to values: every way numbers are printed, and the four things that are no number kept apart."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.labels import INVISIBLE
from parsers.numerals import chinese_number
from parsers.values import UNREADABLE, convert, read_value


def number_of(text: str) -> object:
    """The number, after checking that the text is read as one."""
    value = read_value(text)
    assert value.status == "reported", (text, value)
    return value.number


@pytest.mark.parametrize(
    "text", ["0", "±0", "+/-0", "增/减0", "０", " 0", "0\xa0", "\xa0\xa00", "零", "0件", "0.0", "0.00万元", "〇", "\u30000\u3000"]
)
def test_zero_is_a_printed_number(text: str) -> None:
    assert number_of(text) == 0


@pytest.mark.parametrize("text", ["", " ", "\xa0", "\xa0" * 7, "\u3000", "\n\t", "\ufeff", "\u200b", "\u2003\u2002"])
def test_blank_is_no_number(text: str) -> None:
    assert read_value(text) == ("blank", None, None, None)


@pytest.mark.parametrize(
    "text",
    [
        "/",
        "／",
        "-",
        "－",
        "—",
        "——",
        "⸺",  # one character as wide as two dashes
        "–",
        "―",
        "\\",
        "*",
        "无",
        "不涉及",
        "不适用",
        "无此项",
        "N/A",
        "n/a",
        "－－",
        "--",
        "— —",
        "/ /",
        "（无）",
        "…",
        "×",
        "无\xa0",
    ],
)
def test_marks_are_no_number_and_no_blank(text: str) -> None:
    value = read_value(text)
    assert (value.status, value.number) == ("mark", None)


@pytest.mark.parametrize(
    "text",
    [
        "详见附件",
        "件",
        "约20",
        "20余",
        "二三百",
        "12-15",
        "12 | 3",
        "±3",
        "增/减5",
        "3/4",
        "1 2 3 4/5",
        "0 0",
        "1.2.3",
        "见上表",
        "abc",
        "2024年1月",
        "12件13条",
        "3（",
        "１２，３",
        "1,23",
        "1,2345",
        "#REF!",
        "####",
        "数据1",
        "1:2",
        "第3",
        "¥",
        "+",
        "=SUM(A1)",
        "12?",
        "?",
        "1e5",
        "0x10",
        "不足1",
        "近百",
        "NaN",
        "inf",
    ],
)
def test_what_is_no_plain_number_is_unreadable_and_never_guessed(text: str) -> None:
    value = read_value(text)
    assert (value.status, value.number) == ("unreadable", None), value


@pytest.mark.parametrize(
    ("text", "number", "unit"),
    [
        ("12", 12, None),
        ("１２", 12, None),
        ("12件", 12, "件"),
        ("12 件", 12, "件"),
        ("12（件）", 12, "件"),
        ("1,234", 1234, None),
        ("1，234", 1234, None),
        ("1, 234", 1234, None),
        ("１２，３４５", 12345, None),
        ("1 234", 1234, None),
        ("1 0 0 3 7", 10037, None),
        ("1,234,567.89元", 1234567.89, "元"),
        ("251000元", 251000, "元"),
        ("75394432.52元", 75394432.52, "元"),
        ("24252.311082", 24252.311082, None),
        ("25.1万元", 25.1, "万元"),
        ("1.5亿元", 1.5, "亿元"),
        ("+3", 3, None),
        ("-18", -18, None),
        ("－18", -18, None),
        ("−18", -18, None),
        ("+1036", 1036, None),
        ("增5", 5, None),
        ("减2", -2, None),
        ("增加5项", 5, "项"),
        ("减少2项", -2, "项"),
        ("增5项", 5, "项"),
        ("十二", 12, None),
        ("一百零五", 105, None),
        ("二十件", 20, "件"),
        ("33.9%", 33.9, "%"),
        ("３３.９％", 33.9, "%"),
        ("(12)", 12, None),
        ("2,602人次", 2602, "人次"),
        ("0件", 0, "件"),
        ("\xa00", 0, None),
        ("3个", 3, "个"),
        ("8条", 8, "条"),
        ("3.0", 3, None),
        ("007", 7, None),
        ("3 7 1 7 . 6 5", 3717.65, None),
        ("- 1 8", -18, None),
    ],
)
def test_printed_numbers(text: str, number: float, unit: str | None) -> None:
    value = read_value(text)
    assert (value.status, value.number, value.unit) == ("reported", number, unit)


def test_digits_of_several_prints_run_together_are_no_number() -> None:
    """A stamp's number on a cell's: no organ counts to a million millions."""
    assert read_value("123456789012385086") == UNREADABLE
    assert read_value("999999999999").number == 999_999_999_999


def test_digits_on_both_sides_of_a_note_are_no_one_number() -> None:
    assert read_value("16（注1）7").status == "unreadable"
    assert read_value("16（注1）7（注2）9").status == "unreadable"
    assert read_value("（注1）16").number == 16


@pytest.mark.parametrize(
    ("text", "number", "note"),
    [
        ("22（其中修订 16 件）", 22, "其中修订 16 件"),
        ("55（含自然失效 29 件）", 55, "含自然失效 29 件"),
        ("22件（其中修订16件）", 22, "其中修订16件"),
        ("22[注1]", 22, "注1"),
        ("22（注）件", 22, "注"),
        ("22，其中修订16件", 22, "其中修订16件"),
        ("22*", 22, "*"),
        ("22件 ※", 22, "※"),
        ("1,022①", 1022, "①"),
    ],
)
def test_what_stands_in_brackets_is_a_note(text: str, number: int, note: str) -> None:
    value = read_value(text)
    assert (value.status, value.number, value.note) == ("reported", number, note)


def test_whole_numbers_are_int_and_others_float() -> None:
    assert type(read_value("12").number) is int
    assert type(read_value("12.00").number) is int
    assert type(read_value("12.5").number) is float


def _wide(text: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


_STYLES = {
    "plain": lambda n: str(n),
    "thousands": lambda n: f"{n:,}",
    "wide": lambda n: _wide(str(n)),
    "wide thousands": lambda n: _wide(f"{n:,}"),
    "blanks for thousands": lambda n: f"{n:,}".replace(",", " "),
    "no-break blanks": lambda n: f"\xa0{n}\xa0\xa0",
    "unit": lambda n: f"{n}件",
    "unit apart": lambda n: f"{n} 条",
    "unit in brackets": lambda n: f"{n}（件）",
    "decimals": lambda n: f"{n}.00",
    "note": lambda n: f"{n}（含上年结转）",
    "plus": lambda n: f"+{n}",
    "more": lambda n: f"增{n}",
}


@given(st.integers(0, 10**12 - 1), st.sampled_from(sorted(_STYLES)))
def test_a_number_printed_in_any_style_is_read_back(number: int, style: str) -> None:
    assert number_of(_STYLES[style](number)) == number


@given(st.integers(1, 10**9), st.sampled_from(["-{}", "－{}", "−{}", "- {}", "减{}", "减少{}件", "-{:,}"]))
def test_a_negative_change_is_read_back(number: int, style: str) -> None:
    assert number_of(style.format(number)) == -number


@given(st.integers(1, 10**9))
def test_digits_printed_apart_are_one_number(number: int) -> None:
    assert number_of(" ".join(str(number))) == number


@given(st.decimals(0, 10**8, places=6), st.sampled_from(["{}", "{}万元", "{}元", "\xa0{} ", "{:,}"]))
def test_decimals_are_exact(amount: Decimal, style: str) -> None:
    assert number_of(style.format(amount)) == pytest.approx(float(amount), rel=1e-15)


_CN = "零一二三四五六七八九"


def chinese(number: int) -> str:
    """A numeral below 100,000,000 as people write it (12 is 十二, 105 一百零五, 10010 一万零一十)."""
    if number >= 10_000:
        high, low = divmod(number, 10_000)
        return chinese(high) + "万" + (("零" if low < 1000 else "") + chinese(low) if low else "")
    if number < 10:
        return _CN[number]
    if 10 <= number < 20:
        return "十" + (_CN[number - 10] if number > 10 else "")
    text = ""
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, unit)
        if digit:
            text += _CN[digit] + name
        elif text and number and not text.endswith("零"):
            text += "零"
    return text


@given(st.integers(0, 99_999_999))
def test_chinese_numerals_are_read_back(number: int) -> None:
    assert chinese_number(chinese(number)) == number
    assert number_of(chinese(number) + "件") == number


@pytest.mark.parametrize("text", ["二三百", "十百", "百十", "十十", "三十百", "", "甲", "三" * 21])
def test_estimates_and_nonsense_are_no_numerals(text: str) -> None:
    assert chinese_number(text) is None


@given(
    st.text(max_size=60)
    | st.text("0123456789０１２,，. 　+-－—/（）()件元万亿百千十零一增减其中注含%％\xa0", max_size=25)
)
def test_any_text_has_one_of_four_statuses_and_a_number_exactly_when_reported(text: str) -> None:
    value = read_value(text)
    assert value.status in ("reported", "blank", "mark", "unreadable")
    assert (value.number is not None) == (value.status == "reported")
    assert value == read_value(text)
    assert (value.status == "blank") == (not text.translate(INVISIBLE).strip())


@given(st.text("0123456789", min_size=1, max_size=12), st.text("0123456789", min_size=1, max_size=4))
def test_digits_are_never_lost_or_added(whole: str, part: str) -> None:
    assert number_of(f"{whole}.{part}") == float(f"{whole}.{part}")


@pytest.mark.parametrize(
    ("number", "printed", "wanted", "expected"),
    [
        (251000, "元", "万元", 25.1),
        (25.1, "万元", "元", 251000),
        (1.5, "亿元", "万元", 15000),
        (3, "元", "元", 3),
        (96171.6, "万元", "元", 961716000),
        (0.29, "万元", "元", 2900),
    ],
)
def test_money_is_converted_exactly(number: float, printed: str, wanted: str, expected: float) -> None:
    assert convert(number, printed, wanted) == expected


@pytest.mark.parametrize(("printed", "wanted"), [("件", "万元"), ("万元", "件"), ("%", "元"), ("", "元")])
def test_what_is_not_money_is_not_converted(printed: str, wanted: str) -> None:
    assert convert(3, printed, wanted) is None
