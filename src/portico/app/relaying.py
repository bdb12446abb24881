"""Hands events on: to handlers as jobs, and to sinks, each at its own pace."""

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from functools import partial

from portico.core.plan import Plan
from portico.core.task import RANKS
from portico.ports.clock import Clock
from portico.ports.ear import Ear, Ears
from portico.ports.events import Feed, Listener, Sink

MOST = 500
"""Events that are handed on at once."""
TOGETHER = 1000
"""Jobs that are enqueued in one transaction: each holds a lock of its lane, of which a server has some thousands."""
SOON = 0.02
"""Seconds after which it is looked again whether an event that was told of can be read."""
LOOK = 0.5
"""Seconds between two looks at the outbox of which nothing was told."""


class Relay:
    """One worker's share of the relay: of several workers, one at a time reads for each listener."""

    def __init__(self, feed: Feed, plans: Mapping[str, Plan], *, clock: Clock, sinks: Sequence[Sink] = ()) -> None:
        """Handlers are found among the plans."""
        self._feed = feed
        self._clock = clock
        self._sinks = sinks
        self._listeners = list(_listeners(plans))
        self._each = max(1, min(MOST, TOGETHER // max(1, len(self._listeners))))

    async def join(self, *, from_beginning: bool = False) -> None:
        """Make every listener known that is new."""
        names = [listener.name for listener in self._listeners] + [sink.name for sink in self._sinks]
        if names:
            await self._feed.join(names, from_beginning=from_beginning)

    async def hand_on(self) -> int:
        """Enqueue jobs for handlers; how many."""
        if not self._listeners:
            return 0
        return await self._feed.relay(self._listeners, self._each, as_of=self._clock.now())

    async def pour(self, sink: Sink) -> int:
        """Give a sink its next events; how many."""
        async with self._feed.batch(sink.name, MOST) as batch:
            if batch.events:
                await sink.take(batch)
        return len(batch.events)

    async def settle(self) -> int:
        """All that can be handed on now, to everybody; how many."""
        moved = await self.hand_on()
        for sink in self._sinks:
            moved += await self.pour(sink)
        return moved

    def duties(self, ears: Ears) -> list[Callable[[], Awaitable[None]]]:
        """What a worker does for ever: a slow sink delays no other, for each is a duty, and hears, by itself."""
        works: list[tuple[Callable[[], Awaitable[int]], int]] = [(self.hand_on, self._each)] if self._listeners else []
        works += [(partial(self.pour, sink), MOST) for sink in self._sinks]
        return [partial(_pace, work, ears(soon=SOON, late=LOOK), full) for work, full in works]


async def _pace(work: Callable[[], Awaitable[int]], ear: Ear, full: int) -> None:
    """On at once where there was a full batch, else when there may be more."""
    if await work() < full:
        await ear.pause()


def _listeners(plans: Mapping[str, Plan]) -> Iterator[Listener]:
    for name, plan in plans.items():
        task = plan.action.task
        if task is not None and task.listens is not None:
            yield Listener(name, task.listens.event_name, task.attempts, RANKS[task.priority])
