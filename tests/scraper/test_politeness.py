"""Robots, delays, retries and waits, read from the servers' own logs."""

from __future__ import annotations

import email.utils
import itertools
import time

import pytest

from scraper.politeness import Pace, host_key, retry_after
from scraper.robots import Robots, robots_decision
from scraper.sites import Site


def test_robots_rules_are_obeyed_and_crawl_delay_kept(web, pages, answer, run, reports, archive):
    web.routes["/robots.txt"] = answer(
        "User-agent: nianbao\nDisallow: /nb/secret\nCrawl-delay: 0.3\n\nUser-agent: *\nDisallow: /\n", kind="text/plain"
    )
    web.routes["/nb/"] = pages.column({"1.html": pages.title(1), "secret/2.html": pages.title(2)})
    web.routes["/nb/1.html"] = pages.report(pages.title(1))
    web.routes["/nb/secret/2.html"] = pages.report(pages.title(2))
    summary = run(web.url("/nb/"))
    assert web.paths() == ["/nb/", "/nb/1.html"]
    assert min(web.gaps()) >= 0.29
    assert reports() == ["/nb/1.html"]
    assert summary.sites[0].problems == {"robots": 1}
    with archive() as opened:
        (problem,) = opened.problems()
        assert (problem.code, problem.source) == ("robots", web.url("/nb/secret/2.html"))
        assert next(capture.role for capture in opened.captures()) == "robots"


@pytest.mark.parametrize(
    ("route", "allowed"),
    [
        (lambda answer: answer("<!DOCTYPE html><html>Disallow: /</html>"), True),
        (lambda answer: answer("gone", 404), True),
        (lambda answer: answer("", 403), True),
        (lambda answer: answer("broken", 500), False),
        (lambda answer: answer("\ufeffUser-agent: *\r\nDisallow: /nb/", kind="text/plain"), False),
    ],
)
def test_what_counts_as_robots_txt(web, pages, answer, run, route, allowed):
    web.routes["/robots.txt"] = route(answer)
    web.routes["/nb/"] = pages.column({})
    summary = run(web.url("/nb/"), attempts=2)
    assert (web.paths() == ["/nb/"]) is allowed
    assert ("robots_unreachable" in summary.sites[0].problems or "robots" in summary.sites[0].problems) is not allowed


def test_robots_txt_behind_a_redirect(web, pages, answer, run):
    web.routes["/robots.txt"] = answer("", 302, {"Location": "/404.htm"})
    web.routes["/404.htm"] = "<html><body>您访问的页面不存在</body></html>"
    web.routes["/nb/"] = pages.column({})
    run(web.url("/nb/"))
    assert "/nb/" in web.paths()


def test_one_request_at_a_time_and_the_delay_between_two(loopback, pages, run):
    webs = [loopback() for _ in range(3)]
    for web in webs:
        web.routes["/nb/"] = pages.column({f"{n}.html": pages.title(n) for n in range(4)})
        for n in range(4):
            web.routes[f"/nb/{n}.html"] = pages.report(pages.title(n))
    started = time.monotonic()
    run(*[web.url("/nb/") for web in webs], delay=0.25)
    together = time.monotonic() - started
    for web in webs:
        assert len(web.hits) == 6
        assert web.most_open == 1
        assert min(web.gaps()) >= 0.24
    assert together < sum(hits[-1].at - hits[0].at for hits in (web.hits for web in webs)), "hosts are asked side by side"


def test_a_site_may_have_its_own_delay_and_user_agent(web, pages, run):
    web.routes["/nb/"] = pages.column({})
    run(Site("示例", (web.url("/nb/"),), delay=0.3, user_agent="example/1 (+mailto:someone@example.org)"))
    assert web.gaps()[0] >= 0.29
    assert {hit.headers["User-Agent"] for hit in web.hits} == {"example/1 (+mailto:someone@example.org)"}


@pytest.mark.parametrize("form", ["seconds", "date"])
def test_retry_after_is_waited_for(web, pages, answer, run, reports, form):
    web.routes["/nb/"] = pages.column({"1.html": pages.title(1), "2.html": pages.title(2)})
    web.routes["/nb/2.html"] = pages.report(pages.title(2))
    tries = []

    def flaky(hit):
        tries.append(hit.at)
        if len(tries) > 2:
            return pages.report(pages.title(1))
        wait = "1" if form == "seconds" else email.utils.formatdate(time.time() + 2, usegmt=True)
        return answer("busy", 503 if len(tries) == 1 else 429, {"Retry-After": wait})

    web.routes["/nb/1.html"] = flaky
    summary = run(web.url("/nb/"))
    assert reports() == ["/nb/1.html", "/nb/2.html"]
    assert all(later - earlier >= 0.95 for earlier, later in itertools.pairwise(tries))
    waiting = [hit.path for hit in web.hits if tries[0] < hit.at < tries[-1]]
    assert waiting == ["/nb/1.html"], "nothing else is asked of a host that asked for patience"
    assert not summary.failed


def test_a_host_that_wants_to_be_left_alone_is_left_for_another_run(web, answer, run):
    web.routes["/nb/"] = answer("later", 503, {"Retry-After": "7200"})
    summary = run(web.url("/nb/"))
    assert summary.sites[0].problems == {"retry_later": 1}
    again = run(web.url("/nb/"))
    assert again.sites[0].problems == {"retry_later": 1}
    assert web.paths() == ["/nb/"], "the wait is remembered across runs"


def test_resets_and_errors_are_tried_again_with_growing_waits(web, pages, answer, run, reports):
    web.routes["/nb/"] = pages.column({"1.html": pages.title(1), "2.html": pages.title(2), "3.html": pages.title(3)})
    counts = {"1": 0, "2": 0}

    def broken(name, bad):
        def route(_):
            counts[name] += 1
            return bad if counts[name] <= 2 else pages.report(pages.title(int(name)))

        return route

    web.routes["/nb/1.html"] = broken("1", answer(reset=True))
    web.routes["/nb/2.html"] = broken("2", answer("oops", 502))
    web.routes["/nb/3.html"] = answer(reset=True)
    summary = run(web.url("/nb/"), retry_base=0.05)
    assert reports() == ["/nb/1.html", "/nb/2.html"]
    assert summary.sites[0].problems == {"connection": 1}
    assert web.paths().count("/nb/3.html") >= 4
    waits = [later.at - earlier.at for earlier, later in itertools.pairwise(web.hits) if later.path == earlier.path == "/nb/2.html"]
    assert waits[1] > waits[0] >= 0.05


def test_the_delay_outlives_the_process(web, pages, run):
    web.routes["/nb/"] = pages.column({})
    run(web.url("/nb/"), delay=0.8)
    run(web.url("/nb/"), delay=0.8)
    assert min(web.gaps()) >= 0.75


def test_max_pages_stops_and_the_next_run_goes_on(web, pages, run, reports):
    web.routes["/nb/"] = pages.column({f"{n}.html": pages.title(n) for n in range(6)})
    for n in range(6):
        web.routes[f"/nb/{n}.html"] = pages.report(pages.title(n))
    first = run(web.url("/nb/"), max_pages=4)
    assert (first.complete, first.stopped, first.fetched) == (False, "max_pages", 4)
    while not run(web.url("/nb/"), max_pages=3).complete:
        pass
    assert reports() == [f"/nb/{n}.html" for n in range(6)]
    assert len(web.paths()) == len(set(web.paths())) == 7


def test_max_time(web, pages, run):
    web.routes["/nb/"] = pages.column({f"{n}.html": pages.title(n) for n in range(50)})
    summary = run(web.url("/nb/"), delay=0.2, max_time=0.7)
    assert summary.stopped == "max_time"
    assert len(web.hits) < 10


def test_names_of_one_site_on_one_address_are_one_host(web, pages, run, monkeypatch):
    """www and zwgk of a registrable domain that share an address are asked one at a time."""
    from scraper import client

    class Resolver(client.ThreadedResolver):
        async def resolve(self, host, port=0, family=0):
            assert host.endswith(".example.gov.cn")
            return await super().resolve("127.0.0.1", port, family)

    monkeypatch.setattr(client, "ThreadedResolver", Resolver)
    port = web.server.server_port
    for path in ("/a/", "/b/"):
        web.routes[path] = pages.column({f"{n}.html": pages.title(n) for n in range(3)})
        for n in range(3):
            web.routes[f"{path}{n}.html"] = pages.report(pages.title(n))
    run(f"http://www.example.gov.cn:{port}/a/", f"http://zwgk.example.gov.cn:{port}/b/", delay=0.1)
    assert len(web.paths()) == 8
    assert web.most_open == 1
    assert sum(gap < 0.09 for gap in web.gaps()) <= 1, "only until both names are known to be one"


def test_host_key():
    assert host_key("http://127.0.0.1:8001/x") == "127.0.0.1:8001"
    assert host_key("https://www.example.gov.cn:8443/x") == host_key("http://WWW.example.gov.cn/") == "www.example.gov.cn"


def test_pace():
    pace = Pace(ours=1.0, robots=2.0)
    assert pace.succeeded(0.1) == 2.0
    assert pace.succeeded(7.0) == 7.0, "a slow host is asked no faster than it answers"
    assert pace.failed(30.0) == 30.0
    waits = [pace.failed() for _ in range(12)]
    assert waits[2] > waits[0]
    assert max(waits) <= 400
    assert pace.succeeded(0.1) == 2.0


@pytest.mark.parametrize(("value", "expected"), [("120", 120.0), ("soon", None), (None, None), ("Thu, 01 Jan 1970 00:02:00 GMT", 60.0)])
def test_retry_after_header(value, expected):
    assert retry_after(value, now=60.0) == expected


@pytest.mark.parametrize(
    ("status", "kind", "body", "decision"),
    [
        (200, "text/plain", b"User-agent: *", "rules"),
        (200, "text/html", b"User-agent: *\nDisallow: /a", "rules"),
        (200, "text/html", b"\n<!DOCTYPE html>", "html"),
        (200, "text/html", b"nothing", "html"),
        (200, "text/plain", b"", "rules"),
        (404, None, b"", "none"),
        (401, None, b"", "none"),
        (503, None, b"", "unreachable"),
    ],
)
def test_robots_decision(status, kind, body, decision):
    assert robots_decision(status, kind, body) == decision


def test_request_rate_counts_as_a_delay():
    assert Robots("rules", b"User-agent: *\nRequest-rate: 1/5\n", "nianbao/1").delay == 5.0


def test_a_host_that_is_down_is_not_asked_for_every_page(web, pages, answer, run):
    web.routes["/nb/"] = pages.column({f"{n}.html": pages.title(n) for n in range(50)})
    for n in range(50):
        web.routes[f"/nb/{n}.html"] = answer("down", 500)
    summary = run(web.url("/nb/"), retry_base=0.001)
    assert summary.sites[0].problems == {"http_500": 50}
    assert len(web.paths()) < 12


def test_robots_rules_for_the_sites_own_user_agent(web, pages, answer, run):
    web.routes["/robots.txt"] = answer("User-agent: mylab\nDisallow: /\n\nUser-agent: *\nDisallow:\n", kind="text/plain")
    web.routes["/nb/"] = pages.column({})
    run(Site("示例", (web.url("/nb/"),), user_agent="mylab/2.0 (+mailto:someone@example.org)"))
    assert web.paths() == []


def test_a_page_that_breaks_off_is_asked_for_again(web, pages, answer, run, archive):
    page = pages.report(pages.title(1)).encode()
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n" % len(page)
    tries = []

    def route(_):
        tries.append(1)
        return answer(wire=head + (page[: 100 * len(tries)] if len(tries) < 3 else page))

    web.routes["/nb/"] = pages.column({"1.html": pages.title(1)})
    web.routes["/nb/1.html"] = route
    summary = run(web.url("/nb/"))
    assert not summary.failed
    with archive() as opened:
        (capture,) = [capture for capture in opened.captures() if capture.role == "report"]
        assert capture.body() == page
