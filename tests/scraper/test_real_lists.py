"""Real lists and report pages (where the shared folder is at hand) as the crawl reads them."""

from __future__ import annotations

import json

import pytest

from scraper.interpret import interpret
from scraper.request import Request
from tests.real_pages import REAL_PAGES

pytestmark = pytest.mark.skipif(not REAL_PAGES.is_dir(), reason="the folder of real pages is not here")


def read(folder: str, url: str, role: str = "start", title: str | None = None):
    path = next(path for path in (REAL_PAGES / folder).iterdir() if path.suffix in (".html", ".pdf"))
    return interpret(Request(url, "s", role, 1, title=title), path.read_bytes(), None, 200, {})


def test_a_static_list_with_news_between_the_reports():
    outcome = read("ordos-egb-listing", "http://www.example.gov.cn/xxgk/xxgknb/")
    reports = [request for request in outcome.requests if request.role == "report"]
    assert [request.title for request in reports] == [
        "鄂尔多斯市2019年政府信息公开工作年度报告",
        "鄂尔多斯市人民政府办公室2019年政府信息公开工作年度报告",
        "鄂尔多斯市2018年政府信息公开年度报告",
        "内蒙古自治区2018年政府信息公开工作年度报告",
    ]
    assert reports[0].url == "http://www.example.gov.cn/xxgk/xxgknb/202009/t20200903_2748784.html"
    assert [request.url for request in outcome.requests if request.role == "listing"] == [
        "http://www.example.gov.cn/xxgk/xxgknb/index_1.html"
    ]
    assert [request.title for request in outcome.requests if request.role == "candidate"] == []


def test_a_half_static_list_asks_the_search_for_its_second_half():
    outcome = read("pingtan-district-listing", "https://www.example.gov.cn/zwgk/zfxxgk/zfxxgknb/nlist.htm")
    reports = [request for request in outcome.requests if request.role == "report"]
    assert [request.title for request in reports] == [f"平潭综合实验区{year}年度政府信息公开工作年度报告" for year in range(2025, 2015, -1)]
    (more,) = [request for request in outcome.requests if request.method == "POST"]
    assert more.url == "https://www.example.gov.cn/fjdzapp/search"
    assert {"channelid=200210", "classsql=chnlid%3D1813", "prepage=10", "page=2"} <= set(more.body.split("&"))


def report_folders() -> list[str]:
    if not REAL_PAGES.is_dir():
        return []
    return sorted(
        path.parent.name
        for path in REAL_PAGES.glob("*/page.html")
        if json.loads((path.parent / "source.json").read_text("utf-8"))["kind"] == "html"
    )


@pytest.mark.parametrize("folder", report_folders())
def test_reports_are_reports_whatever_leads_to_them(folder):
    url = "https://www.example.gov.cn/art/t1.htm"
    assert read(folder, url, "report", "示例局2023年政府信息公开工作年度报告").role == "report"
    if folder != "pingtan-2017":  # only the statistics of that page are there, no head and no prose
        assert read(folder, url, "candidate", "2023年度报告").role == "report"


@pytest.mark.parametrize("folder", ["pingtan-2014", "pingtan-2018", "pingtan-2020", "pingtan-czj-2024", "shuyang-fgj-2023"])
def test_whole_report_pages_are_recognised_as_start_pages(folder):
    assert read(folder, "https://www.example.gov.cn/art/t1.htm").role == "report"


def test_a_pdf_in_a_list_is_a_report():
    assert read("hongze-2024-pdf", "https://www.example.gov.cn/art/report.pdf", "report").role == "report"
