"""Numbers as Chinese pages write them: full-width digits, separators, Chinese numerals."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from parsers.model import Number

_BY_VALUE = ("零〇○Ｏ", "一壹", "二贰两", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖")
_DIGITS = {char: value for value, chars in enumerate(_BY_VALUE) for char in chars}
_UNITS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_BIG = {"万": 10_000, "亿": 100_000_000}
CHINESE_DIGITS = "".join(_DIGITS)
CHINESE_NUMERALS = CHINESE_DIGITS + "".join(_UNITS) + "".join(_BIG)
_LIMIT = 20  # characters; no real numeral is longer


def chinese_number(text: str) -> int | None:
    """The value of a Chinese numeral (``十二`` 12, ``一百零五`` 105, ``二〇二二`` 2022), None where it is none."""
    if not text or len(text) > _LIMIT:
        return None
    if all(char in _DIGITS for char in text):
        return int("".join(str(_DIGITS[char]) for char in text))
    total = section = 0
    digit: int | None = None
    last_unit = 10_000
    for char in text:
        if char in _DIGITS:
            if digit:  # two digits in a row: 二三百 is an estimate, no number
                return None
            digit = _DIGITS[char]
        elif char in _UNITS:
            unit = _UNITS[char]
            if unit >= last_unit or (digit is None and (unit != 10 or section)):
                return None
            if digit == 0 and unit != 10:  # 零百 is no number; in 八万零十 the zero only keeps a place
                return None
            section += (digit or 1) * unit
            digit, last_unit = None, unit
        elif char in _BIG:
            section += digit or 0
            if not section:
                return None
            total = (total + section) * _BIG[char]
            section, digit, last_unit = 0, None, 10_000
        else:
            return None
    return total + section + (digit or 0)


def number(text: str) -> Number | None:
    """The value of ``1,234``, ``１２``, ``3.5``, ``1.2万`` or a Chinese numeral; an int where it is whole, None where
    it is no number.
    """
    text = text.replace(",", "").replace("，", "")
    factor = 1
    if text[-1:] in _BIG and text[:1].isdigit():
        factor = _BIG[text[-1]]
        text = text[:-1]
    try:
        value = Decimal(text) * factor
    except InvalidOperation:
        return chinese_number(text)
    if not value.is_finite():
        return None
    return int(value) if value == value.to_integral_value() else float(value)
