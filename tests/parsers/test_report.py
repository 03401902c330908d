"""parse() from end to end: what a Report says of a page, and of what is no report."""

from __future__ import annotations

import dataclasses
import hashlib
import pickle

import pytest

from parsers import parse
from tests.parsers.pages_by_hand import TITLE, applications, disputes, numbers, page, proactive

OFFICIAL = page()
PROSE = "示例局全年主动公开政府信息87条，未收到政府信息公开申请，未发生行政复议和行政诉讼。" * 12


def html(body: str, title: str = TITLE) -> bytes:
    """A small page."""
    return f"<html><head><meta charset=utf-8><title>{title}</title></head><body>{body}</body></html>".encode()


def codes(body: bytes) -> list[str]:
    """Codes of the problems."""
    return [problem.code for problem in parse(body).problems]


def test_a_whole_report() -> None:
    report = parse(OFFICIAL, url="http://example.test/a.html")
    assert (report.url, report.kind, report.encoding) == ("http://example.test/a.html", "html", "utf-8")
    assert report.sha256 == hashlib.sha256(OFFICIAL).hexdigest()
    assert (report.title, report.org_name, report.report_year, report.form) == (TITLE, "示例市示例局", 2023, "2021")
    assert [(t.table, t.form, t.verdict, t.n_reported) for t in report.tables] == [
        ("proactive", "2021", "unproved", 10),
        ("applications", "2021", "proved", 175),
        ("disputes", "2021", "proved", 15),
    ]
    assert [section.section for section in report.sections] == [1, 2, 3, 4, 5, 6]
    assert (report.is_report, report.problems) == (True, ())


def test_every_cell_of_the_report() -> None:
    report = parse(OFFICIAL)
    three = {(c.indicator, c.applicant): c.value for c in report.cells if c.table == "applications"}
    assert three == numbers()
    four = [c.value for c in report.cells if c.table == "disputes"]
    assert four == [1, 2, 0, 4, 7, 5, 0, 0, 0, 5, 0, 1, 0, 2, 3]
    two = [(c.value, c.unit) for c in report.cells if c.table == "proactive"]
    assert two == [*((n, "件") for n in (0, 0, 0, 3, 1, 8, 9487, 2776, 84)), (96171.6, "万元")]


def test_every_cell_has_its_address() -> None:
    report = parse(OFFICIAL)
    place = {(c.table, c.indicator, c.applicant): c.locator for c in report.cells}
    assert place["proactive", "rules_issued", None] == "table[1]/tr[3]/td[2]"
    assert place["applications", "new_requests", "natural_person"] == "table[2]/tr[4]/td[2]"
    assert place["applications", "disclosed", "natural_person"] == "table[2]/tr[6]/td[3]"
    assert place["disputes", "suit_after_review_total", None] == "table[3]/tr[4]/td[15]"
    assert len(set(place.values())) == 200


def test_the_same_bytes_give_the_same_report() -> None:
    first = parse(OFFICIAL)
    parse(page(three=applications(dict.fromkeys(numbers(), 7))))
    assert parse(OFFICIAL) == first
    assert pickle.loads(pickle.dumps(first)) == first


def test_the_url_and_the_declared_type_change_no_number() -> None:
    plain, other = parse(OFFICIAL), parse(OFFICIAL, url="http://x.test/2019/t.pdf", content_type="text/html; charset=gbk")
    assert (plain.cells, plain.tables, plain.report_year) == (other.cells, other.tables, other.report_year)


def test_a_report_cannot_be_changed() -> None:
    report = parse(OFFICIAL)
    with pytest.raises(dataclasses.FrozenInstanceError):
        report.report_year = 1999  # type: ignore[misc]
    with pytest.raises(AttributeError):
        report.cells[0].value = 5  # type: ignore[misc]
    assert all(isinstance(part, tuple) for part in (report.cells, report.tables, report.checks, report.problems))


def test_the_year_is_never_a_dates_year() -> None:
    """Published in 2024, index number of 2024, address of 2025: the report is on 2023."""
    dated = OFFICIAL.replace(b"<h1>", "<p>索引号：12330/2024-00535 发布日期：2024-01-18</p><h1>".encode())
    assert parse(dated, url="http://example.test/2025/1/t20250118.html").report_year == 2023


def test_a_false_sum_is_contradicted_and_the_numbers_stay() -> None:
    cells = numbers() | {("disclosed", "business"): 2}
    report = parse(page(three=applications(cells)))
    assert {(c.indicator, c.applicant): c.value for c in report.cells if c.table == "applications"} == cells
    assert {t.table: t.verdict for t in report.tables}["applications"] == "contradicted"
    assert [(c.check, c.left, c.right, c.detail) for c in report.checks if c.status == "fail"] == [
        ("C-T3-02", 8, 9, "business"),
        ("C-T3-03", 6, 7, "disclosed"),
    ]
    assert "disclosed.business" in next(c.detail for c in report.checks if c.check == "explanation")


def test_four_kinds_of_nothing() -> None:
    report = parse(page(four=disputes((0, "", "/", "详见附件", 0, *[0] * 10))))
    four = [(c.value, c.status, c.raw) for c in report.cells if c.table == "disputes"]
    assert four[:5] == [
        (0, "reported", "0"),
        (None, "blank", ""),
        (None, "mark", "/"),
        (None, "unreadable", "详见附件"),
        (0, "reported", "0"),
    ]
    summary = report.tables[2]
    assert summary[2:] == ("unproved", 12, 1, 1, 1, 0)


def test_a_missing_table_is_absent() -> None:
    report = parse(page(two=""))
    assert [(t.table, t.verdict) for t in report.tables] == [
        ("proactive", "absent"),
        ("applications", "proved"),
        ("disputes", "proved"),
    ]
    assert {c.status for c in report.cells if c.table == "proactive"} <= {"absent"}


def test_missing_rows_are_absent_and_leave_the_table_unproved() -> None:
    """Only four rows are printed; what the column sums would need is not there, and what is there adds up by rows."""
    printed = ["new_requests", "carried_over", "disclosed", "concluded"]
    report = parse(page(three=applications(rows=printed)))
    status = {c.indicator: c.status for c in report.cells if c.table == "applications"}
    assert len(status) == 25
    assert {name for name, s in status.items() if s == "reported"} == set(printed)
    assert {s for name, s in status.items() if name not in printed} == {"absent"}
    assert {t.table: t.verdict for t in report.tables}["applications"] == "unproved"


def test_a_report_in_prose_has_its_tables_absent() -> None:
    report = parse(html(f"<h1>{TITLE}</h1><h2>一、总体情况</h2><p>{PROSE}</p>"))
    assert (report.form, report.report_year) == ("prose", 2023)
    assert [(t.table, t.form, t.verdict) for t in report.tables] == [
        (name, "2021", "absent") for name in ("proactive", "applications", "disputes")
    ]
    assert report.cells == ()


def test_a_report_in_its_attachment() -> None:
    body = html(f"<h1>{TITLE}</h1><p>附件：<a href='/files/a.pdf'>{TITLE}.pdf</a></p>")
    assert codes(body) == ["attachment_only"]
    assert [link.href for link in parse(body).attachments] == ["/files/a.pdf"]
    assert parse(body).form is None


def test_a_report_in_its_attachment_on_a_page_saved_as_text() -> None:
    assert codes(f"索引号 | X-1 | 发布日期 | 2024-01-18 |\n{TITLE}\n附件：{TITLE}.pdf".encode()) == ["attachment_only"]
    assert codes(f"{TITLE}\n现予公布，详见附件。".encode()) == ["attachment_only"]
    assert codes(f"{TITLE}\n附件下载".encode()) == ["not_a_report"]
    assert codes(f"{TITLE}\n网址 www.example.gov.cn".encode()) == ["not_a_report"]


@pytest.mark.parametrize(
    "frame",
    [
        "<iframe src='/pdfjs/viewer.html?file=/files/a.pdf'></iframe>",
        "<embed src='/files/a.pdf' type='application/pdf'>",
        "<object data='/files/a.pdf'></object>",
    ],
)
def test_a_report_in_a_frame(frame: str) -> None:
    assert codes(html(f"<h1>{TITLE}</h1>{frame}")) == ["attachment_only"]


def test_menus_are_no_prose() -> None:
    menu = "".join(f"<li><a href='/{number}/'>法定主动公开内容之{number}</a></li>" for number in range(60))
    assert codes(html(f"{menu}<h1>{TITLE}</h1><p>附件：<a href='/files/a.pdf'>{TITLE}.pdf</a></p>")) == ["attachment_only"]


def test_a_list_of_reports_is_no_report() -> None:
    titles = [f"示例市{name}局2023年政府信息公开工作年度报告" for name in "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳"]
    entries = "".join(f"<li><a href='/{title}.html'>{title}</a></li>" for title in titles)
    assert codes(html(f"<h2>2023年政府信息公开年报</h2><ul>{entries}</ul>")) == ["not_a_report"]


def test_sections_with_pictures_for_tables_are_a_report() -> None:
    body = html(f"<h1>{TITLE}</h1><p>一、总体情况</p><p>认真公开。</p><img src='2.jpg'><p>六、其他需要报告的事项</p><p>未收费。</p>")
    assert (parse(body).form, codes(body)) == ("prose", [])


def test_a_report_in_pictures() -> None:
    assert codes(html(f"<h1>{TITLE}</h1><img src='1.jpg'><img src='2.jpg'>")) == ["image_only"]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (html("<p>今天天气很好，示例市举行了运动会。</p>" * 30, "示例市新闻"), "not_a_report"),
        (html("<table><tr><td>姓名</td><td>年龄</td></tr><tr><td>甲</td><td>30</td></tr></table>", "名单"), "not_a_report"),
        (html("您访问的页面不存在或已删除", "提示"), "soft_404"),
        (b"<script>document.cookie='__jsl_clearance=1'</script>", "blocked:jiasule"),
        (b"<script>document.cookie=('_')+('_')+('j')+('s')+('l')+('_')+('c')+'learance_s=1'</script>", "blocked:jiasule"),
        (html("<div class='safedog-flow-item'>请求被阻断</div>", "网站防火墙"), "blocked:safedog"),
        (html("<h1>403 Forbidden</h1>", "403 Forbidden"), "blocked:unknown"),
        ("今天天气很好".encode(), "not_a_report"),
        (b"", "empty"),
    ],
)
def test_what_is_no_report_says_so(body: bytes, code: str) -> None:
    report = parse(body)
    assert codes(body) == [code]
    assert (report.form, report.cells, report.tables, report.sections, report.figures) == (None, (), (), (), ())


@pytest.mark.parametrize(
    "table",
    [
        "<table><tr><td>科目</td><td>预算数</td><td>决算数</td></tr><tr><td>行政事业性收费收入</td><td>12</td><td>13</td></tr></table>",
        "<table><tr><td>总计</td><td>其他</td></tr><tr><td>3</td><td>4</td></tr></table>",
        "<table><tr><td>行政许可</td><td>行政处罚</td><td>行政强制</td></tr><tr><td>依申请</td><td>依职权</td><td>依职权</td></tr></table>",
        "<table><tr><td>序号</td><td>标题</td><td>日期</td></tr><tr><td>1</td><td>2023年政府信息公开年度报告</td><td>2024-01-18</td></tr></table>",
    ],
)
def test_other_tables_are_not_the_official_ones(table: str) -> None:
    assert parse(html(f"<p>通知</p>{table}", "示例市通知")).cells == ()
    beside = parse(OFFICIAL.replace("<h2>五".encode(), f"{table}<h2>五".encode()))
    assert beside.cells == parse(OFFICIAL).cells


def test_the_table_of_another_kind_before_the_official_one_changes_nothing_but_addresses() -> None:
    other = "<table><tr><td>公开类别</td><td>数量（条）</td></tr><tr><td>政策文件</td><td>87</td></tr></table>"
    report = parse(page(two=other + proactive()))
    assert [c[:7] for c in report.cells] == [c[:7] for c in parse(OFFICIAL).cells]
