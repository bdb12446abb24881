"""What is measured says how much is wanted of it."""

from inspect import iscoroutinefunction

import pytest

from benchmarks.figures import Least, Most, Topic, topics


@pytest.mark.parametrize("topic", [pytest.param(topic, id=name) for name, topic in topics().items()])
def test_every_figure_has_its_bound(topic: Topic) -> None:
    """A topic without one would be measured in vain: nobody could say whether the figure holds."""
    assert topic.WANTED
    assert all(isinstance(bound, Most | Least) for bound in topic.WANTED.values())
    assert iscoroutinefunction(topic.measure)
