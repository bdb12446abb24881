"""When workers are told of commits."""

from math import inf

import pytest

from portico.adapters.postgres.bell import due


@pytest.mark.parametrize(
    ("now", "told", "told_next"),
    [(10.0, -inf, 10.02), (10.01, 10.0, 10.1), (10.09, 10.0, 10.11), (20.0, 10.0, 20.02)],
    ids=["the first", "right after others", "some time after others", "long after others"],
)
def test_the_more_there_is_to_tell_of_the_more_is_told_together(now: float, told: float, told_next: float) -> None:
    """At once when it is quiet; while commits keep coming, those of a tenth of a second."""
    assert due(now, told, every=0.02) == pytest.approx(told_next)
