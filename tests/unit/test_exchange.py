"""What the exchange of bearer tokens remembers, and what it does while nobody can count."""

from collections.abc import Sequence
from dataclasses import replace
from typing import NoReturn

import pytest

from portico import Call, Claims, Unauthorized, Unavailable
from portico.app import trusting
from portico.app.trusting import Exchange
from portico.ports.counters import CountersDown, Rule, Taken
from portico.testing import Harness

pytestmark = pytest.mark.anyio


class Believes:
    """Believes nobody, and counts whom."""

    def __init__(self) -> None:
        """Nobody has asked."""
        self.asked: list[str] = []

    async def verify(self, token: str) -> Claims | None:
        """It proves nothing."""
        self.asked.append(token)
        return None

    async def close(self) -> None:
        """Nothing is open."""


class Down:
    """Counters that do not answer."""

    def take(self, keys: Sequence[str], rules: tuple[Rule, ...]) -> NoReturn:
        """Nobody counts."""
        raise CountersDown


class GoesDown:
    """Counters that look once, and do not answer afterwards."""

    def __init__(self) -> None:
        """Nobody has asked."""
        self._looked = False

    def take(self, keys: Sequence[str], rules: tuple[Rule, ...]) -> Taken:
        """All is left at first; then nobody counts."""
        if self._looked:
            raise CountersDown
        self._looked = True
        return Taken(rules, [(rules[0].limit, 0.0) for _ in keys], ())


def bearing(token: str) -> Call:
    """A call with a token."""
    call = Harness.policy_call()
    call.bearer, call.credential = token, token.encode()
    return call


async def test_refused_tokens_are_remembered_within_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    """The oldest is forgotten first, and looked at again."""
    monkeypatch.setattr(trusting, "MOST", 2)
    bearers = Believes()
    exchange = Exchange(bearers)

    for token in ("a", "b", "a", "c", "b", "a"):
        with pytest.raises(Unauthorized):
            await exchange(bearing(token))

    assert bearers.asked == ["a", "b", "c", "a"]


async def test_nobody_guesses_while_nobody_counts() -> None:
    """The limit fails closed: the token is not even looked at."""
    bearers, call = Believes(), bearing("a")
    call.services = replace(call.services, counters=Down())

    with pytest.raises(Unavailable):
        await Exchange(bearers)(call)

    assert bearers.asked == []


async def test_a_refused_guess_that_nobody_can_count_is_told_as_such() -> None:
    """Not as a mistake of the server; and the token is not looked at again."""
    bearers, call = Believes(), bearing("a")
    call.services = replace(call.services, counters=GoesDown())
    exchange = Exchange(bearers)

    with pytest.raises(Unavailable):
        await exchange(call)
    with pytest.raises(Unauthorized):
        await exchange(bearing("a"))

    assert bearers.asked == ["a"]
