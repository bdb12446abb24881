"""Flags that are set in memory: for one process, and for tests."""

from collections.abc import Iterable, Mapping

from portico.ports.flags import Rule


class MemoryFlags:
    """Holds what was put into it."""

    def __init__(self, rules: Iterable[Rule] = ()) -> None:
        """Nothing is set but these."""
        self._put = {rule.name: rule for rule in rules}
        self._rules: Mapping[str, Rule] = dict(self._put)

    @property
    def rules(self) -> Mapping[str, Rule]:
        """What was set when it last looked."""
        return self._rules

    async def refresh(self) -> None:
        """Look."""
        self._rules = dict(self._put)

    async def put(self, rule: Rule) -> None:
        """Set a flag."""
        self._put[rule.name] = rule

    async def drop(self, name: str) -> None:
        """Set it no longer."""
        self._put.pop(name, None)
