"""Experiments over the wire: who sees what, what is counted, what comes of it."""

import pytest

from portico.testing import Client, Harness
from tests.integration.office.people import Office, code

pytestmark = pytest.mark.anyio
CONVERSIONS = "select event, times, encode(subject, 'hex') from portico.conversions order by event"


async def operator(portico: Harness) -> Client:
    """Somebody who runs the installation."""
    user = await portico.member("operator@office.test")
    await portico.rows("update portico.users set operator = true where id = $1", user.id)
    return portico.client(user)


async def exposures(portico: Harness) -> list[tuple[str, str]]:
    """Who is on record to have seen what: experiment and variant of each."""
    await portico.touched()
    rows = await portico.rows("select experiment, variant from portico.exposures order by experiment")
    return [(row[0], row[1]) for row in rows]


async def test_everybody_sees_one_variant_and_counts_once(portico: Harness, alpha: Office) -> None:
    """However often they look, from a query too, whose transaction is read-only."""
    client = alpha.wire(alpha.member)
    seen = {(await client.get("/api/v1/checkout")).json["data"] for _ in range(3)}

    assert len(seen) == 1
    assert await exposures(portico) == [("checkout-flow-v2", seen.pop())]
    assert [tuple(row)[:2] for row in await portico.rows(CONVERSIONS)] == [("checkout_started", 3)]


async def test_what_is_rolled_back_did_not_happen(portico: Harness, alpha: Office) -> None:
    """The payment that failed is no conversion."""
    client = alpha.wire(alpha.member)
    assert (await client.post("/api/v1/checkout", {"broke": True})).status == 409
    assert await exposures(portico) == []

    await client.post("/api/v1/checkout", {})

    await portico.touched()
    assert [tuple(row)[:2] for row in await portico.rows(CONVERSIONS)] == [("checkout_completed", 1)]


async def test_an_organization_sees_one_variant(alpha: Office) -> None:
    """All its people the same."""
    people = (alpha.owner, alpha.member, alpha.other, alpha.editor, alpha.guest)

    assert len({(await alpha.wire(user).get("/api/v1/hours")).json["data"] for user in people}) == 1


async def test_a_visitor_is_known_by_a_cookie(portico: Harness) -> None:
    """Set at the first look; who brings it sees the same, and counts once."""
    client = portico.client()
    first = await client.get("/api/v1/front")
    cookie = first.headers["set-cookie"].partition(";")[0]
    again = await client.get("/api/v1/front", headers={"cookie": cookie})

    assert cookie.startswith("visitor=")
    assert {"HttpOnly", "Max-Age=31536000"} <= set(first.headers["set-cookie"].split("; "))
    assert "set-cookie" not in again.headers
    assert again.json["data"] == first.json["data"]
    assert await exposures(portico) == [("front-page", first.json["data"])]


async def test_nobody_is_known_by_what_is_kept(portico: Harness, alpha: Office) -> None:
    """A hash, another one in every experiment."""
    await alpha.wire(alpha.member).get("/api/v1/checkout")
    await portico.touched()
    rows = await portico.rows("select subject::text from portico.exposures")

    assert alpha.member.id.hex not in rows[0][0]


async def test_operators_read_what_came_of_it(portico: Harness, alpha: Office) -> None:
    """Exposures and conversions of each variant, also of those that nobody has seen."""
    for user in (alpha.owner, alpha.member, alpha.other, alpha.editor):
        await alpha.wire(user).get("/api/v1/checkout")
    await alpha.wire(alpha.owner).post("/api/v1/checkout", {})
    await portico.touched()

    report = (await (await operator(portico)).get("/api/v1/experiments/checkout-flow-v2")).json["data"]

    assert sum(variant["exposures"] for variant in report["variants"]) == 4
    scores = [score for variant in report["variants"] for score in variant["scores"]]
    assert sum(s["conversions"] for s in scores if s["event"] == "checkout_completed") == 1
    assert [variant["variant"] for variant in report["variants"]] == ["control", "variant_a", "variant_b"]


async def test_experiments_are_the_operators(portico: Harness, alpha: Office) -> None:
    """Listed to them, told to nobody else."""
    client = await operator(portico)
    listed = (await client.get("/api/v1/experiments")).json["data"]

    assert [e["name"] for e in listed] == ["checkout-flow-v2", "front-page", "office-hours"]
    assert code(await client.get("/api/v1/experiments/no-such")) == (404, "NOT_FOUND")
    assert code(await alpha.wire(alpha.owner).get("/api/v1/experiments")) == (403, "FORBIDDEN")
