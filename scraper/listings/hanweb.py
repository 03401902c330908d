"""Hanweb JCMS (大汉): jpage lists, whose first group is embedded in the page and whose others come as XML from dataproxy.jsp."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from bs4 import BeautifulSoup

from scraper.listings.base import Follow, Found, Link, Page, form, fragment_links, squeeze
from scraper.urls import canonical

_PARAMETERS = re.compile(r"param_?\w*\s*=\s*\{([^{}]*\bcolumnid\b[^{}]*)\}")
_PAIR = re.compile(r"""['"]?(\w+)['"]?\s*:\s*(?:'([^']*)'|"([^"]*)"|(\w+))""")
_TOTAL = re.compile(r"<totalrecord>\s*(\d+)|\btotalRecord\s*[:=]\s*'?(\d+)", re.I)
_PER_PAGE = re.compile(r"\b(?:perPage|perpage)['\"]?\s*[:=]\s*'?(\d+)", re.I)
_PROXY = re.compile(r"""proxyUrl\s*[:=]\s*['"]([^'"]+)['"]""", re.I)
_RECORD = re.compile(r"<record>\s*(?:<!\[CDATA\[(.*?)\]\]>|(.*?))\s*</record>", re.S | re.I)
_FORM = ["col", "appid", "webid", "path", "columnid", "sourceContentType", "unitid", "webname", "permissiontype"]
SCREENS = 3  # a group is three screens
MAX_RECORDS = 9000


class Hanweb:
    """jpage: ``<datastore>`` in the page, then POST startrecord, endrecord, perpage to dataproxy.jsp."""

    name = "hanweb"

    def mine(self, page: Page) -> bool:
        """Whether the page embeds a jpage datastore or its parameters."""
        return (
            "dataproxy.jsp" in page.text
            or ("<datastore" in page.text and "<record" in page.text)
            or bool(_PARAMETERS.search(page.text))
        )

    def read(self, page: Page) -> Found:
        """The records of the page or answer; from the first page also the requests of all other groups."""
        records = [self._links(page, html) for html in _records(page.text)]
        found = Found(links=[link for links in records for link in links])
        if page.memo.get("jpage"):
            return found
        for values in _parameters(page.text):
            found.follow += self._groups(page, values)
        return found

    def _links(self, page: Page, html: str) -> list[Link]:
        links = fragment_links(html, page.url)
        if links:
            return links
        # Broken record fragments (unclosed attributes) that the strict reading loses.
        soup = BeautifulSoup(html, "html.parser")
        anchors = [(a, canonical(str(a["href"]), page.url)) for a in soup.find_all("a", href=True)]
        return [Link(url, squeeze(str(a.get("title") or a.get_text()))) for a, url in anchors if url]

    def _groups(self, page: Page, values: dict[str, Any]) -> Iterator[Follow]:
        total = min(next((int(a or b) for a, b in _TOTAL.findall(page.text)), 0), MAX_RECORDS)
        per_page = max(next((int(n) for n in _PER_PAGE.findall(page.text)), 15), 1)
        proxy = _PROXY.search(page.text)
        url = canonical(proxy.group(1) if proxy else "/module/web/jpage/dataproxy.jsp", page.url)
        if url is None:
            return
        group = per_page * SCREENS
        embedded = len(_records(page.text))
        first = embedded + 1 if embedded else 1
        body = form({key: values[key] for key in _FORM if key in values})
        for start in range(first, total + 1, group):
            end = min(start + group - 1, total)
            yield Follow(
                f"{url}?startrecord={start}&endrecord={end}&perpage={per_page}",
                "POST",
                body,
                self.name,
                {"jpage": 1, "start": start},
                counted=True,
            )


def _records(text: str) -> list[str]:
    return [cdata or plain for cdata, plain in _RECORD.findall(text)]


def _parameters(text: str) -> Iterator[dict[str, str]]:
    seen = set()
    for block in _PARAMETERS.findall(text):
        values = {key: single or double or bare for key, single, double, bare in _PAIR.findall(block)}
        if values.get("unitid") not in seen:
            seen.add(values.get("unitid"))
            values["webname"] = quote(values.get("webname", ""))
            yield values
