"""What SQLAlchemy must believe of a connection that is not its own: it is open, always was, and never ends here."""
# mypy: allow-untyped-calls
# (SQLAlchemy's asyncpg dialect carries few annotations.)

from collections.abc import Sequence
from typing import NoReturn, cast

import asyncpg
from sqlalchemy import make_url
from sqlalchemy.dialects.postgresql.asyncpg import (
    AsyncAdapt_asyncpg_connection,
    AsyncAdapt_asyncpg_dbapi,
    PGDialect_asyncpg,
)
from sqlalchemy.engine.interfaces import DBAPIConnection, DBAPICursor
from sqlalchemy.pool import PoolProxiedConnection
from sqlalchemy.util import LRUCache

URL = make_url("postgresql+asyncpg://")
OLDEST_SERVER = (15,)

_DBAPI = AsyncAdapt_asyncpg_dbapi(asyncpg)
_COLUMNS: LRUCache[str, Sequence[object]] = LRUCache(1_000)


def no_connection() -> NoReturn:
    """Stand where an engine expects its way to connect."""
    raise RuntimeError("The engine of lent connections makes none of its own.")


class LentDialect(PGDialect_asyncpg):
    """PostgreSQL as known beforehand: asking the server would cost trips in somebody's transaction."""

    supports_statement_cache = True

    def __init__(self) -> None:
        """Leave JSON to the connection's own codecs."""
        super().__init__(dbapi=_DBAPI, json_serializer=lambda value: value)
        self.server_version_info = OLDEST_SERVER
        self.default_schema_name = "public"

    def is_disconnect(self, e: object, connection: object, cursor: object) -> bool:
        """Whether the lender's connection is gone."""
        return isinstance(connection, Lent) and not connection.is_valid


class Lent(PoolProxiedConnection):
    """A connection that stays open when it is closed: it goes back to nobody's pool."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        """Wrap what was lent."""
        self.driver_connection = connection
        self.dbapi_connection = cast("DBAPIConnection", LentDriver(connection))

    @property
    def is_valid(self) -> bool:
        """Whether the lender's connection is still open."""
        return not cast("asyncpg.Connection", self.driver_connection).is_closed()

    def cursor(self, *args: object, **kwargs: object) -> DBAPICursor:
        """Open a cursor on the lent connection."""
        return cast("DBAPIConnection", self.dbapi_connection).cursor(*args, **kwargs)

    def commit(self) -> None:
        """Leave the transaction to its lender."""

    def rollback(self) -> None:
        """Leave the transaction to its lender."""

    def close(self) -> None:
        """Leave the connection to its lender."""

    def invalidate(self, *_why: object, **_how: object) -> None:
        """Leave a broken connection to its lender, too."""


class LentDriver(AsyncAdapt_asyncpg_connection):
    """Adapts asyncpg to SQLAlchemy, always in the lender's transaction."""

    __slots__ = ()

    def __init__(self, connection: asyncpg.Connection) -> None:
        """Take the transaction for given, which SQLAlchemy calls autocommit."""
        super().__init__(_DBAPI, connection)
        self.isolation_level = self._isolation_setting = "autocommit"

    async def _prepare(self, operation: str, _stale_before: float) -> tuple["Remembered", Sequence[object]]:
        columns = _COLUMNS.get(operation)
        if columns is None:
            columns = _COLUMNS[operation] = (await self._connection.prepare(operation)).get_attributes()
        return Remembered(self._connection, operation, with_rows=bool(columns)), columns


class Remembered:
    """A statement whose columns are known, run through asyncpg's own cache of prepared statements.

    That cache outlives the session; a statement prepared by name would die with it, and cost a trip each time.
    """

    __slots__ = ("_connection", "_operation", "_status", "_with_rows")

    def __init__(self, connection: asyncpg.Connection, operation: str, *, with_rows: bool) -> None:
        """Name the statement; nothing is sent yet."""
        self._connection = connection
        self._operation = operation
        self._with_rows = with_rows
        self._status = ""

    async def fetch(self, *parameters: object) -> Sequence[object]:
        """Run it whole."""
        if not self._with_rows:
            self._status = await self._connection.execute(self._operation, *parameters)
            return ()
        rows: Sequence[object] = await self._connection.fetch(self._operation, *parameters)
        self._status = f"SELECT {len(rows)}"
        return rows

    def cursor(self, *parameters: object) -> object:
        """Run it row by row."""
        return self._connection.cursor(self._operation, *parameters)

    def get_statusmsg(self) -> str:
        """The server's word on the last run, which counts the rows."""
        return self._status
