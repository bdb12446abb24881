"""What a new password must be like."""

import re
from collections.abc import Iterable

from portico.core.value import Value
from portico.errors import FieldError
from portico.ports.passwords import CommonPasswords

CLASSES = (str.isupper, str.islower, str.isdigit, lambda c: not c.isalnum())
TELLING = re.compile(r"[^\W_]{4,}")
"""A part of a name or an address that says whose the password is; shorter ones stand in half of all words."""


class PasswordRules(Value):
    """The rules of an application for new passwords; those that are stored already are not judged."""

    min_length: int = 8
    classes: int = 4
    """How many kinds of characters it needs, of upper case, lower case, digits and special characters."""
    common: CommonPasswords | None = None
    """Passwords that are refused for being known to everybody."""

    async def findings(self, password: str, about: Iterable[str] = ()) -> list[FieldError]:
        """Every rule that the password breaks; `about` is what is known of its owner, such as name and address."""
        found: list[FieldError] = []
        if len(password) < self.min_length:
            found.append(FieldError("VAL_TOO_SHORT", {"limit": self.min_length}))
        if sum(any(of_class(c) for c in password) for of_class in CLASSES) < self.classes:
            found.append(FieldError("VAL_WEAK_PASSWORD", {"classes": self.classes}))
        if self.common is not None and await self.common.holds(password):
            found.append(FieldError("VAL_COMMON_PASSWORD"))
        return [*found, *self.likenesses(password, about)]

    @staticmethod
    def likenesses(password: str, about: Iterable[str]) -> list[FieldError]:
        """Whether the password tells what is known of its owner."""
        alike = any(part in password.casefold() for part in _telling(about))
        return [FieldError("VAL_PASSWORD_LIKE_NAME")] if alike else []


def _telling(about: Iterable[str]) -> Iterable[str]:
    """Names and the local parts of addresses, word by word; whose mail server it is tells nothing."""
    return (part for text in about for part in TELLING.findall(text.partition("@")[0].casefold()))
