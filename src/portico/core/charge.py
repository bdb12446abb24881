"""What a call uses up of a limit, as a value."""

from typing import NamedTuple

from portico.core.limits import Fail
from portico.ports.counters import Attempt, Counted, Taken
from portico.ports.quick import quickly


class Charge(NamedTuple):
    """What a call uses up of one limit."""

    attempt: Attempt
    name: str
    """What callers are told the limit is called."""
    fail: Fail = "local"
    """What holds while nobody can count."""
    by_input: bool = False
    """Whether another input might pass."""


charge_of = quickly(Charge)


async def counted(taken: Counted) -> list[Taken]:
    """What was counted, wherever; may raise CountersDown."""
    return taken if isinstance(taken, list) else await taken
