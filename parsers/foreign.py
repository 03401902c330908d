"""Whose numbers a printed table holds: those of the report, of another year or of another organ. The lines of text above it say so."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

from parsers.document import Block, Paragraph, Table, TableCell
from parsers.head.headlines import begins_report
from parsers.head.titles import ends_as_organ, is_report_title, org_name, unlabelled
from parsers.traditional import simplified

_SHORTEST_NAME = 3  # characters of a line that is nothing but a name
_SHORT = 40  # characters: longer lines are prose
_YEAR = re.compile(r"(20\d\d)\s*年")
_CAPTION = re.compile(r"附[表件]?\s?\d{0,2}[:：]?")
_ROW_OF_YEAR = re.compile(r"(20\d\d)\s*年?度?")
_FOR_COMPARISON = re.compile(r"上一?年度?|对照|对比|数据|附表|统计表|年度报告|年报")
_OFFICIAL_HEADING = re.compile(r"(?:主动公开政府信息|政府信息公开申请|行政复议).{0,15}情况")  # not the label of a row
_LATER_HEADING = re.compile(r"(?:第?[五六]|六)(?:部分)?[、.．\s].{0,12}(?:问题|其他需要|需要报告)")
_LONGEST_YEAR = 16  # characters of a text that names a year and nothing else
_LAST_YEAR = re.compile(r"(?:附[表件]?\d{0,2}[:：]?)?(?:上一?年度?|去年)(?:同期)?的?(?:数据|情况)?")
_THIS_YEAR = re.compile(r"(?:本|今|当)年度?的?(?:数据|情况)?")
_OTHERS = re.compile(r"(?:所属|下属|直属|各)(?:部门|单位|乡镇|街道|镇街|县|区|市)")
_NUMBERING = re.compile(r"^[（(]?(?:[一二三四五六七八九十]{1,3}|\d{1,2})[）)、.．]\s*")
_EDGES = " \u3000:：（）()《》【】[]"
_NAME = re.compile(r"[\u4e00-\u9fff（）]{2,30}")  # no path of links


@dataclass(frozen=True)
class Foreign:
    """Numbers of tables that are not the report's: ``surely``, or ``maybe``, where the page has another copy that is not said to be.

    ``maybe`` is worked out when it is asked for: few pages print a table twice, and all have many lines.
    """

    surely: frozenset[int] = frozenset()
    blocks: Sequence[Block] = ()
    report_year: int | None = None
    org: str | None = None

    @cached_property
    def maybe(self) -> frozenset[int]:
        """Tables under a line that may name another year or organ."""
        return frozenset(number for number, said in _said_above(self.blocks, self.report_year, self.org) if said)


NOT_FOREIGN = Foreign()


def foreign_tables(blocks: Sequence[Block], report_year: int | None, org: str | None, first: int = 0) -> Foreign:
    """The tables of another year or organ. ``org`` is the organ of the page's title, ``first`` the number of its first official table."""
    return Foreign(of_other_years(blocks, report_year) | of_other_organs(blocks, org, first), blocks, report_year, org)


def with_years_apart(blocks: Sequence[Block]) -> Sequence[Block]:
    """The blocks, tables cut where a row is nothing but a caption that names a year: a text may join two tables without a gap."""
    if not any(isinstance(block, Table) and any(map(_is_caption_of_year, block.rows[1:])) for block in blocks):
        return blocks
    return [piece for block in blocks for piece in (_cut_at_years(block) if isinstance(block, Table) else (block,))]


def _cut_at_years(table: Table) -> Iterator[Table]:
    rows = table.rows
    of_year = [row for row in rows if row and _names_own_year(row[0].text, None) is not None]
    in_rows = not all(map(_is_caption_of_year, of_year))  # 2023年 beside blank cells is a row like that of 2022年
    captions = (y for y, row in enumerate(rows) if y and _is_caption_of_year(row) and not (in_rows and row in of_year))
    starts = [0, *captions, len(rows)]
    addresses = [tuple(table.address(y, x) for x in range(len(row))) for y, row in enumerate(table.rows)]
    for start, end in pairwise(starts):
        yield replace(table, rows=table.rows[start:end], addresses=tuple(addresses[start:end]))


def _is_caption_of_year(row: Sequence[TableCell]) -> bool:
    text = row[0].text if row else ""
    if "年" not in text or len(text) > _SHORT or any(cell.text not in ("", text) for cell in row):
        return False
    return _YEAR.search(text) is not None or _names_own_year(text, None) is not None


def without_other_years(table: Table, report_year: int | None) -> Table:
    """A table without its rows of other years (2022年 | 3 | 0 …) where it has one of the report's; their places stay, empty."""
    own = [_names_own_year(row[0].text, report_year) if row else None for row in table.rows]
    if True not in own or False not in own:
        return table
    return replace(table, rows=tuple(() if said is False else row for row, said in zip(table.rows, own, strict=True)))


def _names_own_year(text: str, report_year: int | None) -> bool | None:
    """Whether a text that is nothing but the name of a year (2023年, 上年) names the report's; None for any other text."""
    if year := _ROW_OF_YEAR.fullmatch(text):
        return int(year[1]) == report_year
    bare = _bare(text) if "年" in text and len(text) <= _LONGEST_YEAR else ""
    return False if _LAST_YEAR.fullmatch(bare) else True if _THIS_YEAR.fullmatch(bare) else None


def of_other_years(blocks: Sequence[Block], report_year: int | None) -> frozenset[int]:
    """Numbers of the tables that stand under a line naming another year only (last year's tables, for comparison)."""
    found: list[int] = []
    foreign = False
    after = 0
    for number, place in enumerate(place for place, block in enumerate(blocks) if isinstance(block, Table)):
        above = [block for block in blocks[after:place] if isinstance(block, Paragraph)]
        texts = [*map(_line, above), *_first_row(blocks[place])]
        lines = (_names_other_year(text, report_year, blocks) for text in reversed(texts))
        said = next((line for line in lines if line is not None), None)
        if said is None and foreign and found[-1:] == [number - 1] and any(_CAPTION.fullmatch(block.text) for block in above):
            said = False  # other tables than those the line spoke of
        foreign = foreign if said is None else said
        if foreign:
            found.append(number)
        after = place + 1
    return frozenset(found)


def of_other_organs(blocks: Sequence[Block], org: str | None, first: int = 0) -> frozenset[int]:
    """Numbers of the tables that stand under the title of another organ's report, where the page's own has begun before it."""
    found: list[int] = []
    foreign = begun = False
    number = -1
    for block in blocks:
        if isinstance(block, Table):
            number += 1
            begun = begun or number >= first
            if foreign:
                found.append(number)
        elif begun and "告" in block.text and len(block.text) <= 2 * _SHORT and is_report_title(block.text):
            name = org_name(block.text)
            foreign = name is not None and _NAME.fullmatch(name) is not None and _is_other(name, org)
        else:
            begun = begun or begins_report(block.text)
    return frozenset(found)


def _line(block: Paragraph) -> str:
    """A line that may speak of the tables below it; some texts run it on behind the prose, and there it ends without a full stop."""
    text = block.text
    if len(text) > 2 * _SHORT:
        text = text[text.rfind("。") + 1 :]
    return simplified(text) if len(text) <= 2 * _SHORT else ""


def _first_row(block: Block) -> list[str]:
    """The caption that a table may have as its first row."""
    texts = list({cell.text for cell in block.rows[0] if cell.text}) if isinstance(block, Table) and block.rows else []
    return [simplified(texts[0])] if len(texts) == 1 and len(texts[0]) <= 2 * _SHORT else []


def _names_other_year(text: str, report_year: int | None, blocks: Sequence[Block]) -> bool | None:
    """Whether the tables below a line are another year's; None where the line does not say.

    A wrong year may be left over in a heading, but not where another one differs from it in nothing but the year.
    """
    if report_year is not None and (years := _years(text)):
        if report_year in years:
            return False
        return True if _FOR_COMPARISON.search(text) or _has_twin(text, report_year, blocks) else None
    if _OFFICIAL_HEADING.search(text):
        return False
    own = _names_own_year(text, report_year) if "年" in text else None
    return None if own is None else not own


def _bare(text: str) -> str:
    """A line without its number and brackets."""
    return _NUMBERING.sub("", text).strip(_EDGES)


def _has_twin(text: str, report_year: int, blocks: Sequence[Block]) -> bool:
    """Whether a line is printed with the report's year, too."""
    twin = _YEAR.sub(f"{report_year}年", text)
    return any(isinstance(block, Paragraph) and _YEAR.sub(r"\1年", simplified(block.text)) == twin for block in blocks)


def _years(text: str) -> set[int]:
    return {int(year) for year in _YEAR.findall(text)} if "年" in text else set()


def _is_other(name: str | None, org: str | None) -> bool:
    """Whether a name is another organ's; an organ may be named by a part of its name."""
    return name is not None and org is not None and name not in org and org not in name


def _said_above(blocks: Sequence[Block], report_year: int | None, org: str | None) -> Iterator[tuple[int, bool]]:
    """By table whether the last line above it that says whose the tables below are says that they are another's."""
    foreign = False
    number = 0
    for block in blocks:
        for text in _first_row(block) if isinstance(block, Table) else (block.text,):
            if len(text) <= _SHORT and not any(mark in text for mark in "。；，"):
                said = _may_be_others(simplified(text), report_year, org)
                foreign = foreign if said is None else said
        if isinstance(block, Table):
            yield number, foreign
            number += 1


def _may_be_others(text: str, report_year: int | None, org: str | None) -> bool | None:
    """Whether a short line says that the tables below it are another year's or organ's; None where it does not say."""
    if report_year is not None and (years := _years(text)):
        return report_year not in years
    if _OFFICIAL_HEADING.search(text):
        return False
    bare = _bare(unlabelled(text))
    if _LAST_YEAR.fullmatch(bare) or _LATER_HEADING.match(text) or _OTHERS.search(bare):
        return True
    name = org_name(bare) or (bare if ends_as_organ(bare) else None)
    return _is_other(name, org) if name and org and len(name) >= _SHORTEST_NAME and _NAME.fullmatch(name) else None
