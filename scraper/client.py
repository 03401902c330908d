"""The one module that speaks HTTP: httpx's requests and responses over aiohttp, with limits, TLS profiles and address rules.

httpx's client is left out: redirects, cookies and retries are the crawl's business (each hop is a request of its own, with its
own robots decision, delay and WARC record). The transport is ours and not httpx-aiohttp's: it keeps the case of header
names, which old servers mind, keeps aiohttp's errors, which say more than the mapped ones, and costs half as much.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
import time
from collections.abc import AsyncIterator, Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import httpx
import stamina
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver
from yarl import URL

from scraper.addresses import AddressRules, RefusedAddressError
from scraper.contentcoding import Decoder, TooLargeError
from scraper.errors import FetchError as FetchError
from scraper.http import DEFAULT_USER_AGENT as DEFAULT_USER_AGENT
from scraper.http import Fetched as Fetched
from scraper.http import Limits as Limits
from scraper.http import header_value, redirect_target
from scraper.sites import TLS_PROFILES
from scraper.tls import explain_tls, tls_context
from scraper.urls import DEFAULT_PORTS, canonical, origin

# stamina logs each retry to standard output, where only data belongs; what finally fails is said once, by the caller.
stamina.instrumentation.set_on_retry_hooks(())
# Bodies above this size wait for each other, so that peak memory does not grow with concurrency.
LARGE_BODY = 2 << 20


@lru_cache(maxsize=1024)
def _origin(place: str) -> httpx.URL:
    """Parsing an address costs httpx as much as the rest of a request; origins are few."""
    return httpx.URL(place)


class _GuardedResolver(AbstractResolver):
    """Resolves names and refuses what the address rules refuse, at the moment of connecting: a name cannot be rebound."""

    def __init__(self, rules: AddressRules) -> None:
        self._rules, self._inner = rules, ThreadedResolver()

    async def resolve(self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC) -> list[ResolveResult]:
        found = await self._inner.resolve(host, port, family)
        self._rules.check(host, port, [result["host"] for result in found])
        return found

    async def close(self) -> None:
        await self._inner.close()


class Client:
    """Fetches single URLs for one event loop; an async context manager."""

    def __init__(self, rules: AddressRules, user_agent: str = DEFAULT_USER_AGENT, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self._rules = rules
        self._headers = {
            "User-Agent": user_agent,
            "Accept": "text/html,application/xhtml+xml,*/*;q=0.8",
            "Accept-Language": "zh-CN,zh;q=0.9",
            "Accept-Encoding": "gzip, deflate",
        }
        self._transports: dict[tuple[str, bool], _Transport] = {}
        self._resolver: _GuardedResolver | None = None
        self._large = asyncio.Semaphore(1)

    async def __aenter__(self) -> Client:
        self._resolver = _GuardedResolver(self._rules)
        return self

    async def __aexit__(self, *_: object) -> None:
        for transport in self._transports.values():
            await transport.aclose()
        self._transports.clear()

    async def resolve(self, host: str, port: int = 0) -> tuple[str, ...]:
        """The addresses of a name, () if it has none; nothing is refused here."""
        try:
            return tuple(sorted({result["host"] for result in await ThreadedResolver().resolve(host, port, socket.AF_UNSPEC)}))
        except OSError:
            return ()

    async def fetch(
        self,
        url: str,
        *,
        method: str = "GET",
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
        tls_profile: str | None = None,
        allow_bad_certificate: bool = False,
        limit: int | None = None,
    ) -> Fetched:
        """One exchange, redirects not followed. Raises FetchError.

        Without ``tls_profile`` the profiles are tried in order, the next one only when
        the handshake itself fails for a reason that it cures.
        """
        parts = urlsplit(url)
        try:
            self._rules.check_literal(parts.hostname or "", parts.port or DEFAULT_PORTS[parts.scheme])
        except RefusedAddressError as error:
            raise FetchError("refused_address", str(error)) from error
        profiles = (tls_profile,) if tls_profile else TLS_PROFILES
        if parts.scheme != "https":
            profiles = ("",)
        for number, profile in enumerate(profiles, 1):
            try:
                return await self._exchange(url, method, body, headers or {}, profile, allow_bad_certificate, limit or self.limits.body)
            except FetchError as error:
                if not error.next_profile or number == len(profiles):
                    raise
        raise AssertionError("no TLS profile")

    async def _exchange(
        self, url: str, method: str, body: bytes, headers: Mapping[str, str], profile: str, lax: bool, limit: int
    ) -> Fetched:
        place = origin(url)
        target = url[len(place) :]
        extensions = {"target": target.encode("ascii")}
        request = httpx.Request(method, _origin(place), content=body or None, headers={**self._headers, **headers}, extensions=extensions)
        moment, started = time.time(), time.monotonic()
        try:
            async with asyncio.timeout(self.limits.total):
                response = await self._transport(profile, lax).handle_async_request(request)
                try:
                    fields = _text(response.headers.raw)
                    wire, decoded, truncated = await self._read(response, header_value(fields, "content-encoding") or "", limit)
                finally:
                    await response.aclose()
        except TooLargeError as error:
            raise FetchError("too_large", f"the body is {error}") from error
        except (aiohttp.ClientError, httpx.InvalidURL, OSError, ValueError) as error:
            raise _explain(error) from error
        return Fetched(
            url=url,
            status=response.status_code,
            reason=response.reason_phrase,
            headers=fields,
            body=decoded,
            wire=wire,
            request_line=f"{method} {target} HTTP/1.1",
            request_headers=_text(request.headers.raw),
            request_body=body,
            tls_profile=(profile + ("+unverified" if lax else "")) if profile else None,
            moment=moment,
            elapsed=time.monotonic() - started,
            truncated=truncated,
        )

    async def _read(self, response: httpx.Response, coding: str, limit: int) -> tuple[bytes, bytes, str | None]:
        """(wire, decoded, why it is cut) of a body. Raises TooLargeError."""
        decoder, wire, size, large = Decoder(coding, limit), [], 0, False
        cut = None
        try:
            async for chunk in response.stream:  # type: ignore[union-attr]
                size += len(chunk)
                if size > limit:
                    raise TooLargeError(f"more than {limit} bytes")
                if coding:
                    wire.append(chunk)
                decoder.feed(chunk)
                if not large and decoder.size > LARGE_BODY:
                    await self._large.acquire()
                    large = True
        except (aiohttp.ClientPayloadError, aiohttp.ClientConnectionError, ConnectionError):
            if not decoder.size:
                raise
            cut = "disconnect"
        finally:
            if large:
                self._large.release()
        body = decoder.body()
        return (b"".join(wire) if coding else body), body, cut or ("disconnect" if decoder.cut else None)

    def _transport(self, profile: str, lax: bool) -> _Transport:
        transport = self._transports.get((profile, lax))
        if transport is None:
            assert self._resolver is not None, "the client is used as a context manager"
            context = tls_context(profile, not lax) if profile else None
            transport = self._transports[profile, lax] = _Transport(context, self._resolver, self.limits)
        return transport


class _Transport(httpx.AsyncBaseTransport):
    """aiohttp under httpx's transport interface, for one TLS context."""

    def __init__(self, context: ssl.SSLContext | None, resolver: AbstractResolver, limits: Limits) -> None:
        self._timeout = aiohttp.ClientTimeout(sock_connect=limits.connect, sock_read=limits.read)
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(resolver=resolver, ssl=context or False, limit=0, keepalive_timeout=10, ttl_dns_cache=300),
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            trust_env=False,
            max_line_size=16384,
            max_field_size=32768,
            read_bufsize=1 << 16,
        )
        # aiohttp would repeat a request at once when a kept connection breaks; here each request keeps its delay.
        self._session._retry_connection = False

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request; as in httpx itself, the extension ``target`` stands for the path and query as they are to be sent."""
        response = await self._session.request(
            request.method,
            URL(str(request.url).rstrip("/") + request.extensions["target"].decode("ascii"), encoded=True),
            headers=[(name.decode("latin-1"), value.decode("latin-1")) for name, value in request.headers.raw],
            data=request.content or None,
            allow_redirects=False,
            timeout=self._timeout,
        )
        extensions = {"reason_phrase": (response.reason or "").encode("latin-1", "replace")}
        return httpx.Response(response.status, headers=response.raw_headers, stream=_Stream(response), extensions=extensions)

    async def aclose(self) -> None:
        """Close all connections."""
        await self._session.close()


class _Stream(httpx.AsyncByteStream):
    """The body of an aiohttp response, content coding left in place."""

    def __init__(self, response: aiohttp.ClientResponse) -> None:
        self._response = response

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for chunk in self._response.content.iter_any():
            yield chunk

    async def aclose(self) -> None:
        """Give the connection back if the body was read whole, else close it."""
        self._response.release()


def _text(raw: Any) -> tuple[tuple[str, str], ...]:
    return tuple((name.decode("latin-1"), value.decode("utf-8", "surrogateescape")) for name, value in raw)


def _chain(error: BaseException | None) -> list[BaseException]:
    """The error and its causes; of aiohttp's wrappers also the error inside."""
    chain: list[BaseException] = []
    while error is not None and error not in chain:
        chain.append(error)
        inner = getattr(error, "os_error", None) or getattr(error, "certificate_error", None)
        error = inner or error.__cause__ or error.__context__
    return chain


def _explain(error: BaseException) -> FetchError:
    """The named error for what the libraries raised."""
    chain = _chain(error)
    text = next((str(cause).splitlines()[0] for cause in reversed(chain) if str(cause)), type(error).__name__)
    for cause in chain:
        if isinstance(cause, RefusedAddressError):
            return FetchError("refused_address", str(cause))
        if isinstance(cause, ssl.SSLError) and not isinstance(cause, aiohttp.ClientError):
            return explain_tls(cause)
    for kinds, code, message, retry in (
        ((socket.gaierror,), "dns", "the host name does not resolve", True),
        ((aiohttp.InvalidURL, httpx.InvalidURL), "bad_url", "no usable address", False),
        ((aiohttp.ClientResponseError,), "bad_response", "the server's answer is not HTTP", True),
        ((TimeoutError,), "timeout", "no answer in time", True),
    ):
        if any(isinstance(cause, kinds) for cause in chain):
            return FetchError(code, f"{message}: {text}", retry=retry)
    return FetchError("connection", f"the connection failed: {text}", retry=True)


def fetch_one(
    url: str,
    *,
    user_agent: str = DEFAULT_USER_AGENT,
    limits: Limits | None = None,
    tls_profile: str | None = None,
    allow_bad_certificate: bool = False,
    attempts: int = 3,
) -> Fetched:
    """Fetch one page for a person: redirects followed, the crawl's limits, TLS profiles and address rules kept. Raises FetchError.

    The URL's own host may be an internal one; nothing that it redirects to may.
    """
    return asyncio.run(_fetch_one(url, user_agent, limits, tls_profile, allow_bad_certificate, attempts))


async def _fetch_one(url: str, user_agent: str, limits: Limits | None, profile: str | None, lax: bool, attempts: int) -> Fetched:
    start = canonical(url)
    if start is None:
        raise FetchError("bad_url", f"{url!r} is no http or https address")
    async with Client(AddressRules([start]), user_agent, limits) as client:
        async for attempt in stamina.retry_context(
            on=lambda error: isinstance(error, FetchError) and error.retry, attempts=attempts, wait_initial=0.5
        ):
            with attempt:
                return await _follow(client, start, profile, lax)
    raise AssertionError("stamina gives up by raising")


async def _follow(client: Client, url: str, profile: str | None, lax: bool) -> Fetched:
    for _ in range(client.limits.redirects + 1):
        fetched = await client.fetch(url, tls_profile=profile, allow_bad_certificate=lax)
        target = redirect_target(fetched)
        if target is None:
            return fetched
        url = target
    raise FetchError("too_many_redirects", f"more than {client.limits.redirects} redirects")
