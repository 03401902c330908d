"""The Report and its rows: what ``parse`` returns. Column names are the contract of the dataset.

Everything here is immutable. ``value`` of a cell is a number exactly when its ``status`` is ``reported``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, NamedTuple

from parsers.document import Link

Number = int | float
Status = Literal["reported", "blank", "mark", "unreadable", "absent"]
Verdict = Literal["proved", "proved_blank_as_zero", "contradicted", "unproved", "absent"]
CheckStatus = Literal["pass", "fail", "not_assessable"]

STATUSES: tuple[Status, ...] = ("reported", "blank", "mark", "unreadable", "absent")


class Cell(NamedTuple):
    """One cell of an official table.

    ``table`` is ``proactive``, ``applications``, ``disputes`` or ``statistics``; ``applicant`` is None outside
    ``applications``; ``raw`` is the text as printed (None when absent; where it is not certain which text is meant, all that
    may be, parted by ¦, which stands alone where that cannot be said); ``note`` what the reader adds or what stood in brackets;
    ``locator`` the address of the printed cell (None when absent); ``label_raw`` and ``period`` (``year`` or
    ``cumulative``) serve ``statistics``. ``indicator`` is "" where a statistics label has no canonical name.
    """

    table: str
    indicator: str
    applicant: str | None
    value: Number | None
    status: Status
    raw: str | None
    note: str | None
    unit: str | None
    locator: str | None
    label_raw: str | None = None
    period: str | None = None


class TableSummary(NamedTuple):
    """One official table of the report: the form it was read by, its verdict, its cells by status."""

    table: str
    form: str
    verdict: Verdict
    n_reported: int
    n_blank: int
    n_mark: int
    n_unreadable: int
    n_absent: int

    @classmethod
    def of(cls, table: str, form: str, verdict: Verdict, cells: Iterable[Cell] = ()) -> TableSummary:
        """The summary of a table that holds these cells; none where it is absent."""
        statuses = [cell.status for cell in cells]
        return cls(table, form, verdict, *map(statuses.count, STATUSES))


class Section(NamedTuple):
    """One of the six sections: number 1-6, the heading as printed, the prose below it."""

    section: int
    title: str
    text: str


class Figure(NamedTuple):
    """A number stated in prose. ``text`` is its sentence; ``start``/``end`` its place in ``Report.text``."""

    indicator: str
    value: Number
    unit: str | None
    text: str
    start: int
    end: int


class Check(NamedTuple):
    """One check of DOMAIN chapter 5 on this report alone. ``severity`` is ``E``, ``W`` or ``I``."""

    check: str
    status: CheckStatus
    left: Number | None
    right: Number | None
    detail: str
    severity: str = "E"


class Problem(NamedTuple):
    """Something that was not read, and why: ``code`` is a stable name (``blocked``, ``soft_404`` ...)."""

    code: str
    message: str


class Official(NamedTuple):
    """What the official tables of a page say; ``form_id`` is None where it holds none."""

    form_id: str | None
    cells: tuple[Cell, ...]
    tables: tuple[TableSummary, ...]
    checks: tuple[Check, ...]
    problems: tuple[Problem, ...]


class Metadata(NamedTuple):
    """Metadata fields as printed at the head of the page or in <meta> tags; dates are ISO (YYYY-MM-DD)."""

    title: str | None = None
    index_no: str | None = None
    category: str | None = None
    topic: str | None = None
    genre: str | None = None
    audience: str | None = None
    publisher: str | None = None
    date_created: str | None = None
    date_published: str | None = None
    disclosure_method: str | None = None
    disclosure_scope: str | None = None
    disclosure_term: str | None = None
    doc_no: str | None = None
    unified_no: str | None = None
    validity: str | None = None
    keywords: str | None = None
    summary: str | None = None
    site_name: str | None = None
    site_id_code: str | None = None
    column_name: str | None = None


@dataclass(frozen=True)
class Report:
    """One report as read from one payload.

    ``form`` is ``2021``, ``2019``, ``2014``, ``pre2014``, ``local`` or ``prose``, None where the page is no report at all
    (then ``problems`` says why). ``report_year`` is the year reported on, never a date's year. ``org_name`` is
    the organ named by the title. ``text`` is the prose of the page, one line a paragraph: the text that figures point into.
    ``attachments`` are links of the page to documents. ``payload`` are the bytes that were read: those that locators point into.
    """

    url: str | None
    kind: str
    encoding: str | None
    payload: bytes = field(repr=False)
    title: str | None
    org_name: str | None
    report_year: int | None
    form: str | None
    metadata: Metadata
    cells: tuple[Cell, ...]
    tables: tuple[TableSummary, ...]
    sections: tuple[Section, ...]
    figures: tuple[Figure, ...]
    checks: tuple[Check, ...]
    problems: tuple[Problem, ...]
    attachments: tuple[Link, ...] = ()
    text: str = ""

    @cached_property
    def sha256(self) -> str:
        """SHA-256 of the payload in hexadecimal digits. Not reckoned before it is asked for: it takes a tenth of the time of reading."""
        return hashlib.sha256(self.payload).hexdigest()

    @property
    def is_report(self) -> bool:
        """Whether the payload is an annual report (of any form, prose included)."""
        return self.form is not None
