"""Whether the memory of a process that parses very many pages stays flat.

    python bench/memory.py [PAGES]

PAGES (default 20,000) generated pages, from a pool with every mangling, are parsed one after the other. Each gets an organ, an index
number and a sentence of its own and numbers of its own, so that nothing that is remembered between pages is ever met whole. Prints the
resident memory at the end as a multiple of that after the first fifth: until then what is remembered, all of it bounded, fills up.
What is free is given back to the system first: the allocator keeps up to 16 MB of it, more or less of it by chance.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import sys
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from parsers import parse
from tests.pagegen import generate
from tests.pagegen.sample import combination

POOL = 300
PAGES = 20_000
FLAT = 1.05
ORDINALS = "甲乙丙丁戊己庚辛壬癸"


def resident() -> int:
    """Resident memory of this process in bytes (Linux), without what is free in it."""
    gc.collect()
    with contextlib.suppress(AttributeError):  # a C library other than glibc
        ctypes.CDLL(None).malloc_trim(0)
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096


def pool() -> list[tuple[bytes, str, str]]:
    """Body, encoding and organ of the pages that all others are made from."""
    made = []
    for seed in range(POOL):
        page = generate(seed, *combination(seed))
        encoding = "gb18030" if "gb" in page.content_type.lower() or not _is_utf8(page.body) else "utf-8"
        made.append((page.body, encoding, page.metadata["org_name"]))
    return made


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def pages(count: int) -> Iterator[bytes]:
    """That many pages, no two alike."""
    made = pool()
    for number in range(count):
        body, encoding, organ = made[number % POOL]
        name = "".join(ORDINALS[int(digit)] for digit in str(number))
        own = f"<p>{name}办公室收到第{number}号来信{number % 7}件，办结{number % 7}件，申请公开{number}条。</p><p>索引号：{number:08}</p>"
        body = body.replace(organ.encode(encoding), f"{organ[:2]}{name}{organ[2:]}".encode(encoding))
        yield body.replace(b"<td>0</td>", f"<td>{number}</td>".encode(), 1).replace(b"</body>", own.encode(encoding) + b"</body>")


def main(count: int) -> int:
    filled = now = 0  # resident memory once what is remembered has filled up, and after the last page, in bytes
    fifth = max(1, count // 5)
    for number, body in enumerate(pages(count), 1):
        parse(body)
        if number % fifth == 0 or number == count:
            now = resident()
            filled = filled or now
            print(f"{number:7,} pages: {now / filled:.3f}", flush=True)
    growth = now / filled
    print(f"memory at the end: {growth:.3f} times that after {fifth:,} pages ({'flat' if growth <= FLAT else 'it grows'})")
    return 0 if growth <= FLAT else 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else PAGES))
