"""`portico openapi`: the contract as a document, and what a newer one breaks."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from portico.cli.finding import app_argument, app_name, load_app
from portico.cli.output import report
from portico.errors import Misconfigured

if TYPE_CHECKING:
    from portico.generate.openapi.schemas import Schema


class Writing(click.Group):
    """Writes the document unless another of its commands is named."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put `write` before what names no command."""
        if not args or (args[0] not in self.commands and args[0] not in ctx.help_option_names):
            args = ["write", *args]
        return super().parse_args(ctx, args)


@click.group(cls=Writing)
def openapi() -> None:
    """Write the OpenAPI document of a version, or find what a newer one breaks."""


@openapi.command()
@app_argument
@click.option("--version", metavar="VERSION", help="Such as `v1`; the newest unless said otherwise.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="A file instead of standard output.")
def write(name: str | None, *, version: str | None, out: Path | None) -> None:
    """Write the OpenAPI document (the default); no database is needed."""
    from portico.app.contract import encoded, versions_of

    app = load_app(app_name(name))
    made = encoded(app, _one_of(versions_of(app), version, app.name), indent=1).decode() + "\n"
    if out is None:
        click.echo(made, nl=False)
    else:
        out.write_text(made, encoding="utf-8")
        report(f"{out} holds the contract.")


@openapi.command()
@click.argument("old", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.argument("new", required=False, metavar="[NEW|MODULE:APP]", envvar="PORTICO_APP")
def diff(old: Path, new: str | None) -> None:
    """Say what NEW, a file or an application, breaks for clients of the document OLD; exit code 1 where something.

    An application's document is that of OLD's version. Without NEW, the application is the one that pyproject.toml or
    PORTICO_APP names.
    """
    from portico.generate.openapi.changes import breaking

    before = read_document(old)
    after = read_document(Path(new)) if new and Path(new).is_file() else _drawn(new, before)
    found = breaking(before, after)
    for sentence in found:
        click.echo(sentence)
    if found:
        raise SystemExit(1)
    report(f"Nothing that {old} promises is broken.")


def _one_of(versions: tuple[str, ...], wanted: str | None, name: str) -> str:
    """The version wanted, else the last; raises Misconfigured where there is none."""
    if not versions:
        message = f"{name} serves nothing under /api/v1 or another version: there is no contract to write."
        raise Misconfigured(message)
    if wanted not in {None, *versions}:
        message = f"{name} has no version {wanted}: write --version {' or '.join(versions)}."
        raise Misconfigured(message)
    return wanted or versions[-1]


def read_document(file: Path) -> "Schema":
    """An OpenAPI document; raises Misconfigured where the file holds none."""
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as problem:
        message = f"{file} cannot be read as JSON ({problem}); write it with `portico openapi --out {file}`."
        raise Misconfigured(message) from None
    if not isinstance(found, dict) or "paths" not in found:
        message = f"{file} holds no OpenAPI document; write it with `portico openapi --out {file}`."
        raise Misconfigured(message)
    return found


def _drawn(name: str | None, before: "Schema") -> "Schema":
    from portico.app.contract import document

    return document(load_app(app_name(name)), before["info"]["version"])
