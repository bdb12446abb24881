"""A SQLAlchemy session on a lent asyncpg connection: same connection, same transaction, nothing sent of its own."""

from typing import NoReturn

import asyncpg
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import InvalidRequestError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession
from sqlalchemy.orm import Session, SessionTransaction
from sqlalchemy.pool import NullPool

from portico.adapters.postgres.lending import URL, Lent, LentDialect, no_connection

NOT_YOURS = "ctx.orm cannot {verb}: the action's own transaction commits when it returns and rolls back when it raises."

# One for the process: its dialect and its cache of compiled statements serve every session. It never connects.
_ENGINE = Engine(NullPool(no_connection), LentDialect(), URL)
_ASYNC_ENGINE = AsyncEngine(_ENGINE)


def session_on(connection: asyncpg.Connection) -> AsyncSession:
    """Open a session that works in the connection's transaction, for as long as the connection is lent.

    Whoever lends it flushes the session before the transaction commits; closing it is optional and leaves the
    connection alone. The connection's json and jsonb codecs take and give Python objects. An error of the database
    comes as SQLAlchemy's, with asyncpg's own down its `__cause__`.
    """
    lent = Connection(_ENGINE, Lent(connection), _allow_revalidate=False)
    return AsyncSession(AsyncConnection(_ASYNC_ENGINE, lent), sync_session_class=ActionSession)


class ActionSession(Session):
    """A session that cannot end the transaction it works in; savepoints are its own."""

    def commit(self) -> NoReturn:
        """Refuse: half an action must never be durable."""
        raise InvalidRequestError(NOT_YOURS.format(verb="commit"))

    def rollback(self) -> NoReturn:
        """Refuse: what the framework writes with the action is in the same transaction."""
        raise InvalidRequestError(NOT_YOURS.format(verb="roll back"))

    def begin(self, nested: bool = False) -> SessionTransaction:  # noqa: FBT001, FBT002  # SQLAlchemy's own signature
        """Open a savepoint, and nothing else."""
        if not nested:
            raise InvalidRequestError(NOT_YOURS.format(verb="begin another transaction"))
        return super().begin(nested=True)
