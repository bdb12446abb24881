"""`portico actions` lists every action with its policies, and needs no database."""

import json

from click.testing import CliRunner

from portico.cli import portico
from salon.app import app

SALON = "salon.app:app"


def test_every_action_is_in_the_table() -> None:
    """What is served is listed, under the name that `explain` takes."""
    said = run()

    assert [name for name in app.actions if f" {name} " not in said] == []


def test_an_actions_policies_are_told_in_words() -> None:
    """The module's and the application's policies stand beside its own."""
    found = {action["name"]: action for action in json.loads(run("--json"))}

    created = found["appointments.create"]

    assert (created["kind"], created["method"], created["path"]) == ("mutation", "POST", "/api/v1/appointments")
    assert created["who"] == "org"
    assert created["policies"][:2] == ["Allow appointments:create", "Audit appointment.created"]
    assert {"Idempotent required", "RateLimit writes", "RateLimit api scope app"} <= set(created["policies"])
    assert "Raises SlotTaken on appointments_no_overlap" in created["policies"]
    assert "BIZ_SLOT_TAKEN" in created["errors"]
    assert created["import_path"] == "salon.appointments.actions.create"


def test_a_page_is_listed_where_it_is_served() -> None:
    """Pages stand at the root."""
    pages = [a for a in json.loads(run("--json")) if a["name"].startswith("pages.")]

    assert "/appointments" in {page["path"] for page in pages}


def test_who_may_call_is_told() -> None:
    """From anybody to members of an organization; a job is run by workers, and called by nobody."""
    found = {action["name"]: action["who"] for action in json.loads(run("--json"))}

    assert found["identity.sign_in"] == "public"
    assert found["identity.me"] == "user"
    assert found["appointments.find"] == "org"
    assert found["portico.send_mail"] == "worker"


def run(*options: str) -> str:
    """What the command says."""
    done = CliRunner().invoke(portico, ["actions", SALON, *options])
    assert done.exit_code == 0, done.output
    return done.stdout
