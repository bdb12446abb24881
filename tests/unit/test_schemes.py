"""How providers sign: as their own libraries do, and nothing else passes."""

import base64
from datetime import UTC, datetime

import pytest
import standardwebhooks
import stripe
from hypothesis import given
from hypothesis import strategies as st
from pydantic_core import from_json, to_json

from portico import Invalid
from portico.core.schemes import SCHEMES, Doubt, Parcel, SchemeName, Terms

NOW = 1_900_000_000.0
SECRET = "whsec_" + base64.b64encode(bytes(range(32))).decode()
BODY = b'{"id": "evt_1", "type": "invoice.paid", "data": {"object": {"id": "in_1"}}}'
NAMES: list[SchemeName] = ["stripe", "standard", "hmac", "supabase"]


def terms(scheme: SchemeName, *secrets: str, now: float = NOW) -> Terms:
    """Under these secrets, five minutes either way."""
    return Terms([SCHEMES[scheme].key(secret) for secret in secrets or (SECRET,)], now, 300)


def judged(scheme: SchemeName, headers: dict[str, str], body: bytes = BODY, *, now: float = NOW) -> Doubt | None:
    """What is said of a delivery."""
    return SCHEMES[scheme].judge(Parcel(body, headers), terms(scheme, now=now))


def test_what_stripe_signs_is_genuine() -> None:
    """By its own library; a signature of an older scheme beside it does not matter, none of the present one does."""
    header = stripe.WebhookSignature.generate_signature_header(payload=BODY.decode(), secret=SECRET, timestamp=int(NOW))

    assert judged("stripe", {"stripe-signature": header}) is None
    assert judged("stripe", {"stripe-signature": f"{header},v0=abc, v1=def"}) is None
    assert judged("stripe", {"stripe-signature": header.replace("v1=", "v0=")}) == "forged"


def test_what_we_sign_is_genuine_to_stripe() -> None:
    """Its library takes our samples."""
    body = to_json(SCHEMES["stripe"].sample("invoice.paid", {"id": "in_1"}))
    signed = SCHEMES["stripe"].sign(body, SECRET.encode(), datetime.now(UTC).timestamp())

    event = stripe.Webhook.construct_event(body, signed["stripe-signature"], SECRET)

    assert (event.type, event.data.object["id"]) == ("invoice.paid", "in_1")


def test_standard_webhooks_agree_both_ways() -> None:
    """With their reference library."""
    library, now = standardwebhooks.Webhook(SECRET), datetime.now(UTC)
    ours = SCHEMES["standard"].sign(BODY, SCHEMES["standard"].key(SECRET), now.timestamp())
    theirs = library.sign("msg_1", now, BODY.decode())
    headers = {"webhook-id": "msg_1", "webhook-timestamp": str(int(now.timestamp())), "webhook-signature": theirs}

    assert library.verify(BODY, ours) == from_json(BODY)
    assert judged("standard", headers, now=now.timestamp()) is None
    assert judged("standard", {**headers, "webhook-id": "msg_2"}, now=now.timestamp()) == "forged"
    assert judged("standard", {**headers, "webhook-signature": f"v2,x v1,y {theirs}"}, now=now.timestamp()) is None


@pytest.mark.parametrize("scheme", NAMES)
def test_either_of_two_secrets_counts(scheme: SchemeName) -> None:
    """And no other one."""
    other, third = (f"whsec_{base64.b64encode(bytes([n]) * 32).decode()}" for n in (7, 8))
    signed = {s: SCHEMES[scheme].sign(BODY, SCHEMES[scheme].key(s), NOW) for s in (SECRET, other, third)}
    both = terms(scheme, other, SECRET)

    found = {s: SCHEMES[scheme].judge(Parcel(BODY, headers), both) for s, headers in signed.items()}

    assert found == {SECRET: None, other: None, third: "forged"}


@pytest.mark.parametrize("scheme", ["stripe", "standard"])
@pytest.mark.parametrize(
    ("later", "doubt"), [(0, None), (300, None), (301, "stale"), (-300, None), (-301, "future"), (10**9, "stale")]
)
def test_time_counts_both_ways(scheme: SchemeName, later: float, doubt: Doubt | None) -> None:
    """To the second."""
    headers = SCHEMES[scheme].sign(BODY, SCHEMES[scheme].key(SECRET), NOW)

    assert judged(scheme, headers, now=NOW + later) == doubt


@pytest.mark.parametrize("scheme", NAMES)
@given(junk=st.text(max_size=80), body=st.binary(max_size=80))
def test_no_junk_is_genuine(scheme: SchemeName, junk: str, body: bytes) -> None:
    """Whatever stands in the headers, it is refused, and nothing breaks."""
    headers = {name.lower(): junk for name in SCHEMES[scheme].headers}

    assert judged(scheme, headers, body) == ("forged" if junk else "missing")


@pytest.mark.parametrize("stamp", ["", "-1", "1e9", "٣", "9" * 40, "1900000000.0"])
def test_a_time_is_whole_seconds(stamp: str) -> None:
    """Also where it is signed."""
    key = SECRET.encode()
    signed = SCHEMES["hmac"].sign(f"{stamp}.".encode() + BODY, key, NOW)["x-webhook-signature"]

    assert judged("stripe", {"stripe-signature": f"t={stamp},v1={signed}"}) == "forged"


@pytest.mark.parametrize(
    ("scheme", "body", "label"),
    [
        ("stripe", b'{"id": "evt_1", "type": "a.b"}', ("evt_1", "a.b")),
        ("standard", b'{"type": "a.b"}', ("msg_1", "a.b")),
        ("standard", b'{"event": "a.b", "id": "other"}', ("msg_1", "a.b")),
        ("hmac", b'{"id": 7, "event": "a.b"}', ("7", "a.b")),
        ("supabase", b'{"id": "x", "type": "INSERT", "table": "t", "schema": "public"}', ("x", "INSERT:t")),
        ("supabase", b'{"id": "x", "type": "DELETE", "table": "t", "schema": "s"}', ("x", "DELETE:s.t")),
    ],
)
def test_events_say_what_they_are(scheme: SchemeName, body: bytes, label: tuple[str, str]) -> None:
    """Where each provider writes it."""
    assert SCHEMES[scheme].read(Parcel(body, {"webhook-id": "msg_1"}), from_json(body)) == label


def test_a_body_without_an_id_is_known_by_its_digest() -> None:
    """The same bytes are the same event."""
    bodies = [b'{"event": "a"}', b'{"event": "a"}', b'{"event":"a"}']
    ids = [SCHEMES["hmac"].read(Parcel(body, {}), from_json(body)).id for body in bodies]

    assert ids[0] == ids[1] != ids[2]
    assert ids[0].startswith("sha256:")


@pytest.mark.parametrize(
    ("scheme", "body", "wrong"),
    [
        ("stripe", b'{"type": "a"}', {"id": "VAL_REQUIRED_FIELD"}),
        ("stripe", b'{"id": 7, "type": ["a"]}', {"id": "VAL_INVALID_FORMAT", "type": "VAL_INVALID_FORMAT"}),
        ("hmac", b'{"id": "a\\nb", "event": "a"}', {"id": "VAL_INVALID_FORMAT"}),
        ("hmac", b'{"event": "%s"}' % (b"a" * 201), {"type": "VAL_INVALID_FORMAT"}),
        ("supabase", b'{"type": "INSERT"}', {"type": "VAL_REQUIRED_FIELD"}),
        ("supabase", b'{"type": "INSERT", "table": "t", "schema": ["s"]}', {"type": "VAL_REQUIRED_FIELD"}),
    ],
)
def test_what_is_missing_is_said(scheme: SchemeName, body: bytes, wrong: dict[str, str]) -> None:
    """By member, all of it."""
    with pytest.raises(Invalid) as refused:
        SCHEMES[scheme].read(Parcel(body, {}), from_json(body))

    assert {name: found[0].code for name, found in (refused.value.errors or {}).items()} == wrong


@pytest.mark.parametrize(("secret", "words"), [("whsec_a!", "no Base64"), ("whsec_YWJj", "it has 3 bytes")])
def test_a_secret_that_is_none_is_refused(secret: str, words: str) -> None:
    """Standard Webhooks want 24 to 64 bytes in Base64."""
    with pytest.raises(ValueError, match=words):
        SCHEMES["standard"].key(secret)
