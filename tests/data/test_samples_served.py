"""The sample sites answer as the publishing systems do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urljoin
from xml.etree import ElementTree

import httpx
import pytest

from data.samples import serve_samples


@pytest.fixture(scope="module")
def starts() -> Iterator[dict[str, str]]:
    with serve_samples() as served:
        yield {one.site.family: one.start_url for one in served}


@pytest.fixture(scope="module")
def client() -> Iterator[httpx.Client]:
    with httpx.Client(trust_env=False) as client:
        yield client


def titles(xml: str) -> list[str]:
    tree = ElementTree.fromstring(re.sub(r"^<\?xml.*?\?>", "", xml))
    return [re.findall('title="([^"]+)"', record.text or "")[0] for record in tree.iter("record")]


def test_hanweb_embeds_the_first_group(starts: dict[str, str], client: httpx.Client) -> None:
    page = client.get(starts["hanweb"]).text
    embedded = re.findall(r'<script type="text/xml">(.*?)</script>', page, re.S)[0]
    assert len(titles(embedded)) == 9
    assert "totalRecord:29" in page
    assert "var param_5650 = {col:1,appid:'1',webid:'1',path:'/',columnid:'1229001'" in page


def test_hanweb_groups_and_the_look_ahead(starts: dict[str, str], client: httpx.Client) -> None:
    def group(start: int, end: int, method: str = "POST") -> list[str]:
        query = f"/module/web/jpage/dataproxy.jsp?startrecord={start}&endrecord={end}&perpage=3"
        answer = client.request(method, urljoin(starts["hanweb"], query), data={"col": "1", "unitid": "5650"})
        assert answer.headers["content-type"].startswith("text/xml")
        assert "<totalrecord>29</totalrecord>" in answer.text
        return titles(answer.text)

    second, third, fourth = group(10, 18), group(19, 27), group(28, 29)
    assert [len(second), len(third), len(fourth)] == [9, 10, 2]
    assert third[-1] == fourth[0], "the third group looks ahead by one record"
    assert group(10, 18, "GET") == second
    assert len({*second, *third, *fourth}) == 20


def test_hanweb_has_no_static_second_page(starts: dict[str, str], client: httpx.Client) -> None:
    assert client.get(urljoin(starts["hanweb"], "index_1.html")).status_code == 404


def test_trs_pages_in_gbk_declared_as_gb2312(starts: dict[str, str], client: httpx.Client) -> None:
    first = client.get(starts["trs"])
    assert first.headers["content-type"] == "text/html"
    assert "charset=gb2312" in first.content.decode("gbk")
    with pytest.raises(UnicodeDecodeError):
        first.content.decode("utf-8")
    assert 'createPageHTML(3, 0, "index", "html")' in first.content.decode("gbk")
    listed = [re.findall(r'<li><a href="(\./[^"]+)"', client.get(starts["trs"]).content.decode("gbk"))]
    for name in ("index_1.html", "index_2.html"):
        listed.append(
            re.findall(r'<li><a href="(\./[^"]+)"', client.get(urljoin(starts["trs"], name)).content.decode("gbk"))
        )
    assert [len(links) for links in listed] == [8, 8, 3]
    page = client.get(urljoin(starts["trs"], listed[0][0]))
    assert page.status_code == 200
    assert 'class="TRS_Editor"' in page.content.decode("gbk")


def test_obstacles(starts: dict[str, str], client: httpx.Client) -> None:
    blocked = client.get(starts["blocked"])
    assert blocked.status_code == 521
    assert "document.cookie" in blocked.text
    assert client.get(urljoin(starts["blocked"], "/robots.txt")).status_code == 200
    gone = client.get(urljoin(starts["hanweb"], "/art/2021/1/21/art_1229001_58002.html"))
    assert gone.status_code == 200
    assert "您访问的页面不存在或已删除" in gone.text


def test_robots_ask_for_a_small_delay(starts: dict[str, str], client: httpx.Client) -> None:
    assert "Crawl-delay: 0.05" in client.get(urljoin(starts["trs"], "/robots.txt")).text


def test_unchanged_pages_say_so(starts: dict[str, str], client: httpx.Client) -> None:
    tag = client.get(starts["hanweb"]).headers["etag"]
    again = client.get(starts["hanweb"], headers={"If-None-Match": tag})
    assert again.status_code == 304
    assert again.content == b""
