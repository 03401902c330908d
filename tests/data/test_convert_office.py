"""Old office files, converted by the LibreOffice that is installed."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from data import convert
from data.convert import ConversionError, NeedsLibreOffice, convert_office, find_libreoffice, suffix_by_content, target_of
from data.reading import readable
from parsers import parse
from parsers.carriers.recognise import recognise
from parsers.payload import read_document
from tests.pagegen.generate import draft, truth_of

needs_libreoffice = pytest.mark.skipif(find_libreoffice() is None, reason="LibreOffice is not installed")


def test_targets() -> None:
    assert [target_of(s) for s in (".doc", ".WPS", ".xls", ".et", ".rtf", ".ppt")] == [
        "docx", "docx", "xlsx", "xlsx", "docx", "pdf",
    ]  # fmt: skip


def test_missing_libreoffice_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(NeedsLibreOffice, match="install"):
        convert_office(b"x", ".doc")
    assert NeedsLibreOffice.code == "needs_libreoffice"


def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """A program in LibreOffice's place that behaves badly."""
    program = tmp_path / "soffice"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")


def test_time_limit_ends_the_process_and_its_children(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mark = tmp_path / "still-alive"
    fake(tmp_path, monkeypatch, f"(sleep 3; touch {mark}) & wait")
    with pytest.raises(ConversionError) as error:
        convert_office(b"x", ".doc", timeout_s=0.3)
    assert error.value.code == "timeout"
    import time

    time.sleep(3.2)
    assert not mark.exists()


def test_failure_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake(tmp_path, monkeypatch, "echo 'source file could not be loaded' >&2")
    with pytest.raises(ConversionError, match="could not be loaded") as error:
        convert_office(b"x", ".doc")
    assert error.value.code == "conversion_failed"


def made_by_libreoffice(body: bytes, suffix: str, to: str, monkeypatch: pytest.MonkeyPatch) -> bytes:
    """A file in an old format, written by LibreOffice itself."""
    filters = {"doc": "doc:MS Word 97", "rtf": "rtf:Rich Text Format", "xls": "xls:MS Excel 97", "ods": "ods:calc8", "pdf": "pdf"}
    with monkeypatch.context() as patch:
        patch.setitem(convert._TARGETS, suffix, to)
        patch.setitem(convert._FILTERS, to, filters[to])
        return convert_office(body, suffix, timeout_s=120)


@needs_libreoffice
@pytest.mark.parametrize(
    ("to", "seed", "form"), [("doc", 1, "2021"), ("rtf", 2, "2019"), ("xls", 3, "2021"), ("ods", 5, "2021"), ("pdf", 4, "2021")]
)
def test_converted_files_read_every_number(to: str, seed: int, form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("docx")
    pytest.importorskip("openpyxl")
    from tests.parsers.carriers.carrier_render import docx_of, xlsx_of

    page = draft(seed, form)
    source, suffix = (xlsx_of(page), ".xlsx") if to in ("xls", "ods") else (docx_of(page), ".docx")
    body = made_by_libreoffice(source, suffix, to, monkeypatch)
    if to != "pdf":
        assert recognise(body) == {"rtf": "rtf", "ods": "odf"}.get(to, "ole")
        assert [p.code for p in parse(body).problems] == ["needs_libreoffice"]
        assert suffix_by_content(body) == f".{to}"
        assert suffix_by_content(readable(body, "attachment")) is None
        body = convert_office(body, f".{to}", timeout_s=120)
    read = {(c.table, c.indicator, c.period or c.applicant): c.value for c in parse(body).cells}
    for (table, name, column), (value, _) in truth_of(page).items():
        assert read.get((table, name, column)) == value


@needs_libreoffice
def test_workbooks_of_excel_2003_in_one_xml_file() -> None:
    body = (
        '<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
        'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="S"><Table><Row><Cell><Data ss:Type="String">甲</Data>'
        '</Cell><Cell ss:MergeAcross="1"><Data ss:Type="Number">3</Data></Cell></Row><Row><Cell><Data ss:Type="String">乙</Data></Cell>'
        '<Cell ss:Index="3"><Data ss:Type="Number">4</Data></Cell></Row></Table></Worksheet></Workbook>'
    ).encode()
    (table,) = read_document(readable(body, "a.doc")).tables()
    assert [[(cell.text, cell.colspan) for cell in row] for row in table.rows] == [[("甲", 1), ("3", 2)], [("乙", 1), ("", 1), ("4", 1)]]
