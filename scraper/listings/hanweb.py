"""Hanweb JCMS (大汉): jpage lists, the catalogue search of its xxgk module, and that module's annual reports by year.

A jpage list embeds its first group in the page; dataproxy.jsp gives the others as XML, three screens a group.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from typing import TypeVar
from urllib.parse import parse_qs, urlsplit

from bs4 import BeautifulSoup

from scraper.listings.base import Follow, Found, Link, Page, form, fragment_links, squeeze, with_query
from scraper.urls import canonical

_PARAMETERS = re.compile(r"param\w*\s*=\s*\{([^{}]*\bcolumnid\b[^{}]*)\}")
_PAIR = re.compile(r"""['"]?(\w+)['"]?\s*:\s*(?:'([^']*)'|"([^"]*)"|(\w+))""")
_TOTAL = re.compile(r"\btotalRecord['\"]?\s*[:=]\s*['\"]?(\d+)|<totalrecord>\s*(?:<!\[CDATA\[)?\s*(\d+)", re.I)
_PER_PAGE = re.compile(r"\bperPage['\"]?\s*[:=]\s*['\"]?(\d+)", re.I)
_PROXY = re.compile(r"""proxyUrl['"]?\s*[:=]\s*['"]([^'"]+)['"]""", re.I)
_STORE = re.compile(r"<datastore\b.*?(?:</datastore>|\Z)", re.S | re.I)
_RECORD = re.compile(r"<record>\s*(?:<!\[CDATA\[(.*?)\]\]>|(.*?))\s*</record>", re.S | re.I)
_NEXT_GROUP = re.compile(r"<nextgroup>.*?href=\"([^\"]+)\".*?</nextgroup>", re.S | re.I)
T = TypeVar("T")
_FORM = ("col", "appid", "webid", "path", "columnid", "sourceContentType", "unitid", "webname", "permissiontype")
SCREENS = 3
MAX_RECORDS = 9000


class Hanweb:
    """jpage: ``<datastore>`` in the page, then POST startrecord, endrecord, perpage to dataproxy.jsp."""

    name = "hanweb"

    def mine(self, page: Page) -> bool:
        """Whether the page embeds a jpage datastore or its parameters."""
        return (
            "dataproxy.jsp" in page.text
            or bool(_STORE.search(page.text) and _RECORD.search(page.text))
            or bool(_PARAMETERS.search(page.text))
        )

    def read(self, page: Page) -> Found:
        """The records of the page or answer; from the first page also the requests of all other groups."""
        found = Found(links=[link for record in _records(page.text) for link in _links(page, record)])
        if page.memo.get("jpage") == "counted":
            return found
        found.follow = list(_groups(page)) if not page.memo.get("jpage") else []
        if not found.follow:
            found.follow = list(_next_group(page))
        return found


def _links(page: Page, record: str) -> list[Link]:
    links = fragment_links(record, page.url)
    if links:
        return links
    # Fragments so broken that the strict reading loses the link.
    soup = BeautifulSoup(record, "html.parser")
    anchors = [(a, canonical(str(a["href"]), page.url)) for a in soup.find_all("a", href=True)]
    return [Link(url, squeeze(str(a.get("title") or a.get_text()))) for a, url in anchors if url]


def _groups(page: Page) -> Iterator[Follow]:
    """The requests of all groups that the page does not embed, for each of its lists."""
    units = list(_parameters(page.text))
    totals = [int(a or b) for a, b in _TOTAL.findall(_STORE.sub("", page.text))] or [int(a or b) for a, b in _TOTAL.findall(page.text)]
    stores = [len(_records(store)) for store in _STORE.findall(page.text)]
    per_pages, proxies = [int(n) for n in _PER_PAGE.findall(page.text)], _PROXY.findall(page.text)
    for number, values in enumerate(units):
        total, embedded, per_page = (
            _nth(totals, number, 0),
            _nth(stores, number, 0),
            max(_nth(per_pages, number, 15), 1),
        )
        url = canonical(str(_nth(proxies, number, "/module/web/jpage/dataproxy.jsp")), page.url)
        body = form({key: values[key] for key in _FORM if key in values})
        for start in range(embedded + 1, min(total, MAX_RECORDS) + 1, per_page * SCREENS) if url else ():
            end = min(start + per_page * SCREENS - 1, total)
            query = f"startrecord={start}&endrecord={end}&perpage={per_page}"
            memo = {"jpage": "counted", "start": start}
            yield Follow(f"{url}?{query}", "POST", body, Hanweb.name, memo, counted=True)


def _nth(values: Sequence[T], number: int, default: T) -> T:
    return values[number] if number < len(values) else values[0] if values else default


def _next_group(page: Page) -> Iterator[Follow]:
    """The group that the answer itself names, where the page has no parameters."""
    link = _NEXT_GROUP.search(page.text)
    url = canonical(html.unescape(link.group(1)), page.url) if link else None
    if url:
        yield Follow(url, family=Hanweb.name, memo={"jpage": "linked"})


def _records(text: str) -> list[str]:
    return [cdata or html.unescape(plain) for cdata, plain in _RECORD.findall(text)]


def _parameters(text: str) -> Iterator[dict[str, str]]:
    seen = set()
    for block in _PARAMETERS.findall(text):
        values = {key: single or double or bare for key, single, double, bare in _PAIR.findall(block)}
        if values.get("unitid") not in seen:
            seen.add(values.get("unitid"))
            yield values


_SEARCH = "/module/xxgk/search.jsp"
_PAGES = re.compile(r"共\s*(?:<[^<>]*>\s*)*(\d+)\s*(?:<[^<>]*>\s*)*页")
_SEARCH_FIELDS = ("infotypeId", "jdid", "area", "divid", "standardXxgk")
_DIVISION = re.compile(r"['\"](div\d\w*)['\"]")


class HanwebCatalogue:
    """xxgk: a shell page whose rows come from POST /module/xxgk/search.jsp."""

    name = "hanweb-xxgk"

    def mine(self, page: Page) -> bool:
        """Whether the page loads the search or a tree of it."""
        return _SEARCH in page.text or "/module/xxgk/tree.jsp" in page.text

    def read(self, page: Page) -> Found:
        """Rows of an answer; from the shell its first request, from the first answer all others."""
        current = int(page.memo.get("currpage", 0))
        if current == 0:
            body = form({"texttype": 0, **self._fields(page), "isAllList": 1})
            return Found(follow=[self._request(page, body, 1, counted=False)])
        found = Found(links=fragment_links(page.text, page.url))
        pages = _PAGES.search(page.text)
        if current == 1 and pages:
            body = str(page.memo["body"])
            found.follow = [self._request(page, body, n, counted=True) for n in range(2, min(int(pages[1]), 300) + 1)]
        return found

    def _request(self, page: Page, body: str, number: int, *, counted: bool) -> Follow:
        query = f"texttype=0&fbtime=-1&vc_all=&vc_filenumber=&vc_title=&vc_number=&currpage={number}&sortfield=compaltedate:0"
        url = canonical(f"{_SEARCH}?{query}", page.url) or page.url
        return Follow(url, "POST", body, self.name, {"currpage": number, "body": body}, counted=counted, fresh=True)

    def _fields(self, page: Page) -> dict[str, str]:
        text = html.unescape(page.text)
        address = parse_qs(urlsplit(page.url).query)
        fields = {}
        for name in _SEARCH_FIELDS:
            found = re.search(rf"\b{name}=([\w-]+)", text)
            fields[name] = found.group(1) if found else address.get(name, [""])[0]
        division = _DIVISION.search(text)
        return {**fields, "divid": fields["divid"] or (division.group(1) if division else "")}


class HanwebAnnualReports:
    """xxgkAnnualReport.jsp: the reports of one organ, a year at a time (fbtime), read backwards from the year asked for."""

    name = "hanweb-annual"

    def mine(self, page: Page) -> bool:
        """Whether the page is one of these years."""
        return "xxgkAnnualReport.jsp" in page.url

    def read(self, page: Page) -> Found:
        """Links of one year and the request of the year before."""
        year = parse_qs(urlsplit(page.url).query).get("fbtime", [""])[0]
        links = fragment_links(page.text, page.url)
        years = [link for link in links if "xxgkAnnualReport.jsp" in link.url]
        if years:
            return Found(links, [Follow(link.url, family=self.name, counted=True) for link in years])
        if not year.isdigit() or int(year) <= 2008:
            return Found(links)
        return Found(links, [Follow(with_query(page.url, fbtime=int(year) - 1), family=self.name, memo={"year": int(year) - 1})])
