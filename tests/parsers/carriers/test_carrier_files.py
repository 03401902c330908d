"""Workbooks, zips, saved pages in one file, and telling what a payload is."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parsers import parse
from parsers.carriers import archive
from parsers.carriers.archive import open_zip
from parsers.carriers.mhtml import saved_pages
from parsers.carriers.office.number_format import shown_number, shown_text
from parsers.carriers.recognise import recognise
from parsers.carriers.xlsx import read_xlsx
from parsers.document import Document, Paragraph
from parsers.payload import read_document
from tests.pagegen.generate import draft, generate, truth_of
from tests.parsers.carriers.carrier_render import Print, docx_of, pdf_of, xlsx_of
from tests.parsers.carriers.ofd_render import ofd_of

# ------------------------------------------------------------------ workbooks


def workbook(fill: Any) -> bytes:
    from openpyxl import Workbook

    book = Workbook()
    fill(book)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def shown(document: Document) -> list[list[str]]:
    return [[cell.text for cell in row] for table in document.tables() for row in table.rows]


@pytest.mark.parametrize("form", ["2021", "2019", "2014"])
def test_workbook_reads_back_every_number(form: str) -> None:
    pytest.importorskip("openpyxl", reason="openpyxl writes this test's files")
    for seed in range(4):
        page = draft(seed, form)
        report = parse(xlsx_of(page))
        assert report.kind == "xlsx"
        read = {(c.table, c.indicator, c.period or c.applicant): c.value for c in report.cells}
        for (table, name, column), (value, _) in truth_of(page).items():
            assert read.get((table, name, column)) == value


def test_cells_show_what_the_sheet_shows() -> None:
    pytest.importorskip("openpyxl")

    def fill(book: Any) -> None:
        sheet = book.active
        sheet.title = "表"
        sheet.append(["甲", 0, 96171.6, 0.1 + 0.2, 0.25, date(2024, 1, 18), True, 12])
        sheet["B1"].number_format = "0;-0;;@"  # hides zeros
        sheet["E1"].number_format = "0%"
        sheet["H1"].number_format = "0.00"
        sheet.append(["乙", 0, None, "　3 件 "])

    document = read_xlsx(workbook(fill))
    assert shown(document) == [
        ["甲", "", "96171.6", "0.3", "25%", "2024-01-18", "TRUE", "12"],
        ["乙", "0", "", "3 件", "", "", "", ""],
    ]
    (table,) = document.tables()
    assert table.address(1, 3) == "表!D2"


@pytest.mark.parametrize(
    ("code", "printed_as"),
    [
        ("0;-0;;@", ""), ('0;-0;"";@', ""), ('0;-0;" "', ""), ("#,###", ""), ("#", ""), ("[=0]\"\";General", ""), ("0;-0;_ ", ""),
        ("0", "0"), ("#,##0", "0"), ("0.00", "0"), ("General", "0"), ("0;-0", "0"), ("0%", "0%"), ("[>0]0;", ""),
        ('0;-0;"-"', "-"), ('_ * #,##0_ ;_ * \\-#,##0_ ;_ * "-"_ ;_ @_ ', "-"), ('[=0]"无";0', "无"), ('0;-0;"/"', "/"),
    ],
)  # fmt: skip
def test_a_zero_is_shown_as_its_format_shows_it(code: str, printed_as: str) -> None:
    pytest.importorskip("openpyxl")

    def fill(book: Any) -> None:
        book.active.append(["规章", 0, 3])
        book.active["B1"].number_format = code

    assert printed_as == shown(read_xlsx(workbook(fill)))[0][1]


@pytest.mark.parametrize(
    ("number", "code", "printed_as"),
    [
        (12, '0"件"', "12件"), (-3, '"增"0;"减"0;0', "减3"), (5, "+0;-0;0", "+5"), (-3, "0_);[Red]\\(0\\)", "-3"), (12, "#,##0.00", "12"),
        (1234567, "0!.0000", "123.4567"), (12345678, '0!.0,"万"', "1234.6万"), (12, '0"0"', "120"), (12, ";;;", ""),
        (3, '[<5]"少";0', "少"),
        (7, '[>10]0;[<5]0', "#####"), (12.5, "¥#,##0.00", "12.5"), (0.25, "0.0%", "25%"), (12, "G/通用格式", "12"), (12, "@", "12"),
    ],
)  # fmt: skip
def test_a_number_is_shown_with_what_its_format_adds(number: float, code: str, printed_as: str) -> None:
    assert shown_number(number, code) == printed_as


def test_a_text_is_shown_as_its_format_shows_it() -> None:
    assert [shown_text("甲", code) for code in ("General", "0;-0;;@", ";;;", '@"局"')] == ["甲", "甲", "", "甲局"]


def rewritten(body: bytes, part: str, *changes: tuple[str, str]) -> bytes:
    """The package with texts of a part replaced."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(body)) as source, zipfile.ZipFile(buffer, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name == part:
                for old, new in changes:
                    assert old.encode() in content
                    content = content.replace(old.encode(), new.encode())
            target.writestr(name, content)
    return buffer.getvalue()


def test_results_that_are_to_be_worked_out_anew_count_where_they_are_those_of_the_cells() -> None:
    """XlsxWriter writes 0 for each formula whose result it is not told, and asks for a new calculation."""
    xlsxwriter = pytest.importorskip("xlsxwriter")
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer)
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["甲", 4, 5])
    for column, (formula, result) in enumerate(
        [("=SUM(B1:C1)", 9), ("=B1 + C1 - 2", 7), ("=SUM(B1:C1)", 0), ("=F1+B1", 4), ("=AVERAGE(B1:C1)", 4.5), ("=H1+I1", 0)], 3
    ):
        sheet.write_formula(0, column, formula, None, result)
    book.close()
    assert shown(read_xlsx(buffer.getvalue())) == [["甲", "4", "5", "9", "7", "=SUM(B1:C1)", "=F1+B1", "=AVERAGE(B1:C1)", "=H1+I1"]]
    trusted = rewritten(buffer.getvalue(), "xl/workbook.xml", (' fullCalcOnLoad="1"', ""))
    assert shown(read_xlsx(trusted)) == [["甲", "4", "5", "9", "7", "0", "4", "4.5", "0"]]


def test_raised_and_struck_parts_of_a_string() -> None:
    pytest.importorskip("openpyxl")
    from openpyxl.cell.rich_text import CellRichText, TextBlock
    from openpyxl.cell.text import InlineFont

    raised, struck = TextBlock(InlineFont(vertAlign="superscript"), "1"), TextBlock(InlineFont(strike=True), "9")
    body = workbook(lambda book: book.active.append(["规章", CellRichText("5", raised), CellRichText(struck, "7"), "3_x000D_"]))
    assert shown(read_xlsx(body)) == [["规章", "5[1]", "7", "3"]]


def test_rows_and_columns_without_size_are_hidden() -> None:
    pytest.importorskip("openpyxl")

    def fill(book: Any) -> None:
        for row in (["规章", 1, 2], ["规章", 8, 9], ["行政规范性文件", 3, 4]):
            book.active.append(row)
        book.active.row_dimensions[2].height = 7.5
        book.active.column_dimensions["C"].width = 7.5

    body = rewritten(workbook(fill), "xl/worksheets/sheet1.xml", ('ht="7.5"', 'ht="0"'), ('width="7.5"', 'width="0"'))
    assert shown(read_xlsx(body)) == [["规章", "1"], ["行政规范性文件", "3"]]


def test_running_numbers_of_a_data_frame_are_left_out() -> None:
    pytest.importorskip("openpyxl")
    rows = [["信息内容", "本年制发件数", "本年废止件数"], ["规章", 0, 1], ["行政规范性文件", 2, 3]]

    def fill(book: Any) -> None:
        book.active.append([None, 0, 1, 2])
        for number, row in enumerate(rows):
            book.active.append([number, *row])

    document = read_xlsx(workbook(fill))
    assert shown(document) == [[str(value) for value in row] for row in rows]
    assert next(document.tables()).address(1, 1) == "Sheet!C3"


def test_strict_workbooks_and_sheets_with_a_million_empty_rows() -> None:
    openpyxl = pytest.importorskip("openpyxl")
    assert openpyxl
    body = workbook(lambda book: book.active.append(["规章", 1, 2]))
    transitional = "http://schemas.openxmlformats.org"
    strict = rewritten(
        rewritten(body, "xl/workbook.xml", (f"{transitional}/spreadsheetml/2006/main", "http://purl.oclc.org/ooxml/spreadsheetml/main"),
                  (f"{transitional}/officeDocument/2006", "http://purl.oclc.org/ooxml/officeDocument")),
        "xl/worksheets/sheet1.xml", (f"{transitional}/spreadsheetml/2006/main", "http://purl.oclc.org/ooxml/spreadsheetml/main"),
    )  # fmt: skip
    assert shown(read_xlsx(strict)) == [["规章", "1", "2"]]
    styled = "".join(f'<row r="{row}"><c r="A{row}" s="0"/></row>' for row in range(2, 300_000))
    assert shown(read_xlsx(rewritten(body, "xl/worksheets/sheet1.xml", ("</sheetData>", f"{styled}</sheetData>")))) == [["规章", "1", "2"]]


def test_zeros_that_the_sheet_hides_are_not_shown() -> None:
    pytest.importorskip("openpyxl")

    def fill(book: Any) -> None:
        book.active.append(["规章", 0, 3])
        book.active.sheet_view.showZeros = False

    assert shown(read_xlsx(workbook(fill))) == [["规章", "", "3"]]


def test_a_formula_that_was_never_worked_out_is_no_blank() -> None:
    """The file holds no number for it: the cell is unreadable, its neighbours are read."""
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.load_workbook(io.BytesIO(xlsx_of(draft(3, "2021"))))
    whole = {c[:3]: c for c in parse(xlsx_of(draft(3, "2021"))).cells}
    (cell,) = (cell for sheet in book for row in sheet for cell in row if str(cell.value).endswith("本年新收政府信息公开申请数量"))
    last = max(c.column for c in cell.parent[cell.row] if c.value is not None)
    cell.parent.cell(cell.row, last).value = "=SUM(D4:I4)"
    buffer = io.BytesIO()
    book.save(buffer)
    report = parse(buffer.getvalue())
    lost = ("applications", "new_requests", "total")
    assert {c[:3]: (c.value, c.status) for c in report.cells if whole[c[:3]].value != c.value} == {lost: (None, "unreadable")}


def test_hidden_sheets_rows_and_columns_are_left_out() -> None:
    pytest.importorskip("openpyxl")

    def fill(book: Any) -> None:
        sheet = book.active
        for row in (["规章", "x", 1], ["藏", "x", 2], ["规范", "x", 3]):
            sheet.append(row)
        sheet.row_dimensions[2].hidden = True
        sheet.column_dimensions["B"].hidden = True
        other = book.create_sheet("藏")
        other.append(["旧", 9])
        other.sheet_state = "hidden"

    document = read_xlsx(workbook(fill))
    assert len(list(document.tables())) == 1
    assert shown(document) == [["规章", "1"], ["规范", "3"]]


def beside(*columns: dict[int, object], merged: bool = False) -> list[list[list[str]]]:
    """The tables of a sheet: heads in row 1, three rows of numbers, and further columns (values by row) from column D on."""

    def fill(book: Any) -> None:
        sheet = book.active
        for row in (["信息内容", "本年制发件数", "现行有效件数"], ["规章", 1, 2], ["行政规范性文件", 3, 4], ["其他文件", 5, 6]):
            sheet.append(row)
        for at, values in enumerate(columns, 4):
            for row, value in values.items():
                sheet.cell(row, at, value)
        if merged:
            sheet.merge_cells("C1:D1")

    return [[[cell.text for cell in row] for row in table.rows] for table in read_xlsx(workbook(fill)).tables()]


TABLE = [["信息内容", "本年制发件数", "现行有效件数"], ["规章", "1", "2"], ["行政规范性文件", "3", "4"], ["其他文件", "5", "6"]]


def test_what_stands_beside_a_table_of_a_sheet_is_none_of_its_columns() -> None:
    pytest.importorskip("openpyxl")
    checks: dict[int, object] = {2: 0, 3: 0, 4: 7}
    asides = [["0"], ["0"], ["7"]]
    assert beside(checks) == [TABLE, asides]  # next to it, without a head
    assert beside({}, {}, checks) == [TABLE, asides]
    assert beside({}, {2: "已核对", 3: "已核对", 4: "含上年"})[0] == TABLE
    assert beside({3: "已核对"})[0] == TABLE
    with_head = beside({1: "备注", **checks})
    assert with_head[0][1] == ["规章", "1", "2", "0"]
    assert beside(checks, merged=True)[0][1] == ["规章", "1", "2", "0"]
    assert beside({2: "件", 3: "件", 4: "件"})[0][1] == ["规章", "1", "2", "件"]


def test_numbers_without_heads_stay_where_no_column_has_one() -> None:
    pytest.importorskip("openpyxl")

    def fill(book: Any) -> None:
        for row in (["规章", 1, 2], ["行政规范性文件", 3, 4]):
            book.active.append(row)

    assert shown(read_xlsx(workbook(fill))) == [["规章", "1", "2"], ["行政规范性文件", "3", "4"]]


def test_a_merged_area_whose_first_column_is_hidden_still_shows_its_text() -> None:
    pytest.importorskip("openpyxl")

    def fill(book: Any) -> None:
        sheet = book.active
        sheet.append([None, "规章", None, 3])
        sheet.append([None, None, "许可", 4])
        sheet.merge_cells("B1:C1")
        sheet.column_dimensions["B"].hidden = True

    assert shown(read_xlsx(workbook(fill))) == [["规章", "3"], ["许可", "4"]]


def test_titles_and_notes_are_prose_and_blank_rows_part_tables() -> None:
    pytest.importorskip("openpyxl")

    def fill(book: Any) -> None:
        sheet = book.active
        for row in (["示例市年度报告"], [], ["规章", 1], ["规范", 2], [], ["许可", 3], ["处罚", 4], [], ["注：无。"]):
            sheet.append(row)

    document = read_xlsx(workbook(fill))
    assert [b.text if isinstance(b, Paragraph) else len(b.rows) for b in document.blocks] == [
        "示例市年度报告",
        2,
        2,
        "注：无。",
    ]


def test_broken_workbooks_are_named() -> None:
    for body in (b"", b"PK\x03\x04" + bytes(50), zipped({"xl/workbook.xml": b"no xml"})):
        assert [code for code, _ in read_xlsx(body).problems] == ["broken_xlsx"]


def sheet_of(xml: str) -> bytes:
    """A minimal workbook with one sheet of this inner XML."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    related = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    book = f'<workbook xmlns="{main}" xmlns:r="{related}"><sheets><sheet name="s" r:id="a"/></sheets></workbook>'
    relations = '<Relationship Id="a" Type="x/worksheet" Target="worksheets/s.xml"/>'
    namespace = "http://schemas.openxmlformats.org/package/2006/relationships"
    return zipped(
        {
            "xl/workbook.xml": book.encode(),
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{namespace}">{relations}</Relationships>'.encode(),
            "xl/worksheets/s.xml": f'<worksheet xmlns="{main}">{xml}</worksheet>'.encode(),
        }
    )


def test_huge_sheets_are_bounded() -> None:
    row = '<sheetData><row r="1"><c r="A1" t="str"><v>规章</v></c><c r="B1"><v>1</v></c></row>{}</sheetData>'
    merges = "".join(f'<mergeCell ref="A{n * 1000}:ZZ{n * 1000 + 999}"/>' for n in range(2, 900))
    document = read_xlsx(sheet_of(row.format("") + f"<mergeCells>{merges}</mergeCells>"))
    assert shown(document) == [["规章", "1"]]
    far = "".join(f'<row r="{n}"><c r="A{n}"><v>1</v></c><c r="RR{n}"><v>2</v></c></row>' for n in range(2, 3000))
    assert [code for code, _ in read_xlsx(sheet_of(row.format(far))).problems] == ["table_too_large"]


# ------------------------------------------------------------------ zips


def zipped(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in files.items():
            package.writestr(name, content)
    return buffer.getvalue()


def opened(body: bytes) -> tuple[dict[str, bytes], list[str]]:
    problems: list[tuple[str, str]] = []
    files = dict(open_zip(body, problems))
    return files, [code for code, _ in problems]


def test_zip_gives_its_files_and_those_of_zips_inside() -> None:
    inner = zipped({"b.txt": b"2"})
    files, problems = opened(zipped({"a.txt": b"1", "__MACOSX/a": b"", "d/.DS_Store": b"", "in.zip": inner}))
    assert files == {"a.txt": b"1", "in.zip/b.txt": b"2"}
    assert problems == []


def test_zip_limits_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    deep = zipped({"c.zip": zipped({"d.zip": zipped({"x": b"1"})})})
    assert opened(deep) == ({}, ["too_deep"])
    assert opened(zipped({"bomb": bytes(64 << 20)})) == ({}, ["too_large"])
    assert opened(zipped({"../up.txt": b"1", "/abs.txt": b"2", "C:/x.txt": b"3", "ok.txt": b"4"})) == (
        {"ok.txt": b"4"},
        ["unsafe_name"] * 3,
    )
    assert opened(b"PK\x03\x04 nothing") == ({}, ["broken_zip"])
    monkeypatch.setattr(archive, "MAX_FILES", 3)
    assert opened(zipped({str(i): b"" for i in range(4)})) == ({}, ["too_many_files"])
    monkeypatch.setattr(archive, "MAX_TOTAL_BYTES", 10)
    assert opened(zipped({"a": b"12345678", "b": b"12345678"})) == ({"a": b"12345678"}, ["too_large"])


def test_zip_names_of_chinese_windows() -> None:
    body = zipped({"aaaaaaaa.pdf": b"1"}).replace(b"aaaaaaaa", "年度报告".encode("gb18030"))
    assert list(opened(body)[0]) == ["年度报告.pdf"]


def test_office_files_in_a_zip_are_files() -> None:
    pytest.importorskip("docx")
    inner = docx_of(draft(1, "2021"))
    files, problems = opened(zipped({"报告.docx": inner}))
    assert files == {"报告.docx": inner}
    assert problems == []


@settings(max_examples=80, deadline=None)
@given(st.binary(max_size=100), st.integers(0, 10_000), st.integers(0, 40))
def test_damaged_zips_are_survived(noise: bytes, at: int, cut: int) -> None:
    good = zipped({"a.txt": b"1" * 50, "in.zip": zipped({"b.txt": b"2"})})
    at %= len(good)
    opened(good[:at] + noise + good[at + cut :])


# ------------------------------------------------------------------ saved pages


def mhtml(html: bytes, charset: str = "utf-8") -> bytes:
    import base64

    return (
        b"From: <Saved by a browser>\r\nSubject: x\r\nMIME-Version: 1.0\r\n"
        b'Content-Type: multipart/related; type="text/html"; boundary="b1"\r\n\r\n'
        b"--b1\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw0KGgo=\r\n"
        b'--b1\r\nContent-Type: text/html; charset="' + charset.encode() + b'"\r\n'
        b"Content-Transfer-Encoding: base64\r\n\r\n" + base64.encodebytes(html) + b"\r\n--b1--\r\n"
    )


def test_saved_page_is_read_as_its_html() -> None:
    page = generate(1, "2021")
    body = mhtml(page.body)
    assert recognise(body) == "mhtml"
    assert saved_pages(body) == [(page.body, 'text/html; charset="utf-8"')]
    assert parse(body).cells == parse(page.body).cells


def saved(*pages: tuple[str, str]) -> bytes:
    """MHTML of pages with their headers."""
    parts = "".join(f"--b\r\nContent-Type: text/html; charset=utf-8\r\n{header}\r\n\r\n{page}\r\n" for header, page in pages)
    return f'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="b"\r\n\r\n{parts}--b--\r\n'.encode()


def test_what_the_frames_of_a_saved_page_show_is_read() -> None:
    def table(text: str) -> str:
        return f"<html><body><table><tr><td>规章<td>{text}</table></body></html>"

    page = "<html><body><p>正文</p><iframe src='cid:frame-2@x'></iframe></body></html>"
    body = saved(("Content-ID: <frame-1@x>", page), ("Content-ID: <frame-2@x>", table("3")), ("Content-ID: <other@x>", table("9")))
    document = read_document(body)
    assert shown(document) == [["规章", "3"]]
    assert [block.locator.startswith("frame[1]/") for block in document.blocks] == [False, True]
    hidden = "<x:ExcelWorksheet><x:WorksheetSource HRef='a.files/sheet003.htm'/><x:Visible>SheetHidden</x:Visible></x:ExcelWorksheet>"
    book = f"<html><xml>{hidden}</xml><frameset><frame src='a.files/sheet001.htm'><frame src='a.files/tabs.htm'></frameset></html>"
    tabs = "".join(f"<a href='sheet00{n}.htm' target='frSheet'>{n}</a>" for n in (1, 2, 3))
    sheets = [(f"Content-Location: file:///C:/a.files/sheet00{n}.htm", table(str(n))) for n in (1, 2, 3)]
    body = saved(("Content-Location: file:///C:/a.htm", book), *sheets, ("Content-Location: file:///C:/a.files/tabs.htm", tabs))
    assert shown(read_document(body)) == [["规章", "1"], ["规章", "2"]]


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400))
def test_any_saved_page_is_survived(noise: bytes) -> None:
    saved_pages(noise)
    saved_pages(mhtml(b"<p>x</p>")[:120] + noise)


# ------------------------------------------------------------------ what it is


def test_recognised_by_content_alone() -> None:
    page = draft(1, "2021")
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512)
    samples = {
        b"<!DOCTYPE html><html>": "html",
        b"  \xef\xbb\xbf<table><tr><td>1": "html",
        "<div>年报</div>".encode("gb18030"): "html",
        "<html><p>报告</p></html>".encode("utf-16"): "html",
        b"<!-- " + b"x" * 9000 + b" --><html>": "html",
        "一、总体情况\n规章 | 0".encode(): "text",
        "数字 <3 与 >5".encode(): "text",
        b"%PDF-1.7 ...": "pdf",
        b"\xef\xbb\xbf\n%PDF-1.4": "pdf",
        ole: "ole",
        b"{\\rtf1\\ansi": "rtf",
        b"\x89PNG\r\n\x1a\n": "image",
        b"Rar!\x1a\x07\x00": "archive",
        zipped({"a.txt": b""}): "zip",
        zipped({"OFD.xml": b"<OFD/>"}): "ofd",
        zipped({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b""}): "odf",
        zipped({"ppt/presentation.xml": b""}): "pptx",
        b"\x00\x01\x02\x03" * 100: "unknown",
    }
    assert {body: recognise(body) for body in samples} == samples
    pytest.importorskip("docx")
    assert recognise(docx_of(page)) == "docx"
    pytest.importorskip("openpyxl")
    assert recognise(xlsx_of(page)) == "xlsx"
    pytest.importorskip("reportlab")
    assert recognise(pdf_of(page, Print())) == "pdf"


@pytest.mark.parametrize("share", [0.4, 0.7, 0.99])
def test_a_document_cut_off_is_a_broken_document(share: float) -> None:
    pytest.importorskip("docx")
    pytest.importorskip("openpyxl")
    page = draft(1, "2021")
    bodies = {"broken_docx": docx_of(page), "broken_xlsx": xlsx_of(page), "broken_ofd": ofd_of(page)}
    said = {code: parse(body[: int(share * len(body))]).problems for code, body in bodies.items()}
    assert {code: [problem.code for problem in problems] for code, problems in said.items()} == {code: [code] for code in bodies}
    assert all("fetch it again" in problem.message for problems in said.values() for problem in problems)


@pytest.mark.parametrize(
    ("head", "kind", "code"),
    [
        ('<?mso-application progid="Word.Document"?>\n<w:wordDocument xmlns:w="w">', "word_xml", "broken_docx"),
        ('<!-- of Excel --><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">', "sheet_xml", "needs_libreoffice"),
        ('<office:document office:mimetype="application/vnd.oasis.opendocument.text">', "odf", "needs_libreoffice"),
        ('<html xmlns:w="urn:schemas-microsoft-com:office:word"><body>', "html", "not_a_report"),
    ],
)
def test_office_documents_in_one_xml_file(head: str, kind: str, code: str) -> None:
    body = f'<?xml version="1.0" encoding="UTF-8"?>\n{head}'.encode()
    assert recognise(body) == kind
    assert [problem.code for problem in parse(body).problems] == [code]


def test_a_binary_workbook_is_named() -> None:
    body = zipped({"[Content_Types].xml": b"<Types/>", "xl/workbook.bin": b"x"})
    assert recognise(body) == "xlsb"
    assert [problem.code for problem in parse(body).problems] == ["needs_libreoffice"]


def test_a_zip_cut_off_is_a_broken_zip() -> None:
    assert [problem.code for problem in parse(zipped({"a.txt": b"x" * 500})[:80]).problems] == ["broken_zip"]


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=600))
def test_anything_is_recognised_as_something(body: bytes) -> None:
    assert isinstance(recognise(body), str)


@pytest.mark.parametrize("name", ["pingtan-2021", "shuyang-fgj-2023"])
def test_real_pages_are_html(name: str) -> None:
    path = Path("../shared/pages") / name / "page.html"
    if not path.is_file():
        pytest.skip("the shared pages are not here")
    assert recognise(path.read_bytes()) == "html"
