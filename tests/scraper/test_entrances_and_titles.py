"""Start pages of every kind, noise beside the reports, vague titles, attachments."""

from __future__ import annotations

import pytest

from scraper.titles import Verdict, is_column_path, is_disclosure_home, is_report_column, judge, year
from scraper.urls import canonical, request_key


def test_a_home_page_leads_to_its_column(web, pages, run, reports):
    web.routes["/"] = (
        "<html><head><title>示例市人民政府</title></head><body><a href='/zwgk/'>政务公开</a><a href='/news/'>新闻</a></body></html>"
    )
    web.routes["/zwgk/"] = (
        "<html><head><title>政务公开</title></head><body>"
        "<a href='/zwgk/zn/'>政府信息公开指南</a><a href='/zwgk/nb/'>政府信息公开年报</a></body></html>"
    )
    web.routes["/zwgk/nb/"] = pages.column({"1.html": pages.title(1), "2.html": pages.title(2)})
    for n in (1, 2):
        web.routes[f"/zwgk/nb/{n}.html"] = pages.report(pages.title(n))
    run(web.url("/"))
    assert reports() == ["/zwgk/nb/1.html", "/zwgk/nb/2.html"]
    assert "/news/" not in web.paths()
    assert "/zwgk/zn/" not in web.paths()


def test_a_start_url_may_be_a_report(web, pages, run, reports):
    web.routes["/art/1.html"] = pages.report(pages.title(1))
    run(web.url("/art/1.html"))
    assert reports() == ["/art/1.html"]


def test_a_start_url_may_be_a_document(web, answer, run, reports):
    web.routes["/files/2023.pdf"] = answer(b"%PDF-1.7\n1 0 obj", kind="application/pdf")
    run(web.url("/files/2023.pdf"))
    assert reports() == ["/files/2023.pdf"]


def test_a_column_that_leads_nowhere_says_so(web, run):
    web.routes["/"] = "<html><head><title>示例</title></head><body><p>欢迎</p><a href='/a.html'>新闻</a></body></html>"
    assert run(web.url("/")).sites[0].problems == {"no_reports_found": 1}


def test_noise_is_not_fetched(web, pages, run, reports):
    noise = [
        "示例市2023年政府网站工作年度报表",
        "关于做好2023年政府信息公开工作年度报告的通知",
        "一图读懂2023年政府信息公开工作年度报告",
        "2023年法治政府建设年度报告",
        "示例市2023年部门决算",
        "2023年国民经济和社会发展统计公报",
        "政府信息公开工作年度报告格式",
        "《2023年政府信息公开工作年度报告》解读",
        "示例市召开年度工作会议",
        "政府信息公开指南",
    ]
    links = {f"n{n}.html": title for n, title in enumerate(noise)} | {"1.html": pages.title(1)}
    web.routes["/nb/"] = pages.column(links)
    web.routes["/nb/1.html"] = pages.report(pages.title(1))
    run(web.url("/nb/"))
    assert web.paths() == ["/nb/", "/nb/1.html"]
    assert reports() == ["/nb/1.html"]


def test_a_vague_title_is_decided_by_the_page(web, pages, run, reports, archive):
    web.routes["/nb/"] = pages.column(
        {"1.html": "2023年度年报", "2.html": "2022年度报告", "3.html": "2021年", "4.html": "示例市关于2020年政府信息公开工作年度报…"}
    )
    web.routes["/nb/1.html"] = pages.report("示例局2023年政府信息公开工作年度报告")
    web.routes["/nb/2.html"] = pages.report("示例局2022年法治政府建设年度报告", body="依法行政。" * 200)
    web.routes["/nb/3.html"] = pages.report("2021年")
    web.routes["/nb/4.html"] = pages.report("示例市关于2020年政府信息公开工作年度报告的通知", body="请各单位认真做好。" * 100)
    summary = run(web.url("/nb/"))
    assert reports() == ["/nb/1.html"] or reports() == ["/nb/1.html", "/nb/3.html"]
    assert not summary.sites[0].problems
    with archive() as opened:
        roles = {capture.url.rsplit("/", 1)[1]: capture.role for capture in opened.captures()}
    assert roles["2.html"] == roles["4.html"] == "page"


def test_a_title_that_opens_a_list_is_read_as_one(web, pages, run, reports):
    web.routes["/nb/"] = pages.column({"2023/": "示例区各部门2023年政府信息公开工作年度报告", "2022/": "2022年度报告"})
    for year_ in (2022, 2023):
        web.routes[f"/nb/{year_}/"] = pages.column({f"{n}.html": pages.title(n, year_) for n in range(4)}, title="示例区")
        for n in range(4):
            web.routes[f"/nb/{year_}/{n}.html"] = pages.report(pages.title(n, year_))
    run(web.url("/nb/"))
    assert reports() == sorted(f"/nb/{year_}/{n}.html" for year_ in (2022, 2023) for n in range(4))


def test_attachments_are_archived_with_their_page(web, pages, answer, run, archive):
    web.routes["/nb/"] = pages.column({"1.html": pages.title(1), "2.pdf": pages.title(2)})
    files = "".join(f"<a href='files/{name}'>{name}</a>" for name in ("a.pdf", "b.DOCX", "c.wps", "d.xls", "e.ofd", "f.zip", "g.jpg"))
    web.routes["/nb/1.html"] = pages.report(
        pages.title(1), more=files + "<a href='/system/_content/download.jsp?urltype=news.DownloadAttachUrl&wbfileid=7'>附件</a>"
    )
    for name in ("a.pdf", "b.DOCX", "c.wps", "d.xls", "e.ofd", "f.zip"):
        web.routes[f"/nb/files/{name}"] = answer(
            b"%PDF-1.4 " + name.encode() if name == "a.pdf" else b"PK\x03\x04" + name.encode(), kind="application/octet-stream"
        )
    web.routes["/system/_content/download.jsp"] = "<html><body>请输入验证码</body></html>"
    web.routes["/nb/2.pdf"] = answer(b"%PDF-1.4 report", kind="application/pdf")
    summary = run(web.url("/nb/"))
    assert "/nb/files/g.jpg" not in web.paths()
    with archive() as opened:
        attached = [capture for capture in opened.captures() if capture.role == "attachment"]
        assert {capture.parent_url for capture in attached} == {web.url("/nb/1.html")}
        assert sorted(capture.url.rsplit("/", 1)[1] for capture in attached) == ["a.pdf", "b.DOCX", "c.wps", "d.xls", "e.ofd", "f.zip"]
        assert [capture.url for capture in opened.captures() if capture.role == "report"] == [web.url("/nb/1.html"), web.url("/nb/2.pdf")]
    assert summary.sites[0].problems == {"soft_404": 1}


def test_pictures_in_place_of_tables_are_archived_with_their_page(web, pages, answer, run, archive):
    web.routes["/nb/"] = pages.column({"1.html": pages.title(1), "2.html": pages.title(2)})
    prose = "<p>示例局认真贯彻落实条例要求，推进政府信息公开工作，保障公众的知情权。</p>" * 12
    web.routes["/nb/1.html"] = (
        f"<html><title>{pages.title(1)}</title><body><img src='/logo.png' width=40 height=40><h1>{pages.title(1)}</h1><h2>一、总体情况</h2>"
        f"{prose}<h2>二、主动公开政府信息情况</h2><img src='./img/b.png'><h2>三、收到和处理政府信息公开申请情况</h2>"
        "<img src='img/c.jpg'><img src='data:image/png;base64,AAAA'><h2>四、政府信息公开行政复议、行政诉讼情况</h2>"
        f"<img src='img/b.png'><h2>五、存在的主要问题及改进情况</h2>{prose}</body></html>"
    )
    tables = f"<table><tr>{'<td>0</td>' * 120}</tr></table>"
    web.routes["/nb/2.html"] = pages.report(pages.title(2), more="<img src='img/photo.jpg'>" + tables)
    for name in ("b.png", "c.jpg"):
        web.routes[f"/nb/img/{name}"] = answer(b"\x89PNG\r\n\x1a\n" + name.encode(), kind="image/png")
    run(web.url("/nb/"))
    assert not {"/logo.png", "/nb/img/photo.jpg"} & set(web.paths())
    with archive() as opened:
        attached = [capture for capture in opened.captures() if capture.role == "attachment"]
        assert {capture.parent_url for capture in attached} == {web.url("/nb/1.html")}
        assert sorted(capture.url.rsplit("/", 1)[1] for capture in attached) == ["b.png", "c.jpg"]


def test_a_report_linked_twice_is_fetched_once(web, pages, run, reports):
    title = pages.title(1)
    port = web.server.server_port
    web.routes["/nb/"] = pages.column(
        [("1.html", title), ("./1.html#top", title), (f"http://127.0.0.1:{port}/nb/x/../1.html", title), ("1.html ", "阅读全文")],
        "<a href='2/'>政府信息公开年报</a>",
    )
    web.routes["/nb/1.html"] = pages.report(title)
    run(web.url("/nb/"), web.url("/nb/#again"))
    assert web.paths().count("/nb/1.html") == 1
    assert reports() == ["/nb/1.html"]


@pytest.mark.parametrize(
    ("title", "verdict", "year_"),
    [
        ("示例市人民政府2023年政府信息公开工作年度报告", Verdict.REPORT, 2023),
        ("２０２１年示例局政府信息公开年报", Verdict.REPORT, 2021),
        ("示例局二〇二二年度政府信息公开工作年度报告", Verdict.REPORT, 2022),
        ("示例市 2024 年 政府信息公开工作年度报告 2025-01-20", Verdict.REPORT, 2024),
        ("示例县关于2020年政府信息公开工作情况的报告", Verdict.REPORT, 2020),
        ("2023年度年报", Verdict.VAGUE, 2023),
        ("2023年", Verdict.VAGUE, 2023),
        ("示例市2023年政府信息公开…", Verdict.VAGUE, 2023),
        ("关于做好2023年政府信息公开年度报告编制工作的通知", Verdict.OTHER, 2023),
        ("2023年政府网站工作年度报表", Verdict.OTHER, 2023),
        ("首页", Verdict.OTHER, None),
        ("", Verdict.OTHER, None),
    ],
)
def test_titles(title, verdict, year_):
    assert judge(title) is verdict
    assert year(title) == year_


def test_columns_by_name_and_address():
    assert all(
        map(
            is_report_column,
            ["政府信息公开年报", "信息公开年报", "政府信息公开工作年度报告", "年度报告", "公开年报", "年报", "政府信息公开 年度报告"],
        )
    )
    assert not any(map(is_report_column, ["示例局2023年度报告", "年报解读", "工作报告", "统计年鉴"]))
    assert all(map(is_disclosure_home, ["政府信息公开", "信息公开", "政务公开"]))
    assert all(map(is_column_path, ["/zwgk/zfxxgk/zfxxgknb/nlist.htm", "/xxgk/ndbg/", "/gkmlpt/annualreport"]))
    assert not any(map(is_column_path, ["/news/", "/", "/zwgk/index.html"]))


@pytest.mark.parametrize(
    ("url", "base", "expected"),
    [
        ("./202009/t1.html", "http://www.Example.gov.cn:80/a/b/", "http://www.example.gov.cn/a/b/202009/t1.html"),
        ("../x/./y//z.html?a=b#c", "http://e.org/a/b/", "http://e.org/a/x/y/z.html?a=b"),
        ("http://例子.中国/年报.html", None, "http://xn--fsqu00a.xn--fiqs8s/%E5%B9%B4%E6%8A%A5.html"),
        ("/a;jsessionid=1A2B?page=2&JSESSIONID=3", "https://e.org/", "https://e.org/a?page=2"),
        ("javascript:void(0)", "http://e.org/", None),
        ("http://", None, None),
        ("http://[::1", None, None),
        ("http://e.org:99999/", None, None),
        ("mailto:a@e.org", "http://e.org/", None),
    ],
)
def test_canonical_urls(url, base, expected):
    assert canonical(url, base) == expected


def test_http_and_https_are_one_page():
    assert request_key("GET", "http://e.org/a?b=1") == request_key("GET", "https://e.org/a?b=1")
    assert request_key("GET", "http://e.org:8080/a") != request_key("GET", "http://e.org/a")
    assert request_key("POST", "http://e.org/a", "x=1") != request_key("POST", "http://e.org/a", "x=2")


@pytest.mark.parametrize(
    "entrance",
    [
        "<html><head><title>示例局</title></head><frameset><frame src='top.html'><frame src='/nb/'></frameset></html>",
        "<html><head><title>示例局</title></head><body><iframe src='/nb/'></iframe></body></html>",
        "<html><head><meta http-equiv='Refresh' content='0; URL=/nb/'></head></html>",
        "<html><head><script>window.location.href = '/nb/';</script></head><body></body></html>",
    ],
)
def test_an_entrance_that_only_sends_on(web, pages, run, reports, entrance):
    web.routes["/"] = entrance
    web.routes["/nb/"] = pages.column({"1.html": pages.title(1)})
    web.routes["/nb/1.html"] = pages.report(pages.title(1))
    run(web.url("/"))
    assert reports() == ["/nb/1.html"]
