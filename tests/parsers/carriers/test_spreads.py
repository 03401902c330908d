"""Sheets with two pages side by side are read page by page; tables whose halves stand apart are not torn."""

from __future__ import annotations

from parsers.carriers.page.glyphs import Glyph, PageContent, Ruling
from parsers.carriers.page.pages import document_of
from parsers.carriers.page.spreads import single_pages
from parsers.document import Document, Table

PROSE = ("加强组织领导健全工作机制完善信息发布", "审核流程确保公开内容准确及时回应群众", "存在的主要问题是公开的形式还不够丰富")
SIZE = 10.0


def _set(x: float, base: float, text: str) -> list[Glyph]:
    step = [SIZE / 2 if char.isascii() else SIZE for char in text]
    return [Glyph(char, x + sum(step[:i]), x + sum(step[: i + 1]), base, SIZE) for i, char in enumerate(text)]


def _table(x: float, top: float, rows: list[tuple[str, ...]]) -> tuple[list[Glyph], list[Ruling], list[Ruling]]:
    bottom = top + 20 * len(rows)
    glyphs = [g for i, row in enumerate(rows) for j, text in enumerate(row) for g in _set(x + 5 + 100 * j, top + 15 + 20 * i, text)]
    levels = [Ruling(top + 20 * i, x, x + 100 * len(rows[0])) for i in range(len(rows) + 1)]
    return glyphs, levels, [Ruling(x + 100 * j, top, bottom) for j in range(len(rows[0]) + 1)]


def _read(*sheets: PageContent) -> Document:
    return document_of(sheets, [], "pdf", float("inf"))


def _sheet(number: int, glyphs: list[Glyph], levels: list[Ruling] | None = None, stems: list[Ruling] | None = None) -> PageContent:
    return PageContent(number, 842.0, 595.0, tuple(glyphs), tuple(levels or ()), tuple(stems or ()))


def test_the_left_page_is_read_first_and_a_table_goes_on_at_the_right() -> None:
    head, rest = [("项目", "自然人", "总计"), ("一、新收", "1", "2")], [("二、结转", "3", "4"), ("三、办结", "5", "6")]
    left, levels, stems = _table(50, 480, head)
    right, more, others = _table(470, 40, rest)
    prose = [g for i, line in enumerate(PROSE) for g in _set(50, 100 + 15 * i, line)]
    numbers = [*_set(200, 580, "- 1 -"), *_set(620, 580, "- 2 -")]
    (page,) = (_sheet(1, [*prose, *left, *right, *numbers], [*levels, *more], [*stems, *others]),)
    document = _read(page)
    (table,) = [block for block in document.blocks if isinstance(block, Table)]
    assert [[cell.text for cell in row] for row in table.rows] == [list(row) for row in (*head, *rest)]
    assert table.address(2, 1) == "page[1]/box[570,40,670,60]"
    assert "".join(block.text for block in document.blocks if not isinstance(block, Table)) == "".join(PROSE)


def test_columns_of_prose_are_read_one_after_the_other() -> None:
    glyphs = [g for x in (50, 440) for i, line in enumerate(PROSE) for g in _set(x, 100 + 15 * i, line)]
    document = _read(_sheet(1, [*glyphs, *_set(418, 575, "3")]))
    assert "".join(block.text for block in document.blocks if not isinstance(block, Table)) == "".join(PROSE) * 2


def test_labels_with_their_values_far_beside_are_one_table() -> None:
    glyphs = [g for i, line in enumerate(PROSE) for g in (*_set(50, 100 + 15 * i, line), *_set(600, 100 + 15 * i, "12"))]
    sheet = _sheet(1, glyphs)
    assert single_pages([sheet])[0] == [sheet]
