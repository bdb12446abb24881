"""`portico catalog`: the page of all actions, and llms.txt."""

from pathlib import Path

import click

from portico.cli.finding import app_argument, app_name, load_app
from portico.cli.output import report


@click.command()
@app_argument
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="A folder for catalog.md and llms.txt.")
@click.option("--llms", is_flag=True, help="Print llms.txt instead of the page.")
def catalog(name: str | None, *, out: Path | None, llms: bool) -> None:
    """Write the page of all actions: purpose, path, who may call, policies, errors, import path."""
    from portico.app.contract import llms_txt
    from portico.generate.catalog import catalog as draw

    app = load_app(app_name(name))
    page, short = draw(app.name, app.plans.values()), llms_txt(app)
    if out is None:
        click.echo(short if llms else page, nl=False)
        return
    out.mkdir(parents=True, exist_ok=True)
    for file, text in (("catalog.md", page), ("llms.txt", short)):
        (out / file).write_text(text, encoding="utf-8")
        report(f"{out / file} lists {len(app.plans)} actions.")
