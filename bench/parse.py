"""How fast a page is read: the whole of ``parse`` beside a bare lxml parse and pandas.read_html of the same bytes, in the same run.

Prints ratios, never seconds: seconds say more of the machine than of the program. ``python bench/parse.py [FILE...]``
"""

from __future__ import annotations

import io
import statistics
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path

import pandas as pd
from lxml import etree

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from parsers import parse, planning
from tests.pagegen import generate

ROUNDS = 15
SHARED = Path(__file__).resolve().parent.parent.parent / "shared" / "pages"


def best(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    """Shortest of several runs, in seconds."""
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def bare_lxml(body: bytes) -> object:
    return etree.fromstring(body, etree.HTMLParser(encoding="utf-8"))


def read_html(body: bytes) -> object:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return pd.read_html(io.BytesIO(body), encoding="utf-8")


def cold(body: bytes) -> object:
    """A page whose labels and spans were never met before."""
    planning.forget_plans()
    return parse(body)


def main(paths: list[Path]) -> None:
    pages = [(path.parent.name, path.read_bytes()) for path in paths or sorted(SHARED.glob("*/page.html"))]
    small = [(f"generated {seed}", generate(seed, form, [], "html").body) for seed, form in enumerate(("2021", "2019", "2021"))]
    print(f"{'page':24} {'kB':>5} {'parse':>7} {'cold':>7} {'read_html':>10}   times a bare lxml parse")
    ratios = []
    for name, body in (*pages, *small):
        parse(body)
        unit = best(lambda body=body: bare_lxml(body), 3 * ROUNDS)
        row = [
            best(lambda body=body: parse(body)),
            best(lambda body=body: cold(body), 3),
            best(lambda body=body: read_html(body), 3),
        ]
        ratios.append(row[0] / unit)
        print(f"{name:24} {len(body) / 1000:5.0f} {row[0] / unit:7.2f} {row[1] / unit:7.2f} {row[2] / unit:10.1f}")
    print(f"median parse: {statistics.median(ratios):.2f} times a bare lxml parse")


if __name__ == "__main__":
    main([Path(argument) for argument in sys.argv[1:]])
