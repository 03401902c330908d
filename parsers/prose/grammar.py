"""The grammar of figures: regular expressions over the letters of words (parsers.prose.clauses), compiled from figures.toml.

Five forms are the same for all subjects; the others are declared as rules. Every gap is a set of classes of words,
never "anything".
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from parsers.prose.clauses import COLON, COUNT, DATA, LETTER, MONEY, ONE, ORGAN, PEOPLE, STOP, YEAR, ZERO

SUBJECTS: dict[str, dict[str, Any]] = DATA["subjects"]
SUBJECT_OF = {LETTER[name]: name for name in SUBJECTS}


def _letters(*names: str) -> str:
    return "".join(LETTER[name] for name in names)


_INFO = _letters("INFO", "PLAIN_INFO", "RELEASED_INFO")
_FILL = _letters("FILLER", "NOW", "LINK", "WHOLE") + YEAR
# No real clause has more fillers in a row; bounds keep hostile ones cheap.
_THIN, _WIDE = f"[{_FILL}]{{0,12}}", f"[{_FILL}{_INFO}]{{0,12}}"
_ALL = "".join(SUBJECT_OF)
_DISPUTES = _letters("REVIEW", "SUIT", "COMPLAINT", "NEUTRAL")
_REQUEST, _FEE = LETTER["REQUEST"], LETTER["FEE"]
_AND, _NONE, _EACH = LETTER["AND"], LETTER["NONE"], LETTER["EACH"]
_COUNTED = f"[{COUNT}{ONE}{ZERO}]"
_VALUE = f"[{COUNT}{ONE}{ZERO}{PEOPLE}{MONEY}]"
_BREAK = f"[{STOP}{COLON}]"
_START = rf"(?:(?<=^)|(?<={_BREAK})|(?<=[{_VALUE[1:-1]}{STOP}]{_AND}))"  # also behind 1件、 and 1件（已结案）、
_PREFIX = f"[{_FILL}{_INFO}{ORGAN}{_letters('AMONG', 'RECEIVE')}]{{0,20}}"
_END = f"(?=[{_FILL}{LETTER['ASK']}]{{0,12}}(?:$|{_BREAK}|{_AND}))"
_NONE_END = f"[{_FILL}{_letters('ASK', 'RECEIVE')}]{{0,12}}(?=$|{_BREAK}|{_AND}{_NONE})"


def _list_of(subjects: str) -> str:
    return f"(?P<group>[{subjects}](?:{_THIN}{_AND}{_WIDE}[{subjects}]){{0,8}})"


NONE_FORMS = (
    # 未受理 公开政府信息 复议、诉讼、申诉 等事项
    re.compile(f"{_NONE}[{_FILL}{_INFO}{_AND}{ONE}]{{0,16}}?{_list_of(_ALL)}{_NONE_END}"),
    # 未收到 有关政府信息公开申请 行政复议、行政诉讼
    re.compile(
        f"{_NONE}[{_FILL}{_INFO}{_AND}{ONE}{_letters('REQUEST', 'ASK', 'FINISH')}]{{0,16}}?"
        f"{_list_of(_DISPUTES)}{_NONE_END}"
    ),
    # 未就 依申请公开 收取 信息处理费
    re.compile(f"{_NONE}{_THIN}{_REQUEST}{_THIN}{_list_of(_FEE + LETTER['CHARGE'])}{_NONE_END}"),
)
NUMBER_FORMS = (
    # 行政复议、行政诉讼 均 未发生
    re.compile(rf"{_START}{_PREFIX}{_list_of(_ALL)}{_THIN}{COLON}?{_THIN}(?P<number>{_NONE}){_THIN}(?=$|{_BREAK})"),
    # 行政复议、行政诉讼 各 1件; 收取信息处理费 2件，共计 380元
    re.compile(
        rf"{_START}{_PREFIX}{_list_of(_ALL)}{_THIN}{COLON}?{_THIN}(?P<each>{_EACH}?)"
        rf"(?:{_COUNTED}[{_FILL}{STOP}]{{0,6}}(?=[{MONEY}]))?(?P<number>{_VALUE}){_END}"
    ),
    # 依申请公开政府信息 收取 信息处理费 380元; 向 3名 申请人 收取 信息处理费 380元
    re.compile(
        rf"{_START}{_PREFIX}[{_REQUEST}{PEOPLE}]{_THIN}(?P<group>{_FEE}){_THIN}{COLON}?"
        rf"(?:{_COUNTED}[{_FILL}{STOP}]{{0,6}})?(?P<number>[{MONEY}]){_END}"
    ),
    # 有 1件 涉及政府信息公开工作的 行政复议; 1名 专职人员、2名 兼职人员
    re.compile(rf"(?:{_START}{_PREFIX}|(?<=[{_ALL}]{_AND}))(?P<number>{_VALUE}){_WIDE}(?P<group>[{_ALL}]){_END}"),
)


class Rule(NamedTuple):
    """A declared rule; a pattern's group ``number`` is the place of the number. See figures.toml for the other
    fields.
    """

    indicators: tuple[str, ...]
    needs: frozenset[str]
    patterns: tuple[re.Pattern[str], ...]
    context: tuple[str, ...]
    unless: tuple[str, ...]
    whole: bool
    weak: bool
    year: int


def _rule(entry: dict[str, Any]) -> Rule:
    whole = bool(entry.get("whole"))
    before = f"{_START}[{_FILL}{_INFO}{ORGAN}{LETTER['AMONG']}]{{0,20}}" if whole else ""
    return Rule(
        tuple(entry["indicators"]),
        frozenset(map(LETTER.__getitem__, entry["needs"])),
        tuple(re.compile(before + _over_letters(read) + (_END if whole else "")) for read in entry["read"]),
        tuple(entry.get("context", ())),
        tuple(entry.get("unless", ())),
        whole,
        bool(entry.get("weak")),
        entry.get("year", 0),
    )


_PARTS = {"~": _WIDE, "NUMBER": _COUNTED, "STOP": STOP, "COLON": COLON, "YEAR": YEAR}
_MEMBERS = {"~": _FILL + _INFO, "NUMBER": _COUNTED[1:-1], "STOP": STOP}


def _over_letters(read: str) -> str:
    """A rule written in words as a regular expression over letters; its last NUMBER is the one that is read."""

    def part(match: re.Match[str]) -> str:
        if match[0].startswith("["):
            members = match[0][1:-1].split("|")
            return "[" + "".join(_MEMBERS.get(name) or LETTER[name] for name in members) + "]"
        return _PARTS.get(match[0]) or LETTER[match[0]]

    pattern = re.sub(r"\[[^\]]*\]|[A-Z_]+|~", part, read).replace(" ", "")
    head, _, tail = pattern.rpartition(_COUNTED)
    return f"{head}(?P<number>{_COUNTED}){tail}"


RULES = tuple(map(_rule, DATA["rule"]))
