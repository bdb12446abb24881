"""The application's secret, and what is derived from it."""

import hashlib
import hmac
import os
import secrets
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from portico.app.settings import Settings
from portico.core.chain import Ring
from portico.errors import Misconfigured

FILE = "secret"
BLOCK, PADS = 64, (0x36, 0x5C)
"""Of HMAC with SHA-256."""


def read_secret(settings: Settings) -> bytes:
    """The secret of the settings, or the folder's own, made at first use and readable by its owner alone.

    Raises Misconfigured where a database of one's own is used without one: several machines must share it.
    """
    if settings.secret_key is not None:
        return settings.secret_key.get_secret_value().encode()
    if settings.database_url is not None or settings.database_owner_url is not None:
        message = "SECRET_KEY is not set: with a DATABASE_URL, give every process the same one (32 characters or more)."
        raise Misconfigured(message)
    return _kept(settings.portico_folder / FILE)


def derive(secret: bytes, purpose: str) -> bytes:
    """A key for one purpose alone: 32 bytes."""
    return hmac.digest(secret, f"portico {purpose}".encode(), hashlib.sha256)


def signer(secret: bytes) -> Callable[[bytes], bytes]:
    """HMAC-SHA256 for tokens of forms."""
    key = derive(secret, "sign")
    return lambda message: hmac.digest(key, message, hashlib.sha256)


def prover(proof_key: bytes) -> Callable[[bytes], bytes]:
    """HMAC-SHA256 under the key that the database knows.

    Its two hashes begin with the key alone (RFC 2104, section 2), and are that far computed once: a call's proof takes
    less than half of the time of `hmac.digest`.
    """
    key = proof_key if len(proof_key) <= BLOCK else hashlib.sha256(proof_key).digest()
    inner, outer = (hashlib.sha256(bytes(octet ^ pad for octet in key.ljust(BLOCK, b"\0"))) for pad in PADS)

    def prove(message: bytes) -> bytes:
        first, second = inner.copy(), outer.copy()
        first.update(message)
        second.update(first.digest())
        return second.digest()

    return prove


def ring_of(settings: Settings) -> Ring:
    """The keys of the audit's seals: the present secret's, and those of former ones, which only check."""
    former = settings.portico_former_secret_keys
    others = former.get_secret_value().split(",") if former is not None else []
    secrets_ = [read_secret(settings), *(other.strip().encode() for other in others if other.strip())]
    return Ring.of([derive(secret, "audit") for secret in secrets_])


def _kept(file: Path) -> bytes:
    """Read it, or make it; of two processes that make it at once, the first one's stands."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with suppress(FileNotFoundError):
        return file.read_bytes()
    draft = file.with_name(f"{FILE}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as opened:
        opened.write(secrets.token_urlsafe(48))
    with suppress(FileExistsError):
        os.link(draft, file)
    draft.unlink()
    return file.read_bytes()
