"""A second crawl asks conditionally, and tells new, changed, unchanged and gone apart."""

from __future__ import annotations

import json
from datetime import date

import pytest
from warcio.archiveiterator import ArchiveIterator

from scraper.archive import read_warc
from scraper.crawl import last_due_year, missed_expectations
from scraper.sites import Site


@pytest.fixture
def site(web, pages, answer):
    """A column of four reports; odd ones have an ETag, even ones no validator at all."""
    web.routes["/robots.txt"] = answer("User-agent: *\nDisallow:\n", kind="text/plain")
    web.routes["/nb/"] = answer(pages.column({f"{n}.html": pages.title(n, 2018 + n) for n in range(1, 5)}), headers={"ETag": '"list"'})
    for n in range(1, 5):
        headers = {"ETag": f'"{n}"'} if n % 2 else {}
        web.routes[f"/nb/{n}.html"] = answer(pages.report(pages.title(n, 2018 + n)), headers=headers)
    return Site("示例", (web.url("/nb/"),))


def counts(summary):
    (site,) = summary.sites
    return site.new, site.changed, site.unchanged, site.gone


def test_everything_unchanged_is_asked_conditionally_and_archived_as_revisits(web, site, run, archive, tmp_path):
    assert counts(run(site)) == (4, 0, 0, 0)
    first = len(web.hits)
    assert not any(hit.conditional for hit in web.hits)
    assert counts(run(site)) == (0, 0, 4, 0)
    again = web.hits[first:]
    assert len(again) == 5, "robots.txt is kept for a day"
    assert all(hit.conditional for hit in again)
    with archive() as opened:
        captures = list(opened.captures())
        unchanged = [capture for capture in captures if capture.role == "report" and capture.unchanged]
        assert len(unchanged) == 4
        originals = {capture.url: capture for capture in captures if capture.role == "report" and not capture.unchanged}
        for capture in unchanged:
            assert capture.body() == originals[capture.url].body()
            assert capture.sha256 == originals[capture.url].sha256
        assert [capture.cursor for capture in opened.captures(after=captures[3].cursor)] == [capture.cursor for capture in captures[4:]]
    kinds = []
    for path in (tmp_path / "archive" / "warc").iterdir():
        with path.open("rb") as handle:
            kinds += [record.rec_type for record in ArchiveIterator(handle)]
    assert kinds.count("response") == 6
    assert kinds.count("revisit") == 5
    assert kinds.count("request") == 11


def test_new_changed_and_gone_reports(web, site, pages, answer, run, archive):
    run(site)
    links = {f"{n}.html": pages.title(n, 2018 + n) for n in range(1, 6)}
    web.routes["/nb/"] = answer(pages.column(links), headers={"ETag": '"list2"'})
    web.routes["/nb/5.html"] = pages.report(pages.title(5, 2023))
    web.routes["/nb/1.html"] = answer(pages.report(pages.title(1, 2019), more="<p>更正</p>"), headers={"ETag": '"1b"'})
    web.routes["/nb/2.html"] = answer("", 404)
    web.routes["/nb/3.html"] = "<html><head><title>提示</title></head><body>您访问的页面不存在或已删除</body></html>"
    summary = run(site)
    assert counts(summary) == (1, 1, 1, 2)
    assert summary.sites[0].problems == {"http_404": 1, "soft_404": 1}
    assert set(summary.sites[0].by_year) == {2019, 2022, 2023}
    assert counts(run(site)) == (0, 0, 3, 0), "gone is said once"
    with archive() as opened:
        assert (
            sum(capture.role == "report" and capture.url.endswith("/1.html") and not capture.unchanged for capture in opened.captures())
            == 2
        )


def test_a_report_that_the_list_no_longer_links_is_still_looked_after(web, site, pages, answer, run):
    run(site)
    web.routes["/nb/"] = answer(pages.column({"4.html": pages.title(4, 2022)}), headers={"ETag": '"short"'})
    assert counts(run(site)) == (0, 0, 4, 0)


def test_lists_behind_an_unchanged_first_page_are_still_read(web, pages, answer, run):
    column = "<script>createPageHTML(2, 0, 'index', 'html')</script>"
    web.routes["/nb/"] = answer(pages.column({"1.html": pages.title(1)}, column), headers={"ETag": '"a"'})
    web.routes["/nb/index_1.html"] = pages.column({"2.html": pages.title(2)})
    for n in (1, 2, 3):
        web.routes[f"/nb/{n}.html"] = pages.report(pages.title(n))
    run(web.url("/nb/"))
    web.routes["/nb/index_1.html"] = pages.column({"2.html": pages.title(2), "3.html": pages.title(3)})
    assert counts(run(web.url("/nb/"))) == (1, 0, 2, 0)


def test_expectations_that_are_missed_fail_the_run(web, pages, run):
    web.routes["/nb/"] = pages.column({f"{n}.html": pages.title(n, 2018 + n) for n in (1, 2, 4)})
    for n in (1, 2, 4):
        web.routes[f"/nb/{n}.html"] = pages.report(pages.title(n, 2018 + n))
    summary = run(Site("示例", (web.url("/nb/"),), min_reports_per_year=1, years=(2019, 2022)))
    assert summary.sites[0].missed == ("report year 2021: 0 of at least 1 reports",)
    assert summary.failed
    assert not run(Site("少", (web.url("/nb/"),), min_reports_per_year=1, years=(2019, 2020)), folder="other").failed


def test_expectations_know_what_is_due():
    site = Site("示例", ("http://example.org/",), min_reports_per_year=2)
    assert last_due_year(date(2026, 3, 31)) == 2024
    assert last_due_year(date(2026, 4, 1)) == 2025
    assert list(missed_expectations(site, {2024: 2}, date(2026, 2, 1))) == []
    assert list(missed_expectations(site, {2024: 1}, date(2026, 2, 1))) == ["report year 2024: 1 of at least 2 reports"]
    assert list(missed_expectations(site, {}, date(2026, 5, 1))) == ["report year 2025: 0 of at least 2 reports"]


def test_archive_tells_what_was_expected_of_a_site(web, pages, run, archive):
    web.routes["/nb/"] = pages.column({})
    run(Site("示例", (web.url("/nb/"),), organ="示例市人民政府", division_code="990100", min_reports_per_year=1, years=(2019, 2022)))
    with archive() as opened:
        (known,) = opened.sites()
    assert (known.name, known.organ, known.division_code, known.min_reports_per_year, known.years) == (
        "示例",
        "示例市人民政府",
        "990100",
        1,
        (2019, 2022),
    )
    assert known.finished_at


def test_our_warc_files_read_as_foreign_ones(web, site, run, tmp_path):
    run(site)
    (path,) = (tmp_path / "archive" / "warc").iterdir()
    read = {response.url: response for response in read_warc(path)}
    assert web.url("/nb/1.html") in read
    assert "2019年政府信息公开工作年度报告" in read[web.url("/nb/1.html")].body().decode()
    assert read[web.url("/nb/1.html")].status == 200


def test_records_say_how_they_were_fetched(web, site, run, tmp_path):
    run(site)
    (path,) = (tmp_path / "archive" / "warc").iterdir()
    with path.open("rb") as handle:
        records = [(record.rec_type, record.rec_headers, record.http_headers) for record in ArchiveIterator(handle)]
    assert records[0][0] == "warcinfo"
    response = next(
        headers for kind, headers, _ in records if kind == "response" and headers.get_header("WARC-Target-URI").endswith("/1.html")
    )
    context = json.loads(response.get_header("Nianbao-Context"))
    assert (context["site"], context["role"], context["parent_url"]) == ("示例", "report", web.url("/nb/"))
    request = next(
        http for kind, headers, http in records if kind == "request" and headers.get_header("WARC-Target-URI").endswith("/1.html")
    )
    assert request.protocol == "GET"
    assert request.get_header("User-Agent").startswith("nianbao/")
