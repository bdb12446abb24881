"""What every request meets before and after its action: paths, methods, sizes, media types, headers."""

from typing import Any

import pytest

from portico import FieldError, Unauthorized
from portico.errors.catalogs import Catalogs
from portico.testing import Harness
from tests.integration.office.people import Office, code, fields

pytestmark = pytest.mark.anyio
PROBLEM = {"type", "title", "status", "detail", "code", "errors", "retryable", "retry_after", "request_id"}


@pytest.mark.parametrize(
    ("method", "path", "status", "error"),
    [
        ("GET", "/", 404, "NOT_FOUND"),
        ("GET", "/api/v1/nothing", 404, "NOT_FOUND"),
        ("GET", "/api/v1/papers/", 404, "NOT_FOUND"),
        ("PUT", "/api/v1/papers", 405, "METHOD_NOT_ALLOWED"),
        ("POST", "/api/v1/open", 405, "METHOD_NOT_ALLOWED"),
        ("BREW", "/api/v1/open", 405, "METHOD_NOT_ALLOWED"),
        ("OPTIONS", "/api/v1/nothing", 404, "NOT_FOUND"),
    ],
)
async def test_the_framework_s_own_refusals_have_the_same_shape(
    portico: Harness, method: str, path: str, *, status: int, error: str
) -> None:
    """Problem details with a request id, kept by no cache."""
    reply = await portico.client().send(method, path)

    assert code(reply) == (status, error)
    assert set(reply.json) == PROBLEM
    assert reply.headers["content-type"] == "application/problem+json"
    assert reply.headers["x-request-id"] == reply.json["request_id"] != ""
    assert reply.headers["cache-control"] == "no-store"
    assert reply.headers["content-length"] == str(len(reply.content))


async def test_a_wrong_method_is_told_the_right_ones(portico: Harness) -> None:
    """405 has Allow, and OPTIONS says the same."""
    wrong = await portico.client().send("PUT", "/api/v1/papers")
    asked = await portico.client().send("OPTIONS", "/api/v1/papers")

    assert wrong.headers["allow"] == asked.headers["allow"] == "GET, HEAD, OPTIONS, POST"
    assert (asked.status, asked.content) == (204, b"")


async def test_head_answers_as_get_does_without_the_body(portico: Harness) -> None:
    """The same headers, its length among them."""
    got, headed = [await portico.client().send(m, "/api/v1/untouched") for m in ("GET", "HEAD")]

    assert (headed.status, headed.content) == (200, b"")
    same = [name for name in got.headers if name != "x-request-id" and "ratelimit" not in name]
    assert [headed.headers.get(name) for name in same] == [got.headers[name] for name in same]
    assert int(headed.headers["content-length"]) == len(got.content)


async def test_a_body_of_another_media_type_is_refused(alpha: Office) -> None:
    """A form, or nothing said; any JSON type is JSON, and no body needs none."""
    client, body = alpha.wire(alpha.member), b'{"title": "One"}'

    async def posted(media_type: str | None) -> tuple[int, str]:
        headers = {} if media_type is None else {"content-type": media_type}
        reply = await client.send("POST", "/api/v1/papers", content=body, headers=headers)
        return reply.status, reply.json.get("code", "")

    for wrong in (None, "text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""):
        assert await posted(wrong) == (415, "UNSUPPORTED_MEDIA_TYPE")
    assert await posted("application/json; charset=utf-8") == (201, "")
    assert (await posted("application/vnd.office+json"))[1] == "OFFICE_TITLE_TAKEN"
    assert (await client.send("POST", "/api/v1/limited")).status == 200


async def test_a_body_past_the_limit_is_refused(portico: Harness, alpha: Office) -> None:
    """A mebibyte by default, whoever sends it."""
    body = {"title": "One", "body": "x" * 1024 * 1024}

    for client in (alpha.wire(alpha.member), portico.client()):
        assert code(await client.post("/api/v1/papers", body)) == (413, "PAYLOAD_TOO_LARGE")
    assert await alpha.titles() == []


@pytest.mark.parametrize(
    "body", [b"{", b"", b"[]", b'{"title": ["' + b"[" * 50_000, b'{"a":' * 5_000 + b"1" + b"}" * 5_000, b"\xff\xfe"]
)
async def test_whoever_has_no_credential_learns_nothing_of_the_input(portico: Harness, body: bytes) -> None:
    """401 and no field's name, however broken the body; with a junk token, too."""
    for headers in ({}, {"authorization": "Bearer junk"}):
        sent = {"content-type": "application/json", **headers}
        reply = await portico.client().send("POST", "/api/v1/papers", content=body, headers=sent)

        assert code(reply) == (401, "UNAUTHORIZED")
        assert reply.json["errors"] == {}


@pytest.mark.parametrize(
    ("body", "where"),
    [
        (b"{", "body"),
        (b"[]", "body"),
        (b'{"a":' * 5_000 + b"1" + b"}" * 5_000, "body"),
        (b'{"title": "\\ud800"}', "body"),
        (b"{}", "title"),
        (b'{"title": "One", "pages": 1e400}', "pages"),
        (b'{"title": "One", "pages": NaN}', "pages"),
    ],
)
async def test_whoever_may_call_is_told_what_is_wrong(alpha: Office, body: bytes, where: str) -> None:
    """422 by the member's path."""
    headers = {"content-type": "application/json"}

    reply = await alpha.wire(alpha.member).send("POST", "/api/v1/papers", content=body, headers=headers)

    assert code(reply) == (422, "VALIDATION_ERROR")
    assert set(fields(reply)) == {where}


@pytest.mark.parametrize("path", ["/api/v1/papers", "/api/v1/watched-anonymously"])
@pytest.mark.parametrize("body", [b"[]", b'"text"', b"7", b"null"])
async def test_json_that_is_no_object_is_not_called_broken(alpha: Office, path: str, body: bytes) -> None:
    """One finding, whether a model takes the body or single members do."""
    headers = {"content-type": "application/json"}

    reply = await alpha.wire(alpha.member).send("POST", path, content=body, headers=headers)

    assert (reply.status, fields(reply)) == (422, {"body": ["VAL_INVALID_FORMAT"]})


@pytest.mark.parametrize(
    "value",
    [
        {"title": "a\x00b"},
        {"title": "One", "pages": 2**31},
        {"title": "One", "pages": 2**70},
        {"title": "One", "pages": -1},
    ],
)
async def test_what_the_database_would_not_take_is_invalid(alpha: Office, value: dict[str, object]) -> None:
    """NUL bytes, numbers out of range, a violated CHECK: 422, and no text of the database's."""
    reply = await alpha.wire(alpha.member).post("/api/v1/papers", value)

    assert code(reply) == (422, "VALIDATION_ERROR")
    assert "int4" not in reply.text
    assert "papers" not in reply.text.replace("/papers", "")


async def test_a_secret_is_never_repeated(alpha: Office, caplog: pytest.LogCaptureFixture) -> None:
    """Neither in a refusal nor in the log."""
    for body in ({"password": "hunter2-hunter2", "pin": 12345}, {"password": ["hunter2-hunter2"], "pin": "hunter2"}):
        reply = await alpha.wire(alpha.member).post("/api/v1/secret", body)
        assert reply.status == 422
        assert "hunter2" not in reply.text
    assert "hunter2" not in caplog.text


async def test_members_come_from_where_they_are_declared(portico: Harness) -> None:
    """Query string, header, cookie; and the answer's own headers and cookies leave with it."""
    client = portico.client(ip="192.0.2.9")
    headers = {"user-agent": "Test/1", "cookie": "theme=dark", "accept-language": "de-AT, en;q=0.5"}

    reply = await client.get("/api/v1/echo?words=a&words=b%20c", headers)

    assert reply.json["data"] == ["a", "b c", "Test/1", "dark", "192.0.2.9", "de"]
    assert reply.headers["x-words"] == "2"
    assert reply.headers["set-cookie"] == "seen=yes; Path=/; Secure; SameSite=Lax; HttpOnly"


async def test_a_refusal_speaks_the_caller_s_language(portico: Harness, alpha: Office) -> None:
    """And says which."""
    headers, german = {"accept-language": "de"}, Catalogs()

    nobody = await portico.client().get("/api/v1/papers", headers)
    invalid = await alpha.wire(alpha.member).post("/api/v1/papers", {}, headers=headers)

    assert (nobody.json["detail"], nobody.headers["content-language"]) == (german.error(Unauthorized(), "de"), "de")
    assert invalid.json["errors"]["title"][0]["message"] == german.finding(FieldError("VAL_REQUIRED_FIELD"), "de")


async def test_a_query_string_of_hundreds_of_names_is_refused(portico: Harness) -> None:
    """It is no failure of ours."""
    query = "&".join(f"a{n}=1" for n in range(300))

    assert code(await portico.client().get(f"/api/v1/echo?{query}")) == (413, "PAYLOAD_TOO_LARGE")


@pytest.mark.parametrize("org", ["alpha", "1", "018f0000-0000-7000-8000-00000000000g"])
async def test_an_organization_that_is_no_id_is_told_to_members_alone(
    portico: Harness, alpha: Office, org: str
) -> None:
    """422 by the header's name; 401 for who is nobody."""
    headers = {"x-org-id": org}

    somebody = await portico.client(alpha.member).get("/api/v1/members", headers)
    nobody = await portico.client().get("/api/v1/members", headers)

    assert (code(somebody), set(fields(somebody))) == ((422, "VALIDATION_ERROR"), {"X-Org-Id"})
    assert code(nobody) == (401, "UNAUTHORIZED")


@pytest.mark.parametrize("to", ["https://evil.example", "//evil.example", "/\\evil.example", "evil"])
async def test_a_redirect_to_a_stranger_is_refused(portico: Harness, to: str) -> None:
    """Unless the action says that it is meant."""
    fine = await portico.client().get("/away?to=/here")
    reply = await portico.client().get(f"/away?to={to}")

    assert (fine.status, fine.headers["location"]) == (303, "/here")
    assert reply.status == 500
    assert "location" not in reply.headers


async def test_another_site_s_page_cannot_write(portico: Harness, alpha: Office) -> None:
    """A browser that says so is refused, with the cookie and without; a program's bearer token is its own proof."""
    token = portico.token(alpha.member)
    cookie = {"cookie": f"__Host-session={token}", "x-org-id": str(alpha.org.id)}
    elsewhere = {"sec-fetch-site": "cross-site", "origin": "https://evil.example"}

    refused = await portico.client().post("/api/v1/papers", {"title": "One"}, headers={**cookie, **elsewhere})
    bare = await portico.client().post("/api/v1/papers", {"title": "One"}, headers=cookie)
    own = await portico.client().post(
        "/api/v1/papers", {"title": "One"}, headers={**cookie, "sec-fetch-site": "same-origin"}
    )
    bearer = await alpha.wire(alpha.member).post("/api/v1/papers", {"title": "Two"}, headers=elsewhere)

    assert code(refused) == code(bare) == (403, "AUTH_CROSS_SITE")
    assert (own.status, bearer.status) == (201, 201)


async def test_a_client_that_leaves_amid_its_body_is_answered_by_nobody(
    portico: Harness, alpha: Office, caplog: pytest.LogCaptureFixture
) -> None:
    """It is no failure, nothing is done, and nothing is said."""
    sent: list[Any] = []
    coming: list[Any] = [{"type": "http.request", "body": b'{"ti', "more_body": True}, {"type": "http.disconnect"}]

    async def receive() -> Any:
        return coming.pop(0)

    async def send(message: Any) -> None:
        sent.append(message)

    headers = {
        b"content-type": b"application/json",
        b"authorization": f"Bearer {portico.token(alpha.member)}".encode(),
        b"x-org-id": str(alpha.org.id).encode(),
    }
    scope = {"type": "http", "method": "POST", "path": "/api/v1/papers", "query_string": b"", "client": None}
    await portico.app({**scope, "headers": list(headers.items())}, receive, send)

    assert (sent, caplog.text) == ([], "")
    assert await alpha.titles() == []
