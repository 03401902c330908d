"""PDF: drawn tables cell by cell, undrawn ones number by number, and every way in which a file can be no report."""

from __future__ import annotations

import io
import json
import random
import re
import sys
import time
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

pytest.importorskip("pypdfium2", reason="reading PDF needs the extra nianbao[pdf]")
pytest.importorskip("reportlab", reason="these tests print their PDFs with reportlab")

from parsers import parse
from parsers.carriers import pdf
from parsers.carriers.page.glyphs import PageContent, plain_character
from parsers.carriers.pdf import PAGES_AT_ONCE, read_pdf
from parsers.carriers.pdf_objects import pdfium
from parsers.document import Document, Paragraph, Table
from parsers.grid import form_grid
from tests.pagegen.generate import draft, truth_of
from tests.pagegen.model import Draft
from tests.parsers.carriers.carrier_render import Print, Sheet, pdf_of, title_of

HONGZE = Path("../shared/pages/hongze-2024-pdf")


def slots(table: Table) -> list[list[str]]:
    """Texts of a table by grid slot, white space dropped."""
    grid = form_grid(table.rows)
    return [["".join(table.rows[o.row][o.cell].text.split()) if o else "" for o in row] for row in grid.slots]


def drafted(page: Draft) -> list[list[list[str]]]:
    """The same of the tables that were printed."""
    return [[["".join(cell.text.split()) if cell else "" for cell in row] for row in t.grid()] for t in page.tables()]


def assert_exact(page: Draft, document: Document) -> None:
    assert document.problems == ()
    assert [slots(table) for table in document.tables()] == drafted(page)


@pytest.mark.parametrize("ruling", ["lines", "boxes", "bars", "double"])
@pytest.mark.parametrize("flow", ["first", "last", "over"])
def test_ruled_tables_come_out_slot_by_slot(ruling: str, flow: str) -> None:
    for seed, form, top in ((1, "2021", 70.0), (2, "2021", 220.0), (3, "2019", 150.0), (4, "2014", 70.0)):
        page = draft(seed, form)
        assert_exact(page, read_pdf(pdf_of(page, Print(ruling=ruling, flow=flow, top=top))))


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
@pytest.mark.parametrize("vertical", ["chars", "turned"])
def test_turned_pages_and_turned_labels(turn: int, vertical: str) -> None:
    page = draft(5, "2021")
    assert_exact(page, read_pdf(pdf_of(page, Print(turn=turn, vertical=vertical, size=7.5))))


@pytest.mark.parametrize("size", [7.5, 9.0, 10.5])
def test_rows_cut_by_the_page_break(size: float) -> None:
    for seed in range(4):
        page = draft(seed, "2021")
        how = Print(size=size, top=70.0 + 40 * seed, cut_rows=True, flow="over", align="right")
        assert_exact(page, read_pdf(pdf_of(page, how)))


def test_group_label_cut_by_the_page_break_is_one_cell() -> None:
    cut = 0
    page = draft(1, "2021")
    for top in range(70, 250, 6):
        body = pdf_of(page, Print(flow="over", top=float(top), size=10.5))
        assert_exact(page, read_pdf(body))
        cut += _has_cut_group(body)
    assert cut >= 2, "the tops chosen must cut some group's label"


def _has_cut_group(body: bytes) -> bool:
    import pypdfium2

    document = pypdfium2.PdfDocument(body)
    texts = ["".join(page.get_textpage().get_text_bounded().split()) for page in document]
    document.close()
    groups = ("（三）不予公开", "（四）无法提供", "（五）不予处理", "（六）其他处理")
    return any(
        upper.count(group[:k]) and group not in upper + lower and group[k:] in lower
        for upper, lower in pairwise(texts)
        for group in groups
        for k in range(2, len(group))
    )


def test_repeated_head_is_dropped() -> None:
    for seed in (1, 6):
        page = draft(seed, "2021")
        assert_exact(page, read_pdf(pdf_of(page, Print(repeat_head=True, top=200.0))))


@pytest.mark.parametrize("ruling", ["none", "level", "open"])
def test_tables_without_lines_are_read_number_by_number(ruling: str) -> None:
    for seed in range(8):
        rng = random.Random(seed)
        page = draft(seed, rng.choice(("2021", "2021", "2019", "2014")))
        how = Print(
            ruling=ruling, size=rng.choice((7.5, 9.0, 10.5)), top=rng.choice((70.0, 150.0, 220.0)),
            align=rng.choice(("middle", "right")), valign=rng.choice(("middle", "top")),
            vertical=rng.choice(("chars", "turned")), turn=rng.choice((0, 90)),
        )  # fmt: skip
        report = parse(pdf_of(page, how))
        read = {(c.table, c.indicator, c.period or c.applicant): c.value for c in report.cells}
        for (table, name, column), (value, _) in truth_of(page).items():
            assert read.get((table, name, column)) == value, (seed, how, table, name, column)


@pytest.mark.skipif(not HONGZE.is_dir(), reason="the shared pages are not here")
def test_real_report_has_every_cell() -> None:
    report = parse((HONGZE / "report.pdf").read_bytes())
    truth = json.loads((HONGZE / "truth.json").read_text(encoding="utf-8"))
    read = {(c.table, c.indicator, c.applicant): c.value for c in report.cells if c.status != "absent"}
    assert read == {(table, name, who): value for table, name, who, value in truth["cells"]}
    assert {t.table: t.verdict for t in report.tables}["applications"] == "proved"
    assert report.report_year == 2024
    assert report.org_name == "淮安市洪泽区人民政府"


@pytest.mark.skipif(not HONGZE.is_dir(), reason="the shared pages are not here")
def test_real_report_survives_damage() -> None:
    body = (HONGZE / "report.pdf").read_bytes()
    rng = random.Random(1)
    for _ in range(12):
        damaged = bytearray(body[: rng.randrange(100, len(body))] if rng.random() < 0.5 else body)
        for _ in range(rng.randrange(0, 40)):
            damaged[rng.randrange(len(damaged))] = rng.randrange(256)
        document = read_pdf(bytes(damaged), max_seconds=20)
        assert document.blocks or document.problems


# ------------------------------------------------------------------ what stands outside of tables


def test_prose_is_joined_over_lines_and_pages_without_page_numbers() -> None:
    page = draft(7, "2021")
    how = Print(page_number="— {} —", running_head="示例市人民政府", size=7.5, top=300.0)
    document = read_pdf(pdf_of(page, how))
    texts = ["".join(p.text.split()) for p in document.paragraphs()]
    for section in page.sections:
        assert "".join(section.heading.split()) in texts
        for block in section.blocks:
            if isinstance(block, str):
                assert "".join(block.split()) in texts
    assert not any(re.fullmatch(r"—?\d+—?", text) for text in texts)
    assert "".join(title_of(page).split()) in "".join(texts)
    assert "示例市人民政府" not in texts, "a head printed on every page is furniture"


@pytest.fixture
def canvas() -> tuple[Any, io.BytesIO]:
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfgen.canvas import Canvas

    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    buffer = io.BytesIO()
    made = Canvas(buffer, pagesize=(595, 842))
    made.setFont("STSong-Light", 12)
    return made, buffer


def finished(canvas: tuple[Any, io.BytesIO]) -> bytes:
    canvas[0].showPage()
    canvas[0].save()
    return canvas[1].getvalue()


def test_fonts_outside_the_file_cost_no_character(canvas: tuple[Any, io.BytesIO]) -> None:
    """Measured by the widths that the file states, whatever fonts the machine has or has not; a character may stand alone."""
    made = canvas[0]
    made.setFont("STSong-Light", 9)
    for line, text in enumerate(("然", "人", "5", "甲")):
        made.drawString(50, 700 - 20 * line, text)
    with pdfium.LOCK:
        document = pdfium.open_pdf(finished(canvas))
        glyphs = pdfium.read_page(document, 0).glyphs
        document.close()
    assert [(glyph.text, round(glyph.x0, 2), round(glyph.x1, 2)) for glyph in glyphs] == [
        ("然", 50, 59), ("人", 50, 59), ("5", 50, 54.16), ("甲", 50, 59)
    ]  # fmt: skip


def grid_lines(canvas: Any, xs: list[float], ys: list[float]) -> None:
    for x in xs:
        canvas.line(x, ys[0], x, ys[-1])
    for y in ys:
        canvas.line(xs[0], y, xs[-1], y)


def test_boxed_prose_is_prose(canvas: tuple[Any, io.BytesIO]) -> None:
    made, _ = canvas
    grid_lines(made, [80, 500], [600, 660, 700])
    made.drawString(90, 680, "示例市人民政府办公室编制本报告。")
    made.drawString(90, 640, "数据统计期限为全年。")
    document = read_pdf(finished(canvas))
    assert [type(block) for block in document.blocks] == [Paragraph, Paragraph]


def test_tables_side_by_side_and_below_stay_apart(canvas: tuple[Any, io.BytesIO]) -> None:
    made, _ = canvas
    for x, y, name in ((80, 600, "甲"), (320, 600, "乙"), (80, 500, "丙")):
        grid_lines(made, [x, x + 80, x + 160], [y, y + 20, y + 40])
        made.drawString(x + 5, y + 25, name)
        made.drawString(x + 85, y + 5, "7")
    tables = list(read_pdf(finished(canvas)).tables())
    assert [table.rows[0][0].text for table in tables] == ["甲", "乙", "丙"]
    assert all(table.rows[1][1].text == "7" for table in tables)


def test_number_wider_than_its_cell_stays_whole(canvas: tuple[Any, io.BytesIO]) -> None:
    made, _ = canvas
    grid_lines(made, [80, 160, 190, 220], [600, 620])
    made.drawString(85, 605, "行政许可")
    made.setFont("Helvetica", 12)
    made.drawCentredString(175, 605, "123456789")
    (table,) = read_pdf(finished(canvas)).tables()
    assert [cell.text for cell in table.rows[0]] == ["行政许可", "123456789", ""]


def test_two_numbers_in_one_cell_do_not_run_together(canvas: tuple[Any, io.BytesIO]) -> None:
    made, _ = canvas
    grid_lines(made, [80, 160, 300], [600, 620])
    made.drawString(85, 605, "行政许可")
    made.drawString(180, 605, "12")
    made.drawString(240, 605, "5")
    (table,) = read_pdf(finished(canvas)).tables()
    assert table.rows[0][1].text == "12 5"


def test_bold_by_printing_twice_counts_once(canvas: tuple[Any, io.BytesIO]) -> None:
    made, _ = canvas
    for shift in (0, 0.3):
        made.drawString(90 + shift, 680, "示例县2023年报告11件")
    assert [p.text for p in read_pdf(finished(canvas)).paragraphs()] == ["示例县2023年报告11件"]


def test_leaning_watermark_is_left_out(canvas: tuple[Any, io.BytesIO]) -> None:
    made, _ = canvas
    made.drawString(90, 680, "示例县人民政府年度报告。")
    made.rotate(40)
    made.drawString(400, 200, "内部资料")
    assert [p.text for p in read_pdf(finished(canvas)).paragraphs()] == ["示例县人民政府年度报告。"]


def test_radicals_are_read_as_the_characters_they_look_like() -> None:
    assert "".join(map(plain_character, "⼀⾏政⻓⺠")) == "一行政长民"
    assert plain_character("镇") == "镇"


def test_addresses_name_page_and_box() -> None:
    document = read_pdf(pdf_of(draft(1, "2021"), Print(top=220.0)))
    seen = set()
    for table in document.tables():
        for r, row in enumerate(table.rows):
            for c, _ in enumerate(row):
                match = re.fullmatch(r"page\[(\d+)\]/box\[(\d+),(\d+),(\d+),(\d+)\]", table.address(r, c))
                assert match, table.address(r, c)
                page, x0, y0, x1, y1 = map(int, match.groups())
                assert 0 <= x0 < x1 <= 595
                assert 0 <= y0 < y1 <= 842
                seen.add(page)
    assert len(seen) > 1


# ------------------------------------------------------------------ what cannot be read, and why


def codes(document: Document) -> list[str]:
    return [code for code, _ in document.problems]


def test_scan_without_text_is_image_only(canvas: tuple[Any, io.BytesIO]) -> None:
    from PIL import Image
    from reportlab.lib.utils import ImageReader

    picture = Image.effect_noise((200, 280), 40)
    canvas[0].drawImage(ImageReader(picture), 0, 0, 595, 842)
    assert codes(read_pdf(finished(canvas))) == ["image_only"]


def test_pages_are_drawn_one_by_one(canvas: tuple[Any, io.BytesIO], monkeypatch: pytest.MonkeyPatch) -> None:
    canvas[0].showPage()
    canvas[0].showPage()
    drawn: list[int] = []
    monkeypatch.setattr(pdfium, "picture_of", lambda _, index: drawn.append(index))
    scans = [PageContent(number, 595.0, 842.0, (), (), ()) for number in (1, 2)]
    pictures = pdf._pictures(finished(canvas), scans)
    assert next(pictures)[0] == 1
    assert drawn == [0]


def test_encrypted() -> None:
    from reportlab.lib.pdfencrypt import StandardEncryption
    from reportlab.pdfgen.canvas import Canvas

    buffer = io.BytesIO()
    made = Canvas(buffer, encrypt=StandardEncryption("geheim"))
    made.drawString(100, 100, "7")
    made.save()
    assert codes(read_pdf(buffer.getvalue())) == ["encrypted"]


@pytest.mark.parametrize("body", [b"", b"%PDF-1.7", b"%PDF-1.4\n%%EOF", b"<html>no</html>", b"%PDF-" + bytes(5000)])
def test_broken(body: bytes) -> None:
    assert codes(read_pdf(body)) == ["broken_pdf"]


def test_limits_are_named() -> None:
    body = pdf_of(draft(1, "2021"))
    few = read_pdf(body, max_pages=1)
    assert codes(few) == ["too_many_pages"]
    assert few.blocks
    assert codes(read_pdf(body, max_seconds=-1.0)) == ["timeout"]


def test_pages_that_were_read_before_time_ran_out_are_given(canvas: tuple[Any, io.BytesIO], monkeypatch: pytest.MonkeyPatch) -> None:
    made, _ = canvas
    for number in range(3):
        grid_lines(made, [80, 160, 240], [600, 620])
        made.drawString(85, 605, f"第{number}页")
        made.showPage()
    read = pdfium.read_page

    def slow(document: Any, index: int) -> PageContent:
        time.sleep(1.2)
        return read(document, index)

    monkeypatch.setattr(pdfium, "read_page", slow)
    document = read_pdf(finished(canvas), max_seconds=2.0)
    assert codes(document) == ["timeout"]
    assert document.unread[:2] == ("page[2]", "page[3]")
    assert "第0页" in [cell.text for table in document.tables() for row in table.rows for cell in row]


def test_a_long_file_is_opened_anew_on_the_way_and_loses_no_page(canvas: tuple[Any, io.BytesIO]) -> None:
    """What pdfium keeps of the pages is let go every few pages."""
    names = [f"{chr(97 + number // 26)}{chr(97 + number % 26)}" for number in range(2 * PAGES_AT_ONCE + 1)]
    for name in names[:-1]:
        canvas[0].drawString(50, 400, name)
        canvas[0].showPage()
    canvas[0].drawString(50, 400, names[-1])
    assert " ".join(paragraph.text for paragraph in read_pdf(finished(canvas)).paragraphs()).split() == names


def test_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pypdfium2", None)
    document = read_pdf(b"%PDF-1.7")
    assert codes(document) == ["needs_extra"]
    assert "pip install nianbao[pdf]" in document.problems[0][1]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.binary(max_size=300), st.integers(0, 4000), st.integers(0, 60))
def test_any_damage_is_survived(noise: bytes, at: int, cut: int) -> None:
    body = _small_pdf()
    at %= len(body)
    document = read_pdf(body[:at] + noise + body[at + cut :], max_seconds=20)
    assert document.kind == "pdf"


_SMALL: list[bytes] = []


def _small_pdf() -> bytes:
    if not _SMALL:
        _SMALL.append(pdf_of(draft(3, "2021"), Print(size=7.5)))
    return _SMALL[0]


def test_drawings_are_too_complex_and_named(canvas: tuple[Any, io.BytesIO]) -> None:
    made, _ = canvas
    made.drawString(90, 680, "示例县人民政府年度报告。")
    made.showPage()
    path = made.beginPath()
    for i in range(61_000):
        path.moveTo(i % 500, i % 800)
        path.lineTo(i % 500 + 5, i % 800)
    made.drawPath(path)
    document = read_pdf(finished(canvas))
    assert codes(document) == ["page_too_complex"]
    assert [block.text for block in document.paragraphs()] == ["示例县人民政府年度报告。"]


def test_thousands_of_crossing_lines_are_bounded(canvas: tuple[Any, io.BytesIO]) -> None:
    made, _ = canvas
    grid_lines(made, [10 + 0.36 * i for i in range(1600)], [10 + 0.5 * i for i in range(1600)])
    made.setFont("STSong-Light", 12)
    made.drawString(90, 680, "示例")
    document = read_pdf(finished(canvas), max_seconds=30)
    assert set(codes(document)) <= {"page_too_complex"}


def test_a_title_that_wraps_inside_a_word_is_one_title() -> None:
    page = draft(5, "2021")
    title = title_of(page)
    assert len(title) * 20.0 > 445  # wider than the print
    assert parse(pdf_of(page)).title == title


def test_centred_lines_over_prose_stay_their_own() -> None:
    sheet = Sheet(Print())
    sheet.paragraph("示例市财政局政府信息公开年度报告", 14, middle=True)
    sheet.paragraph("（2021年度）", 14, middle=True)
    sheet.paragraph("本局依法公开信息，" * 9, 14)
    sheet.paragraph("一、总体情况", 14, middle=True)
    texts = [paragraph.text for paragraph in read_pdf(sheet.done()).paragraphs()]
    assert texts == ["示例市财政局政府信息公开年度报告", "（2021年度）", "本局依法公开信息，" * 9, "一、总体情况"]
