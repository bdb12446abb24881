"""Secrets that the application must read again, sealed before the database keeps them."""

from typing import Protocol


class Sealer(Protocol):
    """Seals under a key of the application's own, which the database never sees."""

    def seal(self, plain: bytes, about: bytes) -> bytes:
        """The secret, unreadable and unalterable; `about` says what and whose it is, and opens it alone."""
        ...

    def unseal(self, sealed: bytes, about: bytes) -> bytes:
        """The secret again; raises WronglySet where it was sealed under another key, or about something else."""
        ...
