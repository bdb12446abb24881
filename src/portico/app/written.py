"""How settings are written that are more than a number or a word: lists, networks, origins, addresses."""

import re
from collections.abc import Iterable
from email.policy import SMTP
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, SecretStr
from pydantic_settings import NoDecode

from portico.core.site import origin_of

ORIGIN = re.compile(r"https?://(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(:\d{1,5})?")
HOST = r"([^@:,\[\]]*|\[[0-9A-Fa-f:.]+\])(:\d{1,5})?"
PLACES = re.compile(rf"([^@]*@)?{HOST}(,{HOST})*")
"""Who comes in, and the hosts of a database with their ports."""


def split(value: object) -> object:
    """The parts between commas."""
    return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value


def _networks(value: object) -> object:
    found = split(value)
    try:
        return tuple(ip_network(str(each)) for each in found) if isinstance(found, Iterable) else found
    except ValueError:
        message = "write networks such as 10.0.0.0/8 or 2001:db8::/32, separated by commas, whose host bits are zero"
        raise ValueError(message) from None


def _origins(value: object) -> object:
    """As browsers write them: in lower case, without a path, and without the scheme's own port."""
    found = split(value)
    written = [str(each).lower().rstrip("/") for each in found] if isinstance(found, Iterable) else []
    if not all(ORIGIN.fullmatch(each) for each in written):
        raise ValueError("write origins such as https://app.example.com, separated by commas, each in full")
    return tuple(map(origin_of, written))


def _address(value: str) -> str:
    """One address, with or without a name; what breaks a header never becomes one."""
    found = SMTP.header_factory("from", value) if value.isprintable() else None
    if found is None or found.defects or len(found.addresses) != 1 or not found.addresses[0].domain:
        raise ValueError("write one address, such as Salon <no-reply@example.com>")
    return value


def _base_url(value: str) -> str:
    """Where the application is, without a slash at the end."""
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment or parts.username:
        raise ValueError("write the address of the application, such as https://app.example.com")
    return value.rstrip("/")


def _database_url(value: SecretStr) -> SecretStr:
    """What asyncpg would read otherwise than it is meant, or complain of in words that hold a piece of the password."""
    parts = urlsplit(value.get_secret_value())
    if parts.scheme not in {"postgresql", "postgres"} or parts.fragment or not PLACES.fullmatch(parts.netloc):
        form = "write postgresql://user:password@host:5432/database"
        raise ValueError(f"{form}; in the password, write @ : / ? # and % as %40 %3A %2F %3F %23 and %25")
    return value


Networks = Annotated[tuple[IPv4Network | IPv6Network, ...], NoDecode, BeforeValidator(_networks)]
Origins = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_origins)]
Sender = Annotated[str, AfterValidator(_address)]
BaseUrl = Annotated[str, AfterValidator(_base_url)]
DatabaseUrl = Annotated[SecretStr, AfterValidator(_database_url)]
