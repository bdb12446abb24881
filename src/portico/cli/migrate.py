"""`portico migrate`: the database, brought up to date, checked, or prepared."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

import click

from portico.cli.finding import app_argument, app_name, load_app
from portico.cli.output import report, step
from portico.errors import Misconfigured

if TYPE_CHECKING:
    from portico.adapters.postgres.servers import Urls
    from portico.app.application import App
    from portico.app.settings import Settings

Work = Callable[["App", "Urls", "Settings"], Awaitable[None]]


@click.command()
@app_argument
@click.option("--check", is_flag=True, help="Change nothing; list what is not applied and what has drifted.")
@click.option("--new", metavar="MESSAGE", help="Write the next revision, from what the tables lack.")
@click.option("--bootstrap", is_flag=True, help="First create the four roles, by DATABASE_ADMIN_URL.")
def migrate(name: str | None, *, check: bool, new: str | None, bootstrap: bool) -> None:
    """Bring the database up to date.

    Runs as the role portico_owner (DATABASE_OWNER_URL), or on the embedded server.
    """
    from portico.app.settings import read_settings

    if sum((check, new is not None, bootstrap)) > 1:
        message = "--check, --new and --bootstrap exclude each other."
        raise click.UsageError(message)
    if new is not None and not new.strip():
        message = 'say what the revision changes, such as --new "Rooms"; its file is named after it.'
        raise click.BadParameter(message, param_hint="--new")
    app, settings = load_app(app_name(name)), read_settings()
    if bootstrap:
        asyncio.run(_bootstrap(settings))
    if check:
        asyncio.run(_on_database(app, settings, _check))
    elif new is not None:
        asyncio.run(_on_database(app, settings, _writing(new)))
    else:
        asyncio.run(_on_database(app, settings, _upgrade))


async def _on_database(app: "App", settings: "Settings", work: Work) -> None:
    from portico.app.place import database_urls, owner_url

    async with database_urls(settings, app.name) as urls:
        owner_url(urls)
        await work(app, urls, settings)


async def _upgrade(app: "App", urls: "Urls", settings: "Settings") -> None:
    from portico.app.migrating import lack_of
    from portico.app.migrating import migrate as bring_up_to_date

    with step(f"Migrating the database of {app.name}"):
        applied = await bring_up_to_date(app, urls, settings, report=report)
    click.echo(f"Migrations applied: {applied}." if applied else "The database was up to date.")
    if lacking := await lack_of(app, urls.owner):
        click.echo(lacking)


async def _check(app: "App", urls: "Urls", _settings: "Settings") -> None:
    from portico.adapters.postgres.migrations import drift, pending
    from portico.app.migrating import lack_of

    waiting = await pending(urls, app_migrations=app.migrations)
    findings = [f"Not applied: {title}." for title in waiting]
    if not waiting and app.metadata is not None and app.migrations is not None:
        findings = await drift(urls, metadata=app.metadata, app_migrations=app.migrations)
    for finding in findings:
        click.echo(finding)
    if waiting:
        raise click.ClickException(f"Migrations that are not applied: {len(waiting)}; run `portico migrate`.")
    if findings:
        raise click.ClickException('The database has drifted: run `portico migrate --new "…"`, read it, and migrate.')
    if lacking := await lack_of(app, urls.owner):
        raise click.ClickException(lacking)
    click.echo("The database is up to date.")


def _writing(message: str) -> Work:
    async def write(app: "App", urls: "Urls", _settings: "Settings") -> None:
        from portico.adapters.postgres.migrations import revise

        if app.metadata is None or app.migrations is None:
            lacking = f"{app.name} says no tables or no folder: give App(metadata=…, migrations=Path(…))."
            raise Misconfigured(lacking)
        written = await revise(urls, metadata=app.metadata, app_migrations=app.migrations, message=message)
        click.echo(f"Wrote {written}: read it, mend it, and run `portico migrate`.")

    return write


async def _bootstrap(settings: "Settings") -> None:
    """Create the roles, each with the password that its URL carries."""
    import asyncpg

    from portico.adapters.postgres.bootstrap import bootstrap

    if settings.database_admin_url is None:
        message = "DATABASE_ADMIN_URL is not set: it names the database as a role that may create roles."
        raise Misconfigured(message)
    with step("Creating the roles portico_owner, portico_app, portico_worker and portico_reader"):
        admin = await asyncpg.connect(settings.database_admin_url.get_secret_value(), timeout=10, command_timeout=60)
        try:
            warnings = await bootstrap(admin, passwords=_passwords(settings))
        finally:
            await admin.close(timeout=10)
    for warning in warnings:
        click.echo(f"Warning: {warning}", err=True)


def _passwords(settings: "Settings") -> dict[str, str]:
    given = (settings.database_url, settings.database_owner_url, settings.database_worker_url)
    urls = [urlsplit(url.get_secret_value()) for url in given if url]
    named = {unquote(url.username or ""): unquote(url.password or "") for url in urls}
    return {role: word for role, word in named.items() if role.startswith("portico_") and word}
