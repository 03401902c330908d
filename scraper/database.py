"""The archive folder's SQLite file: what is known, what is to be fetched, where each payload lies."""

from __future__ import annotations

import sqlite3
from pathlib import Path

VERSION = 1

SCHEMA = """
CREATE TABLE IF NOT EXISTS sites (
    name TEXT PRIMARY KEY, organ TEXT, division_code TEXT, start_urls TEXT NOT NULL, min_reports_per_year INTEGER,
    first_year INTEGER, last_year INTEGER, round INTEGER NOT NULL DEFAULT 0, open INTEGER NOT NULL DEFAULT 0,
    finished_at TEXT);
CREATE TABLE IF NOT EXISTS hosts (
    host TEXT PRIMARY KEY, next_allowed REAL NOT NULL, tls_profile TEXT);
CREATE TABLE IF NOT EXISTS robots (
    origin TEXT PRIMARY KEY, fetched_at REAL NOT NULL, decision TEXT NOT NULL, body BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS requests (
    id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, host TEXT NOT NULL, state TEXT NOT NULL, round INTEGER NOT NULL,
    site TEXT NOT NULL, role TEXT NOT NULL, url TEXT NOT NULL, method TEXT NOT NULL, body TEXT NOT NULL,
    parent_url TEXT, title TEXT, depth INTEGER NOT NULL, family TEXT, memo TEXT, hops INTEGER NOT NULL, requested_url TEXT,
    attempts INTEGER NOT NULL DEFAULT 0, etag TEXT, last_modified TEXT, sha256 TEXT, capture INTEGER,
    final_role TEXT, year INTEGER, news TEXT, code TEXT, message TEXT, at TEXT);
CREATE INDEX IF NOT EXISTS requests_queued ON requests (host, id) WHERE state = 'queued';
CREATE INDEX IF NOT EXISTS requests_by_site ON requests (site);
CREATE TABLE IF NOT EXISTS captures (
    cursor INTEGER PRIMARY KEY AUTOINCREMENT, request INTEGER NOT NULL, url TEXT NOT NULL, requested_url TEXT NOT NULL,
    site TEXT NOT NULL, parent_url TEXT, role TEXT NOT NULL, link_title TEXT, status INTEGER NOT NULL, content_type TEXT,
    fetched_at TEXT NOT NULL, sha256 TEXT, warc TEXT NOT NULL, offset INTEGER NOT NULL, length INTEGER NOT NULL,
    tls_profile TEXT, unchanged INTEGER NOT NULL DEFAULT 0);
CREATE INDEX IF NOT EXISTS captures_by_request ON captures (request);
CREATE TABLE IF NOT EXISTS process (running INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS warcs (name TEXT PRIMARY KEY, indexed_end INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS site_problems (
    site TEXT NOT NULL, source TEXT NOT NULL, code TEXT NOT NULL, message TEXT NOT NULL, at TEXT NOT NULL,
    PRIMARY KEY (site, source, code));
"""


class ArchiveError(Exception):
    """An archive folder that cannot be read or written; the message says which and why."""


def open_database(path: Path, *, write: bool) -> sqlite3.Connection:
    """Open (and, for writing, create) the archive's database. Raises ArchiveError."""
    try:
        if write:
            path.parent.mkdir(parents=True, exist_ok=True)
            db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
            db.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;")
            version = db.execute("PRAGMA user_version").fetchone()[0]
            if version == 0:
                db.executescript(f"BEGIN; {SCHEMA} PRAGMA user_version={VERSION}; COMMIT;")
        else:
            db, version = _open_for_reading(path)
    except (sqlite3.Error, OSError) as error:
        raise ArchiveError(f"{path}: {error}") from error
    if version > VERSION:
        raise ArchiveError(f"{path}: written by a newer version of this program")
    db.row_factory = sqlite3.Row
    return db


def _open_for_reading(path: Path) -> tuple[sqlite3.Connection, int]:
    """A folder that cannot be written to has no place for SQLite's shared memory: there the file is taken as it stands."""
    for mode in ("mode=ro", "mode=ro&immutable=1"):
        db = sqlite3.connect(f"{path.resolve().as_uri()}?{mode}", uri=True, isolation_level=None, check_same_thread=False)
        try:
            return db, int(db.execute("PRAGMA user_version").fetchone()[0])
        except sqlite3.OperationalError:
            db.close()
    raise sqlite3.OperationalError("unable to open database file")
