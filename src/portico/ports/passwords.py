"""Passwords that everybody tries first."""

from typing import Protocol


class CommonPasswords(Protocol):
    """A list of passwords that are known to be used by many."""

    async def holds(self, password: str) -> bool:
        """Whether the password is on the list, whatever its case, or with digits and punctuation at its end."""
        ...
