"""The text of a printed cell -> number, status, note, unit. 0, blank, a mark and unreadable text stay four things."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NamedTuple

from parsers.document import BLANK as BLANK_CELL
from parsers.document import OBJECT, OPEN
from parsers.labels import INVISIBLE
from parsers.model import Number, Status
from parsers.numerals import CHINESE_NUMERALS, chinese_number
from parsers.traditional import SIMPLIFIED


class Value(NamedTuple):
    """What a cell's text says. ``unit`` is the unit printed in the cell itself; ``number`` is in that unit."""

    status: Status
    number: Number | None = None
    note: str | None = None
    unit: str | None = None


BLANK = Value("blank")
UNREADABLE = Value("unreadable")
# What a carrier could not tell (see document.OPEN): all that may be the value stands in ``raw``.
OPEN_PLACE = Value("unreadable", note="no line tells whose number this is; raw: all that may stand in the cell")
UNMAPPED = Value("unreadable", note="the file does not say which characters these are")
PICTURED = Value("unreadable", note="a picture or another object stands in the cell")
UNWORKED = Value("unreadable", note="a formula whose result is not in the file")

# Full-width forms to ASCII, the minus signs to one, every kind of blank to a blank.
_WIDE = {i: i - 0xFEE0 for i in range(0xFF01, 0xFF5F)} | {ord(c): "-" for c in "−﹣‐‑"} | {0x3000: " ", 0xA0: " "} | INVISIBLE | SIMPLIFIED
_MARK = re.compile(r"[-–—―⸺⸻/\\_*~·、.。…×✕xX]{1,12}|无|空|不涉及|不适用|未涉及|没有|无此项|[Nn]/?[Aa]|\(无\)")
_UNITS = (
    *("亿元", "万元", "余元", "元整", "元", "人次", "件次"),
    *("件", "条", "份", "项", "个", "人", "次", "篇", "起", "宗", "例", "家", "场", "期"),
)
_NUMBER = re.compile(
    r"(?P<sign>[+-]|净?增加?了?|净?新?增|净?减少?了?|↑|↓|±|增/减|\+/-)?\s*"
    r"(?P<digits>\d{1,3}(?:, ?\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+|[1-9]\d{0,2}(?: \d{3})+(?:\.\d+)?"
    rf"|[{CHINESE_NUMERALS}]+)\s*"
    rf"(?P<unit>{'|'.join(_UNITS)}|%)?"
)
# A bracket after (or before) the number is a note; so is an unbracketed 其中/含 clause after a unit or number.
_NOTE = re.compile(r"[(\[【][^()\[\]【】]*[)\]】]")
_CLAUSE = re.compile(r"[,;；，]?\s*(?:其中|含|注[:：]|包括)\D.*")
_FOOTNOTE = re.compile(r"(?<=.)\s?[*※#†‡①-⑳△▲☆★]{1,3}$")  # a sign behind a number that points to a note below the table
_NEGATIVE = ("-", "↓")
_EITHER = ("±", "增/减", "+/-")  # a sign for nothing but 0
# Every character printed apart. "0 0" is two numbers run together: a number printed apart has no leading zero.
_SPACED = re.compile(r"[\d.,+-](?: [\d.,])+")

# A number with a letter for a digit (1O3), or with a blank before a 0 that begins none (1 03): a value, though which is not known.
_SPOILT = re.compile(r"(?=.*[OoQ〇○lI|SZB])[\dOoQ〇○lI|SZB]{1,7}件?|\d+ 0\d+")
_PARTED = re.compile(rf"\d\s*{_NOTE.pattern}\s*\d")
_MAX_CELL = 200
_TOO_MUCH = 10**12  # no organ counts or pays so much: digits of several prints run together
_cache: dict[str, Value] = {"": BLANK}
_CACHE_SIZE = 5_000


def read_value(text: str) -> Value:
    """Read a cell's text (white space collapsed). Never raises; text that is no number is ``unreadable``."""
    value = _cache.get(text)
    if value is None:
        if len(_cache) >= _CACHE_SIZE:
            _cache.clear()
            _cache[""] = BLANK
        value = _cache[text] = _read(text)
    return value


def _read(text: str) -> Value:
    plain = " ".join(text.translate(_WIDE).split())
    if _SPACED.fullmatch(plain) and not (plain[0] == "0" and plain[2] != "."):
        plain = plain.replace(" ", "")
    if not plain or plain == BLANK_CELL:
        return BLANK
    if OPEN.strip() in plain:
        return OPEN_PLACE
    if len(plain) > _MAX_CELL:
        return _unreadable(plain)
    if _MARK.fullmatch(plain.replace(" ", "")):
        return Value("mark")
    bare = plain.rstrip("。;,")  # a cell that ends as a sentence does
    return _number(bare, None) or _number_with_note(plain) or _number_with_sign(plain) or _unreadable(plain)


def is_spoilt(text: str) -> bool:
    """Whether a piece of text is a number that was misread: in a row of numbers it is one, too."""
    return _SPOILT.fullmatch(text) is not None


def _unreadable(plain: str) -> Value:
    if OBJECT in plain:
        return PICTURED
    if plain[0] == "=":
        return UNWORKED
    return UNMAPPED if any(char == "\ufffd" or "\ue000" <= char <= "\uf8ff" for char in plain) else UNREADABLE


def _number_with_note(plain: str) -> Value | None:
    bare = _NOTE.sub("", plain).strip()
    if _PARTED.search(plain):
        return None  # 16（注1）7: digits on both sides of a note are no one number
    if bare != plain and bare:
        note = " ".join(part[1:-1].strip() for part in _NOTE.findall(plain))
        # A bracket that holds nothing but a unit belongs to the number: 12（件）.
        if note in _UNITS:
            return _number(f"{bare}{note}", None)
        return _number(bare, note)
    if bare == "" and len(plain) < 12:  # (12): brackets around the number itself
        return _number(plain[1:-1].strip(), None)
    clause = _CLAUSE.search(plain)
    if clause and clause.start():
        return _number(plain[: clause.start()].strip(), clause.group().strip(" ,;；，"))
    return None


def _number_with_sign(plain: str) -> Value | None:
    sign = _FOOTNOTE.search(plain)
    return _number(plain[: sign.start()], sign.group().strip()) if sign else None


def _number(plain: str, note: str | None) -> Value | None:
    match = _NUMBER.fullmatch(plain)
    if match is None:
        return None
    digits, unit = match["digits"], match["unit"]
    if digits[0] in CHINESE_NUMERALS:
        number = chinese_number(digits)
        if number is None or (len(digits) == 2 and 10 < number < 100 and not set(digits) & set("十百千拾佰仟")):
            return None  # 五六件 is an estimate
        amount = Decimal(number)
    else:
        amount = Decimal(digits.replace(",", "").replace(" ", ""))
    if amount >= _TOO_MUCH:
        return None
    sign = match["sign"] or ""
    if sign in _EITHER and amount:
        return None
    if sign in _NEGATIVE or "减" in sign:
        amount = -amount
    if unit in ("余元", "%"):
        return None if unit == "余元" else Value("reported", as_number(amount), note, "%")
    return Value("reported", as_number(amount), note, "元" if unit == "元整" else unit)


def as_number(amount: Decimal) -> Number:
    """int where the amount is whole, else the nearest float."""
    return int(amount) if amount == amount.to_integral_value() else float(amount)


_MULTIPLES = {"": Decimal(1), "百": Decimal(100), "千": Decimal(1_000), "万": Decimal(10_000), "亿": Decimal(100_000_000)}
_MULTIPLE_UNIT = re.compile("([百千万亿]?)(.+)")


def is_multiple(unit: str) -> bool:
    """Whether a unit is a multiple of another: 万元, 万人次."""
    return len(unit) > 1 and unit[0] in _MULTIPLES


def convert(number: Number, printed: str, wanted: str) -> Number | None:
    """An amount from the printed unit to another one of the same base (元, 万元; 人次, 万人次); None where that makes no sense."""
    one, other = _MULTIPLE_UNIT.fullmatch(printed), _MULTIPLE_UNIT.fullmatch(wanted)
    if one is None or other is None or one[2] != other[2]:
        return None
    return as_number(Decimal(str(number)) * _MULTIPLES[one[1]] / _MULTIPLES[other[1]])
