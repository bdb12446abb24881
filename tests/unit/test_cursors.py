"""Rows fetched in steps: how many at a time, and the next ones while the last ones leave."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing

import pytest

from portico.adapters.postgres.cursors import MOST, ahead, fitting

pytestmark = pytest.mark.anyio


class Source:
    """Numbers one by one, and what became of them."""

    def __init__(self, many: int = 3, fails_at: int | None = None) -> None:
        """`fails_at` is the number that is not to be had."""
        self._many, self._fails_at = many, fails_at
        self.drawn: list[int] = []
        self.waits: asyncio.Event | None = None
        self.closed = False

    async def numbers(self) -> AsyncGenerator[int, None]:
        """Draw them."""
        try:
            for number in range(1, self._many + 1):
                if number == self._fails_at:
                    raise ConnectionError
                if self.waits is not None and number > 1:
                    await self.waits.wait()
                self.drawn.append(number)
                yield number
        finally:
            self.closed = True


@pytest.mark.parametrize(("wanted", "taken"), [(-5, 1), (0, 1), (1, 1), (3, 2), (690, 512), (512, 512), (10**9, 512)])
def test_rows_are_fetched_by_powers_of_two(wanted: int, taken: int) -> None:
    """Few different statements, and never more rows than fit or than the most."""
    assert fitting(wanted) == taken <= MOST


async def test_one_is_drawn_while_the_one_before_is_used() -> None:
    """In order, each once; never more than one ahead."""
    source, seen = Source(), list[tuple[int, list[int]]]()

    async for number in ahead(source.numbers()):
        await asyncio.sleep(0)
        seen.append((number, [*source.drawn]))

    assert seen == [(1, [1, 2]), (2, [1, 2, 3]), (3, [1, 2, 3])]


async def test_who_stops_early_waits_for_nothing() -> None:
    """What is under way is cancelled, and the source closed."""
    source = Source()
    source.waits = asyncio.Event()

    async with asyncio.timeout(5), aclosing(ahead(source.numbers())) as numbers:
        first = await anext(numbers)
        await asyncio.sleep(0)

    assert (first, source.drawn, source.closed) == (1, [1], True)


async def test_a_failure_comes_in_its_place() -> None:
    """After what was drawn before it."""
    numbers = ahead(Source(fails_at=3).numbers())

    seen = [await anext(numbers), await anext(numbers)]

    assert seen == [1, 2]
    with pytest.raises(ConnectionError):
        await anext(numbers)


async def test_a_failure_ahead_of_who_stops_is_nobodys() -> None:
    """It is neither raised in place of what stopped, nor complained of by the loop."""
    source = Source(fails_at=2)

    async with aclosing(ahead(source.numbers())) as numbers:
        first = await anext(numbers)
        await asyncio.sleep(0)

    assert (first, source.closed) == (1, True)
