"""What a text prints of the official tables, though no value of it could be placed: named, never absent."""

from __future__ import annotations

from parsers import parse

HEAD = "示例市样例局2022年政府信息公开工作年度报告\n三、收到和处理政府信息公开申请情况\n"
COLUMNS = "|  | 自然人 | 商业企业 | 科研机构 | 社会公益组织 | 法律服务机构 | 其他 | 总计 |\n|---|---|---|---|---|---|---|---|\n"
ROWS = ("一、本年新收政府信息公开申请数量", "二、上年结转政府信息公开申请数量", "1.属于国家秘密", "2.重复申请", "3.要求提供公开出版物")
TABLE = HEAD + COLUMNS + "".join(f"| {label} | 1 | 1 | 1 | 1 | 1 | 1 | 6 |\n" for label in ROWS)


def statuses(text: str, indicator: str) -> set[tuple[str, str | None]]:
    """Status and note of the cells of a row."""
    return {(cell.status, cell.note) for cell in parse(text.encode()).cells if cell.indicator == indicator}


def test_a_row_whose_label_is_printed_on_a_line_of_its_own_is_unreadable() -> None:
    text = TABLE + "\n5.属于三类内部事务信息\n\n| 6.属于四类过程性信息 |\n"
    why = "its label is printed, but no values could be placed beside it"
    assert statuses(text, "refused_internal_affairs") == {("unreadable", why)}
    assert statuses(text, "refused_admin_inquiry") == {("absent", None)}
    (summary,) = (table for table in parse(text.encode()).tables if table.table == "applications")
    assert (summary.n_reported, summary.n_unreadable) == (35, 14)


def test_prose_that_speaks_of_a_row_prints_none() -> None:
    assert statuses(TABLE + "\n本年度没有属于三类内部事务信息的申请。\n", "refused_internal_affairs") == {("absent", None)}


def test_a_table_whose_labels_stand_in_lines_without_values_is_named() -> None:
    report = parse((TABLE + "\n四、复议\n结果维持 结果纠正\n结果维持\n结果纠正\n其他结果\n尚未审结\n").encode())
    assert [problem.code for problem in report.problems if problem.message.startswith("disputes")] == ["table_not_read"]
    report = parse(TABLE.encode())
    assert not [problem for problem in report.problems if problem.message.startswith("disputes")]
