"""Flags are looked at again and again; what is known holds while nobody answers."""

from collections.abc import Mapping

import anyio
import pytest

from portico import Rule
from portico.app.following import following

pytestmark = pytest.mark.anyio


class Flags:
    """Answers, unless it is down; says when it was asked."""

    def __init__(self) -> None:
        """Nothing is set."""
        self.down = False
        self.asked = 0
        self.changed = anyio.Event()
        self.rules: Mapping[str, Rule] = {}

    async def refresh(self) -> None:
        """Look."""
        self.asked += 1
        self.changed.set()
        self.changed = anyio.Event()
        if self.down:
            raise ConnectionRefusedError("nobody listens")

    async def asked_again(self, times: int = 2) -> None:
        """Wait until it was."""
        with anyio.fail_after(5):
            for _ in range(times):
                await self.changed.wait()


async def test_it_is_looked_before_the_first_call() -> None:
    """And a start without an answer is none."""
    flags = Flags()
    async with following(flags, 60):
        assert flags.asked == 1
    flags.down = True

    with pytest.raises(ConnectionRefusedError):
        async with following(flags, 60):
            pass


async def test_an_outage_is_told_once_and_outlived(caplog: pytest.LogCaptureFixture) -> None:
    """The next one is told again."""
    flags = Flags()
    async with following(flags, 0.005):
        for down in (True, False, True):
            flags.down = down
            await flags.asked_again(3)

    told = [r for r in caplog.records if "feature flags cannot be read, and stay as they were" in r.getMessage()]
    assert len(told) == 2


async def test_nobody_looks_after_the_end() -> None:
    """The task has ended with the application."""
    flags = Flags()
    async with following(flags, 0.005):
        await flags.asked_again()
    before = flags.asked

    await anyio.lowlevel.checkpoint()

    assert flags.asked == before
