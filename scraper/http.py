"""One HTTP exchange as the rest of the crawl sees it: plain values, no library's types."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from scraper.errors import FetchError
from scraper.urls import canonical

DEFAULT_USER_AGENT = "nianbao/0.1 (annual-report archive; set a contact with --user-agent)"


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one fetch: ``body`` in bytes after decompression, times in seconds."""

    body: int = 32 << 20
    connect: float = 20.0
    read: float = 30.0
    total: float = 180.0
    redirects: int = 8


@dataclass
class Fetched:
    """One HTTP exchange. ``wire`` is the body as sent, ``body`` with its content coding undone; times in seconds."""

    url: str
    status: int
    reason: str
    headers: tuple[tuple[str, str], ...]
    body: bytes = field(repr=False)
    wire: bytes = field(repr=False)
    request_line: str
    request_headers: tuple[tuple[str, str], ...]
    request_body: bytes
    tls_profile: str | None
    moment: float
    elapsed: float
    truncated: str | None = None

    @cached_property
    def sha256(self) -> str:
        """SHA-256 of the decoded body, in hexadecimal."""
        return hashlib.sha256(self.body).hexdigest()

    def header(self, name: str) -> str | None:
        """The first header of that name (lower case), None without one."""
        return header_value(self.headers, name)


def header_value(headers: Iterable[tuple[str, str]], name: str) -> str | None:
    """The first header of that name (lower case)."""
    for key, value in headers:
        if key.lower() == name:
            return value
    return None


def redirect_target(fetched: Fetched) -> str | None:
    """Where a response leads, None if it is no redirect. Raises FetchError for a Location that is no web address."""
    return redirect_url(fetched.url, fetched.status, fetched.header("location"))


def redirect_url(url: str, status: int, location: str | None) -> str | None:
    """The same from its parts."""
    if status not in (301, 302, 303, 307, 308) or not location:
        return None
    target = canonical(location, url)
    if target is None:
        raise FetchError("bad_redirect", f"redirects to {location[:200]!r}, which is no web address")
    return target


MAX_COOKIES, MAX_COOKIE = 20, 4096


def remember_cookies(jar: dict[str, str], fetched: Fetched) -> None:
    """Take up a response's cookies: name and value only, kept for one host in memory, as its lists expect of a visitor."""
    for name, value in fetched.headers:
        pair = value.partition(";")[0].strip() if name.lower() == "set-cookie" else ""
        key, equals, content = pair.partition("=")
        if equals and key and len(pair) <= MAX_COOKIE and pair.isascii() and pair.isprintable() and (key in jar or len(jar) < MAX_COOKIES):
            jar[key] = content
