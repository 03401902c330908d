"""Where the pictures of a page are: in the page itself (``data:``), beside a saved page, or on the web."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import unquote, unquote_to_bytes, urljoin, urlsplit

MAX_BYTES = 32 << 20
_DATA = re.compile(r"data:image/[\w.+-]*(?:;[^;,]*)*?(;base64)?,", re.I)

Find = Callable[[str], bytes | None]


def embedded(address: str) -> bytes | None:
    """The picture that a ``data:`` address holds."""
    match = _DATA.match(address)
    if match is None or len(address) > 2 * MAX_BYTES:
        return None
    content = address[match.end() :]
    if not match[1]:
        return unquote_to_bytes(content)
    try:
        return base64.b64decode(re.sub(r"\s", "", unquote(content)), validate=False)
    except (binascii.Error, ValueError):
        return None


def beside(page: Path) -> Find:
    """Pictures in the folder of a saved page or below it; nothing outside of it is read."""
    folder = page.parent.resolve()

    def find(address: str) -> bytes | None:
        parts = urlsplit(address)
        if parts.scheme or parts.netloc or not parts.path:
            return None
        try:
            path = (folder / unquote(parts.path).replace("\\", "/")).resolve()
            if not path.is_relative_to(folder) or not path.is_file() or path.stat().st_size > MAX_BYTES:
                return None
            return path.read_bytes()
        except (OSError, ValueError):
            return None

    return find


class Remembering:
    """Finds pictures and remembers which were looked for: ``seen`` is {address: SHA-256, None where there is none}."""

    def __init__(self, find: Find) -> None:
        self.find = find
        self.seen: dict[str, str | None] = {}

    def __call__(self, address: str) -> bytes | None:
        """What ``find`` finds."""
        picture = self.find(address)
        self.seen[address] = None if picture is None else hashlib.sha256(picture).hexdigest()
        return picture


def are_others(page: Path, seen: Mapping[str, str | None]) -> bool:
    """Whether the pictures beside a saved page are no longer those that were ``seen``."""
    find = Remembering(beside(page))
    return any((find(address), find.seen[address])[1] != known for address, known in seen.items())


def online(url: str, user_agent: str) -> Find:
    """Pictures of a page on the web, asked for one by one; nothing is asked of other sites than the page's own."""
    from scraper.client import FetchError, fetch_one  # heavy, and of no use to the workers of a build
    from scraper.urls import registrable

    own = registrable(urlsplit(url).hostname or "")

    def find(address: str) -> bytes | None:
        target = urljoin(url, address)
        if not target.startswith(("http://", "https://")) or registrable(urlsplit(target).hostname or "") != own:
            return None
        try:
            fetched = fetch_one(target, user_agent=user_agent)
        except FetchError:
            return None
        return fetched.body if fetched.status == 200 and len(fetched.body) <= MAX_BYTES else None

    return find
