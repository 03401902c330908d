"""The sample sites on loopback: one small HTTP server a site, each on a free port."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from data.samples.content import SampleSite, load_sites
from data.samples.families import PROXY, Answer, answers, challenge, datastore, start_path

NOT_FOUND = Answer(b"<html><body><h1>404 Not Found</h1></body></html>", status=404)


@dataclass(frozen=True, slots=True)
class Served:
    """A site that answers: its declaration and the address a crawl starts from."""

    site: SampleSite
    start_url: str


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    site: SampleSite
    pages: Mapping[str, Answer]

    def do_GET(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self._send(self._find())

    do_HEAD = do_POST = do_GET  # noqa: N815

    def _find(self) -> Answer:
        parts = urlsplit(self.path)
        if parts.path == PROXY and self.site.family == "hanweb":
            query = parse_qs(parts.query)
            try:
                start, end = (int(query[name][0]) for name in ("startrecord", "endrecord"))
            except (KeyError, ValueError):
                start, end = 1, len(self.site.listed)
            text = "<?xml version='1.0' encoding='UTF-8'?>" + datastore(self.site, max(start, 1), end, answer=True)
            return Answer(text.encode(), "text/xml;charset=UTF-8")
        if parts.path in self.pages:
            return self.pages[parts.path]
        return challenge() if self.site.family == "blocked" else NOT_FOUND

    def _send(self, answer: Answer) -> None:
        tag = f'"{hashlib.sha256(answer.body).hexdigest()[:16]}"'
        unchanged = answer.status == 200 and self.headers.get("If-None-Match") == tag
        self.send_response(304 if unchanged else answer.status)
        self.send_header("Content-Type", answer.content_type)
        if answer.status == 200:
            self.send_header("ETag", tag)
        for name, value in (answer.headers or {}).items():
            self.send_header(name, value)
        body = b"" if unchanged else answer.body
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def version_string(self) -> str:
        return "sample"

    def log_message(self, format: str, *args: object) -> None:
        """Silence: the crawler keeps the record."""


@contextmanager
def serve_samples() -> Iterator[list[Served]]:
    """Serve all sample sites on 127.0.0.1 while the context lasts. Raises OSError when no port can be had."""
    with ExitStack() as stack:
        yield [stack.enter_context(_serve(site)) for site in load_sites()]


@contextmanager
def _serve(site: SampleSite) -> Iterator[Served]:
    handler = type("SampleHandler", (_Handler,), {"site": site, "pages": answers(site)})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield Served(site, f"http://127.0.0.1:{server.server_address[1]}{start_path(site)}")
        finally:
            server.shutdown()
            thread.join()
