"""Nobody in particular, with whatever body: told quickly that they are nobody, and nothing of what a body should be."""

import asyncio
import re
from collections.abc import MutableMapping
from time import process_time
from typing import Any

import pytest

from portico import App
from portico.testing import Harness
from tests.promises.shop import Shop, refusal

pytestmark = pytest.mark.anyio
JSON = {"content-type": "application/json"}
FIELDS = ("customer_id", "service_id", "staff_id", "scheduled_at", "notes", "body", "VAL_")
MIB = 1024 * 1024
LINGER = 2 * 64 * MIB // 65_536
PATIENCE = 10.0
BODIES = {
    "nothing": b"",
    "no JSON": b"{",
    "a number": b"7",
    "nothing in particular": b"{}",
    "wrong members": b'{"customer_id": 7, "unknown": []}',
    "deeply nested": b"[" * 100_000 + b"]" * 100_000,
    "deeply nested objects": b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
    "no UTF-8": b'{"notes": "\xff\xfe"}',
    "lone surrogates": b'{"notes": "\\ud800"}',
    "a huge number": b'{"notes": ' + b"9" * 100_000 + b"}",
    "as much as is read": b'{"notes": "' + b"x" * (MIB - 20) + b'"}',
}


def told(reply_text: str) -> list[str]:
    """Which names of fields, or codes of findings, an answer tells."""
    return [name for name in FIELDS if name in reply_text]


@pytest.mark.parametrize("token", [None, "nobody-s-token"])
@pytest.mark.parametrize("body", BODIES)
async def test_nobody_is_told_nothing_of_the_body(salon: Harness, body: str, token: str | None) -> None:
    """401 whatever the body says, without a credential as with one that is none."""
    headers = JSON | ({"authorization": f"Bearer {token}"} if token else {})
    began = process_time()

    async with asyncio.timeout(PATIENCE):
        reply = await salon.client().send("POST", "/api/v1/appointments", content=BODIES[body], headers=headers)

    assert refusal(reply) == (401, "UNAUTHORIZED")
    assert reply.headers["www-authenticate"].startswith("Bearer")
    assert told(reply.text) == []
    assert process_time() - began < 1


@pytest.mark.parametrize("body", BODIES)
async def test_a_public_action_survives_every_body(shop: Shop, body: str) -> None:
    """Who may call is told what is wrong, soon, and with no word of what was sent."""
    began = process_time()

    async with asyncio.timeout(PATIENCE):
        reply = await shop.portico.client().send("POST", "/api/v1/echo", content=BODIES[body], headers=JSON)

    assert refusal(reply) == (422, "VALIDATION_ERROR")
    assert len(reply.content) < 5_000
    assert process_time() - began < 1


async def test_a_body_that_says_it_is_too_large_is_not_read(salon: Harness) -> None:
    """413 by Content-Length alone: to anybody, signed in or not."""
    headers = JSON | {"content-length": str(MIB + 1)}

    reply = await salon.client().send("POST", "/api/v1/appointments", content=b"{}", headers=headers)

    assert refusal(reply) == (413, "PAYLOAD_TOO_LARGE")
    assert told(reply.text) == []


class Endless:
    """A body in pieces that never ends; how many of them were wanted, and how many before the answer."""

    def __init__(self) -> None:
        """None yet."""
        self.pieces = 0
        self.answered = -1

    async def receive(self) -> MutableMapping[str, Any]:
        """The next piece."""
        self.pieces += 1
        return {"type": "http.request", "body": b"x" * 65_536, "more_body": True}


async def stream(app: App, path: str, endless: Endless) -> tuple[int, bytes]:
    """Send an endless body without saying how long it is."""
    sent: list[MutableMapping[str, Any]] = []

    async def send(message: MutableMapping[str, Any]) -> None:
        endless.answered = endless.pieces
        sent.append(message)

    headers = [(b"content-type", b"application/json"), (b"transfer-encoding", b"chunked")]
    scope = {"type": "http", "method": "POST", "path": path, "query_string": b"", "headers": headers, "client": None}
    await app(scope, endless.receive, send)
    return sent[0]["status"], b"".join(message.get("body", b"") for message in sent)


async def test_an_endless_body_of_nobody_is_not_read(salon: Harness) -> None:
    """Without a credential the answer comes before one piece is taken; then reading ends soon."""
    endless = Endless()

    status, body = await stream(salon.app, "/api/v1/appointments", endless)

    assert status == 401
    assert endless.answered == 0
    assert endless.pieces <= LINGER
    assert told(body.decode()) == []


async def test_an_endless_body_is_read_to_the_limit(shop: Shop) -> None:
    """Where it must be read, no more than the limit is taken and kept."""
    endless = Endless()

    status, _ = await stream(shop.portico.app, "/api/v1/echo", endless)

    assert status == 413
    assert endless.answered <= MIB // 65_536 + 1
    assert endless.pieces <= LINGER


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/api/auth/sign-up", {"email": "no address", "password": "Secret-Secret-77"}),
        ("/api/auth/sign-up", {"email": "ada@example.com", "password": "secret-secret"}),
        ("/api/auth/sign-up", {"email": "ada@example.com", "password": ["Secret-Secret-77"]}),
        ("/api/auth/sign-up", {"email": {"secret": "Secret-Secret-77"}, "password": "Secret-Secret-77"}),
        ("/api/auth/sign-in", {"email": "ada@example.com", "password": "Secret-Secret-77"}),
        ("/api/auth/sign-in", {"email": "secret-secret@", "password": "Secret-Secret-77" * 20}),
    ],
)
async def test_what_was_entered_is_never_given_back(salon: Harness, path: str, body: dict[str, object]) -> None:
    """Neither the password nor any other value stands in the answer that refuses it."""
    headers = {"authorization": "Bearer secret-secret-token", "x-api-key": "secret-secret-key"}

    reply = await salon.client().post(path, body, headers=headers)

    assert reply.status in {401, 422}
    assert "secret-secret" not in (reply.text + str(reply.headers)).lower()


async def test_a_taken_address_is_a_secret(salon: Harness) -> None:
    """A second registration is answered like the first, with nothing of whose the address is."""
    body = {"email": "ada@example.com", "password": "Correct-horse-7", "name": "Ada Lovelace"}
    first = await salon.client().post("/api/auth/sign-up", body)

    again = await salon.client().post("/api/auth/sign-up", body | {"name": "Eve"})

    assert (again.status, again.text) == (first.status, first.text) == (201, '{"data":{"email":"ada@example.com"}}')
    assert "Lovelace" not in str(again.headers)


async def test_a_token_is_kept_as_its_hash_alone(salon: Harness) -> None:
    """No table of the framework holds a password, the token that sign-in gave, or one that was sent by mail."""
    client = salon.client()
    body = {"email": "ada@example.com", "password": "Correct-horse-7"}
    await client.post("/api/auth/sign-up", body)
    sent = re.findall(r"token=(\S+)", "".join(mail.text for mail in await salon.mails()))
    await client.post("/api/auth/verify-email", {"token": sent[0]})
    await client.post("/api/auth/password/forgot", body)
    sent += re.findall(r"token=(\S+)", (await salon.mails())[-1].text)
    token = (await client.post("/api/auth/sign-in", body)).json["data"]["token"]

    tables = ("users", "sessions", "challenges", "audit", "outbox", "idempotency")
    kept = str([await salon.rows(f"select t::text from portico.{table} as t") for table in tables])

    for secret in (token, *sent):
        assert secret not in kept
        assert secret.encode().hex() not in kept
    assert "Correct-horse-7" not in kept
