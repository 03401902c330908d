"""Checks across years, parents and children, and on single reports, on pages with known faults."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from data.build import build
from data.dataset import Dataset, open_dataset

Page = Callable[..., bytes]
FLOW = {"new_requests": 50, "carried_over": 4, "disclosed": 44, "concluded": 44, "carried_forward": 10}


def built(tmp_path: Path, pages: dict[str, bytes]) -> Dataset:
    folder = tmp_path / "pages"
    folder.mkdir()
    for name, body in pages.items():
        (folder / f"{name}.html").write_bytes(body)
    build([folder], tmp_path / "out", jobs=1)
    return open_dataset(tmp_path / "out")


def found(dataset: Dataset, check: str) -> pd.DataFrame:
    checks = dataset.frame("checks")
    return checks[checks["check"] == check].merge(dataset.frame("reports")[["report_id", "report_year", "org_name"]])


@pytest.fixture
def years(page: Page, tmp_path: Path) -> Dataset:
    stock = {"normative_docs_in_force": 30, "normative_docs_issued": 5, "normative_docs_repealed": 2}
    grown = {**FLOW, "carried_over": 9, "new_requests": 45, **stock, "admin_fees_wan_yuan": 12}
    pages = {
        "2021": page("示例市财政局", 2021, {**FLOW, "normative_docs_in_force": 28, "admin_fees_wan_yuan": 120000}),
        "2022": page("示例市财政局", 2022, grown),
        "2023": page("示例市财政局", 2023, {**grown, "normative_docs_in_force": 33}),
    }
    return built(tmp_path, pages)


def test_carried_requests_must_arrive(years: Dataset) -> None:
    checks = found(years, "C-Y-01")
    # 2022 takes over 9 where 2021 handed on 10, in the total column and in that of natural persons; so does 2023.
    assert len(checks) == 14
    failed = checks[checks["status"] == "fail"]
    assert sorted(failed["report_year"]) == [2022, 2022, 2023, 2023]
    assert set(zip(failed["left"], failed["right"], strict=True)) == {(9.0, 10.0)}
    assert set(failed["severity"]) == {"E"}
    assert failed["other_report_id"].notna().all()


def test_stocks_follow_from_flows(years: Dataset) -> None:
    checks = found(years, "C-Y-02").set_index("report_year")
    docs = checks[checks["detail"].str.contains("normative")]
    assert dict(docs["status"]) == {2022: "fail", 2023: "pass"}  # 28 + 5 - 2 is 31, printed 30; 30 + 5 - 2 is 33
    assert dict(docs["right"]) == {2022: 31.0, 2023: 33.0}


def test_copied_prose_and_slipped_units_are_seen(years: Dataset) -> None:
    slips = found(years, "C-T2-04").set_index("report_year")
    assert dict(slips["status"]) == {2022: "fail", 2023: "pass"}
    copied = found(years, "C-Y-04")
    tables = copied[copied["detail"].str.contains("applications")].set_index("report_year")
    assert dict(tables["status"]) == {2022: "pass", 2023: "fail"}


def test_counts_in_reports_follow_the_checks(years: Dataset) -> None:
    reports, checks = years.frame("reports"), years.frame("checks")
    failed = checks[checks["status"] == "fail"]
    for report in reports.itertuples():
        own = failed[failed["report_id"] == report.report_id]["severity"]
        assert report.errors_failed == (own == "E").sum()
        assert report.warnings_failed == (own == "W").sum()


def test_a_gap_and_a_new_name_are_told(page: Page, tmp_path: Path) -> None:
    code = "793373850/{}-00001"
    pages = {
        "a": page("示例市农业局", 2018, form="2019", index_no=code.format(2019)),
        "b": page("示例市农业农村局", 2021, index_no=code.format(2022)),
    }
    details = found(built(tmp_path, pages), "C-Y-07")
    assert sorted(details["detail"]) == [
        "another name than before: 示例市农业局 -> 示例市农业农村局",
        "no report between 2018 and 2021",
    ]


def test_parents_and_children(page: Page, tmp_path: Path) -> None:
    pages = {
        "city": page("舟山市人民政府", 2023, {"new_requests": 40}),
        "office": page("舟山市人民政府办公室", 2023, {"new_requests": 4}),
        "one": page("舟山市定海区人民政府", 2023, {"new_requests": 90}),
        "two": page("舟山市普陀区人民政府", 2023, {"new_requests": 10}),
    }
    dataset = built(tmp_path, pages)
    below = found(dataset, "C-H-02")
    assert list(below["org_name"]) == ["舟山市人民政府"]
    assert (below["left"].item(), below["right"].item(), below["severity"].item()) == (40, 90, "I")
    reports = dataset.frame("reports").set_index("org_name")
    assert tuple(reports.loc["舟山市人民政府", ["scope", "scope_basis"]]) == ("organ_only", "below_child")
    assert reports.loc["舟山市定海区人民政府", "scope"] == "unknown"
    sums = found(dataset, "C-H-01")
    city = sums[(sums["org_name"] == "舟山市人民政府") & sums["detail"].str.startswith("new_requests")]
    assert (city["status"].item(), city["right"].item()) == ("not_assessable", 104)
    assert "2 of 4 divisions below" in city["detail"].item()


def test_a_stated_sum_is_tested_where_all_children_report(page: Page, tmp_path: Path) -> None:
    children = {"定海区": 10, "普陀区": 20, "岱山县": 30, "嵊泗县": 40}
    pages = {name: page(f"舟山市{name}人民政府", 2023, {"new_requests": n}) for name, n in children.items()}
    pages["city"] = page("舟山市人民政府", 2023, {"new_requests": 100}, prose="本报告汇总全市各县（区）和各部门数据。")
    dataset = built(tmp_path, pages)
    reports = dataset.frame("reports").set_index("org_name")
    assert tuple(reports.loc["舟山市人民政府", ["scope", "scope_basis"]]) == ("aggregated", "stated")
    sums = found(dataset, "C-H-01")
    city = sums[(sums["org_name"] == "舟山市人民政府") & sums["detail"].str.startswith("new_requests")]
    assert (city["status"].item(), city["left"].item(), city["right"].item()) == ("pass", 100, 100)


def test_an_offices_report_posted_as_the_governments(page: Page, tmp_path: Path) -> None:
    pages = {
        "city": page("舟山市人民政府", 2023, FLOW),
        "office": page("舟山市人民政府办公室", 2023, FLOW),
    }
    same = found(built(tmp_path, pages), "C-H-03")
    assert list(same["org_name"]) == ["舟山市人民政府"]
    assert list(same["status"]) == ["fail"]


def test_single_report_faults(page: Page, tmp_path: Path) -> None:
    numbers = {**FLOW, "rules_in_force": 3, "rules_issued": 5, "disclosed": "-44"}
    index = "12330902793373851F/2023-00001"
    one = page("平潭县财政局", 2023, numbers, index_no=index, publisher="县水利局", published="2023-06-30")
    dataset = built(tmp_path, {"one": one})
    checks = dataset.frame("checks")
    failed = set(checks[checks["status"] == "fail"]["check"])
    expected = {"C-T3-04", "C-T2-02", "C-T2-03", "C-N-07", "C-R-02", "C-R-04", "C-R-05"}
    assert expected <= failed
    passed = set(checks[checks["status"] == "pass"]["check"])
    assert {"C-N-08", "C-N-09", "C-R-06", "C-R-07", "C-T3-05", "C-T3-06", "C-T4-02"} <= passed
