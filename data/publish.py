"""Write beside, then swap: a reader finds the last good dataset or the new one, whatever moment the build is killed at.

The new dataset is written to ``.NAME.building`` beside the old one. Linux and macOS exchange two folders in one
step; where that is not to be had, the old one is moved to ``.NAME.last`` first, and `recover` puts it back after a
kill in between.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import sys
from pathlib import Path

from data.schema import tables

STATE = ".build"
MARK = "datapackage.json"


def building(out: Path) -> Path:
    """The folder in which the next dataset is written."""
    return out.with_name(f".{out.name}.building")


def last(out: Path) -> Path:
    """Where the old dataset stands for a moment where folders cannot be exchanged."""
    return out.with_name(f".{out.name}.last")


def recover(out: Path) -> None:
    """Put right what a killed build left: the dataset back in its place, the build's memory back in the dataset.

    Raises OSError.
    """
    old, new = last(out), building(out)
    if old.is_dir() and not (out / MARK).exists() and not out.exists():
        old.rename(out)
    for leftover in (old, new):
        if leftover.is_dir():
            _keep(leftover, out)
            shutil.rmtree(leftover)


def swap(out: Path) -> None:
    """Make the folder written beside the dataset; what in the old folder is not ours moves along. Raises OSError."""
    new = building(out)
    if not out.exists():
        new.rename(out)
        return
    if _exchange(new, out):
        _keep(new, out)
        shutil.rmtree(new)
        return
    out.rename(last(out))
    new.rename(out)
    _keep(last(out), out)
    shutil.rmtree(last(out))


def is_ours(name: str) -> bool:
    """Whether a build writes an entry of this name into a dataset."""
    stem, _, suffix = name.rpartition(".")
    return name in (MARK, "CODEBOOK.md") or (suffix in ("parquet", "csv") and stem in tables())


def _keep(old: Path, out: Path) -> None:
    """Move to the dataset what an old folder holds beyond the dataset's own files."""
    for entry in sorted(old.iterdir()) if out.is_dir() else ():
        if not is_ours(entry.name) and not (out / entry.name).exists():
            entry.rename(out / entry.name)


def _exchange(one: Path, other: Path) -> bool:
    """Exchange two folders in one step, where the system can (renameat2 of Linux, renamex_np of macOS)."""
    libc = ctypes.CDLL(None) if sys.platform in ("linux", "darwin") else None
    try:
        if sys.platform == "linux" and libc is not None:
            here, flag = -100, 2  # AT_FDCWD, RENAME_EXCHANGE
            return libc.renameat2(here, os.fsencode(one), here, os.fsencode(other), flag) == 0  # type: ignore[no-any-return]
        if sys.platform == "darwin" and libc is not None:
            return libc.renamex_np(os.fsencode(one), os.fsencode(other), 2) == 0  # RENAME_SWAP
    except AttributeError:
        pass
    return False
