"""Whatever is asked of whatever route by whomever: the answer is one of the two envelopes, or a page."""

from collections.abc import Awaitable
from typing import Any
from uuid import uuid4

import pytest

from portico.testing import Client, Harness, Reply
from tests.promises.business import Business
from tests.promises.envelope import flaw
from tests.promises.shop import Shop, refusal
from tests.promises.surface import ROUTES

pytestmark = pytest.mark.anyio
JSON, STREAM = {"content-type": "application/json"}, "text/event-stream"
IDS = {"appointments": "", "customers": "customer", "services": "service", "staff": "staff"}


async def callers(salon: Harness, alpha: Business, beta: Business) -> dict[str, Client]:
    """Nobody, somebody unknown, somebody in a foreign organization, and a member."""
    await salon.member(alpha.owner.email)
    return {
        "nobody": salon.client(),
        "a bad token": Client(salon.app, token="nobody-s"),
        "a wrong organization": salon.client(alpha.owner, org=beta.org.id),
        "a member": salon.client(alpha.owner, org=alpha.org.id),
    }


@pytest.mark.parametrize("name", ROUTES)
async def test_every_answer_of_a_route_is_an_envelope(
    salon: Harness, alpha: Business, beta: Business, *, name: str
) -> None:
    """Each caller with each kind of body, on an id that is there and on one that is not."""
    route, flaws = ROUTES[name], []
    things = name.partition(".")[0]
    known = getattr(alpha, IDS.get(things, ""), None) or (alpha.org.id if things == "organizations" else uuid4())
    for id in (known, uuid4(), "no-id"):
        for who, client in (await callers(salon, alpha, beta)).items():
            keyed = JSON | {"idempotency-key": str(uuid4())}
            replies = {
                "no body": await client.send(route.method, route.at(id), headers=keyed),
                "junk": await client.send(route.method, route.at(id), content=b'{"\x00": [', headers=keyed),
                "wrong": await client.send(route.method, route.at(id), json={"unknown": 7}, headers=keyed),
                "no JSON": await client.send(
                    route.method, route.at(id), content=b"a=b", headers={"content-type": "x/y"}
                ),
                "right": await client.send(route.method, route.at(id), json=route.right(alpha), headers=keyed),
            }
            flaws += [
                f"{who}, {what}: {reply.status}, {flaw(reply)}"
                for what, reply in replies.items()
                if flaw(reply) or reply.status >= 500
            ]

    assert flaws == []


@pytest.mark.parametrize("name", [n for n, r in ROUTES.items() if r.path.startswith("/api/v1") and not r.public])
async def test_nothing_of_an_organization_is_for_nobody(
    salon: Harness, alpha: Business, beta: Business, *, name: str
) -> None:
    """Every action refuses who is not signed in or not a member, with the code that says so, whatever the body."""
    route, who = ROUTES[name], await callers(salon, alpha, beta)
    plan = salon.app.plans[name]
    asked: dict[str, Any] = {
        "json": {"unknown": 7},
        "headers": {"accept": STREAM} if plan.action.kind == "subscription" else {},
    }

    def send(caller: str) -> Awaitable[Reply]:
        return who[caller].send(route.method, route.at(alpha.customer), **asked)

    unknown = [await send("nobody"), await send("a bad token")]
    stranger = await send("a wrong organization")

    assert {refusal(reply) for reply in unknown} == {(401, "UNAUTHORIZED")}
    if plan.needs.org:  # others are about the caller's own
        assert refusal(stranger) == ((404, "NOT_FOUND") if plan.ask.org else (403, "FORBIDDEN"))


@pytest.mark.parametrize("name", ROUTES)
async def test_head_and_options_answer_every_route(salon: Harness, alpha: Business, name: str) -> None:
    """HEAD is GET without the body, where that only reads; OPTIONS names what there is, and 405 says the same list."""
    route = ROUTES[name]
    path = route.at(alpha.customer)

    options = await alpha.client.send("OPTIONS", path)
    other = await alpha.client.send("PROPFIND", path)

    allowed = options.headers["allow"]
    assert (options.status, options.content) == (204, b"")
    assert route.method in allowed.split(", ")
    assert refusal(other) == (405, "METHOD_NOT_ALLOWED")
    assert other.headers["allow"] == allowed
    assert flaw(other) == ""
    reads = route.method == "GET" and salon.app.plans[name].read_only
    assert route.method != "GET" or ("HEAD" in allowed.split(", ")) == reads
    if reads:
        head, got = await alpha.client.send("HEAD", path), await alpha.client.get(path)
        assert (head.status, head.content) == (got.status, b"")
        assert head.headers["content-type"] == got.headers["content-type"]


@pytest.mark.parametrize(
    "path", ["/nowhere", "/api/v1", "/api/v1/", "/api/v1/customers/", "/api/v1/customers/a/b/c", "/%2e%2e/", "/é"]
)
async def test_what_is_not_there_is_a_problem_too(salon: Harness, path: str) -> None:
    """404 in the one shape, for every method."""
    for method in ("GET", "POST", "DELETE", "OPTIONS"):
        reply = await salon.client().send(method, path, json={})

        assert refusal(reply) == (404, "NOT_FOUND")
        assert flaw(reply) == ""


@pytest.mark.parametrize(
    "media_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "", "x"]
)
async def test_another_media_type_is_refused(alpha: Business, media_type: str) -> None:
    """415 to who may call; before that, who they are."""
    headers = {"content-type": media_type, "idempotency-key": "k"}

    reply = await alpha.client.send("POST", "/api/v1/customers", content=b"name=Ada", headers=headers)

    assert refusal(reply) == (415, "UNSUPPORTED_MEDIA_TYPE")
    assert flaw(reply) == ""


@pytest.mark.parametrize(
    "media_type", ["application/json", "application/json; charset=utf-8", "application/vnd.x+json"]
)
async def test_json_is_known_by_its_media_types(alpha: Business, media_type: str) -> None:
    """Parameters and structured suffixes are JSON."""
    headers = {"content-type": media_type}

    reply = await alpha.client.send("POST", "/api/v1/customers", content=b'{"name": "Ada"}', headers=headers)

    assert reply.status == 201


async def test_an_unexpected_failure_is_a_problem_too(shop: Shop) -> None:
    """500 in the one shape, whether the handler fails or its database."""
    for path, body in (("/api/v1/broken", {"password": "x"}), ("/api/v1/provoke", {"state": "XX000"})):
        reply = await shop.client.post(path, body)

        assert refusal(reply) == (500, "INTERNAL_ERROR")
        assert flaw(reply) == ""


async def test_a_request_id_of_the_client_s_is_kept(salon: Harness) -> None:
    """A plain word comes back, on the answer and in its body; anything else is replaced."""
    kept = await salon.client().get("/api/v1/customers", {"x-request-id": "my-request-7"})
    replaced = [
        await salon.client().get("/api/v1/customers", {"x-request-id": junk})
        for junk in ("short", "x" * 200, "two words and more", "<script>alert(1)</script>")
    ]

    assert kept.headers["x-request-id"] == kept.json["request_id"] == "my-request-7"
    assert {reply.headers["x-request-id"].isalnum() for reply in replaced} == {True}
    assert len({len(reply.headers["x-request-id"]) for reply in replaced}) == 1


@pytest.mark.parametrize(
    ("wanted", "given"), [("de", "de"), ("de-AT,en;q=0.5", "de"), ("fr, en;q=0.5", "en"), ("", "en"), ("*;q=x", "en")]
)
async def test_a_refusal_speaks_the_caller_s_language(salon: Harness, wanted: str, given: str) -> None:
    """Accept-Language chooses, Content-Language says what was chosen, codes stay."""
    reply = await salon.client().get("/api/v1/customers", {"accept-language": wanted})

    assert reply.headers["content-language"] == given
    assert reply.json["code"] == "UNAUTHORIZED"
    assert (reply.json["detail"] == "Please sign in.") == (given == "en")
