"""Metadata in all its carriers, titles split and suffixed, the year from title or stated period only."""

from __future__ import annotations

from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers import parse
from parsers.carriers.text import read_text
from parsers.document import Block, Document, Paragraph, Table, TableCell
from parsers.head.dates import parse_date
from parsers.head.metadata import read_metadata, read_title
from parsers.head.report_year import report_year
from parsers.model import Metadata

BODY = (
    "根据《中华人民共和国政府信息公开条例》要求，示例局编制本报告，全文包括总体情况等六个部分，现予公布，请社会监督。"
)


def page(*blocks: str | list[list[str]], title: str = "", **meta: str) -> Document:
    """A Document of paragraphs (strings) and tables (rows of cells)."""
    made: list[Block] = [
        Paragraph(block, f"p[{index}]")
        if isinstance(block, str)
        else Table(f"table[{index}]", tuple(tuple(TableCell(cell) for cell in row) for row in block))
        for index, block in enumerate(blocks)
    ]
    return Document("html", tuple(made), title=title, meta=MappingProxyType(meta))


def stated(metadata: Metadata) -> dict[str, str]:
    return {field: value for field, value in metadata._asdict().items() if value is not None}


def test_pairs_in_a_table() -> None:
    head = [
        ["索 引 号：", "014314799/2024-00002", "分\u3000类", "信息公开年报 其他 报告"],
        ["发布机构", "示例县发展和改革局", "公开日期", "2024-01-17"],
        ["文号", "", "关键词", ""],
        ["名称", "示例县发展和改革局2023年政府信息公开年度报告"],
    ]
    assert stated(read_metadata(page(head))) == {
        "index_no": "014314799/2024-00002",
        "category": "信息公开年报 其他 报告",
        "publisher": "示例县发展和改革局",
        "date_published": "2024-01-17",
        "title": "示例县发展和改革局2023年政府信息公开年度报告",
    }


def test_a_table_with_label_and_value_in_one_cell() -> None:
    head = [["索引号：X/2024-00001", "公开方式：主动公开"], ["发布机构：示例局", "生成日期：2024年1月8日"]]
    assert stated(read_metadata(page(head))) == {
        "index_no": "X/2024-00001",
        "disclosure_method": "主动公开",
        "publisher": "示例局",
        "date_created": "2024-01-08",
    }


def test_a_line() -> None:
    line = "发布日期：2024/1/18 09:08 来源：示例市财政局 浏览次数：128 字体：[大 中 小]"
    assert stated(read_metadata(page(line))) == {"date_published": "2024-01-18", "publisher": "示例市财政局"}


def test_list_items_each_a_paragraph() -> None:
    assert stated(read_metadata(page("索引号： X-1", "发布机构：", "示例局", "公开范围 ：面向社会"))) == {
        "index_no": "X-1",
        "publisher": "示例局",
        "disclosure_scope": "面向社会",
    }


def test_labels_in_brackets() -> None:
    line = "[索引号] X-1 【发布机构】 示例局 【 发布日期 】：2024-01-18 [打印]"
    assert stated(read_metadata(page(line))) == {
        "index_no": "X-1",
        "publisher": "示例局",
        "date_published": "2024-01-18",
    }


def test_labels_that_no_blank_parts_from_the_value_before() -> None:
    line = "来源：示例市财政局发布时间：2024-01-18 10:05分类：年报文号：示财〔2024〕1号字体：[大 中 小]"
    assert stated(read_metadata(page(line))) == {
        "publisher": "示例市财政局",
        "date_published": "2024-01-18",
        "category": "年报",
        "doc_no": "示财〔2024〕1号",
    }


def test_a_date_that_opens_a_line_of_the_head() -> None:
    for line in ("2024-01-18 10:05 来源：示例局 浏览次数：12", "2024年1月18日 | 来源：示例局"):
        assert stated(read_metadata(page(line))) == {"date_published": "2024-01-18", "publisher": "示例局"}
    assert read_metadata(page("2024-01-18 来源：示例局 发布日期：2024-01-19")).date_published == "2024-01-19"
    for line in ("2024-01-18 标题：全部", "今天是2024年1月18日 来源：", "2024-01-18"):
        assert read_metadata(page(line)).date_published is None


def test_the_end_of_an_unknown_label_is_no_label() -> None:
    assert stated(read_metadata(page("来源：示例县年报汇总日期：2024-01-18"))) == {}
    assert stated(read_metadata(page("来源：示例县财政局时间：2024-01-18"))) == {
        "publisher": "示例县财政局",
        "date_published": "2024-01-18",
    }


def test_a_blank_parts_a_value_from_its_neighbour_s_label() -> None:
    assert stated(read_metadata(page("公开方式：依申请公开 责任部门：示例局"))) == {
        "disclosure_method": "依申请公开",
        "publisher": "示例局",
    }


def test_label_and_value_set_apart_by_type_only() -> None:
    assert stated(read_metadata(page("索引号X-1/2024-2", "信 息时间2024-01-18", "发布机构示例局", "文号"))) == {
        "index_no": "X-1/2024-2",
        "date_published": "2024-01-18",
        "publisher": "示例局",
    }
    assert stated(read_metadata(page("信息分类导航", "索引号查询", "公开方式说明"))) == {}


@pytest.mark.parametrize("mark", ["-", "—", "/", "无", "（无）", "暂无", "****", "{{source}}"])
def test_a_mark_is_no_value(mark: str) -> None:
    assert stated(read_metadata(page([["索引号", mark], ["发布机构", mark]], f"文号：{mark}", f"来源：{mark} 公开方式：{mark}"))) == {}
    assert read_metadata(page(f"来源：{mark}", contentsource="示例局")).publisher == "示例局"


def test_what_a_page_offers_behind_a_value_is_no_part_of_it() -> None:
    for offer in ("打印", "【大 中 小】", "分享到 微信", "[收藏]", "扫一扫在手机打开当前页"):
        assert read_metadata(page(f"时间：2024-01-18 来源：示例局 {offer}")).publisher == "示例局"


def test_the_title_below_an_empty_label_is_not_its_value() -> None:
    assert stated(read_metadata(page("索引号：", "示例局2023年政府信息公开工作年度报告"))) == {}
    assert stated(read_metadata(page("发布机构：", "公开方式主动公开", BODY))) == {}
    assert stated(read_metadata(page("关键词：", "示例局", "2023年政府信息公开工作年度报告", BODY))) == {}
    assert stated(read_metadata(page([["索引号：", ""], ["发布机构：", ""]], "示例局", "2023年政府信息公开工作年度报告", BODY))) == {}


def test_labels_in_one_row_and_values_in_the_next() -> None:
    head = [["索引号", "发布机构", "发布日期"], ["X-1", "示例局", "2024-01-18"]]
    assert stated(read_metadata(page(head))) == {"index_no": "X-1", "publisher": "示例局", "date_published": "2024-01-18"}
    assert stated(read_metadata(page([*head, ["X-2", "示例办", "2024-01-19"]]))) == {}


def test_a_label_without_its_value_takes_no_other_label() -> None:
    assert stated(read_metadata(page("关键词：", "咨询机关：", "发布机构：示例局"))) == {"publisher": "示例局"}


def test_one_date_set_apart_by_type_only() -> None:
    assert stated(read_metadata(page("发布日期2024-01-18"))) == {"date_published": "2024-01-18"}
    assert stated(read_metadata(page("发布日期为2024-01-18的文件"))) == {}


def test_meta_of_another_report_is_left_over() -> None:
    stale = {"articletitle": "示例局2019年政府信息公开年度报告", "pubdate": "2020-01-05", "contentsource": "示例办"}
    assert stated(read_metadata(page("示例局2023年政府信息公开年度报告", **stale))) == {}
    assert read_metadata(page("示例局2019年政府信息公开年度报告", **stale)).date_published == "2020-01-05"


def test_date_and_source_are_declared_without_a_title() -> None:
    assert stated(read_metadata(page(pubdate="2024-01-18 10:05", contentsource="示例局", articletitle=""))) == {
        "date_published": "2024-01-18",
        "publisher": "示例局",
    }


def test_bare_labels_count_in_a_row_of_pairs_only() -> None:
    assert stated(read_metadata(page("索引号", "X-1", "发布机构", "示例局"))) == {
        "index_no": "X-1",
        "publisher": "示例局",
    }
    assert stated(read_metadata(page("首页", "时间", "走进示例"))) == {}


def test_pairs_of_a_flattened_page() -> None:
    text = (
        "索引号 | X/2024-00535 | ||\n组配分类 | 信息公开年报 | 发布机构 | 区中心 |\n生成日期 | 20"
        "24-01-18 | 公开方式 | 主动公开 |\n"
    )
    assert stated(read_metadata(read_text(text, None))) == {
        "index_no": "X/2024-00535",
        "category": "信息公开年报",
        "publisher": "区中心",
        "date_created": "2024-01-18",
        "disclosure_method": "主动公开",
    }


def test_the_surer_label_wins_over_the_first() -> None:
    assert read_metadata(page("来源：市政府网", "发布机构：示例局")).publisher == "示例局"


def test_what_is_printed_wins_over_meta_and_meta_fills_the_rest() -> None:
    document = page(
        "时间：2021-03-05 08:58",
        articletitle="示例局2020年<b>政府信息公开</b>年度报告 &amp; 附表",
        pubdate="2020-01-01 00:00",
        contentsource="示例局",
        sitename="示例市",
        siteidcode="9900000001",
    )
    assert stated(read_metadata(document)) == {
        "title": "示例局2020年政府信息公开年度报告 & 附表",
        "date_published": "2021-03-05",
        "publisher": "示例局",
        "site_name": "示例市",
        "site_id_code": "9900000001",
    }


def test_keywords_of_the_site_are_not_those_of_the_page() -> None:
    assert stated(read_metadata(page(keywords="示例县,花乡", description="门户", articletitle=""))) == {}


def test_nothing_is_read_from_the_reports_tables_and_prose() -> None:
    table = [["指标名称", "单位", "数量"], ["公开方式", "条", "3"], ["来源", "个", "2"]]
    assert (
        stated(read_metadata(page(BODY, table, "发布日期：2021-01-01", [["名称", "时间"], ["甲", "2020-01-01"]]))) == {}
    )


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2024-01-18", "2024-01-18"),
        ("2017年05月15日", "2017-05-15"),
        ("2021-11-02 09:08:11", "2021-11-02"),
        ("2024/1/8", "2024-01-08"),
        ("2024.1.8", "2024-01-08"),
        ("20240118", "2024-01-18"),
        ("二〇二四年一月十八日", "2024-01-18"),
        ("二○二三年十二月三十一日", "2023-12-31"),
        ("2024-02-30", None),
        ("2024-13-01", None),
        ("2024年1月", None),
        ("昨天", None),
        ("", None),
        ("0000-01-01", None),
        ("12024-01-18", None),
    ],
)
def test_dates(text: str, iso: str | None) -> None:
    assert parse_date(text) == iso


def title_of(document: Document) -> str | None:
    return read_title(document, read_metadata(document))


def test_a_heading_split_over_paragraphs() -> None:
    assert (
        title_of(page("示例实验区2020年", "政府信息公开工作年度报告", BODY))
        == "示例实验区2020年政府信息公开工作年度报告"
    )
    assert title_of(page("示例市人民政府", "2022年", "政府信息公开工作年度报告", BODY)) == (
        "示例市人民政府2022年政府信息公开工作年度报告"
    )


def test_the_printed_title_wins_over_a_differing_meta() -> None:
    document = page("示例市财政局2022年政府信息公开工作年度报告", BODY, articletitle="示例市财政局2022年年报")
    assert title_of(document) == "示例市财政局2022年政府信息公开工作年度报告"


def test_the_title_that_the_page_itself_confirms_wins_over_links_to_others() -> None:
    document = page(
        "示例局2022年政府信息公开年度报告",
        "示例局2023年政府信息公开年度报告",
        "示例局2021年政府信息公开年度报告",
        BODY,
        title="示例局2023年政府信息公开年度报告_示例市人民政府",
    )
    assert title_of(document) == "示例局2023年政府信息公开年度报告"


@pytest.mark.parametrize(
    "suffix", ["_示例市人民政府", "-示例县发改局", " - 示例网", "_年报_示例市", "|示例市", "--示例"]
)
def test_the_site_name_is_taken_off_the_title_tag(suffix: str) -> None:
    assert title_of(page(BODY, title=f"示例局2022年政府信息公开年度报告{suffix}")) == "示例局2022年政府信息公开年度报告"


@pytest.mark.parametrize(
    "title",
    [
        "示例大学政府信息公开工作年度报告",
        "示例局2023年信息公开工作总结",
        "关于示例局2023年政府信息公开工作年度报告的公告",
        "示例局关于印发2023年政府信息公开工作年度报告的通知",
        "2023年政府信息公开工作年度报告—示例局",
        "2023年政府信息公开工作年度报告（示例局）",
        "《示例局2023年政府信息公开工作年度报告》",
        "示例局２０２３年政府信息公开年报",
    ],
)
def test_unusual_titles_are_read_where_they_are_printed(title: str) -> None:
    assert title_of(page("首页 / 公开年报", "法定主动公开内容", "政府信息公开年报", title, BODY, title="示例市门户网站")) == title
    assert title_of(page(BODY, title=f"{title} - 政府信息公开年报 - 示例市")) == title


@pytest.mark.parametrize("before", ["示例市", "政府信息公开年报", "政府信息公开年报_示例市"])
def test_the_site_name_before_the_title(before: str) -> None:
    assert title_of(page(BODY, title=f"{before}_示例局2022年政府信息公开年度报告")) == "示例局2022年政府信息公开年度报告"


@pytest.mark.parametrize(
    "written",
    ["附件1：{}", "{}.docx", "“{}”", "12.{}", "标题：{}", "{}（2024年02月16日）", "{} ( 2024-2-16 )", "{} 2024-02-16", "{} [2024/2/16]",
     "【年度报告】{}", "[公开年报] {}"],
)
def test_what_is_printed_around_a_title(written: str) -> None:
    title = "示例局2023年政府信息公开工作年度报告"
    assert str(title_of(page(written.format(title), BODY))).strip("“”") == title


def test_a_title_without_year_split_over_paragraphs() -> None:
    assert title_of(page("示例局", "信息公开工作年度报告", BODY)) == "示例局信息公开工作年度报告"


def test_no_date_and_no_menu_become_part_of_a_title() -> None:
    title = "示例局政府信息公开年报"
    assert title_of(page("2024年1月18日", title, BODY)) == title
    assert title_of(page("2024年", "2023年", title, BODY)) == title
    assert title_of(page("政府信息公开制度", "2023年政府信息公开年报", BODY)) == "2023年政府信息公开年报"


def test_the_name_of_site_or_column_is_no_title() -> None:
    for name in ("示例市人民政府门户网站", "示例市人民政府", "政府信息公开年报"):
        assert title_of(page(BODY, title=name, articletitle=name)) is None


def test_a_title_in_one_line_with_its_report() -> None:
    title = "示例局2023年政府信息公开工作年度报告"
    assert title_of(page(f"{title} 根据条例规定，编制本报告。{BODY * 4}")) == title


def test_a_list_of_reports_has_no_title_of_a_report() -> None:
    entries = [f"示例局{year}年政府信息公开年度报告" for year in range(2015, 2020)]
    assert title_of(page("政府信息公开年报", *entries)) is None


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("本报告所列数据的统计期限自2022年1月1日至2022年12月31日。", 2022),
        ("本报告所列数据的统计期限自2022年1月1日起至2022年12月31日止。", 2022),
        ("本年度报告中所列数据统计期限从2019年1月1日到12月31日止。", 2019),
        ("数据的统计周期为 2024 年 1 月 1 日至 12 月 31 日。", 2024),
        ("统计时限为二〇一三年一月一日至十二月三十一日。", 2013),
        ("数据统计期限为2020年1月1日—2020年12月31日", 2020),
        ("统计期限自 2020 年 1 月 1 日起，至 2020 年 12 月 31 日止。", 2020),
        ("统计期限自2021年1月1日至2022年12月31日。", None),
        ("报告于2023年1月18日发布。", None),
        ("2023年，我局认真做好工作。", None),
        ("", None),
    ],
)
def test_the_stated_period(text: str, year: int | None) -> None:
    assert report_year(None, page(text)) == year
    assert report_year("示例局政府信息公开工作年度报告", page(text)) == year


def test_the_stated_period_over_a_line_break() -> None:
    document = page("统计周期", "为 2024 年 1 月 1 日至 12 月", "31 日。年度报告电子版")
    assert report_year(None, document) == 2024


UNDATED = "示例局政府信息公开工作年度报告"


def test_the_year_of_the_sentence_that_announces_the_report() -> None:
    announced = "根据条例规定，现公布示例局2022年度政府信息公开工作年度报告。"
    assert report_year(UNDATED, page(announced, "一、总体情况", "认真公开。")) == 2022
    assert report_year(UNDATED, page("一、总体情况", "按时公布2021年政府信息公开工作年度报告。")) is None
    notice = "根据《关于做好2022年政府信息公开工作年度报告的通知》，现公布本机关年度报告。"
    assert report_year(UNDATED, page(notice)) is None


def test_the_year_of_a_column_of_reports() -> None:
    assert report_year(UNDATED, page(BODY, columnname="2022年政府信息公开年报")) == 2022
    assert report_year(UNDATED, page(BODY, columnname="2023年")) is None


def test_two_stated_years_are_no_year() -> None:
    document = page("统计期限自2021年1月1日至2021年12月31日。", "统计期限自2022年1月1日至2022年12月31日。")
    assert report_year(None, document) is None


def test_the_title_goes_before_the_period() -> None:
    document = page("统计期限自2021年1月1日至2021年12月31日。")
    assert report_year("示例局2022年政府信息公开年度报告", document) == 2022


@given(
    st.lists(
        st.text(alphabet=st.sampled_from("索引号：发布日期来源 2024-1年示例局报告政府信息公开|月日"), max_size=40)
        | st.lists(st.lists(st.text(alphabet=st.sampled_from("索引号名称：2年"), max_size=8), max_size=4), max_size=3),
        max_size=8,
    )
)
def test_reading_the_head_never_raises(blocks: list[str | list[list[str]]]) -> None:
    document = page(*blocks)
    metadata = read_metadata(document)
    title = read_title(document, metadata)
    year = report_year(title, document)
    assert year is None or 2000 < year < 2100


def test_bare_labels_side_by_side_in_lines() -> None:
    lines = ["名称 示例市2017年政府信息公开年度报告", "索引号 00000001/2018-00042 分类 信息公开年报 其他 报告"]
    lines += ["发布机构 示例市人民政府办公室 发文日期 2018-02-26", "文号 关键词", "公开形式 责任部门"]
    assert stated(read_metadata(page(*lines))) == {
        "title": "示例市2017年政府信息公开年度报告",
        "index_no": "00000001/2018-00042",
        "category": "信息公开年报 其他 报告",
        "publisher": "示例市人民政府办公室",
        "date_created": "2018-02-26",
    }


def test_a_source_that_names_nobody_is_no_publisher() -> None:
    assert stated(read_metadata(page("作者：本站原创 | 来源：本站原创 | 时间：2019-01-18"))) == {"date_published": "2019-01-18"}


@pytest.mark.parametrize(
    ("sentence", "title"),
    [
        ("现公布示例市人民政府2017年政府信息公开工作年度报告。", "示例市人民政府2017年政府信息公开工作年度报告"),
        ("特向社会公布2020年度示例市税务局政府信息公开工作报告，数据如下。", "2020年度示例市税务局政府信息公开工作报告"),
        ("编制《示例区样例街道办事处2023年度政府信息公开工作年度报告》。", "示例区样例街道办事处2023年度政府信息公开工作年度报告"),
        ("编制示例市样例局2024年政府信息公开工作年度报告，所列数据如下。", "示例市样例局2024年政府信息公开工作年度报告"),
        ("编制我单位2021年政府信息公开工作年度报告。", None),
        ("现公布2021年政府信息公开工作年度报告。", None),
        ("按照示例市关于公布示例局2020年政府信息公开工作年度报告的通知编制本报告。", None),
    ],
)
def test_a_title_that_only_the_first_sentence_says(sentence: str, title: str | None) -> None:
    document = page(f"根据《中华人民共和国政府信息公开条例》规定，{sentence}", "一、总体情况")
    assert read_title(document, Metadata()) == title


def test_labels_of_documents_in_a_list() -> None:
    lines = ["索 引 号：XM-0101-2023-00001", "备注/文号：示卫〔2023〕1号", "发文机构：示例局", "公文生成日期：2023-01-06", "公文时效：有效"]
    assert stated(read_metadata(page(*lines))) == {
        "index_no": "XM-0101-2023-00001",
        "doc_no": "示卫〔2023〕1号",
        "publisher": "示例局",
        "date_created": "2023-01-06",
        "validity": "有效",
    }


@pytest.mark.parametrize("cut", [4, 6, 7])
def test_a_title_cut_within_the_organ_s_name(cut: int) -> None:
    title = "示例市文化广电和旅游局2023年政府信息公开工作年度报告"
    said = "示例市文化广电和旅游局认真落实条例。"
    assert title_of(page("首页", title[:cut], title[cut:], BODY, said)) == title


def test_a_site_s_name_above_the_title_is_none_of_it() -> None:
    title = "财政局2023年政府信息公开工作年度报告"
    assert title_of(page("首页", "示例市人民政府", title, BODY, "示例市人民政府办公室要求财政局公开。")) == title


def test_labels_behind_bullets_with_their_values_below() -> None:
    head = ["• 信息索引号:", "1133/2021-357849", "• 文件名称:", "• 发布机构:", "示例市交通局", "• 公开方式:", "主动公开", "• 登记号:"]
    title = "2020年示例市交通运输局政府信息公开工作年度报告"
    assert stated(read_metadata(page(*head, title))) == {
        "index_no": "1133/2021-357849",
        "publisher": "示例市交通局",
        "disclosure_method": "主动公开",
    }


def test_a_date_right_before_the_next_label() -> None:
    assert stated(read_metadata(page("2022年01月18日来源:示例街道办事处"))) == {
        "date_published": "2022-01-18",
        "publisher": "示例街道办事处",
    }


@pytest.mark.parametrize("source", ["转载", "1"])
def test_a_source_that_is_a_word_or_a_number_is_no_publisher(source: str) -> None:
    assert stated(read_metadata(page(f"来源：{source} 时间：2019-01-18"))) == {"date_published": "2019-01-18"}


def test_a_row_with_the_label_of_validity() -> None:
    head = [["索引号", "4/2023-00004", "发文字号", ""], ["发布机构", "示例县教育局", "公文时效", "有效"]]
    assert stated(read_metadata(page(head))) == {"index_no": "4/2023-00004", "publisher": "示例县教育局", "validity": "有效"}


def test_labels_whose_blank_values_were_left_out() -> None:
    rows = [["索引号", "62/2026-00007", "发文字号", ""], ["关键词", "发布机构", "示例街道", ""], ["成文日期", "发布日期", "2022-04-06"]]
    assert stated(read_metadata(page(rows))) == {
        "index_no": "62/2026-00007",
        "publisher": "示例街道",
        "date_published": "2022-04-06",
    }
    heads = [["标题", "发布机构", "操作"], ["名称", "索引号", "数量"]]
    assert stated(read_metadata(page(heads))) == {}


def test_a_label_behind_a_bullet_is_no_value_of_the_one_above() -> None:
    head = ["• 索引号：zdx/2024-00009", "• 公文时效：", "• 发布日期：2024-02-19"]
    assert stated(read_metadata(page(*head))) == {"index_no": "zdx/2024-00009", "date_published": "2024-02-19"}


def test_a_label_that_is_not_known_is_no_value() -> None:
    head = ["索 引 号 003/201510-00216 信息分类 信息公开年报", "发布机构 示例局 发布日期 2015-10-15", "体裁分类 周期分类", "文 号 语种"]
    assert stated(read_metadata(page(*head))) == {
        "index_no": "003/201510-00216",
        "category": "信息公开年报",
        "publisher": "示例局",
        "date_published": "2015-10-15",
    }


def test_the_report_below_a_notice_has_its_own_title() -> None:
    title = "示例部2019年政府信息公开工作报告"
    notice = f"按照《中华人民共和国政府信息公开条例》有关要求，我部编制了《{title}》，现予公布。"
    head = ["示例部2020年政府信息公开工作报告", "公告", "2020年", "第2号", notice, f"附件：{title}", "示例部", "2020年1月22日", title]
    document = page(*head, "根据条例要求编制本报告。所列数据的统计期限为2019年1月1日至2019年12月31日。")
    assert title_of(document) == title
    assert read_metadata(document).date_published == "2020-01-22"


def test_no_number_and_the_time_of_adding() -> None:
    head = ["索引号：1/2024-00001 文号：无文号", "来源：示例县人民政府办公室 浏览次数： 添加时间：2026-01-31 20:09"]
    assert stated(read_metadata(page(*head))) == {
        "index_no": "1/2024-00001",
        "publisher": "示例县人民政府办公室",
        "date_published": "2026-01-31",
    }


def test_the_name_of_a_column_in_brackets_is_no_part_of_a_title() -> None:
    title = "示例县文化和旅游局2020年政府信息公开工作年度报告"
    assert title_of(page("政府信息公开", "（文化和旅游局）", title, BODY, "示例县文化和旅游局认真落实。")) == title


def test_a_label_that_begins_with_another_one() -> None:
    head = ["信息索引号: 1133/2022-00443  主题分类:", "体裁分类:  发布机构: 示例分局", "成文日期: 2022-01-30  公开方式: 主动公开"]
    assert stated(read_metadata(page(*head))) == {
        "index_no": "1133/2022-00443",
        "publisher": "示例分局",
        "date_created": "2022-01-30",
        "disclosure_method": "主动公开",
    }


def test_the_organ_of_a_title_that_is_declared_in_full() -> None:
    full, short = "示例厅2023年政府信息公开工作年度报告", "2023年政府信息公开工作年度报告"
    labelled = [["标题", full], ["索引号", "0/2024-00469"]]
    assert title_of(page(labelled, "示例厅", "??", short, "??", BODY)) == full
    assert title_of(page(labelled, "2022年政府信息公开工作年度报告", BODY)) != full
    assert title_of(page("示例市示例乡", short, short, BODY)) == f"示例市示例乡{short}"


TITLE = "示例局2023年政府信息公开工作年度报告"


@pytest.mark.parametrize("line", ["2024-01-18", "（2024年1月18日）", "2024/1/18 10:05", "2024年01月18日 10:05:00"])
def test_a_date_right_below_the_title(line: str) -> None:
    assert read_metadata(page("示例市人民政府", TITLE, line, BODY)).date_published == "2024-01-18"
    assert read_metadata(page(TITLE, "示例局", line, BODY)).date_published == "2024-01-18"
    assert read_metadata(page("示例局2023年", "政府信息公开工作年度报告", line, BODY)).date_published == "2024-01-18"
    assert title_of(page(TITLE, line, BODY)) == TITLE
    assert read_metadata(page(TITLE, line, BODY, pubdate="2024-01-20")).date_published == "2024-01-20"


def test_a_date_elsewhere_and_those_of_a_list_are_not_the_pages() -> None:
    for blocks in (("2024-01-18", TITLE, BODY), (TITLE, "2024年1月1日起施行", BODY)):
        assert read_metadata(page(*blocks)).date_published is None
    entries = [line for year in (2021, 2022) for line in (f"示例局{year}年政府信息公开工作年度报告", f"{year + 1}-01-18")]
    assert read_metadata(page(*entries)).date_published is None


@pytest.mark.parametrize("before", ["- ", "-", "—", "· ", "Page 8 - ", "• "])
def test_a_bullet_or_a_page_number_is_no_part_of_a_title(before: str) -> None:
    assert title_of(page(before + TITLE, BODY)) == TITLE
    assert title_of(page(BODY, title=before + TITLE)) == TITLE


def test_a_dash_in_place_of_a_value_is_no_part_of_a_title() -> None:
    assert title_of(page("文号", "-", "示例局2023年", "政府信息公开工作年度报告", BODY)) == TITLE


def test_the_year_that_sentences_begin_with() -> None:
    told = ("2023年，示例局认真公开。", "2023年以来，申请按时答复。2024年，我局将加强培训。")
    assert report_year(UNDATED, page(*told)) == 2023
    assert report_year(UNDATED, page(*told, "2022年，示例局成立。")) is None


def test_a_title_without_a_year_below_links_to_other_years() -> None:
    links = [f"示例局{year}年政府信息公开工作年度报告" for year in (2021, 2022)]
    period = "数据的统计期限自2023年1月1日至2023年12月31日。"
    for before, declared in ((links, ""), (links[:1], UNDATED), ([], "")):
        document = page(*before, UNDATED, "2024-01-18", period, title=declared)
        assert title_of(document) == UNDATED
        assert report_year(title_of(document), document) == 2023
    assert read_metadata(page(UNDATED, "2024-01-18", BODY)).date_published == "2024-01-18"
    assert title_of(page(*links[:1], "示例市政府信息公开年报", TITLE, BODY)) == TITLE


def test_a_title_without_a_year_on_two_lines_below_links() -> None:
    """Neither a link's year nor its organ is the report's, whether the title is declared or not."""
    own = ["示例州示例局", "政府信息公开工作年度报告", BODY]
    links = ["示例县公安局2012年政府信息公开工作年度报告", "示例州示例局2011年政府信息公开工作年度报告", "示例县公安局2013年部门预算公开"]
    assert title_of(page(*links, *own)) == "示例州示例局政府信息公开工作年度报告"
    assert title_of(page(links[1], *own, title="示例州示例局政府信息公开工作年度报告")) == "示例州示例局政府信息公开工作年度报告"


def test_a_label_that_begins_a_longer_one_takes_no_part_of_it() -> None:
    line = "索引号码:654922179/2017-64711 文章来源:示例市示例局"
    assert read_metadata(page(line, BODY)).index_no == "654922179/2017-64711"


def test_the_last_value_of_a_line_may_stand_in_a_cell_of_its_own() -> None:
    """White between the parts of a line makes a row of a table of them."""
    text = "示例局2023年政府信息公开工作年度报告\n发布机构： 示例市示例局   阅读： 7295\n一、总体情况\n示例局做了工作。\n"
    assert parse(text.encode()).metadata.publisher == "示例市示例局"


def test_a_date_below_a_label_without_a_value() -> None:
    head = ["索引号", "-", "发布机构", "发布日期", "2024-01-18"]
    assert read_metadata(page(*head, BODY)).date_published == "2024-01-18"
