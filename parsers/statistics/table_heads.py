"""What the columns of a statistical table hold, as its head says: labels, units, the year's numbers, another year's.

Two tables may stand side by side in one (label, unit, number, label, unit, number), and a head may have two rows.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from parsers.labels import label_key, similarity
from parsers.layout import Line, Token
from parsers.model import Problem
from parsers.statistics.known_labels import STATISTICS

_HEADS: dict[str, str] = {label_key(head): role for role, heads in STATISTICS["heads"].items() for head in heads}
_COUNT = "(?:统计|实际|完成|累计)*(?:数|数据|数量|值|情况)?"
_YEAR_HEAD = re.compile(rf"(?:19|20)\d\d年?度?{_COUNT}")
_IN_WORDS = {  # a head in more words than those of statistics.toml
    "year": re.compile(rf"[本今当]年度?{_COUNT}"),
    "other_year": re.compile(rf"(?:上一?年|去年)度?(?:同期)?{_COUNT}"),
    "cumulative": re.compile(rf".{{0,12}}(?:历年|以来){_COUNT}"),
}
_SHORTEST_DAMAGED = 3  # characters
_DAMAGED_FIT = 0.8


class Column(NamedTuple):
    """A column: its role (``label unit code year cumulative other_year blank``, None where the head is none of these), its grid columns.

    ``spread``: one of several columns under one head of the year's numbers, which a text without spans prints over each of them.
    """

    role: str | None
    x0: int
    x1: int


class Head(NamedTuple):
    """The columns of a table, one row of them for each of the tables that stand side by side in it; ``tokens`` are the printed heads."""

    sides: tuple[tuple[Column, ...], ...]
    tokens: tuple[Token, ...]

    def parts(self, line: Line) -> list[tuple[Token, ...]]:
        """The tokens of a line side by side; none where the line does not tell which belong to which side."""
        if len(self.sides) == 1:
            return [line.tokens]
        if not line.sane or (line.width and line.width != sum(map(len, self.sides))):
            return []
        edges = (0, *(side[0].x0 for side in self.sides[1:]), max(token.x1 for token in line.tokens) + 1)
        return [tuple(token for token in line.tokens if low <= token.x0 < high) for low, high in pairwise(edges)]


NO_HEAD = Head(((),), ())


def is_year(text: str) -> bool:
    """Whether a text is a year as it heads a column (``2017年``)."""
    return _YEAR_HEAD.fullmatch(label_key(text)) is not None


def read_head(line: Line, above: Head | None, report_year: int | None, problems: list[Problem], locator: str) -> Head | None:
    """The columns that a line heads, None for any other line. ``above`` is the head of which it may be the second row."""
    if above is not None and (tokens := _in_two_rows(above, line)):
        line = Line(line.table, tokens, line.sane)
    roles = _roles(line, report_year)
    if roles is None:
        return None
    columns = [
        Column(role if role or token.text else "blank", token.x0, token.x1) for role, token in zip(roles, line.tokens, strict=False)
    ]
    sides = _side_by_side(columns)
    first = [column.role for column in (sides or [columns])[0]]
    if sides is None:
        problems.append(Problem("ambiguous_columns", f"{locator}: several columns of labels, and no telling which values are theirs"))
        sides = [[column._replace(role=column.role if column.role == "label" else None) for column in columns]]
    elif line.width and len(sides) == 1 and first.count("year") > 1 and _is_one_head(line, columns):
        sides = [[column._replace(role="spread" if column.role == "year" else column.role) for column in side] for side in sides]
    elif first.count("year") > 1:
        problems.append(Problem("ambiguous_columns", f"{locator}: several value columns, and no head says which is the year's"))
        sides = [[column._replace(role=None if column.role == "year" else column.role) for column in side] for side in sides]
    elif "other_year" in first and not {"year", "cumulative"} & set(first):
        problems.append(Problem("other_year", f"{locator}: the heads of its columns name other years than the report's"))
    return Head(tuple(map(tuple, sides)), line.tokens)


def _is_one_head(line: Line, columns: Sequence[Column]) -> bool:
    """Whether the columns of the year's numbers stand side by side under the same words."""
    of_year = [i for i, column in enumerate(columns) if column.role == "year"]
    return of_year[-1] - of_year[0] < len(of_year) and len({line.tokens[i].text for i in of_year}) == 1


def _in_two_rows(above: Head, line: Line) -> tuple[Token, ...]:
    """The heads of a table whose second row stands under the wide heads of the first one; none where it does not."""
    wide = [token for token in above.tokens if token.x1 - token.x0 > 1]
    under = [next((head for head in wide if head.x0 <= token.x0 and token.x1 <= head.x1), None) for token in line.tokens]
    if line.width or not line.sane or None in under or (line.has_number() and not all(is_year(token.text) for token in line.tokens)):
        return ()
    return tuple(sorted((*(token for token in above.tokens if token not in under), *line.tokens), key=lambda token: token.x0))


def _side_by_side(columns: Sequence[Column]) -> list[list[Column]] | None:
    """The columns of the tables that stand side by side, None where they are not alike. Labels beside labels are groups of these."""
    roles = [column.role for column in columns]
    count = max(sum(role == "label" and before != "label" for before, role in pairwise([None, *roles])), 1)
    length = len(columns) // count
    sides = [list(columns[start : start + length]) for start in range(0, len(columns), length)]
    alike = all([column.role for column in side] == roles[:length] for side in sides)
    return sides if alike else None


def _roles(line: Line, report_year: int | None) -> list[str | None] | None:
    """The roles of a header line's columns, None for any other line. An unknown head is the year's if no other is."""
    if line.has_number() and not any(is_year(token.text) for token in line.tokens):
        return None
    last = max((i for i, token in enumerate(line.tokens) if token.kind != "blank"), default=-1)
    heads = [head_role(token.text, report_year) for token in line.tokens[: last + 1]]
    if sum(role is not None for role in heads) < 2 or not {"label", "unit"} & set(heads):
        return None
    if "named_year" in heads:  # of 合计 and 2017年 the one that names the year
        heads = ["year" if role == "named_year" else None if role == "year" else role for role in heads]
    # 本年累计 is the year's own figure where it stands alone, and the running sum beside 本期实际.
    roles = [("cumulative" if "year" in heads else "year") if role == "to_date" else role for role in heads]
    if not {"year", "cumulative", "other_year"} & set(roles):
        roles = ["year" if role is None and token.text else role for role, token in zip(roles, line.tokens, strict=False)]
    return roles


@lru_cache(maxsize=1024)
def head_role(text: str, report_year: int | None) -> str | None:
    """The role of a column by its head, None where the head is not known."""
    key = re.sub(r"[甲乙丙丁]$", "", label_key(text))
    year = _YEAR_HEAD.fullmatch(key)
    if year:
        return "year" if report_year is None else "named_year" if int(key[:4]) == report_year else "other_year"
    in_words = next((role for role, words in _IN_WORDS.items() if words.fullmatch(key)), None)
    return _HEADS.get(key) or in_words or _damaged_role(key)


def _damaged_role(key: str) -> str | None:
    """The role of a head that lost a character, where only one is possible."""
    fits = {head: similarity(key, head) for head in _HEADS if len(key) >= _SHORTEST_DAMAGED and abs(len(key) - len(head)) == 1}
    best = max(fits.values(), default=0.0)
    roles = {_HEADS[head] for head, fit in fits.items() if fit == best}
    return roles.pop() if best > _DAMAGED_FIT and len(roles) == 1 else None
