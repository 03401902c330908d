"""Tables without lines whose rows a page break cuts, and whose values carry remarks on several lines, read from printed PDFs."""

from __future__ import annotations

import pytest

pytest.importorskip("pypdfium2", reason="reading PDF needs the extra nianbao[pdf]")
pytest.importorskip("reportlab", reason="these tests print their PDFs with reportlab")

import pypdfium2

from parsers import parse
from tests.pagegen.generate import draft, truth_of
from tests.pagegen.model import Draft
from tests.parsers.carriers.carrier_render import Print, pdf_of


def _cut_label(page: Draft, body: bytes) -> str:
    """The line at the top of a page that ends a label of the page before; "" if no page break cuts a label."""
    labels = [cell.text for table in page.tables() for row in table.rows for cell in row if cell.role == "label"]
    pages = [sheet.get_textpage().get_text_range().split("\r\n") for sheet in pypdfium2.PdfDocument(body)]
    tops = [line for lines in pages[1:] for line in lines[:2]]
    return next((top for top in tops for label in labels if len(top) > 2 and label != top and label.endswith(top)), "")


def _assert_all_read(page: Draft, body: bytes) -> None:
    read = {(c.table, c.indicator, c.period or c.applicant): c.value for c in parse(body).cells}
    assert {key: read.get(key) for key in truth_of(page)} == {key: value for key, (value, _) in truth_of(page).items()}


def _remark(page: Draft) -> None:
    """One value with a remark that takes several lines of its cell."""
    table = next(table for table in page.tables() if table.name == "proactive")
    cell = [cell for row in table.rows for cell in row if cell.role == "value"][3]
    cell.say(f"{cell.text}（其中修订{cell.text}件，另有{cell.text}件待修订）")


@pytest.mark.parametrize(("top", "valign"), [(115.0, "middle"), (115.0, "top"), (140.0, "top")])
def test_a_label_that_goes_on_after_a_page_break_keeps_its_row(top: float, valign: str) -> None:
    page = draft(5, "2021")
    body = pdf_of(page, Print(ruling="none", cut_rows=True, flow="over", top=top, valign=valign))
    assert _cut_label(page, body)
    _assert_all_read(page, body)


def test_a_remark_on_several_lines_is_part_of_its_number() -> None:
    for size in (9.0, 10.5):
        page = draft(3, "2021")
        _remark(page)
        _assert_all_read(page, pdf_of(page, Print(ruling="none", valign="top", size=size)))
