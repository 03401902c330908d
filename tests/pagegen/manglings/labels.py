"""Labels that are not the form's: renumbered, damaged, spaced, shortened, said in other words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from ..model import Cell, Draft
from .registry import EVERY, mangling

CIRCLED = "①②③④⑤⑥⑦⑧"
HAN = "一二三四五六七八九十"


def _labels(draft: Draft, header: bool = True) -> Iterator[Cell]:
    """Label cells, the header's too unless told otherwise."""
    for table in draft.tables():
        for cell in table.cells():
            if cell.text and (cell.role == "label" or (header and cell.role == "header")):
                yield cell


def _rewrite(draft: Draft, change: Callable[[str], str], header: bool = True) -> None:
    for cell in _labels(draft, header):
        text = change(cell.text)
        if text != cell.text:
            cell.say(text)


@mangling("labels", EVERY, "numbering")
def renumbered(draft: Draft) -> None:
    """1. as 1、 1． （1） (1) ① or 1 with a blank."""
    style = draft.rng.choice(("{}、", "{}．", "（{}）", "({})", "c", "{} ", "{}．　"))

    def change(match: re.Match[str]) -> str:
        digit = int(match[1])
        return CIRCLED[digit - 1] if style == "c" else style.format(digit)

    _rewrite(draft, lambda t: re.sub(r"(?<![\d])([1-8])[.、]", change, t))


@mangling("labels", EVERY, "numbering")
def unnumbered(draft: Draft) -> None:
    """No numbers before the labels at all."""
    _rewrite(
        draft,
        lambda t: re.sub(r"^(　*(?:其中：)?)(?:[1-8][.、]|（[一二三四五六七]）|[一二三四五六七八九]、)", r"\1", t),
        False,
    )


@mangling("labels", EVERY)
def brackets(draft: Draft) -> None:
    """(一) for （一）; other quotation marks or none."""
    quotes = draft.rng.choice(('""', "「」", "‘’", ("", "")))
    table = str.maketrans({"（": "(", "）": ")", "“": quotes[0], "”": quotes[1]})
    _rewrite(draft, lambda t: t.translate(table))


@mangling("labels", EVERY, "damage")
def dropped_characters(draft: Draft) -> None:
    """One or two characters of some labels are lost."""

    def change(text: str) -> str:
        if len(text) < 8 or draft.rng.random() > 0.25:
            return text
        at = draft.rng.randrange(4, len(text) - 2)
        return text[:at] + text[at + draft.rng.choice((1, 2)) :]

    _rewrite(draft, change, False)


@mangling("labels", EVERY, "damage")
def mistyped(draft: Draft) -> None:
    """不子公开 for 不予公开 and the like."""
    typos = {
        "予": "子",
        "未": "末",
        "己": "已",
        "掌握": "掌据",
        "补正": "补证",
        "档案": "挡案",
        "案卷": "案券",
        "诉": "述",
    }

    def change(text: str) -> str:
        for right, wrong in typos.items():
            if right in text and draft.rng.random() < 0.4:
                text = text.replace(right, wrong)
        return text

    _rewrite(draft, change)


@mangling("labels", EVERY)
def spaced_labels(draft: Draft) -> None:
    """Blanks of three kinds inside the labels."""

    def change(text: str) -> str:
        gap = draft.rng.choice((" ", "\u00a0", "\u3000", "\u00a0\u00a0"))
        return "".join(c + (gap if draft.rng.random() < 0.2 else "") for c in text)

    _rewrite(draft, change)


@mangling("labels", EVERY)
def leading_blanks(draft: Draft) -> None:
    """Labels indented by no-break or ideographic spaces."""
    gap = draft.rng.choice(("\u00a0" * 2, "\u3000" * 2, "\u00a0" * 23))
    _rewrite(draft, lambda t: gap + t)


@mangling("labels", group="damage")
def shortened(draft: Draft) -> None:
    """The long labels cut down to what matters."""
    short = {
        "（区分处理的，只计这一情形，不计其他情形）": "",
        "本年新收政府信息公开申请数量": "本年新收申请数量",
        "上年结转政府信息公开申请数量": "上年结转申请数量",
        "申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请": "申请人无正当理由逾期不补正",
        "申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请": "申请人逾期未缴纳费用",
        "要求行政机关确认或重新出具已获取信息": "要求确认或重新出具已获取信息",
        "补正后申请内容仍不明确": "补正后仍不明确",
        "结转下年度继续办理": "结转下年度",
    }

    def change(text: str) -> str:
        for long, brief in short.items():
            text = text.replace(long, brief)
        return text

    _rewrite(draft, change)


@mangling("labels")
def other_words(draft: Draft) -> None:
    """合计 for 总计, 处理决定数量 with or without 本年 and the like."""
    words = {
        "总计": draft.rng.choice(("合计", "总 计", "总计")),
        "本年处理决定数量": "处理决定数量",
        "行政规范性文件": "规范性文件",
        "本年收费金额（单位：万元）": draft.rng.choice(
            ("收费金额（万元）", "本年收费金额（万元）", "本年收费金额（单位:万元）")
        ),
        "本年增/减": draft.rng.choice(("本年增减", "本年增／减", "本年增（减）")),
        "社会公益组织": "社会公益性组织",
        "法律服务机构": "法律服务组织",
    }
    _rewrite(draft, lambda t: next((t.replace(k, v) for k, v in words.items() if k in t), t))


@mangling("labels")
def no_relation_text(draft: Draft) -> None:
    """The corner of table 三 is empty, or says only 项目."""
    text = draft.rng.choice(("", "\u00a0", "项目", "指标"))
    _rewrite(draft, lambda t: text if t.startswith("（本列数据") else t)


@mangling("labels", EVERY)
def split_labels(draft: Draft) -> None:
    """Labels over several spans, paragraphs or line breaks."""
    if draft.rng.random() < 0.5:
        draft.markup.add("br")
    for cell in _labels(draft):
        if len(cell.text) > 2 and draft.rng.random() < 0.6:
            at = draft.rng.randint(1, len(cell.text) - 1)
            parts = [cell.text[:at], cell.text[at:]]
            cell.paragraphs = [parts] if draft.rng.random() < 0.5 else [[p] for p in parts]


@mangling("labels")
def one_paragraph_per_character(draft: Draft) -> None:
    """Vertical labels: every character of a header in a paragraph of its own."""
    for cell in _labels(draft):
        if (cell.role == "header" and len(cell.text) <= 8) or cell.text.startswith(("三、", "（三）", "（五）")):
            cell.paragraphs = [[c] for c in cell.text]
