"""Payloads to reports: a page with its attachments, the same report at several addresses.

An earlier and a corrected version.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urljoin

from data.columns import Row
from data.inputs import MEMBER
from data.organizations import BASES, name_key, same_organ
from data.rows import report_key, weakest
from data.state import Seen


@dataclass(slots=True)
class Unit:
    """One page as it stands now, with the documents attached to it and its earlier versions, oldest first."""

    page: Seen
    attachments: list[Seen] = field(default_factory=list)
    earlier: list[Seen] = field(default_factory=list)

    @property
    def payloads(self) -> list[Seen]:
        """The page first, then its attachments."""
        return [self.page, *self.attachments]

    def read_from(self) -> dict[str, Seen]:
        """{table: payload it is read from}: the page where it has the table, else the attachment with most numbers."""
        chosen: dict[str, Seen] = {}
        for seen in self.payloads:
            for table, numbers in seen.head["tables"].items():
                best = chosen.get(table)
                if best is None or (best is not self.page and numbers > best.head["tables"][table]):
                    chosen[table] = seen
        return chosen

    def missing(self) -> list[str] | None:
        """The tables that neither the page nor an attachment has; None where no attachment has a table that the page lacks."""
        read = self.read_from()
        if all(seen is self.page for seen in read.values()):
            return None
        return sorted({table for seen in read.values() for table in seen.head["verdicts"]} - set(read))

    @property
    def carrier(self) -> Seen | None:
        """The attachment that fills in what the page does not say: that of the tables, else the first."""
        others = [seen for seen in self.read_from().values() if seen is not self.page] or self.attachments
        return others[0] if others else None

    def row(self) -> Row:
        """The ``reports`` row: the page's metadata, what it lacks from the attachment that the tables come from."""
        row = dict(self.page.head["row"])
        if self.carrier is not None:
            other = self.carrier.head["row"]
            row.update({name: value for name, value in other.items() if row.get(name) is None})
            if row.get("form") in (None, "prose"):
                row["form"] = other.get("form") or row.get("form")
            if BASES.index(str(other["org_id_basis"])) < BASES.index(str(row["org_id_basis"])):
                row.update({name: other.get(name) for name in ("org_id", "org_id_basis", "org_name", "org_kind")})
        return row

    @property
    def signature(self) -> str | None:
        """What the printed cells are, None where none were read."""
        signatures = sorted({seen.head["cells_sig"] or "" for seen in self.read_from().values()})
        return "+".join(signatures) or None

    @property
    def weight(self) -> tuple[int, int]:
        """Tables and numbers read: how much this unit tells."""
        read = self.read_from()
        return len(read), sum(seen.head["tables"][table] for table, seen in read.items())


@dataclass(slots=True)
class Bundle:
    """One report: its row, the unit it is read from, the other units that show it (copies and earlier versions)."""

    row: Row
    unit: Unit
    copies: list[Unit] = field(default_factory=list)
    earlier: list[Unit] = field(default_factory=list)

    @property
    def report_id(self) -> str:
        """The report's identifier."""
        return str(self.row["report_id"])

    @property
    def org_id(self) -> str:
        """The organ's identifier."""
        return str(self.row["org_id"])

    @property
    def year(self) -> int | None:
        """The report year."""
        year = self.row.get("report_year")
        return year if isinstance(year, int) else None

    def verdicts(self) -> list[tuple[str, str, str]]:
        """(table, form, verdict) of the tables as chosen."""
        return [(table, *seen.head["verdicts"][table]) for table, seen in self.unit.read_from().items()]

    def totals(self) -> dict[str, float]:
        """{indicator: printed total} over the tables as chosen."""
        found: dict[str, float] = {}
        for seen in self.unit.read_from().values():
            found.update(json.loads(seen.totals))
        return found

    def content(self) -> str:
        """Hash of everything this report's rows are made from; how often it was fetched is not part of it."""
        used = [(role, seen.key, seen.head["cells_sig"], seen.head.get("pictures")) for role, seen in self.sources()]
        return hashlib.sha256(json.dumps([self.row, used], sort_keys=True, default=str).encode()).hexdigest()

    def sources(self) -> list[tuple[str, Seen]]:
        """(role, payload) of everything that shows this report, the page itself first."""
        found = [("page", self.unit.page), *(("attachment", a) for a in self.unit.attachments)]
        found += [("copy", s) for unit in self.copies for s in unit.payloads]
        found += [("earlier", s) for unit in self.earlier for s in unit.payloads]
        found += [("earlier", s) for unit in (self.unit, *self.copies, *self.earlier) for s in unit.earlier]
        return found


def assemble(seen: Iterable[Seen]) -> tuple[list[Bundle], list[Seen]]:
    """Reports, by identifier, and the payloads that are none."""
    units, rest = _units(list(seen))
    rows = [(unit, unit.row()) for unit in units]
    _bridge(row for _, row in rows)
    groups: dict[tuple[object, ...], list[tuple[Unit, Row]]] = defaultdict(list)
    for unit, row in rows:
        groups[_identity(row)].append((unit, row))
    bundles = [_bundle(group) for group in _joined(groups)]
    _number(bundles)
    return sorted(bundles, key=lambda b: b.report_id), rest


def _units(seen: list[Seen]) -> tuple[list[Unit], list[Seen]]:
    versions: dict[str, list[Seen]] = defaultdict(list)
    for payload in seen:
        known = versions[payload.source]
        if not any(version.sha256 == payload.sha256 for version in known):  # two inputs may hold the same capture
            known.append(payload)
    current = {source: found[-1] for source, found in versions.items()}
    addresses = {name: s for s in current.values() for name in (s.source, s.url, s.requested_url) if name}
    members: dict[str, list[str]] = defaultdict(list)
    for source in current:
        archive, inside, _ = source.partition(MEMBER)
        if inside:
            members[archive].append(source)
    pages: dict[str, Unit] = {}
    attached: dict[str, list[str]] = defaultdict(list)
    for source, payload in current.items():
        base = payload.url or payload.source
        for href, _text in payload.head["attachments"]:
            target = addresses.get(urljoin(base, href)) or addresses.get(unquote(urljoin(payload.source, href)))
            for name in (target.source, *members.get(target.source, ())) if target is not None else ():
                if name != source:
                    attached[name].append(source)
    for source, payload in current.items():
        if payload.role == "attachment" and payload.parent_url in addresses:
            attached[source].append(addresses[payload.parent_url].source)
        if not attached.get(source):
            pages[source] = Unit(payload, earlier=versions[source][:-1])
    for source, parents in sorted(attached.items()):
        unit = next((pages[p] for p in sorted(parents) if p in pages and _belongs(current[source], pages[p].page)), None)
        if unit is not None:
            unit.attachments.append(current[source])
            unit.earlier += versions[source][:-1]
        else:
            pages[source] = Unit(current[source], earlier=versions[source][:-1])
    found = [pages[source] for source in sorted(pages)]
    reports = [unit for unit in found if any(s.head["is_report"] for s in unit.payloads)]
    chosen = {id(unit) for unit in reports}
    return reports, [s for unit in found if id(unit) not in chosen for s in unit.payloads]


def _belongs(document: Seen, page: Seen) -> bool:
    """Whether a document is the page's own report: neither year nor organ says otherwise."""
    ours, theirs = page.head["row"], document.head["row"]
    years = {ours.get("report_year"), theirs.get("report_year")} - {None}
    if len(years) > 1:
        return False
    names = (ours.get("org_name"), theirs.get("org_name"))
    return not all(names) or same_organ(str(names[0]), str(names[1]))


def _bridge(rows: Iterable[Row]) -> None:
    """Give an organ without a code the one code that the same site prints beside the same name elsewhere."""
    rows = list(rows)
    codes: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in rows:
        if row["org_id_basis"] in ("uscc", "org_code") and row.get("site") and row.get("org_name"):
            codes[str(row["site"]), name_key(str(row["org_name"]))].add(str(row["org_id"]))
    for row in rows:
        if row["org_id_basis"] == "site_name" and row.get("org_name"):
            known = codes.get((str(row["site"]), name_key(str(row["org_name"]))), set())
            if len(known) == 1:
                row["org_id"], row["org_id_basis"] = next(iter(known)), "name_bridge"


def _identity(row: Row) -> tuple[object, ...]:
    """Units of one identity are one report: same organ, same name, same year.

    Without a year or name only the same page.
    """
    if row.get("report_year") is None or row["org_id_basis"] == "payload":
        return ("payload", row["sha256"])
    return (row["org_id"], row["report_year"], name_key(str(row.get("org_name") or "")))


def _joined(groups: Mapping[tuple[object, ...], list[tuple[Unit, Row]]]) -> list[list[tuple[Unit, Row]]]:
    """Groups.

    Those joined that show the same numbers for an organ of the same name in the same year on different sites.
    """
    merged: dict[tuple[object, ...], list[tuple[Unit, Row]]] = {}
    for key in sorted(groups, key=lambda k: json.dumps(k, ensure_ascii=False)):
        group = groups[key]
        row = group[0][1]
        same: tuple[object, ...] = key
        signature = next((u.signature for u, _ in group if u.signature and _tells(u)), None)
        if signature and row.get("org_name") and row.get("report_year") is not None:
            same = (signature, row["report_year"], name_key(str(row["org_name"])))
        merged.setdefault(same, []).extend(group)
    return list(merged.values())


def _tells(unit: Unit) -> bool:
    """Whether the numbers are telling enough to know a report by: five that are not zero."""
    totals: dict[str, float] = {}
    for seen in unit.read_from().values():
        totals.update(json.loads(seen.totals))
    return sum(1 for value in totals.values() if value) >= 5


def _bundle(group: list[tuple[Unit, Row]]) -> Bundle:
    """The unit that reads most tables, the latest of these, speaks for the report.

    The others are copies or earlier versions.
    """

    def rank(pair: tuple[Unit, Row]) -> tuple[Any, ...]:
        unit, row = pair
        return (
            unit.weight[0],
            str(row.get("date_published") or ""),
            unit.page.fetched_at or "",
            unit.weight[1],
            unit.page.source,
        )

    ordered = sorted(group, key=rank)
    unit, row = ordered[-1]
    best = min((other for _, other in ordered), key=lambda other: BASES.index(str(other["org_id_basis"])))
    row.update({name: best.get(name) for name in ("org_id", "org_id_basis", "uscc", "org_code")})
    others = [other for other, _ in ordered[:-1]]
    earlier = [other for other in others if other.signature and other.signature != unit.signature]
    return Bundle(row, unit, [other for other in others if other not in earlier], earlier)


def _number(bundles: list[Bundle]) -> None:
    """Number an organ's reports on one year in the order in which they were first seen."""
    same: dict[tuple[str, object], list[Bundle]] = defaultdict(list)
    for bundle in bundles:
        same[bundle.org_id, bundle.year].append(bundle)
    for (org_id, _year), group in same.items():
        group.sort(key=lambda b: (min(s.fetched_at or "" for _, s in b.sources()), b.unit.page.source))
        for number, bundle in enumerate(group, 1):
            bundle.row["report_id"] = report_key(org_id, bundle.year, number)
            bundle.row["n_sources"] = len(bundle.sources())
            bundle.row["fetched_at"] = bundle.unit.page.fetched_at
            bundle.row["verdict"] = weakest(bundle.verdicts())
            bundle.row["site"] = bundle.unit.page.site or bundle.row.get("site")
