"""HTML -> Document, on lexbor: the tree that browsers build, and the fastest one measured (docs/parser-choice.md).

Tables are read row by row in source order; only rows whose nearest table is this one count. A table that holds other tables is
layout, unless they hold next to nothing, and is unwrapped. All other text becomes paragraphs, one per block element.
"""

from __future__ import annotations

from types import MappingProxyType

from selectolax.lexbor import LexborHTMLParser, LexborNode

from parsers.document import Block, Document, Link, Paragraph, Table, TableCell
from parsers.grid import MAX_SLOTS, span

# No reader sees these.
_INVISIBLE = ["script", "style", "noscript", "template", "iframe", "object", "select", "textarea", "svg", "title"]
_HIDDEN = '[hidden], [style*="display:none" i], [style*="display: none" i]'
# Elements that begin and end a line of prose. A new line on each side costs two calls, so inline elements are left alone.
_BREAKING = (
    "p,div,li,dt,dd,h1,h2,h3,h4,h5,h6,tr,td,th,section,article,header,footer,nav,main,blockquote,pre,form,caption,center,"
    "ul,ol,dl,tbody,figure,aside,address,fieldset"
)
_MARK = "\ue000"  # a private character: stands in the text where a table stood
_MAX_NESTED_CELLS = 1


def read_html(html: str | bytes, encoding: str | None, *, keep_hidden: bool = False) -> Document:
    """Read a page. ``html`` as bytes must be UTF-8. Never raises on any markup.

    Elements hidden by style are dropped unless ``keep_hidden``: pages hold invisible duplicates of their tables.
    """
    tree = LexborHTMLParser(html)
    body = tree.body
    title_node = tree.css_first("title")
    title = _squeeze(title_node.text()) if title_node is not None else ""
    meta = _meta(tree)
    if body is None:
        return Document("html", (), encoding, title, meta)
    problems: list[tuple[str, str]] = []
    links = tuple(
        Link(href, _squeeze(node.text())) for node in body.css("a[href]") if (href := node.attributes.get("href"))
    )
    body.strip_tags(_INVISIBLE)
    if not keep_hidden:
        for node in body.css(_HIDDEN):
            if node.tag != "body":
                node.decompose()
    images = tuple(src for node in body.css("img[src]") if (src := node.attributes.get("src")))
    tables = _take_tables(body, problems)
    return Document("html", _blocks(body, tables), encoding, title, meta, links, images, tuple(problems))


def _squeeze(text: str) -> str:
    return " ".join(text.split())


def _meta(tree: LexborHTMLParser) -> MappingProxyType[str, str]:
    found: dict[str, str] = {}
    for node in tree.css("meta[name][content]"):
        attributes = node.attributes
        name, content = (attributes.get("name") or "").strip().lower(), attributes.get("content") or ""
        if name and name not in found:
            found[name] = _squeeze(content)
    return MappingProxyType(found)


def _take_tables(body: LexborNode, problems: list[tuple[str, str]]) -> list[Table]:
    """Cut every data table out of the tree, leaving its mark; layout tables stay as text."""
    taken: list[Table] = []
    # Innermost first, so that a table is asked about its nested ones after these have become marks.
    nodes = body.css("table")
    layout: list[LexborNode] = []
    kept: list[tuple[int, LexborNode]] = []
    for number, node in enumerate(nodes):
        inner = node.css("table")
        if len(inner) > 1 and not _only_decoration(inner[1:] if inner[0].mem_id == node.mem_id else inner):
            layout.append(node)
        else:
            kept.append((number, node))
    done: set[int] = set()
    for number, node in kept:
        if node.mem_id in done:
            continue
        rows = _rows(node, done)
        locator = f"table[{number + 1}]"
        if sum(len(row) for row in rows) > MAX_SLOTS:
            problems.append(("table_too_large", f"{locator} has more than {MAX_SLOTS:,} cells and was not read"))
            rows = ()
        node.replace_with(f"\n{_MARK}{len(taken)}\n")
        taken.append(Table(locator, rows))
    return taken


def _only_decoration(nested: list[LexborNode]) -> bool:
    """Whether all nested tables are single cells: a number put into a table of its own by an editor."""
    return all(len(node.css("td, th")) <= _MAX_NESTED_CELLS for node in nested)


def _rows(table: LexborNode, done: set[int]) -> tuple[tuple[TableCell, ...], ...]:
    nested = table.css("table")[1:]
    for node in nested:
        done.add(node.mem_id)
        node.unwrap_tags(["tbody", "tr", "td", "th"])
        node.unwrap()
    spanned = {node.mem_id: node for node in table.css("[rowspan], [colspan]")}
    rows: list[tuple[TableCell, ...]] = []
    row: list[TableCell] = []
    started = False
    for node in table.css("tr, td, th, caption"):
        tag = node.tag
        if tag == "tr":
            if started:
                rows.append(tuple(row))
            row, started = [], True
            continue
        text = " ".join(node.text().split())
        if tag == "caption":
            rows.append((TableCell(text),))
        elif node.mem_id in spanned:
            attributes = node.attributes
            row.append(TableCell(text, span(attributes.get("colspan")), span(attributes.get("rowspan"))))
            started = True
        else:
            row.append(TableCell(text))
            started = True
    if started:
        rows.append(tuple(row))
    return tuple(rows)


def _blocks(body: LexborNode, tables: list[Table]) -> tuple[Block, ...]:
    for node in body.css("br"):
        node.replace_with("\n")
    for node in body.css(_BREAKING):
        node.insert_before("\n")
        node.insert_after("\n")
    blocks: list[Block] = []
    for number, line in enumerate(body.text().split("\n"), 1):
        text = " ".join(line.split())
        if not text:
            continue
        if text[0] == _MARK and text[1:].isdigit() and int(text[1:]) < len(tables):
            blocks.append(tables[int(text[1:])])
        else:
            blocks.append(Paragraph(text, f"p[{number}]"))
    return tuple(blocks)
