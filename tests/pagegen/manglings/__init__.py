"""The ways publishers mangle a page, by name. Each changes a draft; the facts stay what the page prints."""

from . import broken, charset, columns, labels, markup, page, pieces, print, spans, structure, values  # noqa: F401
from .registry import MANGLINGS, PHASES, Mangling, compatible

__all__ = ["MANGLINGS", "PHASES", "Mangling", "compatible"]
