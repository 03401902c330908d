"""Swapping datasets, mending what a kill left, the memory of builds, and CSV texts that no spreadsheet runs."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data import publish
from data.build import build
from data.dataset import open_dataset
from data.errors import OutputError
from data.files import csv_bytes, guarded

Page = Callable[..., bytes]


def test_without_an_exchange_of_folders_two_renames_do(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publish, "_exchange", lambda _one, _other: False)
    out = tmp_path / "out"
    build([folder], out, jobs=1)
    (out / "notes.txt").write_text("mine")
    (folder / "b-2023.html").unlink()
    assert build([folder], out, jobs=1).reports == 2
    assert open_dataset(out).rows("reports") == 2
    assert (out / "notes.txt").read_text() == "mine"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["out", "pages"]


def test_a_kill_between_two_renames_loses_nothing(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    build([folder], out, jobs=1)
    out.rename(publish.last(out))
    assert open_dataset(out).rows("reports") == 3
    assert build([folder], out, jobs=1).parsed == 0
    assert sorted(p.name for p in tmp_path.iterdir()) == ["out", "pages"]


def test_a_kill_after_the_swap_loses_nothing(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    build([folder], out, jobs=1)
    # As if killed between the exchange of the folders and the removal of the old one.
    old = publish.building(out)
    old.mkdir()
    (out / publish.STATE).rename(old / publish.STATE)
    (old / "notes.txt").write_text("mine")
    (old / "cells.csv").write_text("old")
    assert open_dataset(out).rows("reports") == 3
    assert build([folder], out, jobs=1).parsed == 0
    assert (out / "notes.txt").read_text() == "mine"
    assert (out / "cells.csv").read_text() != "old"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["out", "pages"]


def test_a_damaged_memory_only_costs_time(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    first = build([folder], out, jobs=1)
    (out / ".build" / "state.sqlite").write_bytes(b"no database" * 1000)
    again = build([folder], out, jobs=1)
    assert (again.parsed, again.content_hash) == (3, first.content_hash)


def test_two_builds_of_one_dataset_do_not_meet(folder: Path, tmp_path: Path) -> None:
    fcntl = pytest.importorskip("fcntl")
    out = tmp_path / "out"
    build([folder], out, jobs=1)
    with (out / ".build" / "lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        with pytest.raises(OutputError, match="another build"):
            build([folder], out, jobs=1)
    assert build([folder], out, jobs=1).unchanged == 3


def test_a_name_that_cannot_be_made_is_named(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(OutputError, match="cannot write"):
        build([folder], tmp_path / "file" / "out", jobs=1)
    assert (tmp_path / "file").read_text() == "mine"


@given(st.lists(st.one_of(st.none(), st.text(), st.from_regex(r"[=+\-@'＝\t].*", fullmatch=True)), min_size=1))
def test_texts_are_safe_in_a_spreadsheet_and_come_back(texts: list[str | None]) -> None:
    safe = guarded(pa.chunked_array([pa.array(texts, pa.string())])).to_pylist()
    for text, written in zip(texts, safe, strict=True):
        if text is None:
            assert written is None
            continue
        if written.startswith("'"):
            assert written[1:] == text
        else:
            assert written == text
            if text[:1] in ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"):
                float(text)


@given(st.lists(st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]))))
def test_csv_is_read_back_field_by_field(texts: list[str]) -> None:
    table = pa.table({"n": pa.array(range(len(texts)), pa.int64()), "text": pa.array(texts, pa.string())})
    rows = list(csv.reader(io.StringIO(csv_bytes(table).decode(), newline="")))
    assert [row[0] for row in rows] == [str(n) for n in range(len(texts))]
    assert [row[1].removeprefix("'") if row[1].startswith("'") else row[1] for row in rows] == texts


def test_what_other_code_parsed_is_parsed_again_in_earlier_inputs_too(
    folder: Path, page: Page, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out, other, lost = tmp_path / "out", tmp_path / "other.html", tmp_path / "lost.html"
    other.write_bytes(page("样本区教育局", 2023))
    lost.write_bytes(page("样本区水利局", 2023))
    build([folder, other, lost], out, jobs=1)
    lost.unlink()
    monkeypatch.setattr("data.build.parse_version", lambda: "f" * 64)
    summary = build([folder], out, jobs=1)
    # The page that is gone stays as it was read; the summary says that it is not up to date.
    assert (summary.reports, summary.parsed, summary.stale) == (5, 4, 1)
    monkeypatch.setattr("data.state.LAYOUT", 99)
    summary = build([folder], out, jobs=1)
    assert (summary.reports, summary.parsed, summary.removed) == (4, 4, 1)
