"""One call's transaction: the gate before, the handler's statements, the close after."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, LiteralString, NamedTuple, Protocol, TypeAlias, TypeVar
from uuid import UUID

from pydantic import BaseModel

from portico.errors import Error
from portico.ports.paging import Keyset, Listing, Numbered, Slice
from portico.ports.quick import quickly
from portico.ports.streams import Rows

if TYPE_CHECKING:
    from sqlalchemy import Executable
    from sqlalchemy.ext.asyncio import AsyncSession

    Statement: TypeAlias = Executable | LiteralString

T = TypeVar("T")


class Entry(NamedTuple):
    """What the gate is asked: who calls, where, with which key, about which row."""

    credential: bytes | None = None
    org: UUID | None = None
    slug: str | None = None
    key: str | None = None
    scope: str | None = None
    """Whose key it is when nobody is signed in."""
    agent: str | None = None
    """The caller's User-Agent and address prefix, to be compared with what the session was opened with."""
    prefix: str | None = None
    operator: bool = False
    """Whether an operator's sight of all accounts is wanted."""
    slug_proof: bytes | None = None
    """That the application asks for the slug: else a statement that somebody slipped in could."""
    table: str | None = None
    owner: str | None = None
    """The column of the row that names its owner."""
    version: str | None = None
    """The column of the row that counts its versions."""
    whose: str = "org"
    """Whose rows the table holds: `org` or `user`."""
    resources: tuple[str, ...] | None = None
    """What the action takes from the organization's quotas."""
    row: str | None = None
    """The id of the row in that table."""


class Counted(NamedTuple):
    """How much an organization uses of what was asked about."""

    transaction: str
    """What a proof of a change must cover."""
    used: Mapping[str, int | None]
    """None of what nobody has counted yet."""


class Facts(NamedTuple):
    """What the gate answers, in one row."""

    user_id: UUID | None = None
    user_email: str | None = None
    user_name: str | None = None
    session_id: UUID | None = None
    org_id: UUID | None = None
    org_name: str | None = None
    org_slug: str | None = None
    org_plan: str | None = None
    org_timezone: str | None = None
    org_role: str | None = None
    idem_digest: bytes | None = None
    idem_running: bool | None = None
    idem_fingerprint: bytes | None = None
    idem_status: int | None = None
    idem_headers: str | None = None
    idem_body: bytes | None = None
    row_owner: str | None = None
    row_version: str | None = None
    row_found: bool | None = None
    operator: bool | None = None
    authenticated_at: datetime | None = None
    """When the session last saw a password, or what stands for one."""
    other_agent: str | None = None
    """The User-Agent that the session was opened with, where it is another."""
    other_prefix: str | None = None
    key_id: UUID | None = None
    """The API key in hand."""
    key_scopes: list[str] | None = None
    key_rate: str | None = None
    permissions: list[str] | None = None
    """What a role of the organization's own making may do; None where the role is the application's."""
    quota: Counted | None = None


entry_made, facts_of, counted_of = quickly(Entry), quickly(Facts), quickly(Counted)


class Stored(NamedTuple):
    """An answer to be kept for the next request with the same key."""

    digest: bytes
    fingerprint: bytes
    status: int
    headers: str
    body: bytes


stored_made = quickly(Stored)


class Change(NamedTuple):
    """What a call takes from one of its organization's quotas, or gives back where the amount is below zero."""

    resource: str
    amount: int
    most: int
    """The plan's limit; -1 where there is none."""
    opening: int
    """What there was before the call, where nobody had counted yet; else -1."""


change_of = quickly(Change)
Usage: TypeAlias = tuple[Change, bytes]
"""A change, and the proof that the application says so."""


class Journal(NamedTuple):
    """All that a call leaves behind, written by the close in the call's own transaction."""

    audits: Sequence[str | None]
    """Action, target and metadata (JSON), one after another."""
    events: Sequence[str]
    """Name and payload (JSON), one after another."""
    request_id: str
    ip: str | None
    user_agent: str | None
    stored: Stored | None
    jobs: str | None = None
    """Jobs to be enqueued (JSON)."""
    jobs_proof: bytes | None = None
    """That the application enqueues them: else a statement that somebody slipped in could."""
    finished: tuple[UUID, UUID] | None = None
    """The job in hand that is done with this, and its lease."""
    usage: Sequence[Usage] = ()
    """In the order of resources."""


journal_made = quickly(Journal)


@dataclass(frozen=True, slots=True)
class Refusal:
    """A refused or failed call that must be on record."""

    org: UUID | None
    user: UUID | None
    action: str
    target: str | None
    outcome: str
    metadata: str
    ip: str | None
    user_agent: str | None
    request_id: str


@dataclass(frozen=True, slots=True)
class Noted:
    """What a call that may not write has done."""

    rows: str
    """Audit rows (JSON), and whose they are."""
    proof: bytes
    """That the application notes them: else a statement that somebody slipped in could."""


@dataclass(frozen=True, slots=True)
class Failure:
    """What an exception of the database means."""

    error: Error
    again: bool = False
    """Worth running the transaction again: a serialization failure, a deadlock, a plan that a migration changed."""
    collided: bool = False
    """Another transaction stood in the way: it should end before this one begins again."""
    constraint: str = ""
    """The violated constraint, which an action may give a meaning of its own."""
    unknown: bool = False
    """Nobody knows whether the COMMIT was done: the connection was lost during it."""
    wrote: bool = False
    """A write where the transaction or the whole server takes none."""
    log: str = ""
    """For the log alone: what a programmer should know."""


class Db(Protocol):
    """Statements on the call's transaction, under its organization; values by name, or from a model's fields."""

    async def one(self, stmt: "Statement", into: type[T], source: BaseModel | None = None, /, **values: object) -> T:
        """The one row, as `into`: a model by its columns, anything else by the first column.

        Raises NotFound where there is none.
        """
        ...

    async def maybe(
        self, stmt: "Statement", into: type[T], source: BaseModel | None = None, /, **values: object
    ) -> T | None:
        """The first row, or None."""
        ...

    async def all(
        self, stmt: "Statement", into: type[T], source: BaseModel | None = None, /, **values: object
    ) -> list[T]:
        """Every row."""
        ...

    async def page(
        self, of: Listing, into: type[T], at: Keyset | Numbered, source: BaseModel | None = None, /, **values: object
    ) -> Slice[T]:
        """One page of a listing; filters whose value is None are left out."""
        ...

    def stream(self, stmt: "Statement", into: type[T], source: BaseModel | None = None, /, **values: object) -> Rows[T]:
        """Row by row through a cursor on the server, in constant memory."""
        ...

    async def many(self, stmt: "Statement", into: type[T], items: Sequence[BaseModel], /, **values: object) -> list[T]:
        """One statement over many items of one model: the rows that it gives, in the items' order.

        An `insert(table).returning(…)` takes the columns that the items have; `values` are the same for all of them.
        A text finds each field as an array: `… from unnest(cast(:id as uuid[]), cast(:title as text[]))`.
        Without items nothing is sent.
        """
        ...

    async def execute(self, stmt: "Statement", source: BaseModel | None = None, /, **values: object) -> int:
        """How many rows were touched."""
        ...


class Transaction(Protocol):
    """An open transaction; one of `commit` and `rollback` ends it and gives the connection back.

    Tasks that run statements on it at once take turns.
    """

    @property
    def read_only(self) -> bool:
        """Whether it may not write."""
        ...

    @property
    def db(self) -> Db:
        """Statements on it."""
        ...

    @property
    def orm(self) -> "AsyncSession":
        """A SQLAlchemy session on it."""
        ...

    async def gate(self, entry: Entry) -> Facts:
        """Who calls, and what is known; sets what row level security reads."""
        ...

    async def row(self, entry: Entry, facts: Facts) -> Facts:
        """The facts with the row's owner and version, for an action called by another."""
        ...

    async def step_into(self, org: UUID | None, proof: bytes = b"", *, journal: Journal | None = None) -> Facts:
        """Be nobody in an organization; or write the journal, and be in none.

        The facts name no organization where there is none.
        """
        ...

    async def commit(self, journal: Journal | None = None) -> None:
        """Write the journal and make it all last. Raises where the server does not say that it did."""
        ...

    async def rollback(self) -> None:
        """Undo everything; never raises."""
        ...

    def savepoint(self) -> AbstractAsyncContextManager[None]:
        """A part that can be undone alone."""
        ...


class Gates(Protocol):
    """The gate for many callers at once."""

    async def ask(self, entries: Sequence[Entry]) -> list[Facts]:
        """What it says of each, in their order, in one statement; nothing that it sets stays."""
        ...


class Database(Protocol):
    """Where transactions come from."""

    async def begin(self, *, read_only: bool) -> Transaction:
        """Open a transaction on a free connection, waiting no longer than the pool's timeout."""
        ...

    def lazily(self, *, read_only: bool, seconds: float | None = None) -> Transaction:
        """A transaction that takes a connection only when it is used; a statement may take `seconds`, if given."""
        ...

    async def spare(self, like: Transaction, facts: Facts) -> Transaction | None:
        """A read-only transaction for whoever that one is for, on a connection that nobody uses or waits for.

        None where there is none, or where the gate does not let in the user and into the organization of the facts.
        """
        ...

    def glancing(self, *, read_only: bool, seconds: float | None = None) -> Transaction:
        """One that begins only where a statement follows the gate: for answers that may be kept."""
        ...

    async def gate(self, entry: Entry) -> Facts:
        """The gate alone, in one statement, with no transaction open afterwards."""
        ...

    @property
    def db(self) -> Db:
        """Statements with no transaction around them: each one is its own."""
        ...

    async def record(self, entry: Refusal | Noted) -> None:
        """Write a refusal, or what a call that may not write has done, in a transaction of its own."""
        ...

    def explain(self, problem: BaseException) -> Failure | None:
        """What a failure of the database means; None where it is none."""
        ...

    async def ping(self) -> None:
        """Raise where the database does not answer."""
        ...
