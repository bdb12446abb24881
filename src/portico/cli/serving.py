"""An application behind a server: in this process, or in several."""

import asyncio
import math
import threading
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Literal

import click

from portico.cli.addresses import Address, Command, until_open
from portico.cli.finding import load_app
from portico.cli.stopping import Stop, let_forks_end
from portico.errors import Misconfigured

if TYPE_CHECKING:
    from types import FrameType

    from portico.app.application import App
    from portico.app.settings import Settings

Kind = Literal["granian", "uvicorn"]
BACKLOG = 1024
"""Connections that may wait to be taken."""
AT_ONCE = 16_384
"""Requests that granian hands to a process at once; unless told, as many as the backlog, and each stream is one."""


@dataclass(frozen=True)
class Host:
    """Where to serve, by what, and how long a request may take once the server was told to stop."""

    address: Address
    ready: str
    """What is said when the first request can come."""
    server: Kind = "granian"
    grace: float = 10.0

    @property
    def seconds(self) -> int:
        """The grace in whole seconds, at least one, which is what servers take."""
        return max(1, math.ceil(self.grace))


def processes_option(command: Command) -> Command:
    """Give a command `--processes`."""
    return click.option(
        "--processes",
        type=click.IntRange(1, 256),
        default=1,
        envvar="PORTICO_PROCESSES",
        show_envvar=True,
        show_default=True,
        help="How many processes share the port.",
    )(command)


async def serve_here(app: "App", settings: "Settings", *, host: Host, stop: Stop) -> None:
    """Serve an application of this process until told to stop."""
    from portico.app.application import settle
    from portico.app.migrating import refuse_unmigrated

    async with app.lifespan(settings=settings):
        await refuse_unmigrated(app)
        settle()
        async with announced(host):
            await (by_granian if host.server == "granian" else by_uvicorn)(app, host, stop)
        if not stop.asked:
            message = f"{host.server} ended by itself: look at what it said above, or try the other one (--server)."
            raise Misconfigured(message)


async def by_granian(app: "App", host: Host, stop: Stop) -> None:
    """Serve with granian, on this event loop."""
    from granian.constants import HTTPModes, Interfaces
    from granian.server.embed import Server

    at, rsgi, http1 = host.address, Interfaces.RSGI, HTTPModes.http1
    server = Server(
        app,
        at.ip,
        at.port,
        interface=rsgi,
        http=http1,
        backlog=BACKLOG,
        backpressure=AT_ONCE,
        log_enabled=False,
    )
    server.workers_kill_timeout = host.seconds
    stop.gently = partial(_end, app, server.stop)
    try:
        await server.serve()
    except TimeoutError:
        click.echo(f"Requests that still ran after {host.seconds} s were cut off.", err=True)


def _end(app: "App", stop: Callable[[], object]) -> None:
    """Say that no more requests are wanted, then take no more."""
    app.running.part()
    stop()


async def by_uvicorn(app: "App", host: Host, stop: Stop) -> None:
    """Serve with uvicorn, on this event loop; it heeds signals itself, then hands them on."""
    options = uvicorn_options(host)
    import uvicorn

    class Parting(uvicorn.Server):
        def handle_exit(self, sig: int, frame: "FrameType | None") -> None:
            loop.call_soon_threadsafe(app.running.part)
            super().handle_exit(sig, frame)

    loop = asyncio.get_running_loop()
    stop.gently = bool  # the signal is handed on when all is done: nothing is left to do
    await Parting(uvicorn.Config(app, lifespan="off", **options)).serve()


def uvicorn_options(host: Host) -> dict[str, Any]:
    """Uvicorn as Portico wants it: the client's address and the log of requests are Portico's own."""
    if find_spec("uvicorn") is None:
        message = "uvicorn is not installed: install portico[uvicorn], or use --server granian."
        raise Misconfigured(message)
    return {
        "host": host.address.ip,
        "port": host.address.port,
        "proxy_headers": False,
        "server_header": False,
        "access_log": False,
        "log_level": "warning",
        "timeout_graceful_shutdown": host.seconds,
    }


@asynccontextmanager
async def announced(host: Host) -> AsyncIterator[None]:
    """Say so when the server listens."""

    async def announce() -> None:
        await until_open(host.address)
        click.echo(host.ready)

    task = asyncio.create_task(announce())
    try:
        yield
    finally:
        task.cancel()


def serve_many(name: str, app: "App", settings: "Settings", *, host: Host, processes: int) -> None:
    """Serve in several processes until told to stop; one that dies is started again."""
    with asyncio.Runner() as runner:
        leave = runner.run(_checked(app, settings))
        try:
            (many_by_granian if host.server == "granian" else many_by_uvicorn)(name, host, processes)
        finally:
            runner.run(leave())


async def _checked(app: "App", settings: "Settings") -> Callable[[], Coroutine[object, object, None]]:
    """Open the application once, so that what is wrong is said once; the embedded server is held for all processes."""
    from portico.app.migrating import refuse_unmigrated
    from portico.app.place import database_urls

    async with AsyncExitStack() as held:
        await held.enter_async_context(database_urls(settings, app.name))
        async with app.lifespan(settings=settings):
            await refuse_unmigrated(app)
        return held.pop_all().aclose


def many_by_granian(name: str, host: Host, processes: int) -> None:
    """Serve with granian's own processes."""
    from granian import Granian
    from granian.constants import HTTPModes, Interfaces
    from granian.log import LogLevels

    server = Granian(
        name,
        address=host.address.ip,
        port=host.address.port,
        interface=Interfaces.RSGI,
        http=HTTPModes.http1,
        workers=processes,
        backlog=BACKLOG,
        backpressure=AT_ONCE,
        respawn_failed_workers=True,
        workers_kill_timeout=host.seconds,
        log_level=LogLevels.warning,
    )
    server.on_startup(partial(_announce_aside, host))
    let_forks_end()
    server.serve(target_loader=partial(load_app, name), wrap_loader=False)


def many_by_uvicorn(name: str, host: Host, processes: int) -> None:
    """Serve with uvicorn's own processes."""
    options = uvicorn_options(host)
    import uvicorn
    from uvicorn.supervisors import Multiprocess

    class Parting(Multiprocess):
        def terminate_all(self) -> None:
            for door in self.sockets:
                door.close()  # else it would stay open, and nobody come to it, until the last process has ended
            super().terminate_all()

    config = uvicorn.Config(name, lifespan="on", workers=processes, **options)
    doors = [config.bind_socket()]
    _announce_aside(host)
    Parting(config, doors).run()


def _announce_aside(host: Host) -> None:
    """Say so from a thread: granian and uvicorn have the main one."""

    def announce() -> None:
        asyncio.run(until_open(host.address))
        click.echo(host.ready)

    threading.Thread(target=announce, daemon=True).start()
