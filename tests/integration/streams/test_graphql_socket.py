"""GraphQL over a WebSocket, by the protocol `graphql-transport-ws`, on both servers."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from portico import App
from portico.testing.databases import Databases
from portico.transports import rsgi_socket
from portico.transports.graphql import talking
from tests.integration.streams import radio
from tests.integration.streams.conftest import Station
from tests.integration.streams.lines import PATIENCE
from tests.integration.streams.test_graphql_sse import GRAPHQL, NUMBERS, SONGS
from tests.integration.streams.test_sse import on_air, streams_of, until_none
from tests.integration.streams.test_websocket import code
from tests.integration.wire.servers import Kind

pytestmark = pytest.mark.anyio
INIT = {"type": "connection_init"}
NO_ID = "The message has no id of 1 to 200 characters."
WHISPERS = "subscription { radioWhispers { word } }"


@pytest.fixture(params=["rsgi", "asgi"])
def kind(request: pytest.FixtureRequest) -> Kind:
    """Granian and uvicorn."""
    kind: Kind = request.param
    return kind


class Talker:
    """A client of the protocol."""

    def __init__(self, line: ClientConnection) -> None:
        """Nothing is said."""
        self.line = line

    async def say(self, *messages: object) -> None:
        """Send messages as JSON, and text or bytes as they are."""
        for message in messages:
            await self.line.send(message if isinstance(message, str | bytes) else json.dumps(message))

    async def ask(self, id: str, query: str, **more: object) -> None:
        """Ask for an operation."""
        await self.say({"id": id, "type": "subscribe", "payload": {"query": query, **more}})

    async def hear(self) -> dict[str, Any]:
        """The next message that is no ping; who is pinged answers."""
        async with asyncio.timeout(PATIENCE):
            while (message := json.loads(await self.line.recv()))["type"] == "ping":
                await self.say({"type": "pong"})
        found: dict[str, Any] = message
        return found

    async def closed(self) -> tuple[int, str]:
        """Code and reason of the end, whatever else is said."""
        with suppress(ConnectionClosed):
            while True:
                await asyncio.wait_for(self.line.recv(), PATIENCE)
        return self.line.close_code or 0, self.line.close_reason or ""


@asynccontextmanager
async def connected(
    port: int, *, headers: dict[str, str] | None = None, protocols: tuple[str, ...] = (talking.PROTOCOL,), **more: Any
) -> AsyncIterator[Talker]:
    """A socket on which nothing was said."""
    uri = f"ws://127.0.0.1:{port}{GRAPHQL}"
    quick = {"max_size": None, "close_timeout": 0.1}  # granian keeps the connection of who was refused
    given: Any = {"additional_headers": headers or {}, "subprotocols": protocols or None, **quick, **more}
    async with connect(uri, **given) as line:
        yield Talker(line)


@asynccontextmanager
async def talking_to(station: Station, port: int, **payload: object) -> AsyncIterator[Talker]:
    """A socket as a member, who is known by what the first message brings."""
    known = {"Authorization": f"Bearer {station.portico.token(station.ann)}", "X-Org-Id": str(station.org.id)}
    async with connected(port) as talker:
        await talker.say({**INIT, "payload": {**known, **payload}})
        assert await talker.hear() == {"type": "connection_ack"}
        yield talker


async def test_operations_run_side_by_side_on_one_socket(
    portico_app: App, portico_databases: Databases, kind: Kind
) -> None:
    """A subscription goes on while others are answered; who lets go of it hears no more, and its id is free."""
    play = 'mutation { radioPlay(input: {title: "one"}) { success } }'
    async with on_air(portico_app, portico_databases, kind) as (station, port), talking_to(station, port) as talker:
        await talker.ask("songs", SONGS, variables={"s": "o"})
        await station.listened(2)
        await talker.ask("q", "query Q($t: String!) { radioArtist(title: $t) { name } }", variables={"t": "it"})
        asked = [await talker.hear() for _ in range(2)]
        await talker.ask("m", play)
        written = [await talker.hear() for _ in range(3)]
        await talker.say({"id": "songs", "type": "complete"}, {"id": "songs", "type": "complete"})
        await until_none(station.portico)
        await talker.ask("songs", NUMBERS)
        again = [await talker.hear() for _ in range(3)]

    song = {"__typename": "Played", "title": "one"}
    assert asked[0] == {"id": "q", "type": "next", "payload": {"data": {"radioArtist": {"name": "it by Alpha"}}}}
    assert asked[1] == {"id": "q", "type": "complete"}
    assert sorted(written, key=str) == sorted(
        [
            {"id": "m", "type": "next", "payload": {"data": {"radioPlay": {"success": True}}}},
            {"id": "m", "type": "complete"},
            {"id": "songs", "type": "next", "payload": {"data": {"radioLive": song}}},
        ],
        key=str,
    )
    assert [(said["id"], said["type"]) for said in again] == [("songs", kind) for kind in ("next", "next", "complete")]


async def test_who_is_known_by_headers_or_by_the_first_message_may_listen(
    portico_app: App, portico_databases: Databases, kind: Kind
) -> None:
    """A token that is none, a member without the permission and nobody are told so, each by its operation's error."""
    async with on_air(portico_app, portico_databases, kind) as (station, port):
        deaf = await station.portico.member("deaf@alpha.test", org=station.org.id, role="deaf")
        ann, org = f"Bearer {station.portico.token(station.ann)}", str(station.org.id)
        found = []
        for payload, headers in (
            (None, {}),
            ({"authorization": "Bearer junk", "x-org-id": org}, {"Authorization": ann}),
            ({"headers": {"Authorization": f"Bearer {station.portico.token(deaf)}", "X-Org-Id": org}}, {}),
            ({"Authorization": None}, {"Authorization": ann, "X-Org-Id": org}),
        ):
            async with connected(port, headers=headers) as talker:
                await talker.say({**INIT, "payload": payload})
                await talker.hear()
                await talker.ask("1", 'query { radioArtist(title: "x") { name } }')
                query = await talker.hear()
                await talker.ask("2", "subscription { radioLive { __typename } }")
                if (errors := query["payload"].get("errors")) is None:
                    await station.listened(2)
                    found.append("heard")
                    continue
                found.append(errors[0]["extensions"]["code"])
                refused = [await talker.hear(), await talker.hear()][1]
                assert (refused["id"], refused["type"]) == ("2", "error")
                assert refused["payload"][0]["extensions"]["code"] == found[-1]
                assert refused["payload"][0]["path"] == ["radioLive"]

    assert found == ["UNAUTHENTICATED", "UNAUTHENTICATED", "FORBIDDEN", "heard"]


@pytest.mark.parametrize(
    ("said", "number", "reason"),
    [
        (["nonsense"], 4400, "The message is no JSON."),
        (['{"type": NaN}'], 4400, "The message is no JSON."),
        (['{"type": "ping", "payload": {"a": [1e400]}}'], 4400, "The payload has a number beyond all bounds, or NUL."),
        ([b"{}"], 4400, "Please send text."),
        ([["list"]], 4400, "The message has no type."),
        ([{"type": "shout"}], 4400, "The type of the message is unknown."),
        ([{**INIT, "payload": "x"}], 4400, "The payload is no object."),
        ([{**INIT, "payload": {"authorization": 1}}], 4400, "authorization is no text."),
        ([INIT, INIT], 4429, "Too many initialization requests"),
        ([{"id": "1", "type": "subscribe", "payload": {"query": NUMBERS}}], 4401, "Unauthorized"),
        (
            [INIT, {"type": "subscribe", "payload": {"query": NUMBERS}}],
            4400,
            NO_ID,
        ),
        ([INIT, {"id": "1", "type": "subscribe"}], 4400, "Please send a query."),
        ([INIT, {"id": "1", "type": "subscribe", "payload": {"query": 1}}], 4400, "query is not a string."),
    ],
    ids=[
        "text",
        "no number",
        "no echo",
        "bytes",
        "list",
        "unknown",
        "payload",
        "token",
        "twice",
        "early",
        "no id",
        "no query",
        "query",
    ],
)
async def test_what_the_protocol_does_not_know_closes_the_socket(
    portico_app: App, portico_databases: Databases, *, said: list[object], number: int, reason: str
) -> None:
    """With the code that it names, and a reason for who reads it."""
    async with on_air(portico_app, portico_databases, "asgi") as (_, port), connected(port) as talker:
        await talker.say(*said)

        assert await talker.closed() == (number, reason)


async def test_an_id_in_use_closes_the_socket(portico_app: App, portico_databases: Databases, kind: Kind) -> None:
    """With 4409; its streams end with it."""
    async with on_air(portico_app, portico_databases, kind) as (station, port), talking_to(station, port) as talker:
        await talker.ask("1", SONGS)
        await station.listened(2)
        await talker.ask("1", SONGS)
        ended = await talker.closed()
        await until_none(station.portico)

    assert ended == ((4409, "Subscriber for 1 already exists") if kind == "asgi" else (1005, ""))


async def test_who_says_nothing_is_not_waited_for(
    portico_app: App, portico_databases: Databases, *, kind: Kind, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first message must come in time; and whoever answers no ping is gone."""
    monkeypatch.setattr(talking, "PATIENCE", 0.1)
    async with on_air(portico_app, portico_databases, kind, portico_stream_keep_alive=0.1) as (station, port):
        async with connected(port) as talker:
            late = await talker.closed()
        async with talking_to(station, port) as talker:
            await talker.say({"type": "ping", "payload": {"n": 1}}, {"type": "ping"})
            pongs = [await talker.hear(), await talker.hear()]
            gone = await talker.closed()

    assert pongs == [{"type": "pong", "payload": {"n": 1}}, {"type": "pong"}]
    assert (late[0], gone[0]) == (code(kind, 4408), code(kind, 4408))


async def test_the_subprotocol_is_named(portico_app: App, portico_databases: Databases) -> None:
    """A browser insists on it; who asks for others alone is refused, and who asks for none speaks it all the same."""
    async with on_air(portico_app, portico_databases, "asgi") as (_, port):
        async with connected(port, protocols=("other", talking.PROTOCOL)) as talker:
            named = talker.line.subprotocol
        async with connected(port, protocols=("graphql-ws",)) as talker:
            refused = await talker.closed()
        async with connected(port, protocols=()) as talker:
            await talker.say(INIT)
            silent = await talker.hear()

    assert named == talking.PROTOCOL
    assert refused == (4406, "Please ask for graphql-transport-ws.")
    assert silent == {"type": "connection_ack"}


async def test_granian_cannot_name_it_and_says_so(
    portico_app: App, portico_databases: Databases, caplog: pytest.LogCaptureFixture
) -> None:
    """Clients that do not insist are served; one who asks for others alone is refused by a status."""
    rsgi_socket._warn.cache_clear()
    async with on_air(portico_app, portico_databases, "rsgi") as (station, port):
        async with talking_to(station, port) as talker:
            named = talker.line.subprotocol
        with pytest.raises(InvalidStatus) as answer:
            async with connected(port, protocols=("graphql-ws",)):
                pass

    assert (named, answer.value.response.status_code) == (None, 400)
    assert "browsers insist on" in caplog.text


async def test_no_other_site_opens_a_socket(portico_app: App, portico_databases: Databases, kind: Kind) -> None:
    """Its page would speak with our visitor's cookies."""
    async with on_air(portico_app, portico_databases, kind) as (_, port):
        with pytest.raises(InvalidStatus) as answer:
            async with connected(port, origin="https://evil.example"):
                pass
        async with connected(port, origin=f"http://127.0.0.1:{port}") as talker:
            await talker.say(INIT)
            own = await talker.hear()

    assert (answer.value.response.status_code, own) == (403, {"type": "connection_ack"})


async def test_what_is_refused_ends_its_operation_alone(
    portico_app: App, portico_databases: Databases, kind: Kind
) -> None:
    """Wrong documents, a function that fails, a session that ends: each told by an error, and the socket stays open."""
    async with (
        on_air(portico_app, portico_databases, kind, portico_stream_check=0.1, portico_graphql_depth=1) as (
            station,
            port,
        ),
        talking_to(station, port) as talker,
    ):
        found = []
        for id, query in (("wrong", "{ nothing }"), ("deep", WHISPERS), ("broken", "subscription { radioBroken }")):
            await talker.ask(id, query)
            while (said := await talker.hear())["type"] == "next":
                pass
            found.append((said["id"], said["type"], said["payload"][0]["extensions"]["code"]))
        await talker.ask("counts", "subscription { radioCounts }")
        assert (await talker.hear())["payload"] == {"data": {"radioCounts": 0}}
        await station.portico.rows("delete from portico.sessions")
        said = await talker.hear()
        found.append((said["id"], said["type"], said["payload"][0]["extensions"]["code"]))
        await talker.ask("open", NUMBERS)
        assert (await talker.hear())["id"] == "open"

    assert found == [
        ("wrong", "error", "GRAPHQL_VALIDATION_FAILED"),
        ("deep", "error", "GRAPHQL_TOO_LARGE"),
        ("broken", "error", "INTERNAL_ERROR"),
        ("counts", "error", "UNAUTHENTICATED"),
    ]


async def test_sockets_and_their_streams_are_bounded(portico_app: App, portico_databases: Databases) -> None:
    """Of one caller, as streams are: by the socket's code where it is the socket that is too many."""
    async with (
        on_air(portico_app, portico_databases, "asgi", portico_streams_per_user=1) as (station, port),
        talking_to(station, port) as talker,
    ):
        await talker.ask("1", SONGS)
        await station.listened(2)
        await talker.ask("2", SONGS)
        refused = await talker.hear()
        async with connected(port) as other:
            ended = await other.closed()

    assert (refused["id"], refused["payload"][0]["extensions"]["code"]) == ("2", "RATE_LIMIT_STREAMS")
    assert ended == (4429, "RATE_LIMIT_STREAMS")


async def test_a_socket_holds_so_many_operations(
    portico_app: App, portico_databases: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One more is told so, and may be asked for again later."""
    monkeypatch.setattr(talking, "AT_ONCE", 2)
    settings = {"portico_streams_per_user": 2}
    async with (
        on_air(portico_app, portico_databases, "asgi", **settings) as (station, port),
        talking_to(station, port) as talker,
    ):
        for id in ("1", "2", "3"):
            await talker.ask(id, "subscription { radioIdle { title } }")
        refused = await talker.hear()

    assert (refused["id"], refused["payload"][0]["extensions"]["code"]) == ("3", "RATE_LIMIT_STREAMS")


async def test_who_vanishes_is_forgotten(portico_app: App, portico_databases: Databases, kind: Kind) -> None:
    """With all that was open; the function's own end runs."""
    async with on_air(portico_app, portico_databases, kind) as (station, port):
        radio.OPEN.clear()
        radio.LEFT.clear()
        async with talking_to(station, port) as talker, asyncio.timeout(PATIENCE):
            await talker.ask("1", "subscription { radioIdle { title } }")
            await radio.OPEN.wait()
            talker.line.transport.abort()
            await radio.LEFT.wait()
        await until_none(station.portico)


async def test_a_server_that_ends_says_so(portico_app: App, portico_databases: Databases, kind: Kind) -> None:
    """By the code with which clients come back, on a socket with streams and on one without; streams say nothing."""
    async with (
        on_air(portico_app, portico_databases, kind) as (station, port),
        talking_to(station, port) as busy,
        connected(port) as idle,
    ):
        await busy.ask("1", SONGS)
        await station.listened(2)
        streams_of(station.portico).stop()
        said = []
        with suppress(ConnectionClosed):
            while True:
                said.append(await asyncio.wait_for(busy.line.recv(), PATIENCE))

        assert (said, busy.line.close_code) == ([], code(kind, 1013))
        assert (await idle.closed())[0] == code(kind, 1013)


async def test_who_says_goodbye_is_let_go(portico_app: App, portico_databases: Databases, kind: Kind) -> None:
    """The connection ends with the socket: the client need not give up waiting for that."""
    async with on_air(portico_app, portico_databases, kind) as (_, port), connected(port, close_timeout=60) as talker:
        await talker.say(INIT)
        await talker.hear()
        async with asyncio.timeout(PATIENCE):
            await talker.line.close()
            await talker.line.wait_closed()

        assert talker.line.close_code == 1000
