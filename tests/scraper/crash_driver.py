"""Starts crawls as processes of their own and kills them: `crash_driver.py FOLDER KILLS SEED URL...`.

Forks from a process that has imported everything, so that the kills fall into the crawl and not into its imports. Prints how
many kills hit a running crawl.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import time

from scraper.crawl import CrawlOptions, crawl
from scraper.sites import site_from_url


def main(folder: str, kills: int, seed: int, urls: list[str]) -> None:
    chance, hits = random.Random(seed), 0
    sites = [site_from_url(url) for url in urls]
    for number in range(kills + 1):
        child = os.fork()
        if child == 0:
            crawl(sites, folder, CrawlOptions(delay=0.0, retry_base=0.01))
            os._exit(0)
        if number < kills:
            time.sleep(chance.uniform(0.02, 0.12))
            os.kill(child, signal.SIGKILL)
        hits += os.waitpid(child, 0)[1] == signal.SIGKILL
    print(hits)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4:])
