"""Where people find the application."""

from typing import NamedTuple
from urllib.parse import urlsplit

from portico.errors import Misconfigured

USUAL = {"http": 80, "https": 443}


class Site(NamedTuple):
    """Its name and address, as the settings say and never as a request does."""

    name: str = ""
    url: str = ""
    others: tuple[str, ...] = ()
    """Other origins whose pages may write here."""

    @property
    def host(self) -> str:
        """The host name; raises Misconfigured where the settings name no address."""
        host = urlsplit(self.url).hostname
        if host is None:
            raise Misconfigured("PORTICO_URL is not set: passkeys belong to the host name of the application.")
        return host

    @property
    def origins(self) -> list[str]:
        """The origins of its pages as browsers spell them, its own first."""
        return [origin_of(url) for url in (self.url, *self.others)]


def origin_of(url: str) -> str:
    """The origin of an address as browsers spell it: the scheme's own port is left out."""
    parts = urlsplit(url)
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    port = "" if parts.port in {None, USUAL.get(parts.scheme)} else f":{parts.port}"
    return f"{parts.scheme}://{host}{port}"
