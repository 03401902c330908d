"""The title of a page: printed at its head in one line or in several, labelled, declared in ``<meta>``, or in
``<title>`` with the site's name behind it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from parsers.document import Document
from parsers.head import titles
from parsers.head.dates import is_date_line, parse_date
from parsers.head.headlines import TITLE_LIMIT, begins_report
from parsers.head.titles import classify_title, is_report_title, names_organ, org_name
from parsers.model import Metadata
from parsers.traditional import simplified

_END = re.compile(r"(?:报告|年报|总结|全文|公告|公示|通知|函|[）)》”])[\s|]*$|[-—][\u4e00-\u9fff]{2,30}$")
_NO_TITLE = re.compile("[:：>＞→»/。；]|首页")  # a labelled line, a path of links, a sentence
_PARTS = 4  # paragraphs that one title may be split over
_SITE_PARTS = re.compile(r"([_|｜]|\s*-{1,2}\s*|—{2})")
_FORMALLY = "(?:现|特|兹)(?:将|此|予以|面?向社会(?:各界)?)*"
_ANNOUNCED = re.compile(rf"(?:{_FORMALLY}(?:公布|公开|发布)|编制了?)《?([^。；，,;：《》“”]{{4,60}}?(?:报告|年报))(?=[》。；，,;：]|如下)")
_WORD = re.compile(r"[\u4e00-\u9fff\d]")
_OF_YEAR = re.compile(r"[\u4e00-\u9fff](?:20\d\d|二[〇○零]..)\s*年度?[\u4e00-\u9fff]{2}")
_BARE_YEAR = re.compile(r"(?:20\d\d|二[〇○零]..)\s*年?度?")


def page_title(document: Document, metadata: Metadata, head: list[str]) -> str | None:
    """The report's title: as printed at the head of the page, else as labelled, declared in <meta>, or in <title>
    without the site's name; a title without year or in unusual words where there is no other.

    White space that a layout put beside Chinese characters is deleted. Of several printed titles the one that label,
    <meta> or <title> confirm wins, then the last before the report begins (lists of other years stand before it). A page
    without any may name its report in the first sentence (现公布示例局2017年政府信息公开工作年度报告).
    """
    declared = [titles.unlabelled(titles.tidy(metadata.title))] if metadata.title else []
    declared += _title_tag(document)
    printed = list(_printed(head, "report"))
    lines = {titles.unlabelled(titles.tidy(line)) for line in head}
    for title in declared:
        if title in printed or (title in lines and classify_title(title) != "other" and names_organ(title)):
            return title
        if classify_title(title) == "maybe" and title in _printed(head, "maybe"):
            return title
    # several titles and nothing after them: a list of reports, not one
    listing = len(set(printed)) > 1 and not any(begins_report(paragraph.text) for paragraph in document.paragraphs())
    if len(set(printed)) > 1 and (below := _below_list(head)):
        return below
    if printed and not listing:
        named = (title for title in (*declared, *printed) if _names_its_organ(title, printed[-1]))
        return next(named, None) or _whole(printed[-1], document, head, declared)
    for title in (*filter(is_report_title, declared), *_confirmed(document, head)):
        return title
    if listing:
        return declared[0] if declared else None
    for title in (*_opening(document), *reversed(list(_printed(head, "maybe"))), *_announced(document)):
        return title
    return next((title for title in declared if not titles.is_site_name(title)), None)


def _below_list(head: list[str]) -> str | None:
    """The title without a year that stands below the last of several titles with one: these are links to other reports."""
    for index in reversed(range(len(head))):
        own = _ending_title(head[index])
        if own and classify_title(own) != "other":
            whole = own if names_organ(own) else _joined(head, index, own, "maybe")
            return whole if whole and classify_title(whole) == "maybe" and not titles.years_in(whole) else None
    return None


def _names_its_organ(title: str, printed: str) -> bool:
    """Whether a title, declared or printed, is a printed one that names no organ, with its organ before it."""
    return title.endswith(printed) and is_report_title(title) and org_name(printed) is None and org_name(title) is not None


def _whole(title: str, document: Document, head: list[str], declared: list[str]) -> str:
    """A printed title, with what stands on the lines before it where the organ's name is cut: 示例市文化广电和旅 / 游局2022年…报告. The
    page names that organ elsewhere, too, so that a site's name above the title is none of it.
    """
    own = next((i for i in reversed(range(len(head))) if _ending_title(head[i]) == title), None)
    joined = _joined(head, own, title, "report") if own else None
    if joined is None or (organ := org_name(joined)) is None:
        return title
    named = joined in declared or any(organ in paragraph.text for paragraph in document.paragraphs())
    return joined if named else title


def below_title(head: list[str]) -> list[str]:
    """The lines right below a report's title and below the organ's name there, one for each title that the head prints."""
    places = [i + 1 for i, line in enumerate(head) if (own := _ending_title(line)) and _ends_report_title(head, i, own)]
    places = [i + 1 if titles.ends_as_organ("".join(head[i : i + 1])) else i for i in places]
    return [head[i] for i in places if i < len(head)]


def _ends_report_title(head: list[str], last: int, own: str) -> bool:
    return is_report_title(own) or any(_joined(head, last, own, kind) for kind in ("report", "maybe")) or (
        classify_title(own) == "maybe" and names_organ(own)
    )


def surest_title(head: list[str]) -> str | None:
    """The last title of a report that is printed at the head of a page."""
    return next(reversed(list(_printed(head, "report"))), None)


def _title_tag(document: Document) -> list[str]:
    """<title> without the names of site and column around it: the part that is a report's title, else the shortest beginning that
    has subject and year, else the first part.
    """
    title = titles.unlabelled(titles.tidy(document.title))
    beginnings = _beginnings(title)
    reports = [part for part in _SITE_PARTS.split(title)[::2] if is_report_title(part) and org_name(part)]
    reports += [beginning for beginning in beginnings if titles.has_subject(beginning) and titles.years_in(beginning)]
    return (reports or beginnings)[:1]


def _beginnings(title: str) -> list[str]:
    parts = _SITE_PARTS.split(title) if title else []
    return ["".join(parts[: end + 1]) for end in range(0, len(parts), 2)]


def _confirmed(document: Document, head: list[str]) -> Iterator[str]:
    """What both <title> and the page print, in whatever words it names a report (关于…年度报告的公告)."""
    lines = {titles.tidy(line) for line in head if len(line) <= TITLE_LIMIT}
    for beginning in reversed(_beginnings(titles.tidy(document.title))):
        if beginning in lines and org_name(beginning):
            yield beginning


def _opening(document: Document) -> Iterator[str]:
    """A title that stands in one line with the report it opens."""
    for paragraph in document.paragraphs():
        if begins_report(paragraph.text):
            first = paragraph.text[: TITLE_LIMIT + 1].split(" ")[0]
            if first != paragraph.text and is_report_title(first) and _END.search(first):
                yield first
            return


def _announced(document: Document) -> Iterator[str]:
    """The title that the sentence before the first section says, where it says one."""
    found: set[str] = set()
    for paragraph in document.paragraphs():
        text = titles.tidy(paragraph.text.partition("一、")[0])
        if "信息公开条例" in text:
            found |= {title for title in _ANNOUNCED.findall(text) if is_report_title(title) and names_organ(title)}
        if begins_report(paragraph.text):
            break
    if len(found) == 1:
        yield found.pop()


def _printed(head: list[str], kind: str) -> Iterator[str]:
    """Titles of a kind among the head lines, those split over several joined."""
    for index, text in enumerate(head):
        own = _ending_title(text)
        if own is None:
            continue
        if classify_title(own) == kind and (org_name(own) if kind == "report" else names_organ(own)):
            yield own
        elif (joined := _joined(head, index, own, kind)) is not None:
            yield joined
        elif kind == "report" and is_report_title(own):
            yield own


def _joined(head: list[str], last: int, own: str, kind: str) -> str | None:
    """The title of a kind that ends with the line ``last`` and begins in one of the lines before it."""
    rest = ""
    for first in range(last - 1, max(-1, last - _PARTS), -1):
        if _is_no_part(head[first], own) or _is_one_of_years(head, first) or (rest and _is_another(head[first], rest)):
            return None
        joined = titles.tidy("".join(map(titles.tidy, head[first : last + 1])))
        if classify_title(joined) == kind and names_organ(joined) and joined[0] not in "（(":
            return joined
        rest = joined
    return None


def _is_another(line: str, rest: str) -> bool:
    """Whether a line says what is of a year, above what is a title with an organ of its own: a link to something else."""
    return _OF_YEAR.search(line) is not None and titles.has_subject(rest) and names_organ(rest)


@lru_cache(maxsize=2048)  # menus stand on every page of a site
def _ending_title(text: str) -> str | None:
    """A line that may be a title, or the last part of one; None where it is neither."""
    if len(text) > TITLE_LIMIT:
        return None
    own = titles.unlabelled(titles.tidy(text))
    return own if _END.search(simplified(own)) and not _NO_TITLE.search(own) and not is_date_line(own) else None


def _is_no_part(line: str, rest: str) -> bool:
    """Whether a line can be no part of the title that ends with ``rest``: a date, a dash, an item of a menu, a whole title."""
    return (
        _NO_TITLE.search(line) is not None
        or _WORD.search(line) is None
        or parse_date(line) is not None
        or (titles.has_subject(line) and (titles.has_subject(rest) or (_END.search(line) is not None and rest[0] not in "（(")))
    )


def _is_one_of_years(head: list[str], index: int) -> bool:
    """Whether a line is a year in a menu of years."""
    return _BARE_YEAR.fullmatch(head[index]) is not None and sum(_BARE_YEAR.fullmatch(line) is not None for line in head) > 1
