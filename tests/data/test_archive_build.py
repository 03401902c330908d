"""A crawl's archive to a dataset: provenance, coverage, and a second build that reads nothing again."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from rich.console import Console

from data.build import build
from data.dataset import Dataset, open_dataset
from data.demo import run_demo
from scraper.archive import Archive


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("archive") / "out"
    run_demo(out, Console(file=io.StringIO()))
    return out


@pytest.fixture(scope="module")
def dataset(demo: Path) -> Dataset:
    return open_dataset(demo / "dataset")


def test_every_source_lies_in_the_archive(demo: Path, dataset: Dataset) -> None:
    sources = dataset.frame("sources")
    reports = dataset.frame("reports")
    assert set(sources["report_id"]) == set(reports["report_id"])
    with Archive(demo / "archive") as archive:
        captures = {(c.warc, c.offset): c for c in archive.captures()}
        for source in sources.itertuples():
            capture = captures[source.archive, source.offset]
            assert capture.sha256 == source.sha256
            assert capture.url == source.source
    assert sources["fetched_at"].str.match(r"^\d{4}-\d\d-\d\dT.*Z$").all()


def test_blocked_sites_are_gaps_not_empty_years(dataset: Dataset) -> None:
    coverage = dataset.frame("coverage")
    blocked = coverage[coverage["status"] == "blocked"]
    assert len(blocked) >= 1
    assert (blocked["found"] == 0).all()
    assert "blocked:jiasule" in set(dataset.frame("problems")["code"])


def test_a_second_build_reads_nothing_again(demo: Path, dataset: Dataset, tmp_path: Path) -> None:
    again = build([demo / "archive"], demo / "dataset", jobs=1)
    assert (again.parsed, again.new, again.changed, again.removed) == (0, 0, 0, 0)
    assert again.content_hash == dataset.content_hash
    fresh = build([demo / "archive"], tmp_path / "fresh", jobs=1)
    assert fresh.content_hash == dataset.content_hash
