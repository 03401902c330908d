"""When a host may be asked again: the unit of politeness, its pace, and what servers ask for. No network here."""

from __future__ import annotations

import email.utils
import random
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

from scraper.addresses import is_literal
from scraper.urls import DEFAULT_PORTS

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
