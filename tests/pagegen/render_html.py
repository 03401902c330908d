"""A draft written down as HTML, in the house styles that publishing systems have."""

from __future__ import annotations

import html
import random

from .model import Block, Cell, Draft, Raw, Section, Table

LABELS = {
    "title": ("名称", "标题", "名　　称", "信息名称"),
    "index_no": ("索引号", "索 引 号", "信息索引号"),
    "publisher": ("发布机构", "发布单位", "发文机关", "公开责任部门"),
    "date_created": ("生成日期", "成文日期", "产生日期"),
    "date_published": ("发布日期", "发布时间", "公开日期"),
    "category": ("组配分类", "信息分类", "分类"),
    "disclosure_method": ("公开方式", "公开类别"),
}
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


def pairs(draft: Draft) -> list[tuple[str, str]]:
    """Printed label and value of each metadata field of the head."""
    rng = random.Random(draft.title)
    return [(rng.choice(LABELS[k]), v) for k, v in draft.metadata.items() if k in LABELS]


def head_html(draft: Draft) -> str:
    """The metadata block above the report."""
    fields = pairs(draft)
    if draft.head_style == "table":
        rows = []
        for i in range(0, len(fields), 2):
            cells = "".join(f"<td>{escape(k)}</td><td>{escape(v)}</td>" for k, v in fields[i : i + 2])
            rows.append(f"<tr>{cells}</tr>")
        return f'<table class="xxgk_head">{"".join(rows)}</table>'
    if draft.head_style == "list":
        return "<ul>" + "".join(f"<li><span>{escape(k)}：</span>{escape(v)}</li>" for k, v in fields) + "</ul>"
    if draft.head_style == "dl":
        return "<dl>" + "".join(f"<dt>{escape(k)}：</dt><dd>{escape(v)}</dd>" for k, v in fields) + "</dl>"
    date, source = draft.metadata["date_published"], draft.metadata["publisher"]
    return f'<div class="info">发布日期：{date}　来源：{source}　浏览次数：128　字体：[大 中 小]</div>'


def document_html(draft: Draft) -> str:
    """The whole page."""
    meta = [f'<meta charset="{draft.declared}">', f"<title>{escape(draft.title)}_政府信息公开年报_示例网</title>"]
    if draft.head_style == "meta":
        names = {"ArticleTitle": "title", "PubDate": "date_published", "ContentSource": "publisher"}
        meta += [f'<meta name="{k}" content="{html.escape(draft.metadata[v])}">' for k, v in names.items()]
    heading = f"<h1>{escape(draft.title)}</h1>"
    body = [heading, *(block_html(b, draft.markup) for b in draft.preamble)]
    body += [section_html(s, draft.markup) for s in draft.sections]
    article = f'<div class="article-content" id="zoom">\n{chr(10).join(body)}\n</div>'
    content = f"{head_html(draft) if draft.head_style != 'meta' else ''}\n{article}"
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
