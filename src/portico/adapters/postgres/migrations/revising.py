"""Write the next revision of an application, and tell where its database has drifted from its tables."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from alembic.operations.ops import CreateTableOp, DropTableOp, ModifyTableOps, OpContainer, UpgradeOps
from alembic.util import rev_id
from sqlalchemy import Connection, MetaData

from portico.adapters.postgres.migrations.chains import Chain, application
from portico.adapters.postgres.migrations.comparison import Difference, compare
from portico.adapters.postgres.migrations.connecting import on_database
from portico.adapters.postgres.migrations.upgrading import PATIENCE, pending
from portico.adapters.postgres.servers import Urls
from portico.adapters.postgres.tables import check_tables
from portico.adapters.postgres.tenancy import TableAccess
from portico.errors import Misconfigured


async def revise(urls: Urls, *, metadata: MetaData, app_migrations: Path, message: str) -> Path:
    """Write the revision that brings the database to `metadata`, to be read and mended before it is applied.

    Where the two agree already, the revision is empty: one to fill by hand.
    """
    check_tables(metadata)
    _make(app_migrations)
    if waiting := await pending(urls, app_migrations=app_migrations):
        raise Misconfigured(f"The database still lacks {len(waiting)} revisions: migrate it, then make the next one.")
    write = partial(_write, metadata=metadata, chain=application(app_migrations), message=message)
    return await on_database(urls.owner, write, lock_timeout=PATIENCE)


async def drift(urls: Urls, *, metadata: MetaData, app_migrations: Path) -> list[str]:
    """Tell, a sentence each, where the database is not what the application's tables say."""
    check_tables(metadata)

    def compared(connection: Connection) -> list[str]:
        difference = compare(application(app_migrations), metadata, connection)
        return list(_sentences(difference, difference.upgrade))

    return await on_database(urls.owner, compared, lock_timeout=PATIENCE)


def _make(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)


def _write(connection: Connection, *, metadata: MetaData, chain: Chain, message: str) -> Path:
    difference = compare(chain, metadata, connection)
    difference.refuse_new_owners()
    up, down = difference.code(difference.upgrade), difference.code(difference.downgrade)
    written = chain.directory().generate_revision(rev_id(), message, upgrades=up, downgrades=down, uses=up + down)
    if written is None:
        raise Misconfigured(f"The new revision in {chain.folder} cannot be read back: look at the newest file there.")
    return Path(written.path)


def _sentences(difference: Difference, operations: OpContainer) -> Iterator[str]:
    for operation in operations.ops:
        if isinstance(operation, ModifyTableOps):
            yield from _sentences(difference, operation)
        elif isinstance(operation, TableAccess):
            yield from (f'Table "{operation.table}": {reason}.' for reason in operation.reasons)
        elif isinstance(operation, CreateTableOp):
            yield f'Table "{operation.table_name}" is declared and not in the database.'
        elif isinstance(operation, DropTableOp):
            yield f'Table "{operation.table_name}" is in the database and not declared.'
        else:
            yield f"The database needs {' '.join(difference.code(UpgradeOps([operation])).split())}."
