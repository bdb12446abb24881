"""Pages of other origins."""

import pytest

from portico.testing import Reply, open_harness
from portico.testing.databases import Databases
from salon.app import app

pytestmark = pytest.mark.anyio
LISTED, STRANGE = "https://app.example", "https://evil.example"
ASKING = {"access-control-request-method": "POST", "access-control-request-headers": "content-type"}


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


@pytest.mark.parametrize("method", ["GET", "OPTIONS"])
async def test_any_other_origin_is_given_no_leave(portico_databases: Databases, method: str) -> None:
    """Its browser keeps the answer from it."""
    reply = await answered(portico_databases, method, STRANGE, **ASKING)

    assert "access-control-allow-origin" not in reply.headers


@pytest.mark.parametrize("headers", [{}, {"origin": STRANGE}])
async def test_an_answer_without_leave_is_no_answer_for_a_listed_origin(
    portico_databases: Databases, headers: dict[str, str]
) -> None:
    """A cache keeps it apart: the page would not be allowed to read it."""
    async with open_harness(app, await portico_databases.of(app), portico_origins=(LISTED,)) as salon:
        reply = await salon.client().get("/api/v1/customers", headers=headers)

    assert "Origin" in reply.headers["vary"].split(", ")


async def test_no_origin_is_listed_unless_somebody_lists_it(portico_databases: Databases) -> None:
    """Closed is the default."""
    async with open_harness(app, await portico_databases.of(app)) as salon:
        reply = await salon.client().get("/api/v1/customers", headers={"origin": LISTED})

    assert "access-control-allow-origin" not in reply.headers
