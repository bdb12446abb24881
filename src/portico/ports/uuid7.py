"""Ids that sort by the time when they were made."""

from os import urandom
from time import time_ns


def uuid7() -> str:
    """A UUIDv7 (RFC 9562, section 5.7) in 32 hexadecimal digits: 48 bits of milliseconds, then 72 random ones."""
    random = urandom(9).hex()
    return f"{time_ns() // 1_000_000:012x}7{random[:3]}8{random[3:]}"
