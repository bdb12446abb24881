"""SQL files of the framework's schema, run whole."""

from operator import methodcaller
from pathlib import Path
from typing import cast

from sqlalchemy import Connection
from sqlalchemy.engine.interfaces import AdaptedConnection

SCHEMA = Path(__file__).parent.parent / "schema"


def run_scripts(connection: Connection, *names: str) -> None:
    """Run each file in the connection's transaction, by the simple protocol, which takes many statements at once."""
    adapted = cast("AdaptedConnection", connection.connection.dbapi_connection)
    for name in names:
        adapted.run_async(methodcaller("execute", (SCHEMA / name).read_text(encoding="utf-8")))
