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


def test_a_misspelled_setting_is_told_with_the_one_it_may_mean() -> None:
    """It changes nothing, and whoever set it may believe that it does."""
    strange = {"PORTICO_TRUSTED_PROXY": "10.0.0.0/8", "PORTICO_ENTIRELY_OTHER": "1", "PORTICO_APP": "desk:app"}
    done = CliRunner().invoke(portico, ["settings"], env=strange)

    assert done.stderr.splitlines() == [
        "  PORTICO_ENTIRELY_OTHER is none of Portico's settings; `portico settings` lists them.",
        "  PORTICO_TRUSTED_PROXY is none of Portico's settings; did you mean PORTICO_TRUSTED_PROXIES?",
    ]
