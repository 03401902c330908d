"""Pages whose tables are pictures: where the pictures are looked for, what is read, and what is said without the extra."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from data.build import build
from data.dataset import open_dataset
from data.extract import extract
from data.payloads import read_payload
from data.pictures import beside, embedded, online
from data.reading import read_report
from data.state import State
from data.workers import Answer as Worked
from data.workers import Task
from parsers import parse
from parsers.annual.planning import ANNUAL_TABLES
from parsers.carriers import extra
from parsers.carriers.extra import HINT
from parsers.model import Report
from scraper.crawl import CrawlOptions, crawl
from scraper.sites import site_from_url
from tests.pagegen.generate import draft, truth_of
from tests.parsers.carriers.picture_render import chinese_font, file_of, picture_of, table_of
from tests.scraper.conftest import Answer, Loopback, Pages

TITLE = "示例市示例局2023年政府信息公开工作年度报告"
needs_engine = pytest.mark.skipif(
    extra.missing() or chinese_font() is None, reason="needs the extra nianbao[ocr] and a font with Chinese characters"
)


def page(picture: str) -> bytes:
    """A report whose table four is a picture."""
    prose = "<p>示例局认真贯彻落实条例要求，推进政府信息公开工作，保障公众的知情权。</p>" * 12
    return (
        f"<html><head><title>{TITLE}</title></head><body><img src='logo.gif' width='40'>"
        f"<h1>{TITLE}</h1><h2>一、总体情况</h2>{prose}<h2>四、政府信息公开行政复议、行政诉讼情况</h2><img src='{picture}'>"
        f"<h2>五、存在的主要问题及改进情况</h2>{prose}</body></html>"
    ).encode()


@pytest.fixture(scope="module")
def picture() -> bytes:
    return file_of(picture_of(table_of(draft(2, "2021"), "disputes")))


def assert_read(report: Report) -> None:
    truth = {k: value for k, (value, _) in truth_of(draft(2, "2021")).items() if k[0] == "disputes"}
    read = {(c.table, c.indicator, c.applicant): c.value for c in report.cells if c.table == "disputes"}
    assert read == truth
    assert {t.table: t.verdict for t in report.tables}["disputes"] == "proved"
    assert {(c.note, c.locator.split("/")[0]) for c in report.cells if c.locator} == {("ocr", "picture[1]")}


def test_tables_as_pictures_are_a_problem_with_their_addresses() -> None:
    report = parse(page("images/table.png"))
    problem = next(p for p in report.problems if p.code == "image_only")
    assert "disputes" in problem.message
    assert "images/table.png" in problem.message
    assert "logo.gif" not in problem.message
    assert report.form == "prose"
    assert [link.href for link in report.attachments] == ["images/table.png"]


def test_a_picture_under_a_heading_with_its_table_is_no_problem() -> None:
    table = "<table>" + "<tr>" + "<td>0</td>" * 15 + "</tr></table>"
    head = (
        "<table><tr><td colspan=5>行政复议</td><td colspan=10>行政诉讼</td></tr>"
        "<tr><td rowspan=2>结果维持</td><td rowspan=2>结果纠正</td><td rowspan=2>其他结果</td><td rowspan=2>尚未审结</td>"
        "<td rowspan=2>总计</td><td colspan=5>未经复议直接起诉</td><td colspan=5>复议后起诉</td></tr>"
        "<tr>" + "<td>结果维持</td><td>结果纠正</td><td>其他结果</td><td>尚未审结</td><td>总计</td>" * 2 + "</tr>"
    )
    whole = head + table.removeprefix("<table>")
    body = page("images/seal.png").decode().replace("<img src='images", f"{whole}<img src='images").encode()
    assert "image_only" not in {problem.code for problem in parse(body).problems}


@needs_engine
def test_the_picture_beside_a_saved_page(tmp_path: Path, picture: bytes) -> None:
    (tmp_path / "report_files").mkdir()
    (tmp_path / "report_files" / "表 一.png").write_bytes(picture)
    (tmp_path / "report.html").write_bytes(page("./report_files/%E8%A1%A8%20%E4%B8%80.png?v=1"))
    report = next(extract([str(tmp_path / "report.html")])).report
    assert report is not None
    assert_read(report)
    assert (report.title, report.org_name, report.report_year) == (TITLE, "示例市示例局", 2023)
    assert [section.section for section in report.sections] == [1, 4, 5]
    assert [problem.code for problem in report.problems] == ["ocr"]


@needs_engine
def test_the_picture_inside_the_page(picture: bytes) -> None:
    address = "data:image/png;base64," + base64.b64encode(picture).decode()
    assert_read(read_report(page(address), name="page.html"))


@needs_engine
def test_a_picture_as_a_file(tmp_path: Path, picture: bytes) -> None:
    (tmp_path / "table.png").write_bytes(picture)
    found = next(extract([str(tmp_path / "table.png")]))
    assert found.report is not None
    assert {t.table: t.verdict for t in found.report.tables}["disputes"] == "proved"


@needs_engine
def test_a_folder_of_saved_pages_with_their_pictures(tmp_path: Path, picture: bytes) -> None:
    pages = tmp_path / "pages"
    (pages / "report_files").mkdir(parents=True)
    (pages / "report_files" / "table.png").write_bytes(picture)
    (pages / "report.html").write_bytes(page("report_files/table.png"))
    build([pages], tmp_path / "dataset", jobs=1)
    dataset = open_dataset(tmp_path / "dataset")
    assert list(dataset.frame("reports")["org_name"]) == ["示例市示例局"]
    cells = dataset.frame("cells")
    truth = {k[1]: value for k, (value, _) in truth_of(draft(2, "2021")).items() if k[0] == "disputes"}
    assert {row.indicator: row.value for row in cells.itertuples() if row.table == "disputes"} == truth
    assert set(cells[cells["table"] == "disputes"]["note"]) == {"ocr"}


def test_without_the_extra_it_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("data.reading", "parsers.carriers.picture", "parsers.carriers.page.pages", "parsers.carriers.pdf"):
        monkeypatch.setattr(f"{module}.missing", lambda: True)
    for report in (read_report(page("a.png")), parse(file_of(_white()))):
        problem = next(p for p in report.problems if p.code == "image_only")
        assert "pip install nianbao[ocr]" in problem.message
        assert all(cell.value is None for cell in report.cells)


def _white() -> Any:
    image = pytest.importorskip("PIL.Image")
    return image.new("L", (800, 600), 255)


def test_missing_pictures_leave_the_problem(tmp_path: Path) -> None:
    (tmp_path / "report.html").write_bytes(page("gone.png"))
    report = next(extract([str(tmp_path / "report.html")])).report
    assert report is not None
    assert "image_only" in [problem.code for problem in report.problems]


def test_only_the_folder_of_the_page_is_looked_into(tmp_path: Path) -> None:
    folder = tmp_path / "page"
    folder.mkdir()
    (tmp_path / "secret.png").write_bytes(b"secret")
    (folder / "inside.png").write_bytes(b"inside")
    (folder / "link.png").symlink_to(tmp_path / "secret.png")
    find = beside(folder / "page.html")
    assert find("inside.png") == b"inside"
    assert find("./inside.png#part") == b"inside"
    for address in (
        "../secret.png", "%2e%2e/secret.png", str(tmp_path / "secret.png"), f"file://{tmp_path}/secret.png", "link.png",
        "http://127.0.0.1/inside.png", "//host/inside.png", "", "no\0name.png", "x" * 5000,
    ):  # fmt: skip
        assert find(address) is None, address


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("data:image/png;base64,AAEC", b"\0\1\2"),
        ("DATA:image/gif;charset=x;base64,AA EC\n", b"\0\1\2"),
        ("data:image/svg+xml,%3Csvg/%3E", b"<svg/>"),
        ("data:text/html;base64,AAEC", None),
        ("data:image/png;base64,A", None),
        ("images/a.png", None),
    ],
)
def test_pictures_in_addresses(address: str, expected: bytes | None) -> None:
    assert embedded(address) == expected


def test_pictures_are_asked_of_the_pages_own_site_only() -> None:
    own, other = Loopback(), Loopback()
    try:
        own.routes["/picture.png"] = other.routes["/picture.png"] = Answer(b"picture", kind="image/png")
        find = online(own.url("/report.html"), "test")
        assert find("picture.png") == b"picture"
        assert find(other.url("/picture.png").replace("127.0.0.1", "localhost")) is None
        assert other.hits == []
    finally:
        own.close()
        other.close()


def crawled(folder: Path, pictures: dict[str, bytes], body: bytes) -> Path:
    """The archive of a crawl of a site on loopback with one report page and its pictures."""
    web = Loopback()
    try:
        web.routes["/xxgk/"] = Pages.column({"/xxgk/1/report.html": TITLE})
        web.routes["/xxgk/1/report.html"] = body
        web.routes |= {f"/xxgk/1/{name}": Answer(picture, kind="image/png") for name, picture in pictures.items()}
        crawl([site_from_url(web.url("/xxgk/"))], folder, CrawlOptions(delay=0.0, retry_base=0.02))
    finally:
        web.close()
    return folder


def three_pictures() -> bytes:
    """A report whose three tables are pictures."""
    prose = "<p>示例局认真贯彻落实条例要求，推进政府信息公开工作，保障公众的知情权。</p>" * 12
    heads = ("二、主动公开政府信息情况", "三、收到和处理政府信息公开申请情况", "四、政府信息公开行政复议、行政诉讼情况")
    tables = "".join(f"<h2>{head}</h2><img src='{name}.png'>" for head, name in zip(heads, ANNUAL_TABLES, strict=True))
    return (
        f"<html><head><title>{TITLE}</title></head><body><h1>{TITLE}</h1><p>发布日期：2024-01-20</p><h2>一、总体情况</h2>{prose}"
        f"{tables}<h2>五、存在的主要问题及改进情况</h2>{prose}</body></html>"
    ).encode()


@needs_engine
def test_a_crawled_page_and_its_archived_pictures_are_one_report(tmp_path: Path) -> None:
    drawn = {f"{name}.png": file_of(picture_of(table_of(draft(2, "2021"), name))) for name in ANNUAL_TABLES}
    build([crawled(tmp_path / "archive", drawn, three_pictures())], tmp_path / "dataset", jobs=1)
    dataset = open_dataset(tmp_path / "dataset")
    (report,) = dataset.frame("reports").itertuples()
    assert (report.title, report.org_name, report.report_year, report.date_published) == (TITLE, "示例市示例局", 2023, "2024-01-20")
    assert (report.form, report.verdict, report.n_sources) == ("2021", "proved", 4)
    tables = dataset.frame("tables")
    assert dict(zip(tables["table"], tables["verdict"], strict=True)) == {
        "proactive": "unproved", "applications": "proved", "disputes": "proved"
    }  # fmt: skip
    assert [source.rsplit("/", 1)[1] for source in tables["source"]] == [f"{name}.png" for name in tables["table"]]
    truth = {key: value for key, (value, _) in truth_of(draft(2, "2021")).items()}
    cells = dataset.frame("cells").astype(object)
    cells = cells.where(cells.notna(), None)
    read = {(c.table, c.indicator, c.applicant): c.value for c in cells.itertuples()}
    assert read == {key: None if key[0] == "proactive" else value for key, value in truth.items()}
    roles = dataset.frame("sources")
    assert sorted(zip(roles["role"], roles["kind"], strict=True)) == [("attachment", "image")] * 3 + [("page", "html")]
    # The page's own word that its tables are pictures is answered; what the sums do not prove is said of its picture.
    problems = dataset.frame("problems")
    assert sorted(problems["code"]) == ["ocr", "ocr", "ocr", "ocr_not_proved"]
    assert set(problems["report_id"]) == {report.report_id}


@needs_engine
def test_a_picture_that_is_not_there_is_said_beside_tables_that_were_read(tmp_path: Path, picture: bytes) -> None:
    archive = crawled(tmp_path / "archive", {"disputes.png": picture}, three_pictures())
    build([archive], tmp_path / "dataset", jobs=1)
    dataset = open_dataset(tmp_path / "dataset")
    problems = dataset.frame("problems")
    (message,) = problems[problems["code"] == "image_only"]["message"]
    assert message == "applications, proactive: neither on the page nor read from its pictures or attachments"
    assert list(dataset.frame("reports")["verdict"]) == ["proved"]


def test_an_archive_without_the_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("data.reading", "data.ingest", "parsers.carriers.picture"):
        monkeypatch.setattr(f"{module}.missing", lambda: True)

    def parse_here(tasks: Iterable[Task], _jobs: int) -> Iterator[Worked]:
        return (Worked(task.key, read_payload(task.body, task.source, task.url, task.content_type)) for task in tasks)

    monkeypatch.setattr("data.ingest.parse_all", parse_here)
    archive = crawled(tmp_path / "archive", {"disputes.png": file_of(_white())}, three_pictures())
    build([archive], tmp_path / "dataset", jobs=1)
    dataset = open_dataset(tmp_path / "dataset")
    problems = dataset.frame("problems")
    pages = problems[(problems["code"] == "image_only") & problems["source"].str.endswith(".html")]
    (message,) = pages["message"]
    for word in ("proactive.png", "applications.png", "disputes.png", "pip install nianbao[ocr]"):
        assert word in message
    assert list(dataset.frame("reports")["form"]) == ["prose"]


@needs_engine
def test_a_changed_picture_beside_an_unchanged_page_is_read_again(tmp_path: Path, picture: bytes) -> None:
    pages, out = tmp_path / "pages", tmp_path / "dataset"
    pages.mkdir()
    (pages / "report.html").write_bytes(page("table.png"))

    def disputes() -> dict[str, float]:
        cells = open_dataset(out).frame("cells")
        return {cell.indicator: cell.value for cell in cells.itertuples() if cell.table == "disputes"}

    def truth(seed: int) -> dict[str, float]:
        return {key[1]: value for key, (value, _) in truth_of(draft(seed, "2021")).items() if key[0] == "disputes" and value is not None}

    assert build([pages], out, jobs=1).problems["image_only"] == 1
    (pages / "table.png").write_bytes(picture)
    assert build([pages], out, jobs=1).parsed == 1
    assert disputes() == truth(2)
    assert build([pages], out, jobs=1).parsed == 0
    (pages / "table.png").write_bytes(file_of(picture_of(table_of(draft(3, "2021"), "disputes"))))
    assert build([pages], out, jobs=1).changed == 1
    assert disputes() == truth(3) != truth(2)
    (pages / "table.png").unlink()
    assert build([pages], out, jobs=1).problems["image_only"] == 1
    assert disputes() == {}


def test_pages_that_wait_for_the_extra_are_read_again_once_it_is_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    state = State(tmp_path / "state.sqlite", "1")
    with monkeypatch.context() as without:
        without.setattr("data.reading.missing", lambda: True)
        state.store("pictures", read_payload(page("a.png"), "a.html", None, None))
    state.store("text", read_payload(b"<p>1</p>", "b.html", None, None))
    state.discard_waiting(HINT)
    assert not state.has("pictures")
    assert state.has("text")
    state.close()
