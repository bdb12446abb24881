"""Key sets of issuers (RFC 7517): kept, renewed when a key is new, and read with care."""

from collections.abc import Iterator

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, JWKRegistry, OKPKey, RSAKey
from joserfc.jws import JWSRegistry

from portico.adapters.oidc.discovery import Discoveries
from portico.adapters.oidc.fetching import FetchFailed, Wire
from portico.adapters.oidc.issuers import Issuer
from portico.adapters.oidc.kept import Kept
from portico.errors import Unavailable
from portico.ports.clock import Clock

Key = RSAKey | ECKey | OKPKey
MODULUS = 342
"""Characters of a 2048-bit modulus in base64url: RSA keys with fewer are too weak."""


class KeySets:
    """The keys of all issuers."""

    def __init__(self, wire: Wire, discoveries: Discoveries, clock: Clock) -> None:
        """Nothing is fetched before it is needed."""
        self._wire = wire
        self._discoveries = discoveries
        self._clock = clock
        self._kept: dict[tuple[str, str | None], Kept[tuple[Key, ...]]] = {}

    async def find(self, issuer: Issuer, algorithm: str, kid: str | None) -> Key | None:
        """The key that signed; None where the issuer has none such. Raises Unavailable where its keys cannot be had."""
        at = (issuer.url, issuer.jwks_url)
        if at not in self._kept:
            self._kept[at] = Kept(lambda: self._fetch(issuer), self._clock)
        kept = self._kept[at]
        return pick(await kept.get(), algorithm, kid) or pick(await kept.renew(), algorithm, kid)

    async def _fetch(self, issuer: Issuer) -> tuple[Key, ...]:
        try:
            url = issuer.jwks_url or (await self._discoveries.of(issuer)).keys
        except Unavailable as problem:
            raise FetchFailed(f"nobody says where the keys of {issuer.url} are") from problem
        keys = (await self._wire.get(url)).get("keys")
        if not isinstance(keys, list):
            raise FetchFailed(f"{url} answered no key set")
        return tuple(read_keys(keys))


def read_keys(keys: list[object]) -> Iterator[Key]:
    """The public keys that can verify signatures; all others are passed over (RFC 7517, section 5)."""
    for jwk in keys:
        if isinstance(jwk, dict) and jwk.get("use", "sig") == "sig" and not _is_open(jwk):
            try:
                key = JWKRegistry.import_key(jwk)
            except (JoseError, ValueError, TypeError, KeyError):
                continue
            if isinstance(key, RSAKey | ECKey | OKPKey):
                yield key


def pick(keys: tuple[Key, ...], algorithm: str, kid: str | None) -> Key | None:
    """The key of this id that fits the algorithm; without an id, the only one that fits."""
    fitting = [key for key in keys if (kid is None or key.kid == kid) and _fits(key, algorithm)]
    return fitting[0] if len(fitting) == 1 or (fitting and kid is not None) else None


def _is_open(jwk: dict[str, object]) -> bool:
    """Whether anybody could sign with it: shared, published with its private part, or too short."""
    modulus = jwk.get("n")
    return jwk.get("kty") == "oct" or "d" in jwk or (isinstance(modulus, str) and len(modulus) < MODULUS)


def _fits(key: Key, algorithm: str) -> bool:
    try:
        JWSRegistry.algorithms[algorithm].check_key(key)
    except JoseError:
        return False
    return True
