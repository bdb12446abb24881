"""Loaders: what one request needs several times is read once, what it needs of many things is read together."""

import asyncio
import inspect
from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence
from contextlib import suppress
from functools import update_wrapper
from typing import Concatenate, Generic, ParamSpec, TypeVar, cast

from portico.core.context import PublicContext, call_of
from portico.core.flight import Flight, refuse_circle
from portico.errors import Misconfigured, NotFound

P = ParamSpec("P")
T = TypeVar("T")
K = TypeVar("K", bound=Hashable)
C = TypeVar("C", bound=PublicContext)
MOST = 100
"""Keys that a batch loader asks for at a time, unless it says otherwise."""
QUIET = 3
"""Turns of the loop in which nobody asks, before those who have are served.

Whoever waited for what another loader has found goes on a turn or two after the one who fetched it.
"""


class Loader(Generic[C, P, T]):
    """A function that runs once per request for the same arguments, whoever calls it; made by `loader`."""

    __name__: str

    def __init__(self, function: Callable[Concatenate[C, P], Awaitable[T]]) -> None:
        """Stand for the function."""
        self._function = function
        self._signature = inspect.signature(function)
        update_wrapper(self, function)

    async def __call__(self, ctx: C, /, *args: P.args, **input: P.kwargs) -> T:
        """The value, or the error that it has failed with; who calls meanwhile waits for the call that runs."""
        loaded, key = call_of(ctx).notes.loaded, self._key(ctx, args, input)
        while True:
            flight = cast("Flight[T] | None", loaded.get(key))
            if flight is None:
                flight = loaded[key] = Flight[T]()
                await _fly(flight, self._function(ctx, *args, **input))
                return flight.result()
            if not flight.over:
                refuse_circle(flight.pilot, self.__name__)
            if await flight.landed():
                return flight.result()
            if loaded.get(key) is flight:
                del loaded[key]

    def forget(self, ctx: C, /, *args: P.args, **input: P.kwargs) -> None:
        """Read anew when asked next: for who has changed what was read."""
        call_of(ctx).notes.loaded.pop(self._key(ctx, args, input), None)

    def _key(self, ctx: C, args: tuple[object, ...], input: Mapping[str, object]) -> Hashable:
        """The same for the same arguments of the same caller, however they are written."""
        given = self._signature.bind(ctx, *args, **input)
        given.apply_defaults()
        return self, _whose(ctx), given.args[1:], tuple(sorted(given.kwargs.items()))


class BatchLoader(Generic[C, K, T]):
    """A look-up of many things that is asked for one at a time; made by `batch_loader`."""

    __name__: str

    def __init__(self, function: Callable[[C, Sequence[K]], Awaitable[Mapping[K, T]]], most: int = MOST) -> None:
        """Ask the function for at most so many keys at a time."""
        self._function = function
        self._most = most
        update_wrapper(self, function)

    async def __call__(self, ctx: C, key: K, /) -> T:
        """The thing of that key. Raises NotFound where there is none."""
        found = await self.maybe(ctx, key)
        if found is None:
            raise NotFound
        return found

    async def maybe(self, ctx: C, key: K, /) -> T | None:
        """The thing of that key, or None."""
        gathering = self._gathering(ctx)
        while True:
            flight = gathering.ask(key)
            if gathering.leader is None:
                await self._lead(ctx, gathering)
            elif not flight.over:
                refuse_circle(gathering.leader, self.__name__)
            if await flight.landed():
                return flight.result()

    async def all(self, ctx: C, keys: Sequence[K], /) -> list[T | None]:
        """The things of those keys, in their order; None where there is none."""
        return await asyncio.gather(*(self.maybe(ctx, key) for key in keys))

    def forget(self, ctx: C, /) -> None:
        """Read anew what is asked for next: for who has changed what was read."""
        call_of(ctx).notes.loaded.pop((self, _whose(ctx)), None)

    def _gathering(self, ctx: C) -> "Gathering[K, T]":
        loaded, key = call_of(ctx).notes.loaded, (self, _whose(ctx))
        if key not in loaded:
            loaded[key] = Gathering[K, T]()
        return cast("Gathering[K, T]", loaded[key])

    async def _lead(self, ctx: C, gathering: "Gathering[K, T]") -> None:
        """Look up for all who ask, until nobody does."""
        gathering.leader = asyncio.current_task()
        try:
            await gathering.complete()
            while keys := gathering.take(self._most):
                with suppress(Exception):  # all who have asked are told
                    await self._look_up(ctx, gathering, keys)
        except BaseException:
            gathering.abandon()
            raise
        finally:
            gathering.leader = None

    async def _look_up(self, ctx: C, gathering: "Gathering[K, T]", keys: Sequence[K]) -> None:
        try:
            gathering.land(keys, await self._function(ctx, keys))
        except Exception as problem:
            gathering.fail(keys, problem)
            raise


class Gathering(Generic[K, T]):
    """What one request has asked a batch loader for."""

    def __init__(self) -> None:
        """Nothing yet."""
        self.leader: asyncio.Task[object] | None = None
        """Who looks up for all who ask."""
        self._flights: dict[K, Flight[T | None]] = {}
        self._asked: list[K] = []

    def ask(self, key: K) -> Flight[T | None]:
        """The key's thing, on its way or there."""
        flight = self._flights.get(key)
        if flight is None:
            flight = self._flights[key] = Flight()
            self._asked.append(key)
        return flight

    async def complete(self) -> None:
        """Wait until nobody else is about to ask: until some turns of the loop have brought no further key."""
        quiet = 0
        while quiet < QUIET:
            known = len(self._flights)
            await asyncio.sleep(0)
            quiet = quiet + 1 if len(self._flights) == known else 0

    def take(self, most: int) -> list[K]:
        """Keys to look up."""
        keys, self._asked = self._asked[:most], self._asked[most:]
        return keys

    def land(self, keys: Sequence[K], found: Mapping[K, T]) -> None:
        """Give each key what was found."""
        for key in keys:
            self._flights[key].land(found.get(key))

    def fail(self, keys: Sequence[K], problem: Exception) -> None:
        """Tell all who asked for those keys."""
        for key in keys:
            self._flights[key].fail(problem)

    def abandon(self) -> None:
        """Who looked up was cancelled: whoever still waits asks again."""
        for key in [key for key, flight in self._flights.items() if not flight.over]:
            self._flights.pop(key).abandon()
        self._asked = []


def loader(function: Callable[Concatenate[C, P], Awaitable[T]], /) -> Loader[C, P, T]:
    """Run the function once per request for the same arguments: `@loader async def plan(ctx: OrgContext) -> Plan`.

    Its arguments must be hashable. What it has read is forgotten when the request ends, when its transaction is run
    again, when a savepoint is undone, and by `forget`.
    """
    return Loader(function)


def batch_loader(
    *, most: int = MOST
) -> Callable[[Callable[[C, Sequence[K]], Awaitable[Mapping[K, T]]]], BatchLoader[C, K, T]]:
    """Look up many things at once that are asked for one at a time.

    The function takes at most `most` different keys and gives the things by their keys, leaving out what is not there:
    `@batch_loader() async def people(ctx: OrgContext, ids: Sequence[UUID]) -> Mapping[UUID, Person]`. Then `await
    people(ctx, id)` in several tasks of one call is one statement. What was found is kept as a `loader` keeps it.

    Raises Misconfigured where `most` is below 1.
    """
    if most < 1:
        message = f"batch_loader(most={most}): it asks for at least one key at a time."
        raise Misconfigured(message)
    return lambda function: BatchLoader(function, most)


async def _fly(flight: Flight[T], work: Awaitable[T]) -> None:
    """Do the work; what it fails with is the flight's result, too, but for a cancellation."""
    try:
        flight.land(await work)
    except Exception as problem:
        flight.fail(problem)
        raise
    except BaseException:
        flight.abandon()
        raise


def _whose(ctx: PublicContext) -> Hashable:
    facts = call_of(ctx).facts
    return facts.user_id, facts.org_id
