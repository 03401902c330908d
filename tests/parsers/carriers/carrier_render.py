"""Drafts of report pages (tests.pagegen) drawn as PDF and written as DOCX and XLSX, in the ways of offices."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any

from tests.pagegen.model import Cell, Draft, Raw, Table

A4 = (595.0, 842.0)


@dataclass(frozen=True)
class Print:
    """How a PDF is printed.

    ``ruling``: lines, boxes, bars (thin filled boxes), open (no outer sides), level (horizontal only), double, none.
    ``flow`` of a label that a page break cuts: first, last (part that carries it), over (its lines go on below).
    ``cut_rows``: a row may be cut by the page break. ``vertical``: the label of the narrow first column runs down in
    chars, or is turned (a quarter to the left). ``turn``: the page's /Rotate; the reader sees the text upright.
    """

    ruling: str = "lines"
    flow: str = "first"
    cut_rows: bool = False
    vertical: str = "chars"
    turn: int = 0
    size: float = 9.0
    top: float = 70.0
    page_number: str = "- {} -"
    running_head: str = ""
    align: str = "middle"
    latin: str = "Times-Roman"
    repeat_head: bool = False
    page: tuple[float, float] = A4
    valign: str = "middle"


class Sheet:
    """A growing PDF: y runs downwards from the top of the page."""

    def __init__(self, how: Print) -> None:
        from reportlab.pdfbase import pdfmetrics
        from reportlab.pdfbase.cidfonts import UnicodeCIDFont
        from reportlab.pdfgen.canvas import Canvas

        pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
        self.how = how
        self.width, self.height = how.page
        self.left, self.right, self.bottom = 75.0, self.width - 75.0, self.height - 75.0
        self.buffer = io.BytesIO()
        self.canvas: Any = Canvas(self.buffer, pagesize=how.page, invariant=1)  # reportlab swaps it for a turned page
        self.number = 0
        self.open_page()

    def open_page(self) -> None:
        self.number += 1
        self.y = self.how.top
        if self.how.turn:
            self.canvas.setPageRotation(self.how.turn)
            # /Rotate turns clockwise: draw counter-clockwise so that the reader sees it upright.
            if self.how.turn == 90:
                self.canvas.translate(self.height, 0)
                self.canvas.rotate(90)
            elif self.how.turn == 180:
                self.canvas.translate(self.width, self.height)
                self.canvas.rotate(180)
            else:
                self.canvas.translate(0, self.width)
                self.canvas.rotate(270)
        if self.how.page_number:
            text = self.how.page_number.format(self.number)
            self.text(self.width / 2 - len(text) * 2.5, self.height - 40, text, 10)
        if self.how.running_head:
            self.text(self.left, 40, self.how.running_head, 9)

    def close_page(self) -> None:
        self.canvas.showPage()

    def new_page(self) -> None:
        self.close_page()
        self.open_page()

    def done(self) -> bytes:
        self.close_page()
        self.canvas.save()
        return self.buffer.getvalue()

    def text(self, x: float, base: float, text: str, size: float) -> None:
        for run, latin in _runs(text):
            self.canvas.setFont(self.how.latin if latin else "STSong-Light", size)
            self.canvas.drawString(x, self.height - base, run)
            x += self.advance(run, size)

    def advance(self, text: str, size: float) -> float:
        from reportlab.pdfbase.pdfmetrics import stringWidth

        return sum(stringWidth(run, self.how.latin if latin else "STSong-Light", size) for run, latin in _runs(text))

    def line(self, x0: float, y0: float, x1: float, y1: float) -> None:
        if self.how.ruling == "bars":
            self.canvas.rect(
                min(x0, x1) - 0.25, self.height - max(y0, y1) - 0.25, abs(x1 - x0) + 0.5, abs(y1 - y0) + 0.5, 0, 1
            )
        else:
            self.canvas.setLineWidth(0.5)
            self.canvas.line(x0, self.height - y0, x1, self.height - y1)

    def wrap(self, text: str, width: float, size: float) -> list[str]:
        lines, line = [], ""
        for char in text:
            if line and self.advance(line + char, size) > width:
                lines.append(line)
                line = ""
            line += char
        return [*lines, line] if line else lines

    def paragraph(self, text: str, size: float = 14.0, indent: bool = True, middle: bool = False) -> None:
        first = "　　" if indent and not middle else ""
        for line in self.wrap(first + text, self.right - self.left, size):
            if self.y + 2 * size > self.bottom:
                self.new_page()
            self.y += 1.8 * size
            shift = (self.right - self.left - self.advance(line, size)) / 2 if middle else 0.0
            if line.startswith("　　"):
                line, shift = line[2:], 2 * size
            self.text(self.left + shift, self.y, line, size)


def _runs(text: str) -> list[tuple[str, bool]]:
    runs: list[tuple[str, bool]] = []
    for char in text:
        latin = " " < char <= "~"
        if runs and runs[-1][1] == latin:
            runs[-1] = (runs[-1][0] + char, latin)
        else:
            runs.append((char, latin))
    return runs


def _widths(table: Table, n_cols: int, width: float) -> list[float]:
    shares = {
        ("proactive", 4): [150, 95, 95, 95],
        ("applications", 10): [24, 72, 130, *[31] * 6, 34],
        ("disputes", 15): [29] * 15,
        ("statistics", 3): [300, 50, 85],
        ("statistics", 4): [230, 50, 75, 80] if table.rows[0][0].text != "序号" else [30, 270, 50, 85],
    }.get((table.name, n_cols), [1] * n_cols)
    return [share * width / sum(shares) for share in shares]


@dataclass
class _Placed:
    cell: Cell
    row: int
    col: int
    lines: list[str]


def draw_table(sheet: Sheet, table: Table) -> None:
    """Draw a table at the sheet's y."""
    how, size = sheet.how, sheet.how.size
    lead, pad = 1.3 * size, 3.0
    grid = table.grid()
    n_cols = len(grid[0])
    xs = [sheet.left]
    for width in _widths(table, n_cols, sheet.right - sheet.left):
        xs.append(xs[-1] + width)
    placed: list[_Placed] = []
    seen: set[int] = set()
    for y, slots in enumerate(grid):
        for x, cell in enumerate(slots):
            if cell is not None and id(cell) not in seen:
                seen.add(id(cell))
                width = xs[min(x + cell.colspan, n_cols)] - xs[x] - 2 * pad
                lines = [cell.text] if _is_turned(cell, x, how) else sheet.wrap(cell.text, max(width, size), size)
                placed.append(_Placed(cell, y, x, lines))
    heights = [0.0] * len(grid)
    for item in sorted(placed, key=lambda item: item.cell.rowspan):
        last = item.row + item.cell.rowspan - 1
        turned = _is_turned(item.cell, item.col, how)
        need = (len(item.cell.text) * size if turned else max(1, len(item.lines)) * lead) + 2 * pad
        heights[last] = max(heights[last], need - sum(heights[item.row : last]))
    _draw_rows(sheet, table, placed, heights, xs)


def _is_turned(cell: Cell, col: int, how: Print) -> bool:
    return how.vertical == "turned" and col == 0 and cell.rowspan > 8


def _draw_rows(sheet: Sheet, table: Table, placed: list[_Placed], heights: list[float], xs: list[float]) -> None:
    """Pieces of rows that fit each page, drawn one after the other."""
    how, n_rows = sheet.how, len(heights)
    tops = _sums(heights)
    pieces: list[tuple[float, float]] = []  # from, to: in the table's own height
    room = sheet.bottom - sheet.y - 6
    full = sheet.bottom - how.top
    row, start = 0, 0.0
    while row < n_rows:
        head = tops[table.header] if how.repeat_head and row >= max(1, table.header) else 0.0
        end = row
        while end < n_rows and tops[end + 1] - start <= room - head:
            end += 1
        stop = tops[end]
        cut = end < n_rows and how.cut_rows and heights[end] > 3.5 * how.size
        if cut and room - head - (stop - start) > 2.2 * how.size and stop >= start:
            stop = start + room - head
        if stop > start:
            pieces.append((start, stop))
        elif room == full:
            raise ValueError("a row is higher than the page")
        else:
            pieces.append((start, start))
        row, start, room = end, stop, full
    sheet.y += 6
    for i, (low, high) in enumerate(pieces):
        if i:
            sheet.new_page()
        if high == low:
            continue
        if how.repeat_head and i and low >= tops[max(1, table.header)] - 0.1:
            _draw_piece(sheet, placed, tops, xs, [(0.0, tops[table.header])], 0)
            sheet.y += tops[table.header]
        _draw_piece(sheet, placed, tops, xs, pieces, i)
        sheet.y += high - low
    sheet.y += 6


def _sums(heights: list[float]) -> list[float]:
    edges = [0.0]
    for height in heights:
        edges.append(edges[-1] + height)
    return edges


def _draw_piece(
    sheet: Sheet, placed: list[_Placed], tops: list[float], xs: list[float], pieces: list[tuple[float, float]], i: int
) -> None:
    """Piece ``i`` of the table, at the sheet's y."""
    how, size = sheet.how, sheet.how.size
    lead = 1.3 * size
    low, high = pieces[i]
    shift = sheet.y - low
    for item in placed:
        cell = item.cell
        y0, y1 = tops[item.row], tops[item.row + cell.rowspan]
        parts = [(max(y0, a), min(y1, b)) for a, b in pieces if min(y1, b) - max(y0, a) > 0.01]
        here = (max(y0, low), min(y1, high))
        if here not in parts:
            continue
        x0, x1 = xs[item.col], xs[min(item.col + cell.colspan, len(xs) - 1)]
        _draw_borders(sheet, x0, here[0] + shift, x1, here[1] + shift, x0 == xs[0], x1 == xs[-1])
        total = len(item.lines) * lead
        whole = len(parts) == 1
        if not whole and (cell.rowspan > 1 or _is_turned(cell, item.col, how)) and how.flow != "over":
            roomy = [part for part in parts if part[1] - part[0] >= total]
            if roomy or _is_turned(cell, item.col, how):
                chosen = (roomy or parts)[0 if how.flow == "first" else -1]
                if here != chosen:
                    continue
                y0, y1, whole = *chosen, True
        if _is_turned(cell, item.col, how):
            if whole or here == parts[0]:
                _draw_turned(sheet, (x0 + x1) / 2, (here[0] + here[1]) / 2 + shift, cell.text)
            continue
        top = (y0 + y1 - total) / 2 if how.valign == "middle" and (whole or cell.rowspan > 1) else y0 + 3
        for k, line in enumerate(item.lines):
            base = top + k * lead + 0.95 * size
            if whole or low <= base - 0.4 * size < high:
                base = base if whole else min(max(base, low + size), high - 1)
                _draw_line(sheet, cell, line, x0, x1, base + shift)


def _draw_line(sheet: Sheet, cell: Cell, line: str, x0: float, x1: float, base: float) -> None:
    size = sheet.how.size
    advance = sheet.advance(line, size)
    if cell.role == "value" and sheet.how.align == "right":
        x = x1 - 3 - advance
    elif cell.role in ("value", "header") or cell.rowspan > 1:
        x = (x0 + x1 - advance) / 2
    else:
        x = x0 + 3
    sheet.text(x, base, line, size)


def _draw_turned(sheet: Sheet, x: float, y: float, text: str) -> None:
    canvas = sheet.canvas
    canvas.saveState()
    canvas.translate(x + 0.35 * sheet.how.size, sheet.height - y)
    canvas.rotate(90)
    canvas.setFont("STSong-Light", sheet.how.size)
    canvas.drawCentredString(0, 0, text)
    canvas.restoreState()


def _draw_borders(sheet: Sheet, x0: float, y0: float, x1: float, y1: float, leftmost: bool, rightmost: bool) -> None:
    ruling = sheet.how.ruling
    if ruling == "none":
        return
    if ruling == "boxes":
        sheet.canvas.setLineWidth(0.5)
        sheet.canvas.rect(x0, sheet.height - y1, x1 - x0, y1 - y0)
        return
    sheet.line(x0, y0, x1, y0)
    sheet.line(x0, y1, x1, y1)
    if ruling == "level":
        return
    if not (ruling == "open" and leftmost):
        sheet.line(x0, y0, x0, y1)
    if not (ruling == "open" and rightmost):
        sheet.line(x1, y0, x1, y1)
    if ruling == "double":
        if leftmost:
            sheet.line(x0 - 1.5, y0, x0 - 1.5, y1)
        if rightmost:
            sheet.line(x1 + 1.5, y0, x1 + 1.5, y1)


def title_of(draft: Draft) -> str:
    """The draft's title on one line."""
    return "".join(draft.head.title_lines)


def pdf_of(draft: Draft, how: Print | None = None) -> bytes:
    """The draft printed as PDF."""
    sheet = Sheet(how or Print())
    print_on(sheet, draft)
    return sheet.done()


def print_on(sheet: Sheet, draft: Draft) -> None:
    """Print the draft on an open sheet."""
    sheet.paragraph(title_of(draft), 20, middle=True)
    for text in draft.preamble:
        if isinstance(text, str):
            sheet.paragraph(text)
    for section in draft.sections:
        sheet.paragraph(section.heading, 15)
        for block in section.blocks:
            if isinstance(block, Table):
                draw_table(sheet, block)
            elif isinstance(block, Raw):
                if block.text:
                    sheet.paragraph(block.text)
            else:
                sheet.paragraph(block)


def docx_of(draft: Draft) -> bytes:
    """The draft as Word writes it: one paragraph a text, merged cells."""
    from docx import Document

    document = Document()
    document.core_properties.title = title_of(draft)
    document.add_paragraph(title_of(draft))
    for text in draft.preamble:
        if isinstance(text, str):
            document.add_paragraph(text)
    for section in draft.sections:
        document.add_paragraph(section.heading)
        for block in section.blocks:
            if isinstance(block, Table):
                _docx_table(document, block)
            elif isinstance(block, str):
                document.add_paragraph(block)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _docx_table(document: Any, table: Table) -> None:
    grid = table.grid()
    written = document.add_table(len(grid), len(grid[0]))
    written.style = "Table Grid"
    seen: set[int] = set()
    for y, slots in enumerate(grid):
        for x, cell in enumerate(slots):
            if cell is None or id(cell) in seen:
                continue
            seen.add(id(cell))
            target = written.cell(y, x)
            bottom = min(y + cell.rowspan, len(grid)) - 1
            right = min(x + cell.colspan, len(slots)) - 1
            if (bottom, right) != (y, x):
                target = target.merge(written.cell(bottom, right))
            target.text = cell.text


def xlsx_of(draft: Draft) -> bytes:
    """The draft as a workbook: a sheet of prose, then a sheet for each table, with merged cells and true numbers."""
    from openpyxl import Workbook

    book = Workbook()
    prose = book.active
    assert prose is not None
    prose.title = "报告"
    prose.append([title_of(draft)])
    for number, table in enumerate(draft.tables(), 1):
        sheet = book.create_sheet(f"表{number}")
        seen: set[int] = set()
        for y, slots in enumerate(table.grid(), 1):
            for x, cell in enumerate(slots, 1):
                if cell is None or id(cell) in seen:
                    continue
                seen.add(id(cell))
                number_printed = cell.role == "value" and cell.value is not None and cell.text == str(cell.value)
                sheet.cell(y, x, cell.value if number_printed else cell.text)
                if cell.rowspan > 1 or cell.colspan > 1:
                    sheet.merge_cells(
                        start_row=y, start_column=x, end_row=y + cell.rowspan - 1, end_column=x + cell.colspan - 1
                    )
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()
