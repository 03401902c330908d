"""Servers that lie, flood or lure: each gets a named problem, within the limits, and the rest of the crawl goes on."""

from __future__ import annotations

import gzip
import itertools
import json
import subprocess
import sys
import zlib
from pathlib import Path

import pytest

from scraper.addresses import AddressRules, RefusedAddressError, is_public
from scraper.client import Limits, fetch_one
from scraper.errors import FetchError

ROOT = Path(__file__).resolve().parents[2]


def bomb(megabytes: int) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    return b"".join([*(packer.compress(bytes(1 << 20)) for _ in range(megabytes)), packer.flush()])


def test_a_gzip_bomb_is_refused_in_bounded_memory(web, pages, answer, tmp_path):
    web.routes["/nb/"] = pages.column({"bomb.html": pages.title(1), "2.html": pages.title(2)})
    web.routes["/nb/bomb.html"] = answer(bomb(300), headers={"Content-Encoding": "gzip"})
    web.routes["/nb/2.html"] = pages.report(pages.title(2))
    code = """
import json, sys
from scraper.crawl import crawl, CrawlOptions
from scraper.sites import site_from_url
def peak():  # kB; not ru_maxrss, which a child inherits from the process that started it
    return int(next(line for line in open("/proc/self/status") if line.startswith("VmHWM")).split()[1])
before = peak()
summary = crawl([site_from_url(sys.argv[1])], sys.argv[2], CrawlOptions(delay=0))
print(json.dumps([dict(summary.sites[0].problems), summary.sites[0].new, (peak() - before) // 1024]))
"""
    done = subprocess.run(
        [sys.executable, "-c", code, web.url("/nb/"), str(tmp_path / "a")], capture_output=True, text=True, cwd=ROOT, check=True
    )
    problems, new, grown = json.loads(done.stdout)
    assert problems == {"too_large": 1}
    assert new == 1
    assert grown < 120, f"{grown} MB more than before"


def test_an_endless_body_is_cut_off(web, pages, answer, run):
    web.routes["/nb/"] = pages.column({"endless.html": pages.title(1)})
    web.routes["/nb/endless.html"] = lambda _: answer(stream=itertools.repeat(b"x" * 65536))
    summary = run(web.url("/nb/"), max_body=2_000_000)
    assert summary.sites[0].problems == {"too_large": 1}


def test_a_dripping_body_is_cut_off(web, pages, answer, run):
    import time

    def drip():
        for _ in range(100):
            time.sleep(0.05)
            yield b"x"

    web.routes["/nb/"] = pages.column({"slow.html": pages.title(1)})
    web.routes["/nb/slow.html"] = lambda _: answer(stream=drip())
    summary = run(web.url("/nb/"), total_timeout=0.4, attempts=1)
    assert summary.sites[0].problems == {"timeout": 1}


def test_an_endless_list_of_nothing_ends(web, pages, run):
    web.routes["/nb/list.html"] = lambda hit: pages.column(
        {f"/news/{hit.query.get('page', 1)}.html": "要闻"}, f"<a href='list.html?page={int(hit.query.get('page', 1)) + 1}'>下一页</a>"
    )
    summary = run(web.url("/nb/list.html"))
    assert len(web.paths()) < 12
    assert summary.sites[0].problems.keys() & {"listing_barren", "listing_repeats"}


def test_a_list_that_always_gives_the_same_page_ends(web, pages, run, reports):
    web.routes["/nb/list.html"] = lambda hit: pages.column(
        {"1.html": pages.title(1)}, f"<a href='list.html?page={int(hit.query.get('page', 1)) + 1}'>下一页</a>"
    )
    web.routes["/nb/1.html"] = pages.report(pages.title(1))
    run(web.url("/nb/list.html"))
    assert len(web.paths()) <= 4
    assert reports() == ["/nb/1.html"]


def test_session_ids_make_no_new_pages(web, pages, run, reports):
    numbers = itertools.count()

    def column(_):
        n = next(numbers)
        return pages.column({f"1.html;jsessionid=A{n}": pages.title(1)}, f"<a href='/nb/;jsessionid=B{n}'>下一页</a>")

    web.routes["/nb/"] = column
    web.routes["/nb/1.html"] = pages.report(pages.title(1))
    run(web.url("/nb/"))
    assert web.paths() == ["/nb/", "/nb/1.html"]
    assert reports() == ["/nb/1.html"]


@pytest.mark.parametrize(
    "target",
    [
        "http://169.254.169.254/latest/meta-data/",
        "http://[::ffff:169.254.169.254]/",
        "http://10.0.0.1/",
        "http://2130706433/",
        "http://0x7f.1/",
    ],
)
def test_redirects_to_internal_addresses_are_refused(web, pages, answer, run, archive, target):
    web.routes["/nb/"] = pages.column({"1.html": pages.title(1)})
    web.routes["/nb/1.html"] = answer("", 302, {"Location": target})
    summary = run(web.url("/nb/"), attempts=1)
    (code,) = summary.sites[0].problems
    assert code == "refused_address" or (code == "bad_url" and "2130706433" in target)
    with archive() as opened:
        assert [problem.code for problem in opened.problems()] == [code]


def test_another_loopback_host_is_refused_unless_named(loopback, pages, answer, run, reports):
    web, other = loopback(), loopback()
    web.routes["/nb/"] = pages.column({"1.html": pages.title(1), other.url("/2.html"): pages.title(2)})
    web.routes["/nb/1.html"] = answer("", 301, {"Location": other.url("/1.html")})
    for n in (1, 2):
        other.routes[f"/{n}.html"] = pages.report(pages.title(n))
    summary = run(web.url("/nb/"))
    assert summary.sites[0].problems == {"refused_address": 2}
    assert other.hits == []
    run(web.url("/nb/"), other.url("/1.html"), folder="both")
    assert reports("both") == ["/1.html", "/2.html"]


def test_redirect_loops_end(web, pages, answer, run):
    web.routes["/nb/"] = pages.column({"a.html": pages.title(1), "self.html": pages.title(2), "far0.html": pages.title(3)})
    web.routes["/nb/a.html"] = answer("", 302, {"Location": "/nb/b.html"})
    web.routes["/nb/b.html"] = answer("", 302, {"Location": "/nb/a.html"})
    web.routes["/nb/self.html"] = answer("", 302, {"Location": "/nb/self.html"})
    for n in range(30):
        web.routes[f"/nb/far{n}.html"] = answer("", 302, {"Location": f"/nb/far{n + 1}.html"})
    summary = run(web.url("/nb/"), max_redirects=5)
    assert summary.sites[0].problems == {"redirect_loop": 1, "too_many_redirects": 1}
    assert len(web.paths()) < 15


def test_a_redirect_is_followed_once_and_the_report_keeps_both_addresses(web, pages, answer, run, archive):
    web.routes["/nb/"] = pages.column({"old.html": pages.title(1), "new.html": pages.title(1)})
    web.routes["/nb/old.html"] = answer("", 301, {"Location": "new.html"})
    web.routes["/nb/new.html"] = pages.report(pages.title(1))
    run(web.url("/nb/"))
    assert web.paths().count("/nb/new.html") == 1
    web.routes["/nb2/"] = pages.column({"/old2.html": pages.title(2)})
    web.routes["/old2.html"] = answer("", 301, {"Location": "/new2.html"})
    web.routes["/new2.html"] = pages.report(pages.title(2))
    run(web.url("/nb2/"), folder="second")
    with archive("second") as opened:
        (capture,) = [capture for capture in opened.captures() if capture.role == "report"]
        assert (capture.url, capture.requested_url) == (web.url("/new2.html"), web.url("/old2.html"))


def test_lies_about_content_coding(web, pages, answer, run, archive):
    page = pages.report(pages.title(1)).encode()
    raw_deflate = zlib.compress(page)[2:-4]
    bodies = {"plain": page, "gzip": gzip.compress(page), "cut": gzip.compress(page)[:-12]}
    links = {f"{name}.html": pages.title(n) for n, name in enumerate([*bodies, "deflate"])}
    web.routes["/nb/"] = pages.column(links)
    for name, body in bodies.items():
        web.routes[f"/nb/{name}.html"] = answer(body, headers={"Content-Encoding": "gzip"})
    web.routes["/nb/deflate.html"] = answer(raw_deflate, headers={"Content-Encoding": "deflate"})
    run(web.url("/nb/"))
    with archive() as opened:
        read = {capture.url.rsplit("/", 1)[1]: capture.body() for capture in opened.captures() if capture.role == "report"}
    assert read["plain.html"] == read["gzip.html"] == read["deflate.html"] == page
    assert page.startswith(read["cut.html"][:100])
    assert len(read) == 4


def test_wrong_content_length_and_garbage(web, pages, answer, run, reports):
    page = pages.report(pages.title(1)).encode()
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
    web.routes["/nb/"] = pages.column(
        {"long.html": pages.title(1), "garbage.html": pages.title(2), "empty.html": pages.title(3), "none.html": pages.title(4)}
    )
    web.routes["/nb/long.html"] = answer(wire=head + b"Content-Length: %d\r\n\r\n" % (len(page) + 500) + page)
    web.routes["/nb/garbage.html"] = answer(wire=b"\x00\x01\x02 not http at all\r\n\r\n")
    web.routes["/nb/empty.html"] = answer("")
    web.routes["/nb/none.html"] = answer(wire=b"")
    summary = run(web.url("/nb/"), attempts=2)
    assert reports() == ["/nb/long.html"]
    assert summary.sites[0].problems == {"truncated": 1, "bad_response": 1, "empty_body": 1, "connection": 1}


def test_a_guarded_host_is_reported_and_left_alone(loopback, pages, answer, run, archive):
    web, guarded = loopback(), loopback()
    challenge = answer("<script>document.cookie='__jsl_clearance_s=1|0|x';location.reload()</script>", 521, {"Set-Cookie": "__jsluid_h=1"})
    guarded.routes["/robots.txt"] = answer("", 404)
    guarded.routes["/nb/"] = challenge
    web.routes["/nb/"] = pages.column({f"{n}.html": pages.title(n) for n in range(8)})
    for n in range(8):
        web.routes[f"/nb/{n}.html"] = challenge
    summary = run(guarded.url("/nb/"), web.url("/nb/"))
    assert summary.sites[0].problems == {"blocked:jiasule": 1}
    assert summary.sites[1].problems == {"blocked:jiasule": 8}
    assert len(web.paths()) == 4, "after three refusals the host is asked no more"
    with archive() as opened:
        assert not [capture for capture in opened.captures() if capture.role == "report"]


def test_soft_404_and_login_are_no_reports(web, pages, run, reports):
    web.routes["/nb/"] = pages.column({"1.html": pages.title(1), "2.html": pages.title(2)})
    web.routes["/nb/1.html"] = "<html><head><title>提示</title></head><body>您访问的页面不存在或已删除<a href='/'>首页</a></body></html>"
    web.routes["/nb/2.html"] = pages.report(pages.title(2))
    summary = run(web.url("/nb/"))
    assert reports() == ["/nb/2.html"]
    assert summary.sites[0].problems == {"soft_404": 1}


def test_hostile_markup_costs_one_page_only(web, pages, run, reports):
    deep = "<div>" * 50_000 + pages.title(1)
    web.routes["/nb/"] = pages.column(
        {"1.html": pages.title(1), "2.html": pages.title(2), "http://[::bad/": pages.title(3), "\x00\ud7ff": pages.title(4)}
    )
    web.routes["/nb/1.html"] = deep
    web.routes["/nb/2.html"] = pages.report(pages.title(2))
    run(web.url("/nb/"))
    assert "/nb/2.html" in reports()


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("114.114.114.114", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("169.254.169.254", False),
        ("100.100.100.200", False),
        ("0.0.0.0", False),
        ("::1", False),
        ("fe80::1%eth0", False),
        ("::ffff:192.168.1.1", False),
        ("64:ff9b::7f00:1", False),
        ("2002:7f00:1::", False),
        ("240c::6666", True),
        ("224.0.0.1", False),
    ],
)
def test_public_addresses(address, public):
    assert is_public(address) is public


def test_named_hosts_only_on_their_port():
    rules = AddressRules(["http://127.0.0.1:8000/x"])
    rules.check("127.0.0.1", 8000, ["127.0.0.1"])
    with pytest.raises(RefusedAddressError, match="8001"):
        rules.check("127.0.0.1", 8001, ["127.0.0.1"])


def test_fetch_one_follows_redirects_and_refuses_lures(web, answer):
    web.routes["/a"] = answer("", 302, {"Location": "/b"})
    web.routes["/b"] = "hello"
    web.routes["/lure"] = answer("", 302, {"Location": "http://169.254.169.254/"})
    fetched = fetch_one(web.url("/a"))
    assert (fetched.url, fetched.body) == (web.url("/b"), b"hello")
    with pytest.raises(FetchError) as refused:
        fetch_one(web.url("/lure"))
    assert refused.value.code == "refused_address"
    for bad in ("ftp://example.org/", "nonsense", "http://"):
        with pytest.raises(FetchError) as wrong:
            fetch_one(bad)
        assert wrong.value.code == "bad_url"


def test_fetch_one_gives_up_with_a_name(web, answer):
    web.routes["/big"] = answer(b"x" * 5000)
    with pytest.raises(FetchError) as large:
        fetch_one(web.url("/big"), limits=Limits(body=1000))
    assert large.value.code == "too_large"
    address = web.base
    web.close()
    with pytest.raises(FetchError) as down:
        fetch_one(address, attempts=2)
    assert down.value.code == "connection"
    with pytest.raises(FetchError) as unknown:
        fetch_one("http://no-such-host.invalid/", attempts=1)
    assert unknown.value.code == "dns"


def test_an_endless_list_of_new_addresses_under_old_titles_ends(web, pages, run):
    def column(hit):
        number = int(hit.query.get("page", 1))
        links = [(f"{number}-{n}.html", pages.title(n)) for n in range(3)]
        return pages.column(links, f"<a href='list.html?page={number + 1}'>下一页</a>")

    web.routes["/nb/list.html"] = column
    summary = run(web.url("/nb/list.html"))
    assert sum("list.html" in path for path in web.paths()) < 10
    assert summary.sites[0].problems["listing_repeats"] == 1
