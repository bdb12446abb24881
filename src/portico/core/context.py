"""What a handler is given: five promises about who calls, the narrower the fewer doubts."""

from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, ParamSpec, Self, TypeVar, cast
from uuid import UUID

from portico.core.action import Action
from portico.core.answer import Answer
from portico.core.call import Call
from portico.core.event import Event
from portico.core.principal import Org, Principal, Request, User
from portico.errors import Misconfigured
from portico.ports.database import Db

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession

P = ParamSpec("P")
T = TypeVar("T")
C = TypeVar("C", bound="PublicContext")


class PublicContext:
    """Anybody (needs `Public("why")`); the base of all contexts."""

    __slots__ = ("_call",)

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
        """How long a session lasts, as the settings say."""
        return timedelta(days=self._call.services.session_days)

    def new_id(self) -> UUID:
        """A UUIDv7."""
        return self._call.services.ids.new()

    def new_token(self) -> str:
        """A secret of at least 128 random bits, safe in a URL."""
        return self._call.services.ids.token()

    def emit(self, event: Event, /) -> None:
        """Write an event to the outbox: it is committed with the call, or not at all."""
        self._call.emit(event)

    def audit(self, **metadata: object) -> None:
        """Add metadata to the audit row that the action's `Audit` writes."""
        self._call.found.setdefault("audit", {})
        cast("dict[str, object]", self._call.found["audit"]).update(metadata)

    async def call(self, action: Action[Self, P, T], /, *args: P.args, **input: P.kwargs) -> T:
        """Run another action in this call's transaction, as the same caller: its authorization, its rules, its audit.

        Limits are not charged again. Returns the data; what the action refuses is raised.
        """
        if self._call.invoke is None:
            message = f"{action.name} cannot be called from a context that no application runs."
            raise Misconfigured(message)
        return cast("T", await self._call.invoke(self._call, action, (args, input)))

    def transaction(self) -> AbstractAsyncContextManager[None]:
        """A savepoint: what fails inside is undone alone."""
        if self._call.transaction is None:
            message = f"{self._call.action}: a savepoint needs the call's transaction, and none is open here."
            raise Misconfigured(message)
        return self._call.transaction.savepoint()


class TenantContext(PublicContext):
    """In an organization, perhaps nobody signed in: its public pages."""

    __slots__ = ()

    @property
    def org(self) -> Org:
        """The organization."""
        return cast("Org", self._call.org)


class UserContext(PublicContext):
    """Signed in."""

    __slots__ = ()

    @property
    def user(self) -> User:
        """The signed-in user."""
        return cast("User", self._call.user)


class OrgContext(UserContext, TenantContext):
    """Signed in, and a member of the organization."""

    __slots__ = ()

    def may(self, permission: str, /) -> bool:
        """Whether the caller's role holds the permission: for what a page shows, not instead of `Allow`."""
        return self._call.may(permission)
