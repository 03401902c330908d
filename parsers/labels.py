"""Labels made comparable: what is left of a printed label when spacing, numbering, brackets and quotes are taken away."""

from __future__ import annotations

import re
import unicodedata
from difflib import SequenceMatcher
from functools import lru_cache

from parsers.traditional import SIMPLIFIED

_DROP = re.compile(r"[\s·.．。,，、;；:：\-－—–_/／\\|*＊'\"“”‘’「」『』《》〈〉<>()（）\[\]【】{}…~～]+")
_BRACKETED = re.compile(r"[(（\[【][^()（）\[\]【】]*[)）\]】]?")
# 一、 （一） (1) 1. 1、 1． ① Ⅰ 第一、 其中： at the front. A bare Chinese numeral is part of the label (三类…, 二十条).
_NUMBERING = re.compile(
    r"^(?:其中[:：]?|[(（]\s*(?:[一二三四五六七八九十]{1,3}|\d{1,2})\s*[)）]|[一二三四五六七八九十]{1,3}\s*[、.．,，:：]"
    r"|\d{1,2}\s*[、.．,，:：)）]\s*|\d{1,2}(?=[^\d\s.,])|[*＊]+|[、.．,，:：])\s*"
)
_OTHER_LANGUAGE = re.compile(r"(?<![A-Za-z])[A-Za-z][A-Za-z .,'&/\-]*[A-Za-z]")  # 自然人 Natural person
# Characters that no reader sees: soft hyphens, zero-width blanks and joiners, direction marks, byte order marks.
INVISIBLE = dict.fromkeys((0xAD, 0x180E, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2065), 0xFEFF))
_PLAIN = INVISIBLE | SIMPLIFIED


def plain(text: str) -> str:
    """Compatibility forms (full-width letters, radicals, circled digits) and traditional characters made plain, invisible ones removed,
    其它 spelt 其他.
    """
    return unicodedata.normalize("NFKC", text.translate(_PLAIN)).strip().replace("其它", "其他")


@lru_cache(maxsize=4096)
def label_key(text: str) -> str:
    """The comparable core of a label: ``（三）不予公开`` and ``3. 不予 公开`` are both ``不予公开``."""
    return _DROP.sub("", _unnumbered(text))


@lru_cache(maxsize=4096)
def short_key(text: str) -> str:
    """``label_key`` with bracketed remarks left out: 本年收费金额（单位：万元） -> 本年收费金额."""
    return _DROP.sub("", _BRACKETED.sub("", _unnumbered(text))) or label_key(text)


def _unnumbered(text: str) -> str:
    """A label without its numbers: there may be several, one after the other."""
    text = plain(text)
    text = _OTHER_LANGUAGE.sub("", text).strip() or text
    for _ in range(3):
        stripped = _NUMBERING.sub("", text, count=1)
        if stripped == text or not stripped:
            break
        text = stripped
    return text


@lru_cache(maxsize=50_000)
def similarity(left: str, right: str) -> float:
    """How alike two keys are, 0 to 1; 1 only for equal ones. A label with characters lost at an end or inside stays high."""
    if left == right:
        return 1.0
    if not left or not right:
        return 0.0
    longer, shorter = max(len(left), len(right)), min(len(left), len(right))
    if shorter * 4 < longer:
        return 0.0
    matcher = SequenceMatcher(None, left, right, autojunk=False)
    matched = sum(block.size for block in matcher.get_matching_blocks())
    ratio = 2.0 * matched / (len(left) + len(right))
    # All of a shortened label found in order in the full one is worth more than its length says.
    if matched == shorter and (shorter >= 7 or (shorter >= 4 and shorter * 3 > longer)):
        ratio = max(ratio, 0.75)
    return min(ratio, 0.99)


@lru_cache(maxsize=20_000)
def likeness(printed: str, labels: tuple[str, ...]) -> float:
    """How well a printed label fits a declared one and its variants, 0 to 1. The official wording beats an equal variant by a hair."""
    best = 0.0
    printed_keys = {label_key(printed), short_key(printed)}
    for rank, label in enumerate(labels):
        keys = {label_key(label), short_key(label)}
        fit = max((similarity(a, b) for a in printed_keys for b in keys), default=0.0)
        best = max(best, fit - (0.001 * min(rank, 5)))
    return best


def misread(printed: str, label: str) -> int:
    """How many characters of a printed label must be misread for it to be another one, characters lost or added left aside.

    Where several are others it is another label: 政务抖音公开政府信息数 is no 政务微博公开政府信息数.
    """
    return min(
        min(len(one), len(other)) - sum(block.size for block in SequenceMatcher(None, one, other, autojunk=False).get_matching_blocks())
        for one, other in ((label_key(printed), label_key(label)), (short_key(printed), short_key(label)))
    )
