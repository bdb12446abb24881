"""`portico actions`: every action with its policies."""

import json
from typing import TYPE_CHECKING

import click

from portico.cli.finding import app_argument, app_name, load_app
from portico.cli.output import print_table
from portico.generate.words import caller_of, policy_words

if TYPE_CHECKING:
    from portico.app.application import App
    from portico.core.plan import Plan


@click.command()
@app_argument
@click.option("--json", "as_json", is_flag=True, help="One JSON list, for programs.")
def actions(name: str | None, *, as_json: bool) -> None:
    """List every action with its policies; no database is needed."""
    app = load_app(app_name(name))
    if as_json:
        click.echo(json.dumps([described(plan) for plan in app.plans.values()], indent=2))
    else:
        print_actions(app)


def described(plan: "Plan") -> dict[str, object]:
    """One action, for programs."""
    place = plan.action.place
    return {
        "name": plan.action.name,
        "kind": plan.action.kind,
        "method": place.method,
        "path": path_of(plan),
        "who": caller_of(plan),
        "purpose": plan.action.purpose,
        "policies": [policy_words(policy, plan) for policy in plan.policies],
        "errors": sorted(error.code for error in plan.errors),
        "import_path": place.import_path,
        "file": str(place),
    }


def path_of(plan: "Plan") -> str:
    """Where it is served; a job is not."""
    from portico.core.refusals import served_at

    return served_at(plan.action, page=plan.codec.page) if plan.action.kind != "job" else ""


def print_actions(app: "App") -> None:
    """Print the table."""
    rows = [
        (
            plan.action.name,
            plan.action.kind,
            f"{plan.action.place.method} {path_of(plan)}",
            caller_of(plan),
            "\n".join(policy_words(policy, plan) for policy in plan.policies),
        )
        for plan in app.plans.values()
    ]
    print_table(("Action", "Kind", "Served at", "Who", "Policies"), rows, title=app.name, lines=True)
