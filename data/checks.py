"""The checks of a dataset summed up: by check, and report by report, the worst first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from data.dataset import Dataset

_COLUMNS = ("report_id", "check", "status", "left", "right", "detail", "severity", "other_report_id")
_WEIGHT = {"E": 0, "W": 1, "I": 2}


@dataclass(frozen=True, slots=True)
class Failure:
    """A failed check of a report."""

    check: str
    severity: str
    left: float | None
    right: float | None
    detail: str
    other_report_id: str | None

    def line(self) -> str:
        """One line: name, sides, what was compared."""
        sides = f" {self.left:g} against {self.right:g}" if self.left is not None and self.right is not None else ""
        return f"{self.severity} {self.check}{sides}: {self.detail}"


@dataclass(frozen=True, slots=True)
class ReportChecks:
    """A report with failed checks, errors first."""

    report_id: str
    org_name: str | None
    report_year: int | None
    source: str
    failures: tuple[Failure, ...]

    def count(self, severity: str) -> int:
        """How many of its failures have this severity."""
        return sum(1 for failure in self.failures if failure.severity == severity)


@dataclass(frozen=True, slots=True)
class CheckSummary:
    """What the checks of a dataset say.

    ``by_check`` gives (check, severity, failed, passed, not assessable), the heaviest first; ``reports`` those with a
    failed check, the worst first; ``gaps`` the sites and years that lack reports: (site, year, status, expected,
    found).
    """

    reports: tuple[ReportChecks, ...]
    by_check: tuple[tuple[str, str, int, int, int], ...]
    gaps: tuple[tuple[str, int | None, str, int, int], ...]

    @property
    def worst(self) -> str | None:
        """The heaviest severity among the failures: E, W, I, None where nothing fails."""
        failed = {severity for _, severity, count, _, _ in self.by_check if count}
        return min(failed, key=_WEIGHT.__getitem__, default=None)


def check(dataset: Dataset) -> CheckSummary:
    """Sum up the checks of a dataset. Raises DatasetError."""
    counts: dict[tuple[str, str], list[int]] = {}
    failures: dict[str, list[Failure]] = {}
    place = {"fail": 0, "pass": 1, "not_assessable": 2}
    for batch in dataset.batches("checks", _COLUMNS):
        for row in zip(*(column.to_pylist() for column in batch.columns), strict=True):
            report_id, name, status, left, right, detail, severity, other = row
            counts.setdefault((name, severity), [0, 0, 0])[place[status]] += 1
            if status == "fail":
                failures.setdefault(report_id, []).append(Failure(name, severity, left, right, detail, other))
    by_check = [(name, severity, c[0], c[1], c[2]) for (name, severity), c in counts.items()]
    by_check.sort(key=lambda c: (c[2] == 0, _WEIGHT[c[1]], -c[2], c[0]))
    return CheckSummary(tuple(_reports(dataset, failures)), tuple(by_check), tuple(_gaps(dataset)))


def _reports(dataset: Dataset, failures: dict[str, list[Failure]]) -> list[ReportChecks]:
    found = []
    for batch in dataset.batches("reports", ("report_id", "org_name", "report_year", "source")):
        for report_id, name, year, source in zip(*(c.to_pylist() for c in batch.columns), strict=True):
            own = failures.get(report_id)
            if own:
                own.sort(key=lambda f: (_WEIGHT[f.severity], f.check))
                found.append(ReportChecks(report_id, name, year, source, tuple(own)))
    return sorted(found, key=lambda r: (-r.count("E"), -r.count("W"), -r.count("I"), r.report_id))


def _gaps(dataset: Dataset) -> Iterator[tuple[str, int | None, str, int, int]]:
    rows = dataset.arrow("coverage", ("site", "report_year", "status", "expected", "found")).to_pylist()
    for row in rows:
        if row["expected"] is not None and row["found"] < row["expected"]:
            yield row["site"], row["report_year"], row["status"], row["expected"], row["found"]
