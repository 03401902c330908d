"""Cells on lines of their own beside bars, or with bars on lines between them."""

from __future__ import annotations

import pytest

from parsers import parse
from parsers.carriers.lines.bars_below import with_rows_in_lines
from parsers.carriers.lines.lone_cells import with_cells_in_lines
from parsers.model import Report

Rows = list[list[str]]

TITLE = "示例市统计局2023年政府信息公开工作年度报告"
APPLICANTS = ("natural_person", "business", "research", "nonprofit", "legal_service", "other_org", "total")
PROACTIVE: Rows = [
    ["第二十条第(一)项"],
    ["信息内容", "本年制发件数", "本年废止件数", "现行有效件数"],
    ["规章", "-", "0", "-"],
    ["行政规范性文件", "3", "", "101"],
    ["第二十条第(五)项"],
    ["信息内容", "本年处理决定数量"],
    ["行政许可", "44"],
    ["第二十条第(六)项"],
    ["信息内容", "本年处理决定数量"],
    ["行政处罚", "/"],
    ["行政强制", "0"],
    ["第二十条第(八)项"],
    ["信息内容", "本年收费金额(单位:万元)"],
    ["行政事业性收费", "12.5"],
]
LABELS = """一、本年新收政府信息公开申请数量;二、上年结转政府信息公开申请数量;三、本年度办理结果|(一)予以公开
(二)部分公开(区分处理的,只计这一情形,不计其他情形);(三)不予公开|1.属于国家秘密;2.其他法律行政法规禁止公开;3.危及“三安全一稳定”
4.保护第三方合法权益;5.属于三类内部事务信息;6.属于四类过程性信息;7.属于行政执法案卷;8.属于行政查询事项;(四)无法提供|1.本机关不掌握相关政府信息
2.没有现成信息需要另行制作;3.补正后申请内容仍不明确;(五)不予处理|1.信访举报投诉类申请;2.重复申请;3.要求提供公开出版物;4.无正当理由大量反复申请
5.要求行政机关确认或重新出具已获取信息;(六)其他处理|1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请
2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请;3.其他;(七)总计;四、结转下年度继续办理"""
NUMBERS = {0: (5, 2, 7), 1: (1, 0, 1), 2: (4, 0, 4), 9: (0, 2, 2), 23: (4, 2, 6), 24: (2, 0, 2)}
APPLICATIONS: Rows = [
    ["(本列数据的勾稽关系为:第一项加第二项之和,等于第三项加第四项之和)", "申请人情况"],
    ["自然人", "法人或其他组织", "总计"],
    ["商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他"],
]
for place, name in enumerate(LABELS.replace("\n", ";").split(";")):
    own, firms, total = NUMBERS.get(place, (0, 0, 0))
    APPLICATIONS.append([*name.split("|"), str(own), str(firms), "", "", "", "", str(total)])


def closed(rows: Rows) -> str:
    return "\n".join(f"{cell} |" if cell else "|" for row in rows for cell in row)


def opened(rows: Rows) -> str:
    return "\n".join(f"|{cell}" for row in rows for cell in row).replace("|商业企业", "|商业\n企业")


def parted(rows: Rows) -> str:
    return "\n".join(f"{cell}\n|" if cell else "|" for row in rows for cell in row).replace("商业企业", "商业\n企业")


def parted_twice(rows: Rows) -> str:
    return "\n|\n|\n".join(cell for row in rows for cell in row).replace("\n\n", "\n")


def closed_below(rows: Rows) -> str:
    """As a page's own line breaks and tabs leave it: white lines between rows, and the bar of a last cell on a line of its own."""
    return "\n\t\t\n".join(" | \n\t\t\t".join(row) + ("\n   | " if len(row) > 1 else " | ") for row in rows)


def boxed(rows: Rows) -> str:
    return "\n".join("| " + closed([row]) for row in rows)


def behind_first(rows: Rows) -> str:
    lines = (f"{row[0]}\n" + "".join(f"| {cell}\n" if cell else "|\n" for cell in row[1:]) + "|" for row in rows)
    return "\n".join(lines)


def begun_by_bar(rows: Rows) -> str:
    """A row begins with a bar, each cell has its bar on the line below, and bare bars below pad the row."""
    width = max(map(len, rows))
    lines = ["| " + "\n|\n".join(row).replace("商业企业", "商业\n企业") + "\n|\n" + "|" * (width - len(row)) for row in rows]
    return "\n".join(line.replace("\n\n", "\n").rstrip("\n") for line in lines)


def page(write: object) -> Report:
    assert callable(write)
    parts = [TITLE, "二、主动公开政府信息情况", write(PROACTIVE), "三、收到和处理政府信息公开申请情况", write(APPLICATIONS)]
    return parse("\n".join([*parts, "五、存在的主要问题及改进情况", "学习不够。将加强培训。"]).encode())


@pytest.mark.parametrize("write", [closed, closed_below, opened, parted, parted_twice, boxed, behind_first, begun_by_bar])
def test_cells_on_lines_of_their_own_are_read_blanks_and_marks_included(write: object) -> None:
    report = page(write)
    found = {(cell.indicator, cell.applicant): (cell.value, cell.status) for cell in report.cells}
    values = {name: value for (name, applicant), (value, _) in found.items() if applicant is None and value is not None}
    assert values == {
        "rules_repealed": 0,
        "normative_docs_issued": 3,
        "normative_docs_in_force": 101,
        "licensing_decisions": 44,
        "coercion_decisions": 0,
        "admin_fees_wan_yuan": 12.5,
    }
    assert found["rules_issued", None] == found["rules_in_force", None] == found["penalty_decisions", None] == (None, "mark")
    assert found["normative_docs_repealed", None] == (None, "blank")
    assert [found["new_requests", who] for who in APPLICANTS] == [(5, "reported"), (2, "reported"), *[(None, "blank")] * 4, (7, "reported")]
    assert found["refused_enforcement_file", "business"] == found["refused_enforcement_file", "total"] == (0, "reported")
    assert found["refused_deliberative", "business"] == found["refused_deliberative", "total"] == (2, "reported")
    assert found["refused_third_party", "total"] == (0, "reported")
    assert found["carried_forward", "total"] == (2, "reported")
    verdicts = {table.table: table.verdict for table in report.tables}
    assert verdicts["applications"] == "proved_blank_as_zero"
    assert {2, 3, 5} <= {section.section for section in report.sections}
    assert not any("␣" in (cell.raw or "") for cell in report.cells)


def test_an_address_is_the_line_of_the_row() -> None:
    cells = {cell.indicator: cell for cell in page(closed).cells}
    assert cells["normative_docs_issued"].locator == "line[12]/cell[1]"


def test_the_last_cell_of_a_table_may_have_no_bar_behind_it() -> None:
    row = "四、结转下年度继续办理\n|\n1\n|\n0\n|\n3\n|\n1\n|\n7\n"
    text = f"数据\n|\n{row}四、行政复议、行政诉讼情况\n|\n行政复议\n|\n行政诉讼\n|\n总计\n|\n2\n|\n5\n五、存在的主要问题"
    lines = [line for line in with_cells_in_lines(text).split("\n") if line]
    assert lines == [
        "数据", "四、结转下年度继续办理 1 0 3 1 7", "四、行政复议、行政诉讼情况", "行政复议", "行政诉讼", "总计 2 5", "五、存在的主要问题"
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "|规章\n|140\n| 1 | 2 |",  # too few
        "第一项 | |||\n信息内容 |\n本年制发件数 |\n规章 |\n0 | ||\n",  # padded: its rows are told by their width
        "第一项 | |||\n\n信息内容 |\n\n本年制发件数 |\n\n规章 |\n\n0 |\n\n3 | ||\n",
        "索引号 | 1 |\n规章 |\n0 |\n许可 |\n3 |",
        "规章 | 0 | 1 |\n许可 | 0 | 1 |",
        "a␣\n规章 |\n0 |\n许可 |\n3 |",
    ],
)
def test_other_ways_of_writing_are_left_alone(text: str) -> None:
    assert with_cells_in_lines(text) == text


def test_a_heading_between_tables_whose_rows_begin_with_a_bar_is_no_cell() -> None:
    """Padded rows with a cell a line, a bar alone before each row: the bar below a heading opens the next table."""
    two = "|\n信息内容 |\n上一年 |\n本年 | ||\n|\n行政许可 |\n7 |\n8 |\n9 |\n0 |\n"
    three = "|\n自然人 |\n总计 | |||\n|\n5 |\n5 | |||\n"
    text = f"{two}三、收到和处理政府信息公开申请情况\n{three}"
    assert with_cells_in_lines(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "| 规章\n|\n0\n|\n| 许可\n|\n3\n|",  # too few
        "| 规章\n| 0\n|\n| 许可\n| 3\n|\n| 处罚\n| 5\n|",  # a bar before each cell
        "| 规章 |\n|\n| 许可 |\n|\n| 处罚 |\n|\n| 强制 |\n|",
    ],
)
def test_rows_of_another_kind_are_left_alone(text: str) -> None:
    assert with_rows_in_lines(text) == text


def test_prose_between_such_rows_is_none_of_them() -> None:
    row = "| 规章\n|\n0\n|\n||"
    text = f"{row}\n{row}\n三、收到和处理政府信息公开申请情况\n{row}\n{row}\n五、问题"
    assert with_rows_in_lines(text).replace("\n\n", "").split("\n")[-1] == "五、问题"
    assert with_rows_in_lines(text).count("| 规章 | 0 | ||") == 4


def test_a_statistical_table_below_lines_that_are_none_of_its_head() -> None:
    above = ["示例市政府信息公开情况统计表", "填报单位（盖章）", "报出日期 年 月 日"]
    head = [*above, "指 标 名 称", "| 计量", "单位", "| 代码", "| 本期实际", "| 本年累计", "|"]
    letters = ["甲", "| 乙", "| 丙", "| 1", "| 2", "|"]
    printed = "主动公开信息数 条 01 66 90;申请总数 条 10 3 5;其中:1.当面申请数 条 11  2;2.网上申请数 条 14 3 3;行政复议数 件 32 0 1"
    rows = [row.split(" ") for row in printed.split(";")]
    lines = [*head, *letters, *(line for row in rows for line in (row[0], *(f"| {cell}" if cell else "|" for cell in row[1:]), "|"))]
    report = parse("\n".join(["示例市农业局2009年政府信息公开工作年度报告", "一、概述", *lines]).encode())
    found = {(cell.indicator, cell.period): (cell.value, cell.status) for cell in report.cells}
    assert found["proactive_total", "year"] == (66, "reported")
    assert found["requests_received", "year"] == (3, "reported")
    assert found["received_in_person", "year"] == (None, "blank")
    assert found["received_in_person", "cumulative"] == (2, "reported")
    assert found["suit_total", "year"] == (None, "absent")
    assert "table_not_read" not in {problem.code for problem in report.problems}


def test_bars_of_blank_cells_on_lines_below_a_row() -> None:
    heads = "信息内容 | 上一年项目数量 | 本年增/减 | 处理决定数量 |"
    made = "信息内容 | 本年新制作数量 | 本年新公开数量 | 对外公开总数量 |"
    lines = ["第二十条第(一)项 |", made, "规章 |", "|", "|", "|", "规范性文件 | 4 | 5 | 6 |", "第二十条第(六)项 |", heads]
    lines += ["行政处罚 | 177 | 131 | 18 |", "行政强制 | 4 | -2 |", "|", "第二十条第(八)项 |"]
    report = parse("\n".join(["示例局2020年政府信息公开工作年度报告", "二、主动公开政府信息情况", *lines]).encode())
    found = {cell.indicator: (cell.value, cell.status) for cell in report.cells}
    assert found["rules_newly_made"] == found["rules_disclosed_total"] == found["coercion_decisions"] == (None, "blank")
    assert (found["coercion_items_prior"], found["coercion_items_change"]) == ((4, "reported"), (-2, "reported"))
    assert found["penalty_decisions"] == (18, "reported")
