"""Mail: what an action notes, what becomes of it, and who carries it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol, TypeAlias
from uuid import UUID

NOWHERE = ".invalid"
"""The end of an address that is nobody's for ever (RFC 6761, section 6.4)."""


class Outgoing(NamedTuple):
    """A mail that an action has noted: its template and values, not yet a text."""

    template: str
    to: str
    values: Mapping[str, object]
    locale: str = "en"


Deliver: TypeAlias = Callable[[Outgoing, UUID], Awaitable[None]]
"""Renders a mail and hands it over; the id is the same in every attempt. Raises what keeps it from being sent."""


@dataclass(frozen=True)
class Mail:
    """A mail, ready to be sent. Raises ValueError where `to`, `subject` or `id` would break out of their headers."""

    to: str
    subject: str
    text: str = field(repr=False)
    html: str | None = field(default=None, repr=False)
    id: str = ""
    """The Message-ID, the same for every attempt; empty: the mailer makes one."""

    def __post_init__(self) -> None:
        """Refuse what no header can hold."""
        for name, value in (("address", self.to), ("subject", self.subject), ("id", self.id)):
            if not value.isprintable():
                raise ValueError(f"The {name} of a mail has characters that no header can carry.")


class Undeliverable(Exception):
    """The mail, or every mail, is refused for good: trying again would not help."""


class Mailer(Protocol):
    """Carries mails."""

    async def send(self, mail: Mail) -> None:
        """Hand it over. Raises Undeliverable where it is refused for good; any other failure may pass."""
        ...

    async def close(self) -> None:
        """Let go of what is held."""
        ...
