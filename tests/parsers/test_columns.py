"""From heads to columns, and labels to rows: whole pages of the 2021 form in the layouts that publishers make of it.

The numbers of every page are those of ``pages_by_hand``; only where and under what they are printed changes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import pytest

from parsers import parse
from parsers.model import Report
from tests.parsers.pages_by_hand import (
    APPLICANTS,
    HEAD_THREE,
    OUTCOMES,
    ROWS,
    WAYS,
    applications,
    disputes,
    numbers,
    page,
    proactive,
    table_of,
)

N = numbers()
FOUR = (1, 2, 0, 4, 7, 5, 0, 0, 0, 5, 0, 1, 0, 2, 3)
NAMES_FOUR = [f"{way}_{outcome}" for way in WAYS for outcome in OUTCOMES]
LABELS = ("自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计")
FIVE = ("结果维持", "结果纠正", "其他结果", "尚未审结", "总计")
WAY_LABELS = ("行政复议", "未经复议直接起诉", "复议后起诉")


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


def each_row(table: str, change: Callable[[list[str], int], list[str]]) -> str:
    """Table 三 with every data row changed: its cells, and its number from 1 (0 for rows of the head)."""
    out, number = [], 0
    for row in re.findall(r"<tr>(.*?)</tr>", table):
        cells = re.findall(r"<t[dh].*?</t[dh]>", row)
        data = re.search(r"<td>\d+</td>", row) is not None
        number += data
        out.append(f"<tr>{''.join(change(cells, number if data else 0))}</tr>")
    return f"<table>{''.join(out)}</table>"


def head_with(before: str, *, front: bool = False) -> str:
    """The head of table 三 with one more column, before or behind its corner."""
    corner = re.search(r"<td colspan=3 rowspan=3>.*?</td>", HEAD_THREE)
    assert corner
    both = (f"<td rowspan=3>{before}</td>{corner[0]}", f"{corner[0]}<td rowspan=3>{before}</td>")
    return HEAD_THREE.replace(corner[0], both[0] if front else both[1])


def flat(order: Sequence[int], labels: Sequence[str] = LABELS) -> str:
    """Table 三 under one line of heads in any order, row labels only."""
    rows = [f"{label}|" + "|".join(str(N[name, APPLICANTS[i]]) for i in order) for name, label, _ in ROWS]
    return table_of("项目|" + "|".join(labels[i] for i in order), *rows)


def permuted(order: Sequence[int]) -> Callable[[list[str], int], list[str]]:
    """A change that puts the seven values in another order."""
    return lambda cells, number: cells if not number else cells[:-7] + [cells[-7:][i] for i in order]


# ------------------------------------------------------------------ table 三


@pytest.mark.parametrize(
    "three",
    [
        applications(),
        applications(head=HEAD_THREE.replace("rowspan=3", "rowspan=9")),
        applications().replace("<td", "<th").replace("</td>", "</th>"),
        applications().replace("</table>", "<tr><td colspan=10>注：自然人包括3名外籍人士，共12件。</td></tr></table>"),
        applications().replace("<table>", "<table><tr><td colspan=10>2023年政府信息公开申请情况统计表</td></tr>"),
        applications().replace("<table>", "<table><tr><td colspan=5>填报单位：示例局</td><td colspan=5>2023年12月31日</td></tr>"),
        re.sub(r">(（[一二三四五六七]）|[一二三四]、|\d\.)", ">", applications()),
        flat(range(7)),
        applications(head=""),
        f"<table><tr><td>{applications()}</td></tr></table>",
    ],
    ids=["plain", "long_head_span", "th", "note_row", "title_row", "filled_in_by", "unnumbered", "flat", "without_head", "layout"],
)
def test_layouts_of_table_three(three: str) -> None:
    is_whole(parse(page(three=three)))


@pytest.mark.parametrize(
    "three",
    [
        each_row(applications(head=head_with("序号", front=True)), lambda c, n: [f"<td>{n}</td>", *c] if n else c),
        each_row(applications(head=HEAD_THREE.replace("7>申", "8>申")), lambda c, n: [*c, "<td></td>"] if n else c),
        each_row(
            applications(head=HEAD_THREE.replace("</tr>", "<td rowspan=3>备注</td></tr>", 1)), lambda c, n: [*c, "<td></td>"] if n else c
        ),
        each_row(
            applications(head=HEAD_THREE.replace("</tr>", "<td rowspan=3>上年总计</td></tr>", 1)),
            lambda c, n: [*c, "<td>99</td>"] if n else c,
        ),
        each_row(applications(head=head_with("单位")), lambda c, n: [*c[:-7], "<td>件</td>", *c[-7:]] if n else c),
        each_row(applications(head=head_with("行次")), lambda c, n: [*c[:-7], f"<td>{n}</td>", *c[-7:]] if n else c),
    ],
    ids=["running_numbers", "empty_last_column", "remarks", "last_years_total", "unit_column", "line_numbers"],
)
def test_a_column_more_in_table_three(three: str) -> None:
    is_whole(parse(page(three=three)))


@pytest.mark.parametrize(
    "three",
    [
        flat([0, 2, 1, 3, 4, 5, 6]),
        flat([6, 0, 1, 2, 3, 4, 5]),
        flat([6, 5, 4, 3, 2, 1, 0]),
        each_row(
            applications(head=HEAD_THREE.replace("自然人", "甲").replace("总计", "自然人").replace("甲", "总计")),
            permuted([6, 1, 2, 3, 4, 5, 0]),
        ),
    ],
    ids=["two_swapped", "total_first", "reversed", "total_and_persons"],
)
def test_columns_in_another_order_are_read_by_their_labels(three: str) -> None:
    is_whole(parse(page(three=three)))


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


def test_a_row_the_form_does_not_have_takes_nobodys_place() -> None:
    """A ninth reason 其他 among the refusals is not （六）3.其他."""
    row = f"<tr><td>9.其他</td>{'<td>4</td>' * 7}</tr>"
    three = applications().replace("rowspan=22", "rowspan=23").replace("rowspan=8>", "rowspan=9>")
    report = parse(page(three=three.replace("<tr><td rowspan=3>（四）无", f"{row}<tr><td rowspan=3>（四）无")))
    assert cells_of(report, "applications") == N


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


def three_groups(order: Sequence[int], outcomes: Sequence[int] = range(5)) -> str:
    """Table 四 under two lines of heads, groups and outcomes in any order."""
    groups = "".join(f"<td colspan=5>{WAY_LABELS[g]}</td>" for g in order)
    heads = "".join(f"<td>{FIVE[o]}</td>" for _ in order for o in outcomes)
    values = "".join(f"<td>{FOUR[5 * g + o]}</td>" for g in order for o in outcomes)
    return f"<table><tr>{groups}</tr><tr>{heads}</tr><tr>{values}</tr></table>"


def _matrix(order: Sequence[int] = range(3)) -> str:
    rows = [f"{FIVE[o]}|" + "|".join(str(FOUR[5 * g + o]) for g in order) for o in range(5)]
    return table_of("结果|" + "|".join(WAY_LABELS[g] for g in order), *rows)


def _upright(head: str = "") -> str:
    rows = "".join(
        f"<tr>{f'<td rowspan=5>{way}</td>' if o == 0 else ''}<td>{FIVE[o]}</td><td>{FOUR[5 * g + o]}</td></tr>"
        for g, way in enumerate(WAY_LABELS)
        for o in range(5)
    )
    return f"<table>{head}{rows}</table>"


def _in_three() -> str:
    return "".join(
        f"<p>{head}</p>" + table_of("|".join(FIVE), "|".join(str(v) for v in FOUR[5 * g : 5 * g + 5]))
        for g, head in enumerate(("行政复议", "行政诉讼（未经复议直接起诉）", "行政诉讼（复议后起诉）"))
    )


SUITS_FIRST = (
    "<table><tr><td colspan=10>行政诉讼</td><td colspan=5>行政复议</td></tr>"
    "<tr><td colspan=5>未经复议直接起诉</td><td colspan=5>复议后起诉</td>"
    f"{''.join(f'<td rowspan=2>{label}</td>' for label in FIVE)}</tr>"
    f"<tr>{''.join(f'<td>{label}</td>' for label in FIVE * 2)}</tr>"
    f"<tr>{''.join(f'<td>{v}</td>' for v in (*FOUR[5:], *FOUR[:5]))}</tr></table>"
)


@pytest.mark.parametrize(
    "four",
    [
        disputes(),
        three_groups(range(3)),
        _matrix(),
        _matrix([2, 0, 1]),
        _upright(),
        _upright("<tr><td>类别</td><td>结果</td><td>数量</td></tr>"),
        _in_three(),
        disputes()
        .replace("<td colspan=5>行政复议", "<td rowspan=3>项目</td><td colspan=5>行政复议")
        .replace("<tr><td>1<", "<tr><td>件数</td><td>1<"),
        disputes().replace("</table>", f"<tr>{'<td>&nbsp;</td>' * 15}</tr></table>"),
        three_groups([1, 2, 0]),
        three_groups([0, 2, 1]),
        three_groups(range(3), [1, 0, 2, 3, 4]),
        three_groups(range(3), [4, 0, 1, 2, 3]),
        SUITS_FIRST,
    ],
    ids=[
        "plain",
        "two_head_lines",
        "matrix",
        "matrix_permuted",
        "upright",
        "upright_with_head",
        "in_three",
        "label_in_front",
        "blank_last_row",
        "groups_permuted",
        "suits_swapped",
        "outcomes_swapped",
        "total_first",
        "suits_first",
    ],
)
def test_layouts_of_table_four(four: str) -> None:
    is_whole(parse(page(four=four)))


def test_a_grand_total_beside_table_four_is_not_a_cell_of_the_form() -> None:
    four = disputes().replace("<td colspan=5>复议后起诉</td></tr>", "<td colspan=5>复议后起诉</td><td rowspan=2>合计</td></tr>")
    is_whole(parse(page(four=four.replace("<td>3</td></tr></table>", "<td>3</td><td>15</td></tr></table>"))))


# ------------------------------------------------------------------ table 二


P_HEAD = "第二十条第（一）项"
DOCS = (P_HEAD, "信息内容|本年制发件数|本年废止件数|现行有效件数", "规章|0|0|0", "行政规范性文件|3|1|8")


@pytest.mark.parametrize(
    "two",
    [
        proactive(),
        proactive([f"{v}件" for v in (0, 0, 0, 3, 1, 8, 9487, 2776, 84)] + ["96171.6万元"]),
        proactive([0, 0, 0, 3, 1, 8, "9,487", "２７７６", 84, "961716000元"]),
        proactive([0, 0, 0, 3, 1, 8, 9487, 2776, 84, 961716000]).replace("单位：万元", "单位：元"),
        table_of(
            *DOCS[1:],
            "信息内容|本年处理决定数量",
            "行政许可|9487",
            "行政处罚|2776",
            "行政强制|84",
            "信息内容|本年收费金额",
            "行政事业性收费|96171.6",
        ),
        table_of(
            *DOCS,
            "信息内容|上年处理决定数量|本年处理决定数量",
            "行政许可|1|9487",
            "行政处罚|2|2776",
            "行政强制|3|84",
            "信息内容|上年收费金额|本年收费金额（单位：万元）",
            "行政事业性收费|5|96171.6",
        ),
        table_of("信息内容|规章|行政规范性文件", "本年制发件数|0|3", "本年废止件数|0|1", "现行有效件数|0|8")
        + table_of("信息内容|行政许可|行政处罚|行政强制", "本年处理决定数量|9487|2776|84")
        + table_of("信息内容|行政事业性收费", "本年收费金额（万元）|96171.6"),
        table_of("信息内容|现行有效件数|本年废止件数|本年制发件数", "规章|0|0|0", "行政规范性文件|8|1|3")
        + re.sub(r"<tr>.*?行政规范性文件.*?</tr>", "", proactive(), count=1),
        proactive() + table_of("单位|行政许可|行政处罚|行政强制", "示例一局|4000|2000|80", "示例二局|5487|776|4", "合计|9487|2776|84"),
        proactive().replace(
            "<tr><td colspan=4>第二十条第（六）",
            "<tr><td>其他对外管理服务事项</td><td colspan=3>77</td></tr><tr><td colspan=4>第二十条第（六）",
        ),
    ],
    ids=[
        "plain",
        "units",
        "mixed",
        "yuan_in_head",
        "without_articles",
        "last_years_column",
        "on_its_side",
        "columns_swapped",
        "other_table",
        "row_of_2019",
    ],
)
def test_layouts_of_table_two(two: str) -> None:
    is_whole(parse(page(two=two)))


def test_an_unstated_unit_of_money_in_the_head_is_the_forms() -> None:
    report = parse(page(two=proactive().replace("（单位：万元）", "")))
    fee = next(c for c in report.cells if c.indicator == "admin_fees_wan_yuan")
    assert (fee.value, fee.unit, fee.raw) == (96171.6, "万元", "96171.6")


def test_a_short_row_is_not_spread_over_the_columns() -> None:
    """规章 with one 0 for three columns: whose 0 it is nobody knows."""
    two = proactive().replace("<td>规章</td><td>0</td><td>0</td><td>0</td>", "<td>规章</td><td>0</td>")
    report = parse(page(two=two))
    rules = {c.indicator: c.status for c in report.cells if c.indicator.startswith("rules")}
    assert set(rules.values()) == {"absent"}
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
