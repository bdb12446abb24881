"""Bringing the database of an application up to date."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from portico.adapters.postgres.events import join_events
from portico.adapters.postgres.proof import store_proof_key
from portico.adapters.postgres.servers import Urls
from portico.adapters.postgres.standing import absent, absent_to_owner, missing, open_standing
from portico.app.secret import derive, read_secret
from portico.app.settings import Settings
from portico.errors import Misconfigured

if TYPE_CHECKING:
    from portico.app.application import App


async def migrate(app: "App", urls: Urls, settings: Settings, *, report: Callable[[str], None]) -> int:
    """Apply what is missing, store the key of this secret, and make new handlers of events known.

    Returns how many revisions were applied.
    """
    from portico.adapters.postgres.migrations import upgrade  # Alembic loads only where it is used

    applied = await upgrade(urls, app_migrations=app.migrations, report=report)
    await store_proof_key(urls.owner, derive(read_secret(settings), "proof"))
    await open_standing(urls.owner)
    handlers = [name for name, plan in app.plans.items() if plan.action.task and plan.action.task.listens]
    sinks = [name for module in app.modules for chore in module.chores for name in chore.consumers]
    await join_events(urls.owner, [*handlers, *sinks])
    return applied


async def refuse_unmigrated(app: "App") -> None:
    """Raise Misconfigured where the running application's database lacks migrations; Alembic is not loaded."""
    lacking = await missing(app.running.database, app.migrations)
    if lacking:
        message = f"The database lacks migrations ({', '.join(lacking)}): run `portico migrate` first."
        raise Misconfigured(message)
    if app.metadata is not None and (tables := await absent(app.running.database, app.metadata)):
        raise Misconfigured(lack_of(tables, app))


async def lacking_tables(app: "App", urls: Urls) -> str:
    """Which of the application's tables a migrated database has not, and what to do; empty where it has all of them."""
    tables = [] if app.metadata is None else await absent_to_owner(urls.owner, app.metadata)
    return lack_of(tables, app) if tables else ""


def lack_of(tables: list[str], app: "App") -> str:
    """What is said of tables that are not there."""
    folder = "" if app.migrations is not None else 'give the application a folder, App(migrations=Path("migrations")), '
    mend = f'{folder}write a revision with `portico migrate --new "…"`, read it, and run `portico migrate`.'
    return f"The database lacks tables that {app.name} declares ({', '.join(tables)}): {mend}"
