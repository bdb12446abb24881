"""What the contract, the command line and other callers know of webhooks."""

from datetime import timedelta
from typing import Any

import pytest
from pydantic_core import to_json

from portico import App, Misconfigured, Org, TenantContext
from portico.app.contract import document
from portico.generate.catalog import catalog
from portico.generate.graphql.naming import is_served
from portico.modules.organizations import set_plan
from portico.testing import Harness
from tests.integration.inbox.till import INBOXES, app, parcels, stripe

pytestmark = pytest.mark.anyio
UNSIGNED = {"stripe": "400", "orders": "401", "parcels": "401", "guests": "400"}
FORGED = {"stripe": "400", "orders": "401", "parcels": "401", "guests": "401"}


@pytest.fixture(scope="module")
def contract() -> dict[str, Any]:
    """The OpenAPI document."""
    found: dict[str, Any] = document(app, "v1")
    return found


def codes(contract: dict[str, Any], path: str, status: str) -> set[str]:
    """The codes that a webhook answers with that status."""
    answer = contract["paths"][path]["post"]["responses"].get(status)
    return set() if answer is None else set(answer["content"]["application/problem+json"]["examples"])


def test_the_contract_tells_of_each_webhook(contract: dict[str, Any]) -> None:
    """The headers that it wants, a body of whatever its provider writes, and nobody who must sign in."""
    for inbox, _ in INBOXES.values():
        told = contract["paths"][f"/api/v1{inbox.action.place.path}"]["post"]
        headers = {each["name"]: each["required"] for each in told["parameters"]}
        assert headers == dict.fromkeys(inbox.scheme.headers, True)
        assert (told["security"], told["requestBody"]["required"]) == ([], True)
        assert told["requestBody"]["content"]["application/json"]["schema"]["type"] == "object"


def test_the_contract_tells_each_refusal_with_its_status(contract: dict[str, Any]) -> None:
    """One code, told with 400 by some and with 401 by others."""
    for name, status in UNSIGNED.items():
        found = codes(contract, f"/api/v1/webhooks/{name}", status)
        assert any(code.startswith("MISSING_SIGNATURE") for code in found), name
    for name, status in FORGED.items():
        found = codes(contract, f"/api/v1/webhooks/{name}", status)
        assert any(code.startswith("INVALID_SIGNATURE") for code in found), name
    problems = contract["components"]["schemas"]
    assert problems["InvalidSignatureProblem"]["properties"]["status"] == {"const": 400}
    assert problems["InvalidSignature401Problem"]["properties"]["status"] == {"const": 401}
    assert problems["InvalidSignature401Problem"]["properties"]["code"] == {"const": "INVALID_SIGNATURE"}


def test_the_catalog_names_its_scheme_and_its_setting() -> None:
    """And never a secret."""
    page = catalog("till", app.plans.values())

    assert "| kind | webhook |" in page
    assert "Signature stripe secret TILL_STRIPE_SECRET" in page


async def test_a_caller_in_process_proves_it_too(portico: Harness) -> None:
    """With the headers that a wire would bring; without, it is refused as anybody."""
    key = portico.app.running.pipeline.services.keys["hmac", "TILL_PARCELS_SECRET"][0]
    body = to_json(parcels.scheme.sample("parcel.sent", {"id": "p"}))
    signed = parcels.scheme.sign(body, key, 0)

    taken = await portico.app.as_(None, extra=signed).call(parcels.action, body)
    refused = await portico.app.as_(None).call(parcels.action, body)

    assert taken.unwrap().duplicate is False
    assert refused.error is not None
    assert (refused.error.code, refused.error.status) == ("MISSING_SIGNATURE", 401)


async def test_an_event_that_two_workers_run_is_handled_once(portico: Harness, told: list[tuple[object, ...]]) -> None:
    """A worker that was taken for lost ends after all: what it did is undone."""
    await portico.client().deliver(stripe, "invoice.paid", {"id": "in_1"})
    async with portico.app.running.workshop() as shop:
        now, since = portico.clock.now(), portico.clock.now() - timedelta(days=1)
        (first,) = await shop.queue.claim(shop.worker.hands, 1, as_of=now, strange_since=since)
        await portico.rows("update portico.jobs set leased_until = now() - interval '1 second'")
        (second,) = await shop.queue.claim(shop.worker.hands, 1, as_of=now, strange_since=since)
        ended = await shop.attempts.run(second)
        lost = await shop.attempts.run(first)

    assert (ended, lost is not None) == (None, True)
    assert {entry[1] for entry in told} == {"in_1"}
    assert len(await portico.emitted()) == 1


async def test_a_plan_that_there_is_not_is_no_plan(portico: Harness) -> None:
    """What would set it is told so; nothing is changed."""
    org: Org = await portico.organization("Alpha")
    owner = await portico.member("owner@example.com", org=org.id)

    async with portico.context(TenantContext, user=owner, org=org.id) as ctx:
        with pytest.raises(Misconfigured, match="There is no plan gold: the application has none"):
            await set_plan(ctx, "gold")


def test_graphql_knows_no_webhook(portico_app: App) -> None:
    """A provider writes no documents."""
    assert [name for name, plan in portico_app.plans.items() if is_served(plan)] == []
