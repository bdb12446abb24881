"""How settings about mail are written: an address, the address of the application."""

from email.policy import SMTP
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator


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


Sender = Annotated[str, AfterValidator(_address)]
BaseUrl = Annotated[str, AfterValidator(_base_url)]
