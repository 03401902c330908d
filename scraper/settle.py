"""From an archived response to the request's new state: done, problem, again, and what it leads to.

The same steps serve a response that has just arrived and one that a killed process left unread in the archive.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from parsers.decode import decode
from parsers.obstacles import detect_obstacle
from scraper.archive import Capture
from scraper.database import ArchiveError
from scraper.errors import FetchError
from scraper.frontier import Frontier
from scraper.hosts import Host
from scraper.http import redirect_url
from scraper.interpret import Outcome, interpret
from scraper.options import CrawlOptions, Emit, Event
from scraper.politeness import host_key
from scraper.request import Job, redirected

RETRY_STATUS = frozenset({408, 429, 500, 502, 503, 504})
REDIRECTS = frozenset({301, 302, 303, 307, 308})


class Response(NamedTuple):
    """An archived response; ``body`` is read only where it is needed; ``unchanged``: the payload is the one known before."""

    status: int
    headers: Mapping[str, str]
    body: Callable[[], bytes]
    unchanged: bool = False
    truncated: bool = False

    @property
    def content_type(self) -> str | None:
        """The Content-Type header."""
        return self.headers.get("Content-Type")


def header_map(headers: Sequence[tuple[str, str]]) -> dict[str, str]:
    """Headers by name in title case, the last of each."""
    return {name.title(): value for name, value in headers}


def response_of(capture: Capture, headers: Sequence[tuple[str, str]]) -> Response:
    """The response of a capture that is read again."""
    return Response(capture.status, header_map(headers), capture.body, capture.unchanged)


def blocked_by(body: bytes, content_type: str | None, status: int, headers: Mapping[str, str]) -> tuple[str, str] | None:
    """Code and words of the firewall that answered in place of the site."""
    found = detect_obstacle(body, decode(body, content_type).text, status, headers)
    return (found.code, found.message) if found and found.code.startswith("blocked") else None


class Settler:
    """Moves requests on in the frontier."""

    def __init__(self, frontier: Frontier, options: CrawlOptions, emit: Emit, wake: Callable[[str], None]) -> None:
        self._frontier, self._options, self._emit, self._wake = frontier, options, emit, wake

    def settle(self, job: Job, response: Response, host: Host | None = None) -> None:
        """Read a response. ``host`` is where it came from a moment ago, None for one from the archive."""
        if response.status in (200, 304):
            self._page(job, response, host)
        elif response.status in REDIRECTS:
            self._redirect(job, response)
        else:
            self._error(job, response, host)

    def problem(self, job: Job, code: str, message: str, *, role: str | None = None) -> None:
        """The request ends without a page."""
        self._frontier.problem(job, code, message, role=role)
        self._emit(Event("problem", job.request.site, job.request.url, None, f"{code}: {message}"))

    def again(self, job: Job, host: Host | None) -> bool:
        """Try the request once more, if it has attempts left."""
        if job.attempts + 1 >= self._options.attempts:
            return False
        job = self._frontier.retry(job)
        if host is None:
            self._frontier.release([job])
        else:
            host.jobs.appendleft(job)
        return True

    def _page(self, job: Job, response: Response, host: Host | None) -> None:
        confirmed = response.unchanged or response.status == 304
        if confirmed and job.final_role == "report":
            self._frontier.done(job, "report", year=job.year, news="unchanged")
            self._emit(Event("report", job.request.site, job.request.url, response.status, "unchanged"))
            return
        try:
            body = self._frontier.body(job) if confirmed else response.body()
        except ArchiveError as error:
            # The earlier payload is out of reach (a WARC file was moved away): ask for it anew.
            if not self.again(self._frontier.forget(job), host):
                self.problem(job, "archive_unreadable", str(error))
            return
        self._apply(job, self._read(job, body, response), host)
        if response.truncated:
            self._frontier.site_problem(job.request.site, job.request.url, "truncated", "the connection ended before the page did")

    def _read(self, job: Job, body: bytes, response: Response) -> Outcome:
        try:
            return interpret(job.request, body, response.content_type, 200, response.headers, max_depth=self._options.max_depth)
        except Exception as error:  # whatever hostile markup brings about must not end the crawl; the payload is archived
            return Outcome("obstacle", problem=("unreadable", f"cannot be read: {type(error).__name__}: {error}"))

    def _apply(self, job: Job, outcome: Outcome, host: Host | None) -> None:
        if outcome.problem:
            self._refused(job, outcome.problem, outcome.role, host)
            return
        if host is not None:
            host.blocked = 0
        news = None
        if outcome.role == "report":
            news = "changed" if job.final_role == "report" else "new"
            self._emit(Event("report", job.request.site, job.request.url, 200, news))
        self._frontier.done(job, outcome.role, year=outcome.year, news=news)
        for code, message in outcome.notes:
            self._frontier.site_problem(job.request.site, job.request.url, code, message)
        for request in outcome.requests:
            if self._frontier.add(request):
                self._wake(host_key(request.url))

    def _refused(self, job: Job, problem: tuple[str, str], role: str, host: Host | None) -> None:
        if problem[0].startswith("blocked") and host is not None:
            host.was_blocked(*problem)
        self.problem(job, *problem, role=role)

    def _redirect(self, job: Job, response: Response) -> None:
        request, limit = job.request, self._options.max_redirects
        try:
            target = redirect_url(request.url, response.status, response.headers.get("Location"))
        except FetchError as error:
            self.problem(job, error.code, error.message, role="redirect")
            return
        if target is None:
            self.problem(job, "bad_redirect", f"HTTP {response.status} without a Location", role="redirect")
            return
        follow = redirected(request, target)
        same_page = follow.key == request.key
        if follow.hops > limit:
            self.problem(job, "too_many_redirects", f"more than {limit} redirects", role="redirect")
        elif same_page and follow.url == request.url and not ("Set-Cookie" in response.headers and request.hops == 0):
            self.problem(job, "redirect_loop", "the page redirects to itself", role="redirect")
        elif same_page:
            # Under its other scheme (http to https), or once more now that a cookie is set.
            self._frontier.rename(job, follow.url, follow.hops)
            self._wake(host_key(follow.url))
        else:
            self._frontier.done(job, "redirect")
            if self._frontier.add(follow):
                self._wake(host_key(follow.url))

    def _error(self, job: Job, response: Response, host: Host | None) -> None:
        blocked = blocked_by(response.body(), response.content_type, response.status, response.headers)
        if blocked:
            self._refused(job, blocked, "obstacle", host)
        elif response.status not in RETRY_STATUS or not self.again(job, host):
            self.problem(job, f"http_{response.status}", f"HTTP {response.status}", role="error")
