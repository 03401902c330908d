"""Figures stated in prose: which number a sentence gives for which indicator, and where it stands.

A clause is read as a row of words (lexicon and rules: figures.toml); a number, or a word for zero, belongs to a
subject only where everything between them is understood. Figures of another year, of plans, of one department or one
channel, shares and comparisons are left out, and so is an indicator for which the page states different numbers: a
missing figure is harmless, a wrong one is not.

Requests: the wording decides. ``新收`` gives ``new_requests``; ``收到`` and ``受理`` give ``requests_received``,
which on a page of 2019 and later may include those carried over; ``办结`` and ``答复`` give ``concluded``. Reviews
and suits of one clause (行政复议、行政诉讼均为0件) are two figures, ``review_total`` and ``suit_total``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import NamedTuple

from parsers.document import Document
from parsers.head import titles
from parsers.model import Figure, Number, Section
from parsers.prose.clauses import COLON, COUNT, DATA, LETTER, MONEY, ONE, ORGAN, STOP, UNKNOWN, YEAR, ZERO, Word, compact, words
from parsers.prose.grammar import NONE_FORMS, NUMBER_FORMS, RULES, SUBJECT_OF, SUBJECTS
from parsers.prose.sentences import SHARED_LINE, sentences
from parsers.prose.sentences import Sentence as Stretch

_NONE, _AMONG, _PART, _WHOLE, _PAST, _NOW = (LETTER[name] for name in ("NONE", "AMONG", "PART", "WHOLE", "PAST", "NOW"))
_DEPARTMENT = re.compile(rf"(?:{'|'.join(DATA['departments']['ends'])})$")
_COMPARED = frozenset(DATA["departments"]["compared"])
_SEVERAL_YEARS = "分别"
_UP_TO = frozenset(("截至", "截止", "至", "到"))
_REQUESTS = frozenset(LETTER[name] for name in ("REQUEST", "ASK", "FINISH"))
_ANSWERED, _ALREADY = ("申请", "答复", "办结"), ("已", "已经")
_OUTCOMES = frozenset(("DISCLOSED", "ANSWERED_OPENLY", "PARTIAL", "REFUSED"))
# 主动公开16条, 依申请公开12条, 不予公开36条: what becomes of documents; 收到依申请公开12件: requests
_OF_DOCUMENTS = re.compile(
    f"{LETTER['PROACTIVE']}.{{0,60}}?[{STOP}{LETTER['AND']}][^{STOP}{LETTER['RECEIVE']}{LETTER['NEWLY']}{LETTER['FINISH']}]{{0,3}}"
    f"{LETTER['REQUEST']}[^{STOP}]{{0,4}}[{COUNT}{ONE}{ZERO}]"
)
_BARRED = frozenset((LETTER["NOT_SO"], LETTER["CHANNEL"]))


class _Reading(NamedTuple):
    indicator: str
    value: Number
    unit: str | None
    weak: bool
    start: int
    end: int


def prose_text(document: Document) -> str:
    """The prose of a page: its paragraphs, one a line. Figures point into it."""
    return "\n".join(paragraph.text for paragraph in document.paragraphs())


def read_figures(
    text: str, sections: tuple[Section, ...], *, year: int | None = None, org: str | None = None
) -> tuple[Figure, ...]:
    """The figures that the prose states, one for each indicator, in the order of their places in ``text``.

    ``text[start:end]`` is the sentence. ``year`` and ``org`` are the report's year and organ where the caller knows
    them; else they are taken from a title in the text. Money is in yuan whatever unit is printed. Never raises.
    """
    if year is None or org is None:
        found_year, found_org = _from_title(text)
        year, org = year or found_year, org or found_org
    readings: list[_Reading] = []
    for stretch in sentences(text, sections):
        readings += _Sentence(text[stretch.start : stretch.end], stretch, year, org).readings()
    return tuple(_settle(readings, text))


def _settle(readings: list[_Reading], text: str) -> Iterator[Figure]:
    """One figure for each indicator on whose value its readings agree."""
    strong = {reading.indicator for reading in readings if not reading.weak}
    kept = [reading for reading in readings if not (reading.weak and reading.indicator in strong)]
    values: dict[str, set[Number]] = {}
    for reading in kept:
        values.setdefault(reading.indicator, set()).add(reading.value)
    seen: set[str] = set()
    for indicator, value, unit, _, start, end in kept:
        if len(values[indicator]) == 1 and indicator not in seen:
            seen.add(indicator)
            yield Figure(indicator, value, unit, text[start:end], start, end)


def _from_title(text: str) -> tuple[int | None, str | None]:
    """Year and organ of the first title of a report in the text."""
    for line in text.split("\n"):
        if len(line) < 80 and "公开" in line and ("报告" in line or "年报" in line) and titles.is_report_title(line):
            return titles.title_year(line), titles.org_name(line)
    return None, None


class _Row:
    """A sentence compacted, its words, their letters, and what the grammar finds in them whatever year and organ it speaks of."""

    def __init__(self, sentence: str) -> None:
        self.plain = compact(sentence)
        self.words = words(self.plain)
        self.letters = "".join([word.letter for word in self.words])
        present = frozenset(self.letters)
        self.by_rules = [
            (rule, match, match.start("number"))
            for rule in RULES
            if not rule.needs.isdisjoint(present)
            for pattern in rule.patterns
            for match in pattern.finditer(self.letters)
        ]
        forms = () if present.isdisjoint(SUBJECT_OF) else (*NONE_FORMS, *NUMBER_FORMS) if _NONE in present else NUMBER_FORMS[1:]
        self.by_subjects = [
            (match, match.start("number" if "number" in form.groupindex else 0))
            for form in forms
            for match in form.finditer(self.letters)
        ]


_shared_row = lru_cache(maxsize=1024)(_Row)  # reports share many sentences


class _Sentence:
    """One sentence as words, and what it states."""

    def __init__(self, text: str, stretch: Stretch, year: int | None, org: str | None) -> None:
        self.parsed = _shared_row(text) if len(text) <= SHARED_LINE else _Row(text)
        self.row, self.letters = self.parsed.words, self.parsed.letters
        self.context, self.lead = stretch.context, stretch.lead
        self.start, self.end, self.year, self.org = stretch.start, stretch.end, year, org

    def readings(self) -> list[_Reading]:
        taken: set[int] = set()  # places of numbers already read
        found: list[_Reading] = []
        for at, indicator, value, unit, weak in (*self._by_rules(taken), *self._by_subjects(taken)):
            found.append(_Reading(indicator, value, unit, weak, self.start, self.end))
            taken.add(at)
        return found

    def _by_rules(self, taken: set[int]) -> Iterator[tuple[int, str, Number, str | None, bool]]:
        for rule, match, at in self.parsed.by_rules:
            word = self.row[at]
            if at in taken or word.value is None or not self._in_context(rule.context, len(self.row)):
                continue
            if rule.unless and self._is_said(rule.unless, at):
                continue
            if rule.year and not self._names_year(match, rule.year):
                continue
            if not self._is_ours(match, strict=rule.whole, any_year=rule.year != 0):
                continue
            if rule.whole and (self._is_share(match.end()) or self._is_an_answer(at)):
                continue
            taken.add(at)
            for indicator in rule.indicators:
                yield at, indicator, word.value, word.unit, rule.weak

    def _by_subjects(self, taken: set[int]) -> Iterator[tuple[int, str, Number, str | None, bool]]:
        for match, at in self.parsed.by_subjects:
            if at in taken or not self._is_ours(match, strict=False):
                continue
            names = [SUBJECT_OF[letter] for letter in match["group"] if letter in SUBJECT_OF]
            word = self.row[at]
            value = 0 if word.letter == _NONE else word.value
            several = len(names) > 1 and not match.groupdict().get("each")
            if not _OUTCOMES.isdisjoint(names) and _OF_DOCUMENTS.search(self.letters):
                continue
            for name in names:
                if value is not None and self._fits(name, word, value, match.end(), several=several):
                    taken.add(at)
                    unit = "元" if word.letter == MONEY else word.unit
                    yield at, SUBJECTS[name]["indicator"], value, unit, False

    def _in_context(self, texts: tuple[str, ...] | list[str] | None, after: int, lead: str = "") -> bool:
        """Whether one of some texts stands over or in the sentence; what is said of a part of the figure says nothing of the whole
        (收到行政复议23件，其中信息公开类4件).
        """
        if not texts:
            return True
        among = self.letters.find(_AMONG, after)
        own = self.parsed.plain if among < 0 else "".join([word.text for word in self.row[:among]])
        surroundings = f"{self.context}\n{own}\n{lead}"
        return any(text in surroundings for text in texts)

    def _is_said(self, texts: tuple[str, ...] | list[str], before: int) -> bool:
        """Whether one of some texts stands in the sentence before a place, or in the one that leads over to it."""
        if self.letters[:1] == _AMONG and any(text in self.lead for text in texts):
            return True
        return any(text in self.parsed.plain for text in texts) and any(
            text in "".join(word.text for word in self.row[:before]) for text in texts
        )

    def _fits(self, name: str, word: Word, value: Number, after: int, *, several: bool) -> bool:
        """Whether a subject may have this number; a number above 0 belongs to one subject."""
        subject = SUBJECTS[name]
        if "indicator" not in subject or (value and (several or not subject.get("above_zero", True))):
            return False
        beside = subject.get("lead")
        lead = self.lead if beside is True or (beside and beside in self.lead) else ""
        if "unless" in subject and self._is_said(subject["unless"], after):
            return False
        if not self._in_context(subject.get("context" if value else "zero_context"), after, lead):
            return False
        if word.letter == _NONE:
            return bool(subject.get("none", True))
        return word.letter == ZERO or word.unit in DATA["units"][subject.get("units", "count")]

    def _is_an_answer(self, at: int) -> bool:
        """Whether what was released up to a number is a part of the requests: 答复20件, 其中主动公开5件; 申请20件, 已主动公开5件."""
        before = self.letters[:at]
        of_lead = before[:1] == _AMONG and any(text in self.lead for text in _ANSWERED)
        if not of_lead and _REQUESTS.isdisjoint(before):
            return False
        return _AMONG in before or any(
            word.text in _ALREADY and after.text in DATA["words"]["PROACTIVE"] for word, after in pairwise(self.row[:at])
        )

    def _is_share(self, after: int) -> bool:
        """Whether a figure is given as a part of another: 1687条，占66%."""
        following = [word.text for word in self.row[after : after + 2] if word.letter != STOP]
        return following[:1] == ["占"]

    def _names_year(self, match: re.Match[str], after: int) -> bool:
        """Whether all years of a reading are that many after the one reported on: 2023年结转3件, 结转至2025年2件."""
        years = {word.value for word in self.row[match.start() : match.end()] if word.letter == YEAR}
        return self.year is not None and years == {self.year + after}

    def _is_ours(self, match: re.Match[str], *, strict: bool, any_year: bool = False) -> bool:
        """Whether what stands before a reading leaves it a figure of this organ as a whole and of the year reported
        on.
        """
        start, end, letters = match.start(), match.end(), self.letters
        clause = max(letters.rfind(STOP, 0, start), letters.rfind(COLON, 0, start)) + 1
        for index in range(clause, end):
            letter = letters[index]
            if letter in _BARRED:
                return False
            if letter == _WHOLE and self.org is not None and _DEPARTMENT.search(self.org):
                return False
            if letter == _PART and not self._is_whole(index):
                return False
            if letter == ORGAN and self.org is not None and not _same_organ(self.row[index].text, self.org):
                return False
        among = letters.rfind(_AMONG, 0, end)
        if among >= 0 and (UNKNOWN in letters[clause:start] or (strict and UNKNOWN in letters[among:start])):
            return False
        return any_year or self._of_this_year[end]

    def _is_whole(self, index: int) -> bool:
        """Whether a word for a part of an organ speaks of all of them (全区各部门) or is the organ itself (城关派出所)."""
        return (index > 0 and self.row[index - 1].text.startswith("全")) or (self.org is not None and self.row[index].text in self.org)

    @cached_property
    def _of_this_year(self) -> list[bool]:
        """For each place whether the words before it speak of the year reported on: the last word of time governs."""
        years = {word.value for word in self.row if word.letter == YEAR}
        if len(years) > 1 and _SEVERAL_YEARS in self.parsed.plain:
            return [False] * (len(self.row) + 1)
        current: bool | None = None
        up_to = summed_up = by_year = False
        flags = [True]
        asides: list[tuple[str, bool | None]] = []  # (what ends it, what was current before it): (上年8件), 较上年
        previous = ""
        for word in self.row:
            if asides and word.letter == STOP and (asides[-1][0] == word.text or asides[-1][0] == STOP):
                current = asides.pop()[1]
            if word.text == "(":
                asides.append((")", current))
            elif word.letter in (_PAST, YEAR) and previous in _COMPARED and not (asides and asides[-1][0] == STOP):
                asides.append((STOP, current))
            if word.letter == _PAST:
                # 截至12月20日, 2022年以来: still this year
                current = current if (up_to and "日" in word.text) or (word.text == "以来" and by_year) else False
            elif word.letter == _NOW:
                current, by_year = True, False
            elif word.letter == YEAR:
                current = word.value == self.year if self.year is not None else len(years) == 1
                by_year = True
                if previous not in _UP_TO:
                    up_to = summed_up = False  # 到2014年底累计523条，其中2014年新增61条
            up_to = up_to or word.text in _UP_TO
            summed_up = summed_up or "累计" in word.text
            # 截至2022年12月31日，累计…: since when?
            since_when = summed_up and (current is None or (up_to and by_year))
            flags.append(current is not False and not since_when)
            previous = word.text
        return flags


def _same_organ(name: str, org: str) -> bool:
    """Whether a name in the prose may be the report's organ: its characters in order within the full name (市科委 in
    上海市科委).
    """
    subject = re.split("代表|[和及与、]", name[-16:])[0]
    characters = iter(org)
    return all(char in characters for char in subject)
