"""Text of pages made safe for a terminal: control characters that could move the cursor or recolour the screen are dropped."""

from __future__ import annotations

from rich.text import Text

_CONTROL = dict.fromkeys([*range(0x09), *range(0x0B, 0x20), *range(0x7F, 0xA0)])


def printable(text: object) -> str:
    """``str(text)`` without control characters; line feeds and tabs stay."""
    return str(text).translate(_CONTROL)


def safe(text: object, style: str = "") -> Text:
    """A line for rich that means only itself, without control characters."""
    return Text(printable(text), style=style)
