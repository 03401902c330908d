"""Pages that are no pages, by name; and real reports, which never are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.obstacles import detect_obstacle

REPORT = (
    "<html><body><h1>示例局2022年政府信息公开年度报告</h1><p>一、总体情况</p><p>二、主动公开政府信息情况</p>"
    "<p>您访问的页面不存在的问题已经整改，登录 注册</p><script>var a='acw_sc__v2 $_ts='</script></body></html>"
)


def code(text: str, status: int | None = None, headers: dict[str, str] | None = None) -> str | None:
    obstacle = detect_obstacle(text.encode(), text, status, headers)
    return obstacle and obstacle.code


@pytest.mark.parametrize(
    ("text", "status", "headers", "expected"),
    [
        ("<script>document.cookie='__jsl_clearance=1'</script>", None, None, "blocked:jiasule"),
        ("<script>go({})</script>", 521, None, "blocked:jiasule"),
        ("<html><script>$_ts=window['$_ts'];</script></html>", 202, None, "blocked:riversecurity"),
        ("<html></html>", 412, None, "blocked:riversecurity"),
        ("<html>网站防火墙</html>", 200, None, "blocked:qianxin"),
        ("<html>x</html>", 403, {"WZWS-Ray": "1"}, "blocked:qianxin"),
        ("<script src='/safeline_bot_challenge.js'></script>", None, None, "blocked:safeline"),
        ("很抱歉，由于您访问的URL有可能对网站造成安全威胁，您的访问被阻断。", 405, None, "blocked:aliyun"),
        ("<html>403</html>", 403, {"Server": "NSFocus"}, "blocked:nsfocus"),
        ("<p>腾讯云Web应用防火墙</p>", 403, None, "blocked:tencent"),
        ("<html><script id='keyparam' src='/_bot_sbu/sbu_fpcm.js'></script>", None, None, "blocked:bot_sbu"),
        ("<p>访问过于频繁，请输入验证码继续访问</p>", None, None, "blocked:captcha"),
        ("<html><body>您访问的页面不存在或已删除</body></html>", 200, None, "soft_404"),
        ("<html><title>404</title></html>", 200, None, "soft_404"),
        ("<script>window.location.href='/404.html'</script>", 200, None, "soft_404"),
        ("<p>本网站将于2020年5月31日关闭</p>", None, None, "soft_404"),
        (
            "<html><head><script src='a.js'></script></head><body><div id='app'></div></body></html>",
            None,
            None,
            "js_shell",
        ),
        ("<html><body>登录 注册<form><input name=p type='password'></form></body></html>", None, None, "login"),
    ],
)
def test_obstacles(text: str, status: int | None, headers: dict[str, str] | None, expected: str) -> None:
    assert code(text, status, headers) == expected


@pytest.mark.parametrize("status", [None, 200, 202, 412])
def test_a_real_report_is_no_obstacle_whatever_it_mentions(status: int | None) -> None:
    assert code(REPORT, status, {"Server": "NSFocus"}) is None


def test_a_page_let_through_by_a_firewall_is_no_obstacle() -> None:
    assert (
        code(
            "<html><body><p>示例市概况：山清水秀，历史悠久，物产丰富，人民勤劳。</p></body></html>",
            200,
            {"Server": "YUNDUN"},
        )
        is None
    )


def test_scripts_of_a_listing_that_hold_such_texts_are_no_soft_404() -> None:
    links = "".join(f"<a href='/a{index}'>示例新闻第{index}条，内容与此无关</a>" for index in range(300))
    script = "<script>var t='页面不存在'; if (e) location='/404.html'</script>"
    assert code(f"<html><body>{links}{script}</body></html>" + " " * 40_000) is None


def test_a_news_item_on_a_site_that_closes_does_not_close_the_listing() -> None:
    links = "".join(f"<a href='/a{index}'>关于示例工作第{index}号的公告及有关事项说明</a>" for index in range(300))
    assert code(f"<html><body>{links}<a href='/x'>本网站将于2020年关闭</a></body></html>") is None


@pytest.mark.parametrize("text", ["", "hello", "<html><body><p>示例</p></body></html>"])
def test_small_pages_without_marks_are_pages(text: str) -> None:
    assert code(text) is None


@given(st.text(max_size=400), st.none() | st.integers(100, 599))
def test_never_raises(text: str, status: int | None) -> None:
    body = text.encode("utf-8", "replace")
    obstacle = detect_obstacle(body, text, status, {"Server": text[:20]})
    assert obstacle is None or obstacle.message
