"""The sample sites say what sites.toml declares, and nothing impossible."""

from __future__ import annotations

import pytest

from data.organizations import codes_in
from data.samples import load_sites
from data.samples.content import Entry, SampleReport
from data.samples.families import addresses
from data.samples.render import article

SITES = {site.id: site for site in load_sites()}
REPORTS = [report for site in SITES.values() for report in site.reports]


def report(organ: str, year: int) -> SampleReport:
    return next(r for r in REPORTS if r.organ.name == organ and r.year == year)


def test_what_is_listed() -> None:
    assert [(site.family, len(site.reports), len(site.listed)) for site in SITES.values()] == [
        ("hanweb", 22, 29),
        ("trs", 15, 19),
        ("blocked", 0, 0),
    ]


@pytest.mark.parametrize("sample", REPORTS, ids=lambda r: f"{r.organ.code[8:17]}-{r.year}")
def test_reports_are_possible(sample: SampleReport) -> None:
    codes = codes_in(f"{sample.organ.code}/{sample.published.year}-00001")
    assert codes.uscc == sample.organ.code
    assert codes.division is not None
    assert codes.division.startswith("99"), "no real place"
    assert sample.published.year == sample.year + 1
    if sample.form in ("2021", "2019"):
        assert min(sample.applications("new_requests")) >= 0
        assert all(value >= 0 for name, value in sample.single_cells().items() if not name.endswith("_change"))


def test_numbers_are_as_declared() -> None:
    """Worked out by hand from sites.toml."""
    sample = report("示例市人民政府", 2022)
    # natural persons: 151+12+2+7+60+3+6 = 241 concluded; 241 + 15 left - 10 from before = 246 new
    assert sample.applications("concluded") == (241, 15, 0, 2, 0, 0, 258)
    assert sample.applications("new_requests") == (246, 16, 0, 2, 0, 0, 264)
    assert sample.single_cells()["review_total"] == 10
    assert sample.single_cells()["admin_fees_wan_yuan"] == 3988.1
    statistics = report("样例县人民政府", 2017).single_cells()
    assert statistics["requests_received"] == 22
    assert statistics["replies_total"] == 22
    assert statistics["reply_refused"] == 1


def test_the_false_totals() -> None:
    assert report("示例市财政局", 2023).applications("concluded") == (12, 0, 0, 0, 0, 0, 10)
    assert report("样例县住房和城乡建设局", 2023).applications("disclosed") == (6, 1, 0, 0, 0, 0, 9)


def page_of(organ: str, year: int) -> str:
    site = next(s for s in SITES.values() if any(r.organ.name == organ for r in s.reports))
    wanted = report(organ, year)
    path = next(p for p, entry in addresses(site) if entry is wanted)
    return article(site, wanted, path)


def test_every_marker_of_a_form_is_filled() -> None:
    for site in SITES.values():
        for path, entry in addresses(site):
            assert "{" not in article(site, entry, path).split("<body>")[1], entry.title


def test_blank_for_zero() -> None:
    page = page_of("示例市教育局", 2022)
    assert "<td>11</td><td>1</td><td></td>" in page  # disclosed: natural persons, business, then nothing
    assert "<td>0</td>" not in page
    organisations = page_of("样例县虚构镇人民政府", 2023)
    assert "<td>2</td><td></td><td></td><td></td><td></td><td></td><td>2</td>" in organisations


def test_a_report_may_be_only_an_attachment_or_lose_its_tables() -> None:
    assert '<a href="/attach/2023/report.rar">' in page_of("示例市机关事务管理中心", 2023)
    prose = page_of("示例市统计局", 2022)
    assert "三、收到和处理政府信息公开申请情况" in prose
    assert "申请人情况" not in prose


def test_noise_is_in_the_column() -> None:
    kinds = [entry.kind for site in SITES.values() for entry in site.listed if isinstance(entry, Entry)]
    assert sorted(kinds) == ["blocked", *["page"] * 9, "soft_404"]
