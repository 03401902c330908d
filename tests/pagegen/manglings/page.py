"""What stands around the tables: other tables, other years, sections numbered anew."""

from __future__ import annotations

from ..layout import official_tables
from ..model import Block, Draft, Raw, Table
from ..numbers import numbers
from ..render_html import table_html
from ..render_text import table_text
from .registry import EVERY, STANDARD, mangling


def plain(*lines: tuple[str, ...]) -> Raw:
    """A table of texts that is not the form's."""
    rows = "".join("<tr>" + "".join(f"<td>{text}</td>" for text in line) + "</tr>" for line in lines)
    return Raw(f'<table border="0">{rows}</table>', "\n".join(" | ".join(line) for line in lines))


@mangling("page", EVERY)
def navigation(draft: Draft) -> None:
    """Navigation and footer made of tables."""
    draft.preamble.insert(0, plain(("首页", "政务公开"), ("办事服务", "互动交流")))
    draft.closing.append(plain(("主办：示例市人民政府办公室", "电话：000-12345678"), ("访问量", "123456")))


@mangling("page", EVERY)
def attachment_block(draft: Draft) -> None:
    """附件下载 with nothing in it."""
    draft.closing.append(Raw('<div class="fj"><h4>附件下载</h4><ul></ul></div>', "附件下载"))


@mangling("page", EVERY)
def budget_table(draft: Draft) -> None:
    """A table of other numbers in section 一."""
    head = ("项目", "预算数", "决算数")
    lines = (("一般公共服务支出", "1203.5", "1188.2"), ("教育支出", "88", "90"), ("总计", "1291.5", "1278.2"))
    draft.sections[0].blocks.append(plain(head, *lines))


@mangling("page", EVERY)
def column_statistics(draft: Draft) -> None:
    """A table of what was disclosed in which column, with words of the form in it."""
    head = ("公开类别", "数量（条）", "其他")
    draft.sections[0].blocks.append(plain(head, ("政策文件", "12", "0"), ("行政许可", "35", "1"), ("总计", "47", "1")))


def _other(draft: Draft, year: int, empty: bool) -> Block:
    """The same tables with another year's numbers, or with none."""
    html, text = [], []
    for table in official_tables(numbers(draft.rng, draft.form), draft.form, year, draft.rng):
        for cell in table.values() if empty else ():
            cell.say("")
        html.append(table_html(table, set()))
        text += table_text(table, "lost", "")
    return Raw("\n".join(html), "\n".join(text))


@mangling("page", STANDARD, "second_tables")
def last_years_tables(draft: Draft) -> None:
    """Last year's tables after this year's, under a heading that says so."""
    note = f"附：{draft.year - 1}年度（上一年度）数据，供对照"
    draft.sections[-1].blocks += [note, _other(draft, draft.year - 1, False)]


@mangling("page", STANDARD, "second_tables")
def blank_template(draft: Draft) -> None:
    """The empty form after the report."""
    draft.sections[-1].blocks += ["附：填报模板", _other(draft, draft.year, True)]


@mangling("page", EVERY, "headings")
def numbering_restarts(draft: Draft) -> None:
    """The sections with tables are numbered from 一 again."""
    for i, section in enumerate(draft.sections[1:4]):
        section.heading = "一二三"[i] + section.heading[1:]


@mangling("page", EVERY, "headings")
def number_missing(draft: Draft) -> None:
    """A heading without its number."""
    section = draft.rng.choice(draft.sections[1:5])
    section.heading = section.heading[2:]


@mangling("page", EVERY)
def heading_blanks(draft: Draft) -> None:
    """Headings indented by ideographic spaces and followed by no-break spaces."""
    for section in draft.sections:
        section.heading = "\u3000\u3000" + section.heading + "\u00a0" * 23


@mangling("page", STANDARD)
def all_tables_at_the_end(draft: Draft) -> None:
    """The tables stand together after the prose."""
    tables: list[Block] = []
    for section in draft.sections:
        tables += [b for b in section.blocks if isinstance(b, Table)]
        section.blocks = [b for b in section.blocks if not isinstance(b, Table)]
    draft.sections[-1].blocks += ["附表", *tables]


@mangling("page", EVERY)
def note_after_table(draft: Draft) -> None:
    """注：… under the last table."""
    for section in draft.sections:
        if any(isinstance(b, Table) for b in section.blocks):
            section.blocks.append("注：行政复议、行政诉讼数量含上年度结转数量2件。")


@mangling("page", EVERY)
def visit_counter(draft: Draft) -> None:
    """A year that is not the report's in head and foot."""
    draft.closing.append(f"版权所有 © {draft.year + 2} 示例市人民政府 访问次数：20{draft.rng.randint(10, 30)}")
