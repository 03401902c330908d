"""What the sample sites say, as declared in sites.toml: organs, reports with their numbers, and what else is listed."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from importlib import resources
from typing import Any

Number = int | float
APPLICANTS = ("natural_person", "business", "research", "nonprofit", "legal_service", "other_org", "total")
OUTCOMES = ("upheld", "overturned", "other", "pending", "total")
DISPUTES = ("review", "suit_direct", "suit_after_review")
FLOWS = ("carried_over", "carried_forward")
_ITEMS = ("licensing", "other_services", "penalty", "coercion")
PROACTIVE = {
    "2021": (
        *(f"{what}_{n}" for what in ("rules", "normative_docs") for n in ("issued", "repealed", "in_force")),
        *("licensing_decisions", "penalty_decisions", "coercion_decisions", "admin_fees_wan_yuan"),
    ),
    "2019": (
        *(
            f"{what}_{n}"
            for what in ("rules", "normative_docs")
            for n in ("newly_made", "newly_disclosed", "disclosed_total")
        ),
        *(f"{what}_{n}" for what in _ITEMS for n in ("items_prior", "items_change", "decisions")),
        *("fee_items_prior", "fee_items_change", "procurement_projects", "procurement_amount_yuan"),
    ),
}
SUMS = {
    "requests_received": ("received_in_person", "received_fax", "received_online", "received_letter"),
    "requests_completed": ("completed_on_time", "completed_extended"),
    "reply_refused": ("refused_state_secret", "refused_trade_secret", "refused_privacy"),
    "replies_total": (
        *("reply_already_public", "reply_disclosed", "reply_partially_disclosed", "reply_refused"),
        *("reply_not_this_organ", "reply_nonexistent", "reply_amend", "reply_other_channel"),
    ),
    "review_total": ("review_upheld", "review_overturned", "review_other"),
    "suit_total": ("suit_upheld", "suit_overturned", "suit_other"),
    "staff": ("staff_full_time", "staff_part_time"),
}


@dataclass(frozen=True, slots=True)
class Organ:
    """An invented organ and its unified social credit code (division 99xxxx: no place)."""

    name: str
    code: str


@dataclass(frozen=True, slots=True)
class SampleReport:
    """One report: ``form`` is 2021, 2019, 2014, ``prose`` or ``attachment``; numbers not declared are 0."""

    organ: Organ
    year: int
    published: date
    form: str = "2021"
    proactive: tuple[Number, ...] = ()
    requests: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    disputes: tuple[int, ...] = ()
    statistics: Mapping[str, Number] = field(default_factory=dict)
    blank: str = ""
    printed: Mapping[str, int] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """The heading of the page."""
        return f"{self.organ.name}{self.year}年政府信息公开工作年度报告"

    def applications(self, indicator: str) -> tuple[int, ...]:
        """A row of table 三: six applicants and the total, as printed."""
        parts = [self._cell(indicator, self.requests.get(who, {})) for who in APPLICANTS[:-1]]
        return (*parts, self.printed.get(indicator, sum(parts)))

    def _cell(self, indicator: str, counts: Mapping[str, int]) -> int:
        concluded = sum(n for name, n in counts.items() if name not in FLOWS)
        if indicator == "concluded":
            return concluded
        if indicator == "new_requests":
            return concluded + counts.get("carried_forward", 0) - counts.get("carried_over", 0)
        return counts.get(indicator, 0)

    def single_cells(self) -> dict[str, Number]:
        """Indicator -> number of tables 二 and 四, or of the statistics table."""
        if self.form == "2014":
            numbers = dict(self.statistics)
            for whole, parts in SUMS.items():
                numbers[whole] = sum(numbers.get(part, 0) for part in parts)
            return numbers
        cells: dict[str, Number] = dict(zip(PROACTIVE[self.form], self.proactive, strict=True))
        counts = (*self.disputes, *(0,) * (12 - len(self.disputes)))
        for i, stem in enumerate(DISPUTES):
            four = counts[4 * i : 4 * i + 4]
            cells |= {f"{stem}_{name}": n for name, n in zip(OUTCOMES, (*four, sum(four)), strict=True)}
        return cells


@dataclass(frozen=True, slots=True)
class Entry:
    """Something in the column that is no readable report: ``kind`` is ``page``, ``soft_404`` or ``blocked``."""

    title: str
    published: date
    kind: str = "page"


@dataclass(frozen=True, slots=True)
class SampleSite:
    """A site: ``family`` is ``hanweb``, ``trs`` or ``blocked``; what its column lists, newest first."""

    id: str
    name: str
    family: str
    listed: tuple[SampleReport | Entry, ...]

    @property
    def reports(self) -> tuple[SampleReport, ...]:
        """The reports among the entries."""
        return tuple(entry for entry in self.listed if isinstance(entry, SampleReport))


def load_sites() -> tuple[SampleSite, ...]:
    """The declared sites, in order."""
    text = resources.files("data.samples").joinpath("sites.toml").read_text("utf-8")
    declared: dict[str, Any] = tomllib.loads(text)
    organs = {key: Organ(**value) for key, value in declared["organs"].items()}
    return tuple(_site(key, value, organs) for key, value in declared["sites"].items())


def _site(key: str, declared: Mapping[str, Any], organs: Mapping[str, Organ]) -> SampleSite:
    listed: list[SampleReport | Entry] = [Entry(**entry) for entry in declared.get("entries", ())]
    for report in declared.get("reports", ()):
        values: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in report.items()}
        listed.append(SampleReport(**values | {"organ": organs[report["organ"]]}))
    listed.sort(key=lambda entry: (entry.published, entry.title), reverse=True)
    return SampleSite(key, declared["name"], declared["family"], tuple(listed))
