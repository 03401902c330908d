"""Table 四 in a text that keeps no bars between cells: its one row of values, where its numbers wrapped and stand on several lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby, islice

from parsers.document import Block, Table, TableCell, cell_addresses, open_text
from parsers.printed.cells import Cells, TooManyWaysError, adds_up, agreed, below, joined
from parsers.printed.lines import Columns, PrintedLine

_WIDTH = 15  # three groups, each with its total
_GROUP = 5
MAX_COPIES = 12  # of a table in one text: last year's, other organs'


def with_whole_disputes(blocks: list[Block], lines: Sequence[PrintedLine]) -> list[Block]:
    """The blocks with lines of values that only together can be the row of table 四 as one row: its cells where its sums prove them."""
    for run in islice(_runs(lines), MAX_COPIES):
        cells = _open(run) if len(run) == _WIDTH else _proved(run) or _open(run)  # one a line: no sum tells their order
        locator = f"line[{run[0].number}]"
        table = Table(locator, (tuple(map(TableCell, cells)),), (cell_addresses(locator, len(cells)),), spans_known=False)
        blocks = in_place(blocks, table, run[0].number, run[-1].number)
    return blocks


def in_place(blocks: Sequence[Block], table: Table, first: int, last: int) -> list[Block]:
    """The blocks with a table in the place of those that begin on the lines from ``first`` to ``last``."""
    numbers = [int(block.locator.split("[")[1].split("]")[0]) for block in blocks]
    at = next((i for i, number in enumerate(numbers) if number >= first), len(blocks))
    kept = [(block, i) for i, (block, number) in enumerate(zip(blocks, numbers, strict=True)) if not first <= number <= last]
    return [*(block for block, i in kept if i < at), table, *(block for block, i in kept if i >= at)]


def _runs(lines: Sequence[PrintedLine]) -> Iterator[list[PrintedLine]]:
    """Lines of nothing but values that follow each other, more than one, with values enough for the row; or one value on each line."""
    for values, group in groupby(lines, key=lambda line: line.is_values):
        run = list(group)
        if not values or len(run) < 2:
            continue
        count, longest = sum(len(line.values) for line in run), max(len(line.values) for line in run)
        if (count > _WIDTH and longest > _GROUP) or len(run) == count == _WIDTH:
            yield run


def _proved(run: Sequence[PrintedLine]) -> Cells | None:
    columns = Columns(run, _WIDTH)
    try:
        found = below(run, columns) if columns.kept else joined(run, _WIDTH)
    except TooManyWaysError:
        return None
    proved = [cells for cells in found if all(adds_up(cells[i : i + _GROUP]) for i in range(0, _WIDTH, _GROUP))]
    return agreed(proved) if proved else None


def _open(run: Sequence[PrintedLine]) -> Cells:
    return (open_text(value.text for line in run for value in line.values),) * _WIDTH
