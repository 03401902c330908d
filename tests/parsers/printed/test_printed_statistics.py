"""Statistical tables in texts without bars: one cell a line, or one row a line."""

from __future__ import annotations

import pytest

from parsers import parse
from parsers.model import Report
from tests.parsers import pages_by_hand
from tests.parsers.statistics.test_statistics import FORM_2014


def test_a_statistical_table_with_one_cell_a_line() -> None:
    labels = ["（一）主动公开政府信息数", "1.政府公报公开政府信息数", "2.政府网站公开政府信息数", "3.政务微博公开政府信息数"]
    labels += ["4.政务微信公开政府信息数", "5.其他方式公开政府信息数"]
    requests = ["（一）收到申请数", "1.当面申请数", "2.传真申请数", "3.网络申请数", "4.信函申请数", "（二）申请办结数"]
    requests += ["1.按时办结数", "2.延期办结数"]
    lines = [part for i, label in enumerate(labels) for part in (label, "条", str(i))]
    lines += [part for i, label in enumerate(requests) for part in (label, "件", str(10 * i))]
    report = parse(("示例市样例局2016年政府信息公开工作年度报告\n统计指标\n单位\n统计数\n" + "\n".join(lines)).encode())
    read = {cell.indicator: cell.value for cell in report.cells}
    assert (read["via_website"], read["received_letter"], read["completed_extended"]) == (2, 40, 70)


SHANGHAI = """示例区样例局2012年政府信息公开工作年度报告
一、概述
样例局做了工作。
附表
指标名称
单位
2012年
历年累计
主动公开信息数
条
120
1400
网站专栏页面访问量
万人次
1.5
20.3
本年度申请总数
条
3
40
其中：1.当面
申请数
条
1
9
2.网上申请数
条
2
31
行政复议数
件
0
1
注：本表数据截至年底。
"""


def statistics(text: str) -> dict[tuple[str | None, str | None], tuple[object, str, str | None]]:
    cells = [cell for cell in parse(text.encode()).cells if cell.table == "statistics" and cell.status != "absent"]
    return {(cell.label_raw, cell.period): (cell.value, cell.status, cell.unit) for cell in cells}


def test_a_statistical_table_of_two_years_with_one_cell_a_line() -> None:
    assert statistics(SHANGHAI) == {
        ("主动公开信息数", "year"): (120, "reported", "条"),
        ("主动公开信息数", "cumulative"): (1400, "reported", "条"),
        ("网站专栏页面访问量", "year"): (15000, "reported", "人次"),
        ("网站专栏页面访问量", "cumulative"): (203000, "reported", "人次"),
        ("本年度申请总数", "year"): (3, "reported", "条"),
        ("本年度申请总数", "cumulative"): (40, "reported", "条"),
        ("其中：1.当面申请数", "year"): (1, "reported", "条"),
        ("其中：1.当面申请数", "cumulative"): (9, "reported", "条"),
        ("2.网上申请数", "year"): (2, "reported", "条"),
        ("2.网上申请数", "cumulative"): (31, "reported", "条"),
        ("行政复议数", "year"): (0, "reported", "件"),
        ("行政复议数", "cumulative"): (1, "reported", "件"),
    }


def test_one_number_under_two_heads_of_lines_is_neither_year_s() -> None:
    read = statistics(SHANGHAI.replace("条\n3\n40\n", "条\n40\n"))
    assert read.pop(("本年度申请总数", "year")) == read.pop(("本年度申请总数", "cumulative")) == (None, "unreadable", "条")
    assert read[("主动公开信息数", "year")] == (120, "reported", "条")
    assert read[("行政复议数", "cumulative")] == (1, "reported", "件")


LABELS = (
    "一、主动公开情况",
    "（一）主动公开政府信息数（不同渠道和方式公开相同信息计1条）",
    "其中：主动公开规范性文件数",
    "制发规范性文件总数",
    "（二）通过不同渠道和方式公开政府信息的情况",
    "1.政府公报公开政府信息数",
    "2.政府网站公开政府信息数",
    "三、依申请公开情况",
    "（一）收到申请数",
    "1.当面申请数",
    "2.传真申请数",
    "3.网络申请数",
    "4.信函申请数",
    "（二）申请办结数",
)
VALUES = ("——", "521", "4", "5", "——", "0", "480", "——", "13", "2", "0", "8", "3", "12")
READ = {
    "proactive_total": 521, "normative_docs_disclosed": 4, "normative_docs_made": 5, "via_gazette": 0, "via_website": 480,
    "requests_received": 13, "received_in_person": 2, "received_fax": 0, "received_online": 8, "received_letter": 3,
    "requests_completed": 12,
}  # fmt: skip


def report_of(lines: list[str]) -> Report:
    above = ("示例市样例局2016年政府信息公开工作年度报告", "一、概述", "样例局做了工作。")
    return parse("\n".join((*above, *lines, "填报人：甲 联系电话：12345678")).encode())


def numbers(report: Report) -> dict[str, object]:
    return {cell.indicator: cell.value for cell in report.cells if cell.status == "reported"}


@pytest.mark.parametrize("parted", ["\n", "  ", "\n|\n"])
@pytest.mark.parametrize("serial", [True, False])
def test_rows_with_numbers_in_front_and_without_units(serial: bool, parted: str) -> None:
    head = ["序号", "统计指标", "统计数"] if serial else ["统计指标", "统计数"]
    rows = [[*[str(i)] * serial, label, value] for i, (label, value) in enumerate(zip(LABELS, VALUES, strict=True), 1)]
    end = "\n|" if "|" in parted else ""
    report = report_of([parted.join(row) + end for row in [head, *rows]])
    assert (report.form, numbers(report)) == ("2014", READ)


def test_a_row_without_its_number_ends_a_numbered_table() -> None:
    rows = [part for i, (label, value) in enumerate(zip(LABELS, VALUES, strict=True), 1) for part in (str(i + (i > 9)), label, value)]
    read = numbers(report_of(["序号", "统计指标", "统计数", *rows]))
    assert read.items() <= READ.items()
    assert "received_in_person" not in read


def test_values_with_their_units_are_values() -> None:
    labels = ("专职人员数", "兼职人员数", "接受培训人员数", "政策解读稿件发布数", "政府网站在线访谈次数", "举办各类培训班数")
    units, values = ("人", "人", "人次", "篇", "次", "次"), ("1人", "3人", "35人次", "6篇", "2次", "0次")
    rows = [part for row in zip(labels, units, values, strict=True) for part in row]
    read = numbers(report_of(["统计指标", "单位", "统计数", *rows]))
    assert list(read.values()) == [1, 3, 35, 6, 2, 0]


def test_a_value_that_is_no_number_does_not_leave_its_row_blank() -> None:
    rows = [part for label, value in zip(LABELS[8:], VALUES[8:], strict=True) for part in (label, "件", value)]
    report = report_of(["统计指标", "单位", "统计数", *rows, "1.按时办结数", "件", "见附件说明", "2.延期办结数", "件", "9"])
    cell = next(cell for cell in report.cells if cell.label_raw == "1.按时办结数")
    assert (cell.status, cell.value) == ("unreadable", None)


def test_numbered_labels_that_are_alike_are_no_running_heads() -> None:
    labels = [f"（{i}）“免予公开范围{i}”数" for i in range(1, 7)]
    rows = [part for i, label in enumerate(labels) for part in (label, "条", str(i))]
    text = "示例区样例局2012年政府信息公开工作年度报告\n附表\n指标名称\n单位\n2012年\n申请总数\n条\n9\n" + "\n".join(rows)
    assert list(numbers(parse(text.encode())).values()) == [9, 0, 1, 2, 3, 4, 5]


def test_the_unit_beside_values_that_are_left_open_is_every_row_s() -> None:
    read = statistics(SHANGHAI.replace("条\n3\n40\n", "条\n40\n").replace("条\n120\n1400\n", "条\n120\n1400\n其中：公文数\n条\n7\n8\n"))
    assert {unit for (label, _), (_, _, unit) in read.items() if label and label.endswith("申请数")} == {"条"}


# An unknown head is told only on the line of the others: on its own it might be a label.
@pytest.mark.parametrize(("heads", "parted"), [(("同比增长（%）", "备注"), "\n"), (("同比增长（%）", "备注"), "  "), (("比去年",), "  ")])
def test_changes_and_remarks_are_no_values(heads: tuple[str, ...], parted: str) -> None:
    behind = [["12.5", "含上年结转"][: len(heads)], ["-3"]] * len(LABELS)
    rows = [
        [label, value, *([] if value == "——" else more)] for label, value, more in zip(LABELS, VALUES, behind[: len(LABELS)], strict=True)
    ]
    report = report_of([parted.join(row) for row in [["统计指标", "统计数", *heads], *rows]])
    assert numbers(report) == READ


def test_a_local_table_of_which_no_row_is_sure_is_a_local_table() -> None:
    labels = ("主动公开信息数", "申请总数", "其中：1.当面申请数", "2.网上申请数", "行政复议数", "行政诉讼数")
    rows = [part for i, label in enumerate(labels) for part in (label, "件", str(i), *["1"] * (i % 2))]
    report = parse("\n".join(("示例区样例局2012年政府信息公开工作年度报告", "附表", "指标名称", "单位", "本年", "上年", *rows)).encode())
    assert (report.form, {cell.status for cell in report.cells}) == ("local", {"unreadable"})


@pytest.mark.parametrize("cut", ["1.专职人员数（|不包括政府公报工作人员数）", "1.专职人员数|（不包括政府公报工作人员数）", "1.专职人员|数"])
def test_a_label_on_two_lines_is_one(cut: str) -> None:
    rows = [part for label, value in zip(LABELS, VALUES, strict=True) for part in (label, value)]
    read = numbers(report_of(["统计指标", "统计数", *rows, *cut.split("|"), "3", "2.兼职人员数", "4"]))
    assert (read["staff_full_time"], read["staff_part_time"]) == (3, 4)


def test_a_label_whose_end_alone_stands_below_is_one() -> None:
    labels = [label.replace("传真申请数", "传真申请\n数（单位：件）") for label in LABELS]
    rows = [part for row in zip(labels, VALUES, strict=True) for part in row]
    assert numbers(report_of(["统计指标", "统计数", *rows])) == READ


def test_labels_printed_apart_from_all_units_and_values_have_no_blanks() -> None:
    """A text that prints a table piece by piece, the labels of a piece first: what is printed elsewhere is not blank."""
    rows = [row.split("|") for row in FORM_2014[1:]]
    lines = ["统计指标", "单位", "统计数"]
    for piece in (rows[at : at + 4] for at in range(0, len(rows), 4)):
        lines += [row[0].strip() for row in piece] + [cell for row in piece for cell in row[1:]]
    report = report_of(lines)
    assert report.form == "2014"
    assert {cell.status for cell in report.cells} == {"unreadable"}


def test_lines_of_table_three_are_no_rows_of_a_statistical_table() -> None:
    """Its head, broken in narrow columns, has words that head statistical tables: 人 is a unit."""
    cells = pages_by_hand.numbers()
    head = ["（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和） 自然 法人或其他组织"]
    head += ["人 商业企 科研机 社会公益 法律服务 其 总计", "业 构 组织 机构 他"]
    rows = [" ".join((label, *(str(cells[name, who]) for who in pages_by_hand.APPLICANTS))) for name, label, _ in pages_by_hand.ROWS]
    report = report_of(["三、收到和处理政府信息公开申请情况", "申请人情况", *head, *rows])
    assert {table.table: table.verdict for table in report.tables}["applications"] == "proved"
    assert {(c.indicator, c.applicant): c.value for c in report.cells if c.table == "applications"} == cells
