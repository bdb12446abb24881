"""An application made to go wrong: its handlers forget their WHERE, swallow errors, wait, and provoke the database."""

import asyncio
from contextlib import suppress
from time import monotonic
from uuid import UUID

import asyncpg
from pydantic import BaseModel, SecretStr
from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Integer,
    MetaData,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)

from portico import (
    Allowance,
    Anyone,
    App,
    Audit,
    Cached,
    Created,
    Event,
    Experiment,
    Idempotent,
    Module,
    NotFound,
    OrgContext,
    Owns,
    Public,
    PublicContext,
    Quota,
    Quotas,
    Raises,
    RateLimit,
    Releases,
    Switch,
    Versioned,
)
from portico.tables import tenant_table
from tests.promises.jottings import declare
from tests.promises.jottings import module as jottings

metadata = MetaData()
tenant_table(
    "notes",
    metadata,
    Column("body", Text, nullable=False),
    Column("parent_id", Uuid),
    Column("version", Integer, nullable=False, server_default="1"),
    Column("created_by", Uuid, server_default=text("nullif(current_setting('app.user', true), '')::uuid")),
    CheckConstraint("length(body) <= 200", name="notes_body_length"),
    UniqueConstraint("org_id", "body", name="notes_body_key"),
    # Judged at COMMIT: the one way in which a transaction without any failed statement still fails.
    ForeignKeyConstraint(
        ("org_id", "parent_id"),
        ("notes.org_id", "notes.id"),
        name="notes_parent_id_fkey",
        deferrable=True,
        initially="DEFERRED",
    ),
)
declare(metadata)
FUNCTIONS = """
    create function public.provoke(state text) returns void language plpgsql as $$
    begin
      raise exception 'the-text-of-the-database' using errcode = state, detail = 'the-detail-of-the-database',
        hint = 'the-hint-of-the-database', constraint = 'the_constraint_of_the_database';
    end $$;
    grant execute on function public.provoke(text) to portico_app
"""


class Note(BaseModel):
    """A row of the one table."""

    id: UUID
    body: str
    parent_id: UUID | None
    version: int


class NewNote(BaseModel):
    """A note to be; one whose parent is nobody's fails at COMMIT."""

    body: str
    parent_id: UUID | None = None


class Noted(Event, name="note.written"):
    """A note was written."""

    note: Note


class NoSuchParent(NotFound, code="WORKSHOP_NO_PARENT"):
    """There is no such note to answer."""


class Waiting:
    """Handlers that wait in the middle of their transaction, until the test lets them go on."""

    def __init__(self) -> None:
        """Nobody waits."""
        self.arrived = asyncio.Event()
        self.go_on = asyncio.Event()
        self.calls = 0
        self.moments: list[float] = []

    def begin(self) -> None:
        """Forget what an earlier test left."""
        self.arrived, self.go_on, self.calls = asyncio.Event(), asyncio.Event(), 0
        self.moments = []

    def count(self) -> None:
        """Note that a handler has begun, and when."""
        self.calls += 1
        self.moments.append(monotonic())

    async def here(self) -> None:
        """Say that a handler has come, and wait."""
        self.arrived.set()
        await self.go_on.wait()


class Meeting:
    """Two transactions that each hold a row before either asks for the other's."""

    def __init__(self) -> None:
        """Nobody has come."""
        self.begin()

    def begin(self) -> None:
        """Forget what an earlier test left."""
        self.both, self.came = asyncio.Event(), 0

    async def meet(self) -> None:
        """Wait for the other, the first time; who comes again after a deadlock passes."""
        self.came += 1
        if self.came == 2:
            self.both.set()
        await self.both.wait()


waiting, meeting = Waiting(), Meeting()
module = Module("workshop", Anyone("a workshop of the tests"))

WRITE = "insert into notes (body, parent_id) values (:body, :parent_id) returning id, body, parent_id, version"


@module.mutation(
    "POST /notes",
    Idempotent(),
    Audit("note.written"),
    Created("/notes/{result.id}"),
    Raises(NoSuchParent, on="notes_parent_id_fkey"),
)
async def write(ctx: OrgContext, data: NewNote) -> Note:
    """Write a note."""
    note = await ctx.db.one(WRITE, Note, data)
    ctx.emit(Noted(note=note))
    return note


@module.mutation("POST /notes/counted", Quota("notes"))
async def write_counted(ctx: OrgContext, body: str) -> Note:
    """Write a note that the plan counts."""
    return await ctx.db.one(WRITE, Note, body=body, parent_id=None)


@module.mutation("DELETE /notes/{id}", Releases("notes"))
async def remove_counted(ctx: OrgContext, id: UUID) -> int:
    """Remove a note that the plan counts."""
    return await ctx.db.execute("delete from notes where id = :id", id=id)


@module.query("GET /notes/tried")
async def tried(ctx: OrgContext) -> str:
    """Ask a flag and an experiment."""
    ctx.track("read")
    return ctx.variant("colors") if ctx.flag("new-colors") else ""


@module.query("GET /notes")
async def everything(ctx: OrgContext) -> list[Note]:
    """Read notes, having forgotten the WHERE."""
    return await ctx.db.all("select * from notes order by body", Note)


@module.query("GET /notes/kept", Anyone("a test"), Cached(tags="notes"))
async def kept(ctx: OrgContext) -> list[Note]:
    """Read notes, or know them."""
    return await ctx.db.all("select * from notes order by body", Note)


@module.mutation("POST /notes/kept")
async def add_kept(ctx: OrgContext, body: str) -> Note:
    """Write a note that readers of kept ones are to see."""
    ctx.update_tag("notes")
    return await ctx.db.one(WRITE, Note, body=body, parent_id=None)


@module.query("GET /notes/number")
async def number(ctx: OrgContext) -> int:
    """Count notes, having forgotten the WHERE."""
    return await ctx.db.one("select count(*) from notes", int)


@module.mutation("POST /notes/rewrite")
async def rewrite(ctx: OrgContext, suffix: str) -> int:
    """Change notes, having forgotten the WHERE."""
    return await ctx.db.execute("update notes set body = body || :suffix, version = version + 1", suffix=suffix)


CHANGE = "update notes set body = :body, version = :version + 1 where id = :id"


@module.mutation("PATCH /notes/{id}", Owns("notes"), Versioned("notes"))
async def change(ctx: OrgContext, id: UUID, *, body: str, version: int) -> int:
    """Change one's own note, unless somebody did meanwhile."""
    return await ctx.db.execute(CHANGE, id=id, body=body, version=version)


@module.mutation("POST /notes/wipe")
async def wipe(ctx: OrgContext) -> int:
    """Delete notes, having forgotten the WHERE."""
    return await ctx.db.execute("delete from notes")


@module.mutation("POST /notes/smuggle")
async def smuggle(ctx: OrgContext, org_id: UUID, body: str) -> int:
    """Write a note for whatever organization the caller names."""
    return await ctx.db.execute("insert into notes (org_id, body) values (:org_id, :body)", org_id=org_id, body=body)


@module.mutation("POST /notes/swallow-audited", Audit("note.swallowed", target=""))
async def swallow_audited(ctx: OrgContext, body: str) -> Note:
    """Do the same, with something for the close to write."""
    return await ctx.call(swallow, body=body)


@module.mutation("POST /notes/swallow")
async def swallow(ctx: OrgContext, body: str) -> Note:
    """Write a note, then go on after an error as if nothing had happened."""
    note = await ctx.db.one(WRITE, Note, body=body, parent_id=None)
    with suppress(asyncpg.PostgresError):
        await ctx.db.execute("select 1 / 0")
    return note


@module.mutation("POST /provoke", Idempotent())
async def provoke(ctx: OrgContext, state: str) -> None:
    """Fail with that state of the database."""
    waiting.count()
    await ctx.db.execute("select provoke(:state)", state=state)


@module.mutation("POST /provoke/once")
async def provoke_once(ctx: OrgContext, state: str, body: str) -> Note:
    """Write a note, fail with that state the first time, succeed the second."""
    waiting.calls += 1
    note = await ctx.db.one(WRITE, Note, body=body, parent_id=None)
    if waiting.calls == 1:
        await ctx.db.execute("select provoke(:state)", state=state)
    return note


@module.query("GET /provoke")
async def provoke_query(ctx: OrgContext, state: str) -> None:
    """Fail with that state while reading."""
    await ctx.db.execute("select provoke(:state)", state=state)


@module.query("GET /writes")
async def writes(ctx: OrgContext) -> int:
    """Write in a query, which no query may."""
    return await ctx.db.execute("insert into notes (body) values ('from a query')")


@module.mutation("POST /broken")
async def broken(_ctx: OrgContext, password: SecretStr) -> None:
    """Fail as a careless handler fails, with a secret in its words."""
    message = f"cannot sign in with {password.get_secret_value()}"
    raise RuntimeError(message)


@module.mutation("POST /hold", Idempotent(), Audit("held", target=""))
async def hold(ctx: OrgContext, body: str) -> Note:
    """Write a note and wait for the test before going on."""
    note = await ctx.db.one(WRITE, Note, body=body, parent_id=None)
    await waiting.here()
    await ctx.db.execute("select 1")
    return note


@module.mutation("POST /slow")
async def slow(ctx: OrgContext, body: str) -> Note:
    """Write a note and run a statement that takes very long."""
    note = await ctx.db.one(WRITE, Note, body=body, parent_id=None)
    await ctx.db.execute("select pg_sleep(60)")
    return note


@module.mutation("POST /swap")
async def swap(ctx: OrgContext, first: UUID, second: UUID) -> int:
    """Touch two notes in the order given; two such calls in opposite orders lock each other out."""
    await ctx.db.execute("update notes set version = version + 1 where id = :id", id=first)
    await meeting.meet()
    return await ctx.db.execute("update notes set version = version + 1 where id = :id", id=second)


@module.query("GET /ping", Public("touches nothing"))
async def ping(_ctx: PublicContext) -> str:
    """Answer, having touched nothing."""
    return "pong"


@module.mutation("POST /echo", Public("touches nothing"), RateLimit("1000/m", by="ip"))
async def echo(_ctx: PublicContext, count: int) -> int:
    """Give a number back."""
    return count


@module.mutation("POST /knock", RateLimit("2/m"))
async def knock(_ctx: OrgContext) -> str:
    """Answer twice a minute."""
    return "come in"


@module.mutation("POST /guest", Public("anybody may sign"), RateLimit("1000/m", by="ip"), Idempotent(required=True))
async def guest(ctx: PublicContext, name: str) -> UUID:
    """Give a new id, the same under the same key."""
    return await ctx.db.one("select gen_random_uuid() where :name <> ''", UUID, name=name)


app = App(
    "workshop",
    modules=[module, jottings],
    metadata=metadata,
    quotas=Quotas({"free": Allowance({"notes": 1000})}, counted={"notes": "select count(*) from notes"}),
    flags={"new-colors": Switch("Other colors.", default=True)},
    experiments={"colors": Experiment("Other colors.", events=("read",))},
)
