"""What becomes of a delivery after an attempt: it is done, tried again, given up, or nobody wants any more."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple

from portico.core.outages import wish_of
from portico.core.webhooks import WebhookTerms
from portico.ports.courier import Reply

GONE = 410
LONGEST_WISH = 86_400.0
"""Seconds: an endpoint that asks for more patience gets this much."""
JITTER = 0.1
"""The part by which a pause is longer at most, by chance: those that failed together do not come back together."""


class Tried(NamedTuple):
    """What one attempt came to."""

    at: datetime
    milliseconds: int
    reply: Reply | None
    problem: str | None = None
    """Why there is no answer, or none that counts."""


class Outcome(NamedTuple):
    """As the database takes it."""

    at: datetime
    milliseconds: int
    status: int | None
    problem: str | None
    answer: str
    again_at: datetime | None
    done: bool
    gone: bool


class Judge:
    """Knows the schedule."""

    def __init__(self, terms: WebhookTerms, jitter: Callable[[float], float]) -> None:
        """`jitter` gives a random part of what it is given."""
        self._pauses = terms.pauses
        self._jitter = jitter

    def outcome(self, tried: Tried, *, tries: int, only_once: bool) -> Outcome:
        """What comes of an attempt that `tries` others came before."""
        reply = tried.reply
        done = reply is not None and 200 <= reply.status < 300
        gone = reply is not None and reply.status == GONE
        final = done or gone or only_once or tries >= len(self._pauses)
        return Outcome(
            at=tried.at,
            milliseconds=tried.milliseconds,
            status=reply.status if reply else None,
            problem=None if done else tried.problem or _problem_of(reply),
            answer=readable(reply.answer) if reply else "",
            again_at=None if final else self._again_at(tried, self._pauses[tries]),
            done=done,
            gone=gone,
        )

    def _again_at(self, tried: Tried, pause: float) -> datetime:
        """After the schedule's pause, or later where the endpoint has asked for that."""
        now = tried.at + timedelta(milliseconds=tried.milliseconds)
        wish = wish_of(tried.reply.retry_after, now) if tried.reply else None
        return now + timedelta(seconds=max(pause + self._jitter(pause * JITTER), min(wish or 0, LONGEST_WISH)))


def _problem_of(reply: Reply | None) -> str | None:
    if reply is not None and 300 <= reply.status < 400:
        return "A redirect is not followed: give the address that it leads to."
    return None


def readable(answer: bytes) -> str:
    """The answer as a text that the database takes."""
    return answer.decode("utf-8", "replace").replace("\0", "\ufffd")
