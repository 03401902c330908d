"""One job at a time, and what it did: the run lock and the JSON-lines log."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import structlog
from structlog.typing import FilteringBoundLogger

Logger = FilteringBoundLogger


class LockedError(RuntimeError):
    """Somebody else holds the lock; the message says who and since when."""


@contextmanager
def run_lock(path: Path | str) -> Iterator[None]:
    """Hold the lock file ``path`` for one job. Raises LockedError naming its holder, OSError where it cannot be written.

    The lock is the kernel's (flock): it ends with its process, however that ends, so no stale lock is ever left.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+", encoding="utf-8") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            handle.seek(0)
            raise LockedError(f"{path}: in use by {_holder(handle.read())}; wait for it to end, or stop it") from None
        handle.truncate(0)
        json.dump({"pid": os.getpid(), "since": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")}, handle)
        handle.flush()
        try:
            yield
        finally:
            handle.truncate(0)


def _holder(text: str) -> str:
    try:
        holder = json.loads(text)
        return f"process {holder['pid']} since {holder['since']}"
    except (ValueError, KeyError, TypeError):
        return "another process"


@contextmanager
def job_log(path: Path | str) -> Iterator[Logger]:
    """A logger that appends one JSON object a line to ``path``: ``log.info("fetched", url=..., status=200)``."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8", buffering=1) as handle:
        yield structlog.wrap_logger(
            structlog.WriteLogger(handle),
            processors=[
                structlog.processors.add_log_level,
                structlog.processors.TimeStamper(fmt="iso", utc=True),
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
            wrapper_class=structlog.make_filtering_bound_logger(0),
        )
