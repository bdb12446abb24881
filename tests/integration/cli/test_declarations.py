"""A mistake in a declaration is told with the application's own line."""

import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from portico.cli import portico

HEAD = """
from portico import *
from portico.tables import *

things = Module("things")
"""
MISTAKES = {
    'RateLimit("10/fortnight")': "RateLimit('10/fortnight'): write a number over a window",
    'Allow("")': "Allow needs the permission it asks for; write Allow('things:do').",
    "Timeout(5000)": "Timeout(5000): write seconds, from 0.1 to 3600.",
    'RateLimit("5/m", fail="close")': "RateLimit(fail='close'): write 'open', 'closed' or 'local'.",
    "Cached(max_age=60)": "Cached(max_age=…) lets everybody on the way keep it",
    'Quota("staff", 0)': "Quota('staff', 0): write a number of 1 or more",
}


@pytest.fixture
def told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> "Told":
    """Runs `portico actions` on an application that is written so."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    return Told(tmp_path)


class Told:
    """What the command says of an application."""

    def __init__(self, folder: Path) -> None:
        """In its own folder, under a name that is no other's."""
        self.file = folder / f"wrongly_{folder.name.replace('-', '_')}.py"

    def __call__(self, written: str) -> str:
        """The error."""
        self.file.write_text(HEAD + written)
        done = CliRunner().invoke(portico, ["actions", f"{self.file.stem}:app"])
        sys.modules.pop(self.file.stem, None)
        assert done.exit_code == 1, done.exception
        return done.stderr


@pytest.mark.parametrize(("policy", "said"), MISTAKES.items())
def test_a_wrong_value_is_told_with_the_line_that_has_it(told: Told, policy: str, said: str) -> None:
    """The policy does not know which action it stands on; the line tells."""
    error = told(f'@things.query("GET /things", {policy})\nasync def all(ctx: PublicContext) -> None: ...\n')

    assert error.startswith(f"Error: {told.file}:6: {said}")


def test_what_python_says_itself_is_told_with_the_applications_line(told: Told) -> None:
    """Not with that of Portico, or of a library, that noticed."""
    unknown = told('limit = RateLimit("api", rates=3)\n')
    deep = told('from uuid import UUID\nid = UUID("x")\n')

    assert unknown.rstrip().endswith(f"unexpected keyword argument 'rates' ({told.file}:6).")
    assert deep.rstrip().endswith(f"ValueError: badly formed hexadecimal UUID string ({told.file}:7).")


def test_a_message_that_names_its_place_is_left_as_it_is(told: Told) -> None:
    """An action's own line says more than that of the application."""
    error = told(
        '@things.query("GET /things")\nasync def all(ctx: OrgContext) -> None: ...\napp = App("a", modules=[things])\n'
    )

    assert error.startswith("Error: The application does not start.\n- things.all (")
