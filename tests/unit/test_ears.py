"""Ears: rings wake whoever waits, and whoever looks by itself looks less and less often."""

import asyncio

import pytest

from portico.ports.ear import Ear

pytestmark = pytest.mark.anyio
NEVER = 1000.0


async def test_a_ring_that_came_before_the_wait_is_not_lost() -> None:
    """What is told while an ear's owner works ends its next pause at once."""
    ear = Ear(NEVER, NEVER)

    ear.ring()

    async with asyncio.timeout(10):
        await ear.pause()


async def test_a_ring_ends_a_pause() -> None:
    """Whoever waits already is woken, and waits anew afterwards."""
    ear = Ear(NEVER, NEVER)
    waiting = asyncio.create_task(ear.pause())
    await asyncio.sleep(0)

    ear.ring()

    async with asyncio.timeout(10):
        await waiting
    again = asyncio.create_task(ear.pause())
    await asyncio.sleep(0)
    assert not again.done()
    again.cancel()


async def test_pauses_grow_until_there_is_a_ring() -> None:
    """Soon after a ring it is looked often, later seldom."""
    ear, loop = Ear(0.01, 0.04), asyncio.get_running_loop()
    lengths = []
    for rings in (False, False, False, False, True, False):
        if rings:
            ear.ring()
        began = loop.time()
        await ear.pause()
        lengths.append(loop.time() - began)

    assert lengths[0] >= 0.01
    assert lengths[1] >= 0.02
    assert min(lengths[2:4]) >= 0.04
    assert lengths[4] < 0.04
    assert lengths[5] >= 0.01


async def test_somebody_sees_to_it_that_rings_are_heard() -> None:
    """Before each pause, so that a connection that was lost is made again."""
    attended = []

    async def attend() -> None:
        attended.append(True)

    ear = Ear(0, 0, attend)
    await ear.pause()
    await ear.pause()

    assert attended == [True, True]
