"""`nianbao extract` as a new user meets it: good pages, bad input, wrong options; always a clear line and the right exit code."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from parsers.carriers.extra import missing

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared" / "pages"

PAGE = """<html><head><title>示例市示例局2023年政府信息公开工作年度报告</title></head><body>
<h1>示例市示例局2023年政府信息公开工作年度报告</h1>
<h2>四、政府信息公开行政复议、行政诉讼情况</h2>
<table><tr><td colspan="5">行政复议</td><td colspan="10">行政诉讼</td></tr>
<tr>{outcomes2}<td colspan="5">未经复议直接起诉</td><td colspan="5">复议后起诉</td></tr>
<tr>{outcomes}{outcomes}</tr>
<tr>{values}</tr></table></body></html>""".format(
    outcomes="".join(f"<td>{label}</td>" for label in ("结果维持", "结果纠正", "其他结果", "尚未审结", "总计")),
    outcomes2="".join(f'<td rowspan="2">{label}</td>' for label in ("结果维持", "结果纠正", "其他结果", "尚未审结", "总计")),
    values="".join(f"<td>{value}</td>" for value in (1, 0, 2, 0, 3, 0, 0, 0, 0, 0, 4, 1, 0, 0, 5)),
)


def nianbao(*arguments: str | Path, stdin: bytes | None = None) -> subprocess.CompletedProcess[bytes]:
    environment = {name: value for name, value in os.environ.items() if name != "NIANBAO_DEBUG"}
    return subprocess.run(
        [sys.executable, str(ROOT / "cli.py"), *map(str, arguments)], input=stdin, capture_output=True, timeout=120, env=environment
    )


def one_line(result: subprocess.CompletedProcess[bytes], code: int, *words: str) -> None:
    """The exit code, nothing like a traceback, and one line on stderr that says the words."""
    text = result.stderr.decode()
    assert result.returncode == code, text
    assert "Traceback" not in text
    lines = [line for line in text.splitlines() if line.strip()]
    assert len(lines) == 1, text
    for word in words:
        assert word in lines[0]


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "page.html"
    path.write_text(PAGE, encoding="utf-8")
    return path


def test_text_is_readable(page: Path) -> None:
    result = nianbao("extract", page)
    text = result.stdout.decode()
    assert result.returncode == 0
    assert result.stderr == b""
    assert "示例市示例局2023年政府信息公开工作年度报告" in text
    assert "disputes  proved" in text
    assert "applications  absent" in text


def test_json_is_the_dataset_in_miniature(page: Path) -> None:
    found = json.loads(nianbao("extract", page, "--format", "json").stdout)
    assert list(found) == ["reports", "cells", "tables", "sections", "figures", "checks", "problems"]
    (report,) = found["reports"]
    assert (report["report_year"], report["org_name"]) == (2023, "示例市示例局")
    cells = {cell["indicator"]: cell["value"] for cell in found["cells"] if cell["table"] == "disputes"}
    assert (cells["review_total"], cells["suit_direct_total"], cells["suit_after_review_upheld"]) == (3, 0, 4)
    assert {row["table"]: row["verdict"] for row in found["tables"]} == {
        "proactive": "absent",
        "applications": "absent",
        "disputes": "proved",
    }


def test_csv_is_one_table(page: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(nianbao("extract", page, "-f", "csv").stdout.decode())))
    assert {row["indicator"]: row["raw"] for row in rows}["suit_after_review_total"] == "5"
    checks = list(csv.DictReader(io.StringIO(nianbao("extract", page, "-f", "csv", "--table", "checks").stdout.decode())))
    assert sum(row["check"] == "C-T4-01" and row["status"] == "pass" for row in checks) == 3


def test_standard_input_and_output_file(tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    result = nianbao("extract", "-", "--format", "json", "-o", out, stdin=PAGE.encode())
    assert (result.returncode, result.stdout, result.stderr) == (0, b"", b"")
    assert json.loads(out.read_text(encoding="utf-8"))["reports"][0]["source"] == "-"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out.json"]


def test_random_bytes(tmp_path: Path) -> None:
    path = tmp_path / "noise.bin"
    path.write_bytes(bytes(range(256)) * 16)
    one_line(nianbao("extract", path), 2, str(path), "unknown_kind")


def test_an_empty_file(tmp_path: Path) -> None:
    path = tmp_path / "empty.html"
    path.touch()
    one_line(nianbao("extract", path), 2, str(path), "empty")


def test_an_image(tmp_path: Path) -> None:
    path = tmp_path / "scan.html"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"\x00" * 64)
    one_line(nianbao("extract", path), 2, str(path), "image_only" if missing() else "broken_image")


def test_a_file_of_100_megabytes(tmp_path: Path) -> None:
    path = tmp_path / "large.html"
    with path.open("wb") as handle:
        handle.truncate(100 << 20)
    one_line(nianbao("extract", path), 2, str(path), "too_large")


def test_a_folder_without_pages(tmp_path: Path) -> None:
    one_line(nianbao("extract", tmp_path), 2, str(tmp_path), "no saved pages")


def test_a_missing_file(tmp_path: Path) -> None:
    one_line(nianbao("extract", tmp_path / "nothing.html"), 2, "no such file")


def test_an_unreachable_address() -> None:
    result = nianbao("extract", "http://127.0.0.1:9/")
    one_line(result, 2, "http://127.0.0.1:9/", "unreachable")
    assert result.stdout == b""


def test_an_unwritable_output(page: Path, tmp_path: Path) -> None:
    one_line(nianbao("extract", page, "-o", tmp_path / "no" / "such" / "folder.json"), 2, "cannot be written")


def test_a_wrong_option(page: Path) -> None:
    one_line(nianbao("extract", page, "--fromat", "json"), 2, "--fromat", "--help")


def test_an_unknown_table(page: Path) -> None:
    one_line(nianbao("extract", page, "-f", "csv", "--table", "cell"), 2, "cell", "reports cells tables")


def test_a_page_that_is_no_report(tmp_path: Path) -> None:
    path = tmp_path / "news.html"
    path.write_text("<html><body><h1>示例市召开工作会议</h1><p>会议强调，要做好工作。</p></body></html>", encoding="utf-8")
    one_line(nianbao("extract", path), 1, str(path), "not_a_report")


def test_one_bad_file_among_good_ones_is_said_and_the_rest_is_read(page: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.bin"
    bad.write_bytes(bytes(range(256)) * 8)
    result = nianbao("extract", page, bad, "--format", "json")
    one_line(result, 1, str(bad))
    assert len(json.loads(result.stdout)["reports"]) == 1


def test_terminal_codes_of_a_page_do_not_reach_the_terminal(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text(PAGE.replace("示例市示例局", "示例市\x1b]0;owned\x07\x1b[31m示例局"), encoding="utf-8")
    assert b"\x1b" not in nianbao("extract", path).stdout


@pytest.mark.skipif(not SHARED.exists(), reason="the shared pages are not here")
def test_the_page_the_project_started_from() -> None:
    found = json.loads(nianbao("extract", SHARED / "dinghai-2022-text" / "page.txt", "--format", "json").stdout)
    (report,) = found["reports"]
    assert (report["report_year"], report["index_no"], report["publisher"]) == (2022, "12330902793373850F/2024-00535", "区机关事务管理中心")
    assert (report["date_created"], report["disclosure_method"], report["category"]) == ("2024-01-18", "主动公开", "信息公开年报")
    assert [section["section"] for section in found["sections"]] == [1, 2, 3, 4, 5, 6]
    assert [table["verdict"] for table in found["tables"]] == ["absent", "absent", "absent"]
    assert {figure["indicator"]: figure["value"] for figure in found["figures"]} == {
        "proactive_total": 87,
        "requests_received": 0,
        "review_total": 0,
        "suit_total": 0,
        "complaints": 0,
        "dedicated_offices": 1,
        "staff": 2,
        "staff_full_time": 1,
        "staff_part_time": 1,
        "processing_fee_yuan": 0,
    }
