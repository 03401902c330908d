"""The year a page reports on. Never a date's year."""

from __future__ import annotations

import re
from collections.abc import Iterator

from parsers.document import Document
from parsers.head import titles
from parsers.head.headlines import begins_report

_SPACE = re.compile(r"\s+")
_PERIOD = re.compile(
    r"(20\d\d|二[〇○零O0]\S\S)年(?:1月1日|一月一日|1月1|1月份?|01月01日)起?[,，]?(?:至|到|—{1,2}|-{1,2}|－|~|～)(?:(20\d\d|二[〇○零O0]\S\S)年|同年|当年|本年)?"
    r"(?:12月31日|12月31|12月|十二月三十一日)"
)
_YEAR = "(20\\d\\d|二[〇○零]..)年度?"
_QUOTED = re.compile("《[^《》]{0,120}》")
_ANNOUNCED = re.compile(
    f"(?:公布|公开|发布|编制|现将|编写|撰写)[^。；，]{{0,30}}?{_YEAR}[^。；，\\d]{{0,30}}?信息公开[^。；，\\d]{{0,6}}?(?:年度报告|年报)(?!的?(?:通知|格式|有关|编制))"
)
_COLUMN = re.compile(f"{_YEAR}[^\\d]{{0,20}}(?:年度报告|年报)")
_SENTENCE = re.compile("[^。；]+[。；]")
_OPENS = re.compile(r"\s*(20\d\d)\s?年(?:度|以?来)?[，,]")
_PLANNED = re.compile("将|拟|计划|下一步|打算")
_TOLD_TWICE = 2
_PERIOD_WORDS = re.compile("统计|期限|时限|数据|周期|期间|时段")


def report_year(title: str | None, document: Document) -> int | None:
    """The year reported on: from the title, else from the period the report states (统计期限自YYYY年1月1日至12月31日), else from the
    sentence that announces it (现公布YYYY年度政府信息公开工作年度报告), else from the name of its column (YYYY年政府信息公开年报), else
    from the sentences that begin with it (YYYY年，示例局…), two at least and no other year.
    """
    year = titles.title_year(title) if title else None
    return next((found for find in _FINDERS if (found := find(document)) is not None), None) if year is None else year


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


def _announced_year(document: Document) -> int | None:
    """From what stands before the first section; below it the report may speak of last year's (按时公布上年年度报告)."""
    years: set[int] = set()
    for paragraph in document.paragraphs():
        text = _QUOTED.sub("", _SPACE.sub("", paragraph.text.partition("一、")[0]))
        years |= {year for match in _ANNOUNCED.finditer(text) if (year := titles.chinese_year(match[1])) is not None}
        if begins_report(paragraph.text):
            break
    return years.pop() if len(years) == 1 else None


def _column_year(document: Document) -> int | None:
    column = _COLUMN.fullmatch(_SPACE.sub("", document.meta.get("columnname", "")))
    return titles.chinese_year(column[1]) if column else None


def _told_year(document: Document) -> int | None:
    """The one year that sentences about work done begin with; what is planned is the next year's."""
    told = [
        int(match[1])
        for paragraph in document.paragraphs()
        for sentence in _SENTENCE.findall(paragraph.text)
        if (match := _OPENS.match(sentence)) and not _PLANNED.search(sentence)
    ]
    return told[0] if len(told) >= _TOLD_TWICE and len(set(told)) == 1 else None


_FINDERS = (_stated_year, _announced_year, _column_year, _told_year)


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
