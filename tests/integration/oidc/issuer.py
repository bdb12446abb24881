"""An issuer of our own: a small HTTP server whose keys, answers and temper a test may change."""

import asyncio
import hashlib
import json
from base64 import b64decode
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from functools import cache
from typing import Literal
from urllib.parse import parse_qs, parse_qsl, urlsplit

from joserfc.jwk import ECKey, KeyParameters, OKPKey, RSAKey
from joserfc.jws import JWSRegistry
from joserfc.util import urlsafe_b64encode

from portico.adapters.memory.clock import SettableClock
from portico.adapters.oidc.discovery import WELL_KNOWN

Answer = tuple[int, object]
Key = RSAKey | ECKey | OKPKey
Kind = Literal["RSA", "EC", "OKP"]
ALGORITHMS = {"RSA": "RS256", "EC": "ES256", "OKP": "EdDSA"}


@cache
def make_key(kind: Kind, kid: str) -> Key:
    """A key pair, made once for the whole run."""
    named: KeyParameters = {"kid": kid}
    if kind == "RSA":
        return RSAKey.generate_key(2048, named)
    return ECKey.generate_key("P-256", named) if kind == "EC" else OKPKey.generate_key("Ed25519", named)


def forge(header: object, payload: object, sign: Callable[[bytes], bytes]) -> str:
    """A token with whatever header, payload and signature."""
    written = b".".join(urlsafe_b64encode(json.dumps(part).encode()) for part in (header, payload))
    return (written + b"." + urlsafe_b64encode(sign(written))).decode()


class LocalIssuer:
    """Publishes keys and a discovery document, answers codes with tokens, and counts who asks."""

    def __init__(self, clock: SettableClock) -> None:
        """It has one RSA key, and is in a good temper."""
        self.clock = clock
        self.url = ""
        self.down = False
        self.header = ""
        self.arrived = asyncio.Event()
        self.free = asyncio.Event()
        self.free.set()
        self.hits: Counter[str] = Counter()
        self.keys = [make_key("RSA", "first")]
        self.document: dict[str, object] = {}
        self.answers: dict[str, Answer] = {}
        self.codes: dict[str, dict[str, str]] = {}
        self.extra: dict[str, object] = {}
        self.asked: dict[str, str] = {}

    def claims(self, **changes: object) -> dict[str, object]:
        """What it says of a user; None leaves a claim out."""
        now = int(self.clock.now().timestamp())
        said = {"iss": self.url, "aud": "portico", "sub": "user-1", "iat": now, "exp": now + 300, **changes}
        return {name: value for name, value in said.items() if value is not None}

    def sign(self, payload: object, key: Key | None = None, header: Mapping[str, object] = {}) -> str:
        """A token signed with its newest key, or another."""
        key = key or self.keys[-1]
        algorithm = ALGORITHMS[key.key_type]
        head = {"alg": algorithm, "kid": key.kid, "typ": "JWT", **header}
        kept = {name: value for name, value in head.items() if value is not None}
        return forge(kept, payload, lambda written: JWSRegistry.algorithms[algorithm].sign(written, key))

    def token(self, **changes: object) -> str:
        """A good token, but for the changes."""
        return self.sign(self.claims(**changes))

    def admit(self, url: str) -> str:
        """Do what a browser does at the authorization address, where somebody signs in: a code comes back."""
        code = f"code-{len(self.codes) + 1}"
        self.codes[code] = dict(parse_qsl(urlsplit(url).query))
        return code

    @asynccontextmanager
    async def serve(self) -> AsyncIterator["LocalIssuer"]:
        """Listen on a free port of this machine."""
        server = await asyncio.start_server(self._answer, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        try:
            yield self
        finally:
            server.close()
            await server.wait_closed()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        first, *lines = head.split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        path = first.split(" ")[1]
        self.hits[path] += 1
        self.arrived.set()
        await self.free.wait()
        if not self.down:
            status, document = self.answers.get(path) or self._document(path, headers, body)
            text = document if isinstance(document, bytes) else json.dumps(document).encode()
            writer.write(f"HTTP/1.1 {status} X\r\n{self.header}Content-Length: {len(text)}\r\n".encode())
            writer.write(b"Connection: close\r\n\r\n" + text)
        writer.close()

    def _document(self, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        if path == WELL_KNOWN:
            named = {"authorization_endpoint": "/authorize", "token_endpoint": "/token", "jwks_uri": "/keys"}
            return 200, {"issuer": self.url, **{n: self.url + p for n, p in named.items()}, **self.document}
        if path == "/keys":
            return 200, {"keys": [key.as_dict(private=False) for key in self.keys]}
        if path == "/token":
            return self._exchange(headers, {name: values[0] for name, values in parse_qs(body.decode()).items()})
        return 404, {}

    def _exchange(self, headers: Mapping[str, str], form: dict[str, str]) -> Answer:
        """A code is good once, for the address and the verifier that it was asked with."""
        shown = headers.get("authorization", "").removeprefix("Basic ")
        self.asked = form | {"basic": b64decode(shown).decode()}
        asked = self.codes.pop(form["code"], {})
        challenge = urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest()).decode()
        if (asked.get("code_challenge"), asked.get("redirect_uri")) != (challenge, form["redirect_uri"]):
            return 400, {"error": "invalid_grant"}
        said = self.claims(aud=asked["client_id"], nonce=asked["nonce"]) | self.extra
        return 200, {"access_token": "opaque", "token_type": "Bearer", "id_token": self.sign(said)}
