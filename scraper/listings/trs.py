"""TRS WCM (拓尔思): static lists index.html, index_1.html ..., counted by a pager script; some go on with a search request."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from scraper.listings.base import Follow, Found, Page
from scraper.listings.generic import MAX_COUNTED
from scraper.urls import canonical

_CREATE = re.compile(r"createPage(?:HTML)?\w*\(\s*(\d+)\s*,\s*(\d+)\s*,\s*['\"]([\w./-]+)['\"]\s*,\s*['\"](\w+)['\"]")
_COUNT = re.compile(r"\bcountPage\s*=\s*(\d+)")
_CURRENT = re.compile(r"\bcurrentPage\s*=\s*(\d+)")
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
        notes = (
            [("listing_limit", f"the list says it has {count} pages; {MAX_COUNTED} are read")]
            if count > MAX_COUNTED
            else []
        )
        return Found(follow=follow, notes=notes)

    def _pager(self, page: Page) -> tuple[int, int, str, str]:
        created = _CREATE.search(page.text)
        if created:
            return int(created[1]), int(created[2]), created[3], created[4]
        count, current = _COUNT.search(page.text), _CURRENT.search(page.text)
        name = _NAME.search(urlsplit(page.url).path)
        stem, suffix = (name["stem"], name["suffix"]) if name else ("index", "html")
        number = int(current[1]) if current else 0
        return int(count[1]) if count else 0, number, stem, suffix
