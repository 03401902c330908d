"""HTML -> Document, on lexbor: the tree that browsers build, and the fastest one measured (docs/parser-choice.md).

Tables are read row by row in source order; only rows whose nearest table is this one count. A table that holds other tables is
layout, unless they hold next to nothing, and is unwrapped. All other text becomes paragraphs, one per line that a browser would break.
"""

from __future__ import annotations

import re
from types import MappingProxyType

from selectolax.lexbor import LexborHTMLParser, LexborNode

from parsers.document import ATTACHMENT, Block, Document, Link, Paragraph, Table, TableCell
from parsers.grid import MAX_SLOTS, span


def _tag_ids(names: str) -> frozenset[int]:
    factory = LexborHTMLParser("")
    return frozenset(factory.create_node(name).tag_id for name in names.split())


# Elements that begin and end a line. Everything else is inline.
_BLOCKS = _tag_ids(
    "html body p div li dt dd h1 h2 h3 h4 h5 h6 table caption thead tbody tfoot tr td th section article header footer nav main"
    " blockquote pre form center ul ol dl figure figcaption aside address fieldset hr option marquee"
)
_BREAKS = _BLOCKS | _tag_ids("br")
# No reader sees what these hold.
_INVISIBLE = _tag_ids("script style noscript template iframe object select textarea svg title")
_TEXT, _TR, _CAPTION = 2, *_tag_ids("tr"), *_tag_ids("caption")
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
# Per selector: what a source that needs it holds, as text and as bytes. Each pattern begins with a literal, which makes it fast.
_HIDING = tuple(
    (tuple(tuple(re.compile(kind(word)) for word in words) for kind in (str, str.encode)), selector)
    for words, selector in (
        ((r"display\s*:\s*none", r"DISPLAY\s*:\s*none", r"Display\s*:\s*none"), '[style*="display" i]'),
        ((r"visibility\s*:\s*hidden", r"VISIBILITY\s*:\s*hidden"), '[style*="visibility" i]'),
        ((r" hidden(?:=|>|\s)",), "[hidden]"),
    )
)
_MARK = "\ue000"  # a private character: stands in the tree where a table stood


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
    for node in body.css("script,style"):
        node.decompose()
    if not keep_hidden:
        _drop_hidden(body, html)
    problems: list[tuple[str, str]] = []
    tables = _take_tables(body, problems)
    blocks = _blocks(body, tables)
    images = tuple(src for node in body.css("img[src]") if (src := node.attributes.get("src"))) if not tables else ()
    return Document("html", blocks, encoding, title, meta, _attachments(body), images, tuple(problems))


def _squeeze(text: str) -> str:
    return " ".join(text.split())


def _meta(tree: LexborHTMLParser) -> MappingProxyType[str, str]:
    found: dict[str, str] = {}
    for node in tree.css("meta"):
        attributes = node.attributes
        name, content = attributes.get("name"), attributes.get("content")
        if name and content is not None:
            found.setdefault(name.strip().lower(), _squeeze(content))
    return MappingProxyType(found)


def _drop_hidden(body: LexborNode, html: str | bytes) -> None:
    """Remove what style hides. Selectors on attributes are slow: they run only where the source holds the words."""
    for words, selector in _HIDING:
        if any(pattern.search(html) for pattern in words[isinstance(html, bytes)]):
            for node in body.css(selector):
                style = node.attributes.get("style")
                if selector == "[hidden]" or (style and _HIDDEN_STYLE.search(style)):
                    node.decompose()


def _attachments(body: LexborNode) -> tuple[Link, ...]:
    found: list[Link] = []
    for node in body.css("a[href]"):
        href = node.attributes.get("href")
        if href and ATTACHMENT.search(href):
            found.append(Link(href, _squeeze(node.text())))
    return tuple(found)


def _take_tables(body: LexborNode, problems: list[tuple[str, str]]) -> list[Table]:
    """Cut every data table out of the tree, leaving its mark; layout tables stay."""
    taken: list[Table] = []
    inside: set[int] = set()
    for number, node in enumerate(body.css("table"), 1):
        if node.mem_id in inside:
            continue
        nested = node.css("table")[1:]
        if nested and not all(len(inner.css("td, th")) <= 1 for inner in nested):
            continue
        for inner in nested:  # a number that an editor put into a table of its own
            inside.add(inner.mem_id)
            inner.unwrap_tags(["tbody", "tr", "td", "th"])
            inner.unwrap()
        locator = f"table[{number}]"
        rows = _rows(node)
        if sum(map(len, rows)) > MAX_SLOTS:
            problems.append(("table_too_large", f"{locator} has more than {MAX_SLOTS:,} cells and was not read"))
            rows = ()
        node.replace_with(f"{_MARK}{len(taken)}")
        taken.append(Table(locator, rows))
    return taken


def _rows(table: LexborNode) -> tuple[tuple[TableCell, ...], ...]:
    spanned = {node.mem_id for node in table.css("[rowspan], [colspan]")}
    rows: list[tuple[TableCell, ...]] = []
    row: list[TableCell] = []
    for node in table.css("tr, td, th, caption"):
        tag = node.tag_id
        if tag == _TR:
            if row:
                rows.append(tuple(row))
                row = []
            continue
        text = " ".join(node.text().split())
        if tag == _CAPTION:
            rows.append((TableCell(text),))
        elif node.mem_id in spanned:
            attributes = node.attributes
            row.append(TableCell(text, span(attributes.get("colspan")), span(attributes.get("rowspan"))))
        else:
            row.append(TableCell(text))
    if row:
        rows.append(tuple(row))
    return tuple(rows)


def _blocks(body: LexborNode, tables: list[Table]) -> tuple[Block, ...]:
    """Text nodes gathered into lines: two stand in one line if their nearest block element is the same and nothing breaks between."""
    blocks: list[Block] = []
    parts: list[str] = []
    line_of = 0  # the block element that the open line belongs to

    def flush() -> None:
        text = " ".join("".join(parts).split())
        parts.clear()
        if text:
            blocks.append(Paragraph(text, f"p[{len(blocks) + 1}]"))

    for node in body.traverse(include_text=True):
        tag = node.tag_id
        if tag != _TEXT:
            if tag in _BREAKS and parts:
                flush()
            continue
        parent = node.parent
        while (tag := parent.tag_id) not in _BLOCKS and tag not in _INVISIBLE:
            parent = parent.parent
        if tag in _INVISIBLE:
            continue
        text = node.text_content or ""
        if parent.mem_id != line_of:
            if parts:
                flush()
            line_of = parent.mem_id
        if text[0:1] == _MARK and text[1:].isdecimal() and int(text[1:]) < len(tables):
            flush()
            blocks.append(tables[int(text[1:])])
        else:
            parts.append(text)
    flush()
    return tuple(blocks)
