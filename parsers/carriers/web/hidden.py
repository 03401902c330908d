"""What style hides or strikes out in a page: cut out of its tree, for pages hold invisible duplicates of their tables."""

from __future__ import annotations

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborNode

# Style that hides, as it stands in a source.
_NO_DISPLAY = ((b"isplay", re.compile(rb"isplay\s*:\s*none")), (b"DISPLAY", re.compile(rb"DISPLAY\s*:\s*none")))
_INVISIBLY = re.compile(rb"(?:isibility|ISIBILITY)\s*:\s*$")
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_STRUCK = "line-through"
_LONG_STRUCK = 40  # characters: an element that is not closed strikes out the page
_HOLDS_PLACE = frozenset(("td", "th", "tr", "tbody", "table", "body"))  # without these others would take their places
# A start tag from its "<" into the value of its style attribute.
_OPEN_STYLE = re.compile(
    rb"""<([a-z][a-z0-9]*)(?:\s+[^\s"'<>=/]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'<>]+))?)*?\s+style\s*=\s*["']?[^"'<>]*""", re.I
)
_LONG_TAG = 4000  # bytes
_MANY_SELECTORS = 16
_CODE = re.compile(rb"<(?:script|style)\b", re.I)
_AFTER_HIDDEN = tuple(bytes([char]) for char in b"=> \t\n\r\f\v")


def drop_hidden(body: LexborNode, html: bytes) -> None:
    """Remove what style hides. Selectors on attributes are slow: they run only on the elements that the source names."""
    selectors = _hiding(html)
    for node in reversed(body.css(",".join(selectors))) if selectors else ():
        attributes = node.attributes
        style = attributes.get("style") or ""
        if "hidden" in attributes or _HIDDEN_STYLE.search(style):
            if node.tag != "body":  # a hidden body is shown by a script
                node.decompose()
        elif _STRUCK in style.lower() and node.tag not in _HOLDS_PLACE and len(node.text()) <= _LONG_STRUCK:
            node.decompose()


def _hiding(html: bytes) -> list[str]:
    """Selectors of the elements that may be hidden."""
    found = {
        _styled(html, at, "display"): None
        for word, pattern in _NO_DISPLAY
        for at in _places(html, word)
        if pattern.match(html, at)
    }
    for at in _places(html, b"hidden"):
        if html[at - 1 : at] == b" " and html[at + 6 : at + 7] in _AFTER_HIDDEN:
            found["[hidden]"] = None
        elif _INVISIBLY.search(html, max(0, at - 40), at):
            found[_styled(html, at, "visibility")] = None
    for at in _places(html, _STRUCK.encode()):
        found[_styled(html, at, _STRUCK)] = None
    found.pop("", None)
    if len(found) > _MANY_SELECTORS:
        return ['[style*="display" i]', '[style*="visibility" i]', f'[style*="{_STRUCK}" i]', "[hidden]"]
    return list(found)


def _places(html: bytes, word: bytes) -> Iterator[int]:
    """Where a word stands in a source. A plain search: a pattern takes twice as long, and each word costs a scan of the page."""
    at = html.find(word)
    while at >= 0:
        yield at
        at = html.find(word, at + 1)


def _styled(html: bytes, at: int, name: str) -> str:
    """The selector of the element whose style stands at a place of the source, "" for a style sheet or a script."""
    low = max(at - _LONG_TAG, 0)
    start = html.rfind(b"<", low, at)
    if start >= 0 and _CODE.match(html, start):
        return ""
    tag = _OPEN_STYLE.fullmatch(html, start, at) if start >= 0 else None
    if tag is None or html.rfind(b"<", low, start) > html.rfind(b">", low, start):  # <td<div style= is no div
        return f'[style*="{name}" i]'
    return f'{tag[1].decode().lower()}[style*="{name}" i]'
