"""An application that takes money: actions that call a bank, each in one way."""

import os
from typing import ClassVar
from uuid import UUID

import httpx2
from pydantic import BaseModel
from sqlalchemy import Column, Integer, MetaData, Text, UniqueConstraint

from portico import (
    Anyone,
    App,
    Audit,
    Conflict,
    Created,
    Error,
    Event,
    External,
    Forbidden,
    Idempotent,
    Invalidates,
    Module,
    OrgContext,
    Public,
    PublicContext,
    Raises,
    RateLimit,
    Retry,
    TenantContext,
    Tries,
)
from portico.modules import identity, organizations
from portico.tables import tenant_table

metadata = MetaData()
payments = tenant_table(
    "payments",
    metadata,
    Column("reference", Text, nullable=False),
    Column("amount", Integer, nullable=False),
    Column("state", Text, nullable=False),
    UniqueConstraint("org_id", "reference", name="payments_reference_key"),
)
till = Module("till")
MEMBER = Anyone("a test")
OPEN = "select count(*) from pg_stat_activity where datname = current_database() and state like 'idle in transaction%'"
BEGIN = (
    "insert into payments (reference, amount, state) values (:reference, :amount, 'processing') on conflict do nothing"
)
SETTLE = "update payments set state = :state where reference = :reference and state = 'processing'"


class Where:
    """Where the bank is; a server of its own reads it from the environment."""

    bank: ClassVar[str] = os.environ.get("BANK_URL", "")


class Declined(Error, code="TEST_CARD_DECLINED", status=402):
    """The card was declined: {reason}."""

    reason: str
    payment: UUID


class Taken(Conflict, code="TEST_REFERENCE_TAKEN"):
    """There is such a payment."""


class Paid(Event, name="till.paid"):
    """Money came in."""

    reference: str


class Receipt(BaseModel):
    """What was booked."""

    id: str
    open_transactions: int = 0
    queued: bool = False


async def book(key: str, amount: int) -> str:
    """Have the bank book it; returns the booking's id."""
    async with httpx2.AsyncClient(base_url=Where.bank, timeout=5) as client:
        answer = await client.post("/charges", json={"amount": amount}, headers={"idempotency-key": key})
        answer.raise_for_status()
        return str(answer.json()["id"])


async def pay_in(ctx: OrgContext, reference: str, amount: int) -> Receipt:
    """A payment is noted, booked, and settled."""
    await ctx.db.execute(BEGIN, reference=reference, amount=amount)
    booking = await book(ctx.external_key, amount)
    async with ctx.transaction():
        if await ctx.db.execute(SETTLE, reference=reference, state="completed"):  # not by a run that crashed after it
            ctx.emit(Paid(reference=reference))
    return Receipt(id=booking)


@till.mutation(
    "POST /payments",
    MEMBER,
    External("bank"),
    Idempotent(required=True),
    Audit("payment.processed", target="{reference}"),
    Invalidates("payments"),
    Created("/payments/{result.id}"),
)
async def pay(ctx: OrgContext, reference: str, amount: int) -> Receipt:
    """The whole of it."""
    return await pay_in(ctx, reference, amount)


ASKED = "select reference, amount from payments where id = :id and state = 'processing'"
SURE = """
    insert into payments (id, reference, amount, state) values (:id, :reference, :amount, 'processing')
    on conflict do nothing
"""


class Begun(BaseModel):
    """A payment of which nobody knows how it ended."""

    reference: str
    amount: int


@till.job(External("bank"))
async def finish_payment(ctx: TenantContext, key: str) -> None:
    """Ask the bank, which knows the key, and settle what it says."""
    begun = await ctx.db.maybe(ASKED, Begun, id=UUID(key))
    if begun is not None:
        await book(key, begun.amount)
        await settle(ctx, begun.reference)


async def settle(ctx: TenantContext, reference: str) -> None:
    """Once, whoever comes first."""
    async with ctx.transaction():
        if await ctx.db.execute(SETTLE, reference=reference, state="completed"):
            ctx.emit(Paid(reference=reference))


@till.mutation("POST /sure-payments", MEMBER, External("bank", finish=finish_payment), Idempotent(required=True))
async def pay_surely(ctx: OrgContext, reference: str, amount: int) -> Receipt:
    """Finished by a job where its process dies, whether or not anybody asks again."""
    await ctx.db.execute(SURE, id=UUID(ctx.external_key), reference=reference, amount=amount)
    booking = await book(ctx.external_key, amount)
    await settle(ctx, reference)
    return Receipt(id=booking)


@till.mutation("POST /slow-payments", MEMBER, External("bank", timeout=0.2), Idempotent())
async def pay_slowly(ctx: OrgContext, reference: str, amount: int) -> Receipt:
    """In little time."""
    return await pay_in(ctx, reference, amount)


@till.mutation("POST /bare", MEMBER, External("bank"))
async def bare(ctx: OrgContext, amount: int = 1) -> Receipt:
    """Without a key; it looks how many transactions are open while it calls."""
    before = await ctx.db.one(OPEN, int)
    return Receipt(id=await book(ctx.external_key, amount), open_transactions=before)


@till.mutation("POST /retried", MEMBER, External("bank"), Retry(Tries(attempts=3)), Idempotent())
async def retried(ctx: OrgContext, amount: int) -> Receipt:
    """Tried three times."""
    ctx.emit(Paid(reference="retried"))
    ctx.answer.header("X-Tried", "yes")
    return Receipt(id=await book(ctx.external_key, amount))


@till.mutation("POST /retried-slow", MEMBER, External("bank", timeout=1), Retry(Tries(attempts=3)), Idempotent())
async def retried_slow(ctx: OrgContext, amount: int) -> Receipt:
    """Tried three times, each in little time."""
    return Receipt(id=await book(ctx.external_key, amount))


@till.mutation("POST /retried-writing", MEMBER, External("bank"), Retry())
async def retried_writing(ctx: OrgContext, reference: str) -> Receipt:
    """What has written is not run again."""
    return await pay_in(ctx, reference, 1)


async def later(ctx: OrgContext, amount: int) -> Receipt:
    """Note it, for a job to do."""
    await ctx.db.execute(BEGIN, reference=f"later {amount}", amount=amount)
    return Receipt(id="none", queued=True)


@till.mutation(
    "POST /queued",
    MEMBER,
    External("bank", fallback=later),
    Idempotent(),
    Audit("payment.queued", target="q"),
    Invalidates("payments"),
)
async def queued(ctx: OrgContext, amount: int) -> Receipt:
    """Done later where the bank is out of reach."""
    return Receipt(id=await book(ctx.external_key, amount))


@till.query("GET /rate", MEMBER, External("bank", fallback=-1))
async def rate(ctx: OrgContext, *, write: bool = False) -> int:
    """A query may ask elsewhere too; its statements cannot write."""
    if write:
        await ctx.db.execute(BEGIN, reference="a query", amount=1)
    await book(ctx.external_key, 0)
    return await ctx.db.one("select count(*) from payments", int)


@till.mutation("POST /declined", MEMBER, External("bank"), Idempotent(), Raises(Declined), Raises(Taken))
async def declined(ctx: OrgContext, reference: str, *, note: bool = True, taken: bool = False) -> Receipt:
    """Refused, and noted where that is wanted."""
    if note:
        await ctx.db.execute(BEGIN, reference=reference, amount=1)
    if taken:
        raise Taken
    raise Declined(reason="no money", payment=UUID(int=7))


@till.mutation("POST /forbidden", MEMBER, External("bank"), Idempotent())
async def forbidden(ctx: OrgContext, reference: str) -> Receipt:
    """Noted, and refused to this caller."""
    await ctx.db.execute(BEGIN, reference=reference, amount=1)
    raise Forbidden


@till.mutation("POST /queued-writing", MEMBER, External("bank", fallback=later))
async def queued_writing(ctx: OrgContext, reference: str, amount: int = 1) -> Receipt:
    """What has written has no stand-in."""
    return await pay_in(ctx, reference, amount)


@till.mutation("POST /broken", MEMBER, External("bank"), Idempotent(), Raises(Taken, on="payments_reference_key"))
async def broken(ctx: OrgContext, how: str) -> Receipt:
    """Goes wrong in one way each."""
    if how == "bug":
        raise ValueError(how)
    if how == "half":
        async with ctx.transaction():
            await ctx.db.execute(BEGIN, reference="half", amount=1)
            ctx.emit(Paid(reference="half"))
            raise Conflict
    if how == "orm":
        _ = ctx.orm
    await ctx.db.execute("insert into payments (reference, amount, state) values ('twice', 1, 'x'), ('twice', 1, 'x')")
    return Receipt(id="none")


@till.mutation("POST /inner", MEMBER, Audit("inner.done", target="{reference}"))
async def inner(ctx: OrgContext, reference: str) -> int:
    """An ordinary action; its two statements are one transaction."""
    await ctx.db.execute(BEGIN, reference=reference, amount=1)
    ctx.emit(Paid(reference=reference))
    return await ctx.db.one("select count(*) from payments where xmin::text = pg_current_xact_id()::text", int)


@till.mutation("POST /calls-inner", MEMBER, External("bank"))
async def calls_inner(ctx: OrgContext, reference: str) -> int:
    """An ordinary action inside one that works outside."""
    return await ctx.call(inner, reference=reference)


@till.mutation("POST /calls-pay", MEMBER)
async def calls_pay(ctx: OrgContext) -> Receipt:
    """The other way around, which is refused."""
    return await ctx.call(pay, reference="x", amount=1)


@till.mutation("POST /keyless", MEMBER)
async def keyless(ctx: OrgContext) -> str:
    """There is no key outside of External."""
    return ctx.external_key


@till.mutation("POST /anonymous", Public("a test"), RateLimit("1000/m", by="ip"), External("bank"), Idempotent())
async def anonymous(ctx: PublicContext, amount: int) -> Receipt:
    """Anybody's; it sees no organization's rows."""
    return Receipt(
        id=await book(ctx.external_key, amount),
        open_transactions=await ctx.db.one("select count(*) from payments", int),
    )


app = App("till", modules=[identity, organizations, till], metadata=metadata)
