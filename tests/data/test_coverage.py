"""What was expected against what was found, site by site and year by year."""

from __future__ import annotations

from data.schema import tables
from data.wholes import coverage_rows, indicator_rows


def problem(site: str, code: str) -> dict[str, object]:
    return tables()["problems"].row({"source": f"http://{site}/1.html", "code": code, "message": "m", "site": site})


def test_nothing_goes_unseen() -> None:
    expectations = {
        "expected.example": {"years": (2022, 2023), "min_reports_per_year": 3},
        "silent.example": {"years": None, "min_reports_per_year": None},
        "blocked.example": {"years": (2023, 2023), "min_reports_per_year": None},
    }
    problems = [problem("blocked.example", "blocked:jiasule"), problem("blocked.example", "soft_404")]
    rows = {(r["site"], r["report_year"]): r for r in coverage_rows([], [], problems, expectations)}
    assert set(rows) == {
        ("expected.example", 2022),
        ("expected.example", 2023),
        ("silent.example", None),
        ("blocked.example", None),
        ("blocked.example", 2023),
    }
    one = rows["expected.example", 2022]
    assert (one["status"], one["expected"], one["found"], one["missing"]) == ("missing", 3, 0, 3)
    assert (rows["silent.example", None]["status"], rows["silent.example", None]["found"]) == ("missing", 0)
    both = rows["blocked.example", None]
    assert (both["blocked"], both["unreadable"]) == (1, 1)
    assert rows["blocked.example", 2023]["expected"] == 1


def test_indicators_name_each_form_once() -> None:
    rows = indicator_rows()
    keys = [(row["indicator"], row["form"]) for row in rows]
    assert len(keys) == len(set(keys))
    by_key = dict(zip(keys, rows, strict=True))
    requests = by_key["new_requests", "2021"]
    assert (requests["table"], requests["unit"], requests["by_applicant"]) == ("applications", "件", True)
    assert requests["comparable_forms"] == "2021 2019"
    assert by_key["requests_received", "2014"]["comparable_forms"] == "2014"
    assert by_key["refused", "derived"]["definition_zh"]
    assert by_key["processing_fee_yuan", "prose"]["unit"] == "元"
    assert (by_key["new_requests", "2019"]["first_year"], by_key["new_requests", "2019"]["last_year"]) == (2019, 2020)
    assert requests["last_year"] is None
