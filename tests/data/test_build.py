"""build: folders and WARC files to a dataset that grows, is deterministic, and survives kills."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from data.build import build
from data.dataset import open_dataset
from data.errors import InputError, OutputError
from data.schema import REPORT_TABLES

ROOT = Path(__file__).parents[2]
Page = Callable[..., bytes]


def digests(folder: Path) -> dict[str, str]:
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(folder.iterdir()) if p.is_file()}


def test_build_of_a_folder_gives_every_table_in_both_formats(folder: Path, tmp_path: Path) -> None:
    summary = build([folder], tmp_path / "out", jobs=1)
    assert (summary.reports, summary.new, summary.unchanged) == (3, 3, 0)
    assert summary.by_year[2023].total() == 2
    dataset = open_dataset(tmp_path / "out")
    for name in REPORT_TABLES:
        assert (tmp_path / "out" / f"{name}.parquet").is_file()
        assert len(pd.read_csv(tmp_path / "out" / f"{name}.csv")) == dataset.rows(name)
    reports = dataset.frame("reports")
    assert sorted(reports["report_year"]) == [2022, 2023, 2023]
    assert len(set(reports["org_id"])) == 2
    cells = dataset.frame("cells").merge(reports[["report_id", "source"]], on="report_id")
    one = cells[(cells["source"] == f"{folder}/a-2022.html") & (cells["indicator"] == "new_requests")]
    assert dict(zip(one["applicant"], one["value"], strict=True))["total"] == 5
    assert len(cells) == 3 * 200
    blank = cells[cells["source"] == f"{folder}/b-2023.html"]
    assert set(blank["status"]) == {"blank"}
    assert blank["value"].isna().all()
    assert summary.verdicts == {"proved": 2, "unproved": 1} or summary.verdicts["proved"] == 2


def test_second_build_parses_only_what_is_new_and_equals_a_build_from_scratch(
    folder: Path, page: Page, tmp_path: Path
) -> None:
    build([folder], tmp_path / "out", jobs=1)
    again = build([folder], tmp_path / "out", jobs=1)
    assert (again.parsed, again.new, again.changed, again.unchanged) == (0, 0, 0, 3)
    (folder / "c-2023.html").write_bytes(page("样本区教育局", 2023, {"new_requests": 7}))
    (folder / "a-2023.html").write_bytes(page("示例市财政局", 2023, {"new_requests": 9}))
    (folder / "b-2023.html").unlink()
    grown = build([folder], tmp_path / "out", jobs=2)
    assert (grown.parsed, grown.new, grown.changed, grown.unchanged, grown.removed) == (2, 1, 1, 1, 1)
    fresh = build([folder], tmp_path / "fresh", jobs=1)
    assert grown.content_hash == fresh.content_hash
    assert digests(tmp_path / "out") == digests(tmp_path / "fresh")


def test_inputs_of_earlier_builds_stay(folder: Path, page: Page, tmp_path: Path) -> None:
    other = tmp_path / "other.html"
    other.write_bytes(page("样本区教育局", 2023))
    build([folder], tmp_path / "out", jobs=1)
    assert build([other], tmp_path / "out", jobs=1).reports == 4


def test_rows_are_the_same_whatever_the_number_of_workers(folder: Path, page: Page, tmp_path: Path) -> None:
    for number in range(12):
        (folder / f"n{number}.html").write_bytes(page(f"样本{'甲乙丙丁戊己庚辛壬癸子丑'[number]}县教育局", 2021))
    one = build([folder], tmp_path / "one", jobs=1)
    many = build([folder], tmp_path / "many", jobs=3)
    assert one.content_hash == many.content_hash
    assert digests(tmp_path / "one") == digests(tmp_path / "many")


def test_unusable_inputs_and_outputs_are_named(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        build([tmp_path / "nowhere"], tmp_path / "out")
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(InputError, match="no pages"):
        build([empty], tmp_path / "out")
    with pytest.raises(InputError, match="neither a file nor a folder"):
        build(["/dev/zero"], tmp_path / "out")
    with pytest.raises(InputError, match="nothing to build"):
        build([], tmp_path / "out")
    taken = tmp_path / "taken"
    taken.mkdir()
    (taken / "thesis.txt").write_text("mine")
    with pytest.raises(OutputError, match="not empty"):
        build([folder], taken)
    assert (taken / "thesis.txt").read_text() == "mine"
    with pytest.raises(OutputError, match="is a file"):
        build([folder], taken / "thesis.txt")


def test_a_users_file_inside_the_dataset_survives_the_next_build(folder: Path, tmp_path: Path) -> None:
    build([folder], tmp_path / "out", jobs=1)
    (tmp_path / "out" / "notes.csv").write_text("mine")
    (folder / "b-2023.html").unlink()
    build([folder], tmp_path / "out", jobs=1)
    assert (tmp_path / "out" / "notes.csv").read_text() == "mine"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["out", "pages"]


def test_pages_that_are_no_reports_become_problems(folder: Path, tmp_path: Path) -> None:
    (folder / "noise.bin").write_bytes(bytes(range(256)) * 40)
    (folder / "empty.html").write_bytes(b"")
    summary = build([folder], tmp_path / "out", jobs=1)
    assert summary.reports == 3
    problems = open_dataset(tmp_path / "out").frame("problems")
    assert {f"{folder}/noise.bin", f"{folder}/empty.html"} <= set(problems["source"])
    assert (problems["message"].str.len() > 5).all()


def test_names_and_texts_that_are_no_unicode(folder: Path, page: Page, tmp_path: Path) -> None:
    strange = Path(os.fsdecode(bytes(folder) + b"/\xb1\xa8\xb8\xe6.html"))
    strange.write_bytes(page("样本区教育局", 2023, prose="&#xD800;&#0;\x01 半个字符", index_no="&#xDFFF;"))
    summary = build([folder], tmp_path / "out", jobs=1)
    assert summary.reports == 4
    assert not summary.problems
    assert build([folder], tmp_path / "out", jobs=1).parsed == 0
    sources = open_dataset(tmp_path / "out").frame("sources")["source"]
    assert any("\ufffd" in source for source in sources)


def test_warc_files_of_any_origin(page: Page, tmp_path: Path) -> None:
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    path = tmp_path / "found.warc.gz"
    with path.open("wb") as handle:
        writer = WARCWriter(handle, gzip=True)
        for year in (2022, 2023):
            import io

            body = page("示例市财政局", year, {"new_requests": year})
            head = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
            url = f"http://www.example.gov.cn/art/{year}.html"
            writer.write_record(writer.create_warc_record(url, "response", payload=io.BytesIO(body), http_headers=head))
    summary = build([path], tmp_path / "out", jobs=1)
    assert summary.reports == 2
    dataset = open_dataset(tmp_path / "out")
    sources = dataset.frame("sources")
    assert set(sources["archive"]) == {"found.warc.gz"}
    assert sources["offset"].notna().all()
    reports = dataset.frame("reports")
    assert set(reports["url"]) == {f"http://www.example.gov.cn/art/{year}.html" for year in (2022, 2023)}
    assert set(reports["site"]) == {"www.example.gov.cn"}
    assert build([path], tmp_path / "out", jobs=1).parsed == 0


def test_a_formula_in_a_cell_cannot_run_in_a_spreadsheet(folder: Path, page: Page, tmp_path: Path) -> None:
    numbers = {
        "new_requests": '=HYPERLINK("http://x")',
        "carried_over": "-18",
        "concluded": "@SUM(1)",
        "disclosed": "-",
    }
    (folder / "evil.html").write_bytes(page("样本区教育局", 2023, numbers, prose="=cmd|' /C calc'!A0"))
    build([folder], tmp_path / "out", jobs=1)
    for name in REPORT_TABLES:
        table = pd.read_csv(tmp_path / "out" / f"{name}.csv", dtype=str, keep_default_na=False)
        for column in table.columns:
            for value in table[column]:
                assert not value.startswith(("=", "@", "\t", "\r")), (name, column, value)
                if value.startswith(("+", "-")):
                    float(value)
    cells = open_dataset(tmp_path / "out").frame("cells")
    assert "@SUM(1)" in set(cells["raw"])
    raw = pd.read_csv(tmp_path / "out" / "cells.csv", dtype=str, keep_default_na=False)["raw"]
    assert "'@SUM(1)" in set(raw)
    assert "'-" in set(raw)
    assert "-18" in set(raw)


@pytest.mark.slow
def test_a_build_killed_at_any_moment_leaves_the_last_dataset_readable(
    folder: Path, page: Page, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    build([folder], out, jobs=1)
    for number in range(60):
        (folder / f"n{number}.html").write_bytes(page(f"样本{number}县教育局", 2021, {"new_requests": number}))
    command = [
        sys.executable,
        "-c",
        "import sys; from data.build import build; build([sys.argv[1]], sys.argv[2], jobs=2)",
    ]
    counts = set()
    for moment in (0.5, 0.8, 1.0, 1.2, 1.5, 2.0):
        process = subprocess.Popen([*command, str(folder), str(out)], cwd=ROOT, start_new_session=True)
        time.sleep(moment)
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        dataset = open_dataset(out)
        counts.add(dataset.rows("reports"))
        assert len(dataset.frame("cells")) == dataset.rows("cells")
    assert counts <= {3, 63}
    summary = build([folder], out, jobs=2)
    assert summary.reports == 63
    assert sorted(p.name for p in tmp_path.iterdir()) == ["out", "pages"]
    fresh = build([folder], tmp_path / "fresh", jobs=2)
    assert summary.content_hash == fresh.content_hash


def test_a_worker_that_dies_costs_its_page_only(monkeypatch: pytest.MonkeyPatch) -> None:
    from data import workers
    from data.workers import Task, parse_all

    code = "import os, data.workers as w\nold = w.read_payload\n"
    code += "def read(b, *a):\n    if b == b'die':\n        os._exit(9)\n"
    code += "    if b == b'hang':\n        import time\n        time.sleep(600)\n    return old(b, *a)\n"
    code += "w.read_payload = read\nw._serve()"
    real = subprocess.Popen
    monkeypatch.setattr(workers.subprocess, "Popen", lambda command, **rest: real([command[0], "-c", code], **rest))
    bodies = [b"die", b"<p>one", b"hang", b"<p>two"]
    tasks = [Task(str(i), body, f"s{i}", "0" * 64, None, None) for i, body in enumerate(bodies)]
    # 15 s: a worker starts within that on a busy machine, too
    answers = {a.key: json.loads(a.parsed.head)["problems"][0][0] for a in parse_all(tasks, 2, seconds=15)}
    assert (answers["0"], answers["2"]) == ("crashed", "timeout")
    assert answers["1"] == answers["3"] == "not_a_report"
