"""Subscriptions in-process: what happens reaches who may know, and nobody else."""

import asyncio

import pytest

from portico import Forbidden, Unauthorized
from portico.testing import Harness
from tests.integration.streams import radio
from tests.integration.streams.conftest import PATIENCE, Station

pytestmark = pytest.mark.anyio


async def test_what_is_committed_reaches_who_listens(alpha: Station) -> None:
    """In order, each event as the typed value that it is; what is filtered out is left out."""
    async with alpha.listening(alpha.ben) as ben:
        await alpha.play("one", "two")
        (await alpha.caller(alpha.ann).call(radio.wish, title="three")).unwrap()

        assert await ben.hear(3) == [radio.Played(title="one"), radio.Played(title="two"), radio.Wished(title="three")]


async def test_nothing_passes_from_one_organization_to_another(alpha: Station, beta: Station) -> None:
    """Both listen; each hears its own alone."""
    async with alpha.listening(alpha.ben) as here, beta.listening(beta.ben) as there:
        await alpha.play("ours")
        await beta.play("theirs")
        await alpha.play("ours too")

        assert [event.title for event in await here.hear(2)] == ["ours", "ours too"]
        assert [event.title for event in await there.hear(1)] == ["theirs"]


async def test_an_event_with_a_recipient_is_theirs_alone(alpha: Station) -> None:
    """The framework sees to it; one for nobody reaches nobody."""
    async with (
        alpha.listening(alpha.ann, radio.whispers) as ann,
        alpha.listening(alpha.ben, radio.whispers) as ben,
    ):
        for to, word in ((None, "nobody"), (alpha.ben.id, "ben"), (alpha.ann.id, "ann"), (alpha.ben.id, "again")):
            (await alpha.caller(alpha.ann).call(radio.whisper, to=to, word=word)).unwrap()

        assert [event.word for event in await ann.hear(1)] == ["ann"]
        assert [event.word for event in await ben.hear(2)] == ["ben", "again"]


async def test_who_may_not_call_may_not_listen(alpha: Station, beta: Station) -> None:
    """401, and 403 for a role without the permission and for a stranger, as with any action."""
    deaf = await alpha.portico.member("deaf@alpha.test", org=alpha.org.id, role="deaf")
    app = alpha.portico.app
    for caller, refusal in (
        (app.as_(None), Unauthorized),
        (app.as_(deaf, org=alpha.org.id), Forbidden),
        (app.as_(beta.ann, org=alpha.org.id), Forbidden),
    ):
        with pytest.raises(refusal):
            await anext(caller.stream(radio.live))


async def test_a_subscription_reads_in_its_organization_and_holds_no_connection(alpha: Station) -> None:
    """Each statement is a transaction of its own; while it waits, none is lent."""
    async with alpha.listening(alpha.ben, radio.counts) as ben:
        await alpha.play("one", "two")

        assert await ben.hear(3) == [0, 1, 2]
        async with asyncio.timeout(PATIENCE):
            while alpha.portico.app.running.database.pulse.occupancy().lent:  # noqa: ASYNC110  # the reader's, now and then
                await asyncio.sleep(0.001)


async def test_a_subscription_that_is_opened_is_on_record(alpha: Station) -> None:
    """When it begins, with who it was."""
    async with alpha.listening(alpha.ben, radio.whispers):
        rows = await alpha.portico.rows("select action, outcome, user_id from portico.audit")

    assert [tuple(row) for row in rows] == [("whispers.heard", "done", alpha.ben.id)]


async def test_a_subscription_may_come_to_its_end(portico: Harness) -> None:
    """A function that is done ends its stream; one that fails says no more than any action does."""
    anybody = portico.app.as_(None)

    assert [number async for number in anybody.stream(radio.numbers, upto=3)] == [0, 1, 2]
    broken = anybody.stream(radio.broken)
    assert await anext(broken) == 1
    with pytest.raises(Exception, match="Something went wrong on our side"):
        await anext(broken)
