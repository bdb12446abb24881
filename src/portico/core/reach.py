"""How far calls go whose address somebody else has given: to the public internet, and nowhere else."""

import re
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import NamedTuple, TypeAlias
from urllib.parse import urlsplit

from portico.core.value import Value

Address: TypeAlias = IPv4Address | IPv6Address
Network: TypeAlias = IPv4Network | IPv6Network
LONGEST = 2_000
USUAL = {"https": 443, "http": 80}
UNICAST = IPv6Network("2000::/3")
"""All that is public in IPv6: what maps, embeds or translates IPv4 addresses lies elsewhere, or is named below."""
CLOSED: tuple[Network, ...] = (
    IPv4Network("168.63.129.16/32"),  # what a cloud tells its machines, at an address that looks public
    IPv4Network("192.0.0.0/24"),  # protocol assignments, among them another cloud's metadata
    IPv4Network("192.88.99.0/24"),  # relays of 6to4
    IPv6Network("2001::/23"),  # Teredo and its like
    IPv6Network("2001:db8::/32"),
    IPv6Network("2002::/16"),  # 6to4: an IPv4 address inside
    IPv6Network("3fff::/20"),
)
"""What `ipaddress` calls global and is not."""
VISIBLE = re.compile(r"[!-\[\]-~]+")
"""ASCII without spaces, control characters and the backslash, which some read as a slash."""
LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
NUMBER = re.compile(r"\d+|0x[0-9a-f]*")


class Destination(NamedTuple):
    """An address taken apart once, so that what was judged is what is asked."""

    scheme: str
    host: str
    port: int
    target: str
    """Path and query."""


class Reach(Value):
    """Which addresses may be called."""

    ports: frozenset[int] = frozenset({443})
    private: bool = False
    """For development: this machine, its network, any port, and http."""
    denied: tuple[Network, ...] = ()
    """Public networks that are one's own."""

    def read(self, url: str) -> Destination:
        """The address taken apart; raises ValueError that says what to write instead."""
        if len(url) > LONGEST or not VISIBLE.fullmatch(url):
            raise ValueError(f"Please write an address in ASCII, of {LONGEST} characters at most.")
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            raise ValueError("Please write an address such as https://example.com/webhooks.") from None
        if parts.scheme not in USUAL or not parts.hostname:
            raise ValueError("Please write an address such as https://example.com/webhooks.")
        if parts.scheme != "https" and not self.private:
            raise ValueError("The address must begin with https://.")
        if "@" in parts.netloc or "%" in parts.netloc or "#" in url:
            raise ValueError("Please write the address without a user, a password, a zone and a fragment.")
        port = USUAL[parts.scheme] if port is None else port
        if port not in self.ports and not self.private:
            raise ValueError(f"The port must be {' or '.join(map(str, sorted(self.ports)))}.")
        if "[" in parts.netloc and ":" not in parts.hostname:
            raise ValueError("Please write an address such as https://example.com/webhooks.")
        self._check_host(parts.hostname)
        return Destination(parts.scheme, parts.hostname, port, _target(parts.path, parts.query))

    def admits(self, address: str) -> bool:
        """Whether an address that a name has led to may be called."""
        try:
            found = ip_address(address)
        except ValueError:  # such as one with the zone of a link
            return self.private
        return self.private or (is_public(found) and not any(_within(found, network) for network in self.denied))

    def _check_host(self, host: str) -> None:
        """Raise ValueError where the host is no name and no address as everybody writes it, or a closed one."""
        try:
            ip_address(host)
        except ValueError:
            self._check_name(host)
            return
        if not self.admits(host):
            raise ValueError("This address is not one of the public internet.")

    def _check_name(self, name: str) -> None:
        labels = name.removesuffix(".").split(".")
        if NUMBER.fullmatch(labels[-1]) or not all(map(LABEL.fullmatch, labels)):
            # 127.1, 2130706433, 0x7f000001 and 0177.0.0.1 are ways to write 127.0.0.1
            raise ValueError("Please write the name of a host, or its address as four plain numbers.")
        if len(labels) == 1 and not self.private:
            raise ValueError("Please write the whole name of the host, such as hooks.example.com.")


def is_public(address: Address) -> bool:
    """Whether an address belongs to the public internet, whatever it maps, embeds or translates."""
    if isinstance(address, IPv6Address) and address not in UNICAST:
        return False
    return address.is_global and not address.is_multicast and not any(_within(address, closed) for closed in CLOSED)


def _within(address: Address, network: Network) -> bool:
    return address.version == network.version and address in network


def _target(path: str, query: str) -> str:
    return (path or "/") + (f"?{query}" if query else "")
