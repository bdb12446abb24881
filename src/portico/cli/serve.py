"""`portico serve`: an application in production."""

import gc

import click

from portico.cli.addresses import address_options, free_address
from portico.cli.finding import app_argument, app_name, load_app
from portico.cli.serving import Host, Kind, processes_option, serve_here, serve_many
from portico.cli.stopping import run_until_stopped

ALONE = (
    "Each of the {0} processes counts limits for itself, so that up to {0} times as much passes: "
    "set VALKEY_URL for them to count together."
)


@click.command()
@app_argument
@address_options
@processes_option
@click.option(
    "--server",
    type=click.Choice(["granian", "uvicorn"]),
    default="granian",
    envvar="PORTICO_SERVER",
    show_envvar=True,
    show_default=True,
    help="The HTTP server.",
)
def serve(name: str | None, *, host: str, port: int, processes: int, server: Kind) -> None:
    """Serve an application in production.

    Its database must be migrated. Told to stop (SIGTERM, Ctrl-C), it lets the requests in flight finish.
    """
    gc.disable()  # until the application settles: to look for garbage while all is loaded takes a sixth of the start
    from portico.app.settings import read_settings

    name = app_name(name)
    address = free_address(host, port)
    settings = read_settings()
    app = load_app(name)
    spread = f" in {processes} processes" if processes > 1 else ""
    here = Host(address, f"{app.name} is served at {address.url}{spread}", server, settings.portico_grace)
    if processes > 1:
        if settings.valkey_url is None:
            click.echo(ALONE.format(processes), err=True)
        serve_many(name, app, settings, host=here, processes=processes)
    else:
        run_until_stopped(lambda stop: serve_here(app, settings, host=here, stop=stop))
