"""Mails that go no further than this process: for development and tests."""

from collections import deque

from portico.ports.mailer import Mail

KEPT = 200


class MemoryMailbox:
    """Keeps the last 200 mails."""

    def __init__(self) -> None:
        """Empty."""
        self._kept: deque[tuple[int, Mail]] = deque(maxlen=KEPT)
        self._came = 0

    @property
    def mails(self) -> list[Mail]:
        """What is kept, newest last."""
        return [mail for _, mail in self._kept]

    def numbered(self) -> list[tuple[int, Mail]]:
        """The same with their numbers, counted from 1 and never given twice."""
        return list(self._kept)

    async def send(self, mail: Mail) -> None:
        """Keep it."""
        self._came += 1
        self._kept.append((self._came, mail))

    async def close(self) -> None:
        """Nothing is held open."""
