"""When a host may be asked again, and what its robots.txt allows. Pure rules: no clock, no network of their own."""

from __future__ import annotations

import email.utils
import random
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

from protego import Protego

from scraper.addresses import is_literal
from scraper.urls import DEFAULT_PORTS

ROBOTS_LIFETIME = 86400.0
# A host whose answers take longer than this is asked no faster than it answers.
SLOW = 2.0
MAX_BACKOFF = 300.0


def host_key(url: str) -> str:
    """The unit of politeness: the host name whatever its port; on loopback and for bare addresses, each port is a host."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if host == "localhost" or host.endswith(".localhost") or is_literal(host):
        return f"{host}:{parts.port or DEFAULT_PORTS.get(parts.scheme, 0)}"
    return host


@dataclass(slots=True)
class Pace:
    """The pace of one host: at most one request at a time and ``interval`` seconds from one to the next.

    ``ours`` is the configured delay, ``robots`` the Crawl-delay, ``adaptive`` what slowness asks for, ``failures`` the
    refusals and breakdowns in a row, each of which doubles the wait.
    """

    ours: float
    robots: float = 0.0
    adaptive: float = 0.0
    failures: int = 0
    retry_base: float = 1.0

    @property
    def interval(self) -> float:
        """Seconds between two requests while all goes well."""
        return max(self.ours, self.robots, self.adaptive)

    def succeeded(self, elapsed: float) -> float:
        """Seconds to wait after an answer that took ``elapsed`` seconds."""
        self.failures = 0
        self.adaptive = min(elapsed, 60.0) if elapsed > SLOW else 0.0
        return self.interval

    def failed(self, retry_after: float | None = None) -> float:
        """Seconds to wait after a refusal (429, 503) or a breakdown; ``retry_after`` is the server's own word."""
        self.failures += 1
        backoff = min(self.retry_base * 2 ** (self.failures - 1), MAX_BACKOFF) * random.uniform(1.0, 1.25)
        return max(self.interval, backoff if retry_after is None else max(retry_after, 0.0))


def retry_after(value: str | None, now: float | None = None) -> float | None:
    """Seconds that a Retry-After header asks for (RFC 9110, 10.2.3: seconds or a date), None if it says nothing."""
    if value is None:
        return None
    if value.strip().isdigit():
        return min(float(value.strip()), 7 * 86400.0)
    try:
        moment = email.utils.parsedate_to_datetime(value).timestamp()
    except (ValueError, TypeError, OverflowError):
        return None
    return max(moment - (time.time() if now is None else now), 0.0)


class Robots:
    """What one origin's robots.txt allows, with the decision in words: ``rules none html unreachable`` or ``blocked:…``."""

    def __init__(self, decision: str, body: bytes, user_agent: str, failure: tuple[str, str] | None = None) -> None:
        self.decision, self._agent, self._failure = decision, user_agent.split("/")[0], failure
        self._rules = Protego.parse(body.decode("utf-8-sig", "replace")) if decision == "rules" else None

    def allows(self, url: str) -> bool:
        """Whether the URL may be fetched; nothing may while robots.txt is unreachable (RFC 9309, 2.3.1.4) or guarded."""
        if self._rules is None:
            return self.decision in ("none", "html")
        return bool(self._rules.can_fetch(url, self._agent))

    @property
    def refusal(self) -> tuple[str, str]:
        """Code and words for a URL that may not be fetched; where the host could not be reached at all, why."""
        if self._failure is not None:
            return self._failure
        if self.decision == "rules":
            return "robots", "robots.txt disallows this address"
        if self.decision == "unreachable":
            return "robots_unreachable", "robots.txt cannot be read, so nothing may be fetched"
        return self.decision, "a firewall answers in place of the site"

    @property
    def delay(self) -> float:
        """Crawl-delay or the interval of Request-rate in seconds, 0 without either."""
        if self._rules is None:
            return 0.0
        delay = float(self._rules.crawl_delay(self._agent) or 0.0)
        rate = self._rules.request_rate(self._agent)
        return max(delay, rate.seconds / rate.requests if rate and rate.requests else 0.0)


def robots_decision(status: int, content_type: str | None, body: bytes) -> str:
    """The decision on a robots.txt response (RFC 9309, 2.3.1); a page of HTML in its place is no robots.txt."""
    if 200 <= status < 300:
        start = body.lstrip(b"\xef\xbb\xbf \t\r\n")[:200].lower()
        if start.startswith((b"<!doctype", b"<html", b"<head", b"<script", b"<?xml", b"<!--", b"<body", b"<meta")):
            return "html"
        if "html" in (content_type or "").lower() and b"user-agent" not in body[:4096].lower():
            return "html"
        return "rules"
    return "unreachable" if status >= 500 or status == 429 else "none"
