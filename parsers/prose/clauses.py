"""Sentences of a report as rows of words: one letter a word, so that their grammar can be written as regular
expressions.

The lexicon is declared in figures.toml. Numbers, years and punctuation are words too; what is in no list is one
UNKNOWN.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from parsers.model import Number
from parsers.numerals import CHINESE_NUMERALS, chinese_number, number
from parsers.prose.lexicon import by_first_character, longest_first, vocabulary

DATA: dict[str, Any] = tomllib.loads((Path(__file__).parent / "figures.toml").read_text(encoding="utf-8"))
_WORDS = vocabulary(DATA["words"])
LETTER = {name: chr(0xC0 + index) for index, name in enumerate(DATA["words"])}
UNKNOWN, STOP, COLON, COUNT, ONE, PEOPLE, MONEY, ZERO, YEAR, ORGAN = "?,:#1@$0%&"

_UNITS: dict[str, list[str]] = DATA["units"]
_ALL_UNITS = longest_first(unit for units in _UNITS.values() for unit in units)
_AMOUNT = re.compile(
    r"(?P<year>(?<!\d)20\d\d年度?|二[〇○零O]..年度?)"
    r"|(?P<date>(?:1月1日|12月31日)(?:起|止)?(?!\d)|1(?:月份?)?[-—~～至到]12月份?|12月底)"
    r"|(?P<part>\d{1,2}月\d{1,2}日|\d{1,2}(?:月份?|[-至到]\d{1,2}月)(?!\d))"
    rf"|(?P<number>(?<![\d.A-Za-z第(-])(?:\d{{1,3}}(?:,\d{{3}})+|\d+)(?:\.\d+)?[万亿]?|(?<!第)(?<!数(?=[十百千万]))[{CHINESE_NUMERALS}]+)"
    rf"(?P<unit>余?多?{_ALL_UNITS})?(?P<more>余|多|以上|左右)?"
)
_FIRST = by_first_character(_WORDS)
_AMOUNT_FIRST = frozenset("0123456789" + CHINESE_NUMERALS)
_STOPS = {",": STOP, "(": STOP, ")": STOP, "!": STOP, "?": STOP, ":": COLON}
_WIDTH = str.maketrans("０１２３４５６７８９，：（）！？．％", "0123456789,:()!?.%", "“”‘’\"'「」")
_WIDE = re.compile("[" + "".join(map(chr, _WIDTH)) + "]")
_TITLES = re.compile(r"《[^《》]{0,120}》|[〔\[][^〔〕\[\]]{0,20}[〕\]]")
_BLANK = re.compile(r"\s")
_BLANKS = re.compile(r"(?<!\d)\s+|\s+(?!\d)")
# 通过网站、微信等渠道: several channels together are no single one
_CHANNELS_END = re.compile(r"等[^,;:\d]{0,6}?(?:渠道|方式|形式|平台|载体|途径|媒介|媒体)")
_CHANNELS_START = ("通过", "利用", "依托", "借助", "运用")
_CHANNELS_LIMIT = 80  # characters
_DIVISIONS = re.compile(r"\(([市区县镇乡旗园街道开发、]{1,8})\)")  # 各县（市、区）
_SPELLINGS = tuple(DATA["spellings"].items())
_ORGAN_ENDS = tuple(DATA["organ_ends"]["ends"])
_ORGAN_FILLERS = frozenset(word for word in DATA["words"]["FILLER"] if word in _ORGAN_ENDS or word in ("县局", "市局", "区局"))
# 一是主动公开…, 1.信息处理费…
_NUMBERED = re.compile(r"\s*(?:\d{1,2}[.、．](?!\d)|[一二三四五六七八九十]{1,2}[、是])")
_BROKEN = re.compile(r"\d\s+\d")


class Word(NamedTuple):
    """A word: the letter of its class, its text, and for numbers and years its value (money in yuan) and printed
    unit.
    """

    letter: str
    text: str
    value: Number | None = None
    unit: str | None = None


def compact(sentence: str) -> str:
    """A sentence for reading: narrow digits and punctuation, no white space (but between digits), no document titles,
    no quotation marks.
    """
    text = sentence.replace("，", ",")
    if _WIDE.search(text):
        text = text.translate(_WIDTH)
    numbered = _NUMBERED.match(text)
    if numbered:
        text = text[numbered.end() :]
    if _BLANK.search(text):
        text = _BLANKS.sub("", text)
    if "《" in text or "〔" in text or "[" in text:
        text = _TITLES.sub("", text)
    if "(" in text:
        text = _DIVISIONS.sub(lambda match: match[1].replace("、", ""), text)
    for printed, meant in _SPELLINGS:
        if printed in text:
            text = text.replace(printed, meant)
    return _without_channels(text) if "等" in text else text


def _without_channels(text: str) -> str:
    parts = []
    done = 0
    for match in _CHANNELS_END.finditer(text):
        low = max(done, match.start() - _CHANNELS_LIMIT)
        start = max(text.rfind(word, low, match.start()) for word in _CHANNELS_START)
        if start >= 0:
            parts.append(text[done:start])
            done = match.end()
    return "".join(parts) + text[done:]


def words(text: str) -> list[Word]:
    """The words of a compact sentence, in order."""
    row: list[Word] = []
    add, readers = row.append, _READERS
    at = end = 0
    while at < len(text):
        reader = readers.get(text[at])
        found = reader(text, at) if reader is not None else None
        if found is None:
            at += 1
            continue
        word, after = found
        if at > end:
            if word.text in _ORGAN_FILLERS:  # 示例市财政 局
                word = Word(ORGAN, text[end:after])
            else:
                add(_unknown(text[end:at]))
        at = end = after
        add(word)
    if end < len(text):
        add(_unknown(text[end:]))
    return row


_Reader = Callable[[str, int], tuple[Word, int] | None]


def _reader(first: str) -> _Reader:
    """What reads the word that begins with a character: at a place of a text, the word and the place after it, None where there is none."""
    stop = _STOPS.get(first)
    if stop is not None:
        word = Word(stop, first)
        return lambda _, at: (word, at + 1)
    match_word = _FIRST[first].match if first in _FIRST else None

    def listed(text: str, at: int) -> tuple[Word, int] | None:
        match = match_word(text, at) if match_word else None
        return (_LISTED[match[0]], match.end()) if match else None

    def amount(text: str, at: int) -> tuple[Word, int] | None:
        match = _AMOUNT.match(text, at)
        return (_amount(match), match.end()) if match else listed(text, at)

    return amount if first in _AMOUNT_FIRST else listed


def _amount(match: re.Match[str]) -> Word:
    if match["number"]:
        return _number(match)
    if match["year"]:
        return Word(YEAR, match[0], _year(match[0]))
    return Word(LETTER["FILLER" if match["date"] else "PAST"], match[0])


def _unknown(text: str) -> Word:
    return Word(ORGAN if text.endswith(_ORGAN_ENDS) else UNKNOWN, text)


def _year(printed: str) -> int | None:
    digits = printed.rstrip("年度")
    return int(digits) if digits.isdigit() and digits.isascii() else chinese_number(re.sub("[○O]", "〇", digits))


def _number(match: re.Match[str]) -> Word:
    text, end = match.string, match.end()
    following = text[end : end + 1]
    if (following.isspace() or text[match.start() - 1 : match.start()].isspace()) and _is_broken(match):
        return Word(UNKNOWN, match[0])
    return _number_word(match[0], match["number"], match["unit"], match["more"] is not None, following)


@lru_cache(maxsize=2048)
def _number_word(printed: str, digits: str, unit: str | None, more: bool, following: str) -> Word:
    """The word of a number; ``more`` is whether it is called an estimate, ``following`` the character behind it."""
    value = number(digits)
    if value is None or more or (unit and unit[0] in "余多") or following == "%":
        return Word(UNKNOWN, printed)
    if unit in _UNITS["money"]:
        return Word(MONEY, printed, _yuan(digits, unit), unit)
    if unit is None and printed == "零" and following and following not in ",:)、":
        return Word(LETTER["NONE"], printed)  # 零投诉
    if unit is None:
        # a bare 0 or 零 is a zero where the clause ends; any other bare number is not read
        return Word(ZERO if value == 0 and following in ("", ",", ":", ")", "、") else UNKNOWN, printed, value)
    if unit in _UNITS["people"] and unit not in _UNITS["count"]:
        return Word(PEOPLE, printed, value, unit)
    return Word(ONE if value == 1 else COUNT, printed, value, unit)


def _is_broken(match: re.Match[str]) -> bool:
    """Whether a number is one of two that only a blank parts: it may be half of one."""
    return _BROKEN.search(match.string[max(0, match.start() - 2) : match.end() + 2]) is not None


def _yuan(printed: str, unit: str) -> Number | None:
    factor = {"元": "", "万元": "万", "亿元": "亿"}[unit]
    if printed[-1] in "万亿" and factor:
        return None
    value = number(printed + factor) if printed[:1].isdigit() else number(printed)
    if value is not None and factor and not printed[:1].isdigit():
        return value * (10_000 if factor == "万" else 100_000_000)
    return value


_LISTED = {text: Word(LETTER[name], text) for text, name in _WORDS.items()}
_READERS: dict[str, _Reader] = {first: _reader(first) for first in {*_FIRST, *_AMOUNT_FIRST, *_STOPS}}
