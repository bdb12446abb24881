"""`portico settings` shows what may be set and what is."""

from click.testing import CliRunner

from portico.app.settings import Settings
from portico.cli import portico

SECRET = "a secret that only tests may know, long enough"


def test_every_setting_is_listed_with_its_meaning() -> None:
    """By the name of its variable."""
    said = " ".join(CliRunner().invoke(portico, ["settings"]).stdout.split())

    assert [name for name in Settings.model_fields if f" {name.upper()} " not in said] == []
    assert "Connections that one process may hold." in said
    assert "│ smtp | mailbox │" in said
    assert "Annotated" not in said


def test_values_are_shown_and_secrets_masked() -> None:
    """What is set is told, what is secret is not."""
    done = CliRunner().invoke(portico, ["settings"], env={"SECRET_KEY": SECRET, "PORTICO_SESSION_DAYS": "33"})

    assert " 33 " in done.stdout
    assert "********" in done.stdout
    assert SECRET not in done.stdout
