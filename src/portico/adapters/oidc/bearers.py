"""Bearer tokens: signed JWTs of the issuers that an application trusts (RFC 9068, RFC 8725)."""

import logging

from portico.adapters.oidc.discovery import Discoveries
from portico.adapters.oidc.fetching import Wire
from portico.adapters.oidc.issuers import Issuer
from portico.adapters.oidc.jwks import KeySets
from portico.adapters.oidc.reading import read_claims
from portico.adapters.oidc.verifying import Refused, Token, Verifier
from portico.ports.clock import Clock
from portico.ports.tokens import Claims

log = logging.getLogger("portico")


class OidcBearers:
    """Verifies tokens by the key sets that their issuers publish."""

    def __init__(self, issuers: tuple[Issuer, ...], clock: Clock) -> None:
        """Keys are fetched when a token first needs them: an issuer that is down does not stop the start."""
        self._issuers = {issuer.url: issuer for issuer in issuers}
        self._wire = Wire()
        self._verifier = Verifier(KeySets(self._wire, Discoveries(self._wire, clock), clock), clock)

    async def verify(self, token: str) -> Claims | None:
        """What the token says; None where it is refused. Raises Unavailable where keys cannot be had."""
        try:
            return await self._verify(Token(token))
        except Refused as problem:
            log.info("a bearer token was refused: %s", problem)
            return None

    async def close(self) -> None:
        """Close the connections to issuers."""
        await self._wire.close()

    async def _verify(self, token: Token) -> Claims:
        named = token.payload.get("iss")
        issuer = self._issuers.get(named) if isinstance(named, str) else None
        if issuer is None:
            raise Refused("its issuer is not one of those configured")
        payload = await self._verifier.verify(token, issuer)
        if "cnf" in payload:
            raise Refused("it is bound to a key, and whoever bears it has shown none")
        return read_claims(payload, issuer, token.digest)
