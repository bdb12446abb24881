"""Turns at a connection: one at a time, in order, whoever leaves meanwhile."""

import asyncio

import pytest

from portico.adapters.postgres.turns import Turns

pytestmark = pytest.mark.anyio


class Line:
    """Tasks that each take a turn, and what they did."""

    def __init__(self) -> None:
        """Nobody stands in it."""
        self.turns, self.done = Turns(), list[str]()

    async def stand(self, name: str) -> None:
        """Take a turn that lasts for a while."""
        if self.turns.taken:
            await self.turns.come()
        with self.turns:
            self.done.append(f"{name} begins")
            await asyncio.sleep(0)
            self.done.append(f"{name} ends")

    async def joined_by(self, *names: str) -> list[asyncio.Task[None]]:
        """Tasks that wait by now."""
        tasks = [asyncio.create_task(self.stand(name)) for name in names]
        await asyncio.sleep(0)
        return tasks


async def test_a_turn_begins_where_the_one_before_ends() -> None:
    """In the order in which they came."""
    line = Line()

    await asyncio.gather(*await line.joined_by("one", "two", "three"))

    assert line.done == [f"{name} {what}" for name in ("one", "two", "three") for what in ("begins", "ends")]


async def test_afterwards_it_is_nobodys() -> None:
    """Who comes then does not wait."""
    line = Line()

    await asyncio.gather(*await line.joined_by("one", "two"))

    assert not line.turns.taken


async def test_a_failure_ends_a_turn_and_is_remembered() -> None:
    """The next one's begins all the same."""
    line = Line()

    with pytest.raises(LookupError), line.turns:
        raise LookupError
    await line.stand("one")

    assert line.turns.failed
    assert line.done == ["one begins", "one ends"]


async def test_who_comes_between_does_not_slip_in() -> None:
    """A turn that was given to somebody who has not yet run is that one's."""
    line = Line()
    with line.turns:
        waiting = await line.joined_by("one")

    await asyncio.gather(*waiting, line.stand("late"))

    assert line.done[0] == "one begins"


async def test_who_leaves_the_line_is_passed_over() -> None:
    """The next one's turn comes as if nobody had stood between."""
    line = Line()
    with line.turns:
        leaving, staying = await line.joined_by("leaving", "staying")
        leaving.cancel()

    await staying

    assert line.done == ["staying begins", "staying ends"]


async def test_who_is_cancelled_as_the_turn_begins_gives_it_to_the_next() -> None:
    """Nobody else could."""
    line = Line()
    with line.turns:
        leaving, staying = await line.joined_by("leaving", "staying")

    leaving.cancel()
    await staying

    assert leaving.cancelled()
    assert line.done == ["staying begins", "staying ends"]
