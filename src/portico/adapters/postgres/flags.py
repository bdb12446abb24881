"""Flags as the table of the database has them, read again when a version of it says that something has changed."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from pydantic_core import from_json

from portico.ports.database import Db
from portico.ports.flags import Rule

READ = "select portico.flags_v1(:known, :proof)"
PROOF = b"read-flags"


class PostgresFlags:
    """One process's copy."""

    def __init__(self, db: Db, prove: Callable[[bytes], bytes]) -> None:
        """Nothing is known before the first refresh."""
        self._db = db
        self._proof = prove(PROOF)
        self._version = "never"
        self._rules: Mapping[str, Rule] = {}

    @property
    def rules(self) -> Mapping[str, Rule]:
        """What was set when it last looked."""
        return self._rules

    async def refresh(self) -> None:
        """Ask whether there is another version: a few microseconds where there is none."""
        said = await self._db.one(READ, str, known=self._version, proof=self._proof)
        if said:
            found = from_json(said)
            self._rules = {rule["name"]: _rule(rule) for rule in found["rules"]}
            self._version = found["version"]


def _rule(row: dict[str, Any]) -> Rule:
    users, orgs = frozenset(map(UUID, row["users"])), frozenset(map(UUID, row["orgs"]))
    return Rule(row["name"], row["state"], row["percentage"], row["by"], users, orgs)
