"""Bring a database up to date, one transaction per revision."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from weakref import WeakKeyDictionary

from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext, MigrationStep
from alembic.script import Script
from asyncpg.exceptions import DeadlockDetectedError, LockNotAvailableError
from sqlalchemy import Connection

from portico.adapters.postgres.migrations.chains import Chain, chains
from portico.adapters.postgres.migrations.connecting import MigrationFailed, on_database, one_migrator
from portico.adapters.postgres.servers import Urls

PATIENCE = timedelta(seconds=5)
TRIES = 4
PAUSE_SECONDS = 0.5

_turns: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Lock] = WeakKeyDictionary()


async def upgrade(
    urls: Urls, *, app_migrations: Path | None, report: Callable[[str], None], lock_timeout: timedelta = PATIENCE
) -> int:
    """Apply what is missing, as the owner, and return how many revisions that were.

    A revision that waits longer than `lock_timeout` for a table is taken back and tried again a few times, so that it
    never holds up the queries that queue behind it.
    """
    applied = 0
    async with _this_process(), one_migrator(urls.owner, report):
        for chain in chains(app_migrations):
            applied += await _upgrade_chain(urls.owner, chain, report, lock_timeout=lock_timeout)
    return applied


async def pending(urls: Urls, *, app_migrations: Path | None) -> list[str]:
    """Name the revisions that `upgrade` would apply."""

    def missing(connection: Connection) -> list[str]:
        return [_title(chain, script) for chain in chains(app_migrations) for script in chain.missing(connection)]

    return await on_database(urls.owner, missing, lock_timeout=PATIENCE)


def _this_process() -> asyncio.Lock:
    """One upgrade at a time in an event loop: a revision's `op` is a global of Alembic."""
    return _turns.setdefault(asyncio.get_running_loop(), asyncio.Lock())


@dataclass
class Progress:
    """How many revisions of a chain are committed, and which one runs."""

    applied: int = 0
    running: str = ""


async def _upgrade_chain(url: str, chain: Chain, report: Callable[[str], None], *, lock_timeout: timedelta) -> int:
    progress = Progress()
    work = partial(_apply, chain=chain, report=report, progress=progress)
    for tries in range(1, TRIES + 1):
        try:
            await on_database(url, work, lock_timeout=lock_timeout)
            break
        except Exception as error:
            if not _lock_was_taken(error):
                raise
            if tries == TRIES:
                raise MigrationFailed(_gave_up(progress.running, lock_timeout)) from error
            report(f"{progress.running} waited too long for a lock and was taken back; trying again.")
            await asyncio.sleep(PAUSE_SECONDS * tries)
    return progress.applied


def _apply(connection: Connection, *, chain: Chain, report: Callable[[str], None], progress: Progress) -> None:
    missing = chain.missing(connection)
    connection.rollback()

    def steps(_heads: object, _context: MigrationContext) -> Iterator[MigrationStep]:
        """Give one revision after the other: Alembic asks for the next when the one before is committed."""
        revisions = chain.directory().revision_map
        for script in missing:
            progress.running = _title(chain, script)
            report(f"Applying {progress.running}")
            yield MigrationStep.upgrade_from_script(revisions, script)
            progress.applied += 1

    if missing:
        context = chain.context(connection, fn=steps, transaction_per_migration=True)
        with Operations.context(context):
            context.run_migrations()


def _title(chain: Chain, script: Script) -> str:
    return f"{chain.name} {script.revision}: {script.doc.rstrip('.')}"


def _lock_was_taken(error: BaseException | None) -> bool:
    """Look for the driver's error beneath those that wrap it."""
    while error is not None:
        if isinstance(error, LockNotAvailableError | DeadlockDetectedError):
            return True
        error = error.__cause__
    return False


def _gave_up(title: str, lock_timeout: timedelta) -> str:
    return (
        f"The migration {title} was taken back {TRIES} times after waiting {lock_timeout.total_seconds():g} s for "
        "a table that others use: migrate again when the database is quieter, or with a longer lock timeout."
    )
