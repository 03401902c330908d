"""How fast a page is read: the whole of ``parse`` beside a bare lxml parse, lexbor and pandas.read_html of the same bytes.

    python bench/parse.py [FILE...]

Everything is a ratio to lxml's time, measured in turns in the same run: seconds say more of the machine than of the program.

- parse: the same page again and again;
- fresh: a page of a known layout with other numbers in table and prose (every number multiplied, so that sums still hold);
- cold: a page whose labels and spans were never met before;
- a site: pages that differ in everything but their layout, each read once, as a crawl does.
"""

from __future__ import annotations

import io
import re
import statistics
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd
from lxml import etree
from selectolax.lexbor import LexborHTMLParser

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from parsers import parse
from parsers.annual import planning
from tests.pagegen import generate

ROUNDS = 60
SLOW_ROUNDS = 4
SITE = 100  # pages
SHARED = Path(__file__).resolve().parent.parent.parent / "shared" / "pages"
FORMS = ("2021", "2019", "2021", "2014")
_CELL = re.compile(rb"(?<=>)\s*\d{1,6}\s*(?=<)")
_COUNT = re.compile("(?<!计)\\d{1,6}(?=\\s?[件条份])".encode())  # not 计1条, which is part of a label
_YEARS = range(1990, 2050)


def bare_lxml(body: bytes) -> object:
    return etree.fromstring(body, etree.HTMLParser(encoding="utf-8"))


def read_html(body: bytes) -> object:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return pd.read_html(io.BytesIO(body), encoding="utf-8")
        except ValueError:  # no table on the page
            return None


def cold(body: bytes) -> object:
    planning.forget_plans()
    return parse(body)


def multiplied(body: bytes) -> Iterator[bytes]:
    """The page with every number of cells and prose, years left out, multiplied by 2, 3, 4 ..."""
    for factor in range(2, 2 + ROUNDS):

        def times(match: re.Match[bytes], factor: int = factor) -> bytes:
            return match[0] if int(match[0]) in _YEARS else str(int(match[0]) * factor).encode()

        yield _COUNT.sub(times, _CELL.sub(times, body))


def best_of(rounds: int, *works: Callable[[], object]) -> list[float]:
    """Shortest time of each work in seconds, run in turns."""
    best = [float("inf")] * len(works)
    for _ in range(rounds):
        for number, work in enumerate(works):
            start = time.perf_counter()
            work()
            best[number] = min(best[number], time.perf_counter() - start)
    return best


def ratios(body: bytes) -> list[float]:
    """Times of lexbor, parse, fresh, cold and read_html as multiples of a bare lxml parse."""
    others = list(multiplied(body))
    for other in (body, others[-1], body):
        parse(other)
    fresh = iter(others)
    lxml, lexbor, again, other_numbers = best_of(
        ROUNDS, lambda: bare_lxml(body), lambda: LexborHTMLParser(body), lambda: parse(body), lambda: parse(next(fresh))
    )
    slow = best_of(SLOW_ROUNDS, lambda: cold(body), lambda: read_html(body))
    return [measured / lxml for measured in (lexbor, again, other_numbers, *slow)]


def site() -> float:
    """Time of reading the pages of a site once each, as a multiple of bare lxml parses of them."""
    first, *pages = [generate(seed, "2021", [], "html").body for seed in range(SITE)]
    cold(first)
    times = []
    for work in (bare_lxml, parse):
        start = time.perf_counter()
        for page in pages:
            work(page)
        times.append(time.perf_counter() - start)
    return times[1] / times[0]


def main(paths: list[Path]) -> None:
    real = [(path.parent.name, path.read_bytes()) for path in paths or sorted(SHARED.glob("*/page.html"))]
    small = [(f"generated {form}", generate(seed, form, [], "html").body) for seed, form in enumerate(FORMS)]
    columns = ("lexbor", "parse", "fresh", "cold", "read_html")
    print(f"{'page':20} {'kB':>5} " + " ".join(f"{name:>9}" for name in columns) + "   times a bare lxml parse")
    for pages in (real, small):
        rows = []
        for name, body in pages:
            rows.append(ratios(body))
            print(f"{name:20} {len(body) / 1000:5.0f} " + " ".join(f"{ratio:9.2f}" for ratio in rows[-1]), flush=True)
        if rows:
            medians = [statistics.median(column) for column in zip(*rows, strict=True)]
            print(f"{'median':20} {'':5} " + " ".join(f"{ratio:9.2f}" for ratio in medians))
    print(f"{f'a site of {SITE} pages':26} {'':9} {site():9.2f}")


if __name__ == "__main__":
    main([Path(argument) for argument in sys.argv[1:]])
