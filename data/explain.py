"""Where a number of a page or of a dataset comes from: finds the payload, and gives it to parsers.explain."""

from __future__ import annotations

import hashlib
import sqlite3
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from difflib import get_close_matches
from pathlib import Path
from typing import Any, NamedTuple

from data.convert import ConversionError, NeedsLibreOffice
from data.dataset import Dataset, open_dataset
from data.errors import DatasetError, InputError
from data.extract import UNREADABLE
from data.indicators import SUFFIXES
from data.inputs import MAX_BYTES, MEMBER, Unreadable, file_item, member_of, recognise, warc_items
from data.pictures import Find, beside, online
from data.publish import MARK, STATE, last
from data.reading import document_with_pictures, readable
from data.workers import APART, Apart, WorkerError
from parsers.carriers.archive import open_zip
from parsers.carriers.extra import missing
from parsers.carriers.recognise import recognise as recognise_bytes
from parsers.explain import Explanation, UnknownCellError, explain, explain_document
from parsers.model import Cell, Check, Figure, TableSummary
from scraper.archive import WARC_FOLDER, read_body
from scraper.client import DEFAULT_USER_AGENT, FetchError, fetch_one
from scraper.database import ArchiveError


class Explained(NamedTuple):
    """A report laid open and the cells asked for (none: an overview is wanted).

    ``source`` is the payload that was read. ``notes`` are lines for the user; ``missing`` says that the payload of a
    dataset's report is not to be had, and why.
    """

    source: str
    explanation: Explanation
    indicator: str | None
    cells: tuple[Cell, ...]
    notes: tuple[str, ...] = ()
    missing: str | None = None

    @property
    def failure(self) -> tuple[str, int] | None:
        """What went wrong and its exit code: no payload, nothing readable (2), no report on the page (1); None: nothing."""
        if self.missing:
            return self.missing, 2
        if self.explanation.form is not None:
            return None
        codes = {problem.code for problem in self.explanation.problems}
        return f"{self.source}: no annual report was found here", 2 if codes and codes <= UNREADABLE else 1


def explain_source(
    source: str,
    what: Sequence[str] = (),
    *,
    applicant: str | None = None,
    archives: Sequence[Path] = (),
    user_agent: str = DEFAULT_USER_AGENT,
) -> Explained:
    """Explain a page (``what``: at most an indicator) or a report of a dataset (``what``: its identifier, an indicator).

    ``archives`` are further places to look for a report's payload: archives, WARC files, folders of saved pages. Raises
    InputError, DatasetError, UnknownCellError, each with one line that says what is there instead.
    """
    folder = Path(source)
    if not source.startswith(("http://", "https://")) and _is_dataset(folder):
        return _explain_dataset(open_dataset(folder), what, applicant, archives)
    if len(what) > 1:
        raise InputError(f"{source}: a page has one report; give at most an indicator, not {' '.join(what)}")
    body, url, kind = _page(source, user_agent)
    found = _read(body, source, url, kind, _pictures_of(source, url, user_agent))
    indicator, applicant = _asked(what[0] if what else None, applicant)
    return Explained(source, found, indicator, found.find(indicator, applicant) if indicator else ())


def _is_dataset(folder: Path) -> bool:
    return (folder / MARK).is_file() or (not folder.exists() and last(folder).is_dir())


def _asked(indicator: str | None, applicant: str | None) -> tuple[str | None, str | None]:
    """``new_requests_np`` of the panels is ``new_requests`` of natural persons."""
    if indicator is not None and applicant is None:
        for name, suffix in SUFFIXES.items():
            if suffix and indicator.endswith(suffix):
                return indicator.removesuffix(suffix), name
    return indicator, applicant


def _read(body: bytes, source: str, url: str | None, content_type: str | None, pictures: Find | None = None) -> Explanation:
    """Explain a payload; ``pictures`` finds those of a page whose tables are pictures."""
    try:
        body = readable(body, source)
    except (NeedsLibreOffice, ConversionError) as error:
        raise InputError(f"{source}: {error}") from error
    kind = recognise_bytes(body)
    if kind in APART:
        try:
            with Apart() as apart:
                return apart.explain(body, url=url, content_type=content_type)
        except WorkerError as error:
            raise InputError(f"{source}: {error.code}: {error}") from error
    found = explain(body, url=url, content_type=content_type)
    if kind == "html" and any(p.code == "image_only" for p in found.problems) and not missing():
        document = document_with_pictures(body, content_type, pictures)
        return found if document is None else explain_document(document, body, url)
    return found


def _pictures_of(source: str, url: str | None, user_agent: str) -> Find | None:
    if source.startswith(("http://", "https://")):
        return online(url or source, user_agent)
    return None if source == "-" or MEMBER in source else beside(Path(source))


# ------------------------------------------------------------------ one page


def _page(source: str, user_agent: str) -> tuple[bytes, str | None, str | None]:
    """(payload, address, Content-Type) of a page. Raises InputError."""
    if source == "-":
        return sys.stdin.buffer.read(MAX_BYTES), None, None
    if source.startswith(("http://", "https://")):
        try:
            fetched = fetch_one(source, user_agent=user_agent)
        except FetchError as error:
            raise InputError(f"{source}: {error.code}: {error.message}") from error
        if fetched.status >= 400:
            raise InputError(f"{source}: the server answered {fetched.status} {fetched.reason}".rstrip())
        return fetched.body, fetched.url, fetched.header("content-type")
    path, _, member = source.partition(MEMBER)
    kind = recognise(Path(path))
    if kind != "file":
        raise InputError(f"{source}: no single page; give one page of it, or `nianbao build` a dataset and explain that")
    item = file_item(Path(path))
    if isinstance(item, Unreadable):
        raise InputError(f"{source}: {item.message}")
    return _member(item.body(), source, member), item.url, None


def _member(body: bytes, source: str, member: str) -> bytes:
    """The payload, or one member of it where it is a zip archive. Raises InputError."""
    if recognise_bytes(body) != "zip":
        return body
    members = dict(open_zip(body, []))
    if member in members:
        return members[member]
    if not member and len(members) == 1:
        return next(iter(members.values()))
    names = ", ".join(list(members)[:5]) or "none that is a page"
    raise InputError(f"{source}: a zip archive; give one of its members as {source.partition(MEMBER)[0]}!/NAME: {names}")


# ------------------------------------------------------------------ a report of a dataset


def _explain_dataset(
    dataset: Dataset, what: Sequence[str], applicant: str | None, archives: Sequence[Path]
) -> Explained:
    if not what:
        example = next(iter(_report_ids(dataset)), None)
        hint = f": nianbao explain {dataset.folder} {example}" if example else "; the dataset has no reports"
        raise InputError(f"{dataset.folder}: say which report (reports.csv lists them){hint}")
    report_id = what[0]
    reports = dataset.rows_of("reports", report_id)
    if not reports:
        near = get_close_matches(report_id, _report_ids(dataset), n=3, cutoff=0.5)
        hint = f"; did you mean {', '.join(near)}?" if near else "; reports.csv lists them"
        raise DatasetError(f"{dataset.folder}: no report {report_id!r}{hint}")
    row = reports[0]
    known = _from_rows(dataset, row)
    indicator, applicant = _asked(what[1] if len(what) > 1 else None, applicant)
    if indicator is None:
        return Explained(str(row["source"]), known, None, ())
    cells = known.find(indicator, applicant)
    if not cells:  # only the prose states it, and the dataset has the sentence
        return Explained(str(row["source"]), known, indicator, ())
    source, sha256 = _payload_of(dataset, row, cells)
    payload = next(_payloads(dataset, report_id, source, sha256, archives), None)
    if payload is None:
        missing = (
            f"{source}: the payload that the dataset was built from (SHA-256 {sha256[:12]}...) is no longer there; "
            "say where its archive or folder is with --archive"
        )
        return Explained(source, known, indicator, cells, missing=missing)
    beside_it = None if source.startswith(("http://", "https://")) else beside(Path(source))
    found = _read(payload.body, source, row["url"], payload.content_type, beside_it)
    try:
        again = found.find(indicator, applicant)
    except UnknownCellError:
        again = ()
    notes = () if again == cells else ("this program reads the payload otherwise than the build did; build the dataset again",)
    return Explained(source, found, indicator, again or cells, notes)


def _report_ids(dataset: Dataset) -> list[str]:
    return [str(name) for name in dataset.arrow("reports", ["report_id"]).column("report_id").to_pylist()]


def _payload_of(dataset: Dataset, row: dict[str, Any], cells: Sequence[Cell]) -> tuple[str, str]:
    """(source, SHA-256) of the payload that the cells were read from: the page, or an attachment that has their table."""
    for table in dataset.rows_of("tables", str(row["report_id"])):
        if table["table"] == cells[0].table:
            return str(table["source"]), str(table["sha256"])
    return str(row["source"]), str(row["sha256"])


def _from_rows(dataset: Dataset, row: dict[str, Any]) -> Explanation:
    """What the dataset itself knows of a report."""
    report_id = str(row["report_id"])

    def records(name: str, fields: Iterable[str]) -> Iterator[list[Any]]:
        return ([found[field] for field in fields] for found in dataset.rows_of(name, report_id))

    return Explanation(
        title=row["title"],
        report_year=row["report_year"],
        form=row["form"],
        cells=tuple(Cell(*_whole(values)) for values in records("cells", Cell._fields)),
        summaries=tuple(TableSummary(*values) for values in records("tables", TableSummary._fields)),
        figures=tuple(Figure(*_whole(values)) for values in records("figures", Figure._fields)),
        checks=tuple(Check(*_whole(values)) for values in records("checks", Check._fields)),
    )


def _whole(values: Iterable[Any]) -> Iterator[Any]:
    """Counts are stored as floating numbers beside amounts."""
    return (int(value) if isinstance(value, float) and value.is_integer() else value for value in values)


# ------------------------------------------------------------------ payloads


class _Payload(NamedTuple):
    body: bytes
    content_type: str | None = None


class _Where(NamedTuple):
    """A place to look: an input of the build or a folder given, and the record in its WARC file."""

    path: Path
    warc: str | None = None
    offset: int | None = None
    length: int | None = None
    content_type: str | None = None


def _payloads(
    dataset: Dataset, report_id: str, source: str, sha256: str, archives: Sequence[Path]
) -> Iterator[_Payload]:
    """The payload of that hash, wherever it is still to be had: the build's inputs first, then ``archives``."""
    places = list(_inputs(dataset.folder, sha256))
    rows = [row for row in dataset.rows_of("sources", report_id) if row["sha256"] == sha256]
    places += [_Where(path, row["archive"], row["offset"], row["length"]) for path in archives for row in rows]
    for where in (*places, _Where(Path(source.partition(MEMBER)[0]))):
        try:
            for whole in _candidates(where, source.partition(MEMBER)[0]):
                body = member_of(whole, source)
                if hashlib.sha256(body).hexdigest() == sha256:
                    yield _Payload(body, where.content_type)
        except (ArchiveError, InputError, OSError):
            continue  # a damaged place is no reason not to look at the next


def _inputs(folder: Path, sha256: str) -> Iterator[_Where]:
    """Where the build found a payload, as it remembers."""
    memory = folder / STATE / "state.sqlite"
    if not memory.is_file():
        return
    try:
        with closing(sqlite3.connect(f"{memory.resolve().as_uri()}?mode=ro", uri=True)) as db:
            query = 'SELECT input, archive, "offset", length, content_type FROM items WHERE sha256 = ? ORDER BY id'
            for name, warc, offset, length, content_type in db.execute(query, (sha256,)).fetchall():
                yield _Where(Path(name), warc, offset, length, content_type)
    except sqlite3.Error:
        return


def _candidates(where: _Where, source: str) -> Iterator[bytes]:
    """Payloads at a place that may be the one of ``source``. Raises ArchiveError, InputError, OSError."""
    path, warc = where.path, where.warc
    if warc and where.offset is not None and where.length is not None:
        files = [path / WARC_FOLDER / warc, path / warc, path]
        yield from (read_body(file, where.offset, where.length) for file in files if file.is_file())
    elif warc:
        file = path / warc if path.is_dir() else path
        yield from (item.body() for item in warc_items(file) if item.source == source)
    elif path.is_dir():
        parts = Path(source).parts
        for start in range(len(parts)):
            yield from _saved(path.joinpath(*parts[start:]))
    else:
        yield from _saved(path)


def _saved(path: Path) -> Iterator[bytes]:
    if path.is_file() and not isinstance(item := file_item(path), Unreadable):
        yield item.body()
