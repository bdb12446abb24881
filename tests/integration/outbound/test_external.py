"""External: the handler calls another service with no transaction open."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

import pytest

from portico import Anyone, App, CircuitOpen, External, Misconfigured, Module, Ok, OrgContext, Policy, Retry
from portico.core.lifecycle import OUTSIDE
from portico.testing import Harness, Reply
from tests.integration.core.test_lifecycle import traced
from tests.integration.outbound.conftest import Desk
from tests.integration.outbound.till import Paid, Receipt, Where, app, pay

pytestmark = pytest.mark.anyio
HOLDING = (
    "update portico.idempotency set leased_until = clock_timestamp() - interval '1 second' where holder is not null"
)

LEASED = """
    select extract(epoch from leased_until - expires_at + interval '24 hours') from portico.idempotency
     where holder is not null
"""


def code(reply: Reply) -> tuple[int, str]:
    """Status and code of a refusal."""
    return reply.status, str(reply.json["code"])


async def events(portico: Harness) -> list[str]:
    """The references of the payments that were announced."""
    return [e.reference for e in await portico.emitted() if isinstance(e, Paid)]


async def test_an_effect_an_answer_and_a_record(desk: Desk) -> None:
    """One booking, one settled row, event and audit; the repeated request gets the first answer."""
    first = await desk.post("/payments", key="k1", reference="r1", amount=5)
    again = await desk.post("/payments", key="k1", reference="r1", amount=5)

    assert (first.status, again.status) == (201, 201)
    assert again.content == first.content
    assert again.headers["idempotent-replayed"] == "true"
    assert first.headers["location"] == again.headers["location"]
    assert first.headers["invalidates"] == "payments"
    assert (len(desk.bank.booked), sum(desk.bank.calls.values())) == (1, 1)
    assert await desk.payments() == [("r1", "completed")]
    assert await events(desk.portico) == ["r1"]
    audit = await desk.portico.rows("select action, target, user_id from portico.audit")
    assert [tuple(row) for row in audit] == [("payment.processed", "r1", desk.user.id)]
    assert await desk.keys() == [(201, False)]


async def test_no_transaction_is_open_meanwhile(desk: Desk) -> None:
    """And no connection is held: the pool may be as small as one."""
    assert (await desk.post("/bare")).json["data"]["open_transactions"] == 0


async def test_without_a_key_each_call_has_one_of_its_own(desk: Desk) -> None:
    """A service's retries are safe within a call, and calls are apart."""
    await desk.post("/bare")
    await desk.post("/bare")

    assert sorted(desk.bank.calls.values()) == [1, 1]
    assert all(len(key) == 36 for key in desk.bank.calls)


async def test_the_key_is_claimed_before_the_call(desk: Desk) -> None:
    """A second request is told to wait while the first one runs."""
    desk.bank.open.clear()
    first = asyncio.create_task(desk.post("/payments", key="k1", reference="r1", amount=5))
    await asyncio.wait_for(desk.bank.called.wait(), 10)

    held = await desk.keys()
    second = await desk.post("/payments", key="k1", reference="r1", amount=5)
    other = await desk.post("/payments", key="k1", reference="r2", amount=5)
    desk.bank.open.set()

    assert held == [(0, True)]
    assert code(second) == (409, "IDEMPOTENCY_IN_PROGRESS")
    assert second.headers["retry-after"] == "1"
    assert code(other) == (422, "IDEMPOTENCY_KEY_REUSED")
    assert (await first).status == 201
    assert len(desk.bank.booked) == 1


async def test_racing_requests_book_once(desk: Desk) -> None:
    """However many come at the same moment."""
    replies = await asyncio.gather(*(desk.post("/payments", key="k1", reference="r1", amount=5) for _ in range(8)))

    assert {reply.status for reply in replies} <= {201, 409}
    assert (await desk.post("/payments", key="k1", reference="r1", amount=5)).status == 201
    assert sum(desk.bank.calls.values()) == 1


async def test_after_a_crash_the_same_key_runs_again_with_the_same_external_key(desk: Desk) -> None:
    """Once the lease has run out: the bank books once."""
    desk.bank.open.clear()
    lost = asyncio.create_task(desk.post("/payments", key="k1", reference="r1", amount=5))
    await asyncio.wait_for(desk.bank.called.wait(), 10)

    desk.bank.called.clear()
    await desk.portico.rows(HOLDING)
    again = asyncio.create_task(desk.post("/payments", key="k1", reference="r1", amount=5))
    await asyncio.wait_for(desk.bank.called.wait(), 10)
    desk.bank.open.set()
    first, second = await lost, await again

    assert second.status == 201
    assert list(desk.bank.calls.values()) == [2]
    assert len(desk.bank.booked) == 1
    assert code(first) == (409, "IDEMPOTENCY_IN_PROGRESS")
    assert await desk.keys() == [(201, False)]
    assert len(await desk.portico.rows("select 1 from portico.audit where outcome = 'done'")) == 1


async def test_claims_that_a_crash_has_left_can_be_found(desk: Desk) -> None:
    """By the worker, oldest first: whose they are, and of which action."""
    desk.bank.open.clear()
    running = asyncio.create_task(desk.post("/payments", key="k1", reference="r1", amount=5))
    await asyncio.wait_for(desk.bank.called.wait(), 10)
    found = "select action, org_id, user_id from portico.expired_claims_v1(10)"

    before = await desk.portico.rows(found)
    await desk.portico.rows(HOLDING)
    after = await desk.portico.rows(found)
    desk.bank.open.set()
    await running

    assert before == []
    assert [tuple(row) for row in after] == [("till.pay", desk.org.id, desk.user.id)]


async def test_a_service_that_fails_frees_the_key(desk: Desk) -> None:
    """503 with the time to wait; the same request runs again, and the bank knows it by its key."""
    desk.bank.answers = [500]
    failed = await desk.post("/payments", key="k1", reference="r1", amount=5)
    freed = await desk.keys()

    again = await desk.post("/payments", key="k1", reference="r1", amount=5)

    assert code(failed) == (503, "EXTERNAL_SERVICE_ERROR")
    assert (failed.json["retryable"], failed.json["retry_after"], failed.headers["retry-after"]) == (True, 60, "60")
    assert freed == []
    assert again.status == 201
    assert list(desk.bank.calls.values()) == [2]


async def test_a_service_that_is_gone_is_out_of_reach(desk: Desk) -> None:
    """A refused connection is the same to the caller."""
    Where.bank = "http://127.0.0.1:9"

    assert code(await desk.post("/bare")) == (503, "EXTERNAL_SERVICE_ERROR")


async def test_a_call_is_bounded_in_time(desk: Desk) -> None:
    """A bank that does not answer holds nobody; what was noted before stays, the key is free."""
    desk.bank.open.clear()

    reply = await asyncio.wait_for(desk.post("/slow-payments", key="k1", reference="r1", amount=5), 10)

    assert code(reply) == (503, "EXTERNAL_SERVICE_ERROR")
    assert await desk.payments() == [("r1", "processing")]
    assert await desk.keys() == []


async def test_a_client_that_leaves_stops_nothing(desk: Desk) -> None:
    """The call is settled to its end, and its answer waits for the same key."""
    desk.bank.open.clear()
    caller = desk.portico.app.as_(desk.user, org=desk.org.id, key="k1")
    leaving = asyncio.create_task(caller.call(pay, reference="r1", amount=5))
    await asyncio.wait_for(desk.bank.called.wait(), 10)

    leaving.cancel()
    await asyncio.sleep(0)
    desk.bank.open.set()
    with pytest.raises(asyncio.CancelledError):
        await leaving
    again = await caller.call(pay, reference="r1", amount=5)

    assert again == Ok(Receipt(id="ch_1"))
    assert sum(desk.bank.calls.values()) == 1
    assert await desk.keys() == [(201, False)]


async def test_a_breaker_stands_around(desk: Desk) -> None:
    """After five failures nobody calls; who comes is told for how long."""
    desk.bank.answers = [500] * 9
    for _ in range(5):
        await desk.post("/bare")
    booked = sum(desk.bank.calls.values())

    refused = await desk.post("/bare")

    assert code(refused) == (503, "EXTERNAL_SERVICE_ERROR")
    assert refused.json["retry_after"] == 30
    assert sum(desk.bank.calls.values()) == booked == 5
    conditions = await desk.portico.app.running.pipeline.services.outbound.conditions()
    assert {service: c.state for service, c in conditions.items()} == {"bank": "open"}


async def test_what_the_handler_refuses_is_no_failure_of_the_service(desk: Desk) -> None:
    """Nor is what the database refuses."""
    for number in range(6):
        await desk.post("/declined", key=f"k{number}", reference=f"r{number}")
        await desk.post("/broken", how="twice")

    assert (await desk.post("/bare")).status == 200


async def test_retries_run_the_handler_again(desk: Desk) -> None:
    """With one external key; what a failed try has noted is forgotten."""
    desk.bank.answers = [500, 429]

    reply = await desk.post("/retried", key="k1", amount=5)

    assert reply.status == 200
    assert list(desk.bank.calls.values()) == [3]
    assert await events(desk.portico) == ["retried"]
    assert reply.headers["x-tried"] == "yes"


async def test_a_try_that_hangs_is_followed_by_another(desk: Desk) -> None:
    """Each has a time of its own; the breaker hears of one failure alone."""
    desk.bank.answers = [0]

    reply = await asyncio.wait_for(desk.post("/retried-slow", key="k1", amount=5), 10)

    conditions = await desk.portico.app.running.pipeline.services.outbound.conditions()
    assert reply.status == 200
    assert list(desk.bank.calls.values()) == [2]
    assert (conditions["bank"].state, conditions["bank"].failures) == ("closed", 1)


async def test_a_lease_lasts_longer_than_all_tries_and_the_pauses_between_them(desk: Desk) -> None:
    """So that nobody takes a key over from a call that is still at it."""
    leases = {}
    for path in ("/payments", "/slow-payments", "/retried", "/retried-slow"):
        desk.bank.called.clear()
        desk.bank.open.clear()
        calling = asyncio.create_task(desk.post(path, key=path, reference=path, amount=5))
        await asyncio.wait_for(desk.bank.called.wait(), 10)
        leases[path] = await desk.portico.rows(LEASED)
        desk.bank.open.set()
        await calling

    tried = {path: round(float(rows[0][0]), 1) for path, rows in leases.items()}
    assert tried == {"/payments": 60, "/slow-payments": 30.2, "/retried": 180, "/retried-slow": 93}


async def test_what_has_written_is_not_run_again(desk: Desk) -> None:
    """It would write twice."""
    desk.bank.answers = [500]

    assert (await desk.post("/retried-writing", reference="r1")).status == 503
    assert sum(desk.bank.calls.values()) == 1


async def test_a_fallback_answers_where_the_service_is_out_of_reach(desk: Desk) -> None:
    """Settled like the handler's own answer: audited, stored, replayed."""
    desk.bank.answers = [500]

    first = await desk.post("/queued", key="k1", amount=5)
    again = await desk.post("/queued", key="k1", amount=5)

    assert first.json["data"] == {"id": "none", "open_transactions": 0, "queued": True}
    assert again.content == first.content
    assert await desk.payments() == [("later 5", "processing")]
    assert len(await desk.portico.rows("select 1 from portico.audit where action = 'payment.queued'")) == 1


async def test_a_query_may_call_too(desk: Desk) -> None:
    """It reads its organization's rows, cannot write, and may fall back to a value."""
    await desk.post("/payments", key="k1", reference="r1", amount=5)

    known = await desk.client.get("/api/v1/rate")
    writing = await desk.client.get("/api/v1/rate?write=true")
    desk.bank.answers = [500]
    unknown = await desk.client.get("/api/v1/rate")

    assert (known.json, unknown.json) == ({"data": 1}, {"data": -1})
    assert writing.status == 500
    assert await desk.payments() == [("r1", "completed")]


async def test_a_refusal_that_wrote_is_the_request_s_answer(desk: Desk) -> None:
    """It is stored, and told again with its data."""
    first = await desk.post("/declined", key="k1", reference="r1")
    again = await desk.post("/declined", key="k1", reference="r1")

    assert code(first) == code(again) == (402, "TEST_CARD_DECLINED")
    assert again.headers["idempotent-replayed"] == "true"
    told = [{**reply.json, "request_id": ""} for reply in (first, again)]
    assert told[0] == told[1]
    assert told[0]["data"] == {"reason": "no money", "payment": "00000000-0000-0000-0000-000000000007"}
    assert await desk.keys() == [(402, False)]


async def test_a_refusal_of_the_caller_frees_the_key_though_it_wrote(desk: Desk) -> None:
    """401, 403, 422 and 429 are about a moment: they are never stored, and nothing is replayed."""
    first = await desk.post("/forbidden", key="k1", reference="r1")

    assert code(first) == (403, "FORBIDDEN")
    assert await desk.payments() == [("r1", "processing")]
    assert await desk.keys() == []


async def test_a_fallback_does_not_answer_for_what_has_written(desk: Desk) -> None:
    """It would be done twice: once begun here, once queued there."""
    desk.bank.answers = [500]

    assert code(await desk.post("/queued-writing", reference="r1")) == (503, "EXTERNAL_SERVICE_ERROR")
    assert await desk.payments() == [("r1", "processing")]


async def test_one_probe_at_a_time_is_out_for_as_long_as_it_may_take(desk: Desk) -> None:
    """Who comes meanwhile is told to wait; one that is lost with its process holds nobody for ever."""
    desk.bank.answers = [500] * 5
    for _ in range(5):
        await desk.post("/bare")
    desk.portico.clock.advance(timedelta(seconds=30))
    desk.bank.called.clear()
    desk.bank.open.clear()
    probing = asyncio.create_task(desk.post("/bare"))
    await asyncio.wait_for(desk.bank.called.wait(), 10)

    desk.portico.clock.advance(timedelta(seconds=59))
    meanwhile = await asyncio.wait_for(desk.post("/bare"), 10)
    desk.bank.open.set()

    assert code(meanwhile) == (503, "EXTERNAL_SERVICE_ERROR")
    assert (await probing).status == 200
    assert desk.bank.calls.total() == 6


async def test_a_refusal_that_wrote_nothing_frees_the_key(desk: Desk) -> None:
    """The mended request may use it."""
    refused = await desk.post("/declined", key="k1", reference="r1", note=False, taken=True)

    assert code(refused) == (409, "TEST_REFERENCE_TAKEN")
    assert await desk.keys() == []
    assert (await desk.post("/payments", key="k1", reference="r1", amount=1)).status == 201


@pytest.mark.parametrize(("how", "status"), [("bug", 500), ("half", 409), ("orm", 500), ("twice", 409)])
async def test_a_handler_that_fails_leaves_nothing_half_done(desk: Desk, how: str, status: int) -> None:
    """What was begun together is undone together, with its events; the key is free."""
    reply = await desk.post("/broken", key="k1", how=how)

    assert reply.status == status
    assert await desk.payments() == []
    assert await events(desk.portico) == []
    assert await desk.keys() == []


async def test_a_violated_constraint_has_the_action_s_meaning(desk: Desk) -> None:
    """As in any action."""
    assert code(await desk.post("/broken", how="twice")) == (409, "TEST_REFERENCE_TAKEN")


async def test_statements_see_their_organization_alone(desk: Desk) -> None:
    """Outside of the call's transaction, too; and nobody sees nothing."""
    other = await desk.portico.organization("Other")
    teller = await desk.portico.member("teller@other.test", org=other.id)
    await desk.post("/payments", key="k1", reference="r1", amount=5)

    theirs = await desk.portico.client(teller, org=other.id).get("/api/v1/rate")
    nobody = await desk.portico.client().post("/api/v1/anonymous", {"amount": 1}, headers={"idempotency-key": "k"})

    assert theirs.json == {"data": 0}
    assert nobody.json["data"]["open_transactions"] == 0


async def test_the_external_key_is_one_of_who_where_what(desk: Desk) -> None:
    """The same key of another user, for another action or other input is another's."""
    second = await desk.portico.member("second@till.test", org=desk.org.id)
    headers = {"idempotency-key": "k1"}

    await desk.post("/payments", key="k1", reference="r1", amount=5)
    await desk.portico.client(second, org=desk.org.id).post(
        "/api/v1/payments", {"reference": "r2", "amount": 5}, headers=headers
    )
    await desk.portico.client().post("/api/v1/anonymous", {"amount": 5}, headers=headers)

    assert len(desk.bank.calls) == 3


async def test_an_ordinary_action_inside_has_a_transaction_of_its_own(desk: Desk) -> None:
    """With its statements, its event and its audit row."""
    reply = await desk.post("/calls-inner", reference="r1")

    assert reply.json == {"data": 1}
    assert await events(desk.portico) == ["r1"]
    assert [row[0] for row in await desk.portico.rows("select action from portico.audit")] == ["inner.done"]


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/calls-pay", "which works outside of the transaction that is open here; call it from outside"),
        ("/keyless", 'write External("name") among its policies'),
    ],
)
async def test_a_mistake_is_named(desk: Desk, caplog: pytest.LogCaptureFixture, *, path: str, said: str) -> None:
    """In the log, with what to write; nothing is called."""
    reply = await desk.post(path)

    assert reply.status == 500
    assert desk.bank.calls == {}
    assert said in caplog.text


async def test_a_process_s_breaker_refuses_in_process_callers_with_its_own_error(desk: Desk) -> None:
    """CircuitOpen is an EXTERNAL_SERVICE_ERROR that says why."""
    desk.bank.answers = [500] * 9
    for number in range(5):
        await desk.post("/payments", key=f"k{number}", reference=f"r{number}", amount=1)

    result = await desk.portico.app.as_(desk.user, org=desk.org.id, key="k9").call(pay, reference="r9", amount=1)

    assert isinstance(result.error, CircuitOpen)


async def test_its_life_is_the_list_that_the_docs_draw(desk: Desk) -> None:
    """Every step of it, in its order."""
    steps = [step.function for step in OUTSIDE]

    with traced(steps) as entered:
        await desk.post("/queued", key="k1", amount=5)

    assert entered == [step for step in steps if step != "write_access"]


def test_a_crash_without_a_key_leaves_it_open() -> None:
    """The plan says so, for whoever prints it; a query has nothing to leave open."""
    assert [name for name in ("till.pay", "till.bare", "till.rate", "till.inner") if app.plans[name].unsure] == [
        "till.bare"
    ]


@pytest.mark.parametrize(
    ("policies", "said"),
    [
        (lambda: External(" "), r"name the service, such as External\("),
        (lambda: External("bank", timeout=0), "write the seconds that the call may take"),
        (lambda: compiled(Retry()), r'write External\("name"\) beside it'),
    ],
)
def test_what_makes_no_sense_is_refused_at_the_start(policies: Callable[[], object], said: str) -> None:
    """With what to write."""
    with pytest.raises(Misconfigured, match=said):
        policies()


def compiled(policy: Policy) -> None:
    """Start an application with one action that has the policy."""
    module = Module("sample")

    @module.mutation("POST /sample", Anyone("a test"), policy)
    async def sample(_ctx: OrgContext) -> None:
        """Do nothing."""

    App("sample", modules=[module])
