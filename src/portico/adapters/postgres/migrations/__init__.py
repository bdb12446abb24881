"""Migrations: `upgrade` a database, say what is `pending`, where it has a `drift`, and `revise` to write the next."""

from portico.adapters.postgres.migrations.connecting import MigrationFailed
from portico.adapters.postgres.migrations.revising import drift, revise
from portico.adapters.postgres.migrations.upgrading import pending, upgrade

__all__ = ["MigrationFailed", "drift", "pending", "revise", "upgrade"]
