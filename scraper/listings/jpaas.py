"""Hanweb JPaaS (大汉, new): list units built by an API that answers JSON with HTML inside.

The API may ignore the page number when asked from afar; the crawl stops at the first page that repeats.
"""

from __future__ import annotations

import json
import math
import re
from urllib.parse import urlencode, urlsplit

from scraper.listings.base import Follow, Found, Page, fragment_links
from scraper.urls import canonical

_API = "/api-gateway/jpaas-publish-server/front/page/build/unit"
_PAIR = re.compile(r"['\"](\w+)['\"]\s*:\s*['\"]([^'\"]*)['\"]")
_ATTRIBUTE = re.compile(r"\b(count|rows|pageno)\s*=\s*\\?['\"]?(\d+)", re.I)
_CONDITION = {
    "parseType": "bulidstatic",
    "webId": "",
    "tplSetId": "",
    "pageType": "column",
    "tagId": "信息列表",
    "editType": "null",
    "pageId": "",
}
MAX_PAGES = 300


class Jpaas:
    """``<script url="/api-gateway/…" queryData="{…}">`` or links to the build unit."""

    name = "jpaas"

    def mine(self, page: Page) -> bool:
        """Whether the page asks the publishing server."""
        return "/jpaas-publish-server/" in page.text

    def read(self, page: Page) -> Found:
        """Links in the answer's HTML and the request of the next page; from the column the first requests of all its units."""
        if "query" not in page.memo:
            return Found(follow=[self._request(page, query, 1, int(query.get("rows", 15))) for query in self._units(page)])
        data = page.json if isinstance(page.json, dict) else {}
        inner = data.get("data")
        html = inner.get("html", "") if isinstance(inner, dict) else inner if isinstance(inner, str) else ""
        found = Found(links=fragment_links(html, page.url))
        if data.get("success") is False:
            found.notes.append(("listing_refused", f"the list's API says: {str(data.get('message') or data.get('msg'))[:100]}"))
        number, query, size = int(page.memo["number"]), dict(page.memo["query"]), int(page.memo["size"])
        pager = {name.lower(): int(value) for name, value in _ATTRIBUTE.findall(html)}
        size = pager.get("rows", size)
        last = math.ceil(pager["count"] / size) if pager.get("count") and size else MAX_PAGES
        if found.links and number < min(last, MAX_PAGES):
            found.follow = [self._request(page, query, number + 1, size)]
        return found

    def _units(self, page: Page) -> list[dict[str, str]]:
        units = []
        for node in page.tree.css("[querydata]"):
            values = dict(_PAIR.findall(node.attributes.get("querydata") or ""))
            if "pageId" in values or "webId" in values:
                units.append({**_CONDITION, **values})
        if units:
            return units
        # The parameters of a unit that the page has already built, in the address of its pager.
        for address in re.findall(rf"{_API}\?([^'\"\s<>]+)", page.text.replace("&amp;", "&")):
            values = dict(pair.partition("=")[::2] for pair in address.split("&"))
            values.pop("paramJson", None)
            return [{**_CONDITION, **values}]
        return []

    def _request(self, page: Page, query: dict[str, str], number: int, size: int) -> Follow:
        # Compact JSON: the gateway refuses blanks.
        parameters = json.dumps({"pageNo": number, "pageSize": size}, separators=(",", ":"))
        parts = urlsplit(page.url)
        asked = {name: value for name, value in query.items() if name not in ("rows",)}
        url = canonical(f"{parts.scheme}://{parts.netloc}{_API}?{urlencode({**asked, 'paramJson': parameters})}") or page.url
        return Follow(url, family=self.name, memo={"query": query, "number": number, "size": size}, fresh=number == 1)
