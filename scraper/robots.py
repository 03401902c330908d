"""robots.txt (RFC 9309): what it allows, and the decision on what a server gave in its place."""

from __future__ import annotations

from protego import Protego

LIFETIME = 86400.0
# Decisions that are kept for the lifetime; the others are asked for again by the next crawl.
LASTING = frozenset({"rules", "none", "html"})


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
