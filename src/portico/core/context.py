"""What a handler is given: five promises about who calls, the narrower the fewer doubts."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import datetime, timedelta
from operator import attrgetter
from typing import TYPE_CHECKING, Any, ParamSpec, Self, TypeVar, cast, overload
from uuid import UUID

from portico.core.action import Action
from portico.core.addresses import prefix_of
from portico.core.answer import Answer
from portico.core.binding import fingerprint_of, name_of
from portico.core.call import Call
from portico.core.consequences import Consequences
from portico.core.event import Event
from portico.core.experiments import Experiment
from portico.core.flags import Switch
from portico.core.journal import journal_of
from portico.core.listening import Events
from portico.core.principal import Device, Org, Principal, Request, User
from portico.core.quotas import Quotas
from portico.core.rollouts import Rollouts
from portico.core.site import Site
from portico.core.transacting import key_outside, part_of
from portico.errors import Misconfigured, NotFound
from portico.ports.database import Db
from portico.ports.mailer import Outgoing
from portico.ports.upkeep import Upkeep

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession

P = ParamSpec("P")
T = TypeVar("T")
C = TypeVar("C", bound="PublicContext")
E = TypeVar("E", bound=Event)
E2 = TypeVar("E2", bound=Event)
E3 = TypeVar("E3", bound=Event)
E4 = TypeVar("E4", bound=Event)
call_of: Callable[["PublicContext"], Call] = attrgetter("_call")
"""The running call that a context is a view of."""


class PublicContext(Consequences, Rollouts):
    """Anybody (needs `Public("why")`); the base of all contexts."""

    __slots__ = ()

    def __init__(self, call: Call) -> None:
        """A view of the running call."""
        self._call = call

    @property
    def principal(self) -> Principal:
        """Who calls."""
        return self._call.principal

    @property
    def user(self) -> User | None:
        """The signed-in user, if any."""
        return self._call.user

    @property
    def org(self) -> Org | None:
        """The organization that the call is in, if any."""
        return self._call.org

    @property
    def request(self) -> Request:
        """The wire's facts; empty in-process."""
        return self._call.request

    @property
    def answer(self) -> Answer:
        """Headers and cookies of the answer."""
        return self._call.answer

    @property
    def db(self) -> Db:
        """Statements on the call's transaction, under its organization."""
        return self._call.db

    @property
    def orm(self) -> "AsyncSession":
        """A SQLAlchemy session on the call's transaction; its `commit()` raises, the call commits."""
        return self._call.orm

    @property
    def now(self) -> datetime:
        """When the call began, aware, in UTC."""
        return self._call.now

    @property
    def found(self) -> dict[str, object]:
        """What the policies' checks learned, by the name they gave it."""
        return self._call.found

    @property
    def credential(self) -> bytes | None:
        """The hash of the token in hand, which is all that is ever kept of it."""
        return self._call.credential

    @property
    def session_id(self) -> UUID | None:
        """The session in hand; None in-process."""
        return self._call.facts.session_id

    @property
    def session_age(self) -> timedelta:
        """How long a session lasts without being used, as the settings say."""
        return timedelta(days=self._call.services.session_days)

    @property
    def session_end(self) -> timedelta:
        """How long a session lasts at most, however much it is used."""
        return timedelta(days=self._call.services.session_end_days)

    @property
    def reveals_accounts(self) -> bool:
        """Whether callers may be told that an address has an account, as the settings say."""
        return self._call.services.reveals_accounts

    @property
    def device(self) -> Device:
        """What the request came from."""
        agent, devices = fingerprint_of(self.request.headers), self._call.services.devices
        return Device(agent or None, prefix_of(self.request.ip), name_of(agent, devices))

    def proof(self, *message: bytes) -> bytes:
        """What the database's functions demand before they sign somebody in: an HMAC under the application's key."""
        return self._call.services.prove(b"".join(message))

    @property
    def site(self) -> Site:
        """Name and address of the application, as the settings say."""
        return self._call.services.site

    def seal(self, plain: bytes, *about: bytes) -> bytes:
        """A secret for the database to keep and not to read; `about` says what and whose it is."""
        return self._call.services.sealer.seal(plain, b"".join(about))

    def unseal(self, sealed: bytes, *about: bytes) -> bytes:
        """What was sealed; raises WronglySet where it was under another key, or about something else."""
        return self._call.services.sealer.unseal(sealed, b"".join(about))

    @property
    def external_key(self) -> str:
        """The idempotency key to send to the service that an `External` action calls, 36 characters.

        Under an Idempotency-Key it is the same whenever the same request runs, after a crash, too; else this call's.
        """
        return key_outside(self._call)

    def new_id(self) -> UUID:
        """A UUIDv7."""
        return self._call.services.ids.new()

    def new_token(self) -> str:
        """A secret of at least 128 random bits, safe in a URL."""
        return self._call.services.ids.token()

    async def call(self, action: Action[Self, P, T], /, *args: P.args, **input: P.kwargs) -> T:
        """Run another action in this call's transaction, as the same caller: its authorization, its rules, its audit.

        Limits are not charged again. Returns the data; what the action refuses is raised.
        """
        if self._call.invoke is None:
            message = f"{action.name} cannot be called from a context that no application runs."
            raise Misconfigured(message)
        return cast("T", await self._call.invoke(self._call, action, (args, input)))

    def transaction(self) -> AbstractAsyncContextManager[None]:
        """A savepoint: what fails inside is undone alone, and what it noted (events, jobs, audit rows) with it.

        Under `External`, where none is open, a whole transaction, which commits what is noted inside.
        """
        return part_of(self._call)


class TenantContext(PublicContext):
    """In an organization, perhaps nobody signed in: its public pages, its jobs, its events."""

    __slots__ = ()

    @property
    def org(self) -> Org:
        """The organization."""
        return self._call.org  # type: ignore[return-value]  # nobody comes here without one

    @overload
    def events(self, kind: type[E], /) -> Events[E]: ...
    @overload
    def events(self, kind: type[E], or_: type[E2], /) -> Events[E | E2]: ...
    @overload
    def events(self, kind: type[E], or_: type[E2], or_even: type[E3], /) -> Events[E | E2 | E3]: ...
    @overload
    def events(
        self, kind: type[E], or_: type[E2], or_even: type[E3], at_last: type[E4], /
    ) -> Events[E | E2 | E3 | E4]: ...
    @overload
    def events(self, *kinds: type[Event]) -> Events[Event]: ...
    def events(self, *kinds: type[Any]) -> Events[Any]:
        """The organization's events of some kinds, for ever, from now on: for a subscription, once.

        A client that comes back gets first what it has missed. Ask before you read anything, and nothing lies between.
        """
        return Events(self._call, kinds)

    @property
    def quotas(self) -> Quotas:
        """What each of the application's plans allows."""
        return self._call.services.quotas


class UserContext(PublicContext):
    """Signed in."""

    __slots__ = ()

    @property
    def user(self) -> User:
        """The signed-in user."""
        return self._call.user  # type: ignore[return-value]  # nobody comes here who is nobody

    def may(self, permission: str, /) -> bool:
        """Whether the caller's role holds the permission: for what a page shows, not instead of `Allow`.

        Outside of an organization nobody has a role.
        """
        return self._call.may(permission)

    @property
    def switches(self) -> Mapping[str, Switch]:
        """The feature flags that the application declares."""
        return self._call.services.switches

    @property
    def experiments(self) -> Mapping[str, Experiment]:
        """The experiments that the application declares."""
        return self._call.services.experiments

    @property
    def permissions(self) -> frozenset[str]:
        """What roles and API keys are made of: all that actions ask for, and `thing:*` of each."""
        return self._call.services.permissions


class OrgContext(UserContext, TenantContext):
    """Signed in, and a member of the organization."""

    __slots__ = ()

    @property
    def role(self) -> str:
        """The caller's role in the organization."""
        return self._call.facts.org_role or ""

    @property
    def roles(self) -> Mapping[str, frozenset[str]]:
        """The application's own roles, and what each may do."""
        return self._call.services.roles


class SystemContext(PublicContext):
    """Nobody, in no organization: scheduled jobs and what comes from outside; it enters an organization by its id."""

    __slots__ = ()

    @asynccontextmanager
    async def within(self, org: UUID, /) -> AsyncIterator[TenantContext]:
        """Work in an organization, as nobody; what fails inside is undone alone. Raises NotFound where there is none.

        Inside of the block, this context's own statements are in the organization too.
        """
        call = self._call
        if call.transaction is None:
            raise Misconfigured(f"{call.action} enters an organization, and no transaction is open here.")
        inner = Call(call.action, call.services, call.request)
        inner.transaction, inner.invoke = call.transaction, call.invoke
        async with call.transaction.savepoint():
            facts = await call.transaction.step_into(org, call.services.prove(b"enter" + org.bytes))
            if facts.org_id is None:
                raise NotFound
            inner.pass_gate(facts)
            yield TenantContext(inner)
            await call.transaction.step_into(None, journal=journal_of(inner))
        if inner.noted is not None:
            call.notes.take_after(inner.noted, org)
            if inner.noted.jobs or inner.noted.events:
                call.services.wake()

    async def sweep(self) -> dict[str, int]:
        """Remove what is past its time now, of all organizations; how many of each kind.

        Each batch is a transaction of its own, as a worker's: nothing of it is undone where the job fails.
        """
        return await self._upkeep.sweep(self.now)

    async def seal_audit(self) -> int:
        """Seal what was written into the audit, and let go of what is kept no longer; how many records were sealed."""
        return await self._upkeep.seal(self.now)

    async def finish_interrupted(self) -> int:
        """Tell of calls to other services that died with their process, and have them finished, once; how many."""
        return await self._upkeep.finish(self.now)

    @property
    def _upkeep(self) -> Upkeep:
        if (upkeep := self._call.services.upkeep) is None:
            raise Misconfigured(f"{self._call.action} keeps the database up, and is no job that a worker runs.")
        return upkeep

    async def deliver(self, mail: Outgoing, /) -> None:
        """Send a mail now, and wait for it; what `ctx.mail` notes comes here in the end. Raises what prevents it."""
        call = self._call
        if call.services.deliver is None:
            raise Misconfigured(f"{call.action} sends a mail, and no application runs that could.")
        await call.services.deliver(mail, call.job.id if call.job else self.new_id())
