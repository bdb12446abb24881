"""Issuers and providers that an application trusts, as values and as settings write them."""

from collections.abc import Mapping
from ipaddress import ip_address
from typing import Annotated, Literal, TypeVar
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    Field,
    PlainValidator,
    SecretStr,
    TypeAdapter,
    ValidationError,
    model_validator,
)

from portico.adapters.oidc.shapes import STANDARD, Shape, read_shape
from portico.errors import Misconfigured

# Public-key algorithms alone: a key set is public, so whoever reads it could sign with HS256.
Algorithm = Literal["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519"]
T = TypeVar("T", bound="Issuer")


def check_url(url: str) -> str:
    """The address, where nobody on the way can change what it answers: https, or this very machine.

    Raises ValueError for any other.
    """
    parts = urlsplit(url)
    if parts.username is not None or parts.fragment or not parts.hostname:
        raise ValueError("write an address such as https://login.example.com, without credentials or fragment")
    if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(parts.hostname)):
        raise ValueError("the address must begin with https:// (http:// is for this machine alone)")
    return url


def is_loopback(host: str) -> bool:
    """Whether the host is this very machine."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _several(value: object) -> object:
    return (value,) if isinstance(value, str) else value


Url = Annotated[str, AfterValidator(check_url)]
Words = Annotated[tuple[Annotated[str, Field(min_length=1)], ...], BeforeValidator(_several)]


class Issuer(BaseModel, frozen=True, extra="forbid", hide_input_in_errors=True):
    """Whose tokens are believed, and what of them."""

    url: Url
    """The `iss` of its tokens, to the letter."""
    audience: Words = ()
    """The `aud` that a token must have: one of these."""
    parties: Words = ()
    """The `azp` that a token must have, for issuers whose tokens name no audience: one of these."""
    algorithms: Annotated[tuple[Algorithm, ...], Field(min_length=1)] = ("RS256", "ES256", "EdDSA")
    jwks_url: Url | None = None
    """Where its keys are; else its discovery document says so."""
    claims: Annotated[Shape, PlainValidator(read_shape)] = STANDARD
    roles: Mapping[str, str] = {}
    """Its roles and which of ours they stand for: the first entry that the token has. A role not named here is none."""
    trusts_email: bool = False
    """Whether it signs nobody in before they have confirmed their address, though its tokens do not say so."""

    @model_validator(mode="after")
    def _meant_for_somebody(self) -> "Issuer":
        if not self.audience and not self.parties:
            raise ValueError("give an audience (or parties): else tokens made for other applications would be accepted")
        return self


class Provider(Issuer, frozen=True):
    """Where people may sign in; its tokens' audience is the client's id."""

    name: str = Field(pattern=r"^[a-z][a-z0-9-]{0,30}$")
    """How addresses and pages call it."""
    client_id: str = Field(min_length=1)
    client_secret: SecretStr | None = None
    authentication: Literal["basic", "post"] | None = None
    """How the secret is shown; else as the provider's discovery document says. Without a secret there is nothing to."""
    scopes: Words = ("openid", "email", "profile")

    @model_validator(mode="before")
    @classmethod
    def _meant_for_the_client(cls, data: object) -> object:
        return {**data, "audience": data["client_id"]} if isinstance(data, Mapping) and "client_id" in data else data

    @model_validator(mode="after")
    def _asks_who_it_is(self) -> "Provider":
        if "openid" not in self.scopes:
            raise ValueError("scopes must have openid: without it the provider does not say who signed in")
        return self


def read_issuers(text: str) -> tuple[Issuer, ...]:
    """The issuers of the setting `portico_issuers`, JSON: `[{"url": …, "audience": …, "claims": "clerk"}]`.

    Raises Misconfigured that names each member in error.
    """
    found = _read(text, Issuer, "PORTICO_ISSUERS")
    return _once(found, [issuer.url for issuer in found], "PORTICO_ISSUERS")


def read_providers(text: str) -> tuple[Provider, ...]:
    """The providers of the setting `portico_providers`, JSON: `[{"name": …, "url": …, "client_id": …}]`.

    Raises Misconfigured that names each member in error.
    """
    found = _read(text, Provider, "PORTICO_PROVIDERS")
    return _once(found, [provider.name for provider in found], "PORTICO_PROVIDERS")


def _read(text: str, kind: type[T], setting: str) -> tuple[T, ...]:
    try:
        return TypeAdapter(tuple[kind, ...]).validate_json(text)  # type: ignore[valid-type]  # a type by its variable
    except ValidationError as problem:
        wrong = [f"{_place(e['loc'])}: {e['msg']}" for e in problem.errors(include_input=False, include_url=False)]
        raise Misconfigured(f"{setting} is not right.\n" + "\n".join(f"- {w}" for w in wrong)) from None


def _place(loc: tuple[int | str, ...]) -> str:
    return ".".join(str(part) for part in loc) or "the whole"


def _once(found: tuple[T, ...], names: list[str], setting: str) -> tuple[T, ...]:
    for name in names:
        if names.count(name) > 1:
            raise Misconfigured(f"{setting} has {name} twice: write it once, with all that it needs.")
    return found
