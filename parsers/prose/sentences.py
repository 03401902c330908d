"""The sentences of a page's prose that may state a figure, with their places and the headings they stand under."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from parsers.model import Section

HEADING_LIMIT = 40  # characters
LEAD_LIMIT = 300  # characters
LONG_LINE = 15  # characters
MANY_LINES = 5
SHARED_LINE = 1000  # characters: longer lines and sentences do not recur
SENTENCE_LIMIT = 2000  # characters: longer is no sentence

_LINE_ENDS = "。；;：:！？.）)”】"
_SENTENCE = re.compile(r"[^。；;！!？?\n]+")
_ENDS = re.compile("[。；;！!？?]")
# Cheap tests that spare most sentences the reading: a digit, a counted Chinese numeral or a word for none, and a topic.
# Patterns that begin with a set or with plain words only: those that mix them are slow.
_DIGIT_OR_NONE = re.compile("[0-9０-９零未无没]")
_COUNTED = re.compile("[一二两三四五六七八九十百千佰仟拾壹贰叁肆伍陆柒捌玖]\\s?[件条起宗例份次项篇个人名位元]")
_TOPIC = re.compile(
    "申请|复议|诉讼|投诉|举报|专职|兼职|专门|工作人员|处理费|收费|费用|收取|结转|办结|答复|无法提供|不予|其他处理|其它处理"
)
# 主动公开政府信息情况 over a sentence says nothing on whose reviews it counts
_HEADING_TOPIC = re.compile("申请|复议|诉讼|投诉|举报|人员|机构|队伍|保障|费|其他")
# （二）依申请公开情况
_LINE_HEADING = re.compile(r"(?:[（(][一二三四五六七八九十\d]{1,3}[）)]|[一二三四五六七八九十\d]{1,3}[、.．])[^，,：:\d]{2,20}")
_LEADING = ("其中", "答复", "办理结果", "按", "从", "为此")
_RELEASE = re.compile(
    "(?:公开|公布|发布|报送|录入|上传|上报|编发)[^，。；：]{0,30}?[0-9０-９一二三四五六七八九十百千]\\s?万?\\s?[件条份次项篇个]"
)


class Sentence(NamedTuple):
    """A stretch of text that may state a figure: its place, the headings it stands under, and what leads over to it."""

    start: int
    end: int
    context: str
    lead: str


def sentences(text: str, sections: tuple[Section, ...]) -> Iterator[Sentence]:
    """The sentences worth reading, in order; the context is the heading and the section they stand under."""
    starts: list[tuple[int, str]] | None = None
    section = ""
    lines = unwrap(text).split("\n")
    line_start = 0
    for number, line in enumerate(lines):
        found = _shared_worth_reading(line) if len(line) <= SHARED_LINE else _worth_reading(line)
        if found:
            above = _last_heading(lines[:number])
            starts = _section_starts(text, sections) if starts is None else starts
            for start, end, own, lead in found:
                while starts and starts[0][0] <= line_start + start:
                    section = starts.pop(0)[1]
                headings = (own or above, section)
                yield Sentence(line_start + start, line_start + end, "".join(filter(_HEADING_TOPIC.search, headings)), lead)
        line_start += len(line) + 1


def _worth_reading(line: str) -> tuple[Sentence, ...]:
    """The sentences of a line that are worth reading. Their context is the heading in the same line, if any: （二）依申请公开。
    before them, or a short one itself at the line's end.
    """
    if not _may_state(line):
        return ()
    found = []
    heading = before = ""
    for match in _SENTENCE.finditer(line):
        sentence = match[0].strip()
        leads = line[match.start() - 1 : match.start()] in ("；", ";") or sentence.startswith(_LEADING)
        lead = before[-LEAD_LIMIT:] if leads else ""
        if not _may_state(sentence):
            heading = sentence if _LINE_HEADING.fullmatch(sentence) else heading
        elif len(sentence) <= SENTENCE_LIMIT:
            start = match.start() + len(match[0]) - len(match[0].lstrip())
            own = match.end() == len(line) and len(match[0]) <= HEADING_LIMIT
            found.append(Sentence(start, start + len(sentence), heading or (match[0] if own else ""), lead))
        before = lead + sentence
    return tuple(found)


_shared_worth_reading = lru_cache(maxsize=2048)(_worth_reading)  # the lines of menus and feet stand on every page of a site


def _may_state(text: str) -> bool:
    """Whether a number or a word for none, and something that is counted, stand in a text."""
    if not (_DIGIT_OR_NONE.search(text) or _COUNTED.search(text) or "不存在" in text):
        return False
    return (_TOPIC.search(text) or _RELEASE.search(text)) is not None


def _last_heading(lines: list[str]) -> str:
    """The last short stretch at the end of a line that no punctuation ends."""
    for line in reversed(lines):
        last = _ENDS.split(line[-HEADING_LIMIT - 1 :])[-1]
        if 0 < len(last) <= HEADING_LIMIT:
            return last
    return ""


def _section_starts(text: str, sections: tuple[Section, ...]) -> list[tuple[int, str]]:
    starts: list[tuple[int, str]] = []
    at = 0
    for section in sections:
        found = text.find(section.title, at)
        if found >= 0:
            at = found
            starts.append((found, section.title))
    return starts


def unwrap(text: str) -> str:
    """The text with the line breaks inside hard-wrapped paragraphs (text made from PDFs) as blanks; of the same length.

    Wrapped is a text most of whose lines are of one width and end inside a sentence; titles in a menu are not.
    """
    lines = text.split("\n")
    long = [line for line in lines if len(line) >= LONG_LINE]
    open_ended = [line for line in long if line[-1] not in _LINE_ENDS]
    if len(open_ended) < MANY_LINES or len(open_ended) * 10 < len(long) * 6:
        return text
    widths = sorted(map(_columns, open_ended))
    width = widths[len(widths) * 9 // 10]
    full = sum(columns >= width * 0.85 for columns in widths)
    if full * 10 < len(widths) * 6:
        return text
    parts = []
    for line in lines:
        wraps = _columns(line) >= width * 0.85 and line[-1:] not in "。；;！？"
        parts.append(line + (" " if wraps else "\n"))
    return "".join(parts)[: len(text)]


def _columns(line: str) -> int:
    """Width of a line in columns: a Chinese character takes two, as in GB 18030."""
    return len(line.encode("gb18030", "replace"))
