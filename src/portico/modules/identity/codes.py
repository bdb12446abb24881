"""One-time codes: those of an authenticator app (RFC 6238), and those that stand in for it."""

import hmac
from base64 import b32encode
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from portico import PublicContext, Site
from portico.modules.identity.factors import TotpSetup

STEP = 30
"""Seconds for which an app shows a code."""
SECRET = 20
"""Bytes of a secret: as many as SHA-1 gives (RFC 4226, section 4)."""
CODES = 10
"""Recovery codes that somebody has at a time."""
CODE = 10
"""Bytes of a recovery code: too many to guess, so that a plain hash of it tells nothing."""


def new_secret(ctx: PublicContext) -> bytes:
    """A secret for an app."""
    return _random(ctx, SECRET)


def seal_secret(ctx: PublicContext, user_id: UUID, secret: bytes) -> bytes:
    """What the database keeps of a secret: of no use to anybody else's account."""
    return ctx.seal(secret, b"totp", user_id.bytes)


def unseal_secret(ctx: PublicContext, user_id: UUID, sealed: bytes) -> bytes:
    """The secret again."""
    return ctx.unseal(sealed, b"totp", user_id.bytes)


def setup_of(secret: bytes, site: Site, email: str) -> TotpSetup:
    """The secret as an app takes it: typed, as an address, as a picture."""
    import pyotp
    import segno

    spelled = b32encode(secret).decode()
    uri = pyotp.TOTP(spelled, interval=STEP).provisioning_uri(name=email, issuer_name=site.name)
    return TotpSetup(secret=spelled, uri=uri, qr=segno.make(uri, error="m").svg_data_uri(scale=4, light="#fff"))


def step_of(code: str, secret: bytes, now: datetime) -> int | None:
    """The step that the code belongs to: this one, or its neighbors, since clocks differ; None where it is wrong."""
    import pyotp

    app = pyotp.HOTP(b32encode(secret).decode())
    here = int(now.timestamp()) // STEP
    right = [step for step in (here, here - 1, here + 1) if hmac.compare_digest(app.at(step), code)]
    return right[0] if right else None


def new_recovery_codes(ctx: PublicContext) -> list[str]:
    """Ten codes, such as `mfxg-2zlo-nqzd-k5tu`."""
    spelled = (b32encode(_random(ctx, CODE)).decode().lower() for _ in range(CODES))
    return ["-".join(code[at : at + 4] for at in range(0, len(code), 4)) for code in spelled]


def hash_of_code(user_id: UUID, code: str) -> bytes:
    """All that is kept of a recovery code; how it is spaced and in which case it is written does not count."""
    letters = "".join(filter(str.isalnum, code.casefold()))
    return sha256(user_id.bytes + letters.encode()).digest()


def _random(ctx: PublicContext, size: int) -> bytes:
    return sha256(ctx.new_token().encode()).digest()[:size]
