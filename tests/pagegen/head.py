"""What stands above the report: the title and the metadata fields, and the ways they are printed."""

from __future__ import annotations

import html
import random
from dataclasses import dataclass, field

HAN = "〇一二三四五六七八九"
USCC = "0123456789ABCDEFGHJKLMNPQRTUWXY"
ORG_CODE = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
STYLES = ("table", "table_one", "list", "dl", "lines", "line", "meta")
LABELS = {
    "title": ("名称", "标题", "名　　称", "信息名称", "标 题"),
    "index_no": ("索引号", "索 引 号", "信息索引号", "索引编号", "索　引　号"),
    "publisher": ("发布机构", "发布单位", "发文机关", "公开责任部门", "责任单位", "发 布 机 构"),
    "date_created": ("生成日期", "成文日期", "产生日期", "发文日期", "形成日期"),
    "date_published": ("发布日期", "发布时间", "公开日期", "公开时间"),
    "category": ("组配分类", "信息分类", "分类", "分 类"),
    "disclosure_method": ("公开方式", "公开类别", "公开形式"),
    "doc_no": ("文号", "文　　号", "发文字号"),
    "topic": ("主题分类",),
    "validity": ("有效性", "时效"),
    "keywords": ("主题词", "关键词"),
}


@dataclass
class Head:
    """``facts``: canonical field -> value as a careful reader notes it (dates ISO); ``printed``: label, text pairs."""

    style: str
    title_lines: list[str]
    facts: dict[str, str]
    printed: list[tuple[str, str]] = field(default_factory=list)
    colon: str = "："


def title(rng: random.Random, name: str, year: int) -> list[str]:
    """A title as publishers write it, in one line or two."""
    han = "".join(HAN[int(d)] for d in str(year))
    kind = rng.choice(("政府信息公开工作年度报告", "政府信息公开工作年度报告", "政府信息公开年度报告"))
    whole = rng.choice(
        (
            [f"{name}{year}年{kind}"],
            [f"{name}{year}年度{kind}"],
            [f"{year}年{name}{kind}"],
            [f"{year}年度{name}{kind}"],
            [f"{name}关于{year}年政府信息公开工作情况的年度报告"],
            [f"{name}{han}年{kind}"],
            [f"{name} {year} 年{kind}"],
            [f"{name}{kind}（{year}年度）"],
            [name, f"{year}年{kind}"],
            [f"{name}{year}年", kind],
        )
    )
    return list(whole)


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


def head(rng: random.Random, name: str, year: int) -> Head:
    """Title and fields of one page; its dates lie in the year after the one reported on."""
    lines = title(rng, name, year)
    style = rng.choice(STYLES)
    day = (year + 1, rng.randint(1, 3), rng.randint(1, 26))
    later = (*day[:2], day[2] + rng.randint(0, 2))
    iso = {"date_created": "{}-{:02d}-{:02d}".format(*day), "date_published": "{}-{:02d}-{:02d}".format(*later)}
    code = rng.choice((credit_code, credit_code, organization_code))(rng)
    serial = f"{year + 1}-{rng.randint(1, 99999):05d}"
    facts = {
        "title": "".join(lines),
        "index_no": rng.choice((f"{code}/{serial}",) * 3 + (serial,)),
        "publisher": name,
        "category": rng.choice(("信息公开年报", "政府信息公开年报", "政府信息公开工作年度报告")),
        "disclosure_method": rng.choice(("主动公开", "主动公开", "网站公开")),
        **iso,
    }
    for optional in ("date_created", "category", "disclosure_method"):
        if rng.random() < 0.3:
            del facts[optional]
    if style in ("line", "meta"):
        facts = {k: facts[k] for k in ("title", "publisher", "date_published")}
    out = Head(style, lines, facts, colon=rng.choice(("：", ":", "： ")))
    out.printed = _printed(rng, facts, day, later)
    return out


def _printed(
    rng: random.Random, facts: dict[str, str], day: tuple[int, ...], later: tuple[int, ...]
) -> list[tuple[str, str]]:
    how = rng.choice(("{}-{:02d}-{:02d}", "{}年{:02d}月{:02d}日", "{}年{}月{}日", "{}/{}/{}", "{}-{:02d}-{:02d} 10:05"))
    texts = facts | {
        "doc_no": rng.choice(("", "无", "-")),
        "topic": "综合政务 / 政务公开",
        "validity": "有效",
        "keywords": "",
    }
    if "date_created" in facts:
        texts["date_created"] = how.removesuffix(" 10:05").format(*day)
    texts["date_published"] = how.format(*later)
    return [(rng.choice(labels), texts[key]) for key, labels in LABELS.items() if key in texts]


def head_html(head: Head) -> str:
    """The block above the report."""
    pairs = [(html.escape(k), html.escape(v)) for k, v in head.printed]
    named = [(k + head.colon, v) for k, v in pairs]
    if head.style == "table":
        rows = (pairs[i : i + 2] for i in range(0, len(pairs), 2))
        body = "".join("<tr>" + "".join(f"<td>{k}</td><td>{v}</td>" for k, v in row) + "</tr>" for row in rows)
        return f'<table class="xxgk_head">{body}</table>'
    if head.style == "table_one":
        body = "".join(f'<tr><th width="90">{k}</th><td colspan="3"><span>{v}</span></td></tr>' for k, v in named)
        return f"<table><tbody>{body}</tbody></table>"
    if head.style == "list":
        return "<ul>" + "".join(f"<li><span>{k}</span>{v}</li>" for k, v in named) + "</ul>"
    if head.style == "dl":
        return "<dl>" + "".join(f"<dt>{k}</dt><dd>{v}</dd>" for k, v in named) + "</dl>"
    if head.style == "lines":
        return "".join(f"<p><strong>{k}</strong>{v}</p>" for k, v in named)
    return f'<div class="info">{html.escape(_line(head))}</div>' if head.style == "line" else ""


def _line(head: Head) -> str:
    date = next(v for k, v in head.printed if k in LABELS["date_published"])
    return f"发布日期{head.colon}{date}　来源{head.colon}{head.facts['publisher']}　浏览次数：128　字体：[大 中 小]"


def meta_html(head: Head) -> str:
    """<meta> tags, where the page states its fields there."""
    if head.style != "meta":
        return ""
    names = {"ArticleTitle": "title", "PubDate": "date_published", "ContentSource": "publisher"}
    return "".join(f'<meta name="{k}" content="{html.escape(head.facts[v])}">' for k, v in names.items())


def title_html(rng: random.Random, lines: list[str]) -> str:
    """The heading of the page."""
    shown = [html.escape(line) for line in lines]
    pattern = rng.choice(
        (
            "<h1>{}</h1>",
            '<p align="center"><strong>{}</strong></p>',
            '<div class="title">{}</div>',
            '<table width="100%"><tr><td class="bt_content" align="center">{}</td></tr></table>',
        )
    )
    if len(shown) == 1 or pattern.startswith("<p"):
        return "".join(pattern.format(line) for line in shown)
    return pattern.format("<br />".join(shown))


def head_lines(head: Head) -> list[str]:
    """The block above the report in a text copy."""
    if head.style in ("table", "table_one"):
        flat = [f"{k} | {v}" for k, v in head.printed]
        step = 2 if head.style == "table" else 1
        return [" | ".join(flat[i : i + step]) + " |" for i in range(0, len(flat), step)]
    if head.style == "line":
        return [_line(head).replace("　", " ")]
    return [] if head.style == "meta" else [f"{k}{head.colon}{v}".strip() for k, v in head.printed]
