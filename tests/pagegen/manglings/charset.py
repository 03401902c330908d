"""Bytes that are not what they are declared to be."""

from __future__ import annotations

from ..model import Draft
from .registry import EVERY, mangling


@mangling("charset", EVERY, "charset")
def gbk_declared_gb2312(draft: Draft) -> None:
    """GBK bytes, gb2312 in the page."""
    draft.declared, draft.encoding = "gb2312", "gbk"


@mangling("charset", EVERY, "charset")
def gb18030_undeclared(draft: Draft) -> None:
    """GB18030 bytes without a word about it."""
    draft.encoding = "gb18030"
    draft.finish.append(lambda page: page.replace('<meta charset="utf-8">', "", 1))


@mangling("charset", EVERY, "charset")
def utf8_declared_gb2312(draft: Draft) -> None:
    """UTF-8 bytes, gb2312 in the page and in the header."""
    draft.declared, draft.content_type = "gb2312", "text/html; charset=gb2312"


@mangling("charset", EVERY, "charset")
def gbk_declared_utf8(draft: Draft) -> None:
    """GBK bytes, utf-8 in the page and in the header."""
    draft.encoding, draft.content_type = "gbk", "text/html; charset=utf-8"


@mangling("charset", EVERY, "charset")
def header_says_latin1(draft: Draft) -> None:
    """ISO-8859-1 in the header."""
    draft.content_type = "text/html; charset=ISO-8859-1"


@mangling("charset", EVERY, "charset")
def byte_order_mark(draft: Draft) -> None:
    """UTF-8 with a byte order mark."""
    draft.encoding = "utf-8-sig"
