"""`extract` and `explain` read PDFs and pictures in a process of their own: one that crashes, hangs or eats memory costs itself only."""

from __future__ import annotations

import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from data import extract as extracting
from data import workers
from data.errors import InputError
from data.explain import explain_source
from data.extract import extract

_WORKER = """
import os, time, data.workers as w
old, old_explain = w.read_report, w.explain
def read(body, **rest):
    if b"die" in body:
        os.abort()
    if b"hang" in body:
        time.sleep(60)
    if b"eat" in body:
        bytearray(64 << 30)
    if b"err" in body:
        raise ValueError("of ours")
    return old(body, **rest)
def explain(body, **rest):
    if b"die" in body:
        os.abort()
    return old_explain(body, **rest)
w.read_report, w.explain = read, explain
w._serve()
"""


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
    """The worker processes that are started; they crash, hang and eat memory as a payload tells them."""
    real, found = subprocess.Popen, []

    def start(command: list[str], **rest: Any) -> Any:
        found.append(real([command[0], "-c", _WORKER], **rest))
        return found[-1]

    monkeypatch.setattr(workers.subprocess, "Popen", start)
    monkeypatch.setattr(extracting, "Apart", lambda: workers.Apart(seconds=5))
    yield found
    assert all(process.poll() is not None for process in found), "a worker outlives the extraction"


@pytest.mark.usefixtures("started")
def test_what_a_file_does_to_its_reader_costs_only_that_file(tmp_path: Path) -> None:
    for number, word in enumerate(("die", "broken", "hang", "eat", "err", "broken")):
        (tmp_path / f"{number}.pdf").write_bytes(b"%PDF-1.4 " + word.encode())
    found = list(extract([str(tmp_path)]))
    assert [item.failures[0][0] for item in found] == ["crashed", "broken_pdf", "timeout", "out_of_memory", "internal_error", "broken_pdf"]
    assert "signal 6" in found[0].message
    assert [item.unreadable for item in found] == [True, True, True, True, False, True]


@pytest.mark.usefixtures("started")
def test_members_of_a_zip_are_read_apart_too(tmp_path: Path) -> None:
    path = tmp_path / "附件.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.pdf", b"%PDF-1.4 die")
        archive.writestr("b.html", "<p>示例</p>")
    found = {item.source.rpartition("/")[2]: item.failures[0][0] for item in extract([str(path)])}
    assert found == {"a.pdf": "crashed", "b.html": "not_a_report"}


@pytest.mark.usefixtures("started")
def test_explain_survives_what_a_file_does_to_its_reader(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(b"%PDF-1.4 die")
    with pytest.raises(InputError, match="crashed"):
        explain_source(str(path))
    path.write_bytes(b"%PDF-1.4 broken")
    assert [problem.code for problem in explain_source(str(path)).explanation.problems] == ["broken_pdf"]


def test_pages_start_no_process(tmp_path: Path, started: list[Any]) -> None:
    path = tmp_path / "page.html"
    path.write_text("<p>示例</p>", encoding="utf-8")
    assert [item.failures[0][0] for item in extract([str(path)])] == ["not_a_report"]
    assert started == []


def test_the_worker_that_is_installed_answers(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text("<p>示例</p>", encoding="utf-8")
    (tmp_path / "b.pdf").write_bytes(b"%PDF-1.4 broken")
    assert [item.failures[0][0] for item in extract([str(tmp_path)])] == ["not_a_report", "broken_pdf"]
