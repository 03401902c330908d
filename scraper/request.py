"""A request and what is known of it: the unit that the frontier keeps, the engine fetches and `interpret` reads."""

from __future__ import annotations

from typing import NamedTuple

from scraper.urls import request_key


class Request(NamedTuple):
    """Something to fetch, and why.

    ``role``: ``start`` (a site's entrance), ``listing``, ``candidate`` (a vague title: the page decides), ``report``, ``attachment``,
    ``robots``. ``family`` and ``memo`` (JSON) belong to the listing family that will read the answer; ``hops`` counts redirects behind it.
    """

    url: str
    site: str
    role: str
    round: int
    method: str = "GET"
    body: str = ""
    parent_url: str | None = None
    title: str | None = None
    depth: int = 0
    family: str | None = None
    memo: str | None = None
    hops: int = 0
    requested_url: str | None = None

    @property
    def key(self) -> str:
        """What makes two requests one."""
        return request_key(self.method, self.url, self.body)


class Job(NamedTuple):
    """A leased request with what earlier fetches left: validators, the digest and place of the last full payload."""

    id: int
    request: Request
    attempts: int = 0
    etag: str | None = None
    last_modified: str | None = None
    sha256: str | None = None
    capture: int | None = None
    final_role: str | None = None
    year: int | None = None

    def conditional_headers(self) -> dict[str, str]:
        """If-None-Match and If-Modified-Since for a request that was answered before (RFC 9110, 13.1)."""
        headers = {}
        if self.capture is not None:
            if self.etag:
                headers["If-None-Match"] = self.etag
            if self.last_modified:
                headers["If-Modified-Since"] = self.last_modified
        return headers


def redirected(request: Request, target: str) -> Request:
    """The request that a redirect turns into."""
    asked_first = request.requested_url or request.url
    return request._replace(url=target, method="GET", body="", hops=request.hops + 1, requested_url=asked_first)
