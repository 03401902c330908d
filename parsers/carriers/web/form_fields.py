"""Fields of a form that stand in the cells of a table: what they show is the text of the cell."""

from __future__ import annotations

from selectolax.lexbor import LexborNode

from parsers.carriers.web.pictures import enclosing_cell

_OF_TEXT = frozenset(("text", "number", "tel", ""))


def shown_in_cell(field: LexborNode) -> str | None:
    """The text that an <input> or <textarea> shows where it is all there is in a cell; None for any other."""
    cell = enclosing_cell(field)
    if cell is None or len(cell.css("input, textarea")) > 1:
        return None
    if field.tag == "textarea":
        return field.text() if cell.text().strip() == field.text().strip() else None
    attributes = field.attributes
    of_text = (attributes.get("type") or "").strip().lower() in _OF_TEXT
    return attributes.get("value") or "" if of_text and not cell.text().strip() else None
