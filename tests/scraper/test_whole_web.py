"""A small web of nine hosts at once: six families, two charsets, a flaky host, a guarded one, a hostile one; whole runs, kills, memory."""

from __future__ import annotations

import gzip
import itertools
import json
import os
import subprocess
import sys
import zlib
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from scraper.archive import Archive
from scraper.crawl import CrawlOptions, crawl
from scraper.sites import Site

ROOT = Path(__file__).resolve().parents[2]
DRIVER = Path(__file__).with_name("crash_driver.py")
DELAY = 0.03


class Web:
    """The hosts, their start URLs, and the reports that are there to be found."""

    def __init__(self, loopback, pages, answer):
        self.pages, self.answer, self.wanted = pages, answer, set()
        self.hosts = {name: loopback() for name in ("hanweb", "trs", "jpaas", "ucap", "gkmlpt", "vsb", "flaky", "guarded", "hostile")}
        self.starts = {name: getattr(self, name)(host) for name, host in self.hosts.items()}

    def stock(self, host, count, charset="utf-8", wrap=lambda body, answer: answer(body)):
        """Reports and noise on a host; (href, title) in the order of its list."""
        entries = []
        for n in range(count):
            path, title = f"/doc/{2010 + n % 15}/t{n}.html", self.pages.title(n, 2010 + n % 15)
            body = self.pages.report(title, body=f"{n} 主动公开政府信息。" * 200 + "一、总体情况。行政诉讼。主要问题。").encode(charset)
            host.routes[path] = wrap(body, lambda body: self.answer(body, headers={"ETag": f'"{hash(body)}"'}, kind="text/html"))
            self.wanted.add(host.url(path))
            entries.append((path, title))
            if n % 4 == 0:
                noise = (f"/doc/n{n}.html", f"关于做好{2010 + n % 15}年政府信息公开工作年度报告有关事项的通知")
                host.routes[noise[0]] = self.pages.report(noise[1])
                entries.append(noise)
        return entries

    def hanweb(self, host):
        entries = self.stock(host, 20, "gbk")
        records = [f"<li><a href='{path}'>{title}</a></li>" for path, title in entries]

        def store(chosen):
            return "<datastore><recordset>" + "".join(f"<record><![CDATA[{r}]]></record>" for r in chosen) + "</recordset></datastore>"

        page = (
            f"<html><head><title>信息公开年报</title></head><script type='text/xml'>{store(records[:6])}</script><script>"
            "var param_9 = {col:1,webid:'1',path:'/',columnid:'7',unitid:'9',webname:'示例'};"
            f"j({{perPage:2,totalRecord:{len(records)}}})</script>"
        )
        host.routes["/col/col7/index.html"] = self.answer(page.encode("gbk"), kind="text/html")
        host.routes["/module/web/jpage/dataproxy.jsp"] = lambda hit: store(
            records[int(hit.query["startrecord"]) - 1 : int(hit.query["endrecord"]) + 1]
        )
        return host.url("/col/col7/index.html")

    def trs(self, host):
        entries = self.stock(host, 12)
        host.routes["/robots.txt"] = self.answer("User-agent: *\nCrawl-delay: 0.1\nDisallow: /doc/2012/\n", kind="text/plain")
        self.wanted -= {url for url in self.wanted if "/doc/2012/" in url and url.startswith(host.base)}
        for n, part in enumerate((entries[:8], entries[8:])):
            name = f"/zfxxgknb/{'index' if n == 0 else 'index_1'}.html"
            host.routes[name] = self.pages.column(part, f"<script>createPageHTML(2, {n}, 'index', 'html')</script>")
        host.routes["/"] = "<html><head><title>示例局</title></head><body><a href='/zfxxgknb/index.html'>政府信息公开年报</a></body></html>"
        return host.url("/")

    def jpaas(self, host):
        entries = self.stock(host, 10)
        unit = "/api-gateway/jpaas-publish-server/front/page/build/unit"
        host.routes["/col/col1/index.html"] = f"""<html><head><title>年报</title></head><body>
            <script url="{unit}" queryData="{{'parseType':'bulidstatic','webId':'1','pageId':'p','tplSetId':'t'}}"></script>"""

        def build(hit):
            html = f"<ul>{self.pages.rows(entries)}</ul>"  # the page number is ignored
            return self.answer(json.dumps({"success": bool(hit.headers.get("Referer")), "data": {"html": html}}), kind="application/json")

        host.routes[unit] = build
        return host.url("/col/col1/index.html")

    def ucap(self, host):
        entries = self.stock(host, 14)
        host.routes["/list.html"] = (
            "<html><head><title>年报</title></head><body><script>var channelId='c';"
            "var u='/searchList/'+channelId+'?_isJson=true&_pageSize=5&page=1'"
            "</script>"
        )

        def search(hit):
            start = (int(hit.query["page"]) - 1) * 5
            rows = [{"title": title, "url": path} for path, title in entries[start : start + 5]]
            return self.answer(json.dumps({"data": {"total": len(entries), "results": rows}}), kind="application/json")

        host.routes["/searchList/c"] = search
        return host.url("/list.html")

    def gkmlpt(self, host):
        entries = self.stock(host, 10)
        host.routes["/gkmlpt/annualreport"] = "<html><title>x</title><script>window._CONFIG={SID:'1',TREE:[]}</script></html>"
        rows = [{"title": title, "url": host.url(path)} for path, title in entries]
        host.routes["/gkmlpt/api/all/55"] = self.answer(json.dumps({"total": len(rows), "articles": rows}), kind="application/json")
        return host.url("/gkmlpt/annualreport#55")

    def vsb(self, host):
        entries = self.stock(host, 12, "gbk")
        for n, name in enumerate(("/nb.htm", "/nb/2.htm", "/nb/1.htm")):
            pager = "<script>_simple_list_gotopage_fun(3,'u',2)</script>" if n == 0 else ""
            host.routes[name] = self.answer(self.pages.column(entries[n * 5 : n * 5 + 5], pager).encode("gbk"), kind="text/html")
        return host.url("/nb.htm")

    def flaky(self, host):
        """Each page is refused, reset or cut once before it is given; some are gzipped."""
        moods = itertools.cycle(["busy", "reset", "cut", "gzip", "throttle"])

        def moody(body, answer):
            mood, tries = next(moods), []

            def route(_):
                tries.append(1)
                whole = answer(body)
                if mood == "gzip" or len(tries) > 1:
                    if mood == "gzip":
                        whole.body, whole.headers = gzip.compress(body, mtime=0), {**whole.headers, "Content-Encoding": "gzip"}
                    return whole
                if mood == "reset":
                    return self.answer(reset=True)
                if mood == "cut":
                    return self.answer(wire=b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body[:500])
                return self.answer("no", 503 if mood == "busy" else 429, {"Retry-After": "0" if mood == "busy" else "1"})

            return route

        entries = self.stock(host, 10, wrap=moody)
        host.routes["/class.asp"] = lambda hit: (
            self.pages.column(entries[:7], "<a href='class.asp?id=1&page=2'>下一页</a>")
            if "page" not in hit.query
            else self.pages.column(entries[7:])
        )
        return host.url("/class.asp?id=1")

    def guarded(self, host):
        challenge = self.answer("<script>document.cookie='__jsl_clearance_s=1'</script>", 521)
        for path in ("/robots.txt", "/nb/"):
            host.routes[path] = challenge
        return host.url("/nb/")

    def hostile(self, host):
        packer = zlib.compressobj(9, zlib.DEFLATED, 31)
        bomb = b"".join([*(packer.compress(bytes(1 << 20)) for _ in range(300)), packer.flush()])
        host.routes["/bomb.html"] = self.answer(bomb, headers={"Content-Encoding": "gzip"})
        host.routes["/endless.html"] = lambda _: self.answer(stream=itertools.repeat(b"<p>" * 30000))
        host.routes["/lure.html"] = self.answer("", 302, {"Location": "http://169.254.169.254/latest/meta-data/"})

        def column(hit):
            number = int(hit.query.get("p", 1))
            links = {"/bomb.html": self.pages.title(1), "/endless.html": self.pages.title(2), "/lure.html": self.pages.title(3)}
            return self.pages.column(
                links if number == 1 else {f"/x{number}.html": f"要闻{number}"}, f"<a href='?p={number + 1}'>下一页</a>"
            )

        host.routes["/list.html"] = column
        return host.url("/list.html")

    def sites(self):
        return [Site(name, (url,)) for name, url in self.starts.items()]


@pytest.fixture
def web(loopback, pages, answer):
    return Web(loopback, pages, answer)


def found(folder):
    with Archive(folder) as archive:
        return Counter(capture.url for capture in archive.captures() if capture.role == "report" and not capture.unchanged)


def test_a_whole_web_in_one_run(web, tmp_path):
    summary = crawl(web.sites(), tmp_path / "a", CrawlOptions(delay=DELAY, retry_base=0.05))
    sites = {site.name: site for site in summary.sites}
    assert set(found(tmp_path / "a")) == web.wanted
    assert set(found(tmp_path / "a").values()) == {1}
    assert sites["guarded"].problems == {"blocked:jiasule": 1}
    assert (sites["hostile"].problems["too_large"], sites["hostile"].problems["refused_address"]) == (2, 1)
    assert sites["trs"].problems == {"robots": 1}
    assert not any(sites[name].problems for name in ("hanweb", "ucap", "gkmlpt", "vsb", "flaky"))
    for name, host in web.hosts.items():
        least = 0.1 if name == "trs" else DELAY
        assert host.most_open == 1, name
        assert min(host.gaps()[1:], default=1) >= least - 0.005, name
        assert not any("/doc/n" in path for path in host.paths()), "no noise was fetched"
        served = Counter(path for path in host.paths() if path.startswith("/doc/"))
        assert name == "flaky" or set(served.values()) <= {1}
        host.hits.clear()
    again = crawl(web.sites(), tmp_path / "a", CrawlOptions(delay=0, retry_base=0.05))
    assert sum(site.unchanged for site in again.sites) == len(web.wanted)
    assert not sum(site.new + site.changed + site.gone for site in again.sites)
    for name in ("hanweb", "trs", "jpaas", "ucap", "gkmlpt", "vsb", "flaky"):
        assert all(hit.conditional for hit in web.hosts[name].hits), name


def test_six_kills_on_the_way(web, tmp_path):
    urls = [web.starts[name] for name in web.starts]
    subprocess.run(
        [sys.executable, str(DRIVER), str(tmp_path / "a"), "6", "3", *urls],
        check=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
    )
    assert set(found(tmp_path / "a")) == web.wanted
    assert set(found(tmp_path / "a").values()) == {1}
    with Archive(tmp_path / "a") as archive:
        codes = Counter((urlsplit(problem.source).port, problem.code) for problem in archive.problems())
    ports = {name: urlsplit(host.base).port for name, host in web.hosts.items()}
    assert codes[ports["guarded"], "blocked:jiasule"] == 1
    assert codes[ports["hostile"], "too_large"] == 2
    assert codes[ports["hostile"], "refused_address"] == 1


def test_peak_memory_stays_small(web, tmp_path):
    code = """
import sys
from scraper.crawl import crawl, CrawlOptions
from scraper.sites import site_from_url
crawl([site_from_url(url) for url in sys.argv[2:]], sys.argv[1], CrawlOptions(delay=0, retry_base=0.05))
# Not ru_maxrss, which a child inherits from the process that started it. The figure is in kB.
print(next(line for line in open("/proc/self/status") if line.startswith("VmHWM")).split()[1])
"""
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "a"), *web.starts.values()], capture_output=True, text=True, cwd=ROOT, check=True
    )
    assert int(done.stdout) // 1024 < 250, f"{done.stdout.strip()} kB"
