"""Cells that stand on lines of their own beside bars, or with bars on lines between them, brought to lines that other readers know.

- ``规章 |``, ``0 |``: every cell before its bar, a blank one as a bar alone; ``|规章``, ``|0``: every cell behind it; ``规章``, ``|``,
  ``0``, ``|``: the bar on a line of its own. Such text tells cells apart, but not rows. The values between two labels are one row's: they
  become one line without bars, behind their label, blank ones as BLANK;
- ``| 规章 |``, ``0 |``: only the first cell of a row stands between two bars; ``规章``, ``| 0``, ``|``: a bar stands before all cells but
  the first, and one alone behind the last. Such text tells rows: each becomes one line with bars.

Lines keep their numbers: what was joined leaves empty ones. Where lines with more bars stand among them, they stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby, pairwise
from typing import NamedTuple

from parsers.carriers.lines.wiki import is_wiki
from parsers.document import BLANK, Document, Paragraph, TableCell
from parsers.values import read_value

_BARS = re.compile(r"(?<!\\)\|")
_ENOUGH = 4  # cells: fewer lines have bars for other reasons
_WIDEST = 7  # values of a row with a label
_SHORT = 12  # characters: no longer line without a bar is part of a broken label
_PROSE = re.compile(r".*[。；：:]|[一二三四五六七八九十]{1,3}、.*(?:情况|事项|问题)")


class _Line(NamedTuple):
    """A line without the white around it, its place, and where its bars stand."""

    at: int
    text: str
    shape: str  # empty, text, bar (alone), opened, closed, boxed, several

    @property
    def cell(self) -> str:
        return self.text.strip("| \t\u3000\xa0")


def with_cells_in_lines(text: str) -> str:
    """The text with such cells in lines or rows. Pure; never raises."""
    if "|" not in text or BLANK in text:
        return text
    lines = text.split("\n")
    if any(map(is_wiki, lines)):
        return text
    shaped = [_shaped(at, line.strip(" \t\r\u3000\xa0")) for at, line in enumerate(lines)]
    filled = [line for line in shaped if line.shape != "empty"]
    around = {line.at: {one.shape, other.shape} for one, line, other in zip(filled, filled[1:], filled[2:], strict=False)}
    beside_several = frozenset(at for at, shapes in around.items() if "several" in shapes)
    for several, group in groupby(shaped, key=lambda line: line.shape == "several"):
        if not several:
            for at, line in _rewritten(list(group), beside_several).items():
                lines[at] = line
    return "\n".join(lines)


def with_blank_cells(document: Document) -> Document:
    """The document with blank cells where BLANK stands for one."""

    def blank(cell: TableCell) -> TableCell:
        return cell._replace(text="") if cell.text == BLANK else cell

    blocks = (
        Paragraph(block.text.replace(BLANK, ""), block.locator)
        if isinstance(block, Paragraph)
        else replace(block, rows=tuple(tuple(map(blank, row)) for row in block.rows))
        for block in document.blocks
    )
    return replace(document, blocks=tuple(blocks))


def _shaped(at: int, text: str) -> _Line:
    bars = len(_BARS.findall(text))
    if not bars:
        return _Line(at, text, "text" if text else "empty")
    if text == "|":
        return _Line(at, text, "bar")
    opens, closes = text[0] == "|", text[-1] == "|"
    if bars == 2 and opens and closes and text.strip("| "):
        return _Line(at, text, "boxed")
    return _Line(at, text, "several" if bars > 1 or opens == closes else "opened" if opens else "closed")


def _rewritten(lines: Sequence[_Line], beside_several: frozenset[int]) -> dict[int, str]:
    """The new lines of a stretch without lines of several bars, by place; ``beside_several``: the places next to such lines."""
    shapes = {line.shape for line in lines}
    if shapes & {"closed", "boxed"}:
        return _closed(lines, beside_several) if "opened" not in shapes else {}
    if "opened" not in shapes:
        return _parted(lines)
    ends = sum(one.shape == "bar" and other.shape == "text" for one, other in pairwise(lines))
    return _behind_first(lines) if ends >= _ENOUGH else _opened(lines)


def _closed(lines: Sequence[_Line], beside_several: frozenset[int]) -> dict[int, str]:
    """Cells before their bars: in rows where the first of a row stands between two, else in lines."""
    found: dict[int, str] = {}
    for barred, group in groupby(_with_bars(lines, found), key=lambda line: line.shape in ("closed", "boxed", "bar")):
        run = list(group)
        if not barred or len(run) < _ENOUGH or beside_several & {run[0].at, run[-1].at}:
            continue
        boxed = [i for i, line in enumerate(run) if line.shape == "boxed"]
        if not boxed:
            found |= _in_lines((line.at, line.cell) for line in run)
        elif boxed[0] == 0 and len(boxed) < len(run):
            for start, end in pairwise((*boxed, len(run))):
                found |= _in_row(run[start:end])
    return found


def _with_bars(lines: Sequence[_Line], moved: dict[int, str]) -> Iterator[_Line]:
    """The lines that hold something, a short text among cells with its bar where that stands alone below it; ``moved`` gets the changes."""
    filled = [line for line in lines if line.shape != "empty"]
    barred = False
    i = 0
    while i < len(filled):
        line, after = filled[i], filled[i + 1] if i + 1 < len(filled) else None
        if barred and line.shape == "text" and not _is_prose(line.text) and after is not None and after.shape == "bar":
            moved |= {after.at: "", line.at: f"{line.text} |"}
            line = line._replace(shape="closed", text=f"{line.text} |")
            i += 1
        barred = line.shape in ("closed", "boxed", "bar")
        yield line
        i += 1


def _opened(lines: Sequence[_Line]) -> dict[int, str]:
    """Cells behind their bars, labels maybe broken over further lines, in lines."""
    found: dict[int, str] = {}
    cells: list[tuple[int, str]] = []
    for line, after in zip(lines, (*lines[1:], None), strict=True):
        if line.shape in ("opened", "bar"):
            cells.append((line.at, line.cell))
        elif cells and line.shape == "text" and len(line.text) <= _SHORT and after and after.shape == "opened":
            cells[-1] = (cells[-1][0], cells[-1][1] + line.text)
            found[line.at] = ""
        else:
            found |= _in_lines(cells) if len(cells) >= _ENOUGH else {}
            cells = []
    return found | (_in_lines(cells) if len(cells) >= _ENOUGH else {})


def _parted(lines: Sequence[_Line]) -> dict[int, str]:
    """Cells with bars on lines between them, one or two everywhere, in lines."""
    groups: list[tuple[list[_Line], list[int]]] = []  # texts, and the places of the bars that follow them
    texts: list[_Line] = []
    for line in lines:
        if line.shape == "text":
            texts.append(line)
        elif line.shape == "bar" and texts:
            groups.append((texts, [line.at]))
            texts = []
        elif line.shape == "bar" and groups:
            groups[-1][1].append(line.at)
    step = min((len(bars) for _, bars in groups), default=1)
    if len(groups) < 2 * _ENOUGH or any(len(bars) % step for _, bars in groups):
        return {}
    found: dict[int, str] = {line.at: "" for line in lines if line.shape == "bar"}
    cells: list[tuple[int, str]] = []
    for group, bars in (*groups, (texts, [])):
        own = _own(group, begins=not cells)
        if len(own) < len(group) or not bars:
            # The last cell of a table has no bar behind it where a bar stands before each.
            found |= _in_lines((*cells, *((line.at, line.text) for line in group[:1] if cells and _is_value(line.text))))
            cells = []
        if own and bars:
            found |= {line.at: "" for line in own}
            cells.append((own[0].at, "".join(line.text for line in own)))
        cells += [(at, "") for at in bars[step::step]]
    return found


def _own(texts: Sequence[_Line], *, begins: bool) -> Sequence[_Line]:
    """The last of some texts that make the cell before a bar: not the prose, and not the value that ends the table above it."""
    if begins or len(texts) > _ENOUGH:
        own = texts[-1:]
    else:
        prose = [i for i, line in enumerate(texts) if _is_prose(line.text) or (i + 1 < len(texts) and _is_value(line.text))]
        own = texts[prose[-1] + 1 :] if prose else texts
    ends = len(texts) > 1 and _is_value(texts[0].text)
    return [] if ends or (own and _is_prose(own[-1].text)) else own


def _is_prose(text: str) -> bool:
    return len(text) > 2 * _SHORT or _PROSE.fullmatch(text) is not None


def _is_value(text: str) -> bool:
    return read_value(text).status in ("reported", "mark")


def _behind_first(lines: Sequence[_Line]) -> dict[int, str]:
    """Cells behind their bars but for the first of a row, and a bar alone behind the last, in rows."""
    found: dict[int, str] = {}
    row: list[_Line] = []
    within = False  # whether a row ended right above
    for line, after in zip(lines, (*lines[1:], None), strict=True):
        if line.shape == "empty" or (line.shape == "text" and _PROSE.fullmatch(line.text)):
            row, within = [], False
            continue
        if not within and line.shape != "text" and all(one.shape == "text" for one in row):
            row = row[-1:]  # above a table stand other lines: 填报单位 …, 报出日期 …
        row.append(line)
        if line.shape == "bar" and (after is None or after.shape in ("text", "empty")):
            found |= _in_row(row)
            row, within = [], True
    return found


def _in_row(lines: Sequence[_Line]) -> dict[int, str]:
    """Lines as one row in the place of the first."""
    return {line.at: "" for line in lines} | {lines[0].at: " ".join(line.text for line in lines)}


def _in_lines(cells: Iterable[tuple[int, str]]) -> dict[int, str]:
    """Labels as lines, each with the values that follow it, if it can have as many; else they are a line in the place of the first."""
    found: dict[int, str] = {}
    label: int | None = None
    for is_value, group in groupby(cells, key=lambda cell: not cell[1] or _is_value(cell[1])):
        run = list(group)
        if not is_value:
            found |= dict(run)
            label = run[-1][0]
            continue
        values = " ".join("".join(text.split()) or BLANK for _, text in run)
        found |= {at: "" for at, _ in run}
        if label is not None and len(run) <= _WIDEST:
            found[label] += f" {values}"
        else:
            found[run[0][0]] = values
    return found
