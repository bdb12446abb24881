"""Work that goes on beside the calls."""

import asyncio

import pytest

from portico.app.beside import beside

pytestmark = pytest.mark.anyio


async def test_work_ends_with_the_block() -> None:
    """It is cancelled, and what it does then is waited for."""
    told: list[str] = []

    async def work() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)
            told.append("tidied")

    async with beside(work()):
        await asyncio.sleep(0)

    assert told == ["tidied"]


async def test_work_that_misses_its_cancellation_ends_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """As what it awaits may have taken it for its own."""
    monkeypatch.setattr("portico.app.beside.AGAIN", 0.01)
    missed: list[BaseException] = []

    async def work() -> None:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError as cancellation:
            missed.append(cancellation)
        await asyncio.Event().wait()

    async with asyncio.timeout(5):
        async with beside(work()):
            await asyncio.sleep(0)

    assert len(missed) == 1


async def test_what_the_work_died_of_is_raised_at_the_end() -> None:
    """It does not pass unseen."""

    async def work() -> None:
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        async with beside(work()):
            await asyncio.sleep(0)
