"""Where somebody falls between 0 and 1: always in the same place for one thing, and evenly for all things together."""

from hashlib import blake2b

WHOLE = 2.0**64


def digest_of(thing: str, kind: str, subject: object) -> bytes:
    """16 bytes that stand for the subject in that thing alone, and do not tell who it is."""
    return blake2b(f"{thing}\0{kind}\0{subject}".encode(), digest_size=16).digest()


def share_of(digest: bytes) -> float:
    """At least 0, less than 1."""
    return int.from_bytes(digest[:8], "big") / WHOLE
