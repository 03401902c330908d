"""TLS with real servers: certificates that verify, that do not, and a key exchange that only old rules accept."""

from __future__ import annotations

import shutil
import ssl
import subprocess
from pathlib import Path

import pytest

from scraper.client import fetch_one
from scraper.errors import FetchError
from scraper.sites import Site

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="needs the openssl program to make certificates")


@pytest.fixture(scope="session")
def certificates(tmp_path_factory) -> Path:
    """A self-signed certificate for 127.0.0.1, and 1024-bit Diffie-Hellman parameters."""
    folder = tmp_path_factory.mktemp("tls")
    commands = [
        "openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -days 2 -subj /CN=127.0.0.1"
        " -addext subjectAltName=IP:127.0.0.1",
        "openssl dhparam -dsaparam -out dh.pem 1024",
    ]
    for command in commands:
        subprocess.run(command.split(), cwd=folder, check=True, capture_output=True)
    return folder


@pytest.fixture
def secure(loopback, certificates):
    """A maker of hosts behind TLS; ``old`` ones offer only a 1024-bit key exchange."""

    def make(old: bool = False):
        web = loopback()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        if old:
            context.set_ciphers("DHE-RSA-AES128-SHA256:@SECLEVEL=0")
            context.load_dh_params(certificates / "dh.pem")
            context.maximum_version = ssl.TLSVersion.TLSv1_2
        context.load_cert_chain(certificates / "cert.pem", certificates / "key.pem")
        web.server.socket = context.wrap_socket(web.server.socket, server_side=True, do_handshake_on_connect=False)
        return web

    return make


def https(web, path):
    return web.url(path).replace("http://", "https://")


def fill(web, pages):
    web.routes["/nb/"] = pages.column({"1.html": pages.title(1)})
    web.routes["/nb/1.html"] = pages.report(pages.title(1))


def test_a_certificate_that_verifies(secure, pages, run, archive, certificates, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificates / "cert.pem"))
    web = secure()
    fill(web, pages)
    assert run(https(web, "/nb/")).sites[0].new == 1
    with archive() as opened:
        assert {capture.tls_profile for capture in opened.captures()} == {"modern"}


def test_a_bad_certificate_is_a_problem_unless_the_site_allows_it(secure, pages, run, archive):
    web = secure()
    fill(web, pages)
    summary = run(https(web, "/nb/"))
    assert summary.sites[0].problems == {"tls_certificate": 1}
    assert web.hits == []
    run(Site("宽", (https(web, "/nb/"),), allow_bad_certificate=True), folder="lax")
    with archive("lax") as opened:
        assert {capture.tls_profile for capture in opened.captures()} == {"modern+unverified"}
        assert [capture.role for capture in opened.captures()].count("report") == 1


def test_an_old_key_exchange_moves_on_to_the_profile_that_takes_it(secure, pages, run, archive, certificates, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificates / "cert.pem"))
    web = secure(old=True)
    fill(web, pages)
    assert run(https(web, "/nb/")).sites[0].new == 1
    with archive() as opened:
        assert {capture.tls_profile for capture in opened.captures()} == {"seclevel1"}
    assert fetch_one(https(web, "/nb/")).tls_profile == "seclevel1"
    with pytest.raises(FetchError) as refused:
        fetch_one(https(web, "/nb/"), tls_profile="modern")
    assert refused.value.code == "tls_handshake"


def test_no_profile_helps_where_no_tls_is_spoken(web):
    with pytest.raises(FetchError) as error:
        fetch_one(https(web, "/"), attempts=1)
    assert error.value.code in ("tls_handshake", "connection")
