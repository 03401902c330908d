"""Zip files as attachments: their files are payloads of their own, what is refused is said, and the next build knows it all."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from data.build import build
from data.dataset import Dataset, open_dataset
from data.explain import explain_source
from data.extract import extract
from scraper.crawl import CrawlOptions, crawl
from scraper.sites import site_from_url
from tests.scraper.conftest import Answer, Loopback, Pages

TITLE = "示例市财政局2023年政府信息公开工作年度报告"
FLOW = {"new_requests": 5, "carried_over": 1, "disclosed": 4, "concluded": 4, "carried_forward": 2}


def zipped(files: dict[str, bytes]) -> bytes:
    """A zip as Chinese Windows writes it: names in GBK, without the UTF-8 flag."""

    class Info(zipfile.ZipInfo):
        def _encodeFilenameFlags(self) -> tuple[bytes, int]:  # noqa: N802
            return self.filename.encode("gbk"), self.flag_bits & ~0x800

    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        for name, body in files.items():
            info = Info(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            package.writestr(info, body)
    return buffer.getvalue()


@pytest.fixture
def attachment(page: Callable[..., bytes]) -> bytes:
    inner = zipped({"报告/年报.html": page("示例市财政局", 2023, FLOW)})
    bomb = zipped({"0.txt": b"0" * (20 << 20)})
    return zipped({"附件/内层.zip": inner, "../climbs.html": b"<p>1</p>", "bomb.zip": bomb, "说明.txt": "填报说明".encode()})


def page_with(link: str) -> bytes:
    return f"<html><head><title>{TITLE}</title></head><body><h1>{TITLE}</h1><a href='{link}'>附件下载</a></body></html>".encode()


def assert_one_report(dataset: Dataset, source: str, zip_name: str) -> str:
    (report,) = dataset.frame("reports").itertuples()
    assert (report.title, report.org_name, report.source) == (TITLE, "示例市财政局", source)
    sources = dataset.frame("sources")
    inside = f"{zip_name}!/附件/内层.zip/报告/年报.html"
    assert inside in set(sources["source"])
    tables = dataset.frame("tables")
    assert set(tables["source"]) == {inside}
    assert dict(zip(tables["table"], tables["verdict"], strict=True))["applications"] == "proved"
    problems = dataset.frame("problems")
    assert sorted(problems[problems["source"] == zip_name]["code"]) == ["too_large", "unsafe_name"]
    assert "attachment_only" not in set(problems["code"])
    return str(report.report_id)


def test_a_saved_page_and_the_zip_beside_it(tmp_path: Path, attachment: bytes, page: Callable[..., bytes]) -> None:
    pages, out = tmp_path / "pages", tmp_path / "dataset"
    pages.mkdir()
    (pages / "report.html").write_bytes(page_with("./%E9%99%84%E4%BB%B6.zip"))
    (pages / "附件.zip").write_bytes(attachment)
    build([pages], out, jobs=1)
    report_id = assert_one_report(open_dataset(out), f"{pages}/report.html", f"{pages}/附件.zip")
    again = build([pages], out, jobs=1)
    assert (again.parsed, again.changed, again.new) == (0, 0, 0)
    assert sorted(again.problems) == ["not_a_report", "too_large", "unsafe_name"]
    found = explain_source(str(out), (report_id, "new_requests"))
    assert found.missing is None
    assert [(cell.value, cell.raw) for cell in found.cells] == [(5, "5")]
    assert found.explanation.printed
    (pages / "附件.zip").write_bytes(zipped({"报告.html": page("示例市财政局", 2023, {**FLOW, "new_requests": 6})}))
    changed = build([pages], out, jobs=1)
    assert (changed.reports, changed.changed) == (1, 1)
    assert set(open_dataset(out).frame("tables")["source"]) == {f"{pages}/附件.zip!/报告.html"}
    (pages / "附件.zip").unlink()
    assert build([pages], out, jobs=1).reports == 0


def test_a_zip_that_was_crawled(tmp_path: Path, attachment: bytes) -> None:
    web = Loopback()
    try:
        web.routes["/xxgk/"] = Pages.column({"/xxgk/report.html": TITLE})
        web.routes["/xxgk/report.html"] = page_with("files/a.zip")
        web.routes["/xxgk/files/a.zip"] = Answer(attachment, kind="application/octet-stream")
        crawl([site_from_url(web.url("/xxgk/"))], tmp_path / "archive", CrawlOptions(delay=0.0, retry_base=0.02))
    finally:
        web.close()
    out = tmp_path / "dataset"
    build([tmp_path / "archive"], out, jobs=1)
    report_id = assert_one_report(open_dataset(out), web.url("/xxgk/report.html"), web.url("/xxgk/files/a.zip"))
    assert build([tmp_path / "archive"], out, jobs=1).parsed == 0
    found = explain_source(str(out), (report_id, "new_requests"))
    assert (found.missing, [cell.value for cell in found.cells]) == (None, [5])


def test_extract_names_the_files_of_a_zip(tmp_path: Path, attachment: bytes) -> None:
    path = tmp_path / "附件.zip"
    path.write_bytes(attachment)
    found = list(extract([str(path)]))
    read = [one.source for one in found if one.report is not None and one.report.is_report]
    assert read == [f"{path}!/附件/内层.zip/报告/年报.html"]
    refused = {one.code: one.message for one in found if one.report is None}
    assert sorted(refused) == ["too_large", "unsafe_name"]
    assert "bomb.zip" in refused["too_large"] or "0.txt" in refused["too_large"]
    assert "climbs.html" in refused["unsafe_name"]


def test_an_empty_zip_is_said(tmp_path: Path) -> None:
    path = tmp_path / "empty.zip"
    path.write_bytes(zipped({}))
    (found,) = extract([str(path)])
    assert (found.report, found.code, found.unreadable) == (None, "empty", True)
