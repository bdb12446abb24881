"""Addresses of callers, as coarse as they may be kept and counted."""

from functools import lru_cache
from ipaddress import IPv6Address, ip_address

LONGEST_AGENT = 500
"""Characters of a User-Agent that are kept and compared."""


@lru_cache(maxsize=4096)
def prefix_of(ip: str | None) -> str | None:
    """The network of an address: IPv4 by its /24, IPv6 by its /64, which one subscriber has whole (RFC 6177)."""
    if ip is None:
        return None
    try:
        address = ip_address(ip)
    except ValueError:
        return None
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is None:
            return ":".join(address.exploded.split(":")[:4]) + "::/64"
        address = address.ipv4_mapped
    return str(address).rpartition(".")[0] + ".0/24"
