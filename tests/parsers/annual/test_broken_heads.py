"""Column heads printed in several rows: 商业 above 企业."""

from __future__ import annotations

import pytest

from parsers import parse
from parsers.annual.broken_heads import with_whole_heads
from parsers.carriers.text import read_text
from parsers.forms import load_forms
from parsers.layout import lines_of
from parsers.model import Report
from tests.parsers.pages_by_hand import APPLICANTS, HEAD_THREE, ROWS, TITLE, applications, disputes, numbers, page

THREE_ROWS = HEAD_THREE.replace("rowspan=3", "rowspan=5").replace("<td rowspan=2>", "<td rowspan=4>").replace(
    "<td>商业企业</td><td>科研机构</td><td>社会公益组织</td><td>法律服务机构</td><td>其他</td></tr>",
    "<td>商业</td><td>科研</td><td>社会</td><td>法律</td><td rowspan=3>其他</td></tr>"
    "<tr><td rowspan=2>企业</td><td rowspan=2>机构</td><td>公益</td><td>服务</td></tr><tr><td>组织</td><td>机构</td></tr>",
)
TWO_ROWS_FOUR = disputes().replace(
    f"<tr>{'<td>结果维持</td><td>结果纠正</td><td>其他结果</td><td>尚未审结</td><td>总计</td>' * 2}</tr>",
    f"<tr>{'<td>结果</td><td>结果</td><td>其他</td><td>尚未</td><td>总计</td>' * 2}</tr>"
    f"<tr>{'<td>维持</td><td>纠正</td><td>结果</td><td>审结</td><td></td>' * 2}</tr>",
).replace("<td rowspan=2>", "<td rowspan=3>")  # fmt: skip


def values(report: Report) -> dict[tuple[str, str | None], object]:
    return {(cell.indicator, cell.applicant): cell.value for cell in report.cells}


@pytest.mark.parametrize(("tables", "n"), [({"three": applications(head=THREE_ROWS)}, 175), ({"four": TWO_ROWS_FOUR}, 15)])
def test_heads_in_several_rows(tables: dict[str, str], n: int) -> None:
    report, straight = parse(page(**tables)), parse(page())
    assert values(report) == values(straight)
    assert {t.table: t.verdict for t in report.tables} == {"proactive": "unproved", "applications": "proved", "disputes": "proved"}
    assert n in {t.n_reported for t in report.tables}


def test_heads_in_two_rows_of_text() -> None:
    """As texts keep them: only the heads that go on stand on the second line."""
    cells = numbers()
    rows = [f"{' | '.join((*groups, label))} | {' | '.join(str(cells[name, who]) for who in APPLICANTS)} |" for name, label, groups in ROWS]
    head = ["申请人情况 |", "自然人 | 法人或其他组织 | 总计 |", "商业 | 科研 | 社会公益组织 | 法律服务机构 | 其他 |", "企业 | 机构 |"]
    report = parse("\n".join([TITLE, "三、收到和处理政府信息公开申请情况", *head, *rows]).encode())
    assert values(report) == cells
    assert [t.verdict for t in report.tables if t.table == "applications"] == ["proved"]


def test_lines_that_also_say_something_else_stay_as_they_are() -> None:
    """件数 goes on with 本年制发; what stands beside it goes on with nothing."""
    for rows in (["信息内容|本年制发|甲类", "|件数|乙类"], ["信息内容|本年制发", "|件"], ["规章|3", "|件数"]):
        lines = lines_of(next(iter(read_text("\n".join(f"{row}|" for row in rows), None).tables())), 0)
        assert with_whole_heads(lines, load_forms()["2021"]) == lines


def test_heads_that_lost_their_second_halves_are_told_apart_by_order() -> None:
    text = (
        "示例市统计局2020年政府信息公开工作年度报告\n二、主动公开政府信息情况\n第二十条第(一)项 | ||||\n"
        "信息内容 | 本年新 | 本年新 | 对外公开总数量 | |\n规章 | / | / | | |\n规范性文件 | 3 | 2 | 9 | |\n"
        "第二十条第(五)项 | ||||\n信息内容 | 上一年项目数量 | 本年增/减 | 处理决定数量 | |\n行政许可 | 7 | -1 | 40 | |\n"
    )
    found = {cell.indicator: (cell.value, cell.status) for cell in parse(text.encode()).cells}
    assert found["rules_newly_made"] == found["rules_newly_disclosed"] == (None, "mark")
    assert found["rules_disclosed_total"] == (None, "blank")
    assert found["normative_docs_newly_made"] == (3, "reported")
    assert found["normative_docs_newly_disclosed"] == (2, "reported")
    assert found["normative_docs_disclosed_total"] == (9, "reported")
