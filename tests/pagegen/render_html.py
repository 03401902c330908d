"""A draft written down as HTML, in the house styles that publishing systems have."""

from __future__ import annotations

import html

from .head import head_html, meta_html, title_html
from .model import Block, Cell, Draft, Raw, Section, Table

WORD_P = (
    'class="MsoNormal" align="center" style="margin-top:1.5000pt;margin-bottom:0.0000pt;\n'
    "mso-pagination:widow-orphan;text-align:center;line-height:21.0000pt;background-image: initial; "
    'background-position: initial; background-size: initial;"'
)
WORD_SPAN = (
    'style="font-family:仿宋_GB2312;mso-hansi-font-family:Calibri;color:rgb(51,51,51);\n'
    'letter-spacing:0.0000pt;font-size:14.0000pt;mso-font-kerning:0.0000pt;"'
)
WORD_TD = (
    'width="142" valign="center" style="width:107.1500pt;padding:3.7500pt 3.7500pt 3.7500pt 3.7500pt ;'
    "border-left:none;\nmso-border-left-alt:none;border-right:1.0000pt outset windowtext;"
    "mso-border-right-alt:1.0000pt outset windowtext;\nborder-top:none;"
    'mso-border-bottom-alt:1.0000pt outset windowtext;"'
)


def escape(text: str) -> str:
    """Text as markup; a no-break space as the entity that editors write."""
    return html.escape(text, quote=False).replace("\u00a0", "&nbsp;")


def inner(cell: Cell, markup: set[str]) -> str:
    """The content of a cell."""
    paragraphs = cell.layout()
    if "word" in markup:
        tail = f"<span {WORD_SPAN}><o:p></o:p></span>"
        shown = (
            "".join(f'<span {WORD_SPAN}><font face="仿宋_GB2312">{escape(r)}</font></span>' for r in p)
            for p in paragraphs
        )
        return "".join(f"<p {WORD_P}>{one}{tail}</p>" for one in shown)
    runs = ["".join(f"<span>{escape(r)}</span>" if len(p) > 1 else escape(r) for r in p) for p in paragraphs]
    if len(runs) == 1:
        return runs[0]
    return "<br />".join(runs) if "br" in markup else "".join(f"<p>{run}</p>" for run in runs)


def cell_html(cell: Cell, markup: set[str]) -> str:
    """A cell with its spans as printed: the true ones unless ``attrs`` says otherwise."""
    spans = {name: str(n) for name, n in (("colspan", cell.colspan), ("rowspan", cell.rowspan)) if n > 1}
    printed = {k: v for k, v in (spans | cell.attrs).items() if v != "-"}  # "-": not printed
    attributes = "".join(f' {k}="{v}"' for k, v in printed.items())
    style = f" {WORD_TD}" if "word" in markup else ""
    return f"<{cell.tag}{style}{attributes}>{inner(cell, markup)}</{cell.tag}>"


def table_html(table: Table, markup: set[str]) -> str:
    """A table; with ``sections`` its header, body and foot are marked as such."""
    lines = [f"<tr>{''.join(cell_html(c, markup) for c in row)}</tr>" for row in table.rows]
    body = "\n".join(lines)
    if table.sections and table.header:
        head, rest = "\n".join(lines[: table.header]), "\n".join(lines[table.header :])
        body = f"<thead>{head}</thead>\n<tbody>{rest}</tbody>\n<tfoot></tfoot>"
    return f'<table border="1" cellspacing="0" cellpadding="0">\n{body}\n</table>'


def block_html(block: Block, markup: set[str]) -> str:
    """A paragraph, a table or raw markup."""
    if isinstance(block, Raw):
        return block.html
    if isinstance(block, Table):
        written = table_html(block, markup)
        if "layout_cells" in markup:
            written = (
                f'<table width="100%" border="0"><tbody><tr><td align="center">{written}</td></tr></tbody></table>'
            )
        return f'<div align="center">{written}</div>'
    if "word" in markup:
        return f"<p {WORD_P}><span {WORD_SPAN}>{escape(block)}<o:p></o:p></span></p>"
    return f"<p>{escape(block)}</p>"


def section_html(section: Section, markup: set[str]) -> str:
    """Heading and blocks of one section."""
    heading = f"<h3>{escape(section.heading)}</h3>" if "h3" in markup else block_html(section.heading, markup)
    return "\n".join([heading, *(block_html(b, markup) for b in section.blocks)])


def document_html(draft: Draft) -> str:
    """The whole page."""
    name = draft.rng.choice((f"{''.join(draft.head.title_lines)}_政府信息公开年报_示例网", "示例市人民政府"))
    meta = [f'<meta charset="{draft.declared}">', f"<title>{escape(name)}</title>", meta_html(draft.head)]
    heading = title_html(draft.rng, draft.head.title_lines)
    body = [heading, *(block_html(b, draft.markup) for b in draft.preamble)]
    body += [section_html(s, draft.markup) for s in draft.sections]
    article = f'<div class="article-content" id="zoom">\n{chr(10).join(body)}\n</div>'
    content = f"{head_html(draft.head)}\n{article}"
    if "layout" in draft.markup:
        content = (
            '<table width="1006" border="0" align="center"><tbody><tr><td width="220">栏目导航</td>'
            f'<td><table width="752"><tbody><tr><td>{content}</td></tr></tbody></table></td></tr></tbody></table>'
        )
    closing = "\n".join(block_html(b, set()) for b in draft.closing)
    page = f"<!DOCTYPE html>\n<html><head>{''.join(meta)}</head>\n<body>\n{content}\n{closing}\n</body></html>\n"
    for change in draft.finish:
        page = change(page)
    return page
