"""Labels made comparable: what counts as the same label, what as a damaged one, and what must stay apart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.forms import load_forms
from parsers.labels import label_key, likeness, short_key, similarity


@pytest.mark.parametrize(
    "printed",
    [
        "不予公开",
        "（三）不予公开",
        "(三) 不予公开",
        "三、不予公开",
        "3.不予公开",
        "3、不予公开",
        "3．不予公开",
        "（3）不予公开",
        "③不予公开",
        "③、不予公开",
        "不 予 公 开",
        "不予\n公开",
        "\u3000\u3000不予公开",
        "\xa0不予公开",
        "不予公开：",
        "其中：3.不予公开",
        "其中:不予公开",
        "（ 三 ）不予公开",
        "【不予公开】",
        "\ufeff不予公开",
        "不\u200b予公开",
        "３．不予公开",
    ],
)
def test_numbering_blanks_and_brackets_do_not_count(printed: str) -> None:
    assert label_key(printed) == "不予公开"


@pytest.mark.parametrize(
    "printed",
    [
        "危及“三安全一稳定”",
        '危及"三安全一稳定"',
        "危及「三安全一稳定」",
        "危及三安全一稳定",
        "3.危及‘三安全一稳定’",
        "危及＂三安全一稳定＂",
    ],
)
def test_quotes_do_not_count(printed: str) -> None:
    assert label_key(printed) == "危及三安全一稳定"


@pytest.mark.parametrize(
    ("printed", "key"),
    [
        ("三类内部事务信息", "三类内部事务信息"),
        ("第二十条第（一）项", "第二十条第一项"),
        ("第二十条 第（八）项", "第二十条第八项"),
        ("十、其他", "其他"),
        ("（十二）其他", "其他"),
        ("一", "一"),
        ("", ""),
    ],
)
def test_a_numeral_that_is_part_of_the_label_stays(printed: str, key: str) -> None:
    assert label_key(printed) == key


@pytest.mark.parametrize(
    "printed",
    ["自然人 Natural person", "自然人Natural Persons", "自然人\u3000(Natural person)", "Natural person 自然人", "自然人 NGOs & firms"],
)
def test_the_same_label_in_another_language_does_not_count(printed: str) -> None:
    assert label_key(printed) == "自然人"


def test_a_label_of_letters_alone_stays() -> None:
    assert label_key("Total") == "Total"


def test_articles_of_the_form_stay_different() -> None:
    keys = {label_key(f"第二十条第（{n}）项") for n in "一五六八九"}
    assert len(keys) == 5


@pytest.mark.parametrize(
    ("printed", "key"),
    [
        ("（二）部分公开（区分处理的，只计这一情形，不计其他情形）", "部分公开"),
        ("（二）部分公开（区分处理的，只计这一情形", "部分公开"),
        ("本年收费金额（单位：万元）", "本年收费金额"),
        ("（备注）", "备注"),
    ],
)
def test_the_short_key_leaves_remarks_out(printed: str, key: str) -> None:
    assert short_key(printed) == key


def test_every_row_of_the_official_forms_has_its_own_key_within_its_group() -> None:
    """其他 and 总计 stand in several places of a table, but never twice under the same group."""
    for form in load_forms().values():
        for table in form.tables:
            for block in table.blocks:
                labels = [(row.path, label_key(row.labels[0])) for row in block.rows if row.labels]
                assert len(labels) == len(set(labels)), (form.id, table.id)


def test_the_official_wording_fits_itself_best() -> None:
    """Each row label of table 三 is nearer to itself than to any other row's."""
    table = load_forms()["2021"].table("applications")
    assert table is not None
    rows = table.blocks[0].rows
    for row in rows:
        fits = {other.indicators[0]: likeness(row.labels[0], other.labels) for other in rows}
        mine = fits.pop(row.indicators[0])
        assert mine == 1.0
        assert max(fits.values()) < 0.95


def test_a_label_printed_behind_its_group_may_end_before_what_the_organ_does_then() -> None:
    table = load_forms()["2021"].table("applications")
    assert table is not None
    rows = {row.indicators[0]: row for row in table.blocks[0].rows}
    printed = "其他处理2.申请人逾期未缴纳费用"
    fits = {name: likeness(printed, tuple(row.path[-1] + label for label in row.labels)) for name, row in rows.items() if row.path}
    assert max(fits, key=lambda name: fits[name]) == "other_fee_unpaid"
    assert fits["other_fee_unpaid"] > 0.72


@pytest.mark.parametrize(
    ("damaged", "whole"),
    [
        ("2.其他法律行政止公开", "其他法律行政法规禁止公开"),  # a real page of 2024
        ("1.本机关不掌握相关政府信", "本机关不掌握相关政府信息"),
        ("申请人无正当理由逾期不补正", "申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请"),
        ("5.要求行政机关确认或重新出具已获取的信息", "要求行政机关确认或重新出具已获取信息"),
        ("没有现成信息需另行制作", "没有现成信息需要另行制作"),
    ],
)
def test_damaged_labels_stay_near(damaged: str, whole: str) -> None:
    assert 0.72 <= likeness(damaged, (whole,)) < 1.0


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("本年新收政府信息公开申请数量", "上年结转政府信息公开申请数量"),
        ("上年结转政府信息公开申请数量", "结转下年度继续办理"),
        ("予以公开", "不予处理"),
        ("本年制发件数", "本年废止件数"),
        ("行政许可", "行政强制"),
        ("属于国家秘密", "属于行政执法案卷"),
        ("信访举报投诉类申请", "重复申请"),
        ("结果维持", "尚未审结"),
        ("总计", "其他"),
    ],
)
def test_different_rows_are_never_taken_for_equal(one: str, other: str) -> None:
    assert likeness(one, (other,)) < 0.99
    assert similarity(label_key(one), label_key(other)) < 0.8


@given(st.text(max_size=30), st.text(max_size=30))
def test_similarity_is_a_share_and_one_only_for_equal_keys(left: str, right: str) -> None:
    worth = similarity(left, right)
    assert 0.0 <= worth <= 1.0
    assert (worth == 1.0) == (left == right)


@given(st.text(max_size=40))
def test_normalising_twice_changes_nothing_that_counts(text: str) -> None:
    key = label_key(text)
    assert not any(char.isspace() for char in key)
    assert label_key(text + "\u3000") == label_key("\xa0" + text) == key
    short_key(text)
