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


def test_a_table_whose_heads_stand_in_one_line_is_named() -> None:
    broken = "行政复议 行政诉讼\n结果 结果 其他 尚未\n维持 纠正 结果 审结\n未经复议直接起诉 复议后起诉"
    for heads in ("结果维持 结果纠正 其他结果 尚未审结 总计", broken):
        report = parse((TABLE + f"\n四、复议\n{heads}\n1 2\n").encode())
        assert [problem.code for problem in report.problems if problem.message.startswith("disputes")] == ["table_not_read"]


def test_a_statistical_row_whose_value_stands_apart_is_unreadable() -> None:
    head = "示例市样例局2015年政府信息公开工作年度报告\n| 统计指标 | 单位 | 统计数 |\n|---|---|---|\n"
    rows = ("主动公开政府信息数", "制发规范性文件总数", "收到申请数", "申请办结数", "申请答复数")
    text = head + "".join(f"| {label} | 条 | 5 |\n" for label in rows)
    assert {status for status, _ in statuses(text + "\n2.传真申请数\n件\n7\n", "received_fax")} == {"unreadable"}
    assert {status for status, _ in statuses(text, "received_fax")} == {"absent"}
    assert [table.n_reported for table in parse(text.encode()).tables] == [5]
    twice = "行政复议数量", "维持具体行政行为数", "被依法纠错数", "行政诉讼数量"  # 被依法纠错数 is a row of both
    text += "".join(f"| {label} | 件 | 5 |\n" for label in twice)
    assert {status for status, _ in statuses(text, "suit_overturned")} == {"absent"}


def test_a_row_whose_label_no_form_knows_may_be_what_is_absent() -> None:
    strange = "| 7.乱码乱码乱码 | 9 | 0 | 0 | 0 | 0 | 0 | 9 |\n"
    assert {status for status, _ in statuses(TABLE + strange, "refused_enforcement_file")} == {"unreadable"}
    subtotal = "| （三）不予公开 | 9 | 0 | 0 | 0 | 0 | 0 | 9 |\n"
    assert statuses(TABLE + subtotal, "refused_enforcement_file") == {("absent", None)}


def test_page_numbers_and_running_numbers_are_no_values() -> None:
    page = "— 4 —\n\n|  | 自然人 | 商业企业 | 科研机构 | 社会公益组织 | 法律服务机构 | 其他 | 总计 |\n"
    assert statuses(TABLE + page + "| 2 | 三、本年度办理结果 |\n", "refused_enforcement_file") == {("absent", None)}


def test_lines_of_nothing_but_numbers_may_be_what_is_absent() -> None:
    assert {status for status, _ in statuses(TABLE + "\n8\n\n0\n\n0 3\n", "refused_enforcement_file")} == {"unreadable"}
    assert statuses(TABLE + "\n8\n正文一句话。\n", "refused_enforcement_file") == {("absent", None)}


def test_a_page_of_labels_alone_says_that_tables_were_not_read() -> None:
    text = HEAD + "本机关推进公开工作，现将有关情况报告如下。\n" * 12 + "".join(f"{label}\n" for label in ROWS)
    assert "applications" in [problem.message.partition(":")[0] for problem in parse(text.encode()).problems]
    items = "".join(f"<ul><li>{label}</li><li>5</li></ul>" for label in ROWS)
    page = f"<html><body><h1>{HEAD.splitlines()[0]}</h1><p>{'现将有关情况报告如下。' * 40}</p>"
    page += f"<table><tr><td>索引号</td><td>1</td></tr></table>{items}"
    assert "applications" in [problem.message.partition(":")[0] for problem in parse(page.encode()).problems]
