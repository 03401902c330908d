"""The lines at the head of a page, before the report begins: where its title and its metadata stand."""

from __future__ import annotations

import re
from functools import lru_cache

from parsers.document import Document, Table
from parsers.traditional import simplified

TITLE_LIMIT = 90  # characters
LINE_LIMIT = 300  # characters: a longer paragraph is prose
HEAD_ROWS = 40  # rows of a table that are looked at

# 我部编制了《示例部2019年政府信息公开工作报告》，现予公布。: the notice that a report stands below
_NOTICE = re.compile(r"《[^《》]{4,60}(?:报告|年报)》[，,]?现?予以?(?:公布|公开|发布)。?\s*$")
_BODY = re.compile(r"[一1]\s?[、.．]\s?(?:总体情况|概述|基本情况)|统计[期时]限|所列数据")


def head_lines(document: Document) -> list[str]:
    """The short lines before the report begins: paragraphs, and rows of one cell."""
    head: list[str] = []
    for block in document.blocks:
        if isinstance(block, Table):
            # a heading may be framed as a table of one cell; a label alone in its row has no value
            rows = ([cell.text for cell in row if cell.text] for row in block.rows[:HEAD_ROWS])
            head += [texts[0] for texts in rows if len(texts) == 1 and len(texts[0]) <= TITLE_LIMIT and texts[0][-1] not in ":："]
        elif begins_report(block.text):
            break
        elif len(block.text) <= LINE_LIMIT:
            head.append(block.text)
    return head


def begins_report(text: str) -> bool:
    """Whether a paragraph is the report's first sentence or heading."""
    if len(text) > LINE_LIMIT:
        return "。" in text  # else a menu
    return _line_begins_report(text)


@lru_cache(maxsize=2048)  # menus and labels stand on every page of a site
def _line_begins_report(text: str) -> bool:
    text = simplified(text)
    if _NOTICE.search(text) and not _BODY.search(text):
        return False
    return _BODY.search(text) is not None or (len(text) > 40 and "信息公开条例" in text)
