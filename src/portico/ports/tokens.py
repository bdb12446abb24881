"""Proofs of who somebody is that others issue: bearer tokens, and sign-in at an identity provider."""

from datetime import datetime
from typing import NamedTuple, Protocol


class Claims(NamedTuple):
    """What a verified token says of its user; signature, issuer, audience and times have been checked."""

    issuer: str
    subject: str
    """The user, as the issuer names them: unique for this issuer alone."""
    email: str | None
    email_verified: bool
    """Whether the issuer vouches for the address; an account is never found or joined by one that it does not."""
    name: str | None
    org: str | None
    """The organization, as the issuer names it."""
    role: str | None
    """One of our roles, by the issuer's mapping; None where the issuer's role is not mapped."""
    expires_at: datetime
    authenticated_at: datetime | None
    """When the user last proved who they are, where the issuer says so."""
    token_id: str
    """The issuer's id of the token (`jti`), or `sha256:` and the digest of what is signed where it has none."""
    issued_at: datetime | None = None
    """When the issuer made the token, where it says so: of two that say different things, the newer one counts."""


class Bearers(Protocol):
    """Verifies bearer tokens of the issuers that are configured."""

    async def verify(self, token: str) -> Claims | None:
        """What the token says; None where no configured issuer stands behind it, the reason going to the log.

        Raises Unavailable where the issuer's keys cannot be had: the token may well be good.
        """
        ...

    async def close(self) -> None:
        """Give connections back."""
        ...


class Departure(NamedTuple):
    """A browser sent to a provider, and what its return is held against; bound to the browser, and used once."""

    provider: str
    url: str
    """Where the browser is sent."""
    state: str
    """Comes back with the browser: the caller compares it with what it kept for that same browser."""
    nonce: str
    verifier: str
    """The secret that makes a stolen code worthless (PKCE); never leaves the server but to the provider."""
    back: str
    """The address that the provider sends the browser back to."""


class Providers(Protocol):
    """Sign-in at identity providers: OpenID Connect, authorization code with PKCE."""

    @property
    def names(self) -> tuple[str, ...]:
        """The providers that are configured, in their order."""
        ...

    async def begin(self, provider: str, *, back: str, again: bool = False) -> Departure:
        """Where to send the browser, and what to keep until it is back.

        `again` asks the provider to have its user prove who they are once more, signed in there or not: the caller then
        looks at `authenticated_at`, since a provider may leave the wish unheard. Raises NotFound where no
        provider has the name, Unavailable where the provider does not answer.
        """
        ...

    async def finish(self, departure: Departure, *, code: str, issuer: str | None = None) -> Claims | None:
        """Who signed in; None where the provider's answer proves nothing, the reason going to the log.

        The caller has compared the state, and has forgotten the departure, so that it cannot be used again. `issuer` is
        the `iss` parameter of the browser's return, if there is one. Raises Unavailable where the provider does not
        answer.
        """
        ...

    async def close(self) -> None:
        """Give connections back."""
        ...
