"""How often a call speaks with the database, counted on the wire: nothing else is as easily lost unnoticed."""

import pytest

from tests.promises.proxy import Proxy
from tests.promises.shop import Shop, refusal

pytestmark = pytest.mark.anyio
MUTATION, QUERY = 3, 3
"""BEGIN, gate, close with COMMIT; BEGIN, gate, COMMIT. The handler's own statements come on top."""


@pytest.fixture
async def warm(wired: Shop) -> Shop:
    """A shop whose connection has its statements prepared already."""
    for i in range(2):
        assert (await wired.write(f"warm {i}", key=f"warm-{i}")).status == 201
        assert (await wired.client.get("/api/v1/notes")).status == 200
    return wired


async def test_a_mutation_takes_three_round_trips_and_its_own(warm: Shop, proxy: Proxy) -> None:
    """Session, membership, permission, key, row, audit, event and stored answer: 3, and the handler's one."""
    proxy.sent.clear()

    reply = await warm.write("counted", key="counted")

    assert reply.status == 201
    assert len(proxy.sent) == MUTATION + 1, proxy.sent
    assert proxy.sent[0] == "begin"
    assert proxy.sent[-1].startswith("call portico.close_v5(")
    assert proxy.sent[-1].endswith("; commit")


async def test_a_query_takes_three_round_trips_and_its_own(warm: Shop, proxy: Proxy) -> None:
    """BEGIN READ ONLY, gate, COMMIT, and the handler's one."""
    proxy.sent.clear()

    reply = await warm.client.get("/api/v1/notes")

    assert reply.status == 200
    assert len(proxy.sent) == QUERY + 1, proxy.sent
    assert proxy.sent[0] == "begin read only"


async def test_a_kept_answer_takes_one_round_trip(warm: Shop, proxy: Proxy) -> None:
    """The gate alone; one that must be read takes one more than others, for the gate is asked again inside."""
    trips = []
    for _ in range(2):
        proxy.sent.clear()
        assert (await warm.client.get("/api/v1/notes/kept")).status == 200
        trips.append(len(proxy.sent))

    assert trips == [QUERY + 2, 1], proxy.sent


async def test_a_replay_takes_three_round_trips(warm: Shop, proxy: Proxy) -> None:
    """What is known of the key comes with the gate."""
    proxy.sent.clear()

    reply = await warm.write("warm 0", key="warm-0")

    assert reply.headers["idempotent-replayed"] == "true"
    assert len(proxy.sent) == 3, proxy.sent


async def test_a_refusal_takes_three_round_trips(warm: Shop, proxy: Proxy) -> None:
    """A bad token, and a body that is wrong, are found out by the gate and before the handler."""
    stranger = {"authorization": "Bearer nobody"}
    proxy.sent.clear()

    unknown = await warm.portico.client().post("/api/v1/notes", {"body": "x"}, headers=stranger)
    invalid = await warm.client.post("/api/v1/notes", {"body": 7})

    assert [unknown.status, invalid.status] == [401, 422]
    assert len(proxy.sent) == 6, proxy.sent


async def test_no_connection_is_touched_where_none_is_needed(warm: Shop, proxy: Proxy) -> None:
    """With the database gone, whatever asks nothing of it is answered: public actions, refusals, bad bodies."""
    await proxy.down()
    nobody = warm.portico.client()

    answers = {
        "a public query": await nobody.get("/api/v1/ping"),
        "a public mutation": await nobody.post("/api/v1/echo", {"count": 3}),
        "a bad body": await nobody.post("/api/v1/echo", {"count": "many"}),
        "no JSON": await nobody.send(
            "POST", "/api/v1/echo", content=b"{", headers={"content-type": "application/json"}
        ),
        "a missing credential": await nobody.post("/api/v1/notes", {"body": "x"}),
        "no such path": await nobody.get("/api/v1/nowhere"),
        "no such method": await nobody.send("DELETE", "/api/v1/notes"),
    }

    assert {what: reply.status for what, reply in answers.items()} == {
        "a public query": 200,
        "a public mutation": 200,
        "a bad body": 422,
        "no JSON": 422,
        "a missing credential": 401,
        "no such path": 404,
        "no such method": 405,
    }


async def test_whoever_was_just_limited_touches_no_connection(workshop_limits: Shop, proxy: Proxy) -> None:
    """The second 429 in a row is told from memory, with the same limit and time."""
    first = [await workshop_limits.client.post("/api/v1/knock") for _ in range(3)][-1]
    await proxy.down()

    again = await workshop_limits.client.post("/api/v1/knock")

    assert refusal(first) == refusal(again) == (429, "RATE_LIMIT_EXCEEDED")
    for header in ("ratelimit", "ratelimit-policy", "retry-after", "x-ratelimit-limit"):
        assert again.headers[header] == first.headers[header]


async def test_a_quota_takes_no_further_trip(warm: Shop, proxy: Proxy) -> None:
    """What is used comes with the gate, what is taken goes with COMMIT, as its last statement."""
    path = "/api/v1/notes/counted"
    for body in ("first", "second"):
        assert (await warm.client.post(path, {"body": body})).status == 200
    proxy.sent.clear()

    reply = await warm.client.post(path, {"body": "third"})

    assert reply.status == 200
    assert len(proxy.sent) == MUTATION + 1, proxy.sent
    assert "call portico.take_usage_v2(" in proxy.sent[-1]
    assert proxy.sent[-1].endswith("; commit")


async def test_a_full_quota_is_refused_before_the_handler(warm: Shop, proxy: Proxy) -> None:
    """BEGIN, gate, ROLLBACK: nothing is written to be undone."""
    path = "/api/v1/notes/counted"
    assert (await warm.client.post(path, {"body": "first"})).status == 200
    await warm.portico.rows("update portico.usage set used = 1000")
    proxy.sent.clear()

    reply = await warm.client.post(path, {"body": "second"})

    assert refusal(reply) == (403, "BIZ_QUOTA_EXCEEDED")
    assert len(proxy.sent) == 3, proxy.sent


async def test_a_flag_and_an_experiment_take_no_trip(warm: Shop, proxy: Proxy) -> None:
    """A query with neither a statement nor anything to write: BEGIN, gate, COMMIT."""
    await warm.client.get("/api/v1/notes/tried")
    proxy.sent.clear()

    reply = await warm.client.get("/api/v1/notes/tried")

    assert reply.json["data"] in {"control", "variant_a"}
    asked = [sent for sent in proxy.sent if "flags_v1" not in sent]
    assert len(asked) == QUERY, proxy.sent
