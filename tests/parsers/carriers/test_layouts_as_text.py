"""The layouts of ``layouts_by_hand`` saved as text, in the ways tools write tables: nothing wrong, and most of it read."""

from __future__ import annotations

from itertools import product

import pytest

from parsers import parse
from parsers.carriers.html import read_html
from parsers.document import Paragraph, Table
from parsers.grid import Origin, form_grid
from parsers.model import Report
from tests.parsers.annual.layouts_by_hand import (
    FOUR,
    FOUR_LAYOUTS,
    NAMES_FOUR,
    THREE,
    THREE_AND_A_COLUMN,
    THREE_REORDERED,
    TWO,
    N,
    each_row,
    head_with,
)
from tests.parsers.pages_by_hand import APPLICANTS, HEAD_THREE, applications, page

# cells in source order, spans lost: joined by pipes or tabs, closed by pipes, as Markdown;
# by grid column: a spanned cell once (grid), or once for each column and row (repeated)
STYLES = ("joined", "tabs", "closed", "markdown", "grid", "repeated")
TRUTH: dict[tuple[str, str, str | None], object] = {
    **{("applications", name, who): value for (name, who), value in N.items()},
    **{("disputes", name, None): value for name, value in zip(NAMES_FOUR, FOUR, strict=True)},
}
PROACTIVE = [0, 0, 0, 3, 1, 8, 9487, 2776, 84, 96171.6]
LAYOUTS = {
    **{f"two {name}": {"two": table} for name, table in TWO.items()},
    **{f"three {name}": {"three": table} for name, table in {**THREE, **THREE_AND_A_COLUMN, **THREE_REORDERED}.items()},
    **{f"four {name}": {"four": table} for name, table in FOUR_LAYOUTS.items()},
}


def rows_of(table: Table, style: str) -> list[list[str]]:
    """The texts of a table as a tool writes them."""
    if style not in ("grid", "repeated"):
        return [[cell.text for cell in row] for row in table.rows]
    seen: set[Origin | None] = {None}
    rows = []
    for line in form_grid(table.rows).slots:
        row = []
        for origin in line:
            text = "" if origin is None else table.rows[origin.row][origin.cell].text
            row.append("" if style == "grid" and origin in seen else text)
            seen.add(origin)
        rows.append(row)
    return rows


def as_text(body: bytes, style: str) -> bytes:
    """The page as text."""
    lines: list[str] = []
    for block in read_html(body, "utf-8").blocks:
        if isinstance(block, Paragraph):
            lines.append(block.text)
            continue
        rows = rows_of(block, style)
        if style == "markdown":
            width = max(map(len, rows))
            rows = [[*row, *[""] * (width - len(row))] for row in rows]
            table = [f"| {' | '.join(row)} |" for row in rows]
            lines += [table[0], "|" + "---|" * width, *table[1:]]
        elif style == "closed":
            lines += ["".join(f"{text} |" for text in row) for row in rows]
        else:
            lines += [("\t" if style == "tabs" else " | ").join(row) for row in rows]
    return "\n".join(lines).encode()


def wrong(report: Report) -> list[tuple[str, str, str | None, object]]:
    """Values that are not the page's."""
    two = [c for c in report.cells if c.table == "proactive"]
    names = {**TRUTH, **{(c.table, c.indicator, None): v for c, v in zip(two, PROACTIVE, strict=False)}}
    return [(*c[:3], c.value) for c in report.cells if c.value is not None and names.get(c[:3]) != c.value]


@pytest.mark.parametrize(("layout", "style"), product(LAYOUTS, STYLES))
def test_a_layout_saved_as_text_has_no_wrong_number(layout: str, style: str) -> None:
    report = parse(as_text(page(**LAYOUTS[layout]), style))
    assert (report.kind, report.form, report.report_year) == ("text", "2021", 2023)
    assert wrong(report) == []


@pytest.mark.parametrize("style", STYLES)
def test_the_plain_page_saved_as_text_is_read_whole(style: str) -> None:
    report = parse(as_text(page(), style))
    assert {c[:3]: c.value for c in report.cells if c.table != "proactive"} == TRUTH
    assert [c.value for c in report.cells if c.table == "proactive"] == PROACTIVE
    assert [t.verdict for t in report.tables] == ["unproved", "proved", "proved"]


@pytest.mark.parametrize("style", STYLES)
def test_a_false_sum_saved_as_text_is_contradicted(style: str) -> None:
    body = page().replace(b"<td>5</td><td>1</td>", b"<td>9</td><td>1</td>", 1)
    report = parse(as_text(body, style))
    assert [t.verdict for t in report.tables] == ["unproved", "contradicted", "proved"]
    assert wrong(report) == [("applications", "disclosed", "natural_person", 9)]


def test_a_false_sum_is_told_where_all_rows_together_say_how_they_are_divided() -> None:
    """自然人 is said to be two columns wide, 商业企业 begins in the second of them: so do the numbers below."""
    head = HEAD_THREE.replace("colspan=7", "colspan=8").replace("<td rowspan=2>自然人", "<td colspan=2>自然人")
    head = head.replace("<td>商业企业", "<td>&nbsp;</td><td colspan=2>商业企业")
    wide = each_row(applications(head=head), lambda c, n: [*c[:-6], c[-6].replace("<td", "<td colspan=2"), *c[-5:]] if n else c)
    assert wrong(parse(as_text(page(three=wide), "grid"))) == []
    report = parse(as_text(page(three=wide.replace("<td>5</td><td colspan=2>1</td>", "<td>9</td><td colspan=2>1</td>", 1)), "grid"))
    assert [t.verdict for t in report.tables] == ["unproved", "contradicted", "proved"]
    assert wrong(report) == [("applications", "disclosed", "natural_person", 9)]


@pytest.mark.parametrize("style", STYLES)
def test_blank_zeros_saved_as_text_stay_blank(style: str) -> None:
    """Rows that end in blanks, rows of nothing but blanks: no number moves into a blank."""
    body = page().replace(b"<td>0</td>", b"<td>&nbsp;</td>")
    report = parse(as_text(body, style))
    assert wrong(report) == []
    cells = {c[:3]: c for c in report.cells if c.table == "applications"}
    read = {key: c.value for key, c in cells.items() if c.value is not None}
    assert set(read) <= {key for key, value in TRUTH.items() if value}
    assert {c.status for key, c in cells.items() if TRUTH[key] == 0} <= {"blank", "absent"}


@pytest.mark.parametrize("style", STYLES)
def test_units_behind_the_blanks_of_wide_labels_are_no_values(style: str) -> None:
    """Where organisations are blank, a row has blanks enough to be read one cell too far left."""
    blank = [who for who in APPLICANTS if who not in ("natural_person", "business", "total")]
    cells = {key: "&nbsp;" if key[1] in blank or (key[1] == "business" and not value) else value for key, value in N.items()}
    table = each_row(applications(cells, head=head_with("单位")), lambda c, n: [*c[:-7], "<td>件</td>", *c[-7:]] if n else c)
    report = parse(as_text(page(three=table), style))
    assert wrong(report) == []
    read = {(cell.indicator, cell.applicant): cell for cell in report.cells if cell.table == "applications"}
    assert {key: cell.value for key, cell in read.items()} == {key: None if value == "&nbsp;" else value for key, value in cells.items()}
    assert {cell.status for cell in read.values()} == {"reported", "blank"}


def test_a_count_that_is_also_the_number_of_its_row_is_a_count() -> None:
    """One row alone bears no running number, whatever it counts."""
    lines = (
        "第二十条第（五）项 | 信息内容 | 上一年项目数量 | 本年增/减 | 处理决定数量",
        " | 行政许可 | 3 | 2 | 1",
        " | 其他对外管理服务事项 | 5 | 0 | 7",
        "第二十条第（九）项 | 信息内容 | 采购项目数量 | 采购总金额 | ",
        " | 政府集中采购 | {} | 77871.07 | ",
    )
    for projects in (3, 4):  # it is the third row here
        text = "示例市示例局2020年政府信息公开工作年度报告\n二、主动公开政府信息情况\n" + "\n".join(f"| {line} |" for line in lines)
        report = parse(text.format(projects).encode(), content_type="text/plain; charset=utf-8")
        read = {cell.indicator: cell.value for cell in report.cells}
        assert (read["procurement_projects"], read["procurement_amount_yuan"]) == (projects, 77871.07)


def test_blank_cells_that_stand_for_spans_are_no_empty_column() -> None:
    """The last column is blank in every row, and under 现行有效件数 it is a value."""
    rows = ["信息内容 | 本年制发件数 | 本年废止件数 | 现行有效件数", "规章 |  |  | ", "行政规范性文件 | 5 | 4 | "]
    for articles in (("行政许可",), ("行政处罚", "行政强制")):
        rows += ["信息内容 | 本年处理决定数量 |  | ", *(f"{name} | 7 |  | " for name in articles)]
    title = "示例市示例局2023年政府信息公开工作年度报告"
    cells = {c.indicator: c.value for c in parse("\n".join([title, "二、主动公开政府信息情况", *rows]).encode()).cells}
    assert (cells["normative_docs_issued"], cells["normative_docs_repealed"], cells["normative_docs_in_force"]) == (5, 4, None)
    assert (cells["licensing_decisions"], cells["penalty_decisions"], cells["coercion_decisions"]) == (7, 7, 7)


@pytest.mark.parametrize("false", [False, True])
def test_numbers_that_are_all_printed_twice_are_read_once(false: bool) -> None:
    """Each number is said to be two columns wide, its head one; the text prints spanned cells in each of their columns."""
    twice = each_row(applications(), lambda c, n: [*c[:-7], *(cell.replace("<td", "<td colspan=2") for cell in c[-7:])] if n else c)
    if false:
        twice = twice.replace("<td colspan=2>5</td><td colspan=2>1</td>", "<td colspan=2>9</td><td colspan=2>1</td>", 1)
    report = parse(as_text(page(three=twice), "repeated"))
    assert wrong(report) == ([("applications", "disclosed", "natural_person", 9)] if false else [])
    assert sum(c.value is not None for c in report.cells if c.table == "applications") == len(N)
    assert [t.verdict for t in report.tables] == ["unproved", "contradicted" if false else "proved", "proved"]


def test_heads_that_a_wide_span_prints_among_the_numbers_are_no_numbers() -> None:
    """The last head is said to reach over all rows below it, and one column further."""
    head = HEAD_THREE.replace("<td rowspan=2>总计", "<td rowspan=40 colspan=2>总计")
    assert head != HEAD_THREE
    report = parse(as_text(page(three=applications(head=head)), "repeated"))
    assert wrong(report) == []
    assert report.tables[1].verdict != "contradicted"


FOUR_WITH_MARKS = """示例市示例局2023年政府信息公开工作年度报告
四、政府信息公开行政复议、行政诉讼情况
行政复议|行政复议|行政复议|行政复议|行政复议|行政诉讼|行政诉讼|行政诉讼|行政诉讼|行政诉讼|行政诉讼|行政诉讼|行政诉讼|行政诉讼|行政诉讼|行政诉讼
结果维持|结果纠正|其他结果|尚未审结|总计|未经复议直接起诉|未经复议直接起诉|未经复议直接起诉|未经复议直接起诉|未经复议直接起诉|复议后起诉|复议后起诉|复议后起诉|复议后起诉|复议后起诉|复议后起诉
结果维持|结果纠正|其他结果|尚未审结|总计|结果维持|结果纠正|其他结果|尚未审结|总计|结果维持|结果纠正|其他结果|尚未审结|总计|总计
/|19|/|/|/|19|/|/|/|/|/|/|/|/|/|/
"""


def test_a_cell_printed_twice_elsewhere_than_its_head_is_left_out_as_the_sums_say() -> None:
    report = parse(FOUR_WITH_MARKS.encode())
    read = {cell.indicator: cell.value for cell in report.cells if cell.table == "disputes" and cell.value is not None}
    assert read == {"review_overturned": 19, "review_total": 19}
    assert [t.verdict for t in report.tables if t.table == "disputes"] == ["proved_blank_as_zero"]


def test_an_item_of_another_form_is_a_label_and_no_value() -> None:
    """A row that lacks a cell must not be filled with the item that only the form of 2021 has behind （六）其他处理."""
    rows = "\n".join(f"{number}.其他法律行政法规禁止公开{number} | 0 | 0 | 0 | 0 | 0 | 0 | |||" for number in range(2))
    text = (
        "示例市统计局2019年政府信息公开工作年度报告\n三、收到和处理政府信息公开申请情况\n数据 | 申请人情况 | ||||||||\n"
        "自然人 | 法人或其他组织 | 总计 | |||||||\n商业企业 | 科研机构 | 社会公益组织 | 法律服务机构 | 其他 | |||||\n"
        "一、本年新收政府信息公开申请数量 | 7 | 5 | 0 | 0 | 0 | 0 | 12 | ||\n"
        f"二、上年结转政府信息公开申请数量 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | ||\n{rows}\n"
        "(六)其他处理 | 1.申请人无正当理由逾期不补正 | 7 | 5 | 0 | 0 | 0 | 0 | ||\n(七)总计 | 7 | 5 | 0 | 0 | 0 | 0 | 12 | ||\n"
    )
    wrong = [cell for cell in parse(text.encode()).cells if cell.indicator == "other_handled" and cell.value is not None]
    assert wrong == []
