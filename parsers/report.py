"""Bytes in, Report out: the one public entry of the reader."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from urllib.parse import unquote

from parsers.annual.official import read_annual
from parsers.annual.planning import ANNUAL_TABLES
from parsers.document import ATTACHMENT, Document, Link
from parsers.forms import load_forms
from parsers.head.metadata import read_head
from parsers.head.report_year import report_year
from parsers.head.titles import classify_title, org_name
from parsers.model import Official, Problem, Report, Section, TableSummary
from parsers.payload import read_document
from parsers.proof.checks import totals
from parsers.proof.plausibility import plausibility
from parsers.proof.prose_checks import prose_checks
from parsers.prose.figures import prose_text, read_figures
from parsers.prose.sections import split_sections
from parsers.statistics.reading import read_statistics
from parsers.unread import with_unread

_FIRST_ANNUAL_YEAR = 2019
_SECTIONS_SAID = 2  # with a sentence each they are a report, however short, and its pictures are those of its tables
# a document named in text that was saved without its links
_NAMED_FILE = re.compile(r"[^\s：:|【]+\.(?:pdf|docx?|wps|xlsx?|ofd|zip|rar)(?![a-z])", re.I)
_POINTS_TO = re.compile("[详请]?见附件")
_OCR = "read from pictures by OCR: a title or name may be misread; numbers count where sums prove them; prose in pictures is not kept"
_OCR_NOTHING = "read from pictures by OCR: no official table was found in them; prose in pictures is not kept"
_LITTLE_UNDER_A_HEADING = 40  # characters
_LITTLE_PROSE = 300  # characters: a page with a report's title and less than this carries its report elsewhere


def parse(body: bytes, *, url: str | None = None, content_type: str | None = None) -> Report:
    """Read one payload (HTML, flattened text, PDF, OFD, DOCX, XLSX) as an annual report.

    ``content_type`` is the HTTP header, used only as a hint for the character set. Never raises on any bytes: a payload that is no report
    comes back with ``form`` None and a problem that says why. Deterministic: the same bytes give the same Report.
    """
    document = read_document(body, content_type)
    return report_of(document, body, url)


def report_of(document: Document, payload: bytes, url: str | None = None) -> Report:
    """Read the Document of a payload as an annual report."""
    printed = document.printed()
    metadata, title = read_head(printed)
    if title is None and document.recognised:
        title = read_head(document)[1]
    year = report_year(title, document)
    org = org_name(title) if title else None
    sections = split_sections(printed)
    text = prose_text(printed)
    official = with_unread(_official(document, year, org), document)
    problems = [Problem(code, message) for code, message in document.problems]
    if document.recognised:
        problems.append(Problem("ocr", _OCR if official.form_id else _OCR_NOTHING))
    problems.extend(official.problems)
    attachments = tuple(_attachments(document.links))
    pictured = _pictured(document, sections, official)
    if pictured:
        problems.append(pictured)
    form = official.form_id or _prose_form(title, sections, text)
    if form in (None, "prose") and sum("。" in section.text for section in sections) < _SECTIONS_SAID:
        carried = _carried_elsewhere(title, text, attachments, document)
        if carried:
            problems.append(carried)
            form = None
            pictured = carried if carried.code == "image_only" else pictured
    if form is None and not problems:
        problems.append(Problem("not_a_report", "neither the official tables nor the title and sections of an annual report were found"))
    summaries = official.tables if form != "prose" else _absent_tables(year)
    report = Report(
        url=url,
        kind=document.kind,
        encoding=document.encoding,
        payload=payload,
        title=title,
        org_name=org,
        report_year=year,
        form=form,
        metadata=metadata,
        cells=official.cells,
        tables=summaries if form else (),
        sections=sections if form else (),
        figures=read_figures(text, sections, year=year, org=org) if form else (),
        checks=official.checks,
        problems=tuple(problems),
        attachments=attachments + tuple(Link(src, "") for src in document.images if pictured and not src.startswith("data:")),
        text=text,
    )
    numbers = totals(report.cells)
    checks = (*report.checks, *plausibility(report, numbers), *prose_checks(report, numbers))
    return replace(report, checks=checks)


def _official(document: Document, year: int | None, org: str | None) -> Official:
    """The annual tables; where none of their cells could be placed, a statistical table of which some could."""
    annual = read_annual(document.blocks, year, org, document.recognised)
    if annual.form_id is None:
        return read_statistics(document.blocks, year, org, annual.problems, document.recognised)
    if all(cell.status in ("unreadable", "absent") for cell in annual.cells):
        older = read_statistics(document.blocks, year, org, (), document.recognised)
        return older if any(cell.status == "reported" for cell in older.cells) else annual
    return annual


def _attachments(links: Iterable[Link]) -> Iterable[Link]:
    return dict.fromkeys(link for link in links if ATTACHMENT.search(unquote(link.href)))


def _prose_form(title: str | None, sections: tuple[Section, ...], text: str) -> str | None:
    """``prose`` for a report without any official table: told by its title and body, or by its sections alone."""
    kind = classify_title(title) if title else "maybe"
    if kind == "report" and (sections or _prose_length(text) > _LITTLE_PROSE):
        return "prose"
    return "prose" if kind == "maybe" and len(sections) >= 4 else None


def _carried_elsewhere(
    title: str | None, text: str, attachments: tuple[Link, ...], document: Document
) -> Problem | None:
    """A page with a report's title and next to no prose: its report is an attachment or a picture."""
    if title is None or classify_title(title) == "other" or _prose_length(text) > _LITTLE_PROSE:
        return None
    named = [link.text or link.href for link in attachments] or _NAMED_FILE.findall(text) or _POINTS_TO.findall(text)
    if named:
        names = ", ".join(named[:3])
        return Problem("attachment_only", f"the report is not on the page but in its attachment: {names}")
    if document.images:
        return Problem("image_only", f"the report is a picture: {_listed(document.images)}")
    return None


def _prose_length(text: str) -> int:
    """The length of the lines that hold a sentence: menus, lists and feet do not."""
    return sum(len(line) for line in text.split("\n") if "。" in line)


def _pictured(document: Document, sections: tuple[Section, ...], official: Official) -> Problem | None:
    """A page with the headings of tables, nothing under them, and pictures: the tables are pictures."""
    if not document.images:
        return None
    read = {summary.table for summary in official.tables if summary.verdict != "absent"}
    bare = {section.section for section in sections if len(section.text) < _LITTLE_UNDER_A_HEADING}
    missing = [table for number, table in enumerate(ANNUAL_TABLES, 2) if table not in read and number in bare]
    if not missing:
        return None
    return Problem("image_only", f"{', '.join(missing)}: not on the page as text, but maybe as a picture: {_listed(document.images)}")


def _listed(images: tuple[str, ...]) -> str:
    return ", ".join(image[:100] for image in images[:3]) + (f" and {len(images) - 3} more" if len(images) > 3 else "")


def _absent_tables(year: int | None) -> tuple[TableSummary, ...]:
    """The tables that a report of that year should have and this one has not."""
    if year is not None and year < _FIRST_ANNUAL_YEAR:
        return (TableSummary.of("statistics", _expected_form(year), "absent"),)
    form = _expected_form(year)
    return tuple(TableSummary.of(table_id, form, "absent") for table_id in ANNUAL_TABLES)


def _expected_form(year: int | None) -> str:
    forms = load_forms().values()
    if year is None:
        return next(iter(forms)).id
    return next((form.id for form in forms if form.years[0] <= year <= form.years[1]), "pre2014")


