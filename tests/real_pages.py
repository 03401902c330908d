"""Where real pages with their true values lie beside a checkout, if they do: tests of them skip where they do not."""

from __future__ import annotations

from pathlib import Path

REAL_PAGES = Path(__file__).parents[2] / "shared" / "pages"
