"""What stands in the way of a page: firewalls, pages that are not there though HTTP says 200, empty shells, login
walls.

The marks are data (obstacles.toml). Nothing is solved or evaded here: an obstacle is recognised so that it can be
reported by name.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, AnyStr, NamedTuple

_DATA = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
_LIMITS: dict[str, int] = _DATA["limits"]
_REPORT_MARKS: tuple[str, ...] = tuple(_DATA["report"]["marks"])
_REPORT_MARKS_UTF8 = tuple(mark.encode() for mark in _REPORT_MARKS)
_INVISIBLE = re.compile(
    r"(?is)<(script|style|noscript|template)\b.*?(?:</\1\s*>|\Z)|<!--.*?(?:-->|\Z)|<[^<>]*>|&nbsp;|\s+"
)
_SCRIPTS = re.compile(r"(?is)<(script|style)\b.*?(?:</\1\s*>|\Z)|<!--.*?(?:-->|\Z)")
_PASSWORD = re.compile(r"""(?i)<input[^<>]{0,300}\btype\s*=\s*["']?password""")
_SHELL_ROOT = re.compile(r"""(?i)<script|<div[^<>]{0,100}\bid\s*=\s*["']?(?:app|root)\b""")


class Obstacle(NamedTuple):
    """``code``: ``blocked:<vendor>``, ``soft_404``, ``js_shell`` or ``login``; ``message`` says it in words."""

    code: str
    message: str


class _Rule(NamedTuple):
    obstacle: Obstacle
    status: frozenset[int]
    headers: tuple[str, ...]
    body: tuple[str, ...]
    body_needs: tuple[str, ...]
    pattern: re.Pattern[str] | None
    pattern_needs: tuple[str, ...]


def _rule(entry: dict[str, Any]) -> _Rule:
    needs = entry.get("body_needs", [""])
    assert all(any(need in mark for need in needs) for mark in entry.get("body", ())), entry["code"]
    return _Rule(
        Obstacle(entry["code"], entry["message"]),
        frozenset(entry.get("status", ())),
        tuple(entry.get("headers", ())),
        tuple(entry.get("body", ())),
        tuple(entry.get("body_needs", ("",))),
        re.compile(entry["pattern"]) if "pattern" in entry else None,
        tuple(entry.get("pattern_needs", ())),
    )


_RULES = tuple(map(_rule, _DATA["obstacle"]))
_BLOCKS = tuple(rule for rule in _RULES if rule.obstacle.code.startswith("blocked:"))
_SOFT_404 = next(rule for rule in _RULES if rule.obstacle.code == "soft_404")


def detect_obstacle(
    body: bytes, text: str, status: int | None = None, headers: Mapping[str, str] | None = None
) -> Obstacle | None:
    """The obstacle a response is, None for a page. ``text`` is the decoded body (markup); saved pages have no status
    and headers.

    A page that carries the marks of a real report is never an obstacle. Cheap on every page: large bodies are only
    looked at for the marks of a report and of a soft 404.
    """
    # Most pages are UTF-8, and there it is much faster to look for Chinese among bytes.
    if _has_two(_REPORT_MARKS_UTF8, body) or _has_two(_REPORT_MARKS, text):
        return None
    lines = [f"{name}: {value}".lower() for name, value in headers.items()] if headers else []
    small = len(body) <= _LIMITS["challenge"]
    for rule in _BLOCKS:
        if status in rule.status and small:
            return rule.obstacle
        if small and any(mark in text for mark in rule.body):
            return rule.obstacle
        if status is not None and status >= 400 and any(mark in line for mark in rule.headers for line in lines):
            return rule.obstacle
    if len(body) > _LIMITS["dressed"]:
        return None
    if _says(_SOFT_404, text):
        visible = _SCRIPTS.sub(" ", text)
        # a long page that mentions such words is about something else, and scripts hold texts for all occasions
        if len(_INVISIBLE.sub("", visible)) <= _LIMITS["soft_404"] and (small or _says(_SOFT_404, visible)):
            return _SOFT_404.obstacle
    return _hollow(text) if small and text.count("href=") < _LIMITS["links"] else None


def _says(rule: _Rule, text: str) -> bool:
    if any(need in text for need in rule.body_needs) and any(mark in text for mark in rule.body):
        return True
    if rule.pattern is None or not any(need in text for need in rule.pattern_needs):
        return False
    return rule.pattern.search(text) is not None


def _has_two(marks: tuple[AnyStr, ...], text: AnyStr) -> bool:
    """Whether two of the marks stand in the text."""
    found = False
    for mark in marks:
        if mark in text:
            if found:
                return True
            found = True
    return False


def _hollow(text: str) -> Obstacle | None:
    """A small page without content of its own: filled by scripts, or a form to log in."""
    if "<" not in text:
        return None
    visible = _INVISIBLE.sub("", text)
    if len(visible) < _LIMITS["shell"] and _SHELL_ROOT.search(text) and "href=" not in text.partition("<body")[2]:
        return Obstacle("js_shell", "the page is an empty shell that a browser's scripts fill")
    if len(visible) < _LIMITS["login"] and _PASSWORD.search(text) and "登录" in visible:
        return Obstacle("login", "the site asks to log in")
    return None
