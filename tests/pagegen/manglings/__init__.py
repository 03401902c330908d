"""The ways publishers mangle a page, by name. Each changes a draft; the facts stay what the page prints."""

from . import charset, labels, markup, page, pieces, spans, structure, values  # noqa: F401  (they register themselves)
from .registry import MANGLINGS, PHASES, Mangling, compatible

__all__ = ["MANGLINGS", "PHASES", "Mangling", "compatible"]
