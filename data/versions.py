"""Versions of the code: what was parsed or written by other code is done again."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

import parsers

_PARSING = (
    "payloads.py", "reading.py", "pictures.py", "convert.py",
    "rows.py", "organizations.py", "single.py", "panel.py", "columns.py", "divisions.py", "divisions.csv",
)  # fmt: skip


@cache
def parse_version() -> str:
    """Hash of the code and the data files that decide what a payload gives."""
    here = Path(__file__).parent
    return _hash(Path(parsers.__file__).parent, [here / name for name in _PARSING])


@cache
def build_version() -> str:
    """Hash of everything that decides what a dataset holds."""
    here = Path(__file__).parent
    return hashlib.sha256((parse_version() + _hash(here, [])).encode()).hexdigest()


def _hash(folder: Path, more: list[Path]) -> str:
    digest = hashlib.sha256()
    own = [p for p in folder.rglob("*") if p.suffix in (".py", ".toml", ".csv") and "samples" not in p.parts]
    for path in sorted([*own, *more]):
        digest.update(f"{path.name}\n".encode() + path.read_bytes())
    return digest.hexdigest()
