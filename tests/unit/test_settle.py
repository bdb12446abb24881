"""Settling: what is loaded is no garbage, and from then on garbage is collected."""

import gc

from portico.app.application import settle


def test_who_settles_is_collected_again() -> None:
    """A server starts without the collector; it must not go on without it."""
    gc.disable()

    settle()

    assert gc.isenabled()
    assert gc.get_freeze_count() > 0
    assert gc.get_threshold()[0] > 0
