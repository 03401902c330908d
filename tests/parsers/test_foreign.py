"""Pages with several copies of a table: last year's and other organs' give way to the report's own."""

from __future__ import annotations

import pytest

from parsers import parse
from parsers.model import Report
from tests.parsers.annual.layouts_by_hand import LABELS
from tests.parsers.pages_by_hand import APPLICANTS, ROWS, TITLE, applications, disputes, numbers, page, table_of
from tests.parsers.statistics.test_statistics import FORM_2014, OTHER_NUMBERS, report_of, year_of

LAST_YEAR = applications(dict.fromkeys(numbers(), 0))
OTHER_DISPUTES = disputes((0,) * 14 + (1,))


def verdicts(report: Report) -> dict[str, str]:
    return {table.table: table.verdict for table in report.tables}


@pytest.mark.parametrize(
    ("above", "below"),
    [
        ("2023年：", "2022年："),
        ("（一）2023年度", "（二）2022年度"),
        ("", "上年度数据"),
        ("", "附：2022年度政府信息公开情况"),
        ("", "所属单位政府信息公开情况"),
        ("", "示例县示范镇人民政府"),
    ],
)
@pytest.mark.parametrize("last_first", [False, True])
def test_of_two_copies_the_one_that_is_not_said_to_be_anothers_is_read(above: str, below: str, last_first: bool) -> None:
    this, last = f"<p>{above}</p>{applications()}", f"<p>{below}</p>{LAST_YEAR}"
    if last_first and not above:
        this = "<p>三、收到和处理政府信息公开申请情况</p>" + this
    report = parse(page(three=last + this if last_first else this + last))
    assert verdicts(report)["applications"] == "proved"
    values = {(cell.indicator, cell.applicant): cell.value for cell in report.cells if cell.table == "applications"}
    assert values == numbers()


def test_a_caption_ends_what_a_line_above_other_tables_said() -> None:
    """All tables stand at the end, last year's first; the report's have a caption that names no year."""
    last = f"<p>附：2022年度（上一年度）数据，供对照</p>{LAST_YEAR}{OTHER_DISPUTES}"
    report = parse(page(three="", four="", more=f"{last}<p>附表</p>{applications()}{disputes()}"))
    assert verdicts(report) == {"proactive": "unproved", "applications": "proved", "disputes": "proved"}
    values = {(cell.indicator, cell.applicant): cell.value for cell in report.cells if cell.table == "applications"}
    assert values == numbers()


@pytest.mark.parametrize(
    "caption",
    ["2022年收到和处理政府信息公开申请情况", "政府信息公开申请情况统计表（2022年度）", "收到和处理政府信息公开申请情况（2022年）"],
)
@pytest.mark.parametrize("within", [False, True])
def test_a_caption_of_last_year_above_the_table_or_as_its_first_row(caption: str, within: bool) -> None:
    row = f"<tr><td colspan=10>{caption}</td></tr>"
    last = LAST_YEAR.replace("<table>", f"<table>{row}") if within else f"<p>{caption}</p>{LAST_YEAR}"
    for three in (applications() + last, last + f"<p>2023年：</p>{applications()}"):
        report = parse(page(three=three))
        assert verdicts(report)["applications"] == "proved"
        values = {(cell.indicator, cell.applicant): cell.value for cell in report.cells if cell.table == "applications"}
        assert values == numbers()


@pytest.mark.parametrize("last_first", [False, True])
@pytest.mark.parametrize("again", [False, True])
def test_two_years_in_one_table_are_not_mixed(last_first: bool, again: bool) -> None:
    """A text joins tables that nothing but a caption parts."""
    five = ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"]
    heads = ["行政复议 | 行政诉讼", " | ".join([*five, "未经复议直接起诉", "复议后起诉"]), " | ".join(five * 2)]
    said = "{}年行政复议、行政诉讼情况"
    tables = [
        [" | ".join([said.format(year), *[said.format(year) * again] * 9]), *heads, " | ".join(map(str, row))]
        for year, row in ((2023, (1, 2, 0, 4, 7, 5, 0, 0, 0, 5, 0, 1, 0, 2, 3)), (2022, (9, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)))
    ]
    rows = [row for table in (reversed(tables) if last_first else tables) for row in table]
    text = "\n".join(["示例市示例局2023年政府信息公开工作年度报告", "四、政府信息公开行政复议、行政诉讼情况", *rows])
    report = parse(text.encode(), content_type="text/plain; charset=utf-8")
    cells = [cell for cell in report.cells if cell.table == "disputes"]
    assert [cell.value for cell in cells] == [1, 2, 0, 4, 7, 5, 0, 0, 0, 5, 0, 1, 0, 2, 3]
    assert cells[0].locator == f"line[{12 if last_first else 7}]/cell[1]"


def test_a_copy_below_the_last_section_gives_way() -> None:
    report = parse(page(more=f"<p>附表</p>{OTHER_DISPUTES}"))
    assert verdicts(report)["disputes"] == "proved"


def test_the_only_copy_is_read_whatever_the_line_above_it_names() -> None:
    report = parse(page(three=f"<p>2022年</p>{applications()}", four=f"<p>示例县示范镇人民政府</p>{disputes()}"))
    assert verdicts(report) | {"proactive": ""} == {"proactive": "", "applications": "proved", "disputes": "proved"}


@pytest.mark.parametrize("caption", ["上年数据", "（二）上年度情况", "附：上年同期数据"])
def test_a_table_that_is_said_to_be_last_years_is_never_the_reports(caption: str) -> None:
    report = parse(page(three=f"<p>{caption}</p>{LAST_YEAR}"))
    assert verdicts(report)["applications"] == "absent"
    assert "other_year" in [problem.code for problem in report.problems]
    report = parse(page(three=f"<p>{caption}</p>{LAST_YEAR}<p>本年数据</p>{applications()}"))
    assert {(c.indicator, c.applicant): c.value for c in report.cells if c.table == "applications"} == numbers()


SAYS_LESS = (applications(dict.fromkeys(numbers(), "/")), applications(rows=("new_requests", "disclosed", "concluded")))


@pytest.mark.parametrize("own", SAYS_LESS)
@pytest.mark.parametrize("caption", ["2022年", "上年", "所属单位", "示例县示范镇人民政府"])
def test_a_full_copy_that_may_be_anothers_does_not_stand_for_one_that_says_less(own: str, caption: str) -> None:
    report = parse(page(three=f"{own}<p>{caption}</p>{LAST_YEAR}"))
    assert verdicts(report)["applications"] in ("absent", "unproved")
    read = {(c.indicator, c.applicant): c.value for c in report.cells if c.table == "applications" and c.value is not None}
    assert read.items() <= numbers().items()
    assert not any(name in ("carried_over", "disclosed") for name, _ in read) or own is SAYS_LESS[1]


def test_two_copies_of_other_years_leave_no_choice() -> None:
    report = parse(page(three=f"<p>2021年</p>{applications()}<p>2022年</p>{LAST_YEAR}"))
    assert "several_tables" in [problem.code for problem in report.problems]


@pytest.mark.parametrize("last_first", [False, True])
def test_of_two_rows_of_table_four_the_reports_year_is_read(last_first: bool) -> None:
    this, last = (1, 2, 0, 4, 7, 5, 0, 0, 0, 5, 0, 1, 0, 2, 3), (9, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
    rows = ["".join(f"<td>{text}</td>" for text in (f"{year}年", *row)) for year, row in ((2023, this), (2022, last))]
    head = disputes().rpartition("<tr>")[0].replace("<table><tr>", "<table><tr><td rowspan=3>年份</td>")
    four = head + "".join(f"<tr>{row}</tr>" for row in (reversed(rows) if last_first else rows)) + "</table>"
    report = parse(page(four=four))
    assert verdicts(report)["disputes"] == "proved"
    cells = [cell for cell in report.cells if cell.table == "disputes"]
    assert tuple(cell.value for cell in cells) == this
    assert cells[0].locator == f"table[3]/tr[{5 if last_first else 4}]/td[2]"


@pytest.mark.parametrize("blank", ["", "/"])
@pytest.mark.parametrize("names", [("2023年", "2022年"), ("本年", "上年"), ("本年度", "上年度"), ("全市", "市本级")])
@pytest.mark.parametrize("last_first", [False, True])
def test_of_two_rows_of_table_four_none_is_taken_for_the_other_that_is_not_filled_in(
    blank: str, names: tuple[str, str], last_first: bool
) -> None:
    this, last = (blank,) * 15, (9, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
    rows = ["".join(f"<td>{text}</td>" for text in (name, *row)) for name, row in zip(names, (this, last), strict=True)]
    head = disputes().rpartition("<tr>")[0].replace("<table><tr>", "<table><tr><td rowspan=3>年份</td>")
    four = head + "".join(f"<tr>{row}</tr>" for row in (reversed(rows) if last_first else rows)) + "</table>"
    report = parse(page(four=four))
    assert verdicts(report)["disputes"] in ("unproved", "absent")
    assert {cell.value for cell in report.cells if cell.table == "disputes"} <= {None}


@pytest.mark.parametrize("captions", [("2023年", "2022年"), ("本年数据", "上年数据")])
def test_a_caption_of_a_year_parts_tables_that_a_text_joins(captions: tuple[str, str]) -> None:
    five = " | ".join(["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"] * 3)
    rows = [(1, 2, 0, 4, 7, 5, 0, 0, 0, 5, 0, 1, 0, 2, 3), (9, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)]
    heads = "行政复议 | 未经复议直接起诉 | 复议后起诉"
    tables = [f"{said} | | \n{heads}\n{five}\n{' | '.join(map(str, row))}" for said, row in zip(captions, rows, strict=True)]
    text = "\n".join(["示例市示例局2023年政府信息公开工作年度报告", "四、政府信息公开行政复议、行政诉讼情况", *tables])
    report = parse(text.encode(), content_type="text/plain; charset=utf-8")
    assert [cell.value for cell in report.cells if cell.table == "disputes"] == list(rows[0])


def test_last_years_rows_do_not_count_because_of_a_list_below_them() -> None:
    """The list of other organs speaks of disclosure, too, and goes on in the same columns."""
    others = table_of("单位名称|单位|主动公开信息数", "示范镇|条|12", "示例镇|条|9")
    report = report_of(*OTHER_NUMBERS, heading="政府信息公开情况统计表（2015年度）", more=others)
    assert [cell for cell in report.cells if cell.value is not None] == []


def test_of_two_statistical_tables_the_reports_year_is_read() -> None:
    rows = f"<p>2016年：</p>{table_of(*FORM_2014)}<p>2015年：</p>{table_of(*OTHER_NUMBERS)}"
    assert year_of(report_of(table=rows))["requests_received"].value == 9


def test_last_years_table_four_with_a_row_per_value_is_a_table_of_its_own() -> None:
    results = ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"]
    heads = ["行政复议", "未经复议直接起诉", "复议后起诉"]
    rows = [f"<tr><td>{head}</td><td>{result}</td><td>0</td></tr>" for head in heads for result in results]
    this = f"<p>2023年度数据</p><p>四、政府信息公开行政复议、行政诉讼情况</p>{disputes()}"
    report = parse(page(four=f"<p>2022年度数据</p><table>{''.join(rows)}</table>{this}"))
    read = [cell.value for cell in report.cells if cell.table == "disputes"]
    assert read == [cell.value for cell in parse(page()).cells if cell.table == "disputes"]
    assert any(read)


def turned(cells: dict[tuple[str, str], object]) -> str:
    """Table three with a column for each of its rows."""
    rows = ["|".join(("申请人情况", *("".join((*groups[1:], label)) for _, label, groups in ROWS)))]
    for applicant, label in zip(APPLICANTS, LABELS, strict=True):
        rows.append("|".join((label, *(str(cells[name, applicant]) for name, _, _ in ROWS))))
    return table_of(*rows)


def test_headings_that_differ_in_nothing_but_the_year_say_whose_the_tables_are() -> None:
    """Last year's table is read more readily than the report's own, which is turned on its side."""
    said = "<p>{}年收到和处理政府信息公开申请情况</p>"
    three = f"{said.format(2022)}{LAST_YEAR}{said.format(2023)}{turned(numbers())}"
    report = parse(page(three=three))
    values = {(cell.indicator, cell.applicant): cell.value for cell in report.cells if cell.table == "applications"}
    assert values == numbers()


def test_rows_of_another_organs_table_are_no_second_print_of_the_reports() -> None:
    """The other table two is cut in one table an article, of which the first seems to go on with the report's own."""
    article = "第二十条第（{}）项"
    decisions = "信息内容|本年处理决定数量"
    other = (
        table_of(article.format("一"), "信息内容|本年制发件数|本年废止件数|现行有效件数", "规章|0|2|0", "规范性文件|4|4|4"),
        table_of(article.format("五"), decisions, "行政许可|5"),
        table_of(article.format("六"), decisions, "行政处罚|5", "行政强制|6"),
        table_of(article.format("八"), "信息内容|本年收费金额（万元）", "行政事业性收费|7"),
    )
    more = f"<p>示范镇人民政府2023年政府信息公开工作年度报告</p><p>二、主动公开政府信息情况</p>{''.join(other)}"
    report = parse(page(more=more))
    assert [cell.value for cell in report.cells if cell.table == "proactive"] == [0, 0, 0, 3, 1, 8, 9487, 2776, 84, 96171.6]


def test_tables_below_another_organs_title_are_not_the_reports_even_where_it_has_none() -> None:
    own = f"<h1>{TITLE}</h1><p>一、总体情况</p><p>本机关做了工作。</p><p>二、主动公开政府信息情况</p><p>见附件。</p>"
    other = f"<p>示范镇人民政府2023年政府信息公开工作年度报告</p><p>一、总体情况</p>{applications()}"
    report = parse(f"<html><body>{own}{other}</body></html>".encode())
    assert [cell for cell in report.cells if cell.value is not None] == []
    assert "other_year" in [problem.code for problem in report.problems]
