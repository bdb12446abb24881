"""Who was just told to wait is told so again: the same caller, in the same organization, for so long, within bounds."""

from datetime import timedelta
from uuid import UUID

import pytest

from portico import Call, RateLimited
from portico.adapters.memory.clock import SettableClock
from portico.core import recall
from portico.core.recall import Recall
from portico.ports.database import Facts
from portico.testing import Harness

ALPHA, BETA = UUID(int=1), UUID(int=2)


def calling(name: str = "ann", org: UUID | None = None) -> Call:
    """A call of somebody."""
    call = Harness.policy_call(facts=Facts(user_id=UUID(int=9)))
    call.credential, call.wanted_org = name.encode(), org
    return call


def refused(known: Recall, call: Call, action: str = "a") -> bool:
    """Whether it is refused from memory."""
    try:
        known.check(action, call)
    except RateLimited:
        return True
    return False


def test_a_refusal_holds_for_its_caller_action_and_organization() -> None:
    """And for nobody and nothing else."""
    known = Recall(SettableClock())

    known.remember("a", calling(org=ALPHA), RateLimited(retry_after=9, violated=("app",)))

    assert refused(known, calling(org=ALPHA))
    assert not refused(known, calling(org=BETA))
    assert not refused(known, calling())
    assert not refused(known, calling("bob", ALPHA))
    assert not refused(known, calling(org=ALPHA), "b")


def test_a_refusal_holds_until_its_time_has_come() -> None:
    """Its caller is told how much of it is left."""
    clock = SettableClock()
    known = Recall(clock)
    known.remember("a", calling(), RateLimited(retry_after=9, violated=("app",)))
    clock.advance(timedelta(seconds=8))

    with pytest.raises(RateLimited) as told:
        known.check("a", calling())
    clock.advance(timedelta(seconds=1))

    assert (told.value.retry_after, told.value.violated) == (1, ("app",))
    assert not refused(known, calling())


def test_what_another_call_might_pass_is_not_remembered() -> None:
    """It counts by more than the user."""
    known = Recall(SettableClock())

    known.remember("a", calling(), RateLimited(retry_after=9, by_input=True))

    assert not refused(known, calling())


def test_refusals_are_remembered_within_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    """The oldest is forgotten first."""
    monkeypatch.setattr(recall, "MOST", 2)
    known = Recall(SettableClock())

    for name in ("ann", "bob", "cleo"):
        known.remember("a", calling(name), RateLimited(retry_after=9))

    assert [refused(known, calling(name)) for name in ("ann", "bob", "cleo")] == [False, True, True]
