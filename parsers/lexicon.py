"""A lexicon in a short notation, and the splitting of a text into its words.

``[政府]信息公开申请[件|数]`` stands for six words: what is in [] may be absent, | separates alternatives, {} holds alternatives of
which one must stand. Of the words that fit at a place the longest wins; what no word fits is one UNKNOWN stretch.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from itertools import product

_PARTS = re.compile(r"\[([^\]]*)\]|\{([^}]*)\}|([^\[{]+)")


def expand(notation: str) -> list[str]:
    """All words that a notation stands for."""
    choices = []
    for optional, required, plain in _PARTS.findall(notation):
        choices.append(["", *optional.split("|")] if optional else required.split("|") if required else [plain])
    return ["".join(parts) for parts in product(*choices)]


def vocabulary(classes: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """Word -> class of a lexicon {class: notations}. Raises ValueError where a word is in two classes."""
    words: dict[str, str] = {}
    for name, notations in classes.items():
        for notation in notations:
            for word in expand(notation):
                if words.setdefault(word, name) != name:
                    raise ValueError(f"{word} is both {words[word]} and {name}")
    return words


def longest_first(words: Iterable[str]) -> str:
    """A regular expression that matches the longest of some words: a trie, so that its cost does not grow with their number."""
    tree: dict[str, dict[str, object]] = {}
    for word in words:
        node: dict[str, object] = tree  # type: ignore[assignment]
        for char in word:
            node = node.setdefault(char, {})  # type: ignore[assignment]
        node[""] = {}
    return _trie(tree)  # type: ignore[arg-type]


def _trie(node: dict[str, dict[str, object]]) -> str:
    branches = [re.escape(char) + _trie(child) for char, child in sorted(node.items()) if char]  # type: ignore[arg-type]
    if not branches:
        return ""
    body = branches[0] if len(branches) == 1 else "(?:" + "|".join(branches) + ")"
    if "" in node:
        return f"(?:{body})?"
    return body
