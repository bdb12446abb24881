"""`portico dev`: an application while it is written."""

import asyncio
import os
import sys
from asyncio.subprocess import Process
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from portico.cli.addresses import Address, address_options, free_address, keep_mails
from portico.cli.finding import app_argument, app_name, load_app, package_folder
from portico.cli.output import report, step
from portico.cli.serving import Host, serve_here
from portico.cli.stopping import Stop, run_until_stopped
from portico.cli.watching import Watch

if TYPE_CHECKING:
    from portico.app.application import App
    from portico.app.settings import Settings


@click.command()
@app_argument
@address_options
@click.option("--no-reload", is_flag=True, help="Do not start again when files change.")
def dev(name: str | None, *, host: str, port: int, no_reload: bool) -> None:
    """Serve an application while it is written.

    Its database is migrated, by default an embedded one; the server starts again when a file changes.
    """
    os.environ.setdefault("PORTICO_LOG", "text")
    from portico.app.settings import read_settings

    name, address = app_name(name), free_address(host, port)
    keep_mails(address)
    settings = read_settings()
    if no_reload:
        app = load_app(name)
        run_until_stopped(lambda stop: _once(app, settings, address=address, stop=stop))
    else:
        run_until_stopped(lambda _stop: _again_and_again(name, settings, address))


async def _once(app: "App", settings: "Settings", *, address: Address, stop: Stop) -> None:
    from portico.app.migrating import migrate
    from portico.app.place import database_urls, owner_url

    async with database_urls(settings, app.name) as urls:
        owner_url(urls)
        await migrate(app, urls, settings, report=report)
        host = Host(address, f"{app.name} is served at {address.url} (Ctrl-C ends it)", grace=settings.portico_grace)
        await serve_here(app, settings, host=host, stop=stop)


async def _again_and_again(name: str, settings: "Settings", address: Address) -> None:
    """A server in a process of its own, started again with every change; the embedded database runs on."""
    watch = Watch({Path.cwd(), *filter(None, [package_folder(name)])})
    if settings.database_url is not None:
        await _restarting(name, address, watch=watch, grace=settings.portico_grace)
        return
    from portico.adapters.postgres.embedded import Embedded

    with step(f"Starting PostgreSQL in {settings.portico_folder}"):
        server = await Embedded.start(settings.portico_folder)
    async with server:
        await _restarting(name, address, watch=watch, grace=settings.portico_grace)


async def _restarting(name: str, address: Address, *, watch: Watch, grace: float) -> None:
    while True:
        watch.look()
        child = await _start(name, address)
        try:
            changed = await watch.change()
            click.echo(_again(changed), err=True)
        finally:
            await _end(child, grace)


def _again(changed: str) -> str:
    return f"{os.path.relpath(changed)} changed; starting again."


async def _start(name: str, address: Address) -> Process:
    where = ("--host", address.host, "--port", str(address.port))
    return await asyncio.create_subprocess_exec(sys.executable, "-m", "portico.cli", "dev", name, *where, "--no-reload")


async def _end(child: Process, grace: float) -> None:
    """Tell it to stop; one that does not is killed."""
    with suppress(ProcessLookupError):
        child.terminate()
    try:
        async with asyncio.timeout(grace + 5):
            await child.wait()
    except TimeoutError:
        with suppress(ProcessLookupError):
            child.kill()
        await child.wait()
