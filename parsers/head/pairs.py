"""Labels and values printed at the head of a page: in tables, in lists and lines (``索引号：X 发布机构：Y``), and as
label and value in paragraphs of their own.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from parsers.document import Document, Table
from parsers.head.dates import parse_date
from parsers.head.headlines import HEAD_ROWS, LINE_LIMIT, begins_report
from parsers.head.titles import classify_title, ends_as_organ, is_report_title, names_organ, tidy
from parsers.traditional import simplified

_DATA = tomllib.loads(Path(__file__).with_name("metadata.toml").read_text(encoding="utf-8"))


class Label(NamedTuple):
    """What a label names: its field ("" where nothing is kept) and its rank among the labels of that field, the surest 0."""

    field: str
    rank: int


LABELS: dict[str, Label] = {
    label: Label(field, rank) for field, labels in _DATA["labels"].items() for rank, label in enumerate(labels)
} | dict.fromkeys(_DATA["drop"]["labels"], Label("", 0))
DATES = frozenset(("date_created", "date_published"))

_NEEDED_IN_A_ROW = 2  # paragraphs
_SURE_LABELS = frozenset(label for label, (field, rank) in LABELS.items() if field and len(label) > 2)


def _spaced(label: str) -> str:
    return r"\s?".join(label)


def _unspaced(label: str) -> str:
    """A label in which no blank may stand where a shorter one begins: 依申请公开 责任部门 holds no 公开责任部门."""
    return "".join(("" if label[at:] in LABELS else r"\s?") + char for at, char in enumerate(label)).removeprefix(r"\s?")


def _any_of(labels: list[str], written: Callable[[str], str] = _spaced) -> str:
    return "|".join(map(written, sorted(labels, key=len, reverse=True)))


def _inline(labels: list[str], written: Callable[[str], str] = _spaced) -> str:
    """A label inside a line: "索 引 号：", "[索引号]", "【索引号】："."""
    firsts = "".join(sorted({label[0] for label in labels}))
    any_label = _any_of(labels, written)
    return rf"(?=[\[【{firsts}])(?:[\[【]\s?({any_label})\s?[\]】]\s?[:：]?|({any_label})\s?[:：])"


_ALL = list(LABELS)
_FIRSTS = frozenset(label[0] for label in LABELS)
_NOT_AFTER_CHINESE = r"(?:(?<![\u4e00-\u9fff])|(?<=\d日))"
_INLINE = re.compile(_NOT_AFTER_CHINESE + _inline(_ALL))
# Behind a first label also where no blank parts it from the value before; there a word like 日期 may end a label that is not known.
_WHOLE_WORDS = [label for label in _ALL if label not in _DATA["endings"]["labels"]]
_FURTHER = re.compile(f"{_NOT_AFTER_CHINESE}{_inline(_ALL)}|{_inline(_WHOLE_WORDS, _unspaced)}")
_ENDING = re.compile(rf"({_any_of(_DATA['endings']['labels'])})\s?[:：]")
_BARE = re.compile(f"((?>{_any_of(_ALL)}))(?![:：])")  # a whole label: none that begins a longer one with a colon
# Behind a bare label the next one stands after a blank; a short one (分类, 文号) with a blank behind it too.
_LONG, _SHORT = [label for label in _ALL if len(label) > 2], [label for label in _ALL if len(label) < 3]
_NEXT_BARE = re.compile(rf"(?<=\s)(?:({_any_of(_LONG)})|({_any_of(_SHORT)})(?=[\s:：]|$))")
_MARKS = re.compile("[:：【[]")
_OTHER_LABEL = re.compile(r"[\u4e00-\u9fff\s]{2,12}[:：]")
_FOREIGN_LABEL = re.compile(r"\s[\u4e00-\u9fff]{2,8}\s*[:：]")
_CHINESE = re.compile("[\u4e00-\u9fff]")
_BULLETS = "•·●▪■◆○"
_SPACE = re.compile(r"\s+")
_DATE_LINE = re.compile(r"\s*\d{4}[-/.年]\s?\d{1,2}[-/.月]\s?\d{1,2}日?(?:\s\d{1,2}:\d\d(?::\d\d)?)?[\s|(（]*")
_UNLABELLED = _DATA["labels"]["date_published"][-1]  # the least sure
_REPORT_TABLE = re.compile(r"信息内容|申请人情况|行政复议|结果维持|统计指标|指标名称|勾稽")
_remembered = lru_cache(maxsize=2048)  # menus and labels stand on every page of a site


def printed_pairs(document: Document, head: list[str]) -> Iterator[tuple[str, str]]:
    """(label, value) as printed: in tables, in the lines before the report begins (``head``)."""
    before = True
    for block in document.blocks:
        if isinstance(block, Table):
            pairs = _from_table(block)
            # one label may stand in any table of the report
            if before or len({label for label, _ in pairs}) > 2:
                yield from pairs
        elif before and begins_report(block.text):
            before = False
    for paragraph in head:
        if _MARKS.search(paragraph):
            yield from _from_line(paragraph)
    yield from _from_paragraphs(head)
    yield from _run_together(head)


def _label(text: str) -> str | None:
    """The known label a cell or paragraph consists of."""
    return _short_label(text) if text and len(text) <= 24 else None


@_remembered
def _short_label(text: str) -> str | None:
    name = _SPACE.sub("", simplified(text)).lstrip(_BULLETS).rstrip(":：").strip("[]【】")
    return name if name in LABELS else None


def _from_table(table: Table) -> list[tuple[str, str]]:
    pairs = _from_columns(table)
    for row in table.rows[:HEAD_ROWS]:
        # 基本信息 beside several rows is a heading
        texts = [cell.text for cell in row if cell.rowspan < 2 or _label(cell.text) is not None]
        if any(len(text) > LINE_LIMIT for text in texts) or _REPORT_TABLE.search("".join(texts)):
            break
        row_pairs: list[tuple[str, str]] = []
        strays = index = 0
        alone = False  # a label right before the next one: its blank value was left out
        while index < len(texts):
            label = _label(texts[index])
            following = texts[index + 1] if index + 1 < len(texts) else ""
            if label is not None and _label(following) is None and not _INLINE.match(following):
                row_pairs.append((label, following))
                index += 2
                continue
            inline = _from_line(texts[index]) if _MARKS.search(texts[index]) else []
            if inline and not inline[-1][1] and following and not _MARKS.search(following):
                inline[-1] = (inline[-1][0], following)  # 来源：示例局 浏览次数： | 72
                index += 1
            row_pairs += inline
            alone = alone or (label is not None and not inline)
            strays += bool(texts[index]) and not inline and label is None
            index += 1
        # 公开类别 | 数量 | 其他 and 标题 | 发布机构 | 操作 are heads of tables, not labels with their values
        if not strays and (not alone or any(_is_sure(*pair) or _is_publisher(*pair) for pair in row_pairs)):
            pairs += row_pairs
    # A lone 名称 or 时间 may head a column of any table; two labels, or one that stands nowhere else, make metadata.
    labels = {label for label, _ in pairs}
    return pairs if len(labels) > 1 or labels & _SURE_LABELS else []


def _from_columns(table: Table) -> list[tuple[str, str]]:
    """The pairs of a table that has its labels in one row and their values in the other. (More rows would be a list.)"""
    if len(table.rows) != 2 or len(table.rows[0]) != len(table.rows[1]):
        return []
    labels = [_label(cell.text) for cell in table.rows[0]]
    if None in labels or len(_SURE_LABELS.intersection(labels)) < 2 or any(_label(cell.text) for cell in table.rows[1]):
        return []
    return [(label or "", cell.text) for label, cell in zip(labels, table.rows[1], strict=True)]


def _from_line(line: str) -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    plain = simplified(line)
    match = _INLINE.search(plain)
    # 2024-01-18 来源：示例局: the day it was published; not so before a search form (标题：)
    if match and _DATE_LINE.fullmatch(line, 0, match.start()) and LABELS[_matched(match)].field in ("publisher", ""):
        pairs.append((_UNLABELLED, line[: match.start()]))
    while match is not None:
        following = _FURTHER.search(plain, match.end())
        value = line[match.end() : following.start() if following else len(line)]
        foreign = _FOREIGN_LABEL.search(value)
        pairs += _parted(_matched(match), value[: foreign.start()] if foreign else value)
        match = following
    return pairs


def _matched(match: re.Match[str]) -> str:
    return _SPACE.sub("", next(filter(None, match.groups())))


def _parted(label: str, value: str) -> Iterator[tuple[str, str]]:
    """A label and its value, in which the ending of another label may stand: 示例局时间：2024-01-18."""
    ending = _ENDING.search(value)
    if ending is None:
        yield label, value
    elif ends_as_organ(value[: ending.start()]):
        yield label, value[: ending.start()]
        yield _SPACE.sub("", ending[1]), value[ending.end() :]
    # else 示例局汇总日期：2024: no telling where the value ends


def _from_paragraphs(head: list[str]) -> Iterator[tuple[str, str]]:
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
        listed = label in _SURE_LABELS and index + 2 < len(head) and _label(head[index + 2]) is not None
        goes_on = index > 0 and _label(head[index - 1]) is not None and _is_sure(label, head[index + 1])  # behind one without a value
        if (not bare or previous or follows or listed or goes_on) and _may_be_value(head, index + 1, label):
            yield label, head[index + 1]
        previous = bare and follows


def _may_be_value(head: list[str], index: int, label: str) -> bool:
    """Whether a paragraph may be the value of the label above it, whose own value may be lacking."""
    text, field = head[index].lstrip(f"{_BULLETS} "), LABELS[label].field
    run_on = _BARE.match(text)
    if _INLINE.match(text) or _OTHER_LABEL.match(text) or (run_on and _SPACE.sub("", run_on[1]) in _SURE_LABELS):
        return False
    if field in ("title", "summary"):
        return True
    # a title, or the first line of one that the next goes on with; its organ may have published it
    goes_on = field != "publisher" and ends_as_organ(text) and is_report_title(tidy("".join(head[index : index + 2])))
    return not goes_on and not is_report_title(tidy(text)) and not (names_organ(text) and classify_title(text) == "maybe")


def _run_together(head: list[str]) -> Iterator[tuple[str, str]]:
    """Label and value set apart by nothing but their type (``索引号X``, ``发布日期2024-01-18``), in paragraphs that
    follow one another. One of them must hold a number or a date: menus do not.
    """
    run: list[tuple[str, str]] = []
    last = -1
    for index in [index for index, paragraph in enumerate(head) if paragraph[:1] in _FIRSTS]:
        match = _BARE.match(head[index])
        if match is None or _INLINE.match(head[index]):  # 体裁分类：… begins with 体裁
            continue
        if index > last + 1:
            yield from _if_sure(run)
            run = []
        run += _side_by_side(_SPACE.sub("", match[1]), head[index][match.end() :])
        last = index
    yield from _if_sure(run)


def _side_by_side(label: str, rest: str) -> Iterator[tuple[str, str]]:
    """A bare label and its value, and those that stand behind them in the line: ``索引号 X 分类 Y``, ``文号 关键词``."""
    start = 0
    for match in _NEXT_BARE.finditer(rest):
        yield label, rest[start : match.start()]
        label, start = _matched(match), match.end()
    yield label, rest[start:]


def _if_sure(run: list[tuple[str, str]]) -> list[tuple[str, str]]:
    sure = any(_is_sure(*pair) for pair in run)
    return run if sure and (len(run) >= _NEEDED_IN_A_ROW or not _CHINESE.search(run[0][1])) else []


def _is_publisher(label: str, value: str) -> bool:
    return LABELS[label].field == "publisher" and len(value) > 2 and ends_as_organ(value)


def _is_sure(label: str, value: str) -> bool:
    field = LABELS[label].field
    if field in DATES:
        return parse_date(value) is not None
    return field == "index_no" and any(map(str.isdigit, value))
