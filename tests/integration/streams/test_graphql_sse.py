"""Subscriptions by GraphQL over server-sent events, in the distinct connections mode, on both servers."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from pydantic_core import to_json

from portico import App
from portico.testing.databases import Databases
from tests.integration.streams import radio
from tests.integration.streams.conftest import PATIENCE, Station
from tests.integration.streams.lines import Line, stream
from tests.integration.streams.test_sse import LIVE, as_, on_air, streams_of, until_none
from tests.integration.wire.servers import Kind

pytestmark = pytest.mark.anyio
GRAPHQL = "/api/graphql"
SONGS = """subscription($s: String) {
  radioLive(starting: $s) { __typename ... on Played { title } ... on Wished { title } }
}"""
NUMBERS = "subscription { radioNumbers(upto: 2) }"
SKIPPED = "subscription($i: Boolean!) { radioNumbers @skip(if: $i) }"
END = ("complete", None)


@pytest.fixture(params=["rsgi", "asgi"])
def kind(request: pytest.FixtureRequest) -> Kind:
    """Granian and uvicorn."""
    kind: Kind = request.param
    return kind


@asynccontextmanager
async def asking(
    station: Station, port: int, query: str, *lines: str, anonymous: bool = False, **more: object
) -> AsyncIterator[Line]:
    """A document that was posted, as a member unless it is to be as nobody."""
    who = () if anonymous else as_(station)
    async with stream(port, GRAPHQL, *who, *lines, sent={"query": query, **more}) as line:
        yield line


async def all_of(line: Line) -> list[tuple[str, Any]]:
    """What is told until the end."""
    told = []
    while (heard := await line.hear()) is not None:
        told.append((heard.name, heard.data))
    return told


def code_of(result: dict[str, Any]) -> str:
    """The code of its first error."""
    return str(result["errors"][0]["extensions"]["code"])


async def test_what_happens_is_told_as_the_document_picks_it(
    portico_app: App, portico_databases: Databases, kind: Kind
) -> None:
    """Each value a `next` with its id; it says of which kind it is, where two hold the same members."""
    async with (
        on_air(portico_app, portico_databases, kind) as (station, port),
        asking(station, port, SONGS, variables={"s": "t"}) as line,
    ):
        await line.comment()
        await station.play("one", "two")
        (await station.caller(station.ann).call(radio.wish, title="three")).unwrap()
        heard = [await line.hear(), await line.hear()]

    assert (line.status, line.headers["content-type"]) == (200, "text/event-stream")
    assert (line.headers["cache-control"], line.headers["x-accel-buffering"], line.retry) == ("no-store", "no", 3000)
    assert [(told.name, told.data) for told in heard if told] == [
        ("next", {"data": {"radioLive": {"__typename": "Played", "title": "two"}}}),
        ("next", {"data": {"radioLive": {"__typename": "Wished", "title": "three"}}}),
    ]


async def test_a_graphql_listener_hears_what_one_over_rest_hears(
    portico_app: App, portico_databases: Databases
) -> None:
    """The same events, in the same order, under the same ids: both are told by one reader."""
    async with (
        on_air(portico_app, portico_databases, "asgi") as (station, port),
        stream(port, LIVE, *as_(station)) as rest,
        asking(station, port, SONGS) as graphql,
    ):
        await rest.hear()
        await graphql.comment()
        await asyncio.gather(*(station.play(f"{part} {n}") for part in "ab" for n in range(5)))
        heard = [(await rest.hear(), await graphql.hear()) for _ in range(10)]

    assert [(told.data["title"], told.id) for told, _ in heard if told] == [
        (told.data["data"]["radioLive"]["title"], told.id) for _, told in heard if told
    ]


async def test_who_comes_back_hears_what_was_missed_and_nothing_twice(
    portico_app: App, portico_databases: Databases, kind: Kind
) -> None:
    """As a browser's EventSource asks: by GET, from the id on that it has seen last, be it none of an event's."""
    path = f"{GRAPHQL}?query={quote(SONGS)}"
    async with on_air(portico_app, portico_databases, kind) as (station, port):
        async with stream(port, path, *as_(station)) as line:
            await line.comment()
        await until_none(station.portico)
        await station.play("one", "two")

        async with stream(port, path, *as_(station), f"Last-Event-ID: {line.last}") as again:
            first = await again.hear()
        await until_none(station.portico)
        async with stream(port, f"{path}&last_event_id={again.last}", *as_(station)) as other:
            second = await other.hear()

    assert [told and told.data["data"]["radioLive"]["title"] for told in (first, second)] == ["one", "two"]


async def test_who_has_missed_too_much_is_told(portico_app: App, portico_databases: Databases) -> None:
    """In the place of a value, so that the stream goes on."""
    async with (
        on_air(portico_app, portico_databases, "asgi") as (station, port),
        asking(station, port, SONGS, "Last-Event-ID: nonsense") as line,
    ):
        missed = await line.hear()
        await station.play("one")
        event = await line.hear()

    assert missed is not None
    assert (missed.name, missed.data["data"], code_of(missed.data)) == ("next", {"radioLive": None}, "EVENTS_MISSED")
    assert event is not None
    assert event.data["data"]["radioLive"]["title"] == "one"


async def test_what_stands_behind_a_relation_is_looked_up_for_each_value(
    portico_app: App, portico_databases: Databases
) -> None:
    """In the caller's organization, as the caller, again for the same; between two values no connection is held."""
    radio.LOOKED_UP.clear()
    document = "subscription { radioLive { ... on Played { artist { name } } } }"
    async with (
        on_air(portico_app, portico_databases, "asgi") as (station, port),
        asking(station, port, document) as line,
    ):
        await line.comment()
        for title in ("one", "two", "one"):
            await station.play(title)
            told = await line.hear()
            assert told is not None
            assert told.data["data"]["radioLive"] == {"artist": {"name": f"{title} by {station.org.id}"}}
            async with asyncio.timeout(PATIENCE):
                while station.portico.app.running.database.pulse.occupancy().lent:  # noqa: ASYNC110  # the reader's, now and then
                    await asyncio.sleep(0.001)
    assert radio.LOOKED_UP == ["one", "two", "one"]


async def test_a_stream_ends_with_what_let_it_in(portico_app: App, portico_databases: Databases) -> None:
    """It says why, and that this was all."""
    async with (
        on_air(portico_app, portico_databases, "asgi", portico_stream_check=0.1) as (station, port),
        asking(station, port, SONGS) as line,
    ):
        await line.comment()
        await station.portico.rows("delete from portico.sessions")
        told = await all_of(line)

    assert [name for name, _ in told] == ["next", "complete"]
    assert code_of(told[0][1]) == "UNAUTHENTICATED"


async def test_a_server_that_ends_has_its_clients_come_back(
    portico_app: App, portico_databases: Databases, kind: Kind
) -> None:
    """Nothing is complete: a browser comes back by itself, after a while that differs from client to client."""
    async with (
        on_air(portico_app, portico_databases, kind) as (station, port),
        asking(station, port, SONGS) as line,
    ):
        await line.comment()
        streams_of(station.portico).stop()
        told = await all_of(line)

    assert [(name, code_of(data)) for name, data in told] == [("next", "EXTERNAL_SERVICE_ERROR")]
    assert 1000 <= line.retry <= 2000


@pytest.mark.parametrize(
    ("query", "more", "code"),
    [
        ("subscription { radioNumbers radioBroken }", {}, "GRAPHQL_VALIDATION_FAILED"),
        ("subscription { nothing }", {}, "GRAPHQL_VALIDATION_FAILED"),
        ("subscription {", {}, "GRAPHQL_PARSE_FAILED"),
        ("subscription($n: Int) { radioNumbers(upto: $n) }", {"variables": {"n": "x"}}, "BAD_USER_INPUT"),
        ("subscription { radioWhispers { word } }", {}, "UNAUTHENTICATED"),
        (
            "subscription($i: Boolean!) { radioNumbers @skip(if: $i) }",
            {"variables": {"i": True}},
            "GRAPHQL_VALIDATION_FAILED",
        ),
        (f"subscription {{ {' '.join(f'a{n}: radioNumbers' for n in range(9))} }}", {}, "GRAPHQL_TOO_LARGE"),
        ("subscription A { radioNumbers } query B { __typename }", {}, "GRAPHQL_OPERATION_UNKNOWN"),
    ],
    ids=["two fields", "unknown", "syntax", "variables", "nobody", "none", "aliases", "which"],
)
async def test_refusals_are_told_in_the_stream(
    portico_app: App, portico_databases: Databases, *, query: str, more: dict[str, object], code: str
) -> None:
    """With 200: a browser tells nobody what stands in any other answer."""
    async with (
        on_air(portico_app, portico_databases, "asgi", portico_graphql_aliases=5) as (station, port),
        asking(station, port, query, anonymous=True, **more) as line,
    ):
        told = await all_of(line)

    assert (line.status, [name for name, _ in told], code_of(told[0][1])) == (200, ["next", "complete"], code)


async def test_a_limit_that_passes_does_not_complete(portico_app: App, portico_databases: Databases) -> None:
    """One stream too many is told when to come back."""
    async with (
        on_air(portico_app, portico_databases, "asgi", portico_streams_per_user=1) as (station, port),
        asking(station, port, SONGS) as first,
    ):
        await first.comment()
        async with asking(station, port, SONGS) as second:
            told = await all_of(second)

    assert [(name, code_of(data)) for name, data in told] == [("next", "RATE_LIMIT_STREAMS")]
    assert second.retry >= 30_000


async def test_a_function_that_is_done_completes_and_one_that_fails_says_little(
    portico_app: App, portico_databases: Databases, kind: Kind
) -> None:
    """Nothing of what went wrong leaves the log."""
    async with on_air(portico_app, portico_databases, kind) as (station, port):
        async with asking(station, port, NUMBERS, anonymous=True) as line:
            done = await all_of(line)
        async with asking(station, port, "subscription { n: radioBroken }", anonymous=True) as line:
            failed = await all_of(line)

    assert done == [("next", {"data": {"radioNumbers": n}}) for n in range(2)] + [END]
    assert failed[0] == ("next", {"data": {"n": 1}})
    assert (failed[1][1]["errors"][0]["path"], code_of(failed[1][1])) == (["n"], "INTERNAL_ERROR")
    assert "secret" not in str(failed)


async def test_queries_and_mutations_may_be_streams_too(portico_app: App, portico_databases: Databases) -> None:
    """One result, then the end; what writes needs POST."""
    mutation = 'mutation { radioPlay(input: {title: "one"}) { success } }'
    async with on_air(portico_app, portico_databases, "asgi") as (station, port):
        async with asking(station, port, mutation) as line:
            written = await all_of(line)
        async with stream(port, f"{GRAPHQL}?query={quote(mutation)}", *as_(station)) as line:
            refused = await all_of(line)

    assert written == [("next", {"data": {"radioPlay": {"success": True}}}), END]
    assert (refused[0][1]["errors"][0]["message"], refused[1]) == ("Please send what writes by POST.", END)


async def test_a_subscription_wants_a_stream(portico_app: App, portico_databases: Databases) -> None:
    """Who takes JSON alone is told what to accept; who takes a stream besides gets one, but no query does."""
    either = "Accept: application/json, text/event-stream;q=0.5"
    async with on_air(portico_app, portico_databases, "asgi") as (station, _port):
        client = station.portico.client(station.ann, org=station.org.id)
        refused = await client.post(GRAPHQL, {"query": NUMBERS})
        asked = await client.post(GRAPHQL, {"query": "{ __typename }"}, headers={"accept": either[8:]})
        told = await client.post(GRAPHQL, {"query": NUMBERS}, headers={"accept": either[8:]})

    assert (refused.status, code_of(refused.json)) == (406, "NOT_ACCEPTABLE")
    assert asked.json == {"data": {"__typename": "Query"}}
    assert told.text.endswith('data: {"data":{"radioNumbers":1}}\n\nevent: complete\ndata: \n\n')


async def test_only_documents_of_the_list_are_taken(
    portico_app: App, portico_databases: Databases, tmp_path: Path
) -> None:
    """A subscription by its hash; any other is unknown."""
    listed, digest = tmp_path / "documents.json", sha256(NUMBERS.encode()).hexdigest()
    listed.write_bytes(to_json({digest: NUMBERS}))
    settings = {"portico_graphql_documents": listed}
    async with on_air(portico_app, portico_databases, "asgi", **settings) as (station, port):
        async with stream(port, GRAPHQL, sent={"documentId": digest}) as line:
            known = await all_of(line)
        async with asking(station, port, SONGS) as line:
            unknown = await all_of(line)

    assert (known[0], known[-1]) == (("next", {"data": {"radioNumbers": 0}}), END)
    assert code_of(unknown[0][1]) == "PERSISTED_QUERY_NOT_FOUND"


async def test_a_silent_stream_says_that_it_is_alive(
    portico_app: App, portico_databases: Databases, kind: Kind
) -> None:
    """A comment, by which no client is woken; its id moves on past what is not for this stream."""
    async with (
        on_air(portico_app, portico_databases, kind, portico_stream_keep_alive=0.2) as (station, port),
        asking(station, port, SONGS, variables={"s": "x"}) as line,
    ):
        await line.comment()
        before, alive = line.last, ""
        await station.play("one")
        async with asyncio.timeout(PATIENCE):
            while line.last == before:
                alive = await line.comment()

    assert alive.startswith(": alive")
