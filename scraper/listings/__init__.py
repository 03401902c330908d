"""Listing families: each says whether a page is one of its lists and yields links and next requests."""

from __future__ import annotations

from scraper.listings.base import Family, Follow, Found, Link, Page
from scraper.listings.generic import Generic
from scraper.listings.hanweb import Hanweb
from scraper.listings.trs import Trs

__all__ = ["FAMILIES", "Family", "Follow", "Found", "Link", "Page", "family_of", "named"]

# In the order of asking: the marks of the earlier ones are narrower.
FAMILIES: tuple[Family, ...] = (Hanweb(), Trs(), Generic())


def family_of(page: Page) -> Family:
    """The first family that says the page is its own; the generic one for the rest."""
    return next((family for family in FAMILIES if family.mine(page)), FAMILIES[-1])


def named(name: str | None) -> Family | None:
    """The family of that name."""
    return next((family for family in FAMILIES if family.name == name), None)
