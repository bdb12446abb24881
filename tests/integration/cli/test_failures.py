"""What goes wrong is said in one sentence with its mend; a traceback only comes when it is wanted."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from portico.cli import portico
from tests.integration.cli.conftest import Held
from tests.integration.cli.programs import Portico

NOWHERE = "postgresql://portico_app:hidden@127.0.0.1:1/salon"
SECRET = "a secret that only tests may know, long enough"


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("salon", "'salon' names no application: name it as MODULE:APP"),
        ("nowhere:app", "There is no module nowhere: name it as MODULE:APP"),
        ("salon.nowhere:app", "There is no module salon.nowhere: name it as MODULE:APP"),
        ("salon.app:nothing", "salon.app:nothing does not exist: name it as MODULE:APP"),
        ("salon.app:ROLES", "salon.app:ROLES is no App: name it as MODULE:APP"),
    ],
)
def test_an_application_that_is_none_is_named(name: str, sentence: str) -> None:
    """The name is repeated, with how to write it."""
    done = CliRunner().invoke(portico, ["actions", name])

    assert done.exit_code == 1
    assert done.stderr.startswith(f"Error: {sentence}")


def test_without_a_name_the_three_places_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An argument, a variable, a line in pyproject.toml."""
    monkeypatch.chdir(tmp_path)

    done = CliRunner().invoke(portico, ["actions"])

    assert done.exit_code == 1
    assert done.stderr.startswith(
        "Error: Which application? Give MODULE:APP (such as `salon.app:app`), set PORTICO_APP"
    )


def test_the_name_is_read_from_the_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder within the project is enough."""
    (tmp_path / "pyproject.toml").write_text('[tool.portico]\napp = "salon.app:app"\n')
    (tmp_path / "within").mkdir()
    monkeypatch.chdir(tmp_path / "within")

    assert CliRunner().invoke(portico, ["actions"]).exit_code == 0


def test_a_project_file_that_cannot_be_read_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file and what is wrong with it."""
    (tmp_path / "pyproject.toml").write_text("[tool.portico\n")
    monkeypatch.chdir(tmp_path)

    done = CliRunner().invoke(portico, ["actions"])

    assert done.exit_code == 1
    assert done.stderr.startswith(f"Error: {tmp_path / 'pyproject.toml'} cannot be read")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("import not_there", "ModuleNotFoundError: No module named 'not_there'"),
        ("1 / 0", "ZeroDivisionError: division by zero"),
        ("from portico import App, Module\napp = App('a', modules=[Module('m')])", "The application does not start.\n"),
    ],
)
def test_a_broken_module_is_said_with_its_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, text: str, sentence: str
) -> None:
    """Its own mistake, not ours."""
    module = f"broken_{abs(hash(text))}"
    (tmp_path / f"{module}.py").write_text(text)
    monkeypatch.chdir(tmp_path)

    done = CliRunner().invoke(portico, ["actions", f"{module}:app"])

    assert done.exit_code == 1
    assert sentence in done.stderr
    assert "Traceback" not in done.output


def test_a_database_that_is_not_there_is_named_without_its_password() -> None:
    """Where it was looked for, and under which setting."""
    done = CliRunner().invoke(
        portico,
        ["migrate", "salon.app:app"],
        env={"DATABASE_URL": NOWHERE, "DATABASE_OWNER_URL": NOWHERE, "SECRET_KEY": SECRET},
    )

    assert done.exit_code == 1
    assert done.stderr.splitlines()[-1].startswith("Error: PostgreSQL does not answer")
    assert "DATABASE_OWNER_URL (127.0.0.1:1/salon)" in done.stderr
    assert "hidden" not in done.output


@pytest.mark.parametrize(
    ("slip", "sentence"),
    [
        (("portico_owner:", "portico_owner:x"), "PostgreSQL refuses the sign-in"),
        (("/slips?", "/slops?"), "PostgreSQL has no such database"),
        (("portico_owner", "portico_owne"), "PostgreSQL refuses the sign-in"),
    ],
)
def test_an_address_with_a_slip_is_told_apart(held: Held, slip: tuple[str, str], sentence: str) -> None:
    """Password, database and user each have their sentence."""
    urls = held.portal.call(held.server.database, "slips")
    wrong = urls.owner.replace(*slip)

    done = CliRunner().invoke(
        portico,
        ["migrate", "salon.app:app"],
        env={"DATABASE_URL": urls.app, "DATABASE_OWNER_URL": wrong, "SECRET_KEY": SECRET},
    )

    assert done.exit_code == 1
    assert f"Error: {sentence}" in done.stderr


@pytest.mark.parametrize(
    ("role", "sentence"), [("worker", "PostgreSQL refuses the sign-in"), ("app", "PostgreSQL forbids it")]
)
def test_a_worker_that_is_not_let_in_does_not_start(
    held: Held, portico_program: Portico, *, role: str, sentence: str
) -> None:
    """It would try for ever what can never be; the variable is named."""
    urls = held.portal.call(held.server.database, "workless")
    right = {"DATABASE_URL": urls.app, "DATABASE_OWNER_URL": urls.owner, "SECRET_KEY": SECRET}
    wrong = getattr(urls, role).replace("portico_worker:", "portico_worker:x")
    assert portico_program.run("migrate", "shop:app", **right)[0] == 0

    code, said = portico_program.run("worker", "shop:app", **right, DATABASE_WORKER_URL=wrong)

    assert code == 1
    assert f"Error: {sentence}" in said
    assert "DATABASE_WORKER_URL" in said
    assert "jobs run at a time" not in said


def test_a_right_that_is_lacking_is_told(held: Held) -> None:
    """A role that may not build is told to be prepared first."""
    urls = held.unprepared("rightless")

    done = CliRunner().invoke(
        portico,
        ["migrate", "salon.app:app"],
        env={"DATABASE_URL": urls.app, "DATABASE_OWNER_URL": urls.owner, "SECRET_KEY": SECRET},
    )

    assert done.exit_code == 1
    assert "`portico migrate --bootstrap`" in done.stderr


def test_a_folder_that_cannot_be_used_is_said(tmp_path: Path) -> None:
    """The embedded server's own sentence comes through."""
    (tmp_path / "file").write_text("")

    done = CliRunner().invoke(
        portico, ["migrate", "salon.app:app"], env={"PORTICO_FOLDER": str(tmp_path / "file"), "DATABASE_URL": None}
    )

    assert done.exit_code == 1
    assert "cannot hold the embedded PostgreSQL server" in done.stderr
    assert "Traceback" not in done.output


def test_a_file_that_cannot_be_written_is_no_trouble_of_the_database(tmp_path: Path) -> None:
    """Its path is named, and what is wrong with it, wherever the database is."""
    file = tmp_path / "nowhere" / "v1.json"

    done = CliRunner().invoke(
        portico, ["openapi", "salon.app:app", "--out", str(file)], env={"DATABASE_URL": "postgresql://db/salon"}
    )

    assert done.exit_code == 1
    assert f"Error: {file}: No such file or directory. Name another place" in done.stderr


def test_settings_in_error_are_all_named() -> None:
    """Each with its variable."""
    done = CliRunner().invoke(portico, ["settings"], env={"PORTICO_GRACE": "soon", "DATABASE_CONNECTIONS": "0"})

    assert done.exit_code == 1
    assert "- PORTICO_GRACE: " in done.stderr
    assert "- DATABASE_CONNECTIONS: " in done.stderr


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--host", "no.such.host.invalid"), "no.such.host.invalid is no address of this machine"),
        (("--host", "192.0.2.1"), "192.0.2.1 cannot be listened at"),
    ],
)
def test_an_address_where_nobody_can_listen_is_said(options: tuple[str, str], sentence: str) -> None:
    """Before anything is begun."""
    done = CliRunner().invoke(portico, ["serve", "salon.app:app", *options])

    assert done.exit_code == 1
    assert done.stderr.startswith(f"Error: {sentence}")


def test_the_traceback_is_there_for_who_asks(portico_program: Portico) -> None:
    """By the option or by the variable."""
    by_option = portico_program.run("actions", "nowhere:app", "--debug")
    by_variable = portico_program.run("actions", "nowhere:app", PORTICO_DEBUG="1")

    assert "Traceback" in by_option[1]
    assert "Traceback" in by_variable[1]


def test_help_is_there_at_once(portico_program: Portico) -> None:
    """Every command is listed with what it does."""
    code, said = portico_program.run("--help")

    assert code == 0
    assert all(f"  {name} " in said for name in ("actions", "demo", "dev", "explain", "migrate", "serve", "settings"))
