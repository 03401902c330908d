"""What a build remembers between runs: which payloads it saw, and what came of parsing each.

A cache: deleting it only costs time.
"""

from __future__ import annotations

import json
import sqlite3
import sys
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

from data.inputs import Item
from data.payloads import Head, Parsed

# Raise it when the tables below, or Head and Body, change: what an earlier program remembers is then read again.
LAYOUT = 2
_SCHEMA = """
CREATE TABLE IF NOT EXISTS inputs (
  input TEXT PRIMARY KEY, given TEXT NOT NULL, kind TEXT NOT NULL, cursor INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS items (
  id INTEGER PRIMARY KEY, input TEXT NOT NULL, source TEXT NOT NULL, sha256 TEXT NOT NULL, key TEXT NOT NULL,
  url TEXT, requested_url TEXT, site TEXT, role TEXT NOT NULL, parent_url TEXT, link_title TEXT, content_type TEXT,
  fetched_at TEXT, last_fetched_at TEXT, n_fetches INTEGER NOT NULL DEFAULT 1,
  archive TEXT, "offset" INTEGER, length INTEGER, tls_profile TEXT, stamp TEXT, cursor INTEGER NOT NULL DEFAULT 0,
  UNIQUE (input, source, sha256));
CREATE INDEX IF NOT EXISTS items_key ON items (key);
CREATE TABLE IF NOT EXISTS parsed (
  key TEXT PRIMARY KEY, version TEXT NOT NULL, head TEXT NOT NULL, totals TEXT NOT NULL, packed BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS problems (
  input TEXT NOT NULL, source TEXT NOT NULL, code TEXT NOT NULL, message TEXT NOT NULL, site TEXT, at TEXT);
CREATE TABLE IF NOT EXISTS expectations (input TEXT NOT NULL, site TEXT NOT NULL, facts TEXT NOT NULL, PRIMARY KEY
(input, site)); CREATE TABLE IF NOT EXISTS org_checks (org_id TEXT PRIMARY KEY, signature TEXT NOT NULL, rows TEXT
NOT NULL); CREATE TABLE IF NOT EXISTS published (report_id TEXT PRIMARY KEY, signature TEXT NOT NULL);
"""
_ITEM = (
    "input", "source", "sha256", "key", "url", "requested_url", "site", "role", "parent_url", "link_title",
    "content_type", "fetched_at", "last_fetched_at", "archive", "offset", "length", "tls_profile", "stamp", "cursor",
    )  # fmt: skip


_UNPARSED = "FROM items i LEFT JOIN parsed p USING (key) WHERE p.version IS NOT ? AND input = ?"


class Seen(NamedTuple):
    """A payload at an address, with what its head says.

    Ordered by address, then by the time it was last seen there.
    """

    id: int
    source: str
    sha256: str
    key: str
    url: str | None
    requested_url: str | None
    site: str | None
    role: str
    parent_url: str | None
    link_title: str | None
    content_type: str | None
    fetched_at: str | None
    last_fetched_at: str | None
    n_fetches: int
    archive: str | None
    offset: int | None
    length: int | None
    tls_profile: str | None
    cursor: int
    totals: str
    head: Head


class State:
    """The build's memory, one SQLite file. Not thread-safe; one build at a time (the caller holds the lock)."""

    def __init__(self, path: Path, version: str) -> None:
        """Open or create; what other code than ``version`` parsed is parsed again. Raises sqlite3.Error, OSError."""
        self.version = version
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            self._open(path)
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError):
                raise
            for file in path.parent.glob(path.name + "*"):  # damaged: it is a cache, begin again
                file.unlink()
            self._open(path)

    def _open(self, path: Path) -> None:
        self.db = sqlite3.connect(path)
        self.db.execute("PRAGMA journal_mode = WAL")
        self.db.execute("PRAGMA synchronous = NORMAL")
        (layout,) = self.db.execute("PRAGMA user_version").fetchone()
        inputs: list[tuple[str, str, str]] = []
        if layout not in (0, LAYOUT):
            inputs = self.db.execute("SELECT input, given, kind FROM inputs").fetchall()
            for (name,) in self.db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
                self.db.execute(f'DROP TABLE "{name}"')
        self.db.executescript(_SCHEMA)
        self.db.executemany("INSERT INTO inputs VALUES (?, ?, ?, 0)", inputs)
        self.db.execute(f"PRAGMA user_version = {LAYOUT}")
        self.db.commit()

    def remembered(self) -> list[tuple[str, str, bool]]:
        """(input, path as given, whether all of it is parsed by this code) of every input ever given."""
        query = """SELECT input, given, EXISTS (SELECT 1 FROM items i WHERE i.input = n.input) AND NOT EXISTS (
                     SELECT 1 FROM items i LEFT JOIN parsed p USING (key)
                     WHERE i.input = n.input AND p.version IS NOT ?) FROM inputs n ORDER BY input"""
        return [(name, given, bool(done)) for name, given, done in self.db.execute(query, (self.version,))]

    def cursor(self, name: str) -> int:
        """Cursor up to which the captures of an archive are known."""
        row = self.db.execute("SELECT cursor FROM inputs WHERE input = ?", (name,)).fetchone()
        return int(row[0]) if row else 0

    def set_input(self, name: str, given: str, kind: str, cursor: int) -> None:
        """Remember an input and how far it was read."""
        self.db.execute("INSERT OR REPLACE INTO inputs VALUES (?, ?, ?, ?)", (name, given, kind, cursor))

    def stamps(self, name: str) -> dict[str, tuple[str | None, str]]:
        """{source: (stamp, key)} of the files of an input."""
        found = self.db.execute("SELECT source, stamp, key FROM items WHERE input = ?", (name,))
        return {source: (stamp, key) for source, stamp, key in found}

    def add(self, name: str, item: Item, key: str) -> bool:
        """Remember a payload at an address; gives whether it is new there."""
        known = self.db.execute(
            "SELECT id, cursor FROM items WHERE input = ? AND source = ? AND sha256 = ?",
            (name, item.source, item.sha256),
        ).fetchone()
        if known:
            if item.cursor > known[1]:
                self.db.execute(
                    "UPDATE items SET last_fetched_at = ?, n_fetches = n_fetches + 1, cursor = ? WHERE id = ?",
                    (item.fetched_at, item.cursor, known[0]),
                )
            self.db.execute("UPDATE items SET stamp = ?, key = ? WHERE id = ?", (item.stamp, key, known[0]))
            return False
        values = {column: getattr(item, column, None) for column in _ITEM}
        values |= {"input": name, "key": key, "last_fetched_at": item.fetched_at}
        columns = ", ".join(f'"{column}"' for column in values)
        marks = ", ".join("?" * len(values))
        self.db.execute(f"INSERT INTO items ({columns}) VALUES ({marks})", tuple(values.values()))
        return True

    def forget(self, name: str, sources: Iterable[str]) -> None:
        """Forget files that are gone or changed."""
        self.db.executemany("DELETE FROM items WHERE input = ? AND source = ?", ((name, source) for source in sources))

    def has(self, key: str) -> bool:
        """Whether this payload is parsed, by this code."""
        query = "SELECT 1 FROM parsed WHERE key = ? AND version = ?"
        return self.db.execute(query, (key, self.version)).fetchone() is not None

    def missing(self, name: str) -> list[str]:
        """Sources of an input whose payload is not parsed, or by other code."""
        return [source for (source,) in self.db.execute(f"SELECT DISTINCT source {_UNPARSED}", (self.version, name))]

    def unparsed(self, name: str) -> list[tuple[Any, ...]]:
        """(key, source, sha256, url, content_type, archive, offset, length) of the same, by their place."""
        columns = 'i.key, source, sha256, url, content_type, archive, "offset", length'
        return self.db.execute(f'SELECT {columns} {_UNPARSED} ORDER BY archive, "offset"', (self.version, name)).fetchall()

    def count_unparsed(self) -> int:
        """How many payloads are not parsed, or by other code."""
        query = "SELECT count(DISTINCT i.key) FROM items i LEFT JOIN parsed p USING (key) WHERE p.version IS NOT ?"
        return int(self.db.execute(query, (self.version,)).fetchone()[0])

    def pictures(self, name: str) -> Iterator[tuple[str, str, dict[str, str | None]]]:
        """(source, key, pictures) of the files of an input beside which pictures were looked for."""
        query = """SELECT source, i.key, json_extract(head, '$.pictures') FROM items i JOIN parsed USING (key)
                   WHERE input = ? AND json_extract(head, '$.pictures') IS NOT NULL"""
        return ((source, key, json.loads(found)) for source, key, found in self.db.execute(query, (name,)).fetchall())

    def discard(self, key: str) -> None:
        """Forget what came of a payload, so that it is parsed again."""
        self.db.execute("DELETE FROM parsed WHERE key = ?", (key,))

    def discard_waiting(self, hint: str) -> None:
        """Forget what came of the payloads a problem of which gives that hint."""
        self.db.execute("DELETE FROM parsed WHERE instr(json_extract(head, '$.problems'), ?)", (hint,))

    def store(self, key: str, parsed: Parsed) -> None:
        """Keep what came of a payload."""
        self.db.execute("INSERT OR REPLACE INTO parsed VALUES (?, ?, ?, ?, ?)", (key, self.version, *parsed))

    def packed(self, key: str) -> bytes:
        """The packed rows of a payload. Raises KeyError."""
        row = self.db.execute("SELECT packed FROM parsed WHERE key = ?", (key,)).fetchone()
        if row is None:
            raise KeyError(key)
        return bytes(row[0])

    def seen(self) -> Iterator[Seen]:
        """Every parsed payload at every address, by address and time."""
        columns = ", ".join(f'i."{name}"' for name in Seen._fields if name not in ("totals", "head"))
        query = f"""SELECT {columns}, p.totals, p.head FROM items i JOIN parsed p USING (key)
                    ORDER BY i.source, i.last_fetched_at, i.cursor, i.sha256"""
        with closing(self.db.execute(query)) as found:
            for row in found:
                head = json.loads(row[-1])
                head["row"] = {sys.intern(name): value for name, value in head["row"].items()}
                yield Seen._make((*row[:-1], {sys.intern(name): value for name, value in head.items()}))

    def set_problems(self, name: str, problems: Iterable[tuple[str, str, str, str | None, str | None]]) -> None:
        """Replace the problems of an input: (source, code, message, site, at)."""
        self.db.execute("DELETE FROM problems WHERE input = ?", (name,))
        self.db.executemany("INSERT INTO problems VALUES (?, ?, ?, ?, ?, ?)", ((name, *problem) for problem in problems))

    def problems(self) -> list[tuple[str, str, str, str | None, str | None]]:
        """The problems of all inputs: (source, code, message, site, at), sorted."""
        query = "SELECT DISTINCT source, code, message, site, at FROM problems ORDER BY source, code, message, at"
        return list(self.db.execute(query))

    def set_expectations(self, name: str, facts: dict[str, Any]) -> None:
        """Replace what the crawl expected of each site of an input."""
        self.db.execute("DELETE FROM expectations WHERE input = ?", (name,))
        self.db.executemany(
            "INSERT INTO expectations VALUES (?, ?, ?)",
            ((name, site, json.dumps(fact)) for site, fact in facts.items()),
        )

    def expectations(self) -> dict[str, dict[str, Any]]:
        """What was expected of each site, by site."""
        return {site: json.loads(facts) for site, facts in self.db.execute("SELECT site, facts FROM expectations ORDER BY site, input")}

    def org_checks(self) -> dict[str, str]:
        """{org_id: signature} of the organs whose checks are remembered."""
        return dict(self.db.execute("SELECT org_id, signature FROM org_checks"))

    def rows_of_org(self, org_id: str) -> dict[str, list[dict[str, Any]]]:
        """The remembered checks of an organ by report."""
        (rows,) = self.db.execute("SELECT rows FROM org_checks WHERE org_id = ?", (org_id,)).fetchone()
        return json.loads(rows)  # type: ignore[no-any-return]

    def set_org_checks(self, org_id: str, signature: str, rows: dict[str, Any]) -> None:
        """Remember the checks of an organ."""
        text = json.dumps(rows, ensure_ascii=False)
        self.db.execute("INSERT OR REPLACE INTO org_checks VALUES (?, ?, ?)", (org_id, signature, text))

    def prune(self) -> None:
        """Drop parsed payloads that no address refers to."""
        self.db.execute("DELETE FROM parsed WHERE key NOT IN (SELECT key FROM items)")

    def commit(self) -> None:
        """Make what was stored so far survive a kill."""
        self.db.commit()

    def close(self) -> None:
        """Commit and close, leaving one file."""
        self.db.commit()
        self.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self.db.close()
