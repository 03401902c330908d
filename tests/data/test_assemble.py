"""Payloads to reports: attachments, copies, corrections, identifiers."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from data.build import build
from data.dataset import Dataset, open_dataset
from data.organizations import (
    codes_in,
    identify,
    org_check_digit,
    org_kind,
    same_organ,
    scope_of,
    valid_org_code,
    valid_uscc,
)

Page = Callable[..., bytes]
Fetch = tuple[str, str, bytes]  # address, time, payload
FLOW = {"new_requests": 50, "carried_over": 4, "disclosed": 44, "concluded": 44, "carried_forward": 10}
SITE = "http://www.example.gov.cn"


def crawled(tmp_path: Path, fetches: Sequence[Fetch]) -> Dataset:
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    path = tmp_path / "found.warc.gz"
    with path.open("wb") as handle:
        writer = WARCWriter(handle, gzip=True)
        for url, moment, body in fetches:
            head = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
            record = writer.create_warc_record(
                url,
                "response",
                payload=io.BytesIO(body),
                http_headers=head,
                warc_headers_dict={"WARC-Date": f"{moment}T00:00:00Z"},
            )
            writer.write_record(record)
    build([path], tmp_path / "out", jobs=1)
    return open_dataset(tmp_path / "out")


def test_an_attachment_is_read_with_its_page(page: Page, tmp_path: Path) -> None:
    pages = tmp_path / "pages"
    pages.mkdir()
    link = '<p>附件：<a href="files/report.doc">示例县财政局2023年政府信息公开工作年度报告.doc</a></p>'
    facts = {"index_no": "014314799/2024-00001", "published": "2024-01-18"}
    (pages / "page.html").write_bytes(page("示例县财政局", 2023, tables=False, links=link, **facts))
    (pages / "files").mkdir()
    (pages / "files" / "report.doc").write_bytes(page("示例县财政局", 2023, FLOW))
    build([pages], tmp_path / "out", jobs=1)
    dataset = open_dataset(tmp_path / "out")
    report = dataset.frame("reports").iloc[0]
    assert dataset.rows("reports") == 1
    assert (report["org_id"], report["form"], report["verdict"]) == ("014314799", "2021", "proved")
    assert report["source"] == f"{pages}/page.html"
    assert report["date_published"] == "2024-01-18"
    roles = dataset.frame("sources").set_index("source")["role"]
    assert dict(roles) == {f"{pages}/page.html": "page", f"{pages}/files/report.doc": "attachment"}
    read_from = dataset.frame("tables")
    assert set(read_from["source"]) == {f"{pages}/files/report.doc"}
    cells = dataset.frame("cells")
    assert len(cells) == 200
    assert cells[(cells["indicator"] == "new_requests") & (cells["applicant"] == "total")]["value"].item() == 50


def test_the_same_report_at_two_addresses_is_one(page: Page, tmp_path: Path) -> None:
    body = page("示例市财政局", 2023, FLOW)
    copy = page("示例市财政局", 2023, FLOW, prose="另一网站上的同一报告。")
    own = "http://czj.example.gov.cn/1.html"
    dataset = crawled(tmp_path, [(f"{SITE}/1.html", "2024-02-01", body), (own, "2024-02-02", copy)])
    assert dataset.rows("reports") == 1
    assert dataset.frame("reports")["n_sources"].item() == 2
    assert sorted(dataset.frame("sources")["role"]) == ["copy", "page"]
    assert dataset.rows("revisions") == 0
    assert len(dataset.frame("cells")) == 200


def test_two_organs_with_one_name_and_no_numbers_stay_two(page: Page, tmp_path: Path) -> None:
    body = page("教育局", 2023)
    dataset = crawled(tmp_path, [(f"{SITE}/1.html", "2024-02-01", body), ("http://b.cn/1.html", "2024-02-02", body)])
    assert dataset.rows("reports") == 2


def test_a_page_that_changes_is_revised(page: Page, tmp_path: Path) -> None:
    url = f"{SITE}/1.html"
    first = page("示例市财政局", 2023, {**FLOW, "carried_forward": 11})
    second = page("示例市财政局", 2023, FLOW)
    dataset = crawled(tmp_path, [(url, "2024-02-01", first), (url, "2024-06-01", second)])
    assert dataset.rows("reports") == 1
    assert dataset.frame("reports")["verdict"].item() == "proved"
    rows = dataset.frame("revisions")
    assert set(rows["applicant"]) == {"natural_person", "total"}
    assert set(zip(rows["indicator"], rows["old_value"], rows["new_value"], strict=True)) == {
        ("carried_forward", 11, 10)
    }
    assert set(rows["old_fetched_at"].str[:10]) == {"2024-02-01"}
    assert set(rows["new_fetched_at"].str[:10]) == {"2024-06-01"}
    assert sorted(dataset.frame("sources")["role"]) == ["earlier", "page"]


def test_a_corrected_repost_is_a_revision_of_the_first(page: Page, tmp_path: Path) -> None:
    first = page("示例市财政局", 2023, {**FLOW, "disclosed": 43}, published="2024-01-18")
    second = page("示例市财政局", 2023, FLOW, published="2024-03-18")
    fetches = [(f"{SITE}/2.html", "2024-04-01", second), (f"{SITE}/1.html", "2024-04-02", first)]
    dataset = crawled(tmp_path, fetches)
    assert dataset.frame("reports")["url"].item() == f"{SITE}/2.html"
    rows = dataset.frame("revisions")
    assert set(zip(rows["indicator"], rows["old_value"], rows["new_value"], strict=True)) == {("disclosed", 43, 44)}


def test_an_organ_keeps_its_identifier_over_the_years(page: Page, tmp_path: Path) -> None:
    old, new = "793373850/2019-00001", "12330902793373850F/2024-00535"
    name = "定海区机关事务管理中心"
    fetches = [
        (f"{SITE}/1.html", "2024-02-01", page(name, 2018, tables=False, index_no=old)),
        (f"{SITE}/2.html", "2024-02-01", page(name, 2023, index_no=new, publisher="区机关事务管理中心")),
        (f"{SITE}/3.html", "2024-02-01", page(name, 2022)),
        (f"{SITE}/4.html", "2024-02-01", page("定海区财政局", 2022, index_no=new, publisher="区机关事务管理中心")),
    ]
    dataset = crawled(tmp_path, fetches)
    reports = dataset.frame("reports").set_index("url")
    assert list(reports.loc[[f"{SITE}/{n}.html" for n in (1, 2, 3)], "org_id"]) == ["793373850"] * 3
    assert list(reports.loc[[f"{SITE}/{n}.html" for n in (1, 2, 3)], "org_id_basis"]) == [
        "org_code",
        "uscc",
        "name_bridge",
    ]
    assert reports.loc[f"{SITE}/4.html", "org_id_basis"] == "site_name"
    organ = dataset.frame("organizations").set_index("org_id").loc["793373850"]
    assert (organ["uscc"], organ["first_year"], organ["last_year"], organ["n_reports"]) == (
        "12330902793373850F",
        2018,
        2023,
        3,
    )
    assert organ["missing_years"] == "2019|2020|2021"
    assert len(organ["former_ids"]) == 12


@pytest.mark.parametrize("code", ["014416330", "000014349", "00835003X", "793373850", "002645566"])
def test_organ_codes(code: str) -> None:
    assert valid_org_code(code)
    assert org_check_digit(code) == code[8]
    wrong = code[:7] + ("0" if code[7] != "0" else "1") + code[8]
    assert not valid_org_code(wrong)


@pytest.mark.parametrize(
    "code", ["12330902793373850F", "113325000026455663", "1115000001151201XD", "11220100MB1507524C"]
)
def test_credit_codes(code: str) -> None:
    assert valid_uscc(code)
    for place in (8, 16, 17):
        changed = code[:place] + ("1" if code[place] != "1" else "2") + code[place + 1 :]
        assert not valid_uscc(changed), changed
    assert not valid_uscc(code[:-1])
    assert not valid_uscc("")


def test_codes_in_index_numbers() -> None:
    found = codes_in("12330902793373850F/2024-00535")
    assert (found.uscc, found.org_code, found.division) == ("12330902793373850F", "793373850", "330902")
    assert codes_in("１２３３０９０２７９３３７３８５０Ｆ／2024-00535").org_code == "793373850"
    assert codes_in("014416330/2018-04736").org_code == "014416330"
    assert codes_in("01441633-0/2018-04736").org_code == "014416330"
    for other in (
        None,
        "",
        "-",
        "无",
        "2024-00002",
        "A001-0301-2020-00012",
        "0142768-8/2022-00185",
        "014416331/2018-04736",
    ):
        assert codes_in(other).org_code is None, other


def test_names_of_organs() -> None:
    assert same_organ("定海区机关事务管理中心", "区机关事务管理中心")
    assert same_organ("示例市人力资源和社会保障局", "市人社局")
    assert same_organ("示例市人民政府办公室", "市政府办")
    assert same_organ("示例市财政局", None)
    assert not same_organ("示例市人民政府", "示例市人民政府办公室")
    assert not same_organ("示例市财政局", "市水利局")
    assert not same_organ("示例市财政局", "市政府办")


def test_kind_and_scope() -> None:
    assert org_kind("示例市人民政府", None) == "government"
    assert org_kind("示例镇人民政府", None) == "government"
    assert org_kind("示例市人民政府办公室", "11330902793373850F") == "government_office"
    assert org_kind("定海区机关事务管理中心", "12330902793373850F") == "institution"
    assert org_kind(None, None) is None
    assert scope_of("government", "示例市人民政府", "本报告汇总了全市各县区和各部门的数据。") == (
        "aggregated",
        "stated",
    )
    assert scope_of("government", "示例市人民政府", "本年度平稳有序。") == ("unknown", "none")
    assert scope_of("department", "示例市财政局", "汇总各部门数据。") == ("organ_only", "name")


def test_without_name_or_code_a_payload_stands_for_itself() -> None:
    one, other = (identify(None, None, None, "a.gov.cn", sha) for sha in ("1" * 64, "2" * 64))
    assert one.basis == "payload"
    assert one.org_id != other.org_id
    assert one.org_id.startswith("X")
    assert (
        identify(None, "示例市财政局", None, "a.gov.cn", "1" * 64).org_id
        == identify(None, "示例市 财政局", None, "a.gov.cn", "2" * 64).org_id
    )
