"""Character sets: by bytes first, by declaration last; and what is no text at all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.decode import decode, looks_binary

TEXT = "示例市人民政府2022年政府信息公开工作年度报告：一、总体情况"


@pytest.mark.parametrize(
    ("body", "content_type", "encoding"),
    [
        (TEXT.encode(), None, "utf-8"),
        (b"\xef\xbb\xbf" + TEXT.encode(), "text/html; charset=gbk", "utf-8"),
        (b"\xff\xfe" + TEXT.encode("utf-16-le"), None, "utf-16-le"),
        (b"\xfe\xff" + TEXT.encode("utf-16-be"), None, "utf-16-be"),
        (("<html>" + TEXT).encode("utf-16-le"), None, "utf-16-le"),
        (TEXT.encode("gbk"), "text/html; charset=gb2312", "gb18030"),
        (TEXT.encode("gbk"), "text/html; charset=utf-8", "gb18030"),
        (TEXT.encode("gbk"), "text/html; charset=ISO-8859-1", "gb18030"),
        (b'<meta charset="utf-8">' + TEXT.encode("gbk"), None, "gb18030"),
        (b'<meta charset="gb2312">' + TEXT.encode(), None, "utf-8"),
        (TEXT.encode("big5", "replace"), "text/html; charset=big5", "big5hkscs"),
        (b'<?xml version="1.0" encoding="big5"?>' + "示例政府".encode("big5"), None, "big5hkscs"),
        ("镕㛃𠀀".encode("gb18030"), "text/html; charset=gb2312", "gb18030"),
    ],
)
def test_the_bytes_decide_before_the_declaration(body: bytes, content_type: str | None, encoding: str) -> None:
    decoded = decode(body, content_type)
    assert decoded.encoding == encoding
    assert decoded.replaced == 0
    if "big5" not in encoding and "镕" not in decoded.text:
        assert decoded.text.endswith(TEXT)


def test_a_body_cut_inside_a_character_stays_utf8_and_says_so() -> None:
    decoded = decode(TEXT.encode()[:-1])
    assert (decoded.encoding, decoded.replaced) == ("utf-8", 1)
    assert decoded.text[:-1] == TEXT[:-1]


def test_a_few_damaged_bytes_do_not_turn_utf8_into_another_charset() -> None:
    body = TEXT.encode() * 20
    damaged = body[:300] + b"\xff" + body[300:]
    decoded = decode(damaged, "text/html; charset=gb2312")
    assert decoded.encoding == "utf-8"
    assert decoded.replaced >= 1
    assert decoded.text.count("信息公开") >= 19


def test_damaged_gbk_is_read_with_a_count() -> None:
    decoded = decode(TEXT.encode("gbk") * 3 + b"\xff\xff" + TEXT.encode("gbk"))
    assert decoded.encoding == "gb18030"
    assert decoded.replaced >= 1
    assert decoded.text.startswith(TEXT)


def test_a_printed_replacement_character_is_no_loss() -> None:
    assert decode("坏\ufffd字".encode()).replaced == 0


@pytest.mark.parametrize("name", ["hex", "rot13", "no-such-charset", "x\u00e9", "zlib", "utf-7"])
def test_strange_declarations_are_survived(name: str) -> None:
    assert decode(TEXT.encode("gbk"), f"text/html; charset={name}").text == TEXT


@given(st.binary(max_size=3000), st.none() | st.text(max_size=40))
def test_decode_never_raises(body: bytes, content_type: str | None) -> None:
    decoded = decode(body, content_type)
    assert decoded.replaced >= 0
    assert "\ufffd" in decoded.text or decoded.replaced == 0


@given(st.text(min_size=1, max_size=500))
def test_utf8_is_read_as_written(text: str) -> None:
    body = (
        text.encode("utf-8", "surrogatepass") if "\ud800" <= max(text) <= "\udfff" else text.encode("utf-8", "ignore")
    )
    if b"\x00" not in body and not text.startswith("\ufeff"):
        assert decode(body).text == body.decode("utf-8", "replace")


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"%PDF-1.7\n%\xe2\xe3", "pdf"),
        (b"\n\n%PDF-1.4", "pdf"),
        (b"PK\x03\x04" + bytes(30), "zip"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(30), "ole"),
        (b"\x89PNG\r\n\x1a\n", "image"),
        (b"\xff\xd8\xff\xe0", "image"),
        (b"GIF89a", "image"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image"),
        (b"BM\x00\x10\x00\x00\x00\x00\x00\x00", "image"),
        (b"Rar!\x1a\x07\x00", "rar"),
        (b"\x1f\x8b\x08\x00", "gzip"),
        (bytes(range(256)) * 4, "unknown-binary"),
        (bytes(100), "unknown-binary"),
        (b"", None),
        (b"<html><body>%PDF-1.4 is a format", None),
        (TEXT.encode(), None),
        (TEXT.encode("gbk"), None),
        (b"\xff\xfe" + TEXT.encode("utf-16-le"), None),
        (("<html>" + TEXT).encode("utf-16-le"), None),
        (b"BM is also how a text may begin", None),
    ],
)
def test_what_a_body_is(body: bytes, kind: str | None) -> None:
    assert looks_binary(body) == kind


@given(st.binary(max_size=5000))
def test_looks_binary_never_raises(body: bytes) -> None:
    assert looks_binary(body) is None or body
