"""`nianbao diagnose URL`: one look at an address, in plain words: network, TLS, robots, CMS family, list, obstacle."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from urllib.parse import urlsplit

from parsers.decode import decode, looks_binary
from scraper.addresses import AddressRules, is_public
from scraper.client import Client
from scraper.errors import FetchError
from scraper.http import DEFAULT_USER_AGENT, Fetched, Limits, redirect_target
from scraper.interpret import Outcome, interpret
from scraper.listings import Page, read_listing
from scraper.request import Request
from scraper.robots import Robots, robots_decision
from scraper.settle import blocked_by, header_map
from scraper.urls import canonical, origin

PAUSE = 1.0
SHOWN = 5


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """``lines`` in plain words; ``ok``: a crawl would find something here; ``code``: the problem's name if it would not."""

    url: str
    ok: bool
    code: str | None
    lines: tuple[str, ...]


def diagnose(url: str, *, user_agent: str = DEFAULT_USER_AGENT, limits: Limits | None = None) -> Diagnosis:
    """Ask for robots.txt and the page itself (redirects followed), and say what a crawl would make of them."""
    start = canonical(url)
    if start is None:
        return Diagnosis(url, False, "bad_url", (f"{url!r} is no http or https address",))
    return asyncio.run(_Look(start, user_agent).run(limits))


class _Look:
    def __init__(self, url: str, user_agent: str) -> None:
        self.url, self.user_agent, self.lines = url, user_agent, [f"address   {url}"]

    def end(self, ok: bool, code: str | None, line: str) -> Diagnosis:
        self.lines.append(line)
        return Diagnosis(self.url, ok, code, tuple(self.lines))

    async def run(self, limits: Limits | None) -> Diagnosis:
        async with Client(AddressRules([self.url]), self.user_agent, limits or Limits(total=60.0)) as client:
            host = urlsplit(self.url).hostname or ""
            addresses = await client.resolve(host)
            if not addresses:
                return self.end(
                    False,
                    "dns",
                    f"network   the name {host} does not resolve: moved, mistyped, or your name server fails",
                )
            inner = "" if all(map(is_public, addresses)) else " (an internal address; fetched because you named it)"
            self.lines.append(f"network   {', '.join(addresses)}{inner}")
            try:
                robots = await self._robots(client)
                if not robots.allows(self.url):
                    code, message = robots.refusal
                    return self.end(False, code, f"result    {code}: {message}{_advice(code)}")
                await asyncio.sleep(max(PAUSE, min(robots.delay, 10.0)))
                fetched = await self._page(client)
            except FetchError as error:
                return self.end(False, error.code, f"result    {error.code}: {error.message}{_advice(error.code)}")
        return self._read(fetched)

    async def _robots(self, client: Client) -> Robots:
        fetched = await client.fetch(f"{origin(self.url)}/robots.txt")
        if fetched.tls_profile:
            self.lines.append(f"TLS       works with profile {fetched.tls_profile}")
        kind = fetched.header("content-type")
        blocked = blocked_by(fetched.body, kind, fetched.status, header_map(fetched.headers))
        decision = blocked[0] if blocked else robots_decision(fetched.status, kind, fetched.body)
        robots = Robots(decision, fetched.body, self.user_agent)
        words = {
            "rules": f"found; this address is {'allowed' if robots.allows(self.url) else 'disallowed'}",
            "none": f"none (HTTP {fetched.status}): everything is allowed",
            "html": "a page of HTML stands in its place: treated as none",
            "unreachable": f"HTTP {fetched.status}: nothing may be fetched until it can be read",
        }
        delay = f"; it asks for {robots.delay:g} s between requests" if robots.delay else ""
        self.lines.append(f"robots    {words.get(decision, 'a firewall answers in its place')}{delay}")
        return robots

    async def _page(self, client: Client) -> Fetched:
        url = self.url
        for _ in range(client.limits.redirects):
            fetched = await client.fetch(url)
            target = redirect_target(fetched)
            if target is None:
                break
            self.lines.append(f"redirect  HTTP {fetched.status} to {target}")
            url = target
            await asyncio.sleep(PAUSE)
        else:
            raise FetchError("too_many_redirects", f"more than {client.limits.redirects} redirects")
        text = "" if looks_binary(fetched.body) else f", {decode(fetched.body, fetched.header('content-type')).encoding}"
        kind = (fetched.header("content-type") or "no content type").split(";")[0]
        self.lines.append(f"answer    HTTP {fetched.status}, {kind}, {len(fetched.body):,} bytes{text}, {fetched.elapsed:.1f} s")
        return fetched

    def _read(self, fetched: Fetched) -> Diagnosis:
        request = Request(fetched.url, "", "start", 1)
        headers, kind = header_map(fetched.headers), fetched.header("content-type")
        blocked = blocked_by(fetched.body, kind, fetched.status, headers)
        if blocked:
            return self.end(False, blocked[0], f"result    {blocked[0]}: {blocked[1]}{_advice(blocked[0])}")
        outcome = interpret(request, fetched.body, kind, fetched.status, headers)
        if outcome.problem:
            code, message = outcome.problem
            return self.end(False, code, f"result    {code}: {message}{_advice(code)}")
        if fetched.status != 200:
            return self.end(
                False,
                f"http_{fetched.status}",
                f"result    the server answers HTTP {fetched.status}: is the address right?",
            )
        if outcome.role == "report":
            return self.end(
                True,
                None,
                f"result    this is a report{f' for {outcome.year}' if outcome.year else ''}; a crawl archives it as one",
            )
        return self._list(fetched, outcome)

    def _list(self, fetched: Fetched, outcome: Outcome) -> Diagnosis:
        page = Page(fetched.url, decode(fetched.body, fetched.header("content-type")).text)
        self.lines.append(f"family    {read_listing(page, None).family}")
        by_role: dict[str, list[Request]] = {"report": [], "candidate": [], "listing": []}
        for request in outcome.requests:
            by_role.setdefault(request.role, []).append(request)
        reports, candidates, lists = by_role["report"], by_role["candidate"], by_role["listing"]
        self.lines.append(
            f"list      {len(reports)} reports, {len(candidates)} vague titles to look at, {len(lists)} further lists or pages"
        )
        self.lines += [f"          {request.title}  {request.url}" for request in (reports + candidates)[:SHOWN]]
        self.lines += [f"          next: {request.method} {request.url}" for request in lists[:SHOWN]]
        self.lines += [f"note      {code}: {message}" for code, message in outcome.notes]
        if not outcome.requests:
            return self.end(
                False,
                "no_reports_found",
                "result    no annual report and no column of them is linked here; give the column's own address",
            )
        return self.end(True, None, "result    a crawl can start here")


def _advice(code: str) -> str:
    advice = {
        "tls_certificate": "; if you trust the site, set allow_bad_certificate = true in its entry",
        "timeout": "; some sites answer only from China, or only over IPv6",
        "refused_address": "; name that address yourself if it is meant",
    }
    blocked = "; it is never evaded: save the pages with a browser and give the folder to `nianbao build`"
    return blocked if code.startswith("blocked") or code == "login" else advice.get(code, "")
