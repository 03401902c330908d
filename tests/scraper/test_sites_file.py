"""sites.toml: what it may say, and errors that name the file and the key."""

from __future__ import annotations

from pathlib import Path

import pytest

from scraper.sites import Site, SitesError, gather_sites, load_sites, site_from_url

FULL = """
[[site]]
name = "示例市"
organ = "示例市人民政府"
division_code = "990100"
start_urls = ["http://www.example.gov.cn/zfxxgknb/", "http://www.example.gov.cn/ndbg/"]
delay = 2
tls_profile = "legacy-renegotiation"
allow_bad_certificate = true
user_agent = "lab/1.0 (+mailto:someone@example.org)"
min_reports_per_year = 1
years = [2019, 2024]
confidence = "sure"
last_seen = 2026-01-31

[[site]]
name = "示例县"
start_urls = "https://www.example.org/"
"""


@pytest.fixture
def write(tmp_path):
    def go(text: str | bytes) -> Path:
        path = tmp_path / "sites.toml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return go


def test_everything_a_site_may_say(write):
    first, second = load_sites(write(FULL))
    assert first == Site(
        "示例市",
        ("http://www.example.gov.cn/zfxxgknb/", "http://www.example.gov.cn/ndbg/"),
        "示例市人民政府",
        "990100",
        2.0,
        "legacy-renegotiation",
        True,
        "lab/1.0 (+mailto:someone@example.org)",
        1,
        (2019, 2024),
        "sure",
        "2026-01-31",
    )
    assert second == Site("示例县", ("https://www.example.org/",))


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("", "no [[site]]"),
        ("[[site]]\nname = 'a'", "start_urls is missing"),
        ("[[site]]\nstart_urls = ['ftp://example.org']", "start_urls"),
        ("[[site]]\nstart_urls = ['http://e.org']\ndelay = -1", "delay"),
        ("[[site]]\nstart_urls = ['http://e.org']\ndelay = true", "delay"),
        ("[[site]]\nstart_urls = ['http://e.org']\ntls_profile = 'old'", "tls_profile"),
        ("[[site]]\nstart_urls = ['http://e.org']\ndivision_code = '12'", "division_code"),
        ("[[site]]\nstart_urls = ['http://e.org']\nyears = [2024, 2019]", "years"),
        ("[[site]]\nstart_urls = ['http://e.org']\nallow_bad_certificate = 'yes'", "allow_bad_certificate"),
        ("[[site]]\nstart_urls = ['http://e.org']\nuser_agent = '示例'", "user_agent"),
        ("[[site]]\nstart_urls = ['http://e.org']\ncolour = 'red'", "colour"),
        ("[[site]]\nstart_urls = ['http://e.org']\nname = 'a'\n[[site]]\nstart_urls = ['http://e.org']\nname = 'a'", "used twice"),
        ("[site]\nname = 'a'", "no [[site]]"),
        ("[defaults]\ndelay = 1", "defaults"),
        ("[[site]\n", "not valid TOML"),
        (b"\xff\xfe\x00", "not UTF-8"),
    ],
)
def test_errors_name_the_file_and_the_key(write, text, named):
    path = write(text)
    with pytest.raises(SitesError) as error:
        load_sites(path)
    assert str(path) in str(error.value)
    assert named in str(error.value)


def test_a_missing_file_and_a_file_of_another_kind(tmp_path):
    with pytest.raises(SitesError, match="cannot be read"):
        load_sites(tmp_path / "none.toml")
    with pytest.raises(SitesError, match="neither a web address"):
        gather_sites(["pages.html"])


def test_urls_and_files_together(write):
    sites = gather_sites([str(write(FULL)), "http://e.org/a/", "http://e.org/b/"])
    assert [site.name for site in sites] == ["示例市", "示例县", "e.org"]
    assert sites[2].start_urls == ("http://e.org/a/", "http://e.org/b/")
    assert site_from_url("https://e.org:8443/x").name == "e.org:8443"


def test_the_starter_file_is_a_valid_one_and_says_how_sure_it_is():
    files = sorted((Path(__file__).resolve().parents[2] / "data" / "sites").glob("*.toml"))
    assert files
    for path in files:
        for site in load_sites(path):
            assert site.confidence in ("sure", "likely", "guess"), site.name
            assert site.last_seen, site.name
