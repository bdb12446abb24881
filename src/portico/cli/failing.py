"""Failures of commands: one sentence with the mend; the traceback only for who asks."""

import os
from collections.abc import Iterator
from urllib.parse import urlsplit

import click

from portico.errors import Misconfigured

DEBUG = "portico.debug"
DATABASES = ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_WORKER_URL", "DATABASE_ADMIN_URL")


class Commands(click.Group):
    """Commands whose failures are said in one sentence; each takes `--debug`."""

    def add_command(self, cmd: click.Command, name: str | None = None) -> None:
        """Add the command, and `--debug` to it."""
        cmd.params.append(
            click.Option(
                ["--debug"],
                is_flag=True,
                envvar="PORTICO_DEBUG",
                expose_value=False,
                callback=_remember,
                help="Show where a failure comes from.",
            )
        )
        super().add_command(cmd, name)

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; raises ClickException with the sentence."""
        try:
            answer: object = super().invoke(ctx)
            return answer
        except (click.ClickException, click.exceptions.Exit, click.Abort, BrokenPipeError):
            raise  # click says what there is to say: nothing, where nobody reads on
        except Exception as problem:
            if ctx.meta.get(DEBUG):
                raise
            raise click.ClickException(sentence(problem)) from None


def _remember(ctx: click.Context, _option: click.Parameter, value: object) -> None:
    ctx.meta[DEBUG] = bool(value)


def sentence(problem: Exception) -> str:
    """What went wrong and how to mend it."""
    if isinstance(problem, Misconfigured):
        return str(problem)
    if isinstance(problem, OSError) and problem.filename is not None:
        return f"{problem.filename}: {problem.strerror}. Name another place, or see that this one can be used."
    found = next(filter(None, map(_of_database, _causes(problem))), None)
    return found or f"{type(problem).__name__}: {str(problem).rstrip('.')}. Run it again with --debug for the details."


def _causes(problem: BaseException | None) -> Iterator[BaseException]:
    """The exception, and those beneath it: SQLAlchemy wraps the driver's."""
    while problem is not None:
        yield problem
        problem = problem.__cause__


def _of_database(problem: BaseException) -> str | None:
    """What is wrong with the database; loads the drivers only now that something is."""
    import asyncpg

    from portico.adapters.postgres.bootstrap import UnsafeRole
    from portico.adapters.postgres.embedded import ServerUnusable
    from portico.adapters.postgres.migrations import MigrationFailed

    if isinstance(problem, ServerUnusable | MigrationFailed | UnsafeRole):
        return str(problem)
    if isinstance(problem, asyncpg.InvalidAuthorizationSpecificationError):
        return f"PostgreSQL refuses the sign-in ({problem}): mend user and password in {_urls()}."
    if isinstance(problem, asyncpg.InvalidCatalogNameError):
        return f"PostgreSQL has no such database ({problem}): create it, or mend {_urls()}."
    if isinstance(problem, asyncpg.InsufficientPrivilegeError):
        return f"PostgreSQL forbids it ({problem}): run `portico migrate --bootstrap`, or mend the user in {_urls()}."
    if isinstance(problem, asyncpg.PostgresError | asyncpg.InterfaceError):
        return f"PostgreSQL answers: {problem}. Look at {_urls()}, or run it again with --debug."
    if isinstance(problem, ConnectionError | TimeoutError | OSError) and _set_urls():
        return f"PostgreSQL does not answer ({problem}): start it, or mend {_urls()}."
    return None


def _set_urls() -> list[str]:
    return [name for name in DATABASES if os.environ.get(name)]


def _urls() -> str:
    """The variables that say where the database is, with their servers and without their passwords."""
    places = {name: urlsplit(os.environ[name]) for name in _set_urls()}
    said = [f"{name} ({url.hostname or 'local'}:{url.port or 5432}{url.path})" for name, url in places.items()]
    return " or ".join(said) or "DATABASE_URL"
