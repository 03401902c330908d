"""Order-preserving alignment against brute force: the best pairing, and every doubt about it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from parsers.align import align

Scores = Sequence[Sequence[float | None]]
SKIP_LEFT, SKIP_RIGHT = -1.0, -0.5


def every_pairing(height: int, width: int) -> Iterator[tuple[tuple[int, int], ...]]:
    """All order-preserving pairings of two sequences."""
    for size in range(min(height, width) + 1):
        for lefts in combinations(range(height), size):
            for rights in combinations(range(width), size):
                yield tuple(zip(lefts, rights, strict=True))


def worth(pairs: Sequence[tuple[int, int]], scores: Scores) -> float | None:
    """Worth of a pairing with what it leaves out, None where it pairs what must not meet."""
    height, width = len(scores), len(scores[0]) if scores else 0
    total = (height - len(pairs)) * SKIP_LEFT + (width - len(pairs)) * SKIP_RIGHT
    for i, j in pairs:
        score = scores[i][j]
        if score is None:
            return None
        total += score
    return total


_WORTHS = st.one_of(st.none(), st.integers(-3, 10).map(float))


@st.composite
def _scores(draw: st.DrawFn) -> list[list[float | None]]:
    height, width = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    return [[draw(_WORTHS) for _ in range(width)] for _ in range(height)]


@given(_scores())
@settings(max_examples=150, deadline=None)
def test_the_best_pairing_of_all_is_found(scores: list[list[float | None]]) -> None:
    found = align(scores)
    worths = [w for pairs in every_pairing(len(scores), len(scores[0])) if (w := worth(pairs, scores)) is not None]
    assert found.score == max(worths)
    assert worth(found.pairs, scores) == max(worths)


@given(_scores())
@settings(max_examples=150, deadline=None)
def test_order_is_preserved_and_nothing_is_used_twice(scores: list[list[float | None]]) -> None:
    pairs = align(scores).pairs
    assert list(pairs) == sorted(pairs)
    assert len({i for i, _ in pairs}) == len({j for _, j in pairs}) == len(pairs)


@given(_scores())
@settings(max_examples=150, deadline=None)
def test_ambiguous_is_exactly_what_another_best_pairing_pairs_otherwise(scores: list[list[float | None]]) -> None:
    found = align(scores)
    best = [p for p in every_pairing(len(scores), len(scores[0])) if worth(p, scores) == found.score]
    partners = {i: {j for pairs in best for left, j in pairs if left == i} for i, _ in found.pairs}
    assert found.ambiguous == {i for i, rights in partners.items() if len(rights) > 1}


def test_two_rows_of_equal_fit_for_one_line_are_refused() -> None:
    """One printed 其他 that fits two rows of the form equally well belongs to neither."""
    found = align([[9.0, 9.0]])
    assert found.ambiguous == {0}


def test_the_neighbours_decide_between_equal_fits() -> None:
    """The same 其他 after a line that fits the row between the two has only one place."""
    found = align([[None, 10.0, None], [9.0, None, 9.0]])
    assert found.pairs == ((0, 1), (1, 2))
    assert not found.ambiguous


def test_a_line_that_fits_nothing_is_left_out() -> None:
    found = align([[10.0, None], [None, None], [None, 10.0]])
    assert found.pairs == ((0, 0), (2, 1))
    assert found.score == 20.0 + SKIP_LEFT


def test_crossing_labels_lose_the_cheaper_one() -> None:
    found = align([[None, 10.0], [7.0, None]])
    assert found.pairs == ((0, 1),)


def test_nothing_to_align() -> None:
    assert align([]).pairs == ()
    assert align([[], []]).pairs == ()
    assert align([[None, None]]).pairs == ()
