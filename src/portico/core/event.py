"""Facts for the outbox."""

from typing import ClassVar, Unpack

from pydantic import BaseModel, ConfigDict

from portico.errors import Misconfigured

EVENTS: dict[str, "type[Event]"] = {}
"""Every event class by its name."""


class Event(BaseModel):
    """A fact for the outbox, its fields the payload: `class Booked(Event, name="appointment.booked")`."""

    event_name: ClassVar[str] = ""

    def __init_subclass__(cls, *, name: str = "", **config: Unpack[ConfigDict]) -> None:
        """Enter the event under its name."""
        super().__init_subclass__(**config)
        if name:
            cls.event_name = name
            EVENTS[name] = cls

    @classmethod
    def __pydantic_init_subclass__(cls, *, name: str = "", **config: object) -> None:
        """Refuse an event without a name: nobody could ask for it."""
        if not cls.event_name:
            where = f"{cls.__module__}.{cls.__qualname__}"
            message = f'{where} has no name; write class {cls.__name__}(Event, name="thing.happened").'
            raise Misconfigured(message)
