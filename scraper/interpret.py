"""What a response means: pure functions from a request and its payload to an Outcome. No network, no clock, no state.

The same function reads a page when it arrives and again, from the archive, after a crash.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from parsers import parse
from parsers.decode import decode, looks_binary
from parsers.obstacles import detect_obstacle
from scraper.listings import Follow, Found, Link, Page, read_listing
from scraper.listings.base import html_links
from scraper.request import Request
from scraper.titles import (
    Verdict,
    has_report_words,
    is_column_path,
    is_disclosure_home,
    is_report_column,
    judge,
    normal,
    reads_like_report,
    year,
)
from scraper.urls import DOCUMENT_SUFFIXES, canonical, is_asset, is_document, registrable, request_key

MAX_DEPTH = 4
# A list without a single candidate on this many pages in a row is no list of reports (calendars, news without end).
MAX_BARREN = 8
MAX_CHAIN = 300
MAX_ECHO = 5
MANY = 3
MAX_ATTACHMENTS = 20
MAX_ENTRIES = 12
MANY_CELLS = 100  # of tables: the page shows its tables as such
SMALL = 4096
LISTS = ("start", "listing")
_NAMES_DOCUMENT = re.compile("报告|年报|总结|通知|通报|解读|方案|意见|办法|公告|公示|纪要|规定")
_ON_REQUEST = re.compile("信息公开申请|依申请公开")
_HAS_PICTURE = re.compile(rb"<img\s", re.I)
# One literal first character keeps the search fast: it runs on every report.
_HAS_DOCUMENT = re.compile(rf"\.(?:(?:{'|'.join(sorted(DOCUMENT_SUFFIXES))})\b|DownloadAttachUrl)".encode(), re.I)


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
    plainly = has_report_words(text)
    obstacle = None if plainly else detect_obstacle(body, text, status, headers)
    page = Page(request.url, text, json.loads(request.memo) if request.memo else {})
    if obstacle:
        # A column that a script fills is no obstacle where a family knows what the script asks for.
        read = _listing(request, page, max_depth) if obstacle.code == "js_shell" and request.role in LISTS else None
        return read if read and read.requests else Outcome("obstacle", problem=(obstacle.code, obstacle.message))
    if not body.strip():
        return Outcome("obstacle", problem=("empty_body", "the server sent an empty page"))
    if request.role == "attachment":
        return Outcome("obstacle", problem=("soft_404", "a page instead of the attached document"))
    if request.role in ("report", "candidate", "start"):
        outcome = _report(request, page, body, plainly or reads_like_report(text))
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


def _report(request: Request, page: Page, body: bytes, reads: bool) -> Outcome | None:
    """The outcome if the page is a report; None if it has to be read as a list."""
    verdict, title, headed = _page_verdict(request, page)
    report = Outcome("report", year=year(title) or year(request.title or ""))
    if reads:
        if verdict is Verdict.REPORT or (verdict is Verdict.VAGUE and _ON_REQUEST.search(page.text) and request.role != "start"):
            report.requests = _attachments(request, page, body)
            return report
    elif verdict is Verdict.REPORT and headed and request.role != "start" and _candidates(page) < MANY:
        # Short, a picture or only an attachment: the reader of reports will say. With many links to reports, though, a
        # title like "2023年度报告" heads a list of a whole district's departments.
        report.requests = _attachments(request, page, body)
        return report
    return Outcome("page") if request.role == "candidate" and not _candidates(page) else None


def _page_verdict(request: Request, page: Page) -> tuple[Verdict, str, bool]:
    """The verdict on the page by its own titles, the title, and whether it is the article's heading, not only the window's.

    A link's sure title stands; a vague one yields to the page.
    """
    if request.role == "report":
        return Verdict.REPORT, request.title or "", True
    headings = [title for title in _headings(page) if title.strip()]
    # The site's name follows the article's in <title>.
    windows = [part for part in re.split(r"[_|]|\s[-–—]\s|-(?=[^-]*$)", page.title)[:1] if part.strip()]
    for wanted in (Verdict.REPORT, Verdict.VAGUE):
        for title in headings + windows:
            if judge(title) is wanted:
                return wanted, title, title in headings
    # Headings that name another document speak against the page; a page without any is left to the link's vague title.
    if request.role == "candidate" and not any(_NAMES_DOCUMENT.search(title) for title in headings + windows):
        return Verdict.VAGUE, request.title or "", False
    return Verdict.OTHER, "", False


def _headings(page: Page) -> Iterable[str]:
    for node in page.tree.css("meta"):
        if (node.attributes.get("name") or "").lower() == "articletitle":
            yield node.attributes.get("content") or ""
    for selector in ("ucaptitle", "h1", "h2", ".title", ".bt_content", ".article-title"):
        for node in page.tree.css(selector)[:3]:
            yield node.text()


def _candidates(page: Page) -> int:
    return sum(1 for link in html_links(page.tree, page.base) if judge(link.title) is Verdict.REPORT)


def _attachments(request: Request, page: Page, body: bytes) -> list[Request]:
    links: dict[str, Link] = {}
    if _HAS_DOCUMENT.search(body):
        links = {request_key("GET", link.url): link for link in html_links(page.tree, page.base) if is_document(link.url)}
    documents = [_child(request, link, "attachment", link.title) for link in list(links.values())[:MAX_ATTACHMENTS]]
    return documents + [_child(request, link, "attachment", "") for link in _pictures(page, body)]


def _pictures(page: Page, body: bytes) -> list[Link]:
    """The pictures of a report whose tables are pictures, as the reader of reports says."""
    if body.count(b"<td") > MANY_CELLS or not _HAS_PICTURE.search(body):
        return []
    report = parse(page.text.encode("utf-8", "replace"))
    if all(problem.code != "image_only" for problem in report.problems):
        return []
    urls = (canonical(link.href, page.base) for link in report.attachments if not is_document(link.href))
    return [Link(url, "") for url in dict.fromkeys(filter(None, urls))][:MAX_ATTACHMENTS]


def _listing(request: Request, page: Page, max_depth: int) -> Outcome:
    found = read_listing(page, request.family)
    links = list(found.links)
    if not page.text.lstrip().startswith(("{", "[", "<?xml")):
        links += html_links(page.tree, page.base)
    outcome = Outcome("listing", notes=found.notes)
    judged = [(link, judge(link.title)) for link in links if not is_asset(link.url)]
    sure = any(verdict is Verdict.REPORT for _, verdict in judged)
    column = _names_column(page)
    candidates: dict[str, tuple[Link, Verdict]] = {}
    for link, verdict in judged:
        key = request_key("GET", link.url)
        if verdict is Verdict.OTHER or is_report_column(link.title) or _leaves(request, link, verdict):
            continue
        if verdict is Verdict.REPORT or request.role != "start" or column or sure:
            candidates.setdefault(key, (link, verdict))
    for link, verdict in candidates.values():
        role = "report" if verdict is Verdict.REPORT else "candidate"
        outcome.requests.append(_child(request, link, role, normal(link.title)))
    _go_on(request, page, found, [link for link, _ in candidates.values()] or links, bool(candidates), outcome)
    first = not page.memo.get("trail") and not page.memo.get("page")
    if request.role in LISTS and first and request.depth < max_depth and not (outcome.requests and column):
        outcome.requests += _entries(request, page, sure)
    if request.role == "start" and not outcome.requests:
        outcome.notes.append(("no_reports_found", "the page links no annual report and no column of them"))
    return outcome


def _child(request: Request, link: Link, role: str, title: str) -> Request:
    return Request(link.url, request.site, role, request.round, parent_url=request.url, title=title, depth=request.depth + 1)


def _names_column(page: Page) -> bool:
    """Whether the page calls itself a column of annual reports, by its title or its address."""
    return any(is_report_column(part) for part in re.split(r"[_|-]", page.title)) or is_column_path(urlsplit(page.url).path)


def _leaves(request: Request, link: Link, verdict: Verdict) -> bool:
    """Whether a link leads to another site without a sure title."""
    here, there = urlsplit(request.url).hostname or "", urlsplit(link.url).hostname or ""
    return verdict is not Verdict.REPORT and here != there and registrable(here) != registrable(there)


def _go_on(request: Request, page: Page, found: Found, links: list[Link], candidates: bool, outcome: Outcome) -> None:
    """The list's next requests, unless the list repeats itself, holds nothing for long, or has no end."""
    trail: dict[str, Any] = page.memo.get("trail", {"pages": 0, "barren": 0, "echo": 0, "seen": [], "said": ""})
    mark, said = _mark(f"{link.url} {link.title}" for link in links), _mark(f"{link.title} {link.date}" for link in links)
    # The same titles and dates behind new addresses: some columns do have such pages, an endless one has nothing else.
    echo = trail["echo"] + 1 if said == trail["said"] else 0
    if mark in trail["seen"] or echo >= MAX_ECHO:
        outcome.notes.append(("listing_repeats", "the list gives what it gave before; reading stops there"))
        return
    pages, barren = trail["pages"] + 1, 0 if candidates else trail["barren"] + 1
    # The first page, which some lists always give, and the last few.
    seen = [*trail["seen"][:1], *trail["seen"][1:][-3:], mark]
    trail = {"pages": pages, "barren": barren, "echo": echo, "seen": seen, "said": said}
    for follow in found.follow:
        if follow.counted or follow.fresh:
            outcome.requests.append(_next(request, follow, None))
        elif barren >= MAX_BARREN:
            outcome.notes.append(("listing_barren", f"{barren} pages in a row without an annual report; reading stops there"))
        elif pages >= MAX_CHAIN:
            outcome.notes.append(("listing_limit", f"the list has more than {pages} pages; reading stops there"))
        else:
            outcome.requests.append(_next(request, follow, trail))


def _mark(lines: Iterable[str]) -> str:
    return hashlib.sha1("\n".join(lines).encode()).hexdigest()[:12]


def _next(request: Request, follow: Follow, trail: dict[str, Any] | None) -> Request:
    memo = {**follow.memo, "trail": trail} if trail else dict(follow.memo)
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
        memo=json.dumps(memo, ensure_ascii=False),
    )


def _entries(request: Request, page: Page, sure: bool) -> list[Request]:
    """Columns of annual reports that a home page links; failing these, its disclosure pages."""
    links = [link for link in html_links(page.tree, page.base) if not is_asset(link.url) and not is_document(link.url)]
    columns = [link for link in links if is_report_column(link.title)]
    if not columns and not sure and request.depth < 2:
        columns = [link for link in links if is_disclosure_home(link.title)]
    if not columns and not sure:
        columns = list(_forwards(page))
    entries = {request_key("GET", link.url): link for link in columns if not _leaves(request, link, Verdict.VAGUE)}
    return [_child(request, link, "listing", link.title) for link in list(entries.values())[:MAX_ENTRIES]]


_REFRESH = re.compile(r"url\s*=\s*['\"]?([^'\">\s]+)", re.I)
_LOCATION = re.compile(r"\blocation(?:\.href)?\s*(?:=|\.replace\()\s*['\"]([^'\"]+)['\"]")


def _forwards(page: Page) -> Iterator[Link]:
    """Where a page without content of its own sends a browser: frames, a refresh, a script that sets the location."""
    targets = [node.attributes.get("src") for node in page.tree.css("iframe[src], frame[src]")]
    for node in page.tree.css("meta"):
        if (node.attributes.get("http-equiv") or "").lower() == "refresh":
            targets += _REFRESH.findall(node.attributes.get("content") or "")
    if len(page.text) < SMALL:
        targets += _LOCATION.findall(page.text)
    for target in targets:
        url = canonical(target, page.base) if target else None
        if url:
            yield Link(url, page.title)
