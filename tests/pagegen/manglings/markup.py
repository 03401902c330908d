"""Markup around the same cells: word processors, old editors, careless templates."""

from __future__ import annotations

import re

from ..model import Draft
from .registry import EVERY, mangling


@mangling("markup", EVERY)
def word_markup(draft: Draft) -> None:
    """Every cell in paragraph, span and font with styles over several lines."""
    draft.markup.add("word")


@mangling("markup", EVERY)
def header_cells(draft: Draft) -> None:
    """th for headers and labels."""
    for table in draft.tables():
        for cell in table.cells():
            if cell.role != "value":
                cell.tag = "th"


@mangling("markup", EVERY)
def table_sections(draft: Draft) -> None:
    """thead, tbody, tfoot."""
    for table in draft.tables():
        table.sections = True


@mangling("markup", EVERY)
def layout_table(draft: Draft) -> None:
    """The whole report inside two layout tables."""
    draft.markup.add("layout")


@mangling("markup", EVERY)
def table_in_table(draft: Draft) -> None:
    """Each table alone in a cell of another."""
    draft.markup.add("layout_cells")


@mangling("markup", EVERY)
def upper_case_tags(draft: Draft) -> None:
    """<TABLE><TR><TD>."""
    tags = re.compile(r"</?(?:table|tbody|thead|tfoot|tr|td|th|p|span|div|font)\b")
    draft.finish.append(lambda page: tags.sub(lambda m: m[0].upper(), page))


@mangling("markup", EVERY)
def unclosed_cells(draft: Draft) -> None:
    """No </td>, </tr>, </p>."""
    draft.finish.append(lambda page: re.sub(r"</(?:td|tr|th|p)>", "", page))


@mangling("markup", EVERY)
def comments_and_scripts(draft: Draft) -> None:
    """Comments, scripts and styles between rows and cells."""
    junk = (
        "<!-- <td>999</td> -->",
        "<script>var a='<td>7</td>';</script>",
        "<style>.x{color:red}</style>",
        "<!--[if gte mso 9]><xml><o:x>12</o:x></xml><![endif]-->",
    )

    def change(page: str) -> str:
        def put(match: re.Match[str]) -> str:
            return match[0] + (draft.rng.choice(junk) if draft.rng.random() < 0.05 else "")

        return re.sub(r"</t[rd]>", put, page)

    draft.finish.append(change)


@mangling("markup", EVERY)
def hidden_duplicates(draft: Draft) -> None:
    """Elements that no reader sees, with other numbers in them."""

    def change(page: str) -> str:
        def put(match: re.Match[str]) -> str:
            hidden = '<span style="display:none">88</span>'
            return (hidden if draft.rng.random() < 0.05 else "") + match[0]

        return re.sub(r"</t[dh]>", put, page)

    draft.finish.append(change)


@mangling("markup", EVERY)
def hidden_table(draft: Draft) -> None:
    """The tables once more before the report, hidden, with nothing in them."""

    def change(page: str) -> str:
        tables = "".join(re.findall(r"(?s)<table border=\"1\".*?</table>", page))
        emptied = re.sub(r">\d[\d.]*<", "><", tables)
        return page.replace("<body>", f'<body><div style="display: none;">{emptied}</div>', 1)

    draft.finish.append(change)


@mangling("markup", EVERY)
def attributes_without_quotes(draft: Draft) -> None:
    """colspan=3 and align=center."""
    draft.finish.append(lambda page: re.sub(r'(colspan|rowspan|border|width)="(\d+)"', r"\1=\2", page))
