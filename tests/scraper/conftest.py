"""A loopback web for the crawl's tests: real servers on 127.0.0.1, pages as data, and a log that politeness is read from."""

from __future__ import annotations

import itertools
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

SECTIONS = (
    "一、总体情况。二、主动公开政府信息情况。三、收到和处理政府信息公开申请情况。四、行政复议、行政诉讼情况。五、存在的主要问题及改进情况。"
)


@dataclass
class Hit:
    """One request as the server saw it."""

    at: float
    method: str
    path: str
    headers: Mapping[str, str]
    body: str
    done: float = 0.0

    @property
    def query(self) -> dict[str, str]:
        return {key: values[-1] for key, values in parse_qs(urlsplit(self.path).query, keep_blank_values=True).items()}

    @property
    def form(self) -> dict[str, str]:
        return {key: values[-1] for key, values in parse_qs(self.body, keep_blank_values=True).items()}

    @property
    def conditional(self) -> bool:
        return "If-None-Match" in self.headers or "If-Modified-Since" in self.headers


@dataclass
class Answer:
    """What a route gives: ``wire`` replaces the whole response by raw bytes; ``reset`` breaks the connection."""

    body: str | bytes = ""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    kind: str = "text/html; charset=utf-8"
    wire: bytes | None = None
    reset: bool = False
    stream: Iterator[bytes] | None = None


Route = str | bytes | Answer | Callable[[Hit], "str | bytes | Answer"]


class Loopback:
    """One host of its own: routes by path (query excluded; an exact path with query wins)."""

    def __init__(self) -> None:
        self.routes: dict[str, Route] = {}
        self.hits: list[Hit] = []
        self.errors: list[BaseException] = []
        self.open = 0
        self.most_open = 0
        web = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            timeout = 20
            wbufsize = 1 << 16

            def handle_request(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                body = self.rfile.read(length).decode("utf-8", "replace")
                hit = Hit(time.monotonic(), self.command, self.path, self.headers, body)
                web.hits.append(hit)
                web.open += 1
                web.most_open = max(web.most_open, web.open)
                try:
                    web.answer(self, hit)
                except AssertionError as error:
                    web.errors.append(error)
                    raise
                finally:
                    web.open -= 1
                    hit.done = time.monotonic()

            do_GET = do_POST = handle_request  # noqa: N815

            def log_message(self, *_: Any) -> None:
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 128

            def handle_error(self, *_: Any) -> None:
                pass

        self.server = Server(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self.thread.start()

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}"

    def url(self, path: str) -> str:
        return self.base + path

    def answer(self, handler: BaseHTTPRequestHandler, hit: Hit) -> None:
        route = self.routes.get(hit.path, self.routes.get(urlsplit(hit.path).path, Answer("not here", 404)))
        result = route(hit) if callable(route) else route
        answer = result if isinstance(result, Answer) else Answer(result)
        if answer.reset:
            handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
            handler.connection.close()
            handler.close_connection = True
            return
        if answer.wire is not None:
            handler.wfile.write(answer.wire)
            handler.close_connection = True
            return
        body = answer.body.encode() if isinstance(answer.body, str) else answer.body
        etag = answer.headers.get("ETag")
        status = 304 if etag and hit.headers.get("If-None-Match") == etag else answer.status
        handler.send_response(status)
        for name, value in answer.headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Type", answer.kind)
        if answer.stream is not None:
            handler.send_header("Connection", "close")
            handler.end_headers()
            for piece in answer.stream:
                handler.wfile.write(piece)
                handler.wfile.flush()
            handler.close_connection = True
            return
        if status != 304:
            handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        if status != 304:
            handler.wfile.write(body)

    def paths(self) -> list[str]:
        """Paths asked for, in order, robots.txt left out."""
        return [hit.path for hit in self.hits if hit.path != "/robots.txt"]

    def gaps(self) -> list[float]:
        """Seconds between the end of an answer and the next request."""
        ordered = sorted(self.hits, key=lambda hit: hit.at)
        return [later.at - earlier.at for earlier, later in itertools.pairwise(ordered)]

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def loopback() -> Iterator[Callable[[], Loopback]]:
    """A maker of hosts that are closed after the test."""
    hosts: list[Loopback] = []

    def make() -> Loopback:
        hosts.append(Loopback())
        return hosts[-1]

    yield make
    for host in hosts:
        host.close()
        assert not host.errors, host.errors


@pytest.fixture
def web(loopback: Callable[[], Loopback]) -> Loopback:
    """One host."""
    return loopback()


class Pages:
    """Small pages as such sites have them."""

    @staticmethod
    def report(title: str, more: str = "", body: str = SECTIONS) -> str:
        return f"<html><head><title>{title}</title></head><body><h1>{title}</h1><p>{body}</p>{more}</body></html>"

    @staticmethod
    def title(number: int, year: int = 2023) -> str:
        return f"示例市第{number}局{year}年政府信息公开工作年度报告"

    @staticmethod
    def rows(links: Mapping[str, str] | list[tuple[str, str]]) -> str:
        pairs = links.items() if isinstance(links, Mapping) else links
        return "".join(f'<li><a href="{href}" title="{title}">{title}</a><span>2024-01-15</span></li>' for href, title in pairs)

    @classmethod
    def column(cls, links: Mapping[str, str] | list[tuple[str, str]], more: str = "", title: str = "政府信息公开年报") -> str:
        return f"<html><head><title>{title}</title></head><body><ul>{cls.rows(links)}</ul>{more}</body></html>"


@pytest.fixture
def pages() -> type[Pages]:
    return Pages


@pytest.fixture
def answer() -> type[Answer]:
    return Answer


@pytest.fixture
def run(tmp_path: Path) -> Callable[..., Any]:
    """``run(url_or_site, ...)`` crawls into the test's archive without delay and gives the summary."""
    from scraper.crawl import CrawlOptions, crawl
    from scraper.sites import Site, site_from_url

    def go(*sites: Any, folder: str = "archive", **options: Any) -> Any:
        chosen = [site if isinstance(site, Site) else site_from_url(site) for site in sites]
        return crawl(chosen, tmp_path / folder, CrawlOptions(**{"delay": 0.0, "retry_base": 0.02, **options}))

    return go


@pytest.fixture
def archive(tmp_path: Path) -> Callable[..., Any]:
    """``archive()`` opens what ``run`` wrote."""
    from scraper.archive import Archive

    return lambda folder="archive": Archive(tmp_path / folder)


@pytest.fixture
def reports(archive: Callable[..., Any]) -> Callable[..., list[str]]:
    """Paths of the reports in the archive, each as often as it was captured with a payload of its own."""

    def read(folder: str = "archive") -> list[str]:
        with archive(folder) as opened:
            return sorted(urlsplit(capture.url).path for capture in opened.captures() if capture.role == "report" and not capture.unchanged)

    return read
