"""Pictures on a page: which may show a table, and which stand in a cell in the place of its text."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser, LexborNode

_ICON = 100  # pixels: smaller pictures show no table
_SPACER = 2  # pixels: pictures of that size only keep their place
_CELLS = frozenset(LexborHTMLParser("").create_node(name).tag_id for name in ("td", "th"))
_PIXELS = re.compile(r"\s*(\d+)\s*(?:px)?\s*$")


def picture_addresses(body: LexborNode) -> tuple[str, ...]:
    """The addresses of pictures that may show a table; icons say how small they are."""
    found: dict[str, None] = {}
    for node in body.css("img[src]"):
        src = node.attributes.get("src")
        if src and all(size >= _ICON for size in _sizes(node)):
            found[src] = None
    return tuple(found)


def cell_around(picture: LexborNode) -> int:
    """The cell that a picture, or a field of a form, stands in; 0 where it stands in none, only keeps a place or is not shown."""
    above = enclosing_cell(picture)
    if above is None or any(size <= _SPACER for size in _sizes(picture)):
        return 0
    is_hidden = (picture.attributes.get("type") or "").lower() == "hidden"
    return 0 if is_hidden else above.mem_id


def enclosing_cell(node: LexborNode) -> LexborNode | None:
    """The cell of a table that an element stands in."""
    above = node.parent
    while above is not None and above.tag_id not in _CELLS:
        above = above.parent
    return above


def _sizes(picture: LexborNode) -> list[int]:
    """Width and height in pixels, as far as they are stated."""
    attributes = picture.attributes
    return [int(size[1]) for name in ("width", "height") if (size := _PIXELS.match(attributes.get(name) or ""))]
