"""Bringing the database of an application up to date."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from portico.adapters.postgres.events import join_events
from portico.adapters.postgres.proof import store_proof_key
from portico.adapters.postgres.servers import Urls
from portico.adapters.postgres.standing import lacks_of, open_standing, standing_of
from portico.app.secret import derive, read_secret
from portico.app.settings import Settings
from portico.errors import Misconfigured

if TYPE_CHECKING:
    from portico.app.application import App
    from portico.core.plan import Plan


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
    """Raise Misconfigured where the running application's database lacks migrations; Alembic is not loaded.

    The same where it lacks what the code counts on, unless it is ahead: a newer release may have taken that away.
    """
    standing = await standing_of(app.running.database, app.migrations)
    if standing.lacking:
        message = f"The database lacks migrations ({', '.join(standing.lacking)}): run `portico migrate` first."
        raise Misconfigured(message)
    if not standing.ahead and (lacking := await lack_of(app, app.running.urls.app)):
        raise Misconfigured(lacking)


async def lack_of(app: "App", url: str) -> str:
    """What the code counts on and a migrated database has not, and what to do; empty where it has everything."""
    meant = {name: plan for plan in app.all_plans.values() for name in plan.meanings}
    lacks = await lacks_of(url, app.metadata, meant)
    told = [_of_tables(lacks.tables, app)] if lacks.tables else []
    told += [_of_constraint(name, meant[name], near) for name, near in lacks.constraints.items()]
    return "\n".join(told)


def _of_tables(tables: list[str], app: "App") -> str:
    folder = "" if app.migrations is not None else 'give the application a folder, App(migrations=Path("migrations")), '
    mend = f'{folder}write a revision with `portico migrate --new "…"`, read it, and run `portico migrate`.'
    return f"The database lacks tables that {app.name} declares ({', '.join(tables)}): {mend}"


def _of_constraint(name: str, plan: "Plan", near: str) -> str:
    error = plan.meanings[name].__name__
    mend = f'did you mean "{near}"?' if near else "name one that it has, or one that a function raises."
    return f'The database has no constraint "{name}", which {plan.action.name} gives a meaning ({error}): {mend}'
