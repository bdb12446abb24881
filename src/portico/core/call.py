"""One running call, as policies and contexts see it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar
from uuid import UUID

from pydantic_core import to_json

from portico.core.answer import Answer
from portico.core.limits import Rate
from portico.core.principal import NOBODY, Org, Principal, Request, User
from portico.errors import Misconfigured
from portico.ports.clock import Clock, Ids
from portico.ports.counters import Counters
from portico.ports.database import Database, Db, Facts, Refusal, Transaction
from portico.ports.hasher import Hasher

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession

    from portico.core.event import Event

T = TypeVar("T")
NOTHING: Mapping[str, str] = {}
UNKNOWN = Facts()


@dataclass(frozen=True, slots=True)
class Services:
    """What a running application has at hand: one of each port, and the secret that signs."""

    database: Database
    counters: Counters
    clock: Clock
    ids: Ids
    hasher: Hasher
    roles: Mapping[str, "frozenset[str]"]
    """What each role may do; `*` is everything, `thing:*` everything about a thing."""
    sign: Callable[[bytes], bytes]
    """HMAC-SHA256 under the application's secret."""
    rate: Rate
    """Reads a rate under the settings."""
    session_days: int = 14


class Call:
    """One running call; `extra` holds the inputs that policies added, `found` what their checks learned."""

    __slots__ = (
        "_now",
        "_org",
        "_user",
        "action",
        "answer",
        "audits",
        "blamed",
        "charged",
        "context",
        "credential",
        "encoded",
        "encoder",
        "events",
        "extra",
        "facts",
        "fingerprint",
        "found",
        "invoke",
        "key",
        "live",
        "prefix",
        "request",
        "scope",
        "services",
        "tags",
        "transaction",
        "values",
        "wanted_org",
    )

    def __init__(self, action: str, services: Services, request: Request) -> None:
        """A call of `action` that has not begun: nobody, no input, no transaction."""
        self.action = action
        self.services = services
        self.request = request
        self.answer = Answer()
        self.facts = UNKNOWN
        self.extra = NOTHING
        self.values: Mapping[str, object] = NOTHING
        self.found: dict[str, object] = {}
        self.audits: list[str | None] = []
        self.events: list[str] = []
        self.blamed: list[Refusal] = []
        self.tags: list[str] = []
        self.credential: bytes | None = None
        self.wanted_org: UUID | None = None
        self.key: str | None = None
        self.prefix = ""
        self.scope: str | None = None
        self.fingerprint: bytes | None = None
        self.transaction: Transaction | None = None
        self.context: object = None
        self.invoke: Callable[..., Awaitable[object]] | None = None
        self.live = True
        self.charged = False
        self.encoder: Callable[[object], bytes] | None = None
        self.encoded: bytes | None = None
        self._now: datetime | None = None
        self._user: User | None = None
        self._org: Org | None = None

    @property
    def principal(self) -> Principal:
        """Who calls; nobody until the gate has been passed."""
        return self.user or NOBODY

    @property
    def user(self) -> User | None:
        """The signed-in user."""
        facts = self.facts
        if self._user is None and facts.user_id is not None:
            self._user = User(facts.user_id, "user", facts.user_email or "", facts.user_name or "")
        return self._user

    @property
    def org(self) -> Org | None:
        """The organization that the call is in."""
        if self._org is None:
            self._org = org_of(self.facts)
        return self._org

    @property
    def now(self) -> datetime:
        """When the call began; the same all through it."""
        if self._now is None:
            self._now = self.services.clock.now()
        return self._now

    @property
    def db(self) -> Db:
        """Statements: on the call's transaction where one is open, else each one its own."""
        return self.services.database.db if self.transaction is None else self.transaction.db

    @property
    def orm(self) -> "AsyncSession":
        """The ORM session on the call's transaction."""
        if self.transaction is None:
            message = f"{self.action}: ctx.orm needs the call's transaction, and none is open here."
            raise Misconfigured(message)
        return self.transaction.orm

    def input(self, member: str, kind: type[T], /) -> T:
        """The validated member; raises TypeError where it is no `kind`."""
        value = self.values[member]
        if not isinstance(value, kind):
            message = f"{self.action}: {member} is a {type(value).__name__}, not a {kind.__name__}."
            raise TypeError(message)
        return value

    def may(self, permission: str) -> bool:
        """Whether the caller's role holds the permission."""
        held = self.services.roles.get(self.facts.org_role or "", frozenset())
        return permission in held or "*" in held or f"{permission.partition(':')[0]}:*" in held

    def audit(self, event: str, target: str | None = None, /, **metadata: object) -> None:
        """Write an audit row in the call's transaction."""
        self.audits += (event, target, to_json(metadata, fallback=str).decode() if metadata else "{}")

    def emit(self, event: "Event") -> None:
        """Write an event to the outbox in the call's transaction."""
        self.events += (event.event_name, event.model_dump_json())

    def blame(self, event: str, target: str | None, *, outcome: str, code: str) -> None:
        """Note a refusal for the audit; it is written in a transaction of its own."""
        self.blamed.append(refusal_of(self.request, self.facts, (event, target, outcome, code)))

    def pass_gate(self, facts: Facts) -> None:
        """Take what the gate says."""
        self.facts, self._user, self._org = facts, None, None

    def begin_again(self) -> None:
        """Forget what a rolled-back attempt has noted."""
        limits = self.answer.limits
        self.answer, self.audits, self.events, self.tags, self.blamed = Answer(), [], [], [], []
        self.answer.limits = limits
        self.transaction = self.encoded = None
        self.found.pop("audit", None)

    def inner(self, action: str) -> "Call":
        """A call of another action inside this one: the same caller, transaction, journal and cookies."""
        call = Call(action, self.services, self.request)
        call.pass_gate(self.facts)
        call.transaction, call.invoke, call._now = self.transaction, self.invoke, self._now
        call.audits, call.events, call.tags, call.blamed = self.audits, self.events, self.tags, self.blamed
        call.answer.cookies = self.answer.cookies
        return call


def org_of(facts: Facts) -> Org | None:
    """The organization that the gate has found."""
    if facts.org_id is None:
        return None
    name, slug, plan = facts.org_name or "", facts.org_slug or "", facts.org_plan or ""
    return Org(facts.org_id, name, slug, plan, facts.org_timezone or "UTC")


def refusal_of(request: Request, facts: Facts, what: tuple[str, str | None, str, str]) -> Refusal:
    """What the audit says of a refused call: event, target, outcome and code, and who it was."""
    event, target, outcome, code = what
    metadata = to_json({"code": code}).decode()
    agent = request.headers.get("user-agent")
    return Refusal(facts.org_id, facts.user_id, event, target, outcome, metadata, request.ip, agent, request.id)
