"""Progress of a build on a terminal; silence elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from data.build import Event

_STAGES = {"read": "taking stock", "parse": "reading pages", "group": "joining reports", "write": "writing the dataset"}


@contextmanager
def progress(console: Console) -> Iterator[Callable[[Event], None]]:
    """A bar for each stage on a terminal; elsewhere the events go nowhere."""
    if not console.is_terminal:
        yield lambda _event: None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as bars:
        known = {stage: bars.add_task(text, total=None, visible=False) for stage, text in _STAGES.items()}

        def show(event: Event) -> None:
            bars.update(known[event.stage], completed=event.done, total=event.total, visible=True)

        yield show
