"""The demo end to end. The counts were read by a person from data/samples/sites.toml."""

from __future__ import annotations

import csv
import io
from collections import Counter
from pathlib import Path

import pytest
from rich.console import Console

from data.demo import run_demo
from data.errors import OutputError


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, int]:
    out = tmp_path_factory.mktemp("demo") / "out"
    printed = io.StringIO()
    code = run_demo(out, Console(file=printed, width=200, soft_wrap=True))
    return out, printed.getvalue(), code


def rows(out: Path, table: str) -> list[dict[str, str]]:
    with (out / "dataset" / f"{table}.csv").open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def test_all_is_well(demo: tuple[Path, str, int]) -> None:
    assert demo[2] == 0


def test_reports_by_year_and_form(demo: tuple[Path, str, int]) -> None:
    reports = rows(demo[0], "reports")
    assert Counter((r["report_year"], r["form"]) for r in reports) == {
        ("2017", "2014"): 1,
        ("2018", "2014"): 1,
        ("2019", "2019"): 2,
        ("2020", "2019"): 2,
        ("2021", "2019"): 1,
        ("2021", "2021"): 5,
        ("2022", "2021"): 7,
        ("2022", "prose"): 1,
        ("2023", "2021"): 8,
        ("2024", "2021"): 8,
    }


def test_verdicts(demo: tuple[Path, str, int]) -> None:
    names = {r["report_id"]: f"{r['org_name']}{r['report_year']}" for r in rows(demo[0], "reports")}
    verdicts = {(names[t["report_id"]], t["table"]): t["verdict"] for t in rows(demo[0], "tables")}
    of = Counter(verdict for (_, table), verdict in verdicts.items() if table in ("applications", "statistics"))
    assert of == {"proved": 30, "proved_blank_as_zero": 3, "contradicted": 2, "absent": 1}
    contradicted = {name for (name, _), verdict in verdicts.items() if verdict == "contradicted"}
    assert contradicted == {"示例市财政局2023", "样例县住房和城乡建设局2023"}
    blank = {name for (name, table), v in verdicts.items() if v == "proved_blank_as_zero" and table == "applications"}
    assert blank == {"示例市教育局2022", "样例县虚构镇人民政府2023", "样例县虚构镇人民政府2024"}
    assert verdicts["示例市统计局2022", "applications"] == "absent"


def test_numbers_as_printed(demo: tuple[Path, str, int]) -> None:
    ids = {(r["org_name"], r["report_year"]): r["report_id"] for r in rows(demo[0], "reports")}
    cells = {(c["report_id"], c["indicator"], c["applicant"]): c for c in rows(demo[0], "cells")}

    def value(organ: str, year: int, indicator: str, applicant: str = "") -> float | str:
        cell = cells[ids[organ, str(year)], indicator, applicant]
        return float(cell["value"]) if cell["status"] == "reported" else cell["status"]

    assert value("示例市人民政府", 2022, "new_requests", "total") == 264
    assert value("示例市人民政府", 2022, "new_requests", "nonprofit") == 2
    assert value("示例市人民政府", 2023, "admin_fees_wan_yuan") == 3875.62
    assert value("示例市人民政府", 2019, "procurement_amount_yuan") == 33518400.5
    assert value("示例市人民政府", 2019, "licensing_items_change") == -6
    assert value("示例市人民政府", 2019, "other_handled", "natural_person") == 14
    assert value("示例市财政局", 2023, "concluded", "natural_person") == 12
    assert value("示例市财政局", 2023, "concluded", "total") == 10, "the false number is kept"
    assert value("示例市教育局", 2022, "disclosed", "research") == "blank"
    assert value("样例县人民政府", 2018, "via_wechat") == 402
    assert value("样例县人民政府", 2017, "budget_wan_yuan") == 12.5


def test_who_reports(demo: tuple[Path, str, int]) -> None:
    finance = next(
        r for r in rows(demo[0], "reports") if r["org_name"] == "示例市财政局" and r["report_year"] == "2023"
    )
    assert finance["title"] == "示例市财政局2023年政府信息公开工作年度报告"
    assert finance["index_no"].startswith("119901000099010247/2024-")
    assert finance["uscc"] == "119901000099010247"
    assert finance["publisher"] == "示例市财政局"
    assert finance["date_created"] == "2024-01-18"
    assert finance["disclosure_method"] == "主动公开"
    town = next(r for r in rows(demo[0], "reports") if r["org_name"] == "样例县虚构镇人民政府")
    assert town["encoding"] == "gb18030"
    assert town["date_published"][:4] == str(int(town["report_year"]) + 1)


def test_problems_are_named(demo: tuple[Path, str, int]) -> None:
    problems = Counter(row["code"].split(":")[0] for row in rows(demo[0], "problems"))
    assert problems == {"blocked": 2, "soft_404": 1, "attachment_only": 1, "unsupported_archive": 1}


def test_the_noise_is_left_out(demo: tuple[Path, str, int]) -> None:
    titles = [r["title"] for r in rows(demo[0], "reports")]
    assert not [
        t for t in titles if any(word in t for word in ("一图读懂", "通知", "报表", "法治", "解读", "预算", "会议"))
    ]


def test_what_is_printed(demo: tuple[Path, str, int]) -> None:
    out, printed, _ = demo
    for expected in (
        "36 reports",
        "示例市",
        "样例县",
        "范例市",
        "jiasule",
        "soft_404",
        "attachment_only",
        str(out / "dataset"),
    ):
        assert expected in printed
    assert "12 is not 10" in printed or "10 is not 12" in printed
    assert "nianbao extract" in printed


def test_a_demo_is_made_anew_but_other_folders_are_left_alone(demo: tuple[Path, str, int], tmp_path: Path) -> None:
    assert run_demo(demo[0], Console(file=io.StringIO())) == 0
    assert len(rows(demo[0], "reports")) == 36
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(OutputError, match="holds something else"):
        run_demo(tmp_path, Console(file=io.StringIO()))
    assert [p.name for p in tmp_path.iterdir()] == ["thesis.txt"]
