"""A browser's way to a provider and back: what is asked of the provider, with no transaction open."""

from hmac import compare_digest
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from portico import (
    Call,
    Contract,
    Departure,
    Error,
    From,
    Invalid,
    NotFound,
    Policy,
    RateLimited,
    Unavailable,
)
from portico.modules.identity.errors import SignInFailed
from portico.modules.identity.module import hash_of

if TYPE_CHECKING:
    from portico import Result

COOKIE = "__Host-oidc"
"""Holds the state, so that only the browser that was sent to the provider comes back from it."""
TAKE = "select user_id as linking, data from portico.take_challenge_v1('oidc', :token_hash)"
# Browsers read `//host` and `/\\host` as another site, and leave out tabs and line breaks before they look.
OwnPath = Annotated[str, Field(pattern=r"^/([^/\\\x00-\x20\x7f][^\\\x00-\x20\x7f]{0,2000})?$")]
Word = Annotated[str, Field(max_length=4000)]


class Leaving(BaseModel):
    """Where a browser goes on to, once it is back."""

    next: OwnPath = "/"


class Asking(Leaving):
    """The same for whoever signs in; `again` wants a fresh proof, signed in at the provider or not."""

    again: bool = False


class Journey(BaseModel):
    """What is kept of a browser until it is back."""

    provider: str
    nonce: str
    verifier: str
    back: str
    next: str
    linking: UUID | None = None
    """Whose account the provider is to be linked to; None where somebody signs in."""


class Taken(BaseModel):
    """What was kept, taken back."""

    linking: UUID | None
    data: dict[str, str]


class Return(BaseModel):
    """What a browser brings from the provider, and what it has kept itself."""

    code: Word = ""
    state: Word = ""
    iss: Word | None = None
    error: Word = ""
    """Where the provider refuses, its word for why; nobody is shown it."""
    held: Annotated[str, Field(max_length=4000), From("cookie", COOKIE)] = ""


class ProviderNames(Policy):
    """Notes the names of the providers as `ctx.found["providers"]`."""

    def decide(self, call: Call) -> Error | None:
        """Read them off the settings."""
        call.found["providers"] = list(call.services.providers.names) if call.services.providers else []
        return None


class SendsToProvider(Policy):
    """Notes as `ctx.found["departure"]` where the browser goes that is sent to `provider`."""

    @property
    def input_member(self) -> str:
        """The provider's name."""
        return "provider"

    async def check(self, call: Call) -> Error | None:
        """Ask for the provider's addresses, which are kept for a while."""
        services, name = call.services, call.input("provider", str)
        if services.providers is None:
            return NotFound()
        back = f"{services.site.url}{call.prefix}/oidc/{name}/callback"
        again = call.values.get("again") is True
        call.found["departure"] = await services.providers.begin(name, back=back, again=again)
        return None

    def contract(self) -> Contract:
        """It may answer that there is no such provider, or that it does not answer."""
        return Contract(errors=(NotFound, Unavailable))


class ComesBack(Policy):
    """Refuses a browser that was not sent to `provider`, or comes back without a proof; the journey is over either way.

    The handler finds who it is as `ctx.found["claims"]`, and as `ctx.found["journey"]` where they go on.
    """

    @property
    def input_member(self) -> str:
        """The provider's name."""
        return "provider"

    async def check(self, call: Call) -> Error | None:
        """Take the state back, in a statement of its own, then the code to the provider."""
        if "claims" in call.found:  # the transaction is run again: the state was taken, and the code is spent
            return None
        journey, providers = await _taken(call), call.services.providers
        if journey is None or providers is None:
            return SignInFailed()
        call.found["journey"], call.found["asks_twice"] = journey, call.services.asks_everybody_twice
        if journey.linking is not None:
            call.found["retreat"] = journey.next
        if journey.linking not in {None, call.principal.id} or call.values["error"]:
            return SignInFailed()
        said, state = call.input("code", str), call.input("state", str)
        departure = Departure(journey.provider, "", state, journey.nonce, journey.verifier, journey.back)
        issuer = call.values["iss"]
        claims = await providers.finish(departure, code=said, issuer=issuer if isinstance(issuer, str) else None)
        call.found["claims"] = claims
        return None if claims is not None else SignInFailed()

    def record(self, call: Call, result: "Result[object]") -> None:
        """Put on record who signed in or linked the provider, and who was refused."""
        journey, name = call.found.get("journey"), str(call.values.get("provider"))
        links = isinstance(journey, Journey) and journey.linking is not None
        event = "identity.linked" if links else "user.login"
        if result.error is None:
            call.notes.audit(event, str(call.found["user_id"]), method="oidc", provider=name)
        elif not isinstance(result.error, Invalid | RateLimited | Unavailable):
            call.blame(event, name, outcome="failed", code=result.error.code)

    def contract(self) -> Contract:
        """It may answer AUTH_SIGN_IN_FAILED, or that the provider does not answer."""
        return Contract(errors=(SignInFailed, Unavailable))


async def _taken(call: Call) -> Journey | None:
    """The journey that the state stands for, which is over now; None where this browser is on no such journey."""
    state, held = call.input("state", str), call.input("held", str)
    if not state or not compare_digest(state.encode(), held.encode()):
        return None
    taken = await call.db.maybe(TAKE, Taken, token_hash=hash_of(state))
    if taken is None or taken.data["provider"] != call.values["provider"]:
        return None
    return Journey.model_validate({**taken.data, "linking": taken.linking})
