"""`portico graphql`: the schema, for tools and for people."""

import click

from portico.cli.finding import app_argument, app_name, load_app


@click.group()
def graphql() -> None:
    """What GraphQL serves."""


@graphql.command()
@app_argument
def schema(name: str | None) -> None:
    """Print the schema in GraphQL's own language; no database is needed."""
    app = load_app(app_name(name))
    from graphql import print_schema

    from portico.app.graphql import graphql_schema

    click.echo(print_schema(graphql_schema(app)))
