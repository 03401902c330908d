"""Text with one cell too many in each row, now here, now there: a column that few rows could fill is blank by chance."""

from __future__ import annotations

from parsers import parse
from tests.parsers import pages_by_hand
from tests.parsers.pages_by_hand import APPLICANTS, TITLE, numbers

HEAD = """示例市示例局2023年政府信息公开工作年度报告
三、收到和处理政府信息公开申请情况
（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和） |  |  | 申请人情况 |  |  |  |  |  |  |
 |  |  | 自然人 | 法人或其他组织 |  |  |  |  |  | 总计
 |  |  |  | 商业企业 | 科研机构 | 社会公益组织 | 法律服务机构 | 其他 |  |
"""
# printed: 40 from research institutes and 6 from others, and so on; the blank too many stands before them
ROWS = """一、本年新收政府信息公开申请数量 |  |  | 0 |  |  | 40 |  |  | 19 | 59
二、上年结转政府信息公开申请数量 |  |  | 0 |  |  |  |  |  | 0 |
三、本年度办理结果 | （一）予以公开 |  | 0 |  |  | 40 |  |  |  | 40
 | （三）不予公开 | 1.属于国家秘密 | 0 |  |  |  |  |  | 0 |
 |  | 2.其他法律行政法规禁止公开 | 0 |  |  |  |  |  |  | 0
 | （五）不予处理 | 1.信访举报投诉类申请 |  | 0 |  |  |  |  | 0 |
 |  | 2.重复申请 | 0 |  |  | 1 |  | 18 |  | 19
 | （七）总计 |  | 0 |  | 40 |  |  | 18 |  | 59
四、结转下年度继续办理 |  |  | 0 |  |  |  |  |  |  | 0
"""


def test_a_sparse_row_of_a_contradicted_table_is_not_moved_by_a_column_that_is_blank_by_chance() -> None:
    report = parse((HEAD + ROWS).encode())
    cells = {(cell.indicator, cell.applicant): (cell.status, cell.value) for cell in report.cells if cell.table == "applications"}
    assert cells["new_requests", "nonprofit"] != ("reported", 40)
    assert cells["new_requests", "research"] != ("blank", None)


def test_a_subtotal_under_its_own_head_is_not_the_cell_too_many() -> None:
    """小计 has a head; the cell too many is a blank, in each row elsewhere."""
    head = ["一、本年度数据 | 申请人情况 |", "自然人 | 商业企业 | 科研机构 | 社会公益组织 | 法律服务机构 | 其他 | 小计 | 总计 |"]
    rows = []
    for n, (name, label, groups) in enumerate(pages_by_hand.ROWS):
        own = [str(numbers()[name, who]) for who in APPLICANTS]
        own.insert(6, str(sum(map(int, own[1:6]))))
        own.insert(2 + n % 3, "")
        rows.append(f"{' | '.join((*groups, label))} | {' | '.join(own)} |")
    report = parse("\n".join([TITLE, "三、收到和处理政府信息公开申请情况", *head, *rows]).encode())
    assert {(cell.indicator, cell.applicant): cell.value for cell in report.cells} == numbers()
