"""From heads to columns, and labels to rows: whole pages of the 2021 form in the layouts that publishers make of it.

The numbers of every page are those of ``pages_by_hand``; only where and under what they are printed changes.
"""

from __future__ import annotations

import re

import pytest

from parsers import parse
from parsers.document import Paragraph, Table, TableCell
from parsers.foreign import of_other_years
from parsers.model import Report
from tests.parsers.annual.layouts_by_hand import (
    FIVE,
    FOUR,
    FOUR_LAYOUTS,
    LABELS,
    NAMES_FOUR,
    THREE,
    THREE_AND_A_COLUMN,
    THREE_REORDERED,
    TWO,
    N,
    each_row,
    flat,
)
from tests.parsers.pages_by_hand import APPLICANTS, HEAD_THREE, ROWS, applications, disputes, numbers, page, proactive, table_of


def cells_of(report: Report, table: str) -> dict[tuple[str, str | None], object]:
    """Values of one table."""
    return {(c.indicator, c.applicant): c.value for c in report.cells if c.table == table}


def is_whole(report: Report) -> None:
    """All 200 cells as printed, tables 三 and 四 proved."""
    assert report.form == "2021"
    assert cells_of(report, "applications") == N
    assert cells_of(report, "disputes") == {(n, None): v for n, v in zip(NAMES_FOUR, FOUR, strict=True)}
    assert [*cells_of(report, "proactive").values()] == [0, 0, 0, 3, 1, 8, 9487, 2776, 84, 96171.6]
    assert [t.verdict for t in report.tables] == ["unproved", "proved", "proved"]


# ------------------------------------------------------------------ table 三


@pytest.mark.parametrize("layout", THREE)
def test_layouts_of_table_three(layout: str) -> None:
    is_whole(parse(page(three=THREE[layout])))


@pytest.mark.parametrize("layout", THREE_AND_A_COLUMN)
def test_a_column_more_in_table_three(layout: str) -> None:
    is_whole(parse(page(three=THREE_AND_A_COLUMN[layout])))


@pytest.mark.parametrize("layout", THREE_REORDERED)
def test_columns_in_another_order_are_read_by_their_labels(layout: str) -> None:
    is_whole(parse(page(three=THREE_REORDERED[layout])))


def test_a_label_of_one_column_is_no_damaged_other_one() -> None:
    """科研机构, which lost a character, and 法律服务机构 have changed places: the latter is not what is left between its neighbours."""
    heads = "项目|自然人|商业企业|法律服务机构|社会公益组织|研机构|其他|总计"
    order = ("other_org", "other_org", "business", "other_org", "natural_person")
    rows = [f"{label}|" + "|".join(str(N[name, who]) for who in order) for name, label, _ in ROWS]
    rows = [f"{row}|0|{N[name, 'total']}" for row, (name, _, _) in zip(rows, ROWS, strict=True)]
    read = cells_of(parse(page(three=table_of(heads, *rows))), "applications")
    assert all(read[name, "research"] in (None, N[name, "natural_person"]) for name, _, _ in ROWS)
    assert all(read[name, "legal_service"] in (None, N[name, "business"]) for name, _, _ in ROWS)


def test_columns_in_another_order_with_a_label_nobody_knows_are_not_guessed() -> None:
    labels = ("公民", *LABELS[1:])
    report = parse(page(three=flat([1, 0, 2, 3, 4, 5, 6], labels)))
    read = {k: v for k, v in cells_of(report, "applications").items() if v is not None}
    assert all(N[k] == v for k, v in read.items())  # type: ignore[index]


def test_table_three_on_its_side() -> None:
    rows = [f"{label}|" + "|".join(str(N[name, who]) for name, _, _ in ROWS) for who, label in zip(APPLICANTS, LABELS, strict=True)]
    is_whole(parse(page(three=table_of("申请人|" + "|".join(label for _, label, _ in ROWS), *rows))))


def moved(table: str, first: str, second: str, end: str) -> str:
    """The rows from ``second`` to ``end`` put before those from ``first``."""
    a, b, c = (table.index(mark) for mark in (first, second, end))
    return table[:a] + table[b:c] + table[a:b] + table[c:]


@pytest.mark.parametrize(
    "three",
    [
        moved(applications(), "<tr><td colspan=3>一、", "<tr><td colspan=3>二、", "<tr><td rowspan=22"),
        moved(applications(), "<tr><td colspan=1>5.属于三类", "<tr><td colspan=1>6.属于四类", "<tr><td colspan=1>7.属于"),
        moved(applications(), "<tr><td rowspan=3>（四）", "<tr><td rowspan=5>（五）", "<tr><td rowspan=3>（六）"),
        moved(applications(), "<tr><td rowspan=22", "<tr><td colspan=3>四、", "</table>"),
    ],
    ids=["new_and_carried_over", "two_reasons", "two_groups", "carried_forward"],
)
def test_rows_in_another_order_are_never_read_against_their_labels(three: str) -> None:
    report = parse(page(three=three))
    read = {k: v for k, v in cells_of(report, "applications").items() if v is not None}
    assert {k: v for k, v in read.items() if N[k] != v} == {}  # type: ignore[index]


def test_a_damaged_label_is_not_read_as_a_row_that_it_is_less_like() -> None:
    """重复申请 and 无正当理由大量反复申请 have changed places, and both lost characters; so have the two of （六）."""
    correction, unpaid = "1.申请人逾期不补正、不再处理其申请", "2.申请人逾期未缴费、不再处理其申请"
    moved = {
        "not_processed_repeat": ("2.大量反复申请", "not_processed_excessive"),
        "not_processed_excessive": ("4.复申请", "not_processed_repeat"),
        "other_no_correction": (unpaid, "other_fee_unpaid"),
        "other_fee_unpaid": (correction, "other_no_correction"),
    }
    cells = N | {("other_fee_unpaid", who): N["disclosed", who] for who in APPLICANTS}
    printed = {name: moved.get(name, (label, name)) for name, label, _ in ROWS}
    rows = [f"{label}|" + "|".join(str(cells[source, who]) for who in APPLICANTS) for label, source in printed.values()]
    read = cells_of(parse(page(three=table_of("项目|" + "|".join(LABELS), *rows))), "applications")
    assert not {key for key, value in read.items() if value not in (None, cells[key])}


def test_a_row_the_form_does_not_have_takes_nobodys_place() -> None:
    """A ninth reason 其他 among the refusals is not （六）3.其他."""
    row = f"<tr><td>9.其他</td>{'<td>4</td>' * 7}</tr>"
    three = applications().replace("rowspan=22", "rowspan=23").replace("rowspan=8>", "rowspan=9>")
    report = parse(page(three=three.replace("<tr><td rowspan=3>（四）无", f"{row}<tr><td rowspan=3>（四）无")))
    assert cells_of(report, "applications") == N


def test_another_groups_other_is_not_the_row_of_that_name() -> None:
    """4.其他 under （四）, and no 3.其他 under （六）: all sums hold, but it is no row of the form."""
    moved = [("other_misc", "4.其他", ()), *(row for row in ROWS if row[0] != "other_misc")]
    moved.insert([name for name, _, _ in moved].index("unavailable_unclear"), moved.pop(0))
    rows = [f"{label}|" + "|".join(str(N[name, who]) for who in APPLICANTS) for name, label, _ in moved]
    report = parse(page(three=table_of("项目|" + "|".join(LABELS), *rows)))
    assert {value for (name, _), value in cells_of(report, "applications").items() if name == "other_misc"} == {None}


def test_subtotals_of_groups_are_not_cells_of_the_form() -> None:
    out = applications()
    for group, height in (("（三）不予公开", 8), ("（四）无法提供", 3), ("（五）不予处理", 5), ("（六）其他处理", 3)):
        names = [name for name, _, groups in ROWS if groups[1:] == (group,)]
        values = "".join(f"<td>{sum(int(str(N[name, who])) for name in names)}</td>" for who in APPLICANTS)
        row = f"<tr><td rowspan={height + 1}>{group}</td><td>小计</td>{values}</tr><tr>"
        out = out.replace(f"<tr><td rowspan={height}>{group}</td>", row)
    is_whole(parse(page(three=out.replace("rowspan=22", "rowspan=26"))))


def test_with_no_row_total_stated_nothing_is_proved_about_rows() -> None:
    """自然人 lost and every value one column to the left: the columns still add up, each under the wrong head."""
    moved_left = {
        (name, who): "" if who == "total" else N[name, APPLICANTS[i + 1]] for name, _, _ in ROWS for i, who in enumerate(APPLICANTS)
    }
    verdict = {t.table: t.verdict for t in parse(page(three=applications(moved_left))).tables}["applications"]
    assert verdict in ("unproved", "contradicted")


# ------------------------------------------------------------------ table 四


@pytest.mark.parametrize("layout", FOUR_LAYOUTS)
def test_layouts_of_table_four(layout: str) -> None:
    is_whole(parse(page(four=FOUR_LAYOUTS[layout])))


@pytest.mark.parametrize(
    "groups",
    [
        ("复议后起诉", "未经复议直接起诉"),
        ("复议后提起诉讼", "未经复议直接提起诉讼"),
        ("复议后起诉（件）", "直接起诉（件）"),
        ("行政诉讼（复议后起诉）", "行政诉讼（未经复议直接起诉）"),
        ("行政诉讼（经复议）", "行政诉讼（直接起诉）"),
        ("行政诉讼-复议后起诉", "行政诉讼-未经复议直接起诉"),
    ],
)
@pytest.mark.parametrize("width", [1, 5])
def test_groups_of_table_four_in_another_order_and_other_words(groups: tuple[str, str], width: int) -> None:
    """All sums hold under either group: only the heads tell which is which, and where spans are lost they do not tell it."""
    heads = "".join(f"<td colspan={width}>{head}</td>" for head in ("行政复议", *groups))
    labels = "".join(f"<td>{label}</td>" for label in FIVE * 3)
    values = "".join(f"<td>{value}</td>" for value in (*FOUR[:5], *FOUR[10:], *FOUR[5:10]))
    report = parse(page(four=f"<table><tr>{heads}</tr><tr>{labels}</tr><tr>{values}</tr></table>"))
    true = dict(zip(NAMES_FOUR, FOUR, strict=True))
    read = {name: value for (name, _), value in cells_of(report, "disputes").items() if value is not None}
    assert read in ({}, true)
    assert read or width == 1 or "经复议" in groups[0]


def test_a_grand_total_beside_table_four_is_not_a_cell_of_the_form() -> None:
    four = disputes().replace("<td colspan=5>复议后起诉</td></tr>", "<td colspan=5>复议后起诉</td><td rowspan=2>合计</td></tr>")
    is_whole(parse(page(four=four.replace("<td>3</td></tr></table>", "<td>3</td><td>15</td></tr></table>"))))


# ------------------------------------------------------------------ table 二


@pytest.mark.parametrize("layout", TWO)
def test_layouts_of_table_two(layout: str) -> None:
    is_whole(parse(page(two=TWO[layout])))


def test_an_unstated_unit_of_money_in_the_head_is_the_forms() -> None:
    report = parse(page(two=proactive().replace("（单位：万元）", "")))
    fee = next(c for c in report.cells if c.indicator == "admin_fees_wan_yuan")
    assert (fee.value, fee.unit, fee.raw) == (96171.6, "万元", "96171.6")


def test_a_short_row_is_not_spread_over_the_columns() -> None:
    """规章 with one 0 for three columns: whose 0 it is nobody knows."""
    two = proactive().replace("<td>规章</td><td>0</td><td>0</td><td>0</td>", "<td>规章</td><td>0</td>")
    report = parse(page(two=two))
    rules = [c for c in report.cells if c.indicator.startswith("rules")]
    assert {(c.status, c.value, c.raw) for c in rules} == {("unreadable", None, "0 ¦")}
    assert {c.note for c in rules} == {"values in the row: 1, columns: 3"}
    assert {c.locator for c in rules} == {"table[1]/tr[3]/td[2]"}
    assert "row_not_read" in {p.code for p in report.problems}


# ------------------------------------------------------------------ nothing in silence


@pytest.mark.parametrize(
    "three",
    [
        table_of("项目|数量", *(f"{label}|{N[name, 'total']}" for name, label, _ in ROWS)),
        applications(head=HEAD_THREE.replace("自然人", "甲").replace("商业", "乙").replace("科研机构", "丙")),
    ],
    ids=["one_column", "unknown_heads"],
)
def test_a_table_that_is_printed_and_not_read_is_said(three: str) -> None:
    report = parse(page(three=three))
    read = {k: v for k, v in cells_of(report, "applications").items() if v is not None}
    assert {k: v for k, v in read.items() if N[k] != v} == {}  # type: ignore[index]
    assert len(read) == 175 or [p for p in report.problems if "applications" in p.message]


# ------------------------------------------------------------------ rows, units and copies


GIVEN_UP = {("unreadable", "the row is printed again with other values")}


def test_a_row_printed_twice_with_other_numbers_is_given_up() -> None:
    row = "<tr><td colspan=3>四、结转下年度继续办理</td>{}</tr>"
    again = row.format("<td>6</td>" * 7)
    report = parse(page(three=applications().replace("</table>", f"{again}</table>")))
    assert {(c.status, c.note) for c in report.cells if c.indicator == "carried_forward"} == GIVEN_UP
    assert [t.verdict for t in report.tables][1] == "unproved"
    same = row.format("".join(f"<td>{N['carried_forward', who]}</td>" for who in APPLICANTS))
    is_whole(parse(page(three=applications().replace("</table>", f"{same}</table>"))))
    # the same labels, spans and kinds of values once more: what was given up before must not depend on what was read before
    report = parse(page(three=applications().replace("</table>", f"{again}</table>")))
    assert {(c.status, c.note) for c in report.cells if c.indicator == "carried_forward"} == GIVEN_UP


def test_a_unit_in_the_row_label_is_the_unit() -> None:
    two = proactive().replace("行政事业性收费<", "行政事业性收费（元）<").replace("（单位：万元）", "").replace("96171.6", "961716000")
    is_whole(parse(page(two=two)))


def test_units_that_contradict_each_other_convert_nothing() -> None:
    report = parse(page(two=proactive().replace("行政事业性收费<", "行政事业性收费（元）<")))
    (cell,) = (c for c in report.cells if c.indicator == "admin_fees_wan_yuan")
    assert (cell.value, cell.status, cell.raw) == (None, "unreadable", "96171.6")


def test_a_value_that_is_no_number_is_unreadable_and_not_absent() -> None:
    report = parse(page(two=proactive((0, 0, 0, 3, 1, 8, "详见附件", 2776, 84, "96171.6"))))
    (cell,) = (c for c in report.cells if c.indicator == "licensing_decisions")
    assert (cell.status, cell.raw) == ("unreadable", "详见附件")


def test_the_head_of_table_four_printed_twice() -> None:
    head, _, row = disputes().rpartition("<tr>")
    is_whole(parse(page(four=f"{head}{head.removeprefix('<table>')}<tr>{row}")))


def test_table_four_with_outcomes_in_its_rows() -> None:
    head = (
        "<tr><td rowspan=2>结果</td><td rowspan=2>行政复议</td><td colspan=2>行政诉讼</td></tr>"
        "<tr><td>未经复议直接起诉</td><td>复议后起诉</td></tr>"
    )
    rows = ""
    for i, label in enumerate(("结果维持", "结果纠正", "其他结果", "尚未审结", "总计")):
        rows += f"<tr><td>{label}</td>{''.join(f'<td>{FOUR[5 * way + i]}</td>' for way in range(3))}</tr>"
    is_whole(parse(page(four=f"<table>{head}{rows}</table>")))
    blanks = rows.replace("<td>0</td>", "<td></td>")
    values = {c.indicator: c.value for c in parse(page(four=f"<table>{head}{blanks}</table>")).cells if c.table == "disputes"}
    assert values == {n: v or None for n, v in zip(NAMES_FOUR, FOUR, strict=True)}


def test_a_row_of_outcomes_that_lost_the_labels_before_it_is_not_read_by_the_grid() -> None:
    """The last row begins too far left and is padded at its end: its first number would stand under no head at all."""
    heads = "|".join(("结果维持", "结果纠正", "其他结果", "尚未审结", "总计"))
    rows = (f"类别| |{heads}", "行政复议| |1|2|0|4|7", "行政诉讼|未经复议直接起诉|5|0|0|0|5", "复议后起诉|0|1|0|2|3|&nbsp;")
    is_whole(parse(page(four=table_of(*rows))))


def test_an_empty_last_column_beside_a_missing_one() -> None:
    """Six heads over seven cells: the last cell is blank in every row, so no head is missing its label."""
    cells = dict(N)
    head = HEAD_THREE.replace("<td>法律服务机构</td>", "")
    assert head != HEAD_THREE
    three = applications(cells, head=head)
    for name, _, _ in ROWS:
        whole = "".join(f"<td>{N[name, who]}</td>" for who in APPLICANTS)
        without = "".join(f"<td>{N[name, who]}</td>" for who in APPLICANTS if who != "legal_service") + "<td></td>"
        three = three.replace(whole, without, 1)
    read = cells_of(parse(page(three=three)), "applications")
    assert {key: value for key, value in read.items() if value is not None and N[key] != value} == {}  # type: ignore[index]
    assert all(read[name, "legal_service"] is None for name, _, _ in ROWS)


def test_the_report_of_another_organ_below_is_not_the_organ_s() -> None:
    other = f"<h1>示范中心2023年政府信息公开工作年度报告</h1>{proactive((1,) * 10)}{disputes((0,) * 15)}"
    is_whole(parse(page(more=other)))
    report = parse(page(four="", more=other))
    assert cells_of(report, "disputes") == {}
    assert [p.code for p in report.problems] == ["other_year"]


def test_an_empty_last_column_and_a_number_over_two_columns() -> None:
    """The row with the wide cell has as many cells as heads, but the last one is the empty column: nothing is placed."""

    def change(row: list[str], n: int) -> list[str]:
        if n == 2:
            row = [*row[:-7], "<td colspan=2>5</td>", *row[-5:]]
        return [*row, "<td></td>"] if n else row

    read = cells_of(parse(page(three=each_row(applications(), change))), "applications")
    assert {who: read["carried_over", who] for who in APPLICANTS} == dict.fromkeys(APPLICANTS)
    assert {key: value for key, value in read.items() if key[0] != "carried_over"} == {k: v for k, v in N.items() if k[0] != "carried_over"}


def test_two_copies_of_table_three_on_its_side_are_two() -> None:
    names = "|".join(["申请人", *("".join((*groups, label)) for _, label, groups in ROWS)])
    rows = ("|".join([label, *(str(N[name, who]) for name, _, _ in ROWS)]) for label, who in zip(LABELS, APPLICANTS, strict=True))
    three = table_of(names, *rows)
    is_whole(parse(page(three=three)))
    other = three.replace("<td>1</td>", "<td>2</td>")
    assert other != three
    is_whole(parse(page(three=three, more=f"<p>附：2022年度（上一年度）数据，供对照</p>{other}")))


@pytest.mark.parametrize("behind", ["", "<td></td>"])
def test_a_running_number_before_the_values_of_table_four(behind: str) -> None:
    four = disputes().replace("<tr><td colspan=5>", "<tr><td rowspan=3>序号</td><td colspan=5>")
    four = four.replace("<tr><td>1</td>", "<tr><td>1</td><td>1</td>")
    is_whole(parse(page(four=four.replace("</tr>", f"{behind}</tr>"))))


def test_a_group_of_table_four_without_its_head() -> None:
    is_whole(parse(page(four=disputes().replace("行政复议", ""))))


def test_an_empty_column_behind_a_group_without_its_head() -> None:
    """The blank head and the empty column are no column before the first one."""
    is_whole(parse(page(four=disputes().replace("行政复议", "").replace("</tr>", "<td></td></tr>"))))


def test_blanks_at_the_end_of_table_four_beside_an_empty_column() -> None:
    values = (1, "", "", "", 1, "", "", "", "", "", "", "", 2, "", 2)
    report = parse(page(four=disputes(values).replace("</tr>", "<td></td></tr>")))
    assert [*cells_of(report, "disputes").values()] == [value or None for value in values]
    assert report.tables[2].verdict == "proved_blank_as_zero"


def test_totals_first_beside_other_organisations() -> None:
    head = HEAD_THREE.replace("<td>其他</td>", "<td>其他组织</td>").replace("<td rowspan=2>总计</td>", "")
    head = head.replace("<td rowspan=2>自然人</td>", "<td rowspan=2>总计</td><td rowspan=2>自然人</td>")
    is_whole(parse(page(three=each_row(applications(head=head), lambda row, n: [*row[:-7], row[-1], *row[-7:-1]] if n else row))))


def test_the_label_of_a_row_does_not_end_last_years_data() -> None:
    """Last year's rows, one of them printed as a line of text, and below it a table."""
    year = Paragraph("附：2022年度政府信息公开统计数据", "p[1]")
    line = Paragraph("一、本年新收政府信息公开申请数量 2 0 0 0 0 0 2", "p[2]")
    heading = Paragraph("四、政府信息公开行政复议、行政诉讼情况", "p[3]")
    table = Table("table[1]", ((TableCell("0"),),))
    assert of_other_years((year, table, line, table, heading, table), 2023) == {0, 1}


def test_metadata_that_say_other_are_no_head_of_a_table() -> None:
    """体裁分类 | 其他 above a table of 2019 with an empty last column: 其他 names nothing but a column there."""
    metadata = table_of("索引号|11330000MB0000000X/2024-00001", "体裁分类|其他", "主题分类|其他")
    shown = [name for name, _, _ in ROWS if not name.startswith("other_")]
    three = applications(rows=shown).replace("</tr>", "<td></td></tr>")
    two = table_of("信息内容|采购项目数量|采购总金额", "政府集中采购|1|2")
    html = page(two=two, three=three).decode().replace("2023", "2019").replace("</h1>", f"</h1>{metadata}")
    report = parse(html.encode())
    assert report.form == "2019"
    read = {key: value for key, value in cells_of(report, "applications").items() if value is not None}
    assert read == {key: value for key, value in N.items() if key[0] in shown}


def test_a_head_printed_twice_right_below_itself_is_one() -> None:
    report = parse(page(three=applications(head=HEAD_THREE * 2)))
    cells = [cell for cell in report.cells if cell.table == "applications"]
    assert {(cell.indicator, cell.applicant): cell.value for cell in cells} == numbers()


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("numbered", [False, True])
def test_rows_with_their_group_in_the_label_may_stand_in_another_order(turned: bool, numbered: bool) -> None:
    """（三）不予公开6.属于四类过程性信息 is like the row that the form has in its place."""
    names = [name for name, _, _ in ROWS]
    at = names.index("refused_internal_affairs")
    names[at : at + 2] = reversed(names[at : at + 2])
    cells = numbers() | {("refused_internal_affairs", who): 7 for who in ("natural_person", "total")}
    labels = {name: "".join((*groups[1:], label if numbered else re.sub(r"^\d\.", "", label))) for name, label, groups in ROWS}
    grid = [["申请人情况", *LABELS], *([labels[name], *(str(cells[name, who]) for who in APPLICANTS)] for name in names)]
    rows = zip(*grid, strict=True) if turned else grid
    report = parse(page(three=table_of(*map("|".join, rows))))
    assert {(c.indicator, c.applicant): c.value for c in report.cells if c.table == "applications"} == cells
