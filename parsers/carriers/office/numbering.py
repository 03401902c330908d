"""The numbers that Word prints before paragraphs without storing them as text (WordprocessingML 17.9)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import etree

_DIGITS = "〇一二三四五六七八九"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"


def chinese(number: int) -> str:
    """A number below 10 000 in Chinese counting: 12 is 十二, 105 is 一百零五."""
    if not 0 < number < 10_000:
        return str(number)
    text, gap = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // unit % 10
        if digit:
            text += ("零" if gap and text else "") + _DIGITS[digit] + name
        gap = digit == 0
    return text[1:] if text.startswith("一十") else text


def _roman(number: int) -> str:
    if not 0 < number < 4000:
        return str(number)
    text = ""
    for value, letters in zip(
        (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1),
        ("M", "CM", "D", "CD", "C", "XC", "L", "XL", "X", "IX", "V", "IV", "I"),
        strict=True,
    ):
        text += letters * (number // value)
        number %= value
    return text


def _letter(number: int) -> str:
    return chr(ord("A") + (number - 1) % 26) * ((number - 1) // 26 + 1) if 0 < number < 1000 else str(number)


def formatted(number: int, style: str) -> str:
    """A number in one of Word's styles (ST_NumberFormat): digits for unknown ones, nothing for bullets."""
    if style in ("bullet", "none"):
        return ""
    if style.startswith(("chineseCounting", "japaneseCounting", "taiwaneseCounting", "koreanCounting")):
        return chinese(number)
    if style in ("ideographDigital", "japaneseDigitalTenThousand", "taiwaneseDigital", "koreanDigital"):
        return "".join(_DIGITS[int(digit)] for digit in str(number))
    if style in ("decimalEnclosedCircle", "decimalEnclosedCircleChinese") and 1 <= number <= 20:
        return chr(0x2460 + number - 1)
    if style == "ideographTraditional" and 1 <= number <= 10:
        return _STEMS[number - 1]
    if style == "ideographZodiac" and 1 <= number <= 12:
        return _BRANCHES[number - 1]
    if style in ("upperRoman", "lowerRoman"):
        return _roman(number) if style == "upperRoman" else _roman(number).lower()
    if style in ("upperLetter", "lowerLetter"):
        return _letter(number) if style == "upperLetter" else _letter(number).lower()
    if style == "decimalZero":
        return f"{number:02d}"
    if style == "decimalFullWidth":
        return "".join(chr(0xFF10 + int(digit)) for digit in str(number))
    return str(number)


@dataclass(frozen=True, slots=True)
class _Level:
    start: int
    style: str
    text: str


class Numbering:
    """The running numbers of one document. ``prefix`` must be asked once per numbered paragraph, in order."""

    def __init__(self, numbering: etree._Element | None, styles: etree._Element | None, w: str) -> None:
        self._w = w
        self._levels: dict[str, dict[int, _Level]] = {}
        self._abstract: dict[str, str] = {}
        self._counters: dict[str, dict[int, int]] = {}
        self._styles: dict[str, tuple[str | None, int]] = {}
        self._based: dict[str, str] = {}
        if numbering is not None:
            self._read_numbering(numbering)
        if styles is not None:
            self._read_styles(styles)

    def prefix(self, properties: etree._Element | None) -> str:
        """What Word prints before the paragraph with these properties (w:pPr); "" for none."""
        num, level = self._reference(properties)
        if num is None or num == "0" or num not in self._levels:
            return ""
        levels = self._levels[num]
        if level not in levels:
            return ""
        counters = self._counters.setdefault(self._abstract[num], {})
        counters[level] = counters.get(level, levels[level].start - 1) + 1
        for deeper in [other for other in counters if other > level]:
            del counters[deeper]

        def number(match: re.Match[str]) -> str:
            other = int(match.group(1)) - 1
            if other not in levels:
                return ""
            return formatted(counters.get(other, levels[other].start), levels[other].style)

        if levels[level].style in ("bullet", "none"):
            return ""
        return re.sub(r"%([1-9])", number, levels[level].text)

    def _reference(self, properties: etree._Element | None) -> tuple[str | None, int]:
        if properties is None:
            return None, 0
        w = self._w
        own = self._pair(properties.find(f"{w}numPr"))
        if own is not None and own[0] is not None:
            return own
        style = properties.find(f"{w}pStyle")
        name: str | None = style.get(f"{w}val") if style is not None else None
        for _ in range(12):
            if name is None:
                break
            if name in self._styles:
                num, level = self._styles[name]
                return num, own[1] if own is not None else level
            name = self._based.get(name)
        return None, 0

    def _pair(self, node: etree._Element | None) -> tuple[str | None, int] | None:
        if node is None:
            return None
        num, level = node.find(f"{self._w}numId"), node.find(f"{self._w}ilvl")
        return self._value(num), int(self._value(level) or 0)

    def _value(self, node: etree._Element | None) -> str | None:
        value = None if node is None else node.get(f"{self._w}val")
        return value if value is None or re.fullmatch(r"\w{1,40}", value) else None

    def _read_numbering(self, root: etree._Element) -> None:
        w = self._w
        abstract: dict[str, dict[int, _Level]] = {}
        for node in root.iter(f"{w}abstractNum"):
            abstract[node.get(f"{w}abstractNumId", "")] = dict(map(self._level, node.findall(f"{w}lvl")))
        for node in root.iter(f"{w}num"):
            reference = self._value(node.find(f"{w}abstractNumId"))
            if reference is None or reference not in abstract:
                continue
            num = node.get(f"{w}numId", "")
            levels = dict(abstract[reference])
            restarts = False
            for override in node.findall(f"{w}lvlOverride"):
                index = int(override.get(f"{w}ilvl", "0")) if override.get(f"{w}ilvl", "0").isdecimal() else 0
                replaced = override.find(f"{w}lvl")
                if replaced is not None:
                    index, levels[index] = self._level(replaced)
                start = self._value(override.find(f"{w}startOverride"))
                if start is not None and start.isdecimal() and index in levels:
                    levels[index] = _Level(int(start), levels[index].style, levels[index].text)
                    restarts = True
            self._levels[num] = levels
            self._abstract[num] = f"num {num}" if restarts else reference

    def _level(self, node: etree._Element) -> tuple[int, _Level]:
        w = self._w
        index = node.get(f"{w}ilvl", "0")
        start = self._value(node.find(f"{w}start")) or "1"
        text = node.find(f"{w}lvlText")
        return (
            int(index) if index.isdecimal() else 0,
            _Level(
                int(start) if start.isdecimal() else 1,
                self._value(node.find(f"{w}numFmt")) or "decimal",
                (text.get(f"{w}val", "") if text is not None else "")[:40],
            ),
        )

    def _read_styles(self, root: etree._Element) -> None:
        w = self._w
        for node in root.iter(f"{w}style"):
            name = node.get(f"{w}styleId", "")
            based = node.find(f"{w}basedOn")
            if based is not None:
                self._based[name] = based.get(f"{w}val", "")
            pair = self._pair(node.find(f"{w}pPr/{w}numPr"))
            if pair is not None and pair[0] is not None:
                self._styles[name] = pair
