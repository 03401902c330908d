"""HTML -> Document, on lexbor: the tree that browsers build, and the fastest one measured (docs/parser-choice.md).

Tables are read row by row in source order; only rows whose nearest table is this one count. A table that holds other tables is
layout, unless they hold next to nothing, and is unwrapped. All other text becomes paragraphs, one per line that a browser would break.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache, partial
from types import MappingProxyType
from typing import Any

from selectolax.lexbor import LexborHTMLParser, LexborNode

from parsers.carriers.web.boxes import break_preformatted, find_boxes, layout_tables, lays_out, tables_in_lines
from parsers.carriers.web.form_fields import shown_in_cell
from parsers.carriers.web.hidden import drop_hidden
from parsers.carriers.web.pictures import cell_around, picture_addresses
from parsers.document import ATTACHMENT, OBJECT, Block, Document, Link, Paragraph, Table, TableCell, raised_text
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
_UNSEEN = _tag_ids("script style noscript template iframe object embed select textarea svg title")
_FRAMES = _tag_ids("iframe object embed")
_LONG_TITLE = 1000  # characters: an unclosed <title> holds the page
_MANY_FIELDS = 500  # of a form: the official tables have fewer cells
_MANY_HOLDERS = 100  # tables that hold tables: more are layout, or an attack
# What these show is no text of the tree.
_DRAWN = _tag_ids("img svg canvas object embed iframe textarea select input")
_TEXT, _TR, _CAPTION, _TABLE, _BODY, _TITLE, _META, _SUP, _PRE = 2, *(
    next(iter(_tag_ids(name))) for name in ("tr", "caption", "table", "body", "title", "meta", "sup", "pre")
)
_STRUCK = _tag_ids("s strike del")
_FIELDS = _tag_ids("input textarea")
_TOLD = _UNSEEN | _STRUCK | _DRAWN | {_META, _SUP, _PRE}  # elements that are not read as they stand
_MARK = "\ue000"  # a private character: stands in the tree where a table stood
_BREAK = "\x00"  # never in the text of a tree
_DIGITS = re.compile(r"\s*\d[\d.,\s]*\d\s*")
_PAST_CHINESE = "\ua000"  # texts from 一 to here begin with a Chinese character
_FEW_CELLS = 100  # of tables: a page with as many does not show its tables as pictures
_BOXED = 40  # cells of tables: a page with as many does not lay its tables out without <table>
_LONG_CELL = 40  # characters: longer cells do not recur
_LONG_RAW = 400  # the same with the white space of the source
_CELLS_KEPT = 5_000
_LOCATORS = tuple(f"p[{number}]" for number in range(1, 1000))


_new_paragraph = partial(tuple.__new__, Paragraph)  # half the time of Paragraph(...): a page has hundreds


class _Cells(dict[str | tuple[str, str | None, str | None], TableCell]):
    """The cell of a raw text, or of a text and its spans as printed. Remembered, for the same labels and small numbers stand on
    every page; bounded by being emptied.
    """

    def __missing__(self, raw: str | tuple[str, str | None, str | None]) -> TableCell:
        text, columns, rows = (raw, None, None) if isinstance(raw, str) else raw
        cell = TableCell(_squeeze(text), span(columns), span(rows))
        if len(cell.text) <= _LONG_CELL and len(text) <= _LONG_RAW:
            if len(self) >= _CELLS_KEPT:
                self.clear()
            self[raw] = cell
        return cell


_cells = _Cells()


def read_html(html: str | bytes, encoding: str | None, *, keep_hidden: bool = False, unwrap: bool = False) -> Document:
    """Read a page. ``html`` as bytes must be UTF-8. Never raises on any markup.

    Elements hidden by style are dropped unless ``keep_hidden``: pages hold invisible duplicates of their tables. ``unwrap``: tables with
    long cells are layout, too.
    """
    html = html.encode("utf-8", "replace") if isinstance(html, str) else html
    tree = LexborHTMLParser(html)
    body = tree.body
    # one walk: each selector would take another
    told = [node for node in (tree.root.traverse() if tree.root else ()) if node.tag_id in _TOLD]
    title = next((_squeeze(node.text()[:_LONG_TITLE]) for node in told if node.tag_id == _TITLE), "")
    meta = _meta(node for node in told if node.tag_id == _META)
    preformatted = any(node.tag_id == _PRE for node in told)  # told now: what stands in the list may be freed later
    if body is None:
        return Document("html", (), encoding, title, meta)
    fields = [node for node in told if node.tag_id in _FIELDS]
    shown = {node.mem_id: text for node in fields if len(fields) <= _MANY_FIELDS and (text := shown_in_cell(node)) is not None}
    pictured = {cell_around(node) for node in told if node.tag_id in _DRAWN and node.mem_id not in shown}
    framed: list[Link] = []
    for node in reversed(told):  # what stands inside another first: what is freed must not be freed again
        tag = node.tag_id
        if tag == _SUP:
            _bracket_number(node)
        elif node.mem_id in shown:
            node.replace_with(shown[node.mem_id])
        elif tag in _STRUCK:
            if len(node.text()) <= _LONG_CELL:  # an end tag that is missing strikes out the page
                node.decompose()
        elif tag in _UNSEEN:
            if tag in _FRAMES:
                framed += _framed(node)
            node.decompose()
    if not keep_hidden:
        drop_hidden(body, html)
    problems: list[tuple[str, str]] = []
    tables = _take_tables(body, problems, layout_tables(body) if unwrap else set(), pictured)
    n_cells = sum(len(row) for table in tables for row in table.rows)
    boxed = n_cells < _BOXED
    if boxed and not unwrap and any(map(lays_out, tables)):
        return read_html(html, encoding, keep_hidden=keep_hidden, unwrap=True)
    if boxed or preformatted:
        break_preformatted(body, _BREAK)
    if boxed:
        for (first, *others), table in find_boxes(body):
            for node in others:
                node.decompose()
            first.replace_with(f"{_BREAK}{_MARK}{len(tables)}{_BREAK}")
            tables.append(table)
    blocks = _blocks(body, tables)
    images = picture_addresses(body) if n_cells < _FEW_CELLS else ()
    document = Document("html", blocks, encoding, title, meta, (*_attachments(body), *framed), images, tuple(problems))
    return tables_in_lines(document) if boxed or preformatted else document


def _squeeze(text: str) -> str:
    return " ".join(text.split())


def _bracket_number(sup: LexborNode) -> None:
    text = _squeeze(sup.text())
    if (said := raised_text(text)) != text:
        sup.replace_with(said)


def _meta(nodes: Iterable[LexborNode]) -> MappingProxyType[str, str]:
    found: dict[str, str] = {}
    for node in nodes:
        attributes = node.attributes
        name, content = attributes.get("name"), attributes.get("content")
        if name and content is not None:
            found.setdefault(name.strip().lower(), _squeeze(content))
    return MappingProxyType(found)


def _attachments(body: LexborNode) -> tuple[Link, ...]:
    found: list[Link] = []
    for node in body.css("a[href]"):
        href = node.attrs.get("href")
        if href and _is_attachment(href):
            found.append(Link(href, _squeeze(node.text())))
    return tuple(found)


def _framed(node: LexborNode) -> list[Link]:
    """The document that a frame shows."""
    address = node.attrs.get("src") or node.attrs.get("data") or ""
    return [Link(address, "")] if _is_attachment(address) else []


@lru_cache(maxsize=2048)
def _is_attachment(href: str) -> bool:
    """Remembered: the menus of a site stand on all of its pages."""
    return ATTACHMENT.search(href) is not None


def _take_tables(body: LexborNode, problems: list[tuple[str, str]], layout: set[int], pictured: set[int]) -> list[Table]:
    """Cut every data table out of the tree, leaving its mark; layout tables, those of ``layout`` among them, stay."""
    taken: list[Table] = []
    nodes = body.css("table")
    if not nodes:
        return taken
    spanned = {node.mem_id for node in body.css("[rowspan], [colspan]")}
    holders = _holders(nodes)
    inside: set[int] = set()
    for number, node in enumerate(nodes, 1):
        if node.mem_id in inside or node.mem_id in layout:
            continue
        if node.mem_id in holders:
            nested = node.css("table")[1:] if len(holders) <= _MANY_HOLDERS else ()
            if not nested or not all(len(inner.css("td, th")) <= 1 for inner in nested):
                continue
            for inner in nested:  # a number that an editor put into a table of its own
                inside.add(inner.mem_id)
                inner.unwrap_tags(["tbody", "tr", "td", "th"])
                inner.unwrap()
        locator = f"table[{number}]"
        rows = _rows(node, spanned, pictured)
        if sum(map(len, rows)) > MAX_SLOTS:
            problems.append(("table_too_large", f"{locator} has more than {MAX_SLOTS:,} cells and was not read"))
            rows = ()
        node.replace_with(f"{_BREAK}{_MARK}{len(taken)}{_BREAK}")
        taken.append(Table(locator, rows))
    return taken


def _holders(tables: list[LexborNode]) -> set[int]:
    """The tables that another table stands in."""
    found: set[int] = set()
    for table in tables:
        above = table.parent
        while above is not None and (tag := above.tag_id) != _BODY:
            if tag == _TABLE:
                if above.mem_id in found:
                    break  # and all above it
                found.add(above.mem_id)
            above = above.parent
    return found


def _rows(table: LexborNode, spanned: set[int], pictured: set[int]) -> tuple[tuple[TableCell, ...], ...]:
    rows: list[tuple[TableCell, ...]] = []
    row: list[TableCell] | None = None  # None: no row is open; an empty one counts, for spans reach over it
    cells = _cells
    for node in table.css("tr, td, th, caption"):
        tag = node.tag_id
        if tag == _TR:
            if row is not None:
                rows.append(tuple(row))
            row = []
        elif tag == _CAPTION:
            rows.append((cells[node.text_lexbor()],))
        else:
            row = [] if row is None else row
            text = node.text_lexbor()
            if len(text) > 1 and not "一" <= text < _PAST_CHINESE and _DIGITS.fullmatch(text):
                text = _number_text(node, text)
            place = node.mem_id
            if place in pictured and not text.strip():
                text = OBJECT
            if place in spanned:
                attributes = node.attributes
                row.append(cells[text, attributes.get("colspan"), attributes.get("rowspan")])
            else:
                row.append(cells[text])
    if row is not None:
        rows.append(tuple(row))
    return tuple(rows)


def _number_text(cell: LexborNode, text: str) -> str:
    """The text of a cell of digits. Others are joined as if nothing broke their lines (商业 above 企业), but 12 above 3 is not 123."""
    within = cell.first_child
    while within is not None and within.next is None:
        if within.tag_id == _TEXT:
            return text  # in one piece
        within = within.first_child
    lines = [line for line in map(str.strip, _lines(cell).split(_BREAK)) if line]
    return " | ".join(lines) if len(lines) > 1 else text


def _blocks(body: LexborNode, tables: list[Table]) -> tuple[Block, ...]:
    """The lines of a page as paragraphs, with its tables between them where their marks stand."""
    lines = [line for raw in _lines(body).split(_BREAK) if (line := " ".join(raw.split()))]
    locators = _LOCATORS if len(lines) <= len(_LOCATORS) else [f"p[{number}]" for number in range(1, len(lines) + 1)]
    blocks: list[Block] = list(map(_new_paragraph, zip(lines, locators, strict=False)))
    for place in [place for place, line in enumerate(lines) if line[0] == _MARK]:
        number = lines[place][1:]
        if number.isdecimal() and int(number) < len(tables):
            blocks[place] = tables[int(number)]
    return tuple(blocks)


def _lines(body: LexborNode) -> str:
    """All text, with a _BREAK between lines: two text nodes stand in one line if their nearest block element is the same
    and nothing breaks between.
    """
    parts: list[str] = []
    add = parts.append
    line_of = 0  # the block element that the open line belongs to, 0 where no line is open
    blank = False  # whether white space alone stands before the next text: mostly that between two lines
    for node in body.traverse(include_text=True):
        tag = node.tag_id
        if tag != _TEXT:
            if line_of and tag in _BREAKS:
                add(_BREAK)
                line_of = 0
            continue
        if node.is_empty_text_node:
            blank = True
            continue
        parent: Any = node.parent
        while parent.tag_id not in _BLOCKS:
            parent = parent.parent
        block = parent.mem_id
        if block != line_of:
            add(_BREAK)
            line_of = block
        elif blank:
            add(" ")
        blank = False
        add(node.text_content or "")
    return "".join(parts)
