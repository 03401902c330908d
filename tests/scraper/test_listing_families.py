"""Each family of lists against a server that behaves like it: every report once, nothing else."""

from __future__ import annotations

import json
from urllib.parse import unquote

import pytest

YEARS = range(2010, 2025)


@pytest.fixture
def stock(web, pages):
    """Fifteen reports and some noise on the host; gives (href, title) of all, newest first."""
    entries = []
    for number, year in enumerate(reversed(YEARS)):
        path, title = f"/art/{year}/r{number}.html", pages.title(number, year)
        web.routes[path] = pages.report(title)
        entries.append((path, title))
        if number % 5 == 0:
            for name, noise in (
                ("n", f"领导调研工作{number}"),
                ("t", f"关于做好{year}年政府信息公开工作年度报告编制的通知"),
                ("j", f"一图读懂{year}年政府信息公开工作年度报告"),
                ("w", f"示例市{year}年政府网站工作年度报表"),
                ("f", f"示例市{year}年法治政府建设年度报告"),
                ("x", f"{year}年示例市政府信息公开年度报告解读"),
            ):
                web.routes[f"/art/{year}/{name}.html"] = pages.report(noise)
                entries.append((f"/art/{year}/{name}.html", noise))
    return entries


@pytest.fixture
def wanted(stock):
    return sorted(path for path, _ in stock if "/r" in path)


def screens(stock, size):
    return [stock[start : start + size] for start in range(0, len(stock), size)]


def test_hanweb_jpage_reads_all_groups_and_drops_look_ahead_repeats(web, stock, wanted, run, reports):
    size = 3
    records = [f'<li><a href="{path}" title="{title}">{title[:12]}...</a></li>' for path, title in stock]

    def store(chosen):
        inner = "".join(f"<record><![CDATA[{record}]]></record>" for record in chosen)
        return f"<datastore><nextgroup></nextgroup><recordset>{inner}</recordset></datastore>"

    parameters = (
        "{col:1,appid:'1',webid:'15',path:'/',columnid:'777',sourceContentType:'1',"
        "unitid:'888',webname:'示例市人民政府',permissiontype:'0'}"
    )
    proxy_url = "/module/web/jpage/dataproxy.jsp"
    web.routes["/col/col777/index.html"] = (
        f"<html><head><title>政府信息公开年报</title></head><body><script type='text/xml'>{store(records[:9])}</script>"
        f"<script>var param_888 = {parameters}; "
        f"$('#888').jpage({{perPage:{size},totalRecord:{len(records)},proxyUrl:'{proxy_url}'}});</script>"
    )
    asked = []

    def proxy(hit):
        start, end = int(hit.query["startrecord"]), int(hit.query["endrecord"])
        asked.append((start, end, hit.method, hit.form))
        look_ahead = 1 if start > 2 * size * 3 else 0  # groups from the third on give one record more
        return store(records[start - 1 : end + look_ahead])

    web.routes["/module/web/jpage/dataproxy.jsp"] = proxy
    run(web.url("/col/col777/index.html"))
    assert reports() == wanted
    assert sorted(web.paths()) == sorted(set(web.paths()))
    assert [(start, end) for start, end, _, _ in asked] == [(10, 18), (19, 27), (28, 33)]
    assert {method for _, _, method, _ in asked} == {"POST"}
    assert asked[0][3]["columnid"] == "777"
    assert asked[0][3]["webname"] == "示例市人民政府"


def test_hanweb_catalogue_search(web, stock, wanted, run, reports):
    web.routes["/col/col9/index.html"] = (
        "<html><head><title>信息公开年报</title></head><body><script>loadDynamic('/module/xxgk/search.jsp?standardXxgk=1&infotypeId=A03'"
        "+'&area=11990000026455663X','div9','0','c','u','15','','')</script></body></html>"
    )
    parts = screens(stock, 12)

    def search(hit):
        number = int(hit.query["currpage"])
        assert hit.form["area"] == "11990000026455663X"
        assert hit.form["divid"] == "div9"
        rows = "".join(
            f"<tr class='tr_main_value_odd'><td><a href='{p}' title='{t}'>{t[:9]}</a></td><td>2024-01-02</td></tr>"
            for p, t in parts[number - 1]
        )
        return f"<table>{rows}</table><div>共 {len(parts)} 页</div>"

    web.routes["/module/xxgk/search.jsp"] = search
    run(web.url("/col/col9/index.html"))
    assert reports() == wanted


def test_hanweb_annual_reports_by_year(web, pages, run, reports):
    def year_page(hit):
        year = int(hit.query["fbtime"])
        if not 2012 <= year <= 2017:
            return "<html><body>没有数据</body></html>"
        web.routes[f"/art/{year}/a.html"] = pages.report(pages.title(1, year - 1))
        return f"<html><body><a href='/art/{year}/a.html'>{pages.title(1, year - 1)}</a></body></html>"

    web.routes["/module/xxgk/xxgkAnnualReport.jsp"] = year_page
    run(web.url("/module/xxgk/xxgkAnnualReport.jsp?fbtime=2017&area=11990000026455663X"))
    assert reports() == [f"/art/{year}/a.html" for year in range(2012, 2018)]


@pytest.mark.parametrize("ignores_page_number", [False, True])
def test_jpaas_stops_at_a_repeated_first_page(web, pages, stock, run, reports, answer, ignores_page_number):
    parts = screens(stock, 15)
    query = "{'parseType':'bulidstatic','webId':'3185','pageId':'p1','tagId':'信息列表','tplSetId':'t1'}"
    web.routes["/col/col1/index.html"] = (
        "<html><head><title>政府信息公开年报</title></head><body>"
        f'<script url="/api-gateway/jpaas-publish-server/front/page/build/unit" queryData="{query}"></script>'
    )
    asked = []

    def unit(hit):
        condition = hit.query["paramJson"]
        if " " in condition or hit.headers.get("X-Requested-With") != "XMLHttpRequest" or not hit.headers.get("Referer"):
            return answer("forbidden", 403)
        asked.append(json.loads(condition)["pageNo"])
        part = parts[0 if ignores_page_number else asked[-1] - 1]
        html = f'<ul>{pages.rows(part)}</ul><div class=\'pager\' count="{len(stock)}" rows="15" pageNo="{asked[-1]}"></div>'
        return answer(json.dumps({"success": True, "data": {"html": html}}, ensure_ascii=False), kind="application/json")

    web.routes["/api-gateway/jpaas-publish-server/front/page/build/unit"] = unit
    run(web.url("/col/col1/index.html"))
    expected = parts[0] if ignores_page_number else stock
    assert reports() == sorted(path for path, _ in expected if "/r" in path)
    assert asked == ([1, 2] if ignores_page_number else [1, 2, 3])


@pytest.mark.parametrize(
    "pager",
    ['<script>createPageHTML(3, {n}, "index", "html");</script>', "<script>var currentPage = {n}; var countPage = 3//共多少页\n</script>"],
)
def test_trs_counts_its_static_pages(web, pages, stock, wanted, run, reports, pager):
    for n, part in enumerate(screens(stock, 11)):
        path = "/zfxxgknb/" + ("index.html" if n == 0 else f"index_{n}.html")
        web.routes[path] = pages.column([("." + "./.." * 0 + "." + href, title) for href, title in part], pager.replace("{n}", str(n)))
    web.routes["/zfxxgknb/"] = web.routes["/zfxxgknb/index.html"]
    run(web.url("/zfxxgknb/"))
    assert reports() == wanted
    assert sorted(path for path in web.paths() if path.startswith("/zfxxgknb")) == [
        "/zfxxgknb/",
        "/zfxxgknb/index_1.html",
        "/zfxxgknb/index_2.html",
    ]


def test_trs_half_static_asks_the_search_for_the_rest(web, pages, stock, wanted, run, reports, answer):
    settings = f"""<script>var SiteInfo = {{ searchId: 200210 }}; listModel({{ quickMode: "动静结合", maxStaticIndex: 1,
        listArgs: {{ channelid: SiteInfo.searchId, classsql: "" || "chnlid=1813", sortfield: "-docorderpri,-docreltime" }},
        pagebar: {{ prepage: 10, recordCount: '{len(stock)}' }} }});</script>
        <dl ms-repeat="list"><dd><a ms-attr-href="el.url"></a></dd></dl>"""
    web.routes["/zfxxgknb/nlist.htm"] = pages.column(stock[:10], settings)

    def search(hit):
        assert hit.form["classsql"] == "chnlid=1813"
        assert hit.form["channelid"] == "200210"
        number = int(hit.form["page"])
        docs = [
            {"title": title, "url": web.url(path), "docreltime": "2024-01-15 10:00:00"}
            for path, title in stock[(number - 1) * 10 : number * 10]
        ]
        return answer(json.dumps({"count": len(stock), "docs": docs}), kind="application/json")

    web.routes["/fjdzapp/search"] = search
    run(web.url("/zfxxgknb/nlist.htm"))
    assert reports() == wanted
    assert sum(path == "/fjdzapp/search" for path in web.paths()) == 3


def test_ucap_static_lists(web, pages, stock, wanted, run, reports):
    for n, part in enumerate(screens(stock, 11), 1):
        path = "/c1/xxgk_list.shtml" if n == 1 else f"/c1/xxgk_list_{n}.shtml"
        web.routes[path] = pages.column(part, f"<script>createPageHTML('page_div',3, {n},'xxgk_list','shtml',{len(stock)});</script>")
    run(web.url("/c1/xxgk_list.shtml"))
    assert reports() == wanted


def test_ucap_search_by_channel(web, stock, wanted, run, reports, answer):
    web.routes["/c2/list.html"] = (
        '<html><head><title>政府信息公开年报</title></head><body><script>var channelId="ab12"; '
        "$.get('/searchList/' + channelId + '?_isAgg=true&_isJson=true&_pageSize=10');</script>"
    )

    def search(hit):
        assert hit.query["_isJson"] == "true"
        number, size = int(hit.query["page"]), int(hit.query["_pageSize"])
        rows = [
            {"title": f"<em>{t[:3]}</em>{t[3:]}", "url": p, "publishedTimeStr": "2024-01-15 08:00:00"}
            for p, t in stock[(number - 1) * size : number * size]
        ]
        return answer(json.dumps({"data": {"total": len(stock), "results": rows}}, ensure_ascii=False), kind="application/json")

    web.routes["/searchList/ab12"] = search
    run(web.url("/c2/list.html"))
    assert reports() == wanted


def test_ucap_files_by_code(web, stock, wanted, run, reports, answer):
    web.routes["/c3/xxgk_navs.shtml"] = (
        "<html><head><title>政府信息公开年报</title></head><body><script>var channelId = 'c9'; var codeId='NB01';"
        "$.post('/getFileListByCodeId', {codeId: codeId, channelId: channelId, page: 1, size: 8, relateSubChannels: true})</script>"
    )

    def listing(hit):
        assert (hit.form["codeId"], hit.form["channelId"], hit.form["relateSubChannels"]) == ("NB01", "c9", "true")
        number, size = int(hit.form["page"]), int(hit.form["size"])
        rows = [{"titleHtml": t, "url": p, "publishedTimeStr": "2024-01-15"} for p, t in stock[(number - 1) * size : number * size]]
        return answer(json.dumps({"results": {"data": {"total": len(stock), "results": rows}}}), kind="application/json")

    web.routes["/getFileListByCodeId"] = listing
    run(web.url("/c3/xxgk_navs.shtml"))
    assert reports() == wanted


@pytest.mark.parametrize("start", ["/gkmlpt/annualreport#8721", "/gkmlpt/index"])
def test_gkmlpt_lists_the_category_of_annual_reports(web, pages, run, reports, answer, start):
    entries = [(f"/gkmlpt/content/4/{n}/post_{n}.html", pages.title(n, 2024 - n % 3)) for n in range(120)]
    for path, title in entries:
        web.routes[path] = pages.report(title)
    tree = '[{"id":1,"name":"\\u89c4\\u8303\\u6027\\u6587\\u4ef6","children":[]},{"id":8721,"name":"政府信息公开年报","children":[]}]'
    for path in ("/gkmlpt/annualreport", "/gkmlpt/index"):
        web.routes[path] = (
            f"<html><head><title>示例局</title></head><body><script>window._CONFIG = {{ SID: '990001', TREE: {tree} }}</script>"
        )

    def api(hit):
        assert hit.query["sid"] == "990001"
        number = max(int(hit.query["page"]), 1)
        articles = [{"id": n, "title": t, "url": web.url(p), "create_time": 1700000000} for n, (p, t) in enumerate(entries)]
        return answer(json.dumps({"total": len(entries), "articles": articles[(number - 1) * 100 : number * 100]}), kind="application/json")

    web.routes["/gkmlpt/api/all/8721"] = api
    run(web.url(start), concurrency=4)
    assert reports() == sorted(path for path, _ in entries)


@pytest.mark.parametrize("counted", [True, False])
def test_lonsun_goes_on_by_page_index(web, pages, stock, wanted, run, reports, counted):
    parts = screens(stock, 9)

    def column(hit):
        number = int(hit.query.get("pageIndex", "1"))
        pager = f"<script>Ls.pagination('#p').init({{pageCount: '{len(parts)}', pageIndex: '{number}', pageSize: 9}});</script>"
        return pages.column(parts[number - 1] if number <= len(parts) else [], pager if counted else "<a href='?pageIndex=1'>首页</a>")

    web.routes["/public/column/6595721"] = column
    run(web.url("/public/column/6595721?type=4&catId=6719461&action=list&nav=3"))
    assert reports() == wanted
    assert all("catId=6719461" in path for path in web.paths() if "/public/column" in path)


@pytest.mark.parametrize("linked", [True, False])
def test_vsb_static_lists_count_backwards(web, pages, stock, wanted, run, reports, linked):
    parts = screens(stock, 9)
    names = ["/xxgknb.htm", *(f"/xxgknb/{len(parts) - n}.htm" for n in range(1, len(parts)))]
    for n, (name, part) in enumerate(zip(names, parts, strict=True)):
        following = names[n + 1] if n + 1 < len(parts) else None
        pager = f"<a href='{following}'>下页</a>" if linked and following else ""
        goto = f"<input onclick=\"_simple_list_gotopage_fun({len(parts)},'u9goto',2)\" type='button' value='转到'>"
        web.routes[name] = pages.column(part, pager + goto)
    run(web.url("/xxgknb.htm"))
    assert reports() == wanted
    assert [path for path in web.paths() if "xxgknb" in path][1] == f"/xxgknb/{len(parts) - 1}.htm"


def test_vsb_dynamic_lists(web, pages, stock, wanted, run, reports):
    parts = screens(stock, 9)

    def listing(hit):
        number = int(hit.query.get("a1154p", "1"))
        links = "".join(
            f"<a href='?a1154t={len(parts)}&amp;a1154p={n}&amp;a1154c=9&amp;urltype=tree.TreeTempUrl&amp;wbtreeid=1154'>第{n}页</a>"
            for n in range(1, 3)
        )
        return pages.column(parts[number - 1], links)

    web.routes["/list.jsp"] = listing
    run(web.url("/list.jsp?urltype=tree.TreeTempUrl&wbtreeid=1154"))
    assert reports() == wanted


@pytest.mark.parametrize("word", ["下一页", "下页", ">", "后一页", "[2]"])
def test_generic_next_links(web, pages, stock, wanted, run, reports, word):
    parts = screens(stock, 9)

    def listing(hit):
        number = int(hit.query.get("page", "1"))
        shown = f"[{number + 1}]" if word == "[2]" else word
        following = (
            f"<a href='/class.asp?class=1150&page={number + 1}'>{shown}</a>" if number < len(parts) else f"<a class='disabled'>{word}</a>"
        )
        return pages.column(parts[number - 1], f"<a href='/class.asp?class=1150'>首页</a>{following}")

    web.routes["/class.asp"] = listing
    run(web.url("/class.asp?class=1150"))
    assert reports() == wanted


def test_generic_last_page_link_alone(web, pages, stock, wanted, run, reports):
    parts = screens(stock, 9)
    for n, part in enumerate(parts, 1):
        web.routes["/nb/list.html" if n == 1 else f"/nb/list_{n}.html"] = pages.column(part, f"<a href='list_{len(parts)}.html'>尾页</a>")
    run(web.url("/nb/list.html"))
    assert reports() == wanted


def test_aspx_postback(web, pages, stock, wanted, run, reports):
    parts = screens(stock, 9)

    def listing(hit):
        number = int(hit.form["__EVENTARGUMENT"]) if hit.method == "POST" else 1
        if hit.method == "POST":
            assert hit.form["__VIEWSTATE"] == f"state{number - 1}"
            assert hit.form["__EVENTTARGET"] == "AspNetPager1"
        following = f"<a href=\"javascript:__doPostBack('AspNetPager1','{number + 1}')\">下一页</a>" if number < len(parts) else ""
        return pages.column(parts[number - 1], f"<form><input type='hidden' name='__VIEWSTATE' value='state{number}'>{following}</form>")

    web.routes["/index.aspx"] = listing
    run(web.url("/index.aspx?lanmuid=76"))
    assert reports() == wanted


def test_gbk_column_and_reports(web, pages, run, reports, answer, archive):
    title = pages.title(1)
    web.routes["/nb/"] = answer(pages.column({"1.html": title}).encode("gbk"), kind="text/html")
    web.routes["/nb/1.html"] = answer(pages.report(title).encode("gbk"), kind="text/html; charset=gb2312")
    run(web.url("/nb/"))
    assert reports() == ["/nb/1.html"]
    with archive() as opened:
        capture = next(capture for capture in opened.captures() if capture.role == "report")
        assert capture.link_title == title
        assert capture.body() == pages.report(title).encode("gbk")
        assert unquote(capture.parent_url) == web.url("/nb/")
