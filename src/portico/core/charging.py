"""Counting what a call uses up of its limits: all limits of a stage in one go."""

import logging
from collections.abc import Awaitable, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import NoReturn

from portico.core.call import Call
from portico.core.charge import Charge, counted
from portico.core.reporting import OUTSIDE
from portico.errors import RateLimited, Unavailable
from portico.ports.counters import CountersDown, Taken

ATTEMPT = itemgetter(0)
"""What of a charge is to be counted."""
WAIT = 5.0
"""Seconds after which it is worth to ask again whether somebody counts."""
log = logging.getLogger("portico")


def charge(charges: Sequence[Charge], call: Call) -> Awaitable[None] | None:
    """Count them all, or none of them where one is refused; None where that is done, else what is to be awaited.

    Either raises RateLimited, or Unavailable where nobody can count and one of them fails closed.
    """
    try:
        taken = call.services.counters.take([*map(ATTEMPT, charges)])
    except CountersDown:
        _alone(charges, call)
        return None
    if not isinstance(taken, list):
        return _waited(charges, taken, call)
    _judge(charges, taken, call)
    return None


async def count_guesses(call: Call) -> None:
    """Count the refused guesses that the call has noted."""
    charges, call.notes.guesses = call.notes.guesses, []
    try:
        await counted(call.services.counters.take([one.attempt for one in charges]))
    except CountersDown:
        tell(call.services.clock.seconds() // 60)
        call.services.local.take([one.attempt for one in charges if one.fail != "open"])


async def _waited(charges: Sequence[Charge], taken: Awaitable[list[Taken]], call: Call) -> None:
    try:
        found = await taken
    except CountersDown:
        _alone(charges, call)
    else:
        _judge(charges, found, call)


def _judge(charges: Sequence[Charge], taken: Sequence[Taken], call: Call) -> None:
    """Tell the caller what is left of each; raise RateLimited where one is used up."""
    told, passed = call.answer.limits, True
    for n, found in enumerate(taken):  # a strict `zip` takes twice as long
        told.append((charges[n].name, found))
        if not found.allowed:
            passed = False
    if not passed:
        _refuse(charges, taken)


def _refuse(charges: Sequence[Charge], taken: Sequence[Taken]) -> NoReturn:
    refused = [(one, found) for one, found in zip(charges, taken, strict=True) if not found.allowed]
    raise RateLimited(
        retry_after=max(found.reset for _, found in refused),
        by_input=any(one.by_input for one, _ in refused),
        violated=tuple(one.name for one, _ in refused),
    )


def _alone(charges: Sequence[Charge], call: Call) -> None:
    """What holds while nobody can count for all processes."""
    tell(call.services.clock.seconds() // 60)
    if any(one.fail == "closed" for one in charges):
        raise Unavailable(retry_after=WAIT)
    held = [one for one in charges if one.fail == "local"]
    _judge(held, call.services.local.take([one.attempt for one in held]), call)


@lru_cache(maxsize=1)
def tell(minute: float) -> None:  # noqa: ARG001  # once in each
    """Say in the log that limits are not held as they should."""
    log.error("the counters of rate limits do not answer: each limit holds as its `fail` says", extra=OUTSIDE)
