"""What the labels of a form can mean: for a printed text, how well it fits each role in each official table."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache
from itertools import chain
from typing import NamedTuple

from parsers.forms import Form, FormTable, load_forms
from parsers.labels import label_key, likeness, short_key

FIT = 0.72  # below this a printed text is not taken for a label
_NO_FIT = 0.0
_SUBTOTAL = "小计"  # stands in any table, so it speaks for none
ANYWHERE = frozenset(("其他", "总计", "合计"))  # labels of several tables, and of rows and columns


class Fit(NamedTuple):
    """How well a text fits a role of one official table, 0 to 1: a row, a group of rows, a column, a group of columns, an article."""

    row: float
    group: float
    column: float
    head: float
    article: float

    @property
    def best(self) -> float:
        """The best of all roles."""
        return max(self)

    @property
    def as_column(self) -> float:
        """The better of column and group of columns."""
        return max(self.column, self.head)

    @property
    def as_row(self) -> float:
        """The better of row and group of rows."""
        return max(self.row, self.group)


class Vocabulary:
    """The labels of one form. Answers are remembered per text; the memory is bounded."""

    _LIMIT = 10_000

    def __init__(self, form: Form) -> None:
        self.form = form
        self._roles = {table.id: _Roles(table) for table in form.tables}
        self._fits: dict[tuple[str, str], Fit] = {}
        self._votes: dict[str, tuple[tuple[str, float], ...]] = {}

    def fit(self, text: str, table_id: str) -> Fit:
        """How well ``text`` fits the roles of a table; fits below FIT count as 0."""
        key = (text, table_id)
        found = self._fits.get(key)
        if found is None:
            if len(self._fits) >= self._LIMIT:
                self._fits.clear()
            found = self._fits[key] = self._roles[table_id].fit(text)
        return found

    def heads(self, text: str) -> bool:
        """Whether a text is a group of columns in any table."""
        return any(self.fit(text, table.id).head for table in self.form.tables)

    def votes(self, text: str) -> tuple[tuple[str, float], ...]:
        """The official tables that a text speaks for, and how strongly; a label of several tables speaks softly."""
        found = self._votes.get(text)
        if found is None:
            if len(self._votes) >= self._LIMIT:
                self._votes.clear()
            found = self._votes[text] = tuple(self._vote(text))
        return found

    def _vote(self, text: str) -> Iterator[tuple[str, float]]:
        key = label_key(text)
        if key == _SUBTOTAL:
            return
        fits = {table.id: self.fit(text, table.id) for table in self.form.tables}
        speaking = {table_id: fit.best for table_id, fit in fits.items() if fit.best}
        for table_id, best in speaking.items():
            # 其他 and 总计 stand everywhere: what is a row and a column, or in several tables, says little.
            soft = key in ANYWHERE or (fits[table_id].row and fits[table_id].column)
            weight = 0.25 if len(speaking) > 1 else 0.4 if soft else 1.0
            if best >= max(speaking.values()):
                yield table_id, weight * best


@cache
def vocabulary(form_id: str) -> Vocabulary:
    """The vocabulary of a bundled form. Raises KeyError for an unknown id."""
    return Vocabulary(load_forms()[form_id])


class _Roles:
    """The labels of one official table, by their characters: most texts have too few in common with a label to be compared with it."""

    def __init__(self, table: FormTable) -> None:
        self._labels: list[tuple[int, tuple[str, ...], int]] = []  # role, label and its variants, length of the shortest
        self._at: dict[str, list[int]] = defaultdict(list)  # character -> places in _labels
        for role, known in enumerate(_labels_of(table)):
            for labels in known:
                keys = {key for label in labels for key in (label_key(label), short_key(label))}
                for char in set("".join(keys)):
                    self._at[char].append(len(self._labels))
                self._labels.append((role, labels, min(map(len, keys))))

    def fit(self, text: str) -> Fit:
        """How well a text fits each role; fits below FIT count as 0."""
        best = [_NO_FIT] * len(Fit._fields)
        key = label_key(text)
        chars = set(key)
        length = min(len(key), len(short_key(text)))
        hits = Counter(chain.from_iterable(self._at.get(char, ()) for char in chars))
        for place, common in hits.items():
            role, labels, shortest = self._labels[place]
            common += len(key) - len(chars)  # a character may match as often as the text has it
            # FIT asks for this share of both, or for all of the shorter one (parsers.labels.similarity)
            if common >= min(FIT / 2 * (length + shortest), length, shortest):
                best[role] = max(best[role], likeness(text, labels))
        return Fit(*(fit if fit >= FIT else _NO_FIT for fit in best))


def _labels_of(table: FormTable) -> tuple[tuple[tuple[str, ...], ...], ...]:
    """The labels of a table by role, in the order of Fit."""
    rows = [row for block in table.blocks for row in (*block.rows, *block.collapsed)]
    columns = [column for block in table.blocks for column in block.columns]
    return (
        _unique(row.labels for row in rows),
        _unique((label,) for row in rows for label in row.path),
        _unique(column.labels for column in columns),
        _unique((label,) for column in columns for label in column.path),
        _unique((block.article,) for block in table.blocks if block.article),
    )


def _unique(labels: object) -> tuple[tuple[str, ...], ...]:
    return tuple(dict.fromkeys(label for label in labels if label))  # type: ignore[attr-defined]
