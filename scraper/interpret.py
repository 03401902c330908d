"""What a response means: pure functions from a request and its payload to an Outcome. No network, no clock, no state.

The same function reads a page when it arrives and again, from the archive, after a crash.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from parsers.decode import decode, looks_binary
from parsers.obstacles import detect_obstacle
from scraper.frontier import Request
from scraper.listings import Follow, Found, Link, Page, family_of, named
from scraper.listings.base import html_links
from scraper.titles import Verdict, is_disclosure_home, is_report_column, judge, normal, reads_like_report, year
from scraper.urls import DOCUMENT_SUFFIXES, is_asset, is_document, registrable, request_key

MAX_DEPTH = 4
# A list without a single candidate on this many pages in a row is no list of reports (calendars, news without end).
MAX_BARREN = 8
_HTML_TAG = re.compile(r"<[^<>]*>")
_SCRIPTS = re.compile(r"(?is)<(script|style)\b.*?</\1\s*>|<!--.*?-->")
_HAS_DOCUMENT = re.compile(rf"\.(?:{'|'.join(sorted(DOCUMENT_SUFFIXES))})\b|DownloadAttachUrl", re.I)


@dataclass(slots=True)
class Outcome:
    """``role``: ``report page listing attachment``; ``problem``: (code, message) if the response is no usable page;
    ``requests``: what to fetch next; ``notes``: (code, message) about the listing; ``year``: of a report."""

    role: str
    problem: tuple[str, str] | None = None
    requests: list[Request] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)
    year: int | None = None


def interpret(
    request: Request,
    body: bytes,
    content_type: str | None,
    status: int,
    headers: Mapping[str, str],
    *,
    max_depth: int = MAX_DEPTH,
) -> Outcome:
    """Read a response of status 200 (or the payload that a 304 confirmed)."""
    if looks_binary(body) or is_document(request.url):
        return _document(request, body, status, headers)
    text = decode(body, content_type).text
    obstacle = detect_obstacle(body, text, status, headers)
    if obstacle:
        return Outcome("obstacle", problem=(obstacle.code, obstacle.message))
    if not body.strip():
        return Outcome("obstacle", problem=("empty_body", "the server sent an empty page"))
    if request.role == "attachment":
        return Outcome("obstacle", problem=("soft_404", "a page instead of the attached document"))
    page = Page(request.url, text, json.loads(request.memo) if request.memo else {})
    if request.role in ("report", "candidate", "start"):
        outcome = _report(request, page)
        if outcome is not None:
            return outcome
    return _listing(request, page, max_depth)


def _document(request: Request, body: bytes, status: int, headers: Mapping[str, str]) -> Outcome:
    """A PDF, DOCX ... : an attachment, or a report by itself where a list links to it."""
    if looks_binary(body) is None:
        text = decode(body).text
        obstacle = detect_obstacle(body, text, status, headers)
        if obstacle or "<html" in text[:2000].lower() or not body:
            code, message = obstacle or ("soft_404", "a page instead of the document")
            return Outcome("obstacle", problem=(code, message))
    if request.role == "attachment":
        return Outcome("attachment")
    if looks_binary(body) == "image":
        return Outcome("page", problem=("image_only", "the report is a picture"))
    return Outcome("report", year=year(request.title or ""))


def _report(request: Request, page: Page) -> Outcome | None:
    """The outcome if the page is a report; None if it has to be read as a list."""
    visible = _SCRIPTS.sub("", page.text)
    prose = _HTML_TAG.sub("", visible)
    verdict, title = _page_verdict(request, page)
    if verdict is Verdict.REPORT and (request.role == "report" or reads_like_report(prose)):
        # A link "2023年度报告" of a whole district may open a list of its departments' reports.
        if not reads_like_report(prose) and _candidates(page) >= 3:
            return None
        return Outcome("report", requests=_attachments(request, page), year=year(title) or year(request.title or ""))
    if verdict is Verdict.VAGUE and "信息公开" in prose and reads_like_report(prose) and request.role != "start":
        return Outcome("report", requests=_attachments(request, page), year=year(title) or year(request.title or ""))
    if request.role == "candidate" and not _candidates(page):
        return Outcome("page")
    return None


def _page_verdict(request: Request, page: Page) -> tuple[Verdict, str]:
    """The verdict on the page by its own titles; a link's sure title stands, a vague one yields to the page."""
    if request.role == "report":
        return Verdict.REPORT, request.title or ""
    titles = [title for title in _titles(page) if title]
    verdicts = [(judge(title), title) for title in titles]
    for wanted in (Verdict.REPORT, Verdict.VAGUE):
        for verdict, title in verdicts:
            if verdict is wanted:
                return verdict, title
    return Verdict.OTHER, titles[0] if titles else ""


def _titles(page: Page) -> Iterable[str]:
    for node in page.tree.css("meta"):
        if (node.attributes.get("name") or "").lower() == "articletitle":
            yield node.attributes.get("content") or ""
    for selector in ("ucaptitle", "h1", "h2", ".title", ".bt_content", ".article-title"):
        for node in page.tree.css(selector)[:3]:
            yield node.text()
    # The site's name follows the article's in <title>.
    whole = page.title
    yield re.split(r"[_|]|\s[-–—]\s|-(?=[^-]*$)", whole)[0]


def _candidates(page: Page) -> int:
    return sum(1 for link in html_links(page.tree, page.base) if judge(link.title) is Verdict.REPORT)


def _attachments(request: Request, page: Page) -> list[Request]:
    if not _HAS_DOCUMENT.search(page.text):
        return []
    found = []
    for link in html_links(page.tree, page.base):
        if is_document(link.url):
            found.append(
                Request(
                    link.url,
                    request.site,
                    "attachment",
                    request.round,
                    parent_url=request.url,
                    title=link.title,
                    depth=request.depth + 1,
                )
            )
    return found


def _listing(request: Request, page: Page, max_depth: int) -> Outcome:
    family = named(request.family) or family_of(page)
    found = family.read(page)
    links = list(found.links)
    if not request.family or not page.text.lstrip().startswith(("{", "[", "<?xml")):
        links += html_links(page.tree, page.base)
    outcome = Outcome("listing", notes=found.notes)
    in_column = request.role == "listing" or is_report_column(page.title) or request.depth > 0
    seen: set[str] = set()
    candidates = []
    for link in links:
        verdict = judge(link.title)
        key = request_key("GET", link.url)
        if verdict is Verdict.OTHER or key in seen or is_asset(link.url) or _leaves(request, link, verdict):
            continue
        seen.add(key)
        candidates.append((link, verdict))
    sure = [link for link, verdict in candidates if verdict is Verdict.REPORT]
    for link, verdict in candidates:
        if is_report_column(link.title):
            continue
        if verdict is Verdict.REPORT or in_column or sure:
            role = "report" if verdict is Verdict.REPORT else "candidate"
            outcome.requests.append(
                Request(
                    link.url,
                    request.site,
                    role,
                    request.round,
                    parent_url=request.url,
                    title=normal(link.title),
                    depth=request.depth + 1,
                )
            )
    _go_on(request, found, [link for link, _ in candidates], outcome)
    if (
        request.depth < max_depth
        and (request.role == "start" or not (outcome.requests or found.links))
        and not request.memo
    ):
        outcome.requests += _entries(request, page, bool(sure))
    if request.role == "start" and not outcome.requests:
        outcome.notes.append(("no_reports_found", "the page links no annual report and no column of them"))
    return outcome


def _leaves(request: Request, link: Link, verdict: Verdict) -> bool:
    """Whether a link leads to another site without a sure title."""
    from urllib.parse import urlsplit

    here, there = urlsplit(request.url).hostname or "", urlsplit(link.url).hostname or ""
    return verdict is not Verdict.REPORT and here != there and registrable(here) != registrable(there)


def _go_on(request: Request, found: Found, candidates: list[Link], outcome: Outcome) -> None:
    """The list's next requests, unless the list repeats itself or holds nothing for long."""
    memo: dict[str, Any] = json.loads(request.memo) if request.memo else {}
    trail: dict[str, Any] = memo.get("trail", {"barren": 0, "seen": []})
    mark = hashlib.sha1(
        "\n".join(f"{link.url} {link.title}" for link in candidates or found.links).encode()
    ).hexdigest()[:12]
    if candidates and mark in trail["seen"]:
        outcome.notes.append(("listing_repeats", "the list gives a page that it gave before; reading stops there"))
        return
    barren = 0 if candidates else trail["barren"] + 1
    trail = {"barren": barren, "seen": [*trail["seen"][:1], *trail["seen"][-2:], mark] if candidates else trail["seen"]}
    for follow in found.follow:
        if barren > MAX_BARREN and not follow.counted:
            outcome.notes.append(
                ("listing_barren", f"{barren} pages in a row without an annual report; reading stops there")
            )
            continue
        outcome.requests.append(_next(request, follow, trail))


def _next(request: Request, follow: Follow, trail: dict[str, Any]) -> Request:
    memo = json.dumps({**follow.memo, "trail": trail} if not follow.counted else dict(follow.memo), ensure_ascii=False)
    return Request(
        follow.url,
        request.site,
        "listing",
        request.round,
        method=follow.method,
        body=follow.body,
        parent_url=request.url,
        title=request.title,
        depth=request.depth,
        family=follow.family,
        memo=memo,
    )


def _entries(request: Request, page: Page, sure: bool) -> list[Request]:
    """Columns of annual reports that a home page links; failing these, its disclosure pages."""
    links = [link for link in html_links(page.tree, page.base) if not is_asset(link.url) and not is_document(link.url)]
    columns = [link for link in links if is_report_column(link.title)]
    if not columns and not sure and request.depth < 2:
        columns = [link for link in links if is_disclosure_home(link.title)]
    entries = {request_key("GET", link.url): link for link in columns if not _leaves(request, link, Verdict.VAGUE)}
    return [
        Request(
            link.url,
            request.site,
            "listing",
            request.round,
            parent_url=request.url,
            title=link.title,
            depth=request.depth + 1,
        )
        for link in list(entries.values())[:12]
    ]


def redirected(request: Request, target: str) -> Request:
    """The request that a redirect turns into."""
    return replace(
        request,
        url=target,
        method="GET",
        body="",
        hops=request.hops + 1,
        requested_url=request.requested_url or request.url,
    )
