"""VSB (博达): static lists column.htm, column/4.htm, column/3.htm ... numbered backwards, and dynamic ones with a1154p=n."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from scraper.listings.base import Follow, Found, Page, with_query
from scraper.listings.generic import MAX_COUNTED, Generic
from scraper.urls import canonical

_GOTO = re.compile(r"_simple_list_gotopage_fun\(\s*(\d+)\s*,")
_DYNAMIC = re.compile(r"[?&;]a(\d+)t=(\d+)&(?:amp;)?a\1p=\d+")
_MARKS = ("_simple_list_gotopage_fun", "wbtreeid=", "vsb_content", "_vsb_", "vsbscreen", "urltype=tree.TreeTempUrl")
_FIRST = re.compile(r"([\w-]+)\.html?$")


class Vsb:
    """ "下页" where the page links it, else the numbers counted down from the number of pages."""

    name = "vsb"

    def mine(self, page: Page) -> bool:
        """Whether the page has one of the system's own names."""
        return any(mark in page.text for mark in _MARKS)

    def read(self, page: Page) -> Found:
        """The further pages; links are taken from all HTML pages alike."""
        if page.memo.get("counted"):
            return Found()
        found = Generic().read(page)
        return found if found.follow or page.memo.get("page") else Found(follow=self._counted(page))

    def _counted(self, page: Page) -> list[Follow]:
        dynamic, goto = _DYNAMIC.search(page.text), _GOTO.search(page.text)
        if dynamic:
            tree, pages = dynamic[1], min(int(dynamic[2]), MAX_COUNTED)
            values = [{f"a{tree}t": pages, f"a{tree}p": n} for n in range(2, pages + 1)]
            return [self._request(with_query(page.url, **value), n) for n, value in enumerate(values, 2)]
        name = _FIRST.search(urlsplit(page.url).path)
        if goto is None or name is None:
            return []
        pages = min(int(goto[1]), MAX_COUNTED)
        urls = [canonical(f"{name[1]}/{pages + 1 - n}.htm", page.url) for n in range(2, pages + 1)]
        return [self._request(url, n) for n, url in enumerate(urls, 2) if url]

    def _request(self, url: str, number: int) -> Follow:
        return Follow(url, family=self.name, memo={"page": number, "counted": True}, counted=True)
