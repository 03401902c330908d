"""Sample pages as HTML: templates with the official tables, filled with a report's printed cells."""

from __future__ import annotations

import re
from functools import cache
from html import escape
from importlib import resources
from string import Template

from data.samples.content import APPLICANTS, Entry, Number, SampleReport, SampleSite

CELL = re.compile(r"\{(\w+)(?::(\d))?\}")
PART = re.compile(r"<!--([二三四六])-->\n(.*?)(?=<!--|\Z)", re.S)
TABLE_NUMBERS = {"二": "table2", "三": "table3", "四": "table4", "六": "table6"}


@cache
def template(name: str) -> str:
    """A file of the templates folder."""
    return resources.files("data.samples").joinpath("templates", name).read_text("utf-8")


def article(site: SampleSite, entry: SampleReport | Entry, address: str) -> str:
    """The page of an entry, in the house style of the site's publishing system."""
    if isinstance(entry, SampleReport):
        organ, index_no = entry.organ.name, f"{entry.organ.code}/{entry.published.year}-{serial(address):05d}"
        body = report_body(entry)
    else:
        organ, index_no, body = f"{site.name}人民政府办公室", "", f"<p>{escape(entry.title)}。全文略。</p>"
    return Template(template(f"{site.family}_article.html")).substitute(
        title=escape(entry.title), site=site.name, organ=organ, published=entry.published, index_no=index_no, body=body
    )


def serial(address: str) -> int:
    """The running number at the end of a page's address."""
    numbers = re.findall(r"\d+", address)
    return int(numbers[-1]) % 100000


def report_body(report: SampleReport) -> str:
    """The text of a report with its tables."""
    if report.form == "attachment":
        name = f"{report.title}.rar"
        return f'<p>附件：<a href="/attach/{report.year}/report.rar">{escape(name)}</a></p>'
    tables = dict.fromkeys(TABLE_NUMBERS.values(), "")
    if report.form != "prose":
        filled = CELL.sub(lambda m: _cells(report, m[1], m[2]), template(f"form{report.form}.html"))
        tables |= {TABLE_NUMBERS[number]: html for number, html in PART.findall(filled)}
    received = _received(report)
    asked = f"收到政府信息公开申请{received}件" if received else "未收到政府信息公开申请"
    return Template(template("report2014.html" if report.form == "2014" else "report.html")).substitute(
        organ=report.organ.name, year=report.year, issued=_issued(report), asked=asked, **tables
    )


def _received(report: SampleReport) -> Number:
    if report.form == "2014":
        return report.single_cells()["requests_received"]
    return report.applications("new_requests")[-1]


def _issued(report: SampleReport) -> Number:
    """Items disclosed in the year, told in prose only (the forms since 2019 have no such cell)."""
    return report.statistics.get("proactive_total", 60 + 7 * (report.year % 10) + len(report.organ.name))


def _cells(report: SampleReport, indicator: str, colspan: str | None) -> str:
    single = {} if report.form == "prose" else report.single_cells()
    span = f' colspan="{colspan}"' if colspan else ""
    if indicator in single:
        zero = "" if report.blank == "zeros" else "0"
        return f"<td{span}>{_text(single[indicator], zero)}</td>"
    if report.form == "2014":
        return "<td>0</td>"
    row = zip(APPLICANTS, report.applications(indicator), strict=True)
    return "".join(f"<td>{_text(number, _zero(report, who))}</td>" for who, number in row)


def _zero(report: SampleReport, who: str) -> str:
    organisation = who not in ("natural_person", "total")
    left_out = report.blank == "zeros" or (report.blank == "organisations" and organisation)
    return "" if left_out else "0"


def _text(number: Number, zero: str) -> str:
    return str(number) if number else zero
