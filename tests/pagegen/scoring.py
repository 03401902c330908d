"""How a reading compares with the truth, cell by cell."""

from __future__ import annotations

from dataclasses import dataclass, field

from .model import Key, Number, Page


@dataclass
class Score:
    """Counts of printed numbers read right, read wrong (or invented where none is printed) and not read.

    ``wrong_proved`` counts wrong values in tables said to be proved; ``status`` cells without a number whose status is
    another than the truth's; ``false_missed`` false sums not called contradicted, ``false_alarms`` the opposite.
    """

    pages: int = 0
    right: int = 0
    wrong: int = 0
    missing: int = 0
    status: int = 0
    wrong_proved: int = 0
    verdict: int = 0
    false_missed: int = 0
    false_alarms: int = 0
    form: int = 0
    metadata: dict[str, int] = field(default_factory=dict)
    seconds: float = 0.0

    @property
    def printed(self) -> int:
        """Numbers printed on the pages."""
        return self.right + self.wrong + self.missing

    @property
    def share(self) -> float:
        """Printed numbers read right, of all."""
        return self.right / self.printed if self.printed else 1.0

    def add(self, other: Score) -> None:
        """Sum up."""
        for name, value in vars(other).items():
            if name == "metadata":
                for key, n in value.items():
                    self.metadata[key] = self.metadata.get(key, 0) + n
            else:
                setattr(self, name, getattr(self, name) + value)


def differences(page: Page, reading: dict[Key, Number | None]) -> list[tuple[Key, object, object, str]]:
    """(key, printed, read, kind) for every cell that is not as printed; kind: ``wrong``, ``invented``, ``missing``."""
    out: list[tuple[Key, object, object, str]] = []
    for key in dict.fromkeys([*page.truth, *reading]):
        printed, status = page.truth.get(key, (None, "absent"))
        read = reading.get(key)
        if status == "reported" and read is None:
            out.append((key, printed, None, "missing"))
        elif read is not None and status != "reported":
            out.append((key, status, read, "invented"))
        elif read is not None and abs(float(read) - float(printed or 0)) > 1e-9 * max(1.0, abs(float(read))):
            out.append((key, printed, read, "wrong"))
    return out


def score(page: Page, reading: dict[Key, Number | None]) -> Score:
    """Counts for one page."""
    found = [kind for *_, kind in differences(page, reading)]
    wrong, missing = sum(k != "missing" for k in found), found.count("missing")
    printed = sum(status == "reported" for _, status in page.truth.values())
    misread = found.count("wrong")
    return Score(pages=1, right=printed - misread - missing, wrong=wrong, missing=missing)


def score_ours(page: Page) -> Score:
    """Counts for one page as parsers.parse reads it, with statuses, verdicts, form and metadata."""
    from .readers import ours

    reading, statuses, verdicts, report = ours(page)
    out = score(page, reading)
    proved = {table for table, verdict in verdicts.items() if verdict.startswith("proved")}
    out.wrong_proved = sum(k[0] in proved for k, *_, kind in differences(page, reading) if kind != "missing")
    for key, (_, status) in page.truth.items():
        out.status += status != "reported" and statuses.get(key, "absent") != status
    for table, expected in page.expected.items():
        read = verdicts.get(table, "absent")
        out.verdict += read != expected
        out.false_missed += expected == "contradicted" and read != "contradicted"
        out.false_alarms += expected != "contradicted" and read == "contradicted"
    out.form = int(report.form != page.form)  # type: ignore[attr-defined]
    out.metadata = metadata_misses(page, report)
    return out


def metadata_misses(page: Page, report: object) -> dict[str, int]:
    """Field -> 1 for each stated metadata field that is not read as printed."""
    fields = report.metadata  # type: ignore[attr-defined]
    read = {name: getattr(fields, name) for name in page.metadata if hasattr(fields, name)}
    read["title"] = report.title  # type: ignore[attr-defined]
    read["report_year"] = str(report.report_year)  # type: ignore[attr-defined]
    read["org_name"] = report.org_name  # type: ignore[attr-defined]
    return {name: 1 for name, value in page.metadata.items() if _flat(read.get(name)) != _flat(value)}


def _flat(text: object) -> str:
    return "".join(str(text).split())
