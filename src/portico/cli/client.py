"""`portico client ts`: a typed client of the application, as an npm package."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from portico.cli.finding import app_argument, app_name, load_app
from portico.cli.output import report
from portico.errors import Misconfigured

if TYPE_CHECKING:
    from collections.abc import Mapping


@click.group()
def client() -> None:
    """Draw a client of the application."""


@client.command()
@app_argument
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), default=Path("client"), show_default=True)
@click.option("--check", is_flag=True, help="Write nothing; fail where a file is not as it would be drawn.")
def ts(name: str | None, *, out: Path, check: bool) -> None:
    """Write a TypeScript client as an npm package; no database is needed."""
    from portico.generate.typescript import package

    app = load_app(app_name(name))
    drawn = package(app.name, app.plans.values())
    if changed := [file for file, text in drawn.items() if _held(out / file) != text]:
        if check:
            message = f"{out} is not the client of the actions as they are now: {', '.join(changed)}."
            raise Misconfigured(f"{message} Run `portico client ts --out {out}`.")
        write(out, {file: drawn[file] for file in changed})
    report(f"{len(drawn)} files in {out}, {len(changed)} of them new or changed")


def write(folder: Path, drawn: "Mapping[str, str]") -> None:
    """Write the files; others in the folder stay."""
    for file, text in drawn.items():
        target = folder / file
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8", newline="\n")


def _held(file: Path) -> str | None:
    return file.read_text(encoding="utf-8") if file.is_file() else None
