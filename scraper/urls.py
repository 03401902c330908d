"""URLs as the crawl compares them: canonical form, the key that makes two spellings one page, hosts and suffixes."""

from __future__ import annotations

import hashlib
import posixpath
import re
from functools import lru_cache
from urllib.parse import quote, urljoin, urlsplit, urlunsplit

import tldextract

DEFAULT_PORTS = {"http": 80, "https": 443}
DOCUMENT_SUFFIXES = frozenset({"pdf", "doc", "docx", "wps", "xls", "xlsx", "et", "ofd", "zip", "rar"})
_ASSET_SUFFIXES = frozenset(
    {
        "jpg",
        "jpeg",
        "png",
        "gif",
        "bmp",
        "svg",
        "ico",
        "webp",
        "css",
        "js",
        "mp3",
        "mp4",
        "avi",
        "flv",
        "swf",
        "wmv",
        "apk",
        "exe",
    }
)
_SESSION = re.compile(r";(?:jsessionid|phpsessid|aspsessionid\w*)=[^/?#;]*", re.I)
_SESSION_QUERY = re.compile(r"(?:^|&)(?:jsessionid|phpsessid|aspsessionid\w*|cfid|cftoken)=[^&]*", re.I)
# The bundled snapshot of the public suffix list: no request leaves the machine to fetch another.
_suffixes = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)


def canonical(url: str, base: str | None = None) -> str | None:
    """Absolute http(s) form of ``url`` (resolved against ``base``) without fragment, default port and session id.

    None for anything that is no web address (``javascript:``, ``mailto:``, damaged text).
    """
    try:
        parts = urlsplit(urljoin(base, url.strip()) if base else url.strip())
        host, port = parts.hostname, parts.port
        if parts.scheme not in DEFAULT_PORTS or not host:
            return None
        host = host if host.isascii() else host.encode("idna").decode("ascii")
    except (ValueError, UnicodeError):
        return None
    if any(char.isspace() for char in host):
        return None
    netloc = f"[{host}]" if ":" in host else host
    if port is not None and port != DEFAULT_PORTS[parts.scheme]:
        netloc = f"{netloc}:{port}"
    path = _SESSION.sub("", parts.path) or "/"
    if "/." in path or "//" in path:
        path = _normal_path(path)
    query = _SESSION_QUERY.sub("", parts.query).lstrip("&")
    return urlunsplit(
        (
            parts.scheme,
            netloc,
            quote(path, safe="/%:@!$&'()*+,;=~-._"),
            quote(query, safe="/%:@!$&'()*+,;=~-._?[]{}\"|"),
            "",
        )
    )


def _normal_path(path: str) -> str:
    normal = posixpath.normpath(path)
    normal = "/" + normal.lstrip("/")
    return normal + "/" if path.endswith(("/", "/.", "/..")) and normal != "/" else normal


def request_key(method: str, url: str, body: str = "") -> str:
    """What makes two requests the same: http and https on their default ports are one site."""
    parts = urlsplit(url)
    key = f"{method} {parts.netloc}{parts.path}" + (f"?{parts.query}" if parts.query else "")
    return f"{key} {hashlib.sha1(body.encode()).hexdigest()}" if body else key


def netloc(url: str) -> str:
    """``host:port`` with the port always written out."""
    parts = urlsplit(url)
    return f"{parts.hostname}:{parts.port or DEFAULT_PORTS.get(parts.scheme, 0)}"


def origin(url: str) -> str:
    """``scheme://host[:port]``: what one robots.txt speaks for."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def suffix(url: str) -> str:
    """The file name's suffix in lower case without the dot, "" without one."""
    name = urlsplit(url).path.rpartition("/")[2]
    return name.rpartition(".")[2].lower() if "." in name else ""


def is_document(url: str) -> bool:
    """Whether the address names a document file (pdf, doc, ...) or a known download script of one."""
    if suffix(url) in DOCUMENT_SUFFIXES:
        return True
    query = urlsplit(url).query
    return "DownloadAttachUrl" in query or query.rpartition(".")[2].lower() in DOCUMENT_SUFFIXES


def is_asset(url: str) -> bool:
    """Whether the address names a picture, script, style sheet, film or program: never a page."""
    return suffix(url) in _ASSET_SUFFIXES


@lru_cache(maxsize=4096)
def registrable(host: str) -> str:
    """The registrable domain of ``host`` (``x.gov.cn`` for ``www.x.gov.cn``), or the host itself."""
    return _suffixes(host).top_domain_under_public_suffix or host
