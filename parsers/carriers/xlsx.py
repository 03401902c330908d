"""XLSX -> Document, from the OOXML itself: what the sheets show, each run of filled rows one table.

A cell shows its stored value, not the program's rounding of it; but a zero that the sheet or the cell's format hides is
shown as nothing, for nothing is what the reader of the sheet sees.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from lxml import etree

from parsers.carriers.archive import ZipError
from parsers.carriers.ooxml import Package
from parsers.carriers.sheet import Range, SheetLayout
from parsers.document import Block, Document, Paragraph
from parsers.grid import MAX_SLOTS

MAX_COLUMNS = 500
MAX_SHEETS = 60
_RELATED = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_LONG = 60  # characters: a longer text alone on its row is prose
_DATES = frozenset({14, 15, 16, 17, 22, 27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 55, 56, 57, 58})
_LITERAL = re.compile(r'"([^"]*)"|\\(.)')  # in a number format
_PERCENTS = frozenset({9, 10})


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
        folder = part.rpartition("/")[0]
        self.strings = self._strings(package.optional_xml(f"{folder}/sharedStrings.xml"))
        self.formats = self._formats(package.optional_xml(f"{folder}/styles.xml"))
        properties = self.root.find(f"{self.s}workbookPr")
        self.from_1904 = properties is not None and properties.get("date1904") in ("1", "true")

    def sheets(self) -> Iterator[tuple[str, str]]:
        """Name and part of each sheet that is not hidden."""
        for node in self.root.iter(f"{self.s}sheet"):
            target = self.relations.get(node.get(f"{_RELATED}id", ""))
            if target is not None and target[0] == "worksheet" and node.get("state", "visible") == "visible":
                yield node.get("name", ""), target[1]

    def _strings(self, root: etree._Element | None) -> list[str]:
        return [] if root is None else [self._text(node) for node in root.findall(f"{self.s}si")]

    def _text(self, node: etree._Element) -> str:
        """Text of a rich string without its phonetic guide."""
        parts = [leaf.text or "" for leaf in node.iter(f"{self.s}t") if not any(up.tag == f"{self.s}rPh" for up in leaf.iterancestors())]
        return " ".join("".join(parts).split())

    def _formats(self, root: etree._Element | None) -> list[tuple[int, str]]:
        """Number format of each cell style: (id, code)."""
        if root is None:
            return []
        codes = {_int(node.get("numFmtId")): node.get("formatCode", "") for node in root.iter(f"{self.s}numFmt")}
        styles = root.find(f"{self.s}cellXfs")
        ids = [] if styles is None else [_int(node.get("numFmtId")) for node in styles.findall(f"{self.s}xf")]
        return [(number, codes.get(number, "")) for number in ids]

    def blocks(self, name: str, root: etree._Element, problems: list[tuple[str, str]]) -> Iterator[Block]:
        """The sheet's blocks: tables, and texts alone on their rows as paragraphs."""
        view = root.find(f"{self.s}sheetViews/{self.s}sheetView")
        hides_zeros = view is not None and view.get("showZeros") in ("0", "false")
        cells = self._cells(root, hides_zeros)
        self.n_cells += len(cells)
        if len(cells) > MAX_SLOTS or self.n_cells > 2 * MAX_SLOTS:
            problems.append(("table_too_large", f"sheet {name} has more than {MAX_SLOTS:,} cells and was not read"))
            return
        hidden_rows = {_int(line.get("r")) - 1 for line in root.iter(f"{self.s}row") if _is_true(line.get("hidden"))}
        merged = self._merged(root)
        hidden = self._hidden_columns(root)
        layout = SheetLayout(name, cells, merged, hidden, problems)
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

    def _cells(self, root: etree._Element, hides_zeros: bool) -> dict[tuple[int, int], str]:
        """(row, column) from 0 -> what the cell shows."""
        cells: dict[tuple[int, int], str] = {}
        row = -1
        for line in root.iter(f"{self.s}row"):
            row = _int(line.get("r"), row + 2) - 1
            if _is_true(line.get("hidden")):
                continue
            column = -1
            for node in line.findall(f"{self.s}c"):
                place = _place(node.get("r", ""))
                column = place[1] if place else column + 1
                if column < MAX_COLUMNS and (text := self._shown(node, hides_zeros)):
                    cells[row, column] = text
            if len(cells) > MAX_SLOTS:
                break
        return cells

    def _shown(self, node: etree._Element, hides_zeros: bool) -> str:
        kind, value = node.get("t", "n"), node.findtext(f"{self.s}v") or ""
        formula = node.find(f"{self.s}f")
        if formula is not None and not value and kind != "str":
            return "=" + " ".join((formula.text or "").split())  # its number was never worked out: that is no blank
        if kind == "s":
            index = _int(value, -1)
            return self.strings[index] if 0 <= index < len(self.strings) else ""
        if kind == "inlineStr":
            inline = node.find(f"{self.s}is")
            return "" if inline is None else self._text(inline)
        if kind in ("str", "e", "d"):
            return " ".join(value.split())
        if kind == "b":
            return "TRUE" if value.strip() == "1" else "FALSE"
        try:
            number = float(value)
        except ValueError:
            return " ".join(value.split())
        style = _int(node.get("s"), 0)
        return self._number(number, *(self.formats[style] if style < len(self.formats) else (0, "")), hides_zeros)

    def _number(self, number: float, format_id: int, code: str, hides_zeros: bool) -> str:
        sections = _LITERAL.sub(lambda match: "x" if (match[1] or match[2] or "").strip() else "", code).split(";")
        if number == 0 and (hides_zeros or _hides_zero(sections)):
            return ""
        if (len(sections) == 3 or len(sections) == 4) and not any(part.strip() for part in sections[:3]):
            return ""
        plain = re.sub(r"\[[^\]]*\]", "", sections[0]).lower()
        if format_id in _DATES or (re.search(r"[ymd]", plain) and not re.search(r"[0#]", plain) and "general" not in plain):
            return self._date(number)
        if format_id in _PERCENTS or "%" in plain:
            return f"{float(f'{number * 100:.13g}'):.15g}%"
        return str(int(number)) if number == int(number) and abs(number) < 1e15 else f"{number:.15g}"

    def _date(self, serial: float) -> str:
        start = date(1904, 1, 1) if self.from_1904 else date(1899, 12, 30)
        try:
            return (start + timedelta(days=int(serial))).isoformat()
        except (OverflowError, ValueError):
            return f"{serial:.15g}"

    def _merged(self, root: etree._Element) -> list[Range]:
        found: list[Range] = []
        for node in root.iter(f"{self.s}mergeCell"):
            first, _, last = node.get("ref", "").partition(":")
            a, b = _place(first), _place(last or first)
            if a and b and a <= b and a[1] <= b[1] < MAX_COLUMNS and (b[0] - a[0] + 1) * (b[1] - a[1] + 1) <= MAX_SLOTS:
                found.append(Range(a[0], a[1], b[0], b[1]))
            if len(found) > 5_000:
                break
        return found

    def _hidden_columns(self, root: etree._Element) -> set[int]:
        hidden: set[int] = set()
        for node in root.iter(f"{self.s}col"):
            if _is_true(node.get("hidden")):
                hidden.update(range(_int(node.get("min")) - 1, min(_int(node.get("max")), MAX_COLUMNS)))
        return hidden


def _hides_zero(sections: list[str]) -> bool:
    """Whether a number format shows nothing for zero: an empty third section, or digits that only others than zero have (``#,###``)."""
    own = next((part for part in sections if "[=0]" in part), sections[2] if len(sections) > 2 else sections[0])
    if not own.strip():
        return len(sections) > 2
    return not re.sub(r"\[[^\]]*\]|_.|\*.|[#,?\s]", "", own)


def _is_true(flag: str | None) -> bool:
    return flag in ("1", "true")


def _int(text: str | None, default: int = 0) -> int:
    text = (text or "").strip()
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else default


def _place(reference: str) -> tuple[int, int] | None:
    """``B7`` -> (6, 1)."""
    match = re.fullmatch(r"\$?([A-Za-z]{1,3})\$?(\d{1,7})", reference)
    if match is None or int(match.group(2)) == 0:
        return None
    column = 0
    for letter in match.group(1).upper():
        column = column * 26 + ord(letter) - 64
    return int(match.group(2)) - 1, column - 1
