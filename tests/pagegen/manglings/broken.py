"""Markup that is broken or hides things, and tables that are not where they belong."""

from __future__ import annotations

import re

from ..layout import official_tables
from ..model import Draft
from ..numbers import numbers
from ..render_html import table_html
from .registry import EVERY, STANDARD, mangling


@mangling("markup", EVERY)
def row_starts_missing(draft: Draft) -> None:
    """</tr> without <tr>: browsers begin the row at the first cell."""
    draft.finish.append(lambda page: re.sub(r"<tr>(?=<t[dh])", "", page))


@mangling("markup", EVERY)
def stray_tags(draft: Draft) -> None:
    """End tags that end nothing, empty rows."""

    def change(page: str) -> str:
        def put(match: re.Match[str]) -> str:
            junk = draft.rng.choice(("</span>", "</p>", "</font>", "</b>"))
            return (junk if draft.rng.random() < 0.05 else "") + match[0]

        page = re.sub(r"</t[dh]>", put, page)
        return re.sub(r"</tr>", lambda m: m[0] + ("<tr></tr>" if draft.rng.random() < 0.05 else ""), page)

    draft.finish.append(change)


def _foreign(draft: Draft) -> str:
    """Official tables with other numbers."""
    other = official_tables(numbers(draft.rng, draft.form), draft.form, draft.year, draft.rng)
    return "\n".join(table_html(table, set()) for table in other)


@mangling("markup", EVERY)
def commented_tables(draft: Draft) -> None:
    """The tables of another draft in a comment."""
    html = _foreign(draft)
    draft.finish.append(
        lambda page: page.replace("<h3>", f"<!-- {html} --><h3>", 1).replace("<body>", f"<body><!-- {html} -->", 1)
    )


@mangling("markup", EVERY)
def hidden_tables(draft: Draft) -> None:
    """The tables of another draft in an element that is not shown."""
    html = _foreign(draft)
    draft.finish.append(lambda page: page.replace("<body>", f'<body><div style="display:none">{html}</div>', 1))


@mangling("markup", EVERY)
def hidden_rows(draft: Draft) -> None:
    """Rows that are not shown, with numbers of their own."""

    def change(page: str) -> str:
        def put(match: re.Match[str]) -> str:
            if draft.rng.random() > 0.1 or "rowspan" in match[0]:
                return match[0]
            return match[0].replace("<tr>", '<tr style="display:none">', 1).replace(">0<", ">6<") + match[0]

        return re.sub(r"<tr>(?:(?!</tr>).)*</tr>", put, page)

    draft.finish.append(change)


@mangling("markup", EVERY)
def caption_element(draft: Draft) -> None:
    """<caption> and <colgroup> in each table."""
    head = '<caption>单位：件</caption><colgroup><col width="10%"><col></colgroup>'
    draft.finish.append(lambda page: re.sub(r'(<table border="1"[^>]*>)', rf"\1{head}", page))


@mangling("page", STANDARD, "sections")
def tables_under_wrong_headings(draft: Draft) -> None:
    """The tables of 三 and 四 have changed places."""
    three, four = draft.sections[2], draft.sections[3]
    three.blocks, four.blocks = four.blocks, three.blocks


@mangling("structure", STANDARD, "missing_table")
def table_missing(draft: Draft) -> None:
    """One of the tables is not on the page: 无 stands in its place."""
    table = draft.rng.choice(draft.tables())
    draft.lost += [c.key for c in table.values() if c.key]
    draft.replace_table(table, [draft.rng.choice(("无。", "详见附件。", "本年度无此项内容。"))])
