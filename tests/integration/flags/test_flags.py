"""Feature flags over the wire: set by operators, seen by every process, asked without a trip."""

import anyio
import pytest

from portico import Rule
from portico.adapters.openfeature import FlagProvider
from portico.testing import Client, Harness, open_harness
from tests.integration.office.app import app
from tests.integration.office.people import Office, code

pytestmark = pytest.mark.anyio
SOON = 5


async def operator(portico: Harness) -> Client:
    """Somebody who runs the installation."""
    user = await portico.member("operator@office.test")
    await portico.rows("update portico.users set operator = true where id = $1", user.id)
    return portico.client(user)


async def test_a_flag_hides_an_action(alpha: Office) -> None:
    """As if there were none, until it is on; also to who may not call it."""
    client = alpha.wire(alpha.guest)
    hidden = await client.get("/api/v1/desk")
    await alpha.harness.flag(Rule("new-desk", "on"))

    assert code(hidden) == (404, "NOT_FOUND")
    assert (await client.get("/api/v1/desk")).json["data"] == "sat"


async def test_a_list_opens_it_for_some(alpha: Office, beta: Office) -> None:
    """A user, an organization; nobody else."""
    await alpha.harness.flag(Rule("new-desk", "off", users=frozenset({alpha.member.id}), orgs=frozenset({beta.org.id})))

    statuses = [
        (await office.wire(user).get("/api/v1/desk")).status
        for office, user in ((alpha, alpha.member), (alpha, alpha.other), (beta, beta.guest))
    ]

    assert statuses == [200, 404, 200]


async def test_a_flag_chooses_how_an_action_is_done(alpha: Office) -> None:
    """The same input and the same answer, another way; a default holds until somebody sets it."""
    client = alpha.wire(alpha.member)
    before = await client.get("/api/v1/greet?name=ann")
    await alpha.harness.flag(Rule("loud-greeting", "on"))

    assert before.json["data"] == "Hello ann, as ever"
    assert (await client.get("/api/v1/greet?name=ann")).json["data"] == "HELLO ANN"


async def test_a_feature_of_a_plan_is_a_flag(alpha: Office) -> None:
    """On where the plan includes it; an operator can still kill it."""
    client, statuses = alpha.wire(alpha.member), []
    for sql in ("select", "update portico.organizations set plan = 'pro'"):
        await alpha.harness.rows(sql)
        statuses.append((await client.get("/api/v1/binding")).status)
    await alpha.harness.flag(Rule("binding", "killed"))

    assert [*statuses, (await client.get("/api/v1/binding")).status] == [404, 200, 404]


async def test_a_misspelled_flag_is_a_mistake_of_the_program(alpha: Office, caplog: pytest.LogCaptureFixture) -> None:
    """Told in the log with the names that there are; the caller is told nothing of it."""
    reply = await alpha.wire(alpha.member).get("/api/v1/misspelled")

    assert code(reply) == (500, "INTERNAL_ERROR")
    assert "asks for the flag 'new-dekc', which App(flags=…) does not declare" in caplog.text


async def test_operators_set_flags_and_it_is_on_record(portico: Harness, alpha: Office) -> None:
    """Listed with what they are about; set, seen, set back."""
    client = await operator(portico)
    listed = (await client.get("/api/v1/flags")).json["data"]
    sent = {"state": "on", "percentage": 100, "users": [str(alpha.member.id)]}
    made = await client.send("PUT", "/api/v1/flags/new-desk", json=sent)
    await portico.app.running.pipeline.services.flags.refresh()
    seen = (await alpha.wire(alpha.member).get("/api/v1/desk")).status
    back = await client.send("DELETE", "/api/v1/flags/new-desk")

    assert [(flag["name"], flag["default"], flag["setting"]) for flag in listed][1] == ("new-desk", False, None)
    assert (made.status, made.json["data"]["setting"]["state"], seen) == (200, "on", 200)
    assert back.json["data"]["setting"] is None
    assert [row[:2] for row in await alpha.audit()] == [("flag.changed", "done"), ("flag.reset", "done")]


async def test_only_operators_see_flags(portico: Harness, alpha: Office) -> None:
    """And only those that are declared can be set, to what a flag can be."""
    client = await operator(portico)

    assert code(await alpha.wire(alpha.owner).get("/api/v1/flags")) == (403, "FORBIDDEN")
    assert code(await client.send("PUT", "/api/v1/flags/no-such", json={"state": "on"})) == (404, "NOT_FOUND")
    wrong = await client.send("PUT", "/api/v1/flags/new-desk", json={"state": "maybe", "percentage": 101})
    assert sorted(wrong.json["errors"]) == ["percentage", "state"]


async def test_a_change_is_seen_by_another_process_within_a_second(portico: Harness) -> None:
    """Which looks by itself, and is told by nobody."""
    async with open_harness(app, portico.urls) as other:
        services = other.app.running.pipeline.services
        app.attach(portico.app.running)
        rules = [services.flags.rules]
        owner = "insert into portico.flags (name, state) values ('new-desk', 'on')"
        await portico.rows(owner)
        with anyio.fail_after(SOON):
            while "new-desk" not in services.flags.rules:
                await anyio.lowlevel.checkpoint()

    assert "new-desk" not in rules[0]


async def test_openfeature_asks_the_same_flags(portico: Harness, alpha: Office) -> None:
    """By the user's id as targeting key and the organization as an attribute."""
    api = pytest.importorskip("openfeature.api")
    context = pytest.importorskip("openfeature.evaluation_context").EvaluationContext
    await portico.flag(Rule("new-desk", "off", users=frozenset({alpha.member.id}), orgs=frozenset({alpha.org.id})))
    api.set_provider(FlagProvider(portico.app.is_on))
    client = api.get_client()

    assert client.get_boolean_value("new-desk", False, context(str(alpha.member.id))) is True
    assert client.get_boolean_value("new-desk", True, context(str(alpha.other.id))) is False
    assert client.get_boolean_value("new-desk", False, context("", {"org": str(alpha.org.id)})) is True
    assert client.get_boolean_details("no-such", True).error_code == "FLAG_NOT_FOUND"
    assert client.get_boolean_details("new-desk", True, context("ann")).error_code == "INVALID_CONTEXT"
    assert client.get_string_details("new-desk", "x").error_code == "TYPE_MISMATCH"
    api.clear_providers()
