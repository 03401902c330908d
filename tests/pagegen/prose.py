"""Invented organs, metadata and sentences around the tables; the sentences state the tables' own numbers."""

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
HAN = "〇一二三四五六七八九"
USCC = "0123456789ABCDEFGHJKLMNPQRTUWXY"
ORG_CODE = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def organ(rng: random.Random) -> str:
    """An organ that does not exist."""
    return rng.choice(PLACES) + rng.choice(BODIES)


def title(rng: random.Random, name: str, year: int) -> str:
    """A title as publishers write it."""
    han = "".join(HAN[int(d)] for d in str(year))
    return rng.choice(
        (
            f"{name}{year}年政府信息公开工作年度报告",
            f"{name}{year}年度政府信息公开工作年度报告",
            f"{year}年{name}政府信息公开工作年度报告",
            f"{name}{year}年政府信息公开年度报告",
            f"{name}关于{year}年政府信息公开工作情况的年度报告",
            f"{name}{han}年政府信息公开工作年度报告",
            f"{name} {year} 年政府信息公开工作年度报告",
        )
    )


def organization_code(rng: random.Random) -> str:
    """Nine characters with the check digit of GB 11714."""
    body = "".join(rng.choice("0123456789") for _ in range(8))
    total = sum(ORG_CODE.index(c) * w for c, w in zip(body, (3, 7, 9, 10, 5, 8, 4, 2), strict=True))
    return body + "0123456789X0"[11 - total % 11]


def credit_code(rng: random.Random) -> str:
    """Eighteen characters with the check digit of GB 32100; division 99xxxx belongs to nobody."""
    body = rng.choice(("11", "12")) + f"99{rng.randint(1, 9999):04d}" + organization_code(rng)
    total = sum(USCC.index(c) * (3**i % 31) for i, c in enumerate(body))
    return body + USCC[(31 - total % 31) % 31]


def metadata(rng: random.Random, name: str, heading: str, year: int) -> dict[str, str]:
    """Canonical field -> value; dates lie in the year after the one reported on."""
    code = rng.choice((credit_code, organization_code))(rng)
    month, day = rng.randint(1, 3), rng.randint(1, 28)
    fields = {
        "title": heading,
        "index_no": f"{code}/{year + 1}-{rng.randint(1, 99999):05d}",
        "publisher": name,
        "date_created": f"{year + 1}-{month:02d}-{day:02d}",
        "date_published": f"{year + 1}-{month:02d}-{min(28, day + rng.randint(0, 3)):02d}",
        "category": rng.choice(("信息公开年报", "政府信息公开年报", "政府信息公开工作年度报告")),
        "disclosure_method": "主动公开",
    }
    for optional in ("date_created", "category", "disclosure_method"):
        if rng.random() < 0.3:
            del fields[optional]
    return fields


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
