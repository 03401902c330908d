"""What every listing family shares: the page it reads, what it finds, how links are taken from HTML and JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple, Protocol
from urllib.parse import quote, urlencode, urlsplit, urlunsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from scraper.urls import canonical

_DATE = re.compile(r"(?<!\d)((?:19|20)\d\d)[-/.年](\d{1,2})[-/.月](\d{1,2})(?!\d)")
_SCRIPT_TARGET = re.compile(r"""['"]([^'"\s]+?(?:\.(?:s?html?|jspx?|aspx?|php|pdf|docx?|wps|xlsx?)(?:\?[^'"]*)?|/\d+/?))['"]""", re.I)
_BLANKS = re.compile(r"\s+")
MAX_UNCLOSED = 20_000


class Link(NamedTuple):
    """A link that may lead to a report: absolute URL, title, and the ISO date printed beside it."""

    url: str
    title: str
    date: str | None = None


class Follow(NamedTuple):
    """The next request of a listing. ``memo`` is what the family needs to read the answer.

    ``counted``: the number of pages is known, so the request does not depend on what the page before it held; ``fresh``: what
    follows may repeat this page (an API that gives the embedded first page again).
    """

    url: str
    method: str = "GET"
    body: str = ""
    family: str | None = None
    memo: Mapping[str, Any] = {}
    counted: bool = False
    fresh: bool = False


@dataclass(slots=True)
class Found:
    """What a listing page gave: links, next requests, notes (code, message) about what is wrong with it, and the family that read it."""

    links: list[Link] = field(default_factory=list)
    follow: list[Follow] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)
    family: str = "generic"


@dataclass
class Page:
    """A listing's answer: final URL, decoded text, and the memo of the request that asked for it."""

    url: str
    text: str
    memo: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def tree(self) -> LexborHTMLParser:
        """The text as HTML. Raises ValueError for markup nested so deeply that reading it would take for ever."""
        if self.text.count("<") - 2 * self.text.count("</") - self.text.count("<!") > MAX_UNCLOSED:
            raise ValueError("the markup is nested too deeply")
        return LexborHTMLParser(self.text)

    @cached_property
    def base(self) -> str:
        """What relative links are resolved against."""
        node = self.tree.css_first("base[href]")
        return (canonical(node.attributes.get("href") or "", self.url) if node else None) or self.url

    @cached_property
    def json(self) -> Any:
        """The text as JSON, None if it is none."""
        try:
            return json.loads(self.text)
        except ValueError:
            return None

    @property
    def title(self) -> str:
        """The text of <title>."""
        node = self.tree.css_first("title")
        return squeeze(node.text()) if node else ""


class Family(Protocol):
    """One CMS family: says whether a page is one of its lists, and reads first pages and later answers alike."""

    name: str

    def mine(self, page: Page) -> bool:
        """Whether the page carries the family's marks."""
        ...

    def read(self, page: Page) -> Found:
        """Links and next requests of a page or answer."""
        ...


def squeeze(text: str) -> str:
    """White space runs as one blank."""
    return _BLANKS.sub(" ", text).strip()


def iso_date(text: str) -> str | None:
    """The first date in a text as YYYY-MM-DD."""
    found = _DATE.search(text)
    return f"{found[1]}-{int(found[2]):02d}-{int(found[3]):02d}" if found else None


def anchor_title(node: LexborNode) -> str:
    """A link's title: its ``title`` attribute or its text, whichever says more."""
    text, attribute = squeeze(node.text(separator="")), squeeze(node.attributes.get("title") or "")
    return attribute if len(attribute) > len(text) or (text.endswith(("...", "…")) and attribute) else text


def anchor_url(node: LexborNode, base: str) -> str | None:
    """Where a link leads, also where only a script says so (``onclick="window.open('…')"``)."""
    href = (node.attributes.get("href") or "").strip()
    if href and not href.lower().startswith(("javascript:", "#", "mailto:", "tel:")):
        return canonical(href, base)
    found = _SCRIPT_TARGET.search(href) or _SCRIPT_TARGET.search(node.attributes.get("onclick") or "")
    return canonical(found.group(1), base) if found else None


def html_links(tree: LexborHTMLParser, base: str) -> Iterator[Link]:
    """All links of a page or fragment in document order, each with the date of its row."""
    for node in tree.css("a"):
        title, url = anchor_title(node), anchor_url(node, base)
        if url and title:
            yield Link(url, title, row_date(node, title))


def row_date(node: LexborNode, title: str) -> str | None:
    """The date printed in the row of a link, looking up to three levels above it but not past its siblings' rows."""
    parent = node.parent
    for _ in range(3):
        if parent is None or parent.tag in ("body", "ul", "table", "tbody"):
            return None
        if len(parent.css("a")) > 3:
            return None
        found = iso_date(parent.text().replace(title, " "))
        if found:
            return found
        parent = parent.parent
    return None


def fragment_links(html: str, base: str) -> list[Link]:
    """Links of a piece of HTML."""
    return list(html_links(LexborHTMLParser(html), base))


def form(values: Mapping[str, Any]) -> str:
    """A form body (application/x-www-form-urlencoded, UTF-8)."""
    return urlencode({key: str(value) for key, value in values.items()})


_TITLES = ("title", "titleHtml", "docTitle", "doctitle", "DOCTITLE", "subTitleHtml", "name")
_URLS = ("url", "docPubUrl", "docpuburl", "DOCPUBURL", "redirectUrl", "link", "href", "post_url")
_DATES = (
    "publishedTimeStr",
    "display_publish_time",
    "created_at",
    "docreltime",
    "docRelTime",
    "DOCRELTIME",
    "publishDate",
    "date",
)
_TOTALS = ("total", "totalCount", "recordCount", "totalRecord", "count")


def json_links(data: Any, base: str) -> list[Link]:
    """Links of a JSON answer: every object, however deep, that has a title and an address."""
    links: list[Link] = []
    for record in _objects(data):
        title, target = _first(record, _TITLES), _first(record, _URLS)
        url = canonical(target, base) if title and target else None
        if url:
            text = squeeze(LexborHTMLParser(title).text()) if "<" in title else squeeze(title)
            links.append(Link(url, text, iso_date(_first(record, _DATES))))
    return links


def json_total(data: Any) -> int | None:
    """The number of entries that a JSON answer says there are."""
    for record in _objects(data):
        for name in _TOTALS:
            if str(record.get(name, "")).isdigit():
                return int(record[name])
    return None


def _first(record: Mapping[str, Any], names: tuple[str, ...]) -> str:
    return next((str(record[name]) for name in names if record.get(name) and isinstance(record[name], str | int)), "")


def _objects(data: Any, depth: int = 0) -> Iterator[dict[str, Any]]:
    """All objects of a JSON value, the outer ones first."""
    if isinstance(data, dict):
        yield data
    children = data.values() if isinstance(data, dict) else data if isinstance(data, list) else ()
    for child in children if depth < 8 else ():
        yield from _objects(child, depth + 1)


def with_query(url: str, **values: object) -> str:
    """The URL with some of its query's values set; the others keep their place and spelling."""
    parts = urlsplit(url)
    pairs = [pair for pair in parts.query.split("&") if pair and pair.partition("=")[0] not in values]
    pairs += [f"{name}={quote(str(value))}" for name, value in values.items()]
    return urlunsplit(parts._replace(query="&".join(pairs)))
