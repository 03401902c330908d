"""Lonsun (龙讯): /public/column/{organ}?…&pageIndex=n and /content/column/{id}?pageIndex=n."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

from scraper.listings.base import Follow, Found, Page, with_query
from scraper.listings.generic import MAX_COUNTED

_COLUMN = re.compile(r"/(?:public|content)/column/\d+")
_COUNT = re.compile(r"\b(?:pageCount|totalPage|pageTotal)['\"]?\s*[:=]\s*['\"]?(\d+)|共\s*(?:<[^<>]*>\s*)*(\d+)\s*(?:<[^<>]*>\s*)*页")


class Lonsun:
    """The number of pages where the page says it; otherwise page after page until one repeats or is empty."""

    name = "lonsun"

    def mine(self, page: Page) -> bool:
        """Whether the address is one of its columns."""
        return bool(_COLUMN.search(urlsplit(page.url).path))

    def read(self, page: Page) -> Found:
        """The further pages of a column; links are taken from all HTML pages alike."""
        number = int(parse_qs(urlsplit(page.url).query).get("pageIndex", ["1"])[0] or 1)
        counts = [int(a or b) for a, b in _COUNT.findall(page.text)]
        if page.memo.get("counted"):
            return Found()
        if counts:
            last = min(max(counts), MAX_COUNTED)
            return Found(follow=[self._request(page, n, True) for n in range(number + 1, last + 1)])
        if "pageIndex" in page.text or page.memo.get("page"):
            return Found(follow=[self._request(page, number + 1, False)])
        return Found()

    def _request(self, page: Page, number: int, counted: bool) -> Follow:
        return Follow(
            with_query(page.url, pageIndex=number),
            family=self.name,
            memo={"page": number, "counted": counted},
            counted=counted,
        )
