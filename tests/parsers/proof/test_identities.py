"""The form's own sums: verdicts on tables whose numbers were made up by hand."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parsers.model import Number, Status
from parsers.proof.identities import Arithmetic, Outcome, arithmetic, judge

SUMMANDS = ("disclosed", "refused_state_secret", "unavailable_not_held")
PEOPLE = ("natural_person", "business", "research", "nonprofit", "legal_service", "other_org")
Cells = dict[tuple[str, str | None], Number | str | None]


def applications(form: str = "2021") -> Cells:
    """A true table 三: 7 persons and 3 businesses ask, 2 + 1 requests are left over, 1 stays open."""
    cells: Cells = {(name, who): 0 for name, who, _ in arithmetic(form, "applications", ()).keys}
    person = {"new_requests": 7, "carried_over": 2, "disclosed": 5, "unavailable_not_held": 3, "carried_forward": 1}
    business = {"new_requests": 3, "carried_over": 1, "disclosed": 1, "refused_state_secret": 3}
    columns = {"natural_person": person, "business": business}
    for who, column in columns.items():
        for name, value in column.items():
            cells[name, who] = value
        cells["concluded", who] = sum(column.get(name, 0) for name in SUMMANDS)
    for name, _, _ in arithmetic(form, "applications", ()).keys:
        cells[name, "total"] = sum(int(cells[name, who] or 0) for who in PEOPLE)
    return cells


def disputes() -> Cells:
    """A true table 四: reviews 1 + 2 + 3 + 4 = 10, direct suits 5, no suit after a review."""
    given = {"review": (1, 2, 3, 4, 10), "suit_direct": (5, 0, 0, 0, 5), "suit_after_review": (0, 0, 0, 0, 0)}
    outcomes = ("upheld", "overturned", "other", "pending", "total")
    return {(f"{way}_{o}", None): n for way, row in given.items() for o, n in zip(outcomes, row, strict=True)}


_NO_NUMBER: dict[str, Status] = {"": "blank", "/": "mark", "?": "unreadable"}


def judged(table: str, cells: Mapping[tuple[str, str | None], Number | str | None], form: str = "2021") -> Outcome:
    """The verdict; None is an absent cell, a string of _NO_NUMBER one without a number."""
    arith = arithmetic(form, table, ())
    values: list[Number | None] = []
    statuses: list[Status] = []
    for name, who, _ in arith.keys:
        cell = cells[name, who]
        values.append(None if cell is None or isinstance(cell, str) else cell)
        statuses.append("absent" if cell is None else _NO_NUMBER[cell] if isinstance(cell, str) else "reported")
    return judge(arith, values, statuses)


def failing(outcome: Outcome) -> list[tuple[str, str]]:
    """Check and place of every identity that fails."""
    return [(check.check, check.detail) for check in outcome.checks if check.status == "fail"]


def explanation(outcome: Outcome) -> str:
    """What the report says would explain the contradiction."""
    (found,) = (check for check in outcome.checks if check.check == "explanation")
    return found.detail


@pytest.mark.parametrize("form", ["2021", "2019"])
def test_a_true_table_is_proved(form: str) -> None:
    assert judged("applications", applications(form), form).verdict == "proved"
    assert judged("disputes", disputes(), form).verdict == "proved"


def test_how_many_identities_the_annual_tables_have() -> None:
    """Two for each of the seven columns, one for each row; three in table 四; none in table 二."""
    checks = [check.check for check in judged("applications", applications()).checks]
    assert {c: checks.count(c) for c in set(checks)} == {"C-T3-01": 7, "C-T3-02": 7, "C-T3-03": 25}
    checks = [check.check for check in judged("applications", applications("2019"), "2019").checks]
    assert {c: checks.count(c) for c in set(checks)} == {"C-T3-01": 7, "C-T3-02": 7, "C-T3-03": 23}
    assert [check.check for check in judged("disputes", disputes()).checks] == ["C-T4-01"] * 3


def test_a_table_without_identities_is_unproved() -> None:
    cells: Cells = {(name, None): 1 for name, _, _ in arithmetic("2021", "proactive", ()).keys}
    assert judged("proactive", cells).verdict == "unproved"


def test_checks_give_both_sides() -> None:
    outcome = judged("applications", applications())
    flow = {c.detail: (c.left, c.right) for c in outcome.checks if c.check == "C-T3-01"}
    assert flow["natural_person"] == (9, 9)
    assert flow["business"] == (4, 4)
    assert flow["total"] == (13, 13)
    rows = {c.detail: (c.left, c.right) for c in outcome.checks if c.check == "C-T3-03"}
    assert rows["concluded"] == (12, 12)


@pytest.mark.parametrize("by", [1, -1, 100])
def test_one_false_cell_is_contradicted_and_named(by: int) -> None:
    """A wrong 予以公开 of the businesses breaks its column and its row; no other single cell explains both."""
    cells = applications() | {("disclosed", "business"): 1 + max(by, -1)}
    outcome = judged("applications", cells)
    assert outcome.verdict == "contradicted"
    assert failing(outcome) == [("C-T3-02", "business"), ("C-T3-03", "disclosed")]
    assert explanation(outcome).endswith(": disclosed.business")


def test_two_false_cells_are_named_together() -> None:
    """The same surplus in a part and in its row's total leaves the row right and two columns wrong."""
    cells = applications() | {("disclosed", "business"): 2, ("disclosed", "total"): 7}
    outcome = judged("applications", cells)
    assert failing(outcome) == [("C-T3-02", "business"), ("C-T3-02", "total")]
    assert "disclosed.business and disclosed.total" in explanation(outcome)


def test_a_contradiction_that_several_cells_would_explain_names_them_all() -> None:
    """Reviews 1 + 2 + 3 + 4 under a total of 11: any of the five may be the wrong one, the total above all."""
    outcome = judged("disputes", disputes() | {("review_total", None): 11})
    assert outcome.verdict == "contradicted"
    assert failing(outcome) == [("C-T4-01", "review_total")]
    text = explanation(outcome)
    assert "review_total" in text
    assert "review_upheld" in text
    assert "suit" not in text


def test_blank_zeros_are_proved_as_zeros_only() -> None:
    cells = {key: "" if value == 0 else value for key, value in applications().items()}
    outcome = judged("applications", cells)
    assert outcome.verdict == "proved_blank_as_zero"
    assert {c.status for c in outcome.checks} <= {"pass", "not_assessable"}, "a blank is never 0 in a check as printed"


def test_marks_count_like_blanks() -> None:
    cells = {key: "/" if value == 0 else value for key, value in disputes().items()}
    assert judged("disputes", cells).verdict == "proved_blank_as_zero"


@pytest.mark.parametrize(
    ("place", "verdict"),
    [
        (("disclosed", "business"), "contradicted"),  # 1 read as a blank: the sums say it is not 0
        (("disclosed", "research"), "proved_blank_as_zero"),
        (("carried_forward", "natural_person"), "contradicted"),
    ],
)
def test_one_blank(place: tuple[str, str], verdict: str) -> None:
    assert judged("applications", applications() | {place: ""}).verdict == verdict


def test_a_blank_total_above_filled_parts_is_a_number_that_was_not_stated() -> None:
    """As printed in Shanghai in 2019: totals blank in the middle rows, whose sums agree with the rest."""
    stated = ("new_requests", "carried_over", "concluded", "carried_forward")
    middle = {key: "" for key in applications() if key[1] == "total" and key[0] not in stated}
    assert judged("applications", applications() | middle).verdict in ("proved_blank_as_zero", "unproved")
    wrong = {("concluded", "total"): 13, ("carried_forward", "total"): 0}
    assert judged("applications", applications() | middle | wrong).verdict == "contradicted"


def test_an_unstated_total_that_nothing_else_tests_proves_nothing() -> None:
    """Reviews 1 + 2 + 3 + 4 and no total: nothing on the page speaks for the four."""
    assert judged("disputes", disputes() | {("review_total", None): ""}).verdict == "unproved"


@pytest.mark.parametrize("what", ["?", None])
def test_an_unreadable_or_missing_cell_leaves_the_table_unproved(what: str | None) -> None:
    assert judged("applications", applications() | {("disclosed", "business"): what}).verdict == "unproved"
    assert judged("disputes", disputes() | {("suit_direct_upheld", None): what}).verdict == "unproved"


def test_a_false_sum_elsewhere_outweighs_an_unreadable_cell() -> None:
    cells = disputes() | {("suit_direct_upheld", None): "?", ("review_total", None): 11}
    assert judged("disputes", cells).verdict == "contradicted"


def test_nothing_printed_is_absent_and_nothing_filled_in_proves_nothing() -> None:
    cells = disputes()
    assert judged("disputes", dict.fromkeys(cells, None)).verdict == "absent"
    assert judged("disputes", dict.fromkeys(cells, "")).verdict == "unproved"
    assert judged("disputes", dict.fromkeys(cells, 0)).verdict == "proved"


def test_one_collapsed_row_takes_the_place_of_its_three() -> None:
    arith = arithmetic("2021", "applications", ("other_handled",))
    names = [name for name, _, _ in arith.keys]
    assert names.index("other_handled") < names.index("concluded")
    sums = [i for i in arith.instances if i.check == "C-T3-02"]
    parts = {arith.keys[i][0] for i in sums[0].right}
    assert "other_handled" in parts
    assert "other_misc" not in parts


STATISTICS_2014: Cells = {
    ("requests_received", None): 9,
    ("received_in_person", None): 1,
    ("received_fax", None): 0,
    ("received_online", None): 6,
    ("received_letter", None): 2,
    ("staff", None): 3,
    ("staff_full_time", None): 1,
    ("staff_part_time", None): 2,
}


def _statistics(changes: Cells) -> Outcome:
    arith = arithmetic("2014", "statistics", ())
    printed = STATISTICS_2014 | changes
    values = [printed.get((name, who)) if period == "year" else None for name, who, period in arith.keys]
    return judge(arith, values, ["absent" if value is None else "reported" for value in values])


def test_statistics_are_judged_by_the_sums_they_print() -> None:
    assert _statistics({}).verdict == "proved"
    assert _statistics({("staff", None): 4}).verdict == "contradicted"
    assert failing(_statistics({("received_online", None): 5})) == [("C-O-01", "year")]


def test_a_soft_identity_warns_and_does_not_contradict() -> None:
    """C-O-12: more training courses than people trained is odd, not false."""
    outcome = _statistics({("trainings", None): 5, ("trainees", None): 2})
    assert ("C-O-12", "W", "fail") in [(c.check, c.severity, c.status) for c in outcome.checks]
    assert outcome.verdict == "proved"


def test_money_may_differ_by_a_rounding() -> None:
    """Tolerance 0.01: fees are sums of rounded amounts."""
    arith = arithmetic("pre2014", "statistics", ())
    cells: Cells = dict.fromkeys(((name, period) for name, _, period in arith.keys), None)

    def verdict(total: float) -> str:
        amounts = {"fees_yuan": total, "fees_proactive_yuan": 0.1, "fees_on_request_yuan": 0.2}
        values = [amounts.get(name) if period == "year" else None for name, _, period in arith.keys]
        statuses: list[Status] = ["absent" if value is None else "reported" for value in values]
        return judge(arith, values, statuses).verdict

    assert cells
    assert verdict(0.3) == "proved"
    assert verdict(0.31) == "proved"
    assert verdict(0.33) == "contradicted"


# ------------------------------------------------------------------ properties


@st.composite
def _true_tables(draw: st.DrawFn) -> Cells:
    """Any table 三 that is right: parts at random, sums and flow worked out."""
    arith = arithmetic("2021", "applications", ())
    sums = {"new_requests", "carried_over", "concluded", "carried_forward"}
    parts = [name for name in dict.fromkeys(key[0] for key in arith.keys) if name not in sums]
    cells: Cells = {}
    for who in PEOPLE:
        column = {name: draw(st.integers(0, 9)) for name in parts}
        concluded, forward = sum(column.values()), draw(st.integers(0, 9))
        over = draw(st.integers(0, concluded + forward))
        column |= {"concluded": concluded, "carried_forward": forward, "carried_over": over}
        column["new_requests"] = concluded + forward - over
        cells |= {(name, who): value for name, value in column.items()}
    for name in [*parts, *sums]:
        cells[name, "total"] = sum(int(cells[name, who] or 0) for who in PEOPLE)
    return cells


@given(_true_tables())
@settings(max_examples=25, deadline=None)
def test_every_true_table_is_proved(cells: Cells) -> None:
    assert judged("applications", cells).verdict == "proved"


@given(_true_tables(), st.data())
@settings(max_examples=40, deadline=None)
def test_every_single_change_of_a_true_table_is_contradicted_and_found(cells: Cells, data: st.DataObject) -> None:
    place = data.draw(st.sampled_from(sorted(cells, key=str)))
    value = int(cells[place] or 0)
    cells = cells | {place: data.draw(st.integers(0, 99).filter(lambda n: n != value))}
    outcome = judged("applications", cells)
    assert outcome.verdict == "contradicted"
    assert f"{place[0]}.{place[1]}" in explanation(outcome)


@given(_true_tables(), st.data())
@settings(max_examples=40, deadline=None)
def test_blanking_never_makes_a_proof_of_other_numbers(cells: Cells, data: st.DataObject) -> None:
    """Whatever is blanked, a verdict of proof needs every blanked part to be a 0."""
    places = data.draw(st.lists(st.sampled_from(sorted(cells, key=str)), min_size=1, max_size=4, unique=True))
    outcome = judged("applications", cells | dict.fromkeys(places, ""))
    assert outcome.verdict != "proved"
    if outcome.verdict == "proved_blank_as_zero":
        assert all(cells[place] == 0 for place in places if place[1] != "total" and place[0] in SUMMANDS)


def test_arithmetic_of_an_unknown_table_is_refused() -> None:
    with pytest.raises(KeyError):
        arithmetic("2021", "statistics", ())
    assert isinstance(arithmetic("2021", "disputes", ()), Arithmetic)
