"""Accuracy on generated pages never falls below its floors (floors.toml)."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.pagegen import MANGLINGS, STYLES, Page, generate
from tests.pagegen.sample import alone, combined
from tests.pagegen.scoring import Score, score_ours

FLOORS = tomllib.loads(Path(__file__).with_name("floors.toml").read_text("utf-8"))
COMBINATIONS = range(200)


def html_alone() -> Iterator[Page]:
    for name in [None, *MANGLINGS]:
        yield from alone(name, range(1))


def text_alone() -> Iterator[Page]:
    for i, name in enumerate([None, *MANGLINGS]):
        yield from alone(name, range(1), f"text:{tuple(STYLES)[i % len(STYLES)]}")


PAGES: dict[str, Callable[[], Iterator[Page]]] = {
    "html_alone": html_alone,
    "html_combined": lambda: combined(COMBINATIONS),
    "text_alone": text_alone,
    "text_combined": lambda: combined(COMBINATIONS, "text"),
}


@cache
def measured(name: str) -> tuple[Score, int, list[str]]:
    """The score, the number of stated metadata fields, and the pages that break what no floor allows."""
    total, stated, broken = Score(), 0, []
    for page in PAGES[name]():
        one = score_ours(page)
        total.add(one)
        stated += len(page.metadata)
        if one.wrong_proved or one.false_missed or one.form:
            broken.append(f"{page.form} seed {page.seed} {'+'.join(page.manglings)} {page.carrier}")
    return total, stated, broken


@pytest.mark.parametrize("name", PAGES)
def test_numbers(name: str) -> None:
    score, _, _ = measured(name)
    assert score.pages >= 200
    assert score.share >= FLOORS[name]["right"], f"{score.right} of {score.printed}"
    assert score.wrong <= FLOORS[name]["wrong"]


@pytest.mark.parametrize("name", PAGES)
def test_never(name: str) -> None:
    """No wrong number in a proved table, no false sum unseen, no wrong form."""
    assert measured(name)[2] == []


@pytest.mark.parametrize("name", PAGES)
def test_metadata(name: str) -> None:
    score, stated, _ = measured(name)
    missed = sum(score.metadata.values())
    assert 1 - missed / stated >= FLOORS[name]["metadata"], score.metadata


@pytest.mark.parametrize("seed", range(40))
def test_every_false_sum_is_contradicted(seed: int) -> None:
    form = ("2021", "2019", "2014", "pre2014")[seed % 4]
    page = generate(seed, form, ["false_total"])
    assert "contradicted" in page.expected.values(), "the page must contradict itself"
    assert score_ours(page).false_missed == 0
