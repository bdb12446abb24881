"""Facts for the outbox."""

import re
from collections.abc import Collection
from typing import ClassVar, Unpack
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from portico.errors import Misconfigured
from portico.ports.late import built_late

NAME = re.compile(r"[a-z0-9_]+(\.[a-z0-9_]+)*")
"""What endpoints of webhooks can ask for, and a line of a stream holds."""
LONGEST_NAME = 200
EVENTS: dict[str, "type[Event]"] = {}
"""Every event class by its name; the last one where several applications of a process have one of that name."""
DECLARED: "list[type[Event]]" = []
"""Every event class, whosever."""


@built_late
class Event(BaseModel, defer_build=True):
    """A fact for the outbox, its fields the payload: `class Booked(Event, name="appointment.booked")`.

    `recipient` names the field with the id of the user, or the ids of the users, who alone see it in their streams;
    where it holds None, nobody does.
    """

    event_name: ClassVar[str] = ""
    recipient: ClassVar[str] = ""
    apart: ClassVar[bool] = False
    """Whether it is of no organization, wherever it was emitted: its handlers take a `SystemContext`."""

    def __init_subclass__(cls, *, name: str = "", recipient: str = "", **config: Unpack[ConfigDict]) -> None:
        """Enter the event under its name."""
        super().__init_subclass__(**config)
        cls.recipient = recipient or cls.recipient
        if name:
            if len(name) > LONGEST_NAME or not NAME.fullmatch(name):
                message = f'{cls.__module__}.{cls.__qualname__}: name={name!r}: write it such as "thing.happened"'
                raise Misconfigured(f"{message}, of lower-case letters, digits, underscores and dots.")
            cls.event_name = name
            EVENTS[name] = cls
            DECLARED.append(cls)

    @classmethod
    def __pydantic_init_subclass__(cls, **given: object) -> None:
        """Refuse an event without a name, for nobody could ask for it, and a recipient that is no field."""
        where = f"{cls.__module__}.{cls.__qualname__}"
        if not cls.event_name:
            message = f'{where} has no name; write class {cls.__name__}(Event, name="thing.happened").'
            raise Misconfigured(message)
        if cls.recipient and cls.recipient not in cls.model_fields:
            fields = ", ".join(cls.model_fields) or "none"
            raise Misconfigured(f"{where} has no field {cls.recipient!r} to name its recipient; it has {fields}.")

    def for_whom(self) -> frozenset[UUID] | None:
        """The users who alone see it in their streams; None: every member of the organization."""
        if not self.recipient:
            return None
        named = getattr(self, self.recipient)
        if named is None or isinstance(named, UUID):
            return frozenset() if named is None else frozenset({named})
        return frozenset(named if isinstance(named, Collection) else ())
