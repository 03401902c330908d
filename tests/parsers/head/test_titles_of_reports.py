"""What titles say: report or not, of whom, on which year."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.head.titles import classify_title, is_report_title, org_name, tidy, title_year


@pytest.mark.parametrize(
    ("title", "org", "year"),
    [
        ("2022年示例区机关事务管理中心政府信息公开工作年度报告", "示例区机关事务管理中心", 2022),
        ("示例县发展和改革局2023年政府信息公开年度报告", "示例县发展和改革局", 2023),
        ("2024 年示例市科委政府信息公开工作\n年度报告", "示例市科委", 2024),
        ("示例市人民政府办公室关于2022年政府信息公开工作情况的报告", "示例市人民政府办公室", 2022),
        ("示例市审计局二〇二二年政府信息公开工作年度报告", "示例市审计局", 2022),
        ("二0一九年示例市政府信息公开年报", "示例市", 2019),
        ("示例县人民政府信息公开2013年度报告", "示例县人民政府", 2013),
        ("示例县教育局信息公开年报（2021年）", "示例县教育局", 2021),
        ("示例市督查考评办2023年度政府信息公开工作年度报告", "示例市督查考评办", 2023),
        ("附件1：示例镇人民政府2023年政府信息公开年度报告.docx", "示例镇人民政府", 2023),
        ("2023年关于示例局2022年度政府信息公开工作年度报告", "示例局", 2022),
        ("示例局2019年度政务公开工作年度报告", "示例局", 2019),
        ("示例市市场监督管理局2016年政务信息公开年度报告", "示例市市场监督管理局", 2016),
        ("2022示例局政府信息公开年报", "示例局", 2022),
        ("2022年度政府信息公开工作年度报告", None, 2022),
        ("示例市人民政府 2023 年政府信息公开工作年度报告", "示例市人民政府", 2023),
        ("示例海关２０２３年政府信息公开工作年度报告", "示例海关", 2023),
        ("2023年度政府信息公开工作年度报告（示例市检查局）", "示例市检查局", 2023),
        ("2023年度政府信息公开工作年度报告—示例市督查室", "示例市督查室", 2023),
        ("示例市烟草专卖局（公司）2023年政府信息公开年报", "示例市烟草专卖局", 2023),
        ("示例市政务公开办公室2023年政府信息公开年报", "示例市政务公开办公室", 2023),
    ],
)
def test_titles_of_reports(title: str, org: str | None, year: int) -> None:
    assert is_report_title(title)
    assert org_name(title) == org
    assert title_year(title) == year


@pytest.mark.parametrize(
    "title",
    [
        "政府信息公开年报",
        "2022年年度报告",
        "2022年度报告",
        "示例局2016年政府信息公开工作总结",
        "示例市人民政府2019年政府信息公开工作年度报告（图片版）",
        "示例局关于印发2022年政府信息公开工作年度报告的通知",
        "关于示例局2022年政府信息公开工作年度报告的公告",
        "示例市委编制委员会办公室关于印发2022年政府信息公开工作年度报告的通知",
    ],
)
def test_titles_that_have_to_be_looked_at(title: str) -> None:
    assert classify_title(title) == "maybe"


@pytest.mark.parametrize(
    "title",
    [
        "关于做好2022年政府信息公开工作年度报告编制工作的通知",
        "示例市2022年法治政府建设年度报告",
        "示例市2022年政府网站工作年度报表",
        "【图解】示例市2022年政府信息公开工作年度报告",
        "一图读懂2022年政府信息公开工作年度报告",
        "示例市财政局2022年部门决算",
        "政府信息公开工作年度报告格式",
        "2022年国民经济和社会发展统计公报",
        "示例区2023年政务公开工作要点",
        "示例公司2022年年度报告",
        "政府信息公开指南",
        "示例市召开2022年政务公开工作会议",
        "",
        "一" * 500,
    ],
)
def test_other_titles(title: str) -> None:
    assert classify_title(title) == "other"


@pytest.mark.parametrize(
    ("title", "org"),
    [
        ("示例局关于印发2022年政府信息公开工作年度报告的通知", "示例局"),
        ("关于公布示例局2022年政府信息公开工作年度报告的公告", "示例局"),
        ("示例局关于发布《示例局2022年政府信息公开工作年度报告》的公告", "示例局"),
        ("关于发布《示例局2022年政府信息公开工作年度报告》的公告", "示例局"),
        ("本机关政府信息公开工作的年度报告", None),
        ("本溪示例局政府信息公开年报", "本溪示例局"),
        ("2022年政府信息公开工作年度报告（全文）", None),
        ("2022年政府信息公开工作年度报告—示例市旅游局（市文物局）", "示例市旅游局"),
        ("12.示例局2022年政府信息公开工作年度报告", "示例局"),
        ("示例局关于报送2022年政府信息公开工作年度报告的函", "示例局"),
        ("示例部办公厅关于2016年示例部政府信息公开工作年度报告的公告", "示例部"),
        ("示例局关于公布示例中心2020年政府信息公开年度报告的公告", "示例中心"),
        ("示例局关于做好2020年政府信息公开年度报告", "示例局"),
        ("示例局关于我局2020年政府信息公开年度报告", "示例局"),
        ("示例局关于全县2020年政府信息公开年度报告", "示例局"),
        ("八年政府信息公开工作年度报告", None),
        ("018年政府信息公开工作年度报告", None),
    ],
)
def test_organs_in_other_titles(title: str, org: str | None) -> None:
    assert org_name(title) == org


@pytest.mark.parametrize("title", ["2021—2022年示例局政府信息公开年度报告", "示例局政府信息公开年报", "第2022号公告"])
def test_no_year_is_guessed(title: str) -> None:
    assert title_year(title) is None


@given(st.text(alphabet=st.sampled_from("示例局年度政府信息公开报告2〇二（）《》 的关于"), max_size=150))
def test_titles_never_raise(title: str) -> None:
    assert classify_title(title) in ("report", "maybe", "other")
    name = org_name(title)
    assert name is None or (len(name) >= 2 and name.strip() == name)
    assert tidy(tidy(title)) == tidy(title)
