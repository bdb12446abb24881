"""A club that wants to know what becomes of its people."""

from uuid import UUID

from portico import App, Event, Module, SystemContext
from portico.modules import identity, organizations, users, webhooks
from portico.modules.identity import UserCreated, UserDeleted, UserUpdated

club = Module("club")
HEARD: list[tuple[Event, UUID | None]] = []


@club.on(UserCreated)
async def welcome(ctx: SystemContext, event: UserCreated) -> None:
    """Note it, with the event's id."""
    HEARD.append((event, ctx.event_id))


@club.on(UserUpdated)
async def rename(ctx: SystemContext, event: UserUpdated) -> None:
    """Note it."""
    HEARD.append((event, ctx.event_id))


@club.on(UserDeleted)
async def part(ctx: SystemContext, event: UserDeleted) -> None:
    """Note it."""
    HEARD.append((event, ctx.event_id))


app = App("club", modules=[club, identity, organizations, users, webhooks])
