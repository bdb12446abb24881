"""Notes of experiments that go nowhere: for calls of no application."""

from collections.abc import Sequence

from portico.ports.trials import Happening


class MemoryTrials:
    """Keeps what was noted."""

    def __init__(self) -> None:
        """Nothing has happened yet."""
        self.seen: dict[tuple[str, bytes], str] = {}
        self.done: list[Happening] = []

    def note(self, happenings: Sequence[Happening]) -> None:
        """Keep what has happened."""
        for happening in happenings:
            if happening.event:
                self.done.append(happening)
            else:
                self.seen.setdefault((happening.experiment, happening.subject), happening.variant)

    async def flush(self) -> None:
        """Nothing to do: there is nowhere to write."""
