"""Division codes resolved through the history of GB/T 2260."""

from __future__ import annotations

from itertools import pairwise

import pytest

from data.divisions import BASE_YEAR, CENTRAL, division_table, inside, lineage, located, place, standard


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("332500", "331100"),  # 丽水地区 -> 丽水市, 2000
        ("330902", "330902"),  # 定海区
        ("110103", "110101"),  # 崇文区 -> 东城区, 2010
        ("310119", "310115"),  # 南汇区 -> 浦东新区, 2009
        ("371200", "370100"),  # 莱芜市 -> 济南市, 2018/19
        ("371202", "370116"),  # 莱城区 -> 莱芜区
        ("341400", "340100"),  # 巢湖市 (prefecture), divided in 2011: its seat went to 合肥市
        ("341402", "340181"),  # 居巢区 -> 巢湖市 (county)
        ("330103", "330105"),  # 下城区 -> 拱墅区, 2021
        ("332502", "331181"),  # 龙泉市, two changes of code
        ("100000", "100000"),
    ],
)
def test_codes_of_the_past(old: str, new: str) -> None:
    assert standard(old) == new


def test_a_reused_code_stands_for_its_last_place() -> None:
    assert [d.name for d in division_table()["320705"]] == ["海州区", "新浦区"]
    assert [d.code for d in lineage("320705")] == ["320705", "320706"]


def test_places() -> None:
    assert place("332500") == ("331100", "prefecture", "浙江省", "丽水市", None)
    assert place("330902") == ("330902", "county", "浙江省", "舟山市", "定海区")
    assert place("371202")[2:] == ("山东省", "济南市", "莱芜区")
    assert place("110103")[2:] == ("北京市", None, "东城区")
    assert place(CENTRAL) == (CENTRAL, "central", None, None, None)
    assert place("320571") == (None, None, "江苏省", "苏州市", None)  # a development zone
    assert place("999999") == place(None) == (None, None, None, None, None)


def test_names() -> None:
    assert located("浙江省舟山市定海区机关事务管理中心") == "330902"
    assert located("平潭县财政局") == "350128"
    assert located("上海市人民政府办公厅") == "310000"
    assert located("鼓楼区财政局") is None  # four cities have one
    assert located("鼓楼区财政局", within="350100") == "350102"
    assert located("示例市财政局") is None
    assert located("城区教育局") is None  # a name, and a word
    assert located("城区教育局", within="140500") == "140502"
    assert located(None) is None


def test_places_of_organs() -> None:
    from data.rows import location, site_division

    assert site_division("3309020012") == "330902"
    assert site_division("bm07000001") == CENTRAL
    assert site_division(" ") is None
    assert site_division("33090") is None
    by_code = location("332500", "定海区财政局", None)
    assert (by_code["division_code_std"], by_code["division_basis"]) == ("331100", "uscc")
    by_name = location(None, "鼓楼区财政局", "350100")
    assert (by_name["division_code"], by_name["division_basis"], by_name["county"]) == ("350102", "name", "鼓楼区")
    by_site = location(None, "财政局", "330902")
    assert (by_site["division_code_std"], by_site["division_basis"], by_site["org_level"]) == ("330902", "site", "county")
    assert location(None, "岱山县高亭镇人民政府", None)["org_level"] == "town"
    nowhere = location(None, None, None)
    assert set(nowhere.values()) == {None}


def test_inside() -> None:
    assert inside("330902", "330900")
    assert inside("330902", "330000")
    assert inside("330902", CENTRAL)
    assert not inside("330900", "330902")
    assert not inside("331100", "330900")


def test_the_table_is_sound() -> None:
    present = {code for code, rows in division_table().items() if rows[-1].valid_to is None}
    assert len([c for c in present if c.endswith("0000")]) == 34
    for rows in division_table().values():
        for one, after in pairwise(rows):
            assert one.valid_to is not None
            assert one.valid_to < after.valid_from
    for code in present:
        row = division_table()[code][-1]
        assert row.parent in present or (row.parent is None and row.level == "province")
    gone = [c for c, rows in division_table().items() if (rows[-1].valid_to or 0) >= 2000 and standard(c) is None]
    assert len(gone) < 25
    assert BASE_YEAR == 2024
