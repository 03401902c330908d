"""What is kept of cells that OCR read where no sums prove their table."""

from __future__ import annotations

import pytest

from parsers.model import Cell
from parsers.proof.recognised import counted

PAGE = "page[1]"


def cell(status: str, raw: str, value: int | None = None) -> Cell:
    return Cell("proactive", "rules_issued", None, value, status, raw, None, "件", f"{PAGE}/box[1,2,3,4]", None, None)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("neighbour", "blank"),
    [
        (cell("reported", "7", 7), "blank"),
        (cell("unreadable", "7\ufffd"), "blank"),
        (cell("unreadable", "7 ¦ 8 ¦"), "unreadable"),
    ],
)
def test_a_blank_stands_unless_values_ran_together(neighbour: Cell, blank: str) -> None:
    kept = counted([neighbour, cell("blank", "")], "unproved", None, (PAGE,))
    assert [one.status for one in kept] == ["unreadable", blank]


def test_a_mark_counts_where_the_table_is_proved_only() -> None:
    for verdict in ("unproved", "contradicted"):
        assert counted([cell("mark", "。")], verdict, None, (PAGE,))[0].status == "unreadable"


def test_what_a_text_layer_says_is_not_touched() -> None:
    own = [cell("reported", "7", 7), cell("mark", "/"), cell("blank", "")]
    assert counted(own, "unproved", None, ("page[2]",)) == own
