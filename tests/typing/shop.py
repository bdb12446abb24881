"""Right uses of the public API: both type checkers accept every line."""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Literal, assert_type
from uuid import UUID

from fastapi import FastAPI
from pydantic import BaseModel, Field
from sqlalchemy import Column, MetaData, Text, bindparam, insert, select, update

from portico import (
    Allow,
    Anyone,
    App,
    Audit,
    Call,
    Conflict,
    Contract,
    Created,
    Err,
    Error,
    Event,
    Forbidden,
    Form,
    From,
    Html,
    Idempotent,
    In,
    Inbox,
    Invalid,
    Invalidates,
    Keyset,
    Listing,
    Module,
    Numbered,
    Ok,
    Org,
    OrgContext,
    Owns,
    Policy,
    Public,
    PublicContext,
    Raises,
    RateLimit,
    Request,
    Redirect,
    Refine,
    Result,
    Signature,
    Slice,
    Stage,
    SystemContext,
    TenantContext,
    User,
    UserContext,
    Versioned,
)
from portico.modules import identity, organizations
from portico.tables import tenant_table
from portico.testing import Harness, open_harness

metadata = MetaData()
table = tenant_table("visits", metadata, Column("notes", Text, nullable=False), Column("status", Text))
GET = select(table).where(table.c.id == bindparam("id"))
INSERT = insert(table).returning(table)
CANCEL = update(table).where(table.c.id == bindparam("which")).values(status="cancelled").returning(table)
LISTING = Listing(
    select(table), order=(table.c.notes, table.c.id), where={"status": table.c.status == bindparam("status")}
)


# -- models, errors, events -------------------------------------------------------------------------------------------
class NewVisit(BaseModel):
    notes: Annotated[str, Field(max_length=500)]


class Visit(NewVisit):
    id: UUID
    status: str


class Filter(BaseModel):
    status: Literal["booked", "cancelled"] | None = None


class SlotTaken(Conflict, code="BIZ_SLOT_TAKEN"):
    """This time slot is no longer available."""


class Closed(Forbidden, code="BIZ_CLOSED"):
    """We are closed now."""

    opens_at: datetime


class Booked(Event, name="visit.booked"):
    visit: Visit


# -- a module of actions ----------------------------------------------------------------------------------------------
module = Module("visits", RateLimit("100/m"))


async def not_blocked(ctx: OrgContext, notes: str) -> Error | None:
    blocked = await ctx.db.maybe("select 1 from blocked where notes = :notes", int, notes=notes)
    return Invalid(at="notes", message="Not this one.") if blocked else None


class BusinessHours(Policy):
    """A policy of one's own: a value, its hooks, its contract."""

    opens: time
    closes: time

    @property
    def stage(self) -> Stage:
        return Stage.ACCESS

    def decide(self, call: Call) -> Closed | None:
        if self.opens <= call.now.time() < self.closes:
            return None
        return Closed(opens_at=datetime.combine(call.now.date(), self.opens, UTC), retry_after=60)

    def contract(self) -> Contract:
        return Contract(errors=(Closed,), headers=("X-Closes-At",))


@module.mutation(
    "POST /visits",
    Allow("visits:create"),
    RateLimit("30/m", by="user"),
    RateLimit("5/15m", by="ip+{notes}", counts="failures"),
    Idempotent(required=True),
    Audit("visit.booked"),
    Invalidates("visits", "visit:{result.id}"),
    Created("/visits/{result.id}"),
    Raises(SlotTaken, on="visits_no_overlap"),
    Refine("notes", not_blocked),
    BusinessHours(time(9), closes=time(18)),
)
async def book(ctx: OrgContext, data: NewVisit) -> Visit:
    row = await ctx.db.one(INSERT, Visit, data, status="booked")
    assert_type(row, Visit)
    assert_type(ctx.user, User)
    assert_type(ctx.org, Org)
    ctx.emit(Booked(visit=row))
    ctx.audit(seats=1)
    return row


@module.mutation(
    "POST /visits/{id}/cancel",
    Owns("visits", unless="visits:delete"),
    Versioned("visits"),
    Audit("visit.cancelled", target="{id}"),
)
async def cancel(ctx: OrgContext, id: UUID, version: int, reason: str = "") -> Visit:
    async with ctx.transaction():
        row = await ctx.db.maybe(CANCEL, Visit, which=id)
    if row is None:
        raise Closed(opens_at=ctx.now + timedelta(hours=1))
    return row


@module.query("GET /visits", Allow("visits:read"))
async def find(ctx: OrgContext, filter: Filter, page: Keyset) -> Slice[Visit]:
    found = await ctx.db.page(LISTING, Visit, page, filter)
    assert_type(found, Slice[Visit])
    return found


@module.query("GET /visits/numbered", Allow("visits:read"))
async def numbered(ctx: OrgContext, page: Numbered) -> Slice[Visit]:
    return await ctx.db.page(LISTING, Visit, page)


@module.query("GET /visits/{id}", Allow("visits:read"))
async def get(ctx: OrgContext, id: UUID) -> Visit:
    return await ctx.db.one(GET, Visit, id=id)


@module.mutation("POST /visits/{id}/move", Allow("visits:create"))
async def move(ctx: OrgContext, id: UUID, version: int, data: NewVisit) -> Visit:
    """Two actions in one transaction."""
    await ctx.call(cancel, id=id, version=version, reason="moved")
    moved = await ctx.call(book, data=data)
    assert_type(moved, Visit)
    return moved


@module.query("GET /count", Anyone("a number says nothing"))
async def count(ctx: OrgContext) -> int:
    total = 0
    async for visit in ctx.db.stream("select * from visits where status = :status", Visit, status="booked"):
        assert_type(visit, Visit)
        total += 1
    assert_type(await ctx.db.all("select id from visits", UUID), list[UUID])
    assert_type(await ctx.db.execute("delete from visits where status = :status", Filter()), int)
    return total if ctx.may("visits:read") else 0


@module.mutation("POST /visits/by-orm", Allow("visits:create"))
async def by_orm(ctx: OrgContext, etag: Annotated[str, From("header", "If-Match")] = "") -> None:
    await ctx.orm.execute(INSERT, {"notes": etag})


# -- other contexts ---------------------------------------------------------------------------------------------------
site = Module("site", prefix="")


@site.query("GET /{slug}", Public("a business shows itself"), In("{slug}"))
async def front(ctx: TenantContext, slug: str) -> Html:
    assert_type(ctx.org, Org)
    assert_type(ctx.user, User | None)
    return Html("front.html", {"org": ctx.org, "slug": slug})


@site.query("GET /health", Public("monitoring"))
async def health(ctx: PublicContext) -> str:
    assert_type(ctx.org, Org | None)
    return ctx.user.email if ctx.user else "nobody"


@site.mutation("POST /theme", Anyone("one's own preference"), Form(page=front, then="/"))
async def theme(ctx: UserContext, dark: bool = False) -> Redirect:
    assert_type(ctx.user, User)
    ctx.answer.cookie("theme", "dark" if dark else None, max_age=timedelta(days=365))
    ctx.answer.header("Vary", "Cookie")
    return Redirect("/")


site.form("/visits", book, page=front, then="/visits/{result.id}")


# -- an application, and calls in-process ------------------------------------------------------------------------------
async def from_our_sign_in(request: Request) -> User | None:
    """The host's own sign-in."""
    token = request.headers.get("authorization", "")
    return User(UUID(token.removeprefix("Bearer "))) if token else None


app = App(
    "shop",
    modules=[identity, organizations, module, site],
    defaults=[RateLimit("100/m")],
    roles={"member": ("visits:read", "visits:create")},
    metadata=metadata,
    sign_in="/sign-in",
    who=from_our_sign_in,
)


@asynccontextmanager
async def lifespan(host: FastAPI) -> AsyncGenerator[None, None]:
    """Starlette runs no lifespan of a mounted application, so the host enters ours."""
    async with app.lifespan():
        yield


api = FastAPI(lifespan=lifespan)
api.mount("/portico", app)
short = FastAPI(lifespan=app.lifespan)


async def typed(alice: User, org: UUID) -> Visit:
    result = await app.as_(alice, org=org, key="k1").call(book, data=NewVisit(notes=""))
    assert_type(result, Result[Visit])
    if result.error is not None:
        assert_type(result, Err)
        raise result.error
    assert_type(result, Ok[Visit])
    assert_type(result.data, Visit)
    return result.data


async def matched(alice: User) -> str:
    match await app.as_(alice).call(cancel, UUID(int=1), 2, reason="ill"):
        case Ok(data=visit):
            return visit.notes
        case Err(error=Closed(opens_at=opens_at)):
            return opens_at.isoformat()
        case Err(error=error):
            return error.code


@module.export("GET /visits/export", Allow("visits:export"))
async def export(ctx: OrgContext, since: date) -> AsyncIterator[Visit]:
    return ctx.db.stream(select(table), Visit, since=since)


@module.export("GET /visits/notes", Allow("visits:export"))
async def notes(ctx: OrgContext) -> AsyncIterator[str]:
    async for visit in ctx.db.stream(select(table), Visit):
        yield visit.notes


stripe = site.webhook("POST /webhooks/stripe", Signature("stripe", secret="SHOP_STRIPE_SECRET"))


@stripe.on("invoice.paid", "invoice.updated", attempts=3, timeout=timedelta(minutes=1))
async def invoice_paid(ctx: SystemContext, invoice: Visit) -> None:
    async with ctx.within(UUID(int=1)) as inside:
        inside.emit(Booked(visit=invoice))


async def proved() -> bool:
    assert_type(stripe, Inbox)
    taken = await app.as_(None, extra={"stripe-signature": "t=1,v1=00"}).call(stripe.action, b"{}")
    return taken.unwrap().duplicate


async def drawn(alice: User) -> None:
    async for visit in app.as_(alice).stream(export, since=date(2030, 1, 1)):
        assert_type(visit, Visit)
    async for note in app.as_(alice).stream(notes):
        assert_type(note, str)


async def raw(alice: User) -> Visit:
    assert_type(await app.as_(None).call(health), Result[str])
    sent = await app.as_(alice).send(book, {"notes": 1})
    assert_type(sent, Result[Visit])
    return sent.unwrap()


def catalog() -> list[str]:
    """The registry is public and typed."""
    kind = next(iter(app.actions.values())).kind
    assert_type(kind, Literal["query", "mutation", "job", "export", "webhook", "subscription"])
    return [action.name for action in app.actions.values()]


# -- tests of one's own -----------------------------------------------------------------------------------------------
def test_business_hours_refuse_the_night() -> None:
    refusal = BusinessHours(time(9), time(18)).decide(Harness.policy_call(now=datetime(2026, 1, 1, 23, tzinfo=UTC)))
    assert refusal is not None
    assert_type(refusal.opens_at, datetime)


async def test_a_bare_function(portico: Harness) -> None:
    org = await portico.organization("Alpha", timezone="Europe/Vienna")
    alice = await portico.member("alice@alpha.test", org=org.id, role="admin")
    async with portico.context(OrgContext, user=alice, org=org.id) as ctx:
        assert_type(ctx, OrgContext)
        assert_type(await get(ctx, id=UUID(int=1)), Visit)
    async with open_harness(app, portico.urls) as other:
        status, _ = await other.request("GET", "/api/v1/visits", as_=alice)
        assert_type(status, int)
