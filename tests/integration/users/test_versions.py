"""Versions over the wire: what an old one says of itself, and what there is no version of."""

import pytest

from portico import User
from portico.modules.users import NewUserV2, UserV2, create
from portico.testing import Harness, open_harness

pytestmark = pytest.mark.anyio


async def test_a_deprecated_version_says_so(portico: Harness, operator: User) -> None:
    """Since when (RFC 9745), until when (RFC 8594), where its successor is, and the same for older clients."""
    reply = await portico.client(operator).get("/api/v1/users?q=ol%20ga")

    assert reply.status == 200
    assert reply.headers["deprecation"] == "@1795824000"
    assert reply.headers["sunset"] == "Sun, 28 Nov 2027 00:00:00 GMT"
    assert reply.headers["link"] == (
        '</api/v2/users>; rel="successor-version", </api/changelog>; rel="deprecation"; type="text/html"'
    )
    assert reply.headers["x-api-deprecation-date"] == "2026-11-28"
    assert reply.headers["x-api-deprecation-warning"] == (
        "v1 of this is deprecated since 2026-11-28 and ends on 2027-11-28: use v2."
    )


async def test_a_refusal_says_so_too(portico: Harness) -> None:
    """Who is not signed in learns of it as well; the successor is of the very path that was asked for."""
    reply = await portico.client().get("/api/v1/users/café")

    assert reply.status == 401
    assert reply.headers["link"].startswith('</api/v2/users/caf%C3%A9>; rel="successor-version"')


async def test_a_refusal_before_the_action_says_so_as_well(portico: Harness) -> None:
    """Of another site's page, or of a body that is too large: once, like everything else of it."""
    headers = [{"sec-fetch-site": "cross-site"}, {"content-length": "999999999"}]
    replies = [await portico.client().send("POST", "/api/v1/users", json={}, headers=one) for one in headers]

    assert [reply.status for reply in replies] == [403, 413]
    assert {reply.headers["deprecation"] for reply in replies} == {"@1795824000"}


async def test_the_contract_of_a_deprecated_version_is_still_one(portico: Harness) -> None:
    """A client that was made for it is not too old: only what is gone has none."""
    paths = ("/api/v1/users", "/api/v2/users", "/api/v1/usurers")
    replies = [await portico.client().get(path, headers={"x-contract": "0"}) for path in paths]

    old, new, gone = [reply.headers["x-contract"] for reply in replies]
    assert len({old, new, gone}) == 3
    assert (len(old), gone) == (12, "none")


async def test_the_newest_version_says_nothing(portico: Harness, operator: User) -> None:
    """Nor does what has no versions."""
    replies = [await portico.client(operator).get(path) for path in ("/api/v2/users", "/api/auth/me")]

    assert [reply.status for reply in replies] == [200, 200]
    assert all("deprecation" not in reply.headers and "sunset" not in reply.headers for reply in replies)


@pytest.mark.parametrize("path", ["/api/v3/users", "/api/v9", "/api/v0/users/1"])
async def test_an_unknown_version_is_refused(portico: Harness, path: str) -> None:
    """With those that there are, and the one to use."""
    reply = await portico.client().get(path)

    assert (reply.status, reply.json["code"]) == (400, "UNKNOWN_API_VERSION")
    assert reply.json["data"] == {"supported": ["v1", "v2"], "current": "v2"}


@pytest.mark.parametrize("path", ["/api/v1/nothing", "/api/version", "/v3/users", "/api/vx/users"])
async def test_what_names_no_version_is_not_found(portico: Harness, path: str) -> None:
    """A path that is none is no version's fault."""
    assert (await portico.client().get(path)).status == 404


async def test_a_key_is_of_one_version(portico: Harness, operator: User) -> None:
    """A created account is found under the version that made it."""
    made = await portico.client(operator).post("/api/v1/users", {"name": "Ada", "email": "ada@x.test"})

    assert made.headers["location"] == f"/api/v1/users/{made.json['data']['id']}"


# -- one action, two shapes --------------------------------------------------------------------------------------------
async def test_a_limit_is_shared_by_the_versions(portico: Harness, operator: User) -> None:
    """What one has left, the other has left."""
    first = await portico.client(operator).post("/api/v1/users", {"name": "Ada", "email": "ada@x.test"})
    second = await portico.client(operator).post("/api/v2/users", {"first_name": "Max", "email": "max@x.test"})

    assert (first.status, second.status) == (201, 201)
    assert int(second.headers["x-ratelimit-remaining"]) == int(first.headers["x-ratelimit-remaining"]) - 1


async def test_the_audit_knows_one_action(portico: Harness, operator: User) -> None:
    """By the event's name, whichever shape was spoken."""
    await portico.client(operator).post("/api/v1/users", {"name": "Ada", "email": "ada@x.test"})
    await portico.client(operator).post("/api/v2/users", {"first_name": "Max", "email": "max@x.test"})

    rows = await portico.rows("select action, outcome, target is not null from portico.audit order by id")
    assert [tuple(row) for row in rows] == [("user.created", "done", True)] * 2


async def test_a_wrong_member_is_told_by_the_name_that_was_sent(portico: Harness, operator: User) -> None:
    """Not by the one that it has now."""
    old = await portico.client(operator).post("/api/v1/users", {"name": "x" * 500, "email": "ada@x.test"})
    new = await portico.client(operator).post("/api/v2/users", {"first_name": "x" * 500, "email": "ada@x.test"})

    assert (old.status, list(old.json["errors"])) == (422, ["name"])
    assert (new.status, list(new.json["errors"])) == (422, ["first_name"])


async def test_in_process_callers_speak_the_newest(portico: Harness, operator: User) -> None:
    """They are changed together with the code."""
    result = await portico.app.as_(operator).call(create, data=NewUserV2(first_name="Ada", email="ada@x.test"))

    assert isinstance(result.unwrap(), UserV2)


async def test_every_row_of_a_list_has_the_older_shape(portico: Harness, operator: User) -> None:
    """And the page its meta."""
    for name in ("ada", "max"):
        await portico.member(f"{name}@x.test")

    old = (await portico.client(operator).get("/api/v1/users?limit=2")).json
    new = (await portico.client(operator).get("/api/v2/users?limit=2")).json

    assert [set(row) for row in old["data"]] == [{"id", "name", "email"}] * 2
    assert [row["id"] for row in old["data"]] == [row["id"] for row in new["data"]]
    assert old["meta"] == new["meta"] == {"page": 1, "limit": 2, "total": 3, "total_pages": 2}


async def test_head_and_options_know_the_versions(portico: Harness, operator: User) -> None:
    """HEAD says what GET would; OPTIONS which methods there are."""
    head = await portico.client(operator).send("HEAD", "/api/v1/users")
    options = await portico.client(operator).send("OPTIONS", "/api/v1/users")
    strange = await portico.client(operator).send("OPTIONS", "/api/v9/users")

    assert (head.status, head.content, head.headers["deprecation"]) == (200, b"", "@1795824000")
    assert options.headers["allow"] == "GET, HEAD, OPTIONS, POST"
    assert strange.status == 400


async def test_a_page_of_another_origin_may_read_the_warning(portico: Harness) -> None:
    """Browsers hide headers that are not named."""
    async with open_harness(portico.app, portico.urls, portico_origins=("https://app.test",)) as opened:
        reply = await opened.client().get("/api/v1/users", {"origin": "https://app.test"})

    exposed = reply.headers["access-control-expose-headers"]
    assert reply.headers["access-control-allow-origin"] == "https://app.test"
    assert {"deprecation", "sunset", "link", "etag", "x-api-deprecation-warning"} <= set(exposed.split(", "))
