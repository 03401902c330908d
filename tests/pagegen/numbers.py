"""Known numbers that satisfy a form's identities: most organs have next to nothing, some have a lot."""

from __future__ import annotations

import random

from .declared import APPLICANTS, DISPUTES, MONEY, OUTCOMES, PROACTIVE, application_rows
from .declared_statistics import FORM_2014, FORM_LOCAL, FORM_PRE2014, SOFT_PRE2014, SUMS_2014, SUMS_PRE2014
from .model import Key, Number

ENDS = ("new_requests", "carried_over", "concluded", "carried_forward")


def numbers(rng: random.Random, form: str) -> dict[Key, Number]:
    """Key -> number for every cell of the form."""
    size = rng.choices(("none", "few", "many"), (15, 40, 45))[0]
    if form == "2014":
        return _statistics(rng, size, FORM_2014, SUMS_2014)
    if form == "pre2014":
        return _statistics(rng, size, FORM_PRE2014, SUMS_PRE2014 | SOFT_PRE2014)
    if form == "local":
        return _local(rng, size)
    return _proactive(rng, size, form) | _applications(rng, size, form) | _disputes(rng, size)


def _count(rng: random.Random, size: str, zero: float = 0.5) -> int:
    if size == "none" or rng.random() < zero:
        return 0
    return rng.randint(1, 9) if size == "few" else int(rng.lognormvariate(3, 1.6)) + 1


def _proactive(rng: random.Random, size: str, form: str) -> dict[Key, Number]:
    out: dict[Key, Number] = {}
    for _, _, rows in PROACTIVE[form]:
        for names in rows.values():
            for name in names:
                number: Number = _count(rng, size, 0.3)
                if name in MONEY:
                    number = round(rng.uniform(1, 90000), rng.choice((0, 1, 2, 2, 6))) if number else 0
                    number = int(number) if number == int(number) else number
                elif name.endswith("_change") and rng.random() < 0.4:
                    number = -number
                out["proactive", name, None] = number
    for stem in ("licensing", "other_services", "penalty", "coercion", "fee"):  # no fewer items than none
        change = out.get(("proactive", f"{stem}_items_change", None))
        if change is not None:
            prior = ("proactive", f"{stem}_items_prior", None)
            out[prior] = max(out[prior], -change)
    for stem in ("rules", "normative_docs"):
        whole = ("proactive", f"{stem}_in_force" if form == "2021" else f"{stem}_disclosed_total", None)
        out[whole] = out[whole] + sum(
            v for (_, name, _), v in out.items() if name.startswith(stem) and name != whole[1]
        )
    return out


def _applications(rng: random.Random, size: str, form: str) -> dict[Key, Number]:
    rows = application_rows(one_other_row=form == "2019")
    parts = [name for name in rows if name not in ENDS]
    table: dict[tuple[str, str], int] = {}
    for who in list(APPLICANTS)[:-1]:
        shy = 0.55 if who == "natural_person" else 0.8
        for name in parts:
            table[name, who] = _count(rng, size, shy)
        table["concluded", who] = sum(table[name, who] for name in parts)
        flow = [table["concluded", who], _count(rng, size, 0.7)]
        table["carried_forward", who] = flow[1]
        table["carried_over", who] = rng.randint(0, sum(flow)) if rng.random() < 0.4 else 0
        table["new_requests", who] = sum(flow) - table["carried_over", who]
    for name in rows:
        table[name, "total"] = sum(table[name, who] for who in list(APPLICANTS)[:-1])
    return {("applications", name, who): table[name, who] for name in rows for who in APPLICANTS}


def _disputes(rng: random.Random, size: str) -> dict[Key, Number]:
    out: dict[Key, Number] = {}
    for stem in DISPUTES:
        counts = {name: _count(rng, size, 0.6) for name in list(OUTCOMES)[:-1]}
        counts["total"] = sum(counts.values())
        out |= {("disputes", f"{stem}_{name}", None): n for name, n in counts.items()}
    return out


def _statistics(rng: random.Random, size: str, rows: list, sums: dict[str, tuple[str, ...]]) -> dict[Key, Number]:
    names = [row[0] for row in rows if row[0]]
    values: dict[str, Number] = {name: _count(rng, size, 0.5) for name in names}
    for name in names:
        if name.endswith("wan_yuan") and values[name]:
            values[name] = round(rng.uniform(0.1, 60), rng.choice((1, 2)))
    for whole in reversed(list(sums)):  # inner sums first: a refused total is part of the replies
        values[whole] = 0
    for whole in sorted(sums, key=lambda w: any(w in parts for parts in sums.values()), reverse=True):
        values[whole] = sum(values[p] for p in sums[whole])
    if "via_website" in values:
        channels = [values[n] for n in names if n.startswith("via_")]
        values["proactive_total"] = rng.randint(int(max(channels)), int(sum(channels)))
        values["normative_docs_made"] = values["normative_docs_disclosed"] = min(
            values["normative_docs_disclosed"], values["proactive_total"]
        )
        for name in ("press_conferences", "online_interviews"):
            values[name] += values[f"{name}_by_head"]
        values["trainees"] += values["trainings"]
        values["completed_on_time"] = values["replies_total"] - min(
            values["completed_extended"], values["replies_total"]
        )
        values["completed_extended"] = values["replies_total"] - values["completed_on_time"]
        values["requests_completed"] = values["replies_total"]
        values["staff_part_time"] += values["dedicated_offices"]
        values["staff"] = values["staff_full_time"] + values["staff_part_time"]
    else:
        values["staff"] = values["staff_full_time"] + values["staff_part_time"]
        values["proactive_total"] += values["proactive_full_text"]
        values["appeals_total"] += values["appeals_first_handling"]
    return {("statistics", name, "year"): values[name] for name in names}


def _local(rng: random.Random, size: str) -> dict[Key, Number]:
    out: dict[Key, Number] = {}
    for _, label, _, _ in FORM_LOCAL:
        this = _count(rng, size, 0.4)
        out["statistics", label, "year"] = this
        out["statistics", label, "cumulative"] = this + _count(rng, size, 0.3)
    for period in ("year", "cumulative"):
        for start, end in ((0, 3), (3, 7), (7, 11)):
            labels = [row[1] for row in FORM_LOCAL[start:end]]
            out["statistics", labels[0], period] = sum(out["statistics", label, period] for label in labels[1:])
    return out
