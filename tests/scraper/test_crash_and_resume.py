"""kill -9 at random instants, SIGTERM, torn files, full disks: nothing lost, nothing twice, always readable."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from scraper.archive import Archive, ArchiveError
from scraper.crawl import CrawlOptions, crawl
from scraper.joblog import LockedError, run_lock
from scraper.sites import site_from_url

ROOT = Path(__file__).resolve().parents[2]
DRIVER = Path(__file__).with_name("crash_driver.py")
REPORTS = 60


@pytest.fixture
def webs(loopback, pages):
    """Three hosts with two pages of reports each, slow enough to be killed."""
    hosts = []
    for number in range(3):
        web = loopback()
        links = {f"{n}.html": pages.title(n + 100 * number) for n in range(REPORTS)}
        web.routes["/nb/"] = pages.column(
            dict(list(links.items())[:40]), "<a href='2.html#'>x</a><script>createPageHTML(2, 0, 'index', 'html')</script>"
        )
        web.routes["/nb/index_1.html"] = pages.column(dict(list(links.items())[40:]))
        for name, title in links.items():
            page = pages.report(title, body="主动公开 " * 300)
            web.routes[f"/nb/{name}"] = lambda _, page=page: (time.sleep(0.004), page)[1]
        hosts.append(web)
    return hosts


def payloads(folder: Path) -> dict[str, list[str]]:
    """SHA-256 of every report's payloads by URL."""
    found: dict[str, list[str]] = {}
    with Archive(folder) as archive:
        for capture in archive.captures():
            if capture.role == "report" and not capture.unchanged:
                found.setdefault(capture.url, []).append(capture.sha256 or "")
                assert capture.body()
    return found


def check_warcs(folder: Path) -> int:
    """Read every WARC file from end to end with another reader, digests checked; gives the number of responses."""
    responses = 0
    for path in sorted((folder / "warc").glob("*.warc.gz")):
        with path.open("rb") as handle:
            for record in ArchiveIterator(handle, check_digests="raise"):
                record.content_stream().read()
                responses += record.rec_type == "response"
    return responses


def test_fifty_kills_leave_the_archive_of_an_undisturbed_run(webs, tmp_path):
    urls = [web.url("/nb/") for web in webs]
    crawl([site_from_url(url) for url in urls], tmp_path / "calm", CrawlOptions(delay=0))
    calm = payloads(tmp_path / "calm")
    for web in webs:
        web.hits.clear()
    done = subprocess.run(
        [sys.executable, str(DRIVER), str(tmp_path / "killed"), "50", "7", *urls],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=True,
    )
    kills = int(done.stdout)
    assert kills >= 10, f"only {kills} kills hit a running crawl"
    assert payloads(tmp_path / "killed") == calm
    assert all(len(digests) == 1 for digests in calm.values())
    assert len(calm) == 3 * REPORTS
    first_round = [[hit for hit in web.hits if not hit.conditional] for web in webs]
    for hits in first_round:
        repeated = sum(count - 1 for count in Counter(hit.path for hit in hits).values())
        assert repeated <= kills, "only what was on its way at a kill is asked again"
    with Archive(tmp_path / "killed") as archive:
        full = sum(not capture.unchanged for capture in archive.captures())
        assert list(archive.problems()) == []
    assert check_warcs(tmp_path / "killed") == full


def test_a_lost_index_is_rebuilt_from_the_warc_files(webs, run, tmp_path):
    urls = [web.url("/nb/") for web in webs]
    run(*urls)
    before = payloads(tmp_path / "archive")
    for path in (tmp_path / "archive").glob("frontier.sqlite*"):
        path.unlink()
    for web in webs:
        web.hits.clear()
    run(*urls)
    assert payloads(tmp_path / "archive") == before
    assert sum(len(web.hits) for web in webs) == 0, "all of it was archived already"


def test_a_torn_tail_is_cut_off_and_fetched_again(webs, run, tmp_path):
    run(webs[0].url("/nb/"), max_pages=20)
    (path,) = (tmp_path / "archive" / "warc").glob("*.warc.gz")
    with path.open("ab") as handle:
        handle.write(b"\x1f\x8b\x08\x00torn in the middle of a rec")
    run(webs[0].url("/nb/"))
    assert len(payloads(tmp_path / "archive")) == REPORTS
    check_warcs(tmp_path / "archive")


def wait_until(happened: Callable[[], object]) -> None:
    """Wait for something that must happen soon."""
    deadline = time.monotonic() + 20
    while not happened():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.01)


def start(folder: Path, *urls: str, delay: float = 0.0) -> subprocess.Popen[str]:
    code = """
import json, sys
from scraper.crawl import crawl, CrawlOptions
from scraper.sites import site_from_url
print("ready", flush=True)
summary = crawl([site_from_url(url) for url in sys.argv[3:]], sys.argv[1], CrawlOptions(delay=float(sys.argv[2])))
print(json.dumps([summary.complete, summary.stopped, summary.fetched]))
"""
    process = subprocess.Popen([sys.executable, "-c", code, str(folder), str(delay), *urls], stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert process.stdout is not None
    process.stdout.readline()
    return process


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_finishes_the_pages_in_flight(webs, run, tmp_path, number):
    web = webs[0]
    slow = web.routes["/nb/3.html"]
    web.routes["/nb/3.html"] = lambda hit: (time.sleep(0.8), slow(hit))[1]
    process = start(tmp_path / "archive", web.url("/nb/"))
    wait_until(lambda: any(hit.path == "/nb/3.html" for hit in web.hits))
    started = time.monotonic()
    process.send_signal(number)
    out, _ = process.communicate(timeout=30)
    assert json.loads(out)[:2] == [False, "signal"]
    assert process.returncode == 0
    assert time.monotonic() - started < 10
    assert web.url("/nb/3.html") in payloads(tmp_path / "archive"), "what was in flight is kept"
    run(web.url("/nb/"))
    assert len(payloads(tmp_path / "archive")) == REPORTS
    assert max(Counter(web.paths()).values()) == 1


def test_a_stop_during_long_delays_is_quick(webs, tmp_path):
    process = start(tmp_path / "archive", webs[0].url("/nb/"), delay=60)
    wait_until(lambda: webs[0].hits)
    time.sleep(0.2)
    started = time.monotonic()
    process.terminate()
    out, _ = process.communicate(timeout=30)
    assert json.loads(out)[1] == "signal"
    assert time.monotonic() - started < 5


def test_after_a_kill_hosts_rest_before_they_are_asked_again(webs, run, tmp_path):
    process = start(tmp_path / "archive", webs[0].url("/nb/"), delay=0.5)
    wait_until(lambda: len(webs[0].hits) >= 2)
    process.kill()
    process.communicate()
    run(webs[0].url("/nb/"), delay=0.5, max_pages=2)
    assert min(webs[0].gaps()) >= 0.45


def test_two_crawls_of_one_archive_exclude_each_other(webs, run, tmp_path):
    process = start(tmp_path / "archive", webs[0].url("/nb/"), delay=30)
    wait_until(lambda: webs[0].hits)
    with pytest.raises(LockedError, match=f"process {process.pid} since 20"):
        run(webs[1].url("/nb/"))
    process.kill()
    process.communicate()
    run(webs[1].url("/nb/"))


def test_run_lock_names_its_holder(tmp_path):
    with run_lock(tmp_path / "lock"), pytest.raises(LockedError, match=f"process {os.getpid()} since 20"), run_lock(tmp_path / "lock"):
        pass
    with run_lock(tmp_path / "lock"):
        pass


def test_a_full_disk_ends_the_crawl_with_an_error_and_a_readable_archive(webs, run, tmp_path):
    code = """
import resource, signal, sys
from scraper.archive import ArchiveError
from scraper.crawl import crawl, CrawlOptions
from scraper.sites import site_from_url
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (150_000, resource.RLIM_INFINITY))
try:
    crawl([site_from_url(sys.argv[2])], sys.argv[1], CrawlOptions(delay=0))
except ArchiveError as error:
    print("named:", error)
"""
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "archive"), webs[0].url("/nb/")], capture_output=True, text=True, cwd=ROOT, check=False
    )
    assert "named:" in done.stdout, done.stderr
    run(webs[0].url("/nb/"))
    assert len(payloads(tmp_path / "archive")) == REPORTS
    check_warcs(tmp_path / "archive")


def test_no_archive_and_broken_archive_have_names(tmp_path, run, webs):
    with pytest.raises(ArchiveError, match="no archive"):
        Archive(tmp_path)
    (tmp_path / "frontier.sqlite").write_bytes(b"this is not a database" * 100)
    with pytest.raises(ArchiveError, match=r"frontier\.sqlite"):
        Archive(tmp_path)
    (tmp_path / "file").write_text("x")
    with pytest.raises(ArchiveError):
        crawl([site_from_url(webs[0].url("/nb/"))], tmp_path / "file" / "archive", CrawlOptions())
    run(webs[0].url("/nb/"), max_pages=3)
    with sqlite3.connect(tmp_path / "archive" / "frontier.sqlite") as db:
        db.execute("PRAGMA user_version = 99")
    with pytest.raises(ArchiveError, match="newer version"):
        Archive(tmp_path / "archive")


def test_an_error_that_was_archived_but_not_read_is_tried_again_after_a_kill(web, pages, answer, run, reports, tmp_path):
    """The index is taken back to the moment before the last answers were read: a 503, a redirect, a page."""
    broken = iter([True])
    web.routes["/nb/"] = pages.column({"1.html": pages.title(1), "2.html": pages.title(2), "old.html": pages.title(3)})
    web.routes["/nb/1.html"] = lambda _: answer("busy", 503) if next(broken, False) else pages.report(pages.title(1))
    web.routes["/nb/2.html"] = pages.report(pages.title(2))
    web.routes["/nb/old.html"] = answer("", 301, {"Location": "3.html"})
    web.routes["/nb/3.html"] = pages.report(pages.title(3))
    run(web.url("/nb/"), max_pages=3)  # robots.txt, the column, and the 503
    database = tmp_path / "archive" / "frontier.sqlite"
    for path in database.parent.glob("frontier.sqlite*"):
        path.unlink()
    run(web.url("/nb/"))
    assert reports() == ["/nb/1.html", "/nb/2.html", "/nb/3.html"]
    assert web.paths().count("/nb/") == 1


def test_a_moved_warc_file_costs_a_new_fetch_not_the_crawl(web, pages, answer, run, tmp_path):
    web.routes["/nb/"] = answer(pages.column({"1.html": pages.title(1)}), headers={"ETag": '"1"'})
    web.routes["/nb/1.html"] = answer(pages.report(pages.title(1)), headers={"ETag": '"2"'})
    run(web.url("/nb/"))
    for path in (tmp_path / "archive" / "warc").iterdir():
        path.rename(tmp_path / path.name)
    web.hits.clear()
    summary = run(web.url("/nb/"))
    assert summary.sites[0].unchanged == 1
    assert not summary.failed
    assert [hit.path for hit in web.hits if not hit.conditional] == ["/nb/"], "only the list had to be read again"


def test_a_read_only_archive_can_be_read(webs, run, tmp_path):
    run(webs[0].url("/nb/"))
    folder = tmp_path / "archive"
    for path in [*folder.rglob("*"), folder]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    try:
        assert len(payloads(folder)) == REPORTS
    finally:
        for path in [folder, *folder.rglob("*")]:
            path.chmod(0o755 if path.is_dir() else 0o644)
