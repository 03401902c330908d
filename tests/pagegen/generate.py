"""A page from a seed: numbers, tables, prose, manglings in order of phase, and the truth read off the result."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence

from .head import head
from .layout import official_tables
from .manglings import MANGLINGS, PHASES
from .model import Draft, Fact, Key, Page
from .numbers import numbers
from .prose import organ, sections
from .render_html import document_html
from .render_text import STYLES, document_text
from .verdicts import verdict

FORMS = ("2021", "2019", "2014", "pre2014", "local")
YEARS = {
    "2021": (2021, 2024),
    "2019": (2019, 2020),
    "2014": (2014, 2018),
    "pre2014": (2009, 2013),
    "local": (2012, 2018),
}


def draft(seed: int, form: str) -> Draft:
    """An unmangled page."""
    rng = random.Random(f"{seed}/{form}")
    year = rng.randint(*YEARS[form])
    name = organ(rng)
    known = numbers(rng, form)
    parts = sections(rng, form, name, year, known)
    for table in official_tables(known, form, year, rng):
        place = {"proactive": 1, "applications": 2, "disputes": 3, "statistics": 5}[table.name]
        parts[place].blocks.append(table)
    page = Draft(rng, form, year, name, head(rng, name, year), parts)
    page.preamble.append(f"本报告所列数据的统计期限自{year}年1月1日至12月31日。")
    if rng.random() < 0.4:
        page.markup.add("h3")
    return page


def in_order(names: Iterable[str]) -> list[str]:
    """Manglings in the order they are done: by phase, then as registered."""
    places = list(MANGLINGS)
    return sorted(set(names), key=lambda name: (PHASES.index(MANGLINGS[name].phase), places.index(name)))


def truth_of(page: Draft) -> dict[Key, Fact]:
    """Every cell of the form: as printed, or absent."""
    return dict.fromkeys(page.lost, (None, "absent")) | page.facts()


def generate(seed: int, form: str = "2021", manglings: Sequence[str] = (), carrier: str = "html") -> Page:
    """A page of ``form`` as HTML, or as text in one of the styles of ``render_text`` (``text:lost`` and so on).

    The same arguments give the same bytes. Raises KeyError for an unknown mangling.
    """
    page = draft(seed, form)
    for name in in_order(manglings):
        if form in MANGLINGS[name].forms:
            MANGLINGS[name].apply(page)
    truth = truth_of(page)
    expected = {name: verdict(name, form, truth) for name in page.names()}
    known = dict(page.head.facts, report_year=str(page.year), org_name=page.organ)
    if carrier != "html" and page.head.style == "meta":  # text has no <meta> tags
        known = {k: v for k, v in known.items() if k not in ("publisher", "date_published")}
    if carrier == "html":
        body = document_html(page).encode(page.encoding, errors="xmlcharrefreplace")
        kind = page.content_type
    else:
        style = carrier.removeprefix("text:")
        if style not in STYLES:
            raise KeyError(carrier)
        body, kind = document_text(page, style).encode(), "text/plain; charset=utf-8"
    return Page(seed, form, page.year, body, kind, truth, expected, known, tuple(manglings), carrier)
