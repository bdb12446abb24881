"""A host's own sign-in says who calls: over every transport, and with every rule."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from portico import (
    Allow,
    Anyone,
    App,
    Event,
    Module,
    OrgContext,
    Principal,
    Public,
    PublicContext,
    Request,
    Sudo,
    Unauthorized,
    User,
    UserContext,
)
from portico.testing import Client, Harness, open_harness
from portico.testing.databases import Databases
from tests.integration.wire.servers import Kind, served

pytestmark = pytest.mark.anyio
ELSEWHERE = {"origin": "https://elsewhere.example", "sec-fetch-site": "cross-site"}


async def who(request: Request) -> Principal | None:
    """Whom a header or a cookie of the host's names."""
    cookie = request.headers.get("cookie", "").removeprefix("hosts-own=")
    named = request.headers.get("x-host-user", cookie)
    if named == "expired":
        raise Unauthorized
    if named == "broken":
        raise ZeroDivisionError
    if named == "slow":
        await asyncio.Event().wait()
    if named == "text":
        return "Ann"  # type: ignore[return-value]  # what a host may get wrong
    if named == "number":
        return User("17")  # type: ignore[arg-type]  # as above
    return User(UUID(named)) if named else None


desk = Module("desk")


class Rung(Event, name="visitor.rang"):
    """Somebody has rung the bell."""

    by: str


@desk.mutation("POST /bells", Anyone("members ring"))
async def ring(ctx: OrgContext) -> None:
    """Ring the bell."""
    ctx.emit(Rung(by=ctx.user.email))


@desk.query("GET /whoever", Public("says only who it is"))
async def whoever(ctx: PublicContext) -> str:
    """Who calls, if anybody."""
    return ctx.principal.kind


@desk.query("GET /mine", Anyone("one's own"))
async def mine(ctx: UserContext) -> UUID:
    """Who calls."""
    return ctx.user.id


@desk.mutation("POST /notes", Allow("notes:write"))
async def write(ctx: OrgContext, text: str) -> str:
    """Write a note."""
    return f"{ctx.user.email}: {text}"


@desk.mutation("POST /vault", Anyone("one's own"), Sudo())
async def open_vault(_ctx: UserContext) -> None:
    """What needs a password that was shown a moment ago."""


@desk.subscription("GET /bells/live", Anyone("members hear"))
async def bells(ctx: OrgContext) -> AsyncIterator[Rung]:
    """Hear the bell."""
    async for rung in ctx.events(Rung):
        yield rung


app = App("desk", modules=[desk], roles={"member": ("notes:write",)}, who=who)


@pytest.fixture
async def portico(portico_databases: Databases) -> AsyncIterator[Harness]:
    """The desk with nothing in its database."""
    async with open_harness(app, await portico_databases.of(app)) as harness:
        await harness.empty()
        yield harness


async def test_whom_the_host_knows_calls_as_themselves(portico: Harness) -> None:
    """In the organization that they name, with the role that they have there."""
    hotel = await portico.organization("Hotel")
    ann = await portico.member("ann@example.com", org=hotel.id)
    eve = await portico.member("eve@example.com", org=hotel.id, role="guest")
    client = portico.client(org=hotel.id)

    written = await client.post("/api/v1/notes", {"text": "Hello"}, headers={"x-host-user": str(ann.id)})
    refused = await client.post("/api/v1/notes", {"text": "Hello"}, headers={"x-host-user": str(eve.id)})

    assert (written.status, written.json["data"]) == (200, "ann@example.com: Hello")
    assert refused.status == 403


async def test_graphql_asks_the_host_as_well(portico: Harness) -> None:
    """As does whatever else is served."""
    ann = await portico.member("ann@example.com")

    reply = await portico.client().post("/api/graphql", {"query": "{ deskMine }"}, headers={"x-host-user": str(ann.id)})

    assert reply.json["data"] == {"deskMine": str(ann.id)}


@pytest.mark.parametrize("kind", ["rsgi", "asgi"])
async def test_a_websocket_is_opened_for_whom_the_host_knows(portico: Harness, kind: Kind) -> None:
    """By either server; nobody else opens it."""
    hotel = await portico.organization("Hotel")
    ann = await portico.member("ann@example.com", org=hotel.id)
    known = {"x-host-user": str(ann.id), "x-org-id": str(hotel.id)}

    async with served(kind, app) as port, asyncio.timeout(10):
        uri = f"ws://127.0.0.1:{port}/api/v1/bells/live"
        async with connect(uri, additional_headers=known, close_timeout=1) as line:
            await line.recv()  # that it is open
            await portico.client(org=hotel.id).post("/api/v1/bells", headers={"x-host-user": str(ann.id)})
            heard = json.loads(await line.recv())
        with pytest.raises(InvalidStatus, match="401"):
            await connect(uri, additional_headers={**known, "x-host-user": "expired"}, close_timeout=1)

    assert heard["data"] == {"by": "ann@example.com"}


async def test_whom_the_host_does_not_know_may_have_a_session(portico: Harness) -> None:
    """Or be nobody; a user without a row in portico.users is nobody, too."""
    ann = await portico.member("ann@example.com")

    session = await portico.client(ann).get("/api/v1/mine")
    nobody = [await portico.client().get(path) for path in ("/api/v1/mine", "/api/v1/whoever")]
    unknown = await portico.client().get("/api/v1/mine", {"x-host-user": str(uuid4())})

    assert session.json["data"] == str(ann.id)
    assert [reply.status for reply in nobody] == [401, 200]
    assert unknown.status == 401


async def test_what_the_host_raises_is_what_the_caller_is_told(
    portico: Harness, caplog: pytest.LogCaptureFixture
) -> None:
    """An error of Portico's as itself; a fault is masked, and the log has it, with the mend where there is one."""
    with caplog.at_level(logging.ERROR, "portico"):
        replies = [
            await portico.client().get("/api/v1/whoever", {"x-host-user": said})
            for said in ("expired", "broken", "text", "number")
        ]

    assert [(reply.status, reply.json["code"]) for reply in replies] == [
        (401, "UNAUTHORIZED"),
        (500, "INTERNAL_ERROR"),
        (500, "INTERNAL_ERROR"),
        (500, "INTERNAL_ERROR"),
    ]
    assert "ZeroDivisionError" in caplog.text
    assert "App(who=…) gave a str: give User(id) of somebody in portico.users, or None." in caplog.text
    assert "App(who=…) gave a User whose id is a str and no UUID: give User(id) of somebody in" in caplog.text


async def test_a_host_that_does_not_answer_is_waited_for_no_longer_than_a_call(portico_databases: Databases) -> None:
    """Then the caller is told."""
    async with open_harness(app, await portico_databases.of(app), portico_call_timeout=0.1) as harness:
        reply = await harness.client().get("/api/v1/whoever", {"x-host-user": "slow"})

    assert (reply.status, reply.json["code"]) == (504, "SYS_TIMEOUT")


async def test_another_site_writes_nothing_with_the_host_s_cookie(portico: Harness) -> None:
    """A browser sends it along; a page of one's own, or a request that no browser sends, passes."""
    hotel = await portico.organization("Hotel")
    ann = await portico.member("ann@example.com", org=hotel.id)
    client = Client(app, org=hotel.id)
    client.cookies["hosts-own"] = str(ann.id)

    async def post(headers: dict[str, str]) -> int:
        return (await client.post("/api/v1/notes", {"text": "Hello"}, headers=headers)).status

    assert await post(ELSEWHERE) == 403
    assert await post({}) == 403
    assert await post({"origin": "https://testserver", "sec-fetch-site": "same-origin"}) == 200


async def test_the_host_does_not_say_when_a_password_was_shown(portico: Harness) -> None:
    """So that what needs that is refused."""
    ann = await portico.member("ann@example.com")

    reply = await portico.client().post("/api/v1/vault", headers={"x-host-user": str(ann.id)})

    assert (reply.status, reply.json["code"]) == (403, "AUTH_SUDO_REQUIRED")
    assert (await app.as_(ann).call(open_vault)).error is None
