"""`portico graphql schema` as a user runs it."""

from click.testing import CliRunner, Result
from graphql import build_schema, print_schema

from portico.app.graphql import graphql_schema
from portico.cli import portico
from salon.app import app


def run(*arguments: str) -> Result:
    """The command's end, in this process."""
    return CliRunner().invoke(portico, arguments)


def test_the_schema_is_printed_in_graphql_s_own_language() -> None:
    """Whole: what a tool reads from it is the schema that is served. No database is needed."""
    printed = run("graphql", "schema", "salon.app:app")

    assert printed.exit_code == 0
    assert print_schema(build_schema(printed.stdout)) == print_schema(graphql_schema(app))
    assert "appointmentsCreate(" in printed.stdout


def test_an_application_that_is_not_there_is_named() -> None:
    """With the mend, and no trace of Python."""
    missed = run("graphql", "schema", "salon.nothing:app")

    assert missed.exit_code != 0
    assert "salon.nothing" in missed.output
