"""`portico dev`: an application while it is written."""

import asyncio
import os
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from portico.cli.addresses import Address, address_options, free_address, keep_mails
from portico.cli.finding import app_argument, app_name, load_app, package_folder
from portico.cli.output import report, step
from portico.cli.serving import Host, processes_option, serve_here, serve_many
from portico.cli.slow import tell_what_is_slow
from portico.cli.stopping import Stop, run_until_stopped
from portico.cli.watching import Watch

if TYPE_CHECKING:
    from portico.app.application import App
    from portico.app.settings import Settings


@click.command()
@app_argument
@address_options
@processes_option
@click.option("--no-reload", is_flag=True, help="Do not start again when files change.")
def dev(name: str | None, *, host: str, port: int, processes: int, no_reload: bool) -> None:
    """Serve an application while it is written.

    Its database is migrated, by default an embedded one; the server starts again when a file changes. Several processes
    share a Valkey, by default an embedded one.
    """
    os.environ.setdefault("PORTICO_LOG", "text")
    os.environ.setdefault("PORTICO_WORKER", "true")
    os.environ.setdefault("PORTICO_GRAPHQL_EXPLORE", "true")
    tell_what_is_slow()
    from portico.app.settings import read_settings

    name, address = app_name(name), free_address(host, port)
    keep_mails(address)
    settings = read_settings()
    if not no_reload:
        run_until_stopped(lambda _stop: _again_and_again(name, settings, address=address, processes=processes))
    elif processes == 1:
        app = load_app(name)
        run_until_stopped(lambda stop: _once(app, settings, address=address, stop=stop))
    else:
        _many(name, settings, address=address, processes=processes)


async def _once(app: "App", settings: "Settings", *, address: Address, stop: Stop) -> None:
    from portico.app.migrating import migrate
    from portico.app.place import database_urls, owner_url

    async with database_urls(settings, app.name) as urls:
        owner_url(urls)
        await migrate(app, urls, settings, report=report)
        await serve_here(app, settings, host=_host(app, settings, address), stop=stop)


def _host(app: "App", settings: "Settings", address: Address) -> Host:
    return Host(address, f"{app.name} is served at {address.url} (Ctrl-C ends it)", grace=settings.portico_grace)


def _many(name: str, settings: "Settings", *, address: Address, processes: int) -> None:
    """Several processes, and what they share."""
    from portico.app.settings import read_settings

    app = load_app(name)
    with asyncio.Runner() as runner:
        leave = runner.run(_prepared(app, settings))
        try:
            settings = read_settings()
            serve_many(name, app, settings, host=_host(app, settings, address), processes=processes)
        finally:
            runner.run(leave())


async def _prepared(app: "App", settings: "Settings") -> Callable[[], Coroutine[object, object, None]]:
    """The database migrated, a Valkey to share; returns what lets go of them."""
    from portico.app.migrating import migrate
    from portico.app.place import database_urls, owner_url

    async with AsyncExitStack() as held:
        await held.enter_async_context(_valkey(settings, several=True))
        urls = await held.enter_async_context(database_urls(settings, app.name))
        owner_url(urls)
        await migrate(app, urls, settings, report=report)
        return held.pop_all().aclose


async def _again_and_again(name: str, settings: "Settings", *, address: Address, processes: int) -> None:
    """A server in a process of its own, started again with every change; the embedded database runs on."""
    watch = Watch({Path.cwd(), *filter(None, [package_folder(name)])})
    async with _database(settings), _valkey(settings, several=processes > 1):
        while True:
            watch.look()
            child = await _start(name, address, processes)
            try:
                changed = await watch.change()
                click.echo(_again(changed), err=True)
            finally:
                await _end(child, settings.portico_grace)


@asynccontextmanager
async def _database(settings: "Settings") -> AsyncIterator[None]:
    """The embedded database, where the settings name no other."""
    if settings.database_url is not None:
        yield
        return
    from portico.adapters.postgres.embedded import Embedded

    with step(f"Starting PostgreSQL in {settings.portico_folder}"):
        server = await Embedded.start(settings.portico_folder)
    async with server:
        yield


@asynccontextmanager
async def _valkey(settings: "Settings", *, several: bool) -> AsyncIterator[None]:
    """An embedded Valkey for several processes, where the settings name no other; they find it by VALKEY_URL."""
    if not several or settings.valkey_url is not None:
        yield
        return
    from portico.adapters.valkey.embedded import EmbeddedValkey

    with step("Starting Valkey, for the processes to share"):
        server = await EmbeddedValkey.start()
    async with server:
        os.environ["VALKEY_URL"] = server.url
        yield


def _again(changed: str) -> str:
    return f"{os.path.relpath(changed)} changed; starting again."


async def _start(name: str, address: Address, processes: int) -> Process:
    where = ("--host", address.host, "--port", str(address.port), "--processes", str(processes))
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
