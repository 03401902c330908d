"""A fast loopback web of many hosts for measuring crawls: each host a column of reports on its own 127.0.0.x address.

`python bench/loopback.py HOSTS REPORTS` prints its port and serves until its standard input ends.
"""

from __future__ import annotations

import asyncio
import sys
from typing import ClassVar

ROBOTS = b"User-agent: *\nDisallow: /private/\n"
# About 22 kB, the size of a usual report page.
PROSE = "".join(
    f"<p style='text-indent:2em'><span>第{n}项 主动公开政府信息{n * 7}条，"
    f"收到和处理政府信息公开申请{n * 3}件，行政复议、行政诉讼{n % 5}件。</span></p>\n"
    for n in range(120)
)


def report(number: int) -> str:
    """One report page."""
    title = f"示例市第{number}局2023年政府信息公开工作年度报告"
    return f"<html><head><meta charset='utf-8'><title>{title}</title></head><body><h1>{title}</h1><p>一、总体情况</p>{PROSE}</body></html>"


def column(reports: int) -> str:
    """A list of them."""
    rows = "".join(f"<li><a href='t{n}.html'>示例市第{n}局2023年政府信息公开工作年度报告</a> 2024-01-15</li>" for n in range(reports))
    return f"<html><head><title>政府信息公开年报</title></head><body><ul>{rows}</ul></body></html>"


def pages(reports: int) -> dict[bytes, bytes]:
    """Whole HTTP responses by path."""
    bodies = {
        b"/robots.txt": (b"text/plain", ROBOTS),
        b"/zfxxgknb/": (b"text/html; charset=utf-8", column(reports).encode()),
    }
    for n in range(reports):
        bodies[b"/zfxxgknb/t%d.html" % n] = (b"text/html; charset=utf-8", report(n).encode())
    return {
        path: b'HTTP/1.1 200 OK\r\nServer: loopback\r\nContent-Type: %s\r\nETag: "%d"\r\nContent-Length: %d\r\n\r\n'
        % (kind, len(body), len(body))
        + body
        for path, (kind, body) in bodies.items()
    }


class Server(asyncio.Protocol):
    """Answers each request line from the table."""

    answers: ClassVar[dict[bytes, bytes]] = {}

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the connection."""
        self.transport, self.buffer = transport, b""

    def data_received(self, data: bytes) -> None:
        """Answer every complete request."""
        self.buffer += data
        while b"\r\n\r\n" in self.buffer:
            head, _, self.buffer = self.buffer.partition(b"\r\n\r\n")
            path = head.split(b" ", 2)[1]
            self.transport.write(self.answers.get(path, b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"))  # type: ignore[attr-defined]


async def main(reports: int) -> None:
    """Serve until standard input ends."""
    loop = asyncio.get_running_loop()
    Server.answers = pages(reports)
    server = await loop.create_server(Server, "0.0.0.0", 0, backlog=1024)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    server.close()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
