"""What a title says: whether it names an annual report on information disclosure, of which organ, on which year."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Literal

from parsers.numerals import chinese_number
from parsers.traditional import SIMPLIFIED, simplified

_remembered = lru_cache(maxsize=1024)  # the lines at the head of a page are asked about again and again
FIRST_YEAR, LAST_YEAR = 2003, 2099  # the first local disclosure rules took effect in 2003
TITLE_LIMIT = 120  # characters

_DATA: dict[str, list[str]] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


def _any_of(patterns: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(patterns))


_SUBJECT = _any_of(_DATA["subject"])
_REPORT = _any_of(_DATA["report"])
_KIND = _any_of(_DATA["kind"])
_OTHER = _any_of(_DATA["other"])
_ABOUT = _any_of(_DATA["about"])
_COPY = _any_of(_DATA["copy"])
_VERB = _any_of(_DATA["verbs"])
_CHINESE_YEAR = "[二2][〇○零OoＯ0][〇○零OoＯ0一二三四五六七八九]{2}"
_ORGAN = re.compile(rf"[\u4e00-\u9fff]{{1,30}}(?:{'|'.join(_DATA['organ_ends'])})(?=20|{_CHINESE_YEAR}|关于|$)")

_BLANKS = re.compile(r"\s+")
_BEFORE = re.compile(r"^(?:[-—–·•●*\s|]|Page\s?\d{1,3}(?=\s?[-—–]))+(?=[\u4e00-\u9fff\d])")  # a bullet, a page number
_CJK = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef（）《》〔〕、，。：；“”"
_LOOSE_BLANKS = re.compile(rf"(?<=[{_CJK}])\s+|\s+(?=[{_CJK}])")
_DAY = r"\s?20\d\d\s?[-/.年]\s?\d{1,2}\s?[-/.月]\s?\d{1,2}\s?日?\s?"
_DATE_BEHIND = re.compile(rf"\s*[（(\[【]{_DAY}[）)\]】]$|(?<=报告|年报){_DAY}$")  # the day of publication
_YEAR = re.compile(
    rf"(?<![\d第])(20\d\d)(?=\s*[\u4e00-\u9fff）)])(?!\s*[号条件项余多版个])|({_CHINESE_YEAR})(?=\s*年)"
)
_TO = r"[-—－~～至到、和及]{1,2}"
_RANGE = re.compile(rf"20\d\d年?度?{_TO}20\d\d|{_CHINESE_YEAR}年?度?{_TO}{_CHINESE_YEAR}")
_ANY_YEAR = re.compile(rf"(?:20\d\d|{_CHINESE_YEAR})(?:{_TO}20\d\d)?(?:学年|年度|年|度)?")
_YEAR_OF_SUBJECT = re.compile(r"(20\d\d)年?度?(?:关于)?(?:政府|政务)?信息公开")
_YEARLY = re.compile(rf"(?:20\d\d|{_CHINESE_YEAR})年?(?:年?度报告|年?报)")
_BRACKETED = re.compile(r"[（(\[【〔][^（）()\[\]【】〔〕]{0,30}[）)\]】〕]")
_LABEL = re.compile(
    r"^[【\[](?:(?:政府)?信息)?(?:公开)?(?:工作)?(?:年度报告|年报)[】\]]|^(?:(?:信息)?(?:标\s?题|名\s?称|题\s?目)[：:.、\s]*|(?:附件\d{0,2}|附)[：:.、\s]+)|^附件\d{0,2}|^\d{1,3}[.、．]\s*(?=\D)"
)
_FILE_ENDING = re.compile(r"\.(?:docx?|wps|pdf|html?|xlsx?|ofd)$", re.I)
_ORG_TRIM = " \t:：-—_·|《》“”\"'、，,.。"
_ORG_END = re.compile(rf"(?:{'|'.join(_DATA['organ_ends'])})$")
_ORG_TAIL = re.compile("(?:关于|年度|的|主动公开)+$")
# 示例局关于印发《…》的通知, 关于公布示例局…的公告
_ISSUED = re.compile(rf"^关于(?:{'|'.join(_DATA['issuing'])})?|关于(?:{'|'.join(_DATA['issuing'])})?$")
_ISSUING = re.compile(rf"^(?:{'|'.join(_DATA['issuing'])})")
# What discloses information may be an office of that name: 示例市政务公开办公室
_ORG_AND_SUBJECT = re.compile(
    rf"(.*?)(?:政府信息|政务信息|政务|信息)(?:主动)?公开(?!(?:工作)?(?:领导小组)?(?:{'|'.join(_DATA['offices'])}))"
)
_NESTED = re.compile("（[^（）]{0,20}）(?=）)")
_NO_NAME = re.compile(r"^\d|^[〇○零一二三四五六七八九十]+年?度?$|[。；！？]|年报|报告")
_ORGAN_BEHIND = re.compile(rf"[-—]{{1,2}}[\u4e00-\u9fff]{{1,30}}(?:{'|'.join(_DATA['organ_ends'])})$")
_DASHED = re.compile(r"[-—]{1,2}([\u4e00-\u9fff]{2,30})$")
_SHORT_BRACKET = 4  # characters: （公司）
_ISSUE = _any_of(_DATA["issue"])
_DRAFTING = _any_of(_DATA["drafting"])
_SITE = _any_of(_DATA["site"])
_PLAIN = str.maketrans("０１２３４５６７８９", "0123456789") | SIMPLIFIED


@_remembered
def tidy(text: str) -> str:
    """A title without white space that line breaks and layout put beside Chinese characters, a bullet before it and a date behind it."""
    return _DATE_BEHIND.sub("", _BEFORE.sub("", _LOOSE_BLANKS.sub("", _BLANKS.sub(" ", text)).strip(" |")))


def unlabelled(title: str) -> str:
    """A title without a label or number printed before it (``标题：…``, ``12.…``, ``【年报】…``) and without a file's ending."""
    return _FILE_ENDING.sub("", _LABEL.sub("", title))


def years_in(text: str) -> list[int]:
    """The years a title names (``2022年``, ``2022 年度``, ``二〇二二年``), in order, each once."""
    years: list[int] = []
    for match in _YEAR.finditer(text):
        year = int(match[1]) if match[1] else chinese_year(match[2])
        if year is not None and FIRST_YEAR <= year <= LAST_YEAR and year not in years:
            years.append(year)
    return years


def chinese_year(text: str) -> int | None:
    """The year of ``二〇二二`` or ``2022``; the zero may be a letter O or a digit, the first 二 a digit."""
    if text.isdecimal() and text.isascii():
        return int(text)
    return chinese_number(re.sub("[OoＯ0○]", "〇", text).replace("2", "二"))


@_remembered
def title_year(title: str) -> int | None:
    """The year a title reports on: its only year, or of several the one that stands before 政府信息公开; None for a
    range.
    """
    title = tidy(title).translate(_PLAIN)
    if _RANGE.search(title):
        return None
    years = years_in(title)
    if len(years) < 2:
        return years[0] if years else None
    near = {int(year) for year in _YEAR_OF_SUBJECT.findall(title)}
    return near.pop() if len(near) == 1 else None


@_remembered
def classify_title(title: str) -> Literal["report", "maybe", "other"]:
    """Whether a title names an annual report: ``report`` with subject, kind and year; ``maybe`` where the page must
    be seen.

    ``maybe`` is a title that lacks its year or its subject (``2022年年度报告`` in a column of annual reports), is a
    copy of another kind (图片版), or the notice that publishes a report; ``other`` is everything else about reports
    (通知, 解读, 图解, 格式) and reports about something else.
    """
    title = _FILE_ENDING.sub("", tidy(title[: TITLE_LIMIT + 1])).translate(_PLAIN)
    if not title or len(title) > TITLE_LIMIT or _ABOUT.search(title):
        return "other"
    bare = _ORGAN_BEHIND.sub("", _BRACKETED.sub("", title))
    subject = _SUBJECT.search(bare)
    # the organ is taken off first: 示例市审计局 has nothing to do with an audit report
    said = _ORGAN.sub("", bare[: subject.start()]) + bare[subject.start() :] if subject else bare
    if subject and _ISSUE.search(said) and not _DRAFTING.search(said):
        return "maybe"
    if _OTHER.search(said):
        return "other"
    year = bool(years_in(title))
    if subject and _REPORT.search(bare):
        return "report" if year and not _COPY.search(title) else "maybe"
    if year and (_KIND.search(bare) if subject else _KIND.match(_ANY_YEAR.sub("", bare)) or _YEARLY.fullmatch(bare)):
        return "maybe"
    return "other"


def is_report_title(title: str) -> bool:
    """Whether a title surely names an annual report on information disclosure."""
    return classify_title(title) == "report"


@_remembered
def org_name(title: str) -> str | None:
    """The organ a report's title names, as printed (``示例市财政局``); None where the title names none."""
    title = unlabelled(tidy(title[: TITLE_LIMIT + 1])).translate(_PLAIN)
    bare = unlabelled(_BRACKETED.sub("", title))
    match = _ORG_AND_SUBJECT.match(bare)
    if match is None:
        return None
    issuer, _, issued = _ANY_YEAR.sub("", match[1]).strip(_ORG_TRIM).partition("《")
    name = _reporting(_ISSUED.sub("", issuer).strip(_ORG_TRIM)) or issued.strip(_ORG_TRIM)
    # 示例市人民政府信息公开年报: the 政府 belongs to both
    if name.endswith("人民"):
        name += "政府"
    name = _ORG_TAIL.sub("", name).strip(_ORG_TRIM)
    if not name:
        return _organ_behind(title)
    if len(name) < 2 or _VERB.match(name) or _NO_NAME.search(name):
        return None
    return name


def _reporting(name: str) -> str:
    """The organ that reports, of one that speaks of it: 示例市教育局办公室关于[公布]示例市教育局; else the one that speaks."""
    speaker, about, organ = name.partition("关于")
    organ = _ISSUING.sub("", organ)
    return organ if about and ends_as_organ(organ) and not _VERB.match(organ) else speaker


def _organ_behind(title: str) -> str | None:
    """The one organ that a title names at its end: 2022年政府信息公开年报（示例市财政局）, …—示例市财政局."""
    dashed = _DASHED.search(_BRACKETED.sub("", title))
    names = [dashed[1]] if dashed else [name[1:-1] for name in _BRACKETED.findall(_NESTED.sub("", title)) if len(name) > _SHORT_BRACKET]
    organs = [name for name in names if ends_as_organ(name) and not has_subject(name)]
    return organs[0] if len(organs) == 1 else None


def names_organ(title: str) -> bool:
    """Whether a title names what is an organ by its last word (局, 人民政府, 街道)."""
    name = org_name(title)
    return name is not None and ends_as_organ(name)


def ends_as_organ(text: str) -> bool:
    """Whether a text ends with what organs' names end with (局, 人民政府, 街道)."""
    return _ORG_END.search(simplified(text)) is not None


def has_subject(text: str) -> bool:
    """Whether a text speaks of disclosure."""
    return _SUBJECT.search(simplified(text)) is not None


def is_site_name(title: str) -> bool:
    """Whether a title is that of a site or a column, not of an article."""
    return _SITE.search(title) is not None or (classify_title(title) == "maybe" and not years_in(title) and org_name(title) is None)
