"""XLSX -> Document, from the OOXML itself: what the sheets show, each run of filled rows one table.

A cell shows its stored value, not the program's rounding of it; but what its format prints beside a number or instead of it (``-`` for
0, nothing for 0) is shown so, for that is what the reader of the sheet sees.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from parsers.carriers.archive import ZipError
from parsers.carriers.office.formulas import place
from parsers.carriers.office.ooxml import Package, integer, related
from parsers.carriers.office.sheet import Range, SheetLayout
from parsers.carriers.office.xlsx_cells import MAX_COLUMNS, CellTexts
from parsers.document import Block, Document, Paragraph
from parsers.grid import MAX_SLOTS

MAX_SHEETS = 60
_LONG = 60  # characters: a longer text alone on its row is prose


def read_xlsx(body: bytes) -> Document:
    """Read a workbook. Never raises for what the bytes hold.

    Problems: ``broken_xlsx``, ``encrypted``, ``too_large``, ``table_too_large``. Hidden sheets, rows and columns are
    left out. Addresses are those of the sheet: ``表1!B7``.
    """
    problems: list[tuple[str, str]] = []
    blocks: list[Block] = []
    try:
        package = Package(body)
        part = _workbook_part(package)
        book = _Book(package, part)
        sheets = list(book.sheets())
        if len(sheets) > MAX_SHEETS:
            problems.append(("too_large", f"the workbook has {len(sheets)} sheets; the first {MAX_SHEETS} were read"))
        for name, sheet in sheets[:MAX_SHEETS]:
            if book.n_cells > 2 * MAX_SLOTS:
                break
            try:
                blocks.extend(book.blocks(name, package.xml(sheet), problems))
            except ZipError as error:
                problems.append(("broken_xlsx", f"sheet {name}: {error}"))
        title = package.title()
    except ZipError as error:
        code = "broken_xlsx" if error.code == "broken_zip" else error.code
        return Document(kind="xlsx", blocks=tuple(blocks), problems=((code, str(error)),))
    return Document(kind="xlsx", blocks=tuple(blocks), title=title, problems=tuple(problems))


def _workbook_part(package: Package) -> str:
    for kind, target in package.relations("").values():
        if kind == "officeDocument" and package.find(target):
            return target
    return "xl/workbook.xml"


class _Book:
    def __init__(self, package: Package, part: str) -> None:
        self.root = package.xml(part)
        self.n_cells = 0  # of the sheets read so far
        self.s = f"{{{etree.QName(self.root).namespace or ''}}}"
        self.relations = package.relations(part)
        self.texts = CellTexts(
            package, part.rpartition("/")[0], self.s,
            from_1904=self._is_set("workbookPr", "date1904"), results_are_old=self._is_set("calcPr", "fullCalcOnLoad"),
        )  # fmt: skip

    def _is_set(self, element: str, attribute: str) -> bool:
        node = self.root.find(f"{self.s}{element}")
        return node is not None and _is_true(node.get(attribute))

    def sheets(self) -> Iterator[tuple[str, str]]:
        """Name and part of each sheet that is not hidden."""
        for node in self.root.iter(f"{self.s}sheet"):
            target = self.relations.get(related(node, "id"))
            if target is not None and target[0] == "worksheet" and node.get("state", "visible") == "visible":
                yield node.get("name", ""), target[1]

    def blocks(self, name: str, root: etree._Element, problems: list[tuple[str, str]]) -> Iterator[Block]:
        """The sheet's blocks: tables, and texts alone on their rows as paragraphs."""
        view = root.find(f"{self.s}sheetViews/{self.s}sheetView")
        hides_zeros = view is not None and view.get("showZeros") in ("0", "false")
        lines = list(self._rows(root))
        hidden_rows = {number for number, line in lines if _is_hidden(line, "ht")}
        cells = self.texts.read((item for item in lines if item[0] not in hidden_rows), hides_zeros)
        self.n_cells += len(cells)
        if len(cells) > MAX_SLOTS or self.n_cells > 2 * MAX_SLOTS:
            problems.append(("table_too_large", f"sheet {name} has more than {MAX_SLOTS:,} cells and was not read"))
            return
        merged = self._merged(root)
        hidden = self._hidden_columns(root)
        layout = SheetLayout(name, cells, merged, hidden, problems)
        beside = list(layout.take_asides())
        run: list[int] = []
        filled = layout.filled_rows()
        for i, row in enumerate(filled):
            if run and not hidden_rows.issuperset(range(run[-1] + 1, row)) and not layout.is_bridged(run[-1], row):
                yield from layout.table(run)
                run = []
            texts = layout.texts(row)
            # In a table a lone text heads the rows below it (第二十条第（一）项); elsewhere it is prose.
            followed = i + 1 < len(filled) and filled[i + 1] == row + 1
            heads = followed and (bool(run) or (len(texts) == 1 and texts[0].startswith("第")))
            if len(texts) == 1 and not layout.is_bridged(row - 1, row) and (len(texts[0]) > _LONG or not heads):
                yield from layout.table(run)
                run = []
                yield Paragraph(texts[0], layout.address_of_first(row))
            elif texts or run:
                run.append(row)
        yield from layout.table(run)
        yield from beside

    def _rows(self, root: etree._Element) -> Iterator[tuple[int, etree._Element]]:
        """The rows that hold or hide something, with their numbers from 0: sheets may have a million that do neither."""
        found = root.iterfind(f"{self.s}sheetData/{self.s}row")
        if self.s != "{}" and root.find(f"{self.s}sheetData/{self.s}row[@r]") is not None:
            found = iter(etree.ETXPath(f"{self.s}sheetData/{self.s}row[{self.s}c/* or @hidden or @ht]")(root))  # type: ignore[arg-type]
        number = -1
        for line in found:
            number = integer(line.get("r"), number + 2) - 1
            yield number, line

    def _merged(self, root: etree._Element) -> list[Range]:
        found: list[Range] = []
        for node in root.iterfind(f"{self.s}mergeCells/{self.s}mergeCell"):
            first, _, last = node.get("ref", "").partition(":")
            a, b = place(first), place(last or first)
            if a and b and a <= b and a[1] <= b[1] < MAX_COLUMNS and (b[0] - a[0] + 1) * (b[1] - a[1] + 1) <= MAX_SLOTS:
                found.append(Range(a[0], a[1], b[0], b[1]))
            if len(found) > 5_000:
                break
        return found

    def _hidden_columns(self, root: etree._Element) -> set[int]:
        hidden: set[int] = set()
        for node in root.iterfind(f"{self.s}cols/{self.s}col"):
            if _is_hidden(node, "width"):
                hidden.update(range(integer(node.get("min")) - 1, min(integer(node.get("max")), MAX_COLUMNS)))
        return hidden


def _is_hidden(line: etree._Element, size: str) -> bool:
    """Whether a row or a column is hidden, or has no height or width."""
    return _is_true(line.get("hidden")) or line.get(size, "").strip() in ("0", "0.0")


def _is_true(flag: str | None) -> bool:
    return flag in ("1", "true")
