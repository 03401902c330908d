"""A lexicon in a short notation, and the splitting of a text into its words.

``[政府]信息公开申请[件|数]`` stands for six words: what is in [] may be absent, | separates alternatives, {} holds
alternatives of which one must stand. Of the words that fit at a place the longest wins; what no word fits is one
UNKNOWN stretch.
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
    """A regular expression that matches the longest of some words."""
    return "(?:" + "|".join(map(re.escape, sorted(words, key=lambda word: (-len(word), word)))) + ")"


def by_first_character(words: Iterable[str]) -> dict[str, re.Pattern[str]]:
    """For each first character the pattern of the longest word: looking up a character costs less than trying all
    words.
    """
    groups: dict[str, list[str]] = {}
    for word in words:
        groups.setdefault(word[0], []).append(word)
    return {first: re.compile(_trie(group)) for first, group in groups.items()}


def _trie(words: list[str]) -> str:
    """Words of one first character as a regular expression that shares their beginnings."""
    branches: dict[str, list[str]] = {}
    for word in words:
        if word:
            branches.setdefault(word[0], []).append(word[1:])
    parts = [re.escape(first) + _trie(rest) for first, rest in sorted(branches.items())]
    if not parts:
        return ""
    body = parts[0] if len(parts) == 1 else "(?:" + "|".join(parts) + ")"
    return f"(?:{body})?" if "" in words else body
