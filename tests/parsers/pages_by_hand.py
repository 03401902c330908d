"""Small report pages written by hand: the official tables of the 2021 form from numbers, and any table from text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

APPLICANTS = ("natural_person", "business", "research", "nonprofit", "legal_service", "other_org", "total")

# (indicator, label, groups above it with their printed labels)
_LAW = "行政机关不再处理其政府信息公开申请"
_GROUPS = (
    (
        "（三）不予公开",
        (
            ("refused_state_secret", "1.属于国家秘密"),
            ("refused_law_prohibited", "2.其他法律行政法规禁止公开"),
            ("refused_safety_stability", "3.危及“三安全一稳定”"),
            ("refused_third_party", "4.保护第三方合法权益"),
            ("refused_internal_affairs", "5.属于三类内部事务信息"),
            ("refused_deliberative", "6.属于四类过程性信息"),
            ("refused_enforcement_file", "7.属于行政执法案卷"),
            ("refused_admin_inquiry", "8.属于行政查询事项"),
        ),
    ),
    (
        "（四）无法提供",
        (
            ("unavailable_not_held", "1.本机关不掌握相关政府信息"),
            ("unavailable_needs_creation", "2.没有现成信息需要另行制作"),
            ("unavailable_unclear", "3.补正后申请内容仍不明确"),
        ),
    ),
    (
        "（五）不予处理",
        (
            ("not_processed_petition", "1.信访举报投诉类申请"),
            ("not_processed_repeat", "2.重复申请"),
            ("not_processed_publication", "3.要求提供公开出版物"),
            ("not_processed_excessive", "4.无正当理由大量反复申请"),
            ("not_processed_reissue", "5.要求行政机关确认或重新出具已获取信息"),
        ),
    ),
    (
        "（六）其他处理",
        (
            ("other_no_correction", f"1.申请人无正当理由逾期不补正、{_LAW}"),
            ("other_fee_unpaid", f"2.申请人逾期未按收费通知要求缴纳费用、{_LAW}"),
            ("other_misc", "3.其他"),
        ),
    ),
)
ROWS = (
    ("new_requests", "一、本年新收政府信息公开申请数量", ()),
    ("carried_over", "二、上年结转政府信息公开申请数量", ()),
    ("disclosed", "（一）予以公开", ("三、本年度办理结果",)),
    ("partially_disclosed", "（二）部分公开（区分处理的，只计这一情形，不计其他情形）", ("三、本年度办理结果",)),
    *((name, label, ("三、本年度办理结果", group)) for group, rows in _GROUPS for name, label in rows),
    ("concluded", "（七）总计", ("三、本年度办理结果",)),
    ("carried_forward", "四、结转下年度继续办理", ()),
)
PARTS = tuple(name for name, _, groups in ROWS if groups and name != "concluded")
WAYS = ("review", "suit_direct", "suit_after_review")
OUTCOMES = ("upheld", "overturned", "other", "pending", "total")
TITLE = "示例市示例局2023年政府信息公开工作年度报告"
HEAD_THREE = (
    "<tr><td colspan=3 rowspan=3>（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）</td>"
    "<td colspan=7>申请人情况</td></tr>"
    "<tr><td rowspan=2>自然人</td><td colspan=5>法人或其他组织</td><td rowspan=2>总计</td></tr>"
    "<tr><td>商业企业</td><td>科研机构</td><td>社会公益组织</td><td>法律服务机构</td><td>其他</td></tr>"
)
Numbers = Mapping[tuple[str, str], object]


def numbers() -> dict[tuple[str, str], object]:
    """A true table 三, every row different enough to be told: 12 persons' and 8 businesses' requests, all sums right."""
    person = {"disclosed": 5, "refused_third_party": 2, "unavailable_not_held": 3, "other_misc": 1, "carried_forward": 4}
    business = {"disclosed": 1, "partially_disclosed": 6, "not_processed_repeat": 1}
    cells: dict[tuple[str, str], object] = {}
    for who in APPLICANTS[:-1]:
        column = {"natural_person": person, "business": business}.get(who, {})
        concluded = sum(column.get(name, 0) for name in PARTS)
        sums = {"concluded": concluded, "carried_over": 3 if who == "natural_person" else 0}
        sums["new_requests"] = concluded + column.get("carried_forward", 0) - sums["carried_over"]
        for name, _, _ in ROWS:
            cells[name, who] = {**column, **sums}.get(name, 0)
    for name, _, _ in ROWS:
        cells[name, "total"] = sum(int(str(cells[name, who])) for who in APPLICANTS[:-1])
    return cells


def applications(cells: Numbers | None = None, *, head: str = HEAD_THREE, rows: Sequence[str] | None = None) -> str:
    """Table 三 as the circular prints it; ``rows`` limits it to some rows (spans are then those of these rows)."""
    cells = cells or numbers()
    shown = [row for row in ROWS if rows is None or row[0] in rows]
    lines: list[str] = []
    open_groups: tuple[str, ...] = ()
    for name, label, groups in shown:
        line = ""
        for depth, group in enumerate(groups):
            if open_groups[: depth + 1] != groups[: depth + 1]:
                height = sum(1 for _, _, other in shown if other[: depth + 1] == groups[: depth + 1])
                line += f"<td rowspan={height}>{group}</td>"
        open_groups = groups
        line += f"<td colspan={3 - len(groups)}>{label}</td>"
        line += "".join(f"<td>{cells[name, who]}</td>" for who in APPLICANTS)
        lines.append(f"<tr>{line}</tr>")
    return f"<table>{head}{''.join(lines)}</table>"


def disputes(values: Sequence[object] = (1, 2, 0, 4, 7, 5, 0, 0, 0, 5, 0, 1, 0, 2, 3)) -> str:
    """Table 四 as the circular prints it."""
    five = "<td>结果维持</td><td>结果纠正</td><td>其他结果</td><td>尚未审结</td><td>总计</td>"
    tall = five.replace("<td>", "<td rowspan=2>")
    row = "".join(f"<td>{value}</td>" for value in values)
    return (
        "<table><tr><td colspan=5>行政复议</td><td colspan=10>行政诉讼</td></tr>"
        f"<tr>{tall}<td colspan=5>未经复议直接起诉</td><td colspan=5>复议后起诉</td></tr>"
        f"<tr>{five * 2}</tr><tr>{row}</tr></table>"
    )


def proactive(values: Sequence[object] = (0, 0, 0, 3, 1, 8, 9487, 2776, 84, "96171.6")) -> str:
    """Table 二 as the circular prints it."""
    v = [f"<td>{value}</td>" for value in values]
    wide = [cell.replace("<td>", "<td colspan=3>") for cell in v]

    def article(n: str) -> str:
        return f"<tr><td colspan=4>第二十条第（{n}）项</td></tr>"

    decisions = "<tr><td>信息内容</td><td colspan=3>本年处理决定数量</td></tr>"
    return (
        f"<table>{article('一')}"
        "<tr><td>信息内容</td><td>本年制发件数</td><td>本年废止件数</td><td>现行有效件数</td></tr>"
        f"<tr><td>规章</td>{''.join(v[:3])}</tr><tr><td>行政规范性文件</td>{''.join(v[3:6])}</tr>"
        f"{article('五')}{decisions}<tr><td>行政许可</td>{wide[6]}</tr>"
        f"{article('六')}{decisions}<tr><td>行政处罚</td>{wide[7]}</tr><tr><td>行政强制</td>{wide[8]}</tr>"
        f"{article('八')}<tr><td>信息内容</td><td colspan=3>本年收费金额（单位：万元）</td></tr>"
        f"<tr><td>行政事业性收费</td>{wide[9]}</tr></table>"
    )


def page(two: str | None = None, three: str | None = None, four: str | None = None, *, title: str = TITLE, more: str = "") -> bytes:
    """A whole report of the 2021 form; a table given as "" is left out."""
    two, three, four = (table() if given is None else given for given, table in ((two, proactive), (three, applications), (four, disputes)))
    return (
        f"<!DOCTYPE html><html><head><meta charset=utf-8><title>{title}</title></head><body><h1>{title}</h1>"
        "<p>本报告所列数据的统计期限自2023年1月1日至2023年12月31日。</p>"
        "<h2>一、总体情况</h2><p>示例局认真做好政府信息公开工作，全年主动公开政府信息87条。</p>"
        f"<h2>二、主动公开政府信息情况</h2>{two}<h2>三、收到和处理政府信息公开申请情况</h2>{three}"
        f"<h2>四、政府信息公开行政复议、行政诉讼情况</h2>{four}"
        "<h2>五、存在的主要问题及改进情况</h2><p>公开的深度还不够，今后将加强培训。</p>"
        f"<h2>六、其他需要报告的事项</h2><p>本年度未收取信息处理费。</p>{more}</body></html>"
    ).encode()


def table_of(*rows: str) -> str:
    """A plain table: rows of texts between bars."""
    cells = ("".join(f"<td>{text.strip()}</td>" for text in row.split("|")) for row in rows)
    return f"<table>{''.join(f'<tr>{row}</tr>' for row in cells)}</table>"
