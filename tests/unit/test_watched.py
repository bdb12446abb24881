"""What a connection shows of its trips, and what is noted of them."""

import pytest

from portico.adapters.postgres.watched import named
from portico.core.call import Call
from portico.core.observing import CURRENT, Eyes, Observer, Sight
from portico.core.plan import compile_plan
from portico.ports.statements import Kind, Seen
from portico.testing import Harness
from tests.integration.observe.harbor import sound

GATE = Seen("gate", "select portico.gate_v5($1)", 1.0, 0.002, failed=False)
STATEMENT = Seen("statement", "select 1", 1.0, 0.25, failed=False)


class Watcher(Observer):
    """Remembers what it saw."""

    def __init__(self) -> None:
        """Nothing yet."""
        self.trips_seen: list[tuple[str, Sight | None]] = []

    def saw(self, seen: Seen, sight: Sight | None) -> None:
        """Remember it."""
        self.trips_seen.append((seen.kind, sight))


class Ender(Observer):
    """Wants to know when calls end."""

    def end(self, sight: Sight) -> None:
        """Let it pass."""


class Timer(Ender):
    """And how long their parts took."""

    trips = True


def sight() -> Sight:
    """What is seen of a call that has not begun."""
    call: Call = Harness.policy_call()
    return Sight(compile_plan(sound, ()), call)


@pytest.mark.parametrize(
    ("script", "arguments", "kind", "told"),
    [
        ("begin read only", (), "begin", "begin"),
        ("begin; set local statement_timeout = 500", (), "begin", "begin"),
        ("commit", (), "close", "commit"),
        ("commit; begin", (), "close", "commit"),
        ("call portico.close_v5('secret', …); commit", (), "close", "close and commit"),
        ("savepoint portico", (), "statement", "savepoint portico"),
        ("update t set a = $1", (1,), "statement", "update t set a = $1"),
        ("commit_log($1)", ("x",), "statement", "commit_log($1)"),
    ],
)
def test_a_script_is_known_by_what_it_is(script: str, arguments: tuple[object, ...], *, kind: Kind, told: str) -> None:
    """Portico's own, in which values are written out, by their name alone."""
    assert named(script, arguments) == (kind, told)


def test_trips_are_added_up_by_what_they_were_for() -> None:
    """And the handler's statements are counted; what was not needed is not told."""
    seen = sight()
    for trip in (GATE, STATEMENT, STATEMENT, GATE._replace(kind="begin")):
        seen.note(trip)
    seen.handled = 0.6

    assert seen.timings() == {"gate_ms": 2.0, "sql_ms": 500.0, "handler_ms": 600.0, "statements": 2}


def test_a_trip_belongs_to_the_call_that_runs() -> None:
    """What no call has sent belongs to none."""
    watcher, running = Watcher(), sight()
    eyes = Eyes([watcher])
    eyes.saw(GATE)
    token = CURRENT.set(running)
    eyes.saw(STATEMENT)
    CURRENT.reset(token)

    assert watcher.trips_seen == [("gate", None), ("statement", running)]
    assert running.statements == 1


@pytest.mark.parametrize(
    ("observers", "looks", "trips"),
    [([], False, False), ([Ender()], True, False), ([Timer()], True, True), ([Watcher()], True, True)],
)
def test_connections_are_watched_where_somebody_wants_trips(
    observers: list[Observer], *, looks: bool, trips: bool
) -> None:
    """Who only counts calls leaves them plain; who looks at nothing leaves everything plain."""
    eyes = Eyes(observers)

    assert (bool(eyes), eyes.trips) == (looks, trips)
