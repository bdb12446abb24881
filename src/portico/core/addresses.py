"""Addresses of callers, as coarse as they may be kept and counted."""

from functools import lru_cache
from ipaddress import IPv6Address, ip_address

LONGEST_AGENT = 500
"""Characters of a User-Agent that are kept and compared."""


@lru_cache(maxsize=4096)
def address_in(written: str) -> str | None:
    """The address that a proxy or a socket writes, as it is compared and kept; None where it is none.

    Without port and brackets (RFC 3986, section 3.2.2), without the zone of a link (RFC 4007), and IPv4 as itself where
    a socket of both families maps it into IPv6.
    """
    host, bracketed, _ = written.removeprefix("[").partition("]")
    if not bracketed and host.count(":") == 1:
        host = host.partition(":")[0]
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return None
    return str(getattr(address, "ipv4_mapped", None) or address)


@lru_cache(maxsize=4096)
def prefix_of(ip: str | None) -> str | None:
    """The network of an address: IPv4 by its /24, IPv6 by its /64; None where it is none."""
    if ip is None:
        return None
    try:
        ip_address(ip)
    except ValueError:
        return None
    counted = address_of(ip)
    return counted if ":" in counted else counted.rpartition(".")[0] + ".0/24"


def address_of(ip: str | None) -> str:
    """The address that counts: IPv6 by its /64, which one subscriber has whole (RFC 6177)."""
    if ip is None or ":" not in ip:
        return ip or ""
    address = ip_address(ip)
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return ":".join(address.exploded.split(":")[:4]) + "::/64"
