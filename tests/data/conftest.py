"""Pages of the official form, written from the declared form itself, with the numbers a test wants."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from parsers.forms import Block, load_forms

Numbers = Mapping[str | tuple[str, str], object]


def _cell(value: object) -> str:
    return f"<td>{value}</td>"


def _block_rows(block: Block, numbers: Numbers, default: object) -> list[str]:
    rows = []
    for row in block.rows:
        label = row.labels[0] if row.labels else ""
        heads = "".join(f"<td>{name}</td>" for name in (*row.path, label) if name)
        cells = []
        for indicator, column in zip(row.indicators, block.columns, strict=True):
            key = (indicator, column.applicant) if column.applicant else indicator
            value = numbers.get(
                key, numbers.get(indicator) if column.applicant in ("natural_person", "total") else None
            )
            cells.append(_cell(default if value is None else value))
        rows.append(f"<tr>{heads}{''.join(cells)}</tr>")
    return rows


def _proactive(blocks: tuple[Block, ...], numbers: Numbers, default: object) -> str:
    rows = []
    for block in blocks:
        rows.append(f"<tr><td colspan=4>{block.article}</td></tr>")
        rows.append("<tr><td>信息内容</td>" + "".join(f"<td>{c.labels[0]}</td>" for c in block.columns) + "</tr>")
        rows += _block_rows(block, numbers, default)
    return f"<table>{''.join(rows)}</table>"


_ORDINALS = {
    "new_requests": "一、", "carried_over": "二、", "carried_forward": "四、", "disclosed": "（一）",
    "partially_disclosed": "（二）", "concluded": "（七）",
}  # fmt: skip


def _applications(block: Block, numbers: Numbers, default: object) -> str:
    head = (
        "<tr><td colspan=3 rowspan=3>（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）</td>"
        "<td colspan=7>申请人情况</td></tr><tr><td rowspan=2>自然人</td><td colspan=5>法人或其他组织</td>"
        "<td rowspan=2>总计</td></tr><tr>" + "".join(f"<td>{c.labels[0]}</td>" for c in block.columns[1:6]) + "</tr>"
    )
    groups: dict[tuple[str, ...], int] = {}
    for row in block.rows:
        for depth in range(1, len(row.path) + 1):
            groups[row.path[:depth]] = groups.get(row.path[:depth], 0) + 1
    rows, seen = [head], set()
    for row in block.rows:
        heads = ""
        for depth in range(1, len(row.path) + 1):
            path = row.path[:depth]
            if path not in seen:
                seen.add(path)
                heads += f"<td rowspan={groups[path]}>{path[-1]}</td>"
        name = _ORDINALS.get(row.indicators[0], "") + row.labels[0]
        heads += f"<td colspan={3 - len(row.path)}>{name}</td>"
        cells = []
        for column in block.columns:
            indicator = row.indicators[0]
            value = numbers.get((indicator, str(column.applicant)))
            if value is None and column.applicant in ("natural_person", "total"):
                value = numbers.get(indicator)
            cells.append(_cell(default if value is None else value))
        rows.append(f"<tr>{heads}{''.join(cells)}</tr>")
    return f"<table>{''.join(rows)}</table>"


def _disputes(block: Block, numbers: Numbers, default: object) -> str:
    outcomes = "".join(f"<td>{c.labels[0]}</td>" for c in block.columns[5:])
    reviews = "".join(f"<td rowspan=2>{c.labels[0]}</td>" for c in block.columns[:5])
    cells = "".join(_cell(numbers.get(str(c.indicator), default)) for c in block.columns)
    return (
        "<table><tr><td colspan=5>行政复议</td><td colspan=10>行政诉讼</td></tr>"
        f"<tr>{reviews}<td colspan=5>未经复议直接起诉</td><td colspan=5>复议后起诉</td></tr>"
        f"<tr>{outcomes}</tr><tr>{cells}</tr></table>"
    )


def make_page(
    organ: str = "示例市财政局",
    year: int = 2023,
    numbers: Numbers | None = None,
    *,
    form: str = "2021",
    index_no: str | None = None,
    publisher: str | None = None,
    published: str | None = None,
    default: object = 0,
    prose: str = "本年度平稳有序。",
    tables: bool = True,
    links: str = "",
) -> bytes:
    """A report page (UTF-8 HTML). ``numbers``: {indicator or (indicator, applicant): printed}; else ``default``."""
    given = {} if numbers is None else numbers
    declared = {t.id: t for t in load_forms()[form].tables}
    parts = ["", "", ""]
    if tables:
        parts = [
            _proactive(declared["proactive"].blocks, given, default),
            _applications(declared["applications"].blocks[0], given, default),
            _disputes(declared["disputes"].blocks[0], given, default),
        ]
    meta = [("索引号", index_no), ("发布机构", publisher), ("生成日期", published), ("发布日期", published)]
    head = "".join(f"<tr><td>{name}</td><td>{value}</td></tr>" for name, value in meta if value)
    title = f"{organ}{year}年政府信息公开工作年度报告"
    return (
        f"<html><head><meta charset=utf-8><title>{title}</title></head><body><table>{head}</table><h1>{title}</h1>"
        f"<p>统计期限自{year}年1月1日至12月31日。</p><h2>一、总体情况</h2><p>{prose}</p>"
        f"<h2>二、主动公开政府信息情况</h2>{parts[0]}<h2>三、收到和处理政府信息公开申请情况</h2>{parts[1]}"
        f"<h2>四、政府信息公开行政复议、行政诉讼情况</h2>{parts[2]}<h2>五、存在的主要问题及改进情况</h2>"
        f"<p>有的公开不够及时，今后将改进工作机制。</p><h2>六、其他需要报告的事项</h2><p>无。</p>{links}</body></html>"
    ).encode()


@pytest.fixture
def page() -> Callable[..., bytes]:
    """``make_page``."""
    return make_page


@pytest.fixture(scope="session")
def make() -> Callable[..., bytes]:
    """``make_page``, for fixtures that outlive a test."""
    return make_page


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with three pages: two organs, one of them over two years."""
    pages = tmp_path / "pages"
    pages.mkdir()
    flow = {"new_requests": 5, "carried_over": 1, "disclosed": 4, "concluded": 4, "carried_forward": 2}
    (pages / "a-2022.html").write_bytes(make_page("示例市财政局", 2022, flow))
    (pages / "a-2023.html").write_bytes(make_page("示例市财政局", 2023, {**flow, "carried_over": 2, "new_requests": 4}))
    (pages / "b-2023.html").write_bytes(make_page("样例县人民政府", 2023, default=""))
    return pages
