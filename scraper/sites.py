"""The sites to crawl: ``sites.toml`` read into Site objects, with errors that name the file and the key."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from scraper.urls import canonical

TLS_PROFILES = ("modern", "legacy-renegotiation", "seclevel1")


class SitesError(ValueError):
    """A sites file that cannot be used; the message names the file and the key."""


@dataclass(frozen=True, slots=True)
class Site:
    """One site: where its annual reports are, and what a run may expect of it.

    ``delay`` in seconds between two requests to a host; ``tls_profile`` one of TLS_PROFILES (None: tried in that order);
    ``min_reports_per_year`` the fewest reports for each of ``years`` (first and last report year, both included).
    ``confidence`` and ``last_seen`` say how sure an entry of a shared list is.
    """

    name: str
    start_urls: tuple[str, ...]
    organ: str | None = None
    division_code: str | None = None
    delay: float | None = None
    tls_profile: str | None = None
    allow_bad_certificate: bool = False
    user_agent: str | None = None
    min_reports_per_year: int | None = None
    years: tuple[int, int] | None = None
    confidence: str | None = None
    last_seen: str | None = None


_ALIASES = {
    "start": "start_urls",
    "urls": "start_urls",
    "url": "start_urls",
    "start_url": "start_urls",
    "division": "division_code",
    "tls": "tls_profile",
    "expected_min": "min_reports_per_year",
    "min_reports": "min_reports_per_year",
}
_KEYS = [field.name for field in fields(Site)]


def load_sites(path: Path | str) -> list[Site]:
    """Sites of a TOML file with one ``[[site]]`` table each. Raises SitesError (file and key named)."""
    path = Path(path)
    if path.suffix != ".toml":
        raise SitesError(f"{path}: neither a web address (http://, https://) nor a .toml file of sites")
    try:
        data = tomllib.loads(path.read_text("utf-8-sig"))
    except OSError as error:
        raise SitesError(f"{path}: cannot be read: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise SitesError(f"{path}: not UTF-8 text") from error
    except tomllib.TOMLDecodeError as error:
        raise SitesError(f"{path}: not valid TOML: {error}") from error
    entries = data.pop("site", None) or data.pop("sites", None)
    if data:
        raise SitesError(f"{path}: unknown key {next(iter(data))!r}; a file holds [[site]] tables only")
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries) or not entries:
        raise SitesError(f"{path}: no [[site]] table; each site needs name and start_urls")
    sites = [_site(entry, f"{path}: site {number}") for number, entry in enumerate(entries, 1)]
    seen: set[str] = set()
    for site in sites:
        if site.name in seen:
            raise SitesError(f"{path}: name {site.name!r} is used twice; names must be unique")
        seen.add(site.name)
    return sites


def site_from_url(url: str) -> Site:
    """A site that is only a start URL, named after its host. Raises SitesError for what is no web address."""
    return Site(name=urlsplit(_web_address(url, "URL")).netloc, start_urls=(_web_address(url, "URL"),))


def gather_sites(arguments: Iterable[str]) -> list[Site]:
    """Sites of a command line: ``.toml`` files and start URLs mixed. Raises SitesError."""
    sites: list[Site] = []
    for argument in arguments:
        sites += [site_from_url(argument)] if argument.startswith(("http://", "https://")) else load_sites(argument)
    return merged(sites)


def merged(sites: Iterable[Site]) -> list[Site]:
    """The sites with those of one name made one: the first entry with all their start URLs."""
    by_name: dict[str, Site] = {}
    for site in sites:
        known = by_name.get(site.name, site)
        by_name[site.name] = replace(known, start_urls=tuple(dict.fromkeys((*known.start_urls, *site.start_urls))))
    return list(by_name.values())


def _site(entry: Mapping[str, Any], where: str) -> Site:
    values: dict[str, Any] = {}
    for key, value in entry.items():
        name = _ALIASES.get(key, key)
        if name not in _KEYS:
            raise SitesError(f"{where}: unknown key {key!r}; known: {', '.join(_KEYS)}")
        values[name] = _CHECKS[name](value, f"{where}: {key}")
    for name in ("start_urls",):
        if not values.get(name):
            raise SitesError(f"{where}: {name} is missing")
    values.setdefault("name", urlsplit(values["start_urls"][0]).netloc)
    return Site(**values)


def _web_address(value: Any, where: str) -> str:
    if not isinstance(value, str) or canonical(value) is None:
        raise SitesError(f"{where}: {value!r} is no http or https address")
    return value.strip()


def _urls(value: Any, where: str) -> tuple[str, ...]:
    urls = [value] if isinstance(value, str) else value
    if not isinstance(urls, list):
        raise SitesError(f"{where}: must be an address or a list of addresses")
    return tuple(_web_address(url, where) for url in urls)


def _text(value: Any, where: str) -> str:
    if not isinstance(value, str) or not value.strip() or "\n" in value:
        raise SitesError(f"{where}: must be a line of text")
    return value.strip()


def user_agent(value: Any, where: str) -> str:
    """A User-Agent that can be sent: one line of printable ASCII. Raises SitesError."""
    text = _text(value, where)
    if not (text.isascii() and text.isprintable()):
        raise SitesError(f"{where}: must be printable ASCII, not {value!r}")
    return text


def _code(value: Any, where: str) -> str:
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else _text(value, where)
    if not (text.isdigit() and len(text) in (6, 9, 12)):
        raise SitesError(f"{where}: must be a division code of 6, 9 or 12 digits, not {value!r}")
    return text


def _seconds(value: Any, where: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 86400:
        raise SitesError(f"{where}: must be seconds from 0 to 86400, not {value!r}")
    return float(value)


def _count(value: Any, where: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise SitesError(f"{where}: must be a number of reports, not {value!r}")
    return value


def _flag(value: Any, where: str) -> bool:
    if not isinstance(value, bool):
        raise SitesError(f"{where}: must be true or false")
    return value


def _profile(value: Any, where: str) -> str:
    if value not in TLS_PROFILES:
        raise SitesError(f"{where}: must be one of {', '.join(TLS_PROFILES)}, not {value!r}")
    return str(value)


def _years(value: Any, where: str) -> tuple[int, int]:
    if (
        not isinstance(value, list)
        or len(value) != 2
        or not all(isinstance(year, int) for year in value)
        or not 2008 <= value[0] <= value[1] <= 2100
    ):
        raise SitesError(f"{where}: must be [first, last] report year, not {value!r}")
    return value[0], value[1]


def _date(value: Any, where: str) -> str:
    return _text(str(value), where)


_CHECKS = {
    "name": _text,
    "start_urls": _urls,
    "organ": _text,
    "division_code": _code,
    "delay": _seconds,
    "tls_profile": _profile,
    "allow_bad_certificate": _flag,
    "user_agent": user_agent,
    "min_reports_per_year": _count,
    "years": _years,
    "confidence": _text,
    "last_seen": _date,
}
