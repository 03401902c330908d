"""Word documents in one XML file: flat packages, and what Word 2003 wrote."""

from __future__ import annotations

import base64
import io
import zipfile

import pytest

from parsers import parse
from parsers.carriers.recognise import recognise
from parsers.payload import read_document
from tests.pagegen.generate import draft, truth_of
from tests.parsers.carriers.carrier_render import docx_of

W = "http://schemas.microsoft.com/office/word/2003/wordml"
AML = "http://schemas.microsoft.com/aml/2001/core"
WX = "http://schemas.microsoft.com/office/word/2003/auxHint"


def flat(docx: bytes) -> bytes:
    """A DOCX as Word writes it into one XML file."""
    parts = []
    with zipfile.ZipFile(io.BytesIO(docx)) as package:
        for name in package.namelist():
            content = package.read(name)
            if name.endswith((".xml", ".rels")):
                xml = content.decode().partition("?>")[2] if content.startswith(b"<?xml") else content.decode()
                data = f"<pkg:xmlData>{xml}</pkg:xmlData>"
            else:
                data = f"<pkg:binaryData>{base64.b64encode(content).decode()}</pkg:binaryData>"
            parts.append(f'<pkg:part pkg:name="/{name}">{data}</pkg:part>')
    namespace = "http://schemas.microsoft.com/office/2006/xmlPackage"
    head = '<?xml version="1.0" encoding="UTF-8"?><?mso-application progid="Word.Document"?>'
    return f'{head}<pkg:package xmlns:pkg="{namespace}">{"".join(parts)}</pkg:package>'.encode()


def word_2003(body: str) -> bytes:
    return (
        '<?xml version="1.0" encoding="UTF-8"?><?mso-application progid="Word.Document"?>'
        f'<w:wordDocument xmlns:w="{W}" xmlns:aml="{AML}" xmlns:wx="{WX}" xmlns:v="v"><w:styles><w:style w:styleId="h"><w:rPr><w:vanish/>'
        f"</w:rPr></w:style></w:styles><w:body><wx:sect>{body}</wx:sect></w:body></w:wordDocument>"
    ).encode()


def r(text: str, look: str = "") -> str:
    return f"<w:r><w:rPr>{look}</w:rPr><w:t>{text}</w:t></w:r>"


def change(kind: str, content: str) -> str:
    return f'<aml:annotation aml:id="1" w:type="Word.{kind}"><aml:content>{content}</aml:content></aml:annotation>'


def test_a_flat_package_reads_back_every_number() -> None:
    page = draft(1, "2021")
    body = flat(docx_of(page))
    report = parse(body)
    assert (recognise(body), report.kind) == ("word_xml", "docx")
    read = {(c.table, c.indicator, c.period or c.applicant): c.value for c in report.cells}
    assert all(read.get((table, name, column)) == value for (table, name, column), (value, _) in truth_of(page).items())


@pytest.mark.parametrize(
    ("content", "printed"),
    [
        (r("12"), "12"),
        (change("Deletion", "<w:r><w:delText>9</w:delText></w:r>") + change("Insertion", r("12")), "12"),
        (r("12") + change("Comment", f"<w:p>{r('9')}</w:p>"), "12"),
        (r("12") + f"<w:r><w:footnote><w:p>{r('9')}</w:p></w:footnote></w:r>", "12"),
        (r("9", '<w:rStyle w:val="h"/>') + r("12"), "12"),
        (r("12") + r("3", '<w:vertAlign w:val="superscript"/>'), "12[3]"),
        ('<w:r><w:pict><v:shape><v:imagedata src="wordml://1.png"/></v:shape></w:pict></w:r>', "\ufffc"),
        ('<w:pPr><w:listPr><wx:t wx:val="3."/></w:listPr></w:pPr>' + r("12"), "3. 12"),
    ],
)
def test_cells_of_word_2003_say_what_it_prints(content: str, printed: str) -> None:
    body = word_2003(f"<w:tbl><w:tr><w:tc><w:p>{r('规章')}</w:p></w:tc><w:tc><w:p>{content}</w:p></w:tc></w:tr></w:tbl>")
    (table,) = read_document(body).tables()
    assert [cell.text for cell in table.rows[0]] == ["规章", printed]


def test_merged_cells_and_deleted_rows_of_word_2003() -> None:
    def cell(text: str, properties: str = "") -> str:
        return f"<w:tc><w:tcPr>{properties}</w:tcPr><w:p>{r(text)}</w:p></w:tc>"

    deleted = '<w:trPr><aml:annotation aml:id="1" w:type="Word.Deletion"/></w:trPr>'
    first = cell("不予公开", '<w:vmerge w:val="restart"/>')
    body = word_2003(
        f"<w:tbl><w:tr>{first}{cell('1')}</w:tr><w:tr>{deleted}{cell('旧')}{cell('9')}</w:tr>"
        f"<w:tr>{cell('', '<w:vmerge/>')}{cell('2')}</w:tr></w:tbl>"
    )
    (table,) = read_document(body).tables()
    assert [[(cell.text, cell.rowspan) for cell in row] for row in table.rows] == [[("不予公开", 2), ("1", 1)], [("2", 1)]]


@pytest.mark.parametrize("body", [b"<w:wordDocument", b"<pkg:package xmlns:pkg='x'><pkg:part>"])
def test_damaged_ones_are_named(body: bytes) -> None:
    assert [code for code, _ in read_document(b'<?xml version="1.0"?>' + body + b" >").problems] == ["broken_docx"]
