"""The reading half of a build: take note of every payload of the inputs, then parse those not parsed yet."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from data.convert import HINT as OFFICE_HINT
from data.convert import find_libreoffice
from data.errors import InputError
from data.inputs import (
    MEMBER,
    Item,
    Unreadable,
    archive_items,
    file_item,
    file_stamp,
    is_warc,
    member_of,
    page_files,
    recognise,
    warc_items,
    with_members,
)
from data.payloads import failed
from data.pictures import are_others
from data.rows import source_name
from data.state import State
from data.workers import Task, parse_all
from parsers.carriers.extra import HINT as PICTURES_HINT
from parsers.carriers.extra import missing
from scraper.archive import WARC_FOLDER, Archive, read_body
from scraper.database import ArchiveError

_COMMIT_EVERY = 100
Tell = Callable[[str, int, int | None, str], object]
Problem = tuple[str, str, str, str | None, str | None]


def ingest(inputs: Sequence[Path], state: State, jobs: int, tell: Tell) -> int:
    """Bring the state up to date with the inputs; gives the number of payloads parsed.

    Raises InputError for an input that is missing, unreadable, or holds no page.
    """
    if not inputs:
        raise InputError("nothing to build from: give an archive, a folder of saved pages, a WARC file or a page")
    for hint, still in ((PICTURES_HINT, missing()), (OFFICE_HINT, find_libreoffice() is None)):
        if not still:  # installed since: what waits for it can be read now
            state.discard_waiting(hint)
    given = {_name(path): path for path in inputs}
    kinds = {name: recognise(path) for name, path in given.items()}
    tasks: list[Callable[[], Iterator[Task]]] = []
    for name, path in given.items():
        tell("read", 0, None, str(path))
        tasks += _NOTE[kinds[name]](path, state)
        state.commit()
    for path in _to_read_again(state, set(given)):
        tell("read", 0, None, str(path))
        tasks += _NOTE[recognise(path)](path, state)
        state.commit()
    return _parse(tasks, state, jobs, state.count_unparsed(), tell)


def _to_read_again(state: State, given: set[str]) -> list[Path]:
    """Inputs of earlier builds that other code parsed, as far as they are still where they were."""
    found = []
    for name, as_given, done in state.remembered():
        path = Path(as_given)
        if name not in given and not done and path.exists() and _name(path) == name:
            found.append(path)
    return found


def _parse(tasks: Sequence[Callable[[], Iterator[Task]]], state: State, jobs: int, total: int, tell: Tell) -> int:
    begun: set[str] = set()

    def unparsed() -> Iterator[Task]:
        for make in tasks:
            for task in make():
                if task.key not in begun:
                    begun.add(task.key)
                    yield task

    done = 0
    for answer in parse_all(unparsed(), min(jobs, max(1, total))):
        state.store(*answer)
        done += 1
        if done % _COMMIT_EVERY == 0:
            state.commit()
        tell("parse", done, total, "")
    state.commit()
    return done


def payload_key(source: str, sha256: str, url: str | None, content_type: str | None) -> str:
    """Under what the outcome of parsing is kept: everything that ``parse`` is given."""
    return hashlib.sha256("\n".join((source, sha256, url or "", content_type or "")).encode()).hexdigest()[:32]


def _add(name: str, item: Item, state: State) -> str:
    key = _key(item)
    state.add(name, item, key)
    return key


def _key(item: Item) -> str:
    return payload_key(item.source, item.sha256, item.url, item.content_type)


def _task(item: Item) -> Task:
    return Task(_key(item), item.body(), item.source, item.sha256, item.url, item.content_type)


def _add_all(name: str, item: Item, state: State) -> None:
    """Add a payload, and what it holds if it is a zip."""
    try:
        for part in with_members(item):
            _add(name, part, state)
    except (ArchiveError, OSError):  # read again when it is parsed, and said there
        return


def _note_archive(folder: Path, state: State) -> list[Callable[[], Iterator[Task]]]:
    name = _name(folder)
    cursor = state.cursor(name)
    for item in archive_items(folder, cursor):
        cursor = max(cursor, item.cursor)
        if item.source:
            _add_all(name, item, state)
    state.set_input(name, str(folder), "archive", cursor)
    try:
        with Archive(folder) as archive:
            state.set_problems(name, [(p.source, p.code, p.message, p.site, p.at or None) for p in archive.problems()])
            state.set_expectations(name, {site.name: asdict_of(site) for site in archive.sites()})
    except ArchiveError as error:
        raise InputError(str(error)) from error

    def tasks() -> Iterator[Task]:
        for key, source, sha256, url, kind, warc, offset, length in state.unparsed(name):
            try:
                body = read_body(folder / WARC_FOLDER / warc, offset, length)
            except (ArchiveError, OSError) as error:
                state.store(key, failed(source, sha256, "unreadable_file", str(error)))
                continue
            yield Task(key, member_of(body, source), source, sha256, url, kind)

    return [tasks]


def asdict_of(site: Any) -> dict[str, Any]:
    """A named tuple or dataclass as a dict."""
    return dict(site._asdict()) if hasattr(site, "_asdict") else asdict(site)


def _note_folder(folder: Path, state: State) -> list[Callable[[], Iterator[Task]]]:
    files = list(page_files(folder))
    warcs = [path for path in files if path.name.endswith((".warc", ".warc.gz")) or _looks_like_warc(path)]
    pages = [path for path in files if path not in set(warcs)]
    if not files:
        raise InputError(f"{folder}: no pages in this folder (saved pages, documents or WARC files)")
    tasks = [task for path in warcs for task in _note_warc(path, state)]
    return [*tasks, *_note_pages(folder, pages, state)] if pages or state.stamps(_name(folder)) else tasks


def _looks_like_warc(path: Path) -> bool:
    try:
        return is_warc(path)
    except OSError:
        return False


def _note_file(path: Path, state: State) -> list[Callable[[], Iterator[Task]]]:
    return _note_pages(path, [path], state)


def _note_pages(base: Path, pages: Sequence[Path], state: State) -> list[Callable[[], Iterator[Task]]]:
    name = _name(base)
    known = state.stamps(name)
    problems: list[Problem] = []
    found: set[str] = set()
    for path in pages:
        source = source_name(path)
        try:
            unchanged = known.get(source, (None, ""))[0] == file_stamp(path)
        except OSError:
            unchanged = False
        if not unchanged:
            item = file_item(path)
            if isinstance(item, Unreadable):
                problems.append((item.source, item.code, item.message, None, None))
                continue
            state.forget(name, [other for other in known if other.partition(MEMBER)[0] == source])
            _add_all(name, item, state)
        found.add(source)
    state.forget(name, sorted(other for other in known if other.partition(MEMBER)[0] not in found))
    for source, key, seen in state.pictures(name):
        if are_others(Path(source), seen):
            state.discard(key)
    state.set_problems(name, problems)
    state.set_input(name, str(base), "pages", 0)

    def tasks() -> Iterator[Task]:
        missing = set(state.missing(name))
        files = {source.partition(MEMBER)[0] for source in missing}
        for path in pages:
            item = file_item(path) if source_name(path) in files else None
            for part in with_members(item) if isinstance(item, Item) else ():
                if part.source in missing:
                    yield _task(part)

    return [tasks]


def _note_warc(path: Path, state: State) -> list[Callable[[], Iterator[Task]]]:
    name = _name(path)
    stamp = int(file_stamp(path).replace("-", "")) % (1 << 62)
    if state.cursor(name) != stamp:
        for item in warc_items(path):
            _add_all(name, item, state)
        state.set_input(name, str(path), "warc", stamp)

    def tasks() -> Iterator[Task]:
        missing = set(state.missing(name))
        files = {source.partition(MEMBER)[0] for source in missing}
        for item in warc_items(path) if missing else ():
            for part in with_members(item) if item.source in files else ():
                if part.source in missing and not state.has(_key(part)):
                    yield _task(part)

    return [tasks]


def _name(path: Path) -> str:
    return source_name(path.resolve())


_NOTE: Mapping[str, Callable[[Path, State], list[Callable[[], Iterator[Task]]]]] = {
    "archive": _note_archive,
    "folder": _note_folder,
    "warc": _note_warc,
    "file": _note_file,
}
