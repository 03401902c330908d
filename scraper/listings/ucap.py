"""UCAP (开普云): static lists list.shtml, list_2.shtml ..., and two JSON searches, by channel and by catalogue code."""

from __future__ import annotations

import re

from scraper.listings.base import Follow, Found, Page, form, fragment_links, json_links, json_total, with_query
from scraper.listings.generic import MAX_COUNTED
from scraper.urls import canonical

_STATIC = re.compile(r"createPageHTML\(\s*['\"][\w-]*['\"]\s*,\s*(\d+)\s*,\s*(\d+)\s*,\s*['\"]([\w./-]+)['\"]\s*,\s*['\"](\w+)['\"]")
_SEARCH = re.compile(
    r"['\"]((?:https?:)?/[\w./:-]*?(?:searchList|es-search/search|manuscriptList)/)"
    r"(?:['\"]\s*\+\s*\w+\s*(?:\+\s*['\"])?|['\"])?(\w*)(\?[^'\"\s<>]*)?"
)
_CHANNEL = re.compile(r"\bchannel_?[Ii]d['\"]?\s*[:=]\s*['\"]([\w-]+)['\"]")
_CODE = re.compile(r"\bcode_?[Ii]d['\"]?\s*[:=]\s*['\"]([\w-]+)['\"]")
_SUBCHANNELS = re.compile(r"\brelateSubChannels['\"]?\s*[:=]\s*['\"]?(\w+)")
_SIZE = re.compile(r"\b(?:_pageSize|pageSize|size)['\"]?\s*[:=]\s*['\"]?(\d+)")
_QUERY = "_isAgg=true&_isJson=true&_pageSize=30&_template=index&_rangeTimeGte=&_channelName="
_MARKS = (
    "<ucaptitle",
    "<ucapcontent",
    "<ucapsource",
    "searchList/",
    "getFileListByCodeId",
    "manuscriptList/",
    "es-search/search",
)


class Ucap:
    """Static pages are counted; searches are asked page by page up to their own total."""

    name = "ucap"

    def mine(self, page: Page) -> bool:
        """Whether the page has one of the pagers."""
        return bool(_STATIC.search(page.text)) or any(mark in page.text for mark in _MARKS[3:])

    def read(self, page: Page) -> Found:
        """Links of an answer and the remaining pages; from the column its further pages or its first search."""
        if "number" in page.memo:
            return self._answer(page)
        if page.memo.get("page"):
            return Found()
        static = _STATIC.search(page.text)
        if static and int(static[1]) > 1 and int(static[2]) <= 1:
            numbers = range(2, min(int(static[1]), MAX_COUNTED) + 1)
            urls = ((n, canonical(f"{static[3]}_{n}.{static[4]}", page.url)) for n in numbers)
            return Found(follow=[Follow(url, family=self.name, memo={"page": n}, counted=True) for n, url in urls if url])
        first = self._by_code(page) or self._by_channel(page)
        return Found(follow=[first] if first else [])

    def _by_code(self, page: Page) -> Follow | None:
        if "getFileListByCodeId" not in page.text:
            return None
        code, channel, more = _CODE.search(page.text), _CHANNEL.search(page.text), _SUBCHANNELS.search(page.text)
        size = _size(page.text, 20)
        values = {
            "codeId": code[1] if code else "",
            "channelId": channel[1] if channel else "",
            "page": 1,
            "size": size,
            "relateSubChannels": more[1] if more else "false",
        }
        address = re.search(r"['\"]([^'\"\s]*getFileListByCodeId)['\"]", page.text)
        url = canonical(address[1] if address else "/getFileListByCodeId", page.url) or page.url
        return Follow(url, "POST", form(values), self.name, {"number": 1, "had": 0, "form": values}, fresh=True)

    def _by_channel(self, page: Page) -> Follow | None:
        search = _SEARCH.search(page.text)
        if search is None:
            return None
        channel = _CHANNEL.search(page.text)
        ident = search[2] or (channel[1] if channel else "")
        query = (search[3] or "?" + _QUERY).replace("&amp;", "&")
        url = canonical(f"{search[1]}{ident}{query}", page.url) if ident else None
        if url is None:
            return None
        return Follow(
            with_query(url, page=1),
            family=self.name,
            memo={"number": 1, "had": 0},
            fresh=True,
        )

    def _answer(self, page: Page) -> Found:
        found = Found(json_links(page.json, page.url) if page.json is not None else fragment_links(page.text, page.url))
        number, values, total = int(page.memo["number"]), page.memo.get("form"), json_total(page.json)
        # Servers may give fewer entries a page than they were asked for.
        had = int(page.memo["had"]) + len(found.links)
        if not found.links or number >= MAX_COUNTED or (total is not None and had >= total):
            return found
        memo = {"number": number + 1, "had": had}
        if values:
            values = {**values, "page": number + 1}
            found.follow = [Follow(page.url, "POST", form(values), self.name, {**memo, "form": values})]
        else:
            found.follow = [Follow(with_query(page.url, page=number + 1), family=self.name, memo=memo)]
        return found


def _size(text: str, default: int) -> int:
    found = _SIZE.search(text)
    return max(int(found[1]), 1) if found else default
