"""Signatures of deliveries: Standard Webhooks, and a plain trio of headers for simpler receivers."""

import hashlib
import hmac
from base64 import b64decode, b64encode
from collections.abc import Sequence

PREFIX = "whsec_"
SIZE = 32
"""Random bytes of a secret; the standard wants 24 to 64."""


def secret_of(octets: bytes) -> str:
    """A secret as its owner is shown it."""
    return PREFIX + b64encode(octets).decode()


def signature_of(secret: str, id: str, *, timestamp: int, body: bytes) -> str:
    """`v1,` and the HMAC-SHA256 of id, timestamp and body in Base64 (Standard Webhooks)."""
    key = b64decode(secret.removeprefix(PREFIX))
    digest = hmac.digest(key, f"{id}.{timestamp}.".encode() + body, hashlib.sha256)
    return f"v1,{b64encode(digest).decode()}"


def standard_headers(secrets: Sequence[str], id: str, *, timestamp: int, body: bytes) -> dict[str, str]:
    """The three headers of Standard Webhooks, signed under each of the secrets."""
    signatures = [signature_of(secret, id, timestamp=timestamp, body=body) for secret in secrets]
    return {"webhook-id": id, "webhook-timestamp": str(timestamp), "webhook-signature": " ".join(signatures)}


def plain_headers(secret: str, event: str, *, moment: str, body: bytes) -> dict[str, str]:
    """The plain trio: HMAC-SHA256 of the body in hexadecimal under the text of the secret; event and time as in it."""
    signature = hmac.digest(secret.encode(), body, hashlib.sha256).hex()
    return {"X-Webhook-Signature": signature, "X-Webhook-Event": event, "X-Webhook-Timestamp": moment}
