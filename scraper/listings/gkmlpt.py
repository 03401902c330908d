"""gkmlpt, the catalogue platform of Guangdong: a page with its tree of categories, and a JSON API that lists one of them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from scraper.listings.base import Follow, Found, Page, json_links, json_total
from scraper.titles import is_report_column
from scraper.urls import canonical

_SID = re.compile(r"\bSID['\"]?\s*:\s*['\"]?(\d+)")
_OBJECT = re.compile(r"\{[^{}\[\]]*")
_ID = re.compile(r"['\"]?\bid['\"]?\s*:\s*['\"]?(\d+)")
_NAME = re.compile(r"['\"]?\b(?:name|title)['\"]?\s*:\s*\"((?:[^\"\\]|\\.)*)\"|['\"]?\b(?:name|title)['\"]?\s*:\s*'([^']*)'")


class Gkmlpt:
    """``window._CONFIG = {SID, TREE}``; then GET /gkmlpt/api/all/{category}?page=n&sid=SID."""

    name = "gkmlpt"

    def mine(self, page: Page) -> bool:
        """Whether the page has the platform's configuration."""
        return "/gkmlpt/" in page.url and "_CONFIG" in page.text

    def read(self, page: Page) -> Found:
        """Articles of an answer; from the page the first request of each category of annual reports."""
        if "category" not in page.memo:
            return Found(follow=[self._request(page, category, 1) for category in dict.fromkeys(_categories(page))])
        found = Found(json_links(page.json, page.url))
        number, total = int(page.memo["number"]), json_total(page.json)
        had = int(page.memo.get("had", 0)) + len(found.links)
        if found.links and total is not None and had < total:
            found.follow = [self._request(page, str(page.memo["category"]), number + 1, had)]
        return found

    def _request(self, page: Page, category: str, number: int, had: int = 0) -> Follow:
        sid = _SID.search(page.text)
        known = sid[1] if sid else str(page.memo.get("sid", ""))
        # page=0 and page=1 are the same first page.
        url = canonical(f"/gkmlpt/api/all/{category}?page={number}&sid={known}", page.url) or page.url
        return Follow(url, family=self.name, memo={"category": category, "number": number, "sid": known, "had": had}, fresh=number == 1)


def _categories(page: Page) -> Iterator[str]:
    """The category in the address's fragment, else those of the tree that are named as annual reports."""
    fragment = str(page.memo.get("fragment", ""))
    if fragment.isdigit():
        yield fragment
        return
    for piece in _OBJECT.findall(page.text):
        ident, name = _ID.search(piece), _NAME.search(piece)
        if ident and name and is_report_column(_plain(name[1] if name[1] is not None else name[2])):
            yield ident[1]


def _plain(text: str) -> str:
    try:
        return str(json.loads(f'"{text}"'))
    except ValueError:
        return text
