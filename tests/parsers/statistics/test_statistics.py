"""Statistical tables before 2019: declared forms, and local ones as they are printed."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pytest

from parsers import parse
from parsers.model import Cell, Report
from tests.parsers.pages_by_hand import table_of

LOCAL = (
    "指标名称|计量单位|2016年度|历年累计",
    "主动公开文件数|条|12|345",
    "其中：1、政府网站公开数|条|10|300",
    "2、政府公报公开数|条|2|45",
    "受理依申请公开信息总数|条|3|30",
    "其中：1、当面申请数|条|1|10",
    "2、网上申请数|条|2|19",
    "对申请的答复总数|条|3|30",
    "行政复议数|件|0|/",
    "行政诉讼数|件|0|",
)
FORM_2014 = (
    "统计指标|单位|统计数",
    "一、主动公开情况|——|——",
    "（一）主动公开政府信息数（不同渠道和方式公开相同信息计1条）|条|87",
    "　　其中：主动公开规范性文件数|条|3",
    "　　　　　制发规范性文件总数|件|4",
    "三、依申请公开情况|——|——",
    "（一）收到申请数|件|9",
    "1.当面申请数|件|1",
    "2.传真申请数|件|0",
    "3.网络申请数|件|6",
    "4.信函申请数|件|2",
    "（二）申请办结数|件|9",
    "1.按时办结数|件|8",
    "2.延期办结数|件|1",
    "四、行政复议数量|件|3",
    "（一）维持具体行政行为数|件|1",
    "（二）被依法纠错数|件|2",
    "（三）其他情形数|件|0",
    "五、行政诉讼数量|件|5",
    "（一）维持具体行政行为或者驳回原告诉讼请求数|件|4",
    "（二）被依法纠错数|件|0",
    "（三）其他情形数|件|1",
    "七、依申请公开信息收取的费用|万元|0.35",
    "（一）政府信息公开工作专门机构数|个|1",
    "（三）从事政府信息公开工作人员数|人|3",
    "1.专职人员数（不包括政府公报及政府网站工作人员数）|人|1",
    "2.兼职人员数|人|2",
)


def report_of(*rows: str, year: int = 2016, heading: str = "附表", more: str = "", table: str = "") -> Report:
    """A report with one statistical table at its end, and what may stand below it."""
    title = f"示例市示例局{year}年政府信息公开工作年度报告"
    table = table or table_of(*rows)
    body = f"<html><body><h1>{title}</h1><p>一、概述</p><p>示例局做了工作。</p><p>{heading}</p>{table}{more}</body></html>"
    return parse(body.encode())


def text_report(lines: Iterable[str]) -> Report:
    title = "示例市示例局2016年政府信息公开工作年度报告\n一、概述\n示例局做了工作。\n附表\n"
    return parse((title + "\n".join(lines)).encode())


def year_of(report: Report) -> dict[str, Cell]:
    """This year's cells that are printed, by indicator."""
    return {c.indicator: c for c in report.cells if c.period == "year" and c.status != "absent"}


@pytest.mark.parametrize("head", ["2015年统计数据", "上年度统计数", "去年同期数", "2008年以来累计数", "历年累计完成数"])
def test_a_column_that_is_not_the_years_is_never_taken_for_it(head: str) -> None:
    """It may stand alone, or before this year's; all sums hold in it, too."""
    _, *rows = FORM_2014
    alone = report_of(f"统计指标|单位|{head}", *rows)
    assert not [cell for cell in alone.cells if cell.period == "year" and cell.value is not None]
    beside = report_of(f"统计指标|单位|{head}|今年统计数", *(f"{row.rpartition('|')[0]}|3|{row.rpartition('|')[2]}" for row in rows))
    assert {n: c.value for n, c in year_of(beside).items()} == {n: c.value for n, c in year_of(report_of(*FORM_2014)).items()}


def test_the_form_of_2014() -> None:
    report = report_of(*FORM_2014)
    assert (report.form, report.report_year) == ("2014", 2016)
    assert {name: (c.value, c.unit) for name, c in year_of(report).items()} == {
        "proactive_total": (87, "条"),
        "normative_docs_disclosed": (3, "条"),
        "normative_docs_made": (4, "件"),
        "requests_received": (9, "件"),
        "received_in_person": (1, "件"),
        "received_fax": (0, "件"),
        "received_online": (6, "件"),
        "received_letter": (2, "件"),
        "requests_completed": (9, "件"),
        "completed_on_time": (8, "件"),
        "completed_extended": (1, "件"),
        "review_total": (3, "件"),
        "review_upheld": (1, "件"),
        "review_overturned": (2, "件"),
        "review_other": (0, "件"),
        "suit_total": (5, "件"),
        "suit_upheld": (4, "件"),
        "suit_overturned": (0, "件"),
        "suit_other": (1, "件"),
        "request_fees_wan_yuan": (0.35, "万元"),
        "dedicated_offices": (1, "个"),
        "staff": (3, "人"),
        "staff_full_time": (1, "人"),
        "staff_part_time": (2, "人"),
    }
    assert [t.verdict for t in report.tables] == ["proved"]


def test_rows_of_the_form_that_are_not_printed_are_absent() -> None:
    report = report_of(*FORM_2014)
    absent = {c.indicator for c in report.cells if c.status == "absent"}
    assert "via_website" in absent
    assert not absent & set(year_of(report))
    assert all(c.value is None and c.locator is None for c in report.cells if c.status == "absent")


def test_a_false_sum_of_the_form_of_2014_is_contradicted() -> None:
    rows = [row.replace("人员数|人|3", "人员数|人|4") for row in FORM_2014]
    report = report_of(*rows)
    assert [t.verdict for t in report.tables] == ["contradicted"]
    assert [(c.check, c.left, c.right) for c in report.checks if c.status == "fail" and c.severity == "E"] == [("C-O-06", 4, 3)]


def test_the_same_label_under_review_and_under_suits() -> None:
    """被依法纠错数 and 其他情形数 stand twice; the row above them tells which they are. The suits alone are suits."""
    rows = [row for row in FORM_2014 if "复议" not in row and row not in FORM_2014[15:18]]
    cells = year_of(report_of(*rows))
    assert (cells["suit_overturned"].value, cells["suit_other"].value) == (0, 1)
    assert "review_overturned" not in cells
    assert "review_other" not in cells


def test_fees_in_another_unit_are_converted_and_keep_their_print() -> None:
    for row, value, raw in (
        ("七、依申请公开信息收取的费用|元|3500", 0.35, "3500"),
        ("七、依申请公开信息收取的费用|万元|3500元", 0.35, "3500元"),
        ("七、依申请公开信息收取的费用|万元|0.35万元", 0.35, "0.35万元"),
    ):
        rows = [row if "收取的费用" in other else other for other in FORM_2014]
        fee = year_of(report_of(*rows))["request_fees_wan_yuan"]
        assert (fee.value, fee.unit, fee.raw) == (value, "万元", raw)


@pytest.mark.parametrize("column", ["序号", "代码"])
def test_a_column_of_numbers_in_front_is_not_the_value(column: str) -> None:
    rows = [f"{i or column}|{row}" for i, row in enumerate(FORM_2014)]
    assert {k: c.value for k, c in year_of(report_of(*rows)).items()} == {k: c.value for k, c in year_of(report_of(*FORM_2014)).items()}


def test_two_columns_of_the_table_side_by_side_are_not_mixed() -> None:
    """Values of several groups of organs under one head each: nobody can say which is the report's."""
    rows = ["统计指标|单位|县政府|乡镇", *(f"{row}|1" for row in FORM_2014[1:])]
    report = report_of(*rows)
    assert not [c for c in report.cells if c.value is not None]
    assert "ambiguous_columns" in {p.code for p in report.problems}


def test_a_local_table_as_it_is_printed() -> None:
    report = report_of(*LOCAL)
    assert (report.form, report.report_year) == ("local", 2016)
    assert [(c.label_raw, c.unit, c.period, c.value, c.status) for c in report.cells] == [
        ("主动公开文件数", "条", "year", 12, "reported"),
        ("主动公开文件数", "条", "cumulative", 345, "reported"),
        ("其中：1、政府网站公开数", "条", "year", 10, "reported"),
        ("其中：1、政府网站公开数", "条", "cumulative", 300, "reported"),
        ("2、政府公报公开数", "条", "year", 2, "reported"),
        ("2、政府公报公开数", "条", "cumulative", 45, "reported"),
        ("受理依申请公开信息总数", "条", "year", 3, "reported"),
        ("受理依申请公开信息总数", "条", "cumulative", 30, "reported"),
        ("其中：1、当面申请数", "条", "year", 1, "reported"),
        ("其中：1、当面申请数", "条", "cumulative", 10, "reported"),
        ("2、网上申请数", "条", "year", 2, "reported"),
        ("2、网上申请数", "条", "cumulative", 19, "reported"),
        ("对申请的答复总数", "条", "year", 3, "reported"),
        ("对申请的答复总数", "条", "cumulative", 30, "reported"),
        ("行政复议数", "件", "year", 0, "reported"),
        ("行政复议数", "件", "cumulative", None, "mark"),
        ("行政诉讼数", "件", "year", 0, "reported"),
        ("行政诉讼数", "件", "cumulative", None, "blank"),
    ]


def test_a_local_table_says_which_of_its_parts_do_not_add_up() -> None:
    """10 + 2 = 12 and 300 + 45 = 345; 1 + 2 = 3, but 10 + 19 is not 30: a third way of applying is not printed."""
    checks = [(c.detail.split()[0], c.left, c.right, c.status) for c in report_of(*LOCAL).checks if c.check == "parts"]
    assert checks == [
        ("主动公开文件数", 12, 12, "pass"),
        ("主动公开文件数", 345, 345, "pass"),
        ("受理依申请公开信息总数", 3, 3, "pass"),
        ("受理依申请公开信息总数", 30, 29, "fail"),
    ]
    assert [t.verdict for t in report_of(*LOCAL).tables] == ["unproved"]


def test_labels_get_a_name_only_where_they_mean_one_thing() -> None:
    names = {c.label_raw: c.indicator for c in report_of(*LOCAL).cells}
    assert names["主动公开文件数"] == ""
    assert names["行政复议数"] == "review_total"
    assert names["2、网上申请数"] == "received_online"


PRE_2014 = (
    "指标名称|计量单位|代码|本期实际|本年累计",
    "（甲）|（乙）|（丙）|（1）|（2）",
    "主动公开信息数|条|01|5|50",
    "其中:全文电子化的主动公开信息数|条|02|5|48",
    "新增的行政规范性文件数|条|03|0|2",
    "申请总数|条|10|1|3",
    "1.当面申请数|条|11|1|1",
    "2.传真申请数|条|12|0|0",
    "3.电子邮件申请数|条|13|0|0",
    "4.网上申请数|条|14|0|2",
    "5.信函申请数|条|15|0|0",
    "6.其他形式申请数|条|16|0|0",
    "对申请的答复总数|条|17|1|3",
    "否决公开答复总数|条|20|0|0",
    "免予公开范围1|条|25|0|0",
    "行政复议数|件|32|0|1",
    "收取费用总数|元|36|0|12.5",
)


def test_the_form_before_2014_keeps_both_periods_apart() -> None:
    report = report_of(*PRE_2014, year=2012)
    assert report.form == "pre2014"
    both = {(c.indicator, c.period): c.value for c in report.cells if c.status == "reported"}
    assert both["proactive_total", "year"] == 5
    assert both["proactive_total", "cumulative"] == 50
    assert both["received_online", "cumulative"] == 2
    assert both["fees_yuan", "cumulative"] == 12.5
    assert both["normative_docs_new", "year"] == 0
    assert not [c for c in report.cells if c.label_raw and "甲" in c.label_raw]


@pytest.mark.parametrize(
    "rows",
    [
        (
            "序号|标题|日期",
            "1|示例局2016年政府信息公开年度报告|2017-01-05",
            "2|示例局依申请公开指南|2016-05-01",
            "3|申请表|2015-05-01",
            "4|收费标准|2015-01-01",
        ),
        ("项目|电话", "依申请公开受理|12345678", "投诉举报|12345679", "行政复议|12345670", "咨询|12345671"),
        ("科目|预算数|决算数", "行政事业性收费收入|1|2", "培训费|3|4", "会议费|5|6", "咨询费|7|8", "诉讼费|9|9"),
    ],
    ids=["list_of_links", "telephone_numbers", "budget"],
)
def test_other_tables_are_no_statistics(rows: tuple[str, ...]) -> None:
    assert report_of(*rows).cells == ()


# ------------------------------------------------------------------ several copies, units, columns


def with_more(rows: tuple[str, ...], line: str, more: tuple[str, ...], year: int = 2016) -> Report:
    """The report with a second table below a line of text."""
    return report_of(*rows, more=f"<p>{line}</p>{table_of(*more)}", year=year)


OTHER_NUMBERS = tuple(row.replace("|9", "|8").replace("|6", "|5") for row in FORM_2014)


@pytest.mark.parametrize(
    ("line", "more"),
    [
        ("附：2015年度（上一年度）统计表，供对照", OTHER_NUMBERS),
        ("示例市示范中心2016年政府信息公开工作年度报告", OTHER_NUMBERS),
        ("附：填报模板", tuple(row.rpartition("|")[0] + "|" for row in FORM_2014)),
        ("附件", FORM_2014),
    ],
)
def test_another_copy_of_the_table_changes_nothing(line: str, more: tuple[str, ...]) -> None:
    alone, both = report_of(*FORM_2014), with_more(FORM_2014, line, more)
    assert {name: cell[:7] for name, cell in year_of(both).items()} == {name: cell[:7] for name, cell in year_of(alone).items()}
    assert [t.verdict for t in both.tables] == ["proved"]


def test_two_copies_that_differ_are_not_mixed() -> None:
    report = with_more(FORM_2014, "附表", OTHER_NUMBERS)
    assert (report.form, report.cells) == ("2014", ())
    assert [p.code for p in report.problems] == ["several_tables"]


def test_a_table_of_another_year_alone_is_not_the_report_s() -> None:
    report = report_of(*FORM_2014, heading="附：2015年度（上一年度）统计表，供对照")
    assert report.cells == ()
    assert [p.code for p in report.problems] == ["other_year"]


def test_an_empty_last_column_is_no_value() -> None:
    assert year_of(report_of(*(row + "|" for row in FORM_2014))).keys() == year_of(report_of(*FORM_2014)).keys()
    headless = [FORM_2014[0], *(row + "|" for row in FORM_2014[1:])]
    assert {n: c.value for n, c in year_of(report_of(*headless)).items()} == {n: c.value for n, c in year_of(report_of(*FORM_2014)).items()}


def test_a_percentage_is_no_count() -> None:
    cell = year_of(report_of(*(row.replace("|87", "|87%") for row in FORM_2014)))["proactive_total"]
    assert (cell.value, cell.status, cell.raw) == (None, "unreadable", "87%")


def test_a_unit_in_the_label_is_the_unit() -> None:
    rows = [row.replace("的费用|万元|0.35", "的费用（元）||3500") for row in FORM_2014]
    cell = year_of(report_of(*rows))["request_fees_wan_yuan"]
    assert (cell.value, cell.unit, cell.raw) == (0.35, "万元", "3500")


def test_a_group_in_a_column_of_its_own_is_not_the_label() -> None:
    table = (
        "<table><tr><td colspan=2>统计指标</td><td>单位</td><td>统计数</td></tr>"
        "<tr><td rowspan=3>主动公开情况</td><td>主动公开政府信息数</td><td>条</td><td>87</td></tr>"
        "<tr><td>主动公开规范性文件数</td><td>条</td><td>3</td></tr><tr><td>制发规范性文件总数</td><td>件</td><td>4</td></tr>"
        "<tr><td rowspan=2>依申请公开情况</td><td>收到申请数</td><td>件</td><td>9</td></tr>"
        "<tr><td>申请办结数</td><td>件</td><td>8</td></tr>"
        "<tr><td colspan=2>依申请公开信息收取的费用</td><td>万元</td><td>0</td></tr></table>"
    )
    assert {name: c.value for name, c in year_of(report_of(table=table)).items()} == {
        "proactive_total": 87,
        "normative_docs_disclosed": 3,
        "normative_docs_made": 4,
        "requests_received": 9,
        "requests_completed": 8,
        "request_fees_wan_yuan": 0,
    }


def test_a_head_that_lost_a_character_is_still_a_head() -> None:
    rows = ["指名称|计量单位|2016年度|历年累计", *LOCAL[1:]]
    assert [c[:7] for c in report_of(*rows).cells] == [c[:7] for c in report_of(*LOCAL).cells]




@pytest.mark.parametrize("serial", [False, True])
def test_a_form_whose_halves_stand_side_by_side_is_read_down_the_left_and_then_down_the_right(serial: bool) -> None:
    def line(left: str, right: str, number: int | str) -> str:
        return f"{number}|{left}|{number}|{right}" if serial else f"{left}|{right}"

    half = len(FORM_2014) // 2 + 1
    left, right = FORM_2014[1:half], (*FORM_2014[half:], "||")
    rows = [line(*pair, number) for number, pair in enumerate(zip(left, right, strict=False), 1)]
    report = report_of(line(FORM_2014[0], FORM_2014[0], "序号"), *rows)
    straight = year_of(report_of(*FORM_2014))
    assert len(straight) == 24
    assert {name: cell.value for name, cell in year_of(report).items()} == {name: cell.value for name, cell in straight.items()}


def test_columns_of_labels_that_are_not_alike_are_refused() -> None:
    report = report_of("统计指标|单位|统计数|项目|数量", *(f"{row}|收到申请数|7" for row in FORM_2014[1:]))
    assert [c for c in report.cells if c.status == "reported"] == []
    assert "ambiguous_columns" in [problem.code for problem in report.problems]


@pytest.mark.parametrize("heads", ["2015年|2016年", "2016年|2015年", "上年|本年", "本年|上年", "2016年|2015年|增减", "上年数|合计"])
def test_of_two_years_the_reports_is_read(heads: str) -> None:
    ours = next(place for place, head in enumerate(heads.split("|")) if head in ("2016年", "本年", "合计"))
    straight = year_of(report_of(*FORM_2014))
    names = iter(straight)
    rows, expected = [], {}
    for number, row in enumerate(FORM_2014[1:], 1):
        label, unit, value = row.split("|")
        value = value if number % 5 else ""  # a blank of ours is not filled by the other year's number
        values = ["", "", ""][: heads.count("|") + 1]
        values[ours], values[1 - ours] = value, str(700 + number)
        rows.append("|".join((label, unit, *values)))
        if not row.endswith("——"):
            name = next(names)
            expected[name] = straight[name].value if value else None
    assert {name: cell.value for name, cell in year_of(report_of(f"统计指标|单位|{heads}", *rows)).items()} == expected


def test_a_head_of_two_rows() -> None:
    head = "<tr><td rowspan=2>统计指标</td><td rowspan=2>单位</td><td colspan=2>统计数</td></tr><tr><td>2016年</td><td>2015年</td></tr>"
    rows = "".join(
        f"<tr><td>{label}</td><td>{unit}</td><td>{value}</td><td>888</td></tr>"
        for label, unit, value in (row.split("|") for row in FORM_2014[1:])
    )
    report = report_of(table=f"<table>{head}{rows}</table>")
    straight = year_of(report_of(*FORM_2014))
    assert {name: cell.value for name, cell in year_of(report).items()} == {name: cell.value for name, cell in straight.items()}


def test_a_table_of_another_year_only_is_not_this_years() -> None:
    report = report_of(FORM_2014[0].replace("统计数", "2015年"), *FORM_2014[1:])
    assert [c for c in report.cells if c.status == "reported"] == []
    assert "other_year" in [problem.code for problem in report.problems]


def test_a_number_merged_over_two_years_is_neithers() -> None:
    rows = "".join(
        f"<tr><td>{label}</td><td>{unit}</td><td colspan=2>{value}</td></tr>"
        for label, unit, value in (row.split("|") for row in FORM_2014[1:])
    )
    head = "<tr><td>统计指标</td><td>单位</td><td>2015年</td><td>2016年</td></tr>"
    report = report_of(table=f"<table>{head}{rows}</table>")
    assert [c for c in report.cells if c.status == "reported"] == []


def test_a_head_that_a_text_prints_over_each_of_its_columns_has_one_number() -> None:
    rows = ["统计指标|单位|统计数|统计数"]
    for n, row in enumerate(FORM_2014[1:]):
        label, unit, value = row.split("|")
        rows.append(f"{label}|{unit}|{unit if n % 2 else value}|{value}")
    text = "示例市示例局2015年政府信息公开工作年度报告\n政府信息公开情况统计表\n" + "\n".join(rows) + "\n"
    read = {cell.indicator: (cell.value, cell.unit) for cell in parse(text.encode()).cells if cell.status == "reported"}
    assert read == {name: (cell.value, cell.unit) for name, cell in year_of(report_of(*FORM_2014)).items() if cell.status == "reported"}
    two = text.replace(rows[3], rows[3].rsplit("|", 2)[0] + "|9041|9042")
    report = parse(two.encode())
    assert {cell.value for cell in report.cells}.isdisjoint((9041, 9042))
    assert "ambiguous_columns" in [problem.code for problem in report.problems]


def test_groups_before_the_labels() -> None:
    parts = [row.split("|") for row in FORM_2014[7:14]]
    rows = [f"依申请公开|{label}|{unit}|700|{value}" for label, unit, value in parts]
    cells = year_of(report_of("类别|统计指标|单位|2015年|2016年", *rows))
    assert {name: cell.value for name, cell in cells.items()}.items() >= {"received_in_person": 1, "received_online": 6}.items()
    assert 700 not in [cell.value for cell in cells.values()]


def test_a_unit_printed_with_white_or_what_nobody_sees_in_it_is_the_unit() -> None:
    for unit in ("万 元", "万\u200b元", "\ufeff万元", "万\u00ad 元"):
        rows = [row.replace("|万元|", f"|{unit}|") for row in FORM_2014]
        assert rows != FORM_2014
        assert year_of(report_of(*rows)) == year_of(report_of(*FORM_2014))


def test_a_printed_unit_that_the_form_does_not_have_is_never_the_form_s() -> None:
    rows = [*FORM_2014, "（四）政府信息公开专项经费|千元|12", "网站专栏页面访问量|万人次|1.5"]
    assert (year_of(report_of(*rows))["budget_wan_yuan"].value, year_of(report_of(*rows))["budget_wan_yuan"].unit) == (1.2, "万元")
    local = [*LOCAL, "网站专栏页面访问量|万人次|1.5|20", "现场接待人数|百人次|2|3"]
    cells = year_of(report_of(*local))
    assert (cells["column_visits"].value, cells["column_visits"].unit) == (15000, "人次")
    assert (cells["visitors_received"].value, cells["visitors_received"].unit) == (200, "人次")


def test_a_unit_under_the_head_of_the_labels_is_no_label() -> None:
    """The head spans two columns over the labels, the rows span two under the numbers."""
    head, *rows = (row.split("|") for row in FORM_2014)
    lines = [f"<tr><td colspan=2>{head[0]}</td><td>{head[1]}</td><td>{head[2]}</td></tr>"]
    lines += [f"<tr><td>{label}</td><td>{unit}</td><td colspan=2>{value}</td></tr>" for label, unit, value in rows]
    read = year_of(report_of(table=f"<table>{''.join(lines)}</table>"))
    assert {name: cell.value for name, cell in read.items()} == {n: c.value for n, c in year_of(report_of(*FORM_2014)).items()}


@pytest.mark.parametrize("again", [True, False])
@pytest.mark.parametrize("code", [True, False])
def test_in_text_a_value_counts_once_wherever_spans_put_it(again: bool, code: bool) -> None:
    """One column too many, printed as its neighbour once more or as a blank, now behind the label, now behind unit, code or number."""
    lines = []
    for n, row in enumerate(FORM_2014):
        cells = row.strip().split("|")
        if code:
            cells.insert(-1, ("" if "——" in cells else f"{n:02}") if n else "代码")
        place = n % len(cells)
        cells.insert(place + 1, cells[place] if again else "")
        lines.append(" | ".join(cells))
    read = year_of(text_report(lines))
    wanted = {name: cell.value for name, cell in year_of(report_of(*FORM_2014)).items()}
    assert {name: cell.value for name, cell in read.items()} == wanted


def test_the_code_of_a_row_whose_blank_was_dropped_is_no_value() -> None:
    rows = [row.strip().split("|") for row in FORM_2014]
    lines = [[*cells[:2], f"{n:02}" if n else "代码", cells[2]] for n, cells in enumerate(rows)]
    lost = next(n for n, cells in enumerate(rows) if "收到申请数" in cells[0])
    lines[lost].pop()
    read = year_of(text_report(map(" | ".join, lines)))
    assert (read["requests_received"].status, read["requests_received"].raw) == ("unreadable", f"{lost:02} ¦")
    assert (read["received_online"].value, read["requests_completed"].value) == (6, 9)


def test_without_a_head_a_code_is_no_value_and_what_is_printed_is_not_absent() -> None:
    """Code and number, code and blank: one of them is the value, and nothing says which."""
    rows = [
        "主动公开信息数|条|01|7471",
        "其中：全文电子化的主动公开信息数|条|02|",
        "新增的行政规范性文件数|条|03|36",
        "申请总数|条|10|3",
        "当面申请数|条|11|3",
        "否决公开答复总数|条|20|0",
        "“免予公开范围1”数|条|25|0",
    ]
    report = report_of(*rows, year=2012)
    cells = {cell.indicator: cell for cell in report.cells}
    assert report.form == "pre2014"
    assert [cell for cell in report.cells if cell.value is not None] == []
    told = cells["proactive_total"]
    assert (told.status, told.raw, told.locator) == ("unreadable", "01 ¦ 7471", "table[1]/tr[1]/td[3]")
    assert cells["proactive_full_text"].status == "unreadable"
    assert cells["service_items"].status == "absent"


def test_menus_and_paths_above_a_statistical_table_do_not_make_it_anothers() -> None:
    """The page's title stands in a table of its own; the path names the same report behind other words."""
    title = "示例市示例局2016年政府信息公开工作年度报告"
    path = f"当前位置：首页 &gt; 政务公开 &gt; {title}"
    menu = table_of("首页|政务公开|互动交流")
    html = f"<html><body>{menu}<div>{path}</div>{table_of(title)}<p>一、概述</p><p>附表</p>{table_of(*FORM_2014)}</body></html>"
    assert [t.verdict for t in parse(html.encode()).tables] == ["proved"]


def test_running_numbers_in_a_table_cut_in_two_make_it_no_annual_table() -> None:
    """Numbers stand before the labels, so that all rows look like rows of numbers without a label."""
    labels = ["（一）主动公开政府信息数|条", "其中：主动公开规范性文件数|条", "制发规范性文件总数|件"]
    labels += ["（二）通过不同渠道和方式公开政府信息的情况|"]
    labels += [f"{i}.{way}公开政府信息数|条" for i, way in enumerate(("政府公报", "政府网站", "政务微博", "政务微信", "其他方式"), 1)]
    labels += ["（一）收到申请数|件", "1.当面申请数|件", "（二）申请办结数|件", "（三）申请答复数|件", "3.同意部分公开答复数|件"]
    labels += ["四、行政复议数量|件"]
    rows = ["序号|统计指标|单位|数量", "1|一、主动公开情况||"]
    rows += [f"{number}|{label}|{'' if label.endswith('|') else number + 7}" for number, label in enumerate(labels, 2)]
    report = report_of(table=f"{table_of(*rows[:11])}<p>- 5 -</p>{table_of(*rows[11:])}")
    assert report.form == "2014"
    read = {name: cell.value for name, cell in year_of(report).items() if cell.status != "absent"}
    assert (len(read), read["proactive_total"], read["requests_received"], read["review_total"]) == (14, 9, 18, 23)


# ------------------------------------------------------------------ rows of no form, tables without units


def test_a_row_that_the_form_does_not_have_keeps_its_label_in_a_table_of_the_form() -> None:
    more = ("其中：1．邮寄费|元|38|4|12.5", "2．复制费（纸张）|元|39||8", "经办人|某人|||", "访问量|||123456|")
    report = report_of(*PRE_2014, *more, year=2012)
    read = [(c.label_raw, c.period, c.value, c.status, c.unit) for c in report.cells if not c.indicator]
    assert (report.form, read) == (
        "pre2014",
        [
            ("其中：1．邮寄费", "year", 4, "reported", "元"),
            ("其中：1．邮寄费", "cumulative", 12.5, "reported", "元"),
            ("2．复制费（纸张）", "year", None, "blank", "元"),
            ("2．复制费（纸张）", "cumulative", 8, "reported", "元"),
        ],
    )


def test_a_local_table_without_units_is_told_by_labels_that_the_forms_have() -> None:
    report = report_of("项目|2016年", "公文数|7", "主动公开信息数|12", "当面申请数|1", "网上申请数|2", "行政复议数|0", "减免费用|30")
    assert (report.form, len(report.cells)) == ("local", 6)
    assert {c.label_raw: (c.indicator, c.value, c.unit) for c in report.cells}["网上申请数"] == ("received_online", 2, "件")


def test_labels_that_state_their_units_get_a_name() -> None:
    rows = ("项目|2016年", "申请总数（件）|3", "当面申请数（单位：件）|1", "网上申请数(件)|2", "现场接待人数（人次）|9")
    names = ["requests_received", "received_in_person", "received_online", "visitors_received"]
    assert [c.indicator for c in report_of(*rows).cells] == names


NUMBERED = """公文类政府信息数 主动公开政府信息数 其中：1．政府网站 2．政府公报 3．新闻发布会 受理依申请公开信息总数 其中：1．当面申请数
2．传真申请数 3．电子邮件申请数 4．网上申请数 5．信函申请数 6．其它形式申请数 对申请的答复总数 其中：1．同意公开答复数 2．同意部分公开答复数
3．不予公开答复总数 其中：（1）“国家秘密”数 （2）“商业秘密”数 现场接待人数 咨询电话接听数 行政复议数 行政诉讼数"""


def test_numbered_rows_in_two_copies_are_no_annual_form() -> None:
    marks = (6, 7, 8, 12, 14, 18)
    rows = [f"{i}|{label}|条|{'无' if i in marks else i * i}" for i, label in enumerate(NUMBERED.split(), 1)]
    last_year = [re.sub(r"(\d)$", r"\g<1>1", row) for row in rows]
    head = "序号|项目|单位|本年度"
    report = report_of(head, *rows, heading="2016年统计表", more=f"<p>2015年统计表</p>{table_of(head, *last_year)}")
    read = year_of(report)
    assert (report.form, read["received_email"].value, read["reply_partially_disclosed"].value) == ("local", 81, 225)


def test_a_label_of_which_several_characters_are_others_is_another_label() -> None:
    more = ("2.政务抖音公开政府信息数|条|31", "3.政务微博开政府信息数|条|20", "4.政务徽信公开政府信息数|条|7")
    rows = (*FORM_2014[:5], *more, *(row.replace("网络申请", "现场申请") for row in FORM_2014[5:]))
    report = report_of(*rows)
    assert {c.label_raw: c.indicator for c in report.cells if c.label_raw in ("2.政务抖音公开政府信息数", "3.现场申请数")} == {
        "2.政务抖音公开政府信息数": "",
        "3.现场申请数": "",
    }
    assert (year_of(report)["via_weibo"].value, year_of(report)["via_wechat"].value) == (20, 7)


@pytest.mark.parametrize(
    ("label", "indicator"),
    [
        ("本年度申请总数", "requests_received"),
        ("其中：1.当面申请", "received_in_person"),
        ("3.不予公开答复总数", "reply_refused"),
        ("（2）“商业秘密”数", "refused_trade_secret"),
        ("5.“非本机关职责权限范围”数", "reply_not_this_organ"),
        ("专职工作人员数", "staff_full_time"),
        ("7.“重复申请”数", ""),
    ],
)
def test_what_cities_call_the_same_indicator(label: str, indicator: str) -> None:
    report = report_of(*LOCAL, f"{label}|件|5|50")
    assert [c.indicator for c in report.cells if c.label_raw == label] == [indicator, indicator]


def test_the_running_total_beside_the_years_numbers_of_2014() -> None:
    """Some provinces' copies of the form have it; its sums are judged as the year's are."""
    rows = [row.replace("统计数", "2016年度|历年累计") if i == 0 else f"{row}|{row.rpartition('|')[2]}" for i, row in enumerate(FORM_2014)]
    rows[6] = "（一）收到申请数|件|9|40"
    report = report_of(*rows)
    assert year_of(report)["requests_received"].value == 9
    running = {cell.indicator: cell.value for cell in report.cells if cell.period == "cumulative" and cell.status != "absent"}
    assert (running["requests_received"], running["proactive_total"]) == (40, 87)
    assert [table.verdict for table in report.tables] == ["contradicted"]


def test_rows_of_like_labels_in_another_order_than_the_forms() -> None:
    """Where they stand, 不同意公开 would be read as a damaged 同意部分公开, and all sums would hold."""
    rows = ["（三）申请答复数|件|12", "1.属于已主动公开范围数|件|0", "2.同意公开答复数|件|7"]
    rows += ["4.不同意公开答复数|件|5", "3.同意部分公开答复数|件|0"]
    read = year_of(report_of(*FORM_2014[:14], *rows, *FORM_2014[14:]))
    assert (read["reply_refused"].value, read["reply_partially_disclosed"].value) == (5, 0)


def test_ranges_of_exemption_in_another_order_than_the_forms() -> None:
    rows = ("指标名称|计量单位|代码|本期实际", "主动公开信息数|条|01|3", "对申请的答复总数|条|17|3", "否决公开答复总数|条|20|3")
    ranges = ("“免予公开范围2”数|条|26|0", "“免予公开范围1”数|条|25|3", "“免予公开范围3”数|条|27|0")
    read = year_of(report_of(*rows, *ranges, year=2012))
    assert [read[f"refused_{name}"].value for name in ("state_secret", "trade_secret", "privacy")] == [3, 0, 0]
