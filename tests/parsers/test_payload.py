"""The kind of a payload is told by its content, whatever its name or header says."""

from __future__ import annotations

import io
import zipfile

import pytest

from parsers import parse
from parsers.carriers.extra import missing
from parsers.payload import read_document
from tests.parsers.pages_by_hand import page


def _zip(**members: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in members.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), text)
    return buffer.getvalue()


NO_PICTURE = "image_only" if missing() else "broken_image"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 60


@pytest.mark.parametrize(
    ("body", "kind", "code"),
    [
        (b"", "unknown", "empty"),
        (b" \n\t \r\n", "unknown", "empty"),
        (PNG, "image", NO_PICTURE),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF" + b"\0" * 60, "image", NO_PICTURE),
        (b"GIF89a" + b"\0" * 60, "image", NO_PICTURE),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "unknown", "needs_libreoffice"),
        (b"{\\rtf1\\ansi a}", "unknown", "needs_libreoffice"),
        (_zip(a_txt="x"), "unknown", "zip_archive"),
        (_zip(OFD_xml="<ofd/>"), "ofd", "broken_ofd"),
        (b"Rar!\x1a\x07\x00" + b"\0" * 60, "unknown", "unsupported_archive"),
        (b"7z\xbc\xaf\x27\x1c" + b"\0" * 60, "unknown", "unsupported_archive"),
        (bytes(range(256)) * 8, "unknown", "unknown_kind"),
    ],
)
def test_what_is_no_readable_page_says_what_it_is(body: bytes, kind: str, code: str) -> None:
    document = read_document(body)
    assert (document.kind, [c for c, _ in document.problems]) == (kind, [code])
    assert document.blocks == ()
    report = parse(body)
    assert (report.form, report.is_report, [p.code for p in report.problems]) == (None, False, [code])
    assert all(p.message for p in report.problems)


@pytest.mark.parametrize("declared", [None, "application/pdf", "image/png", "text/plain", "application/octet-stream", "nonsense"])
def test_the_declared_type_does_not_decide(declared: str | None) -> None:
    assert read_document(page(), declared).kind == "html"
    assert read_document("一、总体情况\n规章 | 0 | 0 | 0\n".encode(), declared).kind == "text"
    assert read_document(PNG, declared).kind == "image"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16", "big5"])
def test_pages_in_any_charset_are_html(encoding: str) -> None:
    body = "<html><body><p>年度報告</p><table><tr><td>1</td></tr></table></body></html>".encode(encoding)
    document = read_document(body)
    assert document.kind == "html"
    assert [table.rows[0][0].text for table in document.tables()] == ["1"]


def test_kilobytes_of_blanks_and_comments_before_the_page() -> None:
    assert read_document(b"\n" * 9000 + b"<!-- " + b"x" * 9000 + b" -->" + page()).kind == "html"


def test_a_page_saved_as_mhtml() -> None:
    boundary = b"----=_Next"
    body = (
        b"From: <Saved by a browser>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n"
        b'\ttype="text/html";\r\n\tboundary="' + boundary + b'"\r\n\r\n--' + boundary + b"\r\n"
        b'Content-Type: text/html; charset="utf-8"\r\nContent-Transfer-Encoding: 8bit\r\n\r\n' + page() + b"\r\n--"
        + boundary + b"--\r\n"
    )  # fmt: skip
    assert [t.verdict for t in parse(body).tables] == ["unproved", "proved", "proved"]


@pytest.mark.parametrize("cut", [10, 200, 2000])
def test_a_broken_office_file_or_pdf_is_a_named_problem(cut: int) -> None:
    whole = _zip(word__document_xml="<w/>", a_xml="x" * 5000)
    for body in (whole[:cut], b"%PDF-1.7\n" + b"1 0 obj\n" * cut, whole[:-cut] + b"\0" * cut):
        report = parse(body)
        assert report.form is None
        assert report.problems
