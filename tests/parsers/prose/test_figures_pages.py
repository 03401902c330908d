"""Figures of whole pages: places, years, organs, wrapped lines; and texts made to hurt."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parsers.carriers.text import read_text
from parsers.prose.clauses import DATA
from parsers.prose.figures import prose_text, read_figures
from parsers.prose.grammar import RULES, SUBJECTS
from parsers.prose.lexicon import expand, vocabulary
from parsers.prose.sections import split_sections
from tests.real_pages import REAL_PAGES


@pytest.mark.skipif(not REAL_PAGES.exists(), reason="the shared pages are not here")
def test_the_page_the_project_started_from() -> None:
    document = read_text((REAL_PAGES / "dinghai-2022-text" / "page.txt").read_text(encoding="utf-8"), None)
    text = prose_text(document)
    figures = read_figures(text, split_sections(document))
    assert {figure.indicator: figure.value for figure in figures} == {
        "proactive_total": 87,
        "requests_received": 0,
        "review_total": 0,
        "suit_total": 0,
        "complaints": 0,
        "dedicated_offices": 1,
        "staff": 2,
        "staff_full_time": 1,
        "staff_part_time": 1,
        "processing_fee_yuan": 0,
    }
    for figure in figures:
        assert text[figure.start : figure.end] == figure.text
        assert "。" not in figure.text


@pytest.mark.skipif(not REAL_PAGES.exists(), reason="the shared pages are not here")
def test_hard_wrapped_text() -> None:
    document = read_text((REAL_PAGES / "kewei-2024-md" / "text.md").read_text(encoding="utf-8"), None)
    figures = read_figures(prose_text(document), split_sections(document))
    assert {figure.indicator: figure.value for figure in figures} == {
        "review_total": 1,
        "suit_total": 0,
        "requests_received": 34,
        "carried_over": 2,
        "disclosed": 9,
        "partially_disclosed": 0,
        "refused": 2,
        "unavailable": 10,
        "not_processed": 0,
        "other_handled": 14,
        "carried_forward": 1,
        "processing_fee_yuan": 0,
    }


def values(text: str, year: int | None = None, org: str | None = None) -> dict[str, float]:
    return {figure.indicator: figure.value for figure in read_figures(text, (), year=year, org=org)}


def test_the_year_is_taken_from_the_title_where_none_is_given() -> None:
    title = "示例局2022年政府信息公开工作年度报告\n"
    assert values(title + "2022年收到政府信息公开申请5件。") == {"requests_received": 5}
    assert values(title + "2021年收到政府信息公开申请5件。") == {}
    assert values("2021年收到政府信息公开申请5件。") == {"requests_received": 5}
    assert values("2020年收到政府信息公开申请5件，2021年收到政府信息公开申请6件。") == {}


def test_the_figures_of_an_office_are_not_those_of_the_government() -> None:
    sentence = "区政府办收到政府信息公开申请17件。"
    assert values(sentence, 2022, "示例市示例区人民政府") == {}
    assert values(sentence, 2022, "示例市示例区政府办公室") == {"requests_received": 17}
    assert values("市科委收到政府信息公开申请17件。", 2022, "示例市科委") == {"requests_received": 17}


def test_a_figure_stated_twice_is_one_and_a_contradiction_none() -> None:
    same = "2022年收到政府信息公开申请5件。我局共收到政府信息公开申请5件，均已答复。"
    assert values(same, 2022) == {"requests_received": 5}
    assert values(same + "本局收到政府信息公开申请6件。", 2022) == {}


def test_every_indicator_is_named_and_every_subject_has_its_words() -> None:
    assert set(SUBJECTS) <= set(DATA["words"])
    named = {subject["indicator"] for subject in SUBJECTS.values() if "indicator" in subject}
    named |= {indicator for rule in RULES for indicator in rule.indicators}
    assert {"proactive_total", "new_requests", "concluded", "processing_fee_yuan"} <= named
    assert all(name == name.lower() and len(name) <= 32 for name in named)


def test_the_notation_of_the_lexicon() -> None:
    assert expand("[政府]信息{申请|公开}") == ["信息申请", "信息公开", "政府信息申请", "政府信息公开"]
    assert vocabulary({"A": ["甲"], "B": ["[丙]乙"]}) == {"甲": "A", "乙": "B", "丙乙": "B"}
    with pytest.raises(ValueError, match="甲 is both A and B"):
        vocabulary({"A": ["甲"], "B": ["甲"]})


WORDS = st.sampled_from(sorted(vocabulary(DATA["words"]))) | st.sampled_from(
    [
        "12件",
        "0件",
        "3人",
        "5元",
        "一百零五件",
        "2022年",
        "，",
        "。",
        "；",
        "\n",
        "：",
        "（",
        "）",
        "某某",
        "1.5万元",
        " ",
    ]
)


@given(st.lists(WORDS, max_size=60).map("".join))
@settings(max_examples=300)
def test_any_row_of_words_is_read_without_an_error(text: str) -> None:
    for figure in read_figures(text, (), year=2022):
        assert text[figure.start : figure.end] == figure.text
        assert figure.value >= 0


@given(st.text(max_size=300))
def test_any_text_is_read_without_an_error(text: str) -> None:
    assert isinstance(read_figures(text, ()), tuple)


@pytest.mark.parametrize(
    "piece",
    [
        "未收到的",
        "行政复议、",
        "的" * 50 + "行政复议",
        "公开 " * 20,
        "0件，",
        "等等渠道通过",
        "申请12",
        "1 1 ",
        "未" * 30 + "申请",
        "《" * 40,
        "主动公开共计",
    ],
)
def test_texts_made_to_hurt_are_read_to_the_end(piece: str) -> None:
    text = (piece * 4000)[:40_000]
    assert isinstance(read_figures(text, (), year=2022), tuple)
    assert isinstance(read_figures("。".join(text[at : at + 900] for at in range(0, 40_000, 900)), ()), tuple)
