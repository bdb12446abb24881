"""The module of identity, and what its actions share."""

from hashlib import sha256
from pathlib import Path

from portico import Module

SESSION = "__Host-session"
FORGOTTEN = "/forgot-password"
"""The path of the page that asks for a link to choose another password."""
identity = Module("identity", prefix="/api/auth", mails=Path(__file__).parent / "mails")


def hash_of(token: str) -> bytes:
    """All that is kept of a token."""
    return sha256(token.encode()).digest()
