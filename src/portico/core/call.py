"""One running call, as policies and contexts see it."""

from collections.abc import Awaitable, Callable, Container, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, TypeVar
from uuid import UUID

from pydantic_core import to_json

from portico.core.answer import Answer
from portico.core.binding import agent_of
from portico.core.errand import Errand
from portico.core.experiments import Experiment
from portico.core.flags import Switch
from portico.core.flights import Flights
from portico.core.limits import Rate
from portico.core.notes import Notes
from portico.core.outbound import Outbound
from portico.core.passwords import PasswordRules
from portico.core.principal import NOBODY, Org, Principal, Request, User
from portico.core.quotas import NO_QUOTAS, Quotas
from portico.core.sink import Sink
from portico.core.site import Site
from portico.core.watch import Patience
from portico.core.webhooks import USUAL, WebhookTerms
from portico.errors import Error, Misconfigured
from portico.ports.cache import Cache
from portico.ports.clock import Clock, Ids
from portico.ports.counters import Counters, LocalCounters, Taken, counted, rule_made
from portico.ports.database import Database, Db, Entry, Facts, Refusal, Transaction
from portico.ports.devices import Devices
from portico.ports.flags import Flags
from portico.ports.hasher import Hasher
from portico.ports.jobs import Claimed
from portico.ports.mailer import Deliver, Outgoing
from portico.ports.outside import Outside
from portico.ports.sealer import Sealer
from portico.ports.statements import Timed
from portico.ports.tokens import Providers
from portico.ports.touches import Touches
from portico.ports.trials import Trials
from portico.ports.upkeep import Upkeep

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession

    from portico.core.event import Event

T = TypeVar("T")
Given: TypeAlias = tuple[tuple[object, ...], Mapping[str, object]]
"""Typed arguments, by position and by name."""
NOTHING: Mapping[str, str] = {}
UNKNOWN = Facts()
NOWHERE = Site()
NO_PERMISSIONS: frozenset[str] = frozenset()


def _no_jobs(call: "Call", action: object, _given: object) -> None:
    """Stand where no application runs."""
    raise Misconfigured(f"{call.action} enqueues {action}, and no application runs that could.")


def _no_mails(call: "Call", _outgoing: Outgoing) -> None:
    """As above."""
    raise Misconfigured(f"{call.action} sends a mail, and no application runs that could.")


@dataclass(frozen=True, slots=True)
class Services:
    """What a running application has at hand: one of each port, and the secret that signs."""

    database: Database
    counters: Counters
    """Counts for all processes of the application, where they share something."""
    local: LocalCounters
    """Counts for this process alone."""
    clock: Clock
    ids: Ids
    hasher: Hasher
    passwords: PasswordRules
    """What a new password must be like."""
    roles: Mapping[str, "frozenset[str]"]
    """What each role may do; `*` is everything, `thing:*` everything about a thing."""
    sign: Callable[[bytes], bytes]
    """HMAC-SHA256 under the application's secret."""
    rate: Rate
    """Reads a rate under the settings."""
    prove: Callable[[bytes], bytes]
    """HMAC-SHA256 under the key that the database knows: what its functions want before they sign somebody in."""
    devices: Devices
    touches: Touches
    sealer: Sealer
    outside: Outside
    """What the database does for a call while none of its transactions is open."""
    outbound: Outbound
    """What calls to other services go through."""
    cache: Cache
    flights: Flights
    """The answers for the cache that are being made."""
    flags: Flags
    trials: Trials
    keys: Mapping[tuple[str, str], Sequence[bytes]] = field(default_factory=dict)
    """What incoming webhooks are proved by: under each scheme and setting, the keys that count."""
    cache_ttl: float = 300.0
    """Seconds for which an answer is kept that does not say."""
    sudo: timedelta = timedelta(minutes=10)
    """How long a password shown counts as recent."""
    session_days: int = 14
    """Days after which a session that is not used ends."""
    permissions: frozenset[str] = NO_PERMISSIONS
    """All that a role of an organization's own making may hold."""
    session_end_days: int = 90
    """Days after which a session ends however much it is used."""
    binding: Literal["report", "strict", "off"] = "report"
    """What becomes of a session that is used from another device or network."""
    reveals_accounts: bool = False
    """Whether signing up may tell that an address has an account already."""
    unverified_sign_in: bool = False
    """Whether one may sign in before one's address is confirmed."""
    asks_everybody_twice: bool = False
    """Whether a second factor is asked for after signing in elsewhere too."""
    stall: float = 10.0
    """Seconds that a client may take to accept a piece of an export."""
    timeout: float = 30.0
    """Seconds that a call may take whose action does not say otherwise."""
    exchange: "Callable[[Call], Awaitable[None]] | None" = None
    """Opens a session for the call's bearer token where an issuer that is trusted has signed it, else raises."""
    providers: Providers | None = None
    """Where people may sign in who have their account elsewhere."""
    site: Site = NOWHERE
    enlist: "Callable[[Call, Any, Given | None], None]" = _no_jobs
    """Notes a job, with its input validated."""
    post: "Callable[[Call, Outgoing], None]" = _no_mails
    """Notes a mail, which becomes a job."""
    deliver: Deliver | None = None
    """Sends a mail, now."""
    upkeep: Upkeep | None = None
    """What only a worker can do: removing what is over, sealing the audit."""
    wake: Callable[[], None] = lambda: None
    """Tells workers that something was committed for them; never waits."""
    quotas: Quotas = NO_QUOTAS
    """What each plan allows."""
    switches: Mapping[str, Switch] = field(default_factory=dict)
    """The feature flags that the application declares."""
    experiments: Mapping[str, Experiment] = field(default_factory=dict)
    events: "Mapping[str, type[Event]]" = field(default_factory=dict)
    """The events that the application declares, by name."""
    webhooks: WebhookTerms = USUAL

    async def count(self, key: str, rate: str, *, cost: int = 1) -> Taken:
        """Count an attempt by hand, where it is not the call itself that is limited; 0 looks and counts nothing.

        Where nobody can count, the call is refused with 503.
        """
        limit, window = self.rate(rate)
        return await counted(self.counters.take([key], (rule_made(limit, window, cost),)))


class Call:
    """One running call; `extra` holds the inputs that policies added, `found` what their checks learned."""

    __slots__ = (
        *("_now", "_org", "_user", "action", "answer", "bearer", "charged", "context", "credential"),
        *("encoded", "encoder", "entry", "errand", "extra", "facts", "fingerprint", "found", "invoke", "job", "key"),
        *("live", "mailable", "noted", "patience", "prefix", "refused", "request", "scope", "services", "sight"),
        *("sink", "transaction", "values", "wanted_org"),
    )

    refused: type[Error]
    """The kind of error that the caller was told, where the call was refused; the error itself would hold the call."""
    sight: Timed
    """What is seen of the call, where somebody looks."""

    def __init__(self, action: str, services: Services, request: Request) -> None:
        """A call of `action` that has not begun: nobody, no input, no transaction."""
        self.action, self.services, self.request = action, services, request
        self.answer, self.facts, self.extra = Answer(), UNKNOWN, NOTHING
        self.values: Mapping[str, object] = NOTHING
        self.found: dict[str, object] = {}
        self.noted: Notes | None = None
        self.mailable: frozenset[str] | None = None
        self.credential: bytes | None = None
        self.bearer: str | None = None
        self.wanted_org: UUID | None = None
        self.key: str | None = None
        self.scope: str | None = None
        self.fingerprint: bytes | None = None
        self.transaction: Transaction | None = None
        self.errand: Errand | None = None
        self.context: object = None
        self.invoke: Callable[..., Awaitable[object]] | None = None
        self.job: Claimed | None = None
        self.live, self.charged, self.prefix, self.patience = True, False, "", Patience(services.timeout)
        self.encoder: Callable[[object], bytes] | None = None
        self.sink: Sink | None = None
        self.encoded: bytes | None = None
        self.entry: Entry | None = None
        self._now: datetime | None = None
        self._user: User | None = None
        self._org: Org | None = None

    @property
    def notes(self) -> Notes:
        """What it leaves behind; `noted` is None where that is nothing, as with most calls."""
        if self.noted is None:
            self.noted = Notes()
        return self.noted

    @property
    def principal(self) -> Principal:
        """Who calls; nobody until the gate has been passed."""
        return self.user or NOBODY

    @property
    def user(self) -> User | None:
        """The signed-in user."""
        if self._user is None:
            self._user = user_of(self.facts)
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
        own = self.transaction or self.errand
        return self.services.database.db if own is None else own.db

    @property
    def orm(self) -> "AsyncSession":
        """The ORM session on the call's transaction."""
        if self.transaction is None:
            raise Misconfigured(f"{self.action}: ctx.orm needs the call's transaction, and none is open here.")
        return self.transaction.orm

    def input(self, member: str, kind: type[T], /) -> T:
        """The validated member; raises TypeError where it is no `kind`."""
        value = self.values[member]
        if not isinstance(value, kind):
            raise TypeError(f"{self.action}: {member} is a {type(value).__name__}, not a {kind.__name__}.")
        return value

    def may(self, permission: str) -> bool:
        """Whether the caller's role holds the permission, and the API key in hand, if there is one, covers it."""
        facts = self.facts
        own = facts.permissions
        held = self.services.roles.get(facts.org_role or "", NO_PERMISSIONS) if own is None else own
        return holds(held, permission) and (facts.key_scopes is None or holds(facts.key_scopes, permission))

    def mail(self, template: str, to: str, values: Mapping[str, object], *, regardless: bool = False) -> None:
        """Note a mail, sent after the commit or `regardless` of it. Raises Misconfigured where it is undeclared."""
        if self.mailable is not None and template not in self.mailable:
            undeclared = f"{self.action} sends the mail {template!r}, which it does not declare"
            raise Misconfigured(f'{undeclared}; write Mails("{template}").')
        noted = len(self.notes.jobs)
        self.services.post(self, Outgoing(template, to, values, self.request.locale))
        if regardless:
            self.notes.set_apart(noted)

    def blame(self, event: str, target: str | None, *, outcome: str, code: str) -> None:
        """Note a refusal for the audit; it is written in a transaction of its own."""
        self.notes.blamed.append(refusal_of(self.request, self.facts, (event, target, outcome, code)))

    def pass_gate(self, facts: Facts) -> None:
        """Take what the gate says."""
        self.facts, self._user, self._org = facts, None, None

    def begin_again(self) -> None:
        """Forget what a rolled-back attempt has noted."""
        self.noted = None
        self.answer, limits = Answer(), self.answer.limits
        self.answer.limits = limits
        self.transaction = self.encoded = None
        self.found.pop("audit", None)

    def inner(self, action: str) -> "Call":
        """A call of another action inside this one: the same caller, transaction, journal and cookies."""
        call = Call(action, self.services, self.request)
        call.pass_gate(self.facts)
        call.transaction, call.invoke, call.entry, call._now = self.transaction, self.invoke, self.entry, self._now
        call.noted = self.notes
        call.errand, call.answer.cookies = self.errand, self.answer.cookies
        return call


def again(call: Call) -> Call:
    """The same call once more, for when this one is over: nobody is answered, and nothing of it is kept."""
    fresh = Call(call.action, call.services, call.request)
    fresh.pass_gate(call.facts)
    fresh.values, fresh.prefix, fresh.invoke, fresh.entry = call.values, call.prefix, call.invoke, call.entry
    return fresh


def holds(held: Container[str], permission: str) -> bool:
    """Whether a list of permissions covers one: by itself, by `thing:*`, or by `*`."""
    return permission in held or "*" in held or f"{permission.partition(':')[0]}:*" in held


def user_of(facts: Facts) -> User | None:
    """Whom the gate has found."""
    if facts.user_id is None:
        return None
    user = User.__new__(User)  # most calls make one: the __init__ of a frozen class calls for each member
    vars(user).update(id=facts.user_id, kind="user", email=facts.user_email or "", name=facts.user_name or "")
    return user


def org_of(facts: Facts) -> Org | None:
    """The organization that the gate has found."""
    if facts.org_id is None:
        return None
    org = Org.__new__(Org)  # as above
    name, slug, plan = facts.org_name or "", facts.org_slug or "", facts.org_plan or ""
    vars(org).update(id=facts.org_id, name=name, slug=slug, plan=plan, timezone=facts.org_timezone or "UTC")
    return org


def refusal_of(request: Request, facts: Facts, what: tuple[str, str | None, str, str]) -> Refusal:
    """What the audit says of a refused call: event, target, outcome and code, and who it was."""
    event, target, outcome, code = what
    metadata = to_json({"code": code}).decode()
    agent = agent_of(request.headers)
    return Refusal(facts.org_id, facts.user_id, event, target, outcome, metadata, request.ip, agent, request.id)
