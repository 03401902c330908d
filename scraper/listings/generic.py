"""Lists of no known family: "next page" links by their words, numbered pages, page=N, and ASP.NET post-backs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlencode

from selectolax.lexbor import LexborNode

from scraper.listings.base import Follow, Found, Page, anchor_url, squeeze

_NEXT = re.compile(r"^\W*(下一页|下一頁|下页|下頁|后一页|后页|next(page)?|>|›|»|＞)\W*$", re.I)
_LAST = re.compile(r"^\W*(尾页|末页|最后一页|最末页|last(page)?)\W*$", re.I)
_POSTBACK = re.compile(r"__doPostBack\(\s*['\"]([^'\"]*)['\"]\s*,\s*['\"]([^'\"]*)['\"]")
_NUMBER = re.compile(r"\d+(?=\D*$)")
MAX_COUNTED = 300


class Generic:
    """Reads any HTML page; the fallback of all families."""

    name = "generic"

    def mine(self, page: Page) -> bool:
        """Every HTML page is."""
        return "<a" in page.text or "<A" in page.text

    def read(self, page: Page) -> Found:
        """The next page's request; links are taken from all HTML pages alike (see scraper.interpret)."""
        number = int(page.memo.get("page", 1))
        memo = {"page": number + 1}
        step = next(self._steps(page, number), None)
        if step is None:
            return Found(follow=list(self._up_to_last(page, number)))
        url, body = step
        return Found(follow=[Follow(url, "POST" if body else "GET", body, None, memo)])

    def _steps(self, page: Page, number: int) -> Iterator[tuple[str, str]]:
        anchors = page.tree.css("a")
        words = [node for node in anchors if _NEXT.match(squeeze(node.text())) or node.attributes.get("rel") == "next"]
        # A numbered pager serves where no link says "next"; the number right after this page's own.
        numbers = [node for node in anchors if squeeze(node.text()).strip("[]【】 ") == str(number + 1)]
        for node in [*words, *(numbers if not words else [])]:
            postback = _POSTBACK.search(node.attributes.get("href") or "")
            if postback:
                yield page.url, _postback_form(page, postback.group(1), postback.group(2))
                continue
            url = anchor_url(node, page.base)
            if url and url != page.url and not _disabled(node):
                yield url, ""

    def _up_to_last(self, page: Page, number: int) -> Iterator[Follow]:
        """Pages up to the last one where only that is linked: its address with the number counted through."""
        last = next((node for node in page.tree.css("a") if _LAST.match(squeeze(node.text()))), None)
        url = anchor_url(last, page.base) if last is not None else None
        found = _NUMBER.search(url) if url else None
        if url is None or found is None or number > 1:
            return
        end = int(found.group())
        for n in range(2, min(end, MAX_COUNTED) + 1):
            yield Follow(url[: found.start()] + str(n) + url[found.end() :], memo={"page": n}, counted=True)


def _disabled(node: LexborNode) -> bool:
    return "disabled" in (node.attributes.get("class") or "") or "disabled" in node.attributes


def _postback_form(page: Page, target: str, argument: str) -> str:
    """The form an ASP.NET page posts to itself: all hidden fields with the event's name and argument."""
    fields = {
        node.attributes.get("name") or "": node.attributes.get("value") or ""
        for node in page.tree.css("input[type=hidden]")
        if node.attributes.get("name")
    }
    return urlencode({**fields, "__EVENTTARGET": target, "__EVENTARGUMENT": argument})
