"""`portico worker`: jobs, events and schedules of an application, in a process of their own."""

import asyncio
from typing import TYPE_CHECKING

import click

from portico.cli.finding import app_argument, app_name, load_app
from portico.cli.stopping import Stop, run_until_stopped

if TYPE_CHECKING:
    from portico.app.application import App
    from portico.app.settings import Settings


@click.command()
@app_argument
@click.option(
    "--jobs",
    type=click.IntRange(1, 1000),
    envvar="PORTICO_WORKER_JOBS",
    show_envvar=True,
    help="How many jobs run at a time.",
)
def worker(name: str | None, *, jobs: int | None) -> None:
    """Run an application's jobs, hand its events on, mind its schedules.

    Any number of workers may run, on any number of machines. Told to stop (SIGTERM, Ctrl-C), it takes no more jobs and
    lets those in hand finish within PORTICO_GRACE; what still runs then is given back.
    """
    from portico.app.settings import read_settings

    name = app_name(name)
    chosen = {"portico_worker_jobs": jobs} if jobs is not None else {}
    settings = read_settings(portico_worker=False, **chosen)
    app = load_app(name)
    run_until_stopped(lambda stop: _work(app, settings, stop))


async def _work(app: "App", settings: "Settings", stop: Stop) -> None:
    from portico.app.migrating import refuse_unmigrated

    done = asyncio.Event()
    async with app.lifespan(settings=settings):
        await refuse_unmigrated(app)
        async with app.running.workshop() as workshop:
            stop.gently = done.set
            async with workshop.at_work(settings.portico_grace):
                click.echo(f"{app.name}: up to {settings.portico_worker_jobs} jobs run at a time (Ctrl-C ends it)")
                await done.wait()
