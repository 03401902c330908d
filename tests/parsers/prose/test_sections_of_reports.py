"""The six sections: by words and order, wherever their headings stand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.carriers.text import read_text
from parsers.document import Block, Document, Paragraph, Table, TableCell
from parsers.prose.sections import split_sections
from tests.real_pages import REAL_PAGES

TITLES = [
    "一、总体情况",
    "二、主动公开政府信息情况",
    "三、收到和处理政府信息公开申请情况",
    "四、政府信息公开行政复议、行政诉讼情况",
    "五、存在的主要问题及改进情况",
    "六、其他需要报告的事项",
]


def page(*lines: str) -> Document:
    return Document("html", tuple(Paragraph(line, f"p[{index}]") for index, line in enumerate(lines)))


def numbers(document: Document) -> list[int]:
    return [section.section for section in split_sections(document)]


def test_headings_and_the_prose_below_them() -> None:
    lines = ["导语。"] + [line for title in TITLES for line in (title, f"这里是{title[2:6]}的内容。")]
    sections = split_sections(page(*lines))
    assert [(section.section, section.title) for section in sections] == list(enumerate(TITLES, 1))
    assert sections[0].text == "这里是总体情况的内容。"
    assert sections[5].text == "这里是其他需要的内容。"


def test_headings_inside_running_text() -> None:
    text = (
        "现总结如下。 一、总体情况 2022年,认真公开。（一）主动公开 做好公开。 二、主动公开政府信息情况\n"
        "三、收到和处理政府信息公开申请情况\n四、政府信息公开行政复议、行政诉讼情况\n"
        "五、存在的主要问题及改进情况 主要问题有:一是力度不够。 六、其他需要报告的事项 没有收费。"
    )
    sections = split_sections(read_text(text, None))
    assert [(section.section, section.text) for section in sections] == [
        (1, "2022年,认真公开。（一）主动公开 做好公开。"),
        (2, ""),
        (3, ""),
        (4, ""),
        (5, "主要问题有:一是力度不够。"),
        (6, "没有收费。"),
    ]


def test_a_heading_and_its_first_sentence_in_one_short_line() -> None:
    lines = [f"{title} 无。" for title in TITLES]
    assert [(section.section, section.title, section.text) for section in split_sections(page(*lines))] == [
        (number, title, "无。") for number, title in enumerate(TITLES, 1)
    ]


@pytest.mark.parametrize(
    "written",
    ["一、 总 体 情 况", "一、2023年政府信息公开工作总体情况", "一、政府信息公开工作概况", "第一部分 总体情况"],
)
def test_a_first_heading(written: str) -> None:
    sections = split_sections(page(written, "认真公开。", *TITLES[1:]))
    assert [(section.section, section.text) for section in sections[:1]] == [(1, "认真公开。")]


def test_a_heading_set_apart_by_its_type_only() -> None:
    lines = [f"{title}2023年，认真公开。" for title in TITLES]
    assert [(section.section, section.title, section.text) for section in split_sections(page(*lines))] == [
        (number, title, "2023年，认真公开。") for number, title in enumerate(TITLES, 1)
    ]
    assert numbers(page("二、总体情况良好，认真公开。")) == []


def test_links_to_other_reports_are_no_part_of_the_last_section() -> None:
    sections = split_sections(page(*TITLES, "未收费。", "示例局2022年政府信息公开工作年度报告"))
    assert sections[-1].text == "未收费。"


def test_rows_of_table_three_and_subheadings_start_no_section() -> None:
    lines = [
        TITLES[0],
        "（一）主动公开政府信息情况",
        "（二）依申请公开政府信息情况",
        "1.主动公开情况",
        *TITLES[1:3],
        "一、本年新收政府信息公开申请数量",
        "二、上年结转政府信息公开申请数量",
        "三、本年度办理结果",
        "四、结转下年度继续办理",
        *TITLES[3:],
    ]
    sections = split_sections(page(*lines))
    assert [section.title for section in sections] == TITLES
    assert sections[0].text == "\n".join(lines[1:4])


def test_tables_are_no_part_of_the_text() -> None:
    table = Table("table[1]", ((TableCell("一、本年新收"), TableCell("3")),))
    blocks: list[Block] = [Paragraph(title, "p") for title in TITLES]
    blocks.insert(3, table)
    sections = split_sections(Document("html", tuple(blocks)))
    assert [section.text for section in sections] == [""] * 6


def test_a_list_of_contents_is_not_the_report() -> None:
    lines = ["目录", *TITLES, "导语。", *[line for title in TITLES for line in (title, "内容。")]]
    assert [section.text for section in split_sections(page(*lines))] == ["内容。"] * 6


@pytest.mark.parametrize(
    ("heading", "number"),
    [
        ("一、概述", 1),
        ("一、 概述", 1),
        ("第一部分 总体情况", 1),
        ("二、行政机关主动公开政府信息情况", 2),
        ("三、行政机关收到和处理政府信息公开申请情况", 3),
        ("三、政府信息依申请公开工作情况", 3),
        ("四、因政府信息公开工作被申请行政复议、提起行政诉讼情况", 4),
        ("四、复议、诉讼和申诉情况", 4),
        ("五、政府信息公开工作存在的主要问题及改进情况", 5),
        ("五、存在的主要问题及整改措施", 5),
        ("五、主要问题和改进措施", 5),
        ("六、需要报告的其他事项", 6),
        ("六、其他需要说明的事项", 6),
        ("存在的主要问题及改进情况", 5),
        ("5、存在的主要问题及改进情况：", 5),
    ],
)
def test_variants_of_headings(heading: str, number: int) -> None:
    sections = split_sections(page("导语。", heading, "内容。"))
    assert [(section.section, section.text) for section in sections] == [(number, "内容。")]
    assert sections[0].title == heading.strip("：")


@pytest.mark.parametrize(
    "line",
    [
        "本报告包括总体情况、主动公开政府信息情况、收到和处理政府信息公开申请情况等六个部分。",
        "一是总体情况较好，主动公开情况良好。",
        "政府信息公开",
        "政府信息公开年报",
        "（一）主动公开政府信息情况",
    ],
)
def test_lines_that_are_no_headings(line: str) -> None:
    assert split_sections(page("导语。", line, "内容。")) == ()


def test_a_foreign_heading_ends_a_section() -> None:
    lines = [
        "一、概述",
        "甲。",
        "二、主动公开政府信息情况",
        "乙。",
        "三、收费及减免情况",
        "丙。",
        "四、主要问题和改进措施",
        "丁。",
        "五、统计表",
    ]
    assert [(section.section, section.text) for section in split_sections(page(*lines))] == [
        (1, "甲。"),
        (2, "乙。"),
        (5, "丁。"),
    ]


def test_signature_and_foot_of_the_page_are_cut_off() -> None:
    lines = [*TITLES, "无收费情况。", "示例市财政局", "2025年1月23日", "附件下载", "主办单位：示例市"]
    assert split_sections(page(*lines))[5].text == "无收费情况。"
    assert split_sections(page(*TITLES, "无。", "扫一扫在手机打开"))[5].text == "无。"


@pytest.mark.skipif(not REAL_PAGES.exists(), reason="the shared pages are not here")
def test_the_flattened_page_has_six_sections() -> None:
    sections = split_sections(read_text((REAL_PAGES / "dinghai-2022-text" / "page.txt").read_text(encoding="utf-8"), None))
    assert [section.title for section in sections] == TITLES
    assert [section.section for section in sections if not section.text] == [2, 3, 4]
    assert sections[5].text == "今年中心不存在政府信息公开信息处理费收取情况。"


@given(
    st.lists(
        st.text(alphabet=st.sampled_from("一二三、（）总体情况主动公开问题改进其他报告事项。 "), max_size=50),
        max_size=20,
    )
)
def test_sections_rise_and_never_raise(lines: list[str]) -> None:
    found = numbers(page(*lines))
    assert found == sorted(set(found))
    assert set(found) <= set(range(1, 7))


@pytest.mark.parametrize(
    ("fifth", "sixth"),
    [
        ("五、下一步工作打算", "六、其他情况"),
        ("五、问题和打算", "六、其他"),
        ("五、2024年工作重点", "六、有关需要说明的事项"),
        ("（五）存在的主要问题及改进情况", "（六）其他需要报告的事项"),
    ],
)
def test_headings_in_other_words_under_their_own_numbers(fifth: str, sixth: str) -> None:
    sections = split_sections(page(*(line for title in (*TITLES[:4], fifth, sixth) for line in (title, "做好公开。"))))
    assert [(section.section, section.title) for section in sections] == list(enumerate([*TITLES[:4], fifth, sixth], 1))


def test_headings_in_other_words_under_other_numbers_are_none_of_the_six() -> None:
    lines = [*TITLES[:5], "问题是深度不够。", "六、下一步工作打算", "加强培训。", "七、其他情况", "没有收费。"]
    sections = split_sections(page(*lines))
    assert [section.section for section in sections] == [1, 2, 3, 4, 5]
    assert sections[4].text == "问题是深度不够。"
