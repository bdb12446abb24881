"""Pages of other origins."""

from typing import Annotated

import pytest

from portico import App, From, Module, Public, PublicContext
from portico.testing import Reply, open_harness
from portico.testing.databases import Databases
from salon.app import app

pytestmark = pytest.mark.anyio
LISTED, STRANGE = "https://app.example", "https://evil.example"
ASKING = {"access-control-request-method": "POST", "access-control-request-headers": "content-type"}

stars = Module("stars")


@stars.query("GET /stars", Public("everybody looks up"))
async def find_stars(_ctx: PublicContext, zone: Annotated[str, From("header", "X-Zone")] = "UTC") -> str:
    """Say for which time zone the sky is shown."""
    return zone


observatory = App("observatory", modules=[stars])


async def answered(databases: Databases, method: str, origin: str, **headers: str) -> Reply:
    """What a page of that origin gets from an application that lists one."""
    async with open_harness(app, await databases.of(app), portico_origins=(LISTED,)) as salon:
        return await salon.client().send(method, "/api/v1/customers", headers={"origin": origin, **headers})


async def test_a_listed_origin_may_read_answers(portico_databases: Databases) -> None:
    """Refusals too: the page must be able to tell why."""
    reply = await answered(portico_databases, "GET", LISTED)

    assert reply.status == 401
    assert reply.headers["access-control-allow-origin"] == LISTED
    assert reply.headers["access-control-allow-credentials"] == "true"
    assert "Origin" in reply.headers["vary"]


async def test_a_listed_origin_is_told_what_it_may_send(portico_databases: Databases) -> None:
    """Methods of the path, and the headers that actions read."""
    reply = await answered(portico_databases, "OPTIONS", LISTED, **ASKING)

    assert (reply.status, reply.headers["access-control-allow-origin"]) == (204, LISTED)
    assert "POST" in reply.headers["access-control-allow-methods"]
    assert {"idempotency-key", "x-org-id"} <= set(reply.headers["access-control-allow-headers"].split(", "))


async def test_a_page_may_send_what_an_action_reads(portico_databases: Databases) -> None:
    """A header of an application's own, at the path and by the method that it is declared for."""
    async with open_harness(observatory, await portico_databases.of(observatory), portico_origins=(LISTED,)) as running:
        asked = {
            method: await running.client().send(
                "OPTIONS", "/api/v1/stars", headers={"origin": LISTED, "access-control-request-method": method}
            )
            for method in ("GET", "PUT")
        }

    may = {method: reply.headers["access-control-allow-headers"].split(", ") for method, reply in asked.items()}
    assert ("x-zone" in may["GET"], "x-zone" in may["PUT"], "x-org-id" in may["PUT"]) == (True, False, True)


@pytest.mark.parametrize("method", ["GET", "OPTIONS"])
async def test_any_other_origin_is_given_no_leave(portico_databases: Databases, method: str) -> None:
    """Its browser keeps the answer from it."""
    reply = await answered(portico_databases, method, STRANGE, **ASKING)

    assert "access-control-allow-origin" not in reply.headers


@pytest.mark.parametrize("headers", [{"origin": STRANGE}, {}])
async def test_what_is_kept_for_one_origin_is_given_to_no_other(
    portico_databases: Databases, headers: dict[str, str]
) -> None:
    """A cache asks again: an answer to nobody's page has no leave that a listed one would need."""
    async with open_harness(app, await portico_databases.of(app), portico_origins=(LISTED,)) as salon:
        reply = await salon.client().get("/api/v1/customers", headers=headers)

    assert "Origin" in reply.headers["vary"]


async def test_no_origin_is_listed_unless_somebody_lists_it(portico_databases: Databases) -> None:
    """Closed is the default."""
    async with open_harness(app, await portico_databases.of(app)) as salon:
        reply = await salon.client().get("/api/v1/customers", headers={"origin": LISTED})

    assert "access-control-allow-origin" not in reply.headers
