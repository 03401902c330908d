"""Texts as programs damage them that make text of PDFs, pictures and pages: cells lost, misread, or in front of their labels."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from parsers import parse
from parsers.carriers.text import read_text
from parsers.model import Cell, Report
from parsers.printed.lines import lines_of
from tests.parsers.printed.test_printed_rows import DISCLOSED, FULL, HEAD, HELD, LABELS, NEW, page, row_of, spaced, verdict
from tests.parsers.statistics.test_statistics import FORM_2014

HEADS = ("自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计")


def numbers(row: int) -> list[str]:
    first, second = FULL.get(row, (0, 0))
    return [str(first), str(second), "0", "0", "0", "0", str(first + second)]


def barred(change: Callable[[int, list[str]], list[str]], heads: Sequence[str] = HEADS) -> Report:
    """Table 三 between bars, the values of each row changed."""
    rows = [f"|  | {' | '.join(heads)} |", "|---" * 8 + "|"]
    rows += [f"| {label} | {' | '.join(change(row, numbers(row)))} |" for row, label in enumerate(LABELS)]
    return parse((HEAD + "\n".join(rows) + "\n").encode())


def statistics(*rows: str, year: int) -> dict[str, Cell]:
    """The cells of the year by indicator."""
    text = f"示例市样例局{year}年政府信息公开工作年度报告\n附表\n政府信息公开情况统计表\n" + "\n".join(rows)
    return {cell.indicator: cell for cell in parse(text.encode()).cells if cell.period == "year"}


# ------------------------------------------------------------------ lines without bars


def test_values_above_their_labels_are_theirs() -> None:
    lines = [line for row, label in enumerate(LABELS) for line in (" ".join(numbers(row)), label)]
    report = parse((HEAD + "\n".join(lines) + "\n四、政府信息公开行政复议、行政诉讼情况\n").encode())
    assert row_of(report, "new_requests") == [1234, 5, 0, 0, 0, 0, 1239]
    assert row_of(report, "carried_forward") == [0] * 7
    assert verdict(report) == "proved"


def test_a_misread_digit_costs_its_own_cell_only() -> None:
    for misread in ("l230", "12 03"):
        report = parse(page({DISCLOSED: [f"{LABELS[DISCLOSED]} {misread} 0 0 0 0 0 1230"]}, columns=False))
        assert row_of(report, "disclosed") == [None, 0, 0, 0, 0, 0, 1230]
        assert {cell.raw for cell in report.cells if cell.indicator == "disclosed" and cell.status == "unreadable"} == {misread}


def test_a_bar_that_touches_a_digit_is_a_misread_one() -> None:
    report = parse(page({DISCLOSED: [f"{LABELS[DISCLOSED]} 123| 0 0 0 0 0 1230"]}, columns=False))
    assert row_of(report, "disclosed") == [None, 0, 0, 0, 0, 0, 1230]
    assert row_of(report, "new_requests") == [1234, 5, 0, 0, 0, 0, 1239]


def test_a_full_row_that_does_not_add_up_is_open_where_other_rows_lost_their_blanks() -> None:
    """The blank of one cell may be lost, and 17 1 one number: then there are as many values as columns."""
    short = {row: [f"{LABELS[row]} 4 5 9"] for row in (HELD,)}
    report = parse(page({DISCLOSED: [f"{LABELS[DISCLOSED]} 123 0 0 0 0 0 1230"], **short}, columns=False))
    assert row_of(report, "disclosed") == [None] * 7
    assert row_of(report, "new_requests") == [1234, 5, 0, 0, 0, 0, 1239]


def test_a_full_row_that_stands_beside_its_columns_is_open() -> None:
    """| 2 1 | and a lost blank: seven values, none below those of a row that adds up."""
    torn = spaced(LABELS[DISCLOSED].ljust(42), ["1230", "0", "0"]) + "   2 1" + "0".rjust(14) + "1251".rjust(10)
    report = parse(page({DISCLOSED: [torn], HELD: [spaced(LABELS[HELD], ["4", "5", "", "", "", "", "9"])]}))
    assert row_of(report, "disclosed") == [None] * 7
    assert row_of(report, "new_requests") == [1234, 5, 0, 0, 0, 0, 1239]


def test_columns_stand_below_each_other_where_a_chinese_character_takes_two_places() -> None:
    def wide(label: str, values: Sequence[str]) -> str:
        return label + " " * (90 - 2 * len(label)) + "".join(value.rjust(8) for value in values)

    rows = {row: wide("甲" * (5 + row), numbers(row)) for row in (NEW, DISCLOSED, HELD)}
    one, other, third = lines_of("\n".join(rows.values()))
    assert [value.end for value in one.values] == [value.end for value in other.values] == [value.end for value in third.values]
    plain = [spaced(LABELS[row], numbers(row)) for row in (NEW, DISCLOSED)]
    one, other = lines_of("\n".join(plain))
    assert [value.end for value in one.values] == [40 + 2 + 10 * i for i in range(7)] == [value.end for value in other.values]


def test_a_row_of_table_two_whose_label_is_damaged_on_its_second_line_is_not_blank() -> None:
    lines = ["信息内容 上一年项目数量 本年增/减 处理决定数量", "行政许可 249 0 1527", "其他对外管理", "服务事顶 187 0 3377"]
    lines += ["信息内容 上一年项目数量 本年增/减 处理决定数量", "行政处罚 0 14 506", "行政强制 155 0 3109"]
    before = ["信息内容 本年新制作数量 本年新公开数量 对外公开总数量", "规章 0 0 0", "规范性文件 3 1 3"]
    text = "示例市样例局2020年政府信息公开工作年度报告\n二、主动公开政府信息情况\n" + "\n".join(before + lines)
    cells = {cell.indicator: cell for cell in parse(text.encode()).cells}
    assert cells["licensing_decisions"].value == 1527
    assert {cells[f"other_services_{name}"].status for name in ("items_prior", "items_change", "decisions")} == {"unreadable"}


# ------------------------------------------------------------------ lines with bars or tabs


def test_rows_without_their_blank_cells_are_left_open_where_their_totals_stand_too_early() -> None:
    report = barred(lambda _, values: (filled := [value for value in values if value != "0"]) + [""] * (7 - len(filled)))
    assert [cell for cell in report.cells if cell.value is not None or cell.status == "blank"] == []  # | 4 | 5 | 9 | | | | |
    assert [problem.code for problem in report.problems if "applications" in problem.message] == ["table_not_read"]


def test_a_program_s_word_for_nothing_is_a_blank_cell_that_was_kept() -> None:
    last = len(LABELS) - 1
    report = barred(lambda row, values: [value if value != "0" else "None" for value in (["3"] + ["0"] * 6 if row == last else values)])
    assert row_of(report, "unavailable_not_held") == [4, 5, None, None, None, None, 9]
    assert [cell.status for cell in report.cells if cell.indicator == "carried_forward"] == ["reported"] + ["blank"] * 6


def test_blank_cells_at_the_end_of_full_rows_are_cells() -> None:
    report = barred(lambda _, values: [*values, ""], (*HEADS, ""))
    assert row_of(report, "new_requests") == [1234, 5, 0, 0, 0, 0, 1239]
    assert verdict(report) == "proved"


def test_a_gap_in_a_number_of_a_full_row_costs_its_own_cell_only() -> None:
    report = barred(lambda row, values: ["12 34", *values[1:]] if row == NEW else values)
    assert row_of(report, "new_requests") == [None, 5, 0, 0, 0, 0, 1239]
    assert row_of(report, "unavailable_not_held") == [4, 5, 0, 0, 0, 0, 9]


def test_a_group_head_in_one_cell_with_a_head_below_it_is_none_of_its_own() -> None:
    """Else six heads are told, and rows that lost a blank cell seem to fit them."""
    heads = ("申请人情况<br>自然人", "法人或其他组织<br>商业企业", *HEADS[2:])
    assert row_of(barred(lambda _, values: values, heads), "new_requests") == [1234, 5, 0, 0, 0, 0, 1239]
    assert row_of(barred(lambda row, values: values[1:] if row == HELD else values, heads), "unavailable_not_held") == [None] * 7


def test_rows_that_fit_a_head_which_lost_columns_are_not_read_by_it() -> None:
    report = barred(lambda row, values: values if row in (NEW, DISCLOSED) else values[:2], ("甲 乙", "其他", "总计"))
    assert row_of(report, "unavailable_not_held") == [None] * 7


def test_labels_on_several_lines_between_tabs_are_one() -> None:
    broken = {DISCLOSED: "（一）予以\n公开", HELD: "1.本机关不\n掌握相关政\n府信息"}
    rows = ["\t".join([broken.get(row, label), *numbers(row)]) for row, label in enumerate(LABELS)]
    report = parse((HEAD + "\t".join(["", *HEADS]) + "\n" + "\n".join(rows) + "\n").encode())
    assert row_of(report, "unavailable_not_held") == [4, 5, 0, 0, 0, 0, 9]
    assert verdict(report) == "proved"


def test_a_table_is_read_by_the_form_whose_heads_it_bears() -> None:
    """Rows of one value fit the form of 2021, but not under the heads of 2019."""
    heads = "信息内容\t上一年项目数量\t本年增/减\t处理决定数量"
    two = ["信息内容\t本年新制作数量\t本年新公开数量\t对外公开总数量", "规章\t", "规范性文件\t0"]
    two += [heads, "行政许可\t289\t-9", "其他对外管理服务事项\t", heads, "行政处罚\t3", "行政强制\t0"]
    text = "示例市样例局2020年政府信息公开工作年度报告\n二、主动公开政府信息情况\n" + "\n".join(two) + "\n"
    rows = ["\t".join([label, *numbers(row)]) for row, label in enumerate(LABELS)]
    three = "三、收到和处理政府信息公开申请情况\n" + "\t".join(["", *HEADS]) + "\n" + "\n".join(rows) + "\n"
    report = parse((text + three).encode())
    assert [cell.value for cell in report.cells if cell.table == "proactive" and cell.status == "reported"] == []


def test_tables_written_as_lists_are_named_though_not_read() -> None:
    values = ["，".join(f"{head}：{value}" for head, value in zip(HEADS, numbers(row), strict=True)) for row in range(len(LABELS))]
    lines = [f"- **{label}**：{row}" for label, row in zip(LABELS, values, strict=True)]
    report = parse((HEAD + "\n".join(lines)).encode())
    assert [problem.message.partition(":")[0] for problem in report.problems] == ["applications"]


# ------------------------------------------------------------------ statistical tables


def test_a_label_is_that_row_s_of_which_fewer_characters_are_misread() -> None:
    rows = ["统计指标 | 单位 | 统计数", "2.政府网站公开政 | 条 | 4426", "4.政务微信公开政 | 条 | 3214", "政务微信公开政府信息数 | 条 | 7"]
    cells = statistics(*rows, "（一）收到申请数 | 件 | 5", "（二）申请办结数 | 件 | 5", "（三）申请答复数 | 件 | 5", year=2016)
    assert cells["via_weibo"].value is None


def test_a_label_to_the_letter_is_no_other_row_s_where_rows_changed_places() -> None:
    rows = ["指标名称 | 计量单位 | 本期实际", "其中：全文电子化的主动公开信息数 | 条 | 7", "主动公开信息数 | 条 | 9"]
    rows += ["新增的行政规范性文件数 | 条 | 1", "提供服务类信息数 | 条 | 2", "网站专栏页面访问量 | 人次 | 3"]
    rows += ["“免予公开范围1”数 | 条 | 0", "“免予公开范围2”数 | 条 | 0"]
    assert statistics(*rows, year=2010)["proactive_total"].value in (9, None)


def test_without_a_head_neither_a_mark_nor_a_code_leaves_one_value() -> None:
    labels = ("主动公开信息数", "新增的行政规范性文件数", "提供服务类信息数", "申请总数", "对申请的答复总数", "“免予公开范围1”数")
    for rows in ([f"| {label} | 条 | / | 184 |" for label in labels], [f"| {label} | 条 | 0{i} |" for i, label in enumerate(labels, 1)]):
        assert {cell.value for cell in statistics(*rows, year=2012).values()} <= {None}


def test_a_number_under_the_head_of_the_units_is_a_row_that_lost_a_cell() -> None:
    rows = ["统计指标 | 单位 | 统计数", "4.微博微信回应事件数 | 次 | 1509", "5.其他方式回应事件数 | 3055 | ", "（一）收到申请数 | 件 | 5"]
    cells = statistics(*rows, "（二）申请办结数 | 件 | 5", "（三）申请答复数 | 件 | 5", year=2016)
    assert (cells["weibo_wechat_responses"].value, cells["other_responses"].status) == (1509, "unreadable")


def test_values_above_the_labels_of_a_statistical_table_are_not_those_of_the_row_above() -> None:
    rows = FORM_2014[1:]
    lines = ["统计指标", "单位", "统计数"]
    for row in rows:
        label, unit, value = (cell.strip() for cell in row.split("|"))
        lines += [f"{label} {unit} {value}"] if unit == value else [value, f"{label} {unit}"]
    assert {cell.value for cell in statistics(*lines, year=2016).values()} == {None}


def test_codes_behind_the_values_are_no_values() -> None:
    labels = ["主动公开信息数", "新增的行政规范性文件数", "提供服务类信息数", "网站专栏页面访问量", "现场接待人数", "网上咨询数"]
    labels += ["申请总数", "“免予公开范围1”数", "“免予公开范围2”数"]
    rows = [line for i, label in enumerate(labels, 1) for line in (label, "条", f"{3 * i} {5 * i}", f"{i:02}")]
    cells = statistics("指标名称", "计量单位", "代码", "本期实际", "本年累计", *rows, year=2010)
    assert {cell.value for cell in cells.values()} == {None}


def test_white_between_bars_is_kept() -> None:
    (table,) = read_text("| 规章 | 1 | 2 |  |\n| 其他 | 3 | 4 |  |", "utf-8").tables()
    assert [[cell.text for cell in row] for row in table.rows] == [["规章", "1", "2", ""], ["其他", "3", "4", ""]]
