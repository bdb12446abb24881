"""Who sent it: what is not proved is refused, counted, and never stored."""

from collections.abc import Mapping
from datetime import timedelta

import pytest
from pydantic_core import to_json

from portico.core.schemes import SCHEMES, SchemeName
from portico.testing import Harness, Reply, open_harness
from tests.integration.inbox.till import INBOXES, closed, few, parcels

pytestmark = pytest.mark.anyio
REFUSED = "select inbox, reason, refused from portico.inbox_refusals"
STORED = "select inbox, event, kind, repeated from portico.inbox order by received_at"
STATUSES: Mapping[SchemeName, tuple[int, int]] = {
    "stripe": (400, 400),
    "standard": (401, 401),
    "hmac": (401, 401),
    "supabase": (400, 401),
}
"""Of a delivery that is not signed, and of one that is signed wrongly."""


class Provider:
    """A provider that signs as told."""

    def __init__(self, portico: Harness, scheme: SchemeName) -> None:
        self.portico = portico
        self.inbox, self.kind = INBOXES[scheme]
        self.scheme = SCHEMES[scheme]
        self.key = portico.app.running.pipeline.services.keys[scheme, self.inbox.proof.secret][0]
        self.body = to_json(self.scheme.sample(self.kind, {"id": 7, "name": "Ann"}))

    def signed(self, *, key: bytes | None = None, ahead: float = 0.0) -> dict[str, str]:
        """The headers, as of so many seconds ahead."""
        now = self.portico.clock.now() + timedelta(seconds=ahead)
        return self.scheme.sign(self.body, key or self.key, now.timestamp())

    async def send(self, headers: Mapping[str, str], body: bytes | None = None) -> Reply:
        """Send it."""
        path = self.inbox.action.place.prefix + self.inbox.action.place.path
        content = self.body if body is None else body
        return await self.portico.client().send("POST", path, content=content, headers=headers)


@pytest.fixture(params=list(INBOXES))
def provider(request: pytest.FixtureRequest, portico: Harness) -> Provider:
    """Each kind of provider."""
    return Provider(portico, request.param)


def refusal(provider: Provider) -> tuple[int, int]:
    """The statuses of its scheme."""
    return next(STATUSES[name] for name, scheme in SCHEMES.items() if scheme is provider.scheme)


async def test_what_is_proved_is_stored_and_answered(provider: Provider) -> None:
    """200 in the one envelope, with nothing handled yet; the second time it is said to be a duplicate."""
    headers = provider.signed()
    first, again = await provider.send(headers), await provider.send(headers)

    assert (first.status, first.json) == (200, {"data": {"received": True, "duplicate": False}})
    assert (again.status, again.json) == (200, {"data": {"received": True, "duplicate": True}})
    (stored,) = await provider.portico.rows(STORED)
    assert (stored["inbox"], stored["kind"], stored["repeated"]) == (provider.inbox.action.name, provider.kind, 1)
    assert len(await provider.portico.enqueued()) == 1


async def test_what_is_not_signed_is_refused(provider: Provider) -> None:
    """MISSING_SIGNATURE with the status of the scheme, whatever else is right."""
    reply = await provider.send({"authorization": "Bearer of-somebody"})

    assert (reply.status, reply.json["code"]) == (refusal(provider)[0], "MISSING_SIGNATURE")
    await _nothing_but(provider, "missing")


@pytest.mark.parametrize("fault", ["another key", "another body", "cut short", "junk", "no letters", "empty body"])
async def test_what_is_signed_wrongly_is_refused(provider: Provider, fault: str) -> None:
    """INVALID_SIGNATURE: another secret, a changed or truncated body, a header of junk."""
    headers, body = provider.signed(), provider.body
    name = provider.scheme.headers[-1].lower()
    faults: dict[str, tuple[dict[str, str], bytes]] = {
        "another key": (provider.signed(key=b"k" * 32), body),
        "another body": (headers, body.replace(b"Ann", b"Bob")),
        "cut short": (headers, body[:-1]),
        "junk": (headers | {name: "t=1,v1=,v1 ,,=;v1,"}, body),
        "no letters": (headers | {name: "v1,\xe4\xf6"}, body),
        "empty body": (headers, b""),
    }

    reply = await provider.send(*faults[fault])

    assert (reply.status, reply.json["code"]) == (refusal(provider)[1], "INVALID_SIGNATURE")
    await _nothing_but(provider, "forged")


@pytest.mark.parametrize(("ahead", "reason"), [(-301.0, "stale"), (301.0, "future")])
@pytest.mark.parametrize("provider", ["stripe", "standard"], indirect=True)
async def test_what_was_signed_at_another_time_is_refused(provider: Provider, ahead: float, reason: str) -> None:
    """Five minutes either way are tolerated, and not a second more."""
    late = await provider.send(provider.signed(ahead=ahead))
    in_time = await provider.send(provider.signed(ahead=ahead / 301.0 * 299.0))

    assert (late.status, late.json["code"], in_time.status) == (refusal(provider)[1], "INVALID_SIGNATURE", 200)
    assert [tuple(row)[1:] for row in await provider.portico.rows(REFUSED)] == [(reason, 1)]


async def test_refusals_are_counted_by_reason(portico: Harness) -> None:
    """However many there are, one row a day and reason."""
    provider = Provider(portico, "hmac")
    for headers in ({}, {}, provider.signed(key=b"another"), {}):
        await provider.send(headers)

    counted = {row["reason"]: row["refused"] for row in await portico.rows(REFUSED)}
    assert counted == {"missing": 3, "forged": 1}


async def test_a_secret_is_replaced_without_a_gap(portico: Harness, monkeypatch: pytest.MonkeyPatch) -> None:
    """While two secrets are set, both count; the older one no longer, once it is gone."""
    accepted = []
    for secrets in ("older-secret", "newer-secret , older-secret", "newer-secret"):
        monkeypatch.setenv("TILL_PARCELS_SECRET", secrets)
        async with open_harness(portico.app, portico.urls) as turned:
            provider = Provider(turned, "hmac")
            for key in (b"older-secret", b"newer-secret"):
                provider.body = to_json(provider.scheme.sample(provider.kind, {"id": "p"}))
                accepted.append((await provider.send(provider.signed(key=key))).status)

    assert accepted == [200, 401, 200, 200, 401, 200]


async def test_a_signature_with_its_prefix_counts_too(portico: Harness) -> None:
    """Some write `sha256=` before it, some in capitals."""
    provider = Provider(portico, "hmac")
    (signature,) = provider.signed().values()

    reply = await provider.send({"X-Webhook-Signature": f"sha256={signature.upper()}"})

    assert reply.status == 200


async def test_a_large_body_is_not_read(portico: Harness) -> None:
    """413, by its length or once it is too long; nothing is stored."""
    provider = Provider(portico, "hmac")
    provider.body = b'{"event": "parcel.sent", "data": {"id": "%s"}}' % (b"x" * 2_000)

    replies = [await provider.send(provider.signed() | length) for length in ({}, {"content-length": "10"})]

    assert [(r.status, r.json["code"]) for r in replies] == [(413, "PAYLOAD_TOO_LARGE")] * 2
    assert await portico.rows(STORED) == []


@pytest.mark.parametrize("body", [b"{", b"[]", b"7", b'{"data": {}}', b'{"event": 7}', b'{"event": "a\\u0000b"}'])
async def test_what_is_proved_but_says_nothing_is_told_so(portico: Harness, body: bytes) -> None:
    """422 with the member that is wrong."""
    provider = Provider(portico, "hmac")
    provider.body = body

    reply = await provider.send(provider.signed())

    assert (reply.status, reply.json["code"]) == (422, "VALIDATION_ERROR")
    assert await portico.rows(STORED) == []


async def test_each_webhook_has_a_limit_of_its_own(portico: Harness) -> None:
    """Not the application's, which counts a person's calls; the provider is told when to come back."""
    client = portico.client()
    replies = [await client.deliver(few, "x", {}) for _ in range(3)]
    other = await client.deliver(parcels, "parcel.sent", {"id": "p"})

    assert [reply.status for reply in replies] == [200, 200, 429]
    assert "retry-after" in replies[2].headers
    assert other.headers["ratelimit-policy"] == '"till.parcels";q=1000;w=60'


async def test_without_an_optional_secret_nothing_is_taken(portico: Harness, monkeypatch: pytest.MonkeyPatch) -> None:
    """404, whoever signs with whatever, an empty key too; the others take what is theirs."""
    for inbox, _ in INBOXES.values():
        monkeypatch.setenv(inbox.proof.secret, f"whsec_{'c2VjcmV0' * 4}")
    monkeypatch.setenv(few.proof.secret, "of-few")
    monkeypatch.setenv(closed.proof.secret, " , ")
    signed = SCHEMES["hmac"].sign(b"{}", b"", portico.clock.now().timestamp())
    async with open_harness(portico.app, portico.urls, portico_derive_webhook_secrets=False) as strict:
        refused = await strict.client().send("POST", "/api/v1/webhooks/closed", content=b"{}", headers=signed)
        taken = await strict.client().deliver(parcels, "parcel.sent", {"id": "p"})

    assert (refused.status, refused.json["code"], taken.status) == (404, "NOT_FOUND", 200)


async def _nothing_but(provider: Provider, reason: str) -> None:
    """Nothing is stored or enqueued; the refusal is counted."""
    rows = await provider.portico.rows(REFUSED)
    assert [tuple(row) for row in rows] == [(provider.inbox.action.name, reason, 1)]
    assert await provider.portico.rows(STORED) == []
    assert await provider.portico.enqueued() == []
