"""What a verified payload says, as our claims."""

from collections.abc import Mapping
from datetime import UTC, datetime

from portico.adapters.oidc.issuers import Issuer
from portico.adapters.oidc.shapes import find
from portico.ports.tokens import Claims

Payload = Mapping[str, object]
END_OF_TIME = 253402300800
"""The year 10000, in seconds: beyond it no datetime reaches."""


def read_claims(payload: Payload, issuer: Issuer, digest: str) -> Claims:
    """The claims of a payload that has been verified; `digest` stands for a token without an id."""
    shape = issuer.claims
    email = text(find(payload, shape.email))
    since, issued = moment(payload, "auth_time"), moment(payload, "iat")
    return Claims(
        issuer=issuer.url,
        subject=text(find(payload, shape.user)) or "",
        email=email,
        email_verified=email is not None and _vouches(payload, issuer),
        name=text(find(payload, shape.name)),
        org=text(find(payload, shape.org)),
        role=_role(find(payload, shape.role), issuer),
        expires_at=_when(moment(payload, "exp") or 0),
        authenticated_at=None if since is None else _when(since),
        token_id=text(payload.get("jti")) or f"sha256:{digest}",
        issued_at=None if issued is None else _when(issued),
    )


def text(value: object, most: int = 320) -> str | None:
    """The value where it is text that can be stored and shown: no control characters, no halves of a character."""
    return value if isinstance(value, str) and value and len(value) <= most and value.isprintable() else None


def moment(payload: Payload, name: str) -> float | None:
    """A time in seconds since 1970, where the claim is one."""
    value = payload.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return value if 0 <= value < END_OF_TIME else None


def _when(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _vouches(payload: Payload, issuer: Issuer) -> bool:
    """Some issuers write the word "true"; whatever else stands there is no."""
    return issuer.trusts_email or find(payload, issuer.claims.email_verified) in (True, "true")


def _role(theirs: object, issuer: Issuer) -> str | None:
    several = theirs if isinstance(theirs, list) else [theirs]
    found = {role.removeprefix(issuer.claims.prefix) for role in several if isinstance(role, str)}
    return next((ours for name, ours in issuer.roles.items() if name.removeprefix(issuer.claims.prefix) in found), None)
