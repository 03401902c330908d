"""Pages published in traditional characters are read as others are; what they print stays as printed."""

from __future__ import annotations

from parsers import parse
from tests.parsers.pages_by_hand import applications, numbers

SIMPLE = (
    "收到和处理 政府信息公开 申请数量 上年结转 本年度办理结果 予以公开 属于国家秘密 无法提供 "
    "不予处理 总计 其他处理 申请人情况 商业企业 科研机构 社会公益组织 "
    "法人或其他组织 结转下年度继续办理"
)
TRADITIONAL = (
    "收到和處理 政府信息公開 申請數量 上年結轉 本年度辦理結果 予以公開 屬於國家秘密 無法提供 "
    "不予處理 總計 其他處理 申請人情況 商業企業 科研機構 社會公益組織 "
    "法人或其他組織 結轉下年度繼續辦理"
)
TITLE = "示例縣財政局2023年政府信息公開工作年度報告"


def _page() -> bytes:
    three = applications()
    for simple, traditional in zip(SIMPLE.split(), TRADITIONAL.split(), strict=True):
        three = three.replace(simple, traditional)
    fees = (
        "<table><tr><td colspan=2>第二十條第（八）項</td></tr><tr><td>信息內容</td><td>本年收費金額（單位：萬元）</td></tr>"
        "<tr><td>行政事業性收費</td><td>4376.6</td></tr></table>"
    )
    return (
        f"<html><body><h1>{TITLE}</h1><p>索引號：2024-00535 發布機構：示例縣財政局</p><h2>一、總體情況</h2><p>本機關做了工作。</p>"
        f"<h2>二、主動公開政府信息情況</h2>{fees}<h2>三、收到和處理政府信息公開申請情況</h2>{three}</body></html>"
    ).encode()


def test_labels_in_traditional_characters() -> None:
    report = parse(_page())
    assert report.form == "2021"
    values = {(cell.indicator, cell.applicant): cell.value for cell in report.cells if cell.table == "applications"}
    assert values == numbers()
    fees = next(cell for cell in report.cells if cell.indicator == "admin_fees_wan_yuan")
    assert (fees.value, fees.unit) == (4376.6, "万元")


def test_title_and_metadata_stay_as_printed() -> None:
    report = parse(_page())
    assert (report.title, report.report_year) == (TITLE, 2023)
    assert (report.metadata.index_no, report.metadata.publisher) == ("2024-00535", "示例縣財政局")
    assert [section.section for section in report.sections] == [1, 2, 3]
