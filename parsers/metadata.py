"""Metadata at the head of a page: who published it, when, under which index number, and the report's title and year.

Fields are printed in tables (label and value in neighbouring cells), in lists and lines (``索引号：X 发布机构：Y``),
as label and value in paragraphs of their own, and in ``<meta>`` tags. What the page prints wins over ``<meta>``; of
several labels of one field the surer wins (发布机构 over 来源). Nothing is read from the report's own tables or
prose, and a date that is none stays None.
"""

from __future__ import annotations

import html
import re
import tomllib
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from pathlib import Path

from parsers import titles
from parsers.document import Document, Table
from parsers.model import Metadata
from parsers.titles import is_report_title, org_name

__all__ = ["is_report_title", "org_name", "read_head", "read_metadata", "read_title", "report_year"]

TITLE_LIMIT = 90  # characters
LINE_LIMIT = 300  # characters: a longer paragraph is prose
VALUE_LIMIT = 200
HEAD_ROWS = 40  # rows of a table that are looked at

_DATA = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
# label -> (field, rank); the field of labels to drop is ""
_LABELS: dict[str, tuple[str, int]] = {
    label: (field, rank) for field, labels in _DATA["labels"].items() for rank, label in enumerate(labels)
} | dict.fromkeys(_DATA["drop"]["labels"], ("", 0))
_SURE_LABELS = frozenset(label for label, (field, rank) in _LABELS.items() if field and len(label) > 2)
_ANY_LABEL = "|".join(r"\s?".join(label) for label in sorted(_LABELS, key=len, reverse=True))
_FIRSTS = "".join(sorted({label[0] for label in _LABELS}))
# "索 引 号：", "[索引号]", "【索引号】："
_INLINE = re.compile(rf"(?<![\u4e00-\u9fff])(?=[\[【{_FIRSTS}])(?:[\[【]\s?({_ANY_LABEL})\s?[\]】]\s?[:：]?|({_ANY_LABEL})\s?[:：])")
_MARKS = re.compile("[:：【[]")
_FOREIGN_LABEL = re.compile(r"\s[\u4e00-\u9fff]{2,8}\s*[:：]")
_SPACE = re.compile(r"\s+")
_TAGS = re.compile(r"<[^<>]{0,300}>")
_DATE = re.compile(
    r"(?<!\d)(\d{4})\s?[-/.年－]\s?(\d{1,2})\s?[-/.月－]\s?(\d{1,2})(?!\d)|(?<!\d)(20\d\d)([01]\d)([0-3]\d)(?!\d)"
)
_UP_TO_31 = "[一二三四五六七八九十]{1,3}"
_CHINESE_DATE = re.compile(rf"([一二][〇○零O0一二三四五六七八九]{{3}})年({_UP_TO_31})月({_UP_TO_31})日")
_BODY = re.compile(r"[一1]\s?[、.．]\s?(?:总体情况|概述|基本情况)|统计[期时]限|所列数据")
_REPORT_TABLE = re.compile(r"信息内容|申请人情况|行政复议|结果维持|统计指标|指标名称|勾稽")
_DATES = frozenset(("date_created", "date_published"))
_remembered = lru_cache(maxsize=2048)  # menus and labels stand on every page of a site


def read_head(document: Document) -> tuple[Metadata, str | None]:
    """The metadata and the title of a page (read_metadata, read_title), looked for once."""
    head = _head(document)
    metadata = _metadata(document, head)
    return metadata, _title(document, metadata, head)


def read_metadata(document: Document) -> Metadata:
    """The metadata of a page. Dates are ISO; every other value is as printed, its white space collapsed. Never
    raises.
    """
    return _metadata(document, _head(document))


def _metadata(document: Document, head: list[str]) -> Metadata:
    found: dict[str, tuple[int, str]] = {}
    for label, value in _printed(document, head):
        field, rank = _LABELS[label]
        if not field or (field in found and found[field][0] <= rank):
            continue
        kept = _value(field, value)
        if kept:
            found[field] = (rank, kept)
    fields = {field: value for field, (_, value) in found.items()}
    for field, value in _declared(document):
        fields.setdefault(field, value)
    return Metadata(**fields)


def read_title(document: Document, metadata: Metadata) -> str | None:
    """The report's title: as printed at the head of the page, else as labelled, declared in <meta>, or in <title>
    without the site's name.

    White space that a layout put beside Chinese characters is deleted. Of several printed titles the one that label,
    <meta> or <title> confirm wins, then the last before the report begins (lists of other years stand before it).
    """
    return _title(document, metadata, _head(document))


def _title(document: Document, metadata: Metadata, head: list[str]) -> str | None:
    declared = [titles.tidy(metadata.title)] if metadata.title else []
    declared += _title_tag(document)
    printed = _printed_titles(head)
    for title in declared:
        if title in printed:
            return title
    # several titles and nothing after them: a list of reports, not one
    listing = len(set(printed)) > 1 and not any(_begins_report(paragraph.text) for paragraph in document.paragraphs())
    if printed and not listing:
        return printed[-1]
    surest = [title for title in declared if is_report_title(title)] or declared
    return surest[0] if surest else None


def report_year(title: str | None, document: Document) -> int | None:
    """The year reported on: from the title, else from the period the report states
    (统计期限自YYYY年1月1日至12月31日). Never from a date.
    """
    year = titles.title_year(title) if title else None
    return year if year is not None else _stated_year(document)


def parse_date(text: str) -> str | None:
    """The first date of a text in ISO form (``2024-1-8``, ``2024年1月8日``, ``20240108``, ``二〇二四年一月八日``);
    None where it is no date.
    """
    match = _DATE.search(text)
    if match:
        parts = [int(part) for part in match.groups() if part]
    else:
        chinese = _CHINESE_DATE.search(_SPACE.sub("", text))
        if chinese is None:
            return None
        parts = [titles.chinese_year(part) or 0 for part in chinese.groups()]
    try:
        day = date(*parts)
    except ValueError:
        return None
    return day.isoformat() if 1949 <= day.year <= titles.LAST_YEAR else None


def _value(field: str, value: str) -> str | None:
    """A printed value of a field, None where it is none."""
    value = " ".join(value.split()).strip(" |")
    if not field or not value or len(value) > VALUE_LIMIT:
        return None
    if field in _DATES:
        return parse_date(value)
    return None if value.startswith(("http://", "https://")) else value


def _printed(document: Document, head: list[str]) -> Iterator[tuple[str, str]]:
    """(label, value) as printed: in tables, in paragraphs before the report begins."""
    before = True
    for block in document.blocks:
        if isinstance(block, Table):
            pairs = _from_table(block)
            # one label may stand in any table of the report
            if before or len({label for label, _ in pairs}) > 2:
                yield from pairs
        elif before and _begins_report(block.text):
            before = False
    for paragraph in head:
        if _MARKS.search(paragraph):
            yield from _from_line(paragraph)
    yield from _from_pairs(head)


def _head(document: Document) -> list[str]:
    """The short lines before the report begins: paragraphs, and rows of one cell."""
    head: list[str] = []
    for block in document.blocks:
        if isinstance(block, Table):
            # a heading may be framed as a table of one cell
            rows = ([cell.text for cell in row if cell.text] for row in block.rows[:HEAD_ROWS])
            head += [texts[0] for texts in rows if len(texts) == 1 and len(texts[0]) <= TITLE_LIMIT]
        elif _begins_report(block.text):
            break
        elif len(block.text) <= LINE_LIMIT:
            head.append(block.text)
    return head


def _begins_report(text: str) -> bool:
    if len(text) > LINE_LIMIT:
        return "。" in text  # else a menu
    return _line_begins_report(text)


@_remembered
def _line_begins_report(text: str) -> bool:
    return _BODY.search(text) is not None or (len(text) > 40 and "信息公开条例" in text)


def _label(text: str) -> str | None:
    """The known label a cell or paragraph consists of."""
    return _short_label(text) if text and len(text) <= 24 else None


@_remembered
def _short_label(text: str) -> str | None:
    name = _SPACE.sub("", text).rstrip(":：").strip("[]【】")
    return name if name in _LABELS else None


def _from_table(table: Table) -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    for row in table.rows[:HEAD_ROWS]:
        texts = [cell.text for cell in row]
        if any(len(text) > LINE_LIMIT for text in texts) or _REPORT_TABLE.search("".join(texts)):
            break
        row_pairs: list[tuple[str, str]] = []
        strays = index = 0
        while index < len(texts):
            label = _label(texts[index])
            following = texts[index + 1] if index + 1 < len(texts) else ""
            if label is not None and _label(following) is None and not _INLINE.match(following):
                row_pairs.append((label, following))
                index += 2
                continue
            inline = _from_line(texts[index]) if _MARKS.search(texts[index]) else []
            row_pairs += inline
            strays += bool(texts[index]) and not inline
            index += 1
        # 公开类别 | 数量 | 其他 is the head of a table, not a label with its value
        if not strays:
            pairs += row_pairs
    # A lone 名称 or 时间 may head a column of any table; two labels, or one that stands nowhere else, make metadata.
    labels = {label for label, _ in pairs}
    return pairs if len(labels) > 1 or labels & _SURE_LABELS else []


def _from_line(line: str) -> list[tuple[str, str]]:
    matches = list(_INLINE.finditer(line))
    pairs = []
    ends = [match.start() for match in matches[1:]] + [len(line)]
    for match, end in zip(matches, ends, strict=False):
        value = line[match.end() : end]
        foreign = _FOREIGN_LABEL.search(value)
        pairs.append((_SPACE.sub("", match[1] or match[2]), value[: foreign.start()] if foreign else value))
    return pairs


def _from_pairs(head: list[str]) -> Iterator[tuple[str, str]]:
    """Label and value in paragraphs of their own; bare labels (without a colon) count only where two such pairs
    follow one another.
    """
    previous = False
    for index in range(len(head) - 1):
        label = _label(head[index])
        if label is None or _label(head[index + 1]) is not None:
            continue
        bare = head[index].rstrip()[-1:] not in ":："
        follows = index + 3 < len(head) and _label(head[index + 2]) is not None and _label(head[index + 3]) is None
        if (not bare or previous or follows) and not _INLINE.match(head[index + 1]):
            yield label, head[index + 1]
        previous = bare and follows


def _declared(document: Document) -> Iterator[tuple[str, str]]:
    sources = dict(_DATA["meta"]["site"])
    if document.meta.get("articletitle", "").strip():
        sources |= _DATA["meta"]["article"]
    for field, name in sources.items():
        value = _value(field, html.unescape(_TAGS.sub("", document.meta.get(name, ""))))
        if value:
            yield field, value


def _title_tag(document: Document) -> list[str]:
    """<title> without what the site appends: the longest beginning that is a report's title, else the first part."""
    title = titles.tidy(document.title)
    if not title:
        return []
    parts = re.split(r"([_|]|\s*-{1,2}\s*|—{2})", title)
    beginnings = ["".join(parts[: end + 1]) for end in range(0, len(parts), 2)]
    reports = [beginning for beginning in beginnings if is_report_title(beginning)]
    return [reports[0] if reports else beginnings[0]]


_TITLE_ENDS = ("报告", "年报", "）", ")", "总结")
_NO_TITLE = re.compile("[:：>＞。；]")  # a labelled line, a path of links, a sentence
_TITLE_PARTS = 4  # paragraphs that one title may be split over


def _printed_titles(head: list[str]) -> list[str]:
    """Titles of a report among the head paragraphs, those split over several joined."""
    found: list[str] = []
    for index, text in enumerate(head):
        if len(text) > TITLE_LIMIT or not text.rstrip(" |").endswith(_TITLE_ENDS) or _NO_TITLE.search(text):
            continue
        own = titles.unlabelled(titles.tidy(text))
        if is_report_title(own) and org_name(own):
            found.append(own)
            continue
        for first in range(index - 1, max(-1, index - _TITLE_PARTS), -1):
            if _NO_TITLE.search(head[first]):
                break
            joined = titles.tidy("".join(map(titles.tidy, head[first : index + 1])))
            if is_report_title(joined) and org_name(joined):
                found.append(joined)
                break
        else:
            if is_report_title(own):
                found.append(own)
    return found


_PERIOD = re.compile(
    r"(20\d\d|二[〇○零O0]\S\S)年(?:1月1日|一月一日|1月1|1月份?|01月01日)起?(?:至|到|—{1,2}|-{1,2}|－|~|～)(?:(20\d\d|二[〇○零O0]\S\S)年|同年|当年|本年)?"
    r"(?:12月31日|12月31|12月|十二月三十一日)"
)
_PERIOD_WORDS = re.compile("统计|期限|时限|数据|周期|期间|时段")


def _stated_year(document: Document) -> int | None:
    sure: set[int] = set()
    other: set[int] = set()
    for paragraph in _unwrapped(document):
        if "12月" not in paragraph and "十二月" not in paragraph:
            continue
        for match in _PERIOD.finditer(paragraph):
            first = titles.chinese_year(match[1])
            last = titles.chinese_year(match[2]) if match[2] else first
            if first is None or first != last:
                continue
            context = paragraph[max(0, match.start() - 40) : match.start()]
            (sure if _PERIOD_WORDS.search(context) else other).add(first)
    years = sure or other
    return years.pop() if len(years) == 1 else None


def _unwrapped(document: Document) -> Iterator[str]:
    """Paragraphs without white space, each with the next one behind it (a wrapped line may break inside the period)."""
    previous = ""
    for paragraph in document.paragraphs():
        text = _SPACE.sub("", paragraph.text) if "月" in paragraph.text or "月" in previous else ""
        if previous:
            yield previous + text
        previous = text
    if previous:
        yield previous
