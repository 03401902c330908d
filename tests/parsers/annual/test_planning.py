"""Plans are remembered by what labels and spans say: pages of one layout share theirs, whatever their metadata and numbers are."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import pytest

from parsers import parse
from parsers.annual.planning import forget_plans, page_plan, printed
from parsers.document import Table
from parsers.payload import read_document
from tests.parsers.annual.layouts_by_hand import LABELS
from tests.parsers.pages_by_hand import APPLICANTS, HEAD_THREE, ROWS, TITLE, applications, numbers, page, table_of


def _tables(body: bytes) -> list[Table]:
    return list(read_document(body, None).tables())


def _with_head(index_no: str, caption: str, body: bytes) -> bytes:
    head = table_of(f"索引号|{index_no}|体裁分类|其他", "发布机构|示例市示例局|公开日期|2024-01-15", f"标题|{caption}|公开方式|主动公开")
    return body.replace(b"<h1>", f"{head}<h1>".encode(), 1)


def test_pages_of_a_site_share_one_plan() -> None:
    numbers = iter(range(1000, 9000))
    other = re.sub(rb"(?<=<td>)\d+(?=</td>)", lambda _: str(next(numbers)).encode(), page())
    assert other != page()
    pages = [_with_head("014/2024-1", "示例市示例局年报", page()), _with_head("XY20240205000391", "示例县示例街道办年度报告", other)]
    captions = [("示例市", "", "", ""), ("当前位置：首页 > 年报", "", "", "")]
    plans = [page_plan(tables, printed(tables), above, 2023) for tables, above in zip(map(_tables, pages), captions, strict=True)]
    assert plans[0] is plans[1]
    assert all(plans[0].readings)


def _in_pairs(labels: Sequence[str], *, text: bool) -> tuple[bytes, bytes]:
    """Table 三 with two values under each head, last year's and this year's: a page of zeros, and one of other numbers."""
    pages = []
    for number in (0, 7):
        rows = [f"{label}|" + "|".join(f"{number}|{cell}" for cell in cells) for label, cells in _rows(0 if number == 0 else 1)]
        flat = "\n".join([f"项目 | {' | '.join(labels)}", *rows])
        wide = table_of(*rows).replace("<table>", "<table><tr><td>项目</td>" + "".join(f"<td colspan=2>{x}</td>" for x in labels) + "</tr>")
        said = f"{TITLE}\n三、收到和处理政府信息公开申请情况\n{flat}\n五、存在的主要问题及改进情况\n无。"
        pages.append(said.encode() if text else page(three=wide))
    return pages[0], pages[1]


def _rows(times: int) -> list[tuple[str, list[int]]]:
    cells = numbers()
    return [(label, [int(str(cells[name, who])) * times for who in APPLICANTS]) for name, label, _ in ROWS]


def _with_subtotals(labels: Sequence[str], *, text: bool) -> tuple[bytes, bytes]:
    """Table 三 as text with the organisations' subtotal under no head, and the same with another number in its place."""
    assert text
    pages = []
    for false in (0, 5):
        rows = [f"{label} | " + " | ".join(map(str, (*v[:6], sum(v[1:6]) + false, v[6]))) for label, v in _rows(1)]
        lines = [TITLE, "三、收到和处理政府信息公开申请情况", f"项目 | {' | '.join(labels)}", *rows, "五、存在的主要问题及改进情况", "无。"]
        pages.append("\n".join(lines).encode())
    return pages[0], pages[1]


@pytest.mark.parametrize(("pages", "text"), [(_in_pairs, True), (_in_pairs, False), (_with_subtotals, True)])
def test_a_plan_that_rests_on_numbers_serves_no_page_of_others(pages: Callable[..., tuple[bytes, bytes]], text: bool) -> None:
    first, second = pages(LABELS, text=text)
    forget_plans()
    alone = parse(second)
    forget_plans()
    before = parse(first)
    assert any(cell.value is not None for cell in before.cells), "the first page can be read"
    assert parse(second).cells == alone.cells


def test_values_of_table_four_printed_twice_are_not_what_other_values_are() -> None:
    five = " | ".join(["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"] * 3)
    heads = f"行政复议 | 未经复议直接起诉 | 复议后起诉\n{five}\n"
    last, this = (5, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), (1, 2, 0, 4, 7, 5, 0, 0, 0, 5, 0, 1, 0, 2, 3)
    read = []
    for one, other in ((last, last), (last, this)):
        row = " | ".join(f"{a} | {b}" for a, b in zip(one, other, strict=True))
        report = parse(f"{TITLE}\n四、政府信息公开行政复议、行政诉讼情况\n{heads}{row}".encode())
        read.append([cell.value for cell in report.cells if cell.table == "disputes"])
    assert read == [list(last), []]


def test_a_table_of_labels_alone_is_part_of_the_next() -> None:
    """The head of table three as a table of its own, its rows as another: nothing of it counts as metadata."""
    whole = applications()
    rows = re.findall("<tr>.*?</tr>", whole)
    head = len(re.findall("<tr>", HEAD_THREE))
    apart = f"<table>{''.join(rows[:head])}</table><table>{''.join(rows[head:])}</table>"
    assert [(c.value, c.status) for c in parse(page(three=apart)).cells] == [(c.value, c.status) for c in parse(page()).cells]
