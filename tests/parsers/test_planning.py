"""Plans are remembered by what labels and spans say: pages of one layout share theirs, whatever their metadata and numbers are."""

from __future__ import annotations

import re

from parsers import parse
from parsers.document import Table
from parsers.payload import read_document
from parsers.planning import page_plan, printed
from tests.parsers.pages_by_hand import HEAD_THREE, applications, page, table_of


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


def test_a_table_of_labels_alone_is_part_of_the_next() -> None:
    """The head of table three as a table of its own, its rows as another: nothing of it counts as metadata."""
    whole = applications()
    rows = re.findall("<tr>.*?</tr>", whole)
    head = len(re.findall("<tr>", HEAD_THREE))
    apart = f"<table>{''.join(rows[:head])}</table><table>{''.join(rows[head:])}</table>"
    assert [(c.value, c.status) for c in parse(page(three=apart)).cells] == [(c.value, c.status) for c in parse(page()).cells]
