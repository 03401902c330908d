"""Dates as Chinese pages print them, in ISO form."""

from __future__ import annotations

import re
from datetime import date

from parsers.head import titles

_FIRST_YEAR = 1949
_SPACE = re.compile(r"\s+")
_DATE = re.compile(
    r"(?<!\d)(\d{4})\s?[-/.年－]\s?(\d{1,2})\s?[-/.月－]\s?(\d{1,2})(?!\d)|(?<!\d)(20\d\d)([01]\d)([0-3]\d)(?!\d)"
)
_UP_TO_31 = "[一二三四五六七八九十]{1,3}"
_CHINESE_DATE = re.compile(rf"([一二][〇○零O0一二三四五六七八九]{{3}})年({_UP_TO_31})月({_UP_TO_31})日")
_DATE_LINE = re.compile(r"[\d\s年月日时分〇○零Oo一二三四五六七八九十:：/.（）()－-]{8,32}")


def parse_date(text: str) -> str | None:
    """The first date of a text in ISO form (``2024-1-8``, ``2024年1月8日``, ``20240108``, ``二〇二四年一月八日``);
    None where it is no date.
    """
    match = _DATE.search(text)
    if match:
        parts = [int(part) for part in match.groups() if part]
    else:
        chinese = _CHINESE_DATE.search(_SPACE.sub("", text))
        if chinese is None:
            return None
        parts = [titles.chinese_year(part) or 0 for part in chinese.groups()]
    try:
        day = date(*parts)
    except ValueError:
        return None
    return day.isoformat() if _FIRST_YEAR <= day.year <= titles.LAST_YEAR else None


def is_date_line(text: str) -> bool:
    """Whether a line holds nothing but a date, in brackets or not, and maybe the time of day."""
    return _DATE_LINE.fullmatch(text) is not None and parse_date(text) is not None
