"""One token, held against one issuer: form, signature, audience, times."""

import hashlib
import json

from joserfc.errors import JoseError
from joserfc.jws import JWSRegistry, extract_compact
from joserfc.util import urlsafe_b64decode

from portico.adapters.oidc.issuers import Issuer
from portico.adapters.oidc.jwks import Key, KeySets
from portico.adapters.oidc.reading import Payload, moment, text
from portico.adapters.oidc.shapes import find
from portico.ports.clock import Clock

SKEW = 60.0
"""Seconds by which an issuer's clock may differ from ours."""
LONGEST = 8 * 1024
"""The longest token, in characters."""
TYPES = frozenset({"jwt", "at+jwt", "application/at+jwt"})
"""Tokens that name a user; a logout token or a DPoP proof has the same form and the same keys, and names none."""


class Refused(Exception):
    """The token proves nothing; says why, without a word of the token."""


class Token:
    """A token taken apart; nothing that it says is believed yet."""

    def __init__(self, written: str) -> None:
        """Raises Refused where it has not the form of a signed JWT."""
        if len(written) > LONGEST:
            raise Refused("it is too long")
        try:
            signed = extract_compact(written.encode("ascii"))
            header: object = signed.protected
            payload = json.loads(signed.payload)
        except (JoseError, ValueError, TypeError, RecursionError):
            raise Refused("it has not the form of a signed JWT") from None
        if not isinstance(header, dict) or not isinstance(payload, dict):
            raise Refused("its header or its payload is no object")
        self.header: Payload = header
        self.payload: Payload = payload
        # Of what is signed: whoever spells the signature in another way has the same token.
        self.digest = hashlib.sha256(written.rpartition(".")[0].encode("ascii")).hexdigest()
        self._segments = signed.segments

    def is_signed_with(self, key: Key, algorithm: str) -> bool:
        """Whether the key's owner signed it; the key fits the algorithm."""
        signed = self._segments["header"] + b"." + self._segments["payload"]
        try:
            signature = urlsafe_b64decode(self._segments["signature"])
            return JWSRegistry.algorithms[algorithm].verify(signed, signature, key)
        except (JoseError, ValueError):
            return False


class Verifier:
    """Verifies tokens of any issuer that it is handed."""

    def __init__(self, keys: KeySets, clock: Clock) -> None:
        """Keys and time come from outside."""
        self._keys = keys
        self._clock = clock

    async def verify(self, token: Token, issuer: Issuer) -> Payload:
        """What the token says, all of it true. Raises Refused, or Unavailable where the keys cannot be had."""
        algorithm, kid = read_header(token.header, issuer)
        key = await self._keys.find(issuer, algorithm, kid)
        if key is None:
            raise Refused("no key of the issuer fits it")
        if not token.is_signed_with(key, algorithm):
            raise Refused("its signature is wrong")
        check_payload(token.payload, issuer, self._clock.now().timestamp())
        return token.payload


def read_header(header: Payload, issuer: Issuer) -> tuple[str, str | None]:
    """Algorithm and key id. Raises Refused where the header asks for what is not allowed."""
    algorithm, kid, typ = header.get("alg"), header.get("kid"), header.get("typ", "JWT")
    if not isinstance(algorithm, str) or algorithm not in issuer.algorithms:
        raise Refused("its algorithm is not one of the issuer's")
    if "crit" in header:
        raise Refused("it has extensions that must be understood, and are not")
    if not isinstance(typ, str) or typ.lower() not in TYPES:
        raise Refused("it is a token of another kind")
    if kid is not None and not isinstance(kid, str):
        raise Refused("its key id is no text")
    return algorithm, kid


def check_payload(payload: Payload, issuer: Issuer, now: float) -> None:
    """Raise Refused where the token is another issuer's, for somebody else, or of another time."""
    if payload.get("iss") != issuer.url:
        raise Refused("it is another issuer's")
    if not text(find(payload, issuer.claims.user), 255):
        raise Refused("it names no user")
    _check_times(payload, now)
    _check_audience(payload, issuer)
    for place, value in issuer.claims.refused:
        if find(payload, (place,)) == value:
            raise Refused(f"its {'.'.join(place)} is {value!r}")


def _check_times(payload: Payload, now: float) -> None:
    expires = moment(payload, "exp")
    if expires is None:
        raise Refused("it does not say when it expires")
    if now >= expires + SKEW:
        raise Refused("it has expired")
    for name in ("nbf", "iat"):
        since = moment(payload, name)
        if since is None and name in payload:
            raise Refused(f"its {name} is no time")
        if since is not None and since > now + SKEW:
            raise Refused(f"its {name} lies in the future")


def _check_audience(payload: Payload, issuer: Issuer) -> None:
    audience = payload.get("aud")
    named = (
        {audience} if isinstance(audience, str) else set(map(str, audience)) if isinstance(audience, list) else set()
    )
    # With parties alone, a token that names an audience is made for that one.
    if (issuer.audience or named) and not named & set(issuer.audience):
        raise Refused("it is meant for another audience")
    if issuer.parties and payload.get("azp") not in issuer.parties:
        raise Refused("it was given to another party")
