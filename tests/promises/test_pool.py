"""The pool's places: handed over in turn, and never lost, whoever gives up at whatever moment."""

import asyncio
from contextlib import suppress

import asyncpg
import pytest

from portico.adapters.postgres.pool import Pool, PoolExhausted
from tests.promises.shop import Shop

pytestmark = pytest.mark.anyio


@pytest.fixture
def pool(shop: Shop) -> Pool:
    """A pool with one place."""

    async def connect() -> "asyncpg.Connection[asyncpg.Record]":
        return await asyncpg.connect(shop.portico.urls.app)

    return Pool(connect, size=1, timeout=0.5)


async def test_who_gives_up_just_as_it_is_its_turn_hands_the_place_on(pool: Pool) -> None:
    """Cancelled between being given the place and taking it: the place is free for the next."""
    connection = await pool.acquire()
    waiter = asyncio.create_task(pool.acquire())
    await asyncio.sleep(0)

    pool.release(connection)
    waiter.cancel()
    with suppress(asyncio.CancelledError):
        await waiter

    pool.release(await pool.acquire())
    await pool.close()


async def test_a_failed_connect_gives_its_place_back(shop: Shop) -> None:
    """A server that refuses connections does not use the places up."""
    tries = 0

    async def connect() -> "asyncpg.Connection[asyncpg.Record]":
        nonlocal tries
        tries += 1
        if tries < 5:
            raise ConnectionRefusedError
        return await asyncpg.connect(shop.portico.urls.app)

    pool = Pool(connect, size=1, timeout=0.5)
    for _ in range(4):
        with pytest.raises(ConnectionRefusedError):
            await pool.acquire()

    pool.release(await pool.acquire())
    await pool.close()


async def test_first_come_is_first_served(pool: Pool) -> None:
    """Nobody slips in before those who wait."""
    connection, order = await pool.acquire(), list[int]()

    async def take(number: int) -> None:
        taken = await pool.acquire()
        order.append(number)
        await asyncio.sleep(0)
        pool.release(taken)

    waiting = [asyncio.create_task(take(number)) for number in range(5)]
    await asyncio.sleep(0)
    pool.release(connection)
    await asyncio.gather(*waiting, take(5))

    assert order == [0, 1, 2, 3, 4, 5]
    await pool.close()


async def test_a_closed_pool_turns_everybody_away(pool: Pool) -> None:
    """Those who wait are told at once, not after their patience has ended."""
    connection = await pool.acquire()
    waiter = asyncio.create_task(pool.acquire())
    await asyncio.sleep(0)

    await pool.close()
    pool.release(connection)

    with pytest.raises(PoolExhausted):
        await waiter
    with pytest.raises(PoolExhausted):
        await pool.acquire()
    assert connection.is_closed()
