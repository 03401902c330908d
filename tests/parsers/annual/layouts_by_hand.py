"""The official tables in publishers' layouts, with the numbers of ``pages_by_hand``, by name."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from tests.parsers.pages_by_hand import APPLICANTS, HEAD_THREE, OUTCOMES, ROWS, WAYS, applications, disputes, numbers, proactive, table_of

N = numbers()

FOUR = (1, 2, 0, 4, 7, 5, 0, 0, 0, 5, 0, 1, 0, 2, 3)

NAMES_FOUR = [f"{way}_{outcome}" for way in WAYS for outcome in OUTCOMES]

LABELS = ("自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计")

FIVE = ("结果维持", "结果纠正", "其他结果", "尚未审结", "总计")

WAY_LABELS = ("行政复议", "未经复议直接起诉", "复议后起诉")


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


THREE = {
    "plain": applications(),
    "long_head_span": applications(head=HEAD_THREE.replace("rowspan=3", "rowspan=9")),
    "th": applications().replace("<td", "<th").replace("</td>", "</th>"),
    "note_row": applications().replace("</table>", "<tr><td colspan=10>注：自然人包括3名外籍人士，共12件。</td></tr></table>"),
    "title_row": applications().replace("<table>", "<table><tr><td colspan=10>2023年政府信息公开申请情况统计表</td></tr>"),
    "filled_in_by": applications().replace(
        "<table>", "<table><tr><td colspan=5>填报单位：示例局</td><td colspan=5>2023年12月31日</td></tr>"
    ),
    "unnumbered": re.sub(r">(（[一二三四五六七]）|[一二三四]、|\d\.)", ">", applications()),
    "flat": flat(range(7)),
    "without_head": applications(head=""),
    "layout": f"<table><tr><td>{applications()}</td></tr></table>",
}


THREE_AND_A_COLUMN = {
    "running_numbers": each_row(applications(head=head_with("序号", front=True)), lambda c, n: [f"<td>{n}</td>", *c] if n else c),
    "empty_last_column": each_row(applications(head=HEAD_THREE.replace("7>申", "8>申")), lambda c, n: [*c, "<td></td>"] if n else c),
    "remarks": each_row(
        applications(head=HEAD_THREE.replace("</tr>", "<td rowspan=3>备注</td></tr>", 1)), lambda c, n: [*c, "<td></td>"] if n else c
    ),
    "last_years_total": each_row(
        applications(head=HEAD_THREE.replace("</tr>", "<td rowspan=3>上年总计</td></tr>", 1)),
        lambda c, n: [*c, "<td>99</td>"] if n else c,
    ),
    "unit_column": each_row(applications(head=head_with("单位")), lambda c, n: [*c[:-7], "<td>件</td>", *c[-7:]] if n else c),
    "line_numbers": each_row(applications(head=head_with("行次")), lambda c, n: [*c[:-7], f"<td>{n}</td>", *c[-7:]] if n else c),
}


THREE_REORDERED = {
    "two_swapped": flat([0, 2, 1, 3, 4, 5, 6]),
    "total_first": flat([6, 0, 1, 2, 3, 4, 5]),
    "reversed": flat([6, 5, 4, 3, 2, 1, 0]),
    "total_and_persons": each_row(
        applications(head=HEAD_THREE.replace("自然人", "甲").replace("总计", "自然人").replace("甲", "总计")),
        permuted([6, 1, 2, 3, 4, 5, 0]),
    ),
}


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


def _in_one(*heads: str) -> str:
    """Three groups one below the other in one table, each under its own head."""
    pieces = ((head, "|".join(FIVE), "|".join(str(v) for v in FOUR[5 * g : 5 * g + 5])) for g, head in enumerate(heads))
    return table_of(*(row for piece in pieces for row in piece))


SUITS_FIRST = (
    "<table><tr><td colspan=10>行政诉讼</td><td colspan=5>行政复议</td></tr>"
    "<tr><td colspan=5>未经复议直接起诉</td><td colspan=5>复议后起诉</td>"
    f"{''.join(f'<td rowspan=2>{label}</td>' for label in FIVE)}</tr>"
    f"<tr>{''.join(f'<td>{label}</td>' for label in FIVE * 2)}</tr>"
    f"<tr>{''.join(f'<td>{v}</td>' for v in (*FOUR[5:], *FOUR[:5]))}</tr></table>"
)

FOUR_LAYOUTS = {
    "plain": disputes(),
    "two_head_lines": three_groups(range(3)),
    "matrix": _matrix(),
    "matrix_permuted": _matrix([2, 0, 1]),
    "upright": _upright(),
    "upright_with_head": _upright("<tr><td>类别</td><td>结果</td><td>数量</td></tr>"),
    "in_three": _in_three(),
    "in_one": _in_one("行政复议", "行政诉讼（未经复议直接起诉）", "行政诉讼（复议后起诉）"),
    "in_one_misspelt": _in_one("行政复议", "行政述讼（未经复议直接起述）", "行政述讼（复议后起述）"),
    "label_in_front": disputes()
    .replace("<td colspan=5>行政复议", "<td rowspan=3>项目</td><td colspan=5>行政复议")
    .replace("<tr><td>1<", "<tr><td>件数</td><td>1<"),
    "blank_last_row": disputes().replace("</table>", f"<tr>{'<td>&nbsp;</td>' * 15}</tr></table>"),
    "groups_permuted": three_groups([1, 2, 0]),
    "suits_swapped": three_groups([0, 2, 1]),
    "outcomes_swapped": three_groups(range(3), [1, 0, 2, 3, 4]),
    "total_first": three_groups(range(3), [4, 0, 1, 2, 3]),
    "suits_first": SUITS_FIRST,
}


P_HEAD = "第二十条第（一）项"

DOCS = (P_HEAD, "信息内容|本年制发件数|本年废止件数|现行有效件数", "规章|0|0|0", "行政规范性文件|3|1|8")

TWO = {
    "plain": proactive(),
    "units": proactive([f"{v}件" for v in (0, 0, 0, 3, 1, 8, 9487, 2776, 84)] + ["96171.6万元"]),
    "mixed": proactive([0, 0, 0, 3, 1, 8, "9,487", "２７７６", 84, "961716000元"]),
    "yuan_in_head": proactive([0, 0, 0, 3, 1, 8, 9487, 2776, 84, 961716000]).replace("单位：万元", "单位：元"),
    "without_articles": table_of(
        *DOCS[1:],
        "信息内容|本年处理决定数量",
        "行政许可|9487",
        "行政处罚|2776",
        "行政强制|84",
        "信息内容|本年收费金额",
        "行政事业性收费|96171.6",
    ),
    "last_years_column": table_of(
        *DOCS,
        "信息内容|上年处理决定数量|本年处理决定数量",
        "行政许可|1|9487",
        "行政处罚|2|2776",
        "行政强制|3|84",
        "信息内容|上年收费金额|本年收费金额（单位：万元）",
        "行政事业性收费|5|96171.6",
    ),
    "on_its_side": table_of("信息内容|规章|行政规范性文件", "本年制发件数|0|3", "本年废止件数|0|1", "现行有效件数|0|8")
    + table_of("信息内容|行政许可|行政处罚|行政强制", "本年处理决定数量|9487|2776|84")
    + table_of("信息内容|行政事业性收费", "本年收费金额（万元）|96171.6"),
    "columns_swapped": table_of("信息内容|现行有效件数|本年废止件数|本年制发件数", "规章|0|0|0", "行政规范性文件|8|1|3")
    + re.sub(r"<tr>.*?行政规范性文件.*?</tr>", "", proactive(), count=1),
    "other_table": proactive()
    + table_of("单位|行政许可|行政处罚|行政强制", "示例一局|4000|2000|80", "示例二局|5487|776|4", "合计|9487|2776|84"),
    "row_of_2019": proactive().replace(
        "<tr><td colspan=4>第二十条第（六）",
        "<tr><td>其他对外管理服务事项</td><td colspan=3>77</td></tr><tr><td colspan=4>第二十条第（六）",
    ),
}
