"""An application that sends mail, in every way that could send too much."""

from pathlib import Path

from pydantic import BaseModel

from portico import App, Conflict, Idempotent, Mails, Module, Public, PublicContext, RateLimit

module = Module("letters", Public("a test"), RateLimit("10000/m"))
LIMIT = RateLimit("1000/m", by="ip")
AGAIN = "do $$ begin raise exception 'again' using errcode = '40001'; end $$"
ATTEMPTS: list[str] = []


class Person(BaseModel):
    """Who is greeted."""

    to: str = "ann@example.com"
    name: str = "Ann"


def note(ctx: PublicContext, person: Person) -> None:
    """Note the mail."""
    ctx.mail("greeting", to=person.to, name=person.name, link="/hello?to=you")


@module.mutation("POST /greetings", LIMIT, Mails("greeting"), Idempotent())
async def greet(ctx: PublicContext, data: Person) -> str:
    """Greet one person."""
    note(ctx, data)
    return data.name


@module.mutation("POST /failures", LIMIT, Mails("greeting"))
async def fail(ctx: PublicContext, *, after: bool) -> None:
    """Note a mail, and fail."""
    note(ctx, Person())
    if after:
        await ctx.db.execute("select 1 / 0")
    raise Conflict


@module.mutation("POST /rounds", LIMIT)
async def greet_round(ctx: PublicContext) -> None:
    """Greet three, of whom the second is refused alone."""
    await ctx.call(greet, data=Person(name="First"))
    try:
        async with ctx.transaction():
            await ctx.call(greet, data=Person(name="Second"))
            await ctx.call(fail, after=False)
    except Conflict:
        await ctx.call(greet, data=Person(name="Third"))


@module.mutation("POST /repeats", LIMIT, Mails("greeting"))
async def repeat(ctx: PublicContext) -> None:
    """Note a mail in a transaction that the database wants run again, twice."""
    note(ctx, Person())
    ATTEMPTS.append(ctx.request.id)
    if ATTEMPTS.count(ctx.request.id) < 3:
        await ctx.db.execute(AGAIN)


@module.mutation("POST /undeclared", LIMIT, Mails("greeting"))
async def send_undeclared(ctx: PublicContext) -> None:
    """Send what is not declared."""
    ctx.mail("farewell", to="ann@example.com")


@module.mutation("POST /incomplete", LIMIT, Mails("greeting"))
async def send_incomplete(ctx: PublicContext) -> None:
    """Send what lacks a value."""
    ctx.mail("greeting", to="ann@example.com", link="/secret")


app = App("letters", modules=[module], templates=Path(__file__).parent / "templates")
