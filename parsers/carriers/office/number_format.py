"""What a spreadsheet shows for a number under its format (ECMA-376 18.8.31): texts around it, another text instead of it, or nothing.

The number itself is given as it is stored, not as the format rounds it; only where the format moves its digits (``0!.0,`` shows it in
tens of thousands) or adds some (``0"0"``), it is written out in the format's places.
"""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import NamedTuple

_PIECE = re.compile(
    r'"(?P<quoted>[^"]*)"?|[\\!](?P<escaped>.)|_.|\*.|\[(?P<bracket>[^\]]*)\]|(?P<general>general|G/通用格式)'
    r"|(?P<digits>[0#?][0#?.,]*)|e[+-]|(?P<bare>.)",
    re.I | re.S,
)
_CUT = re.compile(r'(?:"[^"]*"?|[\\!_*].|[^;"])*', re.S)
_CONDITION = re.compile(r"(<=|>=|<>|=|<|>)\s*(-?\d+(?:\.\d+)?)")
_CURRENCY = re.compile("[¥￥$]")
_NO_SECTION = "#####"  # what is shown for a number that no section is for


class Places(str):
    """Where digits stand: ``#,##0.00``."""


class Section(NamedTuple):
    """One section of a format: texts and places of digits, in order; a condition on the number; whether it shows a date."""

    pieces: tuple[str, ...]
    condition: tuple[str, Decimal] | None = None
    is_date: bool = False

    @property
    def places(self) -> list[int]:
        """Where among the pieces digits stand."""
        return [i for i, piece in enumerate(self.pieces) if isinstance(piece, Places)]


@lru_cache(maxsize=1000)
def _sections(code: str) -> tuple[Section, ...]:
    code = code or "General"
    found: list[Section] = []
    at = 0
    while at <= len(code) and len(found) < 4 and (match := _CUT.match(code, at)):
        found.append(_section(match.group()))
        at = match.end() + 1
    return tuple(found)


def is_date(code: str) -> bool:
    """Whether a format shows numbers as dates."""
    return _sections(code)[0].is_date


def shown_text(text: str, code: str) -> str:
    """What is shown for a text."""
    sections = _sections(code)
    pieces = sections[-1].pieces
    if len(sections) < 4 and "@" not in pieces:
        return text
    return "".join(text if piece == "@" else piece for piece in pieces if not isinstance(piece, Places))


def shown_number(number: float, code: str) -> str:
    """What is shown for a number that is no date."""
    section = _chosen(number, _sections(code))
    places = section.places
    if not places:
        return "".join(plain(number) if piece == "@" else piece for piece in section.pieces).strip()
    first, last = places[0], places[-1]
    if _moves_digits(section):
        return _written_out(number, section)
    before, after = "".join(section.pieces[:first]), "".join(section.pieces[last + 1 :])
    shown = number * 100 if "%" in section.pieces else number
    if number < 0 and ("-" in before or "减" in before):
        shown = -shown
    text = plain(float(f"{shown:.13g}") if "%" in section.pieces else shown)
    if number == 0 and not re.search("[0G]", section.pieces[first], re.I):
        text = "." if "." in section.pieces[first] else ""  # places that only other numbers than zero fill
    return (before.replace("(", "") + text + after.replace(")", "")).strip()


def plain(number: float) -> str:
    """A number without the noise of its last binary digits."""
    return str(int(number)) if number == int(number) and abs(number) < 1e15 else f"{number:.15g}"


def _section(code: str) -> Section:
    pieces: list[str] = []
    condition = None
    bare = ""
    for match in _PIECE.finditer(code):
        kind = match.lastgroup
        text = match[kind] if kind else ""
        if kind == "bracket":
            found = _CONDITION.fullmatch(text)
            condition = (found[1], Decimal(found[2])) if found else condition
            bare += text if text.lower() in ("h", "hh", "m", "mm", "s", "ss") else ""
        elif kind in ("general", "digits"):
            pieces.append(Places(text))
        elif text:
            bare += text if kind == "bare" else ""
            pieces.append(_CURRENCY.sub("", text))
    has_places = any(isinstance(piece, Places) for piece in pieces)
    dated = not has_places and re.search("[ymdhs]", bare, re.I) is not None
    return Section(tuple(piece for piece in pieces if piece), condition, dated)


def _chosen(number: float, sections: tuple[Section, ...]) -> Section:
    numeric = sections[:3]
    if any(section.condition for section in numeric):
        open_to = (section for section in numeric if section.condition is None or _holds(number, *section.condition))
        return next(open_to, Section((_NO_SECTION,)))
    if number == 0 and len(numeric) == 3:
        return numeric[2]
    return numeric[1] if number < 0 and len(numeric) > 1 else numeric[0]


def _holds(number: float, sign: str, bound: Decimal) -> bool:
    exact = Decimal(number)
    return ("<" in sign and exact < bound) or (">" in sign and exact > bound) or (sign in ("=", "<=", ">=") and exact == bound)


def _moves_digits(section: Section) -> bool:
    """Whether what is shown has other digits than the number, or a point elsewhere."""
    places = section.places
    inside = section.pieces[places[0] : places[-1] + 1]
    return (
        any(re.search(r"\d", piece) for piece in section.pieces if not isinstance(piece, Places))
        or any(piece.endswith(",") for piece in inside if isinstance(piece, Places))
        or any(piece in (".", "．") for piece in inside if not isinstance(piece, Places))
    )


def _written_out(number: float, section: Section) -> str:
    """The number in the places of the format, from the last digit to the first."""
    places = "".join(piece for piece in section.pieces if isinstance(piece, Places))
    thousands = sum(len(piece) - len(piece.rstrip(",")) for piece in section.pieces if isinstance(piece, Places))
    decimals = len(places.partition(".")[2].replace(",", ""))
    percent = 2 if "%" in section.pieces else 0
    amount = abs(Decimal(repr(number))).scaleb(percent - 3 * thousands + decimals).quantize(Decimal(1), ROUND_HALF_UP)
    digits, left = list(str(amount)), sum(char in "0#?" for char in places)
    out: list[str] = []
    for piece in reversed(section.pieces):
        if not isinstance(piece, Places):
            out.append(piece)
            continue
        for char in reversed(piece.rstrip(",")):
            if char in "0#?":
                left -= 1
                out.append(digits.pop() if digits else "0" if char == "0" else "")
                out.extend(reversed(digits) if not left else ())
            elif char == ".":
                out.append(char)
    text = "".join(reversed(out)).strip()
    return f"-{text}" if number < 0 and "-" not in text and "减" not in text else text
