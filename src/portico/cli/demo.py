"""`portico demo`: an installed application with its demo data, from nothing."""

import json
import os
import secrets
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from uuid import UUID

import click

from portico.cli.addresses import Address, address_options, free_address, keep_mails
from portico.cli.finding import load_app
from portico.cli.output import print_table, report, step
from portico.cli.serving import Host, serve_here
from portico.cli.slow import tell_what_is_slow
from portico.cli.stopping import Stop, run_until_stopped
from portico.errors import Misconfigured

if TYPE_CHECKING:
    from portico.app.application import App
    from portico.app.settings import Settings

DEMOS, APPS = "portico.demo", "portico.app"
FILE = "demo.json"


class Account(Protocol):
    """Somebody of the demo who may sign in."""

    email: str
    password: str
    organization_id: UUID
    role: str
    token: str


Seed = Callable[..., Awaitable[Sequence[Account]]]


@click.command()
@click.argument("which", metavar="[DEMO]", required=False)
@address_options
def demo(which: str | None, *, host: str, port: int) -> None:
    """Serve an installed application with its demo data.

    Everything comes from nothing and stays in .portico: an embedded PostgreSQL server, the data, and the accounts in
    demo.json. The next run goes on with the same data.
    """
    os.environ.setdefault("PORTICO_LOG", "text")
    os.environ.setdefault("PORTICO_WORKER", "true")
    os.environ.setdefault("PORTICO_GRAPHQL_EXPLORE", "true")
    tell_what_is_slow()
    from portico.app.settings import read_settings

    address = free_address(host, port)
    keep_mails(address)
    found = _demo(which)
    # Whatever database the environment names, demo data does not belong there.
    settings = read_settings(database_url=None, database_owner_url=None)
    app = load_app(_application_of(found))
    run_until_stopped(lambda stop: _show(app, found.load(), settings, address=address, stop=stop))


async def _show(app: "App", seed: Seed, settings: "Settings", *, address: Address, stop: Stop) -> None:
    from portico.app.migrating import migrate
    from portico.app.place import database_urls

    async with AsyncExitStack() as held:
        with step(f"Starting PostgreSQL in {settings.portico_folder}"):
            urls = await held.enter_async_context(database_urls(settings, app.name))
        with step("Bringing the database up to date"):
            await migrate(app, urls, settings, report=report)
        with step("Looking after the demo data"):
            accounts = await seed(urls, report=report)
        file = settings.portico_folder / FILE
        write_accounts(file, address, accounts)
        print_accounts(file, accounts)
        ready = f"{app.name} is served at {address.url} (Ctrl-C ends it)"
        await serve_here(app, settings, host=Host(address, ready, grace=settings.portico_grace), stop=stop)


def write_accounts(file: Path, address: Address, accounts: Sequence[Account]) -> None:
    """Write the accounts for scripts, readable by this user alone."""
    listed = [
        {
            "email": account.email,
            "password": account.password,
            "organization_id": str(account.organization_id),
            "role": account.role,
            "token": account.token,
        }
        for account in accounts
    ]
    draft = file.with_name(f"{file.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as opened:
        json.dump({"url": address.url, "accounts": listed}, opened, indent=2)
        opened.write("\n")
    draft.replace(file)


def print_accounts(file: Path, accounts: Sequence[Account]) -> None:
    """Print who may sign in."""
    rows = [(account.email, account.password, account.role, str(account.organization_id)) for account in accounts]
    print_table(("E-mail", "Password", "Role", "Organization"), rows, title="Demo accounts")
    click.echo(f"The same with bearer tokens, for scripts: {file}")


def _demo(which: str | None) -> EntryPoint:
    found = {point.name: point for point in entry_points(group=DEMOS)}
    if not found:
        raise Misconfigured(
            "No demo is installed: install portico-salon, or a package with an entry point portico.demo."
        )
    if which is None and len(found) > 1:
        raise Misconfigured(f"Several demos are installed: name one of {', '.join(sorted(found))}.")
    if which is not None and which not in found:
        raise Misconfigured(f"There is no demo {which}: there is {', '.join(sorted(found))}.")
    return found[which] if which is not None else next(iter(found.values()))


def _application_of(demo: EntryPoint) -> str:
    for point in entry_points(group=APPS, name=demo.name):
        return point.value
    message = (
        f"The demo {demo.name} names no application: give its package an entry point {demo.name} in the group {APPS}."
    )
    raise Misconfigured(message)
