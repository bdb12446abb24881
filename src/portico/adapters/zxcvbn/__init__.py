"""The 30,000 commonest passwords, as the package zxcvbn lists them."""

import asyncio
import runpy
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from string import digits, punctuation

from portico.errors import Misconfigured


class ZxcvbnPasswords:
    """The list, read when a password is first looked up: 20 ms, and 4 MiB that stay."""

    async def holds(self, password: str) -> bool:
        """Whether the password is on the list, whatever its case, or with digits and punctuation at its end."""
        words = await asyncio.to_thread(common_passwords)
        known = password.lower()
        return known in words or known.rstrip(digits + punctuation) in words


@cache
def common_passwords() -> frozenset[str]:
    """The list, in lower case.

    Its file is run by itself: importing the package would keep three times as much, for estimates that nobody asks for.
    """
    found = find_spec("zxcvbn")
    if found is None or found.origin is None:
        message = "The list of common passwords needs the package zxcvbn; install it."
        raise Misconfigured(message)
    lists = runpy.run_path(str(Path(found.origin).with_name("frequency_lists.py")))["FREQUENCY_LISTS"]
    return frozenset(lists["passwords"])
