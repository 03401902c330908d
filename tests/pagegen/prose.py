"""Invented organs, and sentences around the tables that state the tables' own numbers."""

from __future__ import annotations

import random
from collections.abc import Mapping

from .model import Key, Number, Section

PLACES = ("示例市", "示例省", "样例县", "虚构区", "示例市样例区", "范例市", "示例自治县")
BODIES = (
    "人民政府",
    "人民政府办公室",
    "教育局",
    "财政局",
    "发展和改革局",
    "机关事务管理中心",
    "住房和城乡建设局",
    "市场监督管理局",
    "虚构镇人民政府",
    "样例街道办事处",
    "应急管理局",
    "统计局",
)


def organ(rng: random.Random) -> str:
    """An organ that does not exist."""
    return rng.choice(PLACES) + rng.choice(BODIES)


def _n(numbers: Mapping[Key, Number], name: str) -> Number:
    for key in (("applications", name, "total"), ("disputes", name, None), ("statistics", name, "year")):
        if key in numbers:
            return numbers[key]
    return 0


def sections(rng: random.Random, form: str, name: str, year: int, numbers: Mapping[Key, Number]) -> list[Section]:
    """The sections with their prose; tables are put in by the caller."""
    issued = rng.randint(20, 900)
    requests = _n(numbers, "new_requests") or _n(numbers, "requests_received")
    asked = f"收到政府信息公开申请{requests}件" if requests else "未收到政府信息公开申请"
    first = [
        f"{year}年，{name}按照条例要求推进政府信息公开，现将有关情况报告如下。",
        f"（一）主动公开。全年主动公开政府信息{issued}条，其中通过政府网站公开{issued}条。",
        f"（二）依申请公开。{year}年，本机关{asked}。",
        "（三）政府信息管理。落实公开属性审核和发布前审查，及时更新目录和指南。",
        "（四）平台建设。做好政府网站信息公开专栏维护，方便群众查阅。",
        "（五）监督保障。明确专人负责，定期开展自查，全年没有责任追究情形。",
    ]
    if form in ("2021", "2019"):
        reviews = _n(numbers, "review_total")
        first.append(
            f"因政府信息公开被申请行政复议{reviews}件。" if reviews else "全年未发生因政府信息公开引起的行政复议。"
        )
        titles = (
            "总体情况",
            "主动公开政府信息情况",
            rng.choice(("收到和处理政府信息公开申请情况", "行政机关收到和处理政府信息公开申请情况")),
            rng.choice(("政府信息公开行政复议、行政诉讼情况", "因政府信息公开工作被申请行政复议、提起行政诉讼情况")),
            rng.choice(("存在的主要问题及改进情况", "存在问题及改进情况")),
            rng.choice(("其他需要报告的事项", "需要报告的其他事项")),
        )
    else:
        titles = (
            "概述",
            "主动公开政府信息情况",
            "依申请公开政府信息情况",
            "复议、诉讼和申诉情况",
            "主要问题和改进措施",
            "附表",
        )
    problems = ["公开的主动性还有差距，内容不够丰富。", "下一步，将加强学习培训，完善工作机制，提高公开质量。"]
    fee = rng.choice(("本年度未收取政府信息公开信息处理费。", "本年度没有其他需要报告的事项，信息处理费收取情况为无。"))
    texts: list[list[str]] = [first, [], [], [], problems, [fee] if form in ("2021", "2019") else []]
    if form not in ("2021", "2019"):
        texts[1:4] = [[f"全年公开信息{issued}条。"], [f"本年度{asked}。"], ["办理情况见附表。"]]
    return [
        Section(i + 1, f"{'一二三四五六'[i]}、{heading}", list(text))
        for i, (heading, text) in enumerate(zip(titles, texts, strict=True))
    ]
