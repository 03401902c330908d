"""Parsing in worker processes, which are replaced: memory stays flat, a page that kills or hangs one costs only itself.

A worker is a fresh interpreter (``python -m data.workers``), not a fork: no thread, lock or heap of ours comes
along, and a caller's script needs no ``__main__`` guard. Tasks and answers are pickled, each after its length, over
its pipes.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import selectors
import struct
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from data.payloads import Parsed, failed, read_payload

TASKS_PER_WORKER = 500
SECONDS_PER_PAGE = 120.0
MEMORY_LIMIT = 3 << 30
_LENGTH = struct.Struct(">Q")


class Task(NamedTuple):
    """A payload to parse; ``key`` identifies the answer."""

    key: str
    body: bytes
    source: str
    sha256: str
    url: str | None
    content_type: str | None


class Answer(NamedTuple):
    """What came of a task."""

    key: str
    parsed: Parsed


def parse_all(tasks: Iterable[Task], jobs: int, seconds: float = SECONDS_PER_PAGE) -> Iterator[Answer]:
    """Answers to all tasks, in no fixed order; ``tasks`` is drawn from only as workers become free.

    A worker that dies or exceeds ``seconds`` gives the answer ``crashed`` or ``timeout`` for its task.
    """
    source, workers = iter(tasks), [_Worker() for _ in range(max(1, jobs))]
    idle, busy = list(workers), selectors.DefaultSelector()
    try:
        while True:
            while idle and (task := next(source, None)) is not None:
                worker = idle.pop()
                worker.give(task)
                busy.register(worker.output, selectors.EVENT_READ, worker)
            if not busy.get_map():
                return
            ready = {key.data for key, _ in busy.select(timeout=1.0)}
            late = {key.data for key in busy.get_map().values() if key.data.since + seconds < time.monotonic()}
            for worker in ready | late:
                busy.unregister(worker.output)
                yield (worker.answer() if worker in ready else worker.abandon("timeout", f"not read within {seconds:g} s"))
                idle.append(worker)
    finally:
        busy.close()
        for worker in workers:
            worker.stop()


@dataclass(eq=False)
class _Worker:
    process: subprocess.Popen[bytes] | None = None
    done: int = 0
    since: float = 0.0
    task: Task | None = None

    @property
    def output(self) -> BinaryIO:
        assert self.process is not None
        assert self.process.stdout is not None
        return self.process.stdout  # type: ignore[return-value]

    def give(self, task: Task) -> None:
        if self.process is None or self.process.poll() is not None or self.done >= TASKS_PER_WORKER:
            self.stop()
            self._start()
        self.task, self.since = task, time.monotonic()
        self.done += 1
        assert self.process is not None
        assert self.process.stdin is not None
        with contextlib.suppress(OSError):  # it died: its closed output tells
            _send(self.process.stdin, tuple(task))

    def answer(self) -> Answer:
        try:
            key, parsed = _receive(self.output)
            return Answer(key, Parsed(*parsed))
        except (EOFError, OSError, pickle.UnpicklingError):
            return self.abandon("crashed", "reading the payload ended the process")

    def abandon(self, code: str, message: str) -> Answer:
        task = self.task
        assert task is not None
        self.stop()
        return Answer(task.key, failed(task.source, task.sha256, code, message))

    def _start(self) -> None:
        environment = dict(os.environ, PYTHONPATH=os.pathsep.join(path or str(Path.cwd()) for path in sys.path))
        # A session of its own: an interrupt of the terminal is ours to handle. What libraries say is of no use to a user.
        self.process = subprocess.Popen(
            [sys.executable, "-m", "data.workers"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=None if os.environ.get("NIANBAO_DEBUG") else subprocess.DEVNULL,
            env=environment,
            start_new_session=True,
        )
        self.done = 0

    def stop(self) -> None:
        if self.process is None:
            return
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        self.process.kill()
        self.process.wait()
        self.process = None


def _send(pipe: Any, message: object) -> None:
    data = pickle.dumps(message)
    pipe.write(_LENGTH.pack(len(data)) + data)
    pipe.flush()


def _receive(pipe: BinaryIO) -> Any:
    head = pipe.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        raise EOFError
    return pickle.loads(pipe.read(_LENGTH.unpack(head)[0]))


def _serve() -> None:
    """Answer tasks on the standard pipes until they close.

    What libraries print goes to stderr, not into the answers.
    """
    incoming, outgoing = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    _limit_memory()
    while True:
        try:
            key, body, source, _sha256, url, content_type = _receive(incoming)
        except EOFError:
            return
        try:
            answer = Answer(key, read_payload(body, source, url, content_type))
        except MemoryError:
            return
        _send(outgoing, (answer.key, tuple(answer.parsed)))


def _limit_memory() -> None:
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return
    _soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    limit = MEMORY_LIMIT if hard == resource.RLIM_INFINITY else min(MEMORY_LIMIT, hard)
    resource.setrlimit(resource.RLIMIT_AS, (limit, hard))


if __name__ == "__main__":
    try:
        _serve()
    except (KeyboardInterrupt, BrokenPipeError):
        os._exit(130)
