"""Checks across reports for a build: by family, and by organ through the years.

Those of unchanged organs are remembered.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

from data.across import year_checks
from data.assemble import Bundle
from data.columns import Row
from data.family import family_checks
from data.payloads import Body
from data.rows import location
from data.state import State
from data.versions import build_version


def cross_checks(
    bundles: Sequence[Bundle], sites: Mapping[str, str | None], state: State, load: Callable[[str], Body]
) -> dict[str, list[Row]]:
    """{report_id: its rows of ``checks`` against other reports}. ``sites`` gives the division of a site where stated.

    Fills in the division of organs of which nothing else tells it, and the scope of parents that are no sum.
    """
    for bundle in bundles:
        stated = sites.get(str(bundle.row.get("site")))
        if bundle.row.get("division_code") is None and stated:
            bundle.row.update(location(None, str(bundle.row.get("org_name") or ""), stated))
    found = family_checks(bundles, sites)
    groups: dict[str, list[Bundle]] = defaultdict(list)
    for bundle in bundles:
        groups[bundle.org_id].append(bundle)
    known = state.org_checks()
    for org_id in sorted(groups):
        group = groups[org_id]
        content = json.dumps([build_version(), *(bundle.content() for bundle in group)])
        signature = hashlib.sha256(content.encode()).hexdigest()
        if known.get(org_id) == signature:
            rows = state.rows_of_org(org_id)
        else:
            rows = year_checks(group, lambda bundle: prose_of(bundle, load))
            state.set_org_checks(org_id, signature, rows)
        for report_id, checks in rows.items():
            found[report_id] += checks
    return found


def prose_of(bundle: Bundle, load: Callable[[str], Body]) -> str:
    """The prose of a report's sections."""
    sections = load(bundle.unit.page.key)["columns"].get("sections")
    return "\n".join(sections["text"]) if sections else ""
