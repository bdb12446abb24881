"""What one task works out and others wait for."""

import asyncio

import pytest

from portico import Misconfigured
from portico.core.flight import Flight, refuse_circle

pytestmark = pytest.mark.anyio


async def test_who_waits_is_given_the_value() -> None:
    """Those who come later, too."""
    flight = Flight[int]()
    waiting = asyncio.create_task(flight.landed())
    await asyncio.sleep(0)

    flight.land(5)

    assert await waiting
    assert await flight.landed()
    assert (flight.result(), flight.over) == (5, True)


async def test_a_failure_is_told_to_all_and_needs_nobody() -> None:
    """No warning of an exception that nobody has fetched."""
    flight = Flight[int]()

    flight.fail(LookupError())

    assert await flight.landed()
    with pytest.raises(LookupError):
        flight.result()


async def test_who_waits_in_vain_is_told_to_work() -> None:
    """The one who worked was cancelled; what comes too late changes nothing."""
    flight = Flight[int]()
    waiting = asyncio.create_task(flight.landed())
    await asyncio.sleep(0)

    flight.abandon()
    flight.land(5)
    flight.fail(LookupError())

    assert not await waiting


async def test_who_is_cancelled_while_waiting_takes_nobody_along() -> None:
    """The others wait on."""
    flight = Flight[int]()
    leaver, stayer = (asyncio.create_task(flight.landed()) for _ in range(2))
    await asyncio.sleep(0)

    leaver.cancel()
    await asyncio.wait([leaver])
    flight.land(5)

    assert await stayer


async def test_who_would_wait_for_oneself_is_refused() -> None:
    """By name; anybody else may wait."""
    other = asyncio.create_task(asyncio.sleep(0))
    refuse_circle(other, "plan_of")
    refuse_circle(None, "plan_of")
    await other

    with pytest.raises(Misconfigured, match="plan_of asks for what it is working out itself"):
        refuse_circle(asyncio.current_task(), "plan_of")
