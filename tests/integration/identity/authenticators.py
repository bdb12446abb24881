"""Authenticators of one's own: an app that shows codes, and one that holds passkeys."""

import json
from base64 import b32decode, urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha1, sha256
from hmac import digest
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256

from portico.testing import Client, Harness
from tests.integration.identity.alice import post

HOST = "testserver"
PRESENT, VERIFIED, ATTESTED = 1, 4, 64


@dataclass
class App:
    """An authenticator app with Alice's secret (RFC 6238 by hand)."""

    portico: Harness
    secret: str
    recovery_codes: list[str] = field(default_factory=list)

    def code(self, steps: int = 0) -> str:
        """What the app shows, so many steps from now."""
        step = int(self.portico.clock.now().timestamp()) // 30 + steps
        mac = digest(b32decode(self.secret), step.to_bytes(8, "big"), sha1)
        at = mac[-1] & 15
        return f"{(int.from_bytes(mac[at : at + 4], 'big') & 0x7FFFFFFF) % 1_000_000:06}"

    def wait(self, steps: int = 1) -> None:
        """Until the app shows another code."""
        self.portico.clock.advance(timedelta(seconds=30 * steps))


async def begin(portico: Harness, client: Client) -> App:
    """Ask for a secret."""
    reply = await post(portico, "totp", client)
    assert reply.status == 200, reply.text
    return App(portico, reply.json["data"]["secret"])


async def turn_on(portico: Harness, client: Client) -> App:
    """Turn the second factor on; the app shows another code than the one that did so."""
    app = await begin(portico, client)
    reply = await post(portico, "totp/confirm", client, code=app.code())
    assert reply.status == 200, reply.text
    app.recovery_codes = reply.json["data"]["recovery_codes"]
    app.wait()
    return app


@dataclass
class Device:
    """Holds one passkey (WebAuthn level 2), and lies where a test tells it to."""

    origin: str = f"https://{HOST}"
    host: str = HOST
    flags: int = PRESENT | VERIFIED
    count: int = 1
    user: str = ""
    key: EllipticCurvePrivateKey = field(default_factory=lambda: generate_private_key(SECP256R1()))
    id: bytes = field(default_factory=lambda: sha256(str(generate_private_key(SECP256R1())).encode()).digest())

    def create(self, options: dict[str, Any]) -> dict[str, Any]:
        """A credential for `navigator.credentials.create()`'s options."""
        self.user = options["user"]["id"]
        point = self.key.public_key().public_numbers()
        x, y = point.x.to_bytes(32, "big"), point.y.to_bytes(32, "big")
        public = cbor2.dumps({1: 2, 3: -7, -1: 1, -2: x, -3: y})
        made = bytes(16) + len(self.id).to_bytes(2, "big") + self.id + public
        data = self._data(self.flags | ATTESTED) + made
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        return self._credential("webauthn.create", options, attestationObject=spelled(attestation))

    def get(self, options: dict[str, Any]) -> dict[str, Any]:
        """A credential for `navigator.credentials.get()`'s options."""
        self.count += 1
        data = self._data(self.flags)
        signed = data + sha256(self._client_data("webauthn.get", options)).digest()
        signature = spelled(self.key.sign(signed, ECDSA(SHA256())))
        parts = {"authenticatorData": spelled(data), "signature": signature, "userHandle": self.user}
        return self._credential("webauthn.get", options, **parts)

    def _data(self, flags: int) -> bytes:
        return sha256(self.host.encode()).digest() + bytes([flags]) + self.count.to_bytes(4, "big")

    def _client_data(self, kind: str, options: dict[str, Any]) -> bytes:
        return json.dumps({"type": kind, "challenge": options["challenge"], "origin": self.origin}).encode()

    def _credential(self, kind: str, options: dict[str, Any], **response: str) -> dict[str, Any]:
        said = {"clientDataJSON": spelled(self._client_data(kind, options)), **response}
        return {"id": spelled(self.id), "rawId": spelled(self.id), "type": "public-key", "response": said}


def spelled(data: bytes) -> str:
    """Bytes in base64url."""
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def bytes_of(text: str) -> bytes:
    """Bytes from base64url."""
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
