"""Discovery documents (OpenID Connect Discovery 1.0): where an issuer's endpoints are."""

from collections.abc import Mapping
from typing import NamedTuple

from portico.adapters.oidc.fetching import FetchFailed, Wire
from portico.adapters.oidc.issuers import Issuer, check_url
from portico.adapters.oidc.kept import Kept
from portico.ports.clock import Clock

WELL_KNOWN = "/.well-known/openid-configuration"


class Metadata(NamedTuple):
    """What an issuer says of itself."""

    keys: str
    authorization: str | None
    token: str | None
    userinfo: str | None
    methods: tuple[str, ...]
    """How a client may show its secret."""
    signs_returns: bool
    """Whether it names itself in each browser's return (RFC 9207)."""


class Discoveries:
    """The documents of all issuers, kept."""

    def __init__(self, wire: Wire, clock: Clock) -> None:
        """Nothing is fetched before it is needed."""
        self._wire = wire
        self._clock = clock
        self._kept: dict[str, Kept[Metadata]] = {}

    async def of(self, issuer: Issuer) -> Metadata:
        """An issuer's document; raises Unavailable where it cannot be had."""
        if issuer.url not in self._kept:
            self._kept[issuer.url] = Kept(lambda: self._fetch(issuer.url), self._clock)
        return await self._kept[issuer.url].get()

    async def _fetch(self, url: str) -> Metadata:
        return read_metadata(await self._wire.get(url.rstrip("/") + WELL_KNOWN), url)


def read_metadata(document: Mapping[str, object], issuer: str) -> Metadata:
    """What the document says; raises FetchFailed where it is another issuer's or has no keys."""
    if document.get("issuer") != issuer:
        raise FetchFailed(f"the discovery document of {issuer} is another issuer's")
    keys = _endpoint(document, "jwks_uri")
    if keys is None:
        raise FetchFailed(f"the discovery document of {issuer} has no jwks_uri")
    methods = document.get("token_endpoint_auth_methods_supported")
    return Metadata(
        keys=keys,
        authorization=_endpoint(document, "authorization_endpoint"),
        token=_endpoint(document, "token_endpoint"),
        userinfo=_endpoint(document, "userinfo_endpoint"),
        methods=tuple(str(method) for method in methods) if isinstance(methods, list) else ("client_secret_basic",),
        signs_returns=document.get("authorization_response_iss_parameter_supported") is True,
    )


def _endpoint(document: Mapping[str, object], name: str) -> str | None:
    url = document.get(name)
    try:
        return check_url(url) if isinstance(url, str) else None
    except ValueError as problem:
        raise FetchFailed(f"{name} of {document.get('issuer')} is of no use: {problem}") from problem
