"""Whoever else vouches for users: the issuers and providers of the settings, open as long as the application is."""

from collections import OrderedDict
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from uuid import UUID

from pydantic import BaseModel
from pydantic_core import to_json

from portico.app.settings import Settings
from portico.core.addresses import address_of
from portico.core.call import Call, Services
from portico.core.charging import WAIT
from portico.core.context import PublicContext
from portico.errors import LinkFirst, RateLimited, Unauthorized, Unavailable
from portico.ports.counters import CountersDown
from portico.ports.tokens import Bearers, Claims

EXCHANGE = """
    select portico.tell_if_new_v1(e.user_id) as user_id, e.outcome
      from portico.exchange_v1(:token_hash, :said, :proof) e
"""
GUESSES = "30/m"
"""Tokens that may be refused by address."""
REMEMBERED = 30.0
"""Seconds for which a refused token is refused without another look."""
MOST = 10_000
"""So many refused tokens are remembered; the oldest is forgotten first."""


class Exchanged(BaseModel):
    """What came of a token."""

    user_id: UUID | None
    outcome: str | None


@asynccontextmanager
async def trusting(settings: Settings, services: Services) -> AsyncIterator[Services]:
    """The services with what the settings say of issuers and providers; raises Misconfigured where that is wrong."""
    async with AsyncExitStack() as stack:
        if settings.portico_issuers:
            from portico.adapters.oidc.bearers import OidcBearers  # only who has issuers loads what verifies
            from portico.adapters.oidc.issuers import read_issuers

            bearers = OidcBearers(read_issuers(settings.portico_issuers), services.clock)
            stack.push_async_callback(bearers.close)
            services = replace(services, exchange=Exchange(bearers))
        if settings.portico_providers:
            from portico.adapters.oidc.issuers import read_providers
            from portico.adapters.oidc.sign_in import OidcProviders

            found = read_providers(settings.portico_providers.get_secret_value())
            providers = OidcProviders(found, services.clock, services.ids)
            stack.push_async_callback(providers.close)
            services = replace(services, providers=providers)
        yield services


class Exchange:
    """Opens a session for a bearer token at its first sight: from then on the gate knows it by its hash."""

    def __init__(self, bearers: Bearers) -> None:
        """No token was refused yet."""
        self._bearers = bearers
        self._refused: OrderedDict[bytes, tuple[float, type[Unauthorized]]] = OrderedDict()

    async def __call__(self, call: Call) -> None:
        """Exchange the call's token, with no transaction open.

        Raises Unauthorized where it proves nothing, RateLimited where too many from its address did not, Unavailable
        where the issuer's keys cannot be had, or nobody can count.
        """
        digest, services = call.credential or b"", call.services
        self._refuse_known(digest, services.clock.seconds())
        source = f"bearer\x1f{address_of(call.request.ip)}"
        try:
            if not (left := await services.count(source, GUESSES, cost=0)).allowed:
                raise RateLimited(retry_after=left.reset)
            try:
                await self._open(call, digest)
            except Unauthorized as refusal:
                self._remember(digest, services.clock.seconds() + REMEMBERED, type(refusal))
                await services.count(source, GUESSES)
                raise
        except CountersDown:
            raise Unavailable(retry_after=WAIT) from None

    def _remember(self, digest: bytes, until: float, refusal: type[Unauthorized]) -> None:
        """Keep what the token was refused with."""
        self._refused[digest] = until, refusal
        if len(self._refused) > MOST:
            self._refused.popitem(last=False)

    def _refuse_known(self, digest: bytes, now: float) -> None:
        """Raise what the token was refused with a moment ago."""
        until, refusal = self._refused.get(digest, (now, Unauthorized))
        if now < until:
            raise refusal
        self._refused.pop(digest, None)

    async def _open(self, call: Call, digest: bytes) -> None:
        """Verify the token and open its session; raises Unauthorized where there is none for it."""
        services = call.services
        claims = await self._bearers.verify(call.bearer or "")
        if claims is None or claims.expires_at <= services.clock.now():
            raise Unauthorized
        said = _said(call, claims)
        proof = services.prove(b"exchange" + digest + said)
        done = await services.database.db.one(EXCHANGE, Exchanged, token_hash=digest, said=said.decode(), proof=proof)
        if done.user_id is None:
            raise LinkFirst if done.outcome == "link first" else Unauthorized


def _said(call: Call, claims: Claims) -> bytes:
    """What the token says, and where it came from."""
    request, device = call.request, PublicContext(call).device
    place = {"ip": request.ip, "ip_prefix": device.prefix, "request_id": request.id}
    seen = {"user_agent": device.agent, "device": device.name, "role_is_ours": claims.role in call.services.roles}
    return to_json({**claims._asdict(), **place, **seen})
