"""Order-preserving alignment of two sequences (Needleman and Wunsch), which says where another alignment is as good."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

_EPSILON = 1e-6
_NEVER = float("-inf")


class Alignment(NamedTuple):
    """``pairs`` is (left, right) index pairs in order; ``ambiguous`` the left indices that fit another right one as well."""

    pairs: tuple[tuple[int, int], ...]
    ambiguous: frozenset[int]
    score: float


def align(scores: Sequence[Sequence[float | None]], *, skip_left: float = -1.0, skip_right: float = -0.5) -> Alignment:
    """Best order-preserving alignment; ``scores[i][j]`` is the worth of pairing i with j, None where they must not meet."""
    height = len(scores)
    width = len(scores[0]) if height else 0
    plain = _each_its_best(scores, width, skip_left, skip_right)
    if plain is not None:
        return plain
    forward = _table(scores, height, width, skip_left, skip_right)
    flipped = [[row[j] for j in range(width - 1, -1, -1)] for row in reversed(scores)]
    backward = _table(flipped, height, width, skip_left, skip_right)
    best = forward[height][width]

    def through(i: int, j: int) -> float:
        worth = scores[i][j]
        return _NEVER if worth is None else forward[i][j] + worth + backward[height - 1 - i][width - 1 - j]

    pairs: list[tuple[int, int]] = []
    i, j = height, width
    while i and j:
        worth = scores[i - 1][j - 1]
        here = forward[i][j]
        if worth is not None and abs(here - (forward[i - 1][j - 1] + worth)) < _EPSILON:
            pairs.append((i - 1, j - 1))
            i, j = i - 1, j - 1
        elif abs(here - (forward[i][j - 1] + skip_right)) < _EPSILON:
            j -= 1
        else:
            i -= 1
    pairs.reverse()
    ambiguous = frozenset(
        left for left, right in pairs if any(other != right and through(left, other) > best - _EPSILON for other in range(width))
    )
    return Alignment(tuple(pairs), ambiguous, best)


def _each_its_best(scores: Sequence[Sequence[float | None]], width: int, skip_left: float, skip_right: float) -> Alignment | None:
    """The alignment that pairs each left one with its best, where these stand in order and none has an equal.

    No other can be as good: it would pair no more of them, and some for less. Left ones that may meet nothing are skipped by all.
    """
    pairs: list[tuple[int, int]] = []
    worth_of_all = 0.0
    before = -1
    for i, row in enumerate(scores):
        worths = [_NEVER if worth is None else worth for worth in row]
        best = max(worths, default=_NEVER)
        if best == _NEVER:
            continue
        j = worths.index(best)
        if best < 0 or j <= before or sum(worth > best - _EPSILON for worth in worths) > 1:
            return None
        pairs.append((i, j))
        worth_of_all += best
        before = j
    skipped = skip_left * (len(scores) - len(pairs)) + skip_right * (width - len(pairs))
    return Alignment(tuple(pairs), frozenset(), worth_of_all + skipped)


def _table(scores: Sequence[Sequence[float | None]], height: int, width: int, skip_left: float, skip_right: float) -> list[list[float]]:
    table = [[j * skip_right for j in range(width + 1)]]
    for i in range(height):
        above = table[i]
        line = [above[0] + skip_left]
        row = scores[i]
        for j in range(width):
            best = max(above[j + 1] + skip_left, line[j] + skip_right)
            worth = row[j]
            if worth is not None and above[j] + worth > best:
                best = above[j] + worth
            line.append(best)
        table.append(line)
    return table
