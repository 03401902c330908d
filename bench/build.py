"""Reports per second and core of a build, its memory, and what a second build costs.

    python bench/build.py [REPORTS] [NEW]

REPORTS (default 600; 20,000 for the memory test) generated pages are written to a folder and built; then NEW pages
(default a hundredth) are added and the dataset is brought up to date. Ratios hold between machines, seconds do not.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import tempfile
import threading
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from data.build import build  # noqa: E402
from tests.pagegen.generate import generate  # noqa: E402

FORMS = ("2021", "2021", "2021", "2019", "2014")
DISTINCT = 60
ORDINALS = "甲乙丙丁戊己庚辛壬癸"


def write_pages(folder: Path, first: int, last: int) -> int:
    """Write pages ``first`` to ``last``, each one of DISTINCT with an organ of its own; gives their bytes."""
    pages = [generate(seed, FORMS[seed % len(FORMS)]) for seed in range(DISTINCT)]
    total = 0
    for number in range(first, last):
        page = pages[number % DISTINCT]
        organ = page.metadata["org_name"]
        name = "".join(ORDINALS[int(digit)] for digit in str(number // DISTINCT))
        encoding = "gb18030" if "gb" in page.content_type.lower() else "utf-8"
        body = page.body.replace(organ.encode(encoding), f"{organ[:2]}{name}{organ[2:]}".encode(encoding))
        path = folder / f"{number // 1000:03d}" / f"{number:06d}.html"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(body)
        total += len(body)
    return total


class Peak:
    """The largest memory of this process and its children together while it runs, in MB (Linux; else 0)."""

    def __enter__(self) -> Peak:
        self.megabytes, self._stop = 0.0, threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._stop.wait(0.2):
            self.megabytes = max(self.megabytes, sum(map(_resident, _family())) / 1e6)


def _family() -> list[int]:
    me, found = os.getpid(), [os.getpid()]
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            if int(entry.read_text().rsplit(")", 1)[1].split()[1]) == me:
                found.append(int(entry.parent.name))
        except (OSError, ValueError, IndexError):
            continue
    return found


def _resident(process: int) -> int:
    try:
        return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * resource.getpagesize()
    except (OSError, ValueError, IndexError):
        return 0


def run(reports: int, new: int) -> dict[str, float | int]:
    """Build, grow, build again; the measured numbers."""
    jobs = os.cpu_count() or 1
    with tempfile.TemporaryDirectory() as scratch:
        pages, out = Path(scratch) / "pages", Path(scratch) / "dataset"
        pages.mkdir()
        size = write_pages(pages, 0, reports)
        with Peak() as peak:
            begun = time.perf_counter()
            first = build([pages], out)
            spent = time.perf_counter() - begun
        write_pages(pages, reports, reports + new)
        begun = time.perf_counter()
        second = build([pages], out)
        again = time.perf_counter() - begun
        assert (first.reports, second.reports, second.parsed) == (reports, reports + new, new)
        disk = sum(p.stat().st_size for p in out.rglob("*") if p.is_file() and p.suffix == ".parquet")
    return {
        "reports": reports,
        "kB a page": round(size / reports / 1000, 1),
        "seconds": round(spent, 1),
        "reports a second and core": round(reports / spent / jobs, 1),
        "peak MB": round(peak.megabytes),
        "Parquet kB a report": round(disk / reports / 1000, 2),
        f"seconds for {new} more": round(again, 1),
        "share of the first build": round(again / spent, 3),
    }


if __name__ == "__main__":
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 600
    more = int(sys.argv[2]) if len(sys.argv) > 2 else max(count // 100, 1)
    print(json.dumps(run(count, more), indent=1))
