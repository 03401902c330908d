"""The Python of docs/using.md runs on the dataset of the sample sites, top to bottom."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from data.build import build
from data.codebook import UnknownIndicatorError, codebook_markdown, entry, listing
from data.indicators import indicators
from data.samples.content import load_sites
from data.samples.families import answers
from data.schema import tables, value_lists
from parsers.forms import load_forms

DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    base = tmp_path_factory.mktemp("using")
    for site in load_sites():
        for path, answer in answers(site).items():
            file = base / "pages" / site.name / path.strip("/").replace("/", "_")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(answer.body)
    build([base / "pages"], base / "dataset", jobs=1)
    return base


def test_the_examples_run_and_say_something(
    place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    blocks = re.findall(r"```python\n(.*?)```", (DOCS / "using.md").read_text(encoding="utf-8"), re.DOTALL)
    assert len(blocks) == 9
    assert all(len(block.splitlines()) <= 10 for block in blocks)
    monkeypatch.chdir(place)
    names: dict[str, Any] = {}
    for block in blocks:
        exec(block, names)
    assert names["disclosure"].between(0, 1).all()
    assert len(names["disclosure"]) >= 5
    assert names["refusals"].to_numpy().sum() > 0
    assert names["by_year"]["n"].sum() == len(names["reports"])
    assert names["cells"].height > 5000
    assert (names["suits"]["suit_rate_den"].dropna() > 0).any()
    assert len(names["backlog"]) > 5
    assert "refused_third_party" in capsys.readouterr().out


def test_every_check_in_a_dataset_is_documented(place: Path) -> None:
    import pandas as pd

    text = (DOCS / "checks.md").read_text(encoding="utf-8")
    for check in set(pd.read_parquet(place / "dataset" / "checks.parquet")["check"]):
        if check.startswith("C-"):
            family = check.rsplit("-", 1)[0]
            assert check in text or f"{family}-*" in text or f"{family}-01 to" in text, check


def test_the_codebook_has_every_indicator_column_and_value() -> None:
    text = codebook_markdown()
    for name, indicator in indicators().items():
        assert f"### {name}\n" in text
        assert indicator.definition_zh in text
        for place in indicator.places:
            assert place.label in text
    for table in tables().values():
        assert f"### {table.name}\n" in text
    for values in value_lists().values():
        assert all(f"`{value}`" in text for value in values)
    printed = {cell[0] for form in load_forms().values() for t in form.tables for cell in t.cells()}
    assert printed <= set(indicators())
    assert listing().count("\n") == len(indicators())


def test_entries_of_the_codebook() -> None:
    text = entry("refused_safety_stability")
    for part in ("危及“三安全一稳定”", "C-T3-02", "件", "unconfirmed", "2021 on", "第十四条"):
        assert part in text
    with pytest.raises(UnknownIndicatorError, match="refused_third_party"):
        entry("refused_third")


def test_columns_have_words_in_both_languages_and_fit_stata() -> None:
    for table in tables().values():
        for column in table.columns:
            assert column.en
            assert column.zh
            assert len(column.name) <= 32
            assert column.values is None or column.values in value_lists()
            assert column.ref is None or column.ref in tables()
