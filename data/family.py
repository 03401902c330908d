"""Checks of a government's report against those below it (C-H).

And of organs against their site's division (C-R-03).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from data.across import row
from data.assemble import Bundle
from data.columns import Row
from data.divisions import division_table, inside, standard
from parsers.model import Check
from parsers.proof.checks import compare, judge

_SUMMED = ("new_requests", "concluded", "review_total", "licensing_decisions")
_ENOUGH = 5


def family_checks(bundles: Sequence[Bundle], site_divisions: Mapping[str, str | None]) -> dict[str, list[Row]]:
    """{report_id: rows of ``checks``}. A parent below one of its children is no sum: its ``scope`` is set in passing.

    ``site_divisions`` gives the division of a site where the list of sites states it.
    """
    found: dict[str, list[Row]] = defaultdict(list)
    by_place: dict[tuple[str, int], list[Bundle]] = defaultdict(list)
    for bundle in bundles:
        code, year = bundle.row.get("division_code_std"), bundle.year
        if isinstance(code, str) and year is not None:
            by_place[code, year].append(bundle)
        found[bundle.report_id] += _site(bundle, site_divisions)
    for (code, year), group in by_place.items():
        parents = [b for b in group if _is_government(b)]
        if not parents:
            continue
        below = [b for c in children_of(code) for b in by_place.get((c, year), ()) if _is_government(b)]
        own = [b for b in group if not _is_government(b)]
        for parent in parents:
            found[parent.report_id] += _against_children(parent, below, own, len(children_of(code)))
            found[parent.report_id] += _against_office(parent, own)
    return found


def children_of(code: str) -> tuple[str, ...]:
    """Present divisions directly below a present code."""
    return _children().get(code, ())


@cache
def _children() -> Mapping[str, tuple[str, ...]]:
    found: dict[str, list[str]] = defaultdict(list)
    for code, rows in division_table().items():
        if rows[-1].valid_to is None and rows[-1].parent:
            found[str(rows[-1].parent)].append(code)
    return {code: tuple(below) for code, below in found.items()}


def _is_government(bundle: Bundle) -> bool:
    return bundle.row.get("org_kind") == "government" and bundle.row.get("org_level") != "town"


def _against_children(parent: Bundle, below: Sequence[Bundle], own: Sequence[Bundle], expected: int) -> Iterable[Row]:
    totals = parent.totals()
    reporting = len({b.row["division_code_std"] for b in below})
    coverage = f"{reporting} of {expected} divisions below, {len(own)} own organs (how many there are is not known)"
    for name in _SUMMED:
        values = [(b, v) for b in (*below, *own) if (v := b.totals().get(name)) is not None]
        if name not in totals or not values:
            continue
        largest, most = max(values, key=lambda pair: (pair[1], pair[0].report_id))
        if totals[name] < most:
            stated = parent.row.get("scope") == "aggregated"
            check = judge(
                "C-H-02", "E" if stated else "I", True, f"{name}: a subordinate organ reports more", totals[name]
            )
            yield row(parent, check._replace(right=most), largest.report_id)
            if not stated:
                parent.row.update(scope="organ_only", scope_basis="below_child")
        everything = sum(v for _, v in values)
        detail = f"{name} = sum of the organs below; {coverage}"
        whole = expected > 0 and reporting == expected and parent.row.get("scope") == "aggregated"
        if whole:
            yield row(parent, compare("C-H-01", "W", totals[name], everything, "=", detail))
        else:
            yield row(parent, Check("C-H-01", "not_assessable", totals[name], everything, detail, "W"))


def _against_office(parent: Bundle, own: Sequence[Bundle]) -> Iterable[Row]:
    for office in own:
        same = office.unit.signature is not None and office.unit.signature == parent.unit.signature
        if office.row.get("org_kind") == "government_office" and same:
            numbers = sum(1 for value in parent.totals().values() if value)
            if numbers >= _ENOUGH:
                detail = "the government's report has the numbers of its office's own"
                yield row(parent, judge("C-H-03", "W", True, detail, numbers), office.report_id)


def _site(bundle: Bundle, site_divisions: Mapping[str, str | None]) -> Iterable[Row]:
    code = bundle.row.get("division_code_std")
    stated = site_divisions.get(str(bundle.row.get("site"))) or str(bundle.row.get("site_id_code") or "")[:6]
    site = standard(stated)
    if bundle.row.get("division_basis") == "uscc" and isinstance(code, str) and site:
        fault = not (inside(code, site) or inside(site, code))
        yield row(bundle, judge("C-R-03", "W", fault, f"division of the credit code {code}, of the site {site}"))
