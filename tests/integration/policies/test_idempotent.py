"""Idempotent: a repeated request is done once."""

from uuid import UUID, uuid4

import pytest

from portico.ports.database import Entry
from portico.testing import Harness, Reply
from tests.integration.office.papers import NewPaper, Paper, create
from tests.integration.office.people import Office, code
from tests.integration.office.samples import Watch, watched_anonymously

pytestmark = pytest.mark.anyio
PATH = "/api/v1/papers"


async def file(office: Office, key: str | None, title: str = "One", **headers: str) -> Reply:
    """File a paper as a member, under a key."""
    sent = {**({} if key is None else {"Idempotency-Key": key}), **headers}
    return await office.wire(office.member).post(PATH, {"title": title}, headers=sent)


async def test_a_repeated_request_gets_the_first_answer(portico: Harness, alpha: Office) -> None:
    """Status, headers and body, marked as a replay; one row, one audit row, one event."""
    first, again = await file(alpha, "k1"), await file(alpha, "k1")

    assert (first.status, again.status) == (201, 201)
    assert again.content == first.content
    assert again.headers["location"] == first.headers["location"]
    assert again.headers["invalidates"] == first.headers["invalidates"]
    assert "idempotent-replayed" not in first.headers
    assert again.headers["idempotent-replayed"] == "true"
    assert await alpha.titles() == ["One"]
    assert len(await alpha.audit()) == len(await portico.emitted()) == 1


async def test_a_key_may_be_quoted(alpha: Office) -> None:
    """As the draft has it: the same key."""
    await file(alpha, "k1")

    assert "idempotent-replayed" in (await file(alpha, '"k1"')).headers


async def test_input_spelled_otherwise_is_the_same_input(alpha: Office) -> None:
    """Order, spaces, defaults and strangers make no other request."""
    client, headers = alpha.wire(alpha.member), {"Idempotency-Key": "k1", "content-type": "application/json"}
    await client.post(PATH, {"title": "One"}, headers=headers)

    body = b'{ "pages" : "1", "stranger": true, "title": "One", "body": "" }'

    assert "idempotent-replayed" in (await client.send("POST", PATH, content=body, headers=headers)).headers


async def test_a_key_with_another_input_is_refused(alpha: Office) -> None:
    """And nothing is done."""
    await file(alpha, "k1")

    reply = await file(alpha, "k1", title="Two")

    assert code(reply) == (422, "IDEMPOTENCY_KEY_REUSED")
    assert reply.json["retryable"] is False
    assert await alpha.titles() == ["One"]


async def test_a_key_with_another_action_is_refused(alpha: Office) -> None:
    """Input that happens to be the same is no excuse."""
    await file(alpha, "k1")

    reply = await alpha.wire(alpha.member).post(f"/api/v1/ids/{uuid4()}", headers={"Idempotency-Key": "k1"})

    assert code(reply) == (422, "IDEMPOTENCY_KEY_REUSED")


async def test_the_same_input_of_another_action_is_another_request(alpha: Office) -> None:
    """Nobody is given the answer of an action that they have not called."""
    client, key = alpha.wire(alpha.owner), {"Idempotency-Key": "k1"}
    await client.post("/api/v1/said", {"word": "x"}, headers=key)

    reply = await client.post("/api/v1/said-otherwise", {"word": "x"}, headers=key)

    assert code(reply) == (422, "IDEMPOTENCY_KEY_REUSED")


@pytest.mark.parametrize("key", ["x" * 256, "a b", '"a', "\xff"])
async def test_what_is_no_key_is_refused(alpha: Office, key: str) -> None:
    """Before anything is done."""
    assert code(await file(alpha, key)) == (400, "IDEMPOTENCY_KEY_MALFORMED")
    assert await alpha.titles() == []


async def test_where_a_key_is_required_its_absence_is_refused(alpha: Office) -> None:
    """Where it is not, nothing is promised."""
    client, path = alpha.wire(alpha.member), f"/api/v1/ids/{uuid4()}"

    assert code(await client.post(path, {})) == (400, "IDEMPOTENCY_KEY_MISSING")
    assert [(await file(alpha, None)).status, (await file(alpha, None)).status] == [201, 409]


async def test_a_key_is_its_user_s(alpha: Office) -> None:
    """Another's answer is never replayed."""
    await file(alpha, "k1")

    reply = await alpha.wire(alpha.other).post(PATH, {"title": "Two"}, headers={"Idempotency-Key": "k1"})

    assert (reply.status, "idempotent-replayed" in reply.headers) == (201, False)


async def test_a_key_is_its_organization_s(portico: Harness, alpha: Office, beta: Office) -> None:
    """One person in two of them has two keys."""
    both = await portico.member("both@x.test", org=alpha.org.id)
    await portico.rows(
        "insert into portico.members (org_id, user_id, role) values ($1, $2, 'member')", beta.org.id, both.id
    )
    headers = {"Idempotency-Key": "k1"}

    replies = [
        await portico.client(both, org=org.id).post(PATH, {"title": "One"}, headers=headers)
        for org in (alpha.org, beta.org)
    ]

    assert [r.status for r in replies] == [201, 201]
    assert "idempotent-replayed" not in replies[1].headers


async def test_a_refused_call_leaves_the_key_free(alpha: Office) -> None:
    """Nothing was done: the mended request may use it."""
    await file(alpha, None, title="Taken")

    refusals = [await file(alpha, "k1", title="Taken"), await file(alpha, "k1", title=""), await file(alpha, "k1")]

    assert [r.status for r in refusals] == [409, 422, 201]


async def test_a_key_lives_a_day(portico: Harness, alpha: Office) -> None:
    """Then it is new: a client that counts from one is not refused for ever."""
    await file(alpha, "k1")
    await portico.rows("update portico.idempotency set expires_at = now() - interval '1 second'")

    again = await file(alpha, "k1", title="Two")

    assert again.status == 201
    assert await alpha.titles() == ["One", "Two"]
    kept = await portico.rows("select expires_at - now() > interval '23 hours' from portico.idempotency")
    assert [row[0] for row in kept] == [True]


async def test_a_key_is_never_looked_for_in_the_whole_table(portico: Harness) -> None:
    """Not even by a session whose plans were made while the table was empty and known to be: it keeps them."""
    await portico.rows("truncate portico.idempotency")
    await portico.rows("vacuum analyze portico.idempotency")
    transaction = await portico.app.running.database.begin(read_only=False)

    looked = [await transaction.gate(Entry(key=f"k{n}", scope="a guest")) for n in range(8)]
    scans = await transaction.db.one("select pg_stat_get_xact_numscans('portico.idempotency'::regclass)", int)
    await transaction.rollback()

    assert [facts.idem_running for facts in looked] == [None] * 8
    assert scans == 0


async def test_a_key_in_use_is_refused_with_the_time_to_wait(portico: Harness, alpha: Office) -> None:
    """While the first request runs, its twin is told at once."""
    first = await file(alpha, "k1")
    number = (await portico.rows("select hashtextextended(encode(digest, 'hex'), 0) from portico.idempotency"))[0][0]
    await portico.rows("select pg_advisory_lock($1)", number)
    try:
        reply = await file(alpha, "k1")
    finally:
        await portico.rows("select pg_advisory_unlock($1)", number)

    assert code(reply) == (409, "IDEMPOTENCY_IN_PROGRESS")
    assert reply.headers["retry-after"] == "1"
    assert (await file(alpha, "k1")).content == first.content


async def test_a_cookie_is_never_part_of_a_replay(alpha: Office) -> None:
    """The answer is stored, the session is not."""
    client, path = alpha.wire(alpha.member), f"/api/v1/ids/{UUID(int=5)}"
    headers = {"Idempotency-Key": "k1"}

    first = await client.post(path, {}, headers=headers)
    again = await client.post(path, {}, headers=headers)

    assert (first.json, again.json) == ({"data": 1}, {"data": 1})
    assert again.headers["x-counted"] == str(UUID(int=5))
    assert "set-cookie" in first.headers
    assert "set-cookie" not in again.headers


async def test_a_replay_counts_against_the_limit(alpha: Office) -> None:
    """And says what is left now, not what was left then."""
    first, again = await file(alpha, "k1"), await file(alpha, "k1")

    left = [int(r.headers["x-ratelimit-remaining"]) for r in (first, again)]

    assert left[1] == left[0] - 1


@pytest.mark.parametrize(
    "addresses",
    [("192.0.2.1", "192.0.2.9", "198.51.100.1"), ("2001:db8::1", "2001:db8::ffff:2", "2001:db8:0:1::1")],
)
async def test_a_key_of_nobody_is_its_network_s(portico: Harness, addresses: tuple[str, ...]) -> None:
    """Anonymous callers of two networks do not see each other's answers; whose address changes within one does."""
    path, body, headers = "/api/v1/watched-anonymously", {"word": "hi"}, {"Idempotency-Key": "k1"}

    replies = [await portico.client(ip=ip).post(path, body, headers=headers) for ip in addresses]

    assert [reply.status for reply in replies] == [200, 200, 200]
    assert ["idempotent-replayed" in reply.headers for reply in replies] == [False, True, False]


async def test_a_link_s_own_address_is_one_too(portico: Harness) -> None:
    """A caller on the same link writes its zone behind it, which the database would not read."""
    caller = portico.client(ip="fe80::1%eth0")

    reply = await caller.post("/api/v1/watched-anonymously", {"word": "hi"}, headers={"Idempotency-Key": "k1"})

    assert reply.status == 200


async def test_a_key_of_nobody_in_process_is_the_process_s(portico: Harness) -> None:
    """It has no address, and is done once all the same."""
    Watch.steps.clear()
    caller = portico.app.as_(None, key="k1")

    results = [await caller.call(watched_anonymously, word="hi") for _ in range(2)]

    assert results[0] == results[1]
    assert Watch.steps.count("anonymous.before") == 1


async def test_in_process_a_key_means_the_same(portico: Harness, alpha: Office) -> None:
    """One scope for both: what came over the wire is replayed in-process, as a value."""
    over_the_wire = await file(alpha, "k1")
    result = await portico.app.as_(alpha.member, org=alpha.org.id, key="k1").call(create, data=NewPaper(title="One"))

    assert isinstance(result.data, Paper)
    assert str(result.data.id) == over_the_wire.json["data"]["id"]
    assert await alpha.titles() == ["One"]
