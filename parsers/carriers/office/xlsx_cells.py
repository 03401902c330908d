"""The cells of a sheet -> what they show: strings, numbers under their formats, results of formulas."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta

from lxml import etree

from parsers.carriers.office.formulas import Place, Results, place
from parsers.carriers.office.number_format import is_date, plain, shown_number, shown_text
from parsers.carriers.office.ooxml import Package, integer
from parsers.document import raised_text
from parsers.grid import MAX_SLOTS

MAX_COLUMNS = 500
_DATES = frozenset({14, 15, 16, 17, 22, 27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 55, 56, 57, 58})
_ACCOUNTS = '_ * #,##0_ ;_ * -#,##0_ ;_ * "-"_ ;_ @_ '
_BUILT_IN = {9: "0%", 10: "0.00%", 41: _ACCOUNTS, 42: _ACCOUNTS, 43: _ACCOUNTS, 44: _ACCOUNTS}  # formats that files do not spell out
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")  # a character in a string


class CellTexts:
    """The strings and formats that the cells of a workbook refer to.

    ``results_are_old``: the results of its formulas are to be worked out anew when it is opened.
    """

    def __init__(self, package: Package, folder: str, s: str, *, from_1904: bool, results_are_old: bool) -> None:
        self.s = s
        self.from_1904 = from_1904
        self.results_are_old = results_are_old
        strings = package.optional_xml(f"{folder}/sharedStrings.xml")
        self._strings = [] if strings is None else [self._text(node) for node in strings.findall(f"{s}si")]
        self._formats = self._codes(package.optional_xml(f"{folder}/styles.xml"))

    def read(self, lines: Iterable[tuple[int, etree._Element]], hides_zeros: bool) -> dict[Place, str]:
        """(row, column) from 0 -> what the cell shows, for rows with their numbers. Stops above MAX_SLOTS cells."""
        cells: dict[Place, str] = {}
        formulas: dict[Place, str] = {}
        numbers: dict[Place, float] = {}
        for row, line in lines:
            column = -1
            for node in line.iterchildren(f"{self.s}c"):
                reference = node.get("r")
                if reference and not len(node):
                    continue  # a format alone
                at = place(reference or "")
                column = at[1] if at else column + 1
                if not len(node) or column >= MAX_COLUMNS:
                    continue
                number = self._stored(node)
                if self.results_are_old and number is not None:
                    numbers[row, column] = number
                    if (formula := node.findtext(f"{self.s}f")) is not None:
                        formulas[row, column] = formula
                text = self._shown(node) if number is None else self._number(number, node, hides_zeros)
                if text:
                    cells[row, column] = text
            if len(cells) > MAX_SLOTS:
                break
        results = Results(formulas, numbers)
        cells.update({at: f"={formula}" for at, formula in formulas.items() if not results.hold(at)})
        return cells

    def _stored(self, node: etree._Element) -> float | None:
        if node.get("t", "n") != "n":
            return None
        try:
            return float(node.findtext(f"{self.s}v") or "")
        except ValueError:
            return None

    def _shown(self, node: etree._Element) -> str:
        """What is shown by a cell that holds no number."""
        kind, value = node.get("t", "n"), node.findtext(f"{self.s}v") or ""
        formula = node.find(f"{self.s}f")
        if formula is not None and not value and kind != "str":
            return "=" + " ".join((formula.text or "").split())  # its number was never worked out: that is no blank
        if kind == "b":
            return "TRUE" if value.strip() == "1" else "FALSE"
        if kind == "s":
            index = integer(value, -1)
            text = self._strings[index] if 0 <= index < len(self._strings) else ""
        elif kind == "inlineStr":
            inline = node.find(f"{self.s}is")
            text = "" if inline is None else self._text(inline)
        else:
            text = " ".join(_unescaped(value).split())
        return shown_text(text, self._format(node)[1]) if text else ""

    def _number(self, number: float, node: etree._Element, hides_zeros: bool) -> str:
        number_id, code = self._format(node)
        if number == 0 and hides_zeros:
            return ""
        if number_id in _DATES or is_date(code):
            return self._date(number)
        return shown_number(number, code)

    def _date(self, serial: float) -> str:
        start = date(1904, 1, 1) if self.from_1904 else date(1899, 12, 30)
        try:
            return (start + timedelta(days=int(serial))).isoformat()
        except (OverflowError, ValueError):
            return plain(serial)

    def _format(self, node: etree._Element) -> tuple[int, str]:
        style = integer(node.get("s"))
        return self._formats[style] if style < len(self._formats) else (0, "")

    def _codes(self, root: etree._Element | None) -> list[tuple[int, str]]:
        """Number format of each cell style: (id, code)."""
        if root is None:
            return []
        codes = {integer(node.get("numFmtId")): node.get("formatCode", "") for node in root.iter(f"{self.s}numFmt")}
        styles = root.find(f"{self.s}cellXfs")
        ids = [] if styles is None else [integer(node.get("numFmtId")) for node in styles.findall(f"{self.s}xf")]
        return [(number, codes.get(number) or _BUILT_IN.get(number, "")) for number in ids]

    def _text(self, node: etree._Element) -> str:
        """Text of a rich string: without its phonetic guide and what is struck out, raised numbers in brackets."""
        s = self.s
        parts: list[str] = []
        for child in node:
            if child.tag == f"{s}t":
                parts.append(_unescaped(child.text or ""))
            elif child.tag == f"{s}r":
                strike, raised = child.find(f"{s}rPr/{s}strike"), child.find(f"{s}rPr/{s}vertAlign")
                if strike is not None and strike.get("val", "1") not in ("0", "false"):
                    continue
                text = _unescaped(child.findtext(f"{s}t") or "")
                is_raised = raised is not None and raised.get("val") == "superscript"
                parts.append(raised_text(text) if is_raised else text)
        return " ".join("".join(parts).split())


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text
