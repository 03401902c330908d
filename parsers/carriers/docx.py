"""DOCX -> Document, from the OOXML itself: what Word prints when all tracked changes are accepted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice, takewhile

from lxml import etree

from parsers.carriers.archive import ZipError
from parsers.carriers.office.docx_runs import GONE, MARKUP, MAX_DEPTH, Runs, Styles
from parsers.carriers.office.numbering import Numbering
from parsers.carriers.office.ooxml import Package, related
from parsers.carriers.recognise import recognise
from parsers.document import OBJECT, Block, Document, Paragraph, Table, TableCell
from parsers.grid import MAX_SLOTS, MAX_SPAN, span

_WRAPPERS = ("sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag", "hyperlink", "dir", "bdo", "fldSimple")
_MAX_CHUNK_DEPTH = 3  # documents within documents


def read_docx(body: bytes, *, depth: int = 0) -> Document:
    """Read a DOCX. Never raises for what the bytes hold.

    ``depth`` is that of a document within others. Problems: ``broken_docx``, ``encrypted``, ``too_large``, ``too_deep``,
    ``table_too_large``, ``image_only`` (pictures and no text), ``unsupported_kind`` (an included part that is not read).
    """
    try:
        package = Package(body)
        part = _main_part(package)
        reader = _Reader(package, part, package.xml(part), depth)
    except ZipError as error:
        code = "broken_docx" if error.code == "broken_zip" else error.code
        return Document(kind="docx", blocks=(), problems=((code, str(error)),))
    blocks = tuple(reader.blocks())
    images = reader.runs.images
    if images and not any(isinstance(block, Table) or block.text for block in blocks):
        reader.problems.append(("image_only", f"the document holds {len(images)} pictures and no text"))
    return Document(
        kind="docx",
        blocks=blocks,
        title=package.title(),
        links=tuple(reader.runs.links),
        images=tuple(images),
        problems=tuple(reader.problems),
    )


def _main_part(package: Package) -> str:
    for kind, target in package.relations("").values():
        if kind == "officeDocument" and package.find(target):
            return target
    return "word/document.xml"


class _Reader:
    def __init__(self, package: Package, part: str, root: etree._Element, depth: int) -> None:
        # Transitional and Strict documents differ in the namespace only.
        self.w = f"{{{etree.QName(root).namespace or ''}}}"
        self.root = root
        self.package = package
        self.depth = depth
        self.relations = package.relations(part)
        folder = part.rsplit("/", 1)[0]
        styles = package.optional_xml(f"{folder}/styles.xml")
        self.numbering = Numbering(package.optional_xml(f"{folder}/numbering.xml"), styles, self.w)
        self.runs = Runs(self.w, Styles(styles, self.w), self.relations)
        self.problems: list[tuple[str, str]] = []
        self.n_paragraphs = self.n_tables = self.n_chunks = 0

    def blocks(self) -> Iterator[Block]:
        """The body's paragraphs and tables in order."""
        body = self.root.find(f"{self.w}body")
        if body is None:
            self.problems.append(("broken_docx", "the document has no body"))
            return
        yield from self._blocks(body, 0)

    def _blocks(self, parent: etree._Element, depth: int) -> Iterator[Block]:
        """Blocks below ``parent``. A paragraph whose mark was deleted goes on in the next one."""
        if depth > MAX_DEPTH:
            self.problems.append(("too_deep", f"content nested deeper than {MAX_DEPTH} levels was not read"))
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
                yield from self._workbooks()
            elif name == "tbl":
                yield from self._table(node, depth)
                yield from self._workbooks()
            elif name == "altChunk":
                yield from self._chunk(node)
            elif name in _WRAPPERS or node.tag in (f"{MARKUP}AlternateContent", f"{MARKUP}Choice"):
                yield from self._blocks(node, depth + 1)
        yield from self._paragraph_block(held)

    def _paragraph_block(self, text: str) -> Iterator[Paragraph]:
        text = " ".join(text.replace(OBJECT, "").split())
        if text:
            self.n_paragraphs += 1
            yield Paragraph(text, f"p[{self.n_paragraphs}]")

    def _chunk(self, node: etree._Element) -> Iterator[Block]:
        """The blocks of a page or document that Word shows as a part of this one."""
        _, part = self.relations.get(related(node, "id"), ("", ""))
        yield from self._included(part, _read_chunk)

    def _workbooks(self) -> Iterator[Block]:
        """The blocks of the embedded workbooks that were met since the last time."""
        parts, self.runs.workbooks = self.runs.workbooks, []
        for part in parts:
            yield from self._included(part, lambda body, _: _read_workbook(body))

    def _included(self, part: str, read: Callable[[bytes, int], Document]) -> Iterator[Block]:
        self.n_chunks += 1
        try:
            inner = read(self.package.read(part), self.depth + 1)
        except ZipError as error:
            self.problems.append((error.code if error.code != "broken_zip" else "broken_docx", f"an included part: {error}"))
            return
        self.problems.extend(inner.problems)
        for block in inner.blocks:
            yield block.moved(f"chunk[{self.n_chunks}]/".__add__)

    def _name(self, node: etree._Element) -> str:
        return self.runs.name(node)

    def _paragraph(self, node: etree._Element, boxes: list[etree._Element]) -> str:
        """The paragraph's text with its printed number; text boxes in it are added to ``boxes``."""
        text = self.runs.text(node, boxes).lstrip()
        number = self.numbering.prefix(node.find(f"{self.w}pPr"))
        parted = " " if text[:1].isdigit() and number[-1:].strip() else ""  # Word leaves a gap: 1. and 2 is not 1.2
        return number + parted + text

    def _table(self, node: etree._Element, depth: int) -> Iterator[Block]:
        """The table; one that is there for layout only is taken apart, and its content read in order."""
        w = self.w
        if self._is_layout(node):
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

    def _is_layout(self, table: etree._Element) -> bool:
        """Whether a table holds others that are more than a value of one of its cells: of rows and columns, or most of its cells."""
        w = self.w
        tables = (below for below in table.iter(f"{w}tbl") if below is not table)
        sizes = ((sum(1 for _ in below.iter(f"{w}tr")), sum(1 for _ in below.iter(f"{w}tc"))) for below in tables)
        inner = [(n_rows, n_cells) for n_rows, n_cells in sizes if n_cells > 1]
        if not inner:
            return False
        own = sum(1 for _ in self._children(table, "tr", "tc"))
        return any(1 < n_rows < n_cells for n_rows, n_cells in inner) or own < sum(n_cells for _, n_cells in inner)

    def _children(self, node: etree._Element, *path: str) -> Iterator[etree._Element]:
        """Elements reached by ``path``, through content controls and tracked insertions; deleted ones left out."""
        for child in node:
            name = self._name(child)
            if name == path[0]:
                if name == "tr" and any(child.find(f"{self.w}trPr/{self.w}{gone}") is not None for gone in ("del", "hidden")):
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
        """Text of a cell: its paragraphs, those of text boxes and of single-cell tables in it, one blank between.

        OBJECT where it holds nothing but a picture; the formula where it holds nothing but a field without a result.
        """
        parts: list[str] = []
        for node in tc.iter(f"{self.w}p", f"{self.w}altChunk"):
            if self._name(node) == "altChunk":
                parts.append(OBJECT)
                continue
            # A text box's paragraphs come with the paragraph that holds the box.
            inside = takewhile(lambda up: up is not tc, node.iterancestors())
            if any(self._name(up) in ("txbxContent", *GONE) for up in inside):
                continue
            boxes: list[etree._Element] = []
            parts.append(self._paragraph(node, boxes))
            for box in boxes:
                parts.extend(self._paragraph(inner, []) for inner in box.iter(f"{self.w}p"))
        printed = " ".join(parts)
        text = " ".join(printed.replace(OBJECT, " ").split())
        return text or (OBJECT if OBJECT in printed else self.runs.unworked(tc))


def _read_chunk(body: bytes, depth: int) -> Document:
    from parsers.payload import read_document

    if depth > _MAX_CHUNK_DEPTH:
        return Document("unknown", (), problems=(("too_deep", "documents within documents within documents were not read"),))
    kind = recognise(body)
    if kind == "docx":
        return read_docx(body, depth=depth)
    if kind in ("html", "mhtml", "text"):
        return read_document(body)
    return Document("unknown", (), problems=(("unsupported_kind", f"the document includes a part that is not read ({kind})"),))


def _read_workbook(body: bytes) -> Document:
    from parsers.payload import read_document

    kind = recognise(body)
    if kind not in ("xlsx", "xlsb", "ole"):
        return Document("unknown", (), problems=(("unsupported_kind", f"an embedded workbook is none that is read ({kind})"),))
    document = read_document(body)
    if len({block.locator.rpartition("!")[0] for block in document.blocks}) > 1:
        message = "an embedded workbook has several sheets, and nothing tells which is shown: save it as a file of its own"
        return Document("unknown", (), problems=(("unsupported_kind", message),))
    return document
