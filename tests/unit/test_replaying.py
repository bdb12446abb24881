"""Refusals that are stored answers, and calls that go on without whoever waited for them."""

import asyncio
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import cast
from uuid import UUID

import pytest

from portico import Error, InProgress, NotFound
from portico.core.call import Call
from portico.core.errands import unbroken
from portico.core.leaving import external_key
from portico.core.plan import Plan
from portico.core.replaying import remembered, replay, written
from portico.ports.database import Stored

pytestmark = pytest.mark.anyio


class Closed(Error, code="TEST_CLOSED", status=402):
    """We are closed until {until}."""

    until: datetime
    seats: list[int]
    who: UUID | None = None


class ClosedForever(Closed):
    """We are closed for ever."""


def plan_of(*errors: type[Error]) -> Plan:
    """A plan of which only the errors are asked."""
    return cast("Plan", SimpleNamespace(errors=frozenset(errors)))


def test_a_stored_refusal_has_its_class_and_its_data() -> None:
    """Dates, ids and lists are what they were."""
    closed = ClosedForever(until=datetime(2030, 1, 1, tzinfo=UTC), seats=[1, 2], who=UUID(int=3), retry_after=5)

    told = remembered(plan_of(Closed, ClosedForever), written(closed))

    assert type(told) is ClosedForever
    assert told.data() == closed.data()
    assert told.declared


def test_a_class_that_is_gone_is_known_by_its_code() -> None:
    """A release may have renamed it meanwhile."""
    told = remembered(plan_of(), written(ClosedForever(until=datetime(2030, 1, 1, tzinfo=UTC), seats=[])))

    assert (type(told), told.code) == (Closed, "TEST_CLOSED")


def test_an_answer_that_is_not_there_yet_is_in_progress() -> None:
    """Whoever sees the claim of another is told to wait."""
    with pytest.raises(InProgress) as told:
        replay(plan_of(), cast("Call", None), Stored(b"", b"", 0, "", b""))

    assert told.value.retry_after == 1


def test_an_external_key_is_stable_and_of_its_request_alone() -> None:
    """The same after a restart; another for another key, and for other input."""
    keys = [external_key(digest, fingerprint) for digest in (b"a", b"b") for fingerprint in (b"x", b"y")]

    assert len(set(keys)) == 4
    assert keys[0] == external_key(b"a", b"x") == str(UUID(keys[0]))


async def test_work_goes_on_without_whoever_waited_for_it() -> None:
    """To its end; only then is the waiting over."""
    ready, done = asyncio.Event(), asyncio.Event()

    async def work() -> None:
        await ready.wait()
        done.set()

    waiting = asyncio.create_task(unbroken(work()))
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.sleep(0)
    ready.set()

    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert done.is_set()


async def test_what_the_work_raises_is_raised() -> None:
    """As if it had been awaited."""

    async def work() -> None:
        raise NotFound

    with pytest.raises(NotFound):
        await unbroken(work())
