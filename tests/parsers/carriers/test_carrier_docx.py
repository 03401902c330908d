"""DOCX: cell by cell against drafts, and Word's ways of not printing what is stored and printing what is not."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parsers import parse
from parsers.carriers.docx import read_docx
from parsers.carriers.office.numbering import chinese, formatted
from parsers.document import Document, Paragraph, Table
from tests.pagegen.generate import draft, truth_of
from tests.parsers.carriers.carrier_render import docx_of

TEMPLATE = Path("../shared/pages/template-docx/report.docx")
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"


def docx(body: str, **parts: str) -> bytes:
    """A minimal DOCX with this body; ``parts`` are further parts of word/ (numbering, styles) as inner XML."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        package.writestr(
            "word/document.xml",
            f'<w:document xmlns:w="{W}" xmlns:r="{R}" xmlns:mc="{MC}"><w:body>{body}</w:body></w:document>',
        )
        for name, content in parts.items():
            if name == "relations":
                package.writestr("word/_rels/document.xml.rels", f'<Relationships xmlns="{RELATIONS}">{content}</Relationships>')
            else:
                package.writestr(f"word/{name}.xml", f'<w:{name} xmlns:w="{W}">{content}</w:{name}>')
    return buffer.getvalue()


def p(text: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{escape(text)}</w:t></w:r></w:p>"


def tc(text: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{p(text)}</w:tc>"


def tbl(*rows: str) -> str:
    return "<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in rows) + "</w:tbl>"


def texts(document: Document) -> list[str]:
    return [block.text for block in document.paragraphs()]


def only_table(body: str) -> list[list[tuple[str, int, int]]]:
    (table,) = read_docx(docx(body)).tables()
    return [[tuple(cell) for cell in row] for row in table.rows]  # type: ignore[misc]


@pytest.mark.parametrize("form", ["2021", "2019", "2014"])
def test_written_by_word_processors_reads_back_every_number(form: str) -> None:
    pytest.importorskip("docx", reason="python-docx writes this test's files")
    for seed in range(4):
        page = draft(seed, form)
        report = parse(docx_of(page))
        assert report.kind == "docx"
        read = {(c.table, c.indicator, c.period or c.applicant): c.value for c in report.cells}
        for (table, name, column), (value, _) in truth_of(page).items():
            assert read.get((table, name, column)) == value


@pytest.mark.skipif(not TEMPLATE.is_file(), reason="the shared pages are not here")
def test_official_template() -> None:
    report = parse(TEMPLATE.read_bytes())
    assert report.form == "2021"
    assert [(t.table, t.n_blank, t.n_reported) for t in report.tables] == [
        ("proactive", 10, 0),
        ("applications", 175, 0),
        ("disputes", 15, 0),
    ]
    assert len(report.sections) == 6


def test_spans() -> None:
    span2, start, more = '<w:gridSpan w:val="2"/>', '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    rows = only_table(
        tbl(
            tc("组", start) + tc("头", span2),
            tc("", more) + tc("1") + tc("2"),
            tc("", more) + tc("3") + tc("4"),
            tc("下", start) + tc("5") + tc("6"),
        )
    )
    assert rows == [
        [("组", 1, 3), ("头", 2, 1)],
        [("1", 1, 1), ("2", 1, 1)],
        [("3", 1, 1), ("4", 1, 1)],
        [("下", 1, 1), ("5", 1, 1), ("6", 1, 1)],
    ]


def test_columns_before_a_row_are_a_blank_cell() -> None:
    rows = only_table(tbl(tc("甲") + tc("乙"), '<w:trPr><w:gridBefore w:val="1"/></w:trPr>' + tc("2")))
    assert rows[1] == [("", 1, 1), ("2", 1, 1)]


def test_tracked_changes_read_as_accepted() -> None:
    run = "<w:r><w:t>{}</w:t></w:r>"
    body = (
        "<w:p>" + run.format("共")
        + "<w:del><w:r><w:delText>12</w:delText></w:r></w:del><w:ins>" + run.format("15") + "</w:ins>"
        + "<w:moveFrom>" + run.format("旧") + "</w:moveFrom><w:moveTo>" + run.format("件") + "</w:moveTo></w:p>"
        + "<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr>" + run.format("前半，") + "</w:p>" + p("后半。")
        + tbl(tc("留") + tc("1"), "<w:trPr><w:del/></w:trPr>" + tc("删") + tc("2"))
    )  # fmt: skip
    document = read_docx(docx(body))
    assert texts(document) == ["共15件", "前半，后半。"]
    (table,) = document.tables()
    assert [[cell.text for cell in row] for row in table.rows] == [["留", "1"]]


def test_text_boxes_are_read_once() -> None:
    box = f"<w:txbxContent>{p('框内')}{tbl(tc('规章') + tc('3'))}</w:txbxContent>"
    body = (
        "<w:p><w:r><w:t>框外</w:t><mc:AlternateContent>"
        f"<mc:Choice><w:drawing>{box}</w:drawing></mc:Choice><mc:Fallback><w:pict>{box}</w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r></w:p>"
    )
    document = read_docx(docx(body))
    assert texts(document) == ["框外", "框内"]
    assert len(list(document.tables())) == 1


def test_content_controls_links_and_hidden_text() -> None:
    body = (
        f"<w:sdt><w:sdtContent>{p('控件中')}</w:sdtContent></w:sdt>"
        '<w:p><w:hyperlink r:id="a"><w:r><w:t>附件</w:t></w:r></w:hyperlink>'
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>隐</w:t></w:r></w:p>"
        "<w:tbl><w:sdt><w:sdtContent><w:tr>" + tc("甲") + tc("1") + "</w:tr></w:sdtContent></w:sdt></w:tbl>"
    )
    relation = '<Relationship Id="a" Type="x/hyperlink" Target="https://example.org/a.pdf" TargetMode="External"/>'
    document = read_docx(docx(body, relations=relation))
    assert texts(document) == ["控件中", "附件"]
    assert [tuple(link) for link in document.links] == [("https://example.org/a.pdf", "附件")]
    assert [[cell.text for cell in row] for table in document.tables() for row in table.rows] == [["甲", "1"]]


def run(text: str, properties: str = "") -> str:
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>"


def mark(step: str, data: str = "") -> str:
    return f'<w:r><w:fldChar w:fldCharType="{step}">{data}</w:fldChar></w:r>'


def field(code: str, result: str) -> str:
    return mark("begin") + code + mark("separate") + result + mark("end")


def code(text: str) -> str:
    return f"<w:r><w:instrText>{text}</w:instrText></w:r>"


CHOICES = '<w:ffData><w:ddList>{}<w:listEntry w:val="0"/><w:listEntry w:val="12"/></w:ddList></w:ffData>'


def cell_text(content: str, **parts: str) -> str:
    """The text of the second cell of a row, with these runs or paragraphs."""
    inner = content if content.startswith("<w:p") else f"<w:p>{content}</w:p>"
    (table,) = read_docx(docx(tbl(tc("规章") + f"<w:tc>{inner}</w:tc>"), **parts)).tables()
    return table.rows[0][1].text


@pytest.mark.parametrize(
    ("content", "printed"),
    [
        (run("12") + run("3", '<w:vertAlign w:val="superscript"/>'), "12[3]"),
        (run("12") + run("3", '<w:rStyle w:val="note"/>'), "12[3]"),
        (run("9", "<w:strike/>") + run("12"), "12"),
        (run("9", "<w:dstrike/>") + run("12", '<w:strike w:val="0"/>'), "12"),
        (run("9", '<w:rStyle w:val="hid"/>') + run("12"), "12"),
        (run("9", '<w:rStyle w:val="below"/>') + run("12", '<w:rStyle w:val="below"/><w:vanish w:val="0"/>'), "12"),
        ('<w:p><w:pPr><w:pStyle w:val="hid"/></w:pPr>' + run("9") + "</w:p>" + p("12"), "12"),
        ("<w:r><w:ruby><w:rt>" + run("3") + "</w:rt><w:rubyBase>" + run("12") + "</w:rubyBase></w:ruby></w:r>", "12"),
        ('<m:oMath xmlns:m="math"><m:r><m:t>12</m:t></m:r></m:oMath>', "12"),
        ('<m:oMath xmlns:m="math"><m:f><m:num><m:t>1</m:t></m:num><m:den><m:t>2</m:t></m:den></m:f></m:oMath>', "1/2"),
        ('<w:fldSimple w:instr=" =SUM(LEFT) "/>', "=SUM(LEFT)"),
        ('<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>=SUM(ABOVE)</w:instrText></w:r>' + run("7"), "7"),
        (field(code("=") + field(code("REF a"), run("9")) + code("+3"), run("12")), "12"),
        (field(code("IF ") + field(code("REF a"), run("9")) + code('>0 "') + run("12") + code('" ""'), run("12")) + run("件"), "12件"),
        (mark("begin", CHOICES.format('<w:result w:val="1"/>')) + code("FORMDROPDOWN") + mark("end"), "12"),
        (mark("begin", CHOICES.format("")) + code("FORMDROPDOWN") + mark("end"), "0"),
        (mark("begin") + code("eq \\o\\ac(○,") + code("5)") + mark("end"), "eq \\o\\ac(○,5)"),
        ('<w:r><w:drawing><w:blip r:embed="i"/></w:drawing></w:r>', "\ufffc"),
        (run("7") + '<w:r><w:drawing><w:blip r:embed="i"/></w:drawing></w:r>', "7"),
        ('<w:p><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr>' + run("12") + "</w:p>", "1. 12"),
        ('<w:p><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:p>', "1."),
    ],
)  # fmt: skip
def test_cells_say_what_word_prints(content: str, printed: str) -> None:
    """Never the digits of two things as one number, never nothing where something is printed."""
    styles = (
        '<w:style w:styleId="hid"><w:rPr><w:vanish/></w:rPr></w:style><w:style w:styleId="below"><w:basedOn w:val="hid"/></w:style>'
        '<w:style w:styleId="note"><w:rPr><w:vertAlign w:val="superscript"/></w:rPr></w:style>'
    )
    numbering = (
        '<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl></w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    )
    relation = '<Relationship Id="i" Type="x/image" Target="media/image1.png"/>'
    assert cell_text(content, styles=styles, numbering=numbering, relations=relation) == printed


def test_hidden_rows_are_left_out() -> None:
    assert only_table(tbl(tc("规章") + tc("3"), "<w:trPr><w:hidden/></w:trPr>" + tc("规章") + tc("9"))) == [[("规章", 1, 1), ("3", 1, 1)]]


def included(content: bytes, name: str = "part.html", body: str = "") -> bytes:
    """A DOCX that includes a part as Word's altChunk does."""
    relation = f'<Relationship Id="c" Type="x/aFChunk" Target="{name}"/>'
    package = io.BytesIO(docx(body or p("前言") + '<w:altChunk r:id="c"/>' + p("后记"), relations=relation))
    with zipfile.ZipFile(package, "a") as target:
        target.writestr(f"word/{name}", content)
    return package.getvalue()


def test_included_pages_and_documents_are_read_in_their_place() -> None:
    page = "<html><body><p>总体情况</p><table><tr><td>规章<td>3</table></body></html>".encode()
    document = read_docx(included(page))
    assert texts(document) == ["前言", "总体情况", "后记"]
    assert [cell.text for table in document.tables() for row in table.rows for cell in row] == ["规章", "3"]
    assert len({block.locator for block in document.blocks}) == 4
    inner = docx(p("内文"))
    assert texts(read_docx(included(inner, "part.docx"))) == ["前言", "内文", "后记"]


def embedded(content: bytes, program: str = "Excel.Sheet.12", aspect: str = "Content") -> bytes:
    """A DOCX that shows an embedded file by a picture of it."""
    shown = f'<o:OLEObject xmlns:o="o" ProgID="{program}" DrawAspect="{aspect}" r:id="o"/>'
    relations = (
        '<Relationship Id="o" Type="x/package" Target="embeddings/a.xlsx"/><Relationship Id="i" Type="x/image" Target="media/i.emf"/>'
    )
    picture = '<w:object><v:imagedata xmlns:v="v" r:id="i"/>'
    package = io.BytesIO(docx(p("前言") + f"<w:p><w:r>{picture}{shown}</w:object></w:r></w:p>" + p("后记"), relations=relations))
    with zipfile.ZipFile(package, "a") as target:
        target.writestr("word/embeddings/a.xlsx", content)
    return package.getvalue()


def workbook(*sheets: str) -> bytes:
    openpyxl = pytest.importorskip("openpyxl", reason="openpyxl writes this test's files")
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name in sheets:
        book.create_sheet(name).append(["规章", 3])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def test_the_sheet_of_an_embedded_workbook_is_read_in_its_place() -> None:
    document = read_docx(embedded(workbook("表")))
    assert [block.locator for block in document.blocks] == ["p[1]", "chunk[1]/表!A1", "p[2]"]
    assert [cell.text for table in document.tables() for row in table.rows for cell in row] == ["规章", "3"]
    assert [type(block) for block in read_docx(embedded(workbook("表"), aspect="Icon")).blocks] == [Paragraph, Paragraph]
    assert codes(embedded(workbook("甲", "乙"))) == ["unsupported_kind"]
    assert codes(embedded(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "Excel.Sheet.8")) == ["needs_libreoffice"]
    assert codes(embedded(b"x", "Equation.3")) == []


def test_included_parts_that_are_not_read_are_named() -> None:
    assert codes(included(b"{\\rtf1 x}", "part.rtf")) == ["unsupported_kind"]
    assert codes(docx(p("前言") + '<w:altChunk r:id="c"/>')) == ["broken_docx"]
    nested = docx(p("底"))
    for _ in range(6):
        nested = included(nested, "part.docx")
    assert codes(nested) == ["too_deep"]


def test_layout_tables_are_unwrapped_and_single_cells_kept() -> None:
    inner = tbl(tc("规章") + tc("3"))
    document = read_docx(docx(tbl(f"<w:tc>{p('一、总体情况')}{inner}{p('完')}</w:tc>")))
    assert [type(block) for block in document.blocks] == [Paragraph, Table, Paragraph]
    rows = only_table(tbl(tc("规章") + f"<w:tc>{tbl(tc('3'))}<w:p/></w:tc>"))
    assert rows == [[("规章", 1, 1), ("3", 1, 1)]]


def test_a_value_in_a_small_table_of_its_own_leaves_the_table_around_it_whole() -> None:
    value = f"<w:tc>{tbl(tc('3') + tc('件'))}<w:p/></w:tc>"
    assert only_table(tbl(tc("规章") + value, tc("许可") + tc("4"))) == [[("规章", 1, 1), ("3 件", 1, 1)], [("许可", 1, 1), ("4", 1, 1)]]
    grid = f"<w:tc>{tbl(tc('规章') + tc('3'), tc('许可') + tc('4'))}</w:tc>"
    document = read_docx(docx(tbl(tc("甲") + grid, tc("乙") + tc("丙"), tc("丁") + tc("戊"), tc("己") + tc("庚"))))
    assert [[cell.text for row in table.rows for cell in row] for table in document.tables()] == [["规章", "3", "许可", "4"]]


def test_tables_in_text_boxes_keep_their_text() -> None:
    box = f"<w:p><w:r><w:pict><w:txbxContent>{tbl(tc('规章') + tc('3'))}</w:txbxContent></w:pict></w:r></w:p>"
    assert only_table(box) == [[("规章", 1, 1), ("3", 1, 1)]]


def test_automatic_numbers_are_printed() -> None:
    level = '<w:lvl w:ilvl="{}"><w:start w:val="1"/><w:numFmt w:val="{}"/><w:lvlText w:val="{}"/></w:lvl>'
    numbering = (
        '<w:abstractNum w:abstractNumId="0">'
        + level.format(0, "chineseCountingThousand", "%1、")
        + level.format(1, "decimal", "%2.")
        + '</w:abstractNum><w:num w:numId="7"><w:abstractNumId w:val="0"/></w:num>'
    )
    styles = '<w:style w:styleId="h"><w:pPr><w:numPr><w:numId w:val="7"/></w:numPr></w:pPr></w:style>'
    second = '<w:numPr><w:ilvl w:val="1"/><w:numId w:val="7"/></w:numPr>'
    heading = '<w:pStyle w:val="h"/>'
    body = p("总体情况", heading) + p("甲", second) + p("乙", second) + p("主动公开", heading) + p("丙", second) + p("无号")
    assert texts(read_docx(docx(body, numbering=numbering, styles=styles))) == [
        "一、总体情况",
        "1.甲",
        "2.乙",
        "二、主动公开",
        "1.丙",
        "无号",
    ]


@pytest.mark.parametrize(("number", "said"), [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (105, "一百零五"), (1010, "一千零一十")])
def test_chinese_counting(number: int, said: str) -> None:
    assert chinese(number) == said


def test_number_styles() -> None:
    assert formatted(4, "upperRoman") == "IV"
    assert formatted(3, "decimalEnclosedCircle") == "③"
    assert formatted(2, "ideographTraditional") == "乙"
    assert formatted(28, "lowerLetter") == "bb"
    assert formatted(5, "bullet") == ""


def test_pictures_without_text_are_image_only() -> None:
    body = '<w:p><w:r><w:drawing><w:blip r:embed="i"/></w:drawing></w:r></w:p>'
    relation = '<Relationship Id="i" Type="x/image" Target="media/image1.png"/>'
    document = read_docx(docx(body, relations=relation))
    assert document.images == ("word/media/image1.png",)
    assert [code for code, _ in document.problems] == ["image_only"]


def test_strict_documents() -> None:
    body = docx(p("严格")).replace(b"", b"")
    with zipfile.ZipFile(io.BytesIO(body)) as package:
        xml = package.read("word/document.xml").replace(W.encode(), b"http://purl.oclc.org/ooxml/wordprocessingml/main")
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        package.writestr("word/document.xml", xml)
    assert texts(read_docx(buffer.getvalue())) == ["严格"]


def codes(body: bytes) -> list[str]:
    return [code for code, _ in read_docx(body).problems]


def test_broken_files_are_named() -> None:
    good = docx(p("好"))
    assert codes(b"") == ["broken_docx"]
    assert codes(good[: len(good) // 2]) == ["broken_docx"]
    assert codes(b"PK\x03\x04" + bytes(100)) == ["broken_docx"]
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        package.writestr("word/document.xml", "no xml at all")
    assert codes(buffer.getvalue()) == ["broken_docx"]


def test_bombs_are_refused() -> None:
    assert codes(docx(p("0" * (40 << 20)))) == ["too_large"]
    entity = '<!DOCTYPE w [<!ENTITY a "0123456789">]>'
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        package.writestr("word/document.xml", f'{entity}<w:document xmlns:w="{W}"><w:body>{p("x")}</w:body></w:document>')
    assert texts(read_docx(buffer.getvalue())) == ["x"]
    deep = "<w:tbl><w:tr><w:tc>" * 200 + "</w:tc></w:tr></w:tbl>" * 200
    assert read_docx(docx(deep)).kind == "docx"


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=120), st.integers(0, 100_000), st.integers(0, 60))
def test_any_damage_is_survived(noise: bytes, at: int, cut: int) -> None:
    good = docx(p("一、总体情况") + tbl(tc("规章") + tc("3")))
    at %= len(good)
    assert read_docx(good[:at] + noise + good[at + cut :]).kind == "docx"


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet='<>/w:="pctrblvalgid 12一', max_size=200))
def test_any_markup_is_survived(markup: str) -> None:
    assert read_docx(docx(tbl(tc("规章")) + markup)).kind == "docx"
