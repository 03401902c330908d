"""TRS WCM (拓尔思): static lists index.html, index_1.html ..., counted by a pager script.

Some publish only the first pages and give the rest by a search request (动静结合).
"""

from __future__ import annotations

import math
import re
from urllib.parse import urlsplit

from scraper.listings.base import Follow, Found, Page, form, fragment_links, json_links
from scraper.listings.generic import MAX_COUNTED
from scraper.urls import canonical

_CREATE = re.compile(r"createPage(?:HTML)?\w*\(\s*(\d+)\s*,\s*(\d+)\s*,\s*['\"]([\w./-]+)['\"]\s*,\s*['\"](\w+)['\"]")
_COUNT = re.compile(r"\bcountPage\s*=\s*(\d+)")
_CURRENT = re.compile(r"\bcurrentPage\s*=\s*(\d+)")
_SECOND = re.compile(
    r"\b([\w-]+)_1\.(s?html?|jsp)\b|['\"]\.['\"]\s*\+\s*['\"](s?html?)['\"]|index_?['\"]?\s*\+.{0,40}?\.['\"]?\+?['\"]?(s?html?)"
)
_NAME = re.compile(r"(?P<stem>[^/]*?)(?:_(?P<number>\d+))?\.(?P<suffix>s?html?|jsp)$", re.I)


class Trs:
    """createPageHTML(count, current, "index", "html") or ``var countPage = n``."""

    name = "trs"

    def mine(self, page: Page) -> bool:
        """Whether a pager script counts more than nothing."""
        return bool(_CREATE.search(page.text) or _COUNT.search(page.text))

    def read(self, page: Page) -> Found:
        """All further pages at once, from the first page; later pages hold links only."""
        count, current, stem, suffix = self._pager(page)
        if current > 0 or page.memo.get("page"):
            return Found()
        follow = [
            Follow(url, memo={"page": n + 1}, family=self.name, counted=True)
            for n in range(1, min(count, MAX_COUNTED))
            if (url := canonical(f"{stem}_{n}.{suffix}", page.url))
        ]
        notes = [("listing_limit", f"the list says it has {count} pages; {MAX_COUNTED} are read")] if count > MAX_COUNTED else []
        return Found(follow=follow, notes=notes)

    def _pager(self, page: Page) -> tuple[int, int, str, str]:
        created = _CREATE.search(page.text)
        if created:
            return int(created[1]), int(created[2]), created[3], created[4]
        count, current = _COUNT.search(page.text), _CURRENT.search(page.text)
        name, second = _NAME.search(urlsplit(page.url).path), _SECOND.search(page.text)
        stem, suffix = ("index", "html")
        if name:
            stem, suffix = name["stem"], name["suffix"]
        elif second:
            stem, suffix = second[1] or "index", second[2] or second[3] or second[4]
        number = int(current[1]) if current else 0
        return int(count[1]) if count else 0, number, stem, suffix


_SETTINGS = re.compile(
    r"\b(channelid|classsql|sortfield|prepage|recordCount|searchId|maxStaticIndex)['\"]?\s*:\s*((?:\"\"\s*\|\|\s*)?)(?:['\"]([^'\"]*)['\"]|([\w.]+))"
)
_ENDPOINT = re.compile(r"['\"](/\w*app/search)['\"]")


class TrsSearch:
    """The half-static list: ``classsql: "chnlid=…", recordCount, prepage``; POST page=n to the site's search."""

    name = "trs-search"

    def mine(self, page: Page) -> bool:
        """Whether the page sets up such a list."""
        return "classsql" in page.text and "chnlid=" in page.text

    def read(self, page: Page) -> Found:
        """Documents of an answer; from the page the requests of all pages that are not static."""
        if page.memo.get("page"):
            return Found(json_links(page.json, page.url) if page.json is not None else fragment_links(page.text, page.url))
        values = {name: text or bare for name, _, text, bare in _SETTINGS.findall(page.text)}
        size, total = _number(values.get("prepage"), 10), _number(values.get("recordCount"), 0)
        channel = values.get("channelid", "")
        endpoint = _ENDPOINT.search(page.text)
        url = canonical(endpoint[1] if endpoint else "/fjdzapp/search", page.url) or page.url
        fields = {
            "channelid": channel if channel.isdigit() else values.get("searchId", ""),
            "classsql": values.get("classsql", ""),
            "sortfield": values.get("sortfield", ""),
            "prepage": size,
        }
        static = max(_number(values.get("maxStaticIndex"), 1), 1)
        numbers = range(static + 1, min(math.ceil(total / size), MAX_COUNTED) + 1)
        return Found(follow=[Follow(url, "POST", form({**fields, "page": n}), self.name, {"page": n}, counted=True) for n in numbers])


def _number(text: str | None, default: int) -> int:
    return int(text) if text and text.isdigit() and int(text) > 0 else default
