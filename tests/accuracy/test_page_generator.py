"""The generator is right about its own pages: what it calls true is what stands there."""

from __future__ import annotations

import re

import pytest

from tests.pagegen import FORMS, MANGLINGS, STYLES, compatible, generate
from tests.pagegen.declared import APPLICANTS, application_rows
from tests.pagegen.manglings.values import han
from tests.pagegen.readers import by_trafilatura
from tests.pagegen.sample import combination
from tests.pagegen.scoring import score


@pytest.mark.parametrize("form", FORMS)
def test_the_same_seed_gives_the_same_page(form: str) -> None:
    assert generate(7, form, ["cut_in_two"]) == generate(7, form, ["cut_in_two"])
    assert generate(7, form).body != generate(8, form).body


@pytest.mark.parametrize(("form", "cells"), [("2021", 200), ("2019", 22 + 161 + 15), ("2014", 58)])
def test_the_forms_have_the_official_number_of_cells(form: str, cells: int) -> None:
    assert len(generate(1, form).truth) == cells
    assert len(application_rows(one_other_row=False)) * len(APPLICANTS) == 175


@pytest.mark.parametrize("seed", range(20))
def test_unmangled_numbers_satisfy_the_forms(seed: int) -> None:
    for form in ("2021", "2019"):
        page = generate(seed, form)
        assert (page.expected["applications"], page.expected["disputes"]) == ("proved", "proved")
    assert generate(seed, "2014").expected == {"statistics": "proved"}


@pytest.mark.parametrize("seed", range(3))
def test_another_program_reads_the_unmangled_page_the_same(seed: int) -> None:
    trafilatura = pytest.importorskip("trafilatura", reason="the bench extra is not installed")
    assert trafilatura
    for form in ("2021", "2019"):
        page = generate(seed, form)
        assert score(page, by_trafilatura(page)).right == len(page.truth)


@pytest.mark.parametrize("name", MANGLINGS)
def test_every_mangling_changes_pages_and_keeps_truth_across_carriers(name: str) -> None:
    mangling = MANGLINGS[name]
    form = mangling.forms[0]
    seeds = range(4)
    plain, mangled = ([generate(s, form, names) for s in seeds] for names in ([], [name]))
    assert [(p.body, p.content_type) for p in mangled] != [(p.body, p.content_type) for p in plain]
    page = generate(0, form, [name])
    for style in STYLES:
        assert generate(0, form, [name], f"text:{style}").truth == page.truth
    if mangling.phase in ("labels", "spans", "markup", "page", "charset", "formats"):
        assert page.truth == generate(0, form).truth, "how a page is printed does not change what it says"


@pytest.mark.parametrize("form", ["2021", "2019", "2014", "pre2014"])
@pytest.mark.parametrize("seed", range(5))
def test_a_false_total_is_one_wrong_number(form: str, seed: int) -> None:
    false, right = generate(seed, form, ["false_total"]), generate(seed, form)
    assert sum(false.truth[key] != right.truth[key] for key in right.truth) == 1
    assert "contradicted" in false.expected.values()
    assert "contradicted" not in right.expected.values()


def test_blanks_are_no_numbers() -> None:
    page = generate(4, "2021", ["blank_zeros"])
    assert {status for value, status in page.truth.values() if value is None} == {"blank"}
    assert 0 not in {value for value, _ in page.truth.values()}
    assert {s for _, s in generate(4, "2021", ["marks_for_zero"]).truth.values()} == {"mark", "reported"}


def test_absent_rows_are_absent() -> None:
    page = generate(4, "2021", ["missing_rows"])
    absent = {key[1] for key, (_, status) in page.truth.items() if status == "absent"}
    assert 1 <= len(absent) <= 3
    assert page.expected["applications"] == "unproved"


def test_combinations_are_compatible() -> None:
    for seed in range(200):
        _, names = combination(seed)
        assert 2 <= len(names) <= 4
        assert compatible(names)


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0, "零"),
        (10, "十"),
        (12, "十二"),
        (105, "一百零五"),
        (110, "一百一十"),
        (20300, "二万零三百"),
        (1005, "一千零五"),
    ],
)
def test_chinese_numerals(number: int, text: str) -> None:
    assert han(number) == text


def test_invented_organs_and_codes_belong_to_nobody() -> None:
    for seed in range(50):
        page = generate(seed, "2021")
        assert re.match("示例|样例|虚构|范例", page.metadata["org_name"])
        index_no = page.metadata.get("index_no", "")
        assert len(index_no) < 25 or index_no[2:4] == "99"
