"""The year a page reports on. Never a date's year."""

from __future__ import annotations

import re
from collections.abc import Iterator

from parsers import titles
from parsers.document import Document

_SPACE = re.compile(r"\s+")
_PERIOD = re.compile(
    r"(20\d\d|二[〇○零O0]\S\S)年(?:1月1日|一月一日|1月1|1月份?|01月01日)起?[,，]?(?:至|到|—{1,2}|-{1,2}|－|~|～)(?:(20\d\d|二[〇○零O0]\S\S)年|同年|当年|本年)?"
    r"(?:12月31日|12月31|12月|十二月三十一日)"
)
_PERIOD_WORDS = re.compile("统计|期限|时限|数据|周期|期间|时段")


def report_year(title: str | None, document: Document) -> int | None:
    """The year reported on: from the title, else from the period the report states
    (统计期限自YYYY年1月1日至12月31日).
    """
    year = titles.title_year(title) if title else None
    return year if year is not None else _stated_year(document)


def _stated_year(document: Document) -> int | None:
    sure: set[int] = set()
    other: set[int] = set()
    for paragraph in _unwrapped(document):
        if "12月" not in paragraph and "十二月" not in paragraph:
            continue
        for match in _PERIOD.finditer(paragraph):
            first = titles.chinese_year(match[1])
            last = titles.chinese_year(match[2]) if match[2] else first
            if first is None or first != last:
                continue
            context = paragraph[max(0, match.start() - 40) : match.start()]
            (sure if _PERIOD_WORDS.search(context) else other).add(first)
    years = sure or other
    return years.pop() if len(years) == 1 else None


def _unwrapped(document: Document) -> Iterator[str]:
    """Paragraphs without white space, each with the next one behind it (a wrapped line may break inside the period)."""
    previous = ""
    for paragraph in document.paragraphs():
        text = _SPACE.sub("", paragraph.text) if "月" in paragraph.text or "月" in previous else ""
        if previous:
            yield previous + text
        previous = text
    if previous:
        yield previous
