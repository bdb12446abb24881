"""Calls that take long: cut off when their time is over, or when their client has left."""

import asyncio

import pytest

from portico import TimedOut
from portico.core.watch import Patience, Watch

pytestmark = pytest.mark.anyio


class Left(BaseException):
    """The client has left."""


async def watched(watch: Watch, patience: Patience, work: "asyncio.Future[str]") -> str:
    """A call that waits for its work, and is then committed."""
    watch.enter(patience)
    try:
        return await work
    except asyncio.CancelledError:
        return type(patience.cut).__name__
    finally:
        watch.leave(patience)


async def test_a_call_whose_time_is_over_is_cut_off() -> None:
    """And told so; one that has time goes on."""
    loop, watch = asyncio.get_running_loop(), Watch()
    brief, long = Patience(0.1), Patience(30)
    never, work = loop.create_future(), loop.create_future()
    going = asyncio.create_task(watched(watch, long, work))

    cut = await asyncio.create_task(watched(watch, brief, never))  # whose cancellation is counted in no other test
    work.set_result("done")

    assert (cut, type(brief.cut)) == ("TimedOut", TimedOut)
    assert (await going, long.cut) == ("done", None)


async def test_a_call_whose_client_has_left_is_cut_off() -> None:
    """Whoever stays is listened for once, and no longer than the call lasts."""
    loop, watch = asyncio.get_running_loop(), Watch()
    leaves, listened = asyncio.Event(), list[str]()

    async def leaving() -> BaseException:
        listened.append("begun")
        try:
            await leaves.wait()
            return Left()
        finally:
            listened.append("ended")

    gone, stays = Patience(30), Patience(30)
    gone.leaving = stays.leaving = leaving
    work = loop.create_future()
    staying = asyncio.create_task(watched(watch, stays, work))
    leaver = asyncio.create_task(watched(watch, gone, loop.create_future()))
    async with asyncio.timeout(5):
        while len(listened) < 2:  # noqa: ASYNC110  # the watch looks when its time comes, and tells nobody
            await asyncio.sleep(0.01)
    work.set_result("done")
    stayed = await staying
    leaves.set()

    assert (await leaver, stayed, stays.cut) == ("Left", "done", None)
    assert sorted(listened) == ["begun", "begun", "ended", "ended"]


@pytest.mark.parametrize(("seconds", "seen"), [(0, False), (0.13, True)])
async def test_a_quick_call_is_not_listened_for(seconds: float, *, seen: bool) -> None:
    """Nor one of a tenth of a second, though it is seen: a busy server has many, and each would make a task."""
    watch, patience = Watch(), Patience(30)
    asked: list[str] = []

    async def leaving() -> BaseException:
        asked.append("asked")
        return Left()

    patience.leaving = leaving
    loop = asyncio.get_running_loop()
    work = loop.create_future()
    loop.call_later(seconds, work.set_result, "done")

    assert await watched(watch, patience, work) == "done"
    await asyncio.sleep(0.15)
    assert (asked, patience.due is not None) == ([], seen)


async def test_what_goes_wrong_while_a_client_is_listened_for_cuts_its_call_off() -> None:
    """With that for its reason: nobody would notice any more that the client leaves."""

    async def broken() -> BaseException:
        raise LookupError

    watch, patience = Watch(), Patience(30)
    patience.leaving = broken

    async with asyncio.timeout(5):
        cut = await asyncio.create_task(watched(watch, patience, asyncio.get_running_loop().create_future()))

    assert cut == "LookupError"
