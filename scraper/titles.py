"""What a title says to a crawl: fetch it as a report, let the page decide, or leave it. The words of reports are in parsers.head.titles."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from enum import Enum
from functools import lru_cache
from pathlib import Path

from parsers.head.titles import classify_title, title_year

_WORDS = tomllib.loads(Path(__file__).with_name("titles.toml").read_text("utf-8"))
_BLANKS = re.compile(r"[\s\u200b-\u200f\ufeff]+")
_TAIL_DATE = re.compile(r"[\[(【]?(?:19|20)\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}日?[\])】]?(?:\d{1,2}:\d\d(?::\d\d)?)?$")
_LEAD_MARK = re.compile(r"^[·•●■◆▪\-*»>]+")


def _any(patterns: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))


_VAGUE, _COLUMN, _HOME, _PATH = (_any(_WORDS[key]) for key in ("vague", "report_column", "disclosure_home", "column_paths"))
_REPORT_WORDS: list[str] = _WORDS["words"]
_LEAST_WORDS: int = _WORDS["least_words"]
_MARKUP = re.compile(r"(?is)<(script|style)\b.*?</\1\s*>|<!--.*?-->|<[^<>]*>|&nbsp;|\s+")


class Verdict(Enum):
    """``REPORT``: fetch it as one; ``VAGUE``: the page decides; ``OTHER``: not a report."""

    REPORT = "report"
    VAGUE = "maybe"
    OTHER = "other"


def normal(title: str) -> str:
    """The title without blanks, bullets and a date at its end, full-width forms folded (NFKC)."""
    text = _LEAD_MARK.sub("", _BLANKS.sub("", unicodedata.normalize("NFKC", title)))
    return _TAIL_DATE.sub("", text) or text


@lru_cache(maxsize=8192)
def judge(title: str) -> Verdict:
    """The verdict on a link's or a page's title."""
    text = normal(title)
    if text.endswith(("...", "…")):
        return Verdict.VAGUE if _VAGUE.search(text) else Verdict.OTHER
    verdict = Verdict(classify_title(text))
    return Verdict.VAGUE if verdict is Verdict.OTHER and _VAGUE.search(text) else verdict


@lru_cache(maxsize=8192)
def year(title: str) -> int | None:
    """The report year a title names, None without one. A date at the title's end is no year."""
    return title_year(normal(title))


def is_report_column(title: str) -> bool:
    """Whether a link's text is the name of a column of annual reports; a title with a year is one of its entries."""
    return bool(_COLUMN.search(normal(title))) and year(title) is None


def is_column_path(path: str) -> bool:
    """Whether an address's path is that of a column of annual reports."""
    return any(_PATH.search(part.lower().partition(".")[0]) for part in path.split("/") if part)


def is_disclosure_home(title: str) -> bool:
    """Whether a link's text leads to a site's disclosure pages."""
    return bool(_HOME.search(normal(title)))


def reads_like_report(markup: str) -> bool:
    """Whether a page's own text has the words of a report; ``markup`` is HTML or text."""
    return has_report_words(markup) or has_report_words(_MARKUP.sub("", markup))


def has_report_words(text: str) -> bool:
    """The same for text as it stands: quick, and sure only where it says yes."""
    found = 0
    for word in _REPORT_WORDS:
        found += word in text
        if found == _LEAST_WORDS:
            return True
    return False
