"""diagnose in plain words, the log, the summary on the screen."""

from __future__ import annotations

import json

import pytest
from rich.console import Console

from scraper.crawl import CrawlOptions, CrawlSummary, SiteSummary
from scraper.diagnose import diagnose
from scraper.job import crawl_job
from scraper.sites import site_from_url
from scraper.summary import crawl_lines, crawl_table, years


def said(found):
    return "\n".join(found.lines)


def test_a_column(web, pages, answer):
    web.routes["/robots.txt"] = answer("User-agent: *\nCrawl-delay: 0.1\n", kind="text/plain")
    pager = "<script>createPageHTML(3, 0, 'index', 'html')</script>"
    web.routes["/nb/"] = pages.column({"1.html": pages.title(1), "2.html": "2022年度报告"}, pager)
    found = diagnose(web.url("/nb/"))
    assert found.ok
    assert "0.1 s between requests" in said(found)
    assert "trs" in said(found)
    assert "1 reports, 1 vague titles to look at, 2 further lists" in said(found)
    assert pages.title(1) in said(found)
    assert web.paths() == ["/nb/"]


def test_a_report_behind_a_redirect(web, pages, answer):
    web.routes["/old"] = answer("", 301, {"Location": "/new"})
    web.routes["/new"] = pages.report(pages.title(1))
    found = diagnose(web.url("/old"))
    assert found.ok
    assert "redirect  HTTP 301" in said(found)
    assert "this is a report for 2023" in said(found)


@pytest.mark.parametrize(
    ("routes", "code"),
    [
        ({}, "http_404"),
        ({"/nb/": ("<script>document.cookie='__jsl_clearance=1'</script>", 521)}, "blocked:jiasule"),
        ({"/robots.txt": ("<script>document.cookie='__jsl_clearance=1'</script>", 521)}, "blocked:jiasule"),
        ({"/robots.txt": ("User-agent: *\nDisallow: /nb", 200)}, "robots"),
        ({"/robots.txt": ("", 500)}, "robots_unreachable"),
        ({"/nb/": ("<html><body>您访问的页面不存在或已删除</body></html>", 200)}, "soft_404"),
        ({"/nb/": ("<html><head><title>新闻</title></head><body><a href='1.html'>要闻</a></body></html>", 200)}, "no_reports_found"),
    ],
)
def test_what_stands_in_the_way(web, answer, routes, code):
    for path, (body, status) in routes.items():
        web.routes[path] = answer(body, status, kind="text/plain" if "User-agent" in body else "text/html")
    found = diagnose(web.url("/nb/"))
    assert not found.ok
    assert found.code == code


def test_addresses_that_lead_nowhere(web):
    assert diagnose("ftp://example.org").code == "bad_url"
    assert diagnose("http://no-such-host.invalid/").code == "dns"
    address = web.base
    web.close()
    assert diagnose(address).code == "connection"


def test_the_log_has_a_line_for_every_page_and_problem(web, pages, tmp_path):
    web.routes["/nb/"] = pages.column({"1.html": pages.title(1), "2.html": pages.title(2)})
    web.routes["/nb/1.html"] = pages.report(pages.title(1))
    events = []
    log = tmp_path / "logs" / "log.jsonl"
    crawl_job([site_from_url(web.url("/nb/"))], tmp_path / "a", CrawlOptions(delay=0), events.append, log)
    lines = [json.loads(line) for line in log.read_text("utf-8").splitlines()]
    assert [line["event"] for line in lines if line["event"] in ("crawl_started", "crawl_finished")] == ["crawl_started", "crawl_finished"]
    (problem,) = [line for line in lines if line["event"] == "problem"]
    assert problem["level"] == "warning"
    assert problem["url"] == web.url("/nb/2.html")
    assert sum(line["event"] == "fetched" for line in lines) == 3
    (site,) = [line for line in lines if line["event"] == "site_finished"]
    assert (site["new"], site["problems"], site["by_year"]) == (1, {"http_404": 1}, {"2023": 1})
    assert {event.kind for event in events} == {"robots", "fetched", "report", "problem"}


def test_the_summary_fits_one_screen():
    sites = tuple(
        SiteSummary(f"site{n}", 1, 0, 2, 0, {"http_404": 1} if n == 99 else {}, {2019: 1, 2020: 1, 2022: 2}, ()) for n in range(100)
    )
    console = Console(width=100, record=True, file=open("/dev/null", "w"))  # noqa: SIM115, PTH123
    console.print(crawl_table(CrawlSummary(sites, 300, 1.0, True)))
    text = console.export_text()
    assert text.index("site99") < text.index("site0 "), "the troubled ones come first"
    assert "and 60 more sites" in text
    assert years(sites[0]) == "2019-2020 2022"


def test_what_must_be_said_beside_the_table():
    site = SiteSummary("示例", 0, 0, 0, 0, {}, {}, ("report year 2024: 0 of at least 1 reports",))
    lines = crawl_lines(CrawlSummary((site,), 0, 1.0, False, "signal"))
    assert lines == [
        "示例: report year 2024: 0 of at least 1 reports",
        "stopped on request; the next crawl of this archive goes on from here",
    ]
