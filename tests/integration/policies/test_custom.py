"""A policy of one's own, with every hook there is."""

from collections.abc import Iterator

import pytest

from portico.testing import Harness, Reply
from tests.integration.office.people import Office, code
from tests.integration.office.samples import Watch

pytestmark = pytest.mark.anyio


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    """No steps yet, and nothing to refuse."""
    Watch.steps.clear()
    Watch.refuse = ""
    yield
    Watch.refuse = ""


async def watched(office: Office, word: str = "hi", **headers: str) -> Reply:
    """Call the watched action as an editor."""
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    return await office.wire(office.editor).post("/api/v1/watched", {"word": word}, headers=sent)


async def test_the_hooks_run_in_the_framework_s_order(alpha: Office) -> None:
    """Decided before the check and again in the transaction; refined, wrapped, recorded."""
    reply = await watched(alpha)

    assert reply.status == 200
    steps = ["decide", "check", "decide", "refine", "before", "handler", "after", "done"]
    assert Watch.steps == [step if step == "handler" else f"w.{step}" for step in steps]


async def test_a_check_runs_with_no_transaction_open(portico: Harness, alpha: Office) -> None:
    """Its statements stand alone, and no connection waits for it; what it learned reaches the handler."""
    member, anybody = await watched(alpha), await portico.client().post("/api/v1/watched-anonymously", {"word": "hi"})

    assert member.json == {"data": "0 open, hi"}
    assert anybody.json == {"data": "hi: 0 open, hi"}


@pytest.mark.parametrize("hook", ["decide", "check", "refine"])
async def test_each_hook_may_refuse(alpha: Office, hook: str) -> None:
    """Then the handler does not run, and nothing is written."""
    Watch.refuse = hook

    reply = await watched(alpha)

    assert code(reply) == (409, "OFFICE_OCCUPIED")
    assert "handler" not in Watch.steps
    assert Watch.steps[-1] == "w.refused OFFICE_OCCUPIED"
    assert await alpha.titles() == []


async def test_a_check_is_not_asked_about_invalid_input(alpha: Office) -> None:
    """Nor about a caller who may not call at all."""
    invalid = await alpha.wire(alpha.editor).post("/api/v1/watched", {})
    denied = await alpha.wire(alpha.member).post("/api/v1/watched", {"word": "hi"})

    assert (invalid.status, denied.status) == (422, 403)
    assert [step for step in Watch.steps if step.endswith("check")] == []


async def test_a_rule_about_the_input_is_asked_about_valid_input_alone(alpha: Office) -> None:
    """After 401, 403 and what the model itself finds; under a key as well, and when another action calls."""
    shouted, long = {"word": "HI"}, {"word": "much too long"}
    editor, member = alpha.wire(alpha.editor), alpha.wire(alpha.member)

    passes = await editor.post("/api/v1/whispered", {"word": "hi"}, headers={"idempotency-key": "k1"})
    refused = await editor.post("/api/v1/whispered", shouted, headers={"idempotency-key": "k2"})
    inside = await editor.post("/api/v1/whispered-twice", shouted)
    invalid = await editor.post("/api/v1/whispered", long)
    denied = await member.post("/api/v1/whispered", shouted)

    assert passes.json == {"data": "hi"}
    assert [code(reply) for reply in (refused, inside)] == [(422, "VALIDATION_ERROR")] * 2
    assert invalid.json["errors"]["word"][0]["code"] == "VAL_TOO_LONG"
    assert denied.status == 403


async def test_a_replay_asks_no_check(alpha: Office) -> None:
    """What was paid for once is not paid for again."""
    first = await watched(alpha, idempotency_key="k1")
    Watch.steps.clear()

    again = await watched(alpha, idempotency_key="k1")

    assert again.content == first.content
    assert "idempotent-replayed" in again.headers
    assert {"w.check", "handler", "w.refine"} & set(Watch.steps) == set()


async def test_a_policy_gives_constraints_a_meaning(alpha: Office) -> None:
    """As Raises does."""
    await watched(alpha)

    assert code(await watched(alpha)) == (409, "OFFICE_OCCUPIED")


async def test_what_a_policy_audits_rides_in_the_close(alpha: Office) -> None:
    """In the call's own transaction."""
    await watched(alpha)

    assert await alpha.audit() == [("desk.watched", "done", None)]


async def test_a_policy_s_contract_is_part_of_its_action_s(portico: Harness) -> None:
    """Errors that callers must know of."""
    plan = portico.app.plans["samples.watched"]

    assert "OFFICE_OCCUPIED" in {error.code for error in plan.errors}
    assert "X-Watched" in {header for policy in plan.policies for header in policy.contract().headers}
