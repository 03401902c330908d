"""Archives, saved pages and WARC files to a dataset: parse what is new, group payloads to reports.

Write what changed.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from data.assemble import assemble
from data.errors import OutputError
from data.ingest import ingest
from data.publish import MARK, STATE, building, recover, swap
from data.state import State
from data.versions import parse_version
from data.write import write_dataset


class Event(NamedTuple):
    """Progress: ``stage`` is ``read parse group write``; ``total`` None while unknown."""

    stage: str
    done: int
    total: int | None
    message: str = ""


@dataclass(slots=True)
class BuildSummary:
    """What a build did.

    ``verdicts`` counts reports by verdict, ``by_year`` the same for each year, ``problems`` by code.
    """

    out: Path
    reports: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0
    parsed: int = 0
    stale: int = 0
    verdicts: Counter[str] = field(default_factory=Counter)
    by_year: dict[int | None, Counter[str]] = field(default_factory=dict)
    problems: Counter[str] = field(default_factory=Counter)
    content_hash: str = ""


def build(
    inputs: Sequence[Path | str],
    out: Path | str,
    *,
    jobs: int | None = None,
    on_event: Callable[[Event], None] | None = None,
) -> BuildSummary:
    """Extract every report of the inputs that is new or changed and write the dataset ``out``.

    Inputs are archives, folders of saved pages, WARC files and single files, told by their content. What earlier
    builds of the same ``out`` read from other inputs stays. ``jobs`` is the number of worker processes (default: one
    a core).
    Raises InputError (nothing to read), OutputError (``out`` cannot be written, or holds something else).
    """
    tell = on_event or (lambda _event: None)
    out = Path(out).resolve()
    with _prepared(out) as state:
        summary = BuildSummary(out)
        summary.parsed = ingest([Path(i) for i in inputs], state, jobs or os.cpu_count() or 1, lambda *a: tell(Event(*a)))
        summary.stale = state.count_unparsed()
        tell(Event("group", 0, None))
        bundles, rest = assemble(state.seen())
        write_dataset(out, state, bundles, rest, summary, lambda *a: tell(Event(*a)))
    try:
        swap(out)
    except OSError as error:
        raise OutputError(f"{out}: cannot put the new dataset in place: {error.strerror or error}") from error
    return summary


@contextmanager
def _prepared(out: Path) -> Iterator[State]:
    """The build's memory, with the lock held; faults of the disk become OutputError."""
    try:
        recover(out)
        if out.exists() and not out.is_dir():
            raise OutputError(f"{out}: is a file; give a folder for the dataset")
        if out.is_dir() and not (out / MARK).exists() and any(e.name != STATE for e in out.iterdir()):
            raise OutputError(f"{out}: is not empty and no dataset; give a new folder, or empty this one")
        (out / STATE).mkdir(parents=True, exist_ok=True)
        with _lock(out), closing(State(out / STATE / "state.sqlite", parse_version())) as state:
            yield state
            state.prune()
    except (OSError, sqlite3.Error) as error:
        if building(out).is_dir():
            shutil.rmtree(building(out), ignore_errors=True)
        raise OutputError(f"{out}: cannot write: {getattr(error, 'strerror', None) or error}") from error


@contextmanager
def _lock(out: Path) -> Iterator[None]:
    """Only one build of a dataset at a time. Raises OutputError while another runs."""
    with (out / STATE / "lock").open("w") as handle:
        try:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except ImportError:  # Windows: no such lock
            pass
        except BlockingIOError as error:
            raise OutputError(f"{out}: another build is writing this dataset; wait for it to end") from error
        yield
