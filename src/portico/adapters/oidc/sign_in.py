"""Sign-in at identity providers: the relying party of OpenID Connect Core 1.0, code flow with PKCE (RFC 7636)."""

import hashlib
import logging
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import quote_plus, urlencode

from portico.adapters.oidc.discovery import Discoveries, Metadata
from portico.adapters.oidc.fetching import Answer, FetchFailed, Wire
from portico.adapters.oidc.issuers import Provider
from portico.adapters.oidc.jwks import KeySets
from portico.adapters.oidc.kept import PAUSE
from portico.adapters.oidc.reading import Payload, read_claims, text
from portico.adapters.oidc.shapes import find
from portico.adapters.oidc.verifying import Refused, Token, Verifier
from portico.core.reporting import OUTSIDE
from portico.errors import NotFound, Unavailable
from portico.ports.clock import Clock, Ids
from portico.ports.tokens import Claims, Departure

HALVES = {"256": hashlib.sha256, "384": hashlib.sha384, "512": hashlib.sha512}
"""By which hash an access token is bound to the id token beside it: the one of the signature's algorithm."""
AGAIN = {"prompt": "login", "max_age": "0"}
"""Asks for a fresh proof, and for `auth_time` in the token (Core, section 3.1.2.1)."""
log = logging.getLogger("portico")


class Visit(NamedTuple):
    """One browser's way to a provider and back."""

    departure: Departure
    provider: Provider
    metadata: Metadata


class OidcProviders:
    """Sends browsers to providers, and reads what they bring back."""

    def __init__(self, providers: tuple[Provider, ...], clock: Clock, ids: Ids) -> None:
        """Nothing is fetched before somebody signs in."""
        self._providers = {provider.name: provider for provider in providers}
        self._ids = ids
        self._wire = Wire()
        self._discoveries = Discoveries(self._wire, clock)
        self._verifier = Verifier(KeySets(self._wire, self._discoveries, clock), clock)

    @property
    def names(self) -> tuple[str, ...]:
        """The providers, in the order of the setting."""
        return tuple(self._providers)

    async def begin(self, provider: str, *, back: str, again: bool = False) -> Departure:
        """Where to send the browser; state, nonce and verifier are new each time."""
        chosen = self._provider(provider)
        endpoint = (await self._discoveries.of(chosen)).authorization
        if endpoint is None:
            raise self._down(chosen, "its discovery document has no authorization_endpoint")
        state, nonce, verifier = (self._ids.token() for _ in range(3))
        query = {
            "response_type": "code",
            "client_id": chosen.client_id,
            "redirect_uri": back,
            "scope": " ".join(chosen.scopes),
            "state": state,
            "nonce": nonce,
            "code_challenge": _base64(hashlib.sha256(verifier.encode()).digest()),
            "code_challenge_method": "S256",
            **(AGAIN if again else {}),
        }
        url = endpoint + ("&" if "?" in endpoint else "?") + urlencode(query)
        return Departure(chosen.name, url, state, nonce, verifier, back)

    async def finish(self, departure: Departure, *, code: str, issuer: str | None = None) -> Claims | None:
        """Who signed in; None where the answer is refused, by the provider or by us."""
        provider = self._provider(departure.provider)
        visit = Visit(departure, provider, await self._discoveries.of(provider))
        try:
            check_return(visit, issuer)
            return await self._read(visit, await self._exchange(visit, code))
        except Refused as problem:
            log.info("a sign-in at %s was refused: %s", provider.name, problem)
            return None
        except FetchFailed as problem:
            raise self._down(provider, str(problem)) from problem

    async def close(self) -> None:
        """Close the connections to providers."""
        await self._wire.close()

    def _provider(self, name: str) -> Provider:
        if name not in self._providers:
            raise NotFound
        return self._providers[name]

    def _down(self, provider: Provider, why: str) -> Unavailable:
        log.warning("the provider %s does not answer: %s", provider.name, why, extra=OUTSIDE)
        return Unavailable(retry_after=PAUSE)

    async def _exchange(self, visit: Visit, code: str) -> Payload:
        if visit.metadata.token is None:
            raise FetchFailed("its discovery document has no token_endpoint")
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": visit.departure.back,
            "code_verifier": visit.departure.verifier,
        }
        shown, headers = authenticate(visit.provider, visit.metadata)
        return read_answer(await self._wire.post(visit.metadata.token, {**form, **shown}, headers))

    async def _read(self, visit: Visit, answer: Payload) -> Claims:
        written, access = answer.get("id_token"), answer.get("access_token")
        if not isinstance(written, str):
            raise Refused("it came without an id_token")
        token = Token(written)
        payload = await self._verifier.verify(token, visit.provider)
        check_binding(token, visit)
        if isinstance(access, str):
            check_half(token, access)
            payload = {**await self._more(visit, payload, access), **payload}
        return read_claims(payload, visit.provider, token.digest)

    async def _more(self, visit: Visit, payload: Payload, access: str) -> Payload:
        """What the userinfo endpoint adds, where the id_token is a thin one (Core, section 5.4)."""
        if visit.metadata.userinfo is None or find(payload, visit.provider.claims.email) is not None:
            return {}
        more = await self._wire.get(visit.metadata.userinfo, bearer=access)
        if more.get("sub") != payload.get("sub"):
            raise Refused("its userinfo is another user's")
        return more


def check_return(visit: Visit, issuer: str | None) -> None:
    """Raise Refused where the browser comes from another provider than the one that it was sent to (RFC 9207)."""
    if issuer != visit.provider.url and (issuer is not None or visit.metadata.signs_returns):
        raise Refused("the browser comes back from another issuer")


def authenticate(provider: Provider, metadata: Metadata) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Members of the form, and headers, that show which client asks (RFC 6749, section 2.3.1)."""
    if provider.client_secret is None:
        return {"client_id": provider.client_id}, {}
    secret = provider.client_secret.get_secret_value()
    basic = "client_secret_basic" in metadata.methods or "client_secret_post" not in metadata.methods
    if (provider.authentication or ("basic" if basic else "post")) == "post":
        return {"client_id": provider.client_id, "client_secret": secret}, {}
    pair = f"{quote_plus(provider.client_id)}:{quote_plus(secret)}"
    return {}, {"Authorization": f"Basic {b64encode(pair.encode()).decode()}"}


def read_answer(answer: Answer) -> Payload:
    """The token endpoint's answer. Raises Refused where it refuses the code, FetchFailed where it does not work."""
    if answer.status == 200:
        return answer.document
    if 400 <= answer.status < 500 and answer.status != 429:
        raise Refused(f"the provider answered {answer.status} {text(answer.document.get('error'), 60) or ''}")
    raise FetchFailed(f"its token endpoint answered {answer.status}")


def check_binding(token: Token, visit: Visit) -> None:
    """Raise Refused where the token was made for another browser or another client (Core, section 3.1.3.7)."""
    said, party = token.payload.get("nonce"), token.payload.get("azp")
    if said != visit.departure.nonce:
        raise Refused("its nonce is another one")
    audience, client = token.payload.get("aud"), visit.provider.client_id
    alone = party is None and (isinstance(audience, str) or audience == [client])
    if party != client and not alone:
        raise Refused("it was given to another party")


def check_half(token: Token, access: str) -> None:
    """Raise Refused where the access token beside it is another one's (Core, section 3.1.3.6)."""
    said = token.payload.get("at_hash")
    if said is None:
        return
    digest = HALVES.get(str(token.header["alg"])[-3:], hashlib.sha512)(access.encode()).digest()
    if not isinstance(said, str) or said.rstrip("=") != _base64(digest[: len(digest) // 2]):
        raise Refused("the access token beside it is another one's")


def _base64(octets: bytes) -> str:
    return urlsafe_b64encode(octets).decode().rstrip("=")
