"""Signatures, as anybody can check them."""

import hashlib
import hmac
from base64 import b64decode
from datetime import UTC, datetime
from typing import Any

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from portico.modules.webhooks.signing import plain_headers, secret_of, signature_of, standard_headers

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
BODY = b'{"test": 2432232314}'


def now() -> int:
    """In seconds."""
    return int(datetime.now(UTC).timestamp())


def test_the_signature_of_the_standards_own_example() -> None:
    """Id, timestamp, body and secret as its specification gives them."""
    found = signature_of(SECRET, "msg_p5jXN8AQM9LWM0D4loKWxJek", timestamp=1614265330, body=BODY)

    assert found == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest.mark.parametrize("size", [24, 32, 64])
def test_a_secret_is_its_octets_in_base64(size: int) -> None:
    """With the prefix by which one knows it."""
    secret = secret_of(bytes(range(size)))

    assert secret.startswith("whsec_")
    assert b64decode(secret.removeprefix("whsec_")) == bytes(range(size))


def test_the_library_of_the_standard_agrees() -> None:
    """Under the secret, and under either of two."""
    other = secret_of(bytes(32))
    headers = standard_headers([SECRET, other], "one", timestamp=now(), body=BODY)

    for secret in (SECRET, other):
        assert Webhook(secret).verify(BODY, headers) == {"test": 2432232314}


@pytest.mark.parametrize(
    "change",
    [
        {"webhook-id": "two"},
        {"webhook-timestamp": str(now() - 1)},
        {"webhook-timestamp": str(now() - 600)},
        {"webhook-signature": "v1,AAAA"},
    ],
)
def test_what_was_changed_on_the_way_is_seen(change: dict[str, str]) -> None:
    """Id, time and signature belong together."""
    headers = standard_headers([SECRET], "one", timestamp=now(), body=BODY)

    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET).verify(BODY, headers | change)


def test_another_body_has_another_signature() -> None:
    """One byte is enough."""
    headers = standard_headers([SECRET], "one", timestamp=now(), body=BODY)

    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET).verify(BODY + b" ", headers)


def test_the_plain_signature_is_hmac_in_hexadecimal() -> None:
    """Of the body alone, under the secret as text."""
    headers: dict[str, Any] = plain_headers(SECRET, "article.sold", moment="2026-11-28T10:00:00Z", body=BODY)

    assert headers == {
        "X-Webhook-Signature": hmac.new(SECRET.encode(), BODY, hashlib.sha256).hexdigest(),
        "X-Webhook-Event": "article.sold",
        "X-Webhook-Timestamp": "2026-11-28T10:00:00Z",
    }
