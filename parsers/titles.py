"""What a title says: whether it names an annual report on information disclosure, of which organ, on which year."""

from __future__ import annotations

import re
from typing import Literal

from parsers.numerals import chinese_number

FIRST_YEAR, LAST_YEAR = 2003, 2099  # the first local disclosure rules took effect in 2003

_BLANKS = re.compile(r"\s+")
_CJK = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef（）《》〔〕、，。：；“”"
_LOOSE_BLANKS = re.compile(rf"(?<=[{_CJK}])\s+|\s+(?=[{_CJK}])")
_YEAR = re.compile(r"(?<![\d第])(20\d\d)(?=\s*[\u4e00-\u9fff])(?!\s*[号条件项余多版个])|([二2][〇○零OoＯ0][〇○零OoＯ一二三四五六七八九0][〇○零OoＯ一二三四五六七八九0])(?=\s*年)")
_RANGE = re.compile(r"20\d\d年?度?[-—－~～至到、和及]{1,2}20\d\d")
_NEAR_SUBJECT = re.compile(r"(20\d\d)年?度?(?:关于)?(?:政府|政务)?信息公开")
_SUBJECT = re.compile(r"(?:政府|政务)?信息(?:主动)?公开|政务公开")
_REPORT = re.compile(r"年度(?:工作)?(?:情况)?报告|年报(?!表)|年度.{0,16}报告|(?:工作|公开|执行|情况)的?(?:总结)?报告|信息公开报告")
_KIND_ONLY = re.compile(r"年度(?:工作)?报告|年报(?!表)|工作(?:情况的?)?(?:报告|总结)|公开情况")
# Things about reports, and reports about something else.
_OTHER = re.compile(
    r"报表|法治政府|预算|决算|图解|一图|读懂|解读|通知|公告$|通报|格式|模板|范本|样式|统计公报|指南|目录|培训|会议|座谈|"
    r"要点|方案|办法|规定|条例|细则|部署|启动|召开|印发|审计|财政收支|环境状况|质量年度|企业年报|年检|公示$|汇总表|督查|检查|评估|整改"
)
_BRACKETED = re.compile(r"[（(\[【〔][^（）()\[\]【】〔〕]{0,30}[）)\]】〕]")
_LABEL = re.compile(r"^(?:标题|名称|题目|附件\d{0,2}|附)[：:.、\s]*")
_TAIL = re.compile(r"\.(?:docx?|wps|pdf|html?|xlsx?|ofd)$", re.I)
_ORG_TRIM = " \t的关于:：-—_·|《》“”\"'、，,.。"


def tidy(text: str) -> str:
    """A title without the white space that line breaks and layout put beside Chinese characters."""
    return _LOOSE_BLANKS.sub("", _BLANKS.sub(" ", text)).strip(" |")


def unlabelled(title: str) -> str:
    """A title without a label printed before it (``标题：…``, ``附件1：…``)."""
    return _LABEL.sub("", title)


def years_in(text: str) -> list[int]:
    """The years a title or phrase names (``2022年``, ``2022 年度``, ``二〇二二年``), in order, each once."""
    years: list[int] = []
    for match in _YEAR.finditer(text):
        year = int(match[1]) if match[1] else _chinese_year(match[2])
        if year is not None and FIRST_YEAR <= year <= LAST_YEAR and year not in years:
            years.append(year)
    return years


def title_year(title: str) -> int | None:
    """The year a title reports on: its only year, or of several the one that stands before 政府信息公开; None for a range."""
    title = tidy(title)
    if _RANGE.search(title):
        return None
    years = years_in(title)
    if len(years) < 2:
        return years[0] if years else None
    near = {int(year) for year in _NEAR_SUBJECT.findall(title)}
    return near.pop() if len(near) == 1 else None


def _chinese_year(text: str) -> int | None:
    return chinese_number(re.sub("[OoＯ0○]", "〇", text).replace("2", "二"))


def classify_title(title: str) -> Literal["report", "maybe", "other"]:
    """Whether a title names an annual report: ``report`` with subject, kind and year; ``maybe`` where the page has to be seen.

    ``maybe`` is a title that lacks its year or its subject (``2022年年度报告`` in a column of annual reports) or is a copy
    of another kind (图片版); ``other`` is everything about reports (通知, 解读, 图解, 格式) and reports about something else.
    """
    title = _TAIL.sub("", tidy(title))
    if not title or len(title) > 120:
        return "other"
    bare = _BRACKETED.sub("", title)
    subject = _SUBJECT.search(bare)
    if _OTHER.search(_without_organ(bare)) or re.search("图解|读懂|解读", title):
        return "other"
    year = bool(years_in(title))
    if subject and _REPORT.search(bare) and year:
        return "maybe" if "图片" in title or "图文" in title else "report"
    if subject and (_REPORT.search(bare) or (year and _KIND_ONLY.search(bare))):
        return "maybe"
    return "maybe" if _KIND_ONLY.match(_without_year(bare)) and year else "other"


def is_report_title(title: str) -> bool:
    """Whether a title surely names an annual report on information disclosure."""
    return classify_title(title) == "report"


def org_name(title: str) -> str | None:
    """The organ a report's title names, as printed (``示例市财政局``); None where the title names none."""
    title = unlabelled(_BRACKETED.sub("", _TAIL.sub("", tidy(title))))
    match = re.match(r"(.*?)(?:政府信息|政务|信息)(?:主动)?公开", title)
    if match is None:
        return None
    name = _without_year(match[1]).strip(_ORG_TRIM)
    # 示例市人民政府信息公开年报: the 政府 belongs to both
    if name.endswith("人民"):
        name += "政府"
    name = re.sub(r"(?:关于|年度|的|依法行政|主动公开)+$", "", name).strip(_ORG_TRIM)
    return name if len(name) >= 2 and not re.search(r"[。；！？]|年报|报告|^(?:做好|开展|印发|报送|公布|发布|编制)", name) else None


def _without_year(text: str) -> str:
    return re.sub(r"(?:20\d\d|[二2][〇○零OoＯ0一二三四五六七八九]{3})(?:[-—－~～至到、和及]{1,2}20\d\d)?(?:学年|年度|年|度)?", "", text)


def _without_organ(title: str) -> str:
    """The title after its subject and before its organ: an organ may be called 审计局 or 督查办 without the title being about that."""
    subject = _SUBJECT.search(title)
    if subject is None:
        return title
    head = re.sub(r"[\u4e00-\u9fff]{1,30}(?:局|委|委员会|办|办公室|厅|中心|政府|院|处|所|站|会|队|部|署|司|社|校|学|馆|园|区|县|市|镇|乡|街道)(?=20|[二2][〇○零]|关于|$)", "", title[: subject.start()])
    return head + title[subject.start() :]
