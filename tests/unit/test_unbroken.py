"""Awaiting what must not be cut off halfway."""

import asyncio
from collections.abc import Callable

import pytest

from portico.adapters.postgres.unbroken import Unbroken

pytestmark = pytest.mark.anyio


async def turned(*awaited: "asyncio.Future[int]") -> int:
    """A coroutine that waits for several futures, and steps aside once in between."""
    total = 0
    for future in awaited:
        total += await future
        await asyncio.sleep(0)
    return total


async def started(work: Callable[[], Unbroken[int]]) -> "tuple[asyncio.Task[None], list[object]]":
    """A task that awaits it, and what it has seen: the result, then what comes after."""
    seen: list[object] = []

    async def run() -> None:
        seen.append(await work())
        await asyncio.sleep(0)
        seen.append("went on")

    task = asyncio.create_task(run())
    await asyncio.sleep(0)
    return task, seen


async def test_it_gives_what_the_coroutine_gives() -> None:
    """Its value, or what it raises."""
    loop = asyncio.get_running_loop()
    one, two = loop.create_future(), loop.create_future()
    loop.call_soon(one.set_result, 1)
    loop.call_soon(two.set_exception, LookupError())

    assert await Unbroken(turned(one)) == 1
    with pytest.raises(LookupError):
        await Unbroken(turned(two))


@pytest.mark.parametrize("times", [1, 3])
async def test_a_cancellation_comes_after_it(times: int) -> None:
    """However often, wherever it stands: the coroutine ends, and the next await is cancelled."""
    loop = asyncio.get_running_loop()
    one, two = loop.create_future(), loop.create_future()
    task, seen = await started(lambda: Unbroken(turned(one, two)))

    for _ in range(times):
        task.cancel()
        await asyncio.sleep(0)
    one.set_result(1)
    await asyncio.sleep(0)
    task.cancel()
    two.set_result(2)
    with pytest.raises(asyncio.CancelledError):
        await task

    assert seen == [3]
    assert not one.cancelled()


async def test_who_is_not_cancelled_goes_on() -> None:
    """Nothing is left behind."""
    future = asyncio.get_running_loop().create_future()
    task, seen = await started(lambda: Unbroken(turned(future)))

    future.set_result(5)
    await task

    assert seen == [5, "went on"]
    assert task.cancelling() == 0


async def test_a_failure_is_told_and_the_cancellation_delivered() -> None:
    """Whoever handles the failure is cancelled at its next await."""
    future = asyncio.get_running_loop().create_future()

    async def run() -> None:
        with pytest.raises(LookupError):
            await Unbroken(turned(future))
        await asyncio.sleep(0)

    task = asyncio.create_task(run())
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.sleep(0)
    future.set_exception(LookupError())

    with pytest.raises(asyncio.CancelledError):
        await task


async def test_what_came_before_the_first_step_is_kept_too() -> None:
    """Whoever is cancelled in the step that begins it."""
    future = asyncio.get_running_loop().create_future()
    seen: list[object] = []

    async def run() -> None:
        task.cancel()
        seen.append(await Unbroken(turned(future)))
        await asyncio.sleep(0)
        seen.append("went on")

    task = asyncio.create_task(run())
    await asyncio.sleep(0)
    future.set_result(7)
    with pytest.raises(asyncio.CancelledError):
        await task

    assert seen == [7]


async def test_a_future_that_others_cancel_is_the_coroutine_s_affair() -> None:
    """It may handle that; the task was not cancelled, and goes on."""
    future = asyncio.get_running_loop().create_future()

    async def patient() -> int:
        try:
            return int(await future)
        except asyncio.CancelledError:
            return 0

    task, seen = await started(lambda: Unbroken(patient()))
    future.cancel()
    await task

    assert seen == [0, "went on"]


async def test_one_may_stand_in_another() -> None:
    """Each keeps what it is asked."""
    future = asyncio.get_running_loop().create_future()
    task, seen = await started(lambda: Unbroken(inner(future)))

    task.cancel()
    await asyncio.sleep(0)
    future.set_result(3)
    with pytest.raises(asyncio.CancelledError):
        await task

    assert seen == [3]


async def inner(future: "asyncio.Future[int]") -> int:
    """A coroutine that has one of its own."""
    return await Unbroken(turned(future))
