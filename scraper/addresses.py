"""Which network addresses may be fetched.

A loopback, private, link-local, reserved or cloud-metadata address is fetched only on the very hosts (name and port)
that the user named; whatever a page, a redirect or a name server says cannot lead to another one.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from functools import lru_cache

from scraper.urls import netloc

_NAT64 = ipaddress.ip_network("64:ff9b::/96")
# A public address by the registries, and yet the metadata service of a large Chinese cloud.
_METADATA = frozenset({ipaddress.ip_address("100.100.100.200"), ipaddress.ip_address("168.63.129.16")})


class RefusedAddressError(OSError):
    """An address that nobody asked for: see the module's rule."""


def is_public(address: str) -> bool:
    """Whether ``address`` (an IP literal, a zone id is ignored) is a public unicast one, seen through IPv6 wrappings."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner is None and ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
    return ip.is_global and not ip.is_multicast and ip not in _METADATA


@lru_cache(maxsize=4096)
def is_literal(host: str) -> bool:
    """Whether a host is written as an IP address."""
    try:
        ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return True


class AddressRules:
    """Knows the hosts that the user named."""

    def __init__(self, named_urls: Iterable[str] = ()) -> None:
        self._named = {netloc(url) for url in named_urls}

    def check(self, host: str, port: int, addresses: Iterable[str]) -> None:
        """Raise RefusedAddressError if ``host:port``, which stands for ``addresses``, must not be fetched."""
        if f"{host}:{port}" in self._named:
            return
        for address in addresses:
            if not is_public(address):
                raise RefusedAddressError(f"{host}:{port} is {address}, an internal address that no start URL names")

    def check_literal(self, host: str, port: int) -> None:
        """The same for a host that may be an IP literal; names are left to the resolver."""
        if is_literal(host):
            self.check(host, port, (host,))
