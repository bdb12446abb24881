"""A radio station: what is played is told to whoever listens."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from portico import (
    Allow,
    Anyone,
    App,
    Audit,
    Event,
    Module,
    OrgContext,
    Public,
    PublicContext,
    RateLimit,
)
from portico.modules import identity

radio = Module("radio", RateLimit("1000/m"))
LOOKED_UP: list[str] = []
"""The songs whose artists were asked for."""
OPEN, LEFT = asyncio.Event(), asyncio.Event()
"""Whether somebody idles, and whether they have left again."""


class Played(Event, name="song.played"):
    """A song was played."""

    title: str


class Artist(BaseModel):
    """Whose song it is."""

    name: str


class Wished(Event, name="song.wished"):
    """Somebody wants a song."""

    title: str


class Whispered(Event, name="word.whispered", recipient="to"):
    """Somebody told somebody something."""

    to: UUID | None
    word: str


@radio.mutation("POST /songs", Anyone("members play"))
async def play(ctx: OrgContext, title: Annotated[str, Field(max_length=100_000)]) -> None:
    """Play a song."""
    ctx.emit(Played(title=title))


@radio.mutation("POST /wishes", Anyone("members wish"))
async def wish(ctx: OrgContext, title: str) -> None:
    """Wish for a song."""
    ctx.emit(Wished(title=title))


@radio.mutation("POST /whispers", Anyone("members whisper"))
async def whisper(ctx: OrgContext, to: UUID | None, word: str) -> None:
    """Tell one of the members, or nobody."""
    ctx.emit(Whispered(to=to, word=word))


@radio.query("GET /artists/{title}", Allow("songs:hear"))
async def artist(ctx: OrgContext, title: str) -> Artist:
    """Tell whose song it is."""
    return Artist(name=f"{title} by {ctx.org.name}")


@radio.relation(Played, "artist", by="title", like=artist)
async def artists_of(ctx: OrgContext, titles: Sequence[str]) -> Mapping[str, Artist]:
    """Whose songs they are, looked up in the organization."""
    name = await ctx.db.one("select current_setting('app.org')", str)
    LOOKED_UP.extend(titles)
    return {title: Artist(name=f"{title} by {name}") for title in titles}


@radio.subscription("GET /songs/live", Allow("songs:hear"))
async def live(ctx: OrgContext, starting: str = "") -> AsyncIterator[Played | Wished]:
    """Tell what is played and wished for, if it starts so."""
    async for event in ctx.events(Played, Wished):
        if event.title.startswith(starting):
            yield event


@radio.subscription("GET /whispers/live", Anyone("each hears their own"), Audit("whispers.heard", target="all"))
async def whispers(ctx: OrgContext) -> AsyncIterator[Whispered]:
    """Tell what was told to the caller."""
    return ctx.events(Whispered)


@radio.subscription("GET /counts/live", Anyone("members count"))
async def counts(ctx: OrgContext) -> AsyncIterator[int]:
    """Tell how many events there were, read anew after each."""
    yield await ctx.db.one("select 0", int)
    seen = 0
    async for _ in ctx.events(Played):
        seen += await ctx.db.one("select 1 where :org = current_setting('app.org')", int, org=str(ctx.org.id))
        yield seen


@radio.subscription("GET /numbers", Public("anybody may count"))
async def numbers(ctx: PublicContext, upto: int = 3) -> AsyncIterator[int]:
    """Count, and be done."""
    for number in range(upto):
        yield number


@radio.subscription("GET /broken", Public("anybody may fail"))
async def broken(ctx: PublicContext) -> AsyncIterator[int]:
    """Fail after one."""
    yield 1
    raise RuntimeError("a secret")


@radio.subscription("GET /idle", Anyone("members idle"))
async def idle(ctx: OrgContext) -> AsyncIterator[Played]:
    """Tell when it is left."""
    OPEN.set()
    try:
        async for event in ctx.events(Played):
            yield event
    finally:
        LEFT.set()


app = App("radio", modules=[radio, identity], roles={"member": ("songs:hear",), "deaf": ()})
