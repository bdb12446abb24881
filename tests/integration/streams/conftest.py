"""The radio station, its people, and a way to listen in."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import pytest

from portico import App, Caller, Error, Org, User
from portico.core.hub import Hub
from portico.core.stream import Stream
from portico.testing import Harness
from tests.integration.streams import radio

PATIENCE = 10.0


@dataclass
class Station:
    """An organization with two members, and one who hears nothing."""

    portico: Harness
    org: Org
    ann: User
    ben: User

    def caller(self, user: User) -> Caller:
        """Calls as one of them."""
        return self.portico.app.as_(user, org=self.org.id)

    async def play(self, *titles: str) -> None:
        """Play songs, one after another."""
        for title in titles:
            (await self.caller(self.ann).call(radio.play, title=title)).unwrap()

    @asynccontextmanager
    async def listening(self, user: User, stream: Stream[Any, ..., Any] = radio.live) -> AsyncIterator["Listener"]:
        """Somebody who listens from now on; whoever else is on the way must have come (`listened`)."""
        before = self._hub.listened
        listener = Listener(self.caller(user).stream(stream))
        try:
            await self.listened(before + 1)
            yield listener
        finally:
            await listener.close()

    async def listened(self, many: int = 1) -> None:
        """Wait until so many listen."""
        async with asyncio.timeout(PATIENCE):
            while self._hub.listened < many:  # noqa: ASYNC110  # nobody tells
                await asyncio.sleep(0.001)

    @property
    def _hub(self) -> Hub:
        streams = self.portico.app.running.pipeline.streams
        assert streams is not None
        return streams.hub


class Listener:
    """Hears in a task of its own."""

    def __init__(self, heard: AsyncGenerator[Any, None]) -> None:
        """Begins at once."""
        self._heard = heard
        self._queue: asyncio.Queue[Any] = asyncio.Queue()
        self._task = asyncio.create_task(self._listen())

    async def hear(self, many: int) -> list[Any]:
        """The next values; raises what ended the stream."""
        async with asyncio.timeout(PATIENCE):
            heard = [await self._queue.get() for _ in range(many)]
        for value in heard:
            if isinstance(value, BaseException):
                raise value
        return heard

    async def close(self) -> None:
        """Hear no more."""
        self._task.cancel()
        await asyncio.wait([self._task])

    async def _listen(self) -> None:
        try:
            async for value in self._heard:
                self._queue.put_nowait(value)
        except Error as problem:
            self._queue.put_nowait(problem)
        finally:
            await self._heard.aclose()


@pytest.fixture(scope="session")
def portico_app() -> App:
    """The station."""
    return radio.app


async def station_of(portico: Harness, name: str) -> Station:
    """A station with its people."""
    org = await portico.organization(name)
    people = [await portico.member(f"{who}@{org.slug}.test", org=org.id) for who in ("ann", "ben")]
    return Station(portico, org, *people)


@pytest.fixture
async def alpha(portico: Harness) -> Station:
    """One station."""
    for event in (radio.OPEN, radio.LEFT):
        event.clear()
    return await station_of(portico, "Alpha")


@pytest.fixture
async def beta(portico: Harness) -> Station:
    """Another one."""
    return await station_of(portico, "Beta")
