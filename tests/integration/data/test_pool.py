"""Connections, kept open and lent one at a time: on a real server."""

import asyncio
import time
from collections.abc import AsyncIterator

import asyncpg
import pytest

from portico import App
from portico.adapters.postgres.pool import Connection, Pool, PoolExhausted
from portico.adapters.postgres.transaction import PostgresTransaction
from portico.testing.databases import Databases

pytestmark = pytest.mark.anyio
PID = "select pg_backend_pid()"


class Opening:
    """Opens connections, and counts them."""

    def __init__(self, url: str) -> None:
        """None is open yet."""
        self.url = url
        self.opened: list[Connection] = []
        self.broken: Exception | None = None

    async def __call__(self) -> Connection:
        """Open another, or fail as told."""
        if self.broken is not None:
            raise self.broken
        self.opened.append(await asyncpg.connect(self.url))
        return self.opened[-1]


@pytest.fixture
async def opening(portico_app: App, portico_databases: Databases) -> AsyncIterator[Opening]:
    """Connections to the office's database, all closed at the end."""
    made = Opening((await portico_databases.of(portico_app)).app)
    yield made
    for connection in made.opened:
        connection.terminate()


async def test_nothing_is_opened_before_it_is_wanted(opening: Opening) -> None:
    """And what comes back is lent again."""
    pool = Pool(opening, size=2, timeout=1)
    assert opening.opened == []

    first = await pool.acquire()
    pool.release(first)
    again = await pool.acquire()

    assert again is first
    assert len(opening.opened) == 1


async def test_a_connection_is_lent_to_one_at_a_time(opening: Opening) -> None:
    """Never more than the pool's size are open."""
    pool = Pool(opening, size=3, timeout=5)
    lent: set[int] = set()

    async def work() -> None:
        connection = await pool.acquire()
        pid = await connection.fetchval(PID)
        assert pid not in lent
        lent.add(pid)
        await connection.fetchval("select pg_sleep(0.001)")
        lent.remove(pid)
        pool.release(connection)

    await asyncio.gather(*(work() for _ in range(40)))

    assert len(opening.opened) == 3


async def test_first_come_first_served(opening: Opening) -> None:
    """Whoever gives a connection back hands it to whoever waits longest: nobody slips in between."""
    pool, order = Pool(opening, size=1, timeout=5), list[int]()
    held = await pool.acquire()

    async def wait(number: int) -> None:
        connection = await pool.acquire()
        order.append(number)
        pool.release(connection)

    waiting = [asyncio.create_task(wait(n)) for n in range(3)]
    await asyncio.sleep(0)
    pool.release(held)
    await wait(9)
    await asyncio.gather(*waiting)

    assert order == [0, 1, 2, 9]


async def test_a_caller_waits_no_longer_than_it_may(opening: Opening) -> None:
    """Then it is told, and the pool is as it was."""
    pool = Pool(opening, size=1, timeout=0.5)
    held = await pool.acquire()

    with pytest.raises(PoolExhausted, match=r"no connection came free in 0\.5 s; all 1 are busy"):
        await pool.acquire()
    pool.release(held)

    assert await pool.acquire() is held


async def test_each_caller_s_time_begins_when_it_comes(opening: Opening) -> None:
    """Who came later waits longer, and who comes after both is told in time, too."""
    pool = Pool(opening, size=1, timeout=0.3)
    held = await pool.acquire()
    first = asyncio.create_task(pool.acquire())
    await asyncio.wait({first}, timeout=0.15)
    second = asyncio.create_task(pool.acquire())

    told, waiting = await asyncio.wait({first, second}, timeout=5, return_when=asyncio.FIRST_COMPLETED)
    third = asyncio.create_task(pool.acquire())
    await asyncio.wait({second, third}, timeout=5)

    assert (told, waiting) == ({first}, {second})
    assert [type(each.exception()) for each in (first, second, third)] == [PoolExhausted] * 3
    pool.release(held)
    assert await pool.acquire() is held


async def test_a_cancelled_caller_keeps_no_place(opening: Opening) -> None:
    """Neither while it waits nor at the moment when a place is handed to it."""
    pool = Pool(opening, size=1, timeout=5)
    held = await pool.acquire()
    waiting, handed = asyncio.create_task(pool.acquire()), asyncio.create_task(pool.acquire())
    await asyncio.sleep(0)

    waiting.cancel()
    await asyncio.sleep(0)
    pool.release(held)
    handed.cancel()
    await asyncio.gather(waiting, handed, return_exceptions=True)

    assert waiting.cancelled()
    assert handed.cancelled()
    assert await pool.acquire() is held


async def test_a_caller_whose_time_is_up_as_a_place_is_handed_over_keeps_none(opening: Opening) -> None:
    """Both happen in the same turn of the loop: the place goes to the next."""
    pool = Pool(opening, size=1, timeout=0.5)
    held = await pool.acquire()
    late = asyncio.create_task(pool.acquire())
    await asyncio.sleep(0)
    asyncio.get_running_loop().call_later(0.04, pool.release, held)

    time.sleep(0.1)  # noqa: ASYNC251  # the loop sleeps, so that both are due at once
    outcome = (await asyncio.gather(late, return_exceptions=True))[0]
    if outcome is held:
        pool.release(held)

    assert await pool.acquire() is held


async def test_a_cancelled_opening_keeps_no_place(opening: Opening) -> None:
    """The client left while its connection was made."""
    pool = Pool(opening, size=1, timeout=5)
    task = asyncio.create_task(pool.acquire())
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)

    assert not (await pool.acquire()).is_closed()


async def test_a_cancellation_is_heeded_in_the_moment_when_the_connection_opens(opening: Opening) -> None:
    """Whoever waits for the end of what was cancelled would wait for ever."""

    async def cancelled_by_the_way() -> Connection:
        connection = await opening()
        asyncio.get_running_loop().call_soon(task.cancel)
        return connection

    async def work() -> None:
        await Pool(cancelled_by_the_way, size=1, timeout=5).acquire()
        await asyncio.Event().wait()

    task = asyncio.create_task(work())
    ended, _ = await asyncio.wait((task,), timeout=5)

    assert ended
    assert task.cancelled()


async def test_a_server_that_cannot_be_reached_keeps_no_place(opening: Opening) -> None:
    """And the pool recovers by itself."""
    pool = Pool(opening, size=1, timeout=5)
    opening.broken = ConnectionRefusedError()
    for _ in range(3):
        with pytest.raises(ConnectionRefusedError):
            await pool.acquire()

    opening.broken = None

    assert not (await pool.acquire()).is_closed()


async def test_a_connection_that_died_is_not_lent_again(opening: Opening) -> None:
    """Whether it died while lent or while idle."""
    pool = Pool(opening, size=2, timeout=5)
    lent, idle = await pool.acquire(), await pool.acquire()
    gone = asyncio.Event()
    idle.add_termination_listener(lambda _: gone.set())
    pool.release(idle)
    await lent.execute("select pg_terminate_backend($1)", await idle.fetchval(PID))
    async with asyncio.timeout(5):
        await gone.wait()
    lent.terminate()
    pool.release(lent)

    fresh = [await pool.acquire() for _ in range(2)]

    assert all(connection not in {lent, idle} for connection in fresh)
    assert [await connection.fetchval("select 1") for connection in fresh] == [1, 1]


async def test_a_connection_in_doubt_is_thrown_away(opening: Opening) -> None:
    """One that is still in a transaction would show one caller's settings to the next."""
    pool = Pool(opening, size=1, timeout=5)
    doubtful = await pool.acquire()
    await doubtful.execute("begin; select 1")
    pool.release(doubtful)

    fresh = await pool.acquire()

    assert fresh is not doubtful
    assert doubtful.is_closed()


async def test_a_closed_pool_lends_nothing(opening: Opening) -> None:
    """Whoever waits is told, and what is lent is closed when it comes back."""
    pool = Pool(opening, size=2, timeout=5)
    lent, idle = await pool.acquire(), await pool.acquire()
    waiting = asyncio.create_task(pool.acquire())
    await asyncio.sleep(0)

    await pool.close()
    pool.release(lent)
    pool.release(idle)

    with pytest.raises(PoolExhausted, match="shutting down"):
        await waiting
    with pytest.raises(PoolExhausted, match="shutting down"):
        await pool.acquire()
    assert lent.is_closed()
    assert idle.is_closed()


async def test_closing_closes_what_is_idle(opening: Opening) -> None:
    """Also one that has died already."""
    pool = Pool(opening, size=2, timeout=5)
    living, dead = await pool.acquire(), await pool.acquire()
    pool.release(living)
    pool.release(dead)
    dead.terminate()

    await pool.close()

    assert living.is_closed()


async def test_a_connection_is_handed_over_with_its_transaction_begun(opening: Opening) -> None:
    """To who waits longest, who need not begin it."""
    pool = Pool(opening, size=1, timeout=5)
    held = await pool.acquire()
    waiting = asyncio.create_task(pool.acquire("begin"))
    await asyncio.sleep(0)
    successor = pool.successor()
    assert successor is not None

    await held.execute(successor.begins)

    assert pool.hand_over(held, successor)
    assert await waiting is held
    assert held.is_in_transaction()


async def test_a_successor_that_has_gone_gets_nothing(opening: Opening) -> None:
    """And the next in line keeps its turn."""
    pool = Pool(opening, size=1, timeout=5)
    held = await pool.acquire()
    gone, behind = (asyncio.create_task(pool.acquire("begin")) for _ in range(2))
    await asyncio.sleep(0)
    successor = pool.successor()
    assert successor is not None

    gone.cancel()
    await asyncio.gather(gone, return_exceptions=True)

    assert not pool.hand_over(held, successor)
    pool.put_back(successor)
    pool.release(held)
    assert await behind is held


async def test_a_begun_connection_that_came_too_late_is_thrown_away(opening: Opening) -> None:
    """Its caller was cancelled in the moment of the handing over; the place is free again."""
    pool = Pool(opening, size=1, timeout=5)
    held = await pool.acquire()
    waiting = asyncio.create_task(pool.acquire("begin"))
    await asyncio.sleep(0)
    successor = pool.successor()
    assert successor is not None
    await held.execute("begin")

    pool.hand_over(held, successor)
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)

    assert held.is_closed()
    assert not (await pool.acquire()).is_closed()


class Stalling(asyncpg.Connection):  # type: ignore[misc]  # asyncpg has no types
    """A connection whose ROLLBACK takes for ever."""

    rolling_back = asyncio.Event()

    async def execute(self, query: str, *args: object, **options: float) -> str:
        """Wait there until whoever asked for it is cancelled."""
        if query == "rollback":
            self.rolling_back.set()
            await asyncio.Event().wait()
        return str(await super().execute(query, *args, **options))


async def test_a_place_is_not_lost_where_both_the_successor_and_the_caller_leave(opening: Opening) -> None:
    """The successor goes during COMMIT, the caller while the transaction begun for it is rolled back."""
    pool = Pool(lambda: asyncpg.connect(opening.url, connection_class=Stalling), size=1, timeout=5)
    transaction = PostgresTransaction(pool, read_only=True)
    await transaction.open()
    gone = asyncio.create_task(pool.acquire("begin"))
    await asyncio.sleep(0)

    leaving = asyncio.create_task(transaction.commit())
    await asyncio.sleep(0)
    gone.cancel()
    async with asyncio.timeout(5):
        await Stalling.rolling_back.wait()
    leaving.cancel()
    await asyncio.gather(leaving, gone, return_exceptions=True)

    fresh = await pool.acquire()
    assert not fresh.is_closed()
    fresh.terminate()
