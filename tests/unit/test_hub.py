"""The hub: one reader for all streams, which outlives what its database goes through."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID, uuid4

import pytest

from portico import Event, Misconfigured, Unavailable
from portico.adapters.memory.clock import SettableClock
from portico.adapters.memory.tail import MemoryTail
from portico.adapters.system import RandomIds
from portico.app.beside import beside
from portico.core import hub as hubs
from portico.core.hub import Hub
from portico.core.letterbox import Letterbox, Told
from portico.ports.events import Emitted, Position

pytestmark = pytest.mark.anyio
HERE, THERE = uuid4(), uuid4()


class Knocked(Event, name="door.knocked"):
    """Somebody knocked."""

    times: int


class Handed(Event, name="note.handed", recipient="to"):
    """A note for some."""

    to: list[UUID]


@asynccontextmanager
async def reading(tail: MemoryTail) -> AsyncIterator[Hub]:
    """A hub with one stream that keeps it reading."""
    hub = Hub(tail)
    async with beside(hub.run()):
        await hub.join()
        yield hub


def tail_of() -> MemoryTail:
    """An empty outbox."""
    return MemoryTail(SettableClock(), RandomIds())


def letterbox_at(hub: Hub, *, org: UUID = HERE, user: UUID | None = None, most: int = 10) -> Letterbox:
    """A letterbox that hears of everything from now on."""
    letterbox = Letterbox(org, user, frozenset({"door.knocked", "note.handed"}), since=hub.place)
    letterbox.bound(most, bool)
    hub.enter(letterbox)
    return letterbox


async def taken(letterbox: Letterbox) -> Event:
    """The next event."""
    async with asyncio.timeout(5):
        return (await letterbox.take()).event


async def test_each_letterbox_gets_what_is_its_own() -> None:
    """Of its organization, of names that it wants, and not another user's alone."""
    tail, ann = tail_of(), uuid4()
    async with reading(tail) as hub:
        hers, others, theirs = letterbox_at(hub, user=ann), letterbox_at(hub), letterbox_at(hub, org=THERE)
        tail.emit(HERE, "note.handed", f'{{"to":["{ann}"]}}')
        tail.emit(None, "door.knocked", '{"times":1}')
        tail.emit(HERE, "door.opened", "{}")
        tail.emit(HERE, "door.knocked", '{"times":2}')
        tail.emit(THERE, "door.knocked", '{"times":3}')

        assert [await taken(hers), await taken(hers)] == [Handed(to=[ann]), Knocked(times=2)]
        assert await taken(others) == Knocked(times=2)
        assert await taken(theirs) == Knocked(times=3)
        hub.leave(hers)
        assert hub.listened == 4


async def test_an_event_of_a_former_shape_is_left_out(caplog: pytest.LogCaptureFixture) -> None:
    """Streams go on without it, and the log says so."""
    tail = tail_of()
    async with reading(tail) as hub:
        letterbox = letterbox_at(hub)
        tail.emit(HERE, "door.knocked", '{"often":1}')
        tail.emit(HERE, "door.knocked", '{"times":2}')

        assert await taken(letterbox) == Knocked(times=2)
    assert "streams do without it" in caplog.text


async def test_reading_goes_on_where_it_was_when_the_database_is_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is passed over meanwhile."""
    monkeypatch.setattr(hubs, "PAUSE", 0.01)

    class Troubled(MemoryTail):
        troubles = 0

        async def after(self, place: Position, most: int) -> list[Emitted]:
            if self.troubles:
                self.troubles -= 1
                raise OSError
            return await super().after(place, most)

    tail = Troubled(SettableClock(), RandomIds())
    async with reading(tail) as hub:
        letterbox = letterbox_at(hub)
        tail.troubles = 2
        for times in (1, 2):
            tail.emit(HERE, "door.knocked", f'{{"times":{times}}}')

        assert [await taken(letterbox), await taken(letterbox)] == [Knocked(times=1), Knocked(times=2)]


async def test_a_database_that_is_away_lets_no_stream_begin(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is told to come back later."""
    monkeypatch.setattr(hubs, "PATIENCE", 0.02)

    class Away(MemoryTail):
        async def end(self) -> Position:
            raise OSError

    hub = Hub(Away(SettableClock(), RandomIds()))
    async with beside(hub.run()):
        with pytest.raises(Unavailable):
            await hub.join()


async def test_who_joins_after_a_pause_is_told_of_nothing_from_before() -> None:
    """Where nobody listens, nobody reads; whoever comes then begins at the end."""
    tail = tail_of()
    async with reading(tail) as hub:
        hub.part()
        tail.emit(HERE, "door.knocked", '{"times":1}')
        place = await hub.join()
        letterbox = letterbox_at(hub)
        tail.emit(HERE, "door.knocked", '{"times":2}')

        assert place > Position(1, 1)
        assert await taken(letterbox) == Knocked(times=2)


def test_a_letterbox_holds_no_more_than_its_bound() -> None:
    """Who is too slow is told by a call, and the rest is not kept."""
    overrun: list[bool] = []
    letterbox = Letterbox(HERE, None, frozenset(), since=Position(0, 0))
    letterbox.bound(2, lambda: overrun.append(True))

    for times in range(4):
        letterbox.put(Told(Position(1, times + 1), HERE, Knocked(times=times)))

    assert overrun == [True, True]


async def test_what_a_stream_has_heard_elsewhere_is_not_told_again() -> None:
    """Another process may have told it more than this one has read so far."""
    letterbox = Letterbox(HERE, None, frozenset(), since=Position(5, 1))
    letterbox.bound(10, bool)

    for place in (Position(4, 9), Position(5, 1), Position(5, 2)):
        letterbox.put(Told(place, HERE, Knocked(times=place.number)))

    assert await taken(letterbox) == Knocked(times=2)


def test_a_recipient_is_a_field() -> None:
    """What names none is refused where it is written."""
    with pytest.raises(Misconfigured, match="has no field 'whom' to name its recipient; it has to"):
        type("Lost", (Event,), {"__annotations__": {"to": UUID}}, name="note.lost", recipient="whom")
