"""How many answers of the last minutes were failures of our own."""

from datetime import timedelta

from portico.adapters.memory.clock import SettableClock
from portico.core.tally import ENOUGH, SPAN, SPANS, Tally


def test_failures_are_a_share_of_all_answers_and_named() -> None:
    """Four of forty are a tenth, of two actions, most first."""
    tally = Tally(SettableClock().seconds)
    for _ in range(36):
        tally.answered()
    for action in ("a", "b", "b", "b"):
        tally.failed(action)

    assert tally.rate() == (0.1, 40, {"b": 3, "a": 1})


def test_few_answers_say_nothing() -> None:
    """One failure of a handful is no rate yet."""
    tally = Tally(SettableClock().seconds)
    for _ in range(ENOUGH - 1):
        tally.failed("a")

    assert tally.rate()[0] == 0.0


def test_minutes_pass() -> None:
    """What is older than five minutes counts no more, also where nobody has called since."""
    clock = SettableClock()
    tally = Tally(clock.seconds)
    for _ in range(ENOUGH):
        tally.failed("a")
    clock.advance(timedelta(seconds=SPAN))
    tally.answered()
    within = tally.rate()
    clock.advance(timedelta(seconds=SPAN * (SPANS + 1)))

    assert within == (ENOUGH / (ENOUGH + 1), ENOUGH + 1, {"a": ENOUGH})
    assert tally.rate() == (0.0, 0, {})
