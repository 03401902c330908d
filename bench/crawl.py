"""Pages per second of `nianbao crawl` (archive and frontier included) beside Scrapy on the same loopback hosts, as a ratio.

    python bench/crawl.py [--hosts 64] [--reports 40] [--rounds 3]

Both ask every host one request at a time without delay, obey robots.txt, and follow the links of a column to its reports. Scrapy keeps
nothing; nianbao writes WARC files and its frontier. Runs alternate, the best of each counts. Exit code 1 below --least.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

HERE = Path(__file__).resolve().parent
NIANBAO = """
import json, sys, time
from pathlib import Path
from scraper.archive import Archive
from scraper.crawl import CrawlOptions, crawl
from scraper.sites import site_from_url
urls, folder = json.load(sys.stdin), sys.argv[1]
started = time.perf_counter()
summary = crawl([site_from_url(url) for url in urls], folder, CrawlOptions(delay=0, concurrency=64))
seconds = time.perf_counter() - started
with Archive(folder) as archive:
    pages = sum(capture.status == 200 and capture.role == "report" for capture in archive.captures())
print(json.dumps({"pages": pages, "seconds": seconds}))
"""
SCRAPY = """
import json, logging, sys, time
import scrapy
from scrapy.crawler import CrawlerProcess
urls = json.load(sys.stdin)
count = 0
class Reports(scrapy.Spider):
    name = "reports"
    start_urls = urls
    def parse(self, response):
        for link in response.css("li a"):
            if "年度报告" in link.css("::text").get(""):
                yield response.follow(link, self.report)
    def report(self, response):
        global count
        count += 1
process = CrawlerProcess({"LOG_ENABLED": False, "ROBOTSTXT_OBEY": True, "CONCURRENT_REQUESTS": 64, "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
    "DOWNLOAD_DELAY": 0, "TELNETCONSOLE_ENABLED": False})
started = time.perf_counter()
process.crawl(Reports)
process.start()
print(json.dumps({"pages": count, "seconds": time.perf_counter() - started}))
"""


@contextmanager
def loopback(hosts: int, reports: int) -> Iterator[list[str]]:
    """Start URLs of a running loopback web."""
    with subprocess.Popen(
        [sys.executable, str(HERE / "loopback.py"), str(reports)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as server:
        assert server.stdout is not None
        port = int(server.stdout.readline())
        yield [f"http://127.0.1.{n}:{port}/zfxxgknb/" for n in range(1, hosts + 1)]
        server.communicate("")


def measure(code: str, urls: list[str], expected: int, *arguments: str) -> float:
    """Pages per second of one run in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        input=json.dumps(urls),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        cwd=HERE.parent,
    )
    result = json.loads(done.stdout.splitlines()[-1])
    if result["pages"] != expected:
        raise SystemExit(f"{result['pages']} of {expected} pages: nothing to compare")
    return float(result["pages"] / result["seconds"])


def main() -> int:
    """Print the ratio."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hosts", type=int, default=64)
    parser.add_argument("--reports", type=int, default=40)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--least", type=float, default=4.0, help="the ratio below which the exit code is 1")
    parser.add_argument("--verbose", action="store_true", help="also print pages per second, which only hold for this machine now")
    options = parser.parse_args()
    ours, theirs = [], []
    with loopback(options.hosts, options.reports) as urls, tempfile.TemporaryDirectory() as folder:
        for number in range(options.rounds):
            theirs.append(measure(SCRAPY, urls, options.hosts * options.reports))
            ours.append(measure(NIANBAO, urls, options.hosts * options.reports, str(Path(folder, str(number)))))
    ratio = max(ours) / max(theirs)
    print(f"crawl: {ratio:.1f} x Scrapy ({options.hosts} hosts, {options.reports} reports each, archive and frontier included)")
    if options.verbose:
        print(f"nianbao {max(ours):.0f} pages/s, Scrapy {max(theirs):.0f} pages/s")
    return 0 if ratio >= options.least else 1


if __name__ == "__main__":
    sys.exit(main())
