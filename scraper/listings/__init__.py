"""Listing families: each says whether a page is one of its lists and yields links and next requests."""

from __future__ import annotations

from scraper.listings.base import Family, Follow, Found, Link, Page
from scraper.listings.generic import Generic
from scraper.listings.gkmlpt import Gkmlpt
from scraper.listings.hanweb import Hanweb, HanwebAnnualReports, HanwebCatalogue
from scraper.listings.jpaas import Jpaas
from scraper.listings.lonsun import Lonsun
from scraper.listings.trs import Trs, TrsSearch
from scraper.listings.ucap import Ucap
from scraper.listings.vsb import Vsb

__all__ = ["FAMILIES", "Family", "Follow", "Found", "Link", "Page", "read_listing"]

# In the order of asking: the marks of the earlier ones are narrower.
FAMILIES: tuple[Family, ...] = (
    Jpaas(),
    HanwebAnnualReports(),
    Hanweb(),
    HanwebCatalogue(),
    Gkmlpt(),
    Ucap(),
    TrsSearch(),
    Trs(),
    Lonsun(),
    Vsb(),
    Generic(),
)


def read_listing(page: Page, family: str | None) -> Found:
    """What the page gives to the family that asked for it, else to the first one that finds anything on it."""
    asked = next((candidate for candidate in FAMILIES if candidate.name == family), None)
    if asked is not None:
        return asked.read(page)
    found = Found()
    for candidate in FAMILIES:
        if candidate.mine(page):
            found = candidate.read(page)
            if found.links or found.follow:
                found.family = candidate.name
                break
    return found
