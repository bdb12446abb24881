"""`portico experiments`: which there are, and what each has come to."""

from typing import TYPE_CHECKING

import click

from portico.cli.finding import app_argument, app_name, load_app
from portico.cli.operate.records import on_database, record_options, show
from portico.cli.output import print_table
from portico.errors import Misconfigured

if TYPE_CHECKING:
    from portico.app.settings import Settings
    from portico.cli.operate.records import Connection
    from portico.modules.experiments import Count, Report, Score

COLUMNS = ("Variant", "Exposures", "Event", "Conversions", "Rate", "95 % interval", "Against control", "95 % interval")


@click.group()
def experiments() -> None:
    """Experiments: list, show."""


@experiments.command("list")
@record_options
def list_experiments(name: str | None, *, as_json: bool) -> None:
    """List the experiments that the application declares."""
    found = sorted(load_app(app_name(name)).experiments.items())
    rows = [
        {"name": experiment, "about": d.about, "variants": [*d.variants], "by": d.by, "events": [*d.events]}
        for experiment, d in found
    ]
    show(rows, as_json=as_json)


@experiments.command("show")
@click.argument("experiment")
@click.option("--json", "as_json", is_flag=True, help="The report as JSON, for programs.")
@app_argument
def show_experiment(name: str | None, *, experiment: str, as_json: bool) -> None:
    """Show exposures, conversions, rates with intervals, and the difference to control."""
    from portico.modules.experiments.report import COUNTS, Count, report_of

    known = load_app(app_name(name)).experiments
    if experiment not in known:
        message = f"The application declares no experiment {experiment}; it knows {', '.join(sorted(known)) or 'none'}."
        raise Misconfigured(message)

    async def work(connection: "Connection", _settings: "Settings") -> "list[Count]":
        return [Count(**row) for row in await connection.fetch(COUNTS.format("$1"), experiment)]

    report = report_of(experiment, known[experiment], on_database(name, work))
    if as_json:
        click.echo(report.model_dump_json(indent=2))
    else:
        _print(report)


def _print(report: "Report") -> None:
    rows = [
        (variant.variant, f"{variant.exposures:,}", score.event, f"{score.conversions:,}", *_figures(score))
        for variant in report.variants
        for score in variant.scores
    ]
    print_table(COLUMNS, rows, title=f"{report.name}: {report.about}")


def _figures(score: "Score") -> tuple[str, str, str, str]:
    interval, against = score.interval, score.difference_interval
    rate, between = f"{score.rate:.1%}", f"{interval.low:.1%} to {interval.high:.1%}"
    if score.difference is None or against is None:
        return rate, between, "–", "–"
    return rate, between, f"{score.difference:+.1%}", f"{against.low:+.1%} to {against.high:+.1%}"
