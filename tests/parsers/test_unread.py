"""What no table took up: cells that may be among it are unreadable, not absent."""

from __future__ import annotations

from dataclasses import replace

from parsers.document import Document, Paragraph, Table, TableCell
from parsers.model import Report
from parsers.report import report_of

HEAD = (("信息内容", "本年制发件数", "本年废止件数", "现行有效件数"), ("规章", "1", "2", "3"))
NORMS = ("行政规范性文件", "4", "5", "6")


def page(*rows: tuple[str, ...], kind: str = "pdf") -> Document:
    return Document(kind, (Table("table[1]", tuple(tuple(map(TableCell, row)) for row in (*HEAD, *rows))),))


def norms(report: Report) -> list[tuple[str, bool]]:
    """Status of the three cells of normative documents, and whether they say why."""
    return [(cell.status, cell.note is not None) for cell in report.cells if cell.indicator.startswith("normative_docs")]


def test_what_a_page_does_not_print_is_absent() -> None:
    assert norms(report_of(page(), "")) == [("absent", False)] * 3
    assert norms(report_of(page(NORMS), "")) == [("reported", False)] * 3


def test_lines_of_numbers_left_unread_leave_open_what_is_absent() -> None:
    report = report_of(replace(page(), unread=("page[2]/box[60,100,500,110]",)), "")
    assert norms(report) == [("unreadable", True)] * 3
    assert next(table.n_absent for table in report.tables if table.table == "proactive") == 0
    named = [problem.message for problem in report.problems if problem.code == "table_not_read"]
    assert [message.partition(":")[0] for message in named] == ["applications", "disputes"]
    assert all("page[2]/box[60,100,500,110]" in message for message in named)


def test_numbers_of_a_row_whose_label_is_lost_leave_open_what_is_absent() -> None:
    torn = ("", "4", "5", "6")
    assert norms(report_of(page(torn), "")) == [("unreadable", True)] * 3
    assert norms(report_of(page(torn, kind="html"), "")) == [("absent", False)] * 3  # there rows are printed as such


def test_a_row_with_its_values_open_is_not_absent() -> None:
    assert norms(report_of(page(("事项", "4 ¦", "5 ¦", "6 ¦"), kind="text"), "")) == [("unreadable", True)] * 3


def test_a_table_that_follows_on_one_that_was_read_may_hold_what_is_absent() -> None:
    """As below a page break, where nothing tells that it is the same table."""
    rest = Table("table[2]", (tuple(map(TableCell, ("性文件", "4", "5", "6"))),))
    document = page()
    assert norms(report_of(replace(document, blocks=(*document.blocks, rest)), "")) == [("unreadable", True)] * 3
    apart = replace(document, blocks=(*document.blocks, Paragraph("附表", "p[1]"), rest))
    assert norms(report_of(apart, "")) == [("absent", False)] * 3
