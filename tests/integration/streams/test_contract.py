"""One contract for every tail: PostgreSQL's, as the application's role, and the one in memory."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from uuid import UUID, uuid4

import asyncpg
import pytest

from portico.adapters.memory.clock import SettableClock
from portico.adapters.memory.tail import MemoryTail
from portico.adapters.postgres.tail import PostgresTail
from portico.adapters.system import RandomIds
from portico.ports.events import Emitted, Position
from portico.ports.tail import Span, Tail
from portico.testing import Harness

pytestmark = pytest.mark.anyio
HERE, THERE = uuid4(), uuid4()
Emit = Callable[[UUID | None, str], Awaitable[object]]


@pytest.fixture(params=["memory", "postgres"])
async def outbox(request: pytest.FixtureRequest, portico: Harness) -> AsyncIterator[tuple[Tail, Emit]]:
    """A tail, and how something happens."""
    if request.param == "memory":
        memory = MemoryTail(SettableClock(), RandomIds())

        async def emit(org: UUID | None, name: str) -> object:
            return memory.emit(org, name, "{}")

        yield memory, emit
        return
    running = portico.app.running
    tail = PostgresTail(running.database.pool, running.database.connecting, running.pipeline.services.prove)

    async def write(org: UUID | None, name: str) -> object:
        await portico.rows("insert into portico.outbox (org_id, name, data) values ($1, $2, '{}')", org, name)
        return await portico.rows("notify portico_work")

    yield tail, write
    await tail.close()


async def read(tail: Tail, place: Position, many: int) -> list[Emitted]:
    """So many events after a place: another transaction of the server may hold them back for a moment."""
    async with asyncio.timeout(10):
        while len(found := await tail.after(place, 100)) < many:  # noqa: ASYNC110  # nobody tells
            await asyncio.sleep(0.01)
    return found


async def test_events_are_read_once_and_in_order(outbox: tuple[Tail, Emit]) -> None:
    """After a place, no more than asked for, of all organizations and none."""
    tail, emit = outbox
    start = await tail.end()
    for org, name in ((HERE, "a"), (None, "b"), (THERE, "c")):
        await emit(org, name)

    found = await read(tail, start, 3)

    assert [(event.org, event.name, event.data) for event in found] == [
        (HERE, "a", "{}"),
        (None, "b", "{}"),
        (THERE, "c", "{}"),
    ]
    assert await tail.after(start, 2) == found[:2]
    assert await tail.after(found[0].position, 100) == found[1:]
    assert await tail.after(found[-1].position, 100) == []
    assert sorted(found) == found
    assert await tail.end() > found[-1].position


async def test_an_organization_sees_what_it_has_missed(outbox: tuple[Tail, Emit]) -> None:
    """Of the names that are asked for; and nothing at all where too many events of anybody lie in between."""
    tail, emit = outbox
    start = await tail.end()
    for org, name in ((HERE, "a"), (THERE, "a"), (HERE, "b"), (HERE, "a"), (HERE, "a")):
        await emit(org, name)
    found = await read(tail, start, 5)
    span = Span(start, found[3].position)

    assert await tail.between(HERE, ["a"], span, most=4) == [found[0], found[3]]
    assert await tail.between(HERE, ["a"], span, most=3) is None
    assert await tail.between(HERE, ["a"], Span(found[0].position, found[2].position), most=4) == []


async def test_an_ear_hears_of_events(outbox: tuple[Tail, Emit]) -> None:
    """Long before it is time to look."""
    tail, emit = outbox
    ear = tail.ear(soon=3600, late=3600)
    await emit(HERE, "a")
    async with asyncio.timeout(10):
        await ear.pause()  # the first one ends as soon as it is heard at all
        pausing = asyncio.create_task(ear.pause())
        await emit(HERE, "b")
        await pausing


async def test_nothing_is_read_without_the_proof(portico: Harness) -> None:
    """The application's role alone does not suffice, nor any other's."""
    running = portico.app.running
    forged = PostgresTail(running.database.pool, None, lambda _: b"forged")

    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await forged.after(Position(0, 0), 10)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await forged.between(HERE, ["a"], Span(Position(0, 0), Position(9, 9)), most=10)
