"""Panels: one row an organ's report on one year, one column an indicator and applicant, statuses beside.

Blank is never 0.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from data.columns import Column, Row, Table
from data.indicators import SUFFIXES, Formula, Indicator, codebook, evaluate, formula, indicators, sums
from parsers.forms import load_forms

if TYPE_CHECKING:
    import pandas as pd

# Forms of each panel; a report without tables stands in the panel of its year, every cell absent.
PANELS: Mapping[str, tuple[str, ...]] = {"panel": ("2021", "2019"), "panel_2014": ("2014", "local")}
_FIRST_YEAR = {"panel": 2019, "panel_2014": 2014}
_WORDS = {
    "panel": ("Panel of the forms of 2019 and 2021", "2019年起面板"),
    "panel_2014": ("Panel of the statistical tables of 2014 to 2018", "2014—2018年面板"),
}
_IDENTITY = (
    "report_id", "org_id", "org_name", "org_kind", "org_level", "scope", "division_code_std", "province", "prefecture",
    "county", "report_year", "form", "verdict", "source",
)  # fmt: skip
STATUS, FILLED = "_s", "_filled"


class Measure(NamedTuple):
    """A value column of a panel: the cell it is, or (``table`` "") a sum of others."""

    name: str
    indicator: Indicator
    applicant: str | None
    table: str


@cache
def measures(panel: str) -> tuple[Measure, ...]:
    """The value columns of a panel, in the order of the forms."""
    forms = [load_forms()[form] for form in PANELS[panel] if form in load_forms()]
    found: dict[str, Measure] = {}
    for form in forms:
        for table in form.tables:
            for name, applicant, period, _unit in table.cells():
                if period in (None, "year"):
                    column = name + SUFFIXES[applicant or "total"]
                    found.setdefault(column, Measure(column, indicators()[name], applicant, table.id))
    for form in forms:
        for name in sums(form):
            for applicant, suffix in SUFFIXES.items():
                found.setdefault(name + suffix, Measure(name + suffix, indicators()[name], applicant, ""))
    return tuple(found.values())


@cache
def rates(panel: str) -> Mapping[str, tuple[Formula, Formula]]:
    """The derived indicators of a panel: name -> (numerator, denominator) over its value columns."""
    return {n: (formula(r["num"]), formula(r["den"])) for n, r in codebook()["rates"][panel].items()}


def panel_tables(reports: Table) -> Iterator[Table]:
    """The panels and the long series as tables of the dataset; identity columns are those of ``reports``."""
    for panel, (en, zh) in _WORDS.items():
        columns = [*_identity_columns(reports), *_verdict_columns(panel)]
        for measure in measures(panel):
            columns += _measure_columns(measure)
        columns += _rate_columns(panel)
        yield Table(panel, tuple(columns), f"{en}: one row a report.", f"{zh}：每份报告一行。", ("report_id",))
    columns = _identity_columns(reports)
    for name, declared in codebook()["series"].items():
        old, new = f"2014-2018: {declared['old']}", f"2019 on: {declared['new']}"
        text = f"{declared['en']}, approximate ({old}; {new})"
        columns.append(Column(name, "number", text, f"{declared['zh']}（近似）", unit="件"))
    yield Table(
        "series",
        tuple(columns),
        "Long series across the forms of 2014 and 2019: approximate, the forms define these differently.",
        "跨表式长序列：定义不同，仅为近似。",
        ("report_id",),
    )


def panel_rows(panel: str, report: Row, cells: Mapping[str, Sequence[Any]], forms: Mapping[str, str]) -> Row | None:
    """A report's row of a panel, None where it belongs to another.

    ``cells`` are its cells column by column, ``forms`` the form and ``report`` must hold the verdict of each table
    (``verdict_applications`` ...).
    """
    if not _belongs(panel, report):
        return None
    values: dict[str, Any] = {name: report[name] for name in _IDENTITY}
    values |= {f"verdict_{table}": report.get(f"verdict_{table}") for table in _tables_of(panel)}
    values["n"] = int(str(report["report_id"]).rsplit("-", 1)[1])
    values["days_late"] = days_late(report)
    printed = _printed(cells)
    on_form = _on_form(forms)
    for measure in measures(panel):
        if measure.table:
            key = (measure.indicator.name, measure.applicant)
            value, status = printed.get(key, (None, "absent" if key in on_form else None))
            values[measure.name], values[measure.name + STATUS] = value, status
    _add_sums(values, forms)
    for name, (numerator, denominator) in rates(panel).items():
        above, below = evaluate(numerator, values), evaluate(denominator, values)
        values[f"{name}_num"], values[f"{name}_den"] = above, below
        values[name] = above / below if above is not None and below is not None and below > 0 else None
    return values


def series_row(report: Row, row: Row, panel: str) -> Row:
    """The row of ``series`` for a row of a panel."""
    era = "new" if panel == "panel" else "old"
    found = {name: report[name] for name in _IDENTITY}
    return found | {name: evaluate(formula(s[era]), row) for name, s in codebook()["series"].items()}


def days_late(report: Row) -> int | None:
    """Days from the legal deadline to the printed date of publication, negative when early.

    Regulations art. 49 (2019): departments by 31 January, governments by 31 March (the latter unconfirmed); before, all
    by 31 March.
    """
    year, published = report.get("report_year"), report.get("date_published")
    if not isinstance(year, int) or not isinstance(published, str):
        return None
    try:
        day = date.fromisoformat(published)
    except ValueError:
        return None
    early = year >= 2019 and report.get("org_kind") not in ("government", None)
    return (day - date(year + 1, 1 if early else 3, 31)).days


def fill(frame: pd.DataFrame, panel: str = "panel") -> pd.DataFrame:
    """The panel with a ``*_filled`` column for each value column: 0 for a blank or mark where that is proved.

    It is proved where the table's verdict is ``proved_blank_as_zero``: its identities hold only so. Elsewhere the
    filled column is the value as printed.
    """
    import pandas as pd

    extra = {}
    for measure in measures(panel):
        if measure.table:
            empty = frame[measure.name + STATUS].isin(["blank", "mark"])
            proved = frame[f"verdict_{measure.table}"].eq("proved_blank_as_zero")
            extra[measure.name + FILLED] = frame[measure.name].mask(empty & proved, 0.0)
    return pd.concat([frame, pd.DataFrame(extra, index=frame.index)], axis=1)


def _belongs(panel: str, report: Row) -> bool:
    if report["form"] != "prose":
        return report["form"] in PANELS[panel]
    year = report["report_year"]
    return isinstance(year, int) and _FIRST_YEAR[panel] <= year < (2019 if panel == "panel_2014" else 9999)


def _printed(cells: Mapping[str, Sequence[Any]]) -> dict[tuple[str, str | None], tuple[float | None, str]]:
    found: dict[tuple[str, str | None], tuple[float | None, str]] = {}
    names = ("indicator", "applicant", "value", "status", "period")
    for indicator, applicant, value, status, period in zip(*(cells[name] for name in names), strict=True):
        if indicator and period in (None, "year"):
            found.setdefault((indicator, applicant), (value, status))
    return found


def _on_form(forms: Mapping[str, str]) -> frozenset[tuple[str, str | None]]:
    return frozenset().union(*(_cells_of(table, form) for table, form in forms.items()))


@cache
def _cells_of(table: str, form: str) -> frozenset[tuple[str, str | None]]:
    declared = load_forms()[form].table(table) if form in load_forms() else None
    return frozenset((name, applicant) for name, applicant, _, _ in declared.cells()) if declared else frozenset()


def _add_sums(values: dict[str, Any], forms: Mapping[str, str]) -> None:
    form = load_forms().get(forms.get("applications", ""))
    for name, parts in sums(form).items() if form else ():
        for suffix in SUFFIXES.values():
            if values.get(name + suffix) is None:  # a row printed all the same (other_handled) comes first
                values[name + suffix] = evaluate(formula(" + ".join(part + suffix for part in parts)), values)


def _tables_of(panel: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(measure.table for measure in measures(panel) if measure.table))


def _identity_columns(reports: Table) -> list[Column]:
    columns = [reports.column(name) for name in _IDENTITY]
    first = Column("report_id", "string", columns[0].en, columns[0].zh, required=True, ref="reports")
    return [first, *columns[1:]]


def _verdict_columns(panel: str) -> list[Column]:
    tables = [
        Column(f"verdict_{t}", "string", f"Verdict of table {t}.", f"{t} 表勾稽结论。", values="verdict")
        for t in _tables_of(panel)
    ]
    number = "Number of the report among those of the organ and year: 1 but for rare cases."
    late = "Days from the legal deadline to the date of publication; negative: early."
    return [
        Column("n", "integer", number, "同机关同年度报告序号。", required=True),
        *tables,
        Column("days_late", "integer", late, "距法定期限天数。"),
    ]


def _measure_columns(measure: Measure) -> list[Column]:
    indicator, who = measure.indicator, ""
    if measure.applicant and measure.applicant != "total":
        who = f": {measure.applicant.replace('_', ' ')}"
    label = indicator.label + (f" · {measure.applicant}" if who else "")
    value = Column(
        measure.name, "number", indicator.en + who, indicator.definition_zh, unit=indicator.unit, label=label
    )
    if not measure.table:
        return [value]
    text = f"Status of {measure.name}; null: not on this report's form"
    return [value, Column(measure.name + STATUS, "string", text, "状态；空：该表式无此格。", values="status")]


def _rate_columns(panel: str) -> list[Column]:
    columns = []
    for name, declared in codebook()["rates"][panel].items():
        text = f"{declared['en']} = ({declared['num']}) / ({declared['den']})"
        columns.append(Column(name, "number", text + "; null where undefined", f"{declared['zh']}；无定义时为空。"))
        columns.append(Column(f"{name}_num", "number", f"Numerator of {name}", f"{declared['zh']}分子。"))
        columns.append(Column(f"{name}_den", "number", f"Denominator of {name}", f"{declared['zh']}分母。"))
    return columns
