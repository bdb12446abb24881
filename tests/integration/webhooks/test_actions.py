"""Endpoints and their deliveries over the wire: who may what, what is shown and what is refused."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from openapi_schema_validator import OAS31Validator
from standardwebhooks import Webhook

from portico.testing import Client
from tests.integration.webhooks import shop
from tests.integration.webhooks.conftest import Site
from tests.integration.webhooks.receiver import Said

pytestmark = pytest.mark.anyio
ENDPOINTS = "/api/v1/webhooks/endpoints"
MIX_UP = """
    update portico.webhook_endpoints
       set secret = (select w.secret from portico.webhook_endpoints w order by id limit 1)
"""


async def made(client: Client, url: str, **more: object) -> dict[str, Any]:
    """An endpoint, made over the wire."""
    reply = await client.post(ENDPOINTS, {"url": url, "events": ["*"], **more})
    assert reply.status == 201, reply.json
    found: dict[str, Any] = reply.json["data"]
    return found


async def test_the_secret_is_shown_once(site: Site) -> None:
    """`whsec_` and 32 bytes in Base64; afterwards neither the wire nor the database can tell it."""
    endpoint = await made(site.client, site.receiver.url, description="Till")

    shown = await site.client.get(f"{ENDPOINTS}/{endpoint['id']}")
    listed = await site.client.get(ENDPOINTS)

    secret = endpoint.pop("secret")
    assert secret.startswith("whsec_")
    assert len(secret) == len("whsec_") + 44
    assert shown.json["data"] == endpoint
    assert listed.json["data"] == [endpoint]
    (row,) = await site.portico.rows("select secret from portico.webhook_endpoints")
    assert secret.encode() not in row["secret"]


async def test_a_sealed_secret_opens_for_its_own_endpoint_alone(site: Site) -> None:
    """Whoever could write the table still could not have another endpoint sign."""
    await site.endpoint()
    await site.endpoint()
    await site.portico.rows(MIX_UP)
    await site.sell("bread")

    await site.portico.deliver()

    assert len(site.receiver.got) == 1
    (row,) = await site.portico.rows("select problem from portico.webhook_deliveries where state = 'waiting'")
    assert "does not open" in row["problem"]


@pytest.mark.parametrize("role", ["member", "nobody", "stranger"])
async def test_only_who_manages_webhooks_sees_them(site: Site, role: str) -> None:
    """Others are refused, and somebody else's organization has no such endpoint."""
    endpoint = await site.endpoint()
    await site.sell("bread")
    await site.portico.deliver()
    (delivery,) = await site.portico.rows("select id from portico.webhook_deliveries")
    theirs = await site.portico.organization("Theirs")
    orgs = {"member": site.org, "stranger": theirs}
    client = site.portico.client()
    if role in orgs:
        rank = "owner" if role == "stranger" else role
        user = await site.portico.member(f"{role}@example.com", org=orgs[role].id, role=rank)
        client = site.portico.client(user, org=orgs[role].id)
    one, log = f"{ENDPOINTS}/{endpoint.id}", f"/api/v1/webhooks/deliveries/{delivery['id']}"

    replies = [await client.send("GET", path) for path in (one, f"{one}/deliveries", log)]
    replies += [
        await client.send("POST", f"{path}", json={}) for path in (f"{one}/test", f"{one}/rotate", f"{one}/redeliver")
    ]
    replies += [await client.send("POST", f"{log}/redeliver", json={}), await client.send("DELETE", one)]
    replies += [await client.send("PATCH", one, json={"enabled": False})]

    assert {reply.status for reply in replies} == {{"member": 403, "nobody": 401, "stranger": 404}[role]}
    assert len(site.receiver.got) == 1


@pytest.mark.parametrize(
    ("body", "path", "code"),
    [
        ({"url": "ftp://example.com"}, "url", "VAL_INVALID_URL"),
        ({"url": "http://0x7f000001/"}, "url", "VAL_INVALID_URL"),
        ({"url": "http://user@127.0.0.1/"}, "url", "VAL_INVALID_URL"),
        ({"events": ["article.sold", "nothing.happened"]}, "events.1", "VAL_UNKNOWN_EVENT"),
        ({"events": ["nothing.*"]}, "events.0", "VAL_UNKNOWN_EVENT"),
        ({"events": ["article.*.sold"]}, "events.0", "VAL_INVALID_FORMAT"),
        ({"events": []}, "events", "VAL_TOO_SHORT"),
        ({"at_once": 11}, "at_once", "VAL_TOO_LARGE"),
        ({"description": "x" * 501}, "description", "VAL_TOO_LONG"),
    ],
)
async def test_what_makes_no_endpoint_is_said_by_member(
    site: Site, body: dict[str, object], *, path: str, code: str
) -> None:
    """The address and each filter are judged before anything is kept; a change is judged as a new one is."""
    endpoint = await site.endpoint()

    replies = [
        await site.client.post(ENDPOINTS, {"url": site.receiver.url, "events": ["*"], **body}),
        await site.client.send("PATCH", f"{ENDPOINTS}/{endpoint.id}", json=body),
    ]

    for reply in replies:
        assert reply.status == 422
        assert {at: [each["code"] for each in found] for at, found in reply.json["errors"].items()} == {path: [code]}


async def test_an_organization_has_so_many_endpoints(site: Site) -> None:
    """As the settings say: 20 unless they say otherwise."""
    for _ in range(20):
        await site.endpoint()

    reply = await site.client.post(ENDPOINTS, {"url": site.receiver.url, "events": ["*"]})

    assert (reply.status, reply.json["code"]) == (409, "BIZ_TOO_MANY_ENDPOINTS")


async def test_a_change_leaves_what_it_does_not_name(site: Site) -> None:
    """And is refused where somebody else has changed the endpoint meanwhile."""
    endpoint = await made(site.client, site.receiver.url, description="Till")
    one = f"{ENDPOINTS}/{endpoint['id']}"

    changed = await site.client.send("PATCH", one, json={"events": ["article.sold"], "version": 1})
    stale = await site.client.send("PATCH", one, json={"description": "Shop", "version": 1})

    assert changed.json["data"]["events"] == ["article.sold"]
    assert (changed.json["data"]["description"], changed.json["data"]["version"]) == ("Till", 2)
    assert (stale.status, stale.json["code"]) == (409, "BIZ_STALE_VERSION")


async def test_the_log_tells_every_attempt(site: Site) -> None:
    """Status, the beginning of the answer, how long it took, which attempt, when the next is due."""
    site.receiver.says(Said(500, body=b"no bread here"), Said(200, body=b"thanks"))
    endpoint = await site.endpoint()
    await site.sell("bread")
    await site.portico.deliver()
    first = site.portico.clock.now()
    site.portico.clock.advance(timedelta(minutes=3))
    await site.portico.deliver()

    page = await site.client.get(f"{ENDPOINTS}/{endpoint.id}/deliveries")
    (listed,) = page.json["data"]
    shown = (await site.client.get(f"/api/v1/webhooks/deliveries/{listed['id']}")).json["data"]

    assert (listed["state"], listed["attempts"], listed["event"]) == ("done", 2, "article.sold")
    log, body = shown.pop("log"), shown.pop("body")
    assert shown == listed
    assert body.encode() == site.receiver.got[0].body
    assert [(each["attempt"], each["status"], each["answer"]) for each in log] == [
        (1, 500, "no bread here"),
        (2, 200, "thanks"),
    ]
    assert log[0]["next_at"] > (first + timedelta(minutes=2)).isoformat()
    assert log[1]["next_at"] is None
    assert log[0]["milliseconds"] >= 0


async def test_the_log_is_searched_and_paged(site: Site) -> None:
    """By state and event, the newest first."""
    site.receiver.says(Said(), Said(500))
    endpoint = await site.endpoint()
    await site.sell("bread")
    (await site.caller.call(shop.take_back, article="milk")).unwrap()
    await site.sell("salt")
    await site.portico.deliver()
    path = f"{ENDPOINTS}/{endpoint.id}/deliveries"

    done = await site.client.get(f"{path}?state=done")
    returned = await site.client.get(f"{path}?event=article.returned")
    first = await site.client.get(f"{path}?limit=2")
    second = await site.client.get(f"{path}?limit=2&after={first.json['meta']['after']}")

    assert [row["event"] for row in done.json["data"]] == ["article.sold"]
    assert [row["state"] for row in returned.json["data"]] == ["waiting"]
    events = [row["event"] for row in (*first.json["data"], *second.json["data"])]
    assert events == ["article.sold", "article.returned", "article.sold"]


async def test_a_delivery_is_made_again_signed_anew(site: Site) -> None:
    """With the same id and body, under the secret of now, at the time of now."""
    endpoint = await site.endpoint()
    await site.sell("bread")
    await site.portico.deliver()
    (row,) = await site.portico.rows("select id from portico.webhook_deliveries")
    rotated = await site.client.post(f"{ENDPOINTS}/{endpoint.id}/rotate", {"overlap_hours": 0})
    site.portico.clock.advance(timedelta(seconds=90))

    reply = await site.client.post(f"/api/v1/webhooks/deliveries/{row['id']}/redeliver")
    await site.portico.deliver()

    assert (reply.status, reply.json["data"]["state"]) == (200, "waiting")
    first, second = site.receiver.got
    assert (first.id, first.body) == (second.id, second.body)
    assert int(second.headers["webhook-timestamp"]) - int(first.headers["webhook-timestamp"]) in {90, 91}
    Webhook(rotated.json["data"]["secret"]).verify(second.body, dict(second.headers))
    assert second.headers["webhook-signature"] != first.headers["webhook-signature"]


async def test_what_was_missed_is_made_up_for(site: Site) -> None:
    """All that has failed, or failed since; what has arrived is left alone."""
    site.receiver.says(Said(410))
    endpoint = await site.endpoint()
    await site.sell("bread", "milk")
    await site.portico.deliver()
    one = f"{ENDPOINTS}/{endpoint.id}"

    off = await site.client.post(f"{one}/redeliver", {})
    site.receiver.says(Said())
    await site.client.send("PATCH", one, json={"enabled": True})
    late = await site.client.post(f"{one}/redeliver", {"since": "2100-01-01T00:00:00Z"})
    reply = await site.client.post(f"{one}/redeliver", {"since": "2020-01-01T00:00:00Z"})
    await site.portico.deliver()
    nothing = await site.client.post(f"{one}/redeliver", {})

    assert (off.status, off.json["code"]) == (409, "BIZ_ENDPOINT_DISABLED")
    assert [each.json["data"] for each in (late, reply, nothing)] == [0, 2, 0]
    assert site.sold == ["bread", "bread", "milk"]


async def test_an_example_can_be_sent(site: Site) -> None:
    """Of the event asked for, valid by its schema, marked as an example, once, also where it is switched off."""
    site.receiver.says(Said(500))
    endpoint = await site.endpoint("article.*")
    one = f"{ENDPOINTS}/{endpoint.id}"
    await site.client.send("PATCH", one, json={"enabled": False})

    asked = await site.client.post(f"{one}/test", {"event": "shop.opened"})
    first = await site.client.post(f"{one}/test", {})
    unknown = await site.client.post(f"{one}/test", {"event": "nothing.happened"})
    await site.portico.deliver()
    site.portico.clock.advance(timedelta(days=1))
    await site.portico.deliver()

    assert [reply.json["data"]["event"] for reply in (asked, first)] == ["shop.opened", "article.returned"]
    assert unknown.status == 422
    sent = [request.json for request in site.receiver.got]
    assert [(body["event"], body["sample"]) for body in sent] == [("shop.opened", True), ("article.returned", True)]
    Webhook(endpoint.secret).verify(site.receiver.got[0].body, dict(site.receiver.got[0].headers))
    shop.Returned.model_validate(sent[1]["data"])
    assert await site.log() == [("failed", 1, 500), ("failed", 1, 500)]
    assert await site.portico.rows("select from portico.webhook_endpoints where failures > 0") == []


async def test_every_event_is_in_the_catalog(site: Site) -> None:
    """With a JSON Schema of its data and an example that fits it; in OpenAPI it is a webhook."""
    reply = await site.portico.client().get("/api/v1/webhooks/events")
    document = (await site.portico.client().get("/api/v1/openapi.json")).json

    kinds = {kind["name"]: kind for kind in reply.json["data"]}
    assert {"article.sold", "article.returned", "shop.opened"} <= set(kinds)
    assert kinds["article.sold"]["description"] == "An article was sold."
    for kind in kinds.values():
        OAS31Validator(kind["json_schema"]).validate(kind["example"])
    assert set(document["webhooks"]) == set(kinds)


async def test_what_is_unknown_is_not_found(site: Site) -> None:
    """Endpoints and deliveries that there are not."""
    for path in (
        f"{ENDPOINTS}/{uuid4()}",
        f"{ENDPOINTS}/{uuid4()}/deliveries",
        f"/api/v1/webhooks/deliveries/{uuid4()}",
    ):
        assert (await site.client.get(path)).status == 404
    for path in (f"{ENDPOINTS}/{uuid4()}/test", f"/api/v1/webhooks/deliveries/{uuid4()}/redeliver"):
        assert (await site.client.post(path, {})).status == 404


async def test_what_was_done_to_endpoints_is_on_record(site: Site) -> None:
    """By whom, to which, and no secret with it: neither the one that signs nor one in the address."""
    endpoint = await site.endpoint(url=f"{site.receiver.url}/T0KEN")
    await site.client.post(f"{ENDPOINTS}/{endpoint.id}/rotate", {})
    await site.client.send("PATCH", f"{ENDPOINTS}/{endpoint.id}", json={"enabled": False})
    gone = await site.client.send("DELETE", f"{ENDPOINTS}/{endpoint.id}")

    rows = await site.portico.rows("select action, target, metadata::text as said from portico.audit order by id")
    assert gone.json == {"data": {"success": True}}
    assert [(row["action"], UUID(row["target"])) for row in rows] == [
        (f"webhook.{done}", endpoint.id) for done in ("created", "secret_rotated", "updated", "deleted")
    ]
    said = str([row["said"] for row in rows])
    assert "127.0.0.1" in said
    assert not any(secret in said for secret in ("whsec_", "T0KEN"))
