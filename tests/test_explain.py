"""nianbao explain: the printed cell, its labels, its sums; on pages, on datasets, and where something is missing."""

from __future__ import annotations

import shutil
import sys
from contextlib import redirect_stderr, redirect_stdout
from io import BytesIO, StringIO
from pathlib import Path

import pandas as pd
import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

import cli
from data.build import build
from data.errors import DatasetError, InputError
from data.explain import explain_source
from parsers.carriers.extra import missing
from parsers.explain import UnknownCellError, explain
from tests.pagegen import generate
from tests.pagegen.generate import draft, truth_of
from tests.pagegen.model import Draft
from tests.parsers.carriers.picture_render import chinese_font, file_of, picture_of, table_of

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared" / "pages"
real = pytest.mark.skipif(not SHARED.exists(), reason="the shared pages are not here")


def run(*arguments: object) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of the command, in this process."""
    out, err = StringIO(), StringIO()
    argv, sys.argv = sys.argv, ["nianbao", "explain", *map(str, arguments)]
    try:
        with redirect_stdout(out), redirect_stderr(err), pytest.raises(SystemExit) as stop:
            cli.main()
    finally:
        sys.argv = argv
    return int(stop.value.code or 0), out.getvalue(), err.getvalue()


# ---- the pure part


@pytest.mark.parametrize(
    ("seed", "form", "manglings"),
    [(3, "2021", []), (5, "2021", ["cut_in_two"]), (2, "2019", ["repeated_header"]), (4, "2014", []), (1, "2021", ["shifted_row"])],
)
def test_every_printed_cell_is_found_at_its_place(seed: int, form: str, manglings: list[str]) -> None:
    page = generate(seed, form, manglings)
    found = explain(page.body, content_type=page.content_type)
    shown = 0
    for cell in found.cells:
        explained = found.cell(cell)
        if cell.locator is None:
            assert explained.place is None
            continue
        assert explained.place is not None
        printed = found.printed[explained.place.table].rows[explained.place.row][explained.place.cell]
        assert printed.text == cell.raw
        shown += 1
    assert shown > 40


def test_sums_of_a_cell_and_their_numbers() -> None:
    page = generate(3, "2021")
    found = explain(page.body, content_type=page.content_type)
    (cell,) = found.find("concluded", "business")
    explained = found.cell(cell)
    assert [(s.check, s.where) for s in explained.sums] == [("C-T3-01", "business"), ("C-T3-02", "business"), ("C-T3-03", "concluded")]
    flow, parts, row = explained.sums
    truth = {key[1:]: value for key, (value, _) in page.truth.items() if key[0] == "applications"}
    assert flow.left_sum == truth["new_requests", "business"] + truth["carried_over", "business"]
    assert flow.right_sum == truth["concluded", "business"] + truth["carried_forward", "business"]
    assert parts.left_sum == truth["concluded", "business"]
    assert row.left_sum == truth["concluded", "total"]
    assert (len(flow.left), len(flow.right), len(parts.right), len(row.right)) == (2, 2, 21, 6)
    assert explained.labels[0].endswith("总计")
    assert explained.labels[-1].endswith("商业企业")


def test_names_that_are_not_there() -> None:
    page = generate(3, "2021")
    found = explain(page.body)
    with pytest.raises(UnknownCellError, match="did you mean disclosed"):
        found.find("disclosd")
    with pytest.raises(UnknownCellError, match="did you mean natural_person"):
        found.find("disclosed", "naturalperson")
    with pytest.raises(UnknownCellError, match="not divided by applicant"):
        found.find("review_total", "business")
    with pytest.raises(UnknownCellError, match="leave the indicator out"):
        found.find("zzzzzz")


@pytest.mark.parametrize("body", [b"", b"\xff\xfe\x00" * 50, b"<table><td>1" * 40, b"%PDF-1.7 nothing"])
def test_bytes_that_are_no_report(body: bytes) -> None:
    found = explain(body)
    assert (found.form, found.cells) == (None, ())
    assert found.problems


# ---- pages


@real
def test_a_page_that_contradicts_itself() -> None:
    found = explain((SHARED / "pingtan-2020" / "page.html").read_bytes())
    table = next(table for table in found.tables() if table.summary.table == "applications")
    # 6 + 6 + 4 + 3 + 3 + 4 = 26 persons' requests where the page counts 20.
    assert [(s.check, s.where, s.left_sum, s.right_sum) for s in table.failing] == [
        ("C-T3-02", "natural_person", 20, 26),
        ("C-T3-02", "total", 21, 27),
    ]
    assert table.suspects is not None
    assert "disclosed.natural_person and disclosed.total" in table.suspects


@real
def test_what_is_printed_for_a_cell() -> None:
    code, out, err = run(SHARED / "pingtan-2020" / "page.html", "disclosed", "--applicant", "natural_person")
    assert (code, err) == (0, "")
    assert "disclosed.natural_person = 6  (applications)" in out
    assert "locator    table[2]/tr[6]/td[3]" in out
    assert "（一）予以公开 > 申请人情况 / 自然人" in out
    assert "| （一）予以公开 | >>6<< | 0 | 0 | 0 | 0 | 1 | 7" in out
    assert "(20 is not = 26)" in out
    assert "total 7 = natural_person 6 + other_org 1 + 4 that are 0   (7 = 7)" in out


@real
def test_money_keeps_what_was_printed() -> None:
    _, out, _ = run(SHARED / "shanghai-bgt-2019" / "page.html", "procurement_amount_yuan")
    assert "procurement_amount_yuan = 251,000" in out
    assert 'printed    "251000元"' in out
    assert "| >>251000元<<" in out


@real
def test_an_overview_names_failing_sums_and_what_to_ask_for() -> None:
    code, out, _ = run(SHARED / "pingtan-2020" / "page.html")
    assert code == 0
    assert "applications  contradicted" in out
    assert "all sums would hold if this were different" in out
    assert "procurement_amount_yuan" in out
    assert "--applicant  natural_person" in out


def test_prose_figures_are_explained_too(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_bytes(
        "<h1>示例市示例局2016年政府信息公开工作年度报告</h1><h2>一、概述</h2><p>全年收到政府信息公开申请12件。</p>"
        "<h2>二、主动公开政府信息情况</h2><p>按时公开。</p>".encode()
        + "<p>本机关推进工作。</p>".encode() * 60
    )
    code, out, _ = run(page, "requests_received")
    assert code == 0
    assert "requests_received = 12" in out
    assert "全年收到政府信息公开申请12件" in out


def test_wrong_questions_get_one_line(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_bytes(generate(3, "2021").body)
    nothing = tmp_path / "news.html"
    nothing.write_text("<p>新闻</p>", encoding="utf-8")
    (tmp_path / "folder").mkdir()
    noise = tmp_path / "noise.bin"
    noise.write_bytes(bytes(range(256)) * 8)
    for arguments, code, words in [
        ((page, "disclosd"), 2, "did you mean disclosed"),
        ((page, "disclosed", "--applicant", "buisness"), 2, "did you mean business"),
        ((page, "one", "two"), 2, "at most an indicator"),
        ((tmp_path / "none.html",), 2, "no such file"),
        ((tmp_path / "folder",), 2, "no single page"),
        ((nothing,), 1, "no annual report was found"),
        ((noise,), 2, "no annual report was found"),
    ]:
        status, _, err = run(*arguments)
        assert (status, err.count("\n")) == (code, 1), err
        assert words in err


# ---- datasets


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    folder = tmp_path / "saved" / "deep"
    folder.mkdir(parents=True)
    for seed in (3, 8):
        (folder / f"{seed}.html").write_bytes(generate(seed, "2021").body)
    return tmp_path / "saved"


def report_id(dataset: Path, source: str) -> str:
    reports = pd.read_csv(dataset / "reports.csv")
    return str(reports[reports["source"].str.endswith(source)]["report_id"].item())


def test_a_report_of_a_dataset(pages: Path, tmp_path: Path) -> None:
    dataset = tmp_path / "dataset"
    build([pages], dataset, jobs=1)
    name = report_id(dataset, "deep/3.html")
    truth = generate(3, "2021").truth
    found = explain_source(str(dataset), [name, "concluded_np"])
    (cell,) = found.cells
    assert (cell.applicant, cell.value) == ("natural_person", truth["applications", "concluded", "natural_person"][0])
    assert found.notes == ()
    assert found.explanation.cell(cell).place is not None
    overview = explain_source(str(dataset), [name])
    assert {table.summary.table: table.summary.verdict for table in overview.explanation.tables()} == {
        "proactive": "unproved", "applications": "proved", "disputes": "proved"
    }  # fmt: skip
    with pytest.raises(DatasetError, match=f"did you mean.*{name}"):
        explain_source(str(dataset), [name[:-1] + "7"])
    with pytest.raises(InputError, match="say which report"):
        explain_source(str(dataset))


def test_a_payload_that_is_gone_is_said_and_the_rest_is_shown(pages: Path, tmp_path: Path) -> None:
    dataset = tmp_path / "dataset"
    build([pages], dataset, jobs=1)
    name = report_id(dataset, "deep/3.html")
    elsewhere = tmp_path / "elsewhere"
    pages.rename(elsewhere)
    code, out, err = run(dataset, name, "concluded")
    assert (code, err.count("\n")) == (2, 1)
    assert "is no longer there" in err
    assert "concluded.total =" in out
    assert "pass           C-T3-01 total" in out
    assert "as printed" not in out
    code, out, err = run(dataset, name, "concluded", "--archive", elsewhere)
    assert (code, err) == (0, "")
    assert "as printed" in out
    # A page that changed since is not taken for the one that was read.
    (elsewhere / "deep" / "3.html").write_bytes(generate(4, "2021").body)
    assert explain_source(str(dataset), [name, "concluded"], archives=[elsewhere]).missing


def test_a_dataset_made_from_a_warc_file(tmp_path: Path) -> None:
    url = "https://www.example.gov.cn/art/2024/1/18/art_1_1.html"
    warc = tmp_path / "old.warc.gz"
    page = generate(3, "2021")
    with warc.open("wb") as handle:
        writer = WARCWriter(handle, gzip=True)
        headers = StatusAndHeaders("200 OK", [("Content-Type", page.content_type)], protocol="HTTP/1.1")
        writer.write_record(writer.create_warc_record(url, "response", payload=BytesIO(page.body), http_headers=headers))
    dataset = tmp_path / "dataset"
    build([warc], dataset, jobs=1)
    name = report_id(dataset, "art_1_1.html")
    found = explain_source(str(dataset), [name, "concluded"])
    assert found.missing is None
    assert found.explanation.printed
    # The dataset alone, carried elsewhere: its memory of inputs goes with it, the archive is named.
    shutil.rmtree(dataset / ".build")
    assert explain_source(str(dataset), [name, "concluded"]).missing
    assert explain_source(str(dataset), [name, "concluded"], archives=[warc]).missing is None
    warc.write_bytes(warc.read_bytes()[:200])
    assert explain_source(str(dataset), [name, "concluded"], archives=[warc]).missing


# ---- pictures


@pytest.mark.skipif(missing() or chinese_font() is None, reason="needs the extra nianbao[ocr] and a font with Chinese characters")
def test_a_cell_of_a_picture_beside_the_page(tmp_path: Path) -> None:
    page = draft(2, "2021")
    (tmp_path / "table.png").write_bytes(file_of(picture_of(table_of(page, "disputes"))))
    title = "示例市示例局2023年政府信息公开工作年度报告"
    prose = "<p>示例局认真贯彻落实条例要求，推进政府信息公开工作。</p>" * 12
    (tmp_path / "page.html").write_text(
        f"<html><h1>{title}</h1><h2>一、总体情况</h2>{prose}<h2>四、政府信息公开行政复议、行政诉讼情况</h2><img src='table.png'>"
        f"<h2>五、存在的主要问题及改进情况</h2>{prose}</html>",
        encoding="utf-8",
    )
    truth = page_value(page, "review_total")
    code, out, err = run(tmp_path / "page.html", "review_total")
    assert (code, err) == (0, "")
    assert f"review_total = {truth}  (disputes)" in out
    assert f">>{truth}<<" in out
    for words in ("note       ocr", "picture[1]/page[1]/box[", "行政复议 / 总计", "pass"):
        assert words in out


def page_value(page: Draft, indicator: str) -> object:
    """The number that the draft prints."""
    return next(value for key, (value, _) in truth_of(page).items() if key[1] == indicator)
