"""Column heads that a table prints in several rows (商业 above 企业), or only in part: made whole before anything is read from them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from parsers.forms import Form, FormTable
from parsers.labels import label_key
from parsers.layout import Line, Token

_MOST_ROWS = 4  # that a head is broken over


def with_whole_heads(lines: Sequence[Line], form: Form) -> Sequence[Line]:
    """The lines of a printed table, those that go on with the heads of the line above laid into it.

    Only where every text of a line does so, and what was begun is a label of one table of the form when the last line is added: no text is
    moved that may be a head, a label or a value of its own. Neighbours alike that only begin heads get the rest of them in brackets.
    """
    for table in form.tables:
        whole = {label_key(label) for block in table.blocks for column in block.columns for label in (*column.labels, *column.path)}
        joined: list[Line] = []
        at = 0
        while at < len(lines):
            line, at = _whole(lines, at, whole)
            joined.append(_told_apart(line, table))
        lines = joined
    return lines


def _whole(lines: Sequence[Line], at: int, whole: set[str]) -> tuple[Line, int]:
    """The line at a place with all that goes on with it, and the place of the line behind."""
    found, end = lines[at], at + 1
    if found.has_number():
        return found, end
    tokens: Sequence[Token] = found.tokens
    begun: set[int] = set()
    for n, line in enumerate(lines[at + 1 : at + _MOST_ROWS], at + 2):
        longer = _gone_on(tokens, line.tokens, begun, whole)
        if longer is None:
            break
        tokens = longer
        if all(label_key(tokens[i].text) in whole for i in begun):
            found, end = replace(found, tokens=tuple(tokens)), n
    return found, end


def _told_apart(line: Line, table: FormTable) -> Line:
    """A line of heads in which neighbours that lost their second halves (本年新 | 本年新 | 对外公开总数量) have them in brackets."""
    texts = [token.text for token in line.tokens]
    if not any(len(left) > 1 and left == right for left, right in pairwise(texts)) or line.has_number():
        return line
    for block in table.blocks:
        labels = [column.labels[0] for column in block.columns]
        for at in range(len(texts) - len(labels) + 1):
            begun = list(zip(line.tokens[at:], labels, strict=False))
            if all(len(token.text) > 1 and label.startswith(token.text) for token, label in begun):
                whole = (token._replace(text=_with_rest(token.text, label)) for token, label in begun)
                return replace(line, tokens=(*line.tokens[:at], *whole, *line.tokens[at + len(labels) :]))
    return line


def _with_rest(text: str, label: str) -> str:
    return text if text == label else f"{text}[{label[len(text):]}]"


def _gone_on(above: Sequence[Token], below: Sequence[Token], begun: set[int], whole: set[str]) -> list[Token] | None:
    """The tokens above with those below added, each to the next one that a label of the form begins with; None where one has none."""
    tokens = list(above)
    at = 0
    for token in below:
        if token.kind == "blank":
            continue
        if token.kind != "text" or label_key(token.text) in whole:
            return None
        fits = (i for i in range(at, len(tokens)) if tokens[i].kind == "text" and _begins_label(tokens[i].text, token.text, whole))
        place = next(fits, None)
        if place is None:
            return None
        tokens[place] = tokens[place]._replace(text=tokens[place].text + token.text)
        begun.add(place)
        at = place + 1
    return tokens if at else None


def _begins_label(upper: str, lower: str, whole: set[str]) -> bool:
    key = label_key(upper + lower)
    return label_key(upper) not in whole and any(label.startswith(key) for label in whole)
