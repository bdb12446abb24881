"""The command line."""

import click

from portico.cli.actions import actions
from portico.cli.catalog import catalog
from portico.cli.client import client
from portico.cli.demo import demo
from portico.cli.dev import dev
from portico.cli.explain import explain
from portico.cli.failing import Commands
from portico.cli.graphql import graphql
from portico.cli.migrate import migrate
from portico.cli.openapi import openapi
from portico.cli.operate import OPERATE
from portico.cli.serve import serve
from portico.cli.settings import settings
from portico.cli.worker import worker


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="portico")
def portico() -> None:
    """Typed async actions with their policies, served safely."""


for command in (
    demo,
    dev,
    serve,
    worker,
    migrate,
    actions,
    catalog,
    client,
    explain,
    graphql,
    openapi,
    settings,
    *OPERATE,
):
    portico.add_command(command)


def main() -> None:
    """Run the command line."""
    portico(prog_name="portico")
