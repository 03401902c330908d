"""Does memory stay flat? Crawls a loopback web round after round and compares resident memory early and late.

    python bench/soak.py [--fetches 100000] [--growth 40]

Each round asks all pages again, conditionally, so that later rounds exercise lists read from the archive. Exit code 1 when the
process grew by more than --growth MB between the first quarter and the end. `--fetches 5000` is the short form for every change.
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
import time
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parent), str(Path(__file__).resolve().parent.parent)]

from crawl import loopback  # noqa: E402

from scraper.crawl import CrawlOptions, crawl  # noqa: E402
from scraper.sites import site_from_url  # noqa: E402

HOSTS, REPORTS = 50, 40


def resident() -> float:
    """Resident memory now in MB (Linux), else the peak."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmRSS"))
        return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> int:
    """Crawl until enough has been fetched; print the memory as it goes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--fetches", type=int, default=100_000)
    parser.add_argument("--growth", type=float, default=40.0, help="MB")
    options = parser.parse_args()
    fetched, early, shown = 0, 0.0, time.monotonic()
    with loopback(HOSTS, REPORTS) as urls, tempfile.TemporaryDirectory() as folder:
        sites = [site_from_url(url) for url in urls]
        while fetched < options.fetches:
            fetched += crawl(sites, folder, CrawlOptions(delay=0, concurrency=64)).fetched
            if not early and fetched >= options.fetches / 4:
                early = resident()
            if time.monotonic() - shown > 10:
                print(f"{fetched:,} fetches, {resident():.0f} MB", file=sys.stderr)
                shown = time.monotonic()
    grown = resident() - early
    print(f"soak: {fetched:,} fetches, {resident():.0f} MB resident, {grown:+.0f} MB since the first quarter")
    return 0 if grown <= options.growth else 1


if __name__ == "__main__":
    sys.exit(main())
