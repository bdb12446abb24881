"""Rows of a stream, drawn in-process."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing

import pytest

from portico import Conflict, Err, Ok, Result
from portico.app.drawing import AT_ONCE, Handing, drawn
from portico.core.sink import Sink

pytestmark = pytest.mark.anyio


class Source:
    """A call whose rows are numbers; it remembers how far it was read and whether it was stopped."""

    def __init__(self, most: int, refusal: Conflict | None = None) -> None:
        """So many rows, then perhaps a refusal."""
        self.most = most
        self.refusal = refusal
        self.read = 0
        self.stopped = False

    async def rows(self) -> AsyncIterator[int]:
        """The rows."""
        for number in range(self.most):
            self.read += 1
            yield number

    async def __call__(self, *, sink: Sink) -> Result[int]:
        """Run the call."""
        try:
            await sink.drain(self.rows())
        except asyncio.CancelledError:
            self.stopped = True
            raise
        return Err(self.refusal) if self.refusal is not None else Ok(sink.sent)


@pytest.mark.parametrize("most", [0, 1, AT_ONCE - 1, AT_ONCE, AT_ONCE + 1, 5 * AT_ONCE])
async def test_every_row_is_drawn_once(most: int) -> None:
    """In their order, however many there are."""
    assert [row async for row in drawn(Source(most), Handing())] == list(range(most))


async def test_rows_are_read_as_they_are_drawn() -> None:
    """Whoever draws slowly holds up who reads."""
    source = Source(100 * AT_ONCE)

    async with aclosing(drawn(source, Handing())) as rows:
        await anext(rows)
        for _ in range(10):
            await asyncio.sleep(0)

        assert source.read <= 3 * AT_ONCE


async def test_who_stops_early_stops_the_call() -> None:
    """Before `aclose` comes back."""
    source = Source(100 * AT_ONCE)

    async with aclosing(drawn(source, Handing())) as rows:
        await anext(rows)

    assert source.stopped


@pytest.mark.parametrize("most", [0, 3])
async def test_a_refusal_is_raised_after_the_rows_before_it(most: int) -> None:
    """At the first row, or in the middle."""
    rows = drawn(Source(most, Conflict()), Handing())

    found = [await anext(rows) for _ in range(most)]
    with pytest.raises(Conflict):
        await anext(rows)

    assert found == list(range(most))
