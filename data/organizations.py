"""Who reports: codes in the index number, a stable identifier, the kind of organ, and what the figures cover.

The identifier is the nine-character organ code (GB 11714): it stands alone in old index numbers and at positions 9-17
of the unified social credit code (GB 32100-2015) in new ones, so it joins the years before and after 2015.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from hashlib import sha256
from urllib.parse import urlsplit

from stdnum.cn import uscc as uscc_number

_USCC = re.compile(r"[0-9A-HJ-NP-RTUW-Y]{2}\d{6}[0-9A-HJ-NP-RTUW-Y]{10}")
# Alone, nine characters prove little (one in eleven passes the check digit): a separator must follow.
_ORG_CODE = re.compile(r"([0-9A-Z]{8})-?([0-9X])(?=$|[/_])")
# What an identifier may rest on, best first.
BASES = ("uscc", "org_code", "name_bridge", "site_name", "name", "payload")
_ORG_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_TRIVIAL = re.compile(r"[\s\W_]+")
_TOWN = re.compile(r"(?:镇|乡|苏木|街道|街道办事处|街道办)(?:人民政府|政府)?$")
_AGGREGATED = re.compile(
    r"(?:汇总|包含|包括|涵盖|含)[^。；]{0,30}(?:下级|所属(?:各)?(?:区|县|部门|单位)|各(?:县|区|市|乡|镇|街道|部门|单位|级))"
    r"|(?:全省|全市|全区|全县|全州|全盟|全旗)(?:各级)?(?:行政机关|政府系统|政府机关)"
)


@dataclass(frozen=True, slots=True)
class Codes:
    """The codes in an index number; each None unless its check digits hold."""

    uscc: str | None = None
    org_code: str | None = None

    @property
    def division(self) -> str | None:
        """Division of the registering office: positions 3-8 of the credit code, as of the time of coding."""
        return self.uscc[2:8] if self.uscc else None


@dataclass(frozen=True, slots=True)
class Identity:
    """An organ's identifier, what it rests on, and the codes found."""

    org_id: str
    basis: str
    codes: Codes


def org_check_digit(code: str) -> str:
    """Check character of the first eight characters of an organ code (GB 11714).

    Raises ValueError for other characters.
    """
    total = sum(weight * int(char, 36) for weight, char in zip(_ORG_WEIGHTS, code[:8], strict=True))
    return "0123456789X0"[11 - total % 11]


def valid_org_code(code: str) -> bool:
    """Whether nine characters are an organ code with a valid check character."""
    return re.fullmatch(r"[0-9A-Z]{8}[0-9X]", code) is not None and org_check_digit(code) == code[8]


def valid_uscc(code: str) -> bool:
    """Whether 18 characters are a credit code whose two check characters (positions 17 and 18) hold."""
    return (
        _USCC.fullmatch(code) is not None
        and valid_org_code(code[8:17])
        and str(uscc_number.calc_check_digit(code[:17])) == code[17]
    )


def codes_in(index_no: str | None) -> Codes:
    """The codes at the head of an index number (索引号), in any of its printed forms."""
    text = re.sub(r"\s+", "", unicodedata.normalize("NFKC", index_no or "")).upper()
    if valid_uscc(text[:18]):
        return Codes(text[:18], text[8:17])
    match = _ORG_CODE.match(text)
    if match and valid_org_code(match[1] + match[2]):
        return Codes(None, match[1] + match[2])
    return Codes()


def name_key(name: str | None) -> str:
    """A name for comparison: no white space or punctuation, the usual long and short forms made one."""
    text = _TRIVIAL.sub("", unicodedata.normalize("NFKC", name or ""))
    text = text.replace("人民政府", "政府").replace("办公厅", "办").replace("办公室", "办")
    return re.sub(r"街道办(?:事处)?$", "街道", text)


def same_organ(name: str | None, publisher: str | None) -> bool:
    """Whether a publisher as printed can be the organ of that name: equal, shortened or abbreviated.

    区财政局 and 人社局 are short for names that hold their characters in order and end alike. 市政府办公室 is not
    市人民政府.
    """
    long, short = sorted((name_key(name), name_key(publisher)), key=len, reverse=True)
    if not short:
        return True
    rest = iter(long)
    return long[-1] == short[-1] and all(char in rest for char in short)


def site_of(source: str | None) -> str | None:
    """Host of an address, None for a path."""
    host = urlsplit(source or "").hostname if "://" in (source or "") else None
    return host or None


def identify(
    index_no: str | None, org_name: str | None, publisher: str | None, site: str | None, payload: str
) -> Identity:
    """Identifier of the reporting organ from what one page says; ``payload`` is its SHA-256, the last resort.

    A code in the index number is the poster's: where title and publisher name different organs it is not taken.
    """
    codes = codes_in(index_no)
    if codes.org_code and same_organ(org_name, publisher):
        return Identity(codes.org_code, "uscc" if codes.uscc else "org_code", codes)
    # The short form of a name (区…局) tells organs of one site apart, not those of the country.
    name = name_key(org_name) or name_key(publisher)
    if name and site:
        return Identity(hashed_id(site, name), "site_name", codes)
    if name:
        return Identity(hashed_id("", name), "name", codes)
    return Identity(hashed_id("payload", payload), "payload", codes)


def hashed_id(*parts: str) -> str:
    """An identifier that cannot be taken for a code: X and eleven hexadecimal digits."""
    return "X" + sha256("\n".join(parts).encode()).hexdigest()[:11]


def org_kind(name: str | None, uscc: str | None) -> str | None:
    """Kind of organ, from positions 1-2 of the credit code, then from the name."""
    registered = {"12": "institution", "13": "mass_organisation"}.get(uscc[:2]) if uscc else None
    if registered:
        return registered
    if uscc and uscc[:2] != "11":
        return "other"
    key = name_key(name)
    if not key:
        return None
    if key.endswith(("政府", "管委会", "管理委员会", "行政公署")) or _TOWN.search(key):
        return "government"
    return "government_office" if key.endswith("政府办") else "department"


def is_town(name: str | None) -> bool:
    """Whether the name is that of a town, township or street."""
    return _TOWN.search(name_key(name)) is not None


def scope_of(kind: str | None, name: str | None, text: str) -> tuple[str, str]:
    """(scope, basis): what the figures cover, from the report's own words, then from the kind of organ.

    A government's report may be the sum of its departments and districts or its office's own: unknown unless stated.
    """
    if _AGGREGATED.search(text) and kind == "government":
        return "aggregated", "stated"
    if kind in ("department", "government_office", "institution", "mass_organisation", "other") or is_town(name):
        return "organ_only", "name"
    return "unknown", "none"
