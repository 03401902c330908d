"""The six sections of a report, found by what their headings say and by their order, not by their numbers.

Numbers restart, go missing and stand inside table 三 and in the prose too; wording varies; a heading may stand inside
running text. So every place that could be a heading becomes a candidate, and the best chain of candidates in rising
order is taken.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from parsers.document import Document, Paragraph
from parsers.head.titles import is_report_title
from parsers.model import Section
from parsers.traditional import simplified

_SHORT_LINE = 120  # characters: longer paragraphs do not recur
HEADING_LIMIT = 60  # characters, white space included
_NUMERALS = "一二三四五六七八九十"
_DATA = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
_SURE = [(entry["number"], re.compile("|".join(entry["sure"]))) for entry in _DATA["section"]]
_HEADINGS = [(entry["number"], re.compile("|".join(entry["sure"] + entry["headings"]))) for entry in _DATA["section"]]
_ORDERED = [(entry["number"], re.compile("|".join(entry.get("ordered", ["(?!)"])))) for entry in _DATA["section"]]
_ORDERED_BEGIN = tuple(_NUMERALS[entry["number"] - 1] for entry in _DATA["section"] if "ordered" in entry)
_END = re.compile("|".join(map(re.escape, _DATA["end"]["marks"])))
_KEY = re.compile("情况|概述|概况|公开|问题|不足|事项|措施|改进|附表|附件|统计表")
_ORDINAL = re.compile(rf"(?:第?([{_NUMERALS}])\s*(?:[、.．,，：:]|部分[、：:]?)|([1-9])\s*[、.．](?!\d))\s*")
_YEAR = re.compile("^20\\d\\d年度?")
_SUB_ORDINAL = re.compile(rf"[（(]\s*(?:[{_NUMERALS}]+|\d+)\s*[）)]|\d+\.\d|[①-⑳]|[{_NUMERALS}]是")
_BRACKETED = re.compile(rf"[（(]\s*([{_NUMERALS}])\s*[）)]")
# 一、总体情况 inside running text: after the end of a sentence, before a blank, a line's end or a colon
_INLINE = re.compile(rf"([{_NUMERALS}])\s?[、.．]\s?((?:[^\s。；：:，,!！]|、){{2,40}}?)(?=[\s。：:]|$)")
_SENTENCE_ENDS = frozenset("。；：！ ")
_TABLE_ROWS = re.compile("本年新收|上年结转|办理结果|结转下年|勾稽")
_DATE_LINE = re.compile(r"(?:20\d\d|二[〇○零O]..)\s*年\s*\S{1,3}\s*月\s*\S{1,3}\s*日")


class _Candidate(NamedTuple):
    """A possible heading: paragraph, its place in it, the section (0: a heading of none of the six), and how sure it
    is.
    """

    paragraph: int
    start: int
    end: int
    number: int
    weight: int


def split_sections(document: Document) -> tuple[Section, ...]:
    """The sections of a report in order, at most six, each once; ``text`` is the prose below the heading, one line a
    paragraph.

    Sections that the page does not have are left out; tables are no part of the text. Never raises.
    """
    paragraphs = list(document.paragraphs())
    candidates = _candidates(paragraphs)
    chain = _best_chain([candidate for candidate in candidates if candidate.number])
    sections = []
    for index, heading in enumerate(chain):
        following = chain[index + 1] if index + 1 < len(chain) else None
        stop = _foreign_heading(heading, following, candidates, paragraphs)
        text = _between(paragraphs, heading, stop, last=following is None)
        title = paragraphs[heading.paragraph].text[heading.start : heading.end].strip(" ：:。")
        sections.append(Section(heading.number, title, text))
    return tuple(sections)


def _candidates(paragraphs: list[Paragraph]) -> list[_Candidate]:
    found = []
    for index, paragraph in enumerate(paragraphs):
        text = paragraph.text
        for place in _short_headings(text) if len(text) <= _SHORT_LINE else _headings(text):
            found.append(_Candidate(index, *place))
    return found


def _headings(text: str) -> tuple[tuple[int, int, int, int], ...]:
    """(start, end, number, weight) of what could be headings in a paragraph."""
    if not text.startswith(_ORDERED_BEGIN) and not _KEY.search(text if len(text) > HEADING_LIMIT else "".join(text.split())):
        return ()
    whole = _whole(text) if len(text) <= HEADING_LIMIT else None
    found: list[tuple[int, int, int, int]] = []
    for match in _INLINE.finditer(text):
        if match.start() and text[match.start() - 1] not in _SENTENCE_ENDS:
            continue
        number, weight = _meaning(match[2])
        if number:
            agrees = _NUMERALS.index(match[1]) + 1 == number
            found.append((match.start(1), match.end(), number, weight + 2 + agrees))
    if not found and (whole is None or not whole[0]):
        found = [*_run_on(text)]
    # the whole line is the heading, unless surer wording begins it: 六、其他需要报告的事项 无。
    if whole is not None and not any(heading[3] > whole[1] for heading in found):
        return ((0, len(text), *whole),)
    return tuple(found)


@lru_cache(maxsize=2048)  # the lines of menus and feet stand on every page of a site
def _short_headings(text: str) -> tuple[tuple[int, int, int, int], ...]:
    return _headings(simplified(text))


def _run_on(text: str) -> Iterator[tuple[int, int, int, int]]:
    """The official heading a paragraph begins with where nothing but its type parts it from the text."""
    ordinal = _ORDINAL.match(text)
    if ordinal is None or ordinal[1] is None:
        return
    for number, pattern in _SURE:
        heading = pattern.match(text, ordinal.end())
        if heading is not None and _NUMERALS.index(ordinal[1]) + 1 == number:
            yield 0, heading.end(), number, 3


def _whole(text: str) -> tuple[int, int] | None:
    """Number and weight of a paragraph that is a heading by itself; 0 is a numbered heading of none of the six."""
    if _TABLE_ROWS.search(text):
        return None
    if _SUB_ORDINAL.match(text):
        return _bracketed(text)
    ordinal = _ORDINAL.match(text)
    name = "".join(text[ordinal.end() if ordinal else 0 :].split()).strip("：:。.")
    number, weight = _meaning(name)
    if ordinal is None:
        return (number, weight) if number else None
    top = ordinal[1] is not None
    if top and not number and _NUMERALS.index(ordinal[1]) + 1 in [section for section, pattern in _ORDERED if pattern.fullmatch(name)]:
        return _NUMERALS.index(ordinal[1]) + 1, 2
    if number:
        agrees = top and _NUMERALS.index(ordinal[1]) + 1 == number
        return number, weight + 2 * top + agrees
    return (0, 0) if top and not re.search("[。；，]", name) else None


def _bracketed(text: str) -> tuple[int, int] | None:
    """Official wording under its own number in brackets: a report may number its sections so."""
    bracket = _BRACKETED.match(text)
    if bracket is None:
        return None
    number = _NUMERALS.index(bracket[1]) + 1
    name = "".join(text[bracket.end() :].split()).strip("：:。.")
    return (number, 2) if any(section == number and pattern.fullmatch(name) for section, pattern in _SURE) else None


def _meaning(name: str) -> tuple[int, int]:
    """The section a heading names and how surely (2 official wording, 1 a variant), (0, 0) for none."""
    name = _YEAR.sub("", "".join(name.split()))
    for number, pattern in _SURE:
        if pattern.fullmatch(name):
            return number, 3
    for number, pattern in _HEADINGS:
        if pattern.fullmatch(name):
            return number, 1
    return 0, 0


def _best_chain(candidates: list[_Candidate]) -> list[_Candidate]:
    """The chain of candidates with rising numbers that weighs most; of equals the last (a list of contents stands
    first).
    """
    best: list[tuple[int, int | None]] = []
    for index, candidate in enumerate(candidates):
        weight, before = 0, None
        for earlier in range(max(0, index - 200), index):
            if candidates[earlier].number < candidate.number and best[earlier][0] >= weight:
                weight, before = best[earlier][0], earlier
        best.append((weight + candidate.weight, before))
    if not best:
        return []
    at: int | None = max(range(len(best)), key=lambda index: (best[index][0], index))
    chain = []
    while at is not None:
        chain.append(candidates[at])
        at = best[at][1]
    return chain[::-1]


def _foreign_heading(
    heading: _Candidate, following: _Candidate | None, candidates: list[_Candidate], paragraphs: list[Paragraph]
) -> _Candidate | None:
    """The heading that ends a section: the next of the six, or before it one of another kind whose ordinal goes on
    from this one's.
    """
    ordinal = _ORDINAL.match(paragraphs[heading.paragraph].text[heading.start :])
    if ordinal is not None and ordinal[1] is not None:
        expected = _NUMERALS.index(ordinal[1]) + 1
        for candidate in candidates:
            if candidate.paragraph <= heading.paragraph or candidate.number:
                continue
            if following is not None and candidate.paragraph >= following.paragraph:
                break
            other = _ORDINAL.match(paragraphs[candidate.paragraph].text)
            if other is not None and other[1] is not None and _NUMERALS.index(other[1]) == expected:
                return candidate
    return following


def _between(paragraphs: list[Paragraph], heading: _Candidate, stop: _Candidate | None, *, last: bool) -> str:
    lines = [paragraphs[heading.paragraph].text[heading.end :]]
    if stop is None:
        lines += [paragraph.text for paragraph in paragraphs[heading.paragraph + 1 :]]
    elif stop.paragraph == heading.paragraph:
        lines = [paragraphs[heading.paragraph].text[heading.end : stop.start]]
    else:
        lines += [paragraph.text for paragraph in paragraphs[heading.paragraph + 1 : stop.paragraph]]
        lines.append(paragraphs[stop.paragraph].text[: stop.start])
    lines[0] = lines[0].lstrip(" ：:。")
    lines = [line.strip() for line in lines]
    if last and stop is None:
        lines = _without_foot(lines)
    return "\n".join(line for line in lines if line)


def _without_foot(lines: list[str]) -> list[str]:
    """The lines up to the signature, its date, or the first line of the page's foot."""
    for index, line in enumerate(lines):
        if len(line) <= 30 and _DATE_LINE.search(line) and index:
            # the organ that signs, alone in a line or before the date
            before = lines[index - 1]
            signed = index > 1 and len(before) <= 30 and not before.endswith(("。", "；", "！", "："))
            return lines[: index - 1 if signed else index]
        if len(line) <= _SHORT_LINE and (_END.search(line) or (index and is_report_title(line))):
            return lines[:index]
    return lines
