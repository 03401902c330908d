"""DOCX -> Document, from the OOXML itself: what Word prints when all tracked changes are accepted."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice, takewhile

from lxml import etree

from parsers.carriers.archive import ZipError
from parsers.carriers.numbering import Numbering
from parsers.carriers.ooxml import Package
from parsers.document import Block, Document, Link, Paragraph, Table, TableCell
from parsers.grid import MAX_SLOTS, MAX_SPAN, span

_MARKUP = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_RELATED = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_WRAPPERS = ("sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag", "hyperlink", "dir", "bdo", "fldSimple")
_GONE = ("del", "moveFrom")
_MAX_DEPTH = 60


def read_docx(body: bytes) -> Document:
    """Read a DOCX. Never raises for what the bytes hold.

    Problems: ``broken_docx``, ``encrypted``, ``too_large``, ``table_too_large``, ``image_only`` (pictures and no text).
    """
    try:
        package = Package(body)
        part = _main_part(package)
        reader = _Reader(package, part, package.xml(part))
    except ZipError as error:
        code = "broken_docx" if error.code == "broken_zip" else error.code
        return Document(kind="docx", blocks=(), problems=((code, str(error)),))
    blocks = tuple(reader.blocks())
    if reader.images and not any(isinstance(block, Table) or block.text for block in blocks):
        reader.problems.append(("image_only", f"the document holds {len(reader.images)} pictures and no text"))
    return Document(
        kind="docx",
        blocks=blocks,
        title=package.title(),
        links=tuple(reader.links),
        images=tuple(reader.images),
        problems=tuple(reader.problems),
    )


def _main_part(package: Package) -> str:
    for kind, target in package.relations("").values():
        if kind == "officeDocument" and package.find(target):
            return target
    return "word/document.xml"


class _Reader:
    def __init__(self, package: Package, part: str, root: etree._Element) -> None:
        # Transitional and Strict documents differ in the namespace only.
        self.w = f"{{{etree.QName(root).namespace or ''}}}"
        self.root = root
        self.relations = package.relations(part)
        folder = part.rsplit("/", 1)[0]
        self.numbering = Numbering(
            package.optional_xml(f"{folder}/numbering.xml"), package.optional_xml(f"{folder}/styles.xml"), self.w
        )
        self.links: list[Link] = []
        self.images: list[str] = []
        self.problems: list[tuple[str, str]] = []
        self.n_paragraphs = 0
        self.n_tables = 0

    def blocks(self) -> Iterator[Block]:
        """The body's paragraphs and tables in order."""
        body = self.root.find(f"{self.w}body")
        if body is None:
            self.problems.append(("broken_docx", "the document has no body"))
            return
        yield from self._blocks(body, 0)

    def _blocks(self, parent: etree._Element, depth: int) -> Iterator[Block]:
        """Blocks below ``parent``. A paragraph whose mark was deleted goes on in the next one."""
        if depth > _MAX_DEPTH:
            self.problems.append(("too_deep", f"content nested deeper than {_MAX_DEPTH} levels was not read"))
            return
        held = ""
        for node in parent:
            name = self._name(node)
            if name == "p":
                boxes: list[etree._Element] = []
                text = held + self._paragraph(node, boxes)
                held = ""
                if node.find(f"{self.w}pPr/{self.w}rPr/{self.w}del") is not None:
                    held = text
                else:
                    yield from self._paragraph_block(text)
                for box in boxes:
                    yield from self._blocks(box, depth + 1)
            elif name == "tbl":
                yield from self._table(node, depth)
            elif name in _WRAPPERS or node.tag in (f"{_MARKUP}AlternateContent", f"{_MARKUP}Choice"):
                yield from self._blocks(node, depth + 1)
        yield from self._paragraph_block(held)

    def _paragraph_block(self, text: str) -> Iterator[Paragraph]:
        text = " ".join(text.split())
        if text:
            self.n_paragraphs += 1
            yield Paragraph(text, f"p[{self.n_paragraphs}]")

    def _name(self, node: etree._Element) -> str:
        """Local name of a WordprocessingML element, "" for others."""
        tag = node.tag
        return tag[len(self.w) :] if isinstance(tag, str) and tag.startswith(self.w) else ""

    def _paragraph(self, node: etree._Element, boxes: list[etree._Element]) -> str:
        """The paragraph's text with its printed number; text boxes in it are added to ``boxes``."""
        parts: list[str] = []
        self._inline(node, parts, boxes, 0)
        text = "".join(parts)
        number = self.numbering.prefix(node.find(f"{self.w}pPr"))  # asked for empty ones too: they count
        return number + text if text.strip() else ""

    def _inline(self, node: etree._Element, parts: list[str], boxes: list[etree._Element], depth: int) -> None:
        if depth > _MAX_DEPTH:
            return
        for child in node:
            name = self._name(child)
            if name == "t":
                parts.append(child.text or "")
            elif name in ("tab", "br", "cr", "ptab"):
                parts.append(" ")
            elif name == "noBreakHyphen":
                parts.append("-")
            elif name == "sym":
                parts.append(_symbol(child.get(f"{self.w}char", "")))
            elif name == "txbxContent":
                boxes.append(child)
            elif name in (*_GONE, "pPr", "rPr", "instrText", "delText") or (name == "r" and self._hidden(child)):
                continue
            elif child.tag == f"{_MARKUP}AlternateContent":
                # The fallback is the same content once more, for old programs.
                choice = child.find(f"{_MARKUP}Choice")
                self._inline(choice if choice is not None else child, parts, boxes, depth + 1)
            elif isinstance(child.tag, str):
                self._reference(child, name)
                self._inline(child, parts, boxes, depth + 1)

    def _hidden(self, run: etree._Element) -> bool:
        vanish = run.find(f"{self.w}rPr/{self.w}vanish")
        return vanish is not None and vanish.get(f"{self.w}val", "1") not in ("0", "false", "off")

    def _reference(self, node: etree._Element, name: str) -> None:
        """Notes the picture or the link that an element points to."""
        if name == "hyperlink":
            target = self.relations.get(node.get(f"{_RELATED}id", ""))
            if target is not None:
                text = "".join(part.text or "" for part in node.iter(f"{self.w}t"))
                self.links.append(Link(target[1], " ".join(text.split())))
            return
        for attribute in ("embed", "link", "id"):
            target = self.relations.get(node.get(f"{_RELATED}{attribute}", ""))
            if target is not None and target[0] == "image":
                self.images.append(target[1])
                return

    def _table(self, node: etree._Element, depth: int) -> Iterator[Block]:
        """The table; one that holds other tables of more than one cell is layout, and its content is read in order."""
        w = self.w
        if any(len(list(inner.iter(f"{w}tc"))) > 1 for inner in node.iter(f"{w}tbl") if inner is not node):
            for cell in self._children(node, "tr", "tc"):
                yield from self._blocks(cell, depth + 1)
            return
        self.n_tables += 1
        locator = f"table[{self.n_tables}]"
        too_many = next(islice(node.iter(f"{w}tc"), MAX_SLOTS, None), None) is not None
        rows = () if too_many else self._rows(node)
        if too_many or sum(cell.colspan for row in rows for cell in row) > MAX_SLOTS:
            self.problems.append(("table_too_large", f"{locator} has more than {MAX_SLOTS:,} cells and was not read"))
            rows = ()
        yield Table(locator, rows)

    def _children(self, node: etree._Element, *path: str) -> Iterator[etree._Element]:
        """Elements reached by ``path``, through content controls and tracked insertions; deleted ones left out."""
        for child in node:
            name = self._name(child)
            if name == path[0]:
                if name == "tr" and child.find(f"{self.w}trPr/{self.w}del") is not None:
                    continue
                if name == "tc" and child.find(f"{self.w}tcPr/{self.w}cellDel") is not None:
                    continue
                if len(path) == 1:
                    yield child
                else:
                    yield from self._children(child, *path[1:])
            elif name in _WRAPPERS:
                yield from self._children(child, *path)

    def _rows(self, table: etree._Element) -> tuple[tuple[TableCell, ...], ...]:
        """Rows of cells; vertical merges (vMerge) become row spans of the cell that begins them."""
        rows: list[list[TableCell]] = []
        above: dict[int, tuple[int, int, int]] = {}  # grid column -> (row, index, colspan) of the cell standing there
        for tr in self._children(table, "tr"):
            row: list[TableCell] = []
            standing: dict[int, tuple[int, int, int]] = {}
            column = self._number(tr.find(f"{self.w}trPr/{self.w}gridBefore"), 0)
            if column:
                row.append(TableCell("", column))
            for tc in self._children(tr, "tc"):
                properties = tc.find(f"{self.w}tcPr")
                width = self._number(None if properties is None else properties.find(f"{self.w}gridSpan"), 1)
                if self._merges(properties, "hMerge") == "continue" and row:
                    row[-1] = row[-1]._replace(colspan=row[-1].colspan + width)
                    column += width
                    continue
                origin = above.get(column)
                if self._merges(properties, "vMerge") == "continue" and origin is not None:
                    at_row, index, _ = origin
                    cell = rows[at_row][index]
                    rows[at_row][index] = cell._replace(rowspan=len(rows) - at_row + 1)
                    standing[column] = origin
                else:
                    standing[column] = (len(rows), len(row), width)
                    row.append(TableCell(self._cell_text(tc), width))
                column += width
            rows.append(row)
            above = standing
        return tuple(map(tuple, rows))

    def _merges(self, properties: etree._Element | None, name: str) -> str | None:
        node = None if properties is None else properties.find(f"{self.w}{name}")
        return None if node is None else node.get(f"{self.w}val", "continue")

    def _number(self, node: etree._Element | None, default: int) -> int:
        if node is None:
            return default
        return min(span(node.get(f"{self.w}val")), MAX_SPAN)

    def _cell_text(self, tc: etree._Element) -> str:
        """Text of a cell: its paragraphs, those of text boxes and of single-cell tables in it, one blank between."""
        parts: list[str] = []
        for node in tc.iter(f"{self.w}p"):
            # A text box's paragraphs come with the paragraph that holds the box.
            inside = takewhile(lambda up: up is not tc, node.iterancestors())
            if any(self._name(up) in ("txbxContent", *_GONE) for up in inside):
                continue
            boxes: list[etree._Element] = []
            parts.append(self._paragraph(node, boxes))
            for box in boxes:
                parts.extend(self._paragraph(inner, []) for inner in box.iter(f"{self.w}p"))
        return " ".join(" ".join(parts).split())


def _symbol(code: str) -> str:
    """A character of a symbol font (w:sym): fonts put theirs into U+F000..U+F0FF."""
    try:
        value = int(code, 16)
    except ValueError:
        return ""
    return chr(value) if 32 <= value <= 0x10FFFF and not 0xD800 <= value < 0xE000 else ""
