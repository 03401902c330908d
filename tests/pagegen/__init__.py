"""A generator of annual-report pages with known numbers: the independent oracle of the table reader."""

from .generate import FORMS, generate
from .manglings import MANGLINGS, compatible
from .model import Page
from .render_text import STYLES

__all__ = ["FORMS", "MANGLINGS", "STYLES", "Page", "compatible", "generate"]
