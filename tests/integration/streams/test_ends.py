"""How streams end: with what let them in, with their bounds, with their server."""

import asyncio
from collections.abc import Sequence

import pytest

from portico import App, Error, Forbidden, SlowClient, TooManyStreams, Unavailable
from portico.ports.database import Entry, Facts
from portico.testing import open_harness
from portico.testing.databases import Databases
from tests.integration.streams import radio
from tests.integration.streams.conftest import Station, station_of
from tests.integration.streams.lines import PATIENCE, stream
from tests.integration.streams.test_sse import LIVE, as_, on_air, streams_of
from tests.integration.streams.test_websocket import closed, heard, talking

pytestmark = pytest.mark.anyio
REVOKED = "delete from portico.sessions"
KEY = """
    insert into portico.api_keys (key_hash, hint, name, user_id, scopes, expires_at)
    values (sha256('pk_radio'), 'pk_', 'radio', $1, '{*}', now() + interval '1 day') returning id
"""
REMOVED = "delete from portico.members m using portico.users u where u.id = m.user_id and u.email like 'ben%'"
DEMOTED = "update portico.members set role = 'deaf'"
JOINED = "insert into portico.members (org_id, user_id, role) values ($1, $2, 'member')"
MOVED = "update portico.sessions set active_org = $2 where user_id = $1"
DELETED = "update portico.organizations set deleted_at = now()"


@pytest.mark.parametrize(
    ("change", "why"), [(REMOVED, Forbidden), (DEMOTED, Forbidden), (DELETED, Forbidden)], ids=["left", "role", "gone"]
)
async def test_a_stream_ends_with_what_let_it_in(alpha: Station, change: str, why: type[Error]) -> None:
    """Membership, permission, organization: looked at again, without a new call."""
    async with alpha.listening(alpha.ben) as ben:
        await alpha.portico.rows(change)
        await streams_of(alpha.portico).check_now()

        with pytest.raises(why):
            await ben.hear(1)


async def test_a_session_that_is_revoked_ends_its_stream(portico_app: App, portico_databases: Databases) -> None:
    """Within the time of the setting, and with a reason; whoever comes back is refused for good. Others go on."""
    async with (
        on_air(portico_app, portico_databases, "asgi", portico_stream_check=0.1) as (station, port),
        stream(port, LIVE, *as_(station)) as line,
        station.listening(station.ben) as ben,
    ):
        await line.hear()
        await station.portico.rows(REVOKED)
        told, end = await line.hear(), await line.hear()
        await station.play("still on")
        assert [event.title for event in await ben.hear(1)] == ["still on"]

    assert told is not None
    assert (told.name, told.data["code"], end) == ("problem", "UNAUTHORIZED", None)


async def test_a_stream_stays_with_the_organization_that_it_was_opened_for(
    portico_app: App, portico_databases: Databases
) -> None:
    """Whoever named none is at home where the session was then, wherever it is switched to meanwhile."""
    async with on_air(portico_app, portico_databases, "asgi") as (station, port):
        beta = await station_of(station.portico, "Beta")
        who, _ = as_(station)
        await station.portico.rows(JOINED, beta.org.id, station.ann.id)
        await station.portico.rows(MOVED, station.ann.id, station.org.id)
        async with stream(port, LIVE, who) as line:
            await line.hear()
            await station.portico.rows(MOVED, station.ann.id, beta.org.id)
            await streams_of(station.portico).check_now()
            await beta.play("elsewhere")
            await station.play("still on")
            event = await line.hear()

    assert event is not None
    assert event.data == {"title": "still on"}


@pytest.mark.parametrize("by", ["sse", "websocket"])
async def test_a_key_that_is_revoked_ends_its_stream(portico_app: App, portico_databases: Databases, by: str) -> None:
    """As its owner revokes it over REST: with the reason why, and for whoever came with that key alone."""
    async with (
        on_air(portico_app, portico_databases, "asgi", portico_stream_check=0.1) as (station, port),
        station.listening(station.ann) as ann,
    ):
        ((key,),) = await station.portico.rows(KEY, station.ann.id)
        headers = "Authorization: Bearer pk_radio", f"X-Org-Id: {station.org.id}"
        path, owner = f"/api/auth/keys/{key}", station.portico.client(station.ann)
        if by == "sse":
            async with stream(port, LIVE, *headers) as line:
                await line.hear()
                revoked = await owner.send("DELETE", path)
                told, end = await line.hear(), await line.hear()
            assert told is not None
            assert (told.name, told.data["code"], end) == ("problem", "UNAUTHORIZED", None)
        else:
            async with talking(station, port, token="pk_radio") as socket:
                await heard(socket)
                revoked = await owner.send("DELETE", path)
                told_last = await heard(socket)
                assert (told_last["problem"]["code"], await closed(socket)) == ("UNAUTHORIZED", 4401)
        await station.play("still on")

        assert revoked.status == 200, revoked.text
        assert [event.title for event in await ann.hear(1)] == ["still on"]


async def test_one_question_serves_many_streams(alpha: Station) -> None:
    """Those who are let in alike are asked about once, whatever their number."""
    async with alpha.listening(alpha.ben), alpha.listening(alpha.ben, radio.counts), alpha.listening(alpha.ann):
        streams = streams_of(alpha.portico)
        asked = []
        gates = streams._gates

        class Counting:
            async def ask(self, entries: Sequence[Entry]) -> list[Facts]:
                asked.append(len(entries))
                return await gates.ask(entries)

        streams._gates = Counting()
        try:
            await streams.check_now()
        finally:
            streams._gates = gates

    assert asked == [2]


@pytest.mark.parametrize("bound", ["portico_streams_per_user", "portico_streams_per_org"])
async def test_streams_are_bounded(portico_app: App, portico_databases: Databases, bound: str) -> None:
    """For each user, and for each organization; who closes one may open another."""
    async with open_harness(portico_app, await portico_databases.of(portico_app), **{bound: 2}) as harness:
        await harness.empty()
        station = await station_of(harness, "Alpha")
        other = station.ann if bound.endswith("user") else station.ben
        async with station.listening(station.ann):
            async with station.listening(other):
                with pytest.raises(TooManyStreams):
                    await anext(station.caller(station.ann).stream(radio.counts))
            async with station.listening(other, radio.counts) as again:
                assert await again.hear(1) == [0]


async def test_who_does_not_take_its_events_is_cut(portico_app: App, portico_databases: Databases) -> None:
    """No more wait for it than the setting says; the others hear all."""
    async with open_harness(portico_app, await portico_databases.of(portico_app), portico_stream_queue=5) as harness:
        await harness.empty()
        station = await station_of(harness, "Alpha")
        slow = station.caller(station.ann).stream(radio.live)
        first = asyncio.ensure_future(anext(slow))
        await station.listened()
        async with station.listening(station.ben) as ben:
            for number in range(12):
                await station.play(str(number))
                assert [event.title for event in await ben.hear(1)] == [str(number)]
            assert (await first).title == "0"
            with pytest.raises(SlowClient):
                async for _ in slow:
                    pass


async def test_a_client_that_reads_nothing_is_cut(portico_app: App, portico_databases: Databases) -> None:
    """Over the wire: what it would have to read first is bounded, and its stream is gone."""
    settings = {"portico_stream_queue": 5, "portico_export_stall": 0.5}
    async with (
        on_air(portico_app, portico_databases, "asgi", **settings) as (station, port),
        stream(port, LIVE, *as_(station)) as line,
    ):
        await line.hear()
        line.writer.transport.pause_reading()  # type: ignore[attr-defined]  # a socket's can
        async with asyncio.timeout(PATIENCE):
            while len(streams_of(station.portico)):
                await station.play("la" * 40_000)
                await asyncio.sleep(0.01)


async def test_a_server_that_ends_ends_its_streams(alpha: Station) -> None:
    """At once, and opens none any more; whoever comes back finds another."""
    async with alpha.listening(alpha.ben) as ben:
        streams_of(alpha.portico).stop()

        with pytest.raises(Unavailable):
            await ben.hear(1)
        with pytest.raises(Unavailable):
            await anext(alpha.caller(alpha.ann).stream(radio.live))
    streams_of(alpha.portico).stopping = False
