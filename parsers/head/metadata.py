"""Metadata at the head of a page: who published it, when, under which index number.

What the page prints (parsers.head.pairs) wins over ``<meta>``; of several labels of one field the surer wins (发布机构 over
来源). Nothing is read from the report's own tables or prose; a date that is none, an index number without a digit and
a dash in place of a value stay None.
"""

from __future__ import annotations

import html
import re
import tomllib
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from parsers.document import Document
from parsers.head import titles
from parsers.head.dates import is_date_line, parse_date
from parsers.head.headlines import head_lines
from parsers.head.page_title import below_title, page_title, surest_title
from parsers.head.pairs import DATES, LABELS, printed_pairs
from parsers.model import Metadata

VALUE_LIMIT = 200  # characters

_DATA = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
_TAGS = re.compile(r"<[^<>]{0,300}>")
_CONTROLS = re.compile(rf"(?:^|\s)[\[【（(|]?\s?(?:{'|'.join(_DATA['controls']['words'])})")
_NONE = re.compile(r"[-—－–_/\\*＊.．。·、\s]*|[（(\[]?(?:无|暂无|无文号|null|undefined|N/?A)[）)\]]?", re.I)
_NO_PUBLISHERS = frozenset(_DATA["nobody"]["publishers"])
_TEMPLATE = re.compile(r"^https?://|\{\{|\$\{|<[%?]")
_FREE_TEXT = frozenset(("title", "keywords", "summary"))
_OPENING = "[【（( |,，;；、"


def read_head(document: Document) -> tuple[Metadata, str | None]:
    """The metadata and the title of a page (read_metadata, page_title), looked for once."""
    head = head_lines(document)
    metadata = _metadata(document, head)
    return metadata, page_title(document, metadata, head)


def read_metadata(document: Document) -> Metadata:
    """The metadata of a page. Dates are ISO; every other value is as printed, its white space collapsed. Never
    raises.
    """
    return _metadata(document, head_lines(document))


def read_title(document: Document, metadata: Metadata) -> str | None:
    """The title of a page (page_title)."""
    return page_title(document, metadata, head_lines(document))


def _metadata(document: Document, head: list[str]) -> Metadata:
    found: dict[str, tuple[int, str]] = {}
    for label, value in printed_pairs(document, head):
        field, rank = LABELS[label]
        if not field or (field in found and found[field][0] <= rank):
            continue
        kept = _value(field, value)
        if kept:
            found[field] = (rank, kept)
    fields = {field: value for field, (_, value) in found.items()}
    for field, value in _declared(document, head):
        fields.setdefault(field, value)
    if "date_published" not in fields and (day := _below_title(head)):
        fields["date_published"] = day
    return Metadata(**fields)


def _below_title(head: list[str]) -> str | None:
    """The date without a label right below the title; several are those of a list."""
    days = [parse_date(line) for line in below_title(head) if is_date_line(line)]
    return days[0] if len(days) == 1 else None


@lru_cache(maxsize=2048)  # what the pages of a site have in common, and the labels that one page repeats
def _value(field: str, value: str) -> str | None:
    """A printed value of a field, None where it is none."""
    value = " ".join(value.split())
    controls = _CONTROLS.search(value)
    if controls and field not in _FREE_TEXT:
        value = value[: controls.start()]
    value = value.strip(" |").rstrip(_OPENING)
    if value.endswith(("】", "]")) and not set("【[") & set(value):
        value = value[:-1]
    if not value or len(value) > VALUE_LIMIT or _NONE.fullmatch(value) or _TEMPLATE.search(value):
        return None
    if value.endswith("分类") and field not in _FREE_TEXT:  # the next label, whatever it is of
        return None
    if field in DATES:
        return parse_date(value)
    if field == "index_no" and not any(map(str.isdigit, value)):
        return None
    if field == "publisher" and (value in _NO_PUBLISHERS or value.isdecimal() or titles.is_report_title(value)):
        return None
    return value


def _declared(document: Document, head: list[str]) -> Iterator[tuple[str, str]]:
    """What <meta> declares. Of the article only where its title is not another report's, left over from a template."""
    sources = dict(_DATA["meta"]["site"])
    article = _declared_value(document, "title", _DATA["meta"]["title"]["title"])
    year = titles.title_year(article) if article else None
    printed = surest_title(head) if year else None
    if printed is None or titles.title_year(printed) == year:
        sources |= _DATA["meta"]["article"]
        if article is not None:
            sources |= _DATA["meta"]["title"]
    for field, name in sources.items():
        value = _declared_value(document, field, name)
        if value:
            yield field, value


def _declared_value(document: Document, field: str, name: str) -> str | None:
    declared = document.meta.get(name)
    return _value(field, _TAGS.sub("", html.unescape(declared))) if declared else None
