"""Figures stated in prose: which number a sentence gives for which indicator, and where it stands.

A clause is read as a row of words (lexicon and rules: figures.toml); a number, or a word for zero, belongs to a subject only where
everything between them is understood. Figures of another year, of plans, of one department or one channel, shares and comparisons
are left out, and so is an indicator for which the page states different numbers: a missing figure is harmless, a wrong one is not.

Requests: the wording decides. ``新收`` gives ``new_requests``; ``收到`` and ``受理`` give ``requests_received``, which on a page of 2019 and later
may include those carried over; ``办结`` and ``答复`` give ``concluded``. Reviews and suits of one clause (行政复议、行政诉讼均为0件) are two figures.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from parsers import titles
from parsers.clauses import COLON, COUNT, DATA, LETTER, MONEY, ONE, ORGAN, PEOPLE, STOP, UNKNOWN, YEAR, ZERO, Word, compact, words
from parsers.document import Document
from parsers.model import Figure, Number, Section

_SUBJECTS: dict[str, dict[str, Any]] = DATA["subjects"]
_NAME = {letter: name for name, letter in LETTER.items()}


def _letters(*names: str) -> str:
    return "".join(LETTER[name] for name in names)


_INFO = _letters("INFO", "PLAIN_INFO", "RELEASED_INFO")
_FILL = _letters("FILLER", "NOW", "LINK") + YEAR
_THIN = f"[{_FILL}]*"
_WIDE = f"[{_FILL}{_INFO}]*"
_ANY = "".join(LETTER[name] for name in _SUBJECTS)
_AND, _NONE, _EACH = LETTER["AND"], LETTER["NONE"], LETTER["EACH"]
_NUMBER = f"[{COUNT}{ONE}{ZERO}]"
_BREAK = f"[{STOP}{COLON}]"
_START = rf"(?:(?<=^)|(?<={_BREAK})|(?<=[{COUNT}{ONE}{ZERO}{PEOPLE}{MONEY}]{_AND}))"
_PREFIX = f"[{_FILL}{_INFO}{ORGAN}{_letters('AMONG', 'RECEIVE')}]*"
_END = f"(?=[{_FILL}{LETTER['ASK']}]*(?:$|{_BREAK}|{_AND}))"
_GROUP = f"[{_ANY}](?:{_THIN}{_AND}{_WIDE}[{_ANY}])*"

# 未发生 ... 行政复议、行政诉讼 ...: everything up to the end of the clause understood
_NONE_OF = re.compile(rf"{_NONE}[{_FILL}{_INFO}{_AND}{ONE}]*?(?P<group>{_GROUP})[{_FILL}{_letters('ASK', 'RECEIVE')}]*(?=$|{_BREAK}|{_AND}{_NONE})")
_LATE = _letters("REVIEW", "SUIT", "COMPLAINT", "NEUTRAL")
_NONE_OF_LATE = re.compile(
    rf"{_NONE}[{_FILL}{_INFO}{_AND}{ONE}{_letters('REQUEST', 'ASK', 'FINISH')}]*?(?P<group>[{_LATE}](?:{_THIN}{_AND}{_WIDE}[{_LATE}])*)"
    rf"[{_FILL}{_letters('ASK', 'RECEIVE')}]*(?=$|{_BREAK}|{_AND}{_NONE})"
)
_GROUP_THEN_NUMBER = re.compile(
    rf"{_START}{_PREFIX}(?P<group>{_GROUP}){_THIN}{COLON}?{_THIN}(?P<each>{_EACH}?)(?:{_NUMBER}[{_FILL}{STOP}]*(?=[{MONEY}]))?(?P<number>[{COUNT}{ONE}{ZERO}{PEOPLE}{MONEY}]){_END}"
)
_GROUP_THEN_NONE = re.compile(rf"{_START}{_PREFIX}(?P<group>{_GROUP}){_THIN}{COLON}?{_THIN}(?P<number>{_NONE}){_THIN}(?=$|{_BREAK})")
_NUMBER_THEN_SUBJECT = re.compile(rf"{_START}{_PREFIX}(?P<number>[{COUNT}{ONE}{PEOPLE}{MONEY}]){_WIDE}(?P<group>[{_ANY}]){_END}")


class _Rule(NamedTuple):
    indicators: tuple[str, ...]
    patterns: tuple[re.Pattern[str], ...]
    context: tuple[str, ...]
    weak: bool
    whole: bool


class _Reading(NamedTuple):
    indicator: str
    value: Number
    unit: str | None
    weak: bool
    start: int
    end: int


def _rule(entry: dict[str, Any]) -> _Rule:
    prefix = f"{_START}[{_FILL}{_INFO}{ORGAN}{_letters('AMONG')}]*" if entry.get("whole") else ""
    patterns = tuple(re.compile(prefix + _compile(read) + (_END if entry.get("whole") else "")) for read in entry["read"])
    return _Rule(tuple(entry["indicators"]), patterns, tuple(entry.get("context", ())), entry.get("weak", False), bool(entry.get("whole")))


def _compile(read: str) -> str:
    """A rule in words as a regular expression over letters; the last NUMBER is the one that is read."""
    named = {"NUMBER": _NUMBER, "STOP": STOP}
    pattern = re.sub(r"\[[^\]]*\]|[A-Z_]+|~", lambda m: _set(m[0]) if m[0][0] == "[" else _WIDE if m[0] == "~" else named.get(m[0]) or LETTER[m[0]], read)
    pattern = re.sub(r"\s+", "", pattern)
    head, _, tail = pattern.rpartition(_NUMBER)
    return f"{head}(?P<number>{_NUMBER}){tail}"


def _set(names: str) -> str:
    parts = names[1:-1].split("|")
    return "[" + "".join({"~": _FILL + _INFO, "NUMBER": _NUMBER[1:-1], "STOP": STOP}.get(part) or LETTER[part] for part in parts) + "]"


_RULES = tuple(map(_rule, DATA["rule"]))
_SENTENCE = re.compile(r"[^。；;！!？?\n]+")
_CANDIDATE = re.compile(r"(?:[0-9０-９]|[零一二两三四五六七八九十])\s*[余多]?\s*(?:件|条|起|宗|例|份|次|项|篇|个|人|名|位|元|万)|[0０零](?![0-9０-９.．%％年月])|未|无|没有|不存在")
_TOPIC = re.compile("申请|复议|诉讼|投诉|举报|公开|公布|发布|报送|专职|兼职|人员|机构|费|收取|结转|办结|答复|无法提供|不予处理|其他处理|其它处理")
_SHARE = re.compile(rf"{STOP}?{LETTER['NOT_SO']}")
_HEADING_LIMIT = 40


def prose_text(document: Document) -> str:
    """The prose of a page: its paragraphs, one a line. Figures point into it."""
    return "\n".join(paragraph.text for paragraph in document.paragraphs())


def read_figures(
    text: str, sections: tuple[Section, ...], *, year: int | None = None, org: str | None = None
) -> tuple[Figure, ...]:
    """The figures that the prose states, one for each indicator, in the order of their places in ``text``.

    ``text[start:end]`` is the sentence. ``year`` and ``org`` are the report's year and organ where the caller knows them; else
    they are taken from a title in the text. Money is in yuan whatever unit is printed. Never raises.
    """
    if year is None or org is None:
        found_year, found_org = _from_title(text)
        year, org = year or found_year, org or found_org
    readings: list[_Reading] = []
    for start, end, context in _sentences(text, sections):
        readings += _read(text[start:end], start, end, context, year, org)
    return tuple(_settle(readings, text))


def _settle(readings: list[_Reading], text: str) -> Iterator[Figure]:
    """One figure for each indicator on whose value its readings agree."""
    strong = {reading.indicator for reading in readings if not reading.weak}
    kept = [reading for reading in readings if not (reading.weak and reading.indicator in strong)]
    values: dict[str, set[Number]] = {}
    for reading in kept:
        values.setdefault(reading.indicator, set()).add(reading.value)
    seen: set[str] = set()
    for reading in kept:
        if len(values[reading.indicator]) == 1 and reading.indicator not in seen:
            seen.add(reading.indicator)
            yield Figure(reading.indicator, reading.value, reading.unit, text[reading.start : reading.end], reading.start, reading.end)


def _from_title(text: str) -> tuple[int | None, str | None]:
    for line in text.split("\n"):
        if len(line) < 80 and "公开" in line and ("报告" in line or "年报" in line) and titles.is_report_title(line):
            return titles.title_year(line), titles.org_name(line)
    return None, None


def _sentences(text: str, sections: tuple[Section, ...]) -> Iterator[tuple[int, int, str]]:
    """(start, end, context) of the sentences worth reading; the context is the heading they stand under."""
    starts = _section_starts(text, sections)
    heading = ""
    joined = _unwrap(text)
    for match in _SENTENCE.finditer(joined):
        sentence = match[0]
        start = match.start() + len(sentence) - len(sentence.lstrip())
        end = match.start() + len(sentence.rstrip())
        if end - start <= _HEADING_LIMIT and joined[match.end() : match.end() + 1] in ("\n", ""):
            heading = sentence
        if _CANDIDATE.search(sentence) and _TOPIC.search(sentence):
            section = next((title for at, title in reversed(starts) if at <= start), "")
            yield start, end, heading + section


def _section_starts(text: str, sections: tuple[Section, ...]) -> list[tuple[int, str]]:
    starts: list[tuple[int, str]] = []
    at = 0
    for section in sections:
        found = text.find(section.title, at)
        if found >= 0:
            at = found
            starts.append((found, section.title))
    return starts


def _unwrap(text: str) -> str:
    """The text with the line breaks of hard-wrapped prose (text made from PDFs) as blanks; same length."""
    lines = text.split("\n")
    long = [line for line in lines if len(line) >= 15]
    open_ended = [line for line in long if line[-1] not in "。；;：:！？.）)”】"]
    if not long or len(open_ended) * 10 < len(long) * 6:
        return text
    width = sorted(map(_width, long))[len(long) * 3 // 4]
    parts = []
    for line in lines:
        wraps = _width(line) >= width * 0.85 and line[-1:] not in "。；;！？"
        parts.append(line + (" " if wraps else "\n"))
    return "".join(parts)[: len(text)]


def _width(line: str) -> int:
    """Width in columns: a Chinese character takes two."""
    return len(line) + sum(char > "\u2e80" for char in line)


def _read(sentence: str, start: int, end: int, context: str, year: int | None, org: str | None) -> list[_Reading]:
    plain = compact(sentence)
    row = words(plain)
    letters = "".join(word.letter for word in row)
    readings: list[_Reading] = []
    taken: set[int] = set()  # places of numbers already read

    def add(indicator: str, at: int, value: Number, unit: str | None, weak: bool = False) -> None:
        readings.append(_Reading(indicator, value, unit, weak, start, end))
        taken.add(at)

    surroundings = context + plain
    for rule in _RULES:
        if rule.context and not any(word in surroundings for word in rule.context):
            continue
        for pattern in rule.patterns:
            for match in pattern.finditer(letters):
                at = match.start("number")
                if at in taken or not _is_ours(row, letters, match.start(), match.end(), year, org, strict=rule.whole):
                    continue
                if rule.whole and _SHARE.match(letters, match.end()) and row[match.end() + 1 : match.end() + 2] and row[match.end() + 1].text == "占":
                    continue
                value = row[at].value
                if value is not None:
                    for indicator in rule.indicators:
                        add(indicator, at, value, row[at].unit, rule.weak)
    for pattern in (_NONE_OF, _NONE_OF_LATE, _GROUP_THEN_NONE, _GROUP_THEN_NUMBER, _NUMBER_THEN_SUBJECT):
        for match in pattern.finditer(letters):
            at = match.start("number") if "number" in pattern.groupindex else match.start()
            if at in taken or not _is_ours(row, letters, match.start(), match.end(), year, org, strict=False):
                continue
            names = [_NAME[letter] for letter in match["group"] if letter in _ANY]
            word = row[at]
            value = 0 if word.letter == _NONE else word.value
            several = len(names) > 1 and not match.groupdict().get("each")
            for name in names:
                if value is not None and _fits(name, word, value, several, surroundings):
                    add(_SUBJECTS[name]["indicator"], at, value, _unit(word))
    return readings


def _unit(word: Word) -> str | None:
    return "元" if word.letter == MONEY else word.unit


def _fits(name: str, word: Word, value: Number, several: bool, surroundings: str) -> bool:
    """Whether a subject may have this number."""
    subject = _SUBJECTS[name]
    if "indicator" not in subject or (value and (several or not subject.get("above_zero", True))):
        return False
    contexts = subject.get("context" if value else "zero_context")
    if contexts and not any(text in surroundings for text in contexts):
        return False
    if word.letter in (_NONE, ZERO):
        return True
    units = subject.get("units", "count")
    return word.unit in DATA["units"][units]


def _is_ours(row: list[Word], letters: str, start: int, end: int, year: int | None, org: str | None, *, strict: bool) -> bool:
    """Whether what stands before a reading leaves it a figure of this organ as a whole and of the year reported on."""
    clause = max((letters.rfind(mark, 0, start) for mark in (STOP, COLON)), default=-1) + 1
    span = letters[clause:end]
    if any(LETTER[name] in span for name in ("NOT_SO", "CHANNEL")):
        return False
    for index in range(clause, end):
        if letters[index] == LETTER["PART"] and not (index and row[index - 1].text.startswith("全")):
            return False
        if letters[index] == ORGAN and org is not None and not _same_organ(row[index].text, org):
            return False
    among = letters.rfind(LETTER["AMONG"], 0, end)
    if among >= 0 and (UNKNOWN in letters[clause:start] or (strict and UNKNOWN in letters[among:start])):
        return False
    return _this_year(row[:end], year)


def _this_year(before: list[Word], year: int | None) -> bool:
    """The last word of time before a number governs it."""
    years = {word.value for word in before if word.letter == YEAR}
    for word in reversed(before):
        if word.letter == LETTER["PAST"]:
            return False
        if word.letter == LETTER["NOW"]:
            return True
        if word.letter == YEAR:
            return word.value == year if year is not None else len(years) == 1
    return not any("累计" in word.text for word in before)


def _same_organ(name: str, org: str) -> bool:
    """Whether a name in the prose may be the report's organ: its characters in order within the full name (市科委 in 上海市科委)."""
    subject = re.split("代表|[和及与、]", name[-16:])[0]
    characters = iter(org)
    return all(char in characters for char in subject)
