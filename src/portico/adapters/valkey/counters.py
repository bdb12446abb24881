"""Sliding windows in Valkey, on its own clock: the same for all processes."""

from collections.abc import Sequence
from hashlib import blake2b
from importlib.resources import files

from portico.adapters.valkey.connection import Script, Valkey, ValkeyDown
from portico.ports.counters import CountersDown, Rule, Taken

TAKE = Script((files("portico.adapters.valkey") / "take.lua").read_text(encoding="utf-8"))
MICRO = 1_000_000


class ValkeyCounters:
    """Counts for all processes together: however many attempts, one trip, and no window ever holds too many."""

    def __init__(self, valkey: Valkey) -> None:
        """Nothing is asked yet."""
        self._valkey = valkey

    async def take(self, keys: Sequence[str], rules: tuple[Rule, ...]) -> Taken:
        """Count an attempt under each rule, or under none where one refuses it; raises CountersDown."""
        arguments: list[int] = []
        for rule in rules:
            arguments += (rule.limit, round(rule.window * MICRO), rule.cost)
        try:
            answers = await self._valkey.run(TAKE, [self._valkey.key("limit", hashed(key)) for key in keys], arguments)
        except ValkeyDown as down:
            raise CountersDown from down
        left = [(remaining, frees / MICRO) for _, remaining, frees in answers]
        return Taken(rules, left, [n for n, (allowed, *_) in enumerate(answers) if allowed != 1])


def hashed(key: str) -> str:
    """A key of bounded length that tells nobody whose it is: they hold addresses of people."""
    return blake2b(key.encode(), digest_size=16).hexdigest()
