"""A transaction that begins only where the gate alone is not enough: for answers that may be kept already."""

from portico.adapters.postgres.gating import answered, asked
from portico.adapters.postgres.loose import LooseLane
from portico.adapters.postgres.pool import Connection, Pool
from portico.adapters.postgres.transaction import PostgresTransaction
from portico.ports.database import Entry, Facts


class CallerChanged(Exception):  # says what happened
    """Between two visits to the gate the caller became another, or came to be elsewhere."""


class GlancingTransaction(PostgresTransaction):
    """Asks the gate in one statement of its own; where a statement follows, it begins and asks the gate again.

    What is kept then costs one trip, and what is not one more.
    """

    __slots__ = ("_entry", "_facts", "_lane")

    def __init__(self, pool: Pool, lane: LooseLane, *, read_only: bool, seconds: float | None = None) -> None:
        """Nothing is asked yet."""
        super().__init__(pool, read_only=read_only, seconds=seconds)
        self._lane = lane
        self._entry: Entry | None = None
        self._facts: Facts | None = None

    async def gate(self, entry: Entry) -> Facts:
        """Who calls, and what is known, with no transaction open afterwards."""
        sql, arguments = asked(entry, read_only=self.read_only)
        rows = await self._lane.fetch(sql, list(arguments))
        self.passed = self._entry = entry
        self._facts = answered(entry, rows[0])
        return self._facts

    async def open(self) -> Connection:
        """BEGIN, and the gate again for what row level security reads.

        Raises CallerChanged where it says another thing than before: what is decided would not fit what is read.
        """
        entry, self._entry = self._entry, None
        connection = await super().open()
        if entry is not None and await super().gate(entry) != self._facts:
            raise CallerChanged
        return connection
