"""Sliding windows in Valkey, on its own clock: the same for all processes."""

from collections.abc import Sequence
from hashlib import blake2b
from importlib.resources import files

from portico.adapters.valkey.connection import Script, Valkey, ValkeyDown
from portico.ports.counters import Attempt, CountersDown, Taken

TAKE = Script((files("portico.adapters.valkey") / "take.lua").read_text(encoding="utf-8"))
MICRO = 1_000_000


class ValkeyCounters:
    """Counts for all processes together: however many attempts, one trip, and no window ever holds too many."""

    def __init__(self, valkey: Valkey) -> None:
        """Nothing is asked yet."""
        self._valkey = valkey

    async def take(self, attempts: Sequence[Attempt]) -> list[Taken]:
        """Count them all, or none of them where one is refused; raises CountersDown."""
        keys: list[str] = []
        arguments: list[int] = []
        for key, limit, window, cost in attempts:
            keys.append(self._valkey.key("limit", hashed(key)))
            arguments += (limit, round(window * MICRO), cost)
        try:
            answers = await self._valkey.run(TAKE, keys, arguments)
        except ValkeyDown as down:
            raise CountersDown from down
        return [
            Taken(allowed == 1, limit, remaining, frees / MICRO, window)
            for (_, limit, window, _), (allowed, remaining, frees) in zip(attempts, answers, strict=True)
        ]


def hashed(key: str) -> str:
    """A key of bounded length that tells nobody whose it is: they hold addresses of people."""
    return blake2b(key.encode(), digest_size=16).hexdigest()
