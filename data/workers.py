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
from data.reading import read_report
from parsers.explain import Explanation, explain
from parsers.model import Report

TASKS_PER_WORKER = 500
SECONDS_PER_PAGE = 120.0
MEMORY_LIMIT = 3 << 30
APART = ("pdf", "image")  # kinds read by C code that a file may crash, or that may take all memory
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


class WorkerError(Exception):
    """A payload that its worker did not survive; ``code`` is ``crashed``, ``timeout``, ``out_of_memory`` or ``internal_error``."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class Apart:
    """Reads reports in a process of its own, which is started when the first one is asked for. A context manager."""

    def __init__(self, seconds: float = SECONDS_PER_PAGE) -> None:
        self._seconds = seconds
        self._worker = _Worker()

    def __enter__(self) -> Apart:
        return self

    def __exit__(self, *_: object) -> None:
        self._worker.stop()

    def read(self, body: bytes, *, name: str = "", url: str | None = None, content_type: str | None = None) -> Report:
        """As ``read_report``. Raises WorkerError."""
        report = self._asked("report", body, name, url, content_type)
        assert isinstance(report, Report)
        return report

    def explain(self, body: bytes, *, url: str | None = None, content_type: str | None = None) -> Explanation:
        """As ``parsers.explain.explain``. Raises WorkerError."""
        explanation = self._asked("explanation", body, url, content_type)
        assert isinstance(explanation, Explanation)
        return explanation

    def _asked(self, *task: object) -> Any:
        self._worker.give(task)
        with selectors.DefaultSelector() as waiting:
            waiting.register(self._worker.output, selectors.EVENT_READ)
            if not waiting.select(timeout=self._seconds):
                self._worker.stop()
                raise WorkerError("timeout", f"not read within {self._seconds:g} s")
        return self._worker.answer()


def parse_all(tasks: Iterable[Task], jobs: int, seconds: float = SECONDS_PER_PAGE) -> Iterator[Answer]:
    """Answers to all tasks, in no fixed order; ``tasks`` is drawn from only as workers become free.

    A worker that dies or exceeds ``seconds`` gives the answer ``crashed``, ``out_of_memory`` or ``timeout`` for its task.
    """
    source, workers = iter(tasks), [_Worker() for _ in range(max(1, jobs))]
    idle, busy = list(workers), selectors.DefaultSelector()
    given: dict[_Worker, Task] = {}
    try:
        while True:
            while idle and (task := next(source, None)) is not None:
                worker = idle.pop()
                worker.give(("rows", task.body, task.source, task.url, task.content_type))
                given[worker] = task
                busy.register(worker.output, selectors.EVENT_READ, worker)
            if not busy.get_map():
                return
            ready = {key.data for key, _ in busy.select(timeout=1.0)}
            late = {key.data for key in busy.get_map().values() if key.data.since + seconds < time.monotonic()}
            for worker in ready | late:
                busy.unregister(worker.output)
                yield _answer(worker, given.pop(worker), worker in ready, seconds)
                idle.append(worker)
    finally:
        busy.close()
        for worker in workers:
            worker.stop()


def _answer(worker: _Worker, task: Task, is_ready: bool, seconds: float) -> Answer:
    try:
        if not is_ready:
            worker.stop()
            raise WorkerError("timeout", f"not read within {seconds:g} s")
        return Answer(task.key, Parsed(*worker.answer()))
    except WorkerError as error:
        return Answer(task.key, failed(task.source, task.sha256, error.code, str(error)))


@dataclass(eq=False)
class _Worker:
    process: subprocess.Popen[bytes] | None = None
    done: int = 0
    since: float = 0.0

    @property
    def output(self) -> BinaryIO:
        assert self.process is not None
        assert self.process.stdout is not None
        return self.process.stdout  # type: ignore[return-value]

    def give(self, task: tuple[object, ...]) -> None:
        if self.process is None or self.process.poll() is not None or self.done >= TASKS_PER_WORKER:
            self.stop()
            self._start()
        self.since = time.monotonic()
        self.done += 1
        assert self.process is not None
        assert self.process.stdin is not None
        with contextlib.suppress(OSError):  # it died: its closed output tells
            _send(self.process.stdin, task)

    def answer(self) -> Any:
        """What the worker answers to its task. Raises WorkerError, and ends it, where it gives none."""
        try:
            answer, failure = _receive(self.output)
        except (EOFError, OSError, pickle.UnpicklingError):
            raise WorkerError("crashed", f"reading the payload ended the process{self._ended()}") from None
        if failure is not None:
            self.stop()
            raise WorkerError(*failure)
        return answer

    def _ended(self) -> str:
        """Ends the worker; by which signal it had ended itself."""
        process = self.process
        with contextlib.suppress(subprocess.TimeoutExpired):
            if process is not None and process.wait(1.0) < 0:
                self.stop()
                return f" (signal {-process.returncode})"
        self.stop()
        return ""

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
            kind, *task = _receive(incoming)
        except EOFError:
            return
        _send(outgoing, _done(kind, task))


def _done(kind: str, task: list[Any]) -> tuple[Any, tuple[str, str] | None]:
    """The answer to a task, or (code, message) of why there is none."""
    try:
        if kind == "rows":
            return tuple(read_payload(*task)), None
        if kind == "explanation":
            body, url, content_type = task
            return explain(body, url=url, content_type=content_type), None
        body, name, url, content_type = task
        return read_report(body, name=name, url=url, content_type=content_type), None
    except MemoryError:
        return None, ("out_of_memory", f"reading the payload takes more than {MEMORY_LIMIT >> 30} GB of memory")
    except Exception as error:  # a fault of ours in one payload must not cost the others
        return None, ("internal_error", f"{type(error).__name__}: {error}")


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
